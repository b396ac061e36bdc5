/** Attempts to reach the client: counted apart from the employee's misses (S0-7, S0-18, S2-11, S3-27.6). */
import type { Reason } from '../command.ts'
import type { Activity } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { addWorkingMs } from '../calendar.ts'
import { phonesIn, splitExtension } from '../phone-parts.ts'
import { minuteMs, secondMs, spanMs, toMoment, toMs } from '../time.ts'
import type { LifeNotes } from '../watch.ts'
import { lastTalk } from './contact.ts'
import type { Contact } from './contact.ts'
import { reminderMs } from './deadlines.ts'
import { missIfOver } from './incidents.ts'
import { renewFollowUp } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

type Attempts = NonNullable<LifeNotes['attempts']>
/** What counting alone needs. */
export type SeenTurn = Pick<Turn, 'watch' | 'lead' | 'regulation' | 'nowMs'>

/** Counts calls of the step that did not reach the client, each once, and plans the next try. */
export const countCalls = (turn: Turn, step: Step): void => {
  const talk = lastTalk(turn.lead, turn.regulation, turn.nowMs)
  if (isForgotten(attemptsOf(turn), talk)) forgetAttempts(turn, talk.because)
  for (const call of uncountedCalls(turn, talk)) {
    const known = attemptsOf(turn)
    const atMs = momentOf(call)
    const attempts = withCall(known, call)
    if (attempts.count === known.count) give(turn, { kind: 'note', leadId: turn.lead.id, life: { attempts }, because: failed(turn, known.count, atMs) })
    else fail(turn, step, attempts, atMs)
  }
}

/** «Не дозвонился»: an attempt that telephony may know nothing of. */
export const notReached = (turn: Turn, step: Step, atMs: number): void => {
  const known = attemptsOf(turn)
  if (known.lastBy !== undefined && Math.abs(toMs(known.lastAt) - atMs) < (known.lastBy === 'call' ? sameAttemptMs : doubleClickMs)) return
  fail(turn, step, withFailure({ ...known, clicks: [...clicksOf(known), wholeSecond(atMs)].slice(-keptClicks) }, 'act', atMs), atMs)
}

/** A number that is not the client's. When no other is left that may be called, the regulation's reason for it is proposed. */
export const wrongNumber = (turn: Turn, phone: string): void => {
  const { life, responsibleId, leadId } = activeWatch(turn)
  const known = life?.wrongPhones ?? []
  const asked = life?.asked ?? []
  const isNew = !known.some(one => sameNumber(one, phone))
  const wrong = isNew ? [...known, phone] : known
  const proposal = `wrong-number-${wrong.length}`
  const numbers = numbersOf(turn.lead.contact.phones)
  const isUnreachable = numbers.length > 0 && numbers.every(one => wrong.some(other => sameNumber(one, other)))
  const title = isUnreachable ? titleOfReason(turn, turn.regulation.attempts.wrongNumberReason) : null
  const because = { rule: 'wrong-number', phone, ...(title === null ? {} : { title }) } as const
  const isProposed = title !== null && !asked.includes(proposal)
  if (isNew || isProposed) give(turn, { kind: 'note', leadId, life: { wrongPhones: wrong, ...(isProposed ? { asked: [...asked, proposal] } : {}) }, because })
  if (isProposed) give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `wrong-${wrong.length}`), about: 'refusal-proposed', incidentId: null, because })
}

/** It was called wrong by mistake. Called so once more, it is proposed anew what to do then. */
export const rightNumber = (turn: Turn, phone: string): void => {
  const { life, leadId } = activeWatch(turn)
  const known = life?.wrongPhones ?? []
  const wrong = known.filter(one => !sameNumber(one, phone))
  if (wrong.length === known.length) return
  const asked = life?.asked?.filter(what => !what.startsWith('wrong-number-'))
  give(turn, { kind: 'note', leadId, life: { wrongPhones: wrong, ...(asked === undefined ? {} : { asked }) }, because: { rule: 'right-number', phone } })
}

