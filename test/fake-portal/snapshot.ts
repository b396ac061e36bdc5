/** A portal as text and back, so that an emulator can be stopped and started again where it was. */
import type { TokenDump } from './core/tokens.ts'
import type { InstalledApp } from './core/portal-core.ts'
import type { CreateOptions, FakePortal, FakePortals } from './fake-portals.ts'
import { emptyState, type PortalState } from './state.ts'

interface Snapshot {
  /** Emulated milliseconds at which it was taken. */
  at: number
  memberId: string
  timeZone: string
  app: InstalledApp
  tokens: TokenDump
  state: PortalState
}

const mapMark = '$map'

const withMaps = (_key: string, value: unknown): unknown => (value instanceof Map ? { [mapMark]: [...value] } : value)
const backToMaps = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && mapMark in value && Array.isArray(value[mapMark]) ? new Map(value[mapMark] as [unknown, unknown][]) : value

/** One portal with its tokens, as JSON text. Requests, sent events and faults are left out. */
export const takeSnapshot = (portal: FakePortal): string => {
  const { memberId, timeZone, app, state } = portal
  const snapshot: Snapshot = { at: portal.now(), memberId, timeZone, app, tokens: portal.tokens.dump(), state }
  return JSON.stringify(snapshot, withMaps)
}

/** When the snapshot was taken, in emulated milliseconds: the clock should go on from there. */
export const momentOf = (text: string): number => (JSON.parse(text) as { at: number }).at

/** The portal of a snapshot on these emulated portals. Its address may be another one than before. */
export const restoreSnapshot = async (portals: FakePortals, text: string, change: CreateOptions = {}): Promise<FakePortal> => {
  const snapshot = JSON.parse(text, backToMaps) as Snapshot
  const portal = await portals.create({ ...change, memberId: snapshot.memberId, timeZone: snapshot.timeZone, app: { ...snapshot.app, ...change.app }, state: { ...emptyState(), ...snapshot.state } })
  portal.tokens.load(snapshot.tokens)
  return portal
}
