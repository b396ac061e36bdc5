/** Quiet hours hold the message and not the evaluation (product, 9): what is decided at night is told in the morning. */
import { isDayOff, localDay, localStretch } from '../calendar.ts'
import type { Command } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData, QuietHours, Regulation } from '../regulation.ts'
import { toMoment } from '../time.ts'
import { calendarOf } from './calendars.ts'
import type { Turn } from './turn.ts'

/** The commands with every message of quiet hours put off to their end, by the calendar of whoever gets it. */
export const holdMessages = (turn: Turn, commands: readonly Command[]): readonly Command[] => {
  if (turn.regulation.quietHours === null || !commands.some(({ kind }) => kind === 'notify')) return commands
  return commands.map((command) => {
    const end = command.kind === 'notify' ? quietFor(turn, command.userId, turn.nowMs) : null
    return end === null ? command : { ...command, notBefore: toMoment(end) }
  })
}

/** When a person may be told again (epoch milliseconds), by his calendar; null when he may be told at that moment. */
export const quietFor = (known: Parameters<typeof calendarOf>[0] & { readonly regulation: Pick<Regulation, 'quietHours'> }, userId: UserId, at: number): number | null => {
  const { quietHours } = known.regulation
  return quietHours === null ? null : quietUntil(quietHours, calendarOf(known, userId), at)
}

/**
 * When the quiet hours that last at a moment are over (epoch milliseconds); null when it is not quiet then. Days off count as quiet where
 * the regulation says so, but for a calendar without any working day: a message is held, never kept for ever.
 */
export const quietUntil = (quiet: QuietHours, calendar: CalendarData, at: number): number | null =>
  (quiet.daysOff ? endOf(quiet, calendar, at) : undefined) ?? endOf({ ...quiet, daysOff: false }, calendar, at) ?? null

/** Undefined when it is not over within a year or so; null when it is not quiet. */
const endOf = (quiet: QuietHours, calendar: CalendarData, at: number): number | null | undefined => {
  let end = at
  for (let stretches = 0; stretches < mostStretches; stretches += 1) {
    const next = stretchEnd(quiet, calendar, end)
    if (next === null) return end === at ? null : end
    end = next
  }
  return undefined
}

const mostStretches = 1_000

const stretchEnd = (quiet: QuietHours, calendar: CalendarData, at: number): number | null => {
  const { day, end } = localDay(calendar, at)
  if (quiet.daysOff && isDayOff(calendar, day)) return end
  for (const begun of [day - 1, day]) {
    const stretch = localStretch(calendar, begun, quiet)
    if (stretch !== null && stretch[0] <= at && at < stretch[1]) return stretch[1]
  }
  return null
}
