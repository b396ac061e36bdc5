import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import { Problem } from '../../server/contract/problem.ts'
import { SessionAnswer } from '../../server/contract/session.ts'
import type { AppDeps } from '../../server/http/app.ts'
import { PortalError, type PortalErrorCode } from '../../server/portal/error.ts'
import { activeTenant, adminToken, createTestApp, domain, managerToken, memberId, now, strangerId, usualMemory } from './support.ts'
import { fields, lead } from './values.ts'

const postJson = (body: unknown, headers: Record<string, string> = {}): RequestInit =>
  ({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) })

const patchCard = (body: unknown, headers: Record<string, string>): RequestInit => ({ ...postJson(body, headers), method: 'PATCH' })

const failing = (code: PortalErrorCode, message = ''): Partial<AppDeps['desk']> => {
  const fail = () => Promise.reject(new PortalError({ code, method: 'crm.item.get', bitrixMessage: message }))
  return { readLead: fail, saveFields: fail }
}

const usualDesk: AppDeps['desk'] = {
  readLead: async () => lead, saveFields: async () => {}, visibleLeads: async () => [], visibleItems: async () => [], countOpen: async () => 0, readConversion: () => Promise.reject(new Error('nothing is converted here')), dealsOfLead: async () => [], removePhone: async () => {}, itemUrl: () => '', attachClient: async () => {}, taskUrl: () => '',
  checkInstall: async (_id, lang) => ({ ok: true, checks: [], done: [], lang }), install: async (_id, lang) => ({ ok: true, checks: [], done: [], lang }),
}

const withDesk = (desk: Partial<AppDeps['desk']>) => createTestApp({ desk: { ...usualDesk, ...desk } })

