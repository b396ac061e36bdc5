/** Who handles a lead: in turn among the people of the pool who are there, by a debt ledger. */
import type { Candidate, Context, Person, Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData, Distribution } from '../regulation.ts'
import { isWorkingMs } from '../calendar.ts'
import { nameOf, personOf } from './turn.ts'

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
    ? { kind: 'nobody', userId: distribution.fallbackUserId, because: { rule: 'distribution-nobody', fallbackUserId: distribution.fallbackUserId, name: nameOf(context, distribution.fallbackUserId), candidates } }
    : { kind: 'chosen', userId: chosen.userId, because: { rule: 'distribution-in-turn', chosen, candidates } }
}

/** Is this responsible of the pool, active and present, so that the lead may stay with him? */
export const mayKeep = (distribution: Distribution, context: Context, id: UserId): boolean => {
  const person = distribution.keepPoolMember ? poolOf(distribution, context).find(member => member.id === id) : undefined
  return person !== undefined && person.active && !person.absent
}

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
