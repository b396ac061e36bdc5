/** Numbers, the ladder, quiet hours and the title's template. */
import type { CalendarData, LadderRung, Regulation } from '../regulation.ts'
import { spanMs } from '../time.ts'
import { isTime } from './calendars.ts'
import { error, warning } from './problem.ts'
import type { Problem } from './problem.ts'

export const settingProblems = (regulation: Regulation): readonly Problem[] => [
  ...numberProblems(regulation),
  ...ladderProblems(regulation),
  ...quietProblems(regulation),
  ...(regulation.digest === null || isTime(regulation.digest.at) ? [] : [error('digest.at', { kind: 'wrong-time', time: regulation.digest.at })]),
  ...titleProblems(regulation),
]

const days = 3_660

const numberProblems = (regulation: Regulation): readonly Problem[] => {
  const { incidents, contact, attempts, waiting, rejection, distribution, conversion, requisites, steps, card } = regulation
  const found: Problem[] = []
  const check = (path: string, value: number | null | undefined, least: number, most: number, whole = true): void => {
    if (value === null || value === undefined || (value >= least && value <= most && (!whole || Number.isInteger(value)))) return
    found.push(error(path, { kind: 'wrong-number', setting: path.split('.').at(-1) ?? path, least, most }))
  }
  check('incidents.misses', incidents.misses, 1, 1_000)
  check('incidents.windowDays', incidents.windowDays, 1, days)
  check('incidents.systemDelayMinutes', incidents.systemDelayMinutes, 1, 100_000)
  check('contact.reachedCallSeconds', contact.reachedCallSeconds, 0, 86_400)
  check('attempts.limit', attempts.limit, 1, 100)
  if (waiting.allowed) check('waiting.maxDays', waiting.maxDays, 1, days)
  check('waiting.shareLimit', waiting.shareLimit, 0, 1, false)
  check('rejection.controlledShare', rejection.controlledShare, 0, 1, false)
  check('distribution.takeRounds', distribution.takeRounds, 1, 100)
  check('conversion.undoDays', conversion.undoDays, 0, days)
  check('requisites.checkAgainDays', requisites.checkAgainDays, 1, days)
  distribution.pools.forEach((pool, index) => {
    check(`distribution.pools.${index}.limits.open`, pool.limits.open, 0, 100_000)
    check(`distribution.pools.${index}.limits.perDay`, pool.limits.perDay, 0, 100_000)
    for (const [user, weight] of Object.entries(pool.weights)) check(`distribution.pools.${index}.weights.${user}`, weight, 0, 1_000, false)
  })
  steps.forEach(({ followUp }, index) => {
    check(`steps.${index}.followUp.remindBeforeMinutes`, followUp?.remindBeforeMinutes, 0, 100_000)
    check(`steps.${index}.followUp.moves.most`, followUp?.moves?.most, 1, 1_000)
  })
  card.reason.options.forEach((option, index) => {
    check(`card.reason.options.${index}.returnAfterDays`, option.returnAfterDays, 1, days)
    check(`card.reason.options.${index}.attemptsNeeded`, option.attemptsNeeded, 1, 100)
  })
  return found
}

const rungs: readonly LadderRung[] = ['responsible', 'deputy', 'head', 'director']

/** Each rung once, from the nearest to the highest, each later than the one before. */
const ladderProblems = ({ incidents: { ladder }, roles }: Regulation): readonly Problem[] => ladder.flatMap(({ rung, after }, index): readonly Problem[] => {
  const before = ladder[index - 1]
  const isInOrder = before === undefined || (rungs.indexOf(before.rung) < rungs.indexOf(rung) && lengthOf(before.after) <= lengthOf(after))
  return [
    ...(isInOrder ? [] : [error(`incidents.ladder.${index}`, { kind: 'ladder-order' })]),
    ...(rung === 'director' && roles.directorId === null ? [error(`incidents.ladder.${index}.rung`, { kind: 'ladder-nobody', rung })] : []),
    ...(rung === 'deputy' && Object.keys(roles.deputies).length === 0 ? [warning(`incidents.ladder.${index}.rung`, { kind: 'ladder-nobody', rung })] : []),
  ]
})

/** A span that is not well formed is told elsewhere. */
const lengthOf = (span: string): number => (/^PT(?=\d)(\d+H)?(\d+M)?$/.test(span) ? spanMs(span) : 0)

const quietProblems = ({ quietHours, calendar }: Regulation): readonly Problem[] => {
  if (quietHours === null) return []
  const wrong = (['from', 'to'] as const).filter(key => !isTime(quietHours[key]))
  if (wrong.length > 0) return wrong.map(key => error(`quietHours.${key}`, { kind: 'wrong-time', time: quietHours[key] }))
  const from = minutesOf(quietHours.from)
  const to = minutesOf(quietHours.to)
  if (from % 1_440 === to % 1_440) return [error('quietHours', { kind: 'quiet-always' })]
  const isQuiet = (minute: number): boolean => (from < to ? minute >= from && minute < to : minute >= from || minute < to)
  return calendar.kind === 'own' && workMinutes(calendar.calendar).every(isQuiet) ? [warning('quietHours', { kind: 'quiet-at-work' })] : []
}

/** Minutes of the day at which anybody works, in steps of five. */
const workMinutes = ({ week }: CalendarData): readonly number[] => Object.values(week).flat().flatMap((shift: { from: string; to: string }) => {
  const from = minutesOf(shift.from)
  const to = minutesOf(shift.to)
  const length = Math.max(0, (to > from ? to : to + 1_440) - from)
  return Number.isNaN(length) ? [] : Array.from({ length: Math.ceil(length / 5) }, (_, index) => (from + index * 5) % 1_440)
})

const minutesOf = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}

/** What may stand in braces in the title's template. */
const titlePlaces: ReadonlySet<string> = new Set(['company', 'client', 'interest', 'channel', 'source', 'phone'])

const titleProblems = ({ intake: { titleTemplate } }: Regulation): readonly Problem[] =>
  [...(titleTemplate ?? '').matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) => (titlePlaces.has(name) ? [] : [error('intake.titleTemplate', { kind: 'unknown-title-place', name })]))
