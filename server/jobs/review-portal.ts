/** Hops 3 to 6: takes leads from the inbox, looks at them, decides, records. */
import { isDeepStrictEqual } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Command, Context } from '../domain/command.ts'
import type { LeadId, Sight } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { versionFor, type VersionFacts } from '../domain/regulation/versions.ts'
import type { Watch } from '../domain/watch.ts'
import { addToInbox, deleteFromInbox, inboxRowOf, nextFromInbox, postponeInInbox, type InboxRow, type Subject } from '../store/inbox.ts'
import { versionsOf, type PublishedRegulation } from '../store/regulations.ts'
import { poolKey } from '../store/shares.ts'
import { leadsOfFollowUps, watchesOf, type StoredWatch } from '../store/watches.ts'
import { factsKnowing, freshFacts } from './fresh-facts.ts'
import { freeHeld } from './held.ts'
import { gatherContexts, rulesFor, type Contexts, type LeadRules } from './lead-rules.ts'
import { lookAtLeads } from './look.ts'
import { recordDecisions, type Decision } from './record-decision.ts'
import type { Room } from './ports.ts'

/** Leads of one look: what the portal answers in one batch request. */
const leadsPerLook = 47
/** Of these, so many come out of the newest rows. */
const newestPerLook = 9
/** Rows that these are chosen from; a fifth of them are the newest ones: as many as come back from two attempts. */
const leadsPerChoice = 500

/** Looks at the next leads of a portal and answers how many inbox rows it took: 0 when none is due. While no regulation is published they wait. The caller holds the portal's lock. */
export const reviewPortal = async (room: Room, memberId: string): Promise<number> => {
  const versions = await versionsOf(room.database.db, memberId)
  if (versionFor(null, versions) === null) return 0
  const resolved = await resolveSubjects(room, memberId)
  const rows = await nextLeads(room, memberId)
  if (rows.length > 0) await reviewLeads(room, memberId, versions, rows)
  return resolved + rows.length
}

/**
 * Inbox rows of the next look: urgent ones and the oldest, and some of the newest. In a flood those are mostly echoes of our own commands,
 * so half of their places is for leads that nobody has looked at yet: a person may have just made one.
 */
const nextLeads = async (room: Room, memberId: string): Promise<readonly InboxRow[]> => {
  const { db } = room.database
  const waiting = await nextFromInbox(db, memberId, ['lead'], Temporal.Now.instant(), leadsPerChoice)
  if (waiting.length <= leadsPerLook) return waiting
  const first = waiting.slice(0, leadsPerLook - newestPerLook)
  // The newest ones stand at the end.
  const newest = waiting.slice(first.length).slice(-leadsPerChoice / 5).reverse()
  const watches = await watchesOf(db, memberId, newest.map(row => row.id as LeadId))
  const unseen = newest.filter(row => watches.get(row.id as LeadId)?.version === 0).slice(0, Math.ceil(newestPerLook / 2))
  const others = newest.filter(row => !unseen.includes(row)).slice(0, newestPerLook - unseen.length)
  return [...first, ...[...unseen, ...others].sort((a, b) => newest.indexOf(b) - newest.indexOf(a))]
}

/** Looks at one lead now, in its inbox row. The caller holds the portal's lock. */
export const reviewLead = async (room: Room, memberId: string, leadId: LeadId): Promise<void> => {
  const versions = await versionsOf(room.database.db, memberId)
  const row = await inboxRowOf(room.database.db, memberId, leadId)
  if (versionFor(null, versions) !== null && row !== null) await reviewLeads(room, memberId, versions, [row])
}

const reviewLeads = async (room: Room, memberId: string, versions: readonly VersionFacts[], rows: readonly InboxRow[]): Promise<void> => {
  const startedAt = performance.now()
  const { db } = room.database
  const waited = rows.flatMap(row => row.waited ?? [])
  if (waited.length > 0) room.lagged?.(Math.max(...waited))
  const leadIds = rows.map(row => row.id as LeadId)
  const fresh = await freshFacts(room, memberId)
  const watches = await watchesOf(db, memberId, leadIds)
  const rules = await rulesFor(room, memberId, versions, watches)
  const sights = await withDeleted(room, memberId, await lookAtLeads(room, memberId, rules.regulations, leadIds, watches), watches)
  await freeHeld(room, memberId, sights)
  const facts = await factsKnowing(room, memberId, fresh, stagesNamed(rules, sights))
  const now = room.clock.now()
  const contexts = await gatherContexts(room, memberId, rules, facts, now)
  const { decisions, failed } = decideInTurn(room, memberId, { rows, sights, watches, rules, contexts, now })
  room.held?.throwIfAborted()
  if (failed.length > 0) await room.database.transaction(tx => postpone(tx, memberId, failed))
  const recorded = await recordDecisions(room, memberId, decisions, now)
  room.log.info({
    memberId, ...recorded, urgent: rows.filter(row => row.urgent).length, failed: failed.length,
    rules: countRules(decisions), durationMs: Math.round(performance.now() - startedAt),
  }, 'portal.reviewed')
}

/** Stages that may be told by name: where these leads stand, and those of the rules. */
const stagesNamed = ({ regulations }: LeadRules, sights: readonly Sight[]): readonly string[] =>
  [...sights.flatMap(sight => (sight.kind === 'seen' ? [sight.lead.stageId] : [])), ...regulations.flatMap(({ steps }) => steps.map(({ stageId }) => stageId))]

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

