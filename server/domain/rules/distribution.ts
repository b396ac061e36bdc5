/** Who handles a lead: in turn, by load or by weight among the people of the pool who are there, with a debt ledger. */
import type { Candidate, Context, Person, Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData, Distribution, Pool } from '../regulation.ts'
import { isWorkingMs } from '../calendar.ts'
import { isDismissed, nameOf, personOf } from './turn.ts'

export type Choice =
  | { readonly kind: 'chosen'; readonly userId: UserId; readonly because: Extract<Reason, { rule: 'distribution-in-turn' | 'distribution-least-loaded' | 'distribution-weighted' }> }
  | { readonly kind: 'nobody'; readonly userId: UserId; readonly because: Extract<Reason, { rule: 'distribution-nobody' }> }

/** What the lead itself asks of whoever gets it. */
export interface Wanted {
  /** Its regions; nobody is left out where it has none (S1-D18). */
  readonly regions?: readonly string[]
  /** People who had it and did not begin. */
  readonly hadIt?: readonly UserId[]
  /** It has been handed round often enough: the fallback person decides. */
  readonly byHand?: boolean
}

/**
 * Chooses among the active, present people at work who are below their limits and serve the lead's region. In turn and weighted: whom most
 * is owed; least loaded: who has the fewest open leads. Equal ones go by debt, then by user id.
 * Outside everybody’s working time, when nobody is at work for that reason alone, the present ones take their turns. Nobody at all: the fallback.
 */
export const distribute = (distribution: Distribution, from: Pool, context: Context, calendar: CalendarData, nowMs: number, wanted: Wanted = {}): Choice => {
  const pool = poolOf(from, context)
  const workingTime = pool.some(person => person.active && !person.absent && isWorkingMs(person.calendar ?? calendar, nowMs))
  const standings = pool.map((person): Standing => ({
    person,
    debt: debtOf(context, from.id, person.id),
    weight: weightOf(from, person.id),
    open: context.load[person.id]?.open ?? 0,
    verdict: verdictOf(person, from, context, isWorkingMs(person.calendar ?? calendar, nowMs), wanted),
  }))
  const atWork = standings.filter(({ verdict }) => verdict === 'not-his-turn')
  const available = atWork.length > 0 || workingTime ? atWork : standings.filter(({ verdict }) => verdict === 'not-at-work')
  const first = wanted.byHand === true ? undefined : firstOf(from, available)
  const ids = new Set(available.map(({ person }) => person.id))
  const candidates = standings.map(({ person, debt, weight, open, verdict }): Candidate => ({
    userId: person.id,
    name: person.name,
    debt: Math.round(debt * 1_000) / 1_000 + 0,
    verdict: person.id === first?.person.id ? 'chosen' : ids.has(person.id) ? 'not-his-turn' : verdict,
    ...(from.order === 'weighted' ? { weight } : {}),
    ...(from.order === 'least-loaded' || from.limits.open !== null ? { open } : {}),
  }))
  const chosen = candidates.find(({ verdict }) => verdict === 'chosen')
  if (chosen === undefined) return nobody(fallbackOf(distribution, context), context, candidates)
  return { kind: 'chosen', userId: chosen.userId, because: { rule: rules[from.order], chosen, candidates } }
}

const rules = { 'in-turn': 'distribution-in-turn', 'least-loaded': 'distribution-least-loaded', weighted: 'distribution-weighted' } as const

interface Standing {
  readonly person: Person
  readonly debt: number
  readonly weight: number
  readonly open: number
  readonly verdict: Candidate['verdict']
}

/** The smaller of two numbers goes first; the earlier of two people in the list where they are the same. */
const firstOf = ({ order }: Pool, available: readonly Standing[]): Standing | undefined => {
  const weights = available.reduce((sum, { weight }) => sum + weight, 0)
  // With his part of this very lead counted in, so that parts of any size come round as evenly as they can.
  const standing = ({ debt, weight }: Standing): number => (order === 'weighted' ? debt - weight / weights : debt)
  return available.reduce<Standing | undefined>((best, next) => {
    if (best === undefined) return next
    if (order === 'least-loaded' && next.open !== best.open) return next.open < best.open ? next : best
    return standing(next) < standing(best) - tolerance ? next : best
  }, undefined)
}

const nobody = (userId: UserId, context: Context, candidates: readonly Candidate[]): Choice =>
  ({ kind: 'nobody', userId, because: { rule: 'distribution-nobody', fallbackUserId: userId, name: nameOf(context, userId), candidates } })

