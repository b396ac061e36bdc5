/** Hops 3 to 6: takes leads from the inbox, looks at them, decides, records. */
import { isDeepStrictEqual } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Context } from '../domain/command.ts'
import type { FieldName, LeadId, Sight } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { installedAtOf } from '../store/at-work.ts'
import { addToInbox, deleteFromInbox, inboxRowOf, nextFromInbox, postponeInInbox, type InboxRow, type Subject } from '../store/inbox.ts'
import { missesSince } from '../store/incidents.ts'
import { regulationInForce, type PublishedRegulation } from '../store/regulations.ts'
import { poolKey, sharesOf } from '../store/shares.ts'
import { leadsOfFollowUps, watchesOf, type StoredWatch } from '../store/watches.ts'
import { freshFacts } from './fresh-facts.ts'
import { recordDecisions, type Decision } from './record-decision.ts'
import type { PortalFacts, Room } from './ports.ts'

/** Leads of one look: what the portal answers in one batch request. */
const leadsPerLook = 50

/** Looks at the next leads of a portal and answers how many inbox rows it took: 0 when none is due. While no regulation is published they wait. The caller holds the portal's lock. */
export const reviewPortal = async (room: Room, memberId: string): Promise<number> => {
  const published = await regulationInForce(room.database.db, memberId)
  if (published === null) return 0
  const resolved = await resolveSubjects(room, memberId)
  const rows = await nextFromInbox(room.database.db, memberId, ['lead'], Temporal.Now.instant(), leadsPerLook)
  if (rows.length > 0) await reviewLeads(room, memberId, published, rows)
  return resolved + rows.length
}

/** Looks at one lead now, in its inbox row. The caller holds the portal's lock. */
export const reviewLead = async (room: Room, memberId: string, leadId: LeadId): Promise<void> => {
  const published = await regulationInForce(room.database.db, memberId)
  const row = await inboxRowOf(room.database.db, memberId, leadId)
  if (published !== null && row !== null) await reviewLeads(room, memberId, published, [row])
}

const reviewLeads = async (room: Room, memberId: string, published: PublishedRegulation, rows: readonly InboxRow[]): Promise<void> => {
  const startedAt = performance.now()
  const { db } = room.database
  const waited = rows.flatMap(row => row.waited ?? [])
  if (waited.length > 0) room.lagged?.(Math.max(...waited))
  const leadIds = rows.map(row => row.id as LeadId)
  const facts = await freshFacts(room, memberId)
  const watches = await watchesOf(db, memberId, leadIds)
  const sights = await withDeleted(room, memberId, await room.portals.readSights(memberId, leadIds, cardFields(published.regulation)), watches)
  const now = room.clock.now()
  const context = await gatherContext(room, memberId, published.regulation, facts, now)
  const { decisions, failed } = decideInTurn(room, memberId, { rows, sights, watches, published, context, now })
  room.held?.throwIfAborted()
  if (failed.length > 0) await room.database.transaction(tx => postpone(tx, memberId, failed))
  const recorded = await recordDecisions(room, memberId, poolKey(published.regulation.distribution.pool), published.version, decisions, now)
  room.log.info({
    memberId, ...recorded, urgent: rows.filter(row => row.urgent).length, failed: failed.length,
    rules: countRules(decisions), durationMs: Math.round(performance.now() - startedAt),
  }, 'portal.reviewed')
}

/**
 * Adds the follow-ups that somebody has deleted. One that a look does not show is asked for by its number: a look shows only the newest
 * activities and tasks of a lead. One that was only unlinked from its lead, or is out of our token's sight, is still there.
 */
const withDeleted = async (room: Room, memberId: string, sights: readonly Sight[], watches: ReadonlyMap<LeadId, StoredWatch>): Promise<readonly Sight[]> => {
  const missing = new Map(sights.flatMap((sight) => {
    const watch = sight.kind === 'seen' ? watches.get(sight.lead.id)?.watch : undefined
    const followUp = watch?.status === 'active' ? watch.followUp : null
    if (sight.kind !== 'seen' || followUp === null || followUp.id === null || sight.lead.followUps.some(({ mark }) => mark === followUp.mark)) return []
    return [[sight.lead.id, { mark: followUp.mark, subject: { kind: followUp.form === 'task' ? 'task' : 'activity', id: followUp.id } as const }]] as const
  }))
  if (missing.size === 0) return sights
  const deleted = new Set((await room.portals.deletedOf(memberId, [...missing.values()].map(({ subject }) => subject))).map(keyOf))
  return sights.map((sight) => {
    const gone = sight.kind === 'seen' ? missing.get(sight.lead.id) : undefined
    return sight.kind === 'gone' || gone === undefined || !deleted.has(keyOf(gone.subject)) ? sight : { ...sight, lead: { ...sight.lead, deletedFollowUps: [gone.mark] } }
  })
}

/** Activities and tasks become the leads they belong to; answers how many rows were resolved. */
const resolveSubjects = async (room: Room, memberId: string): Promise<number> => {
  const rows = await nextFromInbox(room.database.db, memberId, ['activity', 'task'], Temporal.Now.instant(), leadsPerLook)
  if (rows.length === 0) return 0
  const known = await knownFollowUps(room, memberId, rows)
  const unknown = rows.filter(row => !known.has(keyOf(row)))
  const asked = unknown.length === 0 ? [] : await room.portals.leadsOf(memberId, unknown.map(({ kind, id }) => ({ kind, id })))
  const urgent = unknown.some(row => row.urgent)
  const askedAt = unknown.flatMap(row => row.askedAt ?? []).reduce<string | null>((first, moment) => (first === null || moment < first ? moment : first), null)
  await room.database.transaction(async (tx) => {
    await addToInbox(tx, [
      ...asked.map(id => ({ memberId, kind: 'lead' as const, id, urgent, askedAt })),
      ...rows.flatMap((row) => {
        const id = known.get(keyOf(row))
        return id === undefined ? [] : [{ memberId, kind: 'lead' as const, id, urgent: row.urgent, askedAt: row.askedAt }]
      }),
    ])
    await deleteFromInbox(tx, memberId, rows)
  })
  return rows.length
}

