/** What an administrator has set, bound to one portal. Plain JSON: moments and spans are ISO 8601 text. */
import type { DepartmentId, FieldName, StageId, UserId } from './lead.ts'

/** ISO 8601 duration of working time, e.g. `PT30M`, `PT4H`. Days are not allowed: a day's length differs. */
export type WorkingSpan = string

/** Text in the customer's languages; `ru` is always there. */
export interface Text {
  readonly ru: string
  readonly en?: string
}

export interface Regulation {
  readonly schema: 1
  readonly name: Text
  readonly distribution: Distribution
  readonly steps: readonly Step[]
  readonly card: Card
  readonly contact: {
    /** A call counts as a contact from this many seconds of talk. */
    readonly reachedCallSeconds: number
  }
  readonly incidents: Incidents
  readonly calendar: CalendarSetting
}

export interface Distribution {
  readonly pool:
    | { readonly kind: 'department'; readonly departmentId: DepartmentId; readonly withHead: boolean }
    | { readonly kind: 'people'; readonly userIds: readonly UserId[] }
  readonly order: 'in-turn'
  /** Who gets the lead and a task «назначить ответственного» when nobody of the pool is available. */
  readonly fallbackUserId: UserId
  /** Leave a responsible who was set by a person or an integration and who belongs to the pool. */
  readonly keepPoolMember: boolean
}

export interface Step {
  readonly id: string
  /** A finished action, e.g. «Взят в работу». */
  readonly name: Text
  readonly stageId: StageId
  readonly kind: 'intake' | 'work'
  /** What must be done to leave the step. */
  readonly exit: Text
  readonly guidance: Text
  readonly videoUrl: string | null
  readonly followUp: FollowUp | null
  readonly deadline: Deadline | null
  /** Ask for the card's obligatory answers before the step may be left as qualified. */
  readonly card: boolean
  readonly leave: {
    /** Where a lead goes on: after distribution (intake), or after a complete qualified card (work). */
    readonly done: { readonly stageId: StageId; readonly by: 'automatic' | 'proposed' | 'hand' } | null
    readonly notQualified: { readonly stageId: StageId; readonly by: 'automatic' | 'proposed' | 'hand' } | null
  }
}

export interface FollowUp {
  readonly form: 'task' | 'todo'
  /** `{lead}`, `{client}` are replaced. */
  readonly title: Text
  readonly text: Text
  readonly remindBeforeMinutes: number
  /** May the responsible move the deadline by himself. */
  readonly deadlineMayMove: boolean
}

export interface Deadline {
  /** First real contact with the client, by the best contact data there is. */
  readonly firstContact: {
    readonly phone: WorkingSpan
    readonly messenger: WorkingSpan
    readonly email: WorkingSpan
    readonly nothing: WorkingSpan
  }
  /** From the first contact to a filled card with a result. */
  readonly finish: WorkingSpan
  /** New term after a miss, or after obligatory answers were asked for again. */
  readonly again: WorkingSpan
  /** New term from the third unanswered miss in a row on; `PT8H`, a working day, when left out. */
  readonly slow?: WorkingSpan
}

export interface Card {
  readonly groups: readonly CardGroup[]
  /** Text field for the client's wishes. */
  readonly comment: { readonly field: FieldName; readonly required: boolean; readonly title: Text }
  readonly result: {
    readonly field: FieldName
    readonly title: Text
    /** Portal's value of the list field for each outcome. */
    readonly values: { readonly qualified: string; readonly notQualified: string }
  }
  readonly nextStep: { readonly field: FieldName; readonly title: Text; readonly options: readonly Option[] }
  readonly reason: { readonly field: FieldName; readonly title: Text; readonly options: readonly Option[] }
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
}

export interface Incidents {
  /** So many delivered misses … */
  readonly misses: number
  /** … within so many days bring in the head of department. */
  readonly windowDays: number
  /** A miss noticed later than this many working minutes is our delay, not the person's; 30 when left out. */
  readonly systemDelayMinutes?: number
}

export type CalendarSetting =
  /** The portal's own calendar settings, kept fresh daily. */
  | { readonly kind: 'portal' }
  | { readonly kind: 'own'; readonly calendar: CalendarData }

/** A working calendar as data. Local times are of `timeZone`. */
export interface CalendarData {
  readonly timeZone: string
  /** Shifts of each weekday, 1 = Monday … 7 = Sunday, as `HH:MM`–`HH:MM`; empty = day off. */
  readonly week: Readonly<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, readonly Shift[]>>
  /** `YYYY-MM-DD`, or `MM-DD` for every year. */
  readonly holidays: readonly string[]
  /** Days off that are worked, e.g. a moved Saturday; they take Monday's shifts. */
  readonly workdays: readonly string[]
}

export interface Shift {
  readonly from: string
  readonly to: string
}
