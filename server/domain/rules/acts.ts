/** What people press in the lead tab, what robots ask and what comes over the API: each act is obeyed once, in order. */
import type { Act, UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { minuteMs, secondMs, toMoment, toMs } from '../time.ts'
import type { LifeNotes, Watch } from '../watch.ts'
import { notReached, rightNumber, wrongNumber } from './attempts.ts'
import { callBackOf, startCallBack } from './call-back.ts'
import { cardState, questionTitles } from './card.ts'
import { takeAgreement, takeContact } from './check.ts'
import { conversionNotes, toldOfEnd, whyNoted } from './conversion-notes.ts'
import { setClock } from './deadlines.ts'
import { moveDeadline } from './move-deadline.ts'
import { noteNotTheSame } from './duplicates.ts'
import { acknowledge } from './ladder.ts'
import { passOn } from './responsible.ts'
import { refusalNeeds, resultOfCard } from './results.ts'
import { mayBeObeyed } from './rights.ts'
import { isOnStep } from './steps.ts'
import { renewFollowUp } from './tasks.ts'
import { activeWatch, give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'
import { startWaiting, stopWaiting } from './waiting.ts'

/**
 * Notes the acts that were not yet seen, and obeys those that ask nothing of the step. Opening and taking are obeyed where the lead's
 * responsible is settled; what says something of the work waits until it is known on which step the lead is (`obeyActsOfStep`).
 */
export const obeyActs = (turn: Turn): void => {
  const seen = seenIn(turn.watch)
  for (const act of turn.lead.acts ?? []) {
    if (act.id <= seen) continue
    give(turn, { kind: 'note', leadId: turn.lead.id, life: { actsSeen: act.id, ...conversionNotes(act, lifeIn(turn.watch)) }, because: whyNoted(act) })
    for (const command of toldOfEnd(turn.lead.id, act)) give(turn, command)
    if (act.kind === 'not-duplicate' && turn.watch.status !== 'unseen') noteNotTheSame(turn, act.of)
    if (turn.watch.status === 'active') obey(turn, act)
  }
}

/** Where the lead stood before this look: acts above `seen` are new, and whoever was responsible then may have done them. */
export interface Before {
  readonly seen: number
  readonly responsibleId: UserId
}

/** Before the settling of anything: for `obeyActsOfStep`. */
export const beforeActs = (turn: Turn): Before => ({ seen: seenIn(turn.watch), responsibleId: activeWatch(turn).responsibleId })

/** What was said of the work on a step before somebody moved the lead on: it still counts for that step and for its gate. */
export const obeyActsOfLeft = (turn: Turn, step: Step, before: Before): void => {
  if (step.kind !== 'work' || activeWatch(turn).chosenId === null) return
  for (const act of newActs(turn, before)) if (isOfLeft(turn, act) && toldOfLeft.has(act.kind)) obeyOnStep(turn, step, act)
}

/** Obeys, in their order, the new acts that say something of the work, on the step that the lead is on by now. */
export const obeyActsOfStep = (turn: Turn, before: Before, hasLeft: boolean): void => {
  for (const act of newActs(turn, before)) {
    if (turn.watch.status !== 'active' || turn.watch.chosenId === null) return
    const step = stepById(turn.regulation, turn.watch.stepId)
    if (step?.kind === 'work' && isOnStep(turn, step) && !(hasLeft && isOfLeft(turn, act))) obeyOnStep(turn, step, act)
  }
}

/** New acts of people who had the right to them, then or now. */
const newActs = (turn: Turn, { seen, responsibleId }: Before): readonly Act[] =>
  (turn.lead.acts ?? []).filter(act => act.id > seen && (mayBeObeyed(turn, act, responsibleId) || mayBeObeyed(turn, act, activeWatch(turn).responsibleId)))

/** A person did it before the lead was moved; robots speak of the stage that has started them. */
const isOfLeft = ({ lead: { movedAt } }: Turn, { at, byUserId }: Act): boolean =>
  byUserId !== null && movedAt !== null && at.epochMilliseconds < Math.floor(movedAt.epochMilliseconds / secondMs) * secondMs

/** A wait ends with its step; what became of the talk stays true. */
const toldOfLeft: ReadonlySet<Act['kind']> = new Set(['not-reached', 'call-declared', 'go-on'])

/** Gives waiting robots their values when everything else is decided. */
export const answerRobots = (turn: Turn, before: Watch): void => {
  const seen = seenIn(before)
  for (const act of turn.lead.acts ?? []) if (act.id > seen) answerRobot(turn, act)
}

const seenIn = (watch: Watch): number => (watch.status === 'unseen' ? watch.actsSeen : lifeIn(watch)?.actsSeen) ?? 0

const lifeIn = (watch: Watch): LifeNotes | undefined => (watch.status === 'unseen' ? undefined : watch.life)

const obey = (turn: Turn, act: Act): void => {
  const { leadId, responsibleId } = activeWatch(turn)
  if (!mayBeObeyed(turn, act, responsibleId)) return
  if (act.kind === 'acknowledge') acknowledge(turn, act.incidentId, act.byUserId)
  if (act.kind === 'wrong-number') wrongNumber(turn, act.phone)
  if (act.kind === 'right-number') rightNumber(turn, act.phone)
  if (act.kind === 'allow-move') give(turn, { kind: 'note', leadId, step: { moveAllowed: true }, because: { rule: 'move-allowed', byUserId: act.byUserId } })
}

/** Acts that say something of the work on the step that the lead is on. */
const obeyOnStep = (turn: Turn, step: Step, act: Act): void => {
  const atMs = Math.min(act.at.epochMilliseconds, turn.nowMs)
  switch (act.kind) {
    case 'not-reached':
      notReached(turn, step, atMs)
      break
    case 'call-declared':
      declareCall(turn, step, atMs, act.comment)
      break
    case 'call-back':
      startCallBack(turn, step, atMs, act.until.epochMilliseconds)
      break
    case 'wait':
      startWaiting(turn, atMs, act.until.epochMilliseconds, { comment: act.comment })
      break
    case 'stop-waiting':
      stopWaiting(turn, step, { rule: 'waiting-stopped', how: 'asked' })
      break
    case 'move-deadline':
      moveDeadline(turn, step, act.until.epochMilliseconds)
      break
    case 'go-on':
      give(turn, { kind: 'note', leadId: turn.lead.id, step: { goOn: true }, because: { rule: 'step-confirmed' } })
      break
    case 'refuse':
      // A result of the lead's former life becomes the present one, too.
      if (refusalNeeds(turn)?.length === 0) give(turn, { kind: 'note', leadId: turn.lead.id, step: { refuse: resultOfCard(turn.regulation.card, turn.lead.fields) }, life: { oldResult: null }, because: { rule: 'refusal-confirmed' } })
      break
    case 'start-deadline':
      startDeadline(turn, step)
      break
    case 'distribute':
      passOn(turn, step, { rule: 'robot', robot: 'distribute' })
      break
    default:
  }
}

/** A mobile call counts when it has its comment; the journal shows it apart from calls of telephony (S3-17). */
const declareCall = (turn: Turn, step: Step, atMs: number, comment: string): void => {
  if (turn.regulation.contact.declaredCallNeedsComment && comment.trim() === '') return
  const at = Math.floor(atMs / secondMs) * secondMs
  const contact = { startMs: at, atMs: at, because: { rule: 'call-declared', at: toMoment(at) } } as const
  const askedAt = callBackOf(turn)?.askedAt
  // Whoever has just said that the client wants a call speaks of the same talk.
  if (askedAt !== undefined && activeWatch(turn).contactedAt === null && at < toMs(askedAt) + sameTalkMs) takeAgreement(turn, step, contact)
  else takeContact(turn, step, contact, false)
}

const sameTalkMs = 5 * minuteMs

const startDeadline = (turn: Turn, step: Step): void => {
  const because = { rule: 'robot', robot: 'start-deadline' } as const
  stopWaiting(turn, step, { rule: 'waiting-stopped', how: 'asked' })
  if (setClock(turn, step, activeWatch(turn).contactedAt === null ? 'first-contact' : 'finish', toMs(turn.at))) renewFollowUp(turn, step, because)
}

/** A robot of the portal waits for its values, whether the lead is under the regulation or not. */
const answerRobot = (turn: Turn, act: Act): void => {
  if ((act.kind !== 'check-card' && act.kind !== 'start-deadline' && act.kind !== 'distribute') || act.token === null) return
  const values = act.kind === 'check-card' ? cardValues(turn) : act.kind === 'distribute' ? { responsibleId: responsibleOf(turn) ?? 0 } : deadlineValues(turn)
  give(turn, { kind: 'answer-robot', leadId: turn.lead.id, token: act.token, values, mark: `${turn.lead.id}-act-${act.id}-answer`, because: { rule: 'robot', robot: act.kind } })
}

/** `complete` is `Y` or `N`; `titles` names what is missing, in the portal's language. */
const cardValues = ({ watch, regulation, lead, context }: Turn): Readonly<Record<string, string | number>> => {
  const step = watch.status === 'active' ? stepById(regulation, watch.stepId) : undefined
  const { missing, toAsk, result } = cardState(regulation.card, lead.fields, step?.card ?? undefined)
  const lacking = [...new Set([...missing.map(({ code }) => code), ...toAsk])]
  return { complete: lacking.length === 0 ? 'Y' : 'N', missing: lacking.length, titles: questionTitles(regulation.card, lacking, context.language).join(', '), result: result ?? '' }
}

/** `dueAt` is an ISO 8601 instant; empty when no clock runs. */
const deadlineValues = ({ watch }: Turn): Readonly<Record<string, string>> => ({ dueAt: watch.status === 'active' && watch.clock.kind !== 'none' ? watch.clock.dueAt : '' })

const responsibleOf = ({ watch, lead }: Turn): number | null => (watch.status === 'active' ? watch.responsibleId : lead.responsibleId)
