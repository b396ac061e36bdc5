/** What we remember of one lead. Changed by `evolve(watch, command)` alone; stored as JSON. */
import type { Duplicate, LeadId, StageId, UserId } from './lead.ts'
import type { LadderRung } from './regulation.ts'

/** ISO 8601 instant as text, so that a watch is plain JSON. */
export type Moment = string

export type Watch =
  | {
      readonly status: 'unseen'
      /** Acts up to this id are obeyed: robots ask about leads outside the regulation too. */
      readonly actsSeen?: number
    }
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
      /** What stays known of the lead when it comes back. */
      readonly life?: LifeNotes
      readonly regulationVersion?: number
      /** The step it was closed on. */
      readonly stepId?: string
      /** Contacts and calls from this moment on were those of that step. */
      readonly contactsFrom?: Moment
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
  /** Kept over the lead's whole life. */
  readonly life?: LifeNotes
  /** Kept until another step begins. */
  readonly step?: StepNotes
}

export interface LifeNotes {
  /** Channel of the lead's source; null: none. */
  readonly channelId?: string | null
  /** That channel is one for tests: the lead counts in nobody's load. */
  readonly isTest?: boolean
  /** Ledger of the pool the lead was given from. */
  readonly poolId?: string
  /** Acts up to this id are obeyed. */
  readonly actsSeen?: number
  /** How far the ladder was climbed for each open miss, by incident. */
  readonly ladders?: Readonly<Record<string, Ladder>>
  /** What was asked for once already: `source`, `source-detail`, `person`, `reason`. */
  readonly asked?: readonly string[]
  /** `lead:5`, `contact:7`: told of, or called not the same. */
  readonly duplicatesSeen?: readonly string[]
  /** A repeat found while nobody was chosen: whoever is chosen is told of it. */
  readonly duplicateUntold?: Pick<Duplicate, 'kind' | 'id' | 'title' | 'by' | 'responsibleId'> | null
  /** Failed attempts to reach the client (S0-18). */
  readonly attempts?: { readonly count: number; readonly lastAt: Moment; readonly proposed: boolean; readonly activityIds: readonly number[]
    /** Where the last one was told: a click and the call it speaks of are one attempt. */
    readonly lastBy?: 'call' | 'act'
    /** Clicks whose calls have not been heard of yet. */
    readonly clicks?: readonly Moment[]
    /** When the client was reached: failures from before count no more. */
    readonly reachedAt?: Moment }
  readonly wrongPhones?: readonly string[]
  /** Days spent waiting before the present wait. */
  readonly waitedDays?: number
  /** Moves past a gate that were sent back. */
  readonly sentBack?: number
  /** The title we gave it, and how many we gave. */
  readonly title?: string
  readonly titles?: number
  /** Source by which it was left alone, as no lead. */
  readonly leftSource?: string | null
  /** Whom distribution gave it to, while he has not begun. */
  readonly givenTo?: UserId | null
  /** Who got it last from a pool, and when: it counts among his leads of that day, whatever becomes of it. */
  readonly given?: { readonly userId: UserId; readonly at: Moment }
  /** Steps whose main questions stand in the timeline. */
  readonly commented?: readonly string[]
  /** The card's result that stood there when the lead came back. */
  readonly oldResult?: string | null
  /** A refused lead comes back then; the reason, by code, for which it does. */
  readonly returnAt?: Moment | null
  readonly returnFor?: string
  /** What a refusal still lacks: how often it was asked for, and when for the last time. */
  readonly refusalAsked?: { readonly what: string; readonly times: number; readonly lastAt: Moment; readonly userId: UserId; readonly isEscalated: boolean }
  /** A refusal the head is to look through: since when. */
  readonly controlledAt?: Moment | null
  /** Cards found complete: the trigger is fired once each. */
  readonly triggers?: readonly string[]
  /** The gated step that the lead left last without passing on, and what was done there. */
  readonly left?: { readonly stepId: string; readonly enteredAt: Moment; readonly contactsFrom: Moment; readonly contactedAt: Moment | null; readonly isTaskDone: boolean; readonly isAllowed: boolean }
  /** The conversion of ours that has given it its success stage; null when that one was taken back. */
  readonly convertedBy?: string | null
  /** When a conversion of ours was taken back last. */
  readonly conversionEndedAt?: Moment
  /** It was converted past the application: who was told first and whether his head was, whether everything is there on the portal, when it was settled; from which stage, where that is known, and which time that was. */
  readonly convertedPast?: { readonly incidentId: string; readonly userId: UserId; readonly noticedAt: Moment; readonly headTold: boolean; readonly isWhole: boolean; readonly endedAt: Moment | null; readonly from?: StageId; readonly times?: number }
  /** Number of its former owners from whom it was taken because they had not begun. */
  readonly passedOn?: readonly UserId[]
}

