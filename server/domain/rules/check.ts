/** The check cycle: result, obligatory answers, deadline. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { toMoment, toMs } from '../time.ts'
import { forgetAttempts, titleOfReason } from './attempts.ts'
import { callBackOf, endCallBack, keepCallBack, talkAfter } from './call-back.ts'
import { chosenNextStep, chosenReason, questionTitles, resultCode } from './card.ts'
import type { CardState } from './card.ts'
import { needTitles, withIntakeNeeds } from './channels.ts'
import { firstContact } from './contact.ts'
import type { Contact } from './contact.ts'
import { followContactData, grantTerm, isDue, setClock } from './deadlines.ts'
import { forgetSilence, lookAtGate } from './gates.ts'
import { openIncident, resolveIncidents, resolveInTime } from './incidents.ts'
import { finish, leftTo } from './leaving.ts'
import { forgetOldResult, presentCard, resultOfCard } from './results.ts'
import { overdue } from './responsible.ts'
import { nameOfStep, whyNotQualified, whyQualified } from './steps.ts'
import { changeFollowUp, closeFollowUp, followUpSeen, renewFollowUp, setFollowUp } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'
import { awaitResult, nextTalkFrom, stopWaiting, waitOf } from './waiting.ts'

/** Looks whether the step is done, and asks, reminds of answers or records a miss if it is not. */
export const checkStep = (turn: Turn, step: Step): void => {
  forgetOldResult(turn)
  const present = presentCard(turn, step)
  const card = step.card === null ? present : withIntakeNeeds(turn, present)
  const isRefused = card.result === 'not-qualified' && card.toAsk.length === 0
  const done = isRefused ? null : whyDone(turn, step, card)
  noteContact(turn, step, isRefused || done !== null)
  const gate = done === null ? null : gateOf(turn, step)
  if (gate === null) forgetSilence(turn)
  if (isRefused) finish(turn, step, refusalTarget(turn, step), 'not-qualified', whyNotQualified(turn, card))
  else if (gate === 'open' && done !== null) finish(turn, step, nextTarget(turn, step), 'qualified', done)
  // Nobody misses a deadline for the portal's silence.
  else if (gate !== 'unheard' && waitOf(turn) === null) {
    noteOutcome(turn, step, card)
    checkOpen(turn, step, card, done !== null)
  }
}

/** The step is not done, or its gate is not met. */
const checkOpen = (turn: Turn, step: Step, card: CardState, isHeld: boolean): void => {
  workAgain(turn, step)
  startLateClock(turn, step)
  followContactData(turn, step)
  proposeRefusal(turn, card)
  if (!isHeld) forgetHeld(turn, step)
  const isClosed = followUpSeen(turn)?.open === false
  if (card.result !== null && card.toAsk.length > 0) checkAnswers(turn, step, card.toAsk)
  else if (isDue(turn)) overdue(turn, step, null)
  else if (isClosed && isSummaryMissing(turn, step)) askForSummary(turn, step)
  else if (isClosed && isHeld) holdOn(turn, step)
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
  if (isClosed || hasNone) return step.card === null ? { rule: 'task-done' } : { rule: 'card-complete', nextStep: null }
  return activeWatch(turn).step?.goOn === true ? { rule: 'step-confirmed' } : null
}

/**
 * A contact stops the clock of the first contact and starts that of the result. One begun after the deadline leaves its miss behind, whenever
 * we look; one begun before it takes back the miss of a deadline that it had met.
 */
const noteContact = (turn: Turn, step: Step, isDone: boolean): void => {
  const { contactedAt, contactsFrom, enteredAt } = activeWatch(turn)
  const wait = waitOf(turn)
  const asked = callBackOf(turn)
  if (contactedAt !== null && wait === null && asked === null) return
  const next = wait !== null ? firstContact(turn.lead, turn.regulation, nextTalkFrom(wait), turn.nowMs, 'begun') : asked === null ? null : talkAfter(turn, asked)
  const contact = next ?? (contactedAt === null ? firstContact(turn.lead, turn.regulation, contactsFrom ?? enteredAt, turn.nowMs) : null)
  if (contact === null) return
  if ((wait !== null || asked !== null) && next === null) takeAgreement(turn, step, contact)
  else takeContact(turn, step, contact, isDone)
}

