/** Misses: recorded once each, told to the person, and to his head after several. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { openIncidents } from '../evolve.ts'
import { dayMs, toMs } from '../time.ts'
import type { UserId } from '../lead.ts'
import type { MadeBy, Moment } from '../watch.ts'
import { cardState, questionTitles } from './card.ts'
import { isSystemDelay, setClock } from './deadlines.ts'
import type { Term } from './deadlines.ts'
import { isTestLead } from './test-leads.ts'
import { renewFollowUp } from './tasks.ts'
import { fallbackOf, headsOf } from './distribution.ts'
import { activeWatch, give, isDismissed, markOf, nameOf, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

export type Miss = 'no-first-contact' | 'not-finished' | 'answers-missing'

/** Records a missed deadline and tells the responsible. The delay of our own is told, but not counted; nor is a test lead's miss, which never counts as delivered. */
export const openIncident = (turn: Turn, term: Term, about: Miss, dueAt: Moment): void => {
  const { leadId, responsibleId: userId, stepId, round } = activeWatch(turn)
  const incidentId = `${leadId}-${stepId}-${round}`
  const mark = markOf(turn, 'missed')
  const systemDelay = isSystemDelay(turn, toMs(dueAt))
  const because = missed(turn, term, about, dueAt)
  give(turn, { kind: 'open-incident', leadId, incidentId, userId, dueAt, noticedAt: turn.at, about, systemDelay, because })
  give(turn, { kind: 'notify', leadId, userId, mark, about: 'missed', incidentId: isTestLead(turn.lead, turn.regulation) ? null : incidentId, because })
}

/** A deadline that somebody has let pass before he did anything is missed, however late we look. */
export const missIfOver = (turn: Turn, askedMs: number): void => {
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind === 'none' || askedMs <= toMs(clock.dueAt) || turn.commands.some(({ kind }) => kind === 'open-incident')) return
  openIncident(turn, clock.kind, contactedAt === null ? 'no-first-contact' : 'not-finished', clock.dueAt)
}

const missed = (turn: Turn, term: Term, about: Miss, dueAt: Moment): Extract<Reason, { rule: 'deadline-missed' }> => {
  const { card } = turn.regulation
  const titles = about === 'answers-missing' ? questionTitles(card, cardState(card, turn.lead.fields).toAsk, turn.context.language) : []
  return { rule: 'deadline-missed', about: term, dueAt, noticedAt: turn.at, ...(titles.length === 0 ? {} : { titles }) }
}

/** The deadline has passed without the step's result: incident, message, a new term. `known`: what was missed; null: as the term says. `made`: the span of the new term. */
export const missDeadline = (turn: Turn, step: Step, known: Miss | null, made?: MadeBy): void => {
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind === 'none') return
  const about = known ?? (clock.kind === 'first-contact' || (clock.kind === 'again' && contactedAt === null) ? 'no-first-contact' : 'not-finished')
  openIncident(turn, clock.kind, about, clock.dueAt)
  const because = missed(turn, clock.kind, about, clock.dueAt)
  if (!setClock(turn, step, 'again', toMs(turn.at), made === undefined ? {} : { made })) give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { kind: 'none' }, because: { rule: 'no-working-time' } })
  renewFollowUp(turn, step, because)
}

/** The open misses of the lead are answered. */
export const resolveIncidents = (turn: Turn, because: Reason): void => {
  for (const incidentId of openIncidents(activeWatch(turn))) give(turn, { kind: 'resolve-incident', leadId: turn.lead.id, incidentId, at: turn.at, because })
}

/** Misses whose deadline the contact had met, though it was registered later, are nobody's. */
export const resolveInTime = (turn: Turn, contactMs: number): void => {
  const { incidentDues } = activeWatch(turn)
  for (const incidentId of openIncidents(activeWatch(turn))) {
    const dueAt = incidentDues?.[incidentId]
    if (dueAt !== undefined && contactMs <= toMs(dueAt)) give(turn, { kind: 'resolve-incident', leadId: turn.lead.id, incidentId, at: turn.at, inTime: true, because: { rule: 'incident-answered', how: 'in-time' } })
  }
}

/** Brings in the head of department after so many delivered misses within the window; then counting begins anew. */
export const escalate = (turn: Turn, userId: UserId): void => {
  const { id: leadId } = turn.lead
  const { misses, windowDays } = turn.regulation.incidents
  const since = turn.nowMs - windowDays * dayMs
  const inTime = new Set(turn.commands.flatMap(command => (command.kind === 'resolve-incident' && command.inTime === true ? [command.incidentId] : [])))
  const counted = (turn.context.misses[userId] ?? []).filter(miss => !inTime.has(miss.incidentId) && toMs(miss.deliveredAt) >= since && toMs(miss.deliveredAt) <= turn.nowMs)
  const last = counted.at(-1)
  if (misses <= 0 || counted.length < misses || last === undefined) return
  const heads = personOf(turn.context, userId)?.headIds ?? []
  const head = heads.find(id => personOf(turn.context, id)?.absent !== true) ?? heads[0]
  const { distribution } = turn.regulation
  const toUserId = [...(head === undefined ? [] : [head]), fallbackOf(distribution, turn.context), ...headsOf(distribution, turn.context)].find(id => id !== userId && !isDismissed(turn.context, id))
  if (toUserId === undefined) return
  const repeated = { rule: 'misses-repeated', count: counted.length, windowDays, name: nameOf(turn.context, userId) } as const
  give(turn, { kind: 'escalate', leadId, userId, toUserId, at: turn.at, incidentIds: counted.map(miss => miss.incidentId), because: head === undefined ? { rule: 'no-head', userId } : repeated })
  give(turn, { kind: 'notify', leadId: last.leadId, userId: toUserId, mark: `${last.incidentId}-escalated-${userId}`, about: 'escalated', incidentId: null, because: repeated })
}
