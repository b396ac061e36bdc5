/** Attempts to reach the client: counted apart from the employee's misses (S0-7, S0-18, S2-11, S3-27.6). */
import type { Reason } from '../command.ts'
import type { Activity } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { addWorkingMs } from '../calendar.ts'
import { phonesIn, splitExtension } from '../phone-parts.ts'
import { minuteMs, secondMs, spanMs, toMoment, toMs } from '../time.ts'
import type { LifeNotes } from '../watch.ts'
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
  const { contactsFrom, enteredAt } = activeWatch(turn)
  const sinceMs = toMs(contactsFrom ?? enteredAt)
  const calls = turn.lead.activities
    .filter(one => hasFailed(turn, one) && momentOf(one) >= sinceMs && momentOf(one) <= turn.nowMs)
    .sort((a, b) => momentOf(a) - momentOf(b))
  for (const call of calls) {
    const known = attemptsOf(turn)
    if (known.activityIds.includes(call.id)) continue
    const activityIds = [...known.activityIds, call.id].slice(-keptCalls)
    const atMs = momentOf(call)
    const isTold = known.lastBy === 'act' && Math.abs(toMs(known.lastAt) - atMs) < sameAttemptMs
    if (isTold) give(turn, { kind: 'note', leadId: turn.lead.id, life: { attempts: { ...known, activityIds } }, because: failed(turn, known.count, atMs) })
    else fail(turn, step, { ...known, activityIds, lastBy: 'call' }, atMs)
  }
}

/** «Не дозвонился»: an attempt that telephony may know nothing of. */
export const notReached = (turn: Turn, step: Step, atMs: number): void => {
  const known = attemptsOf(turn)
  if (known.lastBy !== undefined && Math.abs(toMs(known.lastAt) - atMs) < (known.lastBy === 'call' ? sameAttemptMs : doubleClickMs)) return
  fail(turn, step, { ...known, lastBy: 'act' }, atMs)
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
  if (known.count > 0) give(turn, { kind: 'note', leadId: turn.lead.id, life: { attempts: { ...known, count: 0, proposed: false } }, because })
}

/** Failed attempts on record, with the calls that no look has counted yet; of a closed lead, too. */
export const attemptsMade = (turn: SeenTurn): number => {
  const known = turn.watch.status === 'unseen' ? undefined : turn.watch.life?.attempts
  const isNew = (call: Activity): boolean => known === undefined || (momentOf(call) > toMs(known.lastAt) + (known.lastBy === 'act' ? sameAttemptMs : 0) && !known.activityIds.includes(call.id))
  return (known?.count ?? 0) + turn.lead.activities.filter(one => hasFailed(turn, one) && momentOf(one) <= turn.nowMs && isNew(one)).length
}

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

const attemptsOf = (turn: Turn): Attempts => activeWatch(turn).life?.attempts ?? { count: 0, lastAt: turn.at, proposed: false, activityIds: [] }

const fail = (turn: Turn, step: Step, before: Attempts, atMs: number): void => {
  const { limit, reason } = turn.regulation.attempts
  const { leadId, responsibleId } = activeWatch(turn)
  const count = before.count + 1
  const isSpent = limit !== null && count > limit
  give(turn, { kind: 'note', leadId, life: { attempts: { ...before, count, lastAt: toMoment(Math.floor(atMs / secondMs) * secondMs), proposed: before.proposed || isSpent } }, because: failed(turn, count, atMs) })
  if (!isSpent) planNext(turn, step, count, atMs)
  else if (!before.proposed) give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `attempts-${Math.floor(atMs / secondMs)}`), about: 'attempts-spent', incidentId: null, because: { rule: 'attempts-spent', count, limit, reason, title: titleOfReason(turn, reason) } })
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
  give(turn, { kind: 'set-clock', leadId: turn.lead.id, clock: { ...term, startedAt: toMoment(Math.floor(atMs / secondMs) * secondMs), dueAt: toMoment(dueMs), movedFrom: null, reminded: reminderMs(step, dueMs, turn.nowMs) === null }, because })
  renewFollowUp(turn, step, because)
}

const failed = (turn: Turn, count: number, atMs: number): Extract<Reason, { rule: 'attempt-failed' }> => ({ rule: 'attempt-failed', count, limit: turn.regulation.attempts.limit, at: toMoment(Math.floor(atMs / secondMs) * secondMs) })

const hasFailed = (turn: SeenTurn, { kind, direction, mark, automatic, call, completed, endedAt }: Activity): boolean =>
  kind === 'call' && direction === 'outgoing' && mark === null && !automatic && call !== null && (completed || endedAt !== null) && (!call.reached || call.durationSeconds < turn.regulation.contact.reachedCallSeconds)

const momentOf = ({ startedAt, createdAt }: Activity): number => (startedAt ?? createdAt).epochMilliseconds

/** One field may hold several; what is too short reaches nobody. */
const numbersOf = (fields: readonly string[]): readonly string[] => fields.flatMap(phonesIn).filter(isLongEnough)

const shortestNumber = 7

/** Of the number itself: whoever is called there has an extension of his own. */
const digits = (phone: string): string => splitExtension(phone).number.replaceAll(/\D/g, '').slice(-10)
