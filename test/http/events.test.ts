import { describe, expect, it } from 'vitest'
import type { Claim, ReceivedEvent } from '../../server/http/ports.ts'
import { activeTenant, adminToken, applicationToken, createTestApp, domain, managerToken, memberId, postEvent, strangerId } from './support.ts'

const changed: ReceivedEvent = { kind: 'changed', name: 'ONCRMLEADUPDATE', memberId, applicationToken, subjects: [{ kind: 'lead', id: 42 }], madeByHand: false }

const claim = (accessToken: string, more: Partial<Claim> = {}): Claim => ({
  memberId, domain, protocol: 'https', accessToken, refreshToken: 'refresh-token-of-somebody', expiresInSeconds: 3600,
  applicationToken: 'fresh-application-token-00000001', serverEndpoint: 'https://oauth.bitrix.info/rest/', scope: ['crm'], ...more,
})
const grant = (kind: 'installed' | 'updated', accessToken: string, more: Partial<ReceivedEvent & { kind: 'installed' }> = {}): ReceivedEvent =>
  ({ kind, name: kind === 'installed' ? 'ONAPPINSTALL' : 'ONAPPUPDATE', memberId, applicationToken: 'fresh-application-token-00000001', claim: claim(accessToken), ...more } as ReceivedEvent)

describe('an event of a known portal', () => {
  it('is remembered before it is answered with 200', async () => {
    const app = createTestApp()
    const answer = await app.request('/events', postEvent(changed))
    expect(answer.status).toBe(200)
    expect(app.done).toEqual([{ what: 'request-review', memberId, more: [{ kind: 'lead', id: 42 }] }])
  })

  it('goes before the others when a person has just made the lead', async () => {
    const asked: unknown[] = []
    const work = { requestReview: async (_id: string, _subjects: unknown, options?: { urgent?: boolean }) => void asked.push(options?.urgent), reviewNow: async () => {}, installLater: async () => {}, takeOver: async () => {}, retire: async () => {} }
    const app = createTestApp({ work })
    await app.request('/events', postEvent({ ...changed, madeByHand: true }))
    await app.request('/events', postEvent(changed))
    expect(asked).toEqual([true, false])
  })

  it('is refused with 403 when its application token is wrong, and changes nothing', async () => {
    const app = createTestApp()
    for (const wrong of ['', 'x', applicationToken.toUpperCase(), `${applicationToken}0`, applicationToken.slice(1)]) {
      const answer = await app.request('/events', postEvent({ ...changed, applicationToken: wrong }))
      expect(answer.status).toBe(403)
    }
    expect(app.done).toEqual([])
  })

  it('is answered with 503 when it could not be remembered', async () => {
    const app = createTestApp({ work: { requestReview: () => Promise.reject(new Error('the database is away')), reviewNow: async () => {}, installLater: async () => {}, takeOver: async () => {}, retire: async () => {} } })
    expect((await app.request('/events', postEvent(changed))).status).toBe(503)
    expect(app.logged()).toContain('event.failed')
  })

  it('is acknowledged and passed over after the application was removed', async () => {
    const app = createTestApp({}, [{ ...activeTenant, status: 'uninstalled', listening: false }])
    expect((await app.request('/events', postEvent(changed))).status).toBe(200)
    expect(app.done).toEqual([])
  })

  it('is proved anew within a second after the token has changed', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(changed))).status).toBe(200)
    app.tenants.set(memberId, { ...activeTenant, applicationToken: 'another-token-0000000000000000000' })
    await new Promise(resolve => setTimeout(resolve, 1_050))
    expect((await app.request('/events', postEvent({ ...changed, applicationToken: 'another-token-0000000000000000000' }))).status).toBe(200)
    expect((await app.request('/events', postEvent(changed))).status).toBe(403)
  })
})

describe('an event of a portal that is not known', () => {
  it('is refused with 403', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent({ ...changed, memberId: strangerId }))).status).toBe(403)
    expect(app.done).toEqual([])
  })
})

