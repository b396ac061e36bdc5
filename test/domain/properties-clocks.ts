/** The laws of calendars, quiet hours and the ladder. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { workingMsBetween } from '../../server/domain/calendar.ts'
import type { Command } from '../../server/domain/command.ts'
import { userId } from '../../server/domain/lead.ts'
import type { CalendarData, OwnCalendar, QuietHours, Regulation } from '../../server/domain/regulation.ts'
import { calendarOf } from '../../server/domain/rules/calendars.ts'
import type { quietUntil } from '../../server/domain/rules/quiet.ts'
import { spanMs, toMs } from '../../server/domain/time.ts'
import { anyCalendar, anyMoment } from './properties-of-counting.ts'
import { expectThat, happening, loud, minutesLater, storyOf, tell } from './stories.ts'
import { anna, boris, carryOut, context, headOfSales, only, passUntil, people, regulation, vera, world } from './support.ts'
import type { Rules, World } from './support.ts'

const clockTime = fc.integer({ min: 0, max: 95 }).map(quarter => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`)
export const anyQuietHours: fc.Arbitrary<QuietHours> = fc.record({ from: clockTime, to: clockTime, daysOff: fc.boolean() }).filter(({ from, to }) => from !== to)

/** Calendars of single people in other time zones and with other hours. */
const anyOwnCalendars: fc.Arbitrary<readonly OwnCalendar[]> = fc.tuple(anyCalendar, anyCalendar).map(([first, second]) => [
  { id: 'first', userIds: [anna], departmentIds: [], calendar: first },
  { id: 'second', userIds: [vera, headOfSales], departmentIds: [], calendar: second },
])

/** Nobody is asked by the program itself: the clock on the wall of whoever gets the message. */
const isQuietFor = ({ from, to }: QuietHours, calendar: CalendarData, at: string): boolean => {
  const time = Temporal.Instant.from(at).toZonedDateTimeISO(calendar.timeZone).toPlainTime().toString({ smallestUnit: 'minute' })
  return from < to ? from <= time && time < to : time >= from || time < to
}

// --- quiet hours ------------------------------------------------------------

/** Product, 9: no message reaches anybody in quiet hours, and none is lost. */
export const nobodyIsWoken = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, anyQuietHours, anyOwnCalendars, (story, quietHours, calendars) => {
    const quiet: Regulation = { ...start.regulation, quietHours: { ...quietHours, daysOff: false }, calendars }
    const { looks } = tell(story, rules, { ...start, regulation: quiet })
    for (const { commands, before } of looks) {
      for (const { userId: to, notBefore } of only(commands, 'notify')) {
        const calendar = calendarOf({ regulation: quiet, context: before.context }, to)
        const deliveredAt = notBefore ?? before.now.toString()
        expectThat(!isQuietFor(quietHours, calendar, deliveredAt), `a message is delivered at ${deliveredAt} in ${calendar.timeZone}`)
        expectThat(toMs(deliveredAt) - before.now.epochMilliseconds <= 25 * 3_600_000, 'a message is kept for more than a day')
      }
    }
  })

/** Quiet hours hold the message and not the evaluation: all the rest is decided as without them. */
export const quietHoursChangeOnlyMessages = (rules: Rules) =>
  fc.property(storyOf(loud.filter(({ name }) => name !== 'carried out')), anyQuietHours, (story, quietHours) => {
    const decided = (rule: Regulation) => tell(story, rules, world({ regulation: { ...rule, incidents: { ...rule.incidents, misses: 1_000 } } })).end.journal.map(command => (command.kind === 'notify' ? { ...command, notBefore: undefined } : command))
    expectThat(withoutIds(decided({ ...regulation, quietHours })) === withoutIds(decided(regulation)), 'quiet hours change what is decided')
  })

/** Each telling of a story makes activities of its own. */
const withoutIds = (commands: unknown): string => JSON.stringify(commands, (key, value: unknown) => (key === 'activityIds' ? undefined : value))

/** The end of quiet hours is ahead, and it is not quiet then. */
export const quietHoursEnd = (until: typeof quietUntil) =>
  fc.property(anyQuietHours, anyCalendar, anyMoment, (quietHours, calendar, moment) => {
    const end = until(quietHours, calendar, moment.epochMilliseconds)
    if (end === null) {
      expectThat(!isQuietFor(quietHours, calendar, moment.toString()), 'it is quiet')
      return
    }
    expectThat(end > moment.epochMilliseconds, 'quiet hours end in the past')
    expectThat(until(quietHours, calendar, end) === null, 'it is still quiet at the end')
  })

// --- the ladder -------------------------------------------------------------

const director = userId(11)
const climbing: Regulation = {
  ...regulation,
  roles: { directorId: director, deputies: { [anna]: boris, [vera]: boris }, controllerId: null },
  incidents: { ...regulation.incidents, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'head', after: 'PT3H' }, { rung: 'director', after: 'PT9H' }] },
}
const company = [...people, { id: director, name: 'Ева Громова', active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }]

