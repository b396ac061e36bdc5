/** Why something was decided about a lead on its way through the steps. */
import type { Act, ConversionEnd, StageId, UserId } from '../lead.ts'
import type { Moment } from '../watch.ts'

export type JourneyReason =
  | { readonly rule: 'attempt-failed'; readonly count: number; readonly limit: number | null; readonly at: Moment }
  | { readonly rule: 'attempts-spent'; readonly count: number; readonly limit: number; readonly reason: string | null; readonly title: string | null }
  | { readonly rule: 'wrong-number'; readonly phone: string
      /** The reason of refusal proposed when no other number is left, in the portal's language. */
      readonly title?: string | null }
  /** It was called wrong by mistake. */
  | { readonly rule: 'right-number'; readonly phone: string }
  | { readonly rule: 'call-declared'; readonly at: Moment }
  | { readonly rule: 'waiting'; readonly until: Moment; readonly comment: string; readonly usedDays: number; readonly maxDays: number }
  | { readonly rule: 'waiting-too-long'; readonly wanted: Moment; readonly until: Moment; readonly maxDays: number }
  | { readonly rule: 'waiting-not-allowed' }
  | { readonly rule: 'waiting-spent'; readonly maxDays: number }
  | { readonly rule: 'waiting-over'; readonly since: Moment }
  | { readonly rule: 'waiting-stopped'; readonly how: 'asked' | 'contact' | 'stage' }
  | { readonly rule: 'waiting-share'; readonly userId: UserId; readonly name: string; readonly waiting: number; readonly open: number; readonly share: number }
  | { readonly rule: 'gate-unmet'; readonly needs: readonly string[]; readonly stepName: string }
  /** The portal has not told whether these needs are met: it is asked again. */
  | { readonly rule: 'gate-unheard'; readonly needs: readonly string[]; readonly stepName: string }
  /** The gate is passed without them: the portal has not told since then, or (null) will never tell. */
  | { readonly rule: 'gate-unchecked'; readonly needs: readonly string[]; readonly stepName: string; readonly since: Moment | null }
  | { readonly rule: 'gate-skipped'; readonly stepName: string; readonly stageName: string }
  | { readonly rule: 'move-allowed'; readonly byUserId: UserId | null }
  | { readonly rule: 'reason-missing'; readonly stageName: string }
  | { readonly rule: 'reason-comment-missing'; readonly title: string
      /** What the comment has to show. */
      readonly evidence?: string }
  /** The reason of refusal wants more failed attempts to reach the client than were made. */
  | { readonly rule: 'attempts-missing'; readonly title: string; readonly needed: number; readonly made: number }
  | { readonly rule: 'refusal-unanswered'; readonly userId: UserId; readonly name: string; readonly times: number }
  | { readonly rule: 'return-date-missing'; readonly title: string }
  | { readonly rule: 'refusal-controlled'; readonly share: number; readonly title: string | null }
  | { readonly rule: 'returned-on-date'; readonly refusedAt: Moment; readonly title: string | null }
  | { readonly rule: 'step-confirmed' }
  | ({ readonly rule: 'conversion-ended' } & Omit<ConversionEnd, 'tellUserId'>)
  | { readonly rule: 'refusal-confirmed' }
  /** `toUserId`: who got the lead by a `reassign`. */
  | { readonly rule: 'act'; readonly what: Act['kind']; readonly byUserId: UserId | null; readonly toUserId?: UserId }
  /** The title is in the portal's language. */
  | { readonly rule: 'outcome-noted'; readonly title: string }
  | { readonly rule: 'summary-missing' }
  | { readonly rule: 'no-next-action' }
  | { readonly rule: 'deadline-move-refused'; readonly why: 'not-allowed' | 'too-many' | 'too-far'; readonly wanted: Moment; readonly dueAt: Moment }
  | { readonly rule: 'postponed'; readonly until: Moment }
  | { readonly rule: 'disqualified'; readonly question: string; readonly title: string | null }
  | { readonly rule: 'robot'; readonly robot: 'check-card' | 'start-deadline' | 'distribute' }
  | { readonly rule: 'next-step'; readonly title: string; readonly stageId: StageId }
