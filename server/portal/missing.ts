import type { Outcome } from './batch.ts'
import type { PortalError } from './error.ts'

/** A module that this portal's plan or this token's rights do not have: its facts stay unknown. */
export const isMissing = (error: PortalError): boolean => error.code === 'access-denied' || error.code === 'invalid' || error.code === 'not-found'

/** Refused for such a reason, and not only this time. */
export const isDenied = (outcome: Outcome | undefined): boolean => outcome?.ok === false && isMissing(outcome.error)
