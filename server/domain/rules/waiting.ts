/** «Ждать»: the clock is paused until a date, within a limit (S3-24). */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { addWorkingMs, workingMsBetween } from '../calendar.ts'
import { dayMs, minuteMs, secondMs, spanMs, toMoment, toMs } from '../time.ts'
import type { Moment, StepNotes } from '../watch.ts'
import { deadlineOf, reminderMs } from './deadlines.ts'
import { dateMs } from './dates.ts'
import { headFor } from './heads.ts'
import { missIfOver } from './incidents.ts'
import { laddersFrom } from './ladder.ts'
import { presentCard } from './results.ts'
import { changeFollowUp, followUpSeen, renewFollowUp, sameMinute } from './tasks.ts'
import { activeWatch, give, markOf, nameOf } from './turn.ts'
import type { Turn } from './turn.ts'

type Wait = NonNullable<StepNotes['waiting']>

/** The wait that this lead is in; null: none. */
export const waitOf = (turn: Turn): Wait | null => activeWatch(turn).step?.waiting ?? null

/** Pauses the clock until a moment, as far as the regulation allows; asked for again, the wait is made longer or shorter. */
export const startWaiting = (turn: Turn, askedMs: number, wantedMs: number, why: { readonly comment: string } | 'postponed'): void => {
  const { allowed, maxDays } = turn.regulation.waiting
  const { life, leadId, responsibleId, clock } = activeWatch(turn)
  const present = waitOf(turn)
  if (wantedMs <= turn.nowMs) return
  const usedDays = life?.waitedDays ?? 0
  const latestMs = Math.floor((present === null ? askedMs : toMs(present.since)) + (maxDays - usedDays) * dayMs)
  const until = toMoment(Math.min(wantedMs, latestMs))
  const refuse = (because: Reason) => { give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `wait-${Math.floor(wantedMs / minuteMs)}-${Math.floor(askedMs / 1_000)}`), about: 'waiting-refused', incidentId: null, because }) }
  if (!allowed || latestMs <= turn.nowMs) {
    refuse(allowed ? { rule: 'waiting-spent', maxDays } : { rule: 'waiting-not-allowed' })
    return
  }
  if (present?.until === until) return
  if (why !== 'postponed') missIfOver(turn, askedMs)
  if (wantedMs > latestMs) refuse({ rule: 'waiting-too-long', wanted: toMoment(wantedMs), until, maxDays })
  const paused = present ?? { since: turn.at, remainingMs: clock.kind === 'none' ? null : workingMsBetween(turn.calendar, turn.nowMs, toMs(clock.dueAt)), ...(clock.kind === 'none' ? {} : { about: clock.kind }) }
  pause(turn, { ...paused, until, askedAt: toMoment(askedMs) }, why === 'postponed' ? { rule: 'postponed', until } : { rule: 'waiting', until, comment: why.comment, usedDays, maxDays })
  if (present === null) watchShare(turn)
}

/** «Отложен» as the card's result is a wait until its date, asked for once. */
export const waitAsPostponed = (turn: Turn, step: Step): void => {
  const { result, postponedUntil } = presentCard(turn, step)
  const untilMs = result === 'postponed' && postponedUntil !== null ? dateMs(turn, postponedUntil) : null
  if (untilMs === null || activeWatch(turn).step?.postponedTo === toMoment(untilMs)) return
  const until = toMoment(untilMs)
  give(turn, { kind: 'note', leadId: turn.lead.id, step: { postponedTo: until }, because: { rule: 'postponed', until } })
  startWaiting(turn, turn.nowMs, untilMs, 'postponed')
}

/** The date is there: the clock goes on, the follow-up is renewed, and the responsible is told. */
export const endIfOver = (turn: Turn, step: Step): void => {
  const wait = waitOf(turn)
  if (wait === null || toMs(wait.until) > turn.nowMs) return
  const because = { rule: 'waiting-over', since: wait.since } as const
  stopWaiting(turn, step, because)
  renewFollowUp(turn, step, because)
  const { leadId, responsibleId } = activeWatch(turn)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `waited-${Math.floor(toMs(wait.until) / minuteMs)}`), about: 'waiting-over', incidentId: null, because })
}

/** From when on a contact is another talk than the one in which the wait was agreed on: that one had begun when it was asked for. */
export const nextTalkFrom = ({ askedAt, since }: Pick<Wait, 'askedAt' | 'since'>): Moment => toMoment((Math.floor(toMs(askedAt ?? since) / secondMs) + 1) * secondMs)

