/** PostgreSQL as a server of its own: the production database. */
import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'
import type { LockSession } from './locks.ts'
import { parsers } from './values.ts'

export interface PostgresConnection {
  readonly dialect: Dialect
  readonly lockSession: LockSession
  close(): Promise<void>
}

/** Opens a pool for queries; the session that holds the locks is opened with the first lock. */
export const connectPostgres = (url: string, poolSize: number): PostgresConnection => {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'leadrail',
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser: parserOf },
  })
  // A connection that dies while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  return {
    dialect: new PostgresDialect({ pool }),
    lockSession: createLockSession(url),
    close: () => pool.end(),
  }
}

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  (format === 'binary' ? undefined : parsers[oid]) ?? pg.types.getTypeParser(oid, format as 'text')

/** Advisory locks on one connection of their own: they live exactly as long as this process does. */
const createLockSession = (url: string): LockSession => {
  let connecting: Promise<pg.Client> | null = null

  const connect = (): Promise<pg.Client> => {
    connecting ??= (async () => {
      const client = new pg.Client({ connectionString: url, application_name: 'leadrail-locks', keepAlive: true, connectionTimeoutMillis: 15_000 })
      const forget = (): void => {
        connecting = null
      }
      client.on('error', forget)
      client.on('end', forget)
      await client.connect()
      return client
    })().catch((cause: unknown) => {
      connecting = null
      throw cause
    })
    return connecting
  }

  const ask = async (expression: string, name: string): Promise<boolean> => {
    const client = await connect()
    const answer = await client.query<{ yes: boolean | null }>(`select ${expression} as yes`, [name])
    return answer.rows[0]?.yes === true
  }

  return {
    tryTake: name => ask(`pg_try_advisory_lock(${key})`, name),
    give: async name => void await ask(`pg_advisory_unlock(${key})`, name),
    takeShared: async name => void await ask(`pg_try_advisory_lock_shared(${key})`, name),
    giveShared: async name => void await ask(`pg_advisory_unlock_shared(${key})`, name),
    isHeld: name => ask(`exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and ((classid::bigint << 32) | objid::bigint) = ${key})`, name),
    close: async () => {
      const client = await connecting
      connecting = null
      await client?.end()
    },
  }
}

const key = 'hashtextextended($1, 0)'
