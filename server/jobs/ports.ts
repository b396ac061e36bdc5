/** What durable work needs of the outside; `main.ts` joins it. */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context, PortalCommand } from '../domain/command.ts'
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import type { Touch, UndoStep } from '../domain/conversion/undo.ts'
import type { FieldName, LeadId, Sight } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { Directory } from '../domain/regulation/bind.ts'
import type { Watch } from '../domain/watch.ts'
import type { PortalError } from '../portal/error.ts'
import type { Past, PastAsk, PastPage } from '../portal/history.ts'
import type { BeforeAsk, BeforePage } from '../portal/history-before.ts'
import type { Needs } from '../portal/needs.ts'
import type { Database } from '../store/database.ts'
import type { Subject } from '../store/inbox.ts'
import type { PortalFacts } from '../store/portal-facts.ts'

export type { PortalFacts, Subject }

export interface Clock {
  /** The application's time: what deadlines are compared with. */
  now(): Temporal.Instant
  /** Its seconds per real second: 1 in production, more in the demo. */
  speed(): number
}

export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export type CarriedOut =
  | { readonly mark: string; readonly ok: true; readonly result?: { readonly id?: number } }
  | { readonly mark: string; readonly ok: false; readonly error: PortalError }

export interface Urgency {
  /** A person who has clicked waits: his requests go before the background's. */
  readonly urgent?: boolean
  /** Asked while a request of the background has to wait: does a person wait for this work to end? */
  readonly wanted?: () => Promise<boolean>
}

/** How one step of a conversion is to be carried out. */
export interface StepHow {
  readonly conversionId: string
  /** Attempts before this one: with any of them the effect may be there already, and is looked for first. */
  readonly attempts: number
  /** What the steps before have left, by their keys. */
  readonly results: Readonly<Record<string, StepResult>>
  /** Of the person who has begun the conversion: it is done with his rights and under his name; null: with the application's own. */
  readonly accessToken: string | null
  /** False: an earlier attempt may still be under way on the portal; what it has made is looked for, and nothing is made. */
  readonly mayMake: boolean
  /** Of the lock this work is done under: once it is aborted nothing more is sent. */
  readonly held?: AbortSignal | undefined
}

export type TakenBack =
  | { readonly outcome: 'taken-back' }
  /** `touched`: somebody has changed it since, or hung something on it, as far as known `by`; `refused`: the portal does not let us. */
  | { readonly outcome: 'kept'; readonly why: 'touched' | 'refused'; readonly words: string | null; readonly by?: readonly Touch[] }

/** What a conversion needs of the portal. Every function throws `PortalError`. */
export interface ConversionPortal {
  /** Null: it was only to be looked for, and is not there. A step that is carried out twice has its effect once. */
  carryOutStep(memberId: string, step: ConversionStep, how: StepHow): Promise<StepResult | null>
  /** Harmless when it is taken back already. `dry`: only looks what would become of it. */
  takeBack(memberId: string, undo: UndoStep, conversionId: string, options?: { readonly dry?: boolean; readonly held?: AbortSignal | undefined }): Promise<TakenBack>
}

/** Things of one kind that the portal did not have, and so many of them were made. */
export interface MadeAgain {
  readonly what: string
  readonly count: number
}

/** The portal as this room needs it. Every function throws `PortalError` when the whole request failed. */
export interface PortalAccess {
  /** One sight for each id, `gone` included; at most 50 ids, read in one or two requests. */
  readSights(memberId: string, leadIds: readonly LeadId[], fields: readonly FieldName[], needs?: Needs, urgency?: Urgency): Promise<readonly Sight[]>
  /** The leads that these activities and tasks belong to; those of other objects give nothing. */
  leadsOf(memberId: string, subjects: readonly Subject[], urgency?: Urgency): Promise<readonly LeadId[]>
  /** Those of our own follow-ups (`task`, `activity`) that are proved to be deleted: what this token only does not see is not among them. */
  deletedOf(memberId: string, subjects: readonly Subject[], urgency?: Urgency): Promise<readonly Subject[]>
  readFacts(memberId: string, watched?: readonly number[], urgency?: Urgency): Promise<PortalFacts>
  /**
   * What has changed since the mark (null: never swept), and the mark for the next time: plain JSON of the portal room's own. With
   * `openAfter`, open leads behind that id, too, however old; the answer's `openAfter` is null when there are no more. `more`: one sweep
   * was not enough. `failed`: what ended it early; the rest of the answer tells what was found by then.
   */
  changedSince(memberId: string, mark: unknown, openAfter?: number | null): Promise<{ readonly subjects: readonly Subject[]; readonly mark: unknown; readonly more?: boolean; readonly openAfter?: number | null; readonly failed?: PortalError | null }>
  /** At most 50 commands in their order; `attempts` > 0: look for the mark before repeating. Outcomes may come in any order. Once `held` is aborted nothing more is sent. */
  carryOut(memberId: string, items: readonly { readonly mark: string; readonly command: PortalCommand; readonly attempts: number }[], words: { readonly language: 'ru' | 'en'; readonly timeZone: string }, urgency?: Urgency & { readonly held?: AbortSignal | undefined }): Promise<readonly CarriedOut[]>
  /** Number of leads that came in within a time. */
  countPast(memberId: string, past: Past): Promise<number>
  /** Some of them with their history, by growing id, in two or three requests. */
  readPast(memberId: string, ask: PastAsk): Promise<PastPage>
  /** Some of the leads that were open when a time began, the newest first. */
  readBefore(memberId: string, ask: BeforeAsk): Promise<BeforePage>
  /** Sets up what may be missing on the portal, harmless when nothing is, and answers the facts that it has read for that. */
  ensure(memberId: string): Promise<{ readonly facts: PortalFacts; readonly done?: readonly MadeAgain[] }>
  /** Stages, lead fields and sources as the portal calls them now. */
  readNames?(memberId: string): Promise<Pick<Directory, 'stages' | 'fields' | 'sources' | 'denied'>>
  /** A message that is about no lead; a second one of the same mark takes its place. */
  tell?(memberId: string, message: { readonly userIds: readonly number[]; readonly text: string; readonly mark: string }): Promise<void>
  /** Renews the tokens of every administrator, so that none dies of disuse. */
  keepAlive?(memberId: string): Promise<void>
  readonly conversion?: ConversionPortal
}

