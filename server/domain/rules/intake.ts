/** A lead that we meet for the first time, or that has come back to a step. */
import type { Reason } from '../command.ts'
import type { Lead } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { secondMs, toMoment, toMs } from '../time.ts'
import type { Watch } from '../watch.ts'
import { askForNeeds, isLeftAlone, noteChannel, poolOfLead, whyNoLead } from './channels.ts'
import { firstContact, sinceCreation } from './contact.ts'
import { isPutBackAtOnce } from './conversion-notes.ts'
import { fallbackOf, keptCandidates, mayKeep } from './distribution.ts'
import { tellDuplicates } from './duplicates.ts'
import { resolveIncidents } from './incidents.ts'
import { holdReturned } from './left.ts'
import { workOfHolder } from './nobody.ts'
import { claimOf } from './owner.ts'
import { chooseInTurn, giveOut } from './responsible.ts'
import { presentCard } from './results.ts'
import { beginStep, freshWatch, moveOn, movedAt, nameOfStep } from './steps.ts'
import { closeFollowUp, setAppointment } from './tasks.ts'
import { watchTaking } from './take.ts'
import { setTitle } from './title.ts'
import { activeWatch, give, isDismissed, nameOf, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

/** Starts the watch of a lead that stands on a step's stage; any other lead is none of ours. */
export const meetLead = (turn: Turn): void => {
  const { lead, regulation, watch } = turn
  if (lead.semantic !== 'processing' || (watch.status === 'closed' && !hasReturned(turn, watch))) return
  const responsibleId = lead.responsibleId ?? fallbackOf(regulation.distribution, turn.context)
  const held = watch.status === 'closed' ? holdReturned(turn, watch, responsibleId) : null
  if (held !== null && held.back !== null) {
    beginHere(turn, held.back, { rule: 'step-entered', stepName: nameOfStep(turn, held.back) })
    return
  }
  const step = stepOnStage(regulation, lead.stageId)
  if (step === undefined) return
  const isNew = watch.status === 'unseen'
  const round = watch.status === 'closed' ? (watch.round ?? 0) + 1 : 0
  const contactsFrom = isNew && step.kind === 'intake' ? sinceCreation(lead) : movedAt(turn) ?? turn.at
  const stageName = turn.context.stageNames[lead.stageId] ?? lead.stageId
  const because: Reason = step.kind === 'intake' ? { rule: 'new-lead', stageName } : { rule: 'step-entered', stepName: nameOfStep(turn, step) }
  const fresh = freshWatch(turn, step, responsibleId, round, contactsFrom)
  give(turn, { kind: 'start-watch', watch: fresh, because: whyNoLead(turn) ?? because })
  for (const command of held?.told ?? []) give(turn, command)
  if (leaveIfNoLead(turn)) return
  if (step.kind === 'intake') takeIn(turn, step)
  else beginHere(turn, step, because)
}

/** Nobody was there for this lead: somebody has come, or whoever holds it has begun himself, as a contact, the card or his acts since the act `seen` say. */
export const lookForSomebody = (turn: Turn, step: Step, seen: number): void => {
  const watch = activeWatch(turn)
  const since = watch.step?.nobodySince
  const contact = firstContact(turn.lead, turn.regulation, since === undefined ? watch.contactsFrom ?? watch.enteredAt : toMoment(toMs(since) + secondMs), turn.nowMs)
  const card = step.kind === 'work' && step.card !== null ? presentCard(turn, step) : null
  // A result that stood there before, with answers still missing, is no work of whoever holds the lead now.
  const hasResult = card !== null && card.result !== null && (watch.askedAgain.length === 0 || card.toAsk.length === 0)
  const work = workOfHolder(turn, seen)
  const says: Reason | null = work === undefined ? null : { rule: 'begun', how: 'worked', at: toMoment(work.at.epochMilliseconds) }
  const begun: Reason | null = contact?.because ?? says ?? (hasResult ? { rule: 'responsible-changed', from: watch.responsibleId, to: watch.responsibleId, name: nameOf(turn.context, watch.responsibleId) } : null)
  const claim = claimOf(turn, true)
  const isCallers = claim?.because.rule === 'distribution-caller' && claim.userId !== watch.responsibleId
  if (begun !== null && !isCallers) {
    give(turn, { kind: 'note-responsible', leadId: turn.lead.id, userId: watch.responsibleId, because: begun })
    goOn(turn, step, begun)
    return
  }
  if (claim === null && chooseInTurn(turn).kind === 'nobody') return
  goOn(turn, step, giveOut(turn, true).because)
}

/** The responsible is known: on to the step that the intake leads to, or to work right here. */
export const goOn = (turn: Turn, step: Step, because: Reason): void => {
  closeFollowUp(turn, because)
  const { done } = step.leave
  if (step.kind === 'intake' && done?.by === 'automatic') moveOn(turn, done.stageId, 'moved-on', because)
  else beginStep(turn, step, because)
}

/** Finds the responsible of a lead on the intake stage: whoever has a claim to it, kept, chosen by distribution, or the fallback person. One that came back stays with its own first. */
export const takeIn = (turn: Turn, step: Step): void => {
  const old = keepOld(turn)
  const { because, kind } = old ?? (activeWatch(turn).chosenId === null ? null : keep(turn, true)) ?? (claimOf(turn, false) === null ? keep(turn) : null) ?? giveOut(turn, false)
  if (kind === 'nobody') setAppointment(turn, because)
  else goOn(turn, step, because)
}

/** A lead that was open before the installation stays with whoever has it, of the pool or not; null for any other. */
const keepOld = (turn: Turn): { readonly kind: 'kept'; readonly because: Reason } | null => {
  const { isOld, context, lead: { id, responsibleId } } = turn
  if (!isOld || responsibleId === null || isDismissed(context, responsibleId)) return null
  const because = { rule: 'taken-over', userId: responsibleId, name: nameOf(context, responsibleId) } as const
  give(turn, { kind: 'note-responsible', leadId: id, userId: responsibleId, because })
  return { kind: 'kept', because }
}

/** A responsible of the pool who is there stays; null for any other. */
const keep = (turn: Turn, goesFirst = false): { readonly kind: 'kept'; readonly because: Reason } | null => {
  const { lead: { id, responsibleId }, regulation: { distribution }, context, calendar, nowMs } = turn
  const pool = poolOfLead(turn)
  if (responsibleId === null || !mayKeep(distribution, pool, context, calendar, nowMs, responsibleId)) return null
  const because = { rule: 'distribution-kept', userId: responsibleId, name: nameOf(context, responsibleId), candidates: keptCandidates(distribution, pool, context, calendar, nowMs, responsibleId), ...(goesFirst ? { goesFirst } : {}) } as const
  give(turn, { kind: 'note-responsible', leadId: id, userId: responsibleId, poolId: pool.id, because })
  return { kind: 'kept', because }
}

/** A lead put straight on a work step stays with its responsible, unless that is nobody or a dismissed person. */
export const beginHere = (turn: Turn, step: Step, because: Reason): void => {
  const { lead, context } = turn
  if (lead.responsibleId !== null && !isDismissed(context, lead.responsibleId)) {
    beginStep(turn, step, because)
    return
  }
  const given = giveOut(turn, false)
  if (given.kind === 'nobody') setAppointment(turn, given.because)
  else beginStep(turn, step, given.because)
}

/** What comes through this source is no lead: it is left alone until it has another source. */
export const leaveIfNoLead = (turn: Turn): boolean => {
  const because = whyNoLead(turn)
  if (because === null) return false
  const { id: leadId, sourceId, stageId } = turn.lead
  resolveIncidents(turn, { rule: 'incident-answered', how: 'stage' })
  closeFollowUp(turn, because)
  give(turn, { kind: 'note', leadId, life: { leftSource: sourceId }, because })
  give(turn, { kind: 'close-watch', leadId, outcome: 'moved-on', at: turn.at, stageId, movedAt: movedAt(turn), because })
  return true
}

/** What is looked at in every open lead, on whichever step: its channel, what must be known of it, who knows the client, and its title. */
export const lookOver = (turn: Turn): void => {
  noteChannel(turn)
  watchTaking(turn)
  askForNeeds(turn)
  tellDuplicates(turn)
  setTitle(turn)
}

/** A closed lead is back when it was moved to a step's stage since; an old look shows the stage it was closed on. */
const hasReturned = (turn: Turn, watch: Extract<Watch, { status: 'closed' }>): boolean => {
  const isAlone = isLeftAlone(turn, watch)
  if (isAlone !== null) return !isAlone
  if (watch.outcome === 'gone') return true
  if (watch.movedAt === undefined) return turn.lead.stageId !== watch.stageId && movedAfter(turn.lead, watch.closedAt)
  return movedAt(turn) !== watch.movedAt || isPutBackAtOnce(turn, watch)
}

const movedAfter = (lead: Lead, moment: string): boolean => lead.movedAt === null || toMoment(lead.movedAt.epochMilliseconds) > toMoment(toMs(moment))