describe('POST /api/session', () => {
  it('proves the token again and answers with a session for half an hour', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/session', postJson({ domain, memberId, accessToken: managerToken }))
    expect(answer.status).toBe(200)
    const session = SessionAnswer.parse(await answer.json())
    expect(session.user).toEqual({ id: 7, name: 'Михаил Менеджер', isAdmin: false, timeZone: 'Europe/Moscow' })
    expect(session.expiresAt).toBe('2026-03-10T09:30:00.000Z')
    expect(session.token).not.toContain(managerToken)
    expect(app.asked).toMatchObject([{ domain, memberId, accessToken: managerToken, protocol: 'https' }])
  })

  it.each([
    ['an invented token', { domain, memberId, accessToken: 'invented-access-token-0000000001' }, 403],
    ['a foreign portal', { domain, memberId: strangerId, accessToken: managerToken }, 403],
    ['nothing', {}, 400],
    ['wrong types', { domain: 1, memberId: ['x'], accessToken: { a: 1 } }, 400],
    ['a list', [], 400],
    ['null', null, 400],
  ])('refuses %s', async (_what, body, status) => {
    const app = createTestApp()
    const answer = await app.request('/api/session', postJson(body))
    expect(answer.status).toBe(status)
    expect(Problem.parse(await answer.json()).status).toBe(status)
    expect(app.done).toEqual([])
  })

  it('refuses prototype keys without being poisoned by them', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/session', postJson('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'))
    expect(answer.status).toBe(400)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('refuses huge, deep and broken bodies', async () => {
    const app = createTestApp()
    expect((await app.request('/api/session', postJson('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)))).status).toBe(413)
    expect((await app.request('/api/session', postJson('['.repeat(5_000) + ']'.repeat(5_000)))).status).toBe(400)
    expect((await app.request('/api/session', postJson('{'))).status).toBe(400)
    expect((await app.request('/api/session', { method: 'POST', body: 'a=1' })).status).toBe(415)
  })

  it('refuses a portal on which the application is not installed', async () => {
    const app = createTestApp({}, [])
    expect((await app.request('/api/session', postJson({ domain, memberId, accessToken: managerToken }))).status).toBe(403)
  })

  it('logs none of it', async () => {
    const app = createTestApp()
    await app.request('/api/session', postJson({ domain, memberId, accessToken: managerToken }))
    expect(app.logged()).not.toContain(managerToken)
  })
})

describe('the API without a valid session', () => {
  const asked: readonly [string, string][] = [['GET', '/api/leads/42'], ['PATCH', '/api/leads/42/card'], ['POST', '/api/leads/42/review'], ['GET', '/api/overview'], ['GET', '/api/install'], ['POST', '/api/install']]

  it.each(asked)('%s %s answers 401', async (method, path) => {
    const app = createTestApp()
    const good = app.bearer().authorization.slice('Bearer '.length)
    const middle = Math.floor(good.length / 2)
    const tampered = good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1)
    const over = app.bearer({ expiresAt: Date.parse(now) }).authorization
    const foreign = createTestApp().bearer().authorization
    for (const authorization of [undefined, '', 'Basic YTpi', 'Bearer', 'Bearer x.y.z', `Bearer ${tampered}`, over, foreign, `Bearer ${managerToken}`, 'Bearer lr1..'])
      expect((await app.request(path, { method, headers: authorization === undefined ? {} : { authorization } })).status).toBe(401)
    expect(app.done).toEqual([])
  })

  it('ends with the portal\'s removal', async () => {
    const app = createTestApp({}, [{ ...activeTenant, status: 'uninstalled' }])
    expect((await app.request('/api/leads/42', { headers: app.bearer() })).status).toBe(403)
  })
})

describe('GET /api/leads/:id', () => {
  it('answers with what the tab shows', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/leads/42', { headers: app.bearer() })
    expect(answer.status).toBe(200)
    expect(LeadView.parse(await answer.json())).toMatchObject({ leadId: 42, stage: { name: 'В работе' }, responsible: { name: 'Михаил Менеджер' }, status: 'unseen', clockSpeed: 1 })
  })

  it('has a lead looked at that nobody has seen yet', async () => {
    const app = createTestApp()
    await app.request('/api/leads/42', { headers: app.bearer() })
    expect(app.done).toEqual([{ what: 'request-review', memberId, more: [{ kind: 'lead', id: 42 }] }])
  })

  it('reads the lead with the opening user\'s own token', async () => {
    const tokens: string[] = []
    const app = withDesk({
      readLead: async (_id, token) => {
        tokens.push(token)
        return lead
      },
    })
    await app.request('/api/leads/42', { headers: app.bearer() })
    expect(tokens).toEqual([managerToken])
  })

  it.each(['0', '-1', '1e3', 'abc', '42%20', '99999999999999', '__proto__', '42.0'])('answers 404 to the id %s', async (id) => {
    const app = createTestApp()
    expect((await app.request(`/api/leads/${id}`, { headers: app.bearer() })).status).toBe(404)
  })

  it.each<[PortalErrorCode, number, string]>([
    ['not-found', 404, 'lead-not-visible'], ['access-denied', 403, 'portal-denied'], ['expired-token', 401, 'session-expired'],
    ['rate-limited', 503, 'portal-busy'], ['unavailable', 503, 'portal-unavailable'], ['payment-required', 403, 'portal-unpaid'], ['unexpected', 500, 'internal'],
  ])('says what it means when the portal answers %s', async (code, status, type) => {
    const app = withDesk(failing(code, 'Секретная запись клиента'))
    const answer = await app.request('/api/leads/42', { headers: app.bearer() })
    expect(answer.status).toBe(status)
    expect(Problem.parse(await answer.json()).type).toBe(`/problems/${type}`)
    expect(app.logged()).not.toContain('Секретная')
  })
})

describe('PATCH /api/leads/:id/card', () => {
  it('writes only what is named, in the portal\'s values, and has the lead looked at now', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/leads/42/card', patchCard({ answers: { PRODUCT: 'WOOD' }, result: 'qualified' }, app.bearer()))
    expect(answer.status).toBe(200)
    expect(app.done.map(({ what }) => what)).toEqual(['save', 'review-now'])
    expect(app.done[0]?.more).toEqual({ [fields.product]: '42', [fields.result]: '61' })
    LeadView.parse(await answer.json())
  })

  it('names each wrong answer in the user\'s words and saves nothing', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/leads/42/card', patchCard({ answers: { PRODUCT: 'GLASS', LENGTH: 'long', NOSUCH: '1' } }, app.bearer()))
    expect(answer.status).toBe(422)
    const problem = Problem.parse(await answer.json())
    expect(problem.type).toBe('/problems/card-invalid')
    expect(problem.fields?.map(({ field }) => field)).toEqual(['PRODUCT', 'LENGTH', 'NOSUCH'])
    expect(problem.fields?.[0]?.message).toBe('Выберите ответ из списка.')
    expect(app.done).toEqual([])
  })

  it('shows the portal\'s own words when it refuses for its own obligatory fields', async () => {
    const app = withDesk({ saveFields: () => Promise.reject(new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixMessage: 'Поле «Источник» обязательно<br>' })) })
    const answer = await app.request('/api/leads/42/card', patchCard({ answers: { PRODUCT: 'WOOD' } }, app.bearer()))
    expect(answer.status).toBe(422)
    expect(Problem.parse(await answer.json())).toMatchObject({ type: '/problems/portal-refused', detail: 'Поле «Источник» обязательно' })
  })

  it('stays saved when the review has to wait', async () => {
    const done: string[] = []
    const app = createTestApp({
      work: {
        requestReview: async () => void done.push('later'), reviewNow: () => Promise.reject(new PortalError({ code: 'unavailable', method: 'batch' })),
        installLater: async () => {}, takeOver: async () => {}, retire: async () => {},
      },
    })
    expect((await app.request('/api/leads/42/card', patchCard({ answers: { PRODUCT: 'WOOD' } }, app.bearer()))).status).toBe(200)
    expect(done[0]).toBe('later')
  })

  it('says what is written wrongly in the user\'s words', async () => {
    const app = createTestApp()
    const fieldsIn = async (language: 'ru' | 'en', body: unknown) =>
      Problem.parse(await (await app.request('/api/leads/42/card', patchCard(body, app.bearer({ language })))).json()).fields
    const wrong = { answer: {}, comment: 7, result: 'maybe', unknownAdd: 'SIZE', answers: { SIZE: { a: 1 } } }
    expect(await fieldsIn('ru', wrong)).toEqual(expect.arrayContaining([
      { field: 'answer', message: 'Такого ключа здесь нет.' },
      { field: 'comment', message: 'Здесь ожидается текст.' },
      { field: 'result', message: 'Возможные значения: qualified, not-qualified, postponed.' },
      { field: 'unknownAdd', message: 'Здесь ожидается список.' },
      { field: 'answers.SIZE', message: 'Записано неверно.' },
    ]))
    expect(await fieldsIn('ru', { comment: 'x'.repeat(20_001) })).toEqual([{ field: 'comment', message: 'Слишком длинно: не больше 20000 знаков.' }])
    expect(await fieldsIn('en', { comment: 7 })).toEqual([{ field: 'comment', message: 'A text is expected here.' }])
    expect(app.done).toEqual([])
  })

  it('refuses the card of a lead whose work is over, and writes nothing', async () => {
    const app = createTestApp({ memory: { ...usualMemory, watch: async () => ({ status: 'closed', leadId: lead.id, outcome: 'qualified', closedAt: now, stageId: lead.stageId }) } })
    const answer = await app.request('/api/leads/42/card', patchCard({ answers: { PRODUCT: 'WOOD' } }, app.bearer()))
    expect(answer.status).toBe(409)
    expect(Problem.parse(await answer.json())).toMatchObject({ type: '/problems/card-closed', title: 'Карточка закрыта' })
    expect(app.done).toEqual([])
  })

  it.each([
    ['a text', '"x"'], ['unknown keys', '{"answer":{}}'], ['wrong types', '{"answers":[1]}'], ['a deep answer', '{"answers":{"PRODUCT":{"a":{"b":1}}}}'], ['a result that is none', '{"result":"maybe"}'],
  ])('refuses %s with 400', async (_what, body) => {
    const app = createTestApp()
    expect((await app.request('/api/leads/42/card', patchCard(body, app.bearer()))).status).toBe(400)
    expect(app.done).toEqual([])
  })

  it('ignores the prototype as a question', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/leads/42/card', patchCard('{"answers":{"__proto__":"x","constructor":"y","toString":"z"}}', app.bearer()))
    expect([400, 422]).toContain(answer.status)
    expect(app.done).toEqual([])
  })
})

