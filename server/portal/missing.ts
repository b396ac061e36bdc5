import type { PortalError } from './error.ts'

/** A module that this portal's plan or this token's rights do not have: its facts stay unknown. */
export const isMissing = (error: PortalError): boolean => error.code === 'access-denied' || error.code === 'invalid' || error.code === 'not-found'
