/** Whoever gets a lead has to begin it in time; else it goes on to the next one (product, 2). People of the pool may take leads of nobody (S3-13). */
import type { Temporal } from 'temporal-polyfill'
import type { Context, Person, Reason } from '../command.ts'
import type { Lead, UserId } from '../lead.ts'
import type { CalendarData, Regulation, Step } from '../regulation.ts'
import type { ActiveWatch } from '../watch.ts'
import { addWorkingMs } from '../calendar.ts'
import { spanMs, toMoment, toMs } from '../time.ts'
import { beginningOf, isWaitedFor, noteBegun, stateOfWork, takeByOf } from './begun.ts'
import { channelOf, poolOfLead } from './channels.ts'
import { isOfPool } from './distribution.ts'
import { inLedger } from './owner.ts'
import { assignTo, passOn } from './responsible.ts'
import { activeWatch, give, isDismissed, markOf, nameOf, openTurn, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * Takes back a lead that whoever got it by distribution has not begun in time, and gives it to the next one.
 * That is a miss of nobody: the deadlines count those. A responsible whom a person has named is left alone.
 */
export const takeBack = (turn: Turn, step: Step): void => {
  const { leadId, responsibleId, life } = activeWatch(turn)
  const takeBy = takeByOf(turn)
  if (takeBy === null) return
  // The check that follows may give a new task in place of one that he has closed.
  const begun = beginningOf(turn)
  if (begun !== null) noteBegun(turn, begun)
  if (begun !== null || toMs(takeBy) > turn.nowMs) return
  const because = { rule: 'not-taken', userId: responsibleId, name: nameOf(turn.context, responsibleId), takeBy } as const
  give(turn, { kind: 'note', leadId, life: { passedOn: [...life?.passedOn ?? [], responsibleId] }, because })
  if (!isDismissed(turn.context, responsibleId)) give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, 'not-taken'), about: 'not-taken', incidentId: null, because })
  passOn(turn, step, because)
}

/** Notes the beginning, or until when the lead is to be begun. */
export const watchTaking = (turn: Turn): void => {
  const { takeWithin } = turn.regulation.distribution
  const { leadId, step } = activeWatch(turn)
  if (takeWithin === null || activeWatch(turn).takenOver === true || !isWaitedFor(turn)) return
  const begun = beginningOf(turn)
  const counted = begun === null && step?.takeBy === undefined ? addWorkingMs(turn.calendar, toMs(turn.at), spanMs(takeWithin)) : null
  if (begun !== null) noteBegun(turn, begun)
  else if (counted !== null) give(turn, { kind: 'note', leadId, step: { takeBy: toMoment(counted.dueMs), givenWith: stateOfWork(turn) }, because: { rule: 'take-by', takeBy: toMoment(counted.dueMs), span: takeWithin } })
}

/**
 * «Взять себе»: a member of the pool becomes the responsible of a lead of nobody, or of one that has not been begun yet.
 * Returns why, or null when nothing has changed.
 */
export const obeyTake = (turn: Turn, seen: number): Reason | null => {
  for (const act of turn.lead.acts ?? []) {
    if (act.kind !== 'take' || act.id <= seen || act.byUserId === null || !mayTake(turn, act.byUserId)) continue
    const because = { rule: 'taken-by-member', userId: act.byUserId, name: nameOf(turn.context, act.byUserId) } as const
    const counted = inLedger(turn, act.byUserId, because)
    assignTo(turn, { userId: act.byUserId, ...counted })
    return counted.because
  }
  return null
}

/** The same question outside a review, where the people are all that is known besides the lead. */
export const mayTakeLead = ({ watch, lead, regulation, people, calendar, now }: { readonly watch: ActiveWatch; readonly lead: Lead; readonly regulation: Regulation; readonly people: readonly Person[]; readonly calendar: CalendarData; readonly now: Temporal.Instant }, id: UserId): boolean => {
  const context: Context = { calendar, people, shares: {}, load: {}, misses: {}, stageNames: {}, language: 'ru' }
  return mayTake(openTurn(watch, lead, regulation, watch.regulationVersion, context, now), id)
}

/** May this person take the lead by himself: of its pool or the person of its channel, and nobody works on it. */
export const mayTake = (turn: Turn, id: UserId): boolean => {
  const { regulation: { distribution }, context } = turn
  const { responsibleId, chosenId } = activeWatch(turn)
  if (!distribution.poolMayTake || personOf(context, id)?.active !== true) return false
  const { handledBy } = channelOf(turn) ?? { handledBy: null }
  const isOneOfThem = isOfPool(poolOfLead(turn), context, id) || (handledBy?.kind === 'person' && handledBy.userId === id)
  if (!isOneOfThem || (responsibleId === id && chosenId === id)) return false
  const isNobodys = chosenId === null || isDismissed(context, responsibleId)
  return isNobodys || (distribution.takeWithin !== null && isWaitedFor(turn) && beginningOf(turn) === null)
}
