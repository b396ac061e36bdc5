/** Working time: which moments count, and when a span of it is over. An hour of work is an hour of real time, clock changes included. */
import { Temporal } from 'temporal-polyfill'
import type { CalendarPiece } from './command.ts'
import type { CalendarData, Shift, WorkingSpan } from './regulation.ts'
import { dateOf, dayMs, minuteMs, spanMs, toInstant, toMoment, two } from './time.ts'

/** Is work going on at this moment? Opening counts, closing does not. */
export const isWorkingTime = (calendar: CalendarData, at: Temporal.Instant): boolean => isWorkingMs(calendar, at.epochMilliseconds)

/**
 * The moment at which a span of working time that starts at `from` is over, with the counted pieces.
 * A span that fills a shift exactly is over at its closing; started at closing, it counts from the next opening.
 * Null when the calendar has no working time within 400 days.
 */
export const addWorkingTime = (calendar: CalendarData, from: Temporal.Instant, span: WorkingSpan | Temporal.Duration): { readonly dueAt: Temporal.Instant; readonly pieces: readonly CalendarPiece[] } | null => {
  const length = typeof span === 'string' ? spanMs(span) : span.total('milliseconds')
  const counted = addWorkingMs(calendar, from.epochMilliseconds, length)
  return counted === null ? null : { dueAt: toInstant(counted.dueMs), pieces: counted.pieces.map(([start, end]) => ({ from: toMoment(start), to: toMoment(end) })) }
}

/** Working time between two moments; zero when `b` is not after `a`. */
export const workingTimeBetween = (calendar: CalendarData, a: Temporal.Instant, b: Temporal.Instant): Temporal.Duration =>
  Temporal.Duration.from({ milliseconds: workingMsBetween(calendar, a.epochMilliseconds, b.epochMilliseconds) }).round({ largestUnit: 'hours' })

/** `at` itself while work is going on, else the next opening; null when there is none within 400 days. */
export const nextWorkingMoment = (calendar: CalendarData, at: Temporal.Instant): Temporal.Instant | null => {
  for (const [start] of piecesFrom(calendar, at.epochMilliseconds)) return toInstant(start)
  return null
}

/** `isWorkingTime` on epoch milliseconds. */
export const isWorkingMs = (calendar: CalendarData, at: number): boolean => {
  const compiled = compile(calendar)
  const today = epochDayAt(compiled, at)
  return [today - 1, today].some(day => shiftsOf(compiled, day).some(([start, end]) => start <= at && at < end))
}

/** `addWorkingTime` on epoch milliseconds. */
export const addWorkingMs = (calendar: CalendarData, from: number, length: number): { readonly dueMs: number; readonly pieces: readonly (readonly [number, number])[] } | null => {
  if (length <= 0) return { dueMs: from, pieces: [] }
  const pieces: [number, number][] = []
  let left = length
  for (const [start, end] of piecesFrom(calendar, from)) {
    if (left <= end - start) {
      pieces.push([start, start + left])
      return { dueMs: start + left, pieces }
    }
    pieces.push([start, end])
    left -= end - start
  }
  return null
}

/** `workingTimeBetween` on epoch milliseconds. */
export const workingMsBetween = (calendar: CalendarData, a: number, b: number): number => {
  let total = 0
  for (const [start, end] of piecesFrom(calendar, a, b)) {
    if (start >= b) break
    total += Math.min(end, b) - start
  }
  return total
}

/** A stretch of local time on one local day, e.g. quiet hours: from one clock time to another, over midnight where it ends earlier than it begins. */
export const localStretch = (calendar: CalendarData, day: number, { from, to }: Shift): readonly [start: number, end: number] | null => {
  const compiled = compile(calendar)
  const start = minutesOf(from)
  const end = minutesOf(to)
  return start === null || end === null || start === end ? null : [momentOf(compiled, day, start), momentOf(compiled, day, end > start ? end : end + 1_440)]
}

/** Number of the local day of a moment (epoch milliseconds), and when it begins and ends. */
export const localDay = (calendar: CalendarData, at: number): { readonly day: number; readonly start: number; readonly end: number } => {
  const compiled = compile(calendar)
  const day = epochDayAt(compiled, at)
  return { day, start: midnightOf(compiled, day), end: midnightOf(compiled, day + 1) }
}

/** Nobody works on this local day: weekend or holiday. */
export const isDayOff = (calendar: CalendarData, day: number): boolean => shiftsOf(compile(calendar), day).length === 0

/** So many days in a row without work mean that there is none. */
const idleDays = 400

type Piece = readonly [start: number, end: number]

interface Compiled {
  readonly data: CalendarData
  readonly holidays: ReadonlySet<string>
  readonly workdays: ReadonlySet<string>
  readonly days: Map<number, readonly Piece[]>
  readonly midnights: Map<number, number>
  readonly read: Map<readonly Shift[], readonly Piece[]>
}

const compiledCalendars = new WeakMap<CalendarData, Compiled>()

const compile = (data: CalendarData): Compiled => {
  const known = compiledCalendars.get(data)
  if (known !== undefined) return known
  const compiled = { data, holidays: new Set(data.holidays), workdays: new Set(data.workdays), days: new Map(), midnights: new Map(), read: new Map() }
  compiledCalendars.set(data, compiled)
  return compiled
}

