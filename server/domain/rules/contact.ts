/** What counts as a real contact with the client. */
import type { ContactBasis, Reason } from '../command.ts'
import type { Activity, ContactData, Lead } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { minuteMs, secondMs, toMoment, toMs } from '../time.ts'
import type { Moment } from '../watch.ts'

export interface Contact {
  readonly startMs: number
  /** When it was over: from then on the result is awaited. */
  readonly atMs: number
  readonly because: Extract<Reason, { rule: 'contact-made' }>
}

/**
 * The first real contact that was over, or begun, from a moment on; null when there is none. Our own and automatic activities never
 * count, and what the client writes is no contact by us.
 */
export const firstContact = (lead: Lead, regulation: Regulation, since: Moment, nowMs: number, counts: 'over' | 'begun' = 'over'): Contact | null => {
  if (lead.activities.length === 0) return null
  const sinceMs = toMs(since)
  let first: Contact | null = null
  for (const activity of lead.activities) {
    const by = contactBy(activity, regulation)
    if (by === null) continue
    const atMs = momentOf(activity, nowMs)
    const startMs = startOf(activity, nowMs, atMs)
    if ((counts === 'begun' ? startMs : atMs) < sinceMs || (first !== null && first.atMs <= atMs)) continue
    first = asContact(activity, by, startMs, atMs)
  }
  return first
}

/** The last call or meeting in which the client was reached, whenever it was; what was only sent to him is no answer. */
export const lastTalk = (lead: Lead, regulation: Regulation, nowMs: number): Contact | null => {
  let last: Contact | null = null
  for (const activity of lead.activities) {
    const by = contactBy(activity, regulation)
    if (by !== 'call' && by !== 'meeting') continue
    const atMs = momentOf(activity, nowMs)
    if (last === null || last.atMs < atMs) last = asContact(activity, by, startOf(activity, nowMs, atMs), atMs)
  }
  return last
}

const asContact = ({ call }: Activity, by: Contact['because']['by'], startMs: number, atMs: number): Contact =>
  ({ startMs, atMs, because: { rule: 'contact-made', by, at: toMoment(atMs), durationSeconds: call?.durationSeconds ?? null } })

/** From when on contacts count for a lead's first step: a call or mail that made the lead ends shortly before it. */
export const sinceCreation = (lead: Lead): Moment => toMoment(lead.createdAt.epochMilliseconds - 2 * minuteMs)

/** The best contact data there is: it decides how soon the client can be reached. */
export const basisOf = (contact: ContactData): ContactBasis => {
  if (contact.phones.length > 0) return 'phone'
  if (contact.messengers.length > 0) return 'messenger'
  return contact.emails.length > 0 ? 'email' : 'nothing'
}

const contactBy = (activity: Activity, regulation: Regulation): 'call' | 'email' | 'meeting' | 'message' | null => {
  if (activity.mark !== null || activity.automatic) return null
  switch (activity.kind) {
    case 'call':
      return (activity.call === null ? isDeclared(activity, regulation) : activity.call.reached && activity.call.durationSeconds >= regulation.contact.reachedCallSeconds) ? 'call' : null
    case 'email':
    case 'message':
      return activity.direction === 'outgoing' ? activity.kind : null
    case 'meeting':
      return activity.completed ? 'meeting' : null
    case 'todo':
    case 'task':
    case 'other':
      return null
  }
}

/** A call that telephony knows nothing of was entered by hand: it has taken place, and its comment says of what (S3-17). */
const isDeclared = ({ completed, described }: Activity, { contact }: Regulation): boolean => completed && (described !== false || !contact.declaredCallNeedsComment)

/**
 * When it happened, to the second. What was done before its planned end was done at its planned beginning, or just now where that is ahead
 * as well; the plan was made before, and says nothing of it.
 */
const momentOf = ({ endedAt, startedAt, createdAt }: Activity, nowMs: number): number => {
  const told = (endedAt ?? startedAt ?? createdAt).epochMilliseconds
  const begun = startedAt !== null && startedAt.epochMilliseconds <= nowMs ? startedAt.epochMilliseconds : nowMs
  return Math.floor((told <= nowMs ? told : begun) / secondMs) * secondMs
}

const startOf = (activity: Activity, nowMs: number, atMs: number): number => (isAhead(activity, nowMs) ? atMs : Math.min(atMs, plannedStart(activity)))

const isAhead = ({ endedAt, startedAt, createdAt }: Activity, nowMs: number): boolean => (endedAt ?? startedAt ?? createdAt).epochMilliseconds > nowMs

const plannedStart = ({ startedAt, endedAt, createdAt }: Activity): number => Math.floor((startedAt ?? (endedAt !== null && endedAt.epochMilliseconds < createdAt.epochMilliseconds ? endedAt : createdAt)).epochMilliseconds / secondMs) * secondMs