/** The talk in which a wait or another call was agreed on, or one before it: it answers for what was asked until then, and the agreement stands (S3-24). */
export const takeAgreement = (turn: Turn, step: Step, { startMs, atMs, because }: Taken): void => {
  forgetAttempts(turn, because)
  give(turn, { kind: 'note-contact', leadId: turn.lead.id, at: toMoment(atMs), because })
  resolveInTime(turn, startMs)
  resolveIncidents(turn, { rule: 'incident-answered', how: 'contact' })
  awaitResult(turn, step, because)
  keepCallBack(turn, because)
}

type Taken = Pick<Contact, 'startMs' | 'atMs'> & { readonly because: Reason }

/** A contact was made, as telephony shows it or somebody says: it ends a wait, and the first one of the step, or the one that the client has asked for, starts the term of the result. */
export const takeContact = (turn: Turn, step: Step, { startMs, atMs, because }: Taken, isDone: boolean): void => {
  stopWaiting(turn, step, { rule: 'waiting-stopped', how: 'contact' })
  const { leadId, contactedAt, clock } = activeWatch(turn)
  forgetAttempts(turn, because)
  const isCalledBack = endCallBack(turn, because)
  if (contactedAt !== null && !isCalledBack) return
  const isRunning = clock.kind !== 'none' && !isDone
  if (isRunning && startMs > toMs(clock.dueAt) && !turn.commands.some(({ kind }) => kind === 'open-incident')) openIncident(turn, clock.kind, contactedAt === null ? 'no-first-contact' : 'not-finished', clock.dueAt)
  if (contactedAt === null) give(turn, { kind: 'note-contact', leadId, at: toMoment(atMs), because })
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
const gateOf = (turn: Turn, step: Step): ReturnType<typeof lookAtGate>['kind'] => {
  const { leadId, responsibleId, step: notes } = activeWatch(turn)
  if (notes?.moveAllowed === true) return 'open'
  const gate = lookAtGate(turn, step)
  if (gate.kind !== 'unmet') return gate.kind
  const { needs } = gate
  const told = needs.join('|')
  if (notes?.proposed === told) return 'unmet'
  const because = { rule: 'gate-unmet', needs, stepName: nameOfStep(turn, step) } as const
  give(turn, { kind: 'note', leadId, step: { proposed: told }, because })
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `gate-${needs.length}-${Math.floor(turn.nowMs / 1_000)}`), about: 'gate-needs', incidentId: null, because })
  return 'unmet'
}

/** The step is not done any more: what its gate lacked is asked about anew when it is done again. */
const forgetHeld = (turn: Turn, { card }: Step): void => {
  const proposed = activeWatch(turn).step?.proposed ?? ''
  if (proposed !== '' && (card?.closing === true || !proposed.startsWith(leftTo))) give(turn, { kind: 'note', leadId: turn.lead.id, step: { proposed: '' }, because: { rule: 'daily-look' } })
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
    overdue(turn, step, contactedAt === null ? null : 'answers-missing')
    // The message of the miss stands for the question, which is not put a second time beside it.
    if (!isAsked) give(turn, { kind: 'ask-again', leadId: turn.lead.id, questions: missing, because: whichMissing(turn, missing) })
  } else if (!isAsked || followUpSeen(turn)?.open === false) askForAnswers(turn, step, missing)
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

/** The step is done but for its gate: its task is closed, and another one stands for what the gate lacks. */
const holdOn = (turn: Turn, step: Step): void => {
  const because = { rule: 'no-next-action' } as const
  if (activeWatch(turn).step?.taskClosed !== true) give(turn, { kind: 'note', leadId: turn.lead.id, step: { taskClosed: true }, because })
  setFollowUp(turn, step, because, `held-${followUpSeen(turn)?.id ?? 0}`)
}

/** The step is not done any more: the task to move the lead on gives way to its own. */
const workAgain = (turn: Turn, step: Step): void => {
  const { followUp, contactedAt } = activeWatch(turn)
  if (followUp?.next === undefined) return
  const because = { rule: 'no-next-action' } as const
  closeFollowUp(turn, because)
  setClock(turn, step, contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))
  setFollowUp(turn, step, because, `again-${Math.floor(turn.nowMs / 1_000)}`)
}

/** A calendar that had no working time has some now. */
const startLateClock = (turn: Turn, step: Step): void => {
  const { clock, contactedAt } = activeWatch(turn)
  if (clock.kind !== 'none' || !setClock(turn, step, contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))) return
  changeFollowUp(turn, { rule: 'daily-look' }, null)
}