describe('POST /api/leads/:id/review', () => {
  it('looks again at once, for whoever may see the lead', async () => {
    const app = createTestApp()
    expect((await app.request('/api/leads/42/review', { method: 'POST', headers: app.bearer() })).status).toBe(200)
    expect(app.done).toContainEqual({ what: 'review-now', memberId, more: 42 })
    const blind = withDesk(failing('not-found'))
    expect((await blind.request('/api/leads/42/review', { method: 'POST', headers: blind.bearer() })).status).toBe(404)
    expect(blind.done).toEqual([])
  })
})

describe('/api/install', () => {
  it('is for administrators, asked again at the portal', async () => {
    const app = createTestApp()
    for (const method of ['GET', 'POST']) {
      expect((await app.request('/api/install', { method, headers: app.bearer() })).status).toBe(403)
      // A session that says so is not enough: this user's rights have been taken away since.
      expect((await app.request('/api/install', { method, headers: app.bearer({ isAdmin: true }) })).status).toBe(403)
    }
    expect(app.done).toEqual([])
  })

  it('sets the portal up', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/install', { method: 'POST', headers: app.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }) })
    expect(await answer.json()).toMatchObject({ ok: true, done: ['Поля созданы'], lang: 'ru' })
    expect(app.done).toEqual([{ what: 'install', memberId, more: 'ru' }])
  })
})

