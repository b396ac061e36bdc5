/** Moves that the portal refuses for good, and moves back that somebody else's automation makes again and again. */
import type { Step } from '../regulation.ts'
import { dayMs, toMoment, toMs } from '../time.ts'
import { isDue, setClock } from './deadlines.ts'
import { fallbackOf } from './distribution.ts'
import { isMovePending, isPushedFrom, isStuck, nameOfStep } from './steps.ts'
import { renewFollowUp } from './tasks.ts'
import { activeWatch, give, isDismissed, markOf, personOf, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

/** Tells the responsible, once, that the portal has refused our move, with the portal's own words; a finished step goes on with a new term. */
export const tellRefused = (turn: Turn, step: Step): void => {
  const { refused, responsibleId, leadId } = activeWatch(turn)
  if (refused === undefined || refused.toldAt !== null || !isStuck(turn)) return
  const because = { rule: 'refused', what: 'move-stage', words: refused.words } as const
  noteTold(turn)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, 'refused'), about: 'refused', incidentId: null, because })
  if (refused.to === step.stageId) return
  setClock(turn, step, 'again', toMs(turn.at))
  renewFollowUp(turn, step, because)
}

/** Tries the refused move again when the lead was changed since, or when the term of a finished step is over: nobody misses a deadline for the portal's refusal. */
export const tryAgain = (turn: Turn, step: Step): void => {
  const { refused, leadId } = activeWatch(turn)
  if (refused === undefined || refused.toldAt === null || !isStuck(turn)) return
  const because = { rule: 'refused', what: 'move-stage', words: refused.words } as const
  const isOver = refused.to !== step.stageId && isDue(turn)
  if (isOver) {
    setClock(turn, step, 'again', toMs(turn.at))
    renewFollowUp(turn, step, because)
  }
  if (isMovePending(turn) || (!isOver && refused.toldAt === seenAt(turn))) return
  const mark = markOf(turn, 'move-again')
  noteTold(turn)
  give(turn, { kind: 'move-stage', leadId, from: refused.from, to: refused.to, mark, seenMovedAt: refused.movedAt, because })
}

/** From the third return to an intake stage, or to a step that we move leads on from, within a day the lead stays on its step where it stands; somebody who can stop it is told once. */
export const stayIfPlayed = (turn: Turn, step: Step): void => {
  const { returns, responsibleId, leadId } = activeWatch(turn)
  const stage = turn.lead.semantic === 'processing' ? stepOnStage(turn.regulation, turn.lead.stageId) : undefined
  if (stage === undefined || !isPushedFrom(turn, step, stage)) return
  const count = (returns ?? []).filter(moment => toMs(moment) > turn.nowMs - dayMs).length + 1
  if (count < mostReturns) return
  const because = { rule: 'returned-again', count, stepName: nameOfStep(turn, step), stageName: turn.context.stageNames[turn.lead.stageId] ?? turn.lead.stageId } as const
  give(turn, { kind: 'stay-on-step', leadId, stageId: turn.lead.stageId, at: turn.at, because })
  const head = personOf(turn.context, responsibleId)?.headIds.find(id => !isDismissed(turn.context, id))
  give(turn, { kind: 'notify', leadId, userId: head ?? fallbackOf(turn.regulation.distribution, turn.context), mark: markOf(turn, 'returned'), about: 'returned', incidentId: null, because })
}

const mostReturns = 3

const seenAt = (turn: Turn): string => toMoment(turn.lead.updatedAt.epochMilliseconds)

const noteTold = (turn: Turn): void => {
  const { refused, leadId } = activeWatch(turn)
  if (refused === undefined) return
  give(turn, { kind: 'note-refused', leadId, refusedMark: '', refusedKind: 'move-stage', words: refused.words, at: turn.at, toldAt: seenAt(turn), because: { rule: 'refused', what: 'move-stage', words: refused.words } })
}
