/** Entering a step and leaving it. */
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Option, Step } from '../regulation.ts'
import { secondMs, toMoment, toMs } from '../time.ts'
import type { ActiveWatch, Moment } from '../watch.ts'
import { cardState } from './card.ts'
import type { CardState } from './card.ts'
import { firstContact } from './contact.ts'
import { setClock } from './deadlines.ts'
import { resolveIncidents } from './incidents.ts'
import { closeFollowUp, setAppointment, setFollowUp } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf, stepById, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

type Outcome = 'qualified' | 'not-qualified' | 'converted' | 'lost' | 'moved-on'

/** Enters a step that the lead has just reached and begins it; an intake begins with its distribution. */
const enterStep = (turn: Turn, step: Step, responsibleId: UserId, contactsFrom: Moment, told: Reason, isReturn = false): void => {
  give(turn, { kind: 'enter-step', leadId: turn.lead.id, stepId: step.id, responsibleId, at: turn.at, contactsFrom, ...(isReturn ? { isReturn } : {}), because: { rule: 'step-entered', stepName: nameOfStep(turn, step) } })
  if (step.kind !== 'work') return
  if (activeWatch(turn).chosenId === null) setAppointment(turn, told)
  else beginStep(turn, step, told)
}

/** The step's clock, its follow-up and the message to the responsible. A contact that has already been made is not asked for again. */
export const beginStep = (turn: Turn, step: Step, told: Reason): void => {
  const { leadId, contactsFrom, enteredAt } = activeWatch(turn)
  const contact = firstContact(turn.lead, turn.regulation, contactsFrom ?? enteredAt, turn.nowMs)
  if (contact !== null) give(turn, { kind: 'note-contact', leadId, at: toMoment(contact.atMs), because: contact.because })
  const counted = setClock(turn, step, contact === null ? 'first-contact' : 'finish', toMs(turn.at))
  if (!counted && step.deadline !== null) give(turn, { kind: 'set-clock', leadId, clock: { kind: 'none' }, because: { rule: 'no-working-time' } })
  setFollowUp(turn, step, whyThisDeadline(turn) ?? { rule: 'step-begins', stepName: nameOfStep(turn, step) })
  // Its task is enough: whoever has many old leads must not get a message for each.
  if (!turn.isOld) tellAssigned(turn, told)
}

/** The reason of the deadline just counted: the timeline tells it with the follow-up. */
const whyThisDeadline = (turn: Turn): Reason | undefined => {
  const last = turn.commands.findLast(({ kind }) => kind === 'set-clock')
  return last?.because.rule === 'deadline' ? last.because : undefined
}

/** Tells the responsible that the lead is his. */
export const tellAssigned = (turn: Turn, because: Reason): void => {
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId: activeWatch(turn).responsibleId, mark: markOf(turn, 'assigned'), about: 'assigned', incidentId: null, because })
}

/** Moves the lead to a stage by ourselves, and into the step that stands on it; where there is none, the watch ends. */
export const moveOn = (turn: Turn, to: Step['stageId'], outcome: Outcome, because: Reason): void => {
  const watch = activeWatch(turn)
  const target = stepOnStage(turn.regulation, to)
  if (turn.lead.stageId !== to) {
    const seenMovedAt = movedAt(turn)
    const from = standsOn(turn)
    give(turn, { kind: 'move-stage', leadId: turn.lead.id, from, to, mark: markOf(turn, 'move'), seenMovedAt, because: target === undefined ? because : { rule: 'step-begins', stepName: nameOfStep(turn, target) } })
  }
  if (target === undefined) closeWatch(turn, outcome, to, because)
  else enterStep(turn, target, watch.responsibleId, stepById(turn.regulation, watch.stepId)?.kind === 'intake' ? watch.contactsFrom ?? watch.enteredAt : turn.at, because)
}

/** The step is done one way or the other: misses answered, follow-up closed, and on to its stage if that is automatic. */
export const leaveStep = (turn: Turn, where: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  resolveIncidents(turn, { rule: 'incident-answered', how: 'result' })
  closeFollowUp(turn, because)
  if (where?.by === 'automatic') moveOn(turn, where.stageId, outcome, because)
  else if (activeWatch(turn).clock.kind !== 'none') give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { kind: 'none' }, because })
}

/** Is the lead still on the step's stage? A look that does not show our own move yet is no move of a person. */
export const isOnStep = (turn: Turn, step: Step): boolean => turn.lead.stageId === step.stageId || turn.lead.stageId === activeWatch(turn).staysOn || isMovePending(turn) || isStuck(turn)

/** Our own move is not to be seen yet: the lead stands where it stood, and has not been moved since. */
export const isMovePending = (turn: Turn): boolean => {
  const expected = activeWatch(turn).expects?.stage ?? null
  return expected !== null && turn.lead.stageId === expected.from && movedAt(turn) === expected.movedAt
}

