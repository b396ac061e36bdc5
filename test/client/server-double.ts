import { http, HttpResponse, type HttpHandler } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Problem } from '../../server/contract/problem.ts'
import type { PageBoot } from '../../server/contract/page.ts'

/** Our server, played: a request that nobody expects fails the test. */
export const playServer = (...handlers: HttpHandler[]) => {
  const server = setupServer(...handlers)
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
  afterEach(() => server.resetHandlers())
  afterAll(() => server.close())
  return server
}

export const refuse = (status: number, problem: Partial<Problem> = {}): HttpResponse<Problem> =>
  HttpResponse.json({ type: '/problems/test', title: 'Портал не принял ответ', status, detail: 'Битрикс24 временно недоступен.', ...problem }, { status, headers: { 'content-type': 'application/problem+json' } })

export const boot = (over: Partial<PageBoot> = {}): PageBoot => ({
  page: 'lead-tab',
  lang: 'ru',
  session: { token: 'first-token', expiresAt: '2026-11-23T08:00:00Z', user: { id: 7, name: 'Анна Петрова', isAdmin: true, timeZone: 'Europe/Moscow' } },
  portal: { domain: 'portal.example.com', memberId: 'a223c6b3710f85df22e9377d6c4f7553' },
  placement: 'CRM_LEAD_DETAIL_TAB',
  options: { ID: '42' },
  problem: null,
  ...over,
})

/** Answers `POST /api/session` with `token`; tells how often it was asked. */
export const sessionHandler = (token: string, asked: { times: number }) =>
  http.post('*/api/session', () => {
    asked.times += 1
    return HttpResponse.json({ ...boot().session, token })
  })
