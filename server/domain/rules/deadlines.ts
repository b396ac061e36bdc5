/** Clocks: until when the step's next result is due, and when to look again. */
import type { ContactBasis, Reason } from '../command.ts'
import type { Deadline, Step } from '../regulation.ts'
import { addWorkingMs, workingMsBetween } from '../calendar.ts'
import { dayMs, minuteMs, spanMs, toMoment, toMs } from '../time.ts'
import type { Clock, MadeBy } from '../watch.ts'
import { takeByOf } from './begun.ts'
import { ownCalendarOf } from './calendars.ts'
import { channelOf, reachable } from './channels.ts'
import { basisOf } from './contact.ts'
import { openIncidents } from '../evolve.ts'
import { nextRungAt } from './ladder.ts'
import { putBack } from './moves.ts'
import { changeFollowUp, followUpSeen, sameMinute } from './tasks.ts'
import { activeWatch, give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

export type Term = Exclude<Clock['kind'], 'none'>

/**
 * A miss noticed later than this many working minutes is our delay. A look normally comes within seconds of the deadline, so half an
 * hour means that we were not running; it also leaves room for a demonstration clock that runs hundreds of times faster.
 */
export const defaultSystemDelayMinutes = 30

/**
 * Sets the step's clock from a moment on, or from now if the term would be over already (`overdue`: from that moment all the same); false
 * when the step has no deadline or the calendar no working time. `made`: counts by the span of an earlier term, as the step has it now.
 */
export const setClock = (turn: Turn, step: Step, about: Term, fromMs: number, { overdue = false, made: earlier }: { readonly overdue?: boolean; readonly made?: MadeBy } = {}): boolean => {
  const asked = earlier ?? spanAsked(turn, about)
  const span = spanOf(turn, step, asked)
  const deadline = deadlineOf(turn, step, asked.sourceId)
  if (deadline === null || span === null) return false
  const basis = asked.of in deadline.firstContact ? asked.of as ContactBasis : null
  const counted = addWorkingMs(turn.calendar, fromMs, spanMs(span))
  if (counted === null) return false
  if (!overdue && counted.dueMs <= turn.nowMs && fromMs < toMs(turn.at)) return setClock(turn, step, about, toMs(turn.at), earlier === undefined ? {} : { made: earlier })
  const clock = { kind: about, startedAt: toMoment(fromMs), dueAt: toMoment(counted.dueMs), movedFrom: null }
  give(turn, {
    kind: 'set-clock',
    leadId: turn.lead.id,
    clock: { ...clock, reminded: reminderMs(step, counted.dueMs, fromMs) === null, made: { ...asked, span } },
    because: {
      rule: 'deadline',
      about,
      basis,
      span,
      startedAt: clock.startedAt,
      dueAt: clock.dueAt,
      timeZone: turn.calendar.timeZone,
      pieces: counted.pieces.map(([from, to]) => ({ from: toMoment(from), to: toMoment(to) })),
      ...termFacts(turn, step, deadline, asked),
    },
  })
  return true
}

/** Which of a step's spans a term of this lead is counted by now. */
const spanAsked = (turn: Turn, about: Term): Omit<MadeBy, 'span'> => ({
  of: about === 'first-contact' ? basisOf(reachable(turn.lead, turn.regulation)) : about === 'again' && isPatient(turn) ? 'slow' : about,
  sourceId: turn.lead.sourceId,
  ...(turn.isOld ? { isLong: true } : {}),
})

/** The span (ISO 8601, working time) as the step has it; null for a step without a deadline. */
export const spanOf = (turn: Turn, step: Step, { of, sourceId, isLong }: Omit<MadeBy, 'span'>): string | null => {
  const deadline = deadlineOf(turn, step, sourceId)
  if (deadline === null) return null
  const slow = deadline.slow ?? workingDay
  const ordinary = of === 'finish' || of === 'again' ? deadline[of] : of === 'slow' ? slow : deadline.firstContact[of]
  return isLong === true ? longer(ordinary, slow) : ordinary
}

/** The step's spans for a lead of this source: its channel's class of deadlines may have others (product, 7). Null for a step without a deadline. */
export const deadlineOf = (turn: Turn, { deadline }: Step, sourceId = turn.lead.sourceId): Deadline | null => {
  if (deadline === null) return null
  const other = deadline.classes?.[classOf(turn, sourceId) ?? '']
  return other === undefined ? deadline : { ...deadline, firstContact: { ...deadline.firstContact, ...other.firstContact }, finish: other.finish ?? deadline.finish }
}

const classOf = ({ lead, regulation }: Turn, sourceId: string | null): string | null => channelOf({ lead: { ...lead, sourceId }, regulation })?.deadlineClass ?? null

/** What else the term depends on: the receipt says what would change it. */
const termFacts = (turn: Turn, step: Step, deadline: Deadline, { of, sourceId }: Omit<MadeBy, 'span'>): Partial<Extract<Reason, { rule: 'deadline' }>> => {
  const own = ownCalendarOf(turn.regulation, turn.context, activeWatch(turn).responsibleId)
  const deadlineClass = deadline === step.deadline ? null : classOf(turn, sourceId)
  const unanswered = openIncidents(activeWatch(turn)).length
  return {
    ...(own === undefined ? {} : { calendar: own.id }),
    ...(deadlineClass === null ? {} : { deadlineClass }),
    ...(of in deadline.firstContact ? { spans: deadline.firstContact } : {}),
    ...(of in deadline.firstContact && turn.lead.contact.phones.length > reachable(turn.lead, turn.regulation).phones.length ? { isShared: true } : {}),
    ...(of === 'slow' && isPatient(turn) ? { unanswered } : {}),
  }
}

const longer = (a: string, b: string): string => (spanMs(a) >= spanMs(b) ? a : b)

/** A new term for what is asked again; a term that runs longer anyway is left as it is. */
export const grantTerm = (turn: Turn, step: Step): void => {
  const { clock } = activeWatch(turn)
  const counted = step.deadline === null ? null : addWorkingMs(turn.calendar, toMs(turn.at), spanMs(againSpan(turn, step.deadline)))
  if (counted !== null && (clock.kind === 'none' || counted.dueMs > toMs(clock.dueAt))) setClock(turn, step, 'again', toMs(turn.at))
}

/** After several misses in a row that nobody has answered, a message an hour helps nobody. */
const againSpan = (turn: Turn, { again, slow }: Deadline): string => (isPatient(turn) ? slow ?? workingDay : again)

const isPatient = (turn: Turn): boolean => openIncidents(activeWatch(turn)).length >= patience

const patience = 3
/** What `Deadline.slow` is when it is left out. */
export const workingDay = 'PT8H'

/** Better contact data than at the beginning: the client can be reached sooner, so the first contact is due sooner, but never before its own span from now. */
export const followContactData = (turn: Turn, step: Step): void => {
  const { clock, contactedAt, life, takenOver, step: notes } = activeWatch(turn)
  const deadline = deadlineOf(turn, step)
  // A try that was put off, a call asked for, or a wait, has made the term longer on purpose.
  if (takenOver === true || (notes?.callBack ?? null) !== null || (life?.attempts?.count ?? 0) > 0 || life?.waitedDays !== undefined) return
  if (clock.kind !== 'first-contact' || clock.movedFrom !== null || contactedAt !== null || deadline === null || isWaiting(turn) || toMs(clock.dueAt) <= turn.nowMs) return
  const counted = addWorkingMs(turn.calendar, toMs(turn.at), spanMs(deadline.firstContact[basisOf(reachable(turn.lead, turn.regulation))]))
  if (counted === null || counted.dueMs >= toMs(clock.dueAt) || !setClock(turn, step, 'first-contact', toMs(turn.at))) return
  changeFollowUp(turn, { rule: 'daily-look' }, null)
}

/** The term's deadline is behind us: done by it is in time, so the deadline itself is already due. Nothing is due of a lead that waits. */
export const isDue = (turn: Turn): boolean => {
  const { clock } = activeWatch(turn)
  return clock.kind !== 'none' && !isWaiting(turn) && toMs(clock.dueAt) <= turn.nowMs
}

/** «Ждать» (S3-24): until its date no term of the lead runs. */
export const isWaiting = (turn: Turn): boolean => {
  const waiting = activeWatch(turn).step?.waiting ?? null
  return waiting !== null && turn.nowMs < toMs(waiting.until)
}

/** So late a discovery that the delay is ours. */
export const isSystemDelay = (turn: Turn, dueMs: number): boolean =>
  workingMsBetween(turn.calendar, dueMs, turn.nowMs) > (turn.regulation.incidents.systemDelayMinutes ?? defaultSystemDelayMinutes) * minuteMs

/** Takes over a deadline that a person has moved in the follow-up; one that the regulation does not allow is put back. */
export const followMovedDeadline = (turn: Turn, step: Step): void => {
  const { clock, followUp } = activeWatch(turn)
  const seen = followUpSeen(turn)
  if (clock.kind === 'none' || seen === undefined || !seen.open || seen.deadlineAt === null || step.followUp === null) return
  const seenMs = seen.deadlineAt.epochMilliseconds
  const isAt = (known: string | null) => known !== null && sameMinute(toMs(known), seenMs)
  if (isAt(clock.dueAt) || isAt(followUp?.deadlineAt ?? null) || seenMs < toMs(clock.startedAt)) return
  // A deadline of our own is an old look, or a write of ours that has overtaken the person's move; only one still ahead can be a move back.
  if (followUp?.earlierDeadlines?.some(isAt) === true && (clock.movedFrom === null || seenMs <= turn.nowMs)) return
  if (putBack(turn, step, seenMs)) return
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
  const { clock, responsibleId, step: notes } = activeWatch(turn)
  // Whoever has done his part, as far as the portal tells, is not hurried.
  if (clock.kind === 'none' || clock.reminded || step.followUp === null || isWaiting(turn) || (notes?.unheardSince ?? null) !== null) return
  const dueMs = toMs(clock.dueAt)
  const minutes = step.followUp.remindBeforeMinutes
  if (turn.nowMs < dueMs - minutes * minuteMs || turn.nowMs >= dueMs) return
  const because = { rule: 'reminder-due', dueAt: clock.dueAt, minutes } as const
  const { leadId, stepId, round } = activeWatch(turn)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: `${leadId}-${stepId}-${round}-reminder-${Math.floor(dueMs / minuteMs)}`, about: 'reminder', incidentId: null, because })
  give(turn, { kind: 'note-reminded', leadId, because })
}

