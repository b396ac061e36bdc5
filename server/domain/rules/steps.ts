/** Entering a step and leaving it. */
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Option, Step } from '../regulation.ts'
import { secondMs, toMoment, toMs } from '../time.ts'
import type { ActiveWatch, LifeNotes, Moment, Watch } from '../watch.ts'
import { cardState } from './card.ts'
import type { CardState } from './card.ts'
import { withoutConversions } from './conversion-notes.ts'
import { firstContact } from './contact.ts'
import { isWaiting, setClock } from './deadlines.ts'
import { resolveIncidents } from './incidents.ts'
import { resultOfCard } from './results.ts'
import { rememberLeft } from './left.ts'
import { closeFollowUp, commentQuestions, setAppointment, setFollowUp } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf, stepById, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'
import { noteEnd } from './waiting.ts'

type Closed = Extract<Watch, { status: 'closed' }>
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
  // Whoever gets a lead that waits begins when the wait is over.
  const counted = isWaiting(turn) || setClock(turn, step, activeWatch(turn).contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))
  if (!counted && step.deadline !== null) give(turn, { kind: 'set-clock', leadId, clock: { kind: 'none' }, because: { rule: 'no-working-time' } })
  setFollowUp(turn, step, whyThisDeadline(turn) ?? { rule: 'step-begins', stepName: nameOfStep(turn, step) })
  commentQuestions(turn, step, { rule: 'step-begins', stepName: nameOfStep(turn, step) })
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
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId: activeWatch(turn).responsibleId, mark: markOf(turn, 'assigned'), about: because.rule === 'returned-on-date' ? 'lead-back' : 'assigned', incidentId: null, because })
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
  if (target !== undefined && outcome === 'not-qualified') forgetResult(turn, because)
}

/** The step is done one way or the other: misses answered, follow-up closed, and on to its stage if that is automatic. */
export const leaveStep = (turn: Turn, where: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  if (outcome === 'not-qualified' && where?.by === 'automatic') rememberLeft(turn, stepById(turn.regulation, activeWatch(turn).stepId))
  resolveIncidents(turn, { rule: 'incident-answered', how: 'result' })
  noteEnd(turn, { rule: 'waiting-stopped', how: 'stage' })
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
  const target = lead.semantic === 'processing' ? stepOnStage(turn.regulation, lead.stageId) : undefined
  if (target === undefined && outcome !== 'qualified') rememberLeft(turn, step)
  noteEnd(turn, { rule: 'waiting-stopped', how: 'stage' })
  resolveIncidents(turn, { rule: 'incident-answered', how: 'stage' })
  closeFollowUp(turn, because)
  // Whoever takes a lead that waits for somebody into work has chosen its responsible; only we have just found nobody.
  const hasFoundNobody = turn.commands.some(command => command.kind === 'assign' && command.because.rule === 'distribution-nobody')
  if (target?.kind === 'work' && watch.chosenId === null && !hasFoundNobody) give(turn, { kind: 'note-responsible', leadId: lead.id, userId: watch.responsibleId, because })
  if (target === undefined) closeWatch(turn, outcome, lead.stageId, because)
  else enterStep(turn, target, watch.responsibleId, step?.kind === 'intake' ? watch.contactsFrom ?? watch.enteredAt : movedAt(turn) ?? turn.at, { rule: 'step-entered', stepName: nameOfStep(turn, target) }, isPushedFrom(turn, step, target))
  if (target === undefined) return
  if (outcome === 'not-qualified' || isBack(turn, step, target)) forgetResult(turn, because)
  if (target.followUp === null && isBack(turn, step, target)) give(turn, { kind: 'note', leadId: lead.id, step: { isBack: true }, because })
}

/** Is this a step before the one that the lead is on? Going back is always allowed, and the work is done anew. */
const isBack = ({ regulation: { steps } }: Turn, from: Step | undefined, to: Step): boolean => from !== undefined && from.leave.done?.stageId !== to.stageId && steps.indexOf(to) >= 0 && steps.indexOf(to) < steps.indexOf(from)

/** Does a move from one step back to the other undo a move of ours? Such returns are counted: portals have automation too. */
export const isPushedFrom = (turn: Turn, from: Step | undefined, to: Step): boolean =>
  from?.kind === 'work' && (to.kind === 'intake' || (isBack(turn, from, to) && to.leave.done?.by === 'automatic'))

/** The result that has brought the lead to a refusal's step, or that stood there before it went back, is no result of the step's own. */
const forgetResult = (turn: Turn, because: Reason): void => {
  const oldResult = resultOfCard(turn.regulation.card, turn.lead.fields)
  if (oldResult !== null) give(turn, { kind: 'note', leadId: turn.lead.id, life: { oldResult }, because })
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
  const isDone = (step?.card ?? null) === null || (card.result === 'qualified' && card.toAsk.length === 0)
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
  ...lifeAfter(turn, step),
  ...(step.followUp === null && turn.watch.status === 'closed' && isDoneAnew(turn, turn.watch, step) ? { step: { isBack: true } } : {}),
  ...(turn.isOld ? { takenOver: true } : {}),
})

/** A lead that comes back remembers its life; the result with which it was finished is no result of the new work. */
const lifeAfter = (turn: Turn, step: Step): { readonly life?: LifeNotes } => {
  const { watch, regulation, lead } = turn
  if (watch.status === 'unseen') return watch.actsSeen === undefined ? {} : { life: { actsSeen: watch.actsSeen } }
  if (watch.status !== 'closed') return {}
  const oldResult = isDoneAnew(turn, watch, step) ? resultOfCard(regulation.card, lead.fields) : null
  if (watch.life === undefined && oldResult === null) return {}
  const life = withoutConversions(reopened(watch.life ?? {}), lead)
  return { life: { ...(isPaused(watch) ? life : withoutCounts(life)), ...(oldResult === null ? {} : { oldResult }) } }
}

/** It was away from its work for a while, which was not finished. */
const isPaused = ({ outcome }: Closed): boolean => outcome === 'moved-on' || outcome === 'gone'

/** Its work was finished, or it comes back to an earlier step. */
const isDoneAnew = (turn: Turn, watch: Closed, step: Step): boolean =>
  !isPaused(watch) || (watch.stepId !== undefined && isBack(turn, stepById(turn.regulation, watch.stepId), step))

/** What stays known of a lead that comes back: what was asked about its refusal, who had it, and by which source it was left alone, is past. */
const reopened = ({ returnAt: _returnAt, returnFor: _returnFor, refusalAsked: _refusalAsked, controlledAt: _controlledAt, leftSource: _leftSource, givenTo: _givenTo, passedOn: _passedOn, asked, ...life }: LifeNotes): LifeNotes =>
  ({ ...life, ...(asked === undefined ? {} : { asked: asked.filter(what => !/^(reason|refusal)/.test(what)) }) })

/** After a refusal everything is tried anew: attempts, days of waiting and proposals of the former life are spent no more. Calls that were counted once are not counted again. */
const withoutCounts = ({ attempts, waitedDays: _waitedDays, asked, ...life }: LifeNotes): LifeNotes => ({
  ...life,
  ...(attempts === undefined ? {} : { attempts: { count: 0, lastAt: attempts.lastAt, proposed: false, activityIds: attempts.activityIds } }),
  ...(asked === undefined ? {} : { asked: asked.filter(what => !/^(disqualified|wrong-number)-/.test(what)) }),
})
