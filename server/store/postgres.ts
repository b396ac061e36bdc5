/** PostgreSQL as a server of its own: the production database. */
import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'
import { LockLost, type LockSession } from './locks.ts'
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

interface Line {
  /** One question after the other: the driver's own queue is going away. */
  ask(text: string, values: readonly string[]): Promise<boolean>
  /** Aborted when the connection is gone, and its locks with it. */
  readonly lost: AbortSignal
  end(): Promise<void>
}

/** Advisory locks on one connection of their own: they live exactly as long as this process does. */
const createLockSession = (url: string): LockSession => {
  let current: Promise<Line> | null = null

  const connect = (): Promise<Line> => {
    if (current !== null) return current
    const mine: Promise<Line> = openLine(url, () => {
      if (current === mine) current = null
    })
    current = mine
    return mine
  }

  const askOn = async (line: Line, expression: string, name: string): Promise<boolean> => {
    try {
      return await line.ask(`select ${expression} as yes`, [name])
    }
    catch (cause) {
      // Nobody knows what this connection holds now: the database frees all of it with the connection.
      await line.end()
      throw cause
    }
  }

  /** Given back where it was taken; with the connection it is gone already. */
  const giverOf = (line: Line, unlock: string, name: string) => async (): Promise<void> => {
    if (!line.lost.aborted) await askOn(line, unlock, name).catch(() => undefined)
  }

  return {
    tryTake: async (name) => {
      const line = await connect()
      if (!await askOn(line, `pg_try_advisory_lock(${key})`, name)) return null
      return { lost: line.lost, give: giverOf(line, `pg_advisory_unlock(${key})`, name) }
    },
    takeShared: async (name) => {
      const line = await connect()
      await askOn(line, `pg_try_advisory_lock_shared(${key})`, name)
      return giverOf(line, `pg_advisory_unlock_shared(${key})`, name)
    },
    isHeld: async name => askOn(await connect(), `exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and ((classid::bigint << 32) | objid::bigint) = ${key})`, name),
    close: async () => {
      const line = await current
      await line?.end()
    },
  }
}

/** One connection; `onGone` is called once, before anybody hears that its locks are lost. */
const openLine = async (url: string, onGone: () => void): Promise<Line> => {
  const client = new pg.Client({
    connectionString: url, application_name: 'leadrail-locks', connectionTimeoutMillis: 15_000, query_timeout: 15_000,
    keepAlive: true, keepAliveInitialDelayMillis: 10_000,
  })
  const losing = new AbortController()
  const end = async (): Promise<void> => {
    if (losing.signal.aborted) return
    onGone()
    losing.abort(new LockLost('the connection that held the lock is gone'))
    await client.end().catch(() => undefined)
  }
  client.on('error', () => void end())
  client.on('end', () => void end())
  try {
    await client.connect()
  }
  catch (cause) {
    await end()
    throw cause
  }
  let last: Promise<unknown> = Promise.resolve()
  const ask = (text: string, values: readonly string[]): Promise<boolean> => {
    const answer = last.then(() => client.query<{ yes: boolean | null }>(text, [...values]))
    last = answer.catch(() => undefined)
    return answer.then(({ rows }) => rows[0]?.yes === true)
  }
  return { ask, lost: losing.signal, end }
}

const key = 'hashtextextended($1, 0)'
