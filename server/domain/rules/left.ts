/** A gate is not gone round: a lead that left its step by a refusal, or by a stage that the regulation does not know, still has to pass it (S0-19, S4-16). */
import type { Command, Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import type { ActiveWatch, Watch } from '../watch.ts'
import { whyNoLead } from './channels.ts'
import { holdAtGate } from './gates.ts'
import { freshWatch, nameOfStep } from './steps.ts'
import { followUpSeen, isTaskDone } from './tasks.ts'
import { activeWatch, give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

type Closed = Extract<Watch, { status: 'closed' }>

/** What was done on the step is known to its gate when the lead comes back beyond it. Before the follow-up is closed by us. */
export const rememberLeft = (turn: Turn, step: Step | undefined): void => {
  if (step === undefined || step.kind !== 'work' || step.gate === null) return
  const { leadId, enteredAt, contactsFrom = enteredAt, contactedAt, step: notes } = activeWatch(turn)
  const left = { stepId: step.id, enteredAt, contactsFrom, contactedAt, isTaskDone: isTaskDone(activeWatch(turn), followUpSeen(turn)), isAllowed: notes?.moveAllowed === true }
  give(turn, { kind: 'note', leadId, life: { left }, because: { rule: 'step-left-elsewhere', stepName: nameOfStep(turn, step), stageId: turn.lead.stageId } })
}

/** Whether the lead, closed on a step and moved beyond its gate since, is sent back to it; else what there is to tell of that. */
export const holdReturned = (turn: Turn, closed: Closed, responsibleId: UserId): { readonly back: Step | null; readonly told: readonly Command[] } => {
  const left = closed.life?.left
  const step = left?.stepId === closed.stepId && left !== undefined && closed.outcome !== 'qualified' && closed.outcome !== 'converted' ? stepById(turn.regulation, left.stepId) : undefined
  if (left === undefined || step === undefined || whyNoLead(turn) !== null) return { back: null, told: [] }
  const { enteredAt, contactsFrom, contactedAt } = left
  const fresh: ActiveWatch = {
    ...freshWatch(turn, step, responsibleId, (closed.round ?? 0) + 1, contactsFrom),
    enteredAt,
    contactedAt,
    step: { ...(left.isAllowed ? { moveAllowed: true } : {}), ...(left.isTaskDone ? {} : { taskOpen: true }) },
  }
  const trial: Turn = { ...turn, watch: fresh, commands: [] }
  if (holdAtGate(trial, step) !== 'back') return { back: null, told: trial.commands.filter(({ kind }) => kind === 'notify') }
  const because: Reason = { rule: 'step-entered', stepName: nameOfStep(turn, step) }
  give(turn, { kind: 'start-watch', watch: fresh, because })
  for (const command of trial.commands) give(turn, command)
  return { back: step, told: [] }
}
