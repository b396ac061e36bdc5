/** The check cycle: result, obligatory answers, deadline. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { dayMs, toMoment, toMs } from '../time.ts'
import { cardState, questionTitles, resultCode } from './card.ts'
import type { CardState } from './card.ts'
import { firstContact } from './contact.ts'
import { grantTerm, isDue, setClock } from './deadlines.ts'
import { missDeadline, openIncident, resolveIncidents } from './incidents.ts'
import { isMovePending, leaveStep, whyNotQualified, whyQualified } from './steps.ts'
import { changeFollowUp, followUpSeen, renewFollowUp, setFollowUp } from './tasks.ts'
import { activeWatch, give, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** Looks whether the step is done, and asks, reminds of answers or records a miss if it is not. */
export const checkStep = (turn: Turn, step: Step): void => {
  const card: CardState = step.card ? cardState(turn.regulation.card, turn.lead.fields) : { answered: [], missing: [], result: null, nextStep: null, reason: null }
  noteContact(turn, step, card)
  if (card.result === 'not-qualified') finish(turn, () => leaveStep(turn, step.leave.notQualified, 'not-qualified', whyNotQualified(turn, card)))
  else if (card.result === 'qualified' && card.missing.length === 0) finish(turn, () => leaveStep(turn, step.leave.done, 'qualified', whyQualified(turn, card)))
  else if (!step.card && followUpSeen(turn)?.open === false) finish(turn, () => leaveStep(turn, step.leave.done, 'qualified', { rule: 'follow-up-closed' }))
  else {
    startLateClock(turn, step)
    if (card.result === 'qualified') checkAnswers(turn, step, card.missing.map(({ code }) => code))
    else if (isDue(turn)) missDeadline(turn, step, false)
    else if (followUpSeen(turn)?.open === false) askForResult(turn, step, [...card.missing.map(({ code }) => code), resultCode])
  }
}

/** A contact stops the clock of the first contact and starts that of the result. One made after the deadline leaves its miss behind, whenever we look. */
const noteContact = (turn: Turn, step: Step, card: CardState): void => {
  const { leadId, contactedAt, contactsFrom, enteredAt, clock } = activeWatch(turn)
  if (contactedAt !== null) return
  const contact = firstContact(turn.lead, turn.regulation, contactsFrom ?? enteredAt, turn.nowMs)
  if (contact === null) return
  const { atMs, because } = contact
  const isRunning = clock.kind !== 'none' && card.result === null
  if (isRunning && atMs > toMs(clock.dueAt)) openIncident(turn, clock.kind, 'no-first-contact', clock.dueAt)
  give(turn, { kind: 'note-contact', leadId, at: toMoment(atMs), because })
  if (!isRunning) return
  resolveIncidents(turn, { rule: 'incident-answered', how: 'contact' })
  setClock(turn, step, 'finish', atMs)
  changeFollowUp(turn, because, null)
}

/** Obligatory questions without an answer are asked for again, by name and with a new term; left open beyond it, they are a miss. */
const checkAnswers = (turn: Turn, step: Step, missing: readonly string[]): void => {
  const { askedAgain, clock } = activeWatch(turn)
  const isAsked = missing.every(code => askedAgain.includes(code))
  if (isDue(turn) && (isAsked || clock.kind === 'again')) missDeadline(turn, step, true)
  else if (!isAsked || followUpSeen(turn)?.open === false) askForAnswers(turn, step, missing)
}

const askForAnswers = (turn: Turn, step: Step, missing: readonly string[]): void => {
  const because = whichMissing(turn, missing)
  give(turn, { kind: 'ask-again', leadId: turn.lead.id, questions: missing, because })
  if (activeWatch(turn).clock.kind !== 'again') grantTerm(turn, step)
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
const finish = (turn: Turn, leave: () => void): void => {
  if (isMovePending(turn) && turn.nowMs - toMs(activeWatch(turn).enteredAt) < dayMs) return
  leave()
}
