import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { addWorkingTime, isWorkingTime, localDay, nextWorkingMoment, workingTimeBetween } from '../../server/domain/calendar.ts'
import type { CalendarData } from '../../server/domain/regulation.ts'
import { at, officeHours } from './support.ts'

const due = (calendar: CalendarData, from: Temporal.Instant, span: string) => addWorkingTime(calendar, from, span)?.dueAt.toString()
const friday = '2026-07-24'
const saturday = '2026-07-25'
const monday = '2026-07-27'

describe('working time', () => {
  it('counts opening and not closing', () => {
    expect(isWorkingTime(officeHours, at('09:00'))).toBe(true)
    expect(isWorkingTime(officeHours, at('13:00'))).toBe(false)
    expect(isWorkingTime(officeHours, at('17:59:59'))).toBe(true)
    expect(isWorkingTime(officeHours, at('18:00'))).toBe(false)
  })

  it('leaves out lunch and says which pieces it counted (S4-14)', () => {
    expect(addWorkingTime(officeHours, at('12:45'), 'PT30M')).toEqual({
      dueAt: at('14:15'),
      pieces: [{ from: at('12:45').toString(), to: at('13:00').toString() }, { from: at('14:00').toString(), to: at('14:15').toString() }],
    })
  })

  it('is over at closing when the span fills the day exactly', () => {
    expect(due(officeHours, at('17:30'), 'PT30M')).toBe(at('18:00').toString())
  })

  it('counts from the next opening when it starts at closing, at night or at lunch', () => {
    expect(due(officeHours, at('18:00'), 'PT30M')).toBe(at('09:30', monday).toString())
    expect(due(officeHours, at('03:00'), 'PT30M')).toBe(at('09:30').toString())
    expect(due(officeHours, at('13:00'), 'PT30M')).toBe(at('14:30').toString())
  })

  it('puts a lead of a day off into the first working minutes after it', () => {
    expect(due(officeHours, at('15:00', saturday), 'PT30M')).toBe(at('09:30', monday).toString())
  })

  it('goes on over the weekend', () => {
    expect(due(officeHours, at('17:45'), 'PT1H')).toBe(at('09:45', monday).toString())
  })

  it('keeps holidays of one year and of every year', () => {
    expect(due({ ...officeHours, holidays: [monday] }, at('18:00'), 'PT30M')).toBe(at('09:30', '2026-07-28').toString())
    expect(due({ ...officeHours, holidays: ['07-27', '07-28'] }, at('18:00'), 'PT30M')).toBe(at('09:30', '2026-07-29').toString())
  })

  it('works on a moved working day with the hours of Monday, even on a holiday', () => {
    const calendar = { ...officeHours, workdays: [saturday], holidays: [saturday] }
    expect(due(calendar, at('18:00'), 'PT30M')).toBe(at('09:30', saturday).toString())
  })

  it('counts an hour as an hour when the clocks change at night', () => {
    const night: CalendarData = { ...officeHours, timeZone: 'Europe/Berlin', week: { ...officeHours.week, 7: [{ from: '00:00', to: '06:00' }] } }
    const midnight = (date: string) => Temporal.PlainDate.from(date).toZonedDateTime('Europe/Berlin').toInstant()
    const spring = midnight('2026-03-29')
    expect(workingTimeBetween(night, spring, midnight('2026-03-30')).total('hours')).toBe(5)
    expect(addWorkingTime(night, spring, 'PT3H')?.dueAt.toZonedDateTimeISO('Europe/Berlin').toPlainTime().toString()).toBe('04:00:00')
    const autumn = midnight('2026-10-25')
    expect(workingTimeBetween(night, autumn, midnight('2026-10-26')).total('hours')).toBe(7)
    expect(addWorkingTime(night, autumn, 'PT4H')?.dueAt.toZonedDateTimeISO('Europe/Berlin').toPlainTime().toString()).toBe('03:00:00')
  })

  it('lets a shift go on past midnight, and counts overlapping shifts once', () => {
    const late = [{ from: '20:00', to: '02:00' }, { from: '18:00', to: '22:00' }]
    const calendar: CalendarData = { ...officeHours, week: { ...officeHours.week, 5: late, 6: [{ from: '01:00', to: '03:00' }] } }
    expect(isWorkingTime(calendar, at('01:30', saturday))).toBe(true)
    expect(due(calendar, at('12:00'), 'PT9H')).toBe(at('03:00', saturday).toString())
  })

  it('works around the clock', () => {
    const always = [{ from: '00:00', to: '24:00' }]
    const calendar: CalendarData = { ...officeHours, week: { 1: always, 2: always, 3: always, 4: always, 5: always, 6: always, 7: always } }
    expect(due(calendar, at('23:30'), 'PT49H')).toBe(at('00:30', '2026-07-27').toString())
  })

  it('has no answer when nobody ever works, and does not search for ever', () => {
    const never: CalendarData = { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }
    expect(addWorkingTime(never, at('10:00'), 'PT1M')).toBeNull()
    expect(nextWorkingMoment(never, at('10:00'))).toBeNull()
    expect(workingTimeBetween(never, at('10:00'), at('10:00', '2030-01-01')).total('minutes')).toBe(0)
    expect(addWorkingTime({ ...never, workdays: [monday] }, at('10:00'), 'PT1M')).toBeNull()
  })

  it('does without shifts that cannot be read', () => {
    const calendar = { ...officeHours, week: { ...officeHours.week, 5: [{ from: '9 часов', to: '18:00' }, { from: '10:00', to: '10:00' }, { from: '11:00', to: '12:00' }] } }
    expect(nextWorkingMoment(calendar, at('09:30'))?.toString()).toBe(at('11:00').toString())
  })

  it('is the next opening outside working time, and now within it', () => {
    expect(nextWorkingMoment(officeHours, at('20:00', friday))?.toString()).toBe(at('09:00', monday).toString())
    expect(nextWorkingMoment(officeHours, at('10:30'))?.toString()).toBe(at('10:30').toString())
  })

  it.each(['Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Africa/Casablanca', 'Africa/Cairo', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia', 'Asia/Tehran'])('begins and ends each day as its time zone does: %s (S4-14)', (zone) => {
    const always = [{ from: '00:00', to: '24:00' }]
    const calendar: CalendarData = { ...officeHours, timeZone: zone, week: { 1: always, 2: always, 3: always, 4: always, 5: always, 6: always, 7: always } }
    for (const year of [2010, 2011, 2014, 2026]) {
      let day = Temporal.PlainDate.from({ year, month: 1, day: 1 })
      for (; day.year === year; day = day.add({ days: 1 })) {
        const start = day.toZonedDateTime(zone).epochMilliseconds
        const end = day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
        // A day that a zone has left out altogether.
        if (end === start) continue
        expect(localDay(calendar, start), `${zone} ${day.toString()}`).toMatchObject({ start, end })
      }
    }
  })

  it('counts a year (S4-14; how fast: bench/calendar.ts)', () => {
    expect(workingTimeBetween(officeHours, at('10:00'), addWorkingTime(officeHours, at('10:00'), 'PT2000H')?.dueAt ?? at('10:00')).total('hours')).toBe(2_000)
  })
})
