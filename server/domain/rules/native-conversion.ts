/**
 * A lead that was converted in the portal itself, past the application: told to its responsible at once and to his head a day later, until
 * what is missing has been made good or somebody above has taken note of it. It is nobody's missed deadline.
 */
import type { Command, Reason } from '../command.ts'
import type { Act, Lead, StageId, UserId } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { dayMs, secondMs, toMoment, toMs } from '../time.ts'
import type { LifeNotes, Watch } from '../watch.ts'
import { cardState } from './card.ts'
import { isLeftAlone, whyNoLead } from './channels.ts'
import { wasBeaten } from './conversion-notes.ts'
import { fallbackOf } from './distribution.ts'
import { headFor } from './heads.ts'
import { rightsOver } from './rights.ts'
import { movedAt } from './steps.ts'
import { isTestLead } from './test-leads.ts'
import { give, inLanguage, isDismissed, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

type Closed = Extract<Watch, { status: 'closed' }>
type Past = NonNullable<LifeNotes['convertedPast']>
type Settled = Extract<Reason, { rule: 'past-conversion-settled' }>['how']

/** The open incident of a lead that was converted past the application; null when there is none. */
export const openPastOf = (watch: Watch): Past | null => {
  const past = watch.status === 'closed' ? watch.life?.convertedPast : undefined
  return past === undefined || past.endedAt !== null ? null : past
}

/** Obligatory questions that the steps ask and nobody has answered, with their titles; the comment is one of them. */
export const unansweredOf = ({ card, steps }: Regulation, fields: Lead['fields'], language: 'ru' | 'en'): readonly { readonly code: string; readonly title: string }[] => {
  const asked = steps.flatMap(step => step.card ?? [])
  if (asked.length === 0) return []
  const groups = asked.some(one => one.groups.length === 0) ? [] : [...new Set(asked.flatMap(one => one.groups))]
  return cardState(card, fields, { groups, closing: asked.some(({ closing }) => closing) }).missing.map(({ code, title }) => ({ code, title: inLanguage(title, language) }))
}

/** Notices such a conversion, and follows it up at every later look. `before`: the watch at the beginning of this look. */
export const watchNativeConversion = (turn: Turn, before: Watch): void => {
  const known = openPastOf(before)
  if (known !== null && turn.watch.status === 'active') resolve(turn, known, 'back')
  const acts = newActs(turn, before)
  notice(turn, before, acts.some(wasBeaten))
  const past = openPastOf(turn.watch)
  if (past !== null) follow(turn, past, acts)
}

/** The lead is gone, and with it whatever was to be made good. */
export const forgetPast = (watch: Watch, at: string): readonly Command[] => {
  const past = openPastOf(watch)
  if (past === null || watch.status !== 'closed') return []
  const { leadId } = watch
  const because = { rule: 'past-conversion-settled', how: 'gone' } as const
  return [
    { kind: 'resolve-incident', leadId, incidentId: past.incidentId, at, because },
    { kind: 'note', leadId, life: { convertedPast: { ...past, endedAt: at } }, because },
  ]
}

/** `isBeaten`: as long as a conversion of ours was under way, nothing was said. */
const notice = (turn: Turn, before: Watch, isBeaten: boolean): void => {
  const { watch, lead } = turn
  if (watch.status !== 'closed' || lead.semantic !== 'success') return
  if (isUndoneOnSuccess(watch)) {
    if (isWatched(turn, watch)) open(turn, watch, watch.life?.convertedPast?.from)
    return
  }
  if (isKnown(watch)) return
  const from = stageBefore(turn, before)
  const isLate = isClosedEarlier(turn, watch)
  if (!isLate && !isBeaten && !turn.commands.some(({ kind }) => kind === 'close-watch')) return
  if (isLate) give(turn, { kind: 'close-watch', leadId: lead.id, outcome: 'converted', at: movedAt(turn) ?? turn.at, stageId: lead.stageId, movedAt: movedAt(turn), because: { rule: 'lead-finished', semantic: 'success' } })
  if (!isOurs(turn, watch) && isWatched(turn, watch)) open(turn, watch, from)
}

/** This time already; a lead that was back in between is noticed anew. */
const isKnown = ({ life, outcome }: Closed): boolean => life?.convertedPast !== undefined && (life.convertedPast.endedAt === null || outcome === 'converted')

/** A conversion of ours had made good what was missing, and was undone: the lead stands there without a deal again. */
const isUndoneOnSuccess = ({ life: { convertedPast, conversionEndedAt, convertedBy = null } = {} }: Closed): boolean =>
  convertedPast !== undefined && convertedPast.endedAt !== null && conversionEndedAt !== undefined && convertedBy === null && toMs(conversionEndedAt) > toMs(convertedPast.endedAt)

/** Where it stood before, as far as we have seen it. */
const stageBefore = ({ regulation, lead }: Turn, before: Watch): StageId | undefined => {
  const stage = before.status === 'closed' ? before.stageId : before.status === 'active' ? stepById(regulation, before.stepId)?.stageId : undefined
  return stage === lead.stageId ? undefined : stage
}

/** Our work on it had ended before it was converted, not long ago: the portal's old ones are left alone. A move of our own is no conversion, and an old look shows an older move. */
const isClosedEarlier = (turn: Turn, watch: Closed): boolean => {
  const at = movedAt(turn)
  if (watch.outcome === 'converted' || watch.outcome === 'gone' || at === null || turn.lead.stageId === watch.stageId || toMs(at) < toMs(watch.movedAt ?? at)) return false
  return toMs(at) >= toMs(watch.closedAt) - dayMs && turn.nowMs - toMs(at) <= noticedDays * dayMs && isLeftAlone(turn, watch) === null && watch.before?.expects?.stage?.to !== turn.lead.stageId
}

const noticedDays = 7

/** A conversion of ours has made it, is under way, or was taken back since. */
const isOurs = ({ lead }: Turn, { life }: Closed): boolean => {
  if ((life?.convertedBy ?? null) !== null || lead.conversionId !== undefined) return true
  const endedAt = life?.conversionEndedAt
  return endedAt !== undefined && lead.movedAt !== null && toMs(endedAt) >= Math.floor(lead.movedAt.epochMilliseconds / secondMs) * secondMs
}

/** Whoever works by the regulation converts by it too, and be it with a lead from before the installation; those that were never watched are left alone. */
const isWatched = (turn: Turn, { life }: Closed): boolean => {
  const { lead, regulation } = turn
  return regulation.conversion.allowed && life?.isTest !== true && !isTestLead(lead, regulation) && whyNoLead(turn) === null
}

const open = (turn: Turn, watch: Closed, from: StageId | undefined): void => {
  const { lead, regulation, context } = turn
  const because = whyPast(turn)
  const incidentId = pastMark(turn, watch, timesOf(watch) + 1, 'incident')
  const responsibleId = lead.responsibleId ?? fallbackOf(regulation.distribution, context)
  const userId = isDismissed(context, responsibleId) ? headFor(turn, responsibleId) ?? responsibleId : responsibleId
  give(turn, { kind: 'open-incident', leadId: lead.id, incidentId, userId, dueAt: movedAt(turn) ?? turn.at, noticedAt: turn.at, about: 'converted-past', systemDelay: false, because })
  give(turn, { kind: 'note', leadId: lead.id, life: { convertedPast: { incidentId, userId, noticedAt: turn.at, headTold: false, isWhole: false, endedAt: null, ...(from === undefined ? {} : { from }), ...(watch.life?.convertedPast === undefined ? {} : { times: timesOf(watch) + 1 }) } }, because })
  tell(turn, userId, pastMark(turn, watch, timesOf(watch) + 1, 'told'), because)
}

const whyPast = (turn: Turn): Extract<Reason, { rule: 'converted-past' }> => {
  const { lead, regulation, context } = turn
  return { rule: 'converted-past', byUserId: lead.movedById ?? null, at: movedAt(turn), titles: unansweredOf(regulation, lead.fields, context.language).map(({ title }) => title) }
}

const follow = (turn: Turn, known: Past, acts: readonly Act[]): void => {
  const acknowledged = acts.find(act => act.kind === 'acknowledge' && act.incidentId === known.incidentId && isByHead(turn, act))
  const isWhole = known.isWhole || acts.some(act => act.kind === 'gaps-gone' && act.incidentId === known.incidentId)
  if (turn.lead.semantic !== 'success') settle(turn, known, 'back')
  else if ((lifeOf(turn).convertedBy ?? null) !== null) settle(turn, known, 'converted')
  else if (acknowledged !== undefined) acknowledge(turn, known, acknowledged.byUserId)
  else if (isWhole && unansweredOf(turn.regulation, turn.lead.fields, turn.context.language).length === 0) settle(turn, known, 'complete')
  else remind(turn, isWhole === known.isWhole ? known : remember(turn, { ...known, isWhole }, whyPast(turn)))
}

const isByHead = ({ regulation, context, lead }: Turn, { byRight, byUserId }: Act): boolean =>
  (byRight !== undefined ? [byRight] : byUserId === null ? [] : rightsOver({ regulation, context }, byUserId, lead.responsibleId)).some(right => right === 'above' || right === 'admin' || right === 'fallback')

/** The head is told once, after a day. */
const remind = (turn: Turn, past: Past): void => {
  const dueMs = toMs(past.noticedAt) + dayMs
  const because = whyPast(turn)
  if (past.headTold) return
  if (dueMs > turn.nowMs) {
    give(turn, { kind: 'wake-at', leadId: turn.lead.id, at: toMoment(dueMs), because })
    return
  }
  remember(turn, { ...past, headTold: true }, because)
  const head = headFor(turn, past.userId)
  if (head !== undefined && turn.watch.status === 'closed') tell(turn, head, pastMark(turn, turn.watch, past.times ?? 1, 'head'), because)
}

const acknowledge = (turn: Turn, past: Past, byUserId: UserId | null): void => {
  const because = { rule: 'past-conversion-noted', byUserId } as const
  give(turn, { kind: 'acknowledge-incident', leadId: turn.lead.id, incidentId: past.incidentId, byUserId, at: turn.at, because })
  give(turn, { kind: 'resolve-incident', leadId: turn.lead.id, incidentId: past.incidentId, at: turn.at, because })
  remember(turn, { ...past, endedAt: turn.at }, because)
}

const settle = (turn: Turn, past: Past, how: Settled): void => {
  resolve(turn, past, how)
  remember(turn, { ...past, endedAt: turn.at }, { rule: 'past-conversion-settled', how })
}

const resolve = (turn: Turn, { incidentId }: Past, how: Settled): void => {
  give(turn, { kind: 'resolve-incident', leadId: turn.lead.id, incidentId, at: turn.at, because: { rule: 'past-conversion-settled', how } })
}

const remember = (turn: Turn, convertedPast: Past, because: Reason): Past => {
  give(turn, { kind: 'note', leadId: turn.lead.id, life: { convertedPast }, because })
  return convertedPast
}

/** It counts for nobody, so its delivery is not waited for. */
const tell = (turn: Turn, userId: UserId, mark: string, because: Reason): void => {
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId, mark, about: 'converted-past', incidentId: null, because })
}

/** Once for each time it is put on success. */
const pastMark = ({ lead }: Turn, { round = 0 }: Closed, times: number, purpose: string): string => `${lead.id}-converted-past-${round}${times < 2 ? '' : `.${times}`}-${purpose}`

const timesOf = ({ life }: Closed): number => (life?.convertedPast === undefined ? 0 : life.convertedPast.times ?? 1)

const lifeOf = ({ watch }: Turn): LifeNotes => (watch.status === 'closed' ? watch.life ?? {} : {})

const newActs = ({ lead }: Turn, before: Watch): readonly Act[] => {
  const seen = (before.status === 'unseen' ? before.actsSeen : before.life?.actsSeen) ?? 0
  return (lead.acts ?? []).filter(({ id }) => id > seen)
}
