import { createServer } from 'node:http'
import qs from 'qs'
import type { FakePortal } from './fake-portals.ts'

/** An answer of REST, with the HTTP status beside it. */
export interface RestAnswer {
  status: number
  result?: unknown
  next?: number
  total?: number
  time?: Record<string, unknown>
  error?: unknown
  error_description?: string
}

/** Calls a method as a person with a fresh token (or the given one), JSON body. */
export const call = async (portal: FakePortal, method: string, params: Record<string, unknown> = {}, as: number | string = 1): Promise<RestAnswer> => {
  const auth = typeof as === 'string' ? as : portal.tokensFor(as).accessToken
  const answer = await fetch(`${portal.clientEndpoint}${method}`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...params, auth }) })
  return { ...((await answer.json()) as object), status: answer.status }
}

/** The result of a call that has to succeed. */
export const result = async <T>(portal: FakePortal, method: string, params: Record<string, unknown> = {}, as: number | string = 1): Promise<T> => {
  const answer = await call(portal, method, params, as)
  if (answer.status !== 200 || answer.error !== undefined) throw new Error(`${method}: ${answer.status} ${String(answer.error)} ${answer.error_description ?? ''}`)
  return answer.result as T
}

export interface HeardEvent {
  event: string
  event_handler_id?: string
  data?: unknown
  ts: string
  auth: Record<string, string>
  contentType: string
}

/** A server that only listens: what was posted to it, in order of arrival. */
export const startListener = async (status = 200) => {
  const heard: HeardEvent[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => {
      heard.push({ ...(qs.parse(body, { depth: 10 }) as unknown as HeardEvent), contentType: request.headers['content-type'] ?? '' })
      response.writeHead(status).end('ok')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/events`,
    heard,
    close: (): Promise<void> => new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
