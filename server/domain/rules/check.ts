/** The check cycle: result, obligatory answers, deadline. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { dayMs, secondMs, toMoment, toMs } from '../time.ts'
import { forgetAttempts, titleOfReason } from './attempts.ts'
import { chosenNextStep, chosenReason, questionTitles, resultCode } from './card.ts'
import type { CardState } from './card.ts'
import { needTitles, withIntakeNeeds } from './channels.ts'
import { firstContact } from './contact.ts'
import { followContactData, grantTerm, isDue, setClock } from './deadlines.ts'
import { unmetNeeds } from './gates.ts'
import { missDeadline, openIncident, resolveIncidents, resolveInTime } from './incidents.ts'
import { tryAgain } from './refusals.ts'
import { forgetOldResult, presentCard, resultOfCard } from './results.ts'
import { passOnIfAway } from './responsible.ts'
import { isMovePending, isStuck, leaveStep, nameOfStep, whyNotQualified, whyQualified } from './steps.ts'
import { changeFollowUp, followUpSeen, renewFollowUp, setFollowUp, setNextAction } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'
import { stopWaiting, waitOf } from './waiting.ts'

/** Looks whether the step is done, and asks, reminds of answers or records a miss if it is not. */
export const checkStep = (turn: Turn, step: Step): void => {
  forgetOldResult(turn)
  const present = presentCard(turn, step)
  const card = step.card === null ? present : withIntakeNeeds(turn, present)
  const isRefused = card.result === 'not-qualified' && card.toAsk.length === 0
  const done = isRefused ? null : whyDone(turn, step, card)
  noteContact(turn, step, isRefused || done !== null)
  if (isRefused) finish(turn, step, refusalTarget(turn, step), 'not-qualified', whyNotQualified(turn, card))
  else if (done !== null && isGateOpen(turn, step)) finish(turn, step, nextTarget(turn, step), 'qualified', done)
  else if (waitOf(turn) === null) {
    noteOutcome(turn, step, card)
    checkOpen(turn, step, card, done !== null)
  }
}

/** The step is not done, or its gate is not met. */
const checkOpen = (turn: Turn, step: Step, card: CardState, isHeld: boolean): void => {
  startLateClock(turn, step)
  followContactData(turn, step)
  proposeRefusal(turn, card)
  if (!isHeld) forgetHeld(turn)
  const isClosed = followUpSeen(turn)?.open === false
  if (card.result !== null && card.toAsk.length > 0) checkAnswers(turn, step, card.toAsk)
  else if (isDue(turn)) overdue(turn, step, false)
  else if (isClosed && isSummaryMissing(turn, step)) askForSummary(turn, step)
  else if (isClosed && isHeld) setFollowUp(turn, step, { rule: 'no-next-action' }, `held-${followUpSeen(turn)?.id ?? 0}`)
  else if (isClosed) askForResult(turn, step, [...card.toAsk, ...(step.card?.closing === true ? [resultCode] : [])])
}

/** A talk whose outcome keeps the lead where it is, e.g. another call: it is noted once, and the follow-up has a new term (S2-15). */
const noteOutcome = (turn: Turn, step: Step, card: CardState): void => {
  const { leadId, contactedAt, step: notes } = activeWatch(turn)
  if (contactedAt === null || step.card?.closing !== true || card.result !== 'qualified' || card.toAsk.length > 0 || !isStaying(turn, step)) return
  const outcome = resultOfCard(turn.regulation.card, turn.lead.fields) ?? ''
  const isClosed = followUpSeen(turn)?.open === false && !isSummaryMissing(turn, step)
  if (notes?.outcome === outcome && !isClosed) return
  const because = { rule: 'outcome-noted', title: inLanguage(chosenNextStep(turn.regulation.card, turn.lead.fields)?.title ?? step.name, turn.context.language) } as const
  give(turn, { kind: 'note', leadId, step: { outcome }, because })
  resolveIncidents(turn, { rule: 'incident-answered', how: 'result' })
  setClock(turn, step, 'again', toMs(turn.at))
  renewFollowUp(turn, step, because)
}

/** The chosen next step is one on the same stage. */
const isStaying = (turn: Turn, step: Step): boolean => {
  const chosen = chosenNextStep(turn.regulation.card, turn.lead.fields)
  return chosen?.stay === true || (chosen?.stageId ?? null) === step.stageId
}

