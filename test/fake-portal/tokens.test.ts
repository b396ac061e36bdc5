import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call } from './testing.ts'

let now = Date.parse('2026-03-02T09:00:00Z')
let portals: FakePortals
let portal: FakePortal
beforeAll(async () => {
  portals = await startFakePortals({ clock: { now: () => now } })
  portal = await portals.create()
})
afterAll(() => portals.close())

const renew = async (refreshToken: string, change: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') => {
  const params = new URLSearchParams({ grant_type: 'refresh_token', client_id: portals.app.clientId, client_secret: portals.app.clientSecret,
    refresh_token: refreshToken, ...change })
  const answer = method === 'GET' ? await fetch(`${portals.authServer}/oauth/token/?${params}`) : await fetch(`${portals.authServer}/oauth/token/`, { method,
    body: params })
  const body = (await answer.json()) as Record<string, unknown>
  return Object.assign(body, { http: answer.status })
}

describe('an access token', () => {
  it('lives for an hour of the emulator', async () => {
    const { accessToken } = portal.tokensFor(1)
    now += 3_599_000
    expect(await call(portal, 'profile', {}, accessToken)).toMatchObject({ status: 200 })
    now += 2_000
    expect(await call(portal, 'profile', {}, accessToken)).toMatchObject({ status: 401, error: 'expired_token' })
  })

  it('can be made too old at once', async () => {
    const { accessToken, refreshToken } = portal.tokensFor(1)
    portal.expireTokens()
    expect(await call(portal, 'profile', {}, accessToken)).toMatchObject({ status: 401, error: 'expired_token' })
    expect(await renew(refreshToken)).toMatchObject({ http: 200 })
  })
})

describe('the authorisation server', () => {
  it.each(['GET', 'POST'] as const)('renews by %s with the documented fields, the domain being its own', async method => {
    const answer = await renew(portal.tokensFor(1).refreshToken, {}, method)
    expect(answer).toEqual({
      http: 200, access_token: expect.any(String), refresh_token: expect.any(String), expires: Math.floor(now / 1000) + 3600, expires_in: 3600,
      member_id: portal.memberId, user_id: 1,
      scope: portals.app.scope.join(','), client_endpoint: portal.clientEndpoint, server_endpoint: `${portals.authServer}/rest/`,
      domain: `127.0.0.250:${portals.port}`, status: 'F',
    })
    expect(await call(portal, 'profile', {}, String(answer['access_token']))).toMatchObject({ status: 200 })
  })

  it('takes a renewal token only once', async () => {
    const { refreshToken } = portal.tokensFor(1)
    expect(await renew(refreshToken)).toMatchObject({ http: 200 })
    expect(await renew(refreshToken)).toMatchObject({ http: 400, error: 'invalid_grant' })
  })

  it('names what is wrong', async () => {
    const { refreshToken } = portal.tokensFor(1)
    expect(await renew(refreshToken, { client_secret: 'wrong' })).toMatchObject({ error: 'invalid_client' })
    expect(await renew(refreshToken, { grant_type: 'password' })).toMatchObject({ error: 'invalid_request' })
    expect(await renew('made up')).toMatchObject({ error: 'invalid_grant' })
    portal.settings.paymentRequired = true
    expect(await renew(refreshToken)).toMatchObject({ error: 'PAYMENT_REQUIRED' })
    portal.settings.paymentRequired = false
    expect(await renew(refreshToken)).toMatchObject({ http: 200 })
  })

  it('refuses the renewal of a dismissed person and of a removed application', async () => {
    const own = await portals.create()
    const person = own.act.addUser({ name: 'Ирина', lastName: 'Соколова' })
    const { refreshToken } = own.tokensFor(person.id)
    own.act.dismissUser(person.id)
    expect(await renew(refreshToken)).toMatchObject({ error: 'invalid_grant' })
    const admin = own.tokensFor(1)
    own.uninstall({ clean: true })
    expect(await renew(admin.refreshToken)).toMatchObject({ error: 'invalid_grant' })
    expect(await call(own, 'profile', {}, admin.accessToken)).toMatchObject({ status: 401 })
  })

  it('tells the trusted state of the application', async () => {
    const { accessToken } = portal.tokensFor(1)
    const ask = async (token: string) => {
      const answer = await fetch(`${portals.authServer}/rest/app.info`, { method: 'POST', body: new URLSearchParams({ auth: token }) })
      return { ...((await answer.json()) as object), status: answer.status }
    }
    expect(await ask(accessToken)).toMatchObject({ status: 200, result: { CODE: portals.app.code, STATUS: 'F', INSTALLED: true } })
    expect(await ask('made up')).toMatchObject({ status: 401, error: 'NO_AUTH_FOUND' })
  })
})
