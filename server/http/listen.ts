/** The socket. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export interface Listening {
  readonly port: number
  /** Takes no more connections; what is under way may end for `graceMilliseconds`, then it is cut off. */
  stop(graceMilliseconds: number): Promise<void>
}

/** Listens on all addresses, or on `host` alone; `port` 0 takes any that is free. Rejects when the port is taken. */
export const listen = async (app: Pick<Hono, 'fetch'>, { port, host }: { port: number; host?: string | undefined }): Promise<Listening> => {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, getRequestListener(app.fetch))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === undefined ? {} : { host }), backlog: 1024 }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  return { port: (server.address() as AddressInfo).port, stop: graceMilliseconds => stopServer(server, graceMilliseconds) }
}

const stopServer = async (server: Server, graceMilliseconds: number): Promise<void> => {
  const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(timer)
}
