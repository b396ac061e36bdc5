/** An emulated company at work on a Monday morning, and Leadrail installed on it in a process of its own. */
import { createServer, type AddressInfo } from 'node:net'
import { installOn } from '../scripts/install-on.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../test/fake-portal/fake-portals.ts'
import { createPages } from '../test/fake-portal/pages/handler.ts'
import { demoStart } from '../test/fake-portal/scenario/clock.ts'
import { furnishDemo } from '../test/fake-portal/scenario/demo-portal.ts'
import { startChild, type Running } from './child.ts'
import { secretKeys, type LeadrailOrder } from './leadrail.ts'

export const administrator = 1

export interface Emulated {
  readonly portals: FakePortals
  readonly portal: FakePortal
  readonly appUrl: string
  readonly leadrail: Running
  now(): number
  close(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

export interface EmulatedOptions extends Pick<LeadrailOrder, 'databaseUrl' | 'dataDir'> {
  /** What `npm start` runs instead of the sources; it knows no time but the machine's. */
  readonly built?: boolean
}

/** `databaseUrl` null: the embedded database in `dataDir`. The portal has people and no leads. */
export const startEmulated = async ({ databaseUrl, dataDir, built = false }: EmulatedOptions): Promise<Emulated> => {
  const aheadMs = built ? 0 : demoStart + 3_600_000 - Date.now()
  const clock = { now: () => Date.now() + aheadMs, speed: () => 1, setSpeed: () => {} }
  const port = await freePort()
  const appUrl = `http://127.0.0.1:${port}`
  const portals = await startFakePortals({ clock, appUrl, pages: createPages({ clock }) })
  const order: LeadrailOrder = { port, databaseUrl, dataDir, clientId: portals.app.clientId, clientSecret: portals.app.clientSecret, authServer: portals.authServer, aheadMs }
  const leadrail = built ? await startChild('../dist/server.mjs', '', environmentOf(order)) : await startChild('leadrail.ts', order)
  const portal = await portals.create({ timeZone: 'Europe/Moscow', app: { present: false, installed: false } })
  furnishDemo(portal)
  for (const { id } of [...portal.state.leads.values()]) portal.act.deleteLead(id)
  await installOn(portal, appUrl, administrator)
  return {
    portals, portal, appUrl, leadrail,
    now: clock.now,
    close: async () => {
      await leadrail.stop()
      await portals.close()
    },
  }
}

const environmentOf = (order: LeadrailOrder): NodeJS.ProcessEnv => ({
  PORT: String(order.port), APP_URL: `http://127.0.0.1:${order.port}`, DATA_DIR: order.dataDir, SECRET_KEY: secretKeys.map(key => Buffer.from(key).toString('hex')).join(','),
  B24_CLIENT_ID: order.clientId, B24_CLIENT_SECRET: order.clientSecret, B24_AUTH_SERVERS: order.authServer, B24_ALLOW_LOCAL_PORTALS: '1', NODE_ENV: 'development', LOG_LEVEL: 'info', ROLE: 'all',
  ...(order.databaseUrl === null ? {} : { DATABASE_URL: order.databaseUrl }),
})

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Waits for `isThere`; throws after `seconds`. */
export const waitFor = async (what: string, seconds: number, isThere: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(50)) if (await isThere()) return
  throw new Error(`${what}: not within ${seconds} s`)
}