/** Is this responsible of the pool, active and there, so that the lead may stay with him? */
export const mayKeep = (distribution: Distribution, from: Pool, context: Context, calendar: CalendarData, nowMs: number, id: UserId): boolean => {
  const person = distribution.keepPoolMember ? poolOf(from, context).find(member => member.id === id) : undefined
  return person !== undefined && person.active && !isAway(person, calendar, nowMs)
}

/** The pool at the moment when somebody keeps a lead: the ledger counts it like one given in turn. */
export const keptCandidates = (distribution: Distribution, from: Pool, context: Context, calendar: CalendarData, nowMs: number, id: UserId): readonly Candidate[] =>
  distribute(distribution, from, context, calendar, nowMs).because.candidates.map(one => (one.userId === id ? { ...one, verdict: 'chosen' } : one.verdict === 'chosen' ? { ...one, verdict: 'not-his-turn' } : one))

/** The pool a distribution gives from where nothing else is said. */
export const defaultPool = ({ pools, defaultPoolId }: Distribution): Pool => {
  const pool = pools.find(({ id }) => id === defaultPoolId) ?? pools[0]
  if (pool === undefined) throw new Error('the regulation has no pool')
  return pool
}

/** Absent, or not at work while work is going on. */
export const isAway = (person: Person, calendar: CalendarData, nowMs: number): boolean => person.absent || (person.dayOpen === false && isWorkingMs(person.calendar ?? calendar, nowMs))

/** Who decides when nobody of the pool can: the regulation's fallback person, else an active head of the pool, else anybody active of it. */
export const fallbackOf = (distribution: Distribution, context: Context): UserId => {
  if (!isDismissed(context, distribution.fallbackUserId)) return distribution.fallbackUserId
  const all = distribution.pools.flatMap(pool => poolOf(pool, context))
  return headsOf(distribution, context)[0] ?? all.find(person => person.active)?.id ?? distribution.fallbackUserId
}

/** Active heads of the people of all pools. */
export const headsOf = (distribution: Distribution, context: Context): readonly UserId[] =>
  [...new Set(distribution.pools.flatMap(pool => poolOf(pool, context)).flatMap(person => person.headIds))].filter(id => personOf(context, id)?.active === true)

/** People of the pool by id; a department's head is left out unless the regulation takes him in. */
export const poolOf = ({ members: from }: Pool, context: Context): readonly Person[] => {
  if (from.kind === 'people') return from.userIds.flatMap(id => personOf(context, id) ?? []).sort(byId)
  const members = context.people.filter(person => person.departmentIds.includes(from.departmentId))
  const heads = from.withHead ? new Set<UserId>() : new Set(members.flatMap(person => person.headIds))
  return members.filter(person => !heads.has(person.id)).sort(byId)
}

/** Is he one of the pool? */
export const isOfPool = (pool: Pool, context: Context, id: UserId): boolean => poolOf(pool, context).some(person => person.id === id)

/** Sums of 1/n are not exact: smaller differences are equal debts. */
const tolerance = 1e-6

const byId = (a: Person, b: Person): number => a.id - b.id

const debtOf = (context: Context, poolId: string, id: UserId): number => {
  const share = context.shares[poolId]?.[id]
  return share === undefined ? 0 : share.received - share.due
}

const weightOf = ({ order, weights }: Pool, id: UserId): number => (order === 'weighted' ? Math.max(0, weights[id] ?? 1) : 1)

/** The first thing that keeps somebody from getting a lead; being at work comes last, because it alone does not matter at night. */
const verdictOf = (person: Person, pool: Pool, context: Context, workingTime: boolean, { regions = [], hadIt = [] }: Wanted): Candidate['verdict'] => {
  if (!person.active) return 'dismissed'
  if (person.absent) return 'absent'
  if (hadIt.includes(person.id)) return 'had-it'
  const served = pool.regions[person.id]
  if (regions.length > 0 && served !== undefined && !regions.some(region => served.includes(region))) return 'other-region'
  if (weightOf(pool, person.id) === 0) return 'no-share'
  const load = context.load[person.id]
  if (pool.limits.open !== null && (load?.open ?? 0) >= pool.limits.open) return 'open-limit'
  if (pool.limits.perDay !== null && (load?.today ?? 0) >= pool.limits.perDay) return 'day-limit'
  return person.dayOpen ?? workingTime ? 'not-his-turn' : 'not-at-work'
}
