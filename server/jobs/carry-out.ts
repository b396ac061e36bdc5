/** Hop 7: commands from the outbox become calls to the portal, and their outcomes come back. */
import { Temporal } from 'temporal-polyfill'
import type { Command, PortalCommand } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { addToInbox } from '../store/inbox.ts'
import { noteDelivered } from '../store/incidents.ts'
import { addToJournal, settleInJournal } from '../store/journal.ts'
import { claimOutbox, settleOutbox, type OutboxItem, type Settlement } from '../store/outbox.ts'
import type { Queries } from '../store/database.ts'
import { portalForWork } from '../store/portals.ts'
import { noteFollowUpId, saveWatches, watchesOf } from '../store/watches.ts'
import { knownFacts } from './fresh-facts.ts'
import { holdLateMessages } from './hold-messages.ts'
import { endsWork, pauseAfter, suspend } from './portal-trouble.ts'
import type { CarriedOut, Room } from './ports.ts'

/** Commands of one attempt: those of a look at fifty leads, so that the look before, the writes and the timeline entries each fill their batch requests. */
const mostCommands = 240
/** A slow portal gets smaller attempts, so that clicks do not wait long for its lock; these many at least. */
const leastCommands = 60
/** A command that nobody can explain is given up after so many attempts; one that was only hindered never is. */
const mostUnexplained = 8
const hindering: ReadonlySet<PortalErrorCode> = new Set(['rate-limited', 'unavailable', 'unknown-outcome', 'overloaded', 'expired-token', 'unexpected'])

/**
 * Carries out the next commands of a portal (or of one lead) and answers how many it took up, messages held until the end of quiet hours included: 0 when none is due.
 * The caller holds the portal's lock. Throws `PortalError` when all of them were hindered alike (they are kept for a repeat), `LockLost` when the lock is gone. A command is marked as being attempted before the call, so that after a crash the next attempt looks for its effect first.
 */
export const carryOut = async (room: Room, memberId: string, onlyLead: LeadId | null = null): Promise<number> => {
  const startedAt = performance.now()
  room.held?.throwIfAborted()
  const sizes = sizesOf(room)
  const size = sizes.get(memberId) ?? mostCommands
  const { claimed, items } = await room.database.transaction(async (tx) => {
    const taken = await claimOutbox(tx, memberId, Temporal.Now.instant(), size, onlyLead, room.timing.unsureMs)
    return { claimed: taken.length, items: await holdLateMessages(room, tx, memberId, taken) }
  })
  if (items.length === 0) return claimed
  room.held?.throwIfAborted()
  const { outcomes, failed } = await attempt(room, memberId, items)
  const settlements = items.map(item => settle(room, item, outcomes.get(item.mark), failed !== null))
  await store(room, memberId, items, settlements, outcomes)
  sizes.set(memberId, nextSize(size, items.length, performance.now() - startedAt, room.timing.clickMs))
  const ending = [...outcomes.values()].find(outcome => !outcome.ok && endsWork(outcome.error.code))
  if (ending !== undefined && !ending.ok) await suspend(room, memberId, ending.error.code)
  room.log.info({
    memberId, commands: items.length, repeated: items.filter(item => item.attempts > 0).length, kinds: countBy(items.map(item => item.command.kind)),
    outcomes: countBy(settlements.map(row => row.state === 'done' ? 'done' : row.errorCode)), durationMs: Math.round(performance.now() - startedAt),
  }, 'commands.carried-out')
  const hindered = failed === null || endsWork(failed.code) ? hindrance(outcomes, items.length) : failed
  if (hindered !== null) throw hindered
  return claimed
}

/** Per process: commands of the next attempt, by portal. */
const sizesByDatabase = new WeakMap<Room['database'], Map<string, number>>()

const sizesOf = ({ database }: Room): Map<string, number> => {
  const known = sizesByDatabase.get(database)
  if (known !== undefined) return known
  const sizes = new Map<string, number>()
  sizesByDatabase.set(database, sizes)
  return sizes
}

/** An attempt holds the portal's lock: one that took twice as long as a click waits for it is followed by a smaller one. */
export const nextSize = (size: number, carried: number, tookMs: number, clickMs: number): number => {
  if (tookMs > 2 * clickMs) return Math.max(leastCommands, Math.floor(Math.min(size, carried) / 2))
  return tookMs < clickMs && carried >= size ? Math.min(mostCommands, size * 2) : size
}

/** The error that hindered all of them alike: then the portal is in trouble, not a command. */
const hindrance = (outcomes: ReadonlyMap<string, CarriedOut>, count: number): PortalError | null => {
  const errors = [...outcomes.values()].flatMap(outcome => outcome.ok ? [] : [outcome.error])
  const [first] = errors
  return first !== undefined && errors.length === count && errors.every(error => hindering.has(error.code)) ? first : null
}

interface Attempt {
  /** One per mark, whatever happens. */
  readonly outcomes: ReadonlyMap<string, CarriedOut>
  /** What ended the attempt before any command had an answer of its own. */
  readonly failed: PortalError | null
}

