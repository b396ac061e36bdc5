/** Why something was decided: what every regulation knows. */
import type { CalendarPiece, Candidate, ContactBasis } from '../command.ts'
import type { StageId, UserId } from '../lead.ts'
import type { Moment } from '../watch.ts'

export type CoreReason =
  | { readonly rule: 'new-lead'; readonly stageName: string }
  | { readonly rule: 'distribution-in-turn'; readonly chosen: Candidate; readonly candidates: readonly Candidate[] }
  | { readonly rule: 'distribution-kept'; readonly userId: UserId; readonly name: string; readonly candidates?: readonly Candidate[]
      /** The lead has come back: its own responsible was looked at before any claim. */
      readonly goesFirst?: true }
  | { readonly rule: 'distribution-nobody'; readonly fallbackUserId: UserId; readonly name: string; readonly candidates: readonly Candidate[] }
  | { readonly rule: 'responsible-dismissed'; readonly userId: UserId; readonly name: string }
  | { readonly rule: 'responsible-away'; readonly userId: UserId; readonly name: string; readonly dueAt: Moment }
  | { readonly rule: 'responsible-changed'; readonly from: UserId; readonly to: UserId; readonly name: string }
  | { readonly rule: 'step-entered'; readonly stepName: string }
  | { readonly rule: 'step-left-elsewhere'; readonly stepName: string; readonly stageId: StageId; readonly stageName?: string }
  | { readonly rule: 'step-begins'; readonly stepName: string }
  | {
      readonly rule: 'deadline'
      readonly about: 'first-contact' | 'finish' | 'again'
      readonly basis: ContactBasis | null
      readonly span: string
      readonly startedAt: Moment
      readonly dueAt: Moment
      readonly timeZone: string
      readonly pieces: readonly CalendarPiece[]
      /** Id of the department's or person's own calendar; left out for the regulation's. */
      readonly calendar?: string
      /** Class of deadlines of the lead's channel, where the step has spans of its own for it. */
      readonly deadlineClass?: string
      /** The first contact's spans for all kinds of contact data: what other data would change. */
      readonly spans?: Readonly<Record<ContactBasis, string>>
      /** The phone is a company's shared number without a person, and does not count as one. */
      readonly isShared?: true
      /** Misses in a row without an answer that have made the new term a long one. */
      readonly unanswered?: number
    }
  | { readonly rule: 'deadline-moved'; readonly from: Moment; readonly to: Moment }
  | { readonly rule: 'deadline-not-due'; readonly dueAt: Moment }
  | { readonly rule: 'contact-made'; readonly by: 'call' | 'email' | 'meeting' | 'message'; readonly at: Moment; readonly durationSeconds: number | null }
  | { readonly rule: 'reminder-due'; readonly dueAt: Moment; readonly minutes: number }
  | { readonly rule: 'deadline-missed'; readonly about: 'first-contact' | 'finish' | 'again'; readonly dueAt: Moment; readonly noticedAt: Moment
      /** Obligatory answers that were missing then, in the portal's language. */
      readonly titles?: readonly string[] }
  /** Titles are in the portal's language: the customer's own words. */
  | { readonly rule: 'answers-missing'; readonly questions: readonly string[]; readonly titles?: readonly string[] }
  | { readonly rule: 'follow-up-closed' }
  /** The task of a step that asks nothing is closed: that is its work. */
  | { readonly rule: 'task-done' }
  | { readonly rule: 'follow-up-deleted' }
  | { readonly rule: 'card-complete'; readonly nextStep: string | null; readonly title?: string }
  | { readonly rule: 'not-qualified'; readonly reason: string | null; readonly title?: string }
  | { readonly rule: 'misses-repeated'; readonly count: number; readonly windowDays: number; readonly name: string }
  | { readonly rule: 'no-head'; readonly userId: UserId }
  | { readonly rule: 'incident-answered'; readonly how: 'contact' | 'in-time' | 'result' | 'stage' }
  | { readonly rule: 'lead-finished'; readonly semantic: 'success' | 'failure' }
  | { readonly rule: 'lead-gone' }
  | { readonly rule: 'refused'; readonly what: 'assign' | 'move-stage'; readonly words: string }
  | { readonly rule: 'returned-again'; readonly count: number; readonly stepName: string; readonly stageName: string }
  | { readonly rule: 'no-working-time' }
  | { readonly rule: 'daily-look' }
