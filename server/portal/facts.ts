/** What changes slowly on a portal: people, calendar, stages, language. Read in two to four requests and cached by the caller. */
import { Temporal } from 'temporal-polyfill'
import type { Person } from '../domain/command.ts'
import type { CalendarData } from '../domain/regulation.ts'
import { ordinaryCalendar, toCalendar } from './calendar.ts'
import { callWhole } from './lists.ts'
import { isMissing } from './missing.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, type Outcome, resultOf, type Row, rowsOf, textOf } from './rows.ts'
import { leadSources, leadStages, type Stage, toSourceNames, toStages } from './statuses.ts'
import { isRecord } from './transport.ts'
import { type Department, departmentsFrom, type Employee, employees, furtherPages, headsOf, managersOf, readPresence, toDepartment, toEmployee, toHeads, toPerson } from './users.ts'

export interface PortalFacts {
  readonly people: readonly Person[]
  readonly calendar: CalendarData
  readonly stageNames: Readonly<Record<string, string>>
  readonly sourceNames: Readonly<Record<string, string>>
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  readonly departments: readonly Department[]
  readonly stages: readonly Stage[]
  /** As app.info tells them, for the portal's row; null when it does not. */
  readonly licenseFamily: string | null
  readonly appVersion: number | null
  /** The portal was told that the installation is finished (`INSTALLED` of app.info). */
  readonly installed: boolean
  readonly scope: readonly string[]
}

/** Presence costs two commands a person: only so many are asked about. */
const mostWatched = 500

/** `watched`: whose presence is wanted (the pools of the regulation); everybody active when it is left out. */
export const readFacts = async (portal: Portal, watched?: readonly number[]): Promise<PortalFacts> => (await readFactsAlong(portal, [], watched)).facts

/** The facts, and the answers to some reads of the caller's own that go along in the first request. */
export const readFactsAlong = async (portal: Portal, alongside: readonly Call[], watched?: readonly number[]): Promise<{ readonly facts: PortalFacts; readonly outcomes: readonly Outcome[] }> => {
  const first: readonly Call[] = [...alongside, employees(0), departmentsFrom(0), leadStages, { method: 'calendar.settings.get' }, { method: 'app.info' }, { method: 'profile' }, { method: 'server.time' }, { method: 'scope' }, leadSources]
  const answers = await callWhole(portal, first)
  const [users, units, statuses, calendar, info, profile, time, scope, sources] = answers.slice(alongside.length)
  const further = [...furtherPages(users, employees), ...furtherPages(units, departmentsFrom)]
  const userPages = furtherPages(users, employees).length
  const more = further.length === 0 ? [] : await portal.callAll(further, { kind: 'read' })

  const staff = [users, ...more.slice(0, userPages)].flatMap(outcome => rowsOf(resultOf(outcome)).flatMap(row => toEmployee(row) ?? []))
  const departments = await withHeads(portal, [units, ...more.slice(userPages)])
  const active = new Set(staff.flatMap(person => (person.active ? [person.id] : [])))
  const presence = await readPresence(portal, (watched ?? [...active]).filter(id => active.has(id)).slice(0, mostWatched))

  const app = info?.ok === true && isRecord(info.result) ? info.result : {}
  const timeZone = timeZoneOf(profile, staff, time)
  const stages = toStages(resultOf(statuses))
  const byId = new Map(departments.map(department => [department.id, department]))
  const facts: PortalFacts = {
    people: staff.map(person => toPerson(person, presence.get(person.id), headsOf(person, byId, id => active.has(id)))),
    calendar: calendar?.ok === true ? toCalendar(calendar.result, timeZone) : ordinaryCalendar(timeZone),
    stageNames: Object.fromEntries(stages.map(({ id, name }) => [id, name])),
    sourceNames: sources?.ok === true ? toSourceNames(sources.result) : {},
    language: languageOf(textOf(app['LANGUAGE_ID'])),
    timeZone,
    departments,
    stages,
    licenseFamily: textOf(app['LICENSE_FAMILY']) || null,
    appVersion: typeof app['VERSION'] === 'number' ? app['VERSION'] : null,
    installed: app['INSTALLED'] === true,
    scope: scope?.ok === true && Array.isArray(scope.result) ? scope.result.filter(item => typeof item === 'string') : [],
  }
  return { facts, outcomes: answers.slice(0, alongside.length) }
}

/** We speak Russian and English; a portal that does not say is Russian, like our market. */
const languageOf = (id: string): 'ru' | 'en' => (id === '' || id.toLowerCase() === 'ru' ? 'ru' : 'en')

const withHeads = async (portal: Portal, pages: readonly (Outcome | undefined)[]): Promise<readonly Department[]> => {
  const rows = pages.flatMap(readable).flatMap(row => toDepartment(row) ?? [])
  const unknown = rows.filter(row => !row.headKnown).map(row => row.id)
  const heads = new Map<number, number>()
  if (unknown.length > 0) {
    for (const outcome of await portal.callAll(chunksOf(unknown, 50).map(managersOf), { kind: 'read' }))
      if (outcome.ok) for (const [department, head] of toHeads(outcome.result)) heads.set(department, head)
  }
  return rows.map(({ id, name, headId, parentId }) => ({ id, name, headId: headId ?? heads.get(id) ?? null, parentId }))
}

/** No rows where the scope `department` is missing. */
const readable = (outcome: Outcome | undefined): readonly Row[] => {
  if (outcome?.ok === false && !isMissing(outcome.error)) throw outcome.error
  return outcome?.ok === true ? rowsOf(outcome.result) : []
}

/**
 * The calendar has no zone of its own: the one most employees have set, whoever's token is asking; else the token owner's,
 * else the offset of the portal's clock (server.time).
 */
const timeZoneOf = (profile: Outcome | undefined, staff: readonly Employee[], time: Outcome | undefined): string => {
  const own = profile?.ok === true && isRecord(profile.result) ? textOf(profile.result['TIME_ZONE']) : ''
  const counts = new Map<string, number>()
  for (const { active, timeZone } of staff) if (active && timeZone !== '') counts.set(timeZone, (counts.get(timeZone) ?? 0) + 1)
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([zone]) => zone)
  const offset = /[+-]\d\d:\d\d$/.exec(time?.ok === true ? textOf(time.result) : '')?.[0] ?? ''
  return [commonest ?? '', own, offset === '+03:00' ? 'Europe/Moscow' : offset].find(isTimeZone) ?? 'UTC'
}

const isTimeZone = (zone: string): boolean => {
  try {
    return zone !== '' && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone) !== null
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
