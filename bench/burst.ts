/** A thousand new leads at once on one portal with the documented limits. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FakePortal } from '../test/fake-portal/fake-portals.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { pause, startEmulated, waitFor } from './emulated.ts'
import { figure, measure, rounded, type Figure } from './figures.ts'

const leads = Number(process.env['BENCH_LEADS'] ?? 1_000)

/** Leads that have everything: a task, and a message about it to its responsible person. */
const servedLeads = ({ state }: FakePortal): Set<number> => {
  const told = new Set(state.notifications.flatMap(({ message }) => [...message.matchAll(/\/crm\/lead\/details\/(\d+)\//g)].map(([, id]) => Number(id))))
  const tasks = [...state.tasks.values()].flatMap(({ ufCrmTask }) => ufCrmTask.map(binding => Number(binding.slice(2))))
  return new Set(tasks.filter(id => told.has(id)))
}

const burstOn = async (name: string, databaseUrl: string | null, dataDir: string): Promise<Figure[]> => {
  const world = await startEmulated({ databaseUrl, dataDir })
  const { portal } = world
  const { leakPerSecond, block } = portal.limits.rate
  try {
    // The set-up has filled the portal's bucket: the burst begins with an empty one.
    await pause(block / leakPerSecond * 1000 + 5_000)
    const before = portal.traffic.requests
    const refusedBefore = portal.traffic.statuses['503'] ?? 0
    const startedAt = performance.now()
    const made = new Set(Array.from({ length: leads }, (_, index) => portal.act.createLead({ title: `Столешница ${index + 1}`, phone: `+7900000${String(index % 10_000).padStart(4, '0')}`, sourceId: 'WEB' }).id))
    const served = () => [...servedLeads(portal)].filter(id => made.has(id)).length
    await waitFor('half of the burst', 900, () => served() >= leads / 2)
    const byHand = portal.act.createLead({ title: 'Новый клиент у стойки', phone: '+79000009999' }, 5).id
    const handAt = performance.now()
    await waitFor('the lead made by hand', 300, () => servedLeads(portal).has(byHand))
    const handSeconds = (performance.now() - handAt) / 1000
    await waitFor('the whole burst', 900, () => served() === leads)
    const seconds = (performance.now() - startedAt) / 1000
    // Stage moves and the like may follow the last message.
    const requests = portal.traffic.requests - before
    const tasks = [...portal.state.tasks.values()].length
    const allowed = Math.max(1, (requests - block) / leakPerSecond)
    return [
      figure(`${name}: HTTP requests per lead`, rounded(requests / (leads + 1), 3), 'requests', { most: 0.3 }),
      figure(`${name}: drained in`, rounded(seconds, 1), 's'),
      figure(`${name}: the portal's limit allows`, rounded(allowed, 1), `s for ${requests} requests`),
      figure(`${name}: drained in, times what the limit allows`, rounded(seconds / allowed, 2), '×', { most: 1.2 }),
      figure(`${name}: a lead made by hand in the middle served in`, rounded(handSeconds, 1), 's', { most: 15 }),
      figure(`${name}: requests refused by the portal for rate`, (portal.traffic.statuses['503'] ?? 0) - refusedBefore, 'requests'),
      figure(`${name}: tasks beside one for each lead`, tasks - leads - 1, 'tasks', { most: 0, least: 0 }),
    ]
  } finally {
    await world.close()
  }
}

await measure(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-bench-'))
  const postgres = await startPostgres({ durable: true })
  try {
    return {
      title: 'Burst',
      how: `${leads} leads appear at once on an emulated portal with the documented limits (2 requests a second, 50 at once); each one is distributed, gets a task and its responsible person a message. When half of them are served, a person makes one more.`,
      figures: [...await burstOn('PostgreSQL', postgres.url('postgres'), folder), ...await burstOn('embedded', null, join(folder, 'data'))],
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