/** The client was reached, and the wait goes on: after it the result is awaited. */
export const awaitResult = (turn: Turn, step: Step, because: Reason): void => {
  const wait = waitOf(turn)
  const finish = deadlineOf(turn, step)?.finish
  if (wait === null || wait.remainingMs === null || wait.about === 'finish' || finish === undefined) return
  give(turn, { kind: 'note', leadId: turn.lead.id, step: { waiting: { ...wait, about: 'finish', remainingMs: spanMs(finish) } }, because })
}

/** Ends the wait: what remained of the term goes on, at least the term of a new try. */
export const stopWaiting = (turn: Turn, step: Step, because: Reason): void => {
  const wait = waitOf(turn)
  if (wait === null) return
  noteEnd(turn, because)
  forgetMove(turn)
  if (wait.remainingMs === null || step.deadline === null) return
  const counted = addWorkingMs(turn.calendar, toMs(turn.at), Math.max(wait.remainingMs, spanMs(step.deadline.again)))
  if (counted === null) return
  const kind = wait.about ?? (activeWatch(turn).contactedAt === null ? 'first-contact' : 'finish')
  give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { kind, startedAt: turn.at, dueAt: toMoment(counted.dueMs), movedFrom: null, reminded: reminderMs(step, counted.dueMs, turn.nowMs) === null }, because })
  if (because.rule !== 'waiting-over') changeFollowUp(turn, because, null)
}

/** A deadline that a person has moved while nothing was due is not taken for one of the term that goes on. */
const forgetMove = (turn: Turn): void => {
  const { leadId, followUp } = activeWatch(turn)
  const seenMs = followUpSeen(turn)?.deadlineAt?.epochMilliseconds
  const deadlineAt = followUp?.deadlineAt ?? null
  if (deadlineAt === null || seenMs === undefined || sameMinute(toMs(deadlineAt), seenMs)) return
  give(turn, { kind: 'note', leadId, step: { refusedDeadline: toMoment(seenMs), refusedAt: turn.at }, because: { rule: 'daily-look' } })
}

/** The days of a wait are counted whatever ended it, e.g. a move to another stage. */
export const noteEnd = (turn: Turn, because: Reason): void => {
  const { step, life, leadId, responsibleId } = activeWatch(turn)
  const wait = step?.waiting ?? null
  if (wait === null) return
  const waitedDays = Math.round(((life?.waitedDays ?? 0) + Math.max(0, turn.nowMs - toMs(wait.since)) / dayMs) * 100) / 100
  give(turn, { kind: 'note', leadId, life: { waitedDays, ...laddersFrom(life ?? {}, turn.at) }, step: { waiting: null }, waits: { userId: responsibleId, by: -1 }, because })
}

const pause = (turn: Turn, wait: Wait, because: Reason): void => {
  const { leadId, responsibleId, clock, followUp } = activeWatch(turn)
  const isNew = waitOf(turn) === null
  give(turn, { kind: 'note', leadId, step: { waiting: wait, ...(turn.watch.status === 'active' && turn.watch.step?.callBack ? { callBack: null } : {}) }, ...(isNew ? { waits: { userId: responsibleId, by: 1 } } : {}), because })
  if (clock.kind !== 'none') give(turn, { kind: 'set-clock', leadId, clock: { kind: 'none' }, because })
  if (followUp !== null && followUp.deadlineAt !== wait.until) give(turn, { kind: 'change-follow-up', leadId, mark: markOf(turn, `wait-until-${Math.floor(toMs(wait.until) / minuteMs)}-${Math.floor(turn.nowMs / 1_000)}`), followUp: followUp.mark, form: followUp.form, deadlineAt: wait.until, responsibleId: null, because })
}

/** Tells the head when this wait takes the share of the person's waiting leads over the limit. */
const watchShare = (turn: Turn): void => {
  const { shareLimit } = turn.regulation.waiting
  const { leadId, responsibleId } = activeWatch(turn)
  const load = turn.context.load[responsibleId]
  const toUserId = headFor(turn, responsibleId)
  if (shareLimit === null || load === undefined || load.open < fewLeads || toUserId === undefined) return
  const share = (load.waiting + 1) / load.open
  if (share <= shareLimit || load.waiting / load.open > shareLimit) return
  give(turn, { kind: 'notify', leadId, userId: toUserId, mark: markOf(turn, `share-${Math.floor(turn.nowMs / 1_000)}`), about: 'waiting-share', incidentId: null, because: { rule: 'waiting-share', userId: responsibleId, name: nameOf(turn.context, responsibleId), waiting: load.waiting + 1, open: load.open, share } })
}

/** Of very few leads a share says nothing. */
const fewLeads = 4
