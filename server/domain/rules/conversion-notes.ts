/** What stays known of a lead's conversions by the application, and what an undone one leaves of it. */
import type { Act } from '../lead.ts'
import { toMoment, toMs } from '../time.ts'
import type { LifeNotes } from '../watch.ts'
import { movedAt } from './steps.ts'
import { give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

/** What obeying this act leaves in the lead's life. */
export const conversionNotes = (act: Act): LifeNotes => {
  if (act.kind === 'converted') return { convertedBy: act.conversionId }
  return act.kind === 'conversion-undone' ? { convertedBy: null, conversionEndedAt: toMoment(act.at.epochMilliseconds) } : {}
}

/** A lead that is worked on anew may be converted anew. */
export const withoutConversions = ({ convertedBy: _by, conversionEndedAt: _endedAt, convertedPast: _past, ...life }: LifeNotes): LifeNotes => life

/** A conversion that was undone is no end: on a stage of no step the lead is as its last step has left it. */
export const forgetUndone = (turn: Turn): void => {
  const { watch, lead, regulation } = turn
  if (watch.status !== 'closed' || watch.outcome !== 'converted' || lead.semantic !== 'processing') return
  const at = movedAt(turn)
  const isUndone = (watch.life?.convertedBy ?? null) === null && watch.life?.conversionEndedAt !== undefined
  // An old look shows where the lead stood before it was converted.
  if (!isUndone || at === null || toMs(at) <= toMs(watch.movedAt ?? watch.closedAt)) return
  const step = watch.stepId === undefined ? undefined : stepById(regulation, watch.stepId)
  give(turn, {
    kind: 'close-watch', leadId: lead.id, outcome: step?.leave.done?.stageId === lead.stageId ? 'qualified' : 'moved-on', at: turn.at, stageId: lead.stageId, movedAt: at,
    because: { rule: 'act', what: 'conversion-undone', byUserId: null },
  })
}
