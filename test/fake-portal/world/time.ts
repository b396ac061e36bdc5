const offsets = new Map<string, { format: Intl.DateTimeFormat; byHour: Map<number, number> }>()

const zoneOf = (timeZone: string) => {
  const known = offsets.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
    minute: 'numeric', second: 'numeric' })
  const zone = { format, byHour: new Map<number, number>() }
  offsets.set(timeZone, zone)
  return zone
}

/** Minutes a time zone is ahead of UTC at a moment (milliseconds since 1970). */
export const offsetMinutes = (at: number, timeZone: string): number => {
  const zone = zoneOf(timeZone)
  const hour = Math.floor(at / 3_600_000)
  const known = zone.byHour.get(hour)
  if (known !== undefined) return known
  const parts = Object.fromEntries(zone.format.formatToParts(hour * 3_600_000).map(part => [part.type, Number(part.value)]))
  const local = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0)
  const minutes = Math.round((local - hour * 3_600_000) / 60_000)
  zone.byHour.set(hour, minutes)
  return minutes
}

const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
}

/** A moment as the portal writes it: `2026-03-11T17:28:46+03:00`. */
export const isoAt = (at: number, timeZone: string): string => {
  const minutes = offsetMinutes(at, timeZone)
  return `${new Date(at + minutes * 60_000).toISOString().slice(0, 19)}${offsetText(minutes)}`
}

/**
 * A moment as somebody sent it: with an offset it is exact, without one it is meant in the portal's time zone.
 * Returns null for what is no date at all.
 */
export const parseMoment = (text: string, timeZone: string): number | null => {
  const trimmed = text.trim()
  const russian = /^(\d{2})\.(\d{2})\.(\d{4})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(trimmed)
  if (russian !== null) {
    const [, day, month, year, hour = '00', minute = '00', second = '00'] = russian
    return parseMoment(`${year}-${month}-${day}T${hour}:${minute}:${second}`, timeZone)
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return null
  if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(trimmed) && trimmed.length > 10) {
    const exact = Date.parse(trimmed)
    return Number.isNaN(exact) ? null : exact
  }
  const asUtc = Date.parse(`${trimmed.length === 10 ? `${trimmed}T00:00:00` : trimmed.replace(' ', 'T')}Z`)
  if (Number.isNaN(asUtc)) return null
  const guess = asUtc - offsetMinutes(asUtc, timeZone) * 60_000
  return asUtc - offsetMinutes(guess, timeZone) * 60_000
}

/** What somebody sent, written as the portal writes it; what is no date stays as it was sent. */
export const normalMoment = (text: string, timeZone: string): string => {
  const at = parseMoment(text, timeZone)
  return at === null ? text : isoAt(at, timeZone)
}

/**
 * A user field of the type "date" as the portal answers: the day with a technical time, midnight of Greenwich in the portal's zone, whatever
 * was sent (tutorials/crm/how-to-edit-crm-objects/how-to-set-paid-date-to-deal.md: 2025-04-29T03:00:00+03:00). What is no date stays as it is.
 * West of Greenwich, where the pages have no example, the day itself is kept with a time of 00:00.
 */
export const technicalDate = (text: string, timeZone: string): string => {
  const at = parseMoment(text, timeZone)
  if (at === null) return text
  const day = isoAt(at, timeZone).slice(0, 10)
  const greenwich = isoAt(Date.parse(`${day}T00:00:00Z`), timeZone)
  return greenwich.startsWith(day) ? greenwich : `${day}T00:00:00${greenwich.slice(19)}`
}
