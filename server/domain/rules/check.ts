/** The check cycle: result, obligatory answers, deadline. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { dayMs, toMoment, toMs } from '../time.ts'
import { cardState, questionTitles, resultCode } from './card.ts'
import type { CardState } from './card.ts'
import { firstContact } from './contact.ts'
import { followContactData, grantTerm, isDue, setClock } from './deadlines.ts'
import { missDeadline, openIncident, resolveIncidents, resolveInTime } from './incidents.ts'
import { tryAgain } from './refusals.ts'
import { passOnIfAway } from './responsible.ts'
import { isMovePending, isStuck, leaveStep, whyNotQualified, whyQualified } from './steps.ts'
import { changeFollowUp, followUpSeen, renewFollowUp, setFollowUp } from './tasks.ts'
import { activeWatch, give, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** Looks whether the step is done, and asks, reminds of answers or records a miss if it is not. */
export const checkStep = (turn: Turn, step: Step): void => {
  const card: CardState = step.card ? cardState(turn.regulation.card, turn.lead.fields) : { answered: [], missing: [], toAsk: [], result: null, nextStep: null, reason: null }
  const isDone = card.result !== null && card.toAsk.length === 0
  noteContact(turn, step, isDone)
  if (isDone && card.result === 'not-qualified') finish(turn, step, step.leave.notQualified, 'not-qualified', whyNotQualified(turn, card))
  else if (isDone) finish(turn, step, step.leave.done, 'qualified', whyQualified(turn, card))
  else if (!step.card && followUpSeen(turn)?.open === false) finish(turn, step, step.leave.done, 'qualified', { rule: 'follow-up-closed' })
  else {
    startLateClock(turn, step)
    followContactData(turn, step)
    if (card.result !== null) checkAnswers(turn, step, card.toAsk)
    else if (isDue(turn)) overdue(turn, step, false)
    else if (followUpSeen(turn)?.open === false) askForResult(turn, step, [...card.toAsk, resultCode])
  }
}

/**
 * A contact stops the clock of the first contact and starts that of the result. One begun after the deadline leaves its miss behind, whenever
 * we look; one begun before it takes back the miss of a deadline that it had met.
 */
const noteContact = (turn: Turn, step: Step, isDone: boolean): void => {
  const { leadId, contactedAt, contactsFrom, enteredAt, clock } = activeWatch(turn)
  if (contactedAt !== null) return
  const contact = firstContact(turn.lead, turn.regulation, contactsFrom ?? enteredAt, turn.nowMs)
  if (contact === null) return
  const { startMs, atMs, because } = contact
  const isRunning = clock.kind !== 'none' && !isDone
  if (isRunning && startMs > toMs(clock.dueAt)) openIncident(turn, clock.kind, 'no-first-contact', clock.dueAt)
  give(turn, { kind: 'note-contact', leadId, at: toMoment(atMs), because })
  resolveInTime(turn, startMs)
  if (!isRunning) return
  resolveIncidents(turn, { rule: 'incident-answered', how: 'contact' })
  setClock(turn, step, 'finish', atMs)
  changeFollowUp(turn, because, null)
}

/** Obligatory questions without an answer are asked for again, by name; after a contact with a new term. Left open beyond it, they are a miss. */
const checkAnswers = (turn: Turn, step: Step, missing: readonly string[]): void => {
  const { askedAgain, clock, contactedAt } = activeWatch(turn)
  const isAsked = missing.every(code => askedAgain.includes(code))
  if (isDue(turn) && (isAsked || clock.kind === 'again' || contactedAt === null)) {
    overdue(turn, step, contactedAt !== null)
    // The message of the miss stands for the question, which is not put a second time beside it.
    if (!isAsked) give(turn, { kind: 'ask-again', leadId: turn.lead.id, questions: missing, because: whichMissing(turn, missing) })
  } else if (!isAsked || followUpSeen(turn)?.open === false) askForAnswers(turn, step, missing)
}

/** A person who is away cannot miss a deadline: the lead goes to somebody who is there. */
const overdue = (turn: Turn, step: Step, answersMissing: boolean): void => {
  if (!passOnIfAway(turn, step)) missDeadline(turn, step, answersMissing)
}

/** A result in the card is no contact: before the first one its term stays as it is. */
const askForAnswers = (turn: Turn, step: Step, missing: readonly string[]): void => {
  const because = whichMissing(turn, missing)
  give(turn, { kind: 'ask-again', leadId: turn.lead.id, questions: missing, because })
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind !== 'again' && contactedAt !== null) grantTerm(turn, step)
  renewFollowUp(turn, step, because)
  tellAnswersNeeded(turn, missing)
}

/** The follow-up was closed without a result: it is set again, and the deadline stays. */
const askForResult = (turn: Turn, step: Step, missing: readonly string[]): void => {
  give(turn, { kind: 'ask-again', leadId: turn.lead.id, questions: missing, because: { rule: 'follow-up-closed' } })
  setFollowUp(turn, step, { rule: 'follow-up-closed' })
  tellAnswersNeeded(turn, missing)
}

const whichMissing = (turn: Turn, questions: readonly string[]): Extract<Reason, { rule: 'answers-missing' }> => ({ rule: 'answers-missing', questions, titles: questionTitles(turn.regulation.card, questions, turn.context.language) })

const tellAnswersNeeded = (turn: Turn, questions: readonly string[]): void => {
  const { leadId, responsibleId } = activeWatch(turn)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, 'answers'), about: 'answers-needed', incidentId: null, because: whichMissing(turn, questions) })
}

/** A calendar that had no working time has some now. */
const startLateClock = (turn: Turn, step: Step): void => {
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind !== 'none' || !setClock(turn, step, contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))) return
  changeFollowUp(turn, { rule: 'daily-look' }, null)
}

/** Two moves at once could not be told from a return to the step, so a finished step waits for our first move to be seen; but not for ever. */
const finish = (turn: Turn, step: Step, where: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  if (where?.by === 'automatic' && isStuck(turn) && activeWatch(turn).refused?.to === where.stageId) {
    tryAgain(turn, step)
    return
  }
  if (isMovePending(turn) && turn.nowMs - toMs(activeWatch(turn).enteredAt) < dayMs) return
  leaveStep(turn, where, outcome, because)
}
