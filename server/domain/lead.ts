/** What we know of a lead at one look: values only, read from the portal by `server/portal/leads.ts`. */
import type { Temporal } from 'temporal-polyfill'

declare const brand: unique symbol
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type MemberId = Brand<string, 'MemberId'>
export type LeadId = Brand<number, 'LeadId'>
export type UserId = Brand<number, 'UserId'>
export type DepartmentId = Brand<number, 'DepartmentId'>
export type StageId = Brand<string, 'StageId'>
export type ActivityId = Brand<number, 'ActivityId'>
export type TaskId = Brand<number, 'TaskId'>
/** Name of a lead field as the portal calls it (`UF_CRM_…` or `title`); an opaque key here. */
export type FieldName = Brand<string, 'FieldName'>

export const memberId = (value: string): MemberId => value as MemberId
export const leadId = (value: number): LeadId => value as LeadId
export const userId = (value: number): UserId => value as UserId
export const departmentId = (value: number): DepartmentId => value as DepartmentId
export const stageId = (value: string): StageId => value as StageId
export const activityId = (value: number): ActivityId => value as ActivityId
export const taskId = (value: number): TaskId => value as TaskId
export const fieldName = (value: string): FieldName => value as FieldName

/** The meaning of a stage, whatever it is called: still open, won, lost. */
export type Semantic = 'processing' | 'success' | 'failure'

export interface ContactData {
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  /** Messenger or open-line addresses. */
  readonly messengers: readonly string[]
  /** Those of `phones` that are a company's shared numbers, without an extension that leads to a person (S1-D5). */
  readonly shared?: readonly string[]
}

/** A lead field's value as the portal gave it; several values are a list. */
export type FieldValue = string | number | boolean | null | readonly (string | number)[]

export type ActivityKind = 'call' | 'email' | 'meeting' | 'message' | 'todo' | 'task' | 'other'

export interface Activity {
  readonly id: ActivityId
  readonly kind: ActivityKind
  readonly direction: 'incoming' | 'outgoing' | null
  readonly completed: boolean
  readonly responsibleId: UserId | null
  readonly authorId: UserId | null
  readonly createdAt: Temporal.Instant
  readonly startedAt: Temporal.Instant | null
  readonly endedAt: Temporal.Instant | null
  readonly deadlineAt: Temporal.Instant | null
  readonly subject: string
  /** The command's mark when we made it ourselves, else null. */
  readonly mark: string | null
  /** Written by a robot, a workflow or this application: never a contact with the client. */
  readonly automatic: boolean
  /** For calls: what telephony says of it; null when nothing is known (a call entered by hand). */
  readonly call: { readonly reached: boolean; readonly durationSeconds: number } | null
  /** It has a description or a result in words; unknown when left out. */
  readonly described?: boolean
}

/** A follow-up task of ours, in whichever form the regulation asks for. */
export interface FollowUpState {
  readonly mark: string
  readonly form: 'task' | 'todo'
  /** Id of the task or of the to-do activity. */
  readonly id: number
  readonly open: boolean
  readonly responsibleId: UserId | null
  readonly deadlineAt: Temporal.Instant | null
  /** A result or comment was written in it; unknown when left out. */
  readonly summarised?: boolean
}

/** A contact or company the lead is bound to, or is found to be of. */
export interface Client {
  readonly kind: 'contact' | 'company'
  readonly id: number
  readonly name: string
  readonly responsibleId: UserId | null
}

/** Something of the portal that may be the same client (S1-D7). A name alone is a hint. */
export interface Duplicate {
  readonly kind: 'lead' | 'contact' | 'company'
  readonly id: number
  readonly title: string
  readonly responsibleId: UserId | null
  readonly by: readonly ('phone' | 'email' | 'inn' | 'name')[]
  /** For leads: still in work. */
  readonly open: boolean
}

/** What has become of a conversion of ours; `why` as its store has it, `words`: the portal's own. */
export interface ConversionEnd {
  readonly ended: 'done' | 'held' | 'taken-back'
  readonly why: string | null
  readonly words: string | null
  /** What is left of one that came to nothing. */
  readonly left: 'nothing' | 'no-deal' | 'removed' | 'something' | null
  /** Whoever has begun it and does not wait for its end any more; null: he has been answered. */
  readonly tellUserId: UserId | null
}

/** By what right somebody acts on a lead. `fallback`: he decides over leads of nobody; `deputy`: he stands in for the responsible. */
export type ActRight = 'responsible' | 'above' | 'admin' | 'fallback' | 'deputy'