interface Look {
  readonly rows: readonly InboxRow[]
  readonly sights: readonly Sight[]
  readonly watches: ReadonlyMap<LeadId, StoredWatch>
  readonly rules: LeadRules
  readonly contexts: Contexts
  readonly now: Temporal.Instant
}

/** One lead after the other, so that each distribution sees the one before it. A lead the rules stumble over does not stop the others. */
const decideInTurn = (room: Room, memberId: string, look: Look): { decisions: Decision[]; failed: InboxRow[] } => {
  const sights = new Map(look.sights.map(sight => [sight.kind === 'seen' ? sight.lead.id : sight.leadId, sight]))
  const decisions: Decision[] = []
  const failed: InboxRow[] = []
  for (const row of look.rows) {
    const leadId = row.id as LeadId
    const sight = sights.get(leadId)
    const before = look.watches.get(leadId)
    try {
      if (sight === undefined || before === undefined) throw new Error('the portal gave no answer for this lead')
      const { regulation, version, commands } = decideLive(room, before.watch, sight, look)
      const context = look.contexts.of(version)
      const after = commands.reduce((seen, command) => room.rules.evolveContext(seen, command), context)
      const shadow = decideInShadow(room, memberId, sight, look)
      const decided = fold(room, before.watch, commands, look.now)
      decisions.push({
        row, leadId, before, version, ...decided, nextAt: sooner(decided.nextAt, shadow?.nextAt ?? null),
        shares: sharesBetween(regulation, context, after), ...(shadow === null ? {} : { shadow }),
      })
      look.contexts.note(version, commands)
    }
    catch (cause) {
      failed.push(row)
      room.log.error({ memberId, leadId, tries: row.tries + 1, error: cause }, 'lead.review-failed')
    }
  }
  return { decisions, failed }
}

/** By the version that the lead is under; one that is back begins under the newest, unless that one does not know the date it comes back on. */
const decideLive = (room: Room, watch: Watch, sight: Sight, { rules, contexts, now }: Look): PublishedRegulation & { readonly commands: readonly Command[] } => {
  const under = (published: PublishedRegulation) => ({ ...published, commands: room.rules.decide(watch, seenBy(published.regulation, sight), published.regulation, published.version, contexts.of(published.version), now) })
  const own = under(rules.of(watch))
  const newest = rules.anew(watch)
  if (newest === null) return own
  const anew = under(newest)
  const begins = (commands: readonly Command[]) => commands.find(({ kind }) => kind === 'start-watch')
  const begun = begins(anew.commands)
  return begun !== undefined && (begun.because.rule !== 'returned-on-date' || begins(own.commands) !== undefined) ? anew : own
}

/** What the version in shadow mode makes of the same lead. It never stands in the way of the live one. */
const decideInShadow = (room: Room, memberId: string, sight: Sight, { rules: { shadow }, contexts, now }: Look): NonNullable<Decision['shadow']> | null => {
  if (shadow === null) return null
  const { regulation, version, watches } = shadow
  const leadId = sight.kind === 'seen' ? sight.lead.id : sight.leadId
  const before: Watch = watches.get(leadId) ?? { status: 'unseen' }
  try {
    const commands = room.rules.decide(before, seenBy(regulation, sight), regulation, version, contexts.of(version), now)
    const { watch, nextAt, steps } = fold(room, before, commands, now)
    return { version, leadId, watch, nextAt, commands: steps.flatMap(({ command, changes }) => (changes || 'mark' in command ? [command] : [])) }
  }
  catch (cause) {
    room.log.error({ memberId, leadId, version, error: cause }, 'lead.shadow-failed')
    return null
  }
}

/** The look was made for all versions at once: one that does not search for duplicates does not see what another one had found. */
const seenBy = (regulation: Regulation, sight: Sight): Sight => {
  if (sight.kind === 'gone' || sight.lead.duplicates === undefined || regulation.intake.duplicates.search) return sight
  const { duplicates: _duplicates, ...lead } = sight.lead
  return { ...sight, lead }
}

const sooner = (a: string | null, b: string | null): string | null =>
  (a === null || b === null ? a ?? b : Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)) <= 0 ? a : b)

const fold = (room: Room, before: Watch, commands: ReturnType<Room['rules']['decide']>, now: Temporal.Instant): Pick<Decision, 'watch' | 'nextAt' | 'steps'> => {
  let watch = before
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

const sharesBetween = ({ distribution }: Regulation, before: Context, after: Context): Decision['shares'] => before.shares === after.shares
  ? []
  : distribution.pools.flatMap(pool => Object.entries(after.shares[pool.id] ?? {}).flatMap(([user, share]) => {
      const old = before.shares[pool.id]?.[Number(user)] ?? { received: 0, due: 0 }
      const added = { pool: poolKey(pool), userId: Number(user), received: share.received - old.received, due: share.due - old.due }
      return added.received === 0 && added.due === 0 ? [] : [added]
    }))

/** Looked at again after 1, 2, 4 … minutes, an hour at most. */
const postpone = async (tx: Parameters<typeof postponeInInbox>[0], memberId: string, rows: readonly InboxRow[]): Promise<void> => {
  for (const row of rows) await postponeInInbox(tx, memberId, [row], Temporal.Now.instant().add({ minutes: Math.min(60, 2 ** Math.min(row.tries, 6)) }))
}

const countRules = (decisions: readonly Decision[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { command } of decisions.flatMap(({ steps }) => steps)) counts[command.because.rule] = (counts[command.because.rule] ?? 0) + 1
  return counts
}
