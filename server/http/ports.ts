/** What http needs of the other rooms; `main.ts` joins them. */
import type { Temporal } from 'temporal-polyfill'
import type { InstallReport } from '../contract/install.ts'
import type { JournalLine } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { ConversionFacts } from '../domain/conversion/facts.ts'
import type { Command, Context, IncidentAbout } from '../domain/command.ts'
import type { Act, Duplicate, FieldName, FieldValue, Lead, LeadId, UserId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { Watch } from '../domain/watch.ts'
import type { Claim } from '../portal/claim.ts'
import type { PhoneRemoval } from '../portal/conversion/gaps.ts'
import type { Needs } from '../portal/needs.ts'
import type { RobotCall } from '../portal/robot-call.ts'
import type { ItemRef } from '../portal/visible-items.ts'

export interface Clock {
  now(): Temporal.Instant
  /** Seconds of this clock per real second; 1 in production. */
  speed(): number
}

export interface Subject { readonly kind: 'lead' | 'activity' | 'task'; readonly id: number }

export type { Claim, RobotCall }

/** What the authorisation server and the portal confirmed. */
export interface Proof {
  readonly memberId: string
  readonly domain: string
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  readonly user: { readonly id: number; readonly name: string; readonly isAdmin: boolean; readonly timeZone: string }
  readonly installed: boolean
  readonly languageId: string
  /** The pair that took the place of the claimed one, when proving has used that up. */
  readonly renewed: { readonly accessToken: string } | null
}

export type Proved<P extends Proof = Proof> =
  | { readonly ok: true; readonly proof: P }
  | { readonly ok: false; readonly why: 'refused' | 'address' | 'denied' | 'unavailable' }

/** A posted event, parsed but not believed. */
export type ReceivedEvent =
  | { readonly kind: 'changed'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly subjects: readonly Subject[]; readonly madeByHand: boolean }
  | { readonly kind: 'installed' | 'updated'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly claim: Claim }
  | { readonly kind: 'uninstalled'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly clean: boolean }
  /** Known to be harmless or meant for nobody here: a payment, a confirmation. */
  | { readonly kind: 'other'; readonly name: string; readonly memberId: string; readonly applicationToken: string | null }

export interface Tenant {
  readonly memberId: string
  readonly domain: string
  readonly status: 'active' | 'suspended' | 'uninstalled'
  readonly reason: string | null
  readonly timeZone: string
}

export interface EventKey { readonly applicationToken: string; readonly listening: boolean }

export interface Tenants<P extends Proof = Proof> {
  find(memberId: string): Promise<Tenant | null>
  /**
   * What its events must carry; null for a portal that is not known. Also of an uninstalled one, which nobody
   * listens to: its uninstall event may come twice.
   */
  eventKey(memberId: string): Promise<EventKey | null>
  /**
   * An administrator was proved: the portal becomes (again) active at its proved address, his tokens become one
   * of its credentials, and the claim's application token is the one that its events must carry.
   */
  admit(proof: P, claim: Claim): Promise<void>
  /** Anybody was proved: the portal's address follows a rename. */
  follow(proof: P): Promise<void>
}

type Draft<T> = T extends unknown ? Omit<T, 'id'> : never

/** An act that has no id yet. */
export type NewAct = Draft<Act>

export interface ActDesk {
  /** Remembers what somebody did; false when an act of that mark is there already. */
  add(memberId: string, leadId: LeadId, act: NewAct, mark?: string): Promise<boolean>
}

export interface Work {
  /** Resolves once it is committed that these will be looked at. */
  requestReview(memberId: string, subjects: readonly Subject[], options?: { urgent?: boolean }): Promise<void>
  /** Looks at one lead now, and records what follows from it. */
  reviewNow(memberId: string, leadId: LeadId): Promise<void>
  /** Sets everything up again in the background, e.g. after a new version. */
  installLater(memberId: string): Promise<void>
  /** The leads that were open before the installation come under the regulation, in the background. */
  takeOver(memberId: string): Promise<void>
  /** Forgets the portal's tokens; with `clean` everything of it, at once. */
  retire(memberId: string, options: { clean: boolean }): Promise<void>
}

/** The opening user's own rights on the portal, where nothing else is said. Every function throws `PortalError`. */
export interface PortalDesk {
  readLead(memberId: string, accessToken: string, leadId: LeadId, fields: readonly FieldName[], needs?: Needs): Promise<Lead>
  saveFields(memberId: string, accessToken: string, leadId: LeadId, values: Readonly<Record<string, FieldValue>>): Promise<void>
  /** Those of the leads that he may see. */
  visibleLeads(memberId: string, accessToken: string, ids: readonly LeadId[]): Promise<readonly { id: LeadId; title: string; responsibleId: UserId | null }[]>
  /** Those of these leads, contacts and companies that he may see. */
  visibleItems(memberId: string, accessToken: string, refs: readonly ItemRef[]): Promise<readonly ItemRef[]>
  /** How many open leads on these stages, created before that moment, he sees. */
  countOpen(memberId: string, accessToken: string, stageIds: readonly string[], before: Temporal.Instant): Promise<number>
  /** Binds the lead to this contact or company as well; harmless when it is bound already. Rejects with `otherCompanyBound` where the lead has another company. */
  attachClient(memberId: string, accessToken: string, leadId: LeadId, client: { readonly kind: 'contact' | 'company'; readonly id: number }): Promise<void>
  /** All that a conversion is planned from, as this person sees it; clients are looked for by the number `inn` where it is given, else by the lead's. */
  readConversion(memberId: string, accessToken: string, leadId: LeadId, ask: { readonly country: string; readonly innField: FieldName | null; readonly inn?: string }): Promise<ConversionFacts>
  /** Ids of the deals that were made of the lead, with the application's rights: of those, too, that the opening user may not see. */
  dealsOfLead(memberId: string, leadId: LeadId): Promise<readonly number[]>
  /** Takes a phone from a contact or company where another one (`keep`) has it as well; harmless when it is gone already. */
  removePhone(memberId: string, accessToken: string, removal: PhoneRemoval): Promise<void>
  /** Where a person opens this item on his portal. */
  itemUrl(domain: string, kind: 'lead' | 'deal' | 'contact' | 'company', id: number, protocol: 'http' | 'https'): string
  /** Where a person opens this task on his portal. */
  taskUrl(domain: string, userId: number, taskId: number, protocol: 'http' | 'https'): string
  checkInstall(memberId: string, language: Language): Promise<InstallReport>
  /** `presetId`: of the first regulation, a known one. */
  install(memberId: string, language: Language, presetId?: string): Promise<InstallReport>
}

export interface JournalRow {
  readonly id: string
  readonly at: string
  readonly leadId: number
  /** Version of the regulation that decided it, where known. */
  readonly regulationVersion?: number
  readonly command: Command
  /** What became of it on the portal, and the portal's own words when it refused. */
  readonly outcome: NonNullable<JournalLine['outcome']>
  readonly outcomeDetail: string | null
}

export interface IncidentRow {
  readonly id: string
  readonly leadId: number
  readonly userId: number
  readonly about: IncidentAbout
  readonly dueAt: string
  readonly noticedAt: string
  readonly deliveredAt: string | null
  readonly resolvedAt: string | null
  readonly acknowledgedAt: string | null
  readonly systemDelay: boolean
}

export interface PortalNames {
  readonly people: Readonly<Record<number, string>>
  readonly stages: Readonly<Record<string, string>>
  readonly timeZone: string
}

/** What we remember. */
export interface Memory {
  /** The given version, or the newest one. */
  regulation(memberId: string, version?: number): Promise<{ version: number; regulation: Regulation } | null>
  watch(memberId: string, leadId: LeadId): Promise<Watch>
  /** Newest first. */
  journal(memberId: string, leadId: LeadId, limit: number): Promise<readonly JournalRow[]>
  incidents(memberId: string, leadId: LeadId): Promise<readonly IncidentRow[]>
  names(memberId: string): Promise<PortalNames>
  /** The company as it was last read; null when it never was. */
  company(memberId: string): Promise<Pick<Context, 'people' | 'calendar' | 'successStageIds'> | null>
  /** Open leads under the regulation, by person. */
  load(memberId: string): Promise<Readonly<Record<number, { readonly open: number }>>>
  /** Who was found to be the same client at the last search. */
  duplicates(memberId: string, leadId: LeadId): Promise<readonly Duplicate[]>
  /** Where the takeover of leads that were open before the installation stands, and when that was. */
  takeover(memberId: string): Promise<{ readonly state: 'open' | 'under-way' | 'done'; readonly installedAt: Temporal.Instant | null }>
  /**
   * Open watches, nearest deadline first, with the portal's newest journal and its incidents, open ones first. `overdue` of the
   * `active` ones are past their deadline or have an open incident.
   */
  overview(memberId: string, limits: { readonly watches: number; readonly rows: number }): Promise<{ watches: readonly { leadId: LeadId; watch: Watch }[]; active: number; overdue: number; incidents: readonly IncidentRow[]; journal: readonly JournalRow[] }>
}

export interface Health {
  readonly database: 'pglite' | 'postgres'
  /** Rejects when the database does not answer. */
  check(): Promise<void>
  /** False while starting and while stopping. */
  ready(): boolean
}