/** Who knows of one open miss. */
export interface Ladder {
  /** When it was noticed: the rungs count from then on. */
  readonly since: Moment
  /** Whose miss it is first, then everybody told of it: nobody is told twice. */
  readonly told: readonly UserId[]
  /** Rungs that are over, whether somebody stood on them or not. */
  readonly rungs: readonly LadderRung[]
  /** Somebody has taken note of the miss: nobody else is told. */
  readonly acknowledged?: boolean
  /** Whoever has missed the deadline has taken note of it himself: those above him are told all the same. */
  readonly noted?: boolean
}

export interface StepNotes {
  /** The responsible has begun: opened the card, or a contact was made. */
  readonly takenAt?: Moment
  /** Until when it is to be taken. */
  readonly takeBy?: Moment
  /** «Ждать»: until when, since when, when it was asked for last, and the working milliseconds the paused term still had. */
  readonly waiting?: { readonly until: Moment; readonly since: Moment; readonly askedAt?: Moment; readonly remainingMs: number | null; readonly about?: Exclude<Clock['kind'], 'none'> } | null
  /** The client has asked to be called then, and when that was said. */
  readonly callBack?: { readonly until: Moment; readonly askedAt: Moment } | null
  /** Since when nobody could be chosen: contacts from before are not the work of whoever holds the lead meanwhile. */
  readonly nobodySince?: Moment
  /** Who was told that it is still nobody's: how often, and when for the last time. */
  readonly nobodyTold?: { readonly times: number; readonly lastAt: Moment }
  /** Moves of the deadline by people. */
  readonly deadlineMoves?: number
  /** The next step's move may be made though the gate is not met: a head has allowed it. */
  readonly moveAllowed?: boolean
  /** Its task was closed once, while the gate lacked something else: the one set since is for that. */
  readonly taskClosed?: true
  /** Its task was open when the lead left the step, and no other has been set yet. */
  readonly taskOpen?: true
  /** The responsible has been asked to move the lead on, or to give what is missing. */
  readonly proposed?: string
  /** Since when only the portal's silence keeps the gate shut; null: it is heard again. */
  readonly unheardSince?: Moment | null
  /** Needs that the gate was passed without, because the portal did not tell of them. */
  readonly passedWithout?: string
  /** Date of a postponement that was obeyed. */
  readonly postponedTo?: Moment
  /** The outcome of a talk that keeps the lead on this step, when it was noted (S2-15). */
  readonly outcome?: string
  /** The lead went back to this step: answers that stood there before do not finish it. */
  readonly isBack?: boolean
  /** The manager has confirmed that the step is done. */
  readonly goOn?: boolean
  /** The refusal in the card that the manager has confirmed, as text; null: the card says something else by now. */
  readonly refuse?: string | null
  /** A deadline that a person set and that we have put back: a look that still shows it is old. */
  readonly refusedDeadline?: Moment
  /** When we put it back. */
  readonly refusedAt?: Moment
  /** Every time within the last day that we put one back. */
  readonly putBackAt?: readonly Moment[]
  /** The card's answers and the task as they were when the term of taking began, as a checksum. */
  readonly givenWith?: string
  /** Times the lead was sent back to this step, each with its moment; the last few. */
  readonly sentBackAt?: readonly Moment[]
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
      /** The step's span that made it; left out where something else did: a try that was put off, the end of a wait. */
      readonly made?: MadeBy
    }

/** Which of the step's spans a term was counted by. */
export interface MadeBy {
  /** ISO 8601 duration of working time. */
  readonly span: string
  readonly of: 'phone' | 'messenger' | 'email' | 'nothing' | 'finish' | 'again' | 'slow'
  /** The lead's source then: its channel may have spans of its own. */
  readonly sourceId: string | null
  /** The first term of a lead that was open before the installation: never shorter than the slow one. */
  readonly isLong?: true
}

export interface FollowUpMemory {
  readonly mark: string
  /** The step is done, and this task is only to move the lead on, or to convert it; left out for the step's own. */
  readonly next?: 'move' | 'conversion' | 'refusal'
  readonly form: 'task' | 'todo'
  /** Known once the portal has answered. */
  readonly id: number | null
  /** The deadline that we set last, or that a person moved it to. */
  readonly deadlineAt: Moment | null
  /** The last few deadlines before that: a look that still shows one of them is old. */
  readonly earlierDeadlines?: readonly Moment[]
}
