/** Rows of the working day: days, absences, the company's calendar. */

/** Working day of one person (api-reference/timeman/base/timeman-status.md). */
export interface WorkDay {
  status: 'OPENED' | 'CLOSED' | 'PAUSED' | 'EXPIRED'
  timeStart: string
  timeFinish: string | null
  active: boolean
}

export interface Absence {
  id: number
  userId: number
  name: string
  from: string
  to: string
  accessibility: 'busy' | 'absent' | 'quest' | 'free'
}

/** As api-reference/calendar/calendar-settings-get.md shows it: hours "9" or "9.30", days off "SA", holidays "d.mm,d.mm". */
export interface CalendarSettings {
  workTimeStart: string
  workTimeEnd: string
  yearHolidays: string
  yearWorkdays: string
  weekHolidays: string[]
  weekStart: string
}