/**
 * The one moment at which an open lead is looked at again whatever happens, at the latest in a day: the next reminder or deadline, the end
 * of a wait, the moment by which it is to be begun, the next rung of the ladder.
 */
export const wake = (turn: Turn): void => {
  const { leadId, clock, step: notes } = activeWatch(turn)
  const ahead = [takeByOf(turn), nextRungAt(turn)].flatMap(moment => (moment !== null && toMs(moment) > turn.nowMs ? [toMs(moment)] : []))
  const isUnheard = (notes?.unheardSince ?? null) !== null
  const next = Math.min(turn.nowMs + (isUnheard ? waitingMs : dayMs), nextTermMs(turn), ...ahead)
  give(turn, { kind: 'wake-at', leadId, at: toMoment(next), because: clock.kind === 'none' ? { rule: 'daily-look' } : { rule: 'deadline-not-due', dueAt: clock.dueAt } })
}

/** When the running term wants to be looked at. */
const nextTermMs = (turn: Turn): number => {
  const { clock, stepId, chosenId, step: notes } = activeWatch(turn)
  const until = toMs(notes?.waiting?.until ?? turn.at)
  if (isWaiting(turn)) return until > turn.nowMs ? until : turn.nowMs + waitingMs
  if (clock.kind === 'none') return turn.nowMs + (chosenId === null ? waitingMs : dayMs)
  const step = stepById(turn.regulation, stepId)
  const dueMs = toMs(clock.dueAt)
  const reminder = clock.reminded || step === undefined ? null : reminderMs(step, dueMs, turn.nowMs)
  return dueMs <= turn.nowMs ? turn.nowMs + waitingMs : Math.min(dueMs, reminder ?? Infinity)
}

/** How often to look whether somebody has come to work, our own move is to be seen, or the portal tells what it has not told. */
const waitingMs = 5 * minuteMs

/** When to remind; null when there is no time left for it or the follow-up reminds by itself. */
export const reminderMs = (step: Step, dueMs: number, fromMs: number): number | null => {
  if (step.followUp === null || step.followUp.form === 'todo' || step.followUp.remindBeforeMinutes <= 0) return null
  const at = dueMs - step.followUp.remindBeforeMinutes * minuteMs
  return at > fromMs ? at : null
}
