/** The lead's responsible: never nobody, never a dismissed person, and whoever a person has chosen. */
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { toMoment, toMs } from '../time.ts'
import type { MadeBy } from '../watch.ts'
import { setClock } from './deadlines.ts'
import { poolOfLead } from './channels.ts'
import { distribute, isAway } from './distribution.ts'
import type { Choice } from './distribution.ts'
import { missDeadline } from './incidents.ts'
import type { Miss } from './incidents.ts'
import { handLadder } from './ladder.ts'
import { claimOf } from './owner.ts'
import type { Claim } from './owner.ts'
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
  handLadder(turn, because)
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

/** The deadline is over: a miss, but a person who is away cannot miss one, and the lead goes to somebody who is there. `about`, `made`: see `missDeadline`. */
export const overdue = (turn: Turn, step: Step, about: Miss | null, made?: MadeBy): void => {
  if (!passOnIfAway(turn, step)) missDeadline(turn, step, about, made)
}

/** Gives the lead of a responsible who is away at the deadline to somebody who is there, with a new term; false when he is there. */
const passOnIfAway = (turn: Turn, step: Step): boolean => {
  const { responsibleId, clock } = activeWatch(turn)
  const person = personOf(turn.context, responsibleId)
  if (person === undefined || clock.kind === 'none' || !isAway(person, turn.calendar, turn.nowMs)) return false
  const because = { rule: 'responsible-away', userId: responsibleId, name: person.name, dueAt: clock.dueAt } as const
  passOn(turn, step, because)
  return true
}

/** Gives the lead to the next one with a whole term, or to the fallback person without one. */
export const passOn = (turn: Turn, step: Step, because: Reason): void => {
  const { kind, userId } = giveOut(turn, true)
  if (kind === 'nobody') {
    handOver(turn, step, because)
    return
  }
  if (activeWatch(turn).clock.kind !== 'none') setClock(turn, step, activeWatch(turn).contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))
  changeFollowUp(turn, because, userId)
  tellAssigned(turn, because)
}

/** Finds whom the lead goes to, by a claim of his own or by distribution, and assigns it; the message to the fallback person included when there is nobody. */
export const giveOut = (turn: Turn, atWork: boolean): Claim & { readonly kind: 'claimed' } | Choice => {
  const claim = claimOf(turn, atWork)
  if (claim !== null) {
    assignTo(turn, claim)
    return { kind: 'claimed', ...claim }
  }
  const choice = chooseInTurn(turn)
  assignInTurn(turn, choice)
  if (choice.kind === 'nobody') tellNobody(turn, choice.userId, choice.because)
  return choice
}

/** Assigns the lead; whoever has it already is only noted. */
export const assignTo = (turn: Turn, { userId, poolId, because }: { readonly userId: UserId; readonly poolId?: string; readonly because: Reason }): void => {
  const { lead } = turn
  const counted = poolId === undefined ? {} : { poolId }
  if (lead.responsibleId === userId && activeWatch(turn).responsibleId === userId) give(turn, { kind: 'note-responsible', leadId: lead.id, userId, ...counted, because })
  else give(turn, { kind: 'assign', leadId: lead.id, userId, mark: markOf(turn, `assign-${userId}`), from: lead.responsibleId, seenUpdatedAt: toMoment(lead.updatedAt.epochMilliseconds), ...counted, because })
}

/** Chooses by distribution and assigns; the message to the fallback person included when there is nobody. */
export const assignInTurn = (turn: Turn, choice: Choice): void => {
  const { lead } = turn
  give(turn, { kind: 'assign', leadId: lead.id, userId: choice.userId, mark: markOf(turn, `assign-${choice.userId}`), from: lead.responsibleId, seenUpdatedAt: toMoment(lead.updatedAt.epochMilliseconds), ...(choice.kind === 'chosen' ? { poolId: poolOfLead(turn).id } : { at: turn.at }), because: choice.because })
}

/** Tells the fallback person that somebody must be named; of an old lead its task does. */
export const tellNobody = (turn: Turn, userId: UserId, because: Reason): void => {
  if (turn.isOld) return
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId, mark: markOf(turn, 'nobody'), about: 'nobody-available', incidentId: null, because })
}

/** The choice of the lead's pool, its region and those who had it taken into account. */
export const chooseInTurn = (turn: Turn): Choice => {
  const { distribution } = turn.regulation
  const hadIt = activeWatch(turn).life?.passedOn ?? []
  return distribute(distribution, poolOfLead(turn), turn.context, turn.calendar, turn.nowMs, { regions: regionsOf(turn), hadIt, byHand: hadIt.length > distribution.takeRounds })
}

const regionsOf = ({ lead, regulation }: Turn): readonly string[] => {
  const { regionField } = regulation.distribution
  const value = regionField === null ? null : lead.fields[regionField] ?? null
  return (typeof value === 'object' ? value ?? [] : [value]).map(one => String(one).trim()).filter(one => one !== '')
}

/** Our own assignment is not to be seen yet: the former responsible stands there, and the lead is as it was. */
const isAssignPending = (turn: Turn): boolean => {
  const expected = activeWatch(turn).expects?.responsible ?? null
  const { responsibleId, updatedAt } = turn.lead
  if (expected?.refused === true) return (responsibleId === null || isDismissed(turn.context, responsibleId)) && toMoment(updatedAt.epochMilliseconds) === expected.updatedAt
  if (expected === null || responsibleId !== expected.from || responsibleId === expected.to) return false
  return responsibleId === null || isDismissed(turn.context, responsibleId) || isMovePending(turn) || toMoment(updatedAt.epochMilliseconds) === expected.updatedAt
}

const replace = (turn: Turn, dismissed: UserId | null): Reason | null => {
  if ((claimOf(turn, true) ?? chooseInTurn(turn)).userId === dismissed) return null
  const { because } = giveOut(turn, true)
  return dismissed === null ? because : { rule: 'responsible-dismissed', userId: dismissed, name: nameOf(turn.context, dismissed) }
}
