/** A lead goes on under a newer version of the regulation. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { toMs } from '../time.ts'
import { setClock, spanOf } from './deadlines.ts'
import { resolveIncidents } from './incidents.ts'
import { takeIn } from './intake.ts'
import { isMovePending, isOnStep, isStuck, movedAt, moveOn } from './steps.ts'
import { changeFollowUp, closeFollowUp } from './tasks.ts'
import { activeWatch, give, stepById, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * Takes over the version that decides from now on. A running term that the step's span made is counted anew from its start where that span
 * is another one now; any other term, and one that a person has moved, or that is paused, stays. A step that has another id is the same
 * step; one that the version does not have is followed by the lead's stage.
 */
export const adoptVersion = (turn: Turn): void => {
  const { leadId, regulationVersion, stepId } = activeWatch(turn)
  if (regulationVersion === turn.version) return
  const because = { rule: 'version-adopted', from: regulationVersion, to: turn.version } as const
  const known = stepById(turn.regulation, stepId)
  const step = known ?? stepRenamed(turn)
  give(turn, { kind: 'adopt-version', leadId, version: turn.version, ...(known !== undefined || step === undefined ? {} : { stepId: step.id }), because })
  if (isLost(turn, step)) loseStep(turn)
  else if (step !== undefined && isOnStep(turn, step)) countAnew(turn, step, because)
}

/** The only step that stands where the lead stands on its present one. A lead that somebody has moved since is on another one. */
const stepRenamed = (turn: Turn): Step | undefined => {
  const { enteredAt, expects } = activeWatch(turn)
  const { stageId, semantic } = turn.lead
  const moved = movedAt(turn)
  const isOurs = isMovePending(turn) || expects?.stage?.to === stageId
  if (semantic !== 'processing' || isStuck(turn) || (!isOurs && moved !== null && toMs(moved) > toMs(enteredAt))) return undefined
  const stands = isMovePending(turn) ? expects?.stage?.to ?? stageId : stageId
  const [step, ...others] = turn.regulation.steps.filter(one => one.stageId === stands)
  return others.length === 0 ? step : undefined
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
