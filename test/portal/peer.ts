/** A bare server that answers as a test tells it: for answers no honest portal gives. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Record<string, unknown>
}

export type Answering = (asked: Asked, response: ServerResponse, count: number) => void

export interface Peer {
  readonly endpoint: string
  readonly host: string
  readonly asked: Asked[]
  answer(how: Answering): void
  close(): Promise<void>
}

export const startPeer = async (how: Answering = (_, response) => json(response, 200, { result: true })): Promise<Peer> => {
  const asked: Asked[] = []
  let answering = how
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const one: Asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : {} }
      asked.push(one)
      answering(one, response, asked.length)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}/rest/`,
    host: `127.0.0.1:${port}`,
    asked,
    answer: (next) => {
      answering = next
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}

/** With the `time` block that every answer of a portal has. */
export const json = (response: ServerResponse, status: number, body: object, time: object = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ ...body, time: { start: 1, finish: 1, duration: 0, processing: 0, operating: 0, ...time } }))
}
