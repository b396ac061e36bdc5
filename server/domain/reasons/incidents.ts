/** Why a miss was told further, and why a lead goes on under another version. */
import type { UserId } from '../lead.ts'
import type { LadderRung } from '../regulation.ts'
import type { Moment } from '../watch.ts'

export type IncidentReason =
  | { readonly rule: 'rung'; readonly rung: LadderRung; readonly userId: UserId; readonly name: string; readonly dueAt: Moment
      readonly incidentId?: string
      /** Working time after the miss was noticed. */
      readonly after?: string }
  /** Nobody new stands on this rung of the ladder. */
  | { readonly rule: 'rung-skipped'; readonly rung: LadderRung; readonly why: 'nobody' | 'dismissed' | 'told'; readonly userId: UserId | null; readonly incidentId: string }
  | { readonly rule: 'acknowledged'; readonly byUserId: UserId | null }
  /** In the portal itself; by whom and when, where known, and the obligatory answers that it lacks. */
  | { readonly rule: 'converted-past'; readonly byUserId: UserId | null; readonly at: Moment | null; readonly titles: readonly string[] }
  /** `back`: the lead has left its success stage again; `converted`: by the application since. */
  | { readonly rule: 'past-conversion-settled'; readonly how: 'complete' | 'back' | 'converted' | 'gone' }
  | { readonly rule: 'past-conversion-noted'; readonly byUserId: UserId | null }
  | { readonly rule: 'version-adopted'; readonly from: number; readonly to: number }
  /** A newer version has the step on another stage than the one that the lead stands on. */
  | { readonly rule: 'step-on-other-stage'; readonly stepName: string; readonly stageName: string; readonly standsOn: string }
  | { readonly rule: 'step-lost'; readonly stepId: string; readonly stageId: string }
