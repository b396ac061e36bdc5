import { describe, expect, it } from 'vitest'
import { activeTenant, adminToken, applicationToken, bootOf, createTestApp, domain, managerToken, memberId, pageForm, pageQuery, postForm, strangerId } from './support.ts'

const addresses = ['/install', '/app', '/placements/lead-tab']

describe('a page opened by an administrator', () => {
  it.each(addresses)('%s carries its beginning and a session', async (address) => {
    const app = createTestApp()
    const answer = await app.request(address + pageQuery(), postForm(pageForm(adminToken)))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const boot = await bootOf(answer)
    expect(boot).toMatchObject({ lang: 'ru', portal: { domain, memberId }, placement: 'DEFAULT', problem: null, session: { user: { id: 1, isAdmin: true } } })
  })

  it('may be framed by the proved portal and by nobody else', async () => {
    const app = createTestApp()
    const policy = (await app.request('/app' + pageQuery(), postForm(pageForm(adminToken)))).headers.get('content-security-policy')
    expect(policy).toContain(`frame-ancestors https://${domain}`)
    expect(policy).toContain('script-src \'self\';')
  })

  it('keeps his tokens as one more credential and the application token of the events', async () => {
    const app = createTestApp()
    await app.request('/placements/lead-tab' + pageQuery(), postForm(pageForm(adminToken)))
    expect(app.done).toMatchObject([{ what: 'admit', memberId, more: { accessToken: adminToken, refreshToken: `refresh-of-${adminToken}`, applicationToken } }])
  })

  it('sets a portal up again that was lost, unless the installer page does it', async () => {
    for (const [address, after] of [['/app', ['admit', 'install-later']], ['/install', ['admit']]] as const) {
      const app = createTestApp({}, [{ ...activeTenant, status: 'uninstalled' }])
      await app.request(address + pageQuery(), postForm(pageForm(adminToken)))
      expect(app.done.map(({ what }) => what)).toEqual(after)
    }
  })

  it('speaks English where the interface is not Russian', async () => {
    const app = createTestApp()
    const answer = await app.request('/app' + pageQuery('de'), postForm(pageForm(adminToken)))
    expect(await bootOf(answer)).toMatchObject({ lang: 'en' })
  })

  it('cannot be broken out of by what the portal says of itself', async () => {
    const app = createTestApp()
    const options = JSON.stringify({ ID: '42', URI: '</script><script>alert(1)</script>', ['__proto__']: { isAdmin: true }, deep: { a: 1 } })
    const answer = await app.request('/placements/lead-tab' + pageQuery(), postForm(pageForm(managerToken, { PLACEMENT: 'CRM_LEAD_DETAIL_TAB', PLACEMENT_OPTIONS: options })))
    const html = await answer.clone().text()
    expect(html).not.toContain('<script>alert')
    const boot = await bootOf(answer)
    expect(boot['options']).toEqual({ ID: '42', URI: '</script><script>alert(1)</script>' })
    expect(boot['placement']).toBe('CRM_LEAD_DETAIL_TAB')
  })
})

describe('a page opened by a manager', () => {
  it('never makes his tokens work in the background, nor his word about the application token', async () => {
    const app = createTestApp()
    const answer = await app.request('/app' + pageQuery(), postForm(pageForm(managerToken, { APPLICATION_TOKEN: 'invented-application-token-000001' })))
    expect(answer.status).toBe(200)
    expect(app.done).toEqual([])
  })

  it('follows a renamed portal', async () => {
    const app = createTestApp({}, [{ ...activeTenant, domain: 'old-name.bitrix24.ru' }])
    await app.request('/app' + pageQuery(), postForm(pageForm(managerToken)))
    expect(app.done).toEqual([{ what: 'follow', memberId, more: domain }])
  })

  it('says that only an administrator can install', async () => {
    const app = createTestApp()
    const answer = await app.request('/install' + pageQuery(), postForm(pageForm(managerToken)))
    expect(answer.status).toBe(403)
    expect(await bootOf(answer)).toMatchObject({ problem: { type: '/problems/administrators-only', title: 'Только для администратора' } })
  })

  it('says that the application is not installed yet, without a session', async () => {
    const app = createTestApp({}, [])
    const answer = await app.request('/app' + pageQuery('en'), postForm(pageForm(managerToken)))
    expect(answer.status).toBe(403)
    expect(await bootOf(answer)).toMatchObject({ session: null, problem: { type: '/problems/portal-unknown' } })
    expect(app.done).toEqual([])
  })

  it('asks for an administrator when the connection is lost', async () => {
    const app = createTestApp({}, [{ ...activeTenant, status: 'suspended', reason: 'auth-lost' }])
    const answer = await app.request('/app' + pageQuery(), postForm(pageForm(managerToken)))
    expect(await bootOf(answer)).toMatchObject({ problem: { type: '/problems/portal-suspended' } })
  })
})

