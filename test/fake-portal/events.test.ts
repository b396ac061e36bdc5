import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call, result, startListener } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
let listener: Awaited<ReturnType<typeof startListener>>
beforeAll(async () => { portals = await startFakePortals() })
afterAll(() => portals.close())
beforeEach(async () => {
  listener = await startListener()
  portal = await portals.create()
})
afterEach(() => listener.close())

const bind = (...events: string[]) => Promise.all(events.map(event => result(portal, 'event.bind', { event, handler: listener.url })))

describe('an event', () => {
  it('is a form with the documented fields, and carries the acting person’s token', async () => {
    await bind('onCrmLeadUpdate')
    const lead = portal.act.createLead({ title: 'Столешница' })
    portal.act.moveStage(lead.id, 'IN_PROCESS', 1)
    await portal.settle()
    const [heard] = listener.heard
    expect(listener.heard).toHaveLength(1)
    expect(heard).toMatchObject({
      contentType: 'application/x-www-form-urlencoded', event: 'ONCRMLEADUPDATE', event_handler_id: expect.stringMatching(/^\d+$/),
      data: { FIELDS: { ID: String(lead.id) } }, ts: expect.stringMatching(/^\d{10}$/),
      auth: {
        domain: portal.domain, client_endpoint: portal.clientEndpoint, server_endpoint: portal.serverEndpoint, member_id: portal.memberId,
        application_token: portal.app.applicationToken,
        scope: 'crm', status: 'F', expires_in: '3600', access_token: expect.any(String),
      },
    })
    expect(heard?.auth).not.toHaveProperty('refresh_token')
    expect(await call(portal, 'profile', {}, heard?.auth['access_token'] ?? '')).toMatchObject({ result: { ID: '1' } })
  })

  it('carries no token when automation acted, but always the application token', async () => {
    await bind('ONCRMLEADADD')
    portal.act.createLead({ title: 'С сайта' }, null)
    await portal.settle()
    expect(listener.heard[0]?.auth).not.toHaveProperty('access_token')
    expect(listener.heard[0]?.auth).toMatchObject({ application_token: portal.app.applicationToken })
  })

  it('carries the pinned user’s token with auth_type', async () => {
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    await result(portal, 'event.bind', { event: 'ONCRMLEADADD', handler: listener.url, auth_type: manager.id })
    portal.act.createLead({ title: 'С сайта' }, null)
    await portal.settle()
    expect(await call(portal, 'profile', {}, listener.heard[0]?.auth['access_token'] ?? '')).toMatchObject({ result: { ID: String(manager.id) } })
  })

  it('comes of our own REST writes too, but not when nothing changes', async () => {
    await bind('ONCRMLEADUPDATE')
    const lead = portal.act.createLead({ title: 'Лид' })
    await result(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { title: 'Другой' } })
    await result(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { title: 'Другой' } })
    await portal.settle()
    expect(listener.heard).toHaveLength(1)
  })

  it('is not sent again after an error of the handler', async () => {
    const broken = await startListener(500)
    await result(portal, 'event.bind', { event: 'ONCRMLEADADD', handler: broken.url })
    portal.act.createLead({ title: 'Лид' })
    await portal.settle()
    expect(broken.heard).toHaveLength(1)
    expect(portal.sentEvents.at(-1)).toMatchObject({ event: 'ONCRMLEADADD', status: 500 })
    await broken.close()
  })

  it('follows a task into the CRM and back', async () => {
    await bind('ONTASKADD', 'ONCRMACTIVITYADD', 'ONCRMACTIVITYUPDATE', 'ONTASKUPDATE')
    const lead = portal.act.createLead({ title: 'Лид' })
    const task = portal.act.createTask({ title: 'Позвонить', responsibleId: 1, ufCrmTask: [`L_${lead.id}`] }, 1)
    portal.act.completeTask(task.id, 1)
    await portal.settle()
    expect(listener.heard.map(one => one.event).sort()).toEqual(['ONCRMACTIVITYADD', 'ONCRMACTIVITYUPDATE', 'ONTASKADD', 'ONTASKUPDATE'])
    expect(listener.heard.find(one => one.event === 'ONTASKADD')?.data).toEqual({ FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: String(task.id) },
      IS_ACCESSIBLE_BEFORE: 'undefined', IS_ACCESSIBLE_AFTER: 'undefined' })
  })

  it('tells of a call with its result and its activity', async () => {
    await bind('ONVOXIMPLANTCALLEND')
    const lead = portal.act.createLead({ title: 'Лид', phone: '+79000000011' })
    const { activity } = portal.act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 0, failedCode: '486' })
    await portal.settle()
    expect(listener.heard[0]?.data).toMatchObject({ CALL_TYPE: '1', PHONE_NUMBER: '+79000000011', CALL_DURATION: '0', CALL_FAILED_CODE: '486',
      CRM_ACTIVITY_ID: String(activity.id), PORTAL_USER_ID: '1' })
  })
})