/** Has it the digits of a number that somebody can be called at? */
export const isLongEnough = (phone: string): boolean => digits(phone).length >= shortestNumber

/** Are both the same number, however they are written? With another extension it is another one. */
export const sameNumber = (a: string, b: string): boolean => digits(a) === digits(b) && splitExtension(a).extension === splitExtension(b).extension

/** The client was reached after all: counting begins anew. What was only sent to him is no answer. */
export const forgetAttempts = (turn: Turn, because: Reason): void => {
  if (because.rule === 'contact-made' && (because.by === 'message' || because.by === 'email')) return
  const known = attemptsOf(turn)
  const reachedAt = because.rule === 'contact-made' || because.rule === 'call-declared' ? because.at : turn.at
  if (known.count > 0) give(turn, { kind: 'note', leadId: turn.lead.id, life: { attempts: { ...known, count: 0, proposed: false, clicks: [], reachedAt } }, because })
}

/** Failed attempts on record, with the calls that no look has counted yet; of a closed lead, too. Those from before a talk, or from before the lead was taken up again, are no attempts of now. */
export const attemptsMade = (seen: SeenTurn): number => {
  const talk = lastTalk(seen.lead, seen.regulation, seen.nowMs)
  const known = attemptsOf(seen)
  return uncountedCalls(seen, talk).reduce(withCall, isForgotten(known, talk) ? { ...known, count: 0, clicks: [] } : known).count
}

/** Failed calls of the present life and after the last talk that are in no count yet, the earliest first. */
const uncountedCalls = (seen: SeenTurn, talk: Contact | null): readonly Activity[] => {
  const { activityIds, reachedAt } = attemptsOf(seen)
  const reachedMs = Math.max(talk?.atMs ?? 0, reachedAt === undefined ? 0 : toMs(reachedAt))
  const fromMs = lifeFromMs(seen)
  return seen.lead.activities
    .filter(one => hasFailed(seen, one) && momentOf(one) >= fromMs && momentOf(one) > reachedMs && momentOf(one) <= seen.nowMs && !activityIds.includes(one.id))
    .sort((a, b) => momentOf(a) - momentOf(b))
}

const lifeFromMs = ({ watch }: SeenTurn): number => {
  if (watch.status === 'unseen') return 0
  const from = watch.status === 'active' ? watch.contactsFrom ?? watch.enteredAt : watch.contactsFrom ?? watch.life?.attempts?.lastAt
  return from === undefined ? 0 : toMs(from)
}

/** The client was reached after the last of them. */
const isForgotten = ({ count, lastAt }: Attempts, talk: Contact | null): talk is Contact => count > 0 && talk !== null && talk.atMs > toMs(lastAt)

/** A call that a click has told of already is no attempt of its own: of several, the nearest one. */
const withCall = (known: Attempts, call: Activity): Attempts => {
  const atMs = momentOf(call)
  const activityIds = [...known.activityIds, call.id].slice(-keptCalls)
  const clicks = clicksOf(known)
  const awayMs = (click: string): number => Math.abs(toMs(click) - atMs)
  const [told] = clicks.filter(click => awayMs(click) < sameAttemptMs).sort((a, b) => awayMs(a) - awayMs(b))
  if (told !== undefined) return { ...known, activityIds, clicks: clicks.filter(click => click !== told) }
  return withFailure({ ...known, activityIds, clicks }, 'call', atMs)
}

/** One that is heard of late leaves the last one the last. */
const withFailure = (known: Attempts, by: 'call' | 'act', atMs: number): Attempts =>
  ({ ...known, count: known.count + 1, ...(isLatest(known, atMs) ? { lastAt: wholeSecond(atMs), lastBy: by } : {}) })

const isLatest = ({ lastBy, lastAt }: Attempts, atMs: number): boolean => lastBy === undefined || atMs >= toMs(lastAt)

/** Older records tell of the last click only. */
const clicksOf = ({ clicks, lastBy, lastAt }: Attempts): readonly string[] => clicks ?? (lastBy === 'act' ? [lastAt] : [])

