/** Set up, and closed before its end: Bitrix24 sends no events and shows no pages of ours until it is told that the installation is finished. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withBoot, type BuiltPages } from '../../server/http/built-pages.ts'
import { createLog } from '../../server/log.ts'
import { startLeadrail, type Leadrail } from '../../server/main.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../fake-portal/fake-portals.ts'

const pages: BuiltPages = { render: boot => withBoot('<html><head></head><body></body></html>', boot), asset: () => null }
const folder = mkdtempSync(join(tmpdir(), 'leadrail-unfinished-'))
let portals: FakePortals
let portal: FakePortal
let app: Leadrail

beforeAll(async () => {
  portals = await startFakePortals()
  const port = await freePort()
  app = await startLeadrail({
    pages, host: '127.0.0.1', log: createLog({ level: 'silent', write: () => undefined }),
    config: {
      port, appUrl: `http://127.0.0.1:${port}`, databaseUrl: null, dataDir: join(folder, 'data'), secretKeys: [new Uint8Array(randomBytes(32))],
      clientId: portals.app.clientId, clientSecret: portals.app.clientSecret, authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'silent',
    },
  })
  portal = await portals.create({ app: { present: false, installed: false } })
})
afterAll(async () => {
  await app.stop()
  await portals.close()
  rmSync(folder, { recursive: true, force: true })
})

const openPage = async () => JSON.parse(/id="leadrail-boot">([\s\S]*?)<\/script>/.exec(await (await portal.openPage('DEFAULT', 1)).text())?.[1] ?? '') as { page: string; session: { token: string } }
const writes = () => [portal.state.tasks.size, portal.state.notifications.length]

it('touches no lead of a portal whose installation is not finished, and takes up its work as soon as it is', async () => {
  const { id } = portal.act.createLead({ title: 'Столешница из дуба', phone: '+79000000001' })
  await portal.settle()
  portal.install({ app: `${app.url}/app`, install: `${app.url}/install`, events: `${app.url}/events` }, 1)
  const { page, session } = await openPage()
  const report = await (await fetch(`${app.url}/api/install`, { method: 'POST', headers: { authorization: `Bearer ${session.token}` } })).json() as { ok: boolean }
  expect([page, report.ok, portal.app.installed]).toEqual(['install', true, false])
  await new Promise(resolve => setTimeout(resolve, 7_000))
  expect(writes()).toEqual([0, 0])

  // Nobody opens a page any more: the portal's own event tells it.
  portal.finishInstall(1)
  await portal.settle()
  for (const end = Date.now() + 20_000; portal.state.tasks.size === 0 && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 100))
  expect([...portal.state.tasks.values()].map(({ ufCrmTask }) => ufCrmTask)).toEqual([[`L_${id}`]])
}, 60_000)

/** The portal has to know our address before we listen on it. */
const freePort = async (): Promise<number> => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}
