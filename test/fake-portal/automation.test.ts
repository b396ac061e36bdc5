import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPages } from './pages/handler.ts'
import { createFastClock } from './scenario/clock.ts'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { restoreSnapshot, takeSnapshot } from './snapshot.ts'
import { call, result, startListener } from './testing.ts'

let portals: FakePortals
let portal: FakePortal

beforeEach(async () => {
  const clock = createFastClock({ speed: 0 })
  portals = await startFakePortals({ strict: true, clock, pages: createPages({ clock }) })
  portal = await portals.create()
})
afterEach(() => portals.close())

const ask = (method: string, params: Record<string, unknown>) => call(portal, method, params)
const robot = (handler: string) => ({ CODE: 'check', HANDLER: handler, NAME: { ru: 'Проверить' }, USE_SUBSCRIPTION: 'Y', RETURN_PROPERTIES: { complete: { Name: 'Заполнена', Type: 'string' } } })

describe('robots of an application', () => {
  it('get the document and a token, and return values once', async () => {
    const listener = await startListener()
    try {
      expect(await result(portal, 'bizproc.robot.add', robot(listener.url))).toBe(true)
      expect((await ask('bizproc.robot.add', robot(listener.url))).error).toBe('ERROR_ACTIVITY_ALREADY_INSTALLED')
      const lead = portal.act.createLead({ title: 'Кухня' })
      const run = portal.runRobot('check', lead.id)
      await portal.settle()
      expect(listener.heard).toMatchObject([{ code: 'check', document_id: ['crm', 'CCrmDocumentLead', `LEAD_${lead.id}`], event_token: run.token, auth: { member_id: portal.memberId, application_token: portal.app.applicationToken } }])
      expect(await result(portal, 'bizproc.event.send', { EVENT_TOKEN: run.token, RETURN_VALUES: { complete: 'Y' } })).toBe(true)
      expect(run).toMatchObject({ waiting: false, returned: { complete: 'Y' } })
      expect(await ask('bizproc.event.send', { EVENT_TOKEN: run.token, RETURN_VALUES: {} })).toMatchObject({ status: 403, error: 'ACCESS_DENIED' })
    } finally {
      await listener.close()
    }
  })

  it('are an administrator\'s affair, and gone with an update', async () => {
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    expect((await call(portal, 'bizproc.robot.add', robot('https://app.example.com/robots'), manager.id)).status).toBe(403)
    await ask('bizproc.robot.add', robot('https://app.example.com/robots'))
    expect(await result(portal, 'bizproc.robot.list', {})).toEqual(['check'])
    portal.update(2)
    expect(await result(portal, 'bizproc.robot.list', {})).toEqual([])
  })

  it('can be run from the lead\'s card, where their return values stand', async () => {
    await ask('bizproc.robot.add', robot('https://app.example.com/robots'))
    const lead = portal.act.createLead({ title: 'Кухня' })
    const sent = await fetch(`${portal.baseUrl}/emulator/act/run-robot`, { method: 'POST', headers: { 'cookie': 'portal_user=1', 'x-live': '1' }, body: new URLSearchParams({ lead: String(lead.id), robot: 'check' }) })
    expect(sent.status).toBe(200)
    const [run] = portal.state.robotRuns
    await ask('bizproc.event.send', { EVENT_TOKEN: run?.token, RETURN_VALUES: { complete: 'Y' } })
    const page = await (await fetch(`${portal.baseUrl}/crm/lead/details/${lead.id}/?tab=automation`, { headers: { cookie: 'portal_user=1' } })).text()
    expect(page).toContain('Проверить')
    expect(page).toContain('complete: Y')
  })

  it('survive a snapshot, also one that is older than they are', async () => {
    await ask('bizproc.robot.add', robot('https://app.example.com/robots'))
    const text = takeSnapshot(portal)
    expect((await restoreSnapshot(portals, text)).state.robots.size).toBe(1)
    const older = JSON.parse(text) as { state: Record<string, unknown> }
    delete older.state['robots']
    expect((await restoreSnapshot(portals, JSON.stringify(older))).state.robots.size).toBe(0)
  })
})

describe('triggers of an application', () => {
  it('move the lead to the stage they are bound to', async () => {
    const lead = portal.act.createLead({ title: 'Кухня' })
    const execute = () => ask('crm.automation.trigger.execute', { CODE: 'missed', OWNER_TYPE_ID: 1, OWNER_ID: lead.id })
    expect((await execute()).status).toBe(400)
    await ask('crm.automation.trigger.add', { CODE: 'missed', NAME: 'Срок пропущен' })
    expect(await result(portal, 'crm.automation.trigger.list', {})).toEqual([{ CODE: 'missed', NAME: 'Срок пропущен' }])
    await execute()
    expect(portal.state.leads.get(lead.id)?.stageId).toBe('NEW')
    portal.act.bindTrigger('missed', 'IN_PROCESS')
    await execute()
    expect(portal.state.leads.get(lead.id)?.stageId).toBe('IN_PROCESS')
  })
})