describe('a page post that is not what it claims to be', () => {
  const cases: readonly [string, Record<string, string>, string, number][] = [
    ['an invented token', pageForm('invented-access-token-0000000001'), pageQuery(), 403],
    ['a foreign member_id', pageForm(adminToken, { member_id: strangerId }), pageQuery(), 403],
    ['a foreign domain', pageForm(adminToken), pageQuery('ru', 'other.bitrix24.ru'), 403],
    ['a private address', pageForm(adminToken), pageQuery('ru', '10.0.0.1'), 400],
    ['no token', pageForm(''), pageQuery(), 400],
    ['no domain', pageForm(adminToken), '', 400],
    ['a domain with a path', pageForm(adminToken), pageQuery('ru', 'a.example.com%2F..%2F'), 400],
    ['a member_id that is none', pageForm(adminToken, { member_id: '__proto__' }), pageQuery(), 400],
    ['a silent authorisation server', pageForm('unreachable-token-0000000000001'), pageQuery(), 503],
  ]
  it.each(cases)('%s is refused, changes nothing and leaks nothing', async (_what, form, query, status) => {
    for (const address of addresses) {
      const app = createTestApp({}, [])
      const answer = await app.request(address + query, postForm(form))
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(app.done).toEqual([])
      const body = await answer.text()
      for (const secret of [form['AUTH_ID'], form['REFRESH_ID'], form['APPLICATION_TOKEN']].filter(text => text !== undefined && text !== '')) {
        expect(app.logged()).not.toContain(secret)
        expect(body).not.toContain(secret)
      }
    }
  })

  it('is told in the language of the interface', async () => {
    const app = createTestApp()
    expect(await (await app.request('/app' + pageQuery('ru'), postForm(pageForm('invented-access-token-0000000001')))).text()).toContain('Битрикс24 не подтвердил вход')
    expect(await (await app.request('/app' + pageQuery('fr'), postForm(pageForm('invented-access-token-0000000001')))).text()).toContain('Bitrix24 did not confirm the sign-in')
  })

  it('is refused in any other form than a form', async () => {
    const app = createTestApp()
    const json = await app.request('/app' + pageQuery(), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(pageForm(adminToken)) })
    expect(json.status).toBe(415)
    const large = await app.request('/app' + pageQuery(), postForm(pageForm(adminToken, { PLACEMENT_OPTIONS: 'x'.repeat(70_000) })))
    expect(large.status).toBe(413)
    const many = await app.request('/app' + pageQuery(), postForm(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, '1']))))
    expect(many.status).toBe(400)
    expect(app.done).toEqual([])
    expect(app.asked).toEqual([])
  })

  it('counts the first of two values, so a second token cannot ride along', async () => {
    const app = createTestApp()
    const body = `${new URLSearchParams(pageForm(managerToken)).toString()}&AUTH_ID=${adminToken}`
    await app.request('/app' + pageQuery(), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
    expect(app.asked[0]?.accessToken).toBe(managerToken)
  })

  it('bounds how many proofs one portal can make us ask for at once', async () => {
    let running = 0
    let most = 0
    const app = createTestApp({
      prove: async () => {
        most = Math.max(most, ++running)
        await new Promise(resolve => setTimeout(resolve, 20))
        running -= 1
        return { ok: false, why: 'refused' }
      },
    })
    const answers = await Promise.all(Array.from({ length: 40 }, () => app.request('/app' + pageQuery(), postForm(pageForm('invented-access-token-0000000001')))))
    expect(most).toBe(8)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403, 503]))
  })
})

describe('public addresses', () => {
  it.each([...addresses, '/events'])('%s answers HEAD with 200 and no body, as the market\'s check wants', async (address) => {
    const answer = await createTestApp().request(address, { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
  })

  it.each([...addresses, '/events'])('%s answers GET with 405 and says what is possible', async (address) => {
    const answer = await createTestApp().request(address, { headers: { 'accept-language': 'ru-RU,ru;q=0.9' } })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, HEAD')
  })

  it.each(addresses)('%s tells a person who opens it in the browser where to go', async (address) => {
    const answer = await createTestApp().request(address, { headers: { 'accept-language': 'ru' } })
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(await answer.text()).toContain('Откройте приложение в Битрикс24')
  })

  it.each(['PUT', 'DELETE', 'PATCH'])('refuse %s', async (method) => {
    const app = createTestApp()
    for (const address of [...addresses, '/events', '/api/session', '/health']) expect((await app.request(address, { method })).status).toBe(405)
  })

  it('send the headers that keep a browser out of trouble', async () => {
    const answer = await createTestApp().request('/nowhere')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors \'none\'')
  })

  it('hand out built assets, packed where the browser can unpack, and nothing else', async () => {
    const app = createTestApp()
    const packed = await app.request('/assets/main-1.js', { headers: { 'accept-encoding': 'gzip, deflate' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect((await app.request('/assets/main-1.js', { headers: { 'if-none-match': '"e1"' } })).status).toBe(304)
    for (const path of ['/assets/../package.json', '/assets/..%2f..%2fpackage.json', '/assets/constructor', '/assets/']) expect((await app.request(path)).status).toBe(404)
  })
})
