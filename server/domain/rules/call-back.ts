/** «Просит перезвонить»: the next try at the moment that the client has named. Nothing waits by that: it is a deadline like any other (S0-7, S3-16). */
import { addWorkingMs } from '../calendar.ts'
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { dayMs, minuteMs, secondMs, spanMs, toMoment } from '../time.ts'
import type { StepNotes } from '../watch.ts'
import { firstContact } from './contact.ts'
import type { Contact } from './contact.ts'
import { reminderMs } from './deadlines.ts'
import { missIfOver } from './incidents.ts'
import { renewFollowUp } from './tasks.ts'
import { activeWatch, give, markOf } from './turn.ts'
import type { Turn } from './turn.ts'
import { nextTalkFrom, stopWaiting } from './waiting.ts'

type CallBack = NonNullable<StepNotes['callBack']>

/** The call that the client has asked for; null: none. */
export const callBackOf = (turn: Turn): CallBack | null => activeWatch(turn).step?.callBack ?? null

/** Moves the deadline and the follow-up to the moment asked for, as far ahead as the regulation allows. A deadline that was over by then leaves its miss. */
export const startCallBack = (turn: Turn, step: Step, askedMs: number, wantedMs: number): void => {
  const dueMs = Math.floor(Math.min(wantedMs, latestMs(turn, step, askedMs)) / secondMs) * secondMs
  const until = toMoment(dueMs)
  if (dueMs <= turn.nowMs || callBackOf(turn)?.until === until) return
  missIfOver(turn, askedMs)
  stopWaiting(turn, step, { rule: 'waiting-stopped', how: 'asked' })
  const { leadId, clock, contactedAt, responsibleId } = activeWatch(turn)
  const because = { rule: 'postponed', until } as const
  const kind = clock.kind === 'none' ? (contactedAt === null ? 'first-contact' : 'finish') : clock.kind
  give(turn, { kind: 'note', leadId, step: { callBack: { until, askedAt: toMoment(askedMs) } }, because })
  give(turn, { kind: 'set-clock', leadId, clock: { kind, startedAt: turn.at, dueAt: until, movedFrom: null, reminded: reminderMs(step, dueMs, turn.nowMs) === null }, because })
  renewFollowUp(turn, step, because)
  if (dueMs + minuteMs > wantedMs) return
  const wanted = toMoment(wantedMs)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `call-back-${Math.floor(wantedMs / minuteMs)}-${Math.floor(askedMs / secondMs)}`), about: 'move-limit', incidentId: null, because: { rule: 'deadline-move-refused', why: 'too-far', wanted, dueAt: until } })
}

/** The talk asked for: a call or a meeting begun after the one in which the client has asked for it. A letter is none. */
export const talkAfter = (turn: Turn, { askedAt }: CallBack): Contact | null => {
  const activities = turn.lead.activities.filter(({ kind }) => kind === 'call' || kind === 'meeting')
  return firstContact({ ...turn.lead, activities }, turn.regulation, nextTalkFrom({ askedAt, since: askedAt }), turn.nowMs, 'begun')
}

/** The client was reached in the talk in which he asked for the call: after it the result is awaited, still at his moment. */
export const keepCallBack = (turn: Turn, because: Reason): void => {
  const { clock, leadId } = activeWatch(turn)
  if (callBackOf(turn) !== null && clock.kind === 'first-contact') give(turn, { kind: 'set-clock', leadId, clock: { ...clock, kind: 'finish' }, because })
}

/** The call was made; true when there was one to make. */
export const endCallBack = (turn: Turn, because: Reason): boolean => {
  if (callBackOf(turn) === null) return false
  give(turn, { kind: 'note', leadId: turn.lead.id, step: { callBack: null }, because })
  return true
}

/** As far as the client may be waited for; else as the step's deadline may be moved; else two weeks. */
const latestMs = (turn: Turn, { followUp }: Step, askedMs: number): number => {
  const { allowed, maxDays } = turn.regulation.waiting
  if (allowed) return askedMs + maxDays * dayMs
  const moved = followUp?.moves === undefined ? null : addWorkingMs(turn.calendar, askedMs, spanMs(followUp.moves.furthest))
  return moved?.dueMs ?? askedMs + farthestDays * dayMs
}

const farthestDays = 14
