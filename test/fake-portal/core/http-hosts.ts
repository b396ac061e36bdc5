import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const listen = (server: Server, port: number, address: string): Promise<number> => new Promise((resolve, reject) => {
  server.once('error', reject)
  server.listen(port, address, () => {
    const bound = server.address()
    server.removeListener('error', reject)
    resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
  })
})

/** Number of a portal → its loopback address: 2 is 127.0.0.2, 300 is 127.0.1.44; the authorisation server keeps 127.0.0.250. */
export const addressOf = (number: number): string => `127.0.${Math.floor(number / 256)}.${number % 256}`

export const authAddress = '127.0.0.250'

/** One HTTP server per loopback address, all on one port; the first address decides the port. */
export const createHosts = () => {
  const servers = new Map<string, Server>()
  let port = 0
  return {
    get port() { return port },
    /** Binds an address. Rejects with EADDRINUSE when somebody else listens there. */
    bind: async (address: string, wantedPort: number, answer: Answer): Promise<void> => {
      const server = createServer((request, response) => {
        answer(request, response).catch((error: unknown) => {
          if (response.headersSent || response.destroyed) return response.destroy()
          response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'INTERNAL_SERVER_ERROR',
            error_description: error instanceof Error ? error.message : 'Internal server error' }))
        })
      })
      server.keepAliveTimeout = 5_000
      const bound = await listen(server, port === 0 ? wantedPort : port, address)
      port = bound
      servers.set(address, server)
    },
    close: async (): Promise<void> => {
      await Promise.all([...servers.values()].map(server => new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })))
      servers.clear()
    },
  }
}
