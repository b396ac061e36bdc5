/** `npm run demo`: an emulated portal with a sales department, Leadrail installed on it, and a clock that runs faster. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { Config } from '../server/config.ts'
import { createLog } from '../server/log.ts'
import { startLeadrail } from '../server/main.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../test/fake-portal/fake-portals.ts'
import { createPages } from '../test/fake-portal/pages/handler.ts'
import { createFastClock, demoStart } from '../test/fake-portal/scenario/clock.ts'
import { furnishDemo } from '../test/fake-portal/scenario/demo-portal.ts'
import { playScenario } from '../test/fake-portal/scenario/play.ts'
import { momentOf, restoreSnapshot, takeSnapshot } from '../test/fake-portal/snapshot.ts'
import { buildPages } from './build.ts'
import { installOn } from './install-on.ts'
import { isStarted, root } from './run.ts'

const folder = join(root, 'data', 'demo')
const snapshotFile = join(folder, 'portal.json')
const administrator = 1
const defaultSpeed = 60
const saveEveryMs = 2_000

/** The wished port, or any free one when it is taken. */
const freePort = (wished: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', error => ('code' in error && error.code === 'EADDRINUSE' && wished !== 0 ? resolve(freePort(0)) : reject(error)))
    probe.listen(wished, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wished))
    })
  })

const save = (portal: FakePortal): void => {
  writeFileSync(`${snapshotFile}.new`, takeSnapshot(portal))
  renameSync(`${snapshotFile}.new`, snapshotFile)
}

const openPortal = async (portals: FakePortals, saved: string | null): Promise<FakePortal> => {
  if (saved !== null) return restoreSnapshot(portals, saved)
  const portal = await portals.create({ timeZone: 'Europe/Moscow', app: { present: false, installed: false } })
  furnishDemo(portal)
  return portal
}

/** A key of this demonstration alone, kept beside its database. */
const ownKey = (): Uint8Array => {
  const file = join(folder, 'secret.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return new Uint8Array(readFileSync(file))
}

const configOf = (port: number, portals: FakePortals): Config => ({
  port, appUrl: `http://127.0.0.1:${port}`, databaseUrl: null, dataDir: join(folder, 'database'),
  secretKeys: [ownKey()], clientId: portals.app.clientId, clientSecret: portals.app.clientSecret,
  authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'warn',
})

const demo = async (): Promise<void> => {
  if (process.argv.includes('--reset')) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const saved = existsSync(snapshotFile) ? readFileSync(snapshotFile, 'utf8') : null
  // A portal without its database, or the other way round, would not know each other.
  if (saved === null) rmSync(join(folder, 'database'), { recursive: true, force: true })
  await buildPages({ only: 'stale' })

  const clock = createFastClock({ start: saved === null ? demoStart : momentOf(saved), speed: saved === null ? 1 : defaultSpeed })
  const appPort = await freePort(Number(process.env['PORT'] ?? 3000))
  const portals = await startFakePortals({ port: await freePort(appPort + 1), clock, appUrl: `http://127.0.0.1:${appPort}`, pages: createPages({ clock }) })
  const portal = await openPortal(portals, saved)
  const config = configOf(appPort, portals)
  const app = await startLeadrail({
    config, host: '127.0.0.1', log: createLog({ level: config.logLevel }),
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(clock.now()), speed: () => clock.speed() },
  })
  await installOn(portal, app.url, administrator)
  clock.setSpeed(defaultSpeed)
  const scenario = playScenario({ portal, clock, seed: 4 })
  save(portal)
  const saving = setInterval(() => save(portal), saveEveryMs)

  console.log(`\n  Leadrail runs on an emulated Bitrix24 portal, «Каменный берег».\n\n    ${portal.baseUrl}/\n`)
  console.log(`  The clock runs ${defaultSpeed} times faster than real; the switch is at the top of the page. Stop with Ctrl+C, begin anew with: npm run demo -- --reset\n`)

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    clearInterval(saving)
    scenario.stop()
    clock.setSpeed(0)
    await app.stop()
    save(portal)
    await portals.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
}

if (isStarted(import.meta.url)) await demo()
