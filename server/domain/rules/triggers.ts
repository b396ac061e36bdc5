/** Triggers for the portal's own automation: a missed deadline, a filled card, a lead that is qualified. */
import type { Command, Reason, TriggerCode } from '../command.ts'
import type { Watch } from '../watch.ts'
import { cardState } from './card.ts'
import { give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

/** Fires what the commands of this look stand for: each miss once, card and qualification once for each step. */
export const fireTriggers = (turn: Turn, before: Watch): void => {
  for (const command of [...turn.commands]) if (command.kind === 'open-incident' && command.about !== 'converted-past') fire(turn, 'deadline-missed', `${command.incidentId}-trigger`, command.because)
  const stepId = before.status === 'active' ? before.stepId : turn.watch.status === 'active' ? turn.watch.stepId : undefined
  const step = stepId === undefined ? undefined : stepById(turn.regulation, stepId)
  if (step === undefined || step.card === null || turn.watch.status === 'unseen') return
  const because: Reason = { rule: 'card-complete', nextStep: null }
  const { missing, answered } = cardState(turn.regulation.card, turn.lead.fields, step.card)
  if (answered.length > 0 && missing.length === 0) fire(turn, 'card-complete', `${turn.lead.id}-${step.id}-card-complete`, because)
  if (step.card.closing && turn.commands.some(isQualifying)) fire(turn, 'qualified', `${turn.lead.id}-${step.id}-qualified`, because)
}

const isQualifying = ({ kind, because }: Command): boolean => because.rule === 'card-complete' && (kind === 'close-follow-up' || kind === 'set-clock' || kind === 'move-stage' || kind === 'close-watch' || kind === 'enter-step')

const fire = (turn: Turn, trigger: TriggerCode, mark: string, because: Reason): void => {
  const fired = turn.watch.status === 'unseen' ? undefined : turn.watch.life?.triggers
  if (fired?.includes(mark) !== true) give(turn, { kind: 'fire-trigger', leadId: turn.lead.id, trigger, mark, because })
}
