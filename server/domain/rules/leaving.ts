/** Leaving a step that is done: by ourselves, or by people who are asked for it until they have done it. */
import type { Reason } from '../command.ts'
import type { Step } from '../regulation.ts'
import { dayMs, toMs } from '../time.ts'
import type { MadeBy } from '../watch.ts'
import { isDue, setClock } from './deadlines.ts'
import { tryAgain } from './refusals.ts'
import { overdue } from './responsible.ts'
import { isMovePending, isStuck, leaveStep } from './steps.ts'
import { changeFollowUp, followUpSeen, setNextAction } from './tasks.ts'
import { activeWatch, give, markOf } from './turn.ts'
import type { Turn } from './turn.ts'
import { waitOf } from './waiting.ts'

/**
 * Two moves at once could not be told from a return to the step, so a finished step waits for our first move to be seen; but not for ever.
 * A move that is left to people is made by us as soon as the manager confirms it; one to a success never, because only a conversion makes a deal.
 */
export const finish = (turn: Turn, step: Step, leave: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  const where = howToLeave(turn, leave, outcome)
  if (where?.by === 'automatic' && isStuck(turn) && activeWatch(turn).refused?.to === where.stageId) {
    tryAgain(turn, step)
    return
  }
  if (isMovePending(turn) && turn.nowMs - toMs(activeWatch(turn).enteredAt) < dayMs) return
  if (where?.by === 'automatic') leaveStep(turn, where, outcome, because)
  else leaveToPeople(turn, step, where, outcome, because)
}

const howToLeave = (turn: Turn, leave: Step['leave']['done'], outcome: 'qualified' | 'not-qualified'): Step['leave']['done'] => {
  if (leave === null) return null
  if (isSuccess(turn, leave)) return { ...leave, by: leave.by === 'hand' ? 'hand' : 'proposed' }
  const { goOn, refuse } = activeWatch(turn).step ?? {}
  return goOn === true || ((refuse ?? null) !== null && outcome === 'not-qualified') ? { ...leave, by: 'automatic' } : leave
}

/**
 * The step is done, and somebody has to move the lead: that is its next action, with a term of its own, and where it is proposed the
 * responsible is told once (S0-16). A lead that nobody moves is missed like any other work.
 */
const leaveToPeople = (turn: Turn, step: Step, where: Step['leave']['done'], outcome: 'qualified' | 'not-qualified', because: Reason): void => {
  const { leadId, responsibleId, step: notes, followUp } = activeWatch(turn)
  const proposed = `${leftTo}${where?.stageId ?? ''}`
  const isNew = notes?.proposed !== proposed
  if (isNew || (followUp !== null && followUp.next === undefined)) leaveStep(turn, where, outcome, because)
  if (isNew) give(turn, { kind: 'note', leadId, step: { proposed }, because })
  if (isNew && where?.by === 'proposed') give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `proposed-${Math.floor(turn.nowMs / 1_000)}`), about: isSuccess(turn, where) ? 'conversion-proposed' : 'move-proposed', incidentId: null, because })
  const isTimed = activeWatch(turn).clock.kind === 'none' && waitOf(turn) === null && setClock(turn, step, 'again', toMs(turn.at), { made: termToMove(turn) })
  if (isTimed && activeWatch(turn).followUp !== null) changeFollowUp(turn, { rule: 'no-next-action' }, null)
  else if (isDue(turn)) overdue(turn, step, 'not-finished', termToMove(turn))
  if (turn.watch.status === 'active' && turn.watch.chosenId !== null && (turn.watch.followUp === null || followUpSeen(turn)?.open === false)) setNextAction(turn, step, outcome === 'not-qualified' ? 'refusal' : isSuccess(turn, where) ? 'conversion' : 'move')
}

/** To move a finished lead takes nobody's answer, only somebody who thinks of it: a working day, as long as the step's slow term. */
const termToMove = ({ lead: { sourceId } }: Turn): MadeBy => ({ of: 'slow', span: '', sourceId })

const isSuccess = ({ context }: Turn, where: Step['leave']['done']): boolean => where !== null && context.successStageIds?.includes(where.stageId) === true

/** Before the stage to which people are to move a lead whose step is done, in `StepNotes.proposed`. */
export const leftTo = 'to:'
