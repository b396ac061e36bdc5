import { describe, expect, it } from 'vitest'
import { DraftCheck, ImportAnswer, PublishAnswer, PublishPreview, RegulationDraft, RegulationState } from '../../server/contract/regulation.ts'
import { Problem } from '../../server/contract/problem.ts'
import { lintRegulation } from '../../server/domain/lint.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { RegulationDesk } from '../../server/jobs/regulation-desk.ts'
import type { Draft } from '../../server/store/drafts.ts'
import { regulation } from '../domain/support.ts'
import { adminToken, createTestApp } from './support.ts'

const row = { version: 1, applies: 'all', mode: 'live', publishedAt: '2026-03-01T09:00:00Z', authorId: 7, comment: '' } as const
const draft: Draft = { regulation, baseVersion: 1, revision: 3, authorId: 7, updatedAt: '2026-03-10T08:00:00Z' }
const nothing = { stageIds: [], userIds: [], fieldNames: [] }
const problems = lintRegulation(regulation, nothing)

const desk = (change: Partial<RegulationDesk> = {}): RegulationDesk => ({
  state: async () => ({ inForce: row, shadow: null, versions: [row], draft, missing: problems.slice(0, 1) }),
  draft: async () => draft,
  version: async (_id, version) => (version === 1 ? regulation : null),
  saveDraft: async (_id, { revision, authorId }) => (revision === 3 ? { ok: true, draft: { ...draft, revision: 4, authorId } } : { ok: false, draft }),
  check: async (_id, checked) => ({ problems, changes: [], inForce: checked, directory: { stages: {}, fields: {}, users: {}, departments: {}, sources: {} } }),
  preview: async (_id, revision, applies) => (revision === 3 ? { kind: 'preview', preview: { revision, applies, status: 'failed', done: 1, total: 1, result: null, problem: 'unavailable' } } : { kind: 'conflict', draft }),
  lastPreview: async () => null,
  publish: async (_id, revision) => (revision === 3 ? { kind: 'published', version: 2, problems: [] } : { kind: 'conflict', draft }),
  restore: async (_id, version) => (version === 1 ? { kind: 'problems', problems } : { kind: 'unknown-version' }),
  exportFile: async () => null,
  importFile: async (_id, file) => ({ saved: { ok: true, draft: { ...draft, regulation: file.regulation } }, missing: [{ kind: 'stage', id: 'NEW', name: 'Новый', where: ['steps.0.stageId'], ambiguous: false }], problems: [] }),
  shadow: async () => [],
  dropDraft: async (_id, revision) => (revision === 3 ? { ok: true } : { ok: false, draft }),
  endShadow: async () => null,
  ...change,
})