describe('the leads that were open before the installation', () => {
  const admin = (app: ReturnType<typeof createTestApp>) => ({ headers: app.bearer({ userId: 1, isAdmin: true, accessToken: adminToken }) })

  it('are counted for an administrator with his own rights, and for nobody else', async () => {
    const app = createTestApp()
    const answer = await app.request('/api/takeover', admin(app))
    expect([answer.status, await answer.json()]).toEqual([200, { state: 'open', leads: 12 }])
    expect((await app.request('/api/takeover', { headers: app.bearer() })).status).toBe(403)
  })

  it('are taken under control by an administrator alone, however often he asks', async () => {
    const app = createTestApp()
    for (let round = 0; round < 2; round += 1) {
      const answer = await app.request('/api/takeover', { method: 'POST', ...admin(app) })
      expect([answer.status, await answer.json()]).toEqual([202, { state: 'under-way', leads: null }])
    }
    expect(app.done.map(({ what }) => what)).toEqual(['take-over', 'take-over'])
    expect((await app.request('/api/takeover', { method: 'POST', headers: app.bearer() })).status).toBe(403)
    expect(app.done).toHaveLength(2)
  })

  it('are not counted any more once they have been taken', async () => {
    const app = createTestApp({ memory: { ...usualMemory, takeover: async () => ({ state: 'done', installedAt: null }) } })
    expect(await (await app.request('/api/takeover', admin(app))).json()).toEqual({ state: 'done', leads: null })
  })
})

describe('health and figures', () => {
  it('says whether the database answers', async () => {
    const good = await createTestApp().request('/health')
    expect(good.status).toBe(200)
    expect(await good.json()).toEqual({ status: 'ok', database: { kind: 'pglite', state: 'up' }, version: '0.1.0' })
    const app = createTestApp({ health: { database: 'postgres', check: () => Promise.reject(new Error('gone')), ready: () => true } })
    expect((await app.request('/health')).status).toBe(503)
    expect((await app.request('/health/ready')).status).toBe(503)
    expect((await app.request('/health/live')).status).toBe(200)
  })

  it('is not ready while starting and stopping', async () => {
    const app = createTestApp({ health: { database: 'pglite', check: async () => {}, ready: () => false } })
    expect((await app.request('/health/ready')).status).toBe(503)
  })

  it('counts for Prometheus', async () => {
    const app = createTestApp()
    await app.request('/events', { method: 'POST', body: 'rubbish' })
    const text = await (await app.request('/metrics')).text()
    expect(text).toContain('leadrail_events_received_total{outcome="malformed"} 1')
    expect(text).toContain('leadrail_queue_rows{queue="inbox"} 2')
  })
})
