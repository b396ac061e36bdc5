import { delay, http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../client/api/api-error.ts'
import { createApi } from '../../client/api/api.ts'
import { leadView } from './lead-views.ts'
import { boot, playServer, refuse, sessionHandler } from './server-double.ts'

const server = playServer()
const token = vi.fn(async () => 'fresh-access-token')
const open = (timeoutMs = 2000) => createApi({ boot: boot(), accessToken: token, timeoutMs, pauseMs: 1 })
const failureOf = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.then(() => null, (cause: unknown) => cause)
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

describe('asking our server', () => {
  it('shows the session’s token, and only there where it belongs', async () => {
    const seen: (string | null)[] = []
    server.use(http.get('*/api/leads/42', ({ request }) => { seen.push(request.headers.get('authorization'), new URL(request.url).search); return HttpResponse.json(leadView()) }))
    expect((await open().lead(42)).leadId).toBe(42)
    expect(seen).toEqual(['Bearer first-token', ''])
  })

  it('accepts an answer that is a little old where nobody waits for it', async () => {
    const seen: (string | null)[] = []
    server.use(http.get('*/api/leads/42', ({ request }) => { seen.push(request.headers.get('cache-control')); return HttpResponse.json(leadView()) }))
    await open().lead(42)
    await open().lead(42, undefined, true)
    expect(seen[0] ?? '').not.toContain('max-age=300')
    expect(seen[1]).toContain('max-age=300')
  })

  it('renews an ended session once for all requests that were refused together', async () => {
    const asked = { times: 0 }
    server.use(sessionHandler('second-token', asked), http.get('*/api/leads/42', ({ request }) => (request.headers.get('authorization') === 'Bearer second-token' ? HttpResponse.json(leadView()) : refuse(401))))
    const api = open()
    const views = await Promise.all([api.lead(42), api.lead(42), api.lead(42)])
    expect(views.length).toBe(3)
    expect(asked.times).toBe(1)
    expect(api.session()?.token).toBe('second-token')
  })

  it('sends the portal, the fresh access token and the language when it renews', async () => {
    const bodies: unknown[] = []
    server.use(
      http.post('*/api/session', async ({ request }) => { bodies.push(await request.json()); return HttpResponse.json({ ...boot().session, token: 'second-token' }) }),
      http.get('*/api/leads/42', () => HttpResponse.json(leadView())),
    )
    const api = createApi({ boot: boot({ session: null }), accessToken: token, pauseMs: 1 })
    await api.lead(42)
    expect(bodies).toEqual([{ domain: 'portal.example.com', memberId: 'a223c6b3710f85df22e9377d6c4f7553', accessToken: 'fresh-access-token', lang: 'ru' }])
  })

  it('gives up after one renewal', async () => {
    const asked = { times: 0 }
    server.use(sessionHandler('second-token', asked), http.get('*/api/leads/42', () => refuse(401)))
    expect((await failureOf(open().lead(42))).kind).toBe('session')
    expect(asked.times).toBe(1)
  })

  it('keeps the words of a refusal', async () => {
    server.use(http.get('*/api/leads/42', () => refuse(403, { title: 'Нет доступа к этому лиду' })))
    const error = await failureOf(open().lead(42))
    expect([error.kind, error.problem?.title, error.problem?.status]).toEqual(['refused', 'Нет доступа к этому лиду', 403])
  })

  it.each([
    ['a proxy’s page', () => HttpResponse.text('<html>Bad gateway</html>', { status: 502 }), 'server'],
    ['a page with status 200', () => HttpResponse.text('<html>Sign in</html>'), 'unexpected'],
    ['an answer of another shape', () => HttpResponse.json({ ok: true }), 'unexpected'],
    ['a refusal without words', () => new HttpResponse(null, { status: 404 }), 'unexpected'],
    ['no connection', () => HttpResponse.error(), 'offline'],
  ])('names %s', async (_name, answer, kind) => {
    server.use(http.get('*/api/leads/42', answer))
    expect((await failureOf(open().lead(42))).kind).toBe(kind)
  })

  it('looks again when the server stumbles, three times in all', async () => {
    let times = 0
    server.use(http.get('*/api/leads/42', () => { times += 1; return times < 3 ? refuse(503) : HttpResponse.json(leadView()) }))
    await open().lead(42)
    expect(times).toBe(3)
  })

  it('never repeats a save by itself', async () => {
    let times = 0
    server.use(http.patch('*/api/leads/42/card', () => { times += 1; return refuse(503) }))
    expect((await failureOf(open().saveCard(42, { comment: 'x' }))).kind).toBe('server')
    expect(times).toBe(1)
  })

  it('does not repeat what was refused', async () => {
    let times = 0
    server.use(http.get('*/api/leads/42', () => { times += 1; return refuse(404) }))
    await failureOf(open().lead(42))
    expect(times).toBe(1)
  })

  it('waits no longer than its time', async () => {
    server.use(http.patch('*/api/leads/42/card', async () => { await delay(3000); return HttpResponse.json(leadView()) }))
    expect((await failureOf(open(50).saveCard(42, { comment: 'x' }))).kind).toBe('timeout')
  })

  it('ends at once when nobody wants the answer any more', async () => {
    server.use(http.get('*/api/leads/42', async () => { await delay(3000); return HttpResponse.json(leadView()) }))
    const ending = new AbortController()
    const asked = failureOf(open().lead(42, ending.signal))
    await delay(30)
    ending.abort()
    expect((await asked).kind).toBe('aborted')
  })
})