describe('what is not an event', () => {
  it.each(['', 'rubbish', '%', 'event=1&event=2', '\u0000'])('is refused with 400: %j', async (body) => {
    const app = createTestApp()
    expect((await app.request('/events', { method: 'POST', body })).status).toBe(400)
    expect(app.done).toEqual([])
  })

  it('is refused with 413 when it is longer than any event', async () => {
    const app = createTestApp()
    const body = `data=${'x'.repeat(70_000)}`
    expect((await app.request('/events', { method: 'POST', body, headers: { 'content-length': String(body.length) } })).status).toBe(413)
    const stream = new ReadableStream({ pull: controller => controller.enqueue(new TextEncoder().encode('x'.repeat(10_000))) })
    expect((await app.request('/events', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).status).toBe(413)
  })
})

describe('ONAPPINSTALL', () => {
  it('stores the tokens of an administrator once the authorisation server has confirmed them', async () => {
    const app = createTestApp({}, [])
    expect((await app.request('/events', postEvent(grant('installed', adminToken)))).status).toBe(200)
    expect(app.done).toEqual([{ what: 'admit', memberId, more: claim(adminToken) }])
  })

  it.each([
    ['with an invented access token', claim('invented-access-token-0000000001')],
    ['with the token of an ordinary user', claim(managerToken)],
    ['for another portal', claim(adminToken, { memberId: strangerId })],
    ['with a portal address that the token does not belong to', claim(adminToken, { domain: 'evil.example.com' })],
    ['with a private address', claim(adminToken, { domain: '10.0.0.1' })],
  ])('is refused %s and never overwrites what is known', async (_how, forged) => {
    const app = createTestApp()
    const event = grant('installed', forged.accessToken, { claim: forged, memberId: forged.memberId })
    expect((await app.request('/events', postEvent(event))).status).toBe(403)
    expect(app.done).toEqual([])
  })

  it('is refused even with the right application token', async () => {
    const app = createTestApp()
    const event = grant('installed', 'invented-access-token-0000000001', { applicationToken })
    expect((await app.request('/events', postEvent(event))).status).toBe(403)
    expect(app.done).toEqual([])
  })

  it('is answered with 503 while the authorisation server is silent', async () => {
    const app = createTestApp({}, [])
    expect((await app.request('/events', postEvent(grant('installed', 'unreachable-token-0000000000001')))).status).toBe(503)
    expect(app.done).toEqual([])
  })
})

describe('ONAPPUPDATE', () => {
  it('brings a new application token and has everything set up again', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(grant('updated', adminToken)))).status).toBe(200)
    expect(app.done.map(({ what }) => what)).toEqual(['admit', 'install-later'])
  })

  it('with the known token has everything set up again even when its tokens cannot be proved', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(grant('updated', 'unreachable-token-0000000000001', { applicationToken })))).status).toBe(200)
    expect(app.done.map(({ what }) => what)).toEqual(['install-later'])
  })

  it('is refused when neither its token nor its access token is right', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(grant('updated', 'invented-access-token-0000000001')))).status).toBe(403)
    expect(app.done).toEqual([])
  })
})

describe('ONAPPUNINSTALL', () => {
  const event = (more: Partial<ReceivedEvent & { kind: 'uninstalled' }> = {}): ReceivedEvent =>
    ({ kind: 'uninstalled', name: 'ONAPPUNINSTALL', memberId, applicationToken, clean: true, ...more })

  it('retires the portal, and purges it where the administrator asked for that', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(event()))).status).toBe(200)
    expect((await app.request('/events', postEvent(event({ clean: false })))).status).toBe(200)
    expect(app.done).toEqual([{ what: 'retire', memberId, more: { clean: true } }, { what: 'retire', memberId, more: { clean: false } }])
  })

  it('is refused without the portal\'s application token, the only proof there is', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent(event({ applicationToken: 'guessed' })))).status).toBe(403)
    expect(app.done).toEqual([])
  })
})

describe('ONAPPPAYMENT', () => {
  it('carries no proof, so it changes nothing', async () => {
    const app = createTestApp()
    expect((await app.request('/events', postEvent({ kind: 'other', name: 'ONAPPPAYMENT', memberId, applicationToken: null }))).status).toBe(200)
    expect(app.done).toEqual([])
  })
})

describe('the log of events', () => {
  it('holds no token, whatever happened', async () => {
    const app = createTestApp()
    const secret = 'fresh-application-token-00000001'
    for (const event of [grant('installed', adminToken), grant('installed', 'invented-access-token-0000000001'), { ...changed, applicationToken: secret }])
      await app.request('/events', postEvent(event))
    expect(app.logged()).toContain('event.refused')
    for (const token of [secret, adminToken, 'invented-access-token-0000000001', 'refresh-token-of-somebody', applicationToken]) expect(app.logged()).not.toContain(token)
  })
})
