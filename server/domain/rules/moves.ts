/** How often and how far people may move a deadline in the task (S0-23). */
import { addWorkingMs } from '../calendar.ts'
import type { Step } from '../regulation.ts'
import { dayMs, minuteMs, spanMs, toMoment, toMs } from '../time.ts'
import { sameMinute } from './tasks.ts'
import { activeWatch, give, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * A deadline that may not be moved at all, so often or so far is put back, and the responsible is told once a day; false when it may be followed.
 * Automation that sets it again and again is given way to: the task keeps its date, and the step its own deadline.
 */
export const putBack = (turn: Turn, step: Step, wantedMs: number): boolean => {
  const { leadId, responsibleId, clock, followUp, step: notes } = activeWatch(turn)
  if (clock.kind === 'none' || followUp === null) return false
  const isKnown = notes?.refusedDeadline !== undefined && sameMinute(toMs(notes.refusedDeadline), wantedMs)
  if (isKnown && turn.nowMs - toMs(notes.refusedAt ?? turn.at) < patienceMs) return true
  const why = whyNoMove(turn, step, wantedMs)
  if (why === null) return false
  const earlier = (notes?.putBackAt ?? []).filter(moment => toMs(moment) > turn.nowMs - dayMs)
  if (earlier.length >= mostPutBacks) return true
  const wanted = toMoment(wantedMs)
  const because = { rule: 'deadline-move-refused', why, wanted, dueAt: clock.dueAt } as const
  const purpose = `put-back-${Math.floor(wantedMs / minuteMs)}-${Math.floor(turn.nowMs / 1_000)}`
  give(turn, { kind: 'note', leadId, step: { refusedDeadline: wanted, refusedAt: turn.at, putBackAt: [...earlier, turn.at] }, because })
  give(turn, { kind: 'change-follow-up', leadId, mark: markOf(turn, purpose), followUp: followUp.mark, form: followUp.form, deadlineAt: clock.dueAt, responsibleId: null, because })
  if (earlier.length === 0) give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `${purpose}-told`), about: 'move-limit', incidentId: null, because })
  return true
}

/** Until then a look that shows the refused deadline may be older than our putting it back. */
const patienceMs = 10 * minuteMs
/** Whoever sets it more often than this within a day will not be stopped by us. */
const mostPutBacks = 3

/** Why a person may not move the deadline to that moment; null: he may. */
export const whyNoMove = (turn: Turn, step: Step, wantedMs: number): 'not-allowed' | 'too-many' | 'too-far' | null => {
  const { clock, step: notes } = activeWatch(turn)
  if (step.followUp?.deadlineMayMove !== true) return 'not-allowed'
  const { moves } = step.followUp
  if (moves === undefined || clock.kind === 'none') return null
  const furthest = addWorkingMs(turn.calendar, toMs(clock.movedFrom ?? clock.dueAt), spanMs(moves.furthest))
  if ((notes?.deadlineMoves ?? 0) >= moves.most) return 'too-many'
  return furthest !== null && wantedMs > furthest.dueMs ? 'too-far' : null
}
