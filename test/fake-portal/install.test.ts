import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortals } from './fake-portals.ts'
import { call, result, startListener } from './testing.ts'

let portals: FakePortals
let listener: Awaited<ReturnType<typeof startListener>>
beforeAll(async () => {
  portals = await startFakePortals()
  listener = await startListener()
})
afterAll(async () => {
  await listener.close()
  await portals.close()
})

describe('installing the application', () => {
  it('delivers nothing before installFinish, and ONAPPINSTALL with renewable tokens after it', async () => {
    const portal = await portals.create()
    portal.install({ app: 'http://127.0.0.1:9/app', install: 'http://127.0.0.1:9/install' })
    expect(await result(portal, 'app.info')).toMatchObject({ INSTALLED: false })
    for (const event of ['ONAPPINSTALL', 'ONCRMLEADADD']) await result(portal, 'event.bind', { event, handler: listener.url })
    listener.heard.length = 0
    portal.act.createLead({ title: 'Слишком рано' })
    await portal.settle()
    expect(listener.heard).toEqual([])
    portal.finishInstall()
    await portal.settle()
    expect(await result(portal, 'app.info')).toMatchObject({ INSTALLED: true })
    expect(listener.heard).toMatchObject([{ event: 'ONAPPINSTALL', data: { VERSION: '1', ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: 'ru' },
      auth: { refresh_token: expect.any(String), scope: portals.app.scope.join(' ') } }])
  })

  it('posts ONAPPINSTALL from server to server to an installation event handler', async () => {
    const portal = await portals.create()
    listener.heard.length = 0
    portal.install({ app: 'http://127.0.0.1:9/app', events: listener.url })
    await portal.settle()
    expect(listener.heard[0]).toMatchObject({ event: 'ONAPPINSTALL', data: { INSTALLED: 'Y' }, auth: { application_token: portal.app.applicationToken } })
    expect(listener.heard[0]).not.toHaveProperty('event_handler_id')
  })

  it('gives a new application token with an update, and forgets all bindings', async () => {
    const portal = await portals.create()
    await result(portal, 'event.bind', { event: 'ONAPPUPDATE', handler: listener.url })
    await result(portal, 'placement.bind', { PLACEMENT: 'CRM_LEAD_DETAIL_TAB', HANDLER: 'http://127.0.0.1:9/tab', TITLE: 'Рельсы' })
    const before = portal.app.applicationToken
    listener.heard.length = 0
    portal.update(2)
    await portal.settle()
    expect(listener.heard[0]).toMatchObject({ event: 'ONAPPUPDATE', data: { VERSION: '2', PREVIOUS_VERSION: '1' },
      auth: { application_token: portal.app.applicationToken } })
    expect(portal.app.applicationToken).not.toBe(before)
    expect(await result(portal, 'event.get')).toEqual([])
    expect(await result(portal, 'placement.get')).toEqual([])
  })

  it('tells of its removal without tokens, and keeps options unless they are to be cleaned', async () => {
    const portal = await portals.create()
    await result(portal, 'app.option.set', { options: { schema: '1' } })
    await result(portal, 'event.bind', { event: 'ONAPPUNINSTALL', handler: listener.url })
    listener.heard.length = 0
    portal.uninstall({ clean: false })
    await portal.settle()
    expect(listener.heard[0]).toMatchObject({ event: 'ONAPPUNINSTALL', data: { CLEAN: '0', LANGUAGE_ID: 'ru' } })
    expect(Object.keys(listener.heard[0]?.auth ?? {}).sort()).toEqual(['application_token', 'client_endpoint', 'domain', 'member_id', 'server_endpoint'])
    portal.install({ app: 'http://127.0.0.1:9/app' })
    expect(await result(portal, 'app.option.get')).toEqual({ schema: '1' })
    portal.uninstall({ clean: true })
    portal.install({ app: 'http://127.0.0.1:9/app' })
    expect(await result(portal, 'app.option.get')).toEqual([])
  })
})

