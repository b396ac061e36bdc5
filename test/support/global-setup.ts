/**
 * A door for the tests that need a database: the first to ask starts a PostgreSQL (or prepares the embedded engine's
 * snapshot), the others share it, and at the end all of it is gone. Tests without a database pay nothing.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../server/store/database.ts'
import { runOn, startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Loopback port that answers `postgres` with the address of a new database, `snapshot` with a file of the embedded engine. */
    databaseDoor: number
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<DatabaseSource> | null = null
  let snapshot: Promise<string> | null = null

  const answer = async (question: string): Promise<string> => {
    if (question === 'snapshot') return (snapshot ??= makeSnapshot())
    postgres ??= openSource()
    return (await postgres).newDatabase()
  }

  const door = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (question) => {
      answer(question.toString().trim()).then(
        text => socket.end(JSON.stringify({ text })),
        (cause: unknown) => socket.end(JSON.stringify({ error: cause instanceof Error ? cause.message : String(cause) })),
      )
    })
  })
  await new Promise<void>(done => door.listen(0, '127.0.0.1', done))
  door.unref()
  project.provide('databaseDoor', (door.address() as AddressInfo).port)

  return async () => {
    door.close()
    await (await postgres?.catch(() => null))?.close()
  }
}

interface DatabaseSource {
  newDatabase(): Promise<string>
  close(): Promise<void>
}

/** TEST_DATABASE_URL, or a server of our own. */
const openSource = async (): Promise<DatabaseSource> => {
  const given = process.env['TEST_DATABASE_URL']
  const server = given === undefined || given === '' ? await startPostgres() : null
  const urlOf = (database: string): string => {
    if (server !== null) return server.url(database)
    const url = new URL(given ?? '')
    url.pathname = `/${database}`
    return url.href
  }
  const base = server === null ? given ?? '' : server.url('postgres')
  const prefix = `leadrail_test_${process.pid}`
  const made: string[] = []
  const make = async (name: string, template: string | null): Promise<string> => {
    await runOn(base, `create database ${name}${template === null ? '' : ` template ${template}`}`)
    made.push(name)
    return urlOf(name)
  }

  const template = `${prefix}_template`
  const database = await openDatabase({ url: await make(template, null), dataDir: '' })
  await database.close()

  let turn = Promise.resolve('')
  let count = 0
  return {
    // One after the other: a template may not be copied twice at the same time.
    newDatabase: () => turn = turn.catch(() => '').then(() => make(`${prefix}_${++count}`, template)),
    close: async () => {
      if (server === null) for (const name of made) await runOn(base, `drop database if exists ${name} with (force)`)
      await server?.stop()
    },
  }
}

/** The embedded engine with all tables, dumped: opening a copy takes a tenth of the time. Kept until engine or tables change. */
const makeSnapshot = async (): Promise<string> => {
  const root = resolve(import.meta.dirname, '../..')
  const hash = createHash('sha256')
  const migrations = readdirSync(resolve(root, 'server/store/migrations')).sort().map(name => `server/store/migrations/${name}`)
  for (const file of ['node_modules/@electric-sql/pglite/package.json', ...migrations]) hash.update(readFileSync(resolve(root, file)))
  const folder = resolve(root, 'node_modules/.cache/leadrail')
  const file = resolve(folder, `pglite-${hash.digest('hex').slice(0, 16)}.tar`)
  if (existsSync(file)) return file
  const database = await openDatabase({ dataDir: 'memory://' })
  const engine = database.boss()
  if (engine.kind !== 'pglite') throw new Error('the snapshot is made from the embedded engine')
  const dump = await engine.lite.dumpDataDir('none')
  await database.close()
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, Buffer.from(await dump.arrayBuffer()))
  renameSync(`${file}.${process.pid}`, file)
  return file
}
