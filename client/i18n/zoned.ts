/** Moments as `datetime-local` and `date` fields speak of them, in a time zone of one's choice (IANA name). */
const minuteMs = 60_000

/** `YYYY-MM-DDTHH:mm` of a moment in the zone. */
export const toLocal = (at: number | string, timeZone: string): string => {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 16)
}

/** The instant, ISO 8601, of what a `datetime-local` field holds; null for what is none. A time that the clocks leave out is the one after the gap. */
export const fromLocal = (local: string, timeZone: string): string | null => {
  const asUtc = Date.parse(`${local}Z`)
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(asUtc)) return null
  // The offset at the wall clock's own time may be another one than at the instant, near a change of the clocks.
  const [before, after] = [asUtc - offsetMs(asUtc - 24 * 60 * minuteMs, timeZone), asUtc - offsetMs(asUtc + 24 * 60 * minuteMs, timeZone)]
  const exact = [before, after].find(ms => ms + offsetMs(ms, timeZone) === asUtc)
  return new Date(exact ?? before).toISOString()
}

/** How far the zone's wall clock is ahead of UTC at a moment, to the minute. */
const offsetMs = (ms: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(new Date(ms))
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find(part => part.type === type)?.value)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'))
  return wall - Math.floor(ms / minuteMs) * minuteMs
}
