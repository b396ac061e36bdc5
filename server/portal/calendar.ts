/** The portal's working calendar (api-reference/calendar/calendar-settings-get.md); it knows no time zone of its own. */
import type { CalendarData, Shift } from '../domain/regulation.ts'
import { textOf } from './rows.ts'
import { isRecord } from './transport.ts'

const dayCodes = { 1: 'MO', 2: 'TU', 3: 'WE', 4: 'TH', 5: 'FR', 6: 'SA', 7: 'SU' } as const

/** Monday to Friday, nine to six: what a portal has before anybody sets it up, and what we take when it cannot be read. */
export const ordinaryCalendar = (timeZone: string): CalendarData => toCalendar({}, timeZone)

export const toCalendar = (settings: unknown, timeZone: string): CalendarData => {
  const row = isRecord(settings) ? settings : {}
  const shift = toShift(textOf(row['work_time_start']), textOf(row['work_time_end']))
  const free = Array.isArray(row['week_holidays']) ? new Set(row['week_holidays'].map(textOf)) : new Set(['SA', 'SU'])
  const shiftsOf = (day: keyof typeof dayCodes): readonly Shift[] => (free.has(dayCodes[day]) ? [] : [shift])
  return {
    timeZone,
    week: { 1: shiftsOf(1), 2: shiftsOf(2), 3: shiftsOf(3), 4: shiftsOf(4), 5: shiftsOf(5), 6: shiftsOf(6), 7: shiftsOf(7) },
    holidays: toDays(textOf(row['year_holidays'])),
    workdays: toDays(textOf(row['year_workdays'])),
  }
}

/** `"9"`, `"9.30"`: hours and minutes divided by a dot. */
const toShift = (start: string, end: string): Shift => {
  const from = toTime(start)
  const to = toTime(end)
  return from !== null && to !== null && from < to ? { from, to } : { from: '09:00', to: '18:00' }
}

const toTime = (text: string): string | null => {
  const [, hours, minutes = ''] = /^(\d{1,2})(?:[.:](\d{1,2}))?$/.exec(text.trim()) ?? []
  if (hours === undefined) return null
  const hour = Number(hours)
  const minute = minutes.length === 1 ? Number(minutes) * 10 : Number(minutes)
  if (hour === 24 && minute === 0) return '24:00'
  return hour < 24 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : null
}

/** `"1.01,23.02"` every year, `"1.01.2027"` once. */
const toDays = (text: string): readonly string[] => text.split(',').flatMap((part) => {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?$/.exec(part.trim()) ?? []
  if (day === undefined || month === undefined || Number(day) < 1 || Number(day) > 31 || Number(month) < 1 || Number(month) > 12) return []
  const monthDay = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return [year === undefined ? monthDay : `${year}-${monthDay}`]
})