describe('binding', () => {
  it('refuses the same handler twice, unknown events, and what only administrators may', async () => {
    const person = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    await bind('ONCRMLEADADD')
    expect(await call(portal, 'event.bind', { event: 'ONCRMLEADADD', handler: listener.url })).toMatchObject({ status: 400,
      error_description: expect.stringContaining('Unable to set event handler') })
    expect(await call(portal, 'event.bind', { event: 'ONNOTHING', handler: listener.url })).toMatchObject({ status: 400, error: 'ERROR_EVENT_NOT_FOUND' })
    expect(await call(portal, 'event.bind', { event: 'ONCRMLEADADD', event_type: 'offline' }, person.id)).toMatchObject({ status: 403, error: 'ACCESS_DENIED' })
    expect(await call(portal, 'event.bind', { event: 'ONCRMLEADADD', handler: listener.url, auth_type: 1 }, person.id)).toMatchObject({ status: 403,
      error: 'ACCESS_DENIED' })
    expect(await result(portal, 'event.get')).toEqual([{ event: 'ONCRMLEADADD', handler: listener.url, auth_type: '0', offline: 0 }])
    expect(await result(portal, 'event.unbind', { event: 'ONCRMLEADADD', handler: listener.url })).toEqual({ count: 1 })
  })

  it('can be tested with event.test', async () => {
    await bind('ONAPPTEST')
    expect(await result(portal, 'event.test', { any: 'data' })).toBe(1)
    await portal.settle()
    expect(listener.heard[0]).toMatchObject({ event: 'ONAPPTEST', data: { QUERY: { any: 'data' } } })
  })
})

describe('the offline queue', () => {
  it('keeps one record per object, and none of its own connector’s changes', async () => {
    await result(portal, 'event.bind', { event: 'ONCRMLEADUPDATE', event_type: 'offline', auth_connector: 'rail' })
    const lead = portal.act.createLead({ title: 'Лид' })
    portal.act.updateLead(lead.id, { title: 'Раз' }, 1)
    portal.act.updateLead(lead.id, { title: 'Два' }, 1)
    await result(portal, 'crm.item.update', { entityTypeId: 1, id: portal.act.createLead({ title: 'Лид' }).id, fields: { title: 'Наш' }, auth_connector: 'rail' })
    expect(await result(portal, 'event.offline.list', { auth_connector: 'rail' })).toHaveLength(1)
    const taken = await result<{ process_id: string; events: { ID: string; EVENT_NAME: string }[] }>(portal, 'event.offline.get', { auth_connector: 'rail',
      clear: 0 })
    expect(taken.events).toMatchObject([{ EVENT_NAME: 'ONCRMLEADUPDATE' }])
    expect(await result(portal, 'event.offline.get', { auth_connector: 'rail', clear: 0 })).toMatchObject({ events: [] })
    expect(await result(portal, 'event.offline.clear', { process_id: taken.process_id })).toBe(true)
    expect(await result(portal, 'event.offline.list', { auth_connector: 'rail' })).toHaveLength(0)
  })
})

describe('faults of events', () => {
  const storm = (): void => { for (let index = 0; index < 60; index += 1) portal.act.createLead({ title: `Лид ${index}` }) }
  const ids = () => listener.heard.map(one => Number((one.data as { FIELDS: { ID: string } }).FIELDS.ID))

  it('drops some, doubles some, and mixes the order, the same way for the same seed', async () => {
    const outcomes: number[][] = []
    for (const seed of [5, 5, 6]) {
      portal = await portals.create({ seed })
      listener.heard.length = 0
      await bind('ONCRMLEADADD')
      portal.faults.dropEvents(0.2)
      portal.faults.doubleEvents(0.3)
      storm()
      await portal.settle()
      outcomes.push(ids().sort((a, b) => a - b))
    }
    expect(outcomes[0]).toEqual(outcomes[1])
    expect(outcomes[0]).not.toEqual(outcomes[2])
    expect(new Set(outcomes[0]).size).toBeLessThan(60)
    expect(outcomes[0]?.length).toBeGreaterThan(new Set(outcomes[0]).size)
  })

  it('mixes the order', async () => {
    await bind('ONCRMLEADADD')
    portal.faults.reorderEvents()
    storm()
    await portal.settle()
    expect(ids()).toHaveLength(60)
    expect(ids()).not.toEqual([...ids()].sort((a, b) => a - b))
  })
})