/** Why the step's work is done, whatever its gate says; null: it is not, or the lead is to stay for e.g. another call (S2-15). */
const whyDone = (turn: Turn, step: Step, card: CardState): Reason | null => {
  if (step.card?.closing === true) return card.result === 'qualified' && card.toAsk.length === 0 && !isStaying(turn, step) ? whyQualified(turn, card) : null
  if (card.missing.length > 0) return null
  if (activeWatch(turn).step?.proposed?.startsWith(leftTo) === true) return { rule: 'step-confirmed' }
  const isClosed = followUpSeen(turn)?.open === false && !isSummaryMissing(turn, step)
  const hasNone = step.followUp === null && step.card !== null && activeWatch(turn).step?.isBack !== true
  if (isClosed || hasNone) return step.card === null ? { rule: 'follow-up-closed' } : { rule: 'card-complete', nextStep: null }
  return activeWatch(turn).step?.goOn === true ? { rule: 'step-confirmed' } : null
}

/**
 * A contact stops the clock of the first contact and starts that of the result. One begun after the deadline leaves its miss behind, whenever
 * we look; one begun before it takes back the miss of a deadline that it had met.
 */
const noteContact = (turn: Turn, step: Step, isDone: boolean): void => {
  const { contactedAt, contactsFrom, enteredAt } = activeWatch(turn)
  const wait = waitOf(turn)
  if (contactedAt !== null && wait === null) return
  // The talk in which the wait was agreed on may have ended within its very second.
  const since = wait === null ? contactsFrom ?? enteredAt : toMoment(toMs(wait.since) + secondMs)
  const contact = firstContact(turn.lead, turn.regulation, since, turn.nowMs)
  if (contact !== null) takeContact(turn, step, contact, isDone)
}

/** A contact was made, as telephony shows it or somebody says: it ends a wait, and the first one of the step starts the term of the result. */
export const takeContact = (turn: Turn, step: Step, { startMs, atMs, because }: { readonly startMs: number; readonly atMs: number; readonly because: Reason }, isDone: boolean): void => {
  stopWaiting(turn, step, { rule: 'waiting-stopped', how: 'contact' })
  const { leadId, contactedAt, clock } = activeWatch(turn)
  forgetAttempts(turn, because)
  if (contactedAt !== null) return
  const isRunning = clock.kind !== 'none' && !isDone
  if (isRunning && startMs > toMs(clock.dueAt) && !turn.commands.some(({ kind }) => kind === 'open-incident')) openIncident(turn, clock.kind, 'no-first-contact', clock.dueAt)
  give(turn, { kind: 'note-contact', leadId, at: toMoment(atMs), because })
  resolveInTime(turn, startMs)
  if (!isRunning) return
  resolveIncidents(turn, { rule: 'incident-answered', how: 'contact' })
  setClock(turn, step, 'finish', atMs)
  changeFollowUp(turn, because, null)
}

/** The stage that the chosen next step leads to, or the step's own (S2-15, S4-13). */
const nextTarget = (turn: Turn, { leave, card }: Step): Step['leave']['done'] => {
  const stageId = card?.closing === true ? chosenNextStep(turn.regulation.card, turn.lead.fields)?.stageId ?? null : null
  return stageId === null ? leave.done : { stageId, by: leave.done?.by ?? 'proposed' }
}

/** The stage of the reason of refusal, or the step's own (S3-27). */
const refusalTarget = (turn: Turn, { leave }: Step): Step['leave']['done'] => {
  const stageId = chosenReason(turn.regulation.card, turn.lead.fields)?.stageId ?? null
  return stageId === null ? leave.notQualified : { stageId, by: leave.notQualified?.by ?? 'proposed' }
}

/** Is the gate met, or passed by leave of a head? What is missing is told once (S0-19). */
const isGateOpen = (turn: Turn, step: Step): boolean => {
  const { leadId, responsibleId, step: notes } = activeWatch(turn)
  const needs = notes?.moveAllowed === true ? [] : unmetNeeds(turn, step).map(({ title }) => title)
  if (needs.length === 0) return true
  const told = needs.join('|')
  if (notes?.proposed === told) return false
  const because = { rule: 'gate-unmet', needs, stepName: nameOfStep(turn, step) } as const
  give(turn, { kind: 'note', leadId, step: { proposed: told }, because })
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `gate-${Math.floor(turn.nowMs / 1_000)}`), about: 'gate-needs', incidentId: null, because })
  return false
}

