/** What we remember of one lead. Changed by `evolve(watch, command)` alone; stored as JSON. */
import type { LeadId, StageId, UserId } from './lead.ts'

/** ISO 8601 instant as text, so that a watch is plain JSON. */
export type Moment = string

export type Watch =
  | { readonly status: 'unseen' }
  | ActiveWatch
  | {
      readonly status: 'closed'
      readonly leadId: LeadId
      readonly outcome: 'qualified' | 'not-qualified' | 'converted' | 'lost' | 'moved-on' | 'gone'
      readonly closedAt: Moment
      /** Stage on which it was closed: coming back to a step's stage opens it again. */
      readonly stageId: StageId
    }

export interface ActiveWatch {
  readonly status: 'active'
  readonly leadId: LeadId
  readonly regulationVersion: number
  readonly stepId: string
  readonly enteredAt: Moment
  readonly responsibleId: UserId
  /** Whom distribution chose; null until it has. */
  readonly chosenId: UserId | null
  readonly clock: Clock
  readonly followUp: FollowUpMemory | null
  /** First real contact with the client on this step. */
  readonly contactedAt: Moment | null
  /** Obligatory questions asked for again at the last check, by code. */
  readonly askedAgain: readonly string[]
  /** Open incident of this lead, if any. */
  readonly incidentId: string | null
  /** Checks so far on this step: makes marks of repeated follow-ups and incidents unique. */
  readonly round: number
}

export type Clock =
  /** The step has no deadline. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'first-contact' | 'finish' | 'again'
      readonly startedAt: Moment
      readonly dueAt: Moment
      /** The rule's own deadline while a person has moved it in the task, else null. */
      readonly movedFrom: Moment | null
      readonly reminded: boolean
    }

export interface FollowUpMemory {
  readonly mark: string
  readonly form: 'task' | 'todo'
  /** Known once the portal has answered. */
  readonly id: number | null
  /** The deadline that we set last. */
  readonly deadlineAt: Moment | null
}
