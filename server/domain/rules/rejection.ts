/** Refusals: their reason is asked for, some are looked through, and some come back on their date (S3-27, S3-28, S4-17). */
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { RefusalReason, Step } from '../regulation.ts'
import { dayMs, secondMs, toMoment, toMs } from '../time.ts'
import type { LifeNotes, Watch } from '../watch.ts'
import { isFilled } from './answers.ts'
import { attemptsMade } from './attempts.ts'
import { attemptsLack, chosenReason, commentOf, postponedUntilCode, refusalLacks } from './card.ts'
import { isLeftAlone, whyNoLead } from './channels.ts'
import { dateMs } from './dates.ts'
import { fallbackOf } from './distribution.ts'
import { headFor } from './heads.ts'
import { beginHere } from './intake.ts'
import { askUntilAnswered, refusalMark } from './refusal-questions.ts'
import { freshWatch, movedAt } from './steps.ts'
import { activeWatch, give, inLanguage, stepById, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

type Closed = Extract<Watch, { status: 'closed' }>

/** What is still to be done about a refused lead, at its closing and at every later look; a lead that comes back is under its step again. */
export const watchRefusal = (turn: Turn): void => {
  noticeUnseenRefusal(turn)
  noticeLateRefusal(turn)
  const { watch, lead } = turn
  if (watch.status !== 'closed' || (watch.outcome !== 'lost' && watch.outcome !== 'not-qualified')) return
  // Our own move to the refusal's stage is not to be seen yet, or somebody has moved the lead on.
  const isThere = lead.semantic === 'failure' || lead.stageId === watch.stageId
  const isOnItsWay = watch.before !== undefined && lead.stageId === watch.before.expects?.stage?.from
  if (!isThere && !isOnItsWay) return
  const reason = chosenReason(turn.regulation.card, lead.fields)
  const askAt = reason === null ? askReason(turn, watch) : followReason(turn, watch, reason, isThere)
  if (reason !== null || askAt === null) control(turn, watch, reason)
  if (turn.watch.status === 'closed') comeBack(turn, turn.watch, reason, askAt)
}

/**
 * A lead that was refused before our first look ends as one that was seen open would have: events get lost, and some refusals are quick. What is
 * older than the installation or than the version that decides is left alone.
 */
const noticeUnseenRefusal = (turn: Turn): void => {
  const { watch, lead, regulation, context } = turn
  const { installedAt = null } = context
  const [first] = regulation.steps
  const closedAt = movedAt(turn) ?? toMoment(Math.floor(lead.createdAt.epochMilliseconds / secondMs) * secondMs)
  const isOlder = installedAt !== null && lead.createdAt.epochMilliseconds < toMs(installedAt)
  if (watch.status !== 'unseen' || lead.semantic !== 'failure' || first === undefined || isOlder || isPast(turn, { closedAt }) || whyNoLead(turn) !== null) return
  const isExpected = regulation.steps.some(({ leave }) => leave.notQualified?.stageId === lead.stageId)
  const fresh = freshWatch(turn, first, lead.responsibleId ?? fallbackOf(regulation.distribution, context), 0, closedAt)
  give(turn, { kind: 'start-watch', watch: fresh, because: { rule: 'new-lead', stageName: context.stageNames[lead.stageId] ?? lead.stageId } })
  give(turn, { kind: 'close-watch', leadId: lead.id, outcome: isExpected ? 'not-qualified' : 'lost', at: closedAt, stageId: lead.stageId, movedAt: movedAt(turn), because: { rule: 'lead-finished', semantic: 'failure' } })
}

/** A lead that was refused after our work on it had ended, not long ago, is a refusal like any other; the portal's old ones are left alone. */
const noticeLateRefusal = (turn: Turn): void => {
  const { watch, lead, nowMs } = turn
  const at = movedAt(turn)
  if (watch.status !== 'closed' || (watch.outcome !== 'moved-on' && watch.outcome !== 'qualified') || lead.semantic !== 'failure') return
  if (at === null || at === watch.movedAt || toMs(at) < toMs(watch.closedAt) - dayMs || nowMs - toMs(at) > rememberedDays * dayMs || isLeftAlone(turn, watch) !== null) return
  give(turn, { kind: 'close-watch', leadId: lead.id, outcome: 'lost', at, stageId: lead.stageId, movedAt: at, because: { rule: 'lead-finished', semantic: 'failure' } })
}

/** Gives the moment of the next question, as the others here do. */
const askReason = (turn: Turn, watch: Closed): number | null => {
  const { regulation, lead, context } = turn
  const channel = regulation.channels.find(({ id, sources }) => id === watch.life?.channelId || (lead.sourceId !== null && sources.includes(lead.sourceId)))
  const isRequired = channel?.reasonRequired ?? regulation.rejection.reasonRequired
  if (!isRequired || regulation.card.reason.options.length === 0 || (isPast(turn, watch) && watch.life?.refusalAsked?.what !== 'reason')) return null
  return askUntilAnswered(turn, 'reason', whoRefused(turn, watch), { rule: 'reason-missing', stageName: context.stageNames[lead.stageId] ?? lead.stageId })
}

const followReason = (turn: Turn, watch: Closed, reason: RefusalReason, isThere: boolean): number | null => {
  const { regulation, lead, context } = turn
  const isOver = isPast(turn, watch)
  const { card } = regulation
  const title = inLanguage(reason.title, context.language)
  const made = attemptsMade(turn)
  const lacks = [...refusalLacks(card, reason, commentOf(card, lead.fields), returnText(turn, watch)), ...attemptsLack(reason, made)]
  const isAsked = lacks.length > 0 && (!isOver || watch.life?.refusalAsked?.what === lacks.join('-'))
  const askAt = isAsked ? askUntilAnswered(turn, lacks.join('-'), whoRefused(turn, watch), whyLacking(turn, reason, lacks, made)) : null
  const target = reason.stageId ?? null
  const isMoved = watch.life?.asked?.includes(`reason-stage-${reason.code}`) === true
  if (isOver) return askAt
  if (isThere && target !== null && target !== lead.stageId && lead.semantic === 'failure' && !isMoved) {
    const because = { rule: 'not-qualified', reason: reason.code, title } as const
    note(turn, { asked: [...askedOf(turn), `reason-stage-${reason.code}`] }, because)
    give(turn, { kind: 'move-stage', leadId: lead.id, from: lead.stageId, to: target, mark: refusalMark(turn, `stage-${reason.code}`), seenMovedAt: movedAt(turn), because })
  }
  return askAt
}

/** What is asked for first: the date, then the comment, then attempts. */
const whyLacking = ({ context }: Turn, reason: RefusalReason, lacks: readonly string[], made: number): Reason => {
  const title = inLanguage(reason.title, context.language)
  if (lacks.includes(postponedUntilCode)) return { rule: 'return-date-missing', title }
  if (lacks.join() === attemptsLack(reason, made).join()) return { rule: 'attempts-missing', title, needed: reason.attemptsNeeded ?? 0, made }
  return { rule: 'reason-comment-missing', title, ...(reason.evidence === undefined ? {} : { evidence: inLanguage(reason.evidence, context.language) }) }
}

/** The head looks through a share of the refusals, each once; one without a reason, too, as soon as nobody is asked for it any more (S4-17). */
const control = (turn: Turn, watch: Closed, reason: RefusalReason | null): void => {
  const { regulation, lead, context } = turn
  const share = regulation.rejection.controlledShare
  if (isPast(turn, watch) || (watch.life?.controlledAt ?? null) !== null || !isControlled(lead.id, share)) return
  const holderId = lead.responsibleId ?? fallbackOf(regulation.distribution, context)
  const because = { rule: 'refusal-controlled', share, title: reason === null ? null : inLanguage(reason.title, context.language) } as const
  note(turn, { controlledAt: turn.at }, because)
  const toUserId = regulation.roles.controllerId ?? headFor(turn, holderId)
  if (toUserId !== undefined) give(turn, { kind: 'notify', leadId: lead.id, userId: toUserId, mark: refusalMark(turn, 'control'), about: 'control', incidentId: null, because })
}

/** A lead whose date has come goes back to work; before that it is only woken up, then or for the next question. */
const comeBack = (turn: Turn, watch: Closed, reason: RefusalReason | null, askAt: number | null): void => {
  const { lead, regulation, context } = turn
  const atMs = returnMs(turn, watch, reason)
  const returnAt = atMs === null ? null : toMoment(atMs)
  const title = reason === null ? null : inLanguage(reason.title, context.language)
  const because = { rule: 'returned-on-date', refusedAt: watch.closedAt, title } as const
  if ((watch.life?.returnAt ?? null) !== returnAt) note(turn, { returnAt, ...(reason === null ? {} : { returnFor: reason.code }) }, because)
  const target = atMs === null ? undefined : stepToReturnTo(turn, watch)
  const wakes = [target === undefined ? null : atMs, askAt].filter(moment => moment !== null)
  if (target === undefined || atMs === null || atMs > turn.nowMs) {
    if (wakes.length > 0) give(turn, { kind: 'wake-at', leadId: lead.id, at: toMoment(Math.min(...wakes)), because: atMs === null ? { rule: 'daily-look' } : because })
    return
  }
  const from = lead.stageId
  const fresh = freshWatch(turn, target, lead.responsibleId ?? fallbackOf(regulation.distribution, context), (watch.round ?? 0) + 1, turn.at)
  give(turn, { kind: 'start-watch', watch: fresh, because })
  if (from !== target.stageId) give(turn, { kind: 'move-stage', leadId: lead.id, from, to: target.stageId, mark: `${lead.id}-${target.id}-${activeWatch(turn).round}-return`, seenMovedAt: movedAt(turn), because })
  beginHere(turn, target, because)
}

/** When the lead comes back. What an earlier version has promised is kept, unless the card says another reason or another date. */
const returnMs = (turn: Turn, watch: Closed, reason: RefusalReason | null): number | null => {
  const { returnAt = null, returnFor } = watch.life ?? {}
  if (returnAt === null) return reason === null || isPast(turn, watch) ? null : askedMs(turn, watch, reason) ?? countedMs(watch, reason)
  const isSame = reason === null || returnFor === undefined || returnFor === reason.code
  const dated = reason === null ? null : askedMs(turn, watch, reason)
  if (isAnothers(turn, watch) && isSame) return dated ?? toMs(returnAt)
  return reason === null ? null : dated ?? countedMs(watch, reason)
}

/** By the date in the card; null where none is asked for, or it was over at the refusal. */
const askedMs = (turn: Turn, watch: Closed, { returnDateAsked }: RefusalReason): number | null => {
  const asked = returnDateAsked === true ? returnText(turn, watch) : null
  return asked === null ? null : dateMs(turn, asked)
}

const countedMs = (watch: Closed, { returnAfterDays = null }: RefusalReason): number | null => (returnAfterDays === null ? null : toMs(watch.closedAt) + returnAfterDays * dayMs)

/** The lead was refused under another version than the one that decides now. */
const isAnothers = ({ version }: Turn, { regulationVersion }: Closed): boolean => regulationVersion !== undefined && regulationVersion !== version

/** A refusal about which nothing new is begun: it is older than the version that decides, or too old for anybody to remember it. Moments of leads are known to the second. */
const isPast = ({ context, nowMs }: Turn, { closedAt }: Pick<Closed, 'closedAt'>): boolean => {
  const { publishedAt = null } = context
  return (publishedAt !== null && toMs(closedAt) + secondMs <= toMs(publishedAt)) || nowMs - toMs(closedAt) > rememberedDays * dayMs
}

const rememberedDays = 30

/** The step it was refused on, or the first one where somebody works: its intake is long over. */
const stepToReturnTo = ({ regulation }: Turn, watch: Closed): Step | undefined => {
  const same = regulation.rejection.returnTo === 'same-step' && watch.stepId !== undefined ? stepById(regulation, watch.stepId) : undefined
  const first = regulation.steps[0]
  if (same?.kind === 'work' || first === undefined) return same
  if (first.kind === 'work') return first
  return (first.leave.done === null ? undefined : stepOnStage(regulation, first.leave.done.stageId)) ?? regulation.steps.find(({ kind }) => kind === 'work') ?? first
}

/** The same leads at every look: a share of all ids, spread evenly. */
export const isControlled = (id: number, share: number): boolean => {
  let hash = (id ^ 0x9E_37_79_B9) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_EB_CA_6B) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xC2_B2_AE_35) >>> 0
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_00_00_00_00 < share
}

/** The date of return; one that was over when the lead was refused is that of a former refusal, and counts as none. */
const returnText = (turn: Turn, { closedAt }: Closed): string | null => {
  const text = postponedText(turn)
  const textMs = text === null ? null : dateMs(turn, text)
  return textMs !== null && textMs <= toMs(closedAt) ? null : text
}

const postponedText = ({ regulation, lead }: Turn): string | null => {
  const value = regulation.card.postponedUntil === null ? null : lead.fields[regulation.card.postponedUntil.field]
  return isFilled(value ?? undefined) ? String(value) : null
}

const whoRefused = ({ lead, regulation, context }: Turn, watch: Closed): UserId => lead.movedById ?? watch.before?.responsibleId ?? lead.responsibleId ?? fallbackOf(regulation.distribution, context)

const askedOf = ({ watch }: Turn): readonly string[] => (watch.status === 'closed' ? watch.life?.asked ?? [] : [])

const note = (turn: Turn, life: LifeNotes, because: Reason): void => { give(turn, { kind: 'note', leadId: turn.lead.id, life, because }) }