const wholeSecond = (ms: number): string => toMoment(Math.floor(ms / secondMs) * secondMs)

/** The title of a reason of refusal in the portal's language; null for none. */
export const titleOfReason = (turn: Turn, code: string | null): string | null => {
  const option = turn.regulation.card.reason.options.find(one => one.code === code)
  return option === undefined ? null : inLanguage(option.title, turn.context.language)
}

/** A click and the call that it speaks of come within this time of each other. */
const sameAttemptMs = 10 * minuteMs
/** One click is easily made twice. */
const doubleClickMs = 30 * secondMs
/** Older calls cannot be of the present step. */
const keptCalls = 50
/** Calls that are heard of later than this have none left. */
const keptClicks = 20

const attemptsOf = ({ watch, nowMs }: SeenTurn): Attempts => (watch.status === 'unseen' ? undefined : watch.life?.attempts) ?? { count: 0, lastAt: wholeSecond(nowMs), proposed: false, activityIds: [] }

const fail = (turn: Turn, step: Step, attempts: Attempts, atMs: number): void => {
  const { limit, reason } = turn.regulation.attempts
  const { leadId, responsibleId } = activeWatch(turn)
  const { count, proposed } = attempts
  const isSpent = limit !== null && count > limit
  const isLast = toMs(attempts.lastAt) <= atMs
  give(turn, { kind: 'note', leadId, life: { attempts: { ...attempts, proposed: proposed || isSpent } }, because: failed(turn, count, atMs) })
  if (!isSpent && isLast) planNext(turn, step, count, atMs)
  if (isSpent && !proposed) give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `attempts-${Math.floor(atMs / secondMs)}`), about: 'attempts-spent', incidentId: null, because: { rule: 'attempts-spent', count, limit, reason, title: titleOfReason(turn, reason) } })
}

/** The next try is due some time after this one; a term that runs longer stays. An attempt begun too late leaves its miss behind. */
const planNext = (turn: Turn, step: Step, count: number, atMs: number): void => {
  const { clock } = activeWatch(turn)
  if (clock.kind === 'none' || step.followUp === null) return
  const length = spanMs(turn.regulation.attempts.retryAfter)
  const planned = addWorkingMs(turn.calendar, atMs, length)?.dueMs ?? 0
  const dueMs = planned > turn.nowMs ? planned : addWorkingMs(turn.calendar, turn.nowMs, length)?.dueMs ?? 0
  if (dueMs <= toMs(clock.dueAt)) return
  missIfOver(turn, atMs)
  const because = failed(turn, count, atMs)
  const { made: _made, ...term } = clock
  give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { ...term, startedAt: wholeSecond(atMs), dueAt: toMoment(dueMs), movedFrom: null, reminded: reminderMs(step, dueMs, turn.nowMs) === null }, because })
  renewFollowUp(turn, step, because)
}

const failed = (turn: Turn, count: number, atMs: number): Extract<Reason, { rule: 'attempt-failed' }> => ({ rule: 'attempt-failed', count, limit: turn.regulation.attempts.limit, at: wholeSecond(atMs) })

const hasFailed = (turn: SeenTurn, { kind, direction, mark, automatic, call, completed, endedAt }: Activity): boolean =>
  kind === 'call' && direction === 'outgoing' && mark === null && !automatic && call !== null && (completed || endedAt !== null) && (!call.reached || call.durationSeconds < turn.regulation.contact.reachedCallSeconds)

const momentOf = ({ startedAt, createdAt }: Activity): number => (startedAt ?? createdAt).epochMilliseconds

/** One field may hold several; what is too short reaches nobody. */
const numbersOf = (fields: readonly string[]): readonly string[] => fields.flatMap(phonesIn).filter(isLongEnough)

const shortestNumber = 7

/** Of the number itself: whoever is called there has an extension of his own. */
const digits = (phone: string): string => splitExtension(phone).number.replaceAll(/\D/g, '').slice(-10)
