/** Clocks: until when the step's next result is due, and when to look again. */
import type { Deadline, Step } from '../regulation.ts'
import { addWorkingMs, workingMsBetween } from '../calendar.ts'
import { dayMs, minuteMs, spanMs, toMoment, toMs } from '../time.ts'
import type { Clock } from '../watch.ts'
import { basisOf } from './contact.ts'
import { openIncidents } from '../evolve.ts'
import { changeFollowUp, followUpSeen, sameMinute } from './tasks.ts'
import { activeWatch, give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

export type Term = Exclude<Clock['kind'], 'none'>

/**
 * A miss noticed later than this many working minutes is our delay. A look normally comes within seconds of the deadline, so half an
 * hour means that we were not running; it also leaves room for a demonstration clock that runs hundreds of times faster.
 */
export const defaultSystemDelayMinutes = 30

/** Sets the step's clock from a moment on, or from now if the term would be over already; false when the step has no deadline or the calendar no working time. */
export const setClock = (turn: Turn, step: Step, about: Term, fromMs: number): boolean => {
  if (step.deadline === null) return false
  const basis = about === 'first-contact' ? basisOf(turn.lead.contact) : null
  const ordinary = basis !== null ? step.deadline.firstContact[basis] : about === 'finish' ? step.deadline.finish : againSpan(turn, step.deadline)
  const span = turn.isOld ? longer(ordinary, step.deadline.slow ?? workingDay) : ordinary
  const counted = addWorkingMs(turn.calendar, fromMs, spanMs(span))
  if (counted === null) return false
  if (counted.dueMs <= turn.nowMs && fromMs < toMs(turn.at)) return setClock(turn, step, about, toMs(turn.at))
  const clock = { kind: about, startedAt: toMoment(fromMs), dueAt: toMoment(counted.dueMs), movedFrom: null }
  give(turn, {
    kind: 'set-clock',
    leadId: turn.lead.id,
    clock: { ...clock, reminded: reminderMs(step, counted.dueMs, fromMs) === null },
    because: {
      rule: 'deadline',
      about,
      basis,
      span,
      startedAt: clock.startedAt,
      dueAt: clock.dueAt,
      timeZone: turn.calendar.timeZone,
      pieces: counted.pieces.map(([from, to]) => ({ from: toMoment(from), to: toMoment(to) })),
    },
  })
  return true
}

const longer = (a: string, b: string): string => (spanMs(a) >= spanMs(b) ? a : b)

/** A new term for what is asked again; a term that runs longer anyway is left as it is. */
export const grantTerm = (turn: Turn, step: Step): void => {
  const { clock } = activeWatch(turn)
  const counted = step.deadline === null ? null : addWorkingMs(turn.calendar, toMs(turn.at), spanMs(againSpan(turn, step.deadline)))
  if (counted !== null && (clock.kind === 'none' || counted.dueMs > toMs(clock.dueAt))) setClock(turn, step, 'again', toMs(turn.at))
}

/** After several misses in a row that nobody has answered, a message an hour helps nobody. */
const againSpan = (turn: Turn, { again, slow }: Deadline): string => (openIncidents(activeWatch(turn)).length >= patience ? slow ?? workingDay : again)

const patience = 3
/** What `Deadline.slow` is when it is left out. */
export const workingDay = 'PT8H'

/** Better contact data than at the beginning: the client can be reached sooner, so the first contact is due sooner, but never before its own span from now. */
export const followContactData = (turn: Turn, step: Step): void => {
  const { clock, contactedAt, takenOver } = activeWatch(turn)
  if (takenOver === true || clock.kind !== 'first-contact' || clock.movedFrom !== null || contactedAt !== null || step.deadline === null || toMs(clock.dueAt) <= turn.nowMs) return
  const counted = addWorkingMs(turn.calendar, toMs(turn.at), spanMs(step.deadline.firstContact[basisOf(turn.lead.contact)]))
  if (counted === null || counted.dueMs >= toMs(clock.dueAt) || !setClock(turn, step, 'first-contact', toMs(turn.at))) return
  changeFollowUp(turn, { rule: 'daily-look' }, null)
}

/** The term's deadline is behind us: done by it is in time, so the deadline itself is already due. */
export const isDue = (turn: Turn): boolean => {
  const { clock } = activeWatch(turn)
  return clock.kind !== 'none' && toMs(clock.dueAt) <= turn.nowMs
}

/** So late a discovery that the delay is ours. */
export const isSystemDelay = (turn: Turn, dueMs: number): boolean =>
  workingMsBetween(turn.calendar, dueMs, turn.nowMs) > (turn.regulation.incidents.systemDelayMinutes ?? defaultSystemDelayMinutes) * minuteMs

/** Takes over a deadline that a person has moved in the follow-up, where the regulation allows it. */
export const followMovedDeadline = (turn: Turn, step: Step): void => {
  const { clock, followUp } = activeWatch(turn)
  const seen = followUpSeen(turn)
  if (clock.kind === 'none' || seen === undefined || !seen.open || seen.deadlineAt === null || step.followUp?.deadlineMayMove !== true) return
  const seenMs = seen.deadlineAt.epochMilliseconds
  const isAt = (known: string | null) => known !== null && sameMinute(toMs(known), seenMs)
  if (isAt(clock.dueAt) || isAt(followUp?.deadlineAt ?? null) || seenMs < toMs(clock.startedAt)) return
  // A deadline of our own is an old look, or a write of ours that has overtaken the person's move; only one still ahead can be a move back.
  if (followUp?.earlierDeadlines?.some(isAt) === true && (clock.movedFrom === null || seenMs <= turn.nowMs)) return
  const dueAt = toMoment(seenMs)
  give(turn, {
    kind: 'set-clock',
    leadId: turn.lead.id,
    clock: { ...clock, dueAt, movedFrom: clock.movedFrom ?? clock.dueAt, reminded: reminderMs(step, seenMs, turn.nowMs) === null },
    because: { rule: 'deadline-moved', from: clock.dueAt, to: dueAt },
  })
}

/** Reminds once before the deadline. A to-do reminds by itself. */
export const remind = (turn: Turn, step: Step): void => {
  const { clock, responsibleId } = activeWatch(turn)
  if (clock.kind === 'none' || clock.reminded || step.followUp === null) return
  const dueMs = toMs(clock.dueAt)
  const minutes = step.followUp.remindBeforeMinutes
  if (turn.nowMs < dueMs - minutes * minuteMs || turn.nowMs >= dueMs) return
  const because = { rule: 'reminder-due', dueAt: clock.dueAt, minutes } as const
  const { leadId, stepId, round } = activeWatch(turn)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: `${leadId}-${stepId}-${round}-reminder-${Math.floor(dueMs / minuteMs)}`, about: 'reminder', incidentId: null, because })
  give(turn, { kind: 'note-reminded', leadId, because })
}

