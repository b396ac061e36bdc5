import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { documentedMethods } from './methods/registry.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => { portals = await startFakePortals({ strict: true, clock: { now: () => Date.parse('2026-03-02T09:00:00Z') } }) })
afterAll(() => portals.close())
beforeEach(async () => { portal = await portals.create() })

describe('tasks', () => {
  it('are asked for in upper case and shown in camelCase strings', async () => {
    const lead = portal.act.createLead({ title: 'Лид' })
    const { task } = await result<{ task: Record<string, unknown> }>(portal, 'tasks.task.add',
      { fields: { TITLE: 'Позвонить', RESPONSIBLE_ID: 1, DEADLINE: '2026-03-02T15:00:00+03:00', UF_CRM_TASK: [`L_${lead.id}`], XML_ID: 'mark-1' } })
    expect(task).toMatchObject({ id: expect.stringMatching(/^\d+$/), status: '2', deadline: '2026-03-02T15:00:00+03:00', xmlId: 'mark-1', responsibleId: '1' })
    expect(task).not.toHaveProperty('ufCrmTask')
    const found = await result<{ tasks: Record<string, unknown>[] }>(portal, 'tasks.task.list', { filter: { UF_CRM_TASK: `L_${lead.id}` },
      select: ['ID', 'UF_CRM_TASK', 'XML_ID'] })
    expect(found.tasks).toMatchObject([{ id: task['id'], ufCrmTask: [`L_${lead.id}`], xmlId: 'mark-1' }])
    expect((await result<{ tasks: unknown[] }>(portal, 'tasks.task.list', { filter: { '>=DEADLINE': '2026-03-02T12:00:00Z', '!STATUS': 5 },
      select: ['ID'] })).tasks).toHaveLength(1)
    expect(await call(portal, 'tasks.task.list', { filter: { XML_ID: 'mark-1' } })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await result(portal, 'tasks.task.complete', { taskId: task['id'] })).toMatchObject({ task: { status: '5', closedBy: '1' } })
    expect(await result(portal, 'tasks.task.renew', { taskId: task['id'] })).toMatchObject({ task: { status: '2', closedDate: null } })
    expect(await result(portal, 'crm.activity.list', { filter: { TYPE_ID: 3, OWNER_ID: lead.id,
      OWNER_TYPE_ID: 1 } })).toMatchObject([{ ASSOCIATED_ENTITY_ID: task['id'], COMPLETED: 'N' }])
    expect(await result(portal, 'tasks.task.delete', { taskId: task['id'] })).toEqual({ task: true })
    expect(await result(portal, 'tasks.task.get', { taskId: Number(task['id']) })).toEqual([])
    expect(await call(portal, 'tasks.task.add', { fields: { RESPONSIBLE_ID: 1 } })).toMatchObject({ status: 400, error: 'ERROR_CORE' })
  })

  it('let the responsible move a deadline only when they allow it', async () => {
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    const closed = portal.act.createTask({ title: 'Нельзя', responsibleId: manager.id }, 1)
    const open = portal.act.createTask({ title: 'Можно', responsibleId: manager.id, allowChangeDeadline: true }, 1)
    const move = (taskId: number) => call(portal, 'tasks.task.update', { taskId, fields: { DEADLINE: '2026-03-03T15:00:00+03:00' } }, manager.id)
    expect(await move(closed.id)).toMatchObject({ status: 400, error: '0' })
    expect(await move(open.id)).toMatchObject({ status: 200 })
  })

  it('have check lists that are read by position', async () => {
    const task = portal.act.createTask({ title: 'Со списком', responsibleId: 1 }, 1)
    const { accessToken } = portal.tokensFor(1)
    const body = `0=${task.id}&1[TITLE]=%D0%9F%D1%83%D0%BD%D0%BA%D1%82&auth=${accessToken}`
    const answer = await fetch(`${portal.clientEndpoint}task.checklistitem.add`, { method: 'POST', body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(await answer.json()).toMatchObject({ result: expect.any(Number) })
    expect(await result(portal, 'task.checklistitem.getlist', { TASKID: task.id })).toMatchObject([{ TITLE: 'Пункт' }, { PARENT_ID: 0 }])
  })
})

describe('people', () => {
  it('are shown with the columns of the granted scope', async () => {
    const person = portal.act.addUser({ name: 'Олег', lastName: 'Крылов', departments: [1], timeZone: 'Asia/Omsk' })
    portal.act.dismissUser(portal.act.addUser({ name: 'Нина', lastName: 'Берёзова' }).id)
    const users = await result<Record<string, unknown>[]>(portal, 'user.get', { FILTER: { ACTIVE: true } })
    expect(users.map(user => user['ID'])).toEqual(['1', String(person.id)])
    expect(users[1]).toMatchObject({ NAME: 'Олег', TIME_ZONE: 'Asia/Omsk', UF_DEPARTMENT: [1], IS_ONLINE: 'Y', ACTIVE: true })
    expect(users[1]).not.toHaveProperty('EMAIL')
    expect(await result(portal, 'user.search', { FILTER: { FIND: 'Крыл' } })).toHaveLength(1)
    expect(await result(portal, 'department.get')).toEqual([{ ID: '1', NAME: 'Компания', SORT: 500, UF_HEAD: '1' }])
    expect(await result(portal, 'im.department.managers.get', { ID: [1] })).toEqual({ 1: [1] })
  })

  it('have working days, absences and notifications', async () => {
    expect(await result(portal, 'timeman.status')).toMatchObject({ STATUS: 'CLOSED' })
    portal.act.openDay(1)
    expect(await result(portal, 'timeman.status', { USER_ID: 1 })).toMatchObject({ STATUS: 'OPENED', TIME_FINISH: null })
    portal.act.setAbsent(1, portal.now() - 3_600_000, portal.now() + 86_400_000)
    expect(await result(portal, 'calendar.accessibility.get', { users: [1], from: '2026-03-02', to: '2026-03-02' })).toMatchObject({ 1: [{ ACCESSIBILITY: 'absent',
      DATE_FROM_TS_UTC: String(portal.now() / 1000 - 3600) }] })
    expect(await result(portal, 'im.user.list.get', { ID: [1], RESULT_TYPE: 'array' })).toMatchObject([{ id: 1, absent: '2026-03-03T12:00:00+03:00' }])
    for (const MESSAGE of ['Первое', 'Второе']) await result(portal, 'im.notify.system.add', { USER_ID: 1, MESSAGE, TAG: 'lead-1' })
    expect(portal.state.notifications.map(one => one.message)).toEqual(['Второе'])
    expect(await call(portal, 'im.notify.personal.add', { USER_ID: 1, MESSAGE: ' ' })).toMatchObject({ status: 400, error: 'MESSAGE_EMPTY' })
    expect(await result(portal, 'calendar.settings.get')).toMatchObject({ work_time_start: '9', week_holidays: ['SA', 'SU'] })
  })
})

describe('the table of methods', () => {
  it('names an official page for every method', () => {
    for (const [name, method] of Object.entries(documentedMethods)) expect(method.page, name).toMatch(/^(api-reference|settings)\/[a-z0-9/-]+\.md$/)
  })

  it('stands in the README, line by line', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
    for (const [name, method] of Object.entries(documentedMethods)) expect(readme).toContain(`| \`${name}\` | ${method.scope.join(' / ')}${method.adminOnly === true ? ', administrator' : ''} | ${method.page} |`)
  })
})
