/** Whose calendar counts: a person's own before his department's, that before the regulation's (issue 3, 5). */
import type { Context, Person } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData, OwnCalendar, Regulation } from '../regulation.ts'

type Calendars = Pick<Regulation, 'calendar' | 'calendars'>
type Company = Pick<Context, 'calendar' | 'people'>

/** The calendar of everybody who has none of his own. */
export const commonCalendar = ({ calendar }: Pick<Regulation, 'calendar'>, context: Pick<Context, 'calendar'>): CalendarData =>
  calendar.kind === 'own' ? calendar.calendar : context.calendar

/** The calendar that a person works by; the common one for nobody. */
export const calendarOf = ({ regulation, context }: { readonly regulation: Calendars; readonly context: Company }, id: UserId | null): CalendarData =>
  ownCalendarOf(regulation, context, id)?.calendar ?? commonCalendar(regulation, context)

/** The regulation's own calendar for a person or one of his departments; undefined where he works by the common one. */
export const ownCalendarOf = (regulation: Calendars, context: Company, id: UserId | null): OwnCalendar | undefined =>
  id === null || regulation.calendars.length === 0 ? undefined : settle(regulation, context).own.get(id) ?? named(regulation.calendars, id)

/** The context in which each person carries his calendar, so that whoever looks at a person knows when he works. */
export const withOwnCalendars = (context: Context, regulation: Calendars): Context =>
  regulation.calendars.length === 0 ? context : { ...context, people: settle(regulation, context).people }

interface Settled {
  readonly calendars: readonly OwnCalendar[]
  readonly common: CalendarData
  readonly people: readonly Person[]
  readonly own: ReadonlyMap<UserId, OwnCalendar>
}

const settled = new WeakMap<readonly Person[], Settled>()

/** Worked out once for a list of people, which stays the same for a whole run. */
const settle = (regulation: Calendars, context: Company): Settled => {
  const { calendars } = regulation
  const common = commonCalendar(regulation, context)
  const known = settled.get(context.people)
  if (known?.calendars === calendars && known.common === common) return known
  const own = new Map(context.people.flatMap((person): [UserId, OwnCalendar][] => {
    const calendar = named(calendars, person.id) ?? calendars.find(({ departmentIds }) => departmentIds.some(id => person.departmentIds.includes(id)))
    return calendar === undefined ? [] : [[person.id, calendar]]
  }))
  const people = context.people.map(person => ({ ...person, calendar: own.get(person.id)?.calendar ?? common }))
  const now: Settled = { calendars, common, people, own }
  settled.set(context.people, now)
  settled.set(people, now)
  return now
}

const named = (calendars: readonly OwnCalendar[], id: UserId): OwnCalendar | undefined => calendars.find(({ userIds }) => userIds.includes(id))
