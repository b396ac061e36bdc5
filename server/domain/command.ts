/** All that we can do, and why. Commands are values: recorded first, carried out afterwards in batches. */
import type { LeadId, StageId, UserId } from './lead.ts'
import type { CalendarData } from './regulation.ts'
import type { CoreReason } from './reasons/core.ts'
import type { IncidentReason } from './reasons/incidents.ts'
import type { IntakeReason } from './reasons/intake.ts'
import type { JourneyReason } from './reasons/journey.ts'
import type { ActiveWatch, Clock, LifeNotes, Moment, StepNotes } from './watch.ts'

export type { CoreReason } from './reasons/core.ts'

export type Command =
  // --- on the portal -------------------------------------------------------
  | {
      readonly kind: 'assign'
      readonly leadId: LeadId
      readonly userId: UserId
      readonly mark: string
      /** The responsible seen when we decided, and the lead's `updatedAt` then: tells a stale look from a person's change. */
      readonly from?: UserId | null
      readonly seenUpdatedAt?: Moment
      /** Ledger that counts it; left out when no pool gave the lead. */
      readonly poolId?: string
      /** When that pool gave it. */
      readonly givenAt?: Moment
      /** Of a test lead: it counts in no ledger and in no load. */
      readonly isTest?: true
      /** When we decided it, where nobody could be chosen. */
      readonly at?: Moment
      readonly because: Reason
    }
  | {
      readonly kind: 'move-stage'
      readonly leadId: LeadId
      readonly from: StageId
      readonly to: StageId
      readonly mark: string
      /** The lead's `movedAt` seen when we decided: while it is unchanged our move has not been carried out. */
      readonly seenMovedAt?: Moment | null
      readonly because: Reason
    }
  | {
      readonly kind: 'set-follow-up'
      readonly leadId: LeadId
      /** Unique per portal; makes a repeat harmless. */
      readonly mark: string
      readonly form: 'task' | 'todo'
      readonly title: string
      /** Plain text; `\n` between paragraphs. The checklist's questions follow it. */
      readonly text: string
      readonly videoUrl: string | null
      readonly checklist: readonly string[]
      readonly responsibleId: UserId
      readonly deadlineAt: Moment
      readonly remindBeforeMinutes: number
      readonly deadlineMayMove: boolean
      /** A task only to move the lead on, or to convert it: its step is done. */
      readonly next?: 'move' | 'conversion' | 'refusal'
      readonly because: Reason
    }
  | {
      readonly kind: 'change-follow-up'
      readonly leadId: LeadId
      readonly mark: string
      /** Mark of the follow-up to change. */
      readonly followUp: string
      readonly form: 'task' | 'todo'
      readonly deadlineAt: Moment | null
      readonly responsibleId: UserId | null
      /** Left out where people may not move the deadline. */
      readonly unlessMoved?: KnownDeadlines
      readonly because: Reason
    }
  | { readonly kind: 'close-follow-up'; readonly leadId: LeadId; readonly mark: string; readonly followUp: string; readonly form: 'task' | 'todo'; readonly because: Reason }
  | {
      readonly kind: 'notify'
      readonly leadId: LeadId
      readonly userId: UserId
      /** Notification tag: a repeat replaces its first copy. */
      readonly mark: string
      readonly about: Message
      /** The miss this message tells of: it counts only when delivered. */
      readonly incidentId: string | null
      /** Held back until then by quiet hours (product.md, 9): the message waits, the evaluation does not. */
      readonly notBefore?: Moment
      readonly because: Reason
    }
  | { readonly kind: 'set-title'; readonly leadId: LeadId; readonly title: string; readonly mark: string; readonly because: Reason }
  /** A comment in the lead's timeline; plain text. */
  | { readonly kind: 'comment'; readonly leadId: LeadId; readonly about?: 'questions'; readonly text: string; readonly mark: string; readonly because: Reason }
  /** Starts the portal's own automation that listens for it. */
  | { readonly kind: 'fire-trigger'; readonly leadId: LeadId; readonly trigger: TriggerCode; readonly mark: string; readonly because: Reason }
  /** Gives a waiting robot its return values. */
  | { readonly kind: 'answer-robot'; readonly leadId: LeadId; readonly token: string; readonly values: Readonly<Record<string, string | number>>; readonly mark: string; readonly because: Reason }
  // --- in our own store ----------------------------------------------------
  | { readonly kind: 'start-watch'; readonly watch: ActiveWatch; readonly because: Reason }
  | { readonly kind: 'enter-step'; readonly leadId: LeadId; readonly stepId: string; readonly responsibleId: UserId; readonly at: Moment
      /** Contacts from this moment on count for the step; the entry itself when left out. */
      readonly contactsFrom?: Moment
      /** Back on an intake stage from a later step. */
      readonly isReturn?: boolean
      readonly because: Reason }
  | {
      readonly kind: 'note-refused'
      readonly leadId: LeadId
      /** The command that the portal refuses for good. */
      readonly refusedMark: string
      readonly refusedKind: 'assign' | 'move-stage'
      /** The portal's own words. */
      readonly words: string
      readonly at: Moment
      /** The lead's `updatedAt` seen when the responsible was told; null while nobody has been. */
      readonly toldAt: Moment | null
      readonly because: Reason
    }
  /** The lead is moved back and forth: its stage counts as being on the present step from now on. */
  | { readonly kind: 'stay-on-step'; readonly leadId: LeadId; readonly stageId: StageId; readonly at: Moment; readonly because: Reason }
  | { readonly kind: 'set-clock'; readonly leadId: LeadId; readonly clock: Clock; readonly because: Reason }
  | { readonly kind: 'note-contact'; readonly leadId: LeadId; readonly at: Moment; readonly because: Reason }
  | { readonly kind: 'note-responsible'; readonly leadId: LeadId; readonly userId: UserId; readonly poolId?: string; readonly givenAt?: Moment; readonly isTest?: true; readonly because: Reason }
  | { readonly kind: 'note-reminded'; readonly leadId: LeadId; readonly because: Reason }
  | { readonly kind: 'ask-again'; readonly leadId: LeadId; readonly questions: readonly string[]; readonly because: Reason }
  | {
      readonly kind: 'open-incident'
      readonly leadId: LeadId
      /** Made of lead, step and round, so the same miss is one row however often it is found. */
      readonly incidentId: string
      readonly userId: UserId
      readonly dueAt: Moment
      readonly noticedAt: Moment
      readonly about: IncidentAbout
      /** Noticed so late that the delay is ours: never counted against the person. */
      readonly systemDelay: boolean
      /** Of a lead that only tries the process out: counted against nobody. */
      readonly isTest?: true
      readonly because: Reason
    }
  | { readonly kind: 'resolve-incident'; readonly leadId: LeadId; readonly incidentId: string; readonly at: Moment
      /** It turned out that the client was contacted before the deadline: it never counts. */
      readonly inTime?: boolean
      readonly because: Reason }
  /** Somebody has taken note of an open miss: the ladder ends there. */
  | { readonly kind: 'acknowledge-incident'; readonly leadId: LeadId; readonly incidentId: string; readonly byUserId: UserId | null; readonly at: Moment; readonly because: Reason }
  | {
      readonly kind: 'escalate'
      readonly leadId: LeadId
      readonly userId: UserId
      readonly toUserId: UserId
      readonly at: Moment
      readonly incidentIds: readonly string[]
      readonly because: Reason
    }
  /** Remembers something; what is left out stays as it was. */
  | { readonly kind: 'note'; readonly leadId: LeadId; readonly life?: LifeNotes; readonly step?: StepNotes
      /** One lead more or less of that person is waiting. */
      readonly waits?: { readonly userId: UserId; readonly by: 1 | -1 }
      readonly because: Reason }
  /** The lead goes on under a newer version of the regulation. */
  | { readonly kind: 'adopt-version'; readonly leadId: LeadId; readonly version: number
      /** Its step has this id by now. */
      readonly stepId?: string
      readonly because: Reason }
  | { readonly kind: 'wake-at'; readonly leadId: LeadId; readonly at: Moment; readonly because: Reason }
  | { readonly kind: 'close-watch'; readonly leadId: LeadId; readonly outcome: 'qualified' | 'not-qualified' | 'converted' | 'lost' | 'moved-on' | 'gone'; readonly at: Moment; readonly stageId: StageId
      /** The lead's `movedAt` seen when it was closed; left out when the lead was gone. */
      readonly movedAt?: Moment | null
      readonly because: Reason }

