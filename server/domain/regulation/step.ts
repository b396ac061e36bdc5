import type { FieldName, StageId } from '../lead.ts'
import type { AnswerTest } from './card.ts'
import type { Text, WorkingSpan } from './text.ts'

export type MovedBy = 'automatic' | 'proposed' | 'hand'

export interface Step {
  readonly id: string
  /** A finished action, e.g. «Взят в работу» (S0-15). */
  readonly name: Text
  readonly stageId: StageId
  readonly kind: 'intake' | 'work'
  /** What must be done to leave the step. */
  readonly exit: Text
  readonly guidance: Text
  /** What to do in typical situations, e.g. «Дорого» (S0-25). */
  readonly situations: readonly Situation[]
  readonly videoUrl: string | null
  readonly followUp: FollowUp | null
  readonly deadline: Deadline | null
  /** The questions this step asks; null: none. */
  readonly card: StepCard | null
  readonly gate: Gate | null
  readonly leave: {
    /** Where a lead goes on: after distribution (intake), or when the step is done (work). */
    readonly done: { readonly stageId: StageId; readonly by: MovedBy } | null
    readonly notQualified: { readonly stageId: StageId; readonly by: MovedBy } | null
  }
}

export interface Situation {
  readonly title: Text
  readonly advice: Text
}

export interface StepCard {
  /** Ids of the card's groups in their order; empty: all. */
  readonly groups: readonly string[]
  /** Ask for comment, result, next step or reason. Without it the step is done when its obligatory answers are there and its task is closed. */
  readonly closing: boolean
}

export interface FollowUp {
  readonly form: 'task' | 'todo'
  /** `{lead}`, `{client}` are replaced. */
  readonly title: Text
  readonly text: Text
  readonly remindBeforeMinutes: number
  /** May the responsible move the deadline by himself (S0-23). */
  readonly deadlineMayMove: boolean
  /** How many moves and how far from the rule's own deadline, in working time; left out: without limit. */
  readonly moves?: { readonly most: number; readonly furthest: WorkingSpan }
  /** A task closed without a summary is set again (S3-18); false or left out: the card's result is enough. */
  readonly summaryRequired?: boolean
}

export interface Deadline {
  /** First real contact with the client, by the best contact data there is. */
  readonly firstContact: FirstContact
  /** Other spans for a channel's class of deadlines. */
  readonly classes?: Readonly<Record<string, { readonly firstContact?: Partial<FirstContact>; readonly finish?: WorkingSpan }>>
  /** From the first contact to a filled card with a result. */
  readonly finish: WorkingSpan
  /** New term after a miss, or after obligatory answers were asked for again. */
  readonly again: WorkingSpan
  /** New term from the third unanswered miss in a row on; `PT8H`, a working day, when left out. */
  readonly slow?: WorkingSpan
}

export interface FirstContact {
  readonly phone: WorkingSpan
  readonly messenger: WorkingSpan
  readonly email: WorkingSpan
  readonly nothing: WorkingSpan
}

/** What a step needs to be left forward (S0-19, S0-30, S4-16). */
export interface Gate {
  readonly needs: readonly GateNeed[]
  /** A lead moved on past an unmet gate is sent back, with the reason to whoever moved it. False: it is only told. */
  readonly sendBack: boolean
  /** Stages further on than the next step may not be reached directly. */
  readonly noSkipping: boolean
}

export type GateNeed =
  /** The step's obligatory questions. */
  | { readonly kind: 'answers' }
  | { readonly kind: 'answer'; readonly question: string; readonly answer: AnswerTest }
  | { readonly kind: 'field'; readonly field: FieldName; readonly title: Text }
  | { readonly kind: 'task-done' }
  | { readonly kind: 'contact' }
  | { readonly kind: 'email-sent' }
  /** An e-mail or message to the client, by a person, since the step began: where there is no address, the offer goes by messenger (S0-20). */
  | { readonly kind: 'offer-sent' }
  | { readonly kind: 'quote'; readonly state: 'sent' | 'accepted' }
  | { readonly kind: 'requisites' }
  | { readonly kind: 'email-known' }
  | { readonly kind: 'responsible'; readonly who: 'pool' | 'head' }