const app = createTestApp({ regulations: desk() })
const admin = () => app.bearer({ isAdmin: true, userId: 1, accessToken: adminToken })
const ask = async (method: string, path: string, body?: unknown, headers = admin()): Promise<Response> =>
  app.request(`/api/regulation${path}`, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
const problemOf = async (answer: Response) => Problem.parse(await answer.json())

const all: readonly [string, string][] = [
  ['GET', ''], ['GET', '/draft'], ['PUT', '/draft'], ['POST', '/draft/check'], ['GET', '/preview'], ['POST', '/preview'], ['POST', '/publish'],
  ['GET', '/versions/1'], ['POST', '/versions/1/restore'], ['GET', '/export'], ['POST', '/import'], ['GET', '/shadow'],
]

describe('the regulation over HTTP', () => {
  it.each(all)('%s /api/regulation%s is for administrators only, in words', async (method, path) => {
    const answer = await ask(method, path, undefined, app.bearer())
    expect(answer.status).toBe(403)
    expect(await problemOf(answer)).toMatchObject({ type: '/problems/administrators-only', title: 'Только для администратора' })
    expect((await app.request(`/api/regulation${path}`, { method })).status).toBe(401)
  })

  it('asks the portal again before it publishes for somebody whose rights have gone', async () => {
    const demoted = app.bearer({ isAdmin: true, userId: 7 })
    expect((await ask('POST', '/publish', { revision: 3, applies: 'all' }, demoted)).status).toBe(403)
    expect((await ask('GET', '', undefined, demoted)).status).toBe(200)
  })

  it('shows what is in force, the versions, the draft and what is missing on the portal', async () => {
    const state = RegulationState.parse(await (await ask('GET', '')).json())
    expect(state).toMatchObject({ inForce: { version: 1, author: { id: 7, name: 'Михаил Менеджер' } }, draft: { revision: 3 }, missing: [{ severity: 'error' }] })
  })

  it('saves the question of the client’s kind, and names what is wrong in it (S0-29)', async () => {
    const variantBy = { question: 'who', person: ['private'], organisation: ['firm'], client: [] }
    const saved: (typeof regulation)[] = []
    const saving = createTestApp({ regulations: desk({ saveDraft: async (_id, ask) => {
      saved.push(ask.regulation)
      return { ok: true, draft: { ...draft, regulation: ask.regulation, revision: 4 } }
    } }) })
    const put = async (given: object): Promise<Response> => saving.request('/api/regulation/draft', { method: 'PUT', headers: { ...saving.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }), 'content-type': 'application/json' }, body: JSON.stringify({ revision: 3, regulation: { ...regulation, conversion: { ...regulation.conversion, variantBy: given } } }) })
    expect(RegulationDraft.parse(await (await put(variantBy)).json()).regulation.conversion.variantBy).toEqual(variantBy)
    expect(saved.map(({ conversion }) => conversion.variantBy)).toEqual([variantBy])
    const refused = await put({ question: 'who' })
    expect([refused.status, saved.length]).toEqual([422, 1])
    expect((await problemOf(refused)).fields?.map(({ field }) => field).join(' ')).toContain('conversion.variantBy')
  })

  it('saves a draft, and says whose change is newer when somebody was faster', async () => {
    expect(RegulationDraft.parse(await (await ask('PUT', '/draft', { revision: 3, regulation })).json()).revision).toBe(4)
    const late = await ask('PUT', '/draft', { revision: 2, regulation })
    expect(late.status).toBe(409)
    expect((await problemOf(late)).detail).toMatch(/Михаил Менеджер.*10 марта/)
  })

  it.each([
    [{ revision: 3 }, 'regulation'], [{ revision: '3', regulation }, 'revision'], [{ revision: 3, regulation: { ...regulation, steps: 'none' } }, 'regulation.steps'],
    [{ revision: 3, regulation, more: 1 }, '.'], [[], '.'], [null, '.'],
  ])('refuses a malformed draft with the field and how to mend it (%#)', async (body, field) => {
    const answer = await ask('PUT', '/draft', body)
    expect(answer.status).toBe(422)
    expect((await problemOf(answer)).fields).toContainEqual({ field, message: expect.stringMatching(/[А-я].*\./) as string })
  })

  it('checks the draft', async () => {
    const check = DraftCheck.parse(await (await ask('POST', '/draft/check')).json())
    expect(check.publishable).toBe(false)
    expect(check.problems[0]?.text).toMatch(/^[«А-Я].*\.$/)
  })

  it('publishes, and refuses what does not lint with each place', async () => {
    expect(PublishAnswer.parse(await (await ask('POST', '/publish', { revision: 3, applies: 'new', comment: 'Строже' })).json())).toEqual({ version: 2, warnings: [] })
    expect((await ask('POST', '/publish', { revision: 2, applies: 'new' })).status).toBe(409)
    expect((await ask('POST', '/publish', { revision: 3, applies: 'some' })).status).toBe(422)
    const refused = await ask('POST', '/versions/1/restore', { applies: 'all' })
    expect(refused.status).toBe(422)
    expect(await problemOf(refused)).toMatchObject({ type: '/problems/regulation-invalid', fields: expect.arrayContaining([expect.objectContaining({ field: 'steps.0.stageId' })]) as unknown })
    expect((await ask('POST', '/versions/9/restore', { applies: 'all' })).status).toBe(404)
    expect((await ask('GET', '/versions/abc')).status).toBe(404)
  })

  it('imports a file and says what is missing; a newer one is refused in words', async () => {
    const names = { stages: {}, fields: {}, users: {}, departments: {}, sources: {} }
    const file = { kind: 'leadrail-regulation', schema: 2, regulation, names }
    expect(ImportAnswer.parse(await (await ask('POST', '/import', { revision: 3, file })).json()).missing[0]?.text).toBe('Стадия «Новый»: на этом портале нет, выберите другое или создайте.')
    const newer = await ask('POST', '/import', { revision: 3, file: { ...file, schema: 3, regulation: { ...regulation, schema: 3 } } })
    expect(newer.status).toBe(422)
    expect((await problemOf(newer)).title).toBe('Файл из более новой версии')
    expect((await ask('POST', '/import', { revision: 3, file: { ...file, regulation: { schema: 1 } } })).status).toBe(422)
  })

  it('says of a preview why it has failed, and of a draft with errors what they are', async () => {
    const answer = PublishPreview.parse(await (await ask('POST', '/preview', { revision: 3 })).json())
    expect(answer.problem).toMatchObject({ title: 'Портал не дал прочитать лиды' })
    const broken = createTestApp({ regulations: desk({ preview: async () => ({ kind: 'problems', problems }) }) })
    const refused = await broken.request('/api/regulation/preview', { method: 'POST', headers: { ...broken.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }), 'content-type': 'application/json' }, body: JSON.stringify({ revision: 3 }) })
    const problem = await problemOf(refused)
    expect([refused.status, problem.type]).toEqual([422, '/problems/regulation-unready'])
    expect(problem.fields?.length).toBeGreaterThan(0)
  })

  it('refuses a draft that was begun before the version in force, and names that version', async () => {
    const wishes: unknown[] = []
    const outdated = createTestApp({ regulations: desk({ publish: async (_id, _revision, how) => {
      wishes.push(how.overNewer)
      return { kind: 'outdated', inForce: { ...row, version: 2, comment: 'Час на звонок' } }
    } }) })
    const send = (body: unknown) => outdated.request('/api/regulation/publish', { method: 'POST', headers: { ...outdated.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }), 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const refused = await send({ revision: 3, applies: 'all' })
    const problem = await problemOf(refused)
    expect([refused.status, problem.type]).toEqual([409, '/problems/version-newer'])
    expect(problem.detail).toMatch(/версия 2, автор Михаил Менеджер .*«Час на звонок»/)
    await send({ revision: 3, applies: 'all', overNewer: true })
    expect(wishes).toEqual([false, true])
  })

  it('drops a draft that was seen only, and ends a shadow where there is one', async () => {
    const newer = await ask('DELETE', '/draft?revision=2')
    expect([newer.status, (await problemOf(newer)).type]).toEqual([409, '/problems/draft-newer'])
    expect(RegulationState.parse(await (await ask('DELETE', '/draft?revision=3')).json()).versions).toHaveLength(1)
    expect((await ask('DELETE', '/draft')).status).toBe(400)
    expect((await problemOf(await ask('DELETE', '/shadow'))).type).toBe('/problems/shadow-missing')
    const shadowed = createTestApp({ regulations: desk({ endShadow: async () => 2 }) })
    expect((await shadowed.request('/api/regulation/shadow', { method: 'DELETE', headers: shadowed.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }) })).status).toBe(200)
  })

  it('goes back in the shadow’s journal by ids longer than a version, and says of a wrong one what is wanted', async () => {
    const asked: unknown[] = []
    const long = createTestApp({ regulations: desk({ shadow: async (_id, page) => {
      asked.push(page.before)
      return []
    } }) })
    const get = (before: string) => long.request(`/api/regulation/shadow?before=${before}`, { headers: long.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }) })
    expect((await get('123456789012')).status).toBe(200)
    expect(asked).toEqual([123_456_789_012])
    const wrong = await get('abc')
    expect(wrong.status).toBe(400)
    expect((await problemOf(wrong)).fields).toEqual([{ field: 'before', message: 'Здесь нужен id последней показанной строки, например 120.' }])
  })

  it.each([
    ['PUT', '/draft', { revision: 2_147_483_648, regulation }], ['POST', '/preview', { revision: 2_147_483_648 }], ['POST', '/publish', { revision: 2_147_483_648, applies: 'all' }],
  ] as const)('refuses a revision that no draft can have: %s %s', async (method, path, body) => {
    const answer = await ask(method, path, body)
    expect(answer.status).toBe(422)
    expect((await problemOf(answer)).fields?.[0]?.field).toBe('revision')
  })

  it.each([
    ['auth-lost', 403, 'portal-suspended', /администратору портала достаточно открыть/], ['access-denied', 403, 'application-rights', /самому приложению/],
    ['not-found', 422, 'portal-refused', /./], ['unavailable', 503, 'portal-unavailable', /./],
  ] as const)('tells %s of the stored tokens as the application’s own trouble', async (code, status, type, detail) => {
    const fail = () => Promise.reject(new PortalError({ code, method: 'crm.status.list' }))
    const failing = createTestApp({ regulations: desk({ publish: fail }), simulations: { ask: fail, find: fail, list: fail, cancel: fail }, presets: { knows: () => true, list: fail, bind: fail } })
    const headers = { ...failing.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }), 'content-type': 'application/json' }
    const bodies = {
      '/api/regulation/publish': { revision: 3, applies: 'all' }, '/api/presets/passes/bind': { revision: 0 },
      '/api/simulations': { what: 'draft', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    }
    for (const [path, body] of Object.entries(bodies)) {
      const answer = await failing.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
      const problem = await problemOf(answer)
      expect([path, answer.status, problem.type]).toEqual([path, status, `/problems/${type}`])
      expect(problem.detail).toMatch(detail)
    }
    failing.desk.install = fail
    expect((await failing.request('/api/install', { method: 'POST', headers: { authorization: headers.authorization } })).status).toBe(status)
  })

  it('names in the way out of an outdated draft a road that there is', async () => {
    const outdated = createTestApp({ regulations: desk({ publish: async () => ({ kind: 'outdated', inForce: { ...row, version: 2 } }) }) })
    const answer = await outdated.request('/api/regulation/publish', { method: 'POST', headers: { ...outdated.bearer({ isAdmin: true, userId: 1, accessToken: adminToken }), 'content-type': 'application/json' }, body: JSON.stringify({ revision: 3, applies: 'all' }) })
    expect((await problemOf(answer)).detail).toMatch(/удалите черновик и начните новый/)
  })

  it('binds a preset over the draft that was seen only', async () => {
    const bind = (body: unknown) => app.request('/api/presets/passes/bind', { method: 'POST', headers: { ...admin(), 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const newer = await bind({ revision: 2 })
    expect([newer.status, (await problemOf(newer)).type]).toEqual([409, '/problems/draft-newer'])
    expect((await bind({})).status).toBe(400)
    expect((await bind({ revision: 2_147_483_648 })).status).toBe(400)
    expect((await bind({ revision: 0 })).status).toBe(200)
  })
})
