/** Misses: recorded once each, told to the person, and to his head after several. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { openIncidents } from '../evolve.ts'
import { dayMs, toMs } from '../time.ts'
import type { Moment } from '../watch.ts'
import { isSystemDelay, setClock } from './deadlines.ts'
import type { Term } from './deadlines.ts'
import { renewFollowUp } from './tasks.ts'
import { activeWatch, give, markOf, nameOf, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

export type Miss = 'no-first-contact' | 'not-finished' | 'answers-missing'

/** Records a missed deadline and tells the responsible. The delay of our own is told, but not counted. */
export const openIncident = (turn: Turn, term: Term, about: Miss, dueAt: Moment): void => {
  const { leadId, responsibleId: userId, stepId, round } = activeWatch(turn)
  const incidentId = `${leadId}-${stepId}-${round}`
  const mark = markOf(turn, 'missed')
  const systemDelay = isSystemDelay(turn, toMs(dueAt))
  const because = { rule: 'deadline-missed', about: term, dueAt, noticedAt: turn.at } as const
  give(turn, { kind: 'open-incident', leadId, incidentId, userId, dueAt, noticedAt: turn.at, about, systemDelay, because })
  give(turn, { kind: 'notify', leadId, userId, mark, about: 'missed', incidentId: systemDelay ? null : incidentId, because })
}

/** The deadline has passed without the step's result: incident, message, a new term. */
export const missDeadline = (turn: Turn, step: Step, answersMissing: boolean): void => {
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind === 'none') return
  const open = clock.kind === 'first-contact' || (clock.kind === 'again' && contactedAt === null) ? 'no-first-contact' : 'not-finished'
  openIncident(turn, clock.kind, answersMissing ? 'answers-missing' : open, clock.dueAt)
  const because = { rule: 'deadline-missed', about: clock.kind, dueAt: clock.dueAt, noticedAt: turn.at } as const
  if (!setClock(turn, step, 'again', toMs(turn.at))) give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { kind: 'none' }, because: { rule: 'no-working-time' } })
  renewFollowUp(turn, step, because)
}

/** The open misses of the lead are answered. */
export const resolveIncidents = (turn: Turn, because: Reason): void => {
  for (const incidentId of openIncidents(activeWatch(turn))) give(turn, { kind: 'resolve-incident', leadId: turn.lead.id, incidentId, at: turn.at, because })
}

/** Brings in the head of department after so many delivered misses within the window; then counting begins anew. */
export const escalate = (turn: Turn): void => {
  const { leadId, responsibleId: userId } = activeWatch(turn)
  const { misses, windowDays } = turn.regulation.incidents
  const since = turn.nowMs - windowDays * dayMs
  const counted = (turn.context.misses[userId] ?? []).filter(miss => toMs(miss.deliveredAt) >= since && toMs(miss.deliveredAt) <= turn.nowMs)
  const last = counted.at(-1)
  if (misses <= 0 || counted.length < misses || last === undefined) return
  const heads = personOf(turn.context, userId)?.headIds ?? []
  const head = heads.find(id => personOf(turn.context, id)?.absent !== true) ?? heads[0]
  const toUserId = head ?? turn.regulation.distribution.fallbackUserId
  const repeated = { rule: 'misses-repeated', count: counted.length, windowDays, name: nameOf(turn.context, userId) } as const
  give(turn, { kind: 'escalate', leadId, userId, toUserId, at: turn.at, incidentIds: counted.map(miss => miss.incidentId), because: head === undefined ? { rule: 'no-head', userId } : repeated })
  give(turn, { kind: 'notify', leadId, userId: toUserId, mark: `${last.incidentId}-escalated-${userId}`, about: 'escalated', incidentId: null, because: repeated })
}
