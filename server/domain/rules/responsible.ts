/** The lead's responsible: never nobody, never a dismissed person, and whoever a person has chosen. */
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { toMoment, toMs } from '../time.ts'
import { setClock } from './deadlines.ts'
import { distribute, isAway } from './distribution.ts'
import type { Choice } from './distribution.ts'
import { isMovePending, tellAssigned } from './steps.ts'
import { changeFollowUp, closeFollowUp, setAppointment } from './tasks.ts'
import { activeWatch, give, isDismissed, markOf, nameOf, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * Takes note of a responsible who was changed by a person, and finds a new one for nobody or a dismissed one.
 * Returns why, or null when nothing has changed.
 */
export const settleResponsible = (turn: Turn): Reason | null => {
  const { responsibleId } = turn.lead
  const watch = activeWatch(turn)
  if (isAssignPending(turn)) return null
  if (responsibleId === null || isDismissed(turn.context, responsibleId)) return replace(turn, responsibleId)
  if (responsibleId === watch.responsibleId) return null
  const because = { rule: 'responsible-changed', from: watch.responsibleId, to: responsibleId, name: nameOf(turn.context, responsibleId) } as const
  give(turn, { kind: 'note-responsible', leadId: turn.lead.id, userId: responsibleId, because })
  return because
}

/**
 * A new responsible gets the follow-up, the message and the whole term; handed on once more before any contact, the lead keeps its term.
 * Where nobody could be chosen, no clock runs against the fallback person, who is asked to name somebody.
 */
export const handOver = (turn: Turn, step: Step, because: Reason): void => {
  const { leadId, clock, contactedAt, responsibleId, chosenId, handovers } = activeWatch(turn)
  if (chosenId === null) {
    if (clock.kind !== 'none') give(turn, { kind: 'set-clock', leadId, clock: { kind: 'none' }, because })
    closeFollowUp(turn, because)
    setAppointment(turn, because)
    return
  }
  const isHandedOn = contactedAt === null && (handovers ?? 0) > 1
  if (clock.kind !== 'none' && (!isHandedOn || toMs(clock.dueAt) <= turn.nowMs)) setClock(turn, step, clock.kind === 'again' ? 'again' : contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))
  changeFollowUp(turn, because, responsibleId)
  tellAssigned(turn, because)
}

/** Gives the lead of a responsible who is away at the deadline to somebody who is there, with a new term; false when he is there. */
export const passOnIfAway = (turn: Turn, step: Step): boolean => {
  const { responsibleId, clock, contactedAt } = activeWatch(turn)
  const person = personOf(turn.context, responsibleId)
  if (person === undefined || clock.kind === 'none' || !isAway(person, turn.calendar, turn.nowMs)) return false
  const because = { rule: 'responsible-away', userId: responsibleId, name: person.name, dueAt: clock.dueAt } as const
  const choice = chooseInTurn(turn)
  assignInTurn(turn, choice)
  if (choice.kind === 'nobody') {
    tellNobody(turn, choice.userId, choice.because)
    handOver(turn, step, because)
    return true
  }
  setClock(turn, step, contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))
  changeFollowUp(turn, because, choice.userId)
  tellAssigned(turn, because)
  return true
}

/** Chooses by distribution and assigns; the message to the fallback person included when there is nobody. */
export const assignInTurn = (turn: Turn, choice: Choice): void => {
  const { lead } = turn
  give(turn, { kind: 'assign', leadId: lead.id, userId: choice.userId, mark: markOf(turn, `assign-${choice.userId}`), from: lead.responsibleId, seenUpdatedAt: toMoment(lead.updatedAt.epochMilliseconds), because: choice.because })
}

/** Tells the fallback person that somebody must be named; of an old lead its task does. */
export const tellNobody = (turn: Turn, userId: UserId, because: Reason): void => {
  if (turn.isOld) return
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId, mark: markOf(turn, 'nobody'), about: 'nobody-available', incidentId: null, because })
}

export const chooseInTurn = (turn: Turn): Choice => distribute(turn.regulation.distribution, turn.context, turn.calendar, turn.nowMs)

/** Our own assignment is not to be seen yet: the former responsible stands there, and the lead is as it was. */
const isAssignPending = (turn: Turn): boolean => {
  const expected = activeWatch(turn).expects?.responsible ?? null
  const { responsibleId, updatedAt } = turn.lead
  if (expected?.refused === true) return (responsibleId === null || isDismissed(turn.context, responsibleId)) && toMoment(updatedAt.epochMilliseconds) === expected.updatedAt
  if (expected === null || responsibleId !== expected.from || responsibleId === expected.to) return false
  return responsibleId === null || isDismissed(turn.context, responsibleId) || isMovePending(turn) || toMoment(updatedAt.epochMilliseconds) === expected.updatedAt
}

const replace = (turn: Turn, dismissed: UserId | null): Reason | null => {
  const choice = chooseInTurn(turn)
  if (choice.userId === dismissed) return null
  assignInTurn(turn, choice)
  if (choice.kind === 'nobody') tellNobody(turn, choice.userId, choice.because)
  return dismissed === null ? choice.because : { rule: 'responsible-dismissed', userId: dismissed, name: nameOf(turn.context, dismissed) }
}
