import type { PortalState } from '../state.ts'
import type { Cause, EventData, World } from '../world/world.ts'
import type { Faults } from './faults.ts'
import type { createBucket, createOperating, LimitOptions } from './limits.ts'
import type { Random } from './random.ts'
import type { Tokens } from './tokens.ts'
import type { Traffic } from './traffic.ts'

/** Addresses of the application's version card (market/preparing-to-publish/common-requirements.md). */
export interface AppUrls {
  /** Main page. */
  app: string
  /** Installer page; without it the application counts as installed at once. */
  install?: string
  /** Installation event handler: gets ONAPPINSTALL from server to server. */
  events?: string
}

/** The one application that is known to the authorisation server. */
export interface VendorApp {
  clientId: string
  clientSecret: string
  code: string
  scope: string[]
}

/** The application on one portal. */
export interface InstalledApp extends VendorApp {
  id: number
  version: number
  status: 'L' | 'F' | 'D' | 'T' | 'P'
  /** Installed at all: without it every token is unknown. */
  present: boolean
  /** installFinish was called: events go out and placements are shown. */
  installed: boolean
  paymentExpired: boolean
  days: number | null
  applicationToken: string
  urls: AppUrls
}

export interface RequestLogEntry {
  /** Milliseconds by the emulator's clock. */
  at: number
  method: string
  /** Method names inside a batch, in order. */
  batchCommands: string[]
  status: number
  /** Error code of the answer, or null. */
  error: string | null
  /** Real milliseconds. */
  ms: number
  userId: number | null
}

export interface SentEvent {
  at: number
  event: string
  handler: string
  handlerId: number
  data: EventData
  withTokens: boolean
  /** HTTP status of the handler, 0 when it was not reached, null while it is under way, -1 when a fault dropped it. */
  status: number | null
}

/** One portal from inside: what methods, events and pages share. */
export interface PortalCore extends World {
  readonly memberId: string
  readonly state: PortalState
  readonly app: InstalledApp
  readonly tokens: Tokens
  readonly random: Random
  readonly faults: Faults
  readonly limits: LimitOptions
  readonly bucket: ReturnType<typeof createBucket>
  readonly operating: ReturnType<typeof createOperating>
  /** The latest requests; `traffic` counts all of them. */
  readonly requests: RequestLogEntry[]
  readonly traffic: Traffic
  readonly sentEvents: SentEvent[]
  readonly strictFailures: string[]
  readonly settings: PortalSettings
  /** Host with port, as events and pages name it; changes with a renaming. */
  readonly domain: string
  readonly baseUrl: string
  /** `…/rest/` of the portal and of the authorisation server. */
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  fire(event: string, data: EventData, cause: Cause): void
}

/** How a portal is set up; all of it may be changed while it runs. */
export interface PortalSettings {
  strict: boolean
  language: 'ru' | 'en'
  /** As `app.info` shows it: `ru_std`, `ru_pro100`, `ru_ent250`. */
  license: string
  /** Off: every REST call answers ACCESS_DENIED 403 (no commercial plan). */
  restAvailable: boolean
  /** On: every REST call answers PORTAL_DELETED. */
  deleted: boolean
  /** On: every REST call answers OVERLOAD_LIMIT. */
  overloaded: boolean
  /** On: the authorisation server answers PAYMENT_REQUIRED instead of tokens. */
  paymentRequired: boolean
  offlineEvents: boolean
  authConnector: boolean
  /** On: a filled client makes a lead a repeated one (repeat-lead mode). */
  repeatLeads: boolean
  /** On: a robot posts only what the pages name: the token of its AUTH_USER_ID, no application_token. */
  documentedRobots: boolean
}