describe('a page', () => {
  const posts: { url: string; body: URLSearchParams }[] = []
  let app: Server
  let base = ''
  beforeAll(async () => {
    app = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => { body += chunk.toString() })
      request.on('end', () => {
        posts.push({ url: request.url ?? '', body: new URLSearchParams(body) })
        response.end('page')
      })
    })
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
    const address = app.address()
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  })
  afterAll(() => new Promise(resolve => app.close(resolve)))

  it('is posted the documented way, and is the installer until it is finished', async () => {
    const portal = await portals.create()
    portal.install({ app: `${base}/app`, install: `${base}/install` })
    await portal.openPage('DEFAULT', 1)
    const [post] = posts
    const url = new URL(post?.url ?? '', base)
    expect(url.pathname).toBe('/install')
    expect(Object.fromEntries(url.searchParams)).toEqual({ DOMAIN: portal.domain, PROTOCOL: '0', LANG: 'ru', APP_SID: expect.any(String) })
    expect(Object.fromEntries(post?.body ?? [])).toEqual({
      AUTH_ID: expect.any(String), AUTH_EXPIRES: '3600', REFRESH_ID: expect.any(String), SERVER_ENDPOINT: portal.serverEndpoint,
      APPLICATION_TOKEN: portal.app.applicationToken,
      APPLICATION_SCOPE: portals.app.scope.join(','), member_id: portal.memberId, status: 'F', PLACEMENT: 'DEFAULT',
    })
    expect(await call(portal, 'profile', {}, post?.body.get('AUTH_ID') ?? '')).toMatchObject({ result: { ID: '1' } })
    portal.finishInstall()
    await portal.openPage('DEFAULT', 1)
    expect(posts.at(-1)?.url).toMatch(/^\/app\?/)
  })

  it('of a placement gets its options as JSON', async () => {
    const portal = await portals.create()
    await result(portal, 'placement.bind', { PLACEMENT: 'CRM_LEAD_DETAIL_TAB', HANDLER: `${base}/tab` })
    await portal.openPage('CRM_LEAD_DETAIL_TAB', 1, { ID: '5' })
    expect(posts.at(-1)?.body.get('PLACEMENT_OPTIONS')).toBe('{"ID":"5"}')
    await expect(portal.openPage('LEFT_MENU', 1)).rejects.toThrow('nothing is bound')
  })
})

describe('placements', () => {
  it('are bound by administrators, may be bound twice with different handlers, and are listed', async () => {
    const portal = await portals.create()
    const person = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    const bind = (HANDLER: string, as = 1) => call(portal, 'placement.bind', { PLACEMENT: 'CRM_LEAD_DETAIL_TAB', HANDLER, TITLE: 'Рельсы',
      LANG_ALL: { en: { TITLE: 'Rails' } } }, as)
    expect(await bind('https://example.com/a', person.id)).toMatchObject({ status: 403, error: 'ACCESS_DENIED' })
    expect(await bind('https://example.com/a')).toMatchObject({ result: true })
    expect(await bind('https://example.com/b')).toMatchObject({ result: true })
    expect(await call(portal, 'placement.bind', { PLACEMENT: 'CRM_LEAD_DETAIL_TAB' })).toMatchObject({ status: 200, error: 'ERROR_ARGUMENT' })
    expect(await result(portal, 'placement.get')).toMatchObject([
      { placement: 'CRM_LEAD_DETAIL_TAB', handler: 'https://example.com/a', userId: 0, options: [],
        langAll: { en: { TITLE: 'Rails', DESCRIPTION: '', GROUP_NAME: '' } } }, { handler: 'https://example.com/b' },
    ])
    expect(await result(portal, 'placement.list')).toContain('CRM_LEAD_DETAIL_TAB')
    await result(portal, 'placement.unbind', { PLACEMENT: 'CRM_LEAD_DETAIL_TAB', HANDLER: 'https://example.com/a' })
    expect(await result(portal, 'placement.get')).toHaveLength(1)
  })
})