/** What tells a deadline that a person has moved since we decided from one of our own. */
export interface KnownDeadlines {
  /** Deadlines of ours that the follow-up may still have. */
  readonly known: readonly Moment[]
  /** The term's beginning: an earlier deadline is none. */
  readonly from: Moment
}

/** Commands that need a REST call; the others are done by recording them. */
export type PortalCommand = Extract<Command, { kind: (typeof portalCommandKinds)[number] }>
export const portalCommandKinds = ['assign', 'move-stage', 'set-follow-up', 'change-follow-up', 'close-follow-up', 'notify', 'set-title', 'comment', 'fire-trigger', 'answer-robot'] as const

/** `converted-past`: converted in the portal itself, which is nobody's missed deadline and counts nowhere. */
export type IncidentAbout = 'no-first-contact' | 'not-finished' | 'answers-missing' | 'converted-past'

/** What a message is about. */
export type Message =
  | 'assigned' | 'reminder' | 'missed' | 'escalated' | 'answers-needed' | 'nobody-available' | 'refused' | 'returned'
  // Intake
  | 'source-needed' | 'source-detail-needed' | 'person-needed' | 'repeated-request' | 'not-taken'
  // The way through the steps
  | 'waiting-over' | 'waiting-refused' | 'waiting-share' | 'attempts-spent' | 'reason-needed' | 'sent-back' | 'gate-passed' | 'gate-needs' | 'refusal-proposed' | 'move-proposed' | 'conversion-proposed' | 'summary-needed' | 'move-limit' | 'lead-back' | 'control'
  // Incidents
  | 'rung' | 'converted-past'
  // A conversion of ours
  | 'conversion-ended'
  // The regulation itself
  | 'step-lost'

