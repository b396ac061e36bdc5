/** An emulated company at work on a Monday morning, and Leadrail installed on it in a process of its own. */
import { createServer, type AddressInfo } from 'node:net'
import { installOn } from '../scripts/install-on.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../test/fake-portal/fake-portals.ts'
import { createPages } from '../test/fake-portal/pages/handler.ts'
import { demoStart } from '../test/fake-portal/scenario/clock.ts'
import { furnishDemo } from '../test/fake-portal/scenario/demo-portal.ts'
import { startChild, type Running } from './child.ts'
import type { LeadrailOrder } from './leadrail.ts'

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

/** `databaseUrl` null: the embedded database in `dataDir`. The portal has people and no leads. */
export const startEmulated = async ({ databaseUrl, dataDir }: Pick<LeadrailOrder, 'databaseUrl' | 'dataDir'>): Promise<Emulated> => {
  const aheadMs = demoStart + 3_600_000 - Date.now()
  const clock = { now: () => Date.now() + aheadMs, speed: () => 1, setSpeed: () => {} }
  const port = await freePort()
  const appUrl = `http://127.0.0.1:${port}`
  const portals = await startFakePortals({ clock, appUrl, pages: createPages({ clock }) })
  const order: LeadrailOrder = { port, databaseUrl, dataDir, clientId: portals.app.clientId, clientSecret: portals.app.clientSecret, authServer: portals.authServer, aheadMs }
  const leadrail = await startChild('leadrail.ts', order)
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

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Waits for `isThere`; throws after `seconds`. */
export const waitFor = async (what: string, seconds: number, isThere: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(50)) if (await isThere()) return
  throw new Error(`${what}: not within ${seconds} s`)
}
