/** What the portal room needs from the store; `main.ts` joins the two. Structural: the store need not import this. */
import type { Temporal } from 'temporal-polyfill'

export interface PortalRow {
  readonly memberId: string
  /** Host of the portal as it is now, e.g. `firma.bitrix24.ru`; may change, `memberId` does not. */
  readonly domain: string
  /** REST root of the portal, ends with `/rest/`. */
  readonly clientEndpoint: string
  /** REST root of its authorisation server. */
  readonly serverEndpoint: string
  readonly status: 'active' | 'suspended' | 'uninstalled'
  /** `LICENSE_FAMILY` of app.info; `ent` has the larger bucket. */
  readonly licenseFamily: string | null
}

export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: Temporal.Instant
}

/** The tokens of one administrator of one portal. */
export interface TokenRow extends TokenPair {
  readonly memberId: string
  readonly userId: number
  /** REST root of the authorisation server these tokens came from. */
  readonly serverEndpoint: string
}

export interface PortalStore {
  findPortal(memberId: string): Promise<PortalRow | null>
  /** Tokens that may be tried, best first; those told lost are left out. */
  tokensOf(memberId: string): Promise<readonly TokenRow[]>
  findToken(memberId: string, userId: number): Promise<TokenRow | null>
  /** Must be on disk when the promise resolves: the old pair is already dead. */
  saveToken(row: TokenRow): Promise<void>
  /** The pair with the `refused` access token works no more, unless it was replaced meanwhile; a new page post of the same user brings it back. */
  loseToken(memberId: string, userId: number, why: string, refused: string): Promise<void>
  /** The portal has been renamed. */
  movePortal(memberId: string, to: { domain: string; clientEndpoint: string }): Promise<void>
}

export interface Locks {
  /** One at a time over all processes, by name. */
  withLock<T>(name: string, fn: () => Promise<T>): Promise<T>
}

export interface BucketLimits {
  /** Requests that leak out per second. */
  readonly rate: number
  /** Requests the bucket holds before the portal refuses. */
  readonly burst: number
  /** Requests of the burst that this caller must leave for others. */
  readonly reserve: number
}

export interface BudgetStore {
  /** Counts one request and answers 0, or counts nothing and answers the milliseconds after which to ask again. Shared by all processes. */
  take(memberId: string, limits: BucketLimits): Promise<number>
  /** The portal has refused for rate: its bucket is full, whatever ours says. */
  fill?(memberId: string, limits: BucketLimits): Promise<void>
}

export interface RestLogEntry {
  readonly memberId: string
  readonly method: string
  readonly at: Temporal.Instant
  readonly durationMs: number
  /** HTTP status, 0 without an answer. */
  readonly status: number
  readonly error: string | null
  /** Masked: no tokens, no personal data. */
  readonly request: unknown
  readonly response: unknown
}

/** Three days of requests, as the market's rules demand (market/preparing-to-publish/common-requirements.md). */
export interface RestLog {
  write(entry: RestLogEntry): void
}

export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface WallClock {
  now(): Temporal.Instant
}

export interface PortalConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** Allowed authorisation servers: hosts (`oauth.bitrix.info`), or whole origins where local portals are allowed. */
  readonly authServers: readonly string[]
  readonly allowLocalPortals: boolean
  /** Public address of this application, without a slash at the end. */
  readonly appUrl: string
  readonly version: string
}
