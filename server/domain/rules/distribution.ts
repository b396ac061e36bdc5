/** Who handles a lead: in turn among the people of the pool who are there, by a debt ledger. */
import type { Candidate, Context, Person, Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData, Distribution } from '../regulation.ts'
import { isWorkingMs } from '../calendar.ts'
import { isDismissed, nameOf, personOf } from './turn.ts'

export type Choice =
  | { readonly kind: 'chosen'; readonly userId: UserId; readonly because: Extract<Reason, { rule: 'distribution-in-turn' }> }
  | { readonly kind: 'nobody'; readonly userId: UserId; readonly because: Extract<Reason, { rule: 'distribution-nobody' }> }

/**
 * Chooses whom most is owed among the active, present people at work; equal debts go by user id.
 * Outside working time, when nobody is at work for that reason alone, the present ones take their turns. Nobody at all: the fallback.
 */
export const distribute = (distribution: Distribution, context: Context, calendar: CalendarData, nowMs: number): Choice => {
  const pool = poolOf(distribution, context)
  const workingTime = isWorkingMs(calendar, nowMs)
  const standings = pool.map(person => ({ person, debt: debtOf(context, person.id), verdict: verdictOf(person, workingTime) }))
  const atWork = standings.filter(({ verdict }) => verdict === 'not-his-turn')
  const available = atWork.length > 0 || workingTime ? atWork : standings.filter(({ verdict }) => verdict === 'not-at-work')
  const first = available.reduce<(typeof standings)[number] | null>((best, next) => (best === null || next.debt < best.debt - tolerance ? next : best), null)
  const ids = new Set(available.map(({ person }) => person.id))
  const candidates = standings.map(({ person, debt, verdict }): Candidate => ({
    userId: person.id,
    name: person.name,
    debt: Math.round(debt * 1_000) / 1_000 + 0,
    verdict: person.id === first?.person.id ? 'chosen' : ids.has(person.id) ? 'not-his-turn' : verdict,
  }))
  const chosen = candidates.find(({ verdict }) => verdict === 'chosen')
  return chosen === undefined
    ? nobody(fallbackOf(distribution, context), context, candidates)
    : { kind: 'chosen', userId: chosen.userId, because: { rule: 'distribution-in-turn', chosen, candidates } }
}

const nobody = (userId: UserId, context: Context, candidates: readonly Candidate[]): Choice =>
  ({ kind: 'nobody', userId, because: { rule: 'distribution-nobody', fallbackUserId: userId, name: nameOf(context, userId), candidates } })

/** Is this responsible of the pool, active and there, so that the lead may stay with him? */
export const mayKeep = (distribution: Distribution, context: Context, calendar: CalendarData, nowMs: number, id: UserId): boolean => {
  const person = distribution.keepPoolMember ? poolOf(distribution, context).find(member => member.id === id) : undefined
  return person !== undefined && person.active && !isAway(person, calendar, nowMs)
}

/** The pool at the moment when somebody keeps a lead: the ledger counts it like one given in turn. */
export const keptCandidates = (distribution: Distribution, context: Context, calendar: CalendarData, nowMs: number, id: UserId): readonly Candidate[] =>
  distribute(distribution, context, calendar, nowMs).because.candidates.map(one => (one.userId === id ? { ...one, verdict: 'chosen' } : one.verdict === 'chosen' ? { ...one, verdict: 'not-his-turn' } : one))

/** Absent, or not at work while work is going on. */
export const isAway = (person: Person, calendar: CalendarData, nowMs: number): boolean => person.absent || (person.dayOpen === false && isWorkingMs(calendar, nowMs))

/** Who decides when nobody of the pool can: the regulation's fallback person, else an active head of the pool, else anybody active of it. */
export const fallbackOf = (distribution: Distribution, context: Context): UserId => {
  if (!isDismissed(context, distribution.fallbackUserId)) return distribution.fallbackUserId
  return headsOf(distribution, context)[0] ?? poolOf(distribution, context).find(person => person.active)?.id ?? distribution.fallbackUserId
}

/** Active heads of the pool's people. */
export const headsOf = (distribution: Distribution, context: Context): readonly UserId[] =>
  [...new Set(poolOf(distribution, context).flatMap(person => person.headIds))].filter(id => personOf(context, id)?.active === true)

/** People of the pool by id; a department's head is left out unless the regulation takes him in. */
export const poolOf = ({ pool }: Distribution, context: Context): readonly Person[] => {
  if (pool.kind === 'people') return pool.userIds.flatMap(id => personOf(context, id) ?? []).sort(byId)
  const members = context.people.filter(person => person.departmentIds.includes(pool.departmentId))
  const heads = pool.withHead ? new Set<UserId>() : new Set(members.flatMap(person => person.headIds))
  return members.filter(person => !heads.has(person.id)).sort(byId)
}

/** Sums of 1/n are not exact: smaller differences are equal debts. */
const tolerance = 1e-6

const byId = (a: Person, b: Person): number => a.id - b.id

const debtOf = (context: Context, id: UserId): number => {
  const share = context.shares[id]
  return share === undefined ? 0 : share.received - share.due
}

const verdictOf = (person: Person, workingTime: boolean): Candidate['verdict'] => {
  if (!person.active) return 'dismissed'
  if (person.absent) return 'absent'
  return person.dayOpen ?? workingTime ? 'not-his-turn' : 'not-at-work'
}
