/** The portal room joined with a store in memory and an emulated portal. */
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect } from 'vitest'
import { createPortalAccess, type PortalAccess } from '../../server/portal/access.ts'
import { createMemoryBudgetStore } from '../../server/portal/budget.ts'
import type { BudgetStore, Locks, PortalConfig, PortalRow, PortalStore, RestLogEntry, TokenRow } from '../../server/portal/ports.ts'
import type { Patience } from '../../server/portal/transport.ts'
import { type CreateOptions, type FakePortal, type FakePortals, startFakePortals } from '../fake-portal/fake-portals.ts'

export interface MemoryStore extends PortalStore {
  readonly portals: Map<string, PortalRow>
  readonly tokens: Map<string, TokenRow>
  readonly lost: Map<string, string>
  /** Every pair that was stored, in order. */
  readonly saved: TokenRow[]
}

export const memoryStore = (): MemoryStore => {
  const portals = new Map<string, PortalRow>()
  const tokens = new Map<string, TokenRow>()
  const lost = new Map<string, string>()
  const saved: TokenRow[] = []
  const key = (memberId: string, userId: number) => `${memberId}/${userId}`
  return {
    portals, tokens, lost, saved,
    findPortal: async memberId => portals.get(memberId) ?? null,
    tokensOf: async memberId => [...tokens.values()].filter(row => row.memberId === memberId && !lost.has(key(memberId, row.userId))),
    findToken: async (memberId, userId) => (lost.has(key(memberId, userId)) ? null : tokens.get(key(memberId, userId)) ?? null),
    saveToken: async (row) => {
      tokens.set(key(row.memberId, row.userId), row)
      lost.delete(key(row.memberId, row.userId))
      saved.push(row)
    },
    loseToken: async (memberId, userId, why, refused) => {
      if (tokens.get(key(memberId, userId))?.accessToken === refused) lost.set(key(memberId, userId), why)
    },
    movePortal: async (memberId, to) => {
      const row = portals.get(memberId)
      if (row !== undefined) portals.set(memberId, { ...row, ...to })
    },
  }
}

/** One at a time by name, for every user of the same object. */
export const memoryLocks = (): Locks => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    withLock: (name, fn) => {
      const mine = (tails.get(name) ?? Promise.resolve()).then(fn, fn)
      tails.set(name, mine.catch(() => undefined))
      return mine
    },
  }
}

export const generousBudget: BudgetStore = { take: () => Promise.resolve(0) }

export interface Room {
  readonly fakes: FakePortals
  readonly portal: FakePortal
  readonly store: MemoryStore
  readonly access: PortalAccess
  readonly config: PortalConfig
  readonly requests: RestLogEntry[]
  /** Everything that was logged, as text. */
  readonly logged: string[]
  /** Another process: its own memory, the same store and locks. */
  process(): PortalAccess
  /** The portal and the tokens of a person become known, as after an opened page. */
  admit(portal: FakePortal, userId?: number): TokenRow
  close(): Promise<void>
}

export interface RoomOptions {
  readonly portal?: CreateOptions
  readonly clock?: { now(): Temporal.Instant }
  readonly budgetStore?: BudgetStore
  readonly patience?: Patience
  readonly appUrl?: string
  readonly storedLate?: (memberId: string) => void
}

export const appUrl = 'https://leadrail.example.com'

/** A strict portal with one administrator (user 1), whose tokens are stored. */
export const startRoom = async (options: RoomOptions = {}): Promise<Room> => {
  const clock = options.clock ?? { now: () => Temporal.Now.instant() }
  const fakes = await startFakePortals({ strict: true, clock: { now: () => clock.now().epochMilliseconds } })
  const portal = await fakes.create(options.portal)
  const store = memoryStore()
  const locks = memoryLocks()
  const requests: RestLogEntry[] = []
  const logged: string[] = []
  const write = (facts: object, message: string) => void logged.push(JSON.stringify({ ...facts, message }))
  const config: PortalConfig = {
    clientId: fakes.app.clientId, clientSecret: fakes.app.clientSecret, authServers: [fakes.authServer], allowLocalPortals: true,
    appUrl: options.appUrl ?? appUrl, version: '0.0.0',
  }
  const opened: PortalAccess[] = []
  const process = () => {
    const access = createPortalAccess({
      store, locks, config, clock,
      budgetStore: options.budgetStore ?? generousBudget,
      restLog: { write: entry => void requests.push(entry) },
      log: { info: write, warn: write, error: write },
      ...(options.storedLate === undefined ? {} : { storedLate: options.storedLate }),
      patience: options.patience ?? { attempts: 3, delayMs: 1 },
    })
    opened.push(access)
    return access
  }
  const admit = (of: FakePortal, userId = 1): TokenRow => {
    store.portals.set(of.memberId, { memberId: of.memberId, domain: of.domain, clientEndpoint: of.clientEndpoint, serverEndpoint: of.serverEndpoint, status: 'active', licenseFamily: null })
    const { accessToken, refreshToken } = of.tokensFor(userId)
    const row: TokenRow = { memberId: of.memberId, userId, serverEndpoint: of.serverEndpoint, accessToken, refreshToken, expiresAt: clock.now().add({ hours: 1 }) }
    store.tokens.set(`${of.memberId}/${userId}`, row)
    return row
  }
  admit(portal)
  return {
    fakes, portal, store, config, requests, logged, process, admit,
    access: process(),
    close: async () => {
      for (const access of opened) await access.close()
      await fakes.close()
    },
  }
}

/** A room for each test; a strict portal has nothing to object to at its end. */
export const useRoom = (begin: (room: Room) => void, options: () => RoomOptions = () => ({})): void => {
  let room: Room | undefined
  beforeEach(async () => {
    room = await startRoom(options())
    begin(room)
  })
  afterEach(async () => {
    expect(room?.portal.strictFailures).toEqual([])
    await room?.close()
  })
}

export { createMemoryBudgetStore }
