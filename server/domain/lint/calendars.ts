/** Spans, and calendars that can meet them. */
import { addWorkingMs, workingMsBetween } from '../calendar.ts'
import type { CalendarData, Regulation, Step } from '../regulation.ts'
import { Temporal } from 'temporal-polyfill'
import { dayMs, spanMs } from '../time.ts'
import { error, repeats, warning } from './problem.ts'
import type { PortalThings, Problem } from './problem.ts'

export const calendarProblems = (regulation: Regulation, things: PortalThings): readonly Problem[] => {
  const own = regulation.calendar.kind === 'own' ? regulation.calendar.calendar : null
  const broken = own === null ? [] : dataProblems(own, 'calendar.calendar')
  const calendar = own ?? things.calendar
  const isIdle = calendar !== undefined && broken.length === 0 && !hasWorkingTime(calendar)
  const valid = [...(calendar === undefined || broken.length > 0 ? [] : [calendar]), ...regulation.calendars.flatMap((one, index) => (dataProblems(one.calendar, `calendars.${index}`).length === 0 ? [one.calendar] : []))]
  const yearMs = Math.min(...valid.filter(hasWorkingTime).map(one => workingMsBetween(one, 0, 366 * dayMs)))
  const others = regulation.calendars.flatMap((one, index) => {
    const path = `calendars.${index}.calendar`
    const found = dataProblems(one.calendar, path)
    return found.length === 0 && !hasWorkingTime(one.calendar) ? [error(path, { kind: 'no-working-time' })] : found
  })
  return [
    ...broken,
    ...others,
    ...repeats(regulation.calendars.map(({ id }) => id)).map(({ value, index }) => error(`calendars.${index}.id`, { kind: 'duplicate-code', code: value })),
    ...repeats(regulation.calendars.flatMap(({ userIds }) => userIds)).map(({ value }) => warning('calendars', { kind: 'calendar-twice', userId: value })),
    ...spansOf(regulation).flatMap(({ path, span, place }): readonly Problem[] => {
      if (!isSpan(span)) return [error(path, { kind: 'wrong-span', span }, place)]
      if (isIdle) return [error(path, { kind: 'impossible-deadline' }, place)]
      return spanMs(span) > yearMs ? [error(path, { kind: 'span-too-long', span }, place)] : []
    }),
  ]
}

/** A span of working time: hours and minutes, more than none. */
const isSpan = (span: string): boolean => /^PT(?=\d)(\d{1,4}H)?(\d{1,5}M)?$/.test(span) && /[1-9]/.test(span)

interface PlacedSpan {
  readonly path: string
  readonly span: string
  readonly place?: Step['name']
}

const spansOf = ({ steps, attempts, distribution, incidents }: Regulation): readonly PlacedSpan[] => [
  ...(distribution.takeWithin === null ? [] : [{ path: 'distribution.takeWithin', span: distribution.takeWithin }]),
  ...steps.flatMap(({ deadline, followUp, name }, index): readonly PlacedSpan[] => [
    ...(deadline === null ? [] : [
      ...Object.entries(deadline.firstContact).map(([basis, span]) => ({ path: `steps.${index}.deadline.firstContact.${basis}`, span, place: name })),
      ...Object.entries({ finish: deadline.finish, again: deadline.again, slow: deadline.slow }).flatMap(([key, span]) => (span === undefined ? [] : [{ path: `steps.${index}.deadline.${key}`, span, place: name }])),
      ...Object.entries(deadline.classes ?? {}).flatMap(([key, { firstContact = {}, finish }]) => Object.entries({ ...firstContact, finish })
        .flatMap(([basis, span]) => (span === undefined ? [] : [{ path: `steps.${index}.deadline.classes.${key}.${basis === 'finish' ? '' : 'firstContact.'}${basis}`, span, place: name }]))),
    ]),
    ...(followUp?.moves === undefined ? [] : [{ path: `steps.${index}.followUp.moves.furthest`, span: followUp.moves.furthest, place: name }]),
  ]),
  { path: 'attempts.retryAfter', span: attempts.retryAfter },
  ...incidents.ladder.map(({ after }, index) => ({ path: `incidents.ladder.${index}.after`, span: after })),
]

const dataProblems = ({ timeZone, week, holidays, workdays }: CalendarData, path: string): readonly Problem[] => [
  ...(isTimeZone(timeZone) ? [] : [error(`${path}.timeZone`, { kind: 'wrong-time-zone', timeZone })]),
  ...Object.entries(week).flatMap(([day, shifts]) => shifts.flatMap(({ from, to }, index) =>
    [from, to].filter(time => !isTime(time)).map(time => error(`${path}.week.${day}.${index}`, { kind: 'wrong-time', time })))),
  ...[...holidays.map((date, index) => ({ date, at: `${path}.holidays.${index}` })), ...workdays.map((date, index) => ({ date, at: `${path}.workdays.${index}` }))]
    .flatMap(({ date, at }) => (isDate(date) ? [] : [error(at, { kind: 'wrong-date', date })])),
]

/** `YYYY-MM-DD`, or `MM-DD` of every year, 29 February included. */
const isDate = (date: string): boolean => {
  if (!/^(\d{4}-)?\d\d-\d\d$/.test(date)) return false
  return isReal(() => Temporal.PlainDate.from(date.length === 5 ? `2024-${date}` : date))
}

/** `HH:MM`, the end of the day as `24:00`. */
export const isTime = (time: string): boolean => /^(([01]?\d|2[0-3]):[0-5]\d|24:00)$/.test(time)

const hasWorkingTime = (calendar: CalendarData): boolean => addWorkingMs(calendar, 0, 1) !== null

const isTimeZone = (zone: string): boolean => zone !== '' && isReal(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone))

const isReal = (read: () => unknown): boolean => {
  try {
    return read() !== null
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
