/** All that we can do, and why. Commands are values: recorded first, carried out afterwards in batches. */
import type { LeadId, StageId, UserId } from './lead.ts'
import type { CalendarData } from './regulation.ts'
import type { ActiveWatch, Clock, Moment } from './watch.ts'

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
      readonly about: 'assigned' | 'reminder' | 'missed' | 'escalated' | 'answers-needed' | 'nobody-available' | 'refused' | 'returned'
      /** The miss this message tells of: it counts only when delivered. */
      readonly incidentId: string | null
      readonly because: Reason
    }
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
  | { readonly kind: 'note-responsible'; readonly leadId: LeadId; readonly userId: UserId; readonly because: Reason }
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
      readonly about: 'no-first-contact' | 'not-finished' | 'answers-missing'
      /** Noticed so late that the delay is ours: never counted against the person. */
      readonly systemDelay: boolean
      readonly because: Reason
    }
  | { readonly kind: 'resolve-incident'; readonly leadId: LeadId; readonly incidentId: string; readonly at: Moment
      /** It turned out that the client was contacted before the deadline: it never counts. */
      readonly inTime?: boolean
      readonly because: Reason }
  | {
      readonly kind: 'escalate'
      readonly leadId: LeadId
      readonly userId: UserId
      readonly toUserId: UserId
      readonly at: Moment
      readonly incidentIds: readonly string[]
      readonly because: Reason
    }
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
export type PortalCommand = Extract<Command, { kind: 'assign' | 'move-stage' | 'set-follow-up' | 'change-follow-up' | 'close-follow-up' | 'notify' }>
export const portalCommandKinds = ['assign', 'move-stage', 'set-follow-up', 'change-follow-up', 'close-follow-up', 'notify'] as const

export type ContactBasis = 'phone' | 'messenger' | 'email' | 'nothing'

/** One candidate of a distribution, and why he was or was not taken: the receipt answers "why not me" too. */
export interface Candidate {
  readonly userId: UserId
  readonly name: string
  /** Shares received so far minus the shares due: who is owed most is next. */
  readonly debt: number
  readonly verdict: 'chosen' | 'not-his-turn' | 'dismissed' | 'absent' | 'not-at-work'
}

/** A counted piece of working time. */
export interface CalendarPiece {
  readonly from: Moment
  readonly to: Moment
}

/** Why a command was given: data, for the screen and the test alike; `sentences.ts` says it in Russian and English. */
export type Reason =
  | { readonly rule: 'new-lead'; readonly stageName: string }
  | { readonly rule: 'distribution-in-turn'; readonly chosen: Candidate; readonly candidates: readonly Candidate[] }
  /** It was open before the installation: whoever has it keeps it, of the group or not. */
  | { readonly rule: 'taken-over'; readonly userId: UserId; readonly name: string }
  | { readonly rule: 'distribution-kept'; readonly userId: UserId; readonly name: string; readonly candidates?: readonly Candidate[] }
  | { readonly rule: 'distribution-nobody'; readonly fallbackUserId: UserId; readonly name: string; readonly candidates: readonly Candidate[] }
  | { readonly rule: 'responsible-dismissed'; readonly userId: UserId; readonly name: string }
  | { readonly rule: 'responsible-away'; readonly userId: UserId; readonly name: string; readonly dueAt: Moment }
  | { readonly rule: 'responsible-changed'; readonly from: UserId; readonly to: UserId; readonly name: string }
  | { readonly rule: 'step-entered'; readonly stepName: string }
  | { readonly rule: 'step-left-elsewhere'; readonly stepName: string; readonly stageId: StageId; readonly stageName?: string }
  | { readonly rule: 'step-begins'; readonly stepName: string }
  | {
      readonly rule: 'deadline'
      readonly about: 'first-contact' | 'finish' | 'again'
      readonly basis: ContactBasis | null
      readonly span: string
      readonly startedAt: Moment
      readonly dueAt: Moment
      readonly timeZone: string
      readonly pieces: readonly CalendarPiece[]
    }
  | { readonly rule: 'deadline-moved'; readonly from: Moment; readonly to: Moment }
  | { readonly rule: 'deadline-not-due'; readonly dueAt: Moment }
  | { readonly rule: 'contact-made'; readonly by: 'call' | 'email' | 'meeting' | 'message'; readonly at: Moment; readonly durationSeconds: number | null }
  | { readonly rule: 'reminder-due'; readonly dueAt: Moment; readonly minutes: number }
  | { readonly rule: 'deadline-missed'; readonly about: 'first-contact' | 'finish' | 'again'; readonly dueAt: Moment; readonly noticedAt: Moment
      /** Obligatory answers that were missing then, in the portal's language. */
      readonly titles?: readonly string[] }
  /** Titles are in the portal's language: the customer's own words. */
  | { readonly rule: 'answers-missing'; readonly questions: readonly string[]; readonly titles?: readonly string[] }
  | { readonly rule: 'follow-up-closed' }
  | { readonly rule: 'follow-up-deleted' }
  | { readonly rule: 'card-complete'; readonly nextStep: string | null; readonly title?: string }
  | { readonly rule: 'not-qualified'; readonly reason: string | null; readonly title?: string }
  | { readonly rule: 'misses-repeated'; readonly count: number; readonly windowDays: number; readonly name: string }
  | { readonly rule: 'no-head'; readonly userId: UserId }
  | { readonly rule: 'incident-answered'; readonly how: 'contact' | 'in-time' | 'result' | 'stage' }
  | { readonly rule: 'lead-finished'; readonly semantic: 'success' | 'failure' }
  | { readonly rule: 'lead-gone' }
  | { readonly rule: 'refused'; readonly what: 'assign' | 'move-stage'; readonly words: string }
  | { readonly rule: 'returned-again'; readonly count: number; readonly stepName: string; readonly stageName: string }
  | { readonly rule: 'no-working-time' }
  | { readonly rule: 'daily-look' }

/** What the rules look at besides the lead: gathered before `decide`, so that it never has to ask. */
export interface Context {
  readonly calendar: CalendarData
  readonly people: readonly Person[]
  /** Distribution ledger of this pool: leads received in turn, by user. */
  readonly shares: Readonly<Record<number, Share>>
  /** Delivered misses of each person, newest last; those already escalated are left out. */
  readonly misses: Readonly<Record<number, readonly Miss[]>>
  readonly stageNames: Readonly<Record<string, string>>
  readonly language: 'ru' | 'en'
  /** When the application came to the portal; leads that were created a day and more before that are taken over quietly. */
  readonly installedAt?: Moment | null
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
