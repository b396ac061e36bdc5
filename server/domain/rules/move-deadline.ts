/** «Перенести срок» in the tab: the same limits as for a move in the task itself (S0-23). */
import type { Temporal } from 'temporal-polyfill'
import type { Context } from '../command.ts'
import { addWorkingMs } from '../calendar.ts'
import type { Lead } from '../lead.ts'
import type { CalendarData, Regulation, Step } from '../regulation.ts'
import { minuteMs, secondMs, spanMs, toMoment, toMs } from '../time.ts'
import type { ActiveWatch } from '../watch.ts'
import { isWaiting, reminderMs } from './deadlines.ts'
import { whyNoMove } from './moves.ts'
import { activeWatch, give, markOf, openTurn } from './turn.ts'
import type { Turn } from './turn.ts'

/** Moves the running term and its task; a move that the regulation does not allow is told, and nothing changes. */
export const moveDeadline = (turn: Turn, step: Step, wantedMs: number): void => {
  const { leadId, clock, followUp, responsibleId } = activeWatch(turn)
  if (clock.kind === 'none' || followUp === null || isWaiting(turn)) return
  const dueMs = Math.floor(wantedMs / secondMs) * secondMs
  const dueAt = toMoment(dueMs)
  if (dueMs <= turn.nowMs || dueAt === clock.dueAt) return
  const why = whyNoMove(turn, step, dueMs)
  if (why !== null) {
    give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `move-${Math.floor(dueMs / minuteMs)}-${Math.floor(turn.nowMs / secondMs)}`), about: 'move-limit', incidentId: null, because: { rule: 'deadline-move-refused', why, wanted: dueAt, dueAt: clock.dueAt } })
    return
  }
  const because = { rule: 'deadline-moved', from: clock.dueAt, to: dueAt } as const
  give(turn, { kind: 'change-follow-up', leadId, mark: markOf(turn, `moved-${Math.floor(dueMs / secondMs)}-${Math.floor(turn.nowMs / secondMs)}`), followUp: followUp.mark, form: followUp.form, deadlineAt: dueAt, responsibleId: null, because })
  give(turn, { kind: 'set-clock', leadId, clock: { ...clock, dueAt, movedFrom: clock.movedFrom ?? clock.dueAt, reminded: reminderMs(step, dueMs, turn.nowMs) === null }, because })
}

export interface MoveLimits {
  readonly made: number
  /** Null: without limit. */
  readonly most: number | null
  readonly latestMs: number | null
}

export interface Asked { readonly watch: ActiveWatch; readonly lead: Lead; readonly regulation: Regulation; readonly context: Pick<Context, 'people' | 'calendar'>; readonly now: Temporal.Instant }

const turnOf = ({ watch, lead, regulation, context, now }: Asked): Turn => openTurn(watch, lead, regulation, watch.regulationVersion, { ...context, shares: {}, load: {}, misses: {}, stageNames: {}, language: 'ru' }, now)

/** How often and how far the running term may be moved; null: it may not, or none runs. */
export const moveLimits = (asked: Asked, step: Step): MoveLimits | null => {
  const turn = turnOf(asked)
  const { clock, followUp, step: notes } = activeWatch(turn)
  if (clock.kind === 'none' || followUp === null || isWaiting(turn) || step.followUp?.deadlineMayMove !== true) return null
  const { moves } = step.followUp
  const made = notes?.deadlineMoves ?? 0
  if (moves === undefined) return { made, most: null, latestMs: null }
  return made >= moves.most ? null : { made, most: moves.most, latestMs: furthestMs(turn.calendar, toMs(clock.movedFrom ?? clock.dueAt), moves.furthest) }
}

const furthestMs = (calendar: CalendarData, dueMs: number, span: string): number | null => addWorkingMs(calendar, dueMs, spanMs(span))?.dueMs ?? null

/** Why a move to that moment is not allowed; null: it is. */
export const whyNotMovable = (asked: Asked, step: Step, wantedMs: number): 'not-allowed' | 'too-many' | 'too-far' | null => {
  const turn = turnOf(asked)
  return activeWatch(turn).clock.kind === 'none' || activeWatch(turn).followUp === null ? 'not-allowed' : whyNoMove(turn, step, wantedMs)
}
