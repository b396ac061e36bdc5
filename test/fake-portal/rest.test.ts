import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => {
  portals = await startFakePortals()
  portal = await portals.create()
})
afterAll(() => portals.close())

describe('a REST call', () => {
  it('answers result and a time block with operating', async () => {
    const answer = await call(portal, 'profile')
    expect(answer).toMatchObject({ status: 200, result: { ID: '1', ADMIN: true } })
    expect(Object.keys(answer.time ?? {})).toEqual(['start', 'finish', 'duration', 'processing', 'date_start', 'date_finish', 'operating_reset_at', 'operating'])
  })

  it('takes a doubled slash, a suffix and any letter case in the address', async () => {
    const { accessToken } = portal.tokensFor(1)
    for (const path of ['rest//server.time', 'rest/server.time.json', 'rest/SERVER.time']) {
      const answer = await fetch(`${portal.baseUrl}/${path}?auth=${accessToken}`)
      expect(await answer.json()).toMatchObject({ result: expect.stringMatching(/^\d{4}-.*\+03:00$/) })
    }
  })

  it('reads a form body the way PHP does', async () => {
    const { accessToken } = portal.tokensFor(1)
    const body = 'entityTypeId=1&fields[title]=Form%20%26%20co&fields[fm][0][typeId]=PHONE&fields[fm][0][value]=%2B79000000001&auth=' + accessToken
    const answer = await fetch(`${portal.clientEndpoint}crm.item.add`, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(await answer.json()).toMatchObject({ result: { item: { title: 'Form & co', phone: '+79000000001' } } })
  })

  it.each([
    ['no token', undefined, 401, 'NO_AUTH_FOUND'],
    ['a token nobody gave out', 'abc', 401, 'NO_AUTH_FOUND'],
  ])('refuses %s', async (_name, auth, status, error) => {
    const answer = await fetch(`${portal.clientEndpoint}profile`, { method: 'POST', body: JSON.stringify({ auth }),
      headers: { 'content-type': 'application/json' } })
    expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject({ status, error })
  })

  it("refuses another portal's token", async () => {
    const other = await portals.create()
    expect(await call(portal, 'profile', {}, other.tokensFor(1).accessToken)).toMatchObject({ status: 401, error: 'NO_AUTH_FOUND' })
  })

  it('refuses an unknown method with 404, a missing scope with 403', async () => {
    expect(await call(portal, 'no.such.method')).toMatchObject({ status: 404, error: 'ERROR_METHOD_NOT_FOUND' })
    const narrow = await portals.create({ app: { scope: ['task'] } })
    expect(await call(narrow, 'crm.item.list', { entityTypeId: 1 })).toMatchObject({ status: 403, error: 'insufficient_scope' })
  })

  it('refuses dismissed people, people without access, and portals without REST', async () => {
    const own = await portals.create()
    const person = own.act.addUser({ name: 'Пётр', lastName: 'Лосев' })
    const { accessToken } = own.tokensFor(person.id)
    person.hasAppAccess = false
    expect(await call(own, 'profile', {}, accessToken)).toMatchObject({ status: 403, error: 'user_access_error' })
    own.act.dismissUser(person.id)
    expect(await call(own, 'profile', {}, accessToken)).toMatchObject({ status: 403, error: 'INVALID_CREDENTIALS' })
    own.settings.restAvailable = false
    expect(await call(own, 'profile')).toMatchObject({ status: 403, error: 'ACCESS_DENIED' })
    own.settings.deleted = true
    expect(await call(own, 'profile')).toMatchObject({ status: 500, error: 'PORTAL_DELETED' })
  })
})

describe('a browser', () => {
  it('may call from any origin', async () => {
    const answer = await fetch(`${portal.clientEndpoint}profile`, { method: 'OPTIONS', headers: { origin: 'http://127.0.0.1:3000', 'access-control-request-method': 'POST' } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('the traffic of a portal', () => {
  it('is counted by method and status, batches opened', async () => {
    const own = await portals.create()
    await call(own, 'batch', { cmd: { a: 'profile', b: 'profile' } })
    await call(own, 'profile')
    await call(own, 'profile', {}, 'made up')
    expect(own.traffic).toEqual({ requests: 3, calls: { batch: 1, profile: 4 }, statuses: { 200: 2, 401: 1 } })
  })
})

describe('a list', () => {
  it('comes in pages of 50 with next and total', async () => {
    const own = await portals.create()
    for (let index = 0; index < 120; index += 1) own.act.createLead({ title: `Лид ${index}` })
    const first = await call(own, 'crm.item.list', { entityTypeId: 1, select: ['id'] })
    expect(first).toMatchObject({ next: 50, total: 120 })
    const last = await call(own, 'crm.item.list', { entityTypeId: 1, select: ['id'], start: 100 })
    expect(last).toMatchObject({ total: 120 })
    expect(last).not.toHaveProperty('next')
    expect((last.result as { items: unknown[] }).items).toHaveLength(20)
  })

  it('leaves the counting out with start −1', async () => {
    const answer = await call(portal, 'crm.item.list', { entityTypeId: 1, start: -1 })
    expect(answer).not.toHaveProperty('total')
    expect(answer).not.toHaveProperty('next')
  })
})

describe('a batch', () => {
  const batch = (cmd: unknown, halt = 0) => result<Record<string, unknown>>(portal, 'batch', { cmd, halt })

  it('puts every outcome under the key it was asked with', async () => {
    const answer = await batch({ me: 'profile', none: 'crm.item.get?entityTypeId=1&id=999999', leads: 'crm.item.list?entityTypeId=1&select[]=id' })
    expect(answer['result']).toMatchObject({ me: { ID: '1' }, leads: { items: expect.any(Array) } })
    expect(answer['result_error']).toEqual({ none: { error: 'NOT_FOUND', error_description: 'Item not found' } })
    expect(answer['result_total']).toMatchObject({ leads: expect.any(Number) })
    expect(answer['result_next']).toEqual([])
    expect(Object.keys(answer['result_time'] as object)).toEqual(['me', 'leads'])
  })

  it('passes results on by reference', async () => {
    const answer = await batch({
      lead: 'crm.item.add?entityTypeId=1&fields[title]=%D0%9B%D0%B8%D0%B4&fields[fm][0][typeId]=PHONE&fields[fm][0][value]=1',
      again: 'crm.item.get?entityTypeId=1&id=$result[lead][item][id]',
      task: 'tasks.task.add?fields[TITLE]=t&fields[RESPONSIBLE_ID]=1&fields[UF_CRM_TASK][0]=L_$result[lead][item][id]',
    }) as { result: { lead: { item: { id: number } }; again: { item: { id: number } } }; result_error: unknown }
    expect(answer.result_error).toEqual([])
    expect(answer.result.again.item.id).toBe(answer.result.lead.item.id)
  })

  it('stops at the first error with halt, and goes on without', async () => {
    const cmd = ['profile', 'no.such.method', 'user.admin']
    expect(await batch(cmd, 1)).toMatchObject({ result: [{ ID: '1' }], result_error: { 1: { error: 'ERROR_METHOD_NOT_FOUND' } } })
    expect((await batch(cmd, 0))['result']).toEqual({ 0: expect.any(Object), 2: true })
  })

  it('refuses a batch inside, and commands beyond the fiftieth', async () => {
    expect((await batch({ inner: 'batch?cmd[a]=profile' }))['result_error']).toMatchObject({ inner: { error: 'ERROR_BATCH_METHOD_NOT_ALLOWED' } })
    const many = await batch(Object.fromEntries(Array.from({ length: 52 }, (_one, index) => [`c${index}`, 'user.admin'])))
    expect(Object.keys(many['result'] as object)).toHaveLength(50)
    expect(many['result_error']).toMatchObject({ c50: { error: 'ERROR_BATCH_LENGTH_EXCEEDED' }, c51: { error: 'ERROR_BATCH_LENGTH_EXCEEDED' } })
  })

  it('shows empty maps as PHP does, as lists', async () => {
    expect(await batch({})).toEqual({ result: [], result_error: [], result_total: [], result_next: [], result_time: [] })
  })

  it('writes its commands into the log', async () => {
    await batch({ a: 'profile', b: 'user.admin' })
    expect(portal.requests.at(-1)).toMatchObject({ method: 'batch', batchCommands: ['profile', 'user.admin'], status: 200, userId: 1 })
  })
})

describe('limits', () => {
  it('answers 503 to requests above the bucket, and lets a batch count once', async () => {
    const own = await portals.create()
    const { accessToken } = own.tokensFor(1)
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(own, 'user.admin', {}, accessToken)))
    const refused = answers.filter(answer => answer.status === 503)
    expect(refused.length).toBeGreaterThanOrEqual(5)
    expect(refused[0]).toMatchObject({ error: 'QUERY_LIMIT_EXCEEDED' })
    const fresh = await portals.create()
    const cmd = Object.fromEntries(Array.from({ length: 50 }, (_one, index) => [`c${index}`, 'user.admin']))
    expect(await call(fresh, 'batch', { cmd })).toMatchObject({ status: 200 })
    expect(await call(fresh, 'user.admin')).toMatchObject({ status: 200 })
  })

  it('gives Enterprise a bucket of 250', async () => {
    const own = await portals.create({ license: 'ru_ent250' })
    const { accessToken } = own.tokensFor(1)
    const answers = await Promise.all(Array.from({ length: 100 }, () => call(own, 'user.admin', {}, accessToken)))
    expect(answers.every(answer => answer.status === 200)).toBe(true)
  })

  it('blocks one method with 429 above its operating time, and frees it when the baskets have gone', async () => {
    let now = Date.parse('2026-03-02T09:00:00Z')
    const slow = await startFakePortals({ clock: { now: () => now } })
    const own = await slow.create()
    own.limits.operating.costSeconds['crm.item.list'] = 200
    const list = () => call(own, 'crm.item.list', { entityTypeId: 1 })
    for (const operating of [200, 400, 600]) expect((await list()).time).toMatchObject({ operating,
      operating_reset_at: Math.floor(Date.parse('2026-03-02T09:10:00Z') / 1000) })
    expect(await list()).toMatchObject({ status: 429, error: 'OPERATION_TIME_LIMIT' })
    expect((await call(own, 'batch', { cmd: { l: 'crm.item.list?entityTypeId=1', p: 'profile' } })).result).toMatchObject({ result: { p: { ID: '1' } },
      result_error: { l: { error: 'OPERATION_TIME_LIMIT' } } })
    now += 601_000
    expect(await list()).toMatchObject({ status: 200 })
    await slow.close()
  })
})
