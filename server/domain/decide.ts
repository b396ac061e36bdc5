/** Every rule of the product, in the order in which they apply. */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context } from './command.ts'
import { openIncidents } from './evolve.ts'
import { stageId } from './lead.ts'
import type { Sight } from './lead.ts'
import type { Regulation } from './regulation.ts'
import { answerRobots, beforeActs, obeyActs, obeyActsOfLeft, obeyActsOfStep, type Before } from './rules/acts.ts'
import { countCalls } from './rules/attempts.ts'
import { noteMoved } from './rules/begun.ts'
import { checkStep } from './rules/check.ts'
import { followMovedDeadline, remind, wake } from './rules/deadlines.ts'
import { holdAtGate } from './rules/gates.ts'
import { escalate } from './rules/incidents.ts'
import { goOn, leaveIfNoLead, lookForSomebody, lookOver, meetLead, takeIn } from './rules/intake.ts'
import { climb } from './rules/ladder.ts'
import { forgetUndone, tellOfGone } from './rules/conversion-notes.ts'
import { forgetPast, watchNativeConversion } from './rules/native-conversion.ts'
import { holdMessages } from './rules/quiet.ts'
import { watchNobody } from './rules/nobody.ts'
import { watchRefusal } from './rules/rejection.ts'
import { stayIfPlayed, tellRefused, tryAgain } from './rules/refusals.ts'
import { handOver, settleResponsible } from './rules/responsible.ts'
import { followStage, isOnStep, isStuck } from './rules/steps.ts'
import { obeyTake, takeBack } from './rules/take.ts'
import { fireTriggers } from './rules/triggers.ts'
import { restoreFollowUp } from './rules/tasks.ts'
import { activeWatch, openTurn, stepById, stepOnStage } from './rules/turn.ts'
import type { Turn } from './rules/turn.ts'
import { endIfOver, waitAsPostponed } from './rules/waiting.ts'
import { adoptVersion } from './rules/versions.ts'
import { toMoment } from './time.ts'
import type { ActiveWatch, Moment, Watch } from './watch.ts'

/**
 * Compares a lead with what the regulation wants and returns what is to be done, each with its reason.
 * Pure: the same arguments give the same commands; a second look right after carrying them out gives none but `wake-at`.
 * An open lead's commands always end in exactly one `wake-at`, so that no lead is ever forgotten.
 */
export const decide = (watch: Watch, sight: Sight, regulation: Regulation, version: number, context: Context, now: Temporal.Instant): readonly Command[] => {
  if (sight.kind === 'gone') {
    const told = tellOfGone(watch, sight.leadId, sight.acts ?? [], { regulation, context }, now.epochMilliseconds)
    return [...watch.status === 'active' ? forget(watch, regulation, now) : forgetPast(watch, wholeSecond(now)), ...told]
  }
  const turn = openTurn(watch, sight.lead, regulation, version, context, now)
  if (watch.status !== 'active') meetLead(turn)
  if (turn.watch.status === 'active') {
    const { responsibleId } = turn.watch
    adoptVersion(turn)
    if (turn.watch.status === 'active') review(turn)
    if (turn.watch.status === 'active') lookOver(turn)
    escalate(turn, responsibleId)
    if (turn.watch.status === 'active' && turn.watch.responsibleId !== responsibleId) escalate(turn, turn.watch.responsibleId)
  }
  if (turn.watch.status === 'active') climb(turn)
  if (turn.watch.status !== 'active') {
    obeyActs(turn)
    forgetUndone(turn)
  }
  watchRefusal(turn)
  watchNativeConversion(turn, watch)
  answerRobots(turn, watch)
  fireTriggers(turn, watch)
  if (turn.watch.status === 'active') wake(turn)
  return holdMessages(turn, turn.commands)
}

/** Rules of a lead that is under a step. Each may end the watch. */
const review = (turn: Turn): void => {
  if (leaveIfNoLead(turn)) return
  const before = beforeActs(turn)
  obeyActs(turn)
  const step = stepById(turn.regulation, activeWatch(turn).stepId)
  const hasLeft = step !== undefined && !isOnStep(turn, step)
  if (hasLeft) obeyActsOfLeft(turn, step, before)
  if (step !== undefined && !isOnStep(turn, step)) {
    const held = holdAtGate(turn, step)
    if (held === 'unheard') return
    if (held === 'on') stayIfPlayed(turn, step)
  }
  // The portal will not take back a success.
  const isOver = turn.lead.semantic === 'success' && step !== undefined && isStuck(turn)
  if (step === undefined || isOver || !isOnStep(turn, step)) {
    const next = stepOnStage(turn.regulation, turn.lead.stageId)
    if (next !== undefined && obeyTake(turn, before.seen) === null) settleResponsible(turn)
    noteMoved(turn)
    followStage(turn, step)
    if (next?.kind === 'intake' && turn.watch.status === 'active') {
      takeIn(turn, next)
      if (activeWatch(turn).chosenId === null) lookForSomebody(turn, next, before.seen)
    }
    workOn(turn, before, hasLeft)
    return
  }
  const isWaiting = activeWatch(turn).chosenId === null
  const changed = obeyTake(turn, before.seen) ?? settleResponsible(turn)
  if (isWaiting && changed !== null && activeWatch(turn).chosenId !== null) goOn(turn, step, changed)
  else if (isWaiting) lookForSomebody(turn, step, before.seen)
  else if (changed !== null) handOver(turn, step, changed)
  workOn(turn, before, hasLeft)
}

/** What is to be done on the step that the lead is on by now. */
const workOn = (turn: Turn, before: Before, hasLeft: boolean): void => {
  if (turn.watch.status !== 'active') return
  obeyActsOfStep(turn, before, hasLeft)
  if (turn.watch.status !== 'active') return
  const step = stepById(turn.regulation, turn.watch.stepId)
  if (step === undefined) return
  if (turn.watch.chosenId === null) {
    watchNobody(turn, step)
    return
  }
  tellRefused(turn, step)
  if (activeWatch(turn).refused?.to === step.stageId) tryAgain(turn, step)
  followMovedDeadline(turn, step)
  takeBack(turn, step)
  if (activeWatch(turn).chosenId === null) return
  waitAsPostponed(turn, step)
  endIfOver(turn, step)
  countCalls(turn, step)
  checkStep(turn, step)
  if (turn.watch.status !== 'active' || turn.watch.stepId !== step.id) return
  restoreFollowUp(turn, step)
  remind(turn, step)
}

/** The lead was deleted or merged away: nothing is left to wait for. */
const forget = (watch: ActiveWatch, regulation: Regulation, now: Temporal.Instant): readonly Command[] => {
  const because = { rule: 'lead-gone' } as const
  const { leadId, followUp } = watch
  const at = wholeSecond(now)
  return [
    ...openIncidents(watch).map((incidentId): Command => ({ kind: 'resolve-incident', leadId, incidentId, at, because })),
    // A to-do goes with its lead; a task stays behind.
    ...(followUp?.form === 'task' ? [{ kind: 'close-follow-up', leadId, mark: `${followUp.mark}-close`, followUp: followUp.mark, form: followUp.form, because } satisfies Command] : []),
    { kind: 'close-watch', leadId, outcome: 'gone', at, stageId: stepById(regulation, watch.stepId)?.stageId ?? stageId(''), because },
  ]
}

const wholeSecond = (now: Temporal.Instant): Moment => toMoment(Math.floor(now.epochMilliseconds / 1_000) * 1_000)