/** What somebody did in the lead tab, by a robot or over the API; ids grow. Each is obeyed once (`Watch.actsSeen`). `byRight`: proved when it was done; older acts have none. */
export type Act = { readonly id: number; readonly at: Temporal.Instant; readonly byUserId: UserId | null; readonly byRight?: ActRight } & (
  | { readonly kind: 'opened' }
  | { readonly kind: 'take' }
  | { readonly kind: 'not-reached' }
  | { readonly kind: 'wrong-number' | 'right-number'; readonly phone: string }
  | { readonly kind: 'call-declared'; readonly comment: string }
  | { readonly kind: 'call-back'; readonly until: Temporal.Instant }
  | { readonly kind: 'wait'; readonly until: Temporal.Instant; readonly comment: string }
  | { readonly kind: 'stop-waiting' }
  | { readonly kind: 'go-on' }
  /** The refusal that stands in the card is meant. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'allow-move' }
  | { readonly kind: 'not-duplicate'; readonly of: { readonly kind: Duplicate['kind']; readonly id: number } }
  | { readonly kind: 'acknowledge'; readonly incidentId: string }
  | { readonly kind: 'move-deadline'; readonly until: Temporal.Instant; readonly comment: string }
  /** A head or an administrator has given the lead to somebody else on the portal: said in the journal, nothing follows from it. */
  | { readonly kind: 'reassign'; readonly toUserId: UserId }
  /** A conversion of ours is about to give the lead its success stage. */
  | { readonly kind: 'converted'; readonly conversionId: string }
  /** A conversion of ours was undone by a person, or (`end`) came to nothing. */
  | { readonly kind: 'conversion-undone'; readonly conversionId: string; readonly end?: ConversionEnd }
  /** A conversion of ours has ended otherwise, or waits for a person. */
  | { readonly kind: 'conversion-ended'; readonly conversionId: string; readonly end: ConversionEnd }
  /** Of a conversion past the application nothing is missing on the portal any more. */
  | { readonly kind: 'gaps-gone'; readonly incidentId: string }
  /** Robots of the portal's own automation; `token` names the waiting robot, null when it does not wait. */
  | { readonly kind: 'check-card' | 'start-deadline' | 'distribute'; readonly token: string | null }
)

export interface Lead {
  readonly id: LeadId
  readonly title: string
  /** Person's name and company as one may be addressed; may be empty. */
  readonly clientName: string
  readonly companyTitle: string
  readonly stageId: StageId
  readonly semantic: Semantic
  readonly responsibleId: UserId | null
  readonly createdById: UserId | null
  readonly sourceId: string | null
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
  readonly movedAt: Temporal.Instant | null
  readonly contact: ContactData
  /** Values of the fields the regulation's card uses, by field name. */
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly activities: readonly Activity[]
  /** Our follow-ups found on the portal, newest last. */
  readonly followUps: readonly FollowUpState[]
  /** Marks of follow-ups of ours that were asked for by their number and are not on the portal any more. */
  readonly deletedFollowUps?: readonly string[]
  /** Bound contacts and company, the company first. */
  readonly clients?: readonly Client[]
  /** `contact 7`, `company 4`: bound to it, whether more was read of them or not; left out where none is. */
  readonly boundTo?: readonly string[]
  /** Found at this look; left out when no search was made. */
  readonly duplicates?: readonly Duplicate[]
  /** The best state of its offers; null: there is none. */
  readonly quote?: 'draft' | 'sent' | 'accepted' | 'declined' | null
  /** A bound company has requisites, confirmed as far as the regulation asks for it. */
  readonly hasRequisites?: boolean
  /** What the portal will not tell of this lead, because a right or a module is missing; what is left out besides was only not told this time. */
  readonly denied?: readonly ('quote' | 'requisites')[]
  /** Not yet obeyed ones, oldest first. */
  readonly acts?: readonly Act[]
  /** Of a conversion of ours that is under way. */
  readonly conversionId?: string
  /** Whoever moved it to its present stage, where known. */
  readonly movedById?: UserId | null
}

/** What a review may learn about a lead. */
export type Sight =
  | { readonly kind: 'seen'; readonly lead: Lead }
  /** Deleted, merged away, or no longer readable. */
  | { readonly kind: 'gone'; readonly leadId: LeadId
      /** As in `Lead`. */
      readonly acts?: readonly Act[] }
