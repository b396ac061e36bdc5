import type { FieldName, StageId } from '../lead.ts'
import type { Text } from './text.ts'

/** The company's one standard set of questions (S4-3). Steps ask for some or all of its groups. */
export interface Card {
  readonly groups: readonly CardGroup[]
  /** Text field for the client's wishes (S4-11). */
  readonly comment: { readonly field: FieldName; readonly required: boolean; readonly title: Text }
  readonly result: {
    readonly field: FieldName
    readonly title: Text
    /** Portal's value of the list field for each outcome. */
    readonly values: { readonly qualified: string; readonly notQualified: string; readonly postponed: string | null }
  }
  /** Date field until which a lead is postponed; needed where `result.values.postponed` is given. */
  readonly postponedUntil: { readonly field: FieldName; readonly title: Text } | null
  readonly nextStep: { readonly field: FieldName; readonly title: Text; readonly options: readonly NextStepOption[] }
  readonly reason: { readonly field: FieldName; readonly title: Text; readonly options: readonly RefusalReason[] }
  /** Multiple text field: codes of the questions answered «не знает / отказался». */
  readonly unknown: { readonly field: FieldName }
}

export interface CardGroup {
  readonly id: string
  readonly title: Text
  readonly questions: readonly Question[]
}

export interface Option {
  readonly code: string
  readonly title: Text
  /** The portal's value for it (list item id); bound at install. */
  readonly value: string
}

export interface Question {
  readonly code: string
  readonly field: FieldName
  readonly title: Text
  readonly script: Text
  readonly hint?: Text
  readonly kind: 'text' | 'longtext' | 'number' | 'money' | 'list' | 'multilist' | 'yesno' | 'date' | 'phone' | 'email' | 'address' | 'link'
  readonly class: 'key' | 'qualifying' | 'auxiliary'
  readonly required: boolean
  /** «не знает / отказался» counts as an answer. */
  readonly unknownAllowed: boolean
  readonly options: readonly Option[]
  /** Asked only if this holds; a question that is not asked is never missing. */
  readonly onlyIf?: Condition
  /** An answer that makes the lead not qualified, with the reason proposed for it (S0-13). */
  readonly disqualifies?: { readonly when: AnswerTest; readonly reason: string | null }
}

/** What the result means for the lead besides its stage (S2-15, S4-13). */
export interface NextStepOption extends Option {
  /** The step the lead goes to instead of the step's own `leave.done`; null or left out: that one. */
  readonly stageId?: StageId | null
  /** The same status: the outcome is noted, the follow-up gets a new term, and the lead stays on its step. */
  readonly stay?: true
}

/** A reason of refusal and its rules (S3-27). */
export interface RefusalReason extends Option {
  /** Stage for this reason; null or left out: the step's own `leave.notQualified`. */
  readonly stageId?: StageId | null
  /** The comment must say more. */
  readonly commentRequired?: boolean
  /** What to do or to check before refusing. */
  readonly guidance?: Text
  /** What must be shown, e.g. a link to reviews; the comment has to hold it. */
  readonly evidence?: Text
  /** Failed attempts to reach the client without which it is not accepted (S3-27.6). */
  readonly attemptsNeeded?: number
  readonly fault?: 'client' | 'marketing' | 'call-centre' | 'sales' | 'company' | 'nobody'
  /** The lead comes back to work after so many days (S3-27.10, S1-D21); null or left out: never by itself. */
  readonly returnAfterDays?: number | null
  /** The manager gives the date himself, in `postponedUntil`. */
  readonly returnDateAsked?: boolean
}

/** Compares the answer of a question. Values of list questions are option codes, of yes/no questions `yes` and `no`. */
export type AnswerTest =
  | { readonly is: 'filled' }
  | { readonly is: 'empty' }
  | { readonly is: 'one-of'; readonly values: readonly string[] }
  | { readonly is: 'none-of'; readonly values: readonly string[] }
  | { readonly is: 'less' | 'more'; readonly than: number }

export type Condition =
  | { readonly question: string; readonly answer: AnswerTest }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
