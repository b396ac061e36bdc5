import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindPreset } from '../../server/domain/presets/preset.ts'
import { worktops } from '../../server/domain/presets/worktops.ts'
import type { CheckId } from '../../server/portal/install.ts'
import { stageId } from '../../server/domain/lead.ts'
import type { RobotsAt } from '../../server/portal/install-automation.ts'
import { planStages } from '../../server/portal/install-stages.ts'
import type { Stage } from '../../server/portal/statuses.ts'
import { appUrl, type Room, startRoom } from './room.ts'

let room: Room
beforeEach(async () => {
  room = await startRoom()
  robots = null
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

/** What the last one has left of the robots is remembered. */
const ensure = async (dry = false) => {
  const ensured = await room.access.ensure(room.portal.memberId, { dry, robots })
  if (!dry) robots = ensured.robots
  return ensured
}
let robots: RobotsAt | null
const broken = async (dry = false) => (await ensure(dry)).checks.filter(({ ok }) => !ok).map(({ id }): CheckId => id)
const state = () => room.portal.state
const picture = () => JSON.stringify([state().eventHandlers, state().placements, [...state().userFields.values()], [...state().statuses.values()]])
const writes = () => room.portal.requests.flatMap(request => [request.method, ...request.batchCommands]).filter(name => /\.(add|bind|unbind|update)$/i.test(name))

describe('the set-up of a portal', () => {
  it('makes everything that the regulation needs, and binds it to what the portal calls it', async () => {
    const { ok, binding, done } = await ensure()
    expect(ok).toBe(true)
    expect(binding).toMatchObject({ stages: { 'new': 'NEW', 'in-work': 'IN_PROCESS', 'qualified': 'PROCESSED', 'not-qualified': 'JUNK' }, departmentId: 1, fallbackUserId: 1 })
    expect(done).toContainEqual({ what: 'fields', count: worktops.fields.length })
    expect(state().eventHandlers.map(({ event, handler }) => `${event} ${handler}`)).toContain(`ONCRMLEADADD ${appUrl}/events`)
    expect(state().placements.map(({ placement, handler }) => [placement, handler]).sort()).toEqual([['CRM_LEAD_DETAIL_TAB', `${appUrl}/placements/lead-tab`], ['LEFT_MENU', `${appUrl}/app`]])
    expect(binding === null ? null : bindPreset(worktops, binding)).not.toBeNull()
  })

  it('changes nothing the second time', async () => {
    await ensure()
    const before = picture()
    room.portal.requests.length = 0
    expect(await ensure()).toMatchObject({ ok: true, done: [] })
    expect(writes()).toEqual([])
    expect(picture()).toBe(before)
  })

  it('takes few requests: the portal takes fifty at once from pages and background together', async () => {
    room.portal.requests.length = 0
    await ensure()
    expect(room.portal.requests.length).toBeLessThanOrEqual(10)
    expect(Math.max(...room.portal.requests.map(({ batchCommands }) => batchCommands.filter(name => name === 'crm.lead.userfield.add').length))).toBeLessThanOrEqual(5)
    room.portal.requests.length = 0
    await ensure()
    expect(room.portal.requests.length).toBeLessThanOrEqual(3)
  })

  it('knows its fields, sources and stages among hundreds of others', async () => {
    const addField = (id: number) => state().userFields.set(id, {
      id, entityId: 'CRM_LEAD', fieldName: `UF_CRM_OWN_${id}`, userTypeId: 'string', xmlId: '', sort: 1, multiple: false, mandatory: false, showFilter: 'N', showInList: true, editInList: true, isSearchable: false,
      settings: {}, list: [], editFormLabel: {}, listColumnLabel: {}, listFilterLabel: {}, errorMessage: {}, helpMessage: {},
    } as never)
    for (let id = 5001; id <= 5120; id += 1) addField(id)
    for (let index = 1; index <= 120; index += 1) {
      room.portal.act.addStatus({ entityId: 'SOURCE', statusId: `OWN_${index}`, name: `Источник ${index}`, sort: 1 })
      room.portal.act.addStatus({ entityId: 'STATUS', statusId: `OWN_${index}`, name: `Этап ${index}`, sort: 15, semantics: null })
    }
    expect(await ensure()).toMatchObject({ ok: true })
    const before = picture()
    room.portal.requests.length = 0
    expect(await ensure()).toMatchObject({ ok: true, done: [] })
    expect(room.portal.requests.length).toBeLessThanOrEqual(4)
    expect(picture()).toBe(before)
    const names = await room.access.readNames(room.portal.memberId)
    expect(Object.keys(names.sources).filter(id => id.startsWith('OWN_'))).toHaveLength(120)
    expect(Object.keys(names.stages)).toContain('JUNK')
  })

  it('only looks when it is told to', async () => {
    expect(await broken(true)).toEqual(['events', 'placements', 'fields', 'automation'])
    expect(writes()).toEqual([])
    await ensure()
    expect(await broken(true)).toEqual([])
  })

  it('repairs what an update of the application has removed', async () => {
    await ensure()
    room.portal.update(2)
    expect(state().eventHandlers).toEqual([])
    expect(await ensure()).toMatchObject({ ok: true })
    expect(state().placements).toHaveLength(2)
  })
})

describe('a changed address of the application', () => {
  it('leaves no tab and no handler behind, and makes no doubles', async () => {
    room.portal.state.placements.push(
      { placement: 'CRM_LEAD_DETAIL_TAB', handler: 'https://old.example.com/placements/lead-tab', userId: 0, title: '', description: '', groupName: '', langAll: {}, options: {} },
      { placement: 'LEFT_MENU', handler: `${appUrl}/app`, userId: 0, title: '', description: '', groupName: '', langAll: {}, options: {} },
      { placement: 'LEFT_MENU', handler: `${appUrl}/app`, userId: 0, title: '', description: '', groupName: '', langAll: {}, options: {} },
    )
    room.portal.state.eventHandlers.push({ id: 900, event: 'ONCRMLEADADD', handler: 'https://old.example.com/events', authType: 0, offline: false, connector: '', ownerId: 1, options: {} })
    expect(await ensure()).toMatchObject({ ok: true })
    expect(state().placements.map(({ placement, handler }) => [placement, handler]).sort()).toEqual([['CRM_LEAD_DETAIL_TAB', `${appUrl}/placements/lead-tab`], ['LEFT_MENU', `${appUrl}/app`]])
    expect(state().eventHandlers.filter(({ handler }) => handler !== `${appUrl}/events`)).toEqual([])
    expect(new Set(state().eventHandlers.map(({ event }) => event)).size).toBe(state().eventHandlers.length)
  })
})

describe('what stands in the way', () => {
  it('is the simple mode of CRM: nothing is touched (S1-C2)', async () => {
    state().crmMode = 2
    expect(await broken()).toContain('crm-mode')
    expect(writes()).toEqual([])
  })

  it('is a missing permission, named', async () => {
    room.portal.app.scope = room.portal.app.scope.filter(scope => scope !== 'im')
    const { checks, binding } = await ensure()
    expect(checks.find(({ id }) => id === 'scopes')).toMatchObject({ ok: false, detail: 'im' })
    expect(binding).toBeNull()
    expect(writes()).toEqual([])
  })

  it('is a person without the right to administer', async () => {
    const person = room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    room.store.tokens.clear()
    room.admit(room.portal, person.id)
    expect(await broken()).toContain('administrator')
    expect(writes()).toEqual([])
  })

  it('is a field of our name with another type; the other fields are made all the same', async () => {
    await ensure()
    const field = [...state().userFields.values()].find(({ fieldName }) => fieldName === 'UF_CRM_LR_PLACE')
    if (field !== undefined) Object.assign(field, { userTypeId: 'string', list: [] })
    const { checks, binding } = await ensure()
    expect(checks.find(({ id }) => id === 'fields')).toMatchObject({ ok: false, detail: 'PLACE: another type' })
    expect(binding).toBeNull()
    expect(state().userFields.size).toBe(worktops.fields.length)
  })
})

describe('a set-up that breaks off', () => {
  it('keeps what was done and goes on from there', async () => {
    room.portal.faults.failBefore('crm.lead.userfield.add', 502, 3)
    await ensure().catch(() => undefined)
    room.portal.faults.clear()
    expect(await ensure()).toMatchObject({ ok: true })
    expect(state().userFields.size).toBe(worktops.fields.length)
  })

  it('does not make a field twice when the portal took too long to say that it had made it', async () => {
    room.portal.faults.failAfter('crm.lead.userfield.add', 'reset', 2)
    expect(await ensure()).toMatchObject({ ok: true })
    expect([...state().userFields.values()].map(({ fieldName }) => fieldName).sort()).toEqual(worktops.fields.map(({ code }) => `UF_CRM_LR_${code}`).sort())
    expect(writes().filter(name => name === 'crm.lead.userfield.add')).toHaveLength(worktops.fields.length)
  })

  it('adds list values that an older set-up did not have, and keeps the ids of the others', async () => {
    const first = await ensure()
    const field = [...state().userFields.values()].find(({ fieldName }) => fieldName === 'UF_CRM_LR_PLACE')
    const last = field?.list.pop()
    const second = await ensure()
    expect(second).toMatchObject({ ok: true })
    const values = second.binding?.fields['PLACE']?.values ?? {}
    expect(Object.keys(values)).toContain(last?.xmlId)
    for (const [code, value] of Object.entries(first.binding?.fields['PLACE']?.values ?? {})) if (code !== last?.xmlId) expect(values[code]).toBe(value)
  })
})

describe('the department that gets the leads', () => {
  it('is the one of sales, its head the one to turn to', async () => {
    const head = room.portal.act.addUser({ name: 'Дарья', lastName: 'Главная' })
    const sales = room.portal.act.addDepartment({ name: 'Отдел продаж', parentId: 1, headId: head.id })
    for (let people = 0; people < 3; people += 1) room.portal.act.addUser({ name: 'Пётр', lastName: `Завхозов ${people}`, departments: [1] })
    room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов', departments: [sales.id] })
    expect((await ensure()).binding).toMatchObject({ departmentId: sales.id, fallbackUserId: head.id, withHead: false })
  })

  it('is the largest one where nothing is called sales', async () => {
    const store = room.portal.act.addDepartment({ name: 'Склад', parentId: 1 })
    for (let people = 0; people < 3; people += 1) room.portal.act.addUser({ name: 'Пётр', lastName: `Складов ${people}`, departments: [store.id] })
    expect((await ensure()).binding).toMatchObject({ departmentId: store.id, fallbackUserId: 1 })
  })
})

describe('stages of a regulation', () => {
  const stage = (id: string, name: string, sort: number, semantic: Stage['semantic'] = 'processing'): Stage => ({ id, name, sort, semantic, system: false })
  const plan = (...stages: Stage[]) => planStages(stages, worktops, 'ru')

  it('are found by name where the portal has its own', () => {
    expect(plan(stage('NEW', 'Новая заявка', 10), stage('UC_1', 'Взят в работу', 20), stage('UC_2', 'Квалификация пройдена', 30), stage('CONVERTED', 'Сделка', 40, 'success'), stage('JUNK', 'Мусор', 50, 'failure'))).toMatchObject({
      chosen: { 'new': 'NEW', 'in-work': 'UC_1', 'qualified': 'UC_2', 'not-qualified': 'JUNK' }, calls: [],
    })
  })

  it('are added between the others where they are missing, the success staying behind them', () => {
    const { calls, missing } = plan(stage('NEW', 'Заявка', 10), stage('CONVERTED', 'Сделка', 20, 'success'), stage('JUNK', 'Мусор', 30, 'failure'))
    expect(missing).toEqual(['in-work', 'qualified'])
    const sorts = calls.map(({ params }) => (params?.['fields'] as { SORT: number }).SORT)
    expect(sorts.every(sort => sort > 10 && sort < 20)).toBe(true)
    expect(sorts[0]).toBeLessThan(sorts[1] ?? 0)
  })

  it('stay where the regulation in force has them, whatever they are called by now', () => {
    const stages = [stage('NEW', 'Заявка', 10), stage('UC_1', 'Звонок', 20), stage('UC_9', 'Взят в работу', 25), stage('UC_2', 'Смета', 30), stage('CONVERTED', 'Сделка', 40, 'success'), stage('JUNK', 'Мусор', 50, 'failure')]
    const inForce = { 'new': stageId('NEW'), 'in-work': stageId('UC_1'), 'qualified': stageId('UC_2'), 'not-qualified': stageId('JUNK') }
    expect(planStages(stages, worktops, 'ru', inForce)).toEqual({ chosen: inForce, calls: [], missing: [] })
    expect(planStages(stages.filter(({ id }) => id !== 'UC_1'), worktops, 'ru', inForce).chosen['in-work']).toBe('UC_9')
  })

  it('never give one stage two roles', () => {
    const { chosen, missing } = plan(stage('NEW', 'В работе', 10), stage('CONVERTED', 'Сделка', 20, 'success'), stage('JUNK', 'Мусор', 30, 'failure'))
    expect(Object.values(chosen)).toEqual(['NEW', 'JUNK'])
    expect(missing).toEqual(['in-work', 'qualified'])
  })

  it('are made on a portal that has removed the usual ones', async () => {
    for (const [id, status] of state().statuses) if (status.entityId === 'STATUS' && ['IN_PROCESS', 'PROCESSED'].includes(status.statusId)) state().statuses.delete(id)
    const { ok, binding, facts } = await ensure()
    expect(ok).toBe(true)
    expect(facts.stageNames).toMatchObject({ NEW: expect.any(String), LEADRAIL_IN_WORK: 'Взят в работу' })
    expect(binding?.stages).toEqual({ 'new': 'NEW', 'in-work': 'LEADRAIL_IN_WORK', 'qualified': 'LEADRAIL_QUALIFIED', 'not-qualified': 'JUNK' })
  })
})
