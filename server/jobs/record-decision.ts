/** Hop 6: what was decided for a few leads becomes fact in one transaction, or not at all. */
import { Temporal } from 'temporal-polyfill'
import type { Command, PortalCommand } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import type { Moment, Watch } from '../domain/watch.ts'
import type { Queries } from '../store/database.ts'
import { deleteFromInbox, postponeInInbox, type InboxRow } from '../store/inbox.ts'
import { recordIncident } from '../store/incidents.ts'
import { dropDuplicateSearches } from '../store/duplicate-searches.ts'
import { addToJournal, portalCommandsSince, settleInJournal, type JournalEntry } from '../store/journal.ts'
import { addToOutbox, dropOutboxOf } from '../store/outbox.ts'
import { portalForWork } from '../store/portals.ts'
import { saveShadow, type ShadowDecision } from '../store/shadow.ts'
import { addShares } from '../store/shares.ts'
import { saveWatches, setWakes, type StoredWatch } from '../store/watches.ts'
import { inRealTime } from './hold-messages.ts'
import type { Room } from './ports.ts'

/** The commands for one lead, folded. */
export interface Decision {
  readonly row: InboxRow
  readonly leadId: LeadId
  /** Of the regulation that decided. */
  readonly version: number
  readonly before: StoredWatch
  /** The watch after all commands. */
  readonly watch: Watch
  readonly nextAt: Moment | null
  /** Without `wake-at`; `changes` tells whether the watch was changed by it. */
  readonly steps: readonly { readonly command: Command; readonly changes: boolean }[]
  /** What distribution added to the ledger. */
  readonly shares: readonly { readonly pool: string; readonly userId: number; readonly received: number; readonly due: number }[]
  /** What a version in shadow mode would do. */
  readonly shadow?: ShadowDecision & { readonly version: number }
}

export interface Recorded {
  /** Leads whose decision is recorded. */
  readonly leads: number
  /** Leads somebody else was faster on: they stay in the inbox and are looked at again. */
  readonly overtaken: number
  /** New commands for the portal. */
  readonly outgoing: number
}

/** Commands for one lead and hour beyond which we take it for a loop of our own echoes. */
const mostCommandsPerHour = 60

/**
 * Records decisions of one portal: watches (each only at the version that was read), incidents, ledger, journal, next looks, outbox;
 * the inbox rows go unless renewed meanwhile. Recording the same decision again changes nothing. Nothing is recorded for a portal that was retired.
 */
export const recordDecisions = (room: Room, memberId: string, decisions: readonly Decision[], now: Temporal.Instant): Promise<Recorded> =>
  room.database.transaction(async (tx) => {
    if (await portalForWork(tx, memberId) !== 'active') return { leads: 0, overtaken: 0, outgoing: 0 }
    const allowed = await withoutLoops(room, tx, memberId, decisions, now)
    const changing = allowed.filter(changesWatch)
    const saved = await saveWatches(tx, memberId, changing.map(({ leadId, before, watch, nextAt }) => ({ leadId, version: before.version, watch, nextAt })), now)
    const quiet = allowed.filter(decision => !changesWatch(decision))
    await setWakes(tx, memberId, quiet.filter(({ before, nextAt }) => before.nextAt !== nextAt).map(({ leadId, before, nextAt }) => ({ leadId, version: before.version, nextAt })))
    const winners = [...changing.filter(({ leadId }) => saved.has(leadId)), ...quiet]

    const gone = winners.filter(isGone).map(({ leadId }) => leadId)
    const dropped = await dropOutboxOf(tx, memberId, gone, now)
    await dropDuplicateSearches(tx, memberId, gone)
    await settleInJournal(tx, memberId, dropped.map(mark => ({ mark, outcome: 'gone', detail: null })), now)

    const outgoing = await addToOutbox(tx, memberId, winners.flatMap(({ steps, row }) => steps.flatMap(({ command }) => isForPortal(command) ? [{ command, urgent: row.urgent, ...heldBack(room, command, now) }] : [])))
    const entries: JournalEntry[] = []
    for (const { leadId, version, steps } of winners) {
      for (const { command, changes } of steps) {
        const isNews = isForPortal(command) ? outgoing.has(command.mark) : await recordIncident(tx, memberId, command) || changes
        if (isNews) entries.push({ leadId, regulationVersion: version, command })
      }
    }
    await addToJournal(tx, memberId, entries, now)
    await addShares(tx, memberId, sumShares(winners))
    const shadows = winners.flatMap(({ shadow }) => (shadow === undefined ? [] : [shadow]))
    const [anyShadow] = shadows
    if (anyShadow !== undefined) await saveShadow(tx, memberId, anyShadow.version, shadows, now)
    await deleteFromInbox(tx, memberId, winners.map(({ row }) => row))
    return { leads: winners.length, overtaken: allowed.length - winners.length, outgoing: outgoing.size }
  })

/** Quiet hours end by the room's clock. */
const heldBack = (room: Room, command: PortalCommand, now: Temporal.Instant): { notBefore?: Temporal.Instant } =>
  command.kind !== 'notify' || command.notBefore === undefined ? {} : { notBefore: inRealTime(room.clock, Temporal.Instant.from(command.notBefore).epochMilliseconds, now) }

const changesWatch = ({ before, steps, nextAt }: Decision): boolean => steps.length > 0 || (before.version === 0 && nextAt !== null)

/** Only now: what is decided about a lead that is gone is still to be carried out. */
const isGone = ({ watch, before }: Decision): boolean => hasGone(watch) && !hasGone(before.watch)

const hasGone = (watch: Watch): boolean => watch.status === 'closed' && watch.outcome === 'gone'

const isForPortal = (command: Command): command is PortalCommand => 'mark' in command

/** Two of our own changes that answer each other for ever would use up the portal: such a lead is left alone for a while, and we are told. */
const withoutLoops = async (room: Room, tx: Queries, memberId: string, decisions: readonly Decision[], now: Temporal.Instant): Promise<readonly Decision[]> => {
  const busy = decisions.filter(({ steps }) => steps.some(({ command }) => isForPortal(command)))
  const since = now.subtract({ milliseconds: Math.round(3_600_000 * room.clock.speed()) })
  const counts = await portalCommandsSince(tx, memberId, busy.map(({ leadId }) => leadId), since)
  const looping = busy.filter(({ leadId }) => (counts.get(leadId) ?? 0) >= mostCommandsPerHour)
  if (looping.length === 0) return decisions
  await postponeInInbox(tx, memberId, looping.map(({ row }) => row), Temporal.Now.instant().add({ minutes: 30 }))
  room.log.error({ memberId, leads: looping.map(({ leadId }) => leadId), mostCommandsPerHour }, 'leads.loop-stopped')
  return decisions.filter(decision => !looping.includes(decision))
}

const sumShares = (decisions: readonly Decision[]): Decision['shares'] => {
  const sums = new Map<string, { pool: string; userId: number; received: number; due: number }>()
  for (const { pool, userId, received, due } of decisions.flatMap(({ shares }) => shares)) {
    const key = `${pool} ${userId}`
    const sum = sums.get(key) ?? { pool, userId, received: 0, due: 0 }
    sums.set(key, { ...sum, received: sum.received + received, due: sum.due + due })
  }
  return [...sums.values()].sort((a, b) => (a.pool < b.pool ? -1 : a.pool > b.pool ? 1 : a.userId - b.userId))
}