/** Stretches of working time from a moment on, in order, without overlaps; ends after 400 idle days or at `until`. */
function* piecesFrom(calendar: CalendarData, from: number, until = Infinity): Generator<Piece> {
  const compiled = compile(calendar)
  let cursor = from
  let idle = 0
  for (let day = epochDayAt(compiled, from) - 1; idle <= idleDays && midnightOf(compiled, day) < until; day += 1) {
    idle += 1
    for (const [start, end] of shiftsOf(compiled, day)) {
      if (end <= cursor) continue
      yield [Math.max(start, cursor), end]
      cursor = end
      idle = 0
    }
  }
}

/** The local day of a moment: guessed in UTC, then put right by the midnights around it. */
const epochDayAt = (compiled: Compiled, at: number): number => {
  let day = Math.floor(at / dayMs)
  while (at < midnightOf(compiled, day)) day -= 1
  while (at >= midnightOf(compiled, day + 1)) day += 1
  return day
}

/** The time zone is asked once for a block of days: nowhere do clocks change twice within it, so that one as long as its days has no change. */
const blockDays = 8

const midnightOf = (compiled: Compiled, day: number): number => {
  const first = Math.floor(day / blockDays) * blockDays
  const start = askedMidnight(compiled, first)
  return day === first ? start : askedMidnight(compiled, first + blockDays) - start === blockDays * dayMs ? start + (day - first) * dayMs : askedMidnight(compiled, day)
}

const askedMidnight = (compiled: Compiled, day: number): number => {
  const known = compiled.midnights.get(day)
  if (known !== undefined) return known
  if (compiled.midnights.size > 20_000) compiled.midnights.clear()
  const midnight = localMs(compiled, day, 0)
  compiled.midnights.set(day, midnight)
  return midnight
}

const localMs = (compiled: Compiled, day: number, minutes: number): number =>
  new Temporal.PlainDateTime(...civil(day), Math.floor(minutes / 60), minutes % 60).toZonedDateTime(compiled.data.timeZone).epochMilliseconds

const civil = (day: number): [number, number, number] => {
  const { year, month, day: dayOfMonth } = dateOf(day)
  return [year, month, dayOfMonth]
}

/** Shifts of one local day; a shift that ends before it begins goes on into the next day. */
const shiftsOf = (compiled: Compiled, day: number): readonly Piece[] => {
  const known = compiled.days.get(day)
  if (known !== undefined) return known
  if (compiled.days.size > 20_000) compiled.days.clear()
  const pieces: Piece[] = []
  for (const [from, to] of localPieces(compiled, plannedShifts(compiled, day))) {
    const start = momentOf(compiled, day, from)
    const end = momentOf(compiled, day, to)
    if (end > start) pieces.push([start, end])
  }
  pieces.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  compiled.days.set(day, pieces)
  return pieces
}

/** Shifts in minutes since midnight, read once for all days that have them; those that cannot be read are left out. */
const localPieces = (compiled: Compiled, shifts: readonly Shift[]): readonly Piece[] => {
  const known = compiled.read.get(shifts)
  if (known !== undefined) return known
  const pieces = shifts.flatMap((shift): readonly Piece[] => {
    const from = minutesOf(shift.from)
    const to = minutesOf(shift.to)
    return from === null || to === null || from === to ? [] : [[from, to > from ? to : to + 1_440]]
  })
  compiled.read.set(shifts, pieces)
  return pieces
}

/** Local minutes of a day to epoch milliseconds; only a day with a clock change needs the time zone again. */
const momentOf = (compiled: Compiled, day: number, minutes: number): number => {
  if (minutes >= 1_440) return momentOf(compiled, day + 1, minutes - 1_440)
  const midnight = midnightOf(compiled, day)
  return midnightOf(compiled, day + 1) - midnight === dayMs ? midnight + minutes * minuteMs : localMs(compiled, day, minutes)
}

const plannedShifts = ({ data, holidays, workdays }: Compiled, day: number): readonly Shift[] => {
  const { year, month, day: dayOfMonth } = dateOf(day)
  const yearly = `${two(month)}-${two(dayOfMonth)}`
  const date = `${year}-${yearly}`
  // A date of one year goes before the same day of every year, a worked day before a holiday.
  const isWorked = workdays.has(date) || (!holidays.has(date) && workdays.has(yearly))
  if (isWorked) return weekdays.map(weekday => data.week[weekday]).find(shifts => shifts.length > 0) ?? noShifts
  if (holidays.has(date) || holidays.has(yearly)) return noShifts
  return data.week[weekdays[(((day + 3) % 7) + 7) % 7] ?? 1]
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
const noShifts: readonly Shift[] = []

/** `09:30` → 570, `24:00` → 1440; null for anything else. */
const minutesOf = (time: string): number | null => {
  const match = /^(\d{1,2}):(\d\d)$/.exec(time)
  const minutes = match === null ? -1 : Number(match[1]) * 60 + Number(match[2])
  return match === null || Number(match[2]) > 59 || minutes > 1_440 ? null : minutes
}
