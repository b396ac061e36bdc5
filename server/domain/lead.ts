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
}

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
}

/** What a review may learn about a lead. */
export type Sight =
  | { readonly kind: 'seen'; readonly lead: Lead }
  /** Deleted, merged away, or no longer readable. */
  | { readonly kind: 'gone'; readonly leadId: LeadId }
