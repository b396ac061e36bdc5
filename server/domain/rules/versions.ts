/** A lead goes on under a newer version of the regulation. */
import type { Reason } from '../command.ts'
import type { StageId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { toMs } from '../time.ts'
import { setClock, spanOf } from './deadlines.ts'
import { resolveIncidents } from './incidents.ts'
import { takeIn } from './intake.ts'
import { isMovePending, isOnStep, isStuck, movedAt, moveOn, nameOfStep } from './steps.ts'
import { changeFollowUp, closeFollowUp } from './tasks.ts'
import { activeWatch, give, stepById, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * Takes over the version that decides from now on. A running term that the step's span made is counted anew from its start where that span
 * is another one now; any other term, and one that a person has moved, or that is paused, stays, and so does a term of which only the
 * calendar is another one: the next term is counted by that. A step that has another id is the same step; one that has another stage keeps
 * the leads that stand on its former one; one that the version does not have is followed by the lead's stage.
 */
export const adoptVersion = (turn: Turn): void => {
  const { leadId, regulationVersion, stepId } = activeWatch(turn)
  if (regulationVersion === turn.version) return
  const because = { rule: 'version-adopted', from: regulationVersion, to: turn.version } as const
  const known = stepById(turn.regulation, stepId)
  const step = known ?? stepRenamed(turn)
  give(turn, { kind: 'adopt-version', leadId, version: turn.version, ...(known !== undefined || step === undefined ? {} : { stepId: step.id }), because })
  if (known !== undefined) keepOnStep(turn, known)
  if (isLost(turn, step)) loseStep(turn)
  else if (step !== undefined && isOnStep(turn, step)) countAnew(turn, step, because)
}

/** The only step that stands where the lead stands on its present one. A lead that somebody has moved since is on another one. */
const stepRenamed = (turn: Turn): Step | undefined => {
  const stands = ownStage(turn)
  const [step, ...others] = turn.regulation.steps.filter(one => one.stageId === stands)
  return others.length === 0 ? step : undefined
}

/** The stage on which the lead has been since its present step began, or on which a move of ours puts it; null where somebody has moved it since, or the portal refuses our move. */
const ownStage = (turn: Turn): StageId | null => {
  const { enteredAt, contactsFrom, expects } = activeWatch(turn)
  const { stageId, semantic } = turn.lead
  if (isStuck(turn)) return null
  if (isMovePending(turn)) return expects?.stage?.to ?? null
  const moved = movedAt(turn)
  const hasStayed = moved === null || expects?.stage?.to === stageId || toMs(moved) <= Math.max(toMs(enteredAt), toMs(contactsFrom ?? enteredAt))
  return semantic === 'processing' && hasStayed ? stageId : null
}

/** The version has the step on another stage: the lead goes on with it where it stands, until somebody moves it. */
const keepOnStep = (turn: Turn, step: Step): void => {
  const stands = ownStage(turn)
  const { leadId, staysOn } = activeWatch(turn)
  if (stands === null || stands === step.stageId || stands === staysOn) return
  const stageName = (stageId: StageId) => turn.context.stageNames[stageId] ?? stageId
  give(turn, { kind: 'stay-on-step', leadId, stageId: stands, at: turn.at, because: { rule: 'step-on-other-stage', stepName: nameOfStep(turn, step), stageName: stageName(step.stageId), standsOn: stageName(stands) } })
}

/** Neither the step nor another one for the lead's stage is there any more; a finished lead needs none. */
const isLost = (turn: Turn, step: Step | undefined): boolean =>
  turn.lead.semantic === 'processing' && (step === undefined || (!isOnStep(turn, step) && stepOnStage(turn.regulation, turn.lead.stageId) === undefined))

/** The lead enters the step of its stage; where there is none it is let go, and the administrators are told once for all leads of the step. */
const loseStep = (turn: Turn): void => {
  const { stepId, leadId } = activeWatch(turn)
  const because: Reason = { rule: 'step-lost', stepId, stageId: turn.lead.stageId }
  const target = stepOnStage(turn.regulation, turn.lead.stageId)
  resolveIncidents(turn, because)
  closeFollowUp(turn, because)
  if (target === undefined) {
    const { adminIds = [] } = turn.context
    for (const userId of adminIds.length === 0 ? [turn.regulation.distribution.fallbackUserId] : adminIds)
      give(turn, { kind: 'notify', leadId, userId, mark: `step-lost-${turn.version}-${stepId}-${userId}`, about: 'step-lost', incidentId: null, because })
  }
  moveOn(turn, turn.lead.stageId, 'moved-on', because)
  if (target?.kind === 'intake') takeIn(turn, target)
}

const countAnew = (turn: Turn, step: Step, because: Reason): void => {
  const { clock, leadId, step: notes } = activeWatch(turn)
  if (clock.kind === 'none' || clock.movedFrom !== null || (notes?.waiting ?? null) !== null) return
  if (step.deadline === null) {
    give(turn, { kind: 'set-clock', leadId, clock: { kind: 'none' }, because })
    return
  }
  const { made } = clock
  if (made === undefined || spanOf(turn, step, made) === made.span) return
  if (setClock(turn, step, clock.kind, toMs(clock.startedAt), { overdue: true, made })) changeFollowUp(turn, because, null)
}