/** The portal has refused our move, and the lead stands where it stood. */
export const isStuck = (turn: Turn): boolean => {
  const { refused } = activeWatch(turn)
  return refused !== undefined && turn.lead.stageId === refused.from && movedAt(turn) === refused.movedAt
}

/** The lead was moved to another stage by somebody: the clock stops, and the step of that stage, if any, begins. */
export const followStage = (turn: Turn, step: Step | undefined): void => {
  const { lead } = turn
  const watch = activeWatch(turn)
  const stepName = step === undefined ? watch.stepId : nameOfStep(turn, step)
  const { outcome, because } = whereTo(turn, step, stepName)
  resolveIncidents(turn, { rule: 'incident-answered', how: 'stage' })
  closeFollowUp(turn, because)
  const target = lead.semantic === 'processing' ? stepOnStage(turn.regulation, lead.stageId) : undefined
  // Whoever takes a lead that waits for somebody into work has chosen its responsible; only we have just found nobody.
  const hasFoundNobody = turn.commands.some(command => command.kind === 'assign' && command.because.rule === 'distribution-nobody')
  if (target?.kind === 'work' && watch.chosenId === null && !hasFoundNobody) give(turn, { kind: 'note-responsible', leadId: lead.id, userId: watch.responsibleId, because })
  if (target === undefined) closeWatch(turn, outcome, lead.stageId, because)
  else enterStep(turn, target, watch.responsibleId, step?.kind === 'intake' ? watch.contactsFrom ?? watch.enteredAt : movedAt(turn) ?? turn.at, { rule: 'step-entered', stepName: nameOfStep(turn, target) }, target.kind === 'intake' && step?.kind === 'work')
}

export const nameOfStep = (turn: Turn, step: Step): string => inLanguage(step.name, turn.context.language)

/** When the lead was last moved, as the look shows it. */
export const movedAt = (turn: Turn): Moment | null => (turn.lead.movedAt === null ? null : toMoment(Math.floor(turn.lead.movedAt.epochMilliseconds / secondMs) * secondMs))

const closeWatch = (turn: Turn, outcome: Outcome, stageId: Step['stageId'], because: Reason): void => {
  give(turn, { kind: 'close-watch', leadId: turn.lead.id, outcome, at: turn.at, stageId, movedAt: movedAt(turn), because })
}

/** The stage a move starts from: where an unseen move of ours leads to, else where the lead is. */
const standsOn = (turn: Turn): Step['stageId'] => (isMovePending(turn) ? activeWatch(turn).expects?.stage?.to : undefined) ?? turn.lead.stageId

const stageNameOf = (turn: Turn): { stageName?: string } => {
  const stageName = turn.context.stageNames[turn.lead.stageId]
  return stageName === undefined ? {} : { stageName }
}

const whereTo = (turn: Turn, step: Step | undefined, stepName: string): { outcome: Outcome; because: Reason } => {
  const { lead } = turn
  const card = cardState(turn.regulation.card, lead.fields)
  if (step !== undefined && lead.stageId === step.leave.notQualified?.stageId) return { outcome: 'not-qualified', because: whyNotQualified(turn, card) }
  const isDone = step?.card !== true || (card.result === 'qualified' && card.toAsk.length === 0)
  if (step?.kind === 'work' && lead.stageId === step.leave.done?.stageId && isDone) return { outcome: 'qualified', because: whyQualified(turn, card) }
  if (lead.semantic !== 'processing') return { outcome: lead.semantic === 'success' ? 'converted' : 'lost', because: { rule: 'lead-finished', semantic: lead.semantic } }
  return { outcome: 'moved-on', because: { rule: 'step-left-elsewhere', stepName, stageId: lead.stageId, ...stageNameOf(turn) } }
}

export const whyQualified = (turn: Turn, { nextStep }: CardState): Reason => ({ rule: 'card-complete', nextStep, ...titleOf(turn, turn.regulation.card.nextStep.options, nextStep) })
export const whyNotQualified = (turn: Turn, { reason }: CardState): Reason => ({ rule: 'not-qualified', reason, ...titleOf(turn, turn.regulation.card.reason.options, reason) })

const titleOf = (turn: Turn, options: readonly Option[], code: string | null): { title?: string } => {
  const option = options.find(one => one.code === code)
  return option === undefined ? {} : { title: inLanguage(option.title, turn.context.language) }
}

/** A watch at the beginning of a step. */
export const freshWatch = (turn: Turn, step: Step, responsibleId: UserId, round: number, contactsFrom: Moment): ActiveWatch => ({
  status: 'active',
  leadId: turn.lead.id,
  regulationVersion: turn.version,
  stepId: step.id,
  enteredAt: turn.at,
  responsibleId,
  // Whoever stands on a lead that is met in the middle of its way was chosen by somebody.
  chosenId: step.kind === 'work' && turn.lead.responsibleId === responsibleId ? responsibleId : null,
  clock: { kind: 'none' },
  followUp: null,
  contactedAt: null,
  askedAgain: [],
  incidentId: null,
  round,
  contactsFrom,
  ...(turn.isOld ? { takenOver: true } : {}),
})