/** The step is not done any more: what its gate lacked is asked about anew when it is done again. */
const forgetHeld = (turn: Turn): void => {
  const proposed = activeWatch(turn).step?.proposed ?? ''
  if (proposed !== '' && !proposed.startsWith(leftTo)) give(turn, { kind: 'note', leadId: turn.lead.id, step: { proposed: '' }, because: { rule: 'daily-look' } })
}

/** An answer that makes the lead not qualified: its reason is proposed once (S0-13). */
const proposeRefusal = (turn: Turn, { disqualified, result }: CardState): void => {
  if (disqualified === null || result !== null) return
  const { leadId, responsibleId, life } = activeWatch(turn)
  const asked = life?.asked ?? []
  const { question } = disqualified
  const key = `disqualified-${question.code}`
  if (asked.includes(key)) return
  const because = { rule: 'disqualified', question: inLanguage(question.title, turn.context.language), title: titleOfReason(turn, disqualified.reason) } as const
  give(turn, { kind: 'note', leadId, life: { asked: [...asked, key] }, because })
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, key), about: 'refusal-proposed', incidentId: null, because })
}

/** A task closed in silence where the regulation wants a summary (S3-18). */
const isSummaryMissing = (turn: Turn, step: Step): boolean => step.followUp?.summaryRequired === true && followUpSeen(turn)?.open === false && followUpSeen(turn)?.summarised === false

const askForSummary = (turn: Turn, step: Step): void => {
  const { leadId, responsibleId, followUp } = activeWatch(turn)
  const because = { rule: 'summary-missing' } as const
  const again = `summary-${followUp?.id ?? followUpSeen(turn)?.id ?? 0}`
  setFollowUp(turn, step, because, again)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `${again}-told`), about: 'summary-needed', incidentId: null, because })
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

const whichMissing = (turn: Turn, questions: readonly string[]): Extract<Reason, { rule: 'answers-missing' }> => ({ rule: 'answers-missing', questions, titles: [...needTitles(turn, questions), ...questionTitles(turn.regulation.card, questions, turn.context.language)] })

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

/**
 * Two moves at once could not be told from a return to the step, so a finished step waits for our first move to be seen; but not for ever.
 * A move that is left to people is made by us as soon as the manager confirms it; one to a success never, because only a conversion makes a deal.
 */
const finish = (turn: Turn, step: Step, leave: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  const where = howToLeave(turn, leave)
  if (where?.by === 'automatic' && isStuck(turn) && activeWatch(turn).refused?.to === where.stageId) {
    tryAgain(turn, step)
    return
  }
  if (isMovePending(turn) && turn.nowMs - toMs(activeWatch(turn).enteredAt) < dayMs) return
  if (where?.by === 'automatic') leaveStep(turn, where, outcome, because)
  else leaveToPeople(turn, step, where, outcome, because)
}

const howToLeave = (turn: Turn, leave: Step['leave']['done']): Step['leave']['done'] => {
  if (leave === null) return null
  if (isSuccess(turn, leave)) return { ...leave, by: leave.by === 'hand' ? 'hand' : 'proposed' }
  return activeWatch(turn).step?.goOn === true ? { ...leave, by: 'automatic' } : leave
}

/** The step is done, and somebody has to move the lead: that is its next action, and where it is proposed the responsible is told once (S0-16). */
const leaveToPeople = (turn: Turn, step: Step, where: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  const { leadId, responsibleId, step: notes, clock } = activeWatch(turn)
  const proposed = `${leftTo}${where?.stageId ?? ''}`
  const isNew = notes?.proposed !== proposed
  if (isNew || clock.kind !== 'none') leaveStep(turn, where, outcome, because)
  if (isNew) give(turn, { kind: 'note', leadId, step: { proposed }, because })
  if (isNew && where?.by === 'proposed') give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `proposed-${Math.floor(turn.nowMs / 1_000)}`), about: isSuccess(turn, where) ? 'conversion-proposed' : 'move-proposed', incidentId: null, because })
  setNextAction(turn, step, isSuccess(turn, where))
}

const isSuccess = ({ context }: Turn, where: Step['leave']['done']): boolean => where !== null && context.successStageIds?.includes(where.stageId) === true

/** Before the stage to which people are to move a lead whose step is done, in `StepNotes.proposed`. */
export const leftTo = 'to:'
