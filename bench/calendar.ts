/** How long a year of working time takes. */
import { Temporal } from 'temporal-polyfill'
import { addWorkingMs, workingMsBetween } from '../server/domain/calendar.ts'
import type { CalendarData } from '../server/domain/regulation.ts'
import { figure, measure, rounded, type Measurement } from './figures.ts'

const day = [{ from: '09:00', to: '13:00' }, { from: '14:00', to: '18:00' }]
/** A calendar that nobody has counted by yet. */
const fresh = (): CalendarData => ({ timeZone: 'Europe/Berlin', week: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, holidays: ['01-01', '05-01', '12-25', '12-26'], workdays: ['2026-05-02'] })

const from = Temporal.Instant.from('2026-01-01T00:00:00Z').epochMilliseconds
const to = Temporal.Instant.from('2027-01-01T00:00:00Z').epochMilliseconds

await measure(async (): Promise<Measurement> => {
  const timed = (runs: number, run: (round: number) => void): number => {
    const startedAt = performance.now()
    for (let round = 0; round < runs; round += 1) run(round)
    return rounded((performance.now() - startedAt) / runs, 4)
  }
  const known = fresh()
  const year = workingMsBetween(known, from, to)
  for (let round = 0; round < 200; round += 1) workingMsBetween(fresh(), from, to)
  const runs = 2_000
  return {
    title: 'Working time',
    how: 'A year of working time, two shifts a day, with holidays and clock changes, one core. Counted by a calendar that is known already, and by one that was never counted by before.',
    figures: [
      figure('a year between two moments', timed(runs, round => void workingMsBetween(known, from + round, to)), 'ms', { most: 1 }),
      figure('a deadline a year of work ahead', timed(runs, round => void addWorkingMs(known, from + round, year)), 'ms', { most: 1 }),
      figure('a deadline of an hour', timed(runs, round => void addWorkingMs(known, from + round * 3_600_000, 3_600_000)), 'ms', { most: 1 }),
      figure('a year by a new calendar', timed(200, () => void workingMsBetween(fresh(), from, to)), 'ms', { most: 1 }),
      figure('a deadline a year of work ahead by a new calendar', timed(200, () => void addWorkingMs(fresh(), from, year)), 'ms', { most: 1 }),
    ],
  }
})
