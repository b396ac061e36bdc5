/** A lead of nobody: its task stands until somebody is named, and those above learn of it every working day (product, 2). */
import { Temporal } from 'temporal-polyfill'
import { addWorkingMs, localDay, nextWorkingMoment } from '../calendar.ts'
import type { Act, UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { dayMs, secondMs, spanMs, toMs } from '../time.ts'
import { workingDay } from './deadlines.ts'
import { headFor } from './heads.ts'
import { mayBeObeyed } from './rights.ts'
import { followUpSeen, restoreFollowUp, setAppointment } from './tasks.ts'
import { activeWatch, give, isDismissed, markOf, nameOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** The task is set again where it was closed and nobody was named, or deleted; a lead that stays nobody's for a working day is told further. */
export const watchNobody = (turn: Turn, step: Step): void => {
  restoreFollowUp(turn, step)
  const { followUp } = activeWatch(turn)
  if (followUp === null || followUpSeen(turn)?.open === false) setAppointment(turn, { rule: 'follow-up-closed' }, `appoint-${Math.floor(turn.nowMs / secondMs)}`)
  tellFurther(turn)
}

/** What the holder of a lead of nobody does with it, newer than the act `seen`, by which it becomes his; undefined: nothing. */
export const workOfHolder = (turn: Turn, seen: number): Act | undefined => {
  const { responsibleId } = activeWatch(turn)
  return turn.lead.acts?.find(act => act.id > seen && act.byUserId === responsibleId && working.has(act.kind) && mayBeObeyed(turn, act, responsibleId))
}

const working: ReadonlySet<Act['kind']> = new Set(['not-reached', 'call-declared', 'call-back', 'wait', 'go-on', 'refuse'])

/** The head first, then the director, then the administrators, once a working day at most. Whoever has many old leads gets no message for each. */
const tellFurther = (turn: Turn): void => {
  const { leadId, responsibleId, takenOver, step } = activeWatch(turn)
  const known = step?.nobodyTold ?? null
  const dueMs = known === null ? patienceEndMs(turn) : nextDayMs(turn, toMs(known.lastAt))
  if (takenOver === true || dueMs > turn.nowMs) return
  const because = { rule: 'nobody-named', userId: responsibleId, name: nameOf(turn.context, responsibleId), since: sinceOf(turn) } as const
  const times = known?.times ?? 0
  give(turn, { kind: 'note', leadId, step: { nobodyTold: { times: times + 1, lastAt: turn.at } }, because })
  const circles = circlesOf(turn)
  for (const userId of circles[Math.min(times, circles.length - 1)] ?? [])
    give(turn, { kind: 'notify', leadId, userId, mark: markOf(turn, `nobody-${userId}-${Math.floor(turn.nowMs / secondMs)}`), about: 'nobody-available', incidentId: null, because })
}

const circlesOf = (turn: Turn): readonly (readonly UserId[])[] => {
  const { responsibleId } = activeWatch(turn)
  const head = headFor(turn, responsibleId)
  const { directorId } = turn.regulation.roles
  const { adminIds = [] } = turn.context
  const told = new Set<UserId>([responsibleId])
  const circles = [head === undefined ? [] : [head], directorId === null ? [] : [directorId], adminIds].map(circle => circle.filter((id) => {
    const isNew = !told.has(id) && !isDismissed(turn.context, id)
    told.add(id)
    return isNew
  })).filter(circle => circle.length > 0)
  // Nobody else is there: the one who has to name somebody is reminded.
  return circles.length > 0 ? circles : [[responsibleId]]
}

const sinceOf = (turn: Turn): string => activeWatch(turn).step?.nobodySince ?? activeWatch(turn).enteredAt

const patienceEndMs = (turn: Turn): number => addWorkingMs(turn.calendar, toMs(sinceOf(turn)), spanMs(workingDay))?.dueMs ?? toMs(sinceOf(turn)) + dayMs

/** When the next working day begins. */
const nextDayMs = (turn: Turn, lastMs: number): number => {
  const { end } = localDay(turn.calendar, lastMs)
  return nextWorkingMoment(turn.calendar, Temporal.Instant.fromEpochMilliseconds(end))?.epochMilliseconds ?? end
}
