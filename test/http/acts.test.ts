import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import { userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import type { ActiveWatch, Watch } from '../../server/domain/watch.ts'
import type { Memory } from '../../server/http/ports.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { Done } from './support.ts'
import { adminToken, applicationToken, createTestApp, memberId, now, postForm, strangerId, usualMemory, type TestApp } from './support.ts'
import { officeHours } from '../domain/support.ts'
import { lead, regulation } from './values.ts'

const active: ActiveWatch = {
  status: 'active', leadId: lead.id, regulationVersion: 1, stepId: 'in-work', enteredAt: '2026-03-10T08:00:00Z', responsibleId: userId(7), chosenId: userId(7),
  clock: { kind: 'none' }, followUp: null, contactedAt: null, askedAgain: [], incidentId: null, round: 0,
}

const appWith = (watch: Watch, heads: readonly number[] = [], more: { readonly regulation?: Regulation; readonly company?: Awaited<ReturnType<Memory['company']>> } = {}): TestApp => {
  return createTestApp({
    memory: {
      regulation: async () => ({ version: 1, regulation: more.regulation ?? regulation }),
      watch: async () => watch,
      journal: async () => [],
      incidents: async () => [],
      names: async () => ({ people: { 7: 'Михаил Менеджер' }, stages: {}, timeZone: 'Europe/Moscow' }),
      company: async () => more.company ?? (heads.length === 0 ? null : { people: [{ id: userId(7), name: 'Михаил Менеджер', active: true, departmentIds: [3], headIds: heads.map(userId), absent: false, dayOpen: null }], calendar: officeHours }),
      load: async () => ({}),
      duplicates: async () => [],
      takeover: async () => ({ state: 'done', installedAt: null }),
      overview: async () => ({ watches: [], active: 0, overdue: 0, incidents: [], journal: [] }),
    },
  })
}
const post = (app: TestApp, body: unknown, session: Parameters<TestApp['bearer']>[0] = {}) =>
  app.request('/api/leads/42/acts', { method: 'POST', headers: { ...app.bearer(session), 'content-type': 'application/json' }, body: JSON.stringify(body) })
const actsOf = (app: TestApp): readonly Done[] => app.done.filter(({ what }) => what === 'act')

describe('POST /api/leads/:id/acts', () => {
  it.each([
    { kind: 'opened' }, { kind: 'take' }, { kind: 'not-reached' }, { kind: 'wrong-number', phone: '+79000000001' }, { kind: 'right-number', phone: '+79000000001' }, { kind: 'refuse' }, { kind: 'call-declared', comment: 'Договорились' },
    { kind: 'call-back', until: '2026-03-10T15:00:00+03:00' }, { kind: 'wait', until: '2026-03-12T09:00:00Z', comment: 'Клиент в отпуске' }, { kind: 'stop-waiting' }, { kind: 'go-on' },
    { kind: 'not-duplicate', of: { kind: 'contact', id: 5 } }, { kind: 'acknowledge', incidentId: '42-in-work-1' },
  ])('remembers $kind with who did it and when, looks at the lead, and answers with its view', async (body) => {
    const app = appWith(active)
    const answer = await post(app, body)
    expect(answer.status).toBe(200)
    expect(LeadView.parse(await answer.json()).leadId).toBe(42)
    expect(actsOf(app)).toMatchObject([{ memberId, more: { leadId: 42, kind: body.kind, at: now, byUserId: 7 } }])
    expect(app.done.map(({ what }) => what)).toEqual(['act', 'review-now'])
  })

  it.each([
    [{ kind: 'dance' }, 'kind'], [{}, 'kind'], [{ kind: 'take', more: 1 }, 'more'], [{ kind: 'wait', until: '2026-03-12T09:00:00Z', comment: ' ' }, 'comment'],
    [{ kind: 'wait', until: 'завтра', comment: 'Ждём' }, 'until'], [{ kind: 'call-back', until: '2026-03-10T08:59:59Z' }, 'until'], [{ kind: 'not-duplicate', of: { kind: 'deal', id: 1 } }, 'of.kind'],
    [{ kind: 'acknowledge', incidentId: '' }, 'incidentId'],
  ])('refuses %j and names what is wrong', async (body, field) => {
    const app = appWith(active)
    const answer = await post(app, body)
    expect(answer.status).toBe(400)
    const problem = await answer.json() as { fields: { field: string; message: string }[] }
    expect(problem.fields.map(one => one.field)).toContain(field)
    expect(problem.fields.every(({ message }) => /[а-яё]/i.test(message))).toBe(true)
    expect(app.done).toEqual([])
  })

  it('a lead that the person may not see gets no act', async () => {
    const app = createTestApp({ desk: { ...createTestApp().desk, readLead: async () => { throw new PortalError({ code: 'not-found', method: 'crm.item.list' }) } } })
    expect((await post(app, { kind: 'take' })).status).toBe(404)
    expect(app.done).toEqual([])
  })

  it.each([
    { kind: 'not-reached' }, { kind: 'wrong-number', phone: '+79000000001' }, { kind: 'right-number', phone: '+79000000001' }, { kind: 'refuse' }, { kind: 'call-declared', comment: 'Договорились' }, { kind: 'call-back', until: '2026-03-10T15:00:00+03:00' },
    { kind: 'wait', until: '2026-03-12T09:00:00Z', comment: 'Клиент в отпуске' }, { kind: 'stop-waiting' }, { kind: 'go-on' }, { kind: 'acknowledge', incidentId: '42-in-work-1' },
  ])('$kind is for the responsible, those above him and proved administrators; a reader is told so', async (body) => {
    const reader = appWith(active, [9])
    const refused = await post(reader, body, { userId: 8 })
    const problem = await refused.json() as { type: string; detail: string }
    expect([refused.status, problem.type, /[а-яё]/i.test(problem.detail)]).toEqual([403, '/problems/not-your-lead', true])
    expect(reader.done).toEqual([])
    // In the ordinary one administrator 1 is the fallback person, and so above everybody.
    const rules = { ...regulation, distribution: { ...regulation.distribution, fallbackUserId: userId(3) } }
    for (const [session, byRight] of [[{ userId: 7 }, 'responsible'], [{ userId: 9 }, 'above'], [{ userId: 1, isAdmin: true, accessToken: adminToken }, 'admin']] as const) {
      const app = appWith(active, [9], { regulation: rules })
      expect((await post(app, body, session)).status).toBe(200)
      expect(actsOf(app)).toMatchObject([{ more: { kind: body.kind, byUserId: session.userId, byRight } }])
    }
    expect((await post(appWith(active, [9]), body, { userId: 8, isAdmin: true })).status).toBe(403)
  })

  it('opening counts by the responsible alone', async () => {
    const app = appWith(active, [9])
    expect((await post(app, { kind: 'opened' }, { userId: 9 })).status).toBe(403)
    expect(app.done).toEqual([])
  })

  it('a closed lead takes only what still makes sense', async () => {
    const closed: Watch = { status: 'closed', leadId: lead.id, outcome: 'lost', closedAt: now, stageId: lead.stageId }
    expect((await post(appWith(closed), { kind: 'not-reached' })).status).toBe(409)
    expect((await post(appWith(closed), { kind: 'acknowledge', incidentId: '1' })).status).toBe(200)
  })

  it('a lead is taken by those whom the rules allow it, others are told why not (S3-13)', async () => {
    const person = (id: number, departmentIds: readonly number[]) => ({ id: userId(id), name: `Сотрудник ${id}`, active: true, departmentIds, headIds: [], absent: false, dayOpen: null })
    const company = { people: [person(1, []), person(7, [3]), person(8, [3]), person(9, [4])], calendar: officeHours }
    const free = { ...regulation, distribution: { ...regulation.distribution, poolMayTake: true } }
    const nobodys: ActiveWatch = { ...active, responsibleId: userId(1), chosenId: null }
    expect((await post(appWith(nobodys, [], { regulation: free, company }), { kind: 'take' })).status).toBe(200)
    for (const [watch, rules, who] of [[nobodys, free, 9], [{ ...active, responsibleId: userId(8), chosenId: userId(8) }, free, 7], [nobodys, { ...free, distribution: { ...free.distribution, poolMayTake: false } }, 7]] as const) {
      const app = appWith(watch, [], { regulation: rules, company })
      const answer = await post(app, { kind: 'take' }, { userId: who })
      const problem = await answer.json() as { type: string; detail: string }
      expect([answer.status, problem.type, /[а-яё]/i.test(problem.detail)]).toEqual([409, '/problems/not-to-be-taken', true])
      expect(app.done).toEqual([])
    }
  })

  it('a lead that is his already may be taken once more', async () => {
    expect((await post(appWith(active, [], { company: { people: [], calendar: officeHours } }), { kind: 'take' })).status).toBe(200)
  })

  it('a declared call needs its comment where the regulation says so (S3-17)', async () => {
    const app = appWith(active)
    const answer = await post(app, { kind: 'call-declared' })
    const problem = await answer.json() as { type: string; fields: unknown }
    expect([answer.status, problem.type, problem.fields]).toEqual([422, '/problems/comment-needed', [{ field: 'comment', message: 'Запишите, о чём договорились.' }]])
    expect(app.done).toEqual([])
    expect((await post(appWith(active, [], { regulation: { ...regulation, contact: { ...regulation.contact, declaredCallNeedsComment: false } } }), { kind: 'call-declared' })).status).toBe(200)
  })

  it('a move past a gate is allowed by heads of the responsible and by proved administrators only', async () => {
    const manager = appWith(active)
    const refused = await post(manager, { kind: 'allow-move' })
    expect([refused.status, (await refused.json() as { type: string }).type]).toEqual([403, '/problems/heads-only'])
    expect(actsOf(manager)).toEqual([])
    expect((await post(appWith(active, [9]), { kind: 'allow-move' }, { userId: 9 })).status).toBe(200)
    expect((await post(appWith(active), { kind: 'allow-move' }, { userId: 1, isAdmin: true, accessToken: adminToken })).status).toBe(200)
    // The session says administrator, the portal no longer does.
    expect((await post(appWith(active), { kind: 'allow-move' }, { isAdmin: true })).status).toBe(403)
  })
})

describe('whoever has several rights', () => {
  type Right = 'responsible' | 'above' | 'admin' | 'fallback'
  const with7 = (change: { readonly fallback?: true; readonly director?: true }) => ({
    ...regulation,
    distribution: { ...regulation.distribution, fallbackUserId: userId(change.fallback === true ? 7 : 3) },
    roles: { ...regulation.roles, directorId: change.director === true ? userId(7) : null },
  })
  const admin = { userId: 1, isAdmin: true, accessToken: adminToken } as const
  const sees = async (rules: Regulation, responsibleId: number, body: unknown, session: Parameters<TestApp['bearer']>[0] = {}) => {
    const usual = createTestApp()
    const people = [1, 7, 9].map(id => ({ id: userId(id), name: `Сотрудник ${id}`, active: true, departmentIds: [3], headIds: [], absent: false, dayOpen: null }))
    const app = createTestApp({ desk: { ...usual.desk, readLead: async () => ({ ...lead, responsibleId: userId(responsibleId) }) }, memory: { ...usualMemory, regulation: async () => ({ version: 1, regulation: rules }), watch: async () => active, company: async () => ({ people, calendar: officeHours }) } })
    return { status: (await post(app, body, session)).status, acts: actsOf(app) }
  }

  it.each<[string, Regulation, number, Parameters<TestApp['bearer']>[0], Right]>([
    ['the director who is responsible', with7({ director: true }), 7, {}, 'above'],
    ['the fallback person who is responsible', with7({ fallback: true }), 7, {}, 'fallback'],
    ['an administrator who is responsible', with7({}), 1, admin, 'admin'],
    ['the responsible whose session alone says administrator', with7({}), 7, { isAdmin: true }, 'responsible'],
  ])('acknowledges by the strongest: %s', async (_who, rules, responsibleId, session, byRight) => {
    expect(await sees(rules, responsibleId, { kind: 'acknowledge', incidentId: '42-1' }, session)).toMatchObject({ status: 200, acts: [{ more: { kind: 'acknowledge', byRight } }] })
  })

  it.each<[string, Regulation, number, Parameters<TestApp['bearer']>[0], number]>([
    ['the director who is responsible', with7({ director: true }), 7, {}, 200],
    ['an administrator who is responsible', with7({}), 1, admin, 200],
    ['an administrator who is the fallback person', { ...with7({}), distribution: { ...regulation.distribution, fallbackUserId: userId(1) } }, 7, admin, 200],
    ['the fallback person who is responsible', with7({ fallback: true }), 7, {}, 403],
    ['the responsible whose session alone says administrator', with7({}), 7, { isAdmin: true }, 403],
  ])('hands the lead over if one of them allows it: %s', async (_who, rules, responsibleId, session, status) => {
    expect((await sees(rules, responsibleId, { kind: 'reassign', userId: 9 }, session)).status).toBe(status)
  })

  it('is asked for no more proof than the act needs', async () => {
    const { status, acts } = await sees(with7({}), 7, { kind: 'not-reached' }, { isAdmin: true })
    expect([status, acts]).toMatchObject([200, [{ more: { byRight: 'responsible' } }]])
  })
})

describe('opening the tab', () => {
  const open = (app: TestApp, session: Parameters<TestApp['bearer']>[0] = {}) => app.request('/api/leads/42', { headers: app.bearer(session) })

  it('by the responsible is an act, one for each step', async () => {
    const app = appWith(active)
    await open(app)
    expect(actsOf(app)).toMatchObject([{ more: { kind: 'opened', byUserId: 7, mark: `opened 42 7 2026-03-10T08:00:00Z ${active.round}` } }])
    expect(app.done.at(-1)).toMatchObject({ what: 'request-review', more: [{ kind: 'lead', id: 42 }] })
  })

  it('by whoever gets the lead a second time on the same step is another act', async () => {
    const marks = await Promise.all([active, { ...active, round: active.round + 2 }].map(async (watch) => {
      const app = appWith(watch)
      await open(app)
      return actsOf(app).map(({ more }) => (more as { mark?: string }).mark)
    }))
    expect(new Set(marks.flat()).size).toBe(2)
  })

  it('by anybody else, after the work has begun, or of a closed lead is none', async () => {
    const others = appWith(active)
    await open(others, { userId: 8 })
    const begun = appWith({ ...active, step: { takenAt: now } })
    await open(begun)
    const closed = appWith({ status: 'closed', leadId: lead.id, outcome: 'lost', closedAt: now, stageId: lead.stageId })
    await open(closed)
    expect([...others.done, ...begun.done, ...closed.done].filter(({ what }) => what === 'act')).toEqual([])
  })

  it('shows the contact data with what is wrong with them (S1-D5)', async () => {
    const app = createTestApp({ desk: { ...createTestApp().desk, readLead: async () => ({ ...lead, contact: { phones: ['8 900 000-00-01 доб. 7, 8900'], emails: ['olga@example'], messengers: [] } }) } })
    const view = LeadView.parse(await (await open(app)).json())
    expect(view.contact).toEqual({
      phones: [
        { value: '8 900 000-00-01 доб. 7', e164: '+79000000001', extension: '7', verdict: 'ok', isWrong: false, problem: null },
        { value: '8900', e164: null, extension: null, verdict: 'too-short', isWrong: false, problem: 'В номере не хватает цифр.' },
      ],
      emails: [{ value: 'olga@example', address: null, verdict: 'bad-domain', problem: 'Такого почтового домена не бывает.' }],
    })
  })
})

describe('POST /robots', () => {
  const form = (more: Record<string, string> = {}): Record<string, string> => ({
    'code': 'leadrail.check-card', 'document_id[0]': 'crm', 'document_id[1]': 'CCrmDocumentLead', 'document_id[2]': 'LEAD_42', 'event_token': 'T1|A1|abc', 'use_subscription': 'Y', 'ts': '1773133200',
    'auth[member_id]': memberId, 'auth[application_token]': applicationToken, 'auth[domain]': 'romashka.bitrix24.ru', ...more,
  })
  const send = (app: TestApp, fields: Record<string, string>) => app.request('/robots', postForm(fields))

  it('is an act of the robot, and the lead is looked at soon', async () => {
    const app = createTestApp()
    expect((await send(app, form())).status).toBe(200)
    expect(app.done).toMatchObject([
      { what: 'act', memberId, more: { leadId: 42, kind: 'check-card', token: 'T1|A1|abc', byUserId: null, mark: expect.stringMatching(/^robot [\w-]{43}$/) as string } },
      { what: 'request-review', memberId, more: [{ kind: 'lead', id: 42 }] },
    ])
    expect(app.logged()).not.toContain('T1|A1|abc')
  })

  it('a robot that does not wait has no token to answer to', async () => {
    const app = createTestApp()
    await send(app, form({ use_subscription: 'N' }))
    expect(app.done[0]).toMatchObject({ more: { token: null } })
  })

  it.each([
    ['another portal\'s token', { 'auth[application_token]': 'f'.repeat(32) }, 403], ['an unknown portal', { 'auth[member_id]': strangerId }, 403],
    ['no proof at all', { 'auth[application_token]': '' }, 403], ['a robot of nobody', { code: 'other.robot' }, 400], ['a deal', { 'document_id[2]': 'DEAL_42' }, 400],
    ['an endless id', { 'document_id[2]': 'LEAD_99999999999' }, 400], ['no event_token', { event_token: '' }, 400],
  ])('%s is refused', async (_what, more, status) => {
    const app = createTestApp()
    expect((await send(app, form(more))).status).toBe(status)
    expect(app.done).toEqual([])
  })

  it('without an application token an administrator\'s access token proves it', async () => {
    const app = createTestApp()
    expect((await send(app, form({ 'auth[application_token]': '', 'auth[access_token]': adminToken }))).status).toBe(200)
    expect((await send(app, form({ 'auth[application_token]': '', 'auth[access_token]': 'manager-access-token-0000000000000001' }))).status).toBe(403)
    expect((await send(app, form({ 'auth[application_token]': '', 'auth[access_token]': 'unreachable-000' }))).status).toBe(503)
  })
})
