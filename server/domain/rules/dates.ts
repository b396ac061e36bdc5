/** Dates of the portal's fields as moments. */
import { Temporal } from 'temporal-polyfill'
import { nextWorkingMoment } from '../calendar.ts'
import type { Turn } from './turn.ts'

/**
 * The moment that a date field means: the beginning of that day's work, or of the next working day's; with a time of day, that very moment.
 * Null for text that is no date. `2026-08-03`, `2026-08-03T10:00:00+03:00` and `03.08.2026` are understood.
 */
export const dateMs = ({ calendar }: Turn, value: string): number | null => {
  const russian = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(value.trim())
  const text = russian === null ? value.trim() : `${russian[3]}-${russian[2]}-${russian[1]}`
  const day = /^(\d{4}-\d\d-\d\d)(?:T00:00:00(?:\.0+)?(?:Z|[+-]\d\d:\d\d)?)?$/.exec(text)?.[1]
  try {
    if (day === undefined) return Temporal.Instant.from(text).epochMilliseconds
    const midnight = Temporal.PlainDate.from(day).toZonedDateTime(calendar.timeZone).toInstant()
    return (nextWorkingMoment(calendar, midnight) ?? midnight).epochMilliseconds
  } catch {
    return null
  }
}