const attempt = async (room: Room, memberId: string, items: readonly OutboxItem[]): Promise<Attempt> => {
  try {
    const { language, timeZone } = await knownFacts(room, memberId)
    room.held?.throwIfAborted()
    const outcomes = await room.portals.carryOut(memberId, items, { language, timeZone }, { held: room.held })
    return { outcomes: new Map(outcomes.map(outcome => [outcome.mark, outcome])), failed: null }
  }
  catch (cause) {
    const error = cause instanceof PortalError ? cause : new PortalError({ code: 'unexpected', method: 'carryOut', cause })
    if (error.code === 'unexpected') room.log.error({ memberId, error: cause }, 'commands.attempt-failed')
    return { outcomes: new Map(items.map(({ mark }) => [mark, { mark, ok: false, error }])), failed: error }
  }
}

/** Only a command's own answer ends it; what failed for all of them says nothing of any. */
const settle = (room: Room, item: OutboxItem, outcome: CarriedOut | undefined, allFailed: boolean): Settlement => {
  if (outcome?.ok === true) return { mark: item.mark, state: 'done', result: outcome.result ?? null }
  const code = outcome?.error.code ?? 'unknown-outcome'
  const told = { mark: item.mark, errorCode: code, errorMessage: wordsOf(outcome?.error) }
  if (!allFailed) {
    if (code === 'not-found') return { ...told, state: 'gone' }
    if (code === 'access-denied' || code === 'invalid') return { ...told, state: 'failed' }
    if (code === 'unexpected' && item.attempts + 1 >= mostUnexplained) return { ...told, state: 'failed' }
  }
  const isUnsure = item.command.kind === 'set-follow-up' && (code === 'unknown-outcome' || code === 'unexpected')
  const again = Temporal.Now.instant().add({ milliseconds: Math.max(pauseAfter(room, item.attempts), isUnsure ? room.timing.unsureMs : 0) })
  const retryAt = outcome?.error.retryAt ?? null
  return { ...told, state: 'pending', notBefore: retryAt !== null && Temporal.Instant.compare(retryAt, again) > 0 ? retryAt : again }
}

/** The portal's own words, for the journal and the administrator. */
const wordsOf = (error: PortalError | undefined): string => error === undefined ? '' : [error.bitrixCode, error.bitrixMessage].filter(text => text !== '').join(': ').slice(0, 1000)

const store = (room: Room, memberId: string, items: readonly OutboxItem[], settlements: readonly Settlement[], outcomes: ReadonlyMap<string, CarriedOut>): Promise<void> =>
  room.database.transaction(async (tx) => {
    if (await portalForWork(tx, memberId) === null) return
    room.held?.throwIfAborted()
    const now = room.clock.now()
    const byMark = new Map(items.map(item => [item.mark, item.command]))
    await settleOutbox(tx, memberId, settlements, now)
    await settleInJournal(tx, memberId, settlements.map(row => ({ mark: row.mark, outcome: row.state, detail: row.state === 'done' ? null : `${row.errorCode} ${row.errorMessage}`.trim() })), now)

    const lookAgain = new Set<LeadId>()
    const delivered: string[] = []
    for (const row of settlements) {
      const command = byMark.get(row.mark)
      if (command === undefined) continue
      if (row.state === 'gone') lookAgain.add(command.leadId)
      if (row.state === 'failed' && (command.kind === 'assign' || command.kind === 'move-stage')) {
        const outcome = outcomes.get(row.mark)
        await noteRefused(room, tx, memberId, command, outcome?.ok === false ? outcome.error.bitrixMessage : '', now)
        lookAgain.add(command.leadId)
      }
      if (row.state !== 'done') continue
      if (command.kind === 'set-follow-up' && row.result?.id !== undefined) await noteFollowUpId(tx, memberId, command.leadId, command.mark, row.result.id)
      if (command.kind === 'notify' && command.incidentId !== null) {
        delivered.push(command.incidentId)
        lookAgain.add(command.leadId)
      }
    }
    await noteDelivered(tx, memberId, delivered, now)
    await addToInbox(tx, [...lookAgain].map(id => ({ memberId, kind: 'lead' as const, id, urgent: true })))
  })

/** What the portal refuses for good has not happened: the watch that counted on it goes on where the lead stands. */
const noteRefused = async (room: Room, tx: Queries, memberId: string, command: Extract<PortalCommand, { kind: 'assign' | 'move-stage' }>, bitrixMessage: string, now: Temporal.Instant): Promise<void> => {
  const { leadId } = command
  const before = (await watchesOf(tx, memberId, [leadId])).get(leadId)
  if (before === undefined || before.version === 0) return
  const words = bitrixMessage.replaceAll(/<[^>]*>/g, ' ').slice(0, 300)
  const refused: Command = { kind: 'note-refused', leadId, refusedMark: command.mark, refusedKind: command.kind, words, at: now.toString({ smallestUnit: 'second' }), toldAt: null, because: { rule: 'refused', what: command.kind, words } }
  const watch = room.rules.evolve(before.watch, refused)
  if (watch === before.watch) return
  await saveWatches(tx, memberId, [{ leadId, version: before.version, watch, nextAt: now.toString() }], now)
  await addToJournal(tx, memberId, [{ leadId, regulationVersion: watch.status === 'active' ? watch.regulationVersion : 0, command: refused }], now)
}

const countBy = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
