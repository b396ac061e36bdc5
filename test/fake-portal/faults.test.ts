import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => { portals = await startFakePortals() })
afterAll(() => portals.close())
beforeEach(async () => { portal = await portals.create() })

const addLead = () => fetch(`${portal.clientEndpoint}crm.item.add`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ entityTypeId: 1, fields: { title: 'Лид' },
    auth: portal.tokensFor(1).accessToken }),
})

describe('faults of requests', () => {
  it('fail before the effect', async () => {
    portal.faults.failBefore('crm.item.add', 502)
    expect((await addLead()).status).toBe(502)
    expect(portal.state.leads.size).toBe(0)
    expect((await addLead()).status).toBe(200)
    expect(portal.requests.map(entry => entry.status)).toEqual([502, 200])
  })

  it('fail after the effect', async () => {
    portal.faults.failAfter('*', 503, 2)
    expect([(await addLead()).status, (await addLead()).status, (await addLead()).status]).toEqual([503, 503, 200])
    expect(portal.state.leads.size).toBe(3)
  })

  it('tear the connection, before or after', async () => {
    portal.faults.failBefore('crm.item.add')
    await expect(addLead()).rejects.toThrow()
    expect(portal.state.leads.size).toBe(0)
    portal.faults.failAfter('crm.item.add')
    await expect(addLead()).rejects.toThrow()
    expect(portal.state.leads.size).toBe(1)
  })

  it('hit a whole batch for a method inside it', async () => {
    const cmd = { lead: 'crm.item.add?entityTypeId=1&fields[title]=a', me: 'profile' }
    portal.faults.failAfter('crm.item.add')
    await expect(call(portal, 'batch', { cmd })).rejects.toThrow()
    expect(portal.state.leads.size).toBe(1)
    expect(portal.requests.at(-1)).toMatchObject({ method: 'batch', status: 0 })
    expect(await call(portal, 'batch', { cmd })).toMatchObject({ status: 200 })
  })

  it('lose answers by chance, and make everything slow', async () => {
    portal.faults.loseAnswers(1)
    const outcomes = await Promise.allSettled([addLead(), addLead(), addLead(), addLead(), addLead(), addLead()])
    expect(outcomes.some(outcome => outcome.status === 'rejected')).toBe(true)
    portal.faults.clear()
    portal.faults.slow(60)
    const begun = performance.now()
    await result(portal, 'profile')
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55)
  })

  it('can hit the authorisation server', async () => {
    portals.failAuthServer(1)
    const ask = () => fetch(`${portals.authServer}/rest/app.info?auth=${portal.tokensFor(1).accessToken}`)
    expect((await ask()).status).toBe(500)
    expect((await ask()).status).toBe(200)
  })
})

describe('a renamed portal', () => {
  it('answers 302 to everything on its old address and works on the new one', async () => {
    const { accessToken } = portal.tokensFor(1)
    const old = portal.clientEndpoint
    const domain = await portal.rename()
    const moved = await fetch(`${old}profile?auth=${accessToken}`, { method: 'POST', redirect: 'manual' })
    expect(moved.status).toBe(302)
    expect(moved.headers.get('location')).toBe(`http://${domain}/rest/profile?auth=${accessToken}`)
    expect(await call(portal, 'profile', {}, accessToken)).toMatchObject({ status: 200 })
    expect(portals.get(domain)?.memberId).toBe(portal.memberId)
  })
})

describe('a call that is not carried out', () => {
  it('is answered as planned, alone and in a batch, as often as planned', async () => {
    const fields = { entityTypeId: 1, fields: { title: 'Лид' } }
    portal.faults.answerWith('crm.item.add', { result: false }, 2)
    portal.faults.answerWith('crm.item.add', { error: 'ACCESS_DENIED', description: 'Нельзя', status: 400 })
    expect(await call(portal, 'crm.item.add', fields)).toMatchObject({ status: 200, result: false })
    const batch = await call(portal, 'batch', { cmd: { a: 'crm.item.add?entityTypeId=1&fields[title]=x', b: 'crm.item.add?entityTypeId=1&fields[title]=y' } })
    expect(batch).toMatchObject({ result: { result: { a: false }, result_error: { b: { error: 'ACCESS_DENIED', error_description: 'Нельзя' } } } })
    expect(portal.state.leads.size).toBe(0)
    await call(portal, 'crm.item.add', fields)
    expect(portal.state.leads.size).toBe(1)
  })

  it('passes over a field in silence', async () => {
    portal.faults.ignoreField('comments')
    for (const title of ['A', 'B']) await call(portal, 'crm.item.add', { entityTypeId: 1, fields: { title, comments: 'Дуб' } })
    expect([...portal.state.leads.values()].map(({ comments }) => comments ?? null)).toEqual([null, 'Дуб'])
  })
})

describe('strict mode', () => {
  it('refuses and notes unknown parameters, wrong types and unknown fields', async () => {
    const strict = await portals.create({ strict: true })
    expect(await call(strict, 'crm.item.list', { entityTypeId: 1, selct: ['id'] })).toMatchObject({ status: 400, error: 'FAKE_PORTAL_STRICT' })
    expect(await call(strict, 'crm.item.list', { entityTypeId: 'lead' })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await call(strict, 'crm.item.add', { entityTypeId: 1, fields: { titel: 'x' } })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await call(strict, 'crm.item.get', { entityTypeId: 1 })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await call(strict, 'crm.item.add', { entityTypeId: 3, fields: { name: 'Мария', fm: { n0: { typeId: 'PHONE', valueType: 'WORK', value: '+79000000071' } } } })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await call(strict, 'no.such.method')).toMatchObject({ status: 404 })
    expect(strict.strictFailures).toEqual([
      'crm.item.list: unknown parameter selct', 'crm.item.list: parameter entityTypeId is not integer', 'crm.item.add: field titel is unknown',
      'crm.item.get: required parameter id is missing', 'crm.item.add: fm of a new item is no list', 'no.such.method: unknown method',
    ])
  })

  it('is lenient where the portal is, when it is off', async () => {
    expect(await call(portal, 'crm.item.add', { entityTypeId: 1, fields: { titel: 'x' }, other: 1 })).toMatchObject({ status: 200 })
    expect(portal.strictFailures).toEqual([])
  })
})