/** S4-18…S4-20: each rung at most once and in order, not before its working time, nobody twice, and nothing after the answer. */
export const eachRungOnceInOrder = (rules: Rules & { readonly workingMsBetween: typeof workingMsBetween }, start: World = world({ regulation: climbing, context: context({ people: company }) }), told = storyOf(loud)) =>
  fc.property(told, fc.integer({ min: 1, max: 6_000 }), (story, minutes) => {
    const { ladder } = start.regulation.incidents
    const order: readonly string[] = ladder.map(({ rung }) => rung)
    const passing = happening(`${minutes} min`, (state: World, running) => passUntil(carryOut(state), minutesLater(state, minutes), running))
    const opened = new Map<string, { readonly userId: number; readonly noticedAt: string }>()
    const climbed = new Map<string, { rungs: string[]; people: number[] }>()
    const answered = new Set<string>()
    for (const { commands, before } of tell([passing, ...story, passing], rules, start).looks) {
      for (const command of commands) {
        if (command.kind === 'open-incident') opened.set(command.incidentId, command)
        if (command.kind === 'resolve-incident') answered.add(command.incidentId)
        const rung = rungOf(command)
        if (rung === null) continue
        const miss = opened.get(rung.incidentId)
        const known = climbed.get(rung.incidentId) ?? { rungs: [], people: [miss?.userId ?? 0] }
        expectThat(miss !== undefined && !answered.has(rung.incidentId), 'a rung of a miss that is not open')
        expectThat(order.indexOf(rung.rung) > order.indexOf(known.rungs.at(-1) ?? ''), `${rung.rung} after ${known.rungs.join()}`)
        expectThat(!known.people.includes(rung.userId), `${rung.userId} is told twice`)
        const calendar = calendarOf({ regulation: start.regulation, context: before.context }, userId(miss?.userId ?? 0))
        const worked = rules.workingMsBetween(calendar, toMs(miss?.noticedAt ?? ''), before.now.epochMilliseconds)
        expectThat(worked >= spanMs(ladder.find(one => one.rung === rung.rung)?.after ?? ''), `${rung.rung} after ${worked / 60_000} working minutes`)
        climbed.set(rung.incidentId, { rungs: [...known.rungs, rung.rung], people: [...known.people, rung.userId] })
      }
    }
  })

/** An open miss that nobody answers brings in everybody on the ladder, each at the end of his span. */
export const nobodyIsForgotten = (rules: Rules & { readonly workingMsBetween: typeof workingMsBetween }) =>
  fc.property(fc.integer({ min: 1, max: 4_000 }), (minutes) => {
    const start = world({ regulation: climbing, context: context({ people: company.map(one => ({ ...one, ...(one.id === boris || one.id === vera ? { absent: true } : {}) })) }) })
    const { looks, end } = tell([happening('passing', (state, running) => passUntil(carryOut(state), minutesLater(state, minutes), running))], rules, start)
    const first = looks.flatMap(({ commands }) => only(commands, 'open-incident'))[0]
    if (first === undefined) return
    const worked = rules.workingMsBetween(calendarOf({ regulation: climbing, context: start.context }, anna), toMs(first.noticedAt), end.now.epochMilliseconds)
    const due = climbing.incidents.ladder.filter(({ after }) => spanMs(after) <= worked).map(({ rung }) => rung)
    const climbed = looks.flatMap(({ commands }) => commands.flatMap(command => rungOf(command) ?? [])).filter(({ incidentId }) => incidentId === first.incidentId).map(({ rung }) => rung)
    expectThat(climbed.join() === due.join(), `${climbed.join()} instead of ${due.join()}`)
  })

const rungOf = (command: Command): { readonly rung: string; readonly userId: number; readonly incidentId: string } | null =>
  command.kind === 'notify' && command.because.rule === 'rung' ? { rung: command.because.rung, userId: command.userId, incidentId: command.because.incidentId ?? '' } : null

// --- own calendars ----------------------------------------------------------

/** S4-14: whoever is responsible, the term is worth exactly its span in his own calendar, clock changes included. */
export const termsFollowTheirPerson = (rules: Rules & { readonly workingMsBetween: typeof workingMsBetween }) =>
  fc.property(storyOf(loud), anyOwnCalendars, anyMoment, (story, calendars, moment) => {
    const own: Regulation = { ...regulation, calendars }
    const start = world({ regulation: own, now: moment })
    const seen = start.lead === null ? null : { ...start.lead, createdAt: moment, updatedAt: moment, movedAt: moment }
    for (const { commands, before, after } of tell(story, rules, { ...start, lead: seen }).looks) {
      let responsibleId = before.watch.status === 'active' ? before.watch.responsibleId : null
      for (const command of commands) {
        if (command.kind === 'start-watch') responsibleId = command.watch.responsibleId
        if (command.kind === 'assign' || command.kind === 'note-responsible' || command.kind === 'enter-step') responsibleId = command.kind === 'enter-step' ? command.responsibleId : command.userId
        if (command.kind !== 'set-clock' || command.because.rule !== 'deadline') continue
        const { startedAt, dueAt, span, timeZone } = command.because
        const calendar = calendarOf({ regulation: own, context: after.context }, responsibleId)
        expectThat(timeZone === calendar.timeZone, `the term runs in ${timeZone} instead of ${calendar.timeZone}`)
        expectThat(rules.workingMsBetween(calendar, toMs(startedAt), toMs(dueAt)) === spanMs(span), `the term from ${startedAt} to ${dueAt} is not ${span}`)
      }
    }
  })
