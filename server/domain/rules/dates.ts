/** Dates of the portal's fields as moments. */
import { Temporal } from 'temporal-polyfill'
import { nextWorkingMoment } from '../calendar.ts'
import type { Turn } from './turn.ts'

/**
 * The moment that a date field means: the beginning of that day's work, or of the next working day's. The portal answers the day with a time
 * that is technical (`2026-08-03T03:00:00+03:00`, how-to-set-paid-date-to-deal.md), so only the day counts. Null for text that is no date.
 */
export const dateMs = ({ calendar }: Turn, value: string): number | null => {
  const russian = /^(\d\d)\.(\d\d)\.(\d{4})/.exec(value.trim())
  const day = russian === null ? /^\d{4}-\d\d-\d\d(?=T|\s|$)/.exec(value.trim())?.[0] : `${russian[3]}-${russian[2]}-${russian[1]}`
  if (day === undefined) return null
  try {
    const midnight = Temporal.PlainDate.from(day).toZonedDateTime(calendar.timeZone).toInstant()
    return (nextWorkingMoment(calendar, midnight) ?? midnight).epochMilliseconds
  } catch {
    return null
  }
}
