/** The ladder of a lead with open misses (S4-18…S4-20): the responsible knows of each at once; then deputy, head and director, each once, in order, until they are answered or acknowledged. */
import { addWorkingMs } from '../calendar.ts'
import type { Context, Reason } from '../command.ts'
import { openIncidents } from '../evolve.ts'
import type { UserId } from '../lead.ts'
import type { Incidents } from '../regulation.ts'
import { spanMs, toMoment, toMs } from '../time.ts'
import type { ActiveWatch, Ladder, LifeNotes, Moment } from '../watch.ts'
import { calendarOf, withOwnCalendars } from './calendars.ts'
import { isAbove } from './heads.ts'
import { activeWatch, give, isDismissed, nameOf, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

type Rung = Incidents['ladder'][number]

/** Tells whoever stands on the rungs that are due by now, and passes over those where nobody new stands. */
export const climb = (turn: Turn): void => {
  const incidentId = climbingOf(activeWatch(turn))
  if (incidentId === undefined) return
  for (let next = nextRung(turn, incidentId); next !== null && next.atMs <= turn.nowMs; next = nextRung(turn, incidentId)) step(turn, incidentId, next.rung)
}

/** The miss for which the lead's ladder is climbed: its oldest open one of which nobody has taken note. None while the lead waits by agreement. */
export const climbingOf = (watch: ActiveWatch): string | undefined => {
  if ((watch.step?.waiting ?? null) !== null) return undefined
  return openIncidents(watch).find((id) => {
    const ladder = watch.life?.ladders?.[id]
    return ladder !== undefined && ladder.acknowledged !== true
  })
}

/** When the next rung of this lead's ladder is due; null when none is left. */
export const nextRungAt = (turn: Turn): Moment | null => {
  const incidentId = climbingOf(activeWatch(turn))
  const next = incidentId === undefined ? null : nextRung(turn, incidentId)
  return next === null ? null : toMoment(next.atMs)
}

/**
 * Who would be told next of an open miss of this lead, and when; null when nobody is left. `missedAt`: while no miss is
 * open, when the next one would be noticed.
 */
export const nextTold = (pieces: Pick<Turn, 'regulation'> & { readonly watch: ActiveWatch; readonly context: Pick<Context, 'people' | 'calendar'> }, missedAt?: Moment): { readonly userId: UserId; readonly at: Moment } | null => {
  const context = withOwnCalendars({ ...pieces.context, shares: {}, load: {}, misses: {}, stageNames: {}, language: 'ru' }, pieces.regulation)
  const seen = { ...pieces, context }
  const incidentId = climbingOf(pieces.watch)
  const first: Ladder | undefined = missedAt === undefined || (pieces.watch.step?.waiting ?? null) !== null ? undefined : { since: missedAt, told: [pieces.watch.responsibleId], rungs: [] }
  let ladder = incidentId === undefined ? first : pieces.watch.life?.ladders?.[incidentId]
  for (let next = nextRungOf(seen, ladder); ladder !== undefined && next !== null; next = nextRungOf(seen, ladder)) {
    const { userId, why } = whoIsOn(seen, next.rung.rung, ladder)
    if (why === null && userId !== null) return { userId, at: toMoment(next.atMs) }
    ladder = { ...ladder, rungs: [...ladder.rungs, next.rung.rung] }
  }
  return null
}

/** Somebody above has taken note of an open miss: the lead's ladder ends, for all that it has missed so far. That whoever missed the deadline knows of it is only noted. Nothing happens for a miss that is answered, unknown or acknowledged already. */
export const acknowledge = (turn: Turn, incidentId: string, by: UserId | null): void => {
  const ladder = activeWatch(turn).life?.ladders?.[incidentId]
  if (ladder === undefined || ladder.acknowledged === true) return
  const because = { rule: 'acknowledged', byUserId: by } as const
  if (!isOwn(turn, ladder, by)) endLadder(turn, by, because)
  else if (ladder.noted !== true) remember(turn, incidentId, { ...ladder, noted: true }, because)
}

/** A lead that somebody gives to another person, when somebody above knows of what was missed, has been seen to. Before that its spans begin anew. */
export const handLadder = (turn: Turn, because: Reason): void => {
  const { life } = activeWatch(turn)
  if (life?.ladders === undefined) return
  if (Object.values(life.ladders).some(({ told }) => told.length > 1)) endLadder(turn, null, because)
  else give(turn, { kind: 'note', leadId: turn.lead.id, life: laddersFrom(life, turn.at), because })
}

/** What is missed so far is told further with whole spans from a moment on. */
export const laddersFrom = ({ ladders }: LifeNotes, since: Moment): Pick<LifeNotes, 'ladders'> =>
  (ladders === undefined ? {} : { ladders: Object.fromEntries(Object.entries(ladders).map(([id, ladder]) => [id, { ...ladder, since }])) })

const endLadder = (turn: Turn, byUserId: UserId | null, because: Reason): void => {
  const { life } = activeWatch(turn)
  for (const incidentId of openIncidents(activeWatch(turn))) {
    const ladder = life?.ladders?.[incidentId]
    if (ladder !== undefined && ladder.acknowledged !== true) give(turn, { kind: 'acknowledge-incident', leadId: turn.lead.id, incidentId, byUserId, at: turn.at, because })
  }
}

/** By the late person himself, or by whoever works on the lead now without being above him. */
const isOwn = (turn: Turn, { told: [late] }: Ladder, by: UserId | null): boolean =>
  by !== null && (by === late || (by === activeWatch(turn).responsibleId && !isAbove(turn, by, late ?? null)))

/** The rung that comes next. A rung never comes before one that stands below it, whatever its own span says. */
const nextRung = (turn: Turn, incidentId: string): NextRung | null => nextRungOf(turn, activeWatch(turn).life?.ladders?.[incidentId])

interface NextRung { readonly rung: Rung; readonly atMs: number }

const nextRungOf = (turn: Pick<Turn, 'regulation' | 'context'>, ladder: Ladder | undefined): NextRung | null => {
  if (ladder === undefined || ladder.acknowledged === true) return null
  const { ladder: rungs } = turn.regulation.incidents
  const place = rungs.findIndex(({ rung }) => !ladder.rungs.includes(rung))
  const rung = rungs[place]
  if (rung === undefined) return null
  const span = Math.max(...rungs.slice(0, place + 1).map(({ after }) => spanMs(after)))
  // Its working time is that of whoever has missed the deadline: he could act in it.
  const counted = addWorkingMs(calendarOf(turn, ladder.told[0] ?? null), toMs(ladder.since), span)
  return counted === null ? null : { rung, atMs: counted.dueMs }
}

const step = (turn: Turn, incidentId: string, { rung, after }: Rung): void => {
  const { leadId, incidentDues, life } = activeWatch(turn)
  const ladder = life?.ladders?.[incidentId]
  if (ladder === undefined) return
  const { userId, why } = whoIsOn(turn, rung, ladder)
  if (why !== null || userId === null) {
    remember(turn, incidentId, { ...ladder, rungs: [...ladder.rungs, rung] }, { rule: 'rung-skipped', rung, why: why ?? 'nobody', userId, incidentId })
    return
  }
  const because = { rule: 'rung', rung, userId, name: nameOf(turn.context, userId), dueAt: incidentDues?.[incidentId] ?? ladder.since, incidentId, after } as const
  remember(turn, incidentId, { ...ladder, told: [...ladder.told, userId], rungs: [...ladder.rungs, rung] }, because)
  give(turn, { kind: 'notify', leadId, userId, mark: `${incidentId}-rung-${rung}-${userId}`, about: 'rung', incidentId: null, because })
}

const remember = (turn: Turn, incidentId: string, ladder: Ladder, because: Reason): void => {
  const { leadId, life } = activeWatch(turn)
  give(turn, { kind: 'note', leadId, life: { ladders: { ...life?.ladders, [incidentId]: ladder } }, because })
}

/** The first of those who may stand there that works here and does not know yet; else why nobody does. */
const whoIsOn = (turn: Pick<Turn, 'regulation' | 'context'>, rung: Rung['rung'], { told }: Ladder): { readonly userId: UserId | null; readonly why: 'nobody' | 'dismissed' | 'told' | null } => {
  const named = candidatesOf(turn, rung, told[0] ?? null)
  const here = named.filter(id => !isDismissed(turn.context, id))
  const userId = here.find(id => !told.includes(id))
  if (userId !== undefined) return { userId, why: null }
  return { userId: here[0] ?? named[0] ?? null, why: here.length > 0 ? 'told' : named.length > 0 ? 'dismissed' : 'nobody' }
}

/** Whoever may stand on a rung above this person, the right one first. */
const candidatesOf = ({ regulation, context }: Pick<Turn, 'regulation' | 'context'>, rung: Rung['rung'], id: UserId | null): readonly UserId[] => {
  const { deputies, directorId } = regulation.roles
  if (rung === 'director') return directorId === null ? [] : [directorId]
  if (id === null) return []
  if (rung === 'deputy') return deputies[id] === undefined ? [] : [deputies[id]]
  const heads = personOf(context, id)?.headIds ?? []
  const present = heads.filter(head => personOf(context, head)?.absent !== true)
  // The nearest head who is there; one further up only where nobody nearer is.
  return (present.length > 0 ? present : heads).slice(0, 1)
}

