/** What 2,000 portals cost one process: each one known, installed, and with a lead that is looked at, distributed and given a task. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { buildServer } from '../scripts/build.ts'
import { openDatabase } from '../server/store/database.ts'
import { createPortals } from '../server/store/portals.ts'
import { publishRegulation, regulationInForce } from '../server/store/regulations.ts'
import { createSealer } from '../server/store/seal.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { administrator, pause, startEmulated, waitFor, type Emulated } from './emulated.ts'
import { figure, measure, rounded } from './figures.ts'
import { memoryOf, secretKeys } from './leadrail.ts'

const count = Number(process.env['BENCH_PORTALS'] ?? 2_000)

/** Copies of the installed portal, known to Leadrail as if each had been installed by itself. */
const multiply = async ({ portals, portal }: Emulated, databaseUrl: string, dataDir: string): Promise<void> => {
  const database = await openDatabase({ url: databaseUrl, dataDir })
  const store = createPortals(database, createSealer(secretKeys))
  const known = await store.findPortal(portal.memberId)
  const published = await regulationInForce(database.db, portal.memberId)
  if (known === null || published === null) throw new Error('the first portal is not installed')
  const now = Temporal.Now.instant()
  for (let made = 1; made < count; made += 1) {
    const copy = await portals.create({ timeZone: 'Europe/Moscow', state: structuredClone(portal.state), app: { urls: portal.app.urls } })
    await store.admitPortal({ ...known, memberId: copy.memberId, domain: copy.domain, clientEndpoint: copy.clientEndpoint }, now)
    await store.saveApplicationToken(copy.memberId, copy.app.applicationToken)
    const { accessToken, refreshToken } = copy.tokensFor(administrator)
    await store.saveToken({ memberId: copy.memberId, userId: administrator, accessToken, refreshToken, expiresAt: now.add({ hours: 24 * 365 }), serverEndpoint: known.serverEndpoint, isAdmin: true })
    await store.describePortal(copy.memberId, { installedVersion: known.installedVersion })
    await publishRegulation(database.db, copy.memberId, published.regulation, now)
  }
  await database.close()
}

await measure(async () => {
  await buildServer()
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-bench-'))
  const postgres = await startPostgres({ durable: true })
  const databaseUrl = postgres.url('postgres')
  const world = await startEmulated({ databaseUrl, dataDir: folder, built: true })
  try {
    const pid = world.leadrail.process.pid ?? 0
    const empty = memoryOf(pid).now
    await multiply(world, databaseUrl, folder)
    const startedAt = performance.now()
    for (const portal of world.portals.all) portal.act.createLead({ title: 'Столешница', phone: '+79000000001', sourceId: 'WEB' })
    await waitFor(`a task on each of ${count} portals`, 1_200, () => world.portals.all.every(portal => portal.state.tasks.size > 0))
    const seconds = (performance.now() - startedAt) / 1000
    await pause(5_000)
    const { now, most } = memoryOf(pid)
    return {
      title: 'Memory',
      how: `One process of what \`npm start\` runs, on PostgreSQL, with ${count} installed portals; every one of them gets a lead at the same moment. Resident memory as Linux counts it.`,
      figures: [
        figure('with one portal', rounded(empty), 'MB'),
        figure(`with ${count} portals, after all were served`, rounded(now), 'MB', { most: 400 }),
        figure('at most meanwhile', rounded(most), 'MB'),
        figure('from the leads to the last task', rounded(seconds, 1), 's'),
      ],
    }
  } finally {
    await world.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
