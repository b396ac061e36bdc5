/** In which time zone a person reads and types times. */

/** His own, as it stands in his profile, where he has one that is known; else the portal's, which is asked for only then. IANA names. */
export const zoneOf = async (own: string, portals: () => Promise<string>): Promise<string> => (isZone(own) ? own : portals())

const isZone = (zone: string): boolean => {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
