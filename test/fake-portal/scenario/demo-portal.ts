import type { Acts } from '../acts.ts'
import type { FakePortal, FakePortals } from '../fake-portals.ts'
import type { Status } from '../rows.ts'
import { nextId, type PortalState } from '../state.ts'
import { isoAt } from '../world/time.ts'
import { departments, employees, sources, stages, userOf } from './people.ts'
import { presentLeads } from './present-leads.ts'
import { firstDay } from './first-day.ts'
import { laterDays } from './later-days.ts'
import type { Arrival, Present } from './script.ts'

/** What the demo company is put into: an emulated portal, as far as it matters here. */
export interface DemoGround {
  readonly state: PortalState
  readonly act: Acts
  readonly timeZone: string
  now(): number
}

/** Arrivals of the demo's first week, in order. */
export const demoArrivals: readonly Arrival[] = [...firstDay, ...laterDays].sort((a, b) => a.at - b.at)

const replaceDictionary = (state: PortalState, entityId: string, rows: readonly Partial<Status>[]): void => {
  for (const status of [...state.statuses.values()]) if (status.entityId === entityId) state.statuses.delete(status.id)
  rows.forEach((row, index) => {
    const id = nextId(state, 'status')
    state.statuses.set(id, { entityId, statusId: '', name: '', nameInit: row.name ?? '', sort: (index + 1) * 10, system: true, categoryId: null, color: '', semantics: null, isStage: entityId === 'STATUS', ...row, id })
  })
}

const setPeople = ({ state, act, timeZone, now }: DemoGround): void => {
  state.departments.clear()
  state.users.clear()
  for (const department of departments) state.departments.set(department.id, { ...department })
  for (const employee of employees) state.users.set(employee.id, userOf(employee, timeZone, isoAt(now(), timeZone)))
  state.counters.set('department', departments.length)
  state.counters.set('user', employees.length)
  for (const employee of employees) if (employee.day[0] <= '09:00') act.openDay(employee.id)
}

/** Moves everything known of a lead back in time: it was there before the emulator began. */
const backdate = ({ state, timeZone, now }: DemoGround, leadId: number, present: Present): void => {
  const lead = state.leads.get(leadId)
  if (lead === undefined) return
  const createdTime = isoAt(now() - present.minutesAgo * 60_000, timeZone)
  const movedTime = present.stageId === undefined ? createdTime : isoAt(now() - Math.round(present.minutesAgo * 0.8) * 60_000, timeZone)
  Object.assign(lead, { createdTime, movedTime, updatedTime: movedTime })
  lead['lastActivityTime'] = movedTime
  for (const [index, entry] of state.stageHistory.filter(row => row.entityTypeId === 1 && row.ownerId === leadId).entries()) entry.createdTime = index === 0 ? createdTime : movedTime
}

const addPresent = (ground: DemoGround, present: Present): void => {
  const { act } = ground
  const lead = act.createLead({ ...present.lead, ...(present.responsibleId === undefined ? {} : { assignedById: present.responsibleId }), originId: present.key }, present.by ?? null)
  if (present.stageId !== undefined) act.moveStage(lead.id, present.stageId, present.responsibleId ?? null)
  backdate(ground, lead.id, present)
}

/** Puts «Каменный берег» into a portal: departments and people, working calendar, stages, sources, old clients and twelve leads. */
export const furnishDemo = (ground: DemoGround): void => {
  const { state, act } = ground
  replaceDictionary(state, 'STATUS', stages)
  replaceDictionary(state, 'SOURCE', sources)
  setPeople(ground)
  Object.assign(state.calendarSettings, { workTimeStart: '9', workTimeEnd: '18', weekHolidays: ['SA', 'SU'], weekStart: 'MO' })
  state.timemanEnabled = true
  act.createCompany({ title: 'Стоматология «Белый риф»', phone: '+7 900 000-21-11', email: 'reception@example.org', assignedById: 7 }, 7)
  act.createCompany({ title: 'ООО «Дом у залива»', phone: '+7 900 000-31-04', email: 'snab@example.org', assignedById: 4 }, 4)
  for (const present of presentLeads) addPresent(ground, present)
}

/** Makes the demo company's portal: the application is in its market, not yet installed. */
export const createDemoPortal = async (portals: FakePortals): Promise<FakePortal> => {
  const portal = await portals.create({ timeZone: 'Europe/Moscow', language: 'ru', app: { present: false, installed: false } })
  furnishDemo(portal)
  return portal
}
