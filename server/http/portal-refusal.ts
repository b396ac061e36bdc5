/** What an error of the portal means to the person who waits for the answer. */
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { Refused } from './problem.ts'
import type { Refusal } from './words.ts'

const refusals: Readonly<Record<PortalErrorCode, Refusal>> = {
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

/** Null for an error that is not the portal's. The portal's own words are shown where it refused a change. */
export const toRefused = (error: unknown): Refused | null => {
  if (!(error instanceof PortalError) || error.code === 'unexpected') return null
  const refusal = refusals[error.code]
  const words = plainText(error.bitrixMessage)
  if (refusal === 'portal-refused' && words !== '') return new Refused(refusal, { detail: words })
  return new Refused(refusal, refusal === 'portal-busy' || refusal === 'portal-unavailable' ? { retryAfterSeconds: 30 } : {})
}

/** The portal's messages may carry markup (`<br>`). */
const plainText = (text: string): string => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 1000)
