import type { UserId } from '../lead.ts'
import type { WorkingSpan } from './text.ts'

export interface Roles {
  /** Last step of the ladder; null: nobody above the heads of department. */
  readonly directorId: UserId | null
  /** Who stands in for whom, by user id. */
  readonly deputies: Readonly<Record<number, UserId>>
  /** Who checks refusals; null: the head of the responsible's department. */
  readonly controllerId: UserId | null
}

export interface ContactRules {
  /** A call counts as a contact from this many seconds of talk. */
  readonly reachedCallSeconds: number
  /** A mobile call entered by hand, here or in the portal, counts when it has a comment (S3-17). */
  readonly declaredCallNeedsComment: boolean
}

/** Attempts to reach the client; not the employee's misses (S0-18, S3-27.6). */
export interface Attempts {
  /** After more failed attempts than this the reason is proposed; null: never. */
  readonly limit: number | null
  /** Code of the reason proposed then. */
  readonly reason: string | null
  /** Code of the reason for a wrong number. */
  readonly wrongNumberReason: string | null
  /** When to try again: the step's term runs anew from the attempt (S0-7). */
  readonly retryAfter: WorkingSpan
}

/** «Ждать» (S3-24). */
export interface Waiting {
  readonly allowed: boolean
  /** Calendar days at most, from the day it was asked for. */
  readonly maxDays: number
  /** Share of a person's open leads from which the head is told, 0…1; null: not watched. */
  readonly shareLimit: number | null
}

export interface Rejection {
  /** A lead refused anywhere without a reason is asked for one. Where a lead has a channel, the channel's own setting decides instead. */
  readonly reasonRequired: boolean
  /** Share of refusals the head looks through, 0…1 (S4-17). */
  readonly controlledShare: number
  /** A returned lead's stage: the first step, or the one it was refused on. */
  readonly returnTo: 'first-step' | 'same-step'
}

export type LadderRung = 'responsible' | 'deputy' | 'head' | 'director'

export interface Incidents {
  /** So many delivered misses … */
  readonly misses: number
  /** … within so many days bring in the head of department. */
  readonly windowDays: number
  /** A miss noticed later than this many working minutes is our delay, not the person's; 30 when left out. */
  readonly systemDelayMinutes?: number
  /** Who learns of one open miss, and how much working time after it; each once, in order. `responsible` is always told at once. */
  readonly ladder: readonly { readonly rung: Exclude<LadderRung, 'responsible'>; readonly after: WorkingSpan }[]
}

/** Local times of the calendar's time zone; `from` later than `to` goes over midnight. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  /** Messages wait on days off too. */
  readonly daysOff: boolean
}

export interface Digest {
  /** `HH:MM` of the calendar's time zone, on working days. */
  readonly at: string
  readonly toHeads: boolean
  readonly toManagers: boolean
}
