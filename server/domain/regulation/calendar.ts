import type { DepartmentId, UserId } from '../lead.ts'

export type CalendarSetting =
  /** The portal's own calendar settings, kept fresh daily. */
  | { readonly kind: 'portal' }
  | { readonly kind: 'own'; readonly calendar: CalendarData }

/** A working calendar as data. Local times are of `timeZone`. */
export interface CalendarData {
  readonly timeZone: string
  /** Shifts of each weekday, 1 = Monday … 7 = Sunday, as `HH:MM`–`HH:MM`; empty = day off. Two shifts leave a break for lunch. */
  readonly week: Readonly<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, readonly Shift[]>>
  /** `YYYY-MM-DD`, or `MM-DD` for every year. */
  readonly holidays: readonly string[]
  /** Days off that are worked, e.g. a moved Saturday, written like `holidays`; they take Monday's shifts. */
  readonly workdays: readonly string[]
}

export interface Shift {
  readonly from: string
  readonly to: string
}

/** The calendar of some departments or people, e.g. a shop with its own hours or a manager in another time zone. */
export interface OwnCalendar {
  readonly id: string
  readonly userIds: readonly UserId[]
  readonly departmentIds: readonly DepartmentId[]
  readonly calendar: CalendarData
}
