/** What an error of the portal means to the person who waits for the answer. */
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { Refused } from './problem.ts'
import type { Refusal } from './words.ts'

type Refusals = Readonly<Record<PortalErrorCode, Refusal>>

/** The portal was asked with the opening user's own token. */
const usersRefusals: Refusals = {
  'rate-limited': 'portal-busy',
  'method-blocked': 'portal-busy',
  'unavailable': 'portal-unavailable',
  'unknown-outcome': 'portal-outcome-unknown',
  // The opening user's token lives for an hour: the page asks for a new one and opens a new session.
  'expired-token': 'session-expired',
  'auth-lost': 'session-expired',
  'payment-required': 'portal-unpaid',
  'access-denied': 'portal-denied',
  'not-found': 'lead-not-visible',
  'invalid': 'portal-refused',
  'app-uninstalled': 'portal-disconnected',
  'portal-deleted': 'portal-disconnected',
  'overloaded': 'portal-busy',
  'unexpected': 'internal',
}

/** The portal was asked with the stored tokens: the user's session and his rights have nothing to do with it. */
const applicationsRefusals: Refusals = {
  ...usersRefusals,
  'expired-token': 'portal-suspended',
  'auth-lost': 'portal-suspended',
  'access-denied': 'application-rights',
  'not-found': 'portal-refused',
}

/** Null for an error that is not the portal's. The portal's own words are shown where it refused a change. */
export const toRefused = (error: unknown): Refused | null => refusedBy(usersRefusals, error)

const refusedBy = (refusals: Refusals, error: unknown): Refused | null => {
  if (!(error instanceof PortalError) || error.code === 'unexpected') return null
  const refusal = refusals[error.code]
  const words = plainText(error.bitrixMessage)
  if (refusal === 'portal-refused' && words !== '') return new Refused(refusal, { detail: words })
  return new Refused(refusal, refusal === 'portal-busy' || refusal === 'portal-unavailable' ? { retryAfterSeconds: 30 } : {})
}

/** The same desk, whose functions all work with the stored tokens: what the portal refuses them is told as the application's own trouble. */
export const withStoredTokens = <T extends object>(desk: T): T => new Proxy(desk, {
  get: (target, name): unknown => {
    const work: unknown = Reflect.get(target, name)
    if (typeof work !== 'function') return work
    return (...given: readonly unknown[]): unknown => {
      const answer: unknown = Reflect.apply(work, target, given)
      return answer instanceof Promise ? answer.catch(rethrow) : answer
    }
  },
})

const rethrow = (error: unknown): never => {
  throw refusedBy(applicationsRefusals, error) ?? error
}

/** The portal's messages may carry markup (`<br>`). */
const plainText = (text: string): string => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 1000)