/** The rules of the product; a test may bring its own. */
export interface Rules {
  decide(watch: Watch, sight: Sight, regulation: Regulation, version: number, context: Context, now: Temporal.Instant): readonly Command[]
  evolve(watch: Watch, command: Command): Watch
  evolveContext(context: Context, command: Command): Context
}

/** Real time, in milliseconds. */
export interface Timing {
  /** Safety net: how often rows without a job are looked for. */
  readonly dispatchMs: number
  /** How often due watches are looked for. */
  readonly wakeMs: number
  /** How often jobs of dead processes are looked for. */
  readonly recoverMs: number
  /** Wakes of one portal are gathered for so long. */
  readonly gatherMs: number
  /** First pause after a failure; it doubles up to `longestPauseMs`. */
  readonly pauseMs: number
  readonly longestPauseMs: number
  /**
   * A follow-up whose creation has no known outcome is tried again after so long, also when the process has died over it: until then
   * the batch request may still run on the portal (it ends after 60 s, see settings/performance/limits.md), and looking for its mark finds nothing yet.
   */
  readonly unsureMs: number
  /** How often a step under way says so: waiting for the budget or for files it may send its write late. */
  readonly aliveMs: number
  /** Age up to which people, calendar and stages are believed. */
  readonly factsMs: number
  readonly sweepMs: number
  readonly refreshMs: number
  /** A refresh that has failed is repeated after so long. */
  readonly refreshAgainMs: number
  /** A portal with endless work gives its place to others after so long. */
  readonly turnMs: number
  /** A click waits so long for the portal's lock. */
  readonly clickMs: number
  /** Whoever has begun a conversion waits so long for its end; it goes on without him. */
  readonly convertMs: number
  /** Running work may end for so long when the process stops. */
  readonly stopMs: number
  /** Rows of uninstalled portals, the journal and the request log are kept for so long. */
  readonly keepUninstalledMs: number
  readonly keepJournalMs: number
  readonly keepRestLogMs: number
  /** Results of simulations are kept for so long. */
  readonly keepSimulationsMs: number
  /** The finds of duplicates are kept for so long after the lead was closed, a preview after it was asked for. */
  readonly keepFindsMs: number
  /** A simulation waits at most so long for the portal's live work before it reads its next leads. */
  readonly giveWayMs: number
}

const day = 86_400_000

export const timing: Timing = {
  dispatchMs: 1_000,
  wakeMs: 500,
  recoverMs: 3_000,
  gatherMs: 200,
  pauseMs: 1_000,
  longestPauseMs: 300_000,
  unsureMs: 65_000,
  aliveMs: 2_000,
  factsMs: 300_000,
  sweepMs: 300_000,
  refreshMs: day,
  refreshAgainMs: 300_000,
  turnMs: 30_000,
  clickMs: 4_000,
  convertMs: 6_000,
  stopMs: 15_000,
  keepUninstalledMs: 30 * day,
  keepJournalMs: 400 * day,
  keepRestLogMs: 3 * day,
  keepSimulationsMs: 30 * day,
  keepFindsMs: 30 * day,
  giveWayMs: 30_000,
}

/** What every handler works with. */
export interface Room {
  readonly database: Database
  readonly portals: PortalAccess
  readonly clock: Clock
  readonly log: Log
  readonly rules: Rules
  readonly timing: Timing
  /** Of the lock this work is done under: aborted when the lock is lost, and then nothing may be sent or stored any more. */
  readonly held?: AbortSignal
  /** Asks for a portal's work to begin soon. */
  wake(memberId: string): void
  /** Hears how long, in seconds, the longest waiting request of a look has waited. */
  lagged?(seconds: number): void
}
