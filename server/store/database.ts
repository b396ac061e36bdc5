/** One database behind one door: PostgreSQL by address, or the embedded engine in a directory. */
import { Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { PGlite } from '@electric-sql/pglite'
import { openEmbedded } from './embedded.ts'
import { createLocks, type Locks } from './locks.ts'
import { migrations } from './migrations/all.ts'
import { connectPostgres } from './postgres.ts'
import type { Schema } from './schema.ts'

/** What the functions of this room work on: the database itself, or a transaction on it. */
export type Queries = Kysely<Schema>

export interface Database {
  readonly kind: 'pglite' | 'postgres'
  readonly db: Queries
  readonly locks: Locks
  /**
   * Runs in one transaction; a deadlock with another process is tried again. Inside, only `tx` may be used
   * (the embedded engine has one connection: anything else would wait for ever), and nothing that waits for a network.
   */
  transaction<T>(run: (tx: Queries) => Promise<T>): Promise<T>
  /** Where the job queue keeps its own tables. */
  boss(): { readonly kind: 'pglite'; readonly lite: PGlite } | { readonly kind: 'postgres'; readonly url: string }
  /** Rejects when the database does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgres://…`; without it the embedded engine is used. */
  readonly url?: string | undefined
  /** Directory of the embedded engine, held by one process at a time; `memory://` keeps nothing. */
  readonly dataDir: string
  /** Connections for queries (PostgreSQL only). */
  readonly poolSize?: number
  /** A dumped data directory to start from (embedded engine only). */
  readonly snapshot?: Blob
}

/** Opens the database and brings its tables up to date; several processes may do so at once. Throws when it cannot. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const database = options.url === undefined || options.url === ''
    ? await openPglite(options)
    : openPostgres(options.url, options.poolSize ?? 10)
  try {
    await migrate(database.db)
  }
  catch (cause) {
    await database.close()
    throw cause
  }
  return database
}

const openPglite = async ({ dataDir, snapshot }: DatabaseOptions): Promise<Database> => {
  const engine = await openEmbedded(dataDir, snapshot)
  const db = new Kysely<Schema>({ dialect: engine.dialect })
  return assemble('pglite', db, createLocks(null), { kind: 'pglite', lite: engine.lite }, engine.close)
}

const openPostgres = (url: string, poolSize: number): Database => {
  const connection = connectPostgres(url, poolSize)
  const db = new Kysely<Schema>({ dialect: connection.dialect })
  return assemble('postgres', db, createLocks(connection.lockSession), { kind: 'postgres', url }, connection.close)
}

const assemble = (kind: Database['kind'], db: Queries, locks: Locks, boss: ReturnType<Database['boss']>, end: () => Promise<void>): Database => ({
  kind,
  db,
  locks,
  transaction: run => withRetry(() => db.transaction().execute(run)),
  boss: () => boss,
  check: async () => void await sql`select 1`.execute(db),
  close: async () => {
    await locks.close()
    await end()
  },
})

/** Deadlocks and serialisation failures are nobody's fault and pass at the next try. */
const withRetry = async <T>(run: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    }
    catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null
      if (attempt >= 4 || (code !== '40P01' && code !== '40001')) throw cause
    }
  }
}

const migrate = async (db: Queries): Promise<void> => {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } }).migrateToLatest()
  if (error !== undefined) throw error
}