/** «Срок пропущен», «Карточка заполнена», «Квалификация пройдена». */
export type TriggerCode = 'deadline-missed' | 'card-complete' | 'qualified'

export type ContactBasis = 'phone' | 'messenger' | 'email' | 'nothing'

/** One candidate of a distribution, and why he was or was not taken: the receipt answers "why not me" too. */
export interface Candidate {
  readonly userId: UserId
  readonly name: string
  /** Shares received so far minus the shares due: who is owed most is next. */
  readonly debt: number
  readonly verdict: 'chosen' | 'not-his-turn' | 'dismissed' | 'absent' | 'not-at-work' | 'open-limit' | 'day-limit' | 'other-region' | 'had-it' | 'no-share'
  /** Open leads, where load decides or a limit holds. */
  readonly open?: number
  /** His part of the leads, where parts are weighted. */
  readonly weight?: number
}

/** A counted piece of working time. */
export interface CalendarPiece {
  readonly from: Moment
  readonly to: Moment
}

/** Why a command was given: data, for the screen and the test alike; `sentences.ts` says it in Russian and English. */
export type Reason = CoreReason | IntakeReason | JourneyReason | IncidentReason

/** What the rules look at besides the lead: gathered before `decide`, so that it never has to ask. */
export interface Context {
  readonly calendar: CalendarData
  readonly people: readonly Person[]
  /** Distribution ledgers: leads received in turn, by pool and user. */
  readonly shares: Readonly<Record<string, Readonly<Record<number, Share>>>>
  /** Open leads under the regulation and leads given today, by user. */
  readonly load: Readonly<Record<number, { readonly open: number; readonly today: number; readonly waiting: number }>>
  /** Delivered misses of each person, newest last; those already escalated are left out. */
  readonly misses: Readonly<Record<number, readonly Miss[]>>
  readonly stageNames: Readonly<Record<string, string>>
  /** Names of the lead sources, by id. */
  readonly sourceNames?: Readonly<Record<string, string>>
  /** Stages that mean a deal: only a conversion may lead there. */
  readonly successStageIds?: readonly StageId[]
  /** Responsible people chosen in this very run, the last hundred: the portal does not show them yet. */
  readonly owners?: readonly { readonly leadId: LeadId; readonly userId: UserId }[]
  readonly language: 'ru' | 'en'
  /** Administrators of the portal known to us: they are told of what only they can mend. */
  readonly adminIds?: readonly UserId[]
  /** When the application came to the portal; leads that were created a day and more before that are taken over quietly. */
  readonly installedAt?: Moment | null
  /** When the version that decides was published: it asks nothing new about what was over before. */
  readonly publishedAt?: Moment | null
}

export interface Person {
  readonly id: UserId
  readonly name: string
  readonly active: boolean
  readonly departmentIds: readonly number[]
  /** Heads of his departments, nearest first, himself and inactive ones left out. */
  readonly headIds: readonly UserId[]
  /** On holiday, ill, away now. */
  readonly absent: boolean
  /** Working day opened in time tracking; null where time tracking is not used. */
  readonly dayOpen: boolean | null
  /** The calendar he works by, where the regulation has calendars of departments or people (`rules/calendars.ts`); left out for the common one. */
  readonly calendar?: CalendarData
}

/** Equal shares in turn as a debt ledger. */
export interface Share {
  readonly received: number
  /** Sum of the fair shares (1/n of each lead distributed while he was available). */
  readonly due: number
}

export interface Miss {
  readonly incidentId: string
  readonly leadId: LeadId
  readonly deliveredAt: Moment
}