/** Follow-ups of our own are known without a question to the portal. */
const knownFollowUps = async (room: Room, memberId: string, rows: readonly Subject[]): Promise<ReadonlyMap<string, LeadId>> => {
  const { db } = room.database
  const ids = (kind: Subject['kind']): number[] => rows.filter(row => row.kind === kind).map(row => row.id)
  const tasks = await leadsOfFollowUps(db, memberId, 'task', ids('task'))
  const todos = await leadsOfFollowUps(db, memberId, 'todo', ids('activity'))
  return new Map([...[...tasks].map(([id, lead]) => [`task ${id}`, lead] as const), ...[...todos].map(([id, lead]) => [`activity ${id}`, lead] as const)])
}

const keyOf = (subject: Subject): string => `${subject.kind} ${subject.id}`

const gatherContext = async (room: Room, memberId: string, regulation: Regulation, facts: PortalFacts, now: Temporal.Instant): Promise<Context> => ({
  calendar: regulation.calendar.kind === 'own' ? regulation.calendar.calendar : facts.calendar,
  people: facts.people,
  shares: await sharesOf(room.database.db, memberId, poolKey(regulation.distribution.pool)),
  misses: await missesSince(room.database.db, memberId, now.subtract({ hours: 24 * regulation.incidents.windowDays })),
  stageNames: facts.stageNames,
  language: facts.language,
  installedAt: await installedAtOf(room.database.db, memberId),
})

interface Look {
  readonly rows: readonly InboxRow[]
  readonly sights: readonly Sight[]
  readonly watches: ReadonlyMap<LeadId, StoredWatch>
  readonly published: PublishedRegulation
  readonly context: Context
  readonly now: Temporal.Instant
}

/** One lead after the other, so that each distribution sees the one before it. A lead the rules stumble over does not stop the others. */
const decideInTurn = (room: Room, memberId: string, look: Look): { decisions: Decision[]; failed: InboxRow[] } => {
  const sights = new Map(look.sights.map(sight => [sight.kind === 'seen' ? sight.lead.id : sight.leadId, sight]))
  const decisions: Decision[] = []
  const failed: InboxRow[] = []
  let context = look.context
  for (const row of look.rows) {
    const leadId = row.id as LeadId
    const sight = sights.get(leadId)
    const before = look.watches.get(leadId)
    try {
      if (sight === undefined || before === undefined) throw new Error('the portal gave no answer for this lead')
      const commands = room.rules.decide(before.watch, sight, look.published.regulation, look.published.version, context, look.now)
      const after = commands.reduce((seen, command) => room.rules.evolveContext(seen, command), context)
      decisions.push({ row, leadId, before, ...fold(room, before, commands, look.now), shares: sharesBetween(context, after) })
      context = after
    }
    catch (cause) {
      failed.push(row)
      room.log.error({ memberId, leadId, tries: row.tries + 1, error: cause }, 'lead.review-failed')
    }
  }
  return { decisions, failed }
}

const fold = (room: Room, before: StoredWatch, commands: ReturnType<Room['rules']['decide']>, now: Temporal.Instant): Pick<Decision, 'watch' | 'nextAt' | 'steps'> => {
  let watch = before.watch
  let nextAt: string | null = null
  const steps: { command: (typeof commands)[number]; changes: boolean }[] = []
  for (const command of commands) {
    if (command.kind === 'wake-at') {
      nextAt = notAtOnce(room, command.at, now)
      continue
    }
    const next = room.rules.evolve(watch, command)
    steps.push({ command, changes: !isDeepStrictEqual(next, watch) })
    watch = next
  }
  return { watch, nextAt, steps }
}

/** A look that asks for another one at once would never end. */
const notAtOnce = (room: Room, at: string, now: Temporal.Instant): string => {
  const soonest = now.add({ milliseconds: Math.round(1_000 * room.clock.speed()) })
  const wanted = Temporal.Instant.from(at)
  return (Temporal.Instant.compare(wanted, soonest) < 0 ? soonest : wanted).toString({ smallestUnit: 'millisecond' })
}

const sharesBetween = (before: Context, after: Context): Decision['shares'] => before.shares === after.shares
  ? []
  : Object.entries(after.shares).flatMap(([user, share]) => {
      const old = before.shares[Number(user)] ?? { received: 0, due: 0 }
      const added = { userId: Number(user), received: share.received - old.received, due: share.due - old.due }
      return added.received === 0 && added.due === 0 ? [] : [added]
    })

/** Looked at again after 1, 2, 4 … minutes, an hour at most. */
const postpone = async (tx: Parameters<typeof postponeInInbox>[0], memberId: string, rows: readonly InboxRow[]): Promise<void> => {
  for (const row of rows) await postponeInInbox(tx, memberId, [row], Temporal.Now.instant().add({ minutes: Math.min(60, 2 ** Math.min(row.tries, 6)) }))
}

/** The lead fields that hold the card's answers. */
const cardFields = ({ card }: Regulation): readonly FieldName[] => [...new Set([
  ...card.groups.flatMap(group => group.questions.map(question => question.field)),
  card.comment.field, card.result.field, card.nextStep.field, card.reason.field, card.unknown.field,
])]

const countRules = (decisions: readonly Decision[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { command } of decisions.flatMap(({ steps }) => steps)) counts[command.because.rule] = (counts[command.because.rule] ?? 0) + 1
  return counts
}
