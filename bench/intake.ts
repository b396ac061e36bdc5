/** How many events can be taken in, and is every acknowledged one really there? PostgreSQL, the embedded database, and no database at all. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../server/store/database.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { runChild, startChild } from './child.ts'
import { pause } from './emulated.ts'
import { figure, measure, rounded, type Figure } from './figures.ts'
import type { IntakeServerOrder } from './intake-server.ts'
import type { LoadOrder, LoadResult } from './load.ts'

const seconds = Number(process.env['BENCH_SECONDS'] ?? 10)
const connections = 100
const applicationToken = '0123456789abcdef0123456789abcdef'
const memberIds = Array.from({ length: 50 }, (_, index) => createHash('md5').update(`portal ${index}`).digest('hex'))

const load = async (port: number, first: number, rate: number | null, forSeconds = seconds): Promise<LoadResult> => {
  const order: LoadOrder = { port, seconds: forSeconds, connections, rate, first, memberIds, applicationToken }
  return JSON.parse(await runChild('load.ts', order)) as LoadResult
}

const portOf = (said: unknown) => (said as { port: number }).port

interface Taken { readonly full: LoadResult; readonly steady: LoadResult; readonly missing: number }

const measureOn = async (order: IntakeServerOrder): Promise<Taken> => {
  const server = await startChild('intake-server.ts', order)
  const port = portOf(server.said)
  const warm = await load(port, 1, null, 3)
  const full = await load(port, 10_000_000, null)
  // What the full load has left behind (checkpoints, vacuum) is not what is measured next.
  await pause(5_000)
  const steady = await load(port, 20_000_000, 1_000)
  await server.stop()
  const database = await openDatabase({ url: order.databaseUrl ?? undefined, dataDir: order.dataDir })
  const rows = await database.db.selectFrom('inbox').select('id').execute()
  await database.close()
  const there = new Set(rows.map(({ id }) => id))
  const missing = [warm, full, steady].flatMap(({ acknowledged }) => acknowledged).filter(id => !there.has(id)).length
  return { full, steady, missing }
}

const figuresOf = (name: string, { full, steady, missing }: Taken, least: number, nothing: LoadResult): Figure[] => [
  figure(`${name}: sustained`, full.perSecond, 'events/s', { least }),
  figure(`${name}: share of the route without a database`, rounded(full.perSecond / nothing.perSecond * 100), '%'),
  figure(`${name}: median at full load`, full.p50, 'ms'),
  figure(`${name}: p99 at full load`, full.p99, 'ms'),
  figure(`${name}: p99 at 1,000 events/s`, steady.p99, 'ms', { most: 60 }),
  figure(`${name}: refused`, full.refused + steady.refused, 'events', { most: 0 }),
  figure(`${name}: acknowledged and then not there`, missing, 'events', { most: 0 }),
]

await measure(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-bench-'))
  const postgres = await startPostgres({ durable: true })
  try {
    const noop = await startChild('noop-server.ts', applicationToken)
    await load(portOf(noop.said), 1, null, 3)
    const nothing = await load(portOf(noop.said), 1, null)
    await noop.stop()
    const onPostgres = await measureOn({ databaseUrl: postgres.url('postgres'), dataDir: folder, memberIds, applicationToken })
    const embedded = await measureOn({ databaseUrl: null, dataDir: join(folder, 'data'), memberIds, applicationToken })
    return {
      title: 'Events',
      how: `\`POST /events\` with real-sized events of 50 portals over ${connections} connections for ${seconds} s, each about another lead, answered after the commit; nobody looks at the leads meanwhile; the load generator and PostgreSQL (fsync on) share the machine with one Leadrail process.`,
      figures: [
        figure('the same route without a database', nothing.perSecond, 'events/s'),
        ...figuresOf('PostgreSQL', onPostgres, 5_000, nothing),
        ...figuresOf('embedded', embedded, 2_500, nothing),
      ],
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
