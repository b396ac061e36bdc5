/** The only error that leaves the portal room: its code says what the caller should do, the portal's own words are kept. */
import type { Temporal } from 'temporal-polyfill'

/**
 * What to do about a failed call:
 * - `rate-limited`, `unavailable`: nothing happened (or it was only a read): try again later;
 * - `method-blocked`: this one method is closed until `retryAt`;
 * - `unknown-outcome`: a write that may have happened: look for its mark before a repeat;
 * - `expired-token`, `auth-lost`: the token is dead; `auth-lost` needs a person to open the application again;
 * - `payment-required`, `overloaded`, `portal-deleted`, `app-uninstalled`: stop working for this portal;
 * - `access-denied`: tell the administrator; `not-found`: stop watching; `invalid`: our request is wrong or the
 *   portal's settings forbid it; `unexpected`: an answer nobody knows: alarm.
 */
export type PortalErrorCode =
  | 'rate-limited' | 'method-blocked' | 'unavailable' | 'unknown-outcome' | 'expired-token' | 'auth-lost'
  | 'payment-required' | 'access-denied' | 'not-found' | 'invalid' | 'app-uninstalled' | 'portal-deleted'
  | 'overloaded' | 'unexpected'

export interface PortalErrorFacts {
  readonly code: PortalErrorCode
  readonly method: string
  /** `error` of the answer, as text; empty when the portal gave none (many CRM methods do). */
  readonly bitrixCode?: string
  /** `error_description`, in the portal's language. For people; never compared. */
  readonly bitrixMessage?: string
  /** HTTP status; 0 when there was no answer, 200 inside a batch. */
  readonly status?: number
  readonly retryAt?: Temporal.Instant | null
  readonly cause?: unknown
}

export class PortalError extends Error {
  readonly code: PortalErrorCode
  readonly method: string
  readonly bitrixCode: string
  readonly bitrixMessage: string
  readonly status: number
  readonly retryAt: Temporal.Instant | null

  constructor(facts: PortalErrorFacts) {
    super(`${facts.method}: ${facts.code}${facts.bitrixCode ? ` (${facts.bitrixCode})` : ''}`, { cause: facts.cause })
    this.name = 'PortalError'
    this.code = facts.code
    this.method = facts.method
    this.bitrixCode = facts.bitrixCode ?? ''
    this.bitrixMessage = facts.bitrixMessage ?? ''
    this.status = facts.status ?? 0
    this.retryAt = facts.retryAt ?? null
  }
}

/** `settings/oauth/error-codes.md`, `_includes/system-errors.md`, `limits.md`, `api-reference/crm/universal/*`. */
const codeByBitrixError: Readonly<Record<string, PortalErrorCode>> = {
  QUERY_LIMIT_EXCEEDED: 'rate-limited',
  OPERATION_TIME_LIMIT: 'method-blocked',
  OVERLOAD_LIMIT: 'overloaded',
  EXPIRED_TOKEN: 'expired-token',
  INVALID_TOKEN: 'expired-token',
  NO_AUTH_FOUND: 'auth-lost',
  USER_ACCESS_ERROR: 'auth-lost',
  INVALID_GRANT: 'auth-lost',
  // Our own id or secret is wrong: no person's token is to blame, and none may be lost for it.
  INVALID_CLIENT: 'unavailable',
  WRONG_CLIENT: 'unavailable',
  PAYMENT_REQUIRED: 'payment-required',
  PORTAL_DELETED: 'portal-deleted',
  INVALID_CREDENTIALS: 'access-denied',
  ACCESS_DENIED: 'access-denied',
  INSUFFICIENT_SCOPE: 'access-denied',
  INVALID_SCOPE: 'access-denied',
  ALLOWED_ONLY_INTRANET_USER: 'access-denied',
  WRONG_AUTH_TYPE: 'access-denied',
  METHOD_CONFIRM_WAITING: 'access-denied',
  METHOD_CONFIRM_DENIED: 'access-denied',
  NOT_FOUND: 'not-found',
  OWNER_NOT_FOUND: 'not-found',
  ERROR_ENTITY_NOT_FOUND: 'not-found',
  ERROR_METHOD_NOT_FOUND: 'invalid',
  ERROR_MANIFEST_IS_NOT_AVAILABLE: 'unexpected',
}

/** Errors after which nobody knows whether a write took place. */
const brokenAnswers = new Set(['INTERNAL_SERVER_ERROR', 'ERROR_UNEXPECTED_ANSWER'])

/**
 * Basic methods any user may call: `ACCESS_DENIED` with 403 on them is the portal's plan
 * («REST API is available only on commercial plans», `_includes/system-errors.md`), not a missing right.
 */
const basicMethods = new Set(['batch', 'profile', 'scope'])

export interface FailedAnswer {
  readonly method: string
  readonly kind: 'read' | 'write'
  readonly status: number
  /** `error` as it came: text, number, or nothing. */
  readonly error: unknown
  readonly description: unknown
  readonly retryAt?: Temporal.Instant | null
}

/** The one place where an answer becomes an error. Never reads the description: it is localised. */
export const errorOfAnswer = ({ method, kind, status, error, description, retryAt }: FailedAnswer): PortalError => {
  const bitrixCode = typeof error === 'string' || typeof error === 'number' ? String(error) : ''
  const bitrixMessage = typeof description === 'string' ? description : ''
  const code = codeOf(method, kind, status, bitrixCode.toUpperCase())
  return new PortalError({ code, method, bitrixCode, bitrixMessage, status, retryAt: code === 'method-blocked' ? retryAt ?? null : null })
}

const codeOf = (method: string, kind: 'read' | 'write', status: number, error: string): PortalErrorCode => {
  if (error === 'ACCESS_DENIED' && status === 403 && basicMethods.has(method)) return 'payment-required'
  const known = Object.hasOwn(codeByBitrixError, error) ? codeByBitrixError[error] : undefined
  if (known !== undefined) return known
  if (brokenAnswers.has(error) || status >= 500) return kind === 'read' ? 'unavailable' : 'unknown-outcome'
  if (status === 401) return 'auth-lost'
  if (status === 403) return 'access-denied'
  if (status === 429) return 'rate-limited'
  // 400, 404, 405, and 200 with an error in it (placement.bind): our request was understood and refused.
  return 'invalid'
}

/** The same failure told of another method: a whole batch that failed, told of each of its commands. */
export const retell = (error: PortalError, method: string, code: PortalErrorCode = error.code): PortalError =>
  new PortalError({ code, method, bitrixCode: error.bitrixCode, bitrixMessage: error.bitrixMessage, status: error.status, retryAt: error.retryAt, cause: error })

/** Any thrown thing as a PortalError: what is not one already is a bug of ours and says so. */
export const asPortalError = (error: unknown, method: string): PortalError =>
  error instanceof PortalError ? error : new PortalError({ code: 'unexpected', method, cause: error })
