/** A lead that we meet for the first time, or that has come back to a step. */
import type { Reason } from '../command.ts'
import type { Lead } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { toMoment, toMs } from '../time.ts'
import type { Watch } from '../watch.ts'
import { cardState } from './card.ts'
import { firstContact, sinceCreation } from './contact.ts'
import { fallbackOf, keptCandidates, mayKeep } from './distribution.ts'
import { assignInTurn, chooseInTurn, tellNobody } from './responsible.ts'
import { beginStep, freshWatch, moveOn, movedAt, nameOfStep } from './steps.ts'
import { closeFollowUp, setAppointment } from './tasks.ts'
import { activeWatch, give, isDismissed, nameOf, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

/** Starts the watch of a lead that stands on a step's stage; any other lead is none of ours. */
export const meetLead = (turn: Turn): void => {
  const { lead, regulation, watch } = turn
  const step = lead.semantic === 'processing' ? stepOnStage(regulation, lead.stageId) : undefined
  if (step === undefined || (watch.status === 'closed' && !hasReturned(turn, watch))) return
  const isNew = watch.status === 'unseen'
  const round = watch.status === 'closed' ? (watch.round ?? 0) + 1 : 0
  const contactsFrom = isNew && step.kind === 'intake' ? sinceCreation(lead) : movedAt(turn) ?? turn.at
  const stageName = turn.context.stageNames[lead.stageId] ?? lead.stageId
  const because: Reason = step.kind === 'intake' ? { rule: 'new-lead', stageName } : { rule: 'step-entered', stepName: nameOfStep(turn, step) }
  give(turn, { kind: 'start-watch', watch: freshWatch(turn, step, lead.responsibleId ?? fallbackOf(regulation.distribution, turn.context), round, contactsFrom), because })
  if (step.kind === 'intake') takeIn(turn, step)
  else beginHere(turn, step, because)
}

/** Nobody was there for this lead: somebody has come, or the fallback person has begun himself. */
export const lookForSomebody = (turn: Turn, step: Step): void => {
  const watch = activeWatch(turn)
  const contact = firstContact(turn.lead, turn.regulation, watch.contactsFrom ?? watch.enteredAt, turn.nowMs)
  const hasResult = step.kind === 'work' && step.card && cardState(turn.regulation.card, turn.lead.fields).result !== null
  const begun: Reason | null = contact?.because ?? (hasResult ? { rule: 'responsible-changed', from: watch.responsibleId, to: watch.responsibleId, name: nameOf(turn.context, watch.responsibleId) } : null)
  if (begun !== null) {
    give(turn, { kind: 'note-responsible', leadId: turn.lead.id, userId: watch.responsibleId, because: begun })
    goOn(turn, step, begun)
    return
  }
  const choice = chooseInTurn(turn)
  if (choice.kind === 'nobody') return
  assignInTurn(turn, choice)
  goOn(turn, step, choice.because)
}

/** The responsible is known: on to the step that the intake leads to, or to work right here. */
export const goOn = (turn: Turn, step: Step, because: Reason): void => {
  closeFollowUp(turn, because)
  const { done } = step.leave
  if (step.kind === 'intake' && done?.by === 'automatic') moveOn(turn, done.stageId, 'moved-on', because)
  else beginStep(turn, step, because)
}

/** Finds the responsible of a lead on the intake stage: kept, chosen in turn, or the fallback person. */
export const takeIn = (turn: Turn, step: Step): void => {
  const { lead, regulation, context } = turn
  if (turn.isOld && lead.responsibleId !== null && !isDismissed(context, lead.responsibleId)) {
    const because = { rule: 'taken-over', userId: lead.responsibleId, name: nameOf(context, lead.responsibleId) } as const
    give(turn, { kind: 'note-responsible', leadId: lead.id, userId: lead.responsibleId, because })
    goOn(turn, step, because)
    return
  }
  if (lead.responsibleId !== null && mayKeep(regulation.distribution, context, turn.calendar, turn.nowMs, lead.responsibleId)) {
    const because = { rule: 'distribution-kept', userId: lead.responsibleId, name: nameOf(context, lead.responsibleId), candidates: keptCandidates(regulation.distribution, context, turn.calendar, turn.nowMs, lead.responsibleId) } as const
    give(turn, { kind: 'note-responsible', leadId: lead.id, userId: lead.responsibleId, because })
    goOn(turn, step, because)
    return
  }
  const choice = chooseInTurn(turn)
  assignInTurn(turn, choice)
  if (choice.kind === 'chosen') {
    goOn(turn, step, choice.because)
    return
  }
  tellNobody(turn, choice.userId, choice.because)
  setAppointment(turn, choice.because)
}

/** A lead put straight on a work step stays with its responsible, unless that is nobody or a dismissed person. */
const beginHere = (turn: Turn, step: Step, because: Reason): void => {
  const { lead, context } = turn
  if (lead.responsibleId !== null && !isDismissed(context, lead.responsibleId)) {
    beginStep(turn, step, because)
    return
  }
  const choice = chooseInTurn(turn)
  assignInTurn(turn, choice)
  if (choice.kind === 'chosen') {
    beginStep(turn, step, choice.because)
    return
  }
  tellNobody(turn, choice.userId, choice.because)
  setAppointment(turn, choice.because)
}

/** A closed lead is back when it was moved to a step's stage since; an old look shows the stage it was closed on. */
const hasReturned = (turn: Turn, watch: Extract<Watch, { status: 'closed' }>): boolean => {
  if (watch.outcome === 'gone') return true
  return watch.movedAt === undefined ? turn.lead.stageId !== watch.stageId && movedAfter(turn.lead, watch.closedAt) : movedAt(turn) !== watch.movedAt
}

const movedAfter = (lead: Lead, moment: string): boolean => lead.movedAt === null || toMoment(lead.movedAt.epochMilliseconds) > toMoment(toMs(moment))
