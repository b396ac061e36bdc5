import { describe, expect, it } from 'vitest'
import { Problem } from '../../server/contract/problem.ts'
import { SimulationAccepted, SimulationList, SimulationView } from '../../server/contract/simulation.ts'
import { estimates } from '../../server/domain/simulate/estimates.ts'
import { estimateSentence } from '../../server/domain/sentences/estimates.ts'
import { simulate } from '../../server/domain/simulate.ts'
import { storyOf } from '../../server/domain/simulate/story.ts'
import type { AppDeps } from '../../server/http/app.ts'
import type { StoredSimulation } from '../../server/store/simulations.ts'
import { at, call, context, lead, regulation } from '../domain/support.ts'
import { userId } from '../../server/domain/lead.ts'
import { adminToken, createTestApp, memberId } from './support.ts'

const until = at('18:00')
const result = simulate({ regulation, version: 0, context: context(), until }, [storyOf({ lead: lead({ responsibleId: userId(7), activities: [call(at('10:10'))] }), stages: [] }, regulation, until)])

const stored: StoredSimulation = { id: 5, version: null, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', status: 'done', phase: 'computing', done: 900, total: 1_000, problem: null, result, read: result.leads.read, askedAt: '2026-03-10T08:00:00Z', endedAt: '2026-03-10T08:05:00Z' }
const period = { from: '2026-01-01T00:00:00+03:00', to: '2026-02-01T00:00:00+03:00' }
const admin = { userId: 1, isAdmin: true, accessToken: adminToken }

const app = (desk: Partial<AppDeps['simulations']> = {}) => {
  const wishes: unknown[] = []
  const made = createTestApp({ simulations: {
    ask: async (_id, wish) => {
      wishes.push(wish)
      return { ok: true, id: 5 }
    },
    find: async (owner, id) => (owner === memberId && id === 5 ? stored : null),
    list: async () => [stored],
    cancel: async () => true,
    ...desk,
  } })
  const send = async (method: string, path: string, body?: unknown, session: Parameters<typeof made.bearer>[0] = admin) => {
    const answer = await made.request(path, { method, headers: { ...made.bearer(session), 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { status: answer.status, json: await answer.json() as unknown }
  }
  return { send, wishes }
}

describe('POST /api/simulations', () => {
  it('accepts a time and a draft or a version, and answers with a number', async () => {
    const { send, wishes } = app()
    const { status, json } = await send('POST', '/api/simulations', { what: 'draft', ...period })
    expect(status).toBe(202)
    expect(SimulationAccepted.parse(json)).toEqual({ id: 5 })
    expect((await send('POST', '/api/simulations', { what: 3, ...period })).status).toBe(202)
    expect(wishes).toEqual([{ what: 'draft', from: '2025-12-31T21:00:00Z', to: '2026-01-31T21:00:00Z', authorId: 1 }, expect.objectContaining({ what: 3 })])
  })

  it('says which part of the request is wrong, and how to mend it', async () => {
    const { send, wishes } = app()
    const wrong = async (body: unknown) => {
      const { status, json } = await send('POST', '/api/simulations', body)
      expect(status).toBe(400)
      return Problem.parse(json).fields
    }
    expect(await wrong({ what: 'draft', from: period.to, to: period.from })).toEqual([{ field: 'to', message: 'Конец периода должен быть позже начала.' }])
    expect(await wrong({ what: 'draft', from: '2024-01-01T00:00:00Z', to: '2025-06-01T00:00:00Z' })).toEqual([{ field: 'to', message: 'Период не может быть длиннее года.' }])
    expect((await wrong({ what: 'draft', from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' }))?.[0]?.field).toBe('from')
    expect((await wrong({ what: 0, ...period }))?.[0]?.field).toBe('what')
    expect((await wrong({ what: 2_147_483_648, ...period }))?.[0]?.field).toBe('what')
    expect(await wrong({ what: 'draft', from: '0000-01-01T00:00:00Z', to: '0000-02-01T00:00:00Z' })).toEqual([{ field: 'from', message: 'Период не может начинаться раньше 2000 года.' }])
    expect((await wrong({ what: 'draft', from: 'вчера', to: period.to }))?.[0]?.field).toBe('from')
    expect((await wrong({ what: 'draft', ...period, extra: 1 }))?.[0]?.field).toBe('extra')
    expect(wishes).toEqual([])
  })

  it('says why nothing is begun', async () => {
    for (const [why, status] of [['no-draft', 404], ['no-version', 404], ['running', 409]] as const) {
      const { send } = app({ ask: async () => ({ ok: false, why }) })
      const answer = await send('POST', '/api/simulations', { what: 'draft', ...period })
      expect(Problem.parse(answer.json).detail).not.toBe('')
      expect([why, answer.status]).toEqual([why, status])
    }
  })

  it('names the errors of a regulation that cannot be tried', async () => {
    const { send } = app({ ask: async () => ({ ok: false, why: 'problems', problems: [{ kind: 'wrong-span', span: 'x', severity: 'error', path: 'attempts.retryAfter' }] }) })
    const { status, json } = await send('POST', '/api/simulations', { what: 'draft', ...period })
    expect([status, Problem.parse(json)]).toMatchObject([422, { type: '/problems/regulation-unready', fields: [{ field: 'attempts.retryAfter' }] }])
  })

  it('is for administrators only, as is everything else of simulations', async () => {
    const { send, wishes } = app()
    for (const [method, path] of [['POST', '/api/simulations'], ['GET', '/api/simulations'], ['GET', '/api/simulations/5'], ['DELETE', '/api/simulations/5']] as const) {
      expect((await send(method, path, method === 'POST' ? { what: 'draft', ...period } : undefined, {})).status).toBe(403)
    }
    expect(wishes).toEqual([])
  })
})

describe('GET /api/simulations/:id', () => {
  it('shows what was found, the names of the people in it, and what had to be assumed in words', async () => {
    const { send } = app()
    const view = SimulationView.parse((await send('GET', '/api/simulations/5')).json)
    expect(view).toMatchObject({ what: 'draft', status: 'done', progress: 1, leads: 1, people: { 7: 'Михаил Менеджер' } })
    expect(view.result?.deadlines.byPerson).toHaveProperty('7')
    expect(view.estimates.find(({ code }) => code === 'presence')?.text).toContain('все были на месте')
  })

  it('names some of the leads that a gate stopped, and counts them all', async () => {
    const many = { ...stored, result: { ...result, gates: { ...result.gates, stopped: 9_000, leadIds: Array.from({ length: 9_000 }, (_, index) => index + 1) } } }
    const view = SimulationView.parse((await app({ find: async () => many }).send('GET', '/api/simulations/5')).json)
    expect(view.result?.gates.stopped).toBe(9_000)
    expect(view.result?.gates.leadIds).toHaveLength(500)
  })

  it('tells how far it is, and why it has failed', async () => {
    const running = app({ find: async () => ({ ...stored, status: 'running', phase: 'reading', done: 250, total: 1_000, result: null, read: null, endedAt: null }) })
    expect(SimulationView.parse((await running.send('GET', '/api/simulations/5')).json)).toMatchObject({ progress: 0.25, leads: 1_000, result: null, estimates: [] })
    const failed = app({ find: async () => ({ ...stored, status: 'failed', problem: 'too-many-leads', result: null }) })
    expect(SimulationView.parse((await failed.send('GET', '/api/simulations/5', undefined, { ...admin, language: 'en' })).json).problem?.detail).toContain('10,000')
    const silent = app({ find: async () => ({ ...stored, status: 'failed', problem: 'overloaded', result: null }) })
    expect(SimulationView.parse((await silent.send('GET', '/api/simulations/5')).json).problem?.title).toContain('Портал')
  })

  it('knows no other portal’s simulations and no wrong numbers', async () => {
    const { send } = app()
    for (const id of ['6', '0', 'x', '99999999999999999999']) expect((await send('GET', `/api/simulations/${id}`)).status).toBe(404)
  })
})

it('lists simulations, and cancels one', async () => {
  const cancelled: number[] = []
  const { send } = app({ cancel: async (_id, id) => cancelled.push(id) > 0 })
  expect(SimulationList.parse((await send('GET', '/api/simulations')).json).simulations.map(({ id }) => id)).toEqual([5])
  expect((await send('DELETE', '/api/simulations/5')).status).toBe(200)
  expect((await send('DELETE', '/api/simulations/6')).status).toBe(404)
  expect(cancelled).toEqual([5])
})

it('has a sentence in both languages for every assumption', () => {
  const sentences = estimates.flatMap(one => [estimateSentence(one, 'ru'), estimateSentence(one, 'en')])
  expect(new Set(sentences).size).toBe(2 * estimates.length)
})
