/** Moments as text and as epoch milliseconds: plain arithmetic, because every look at a lead converts a dozen of them. */
import { Temporal } from 'temporal-polyfill'
import type { Moment } from './watch.ts'

export const secondMs = 1_000
export const minuteMs = 60_000
export const dayMs = 86_400_000

const canonical = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z$/

/** Epoch milliseconds of an ISO 8601 instant; any offset is understood. Throws a RangeError on text that is no instant. */
export const toMs = (moment: Moment): number => {
  const match = canonical.exec(moment)
  if (match === null) return Temporal.Instant.from(moment).epochMilliseconds
  const [, year, month, day, hour, minute, second, fraction] = match
  const days = epochDayOf(Number(year), Number(month), Number(day))
  return days * dayMs + Number(hour) * 3_600_000 + Number(minute) * minuteMs + Number(second) * secondMs + (fraction === undefined ? 0 : Number(fraction.padEnd(3, '0')))
}

/** The canonical text of an instant, e.g. `2026-07-24T11:30:00Z`; equal instants give equal text. */
export const toMoment = (ms: number): Moment => {
  const whole = Math.floor(ms)
  const epochDay = Math.floor(whole / dayMs)
  const rest = whole - epochDay * dayMs
  const { year, month, day } = dateOf(epochDay)
  const fraction = rest % secondMs
  const time = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / minuteMs) % 60)}:${two(Math.floor(rest / secondMs) % 60)}`
  const tail = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0').replace(/0+$/, '')}`
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}${tail}Z`
}

/** The instant itself, without parsing text. */
export const toInstant = (ms: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(Math.floor(ms))

/** Days since 1970-01-01 of a civil date (proleptic Gregorian, "days from civil"). */
export const epochDayOf = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The civil date of a number of days since 1970-01-01. */
export const dateOf = (epochDay: number): { year: number; month: number; day: number } => {
  const shifted = epochDay + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 }
}

/** `1` → `01`. */
export const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

const spans = new Map<string, number>()

/** Length of a working span such as `PT1H30M`, in milliseconds. Throws a RangeError on text that is no duration. */
export const spanMs = (span: string): number => {
  const known = spans.get(span)
  if (known !== undefined) return known
  const length = Temporal.Duration.from(span).total('milliseconds')
  if (spans.size > 1_000) spans.clear()
  spans.set(span, length)
  return length
}