/** The one moment at which an open lead is looked at again whatever happens: next reminder or deadline, at the latest in a day. */
export const wake = (turn: Turn): void => {
  const { clock, leadId, stepId, chosenId } = activeWatch(turn)
  const step = stepById(turn.regulation, stepId)
  if (clock.kind === 'none') {
    give(turn, { kind: 'wake-at', leadId, at: toMoment(turn.nowMs + (chosenId === null ? waitingMs : dayMs)), because: { rule: 'daily-look' } })
    return
  }
  const dueMs = toMs(clock.dueAt)
  const reminder = clock.reminded || step === undefined ? null : reminderMs(step, dueMs, turn.nowMs)
  const next = dueMs <= turn.nowMs ? turn.nowMs + waitingMs : Math.min(turn.nowMs + dayMs, dueMs, reminder ?? Infinity)
  give(turn, { kind: 'wake-at', leadId, at: toMoment(next), because: { rule: 'deadline-not-due', dueAt: clock.dueAt } })
}

/** How often to look whether somebody has come to work, or our own move is to be seen. */
const waitingMs = 5 * minuteMs

/** When to remind; null when there is no time left for it or the follow-up reminds by itself. */
const reminderMs = (step: Step, dueMs: number, fromMs: number): number | null => {
  if (step.followUp === null || step.followUp.form === 'todo' || step.followUp.remindBeforeMinutes <= 0) return null
  const at = dueMs - step.followUp.remindBeforeMinutes * minuteMs
  return at > fromMs ? at : null
}
