/** The laws of distribution and of working time. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { addWorkingTime } from '../../server/domain/calendar.ts'
import { isWorkingTime, workingTimeBetween } from '../../server/domain/calendar.ts'
import type { evolveContext } from '../../server/domain/evolve.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { CalendarData } from '../../server/domain/regulation.ts'
import { defaultPool } from '../../server/domain/rules/distribution.ts'
import type { distribute } from '../../server/domain/rules/distribution.ts'
import { expectThat } from './stories.ts'
import { at, context, officeHours, regulation, timeZone } from './support.ts'

// --- distribution -----------------------------------------------------------

type Sharing = { readonly distribute: typeof distribute; readonly evolveContext: typeof evolveContext }

const team = [1, 2, 3, 4, 5].map(id => ({ id: userId(id), name: `Person ${id}`, active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }))
const teamRule = { ...regulation.distribution, pools: regulation.distribution.pools.map(pool => ({ ...pool, members: { kind: 'people' as const, userIds: team.map(({ id }) => id) } })) }
const open = at('10:00').epochMilliseconds

/** S1-D10, S3-4: over any sequence of presence, with one lead at a time, nobody is more than a few leads ahead of his fair part. */
export const sharesAreEqual = ({ distribute: choose, evolveContext: note }: Sharing) =>
  fc.property(fc.array(fc.uniqueArray(fc.constantFrom<number[]>(0, 1, 2, 3, 4), { minLength: 1, maxLength: 5 }), { maxLength: 120 }), (presences) => {
    let state = context({ people: team })
    const received = [0, 0, 0, 0, 0]
    const fair = [0, 0, 0, 0, 0]
    for (const present of presences) {
      state = { ...state, people: team.map((one, index) => ({ ...one, absent: !present.includes(index) })) }
      const choice = choose(teamRule, defaultPool(teamRule), state, officeHours, open)
      const chosen = team.findIndex(({ id }) => id === choice.userId)
      expectThat(present.includes(chosen), 'somebody absent is chosen')
      expectThat(choice.because.candidates.length === team.length, 'the receipt lists everybody')
      received[chosen] = (received[chosen] ?? 0) + 1
      for (const index of present) fair[index] = (fair[index] ?? 0) + 1 / present.length
      state = note(state, { kind: 'assign', leadId: leadId(1), userId: choice.userId, mark: 'm', poolId: 'main', because: choice.because })
      for (const [index, part] of fair.entries()) expectThat(Math.abs((received[index] ?? 0) - part) <= (team.length - 1) / 2 + 1e-6, `person ${index} has ${received[index]} leads instead of ${part}`)
    }
  })

/** S3-4: with the same people there, the numbers of leads never differ by more than one. */
export const turnsGoRound = ({ distribute: choose, evolveContext: note }: Sharing) =>
  fc.property(fc.uniqueArray(fc.constantFrom<number[]>(0, 1, 2, 3, 4), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (present, leads) => {
    let state = context({ people: team.map((one, index) => ({ ...one, absent: !present.includes(index) })) })
    const received = new Map(present.map(index => [index + 1, 0]))
    for (let count = 0; count < leads; count += 1) {
      const choice = choose(teamRule, defaultPool(teamRule), state, officeHours, open)
      received.set(choice.userId, (received.get(choice.userId) ?? 0) + 1)
      state = note(state, { kind: 'assign', leadId: leadId(1), userId: choice.userId, mark: 'm', poolId: 'main', because: choice.because })
      expectThat(Math.max(...received.values()) - Math.min(...received.values()) <= 1, `shares ${[...received.values()].join()}`)
    }
  })

// --- working time -----------------------------------------------------------

const zones = ['Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Asia/Vladivostok'] as const
const anyShift = fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 40 })).map(([from, length]) => ({ from: clockOf(from * 15), to: clockOf(Math.min(from * 15 + length * 15, 1_440)) }))
const clockOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const anyDay = fc.array(anyShift, { maxLength: 3 })

export const anyCalendar: fc.Arbitrary<CalendarData> = fc.record({
  timeZone: fc.constantFrom(...zones),
  week: fc.record({ 1: fc.array(anyShift, { minLength: 1, maxLength: 3 }), 2: anyDay, 3: anyDay, 4: anyDay, 5: anyDay, 6: anyDay, 7: fc.constant([]) }),
  holidays: fc.constantFrom([], ['2026-03-30', '01-01'], ['10-26']),
  workdays: fc.constantFrom([], ['2026-03-29', '2026-10-25']),
})

/** Moments of 2026, clock changes included, on whole minutes. */
export const anyMoment = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 }).map(minutes => Temporal.Instant.from('2026-01-01T00:00:00Z').add({ minutes }))
const anySpan = fc.integer({ min: 1, max: 3_000 }).map(minutes => Temporal.Duration.from({ minutes }))

type Counting = { readonly addWorkingTime: typeof addWorkingTime }

const dueOf = ({ addWorkingTime: count }: Counting, calendar: CalendarData, from: Temporal.Instant, span: Temporal.Duration): Temporal.Instant => {
  const counted = count(calendar, from, span)
  if (counted === null) throw new Error('there is working time every Monday')
  return counted.dueAt
}

/** S4-14: working time adds up, grows with the span and the start, and is worth exactly its span. */
export const workingTimeAddsUp = (counting: Counting) =>
  fc.property(anyCalendar, anyMoment, anySpan, anySpan, (calendar, from, first, second) => {
    const due = dueOf(counting, calendar, from, first)
    const total = Temporal.Duration.from({ minutes: first.total('minutes') + second.total('minutes') })
    expectThat(dueOf(counting, calendar, due, second).equals(dueOf(counting, calendar, from, total)), 'two spans are not their sum')
    expectThat(workingTimeBetween(calendar, from, due).total('minutes') === first.total('minutes'), 'the span is not what was worked')
    expectThat(Temporal.Instant.compare(dueOf(counting, calendar, from, total), due) > 0, 'a longer span is not due later')
    expectThat(Temporal.Instant.compare(dueOf(counting, calendar, from.add({ minutes: 7 }), first), due) >= 0, 'a later start is due earlier')
  })

/** The same as walking through the minutes one by one. */
export const countsEachMinute = (counting: Counting) =>
  fc.property(anyCalendar, anyMoment, fc.integer({ min: 1, max: 300 }), (calendar, from, minutes) => {
    let left = minutes
    let now = from
    while (left > 0) {
      if (isWorkingTime(calendar, now)) left -= 1
      now = now.add({ minutes: 1 })
    }
    const due = dueOf(counting, calendar, from, Temporal.Duration.from({ minutes }))
    expectThat(due.equals(now), `${due.toString()} instead of ${now.toString()} in ${timeZone}`)
  })
