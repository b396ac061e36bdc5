/** Which version of a portal's regulation decides about a lead. */

/** Leads that come in from then on, or all open ones. */
export type Applies = 'new' | 'all'

/** A shadow version decides beside the live one, and nothing of it is carried out. */
export type Mode = 'live' | 'shadow'

export interface VersionFacts {
  readonly version: number
  readonly applies: Applies
  readonly mode: Mode
  /** ISO 8601 instant. */
  readonly publishedAt?: string
  /** A shadow that somebody has ended before another version came. */
  readonly ended?: boolean
}

/**
 * The version for a lead that is under `own` (null: not under any yet): the newest live one that applies to all leads and came after
 * its own, else its own. A new lead, and one whose version is not known any more, gets the newest live one; null when there is none.
 */
export const versionFor = (own: number | null, versions: readonly VersionFacts[]): number | null => {
  const live = versions.filter(({ mode }) => mode === 'live')
  const newest = highest(live)
  if (own === null || !live.some(({ version }) => version === own)) return newest
  return highest(live.filter(({ version, applies }) => version > own && applies === 'all')) ?? own
}

/** The version that watches in the shadow; publishing another one ends it, and so may a person. */
export const shadowOf = (versions: readonly VersionFacts[]): number | null => {
  const newest = highest(versions)
  return newest !== null && versions.some(({ version, mode, ended }) => version === newest && mode === 'shadow' && ended !== true) ? newest : null
}

const highest = (versions: readonly VersionFacts[]): number | null => (versions.length === 0 ? null : Math.max(...versions.map(({ version }) => version)))
