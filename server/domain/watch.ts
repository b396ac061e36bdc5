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
      /** The lead's `movedAt` seen then: while it is unchanged, a step's stage is an old look and no return. */
      readonly movedAt?: Moment | null
      /** Turns so far, so that marks stay unique after a return. */
      readonly round?: number
      /** The watch before a move of ours that closed it: it goes on if the portal refuses that move. */
      readonly before?: ActiveWatch
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
  /** Turns so far (steps entered, people assigned, checks): grows over the lead's whole life and makes marks unique. */
  readonly round: number
  /** Contacts from this moment on count for this step; `enteredAt` when left out. */
  readonly contactsFrom?: Moment
  /** Misses of this lead that are still open besides `incidentId`, oldest first. */
  readonly earlierIncidentIds?: readonly string[]
  /** Deadlines of the open misses, by incident. */
  readonly incidentDues?: Readonly<Record<string, Moment>>
  /** Times the lead was handed to another person on this step. */
  readonly handovers?: number
  /** When it came back to an intake stage from a later step; the last few. */
  readonly returns?: readonly Moment[]
  /** A stage that counts as being on the present step, because the lead is moved back to it again and again. */
  readonly staysOn?: StageId
  /** A move of ours that the portal refuses: the step goes on where the lead stands. */
  readonly refused?: Refusal
  /** It was open before the installation: its first term is a long one, whatever contact data it gets. */
  readonly takenOver?: true
  /** Our own changes that a look may not show yet. */
  readonly expects?: Expectations
}

/** What we have asked of the portal, with the lead as it was when we asked: an unchanged lead has simply not been changed yet. */
export interface Expectations {
  readonly stage: { readonly from: StageId; readonly to: StageId; readonly movedAt: Moment | null } | null
  /** `refused`: the portal does not take him. */
  readonly responsible: { readonly from: UserId | null; readonly to: UserId; readonly updatedAt: Moment | null; readonly refused?: boolean } | null
}

export interface Refusal {
  readonly from: StageId
  readonly to: StageId
  /** The lead's `movedAt` while it stands where it stood. */
  readonly movedAt: Moment | null
  /** The portal's own words. */
  readonly words: string
  /** The lead's `updatedAt` seen when the responsible was told; null while nobody has been. A lead changed since is tried again. */
  readonly toldAt: Moment | null
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
  /** The deadline that we set last, or that a person moved it to. */
  readonly deadlineAt: Moment | null
  /** The last few deadlines before that: a look that still shows one of them is old. */
  readonly earlierDeadlines?: readonly Moment[]
}
