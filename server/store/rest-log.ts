/** Requests to portals of the last days, masked by whoever writes them: for the administrator's questions, kept three days. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Database, Queries } from './database.ts'
import { toJson, toTextOrNull } from './json.ts'

export interface RestLogEntry {
  readonly memberId: string
  readonly method: string
  readonly at: Temporal.Instant
  readonly durationMs: number
  /** HTTP status, 0 without an answer. */
  readonly status: number
  readonly error: string | null
  readonly request: unknown
  readonly response: unknown
}

export interface RestLog {
  /** Remembers at once, writes soon; under pressure the oldest unwritten entries are dropped. */
  write(entry: RestLogEntry): void
  flush(): Promise<void>
  close(): Promise<void>
}

const mostWaiting = 2000
const flushMs = 1000

/** `onError` hears of rows that could not be written: a log must not stop the work it tells of. */
export const openRestLog = (database: Database, onError: (cause: unknown) => void): RestLog => {
  let waiting: RestLogEntry[] = []
  let writing = Promise.resolve()

  const flush = (): Promise<void> => {
    const entries = waiting
    waiting = []
    if (entries.length > 0) writing = writing.then(() => insertEntries(database.db, entries)).catch(onError)
    return writing
  }
  const timer = setInterval(() => void flush(), flushMs).unref()

  return {
    write: (entry) => {
      waiting.push(entry)
      if (waiting.length > mostWaiting) waiting.shift()
    },
    flush,
    close: () => {
      clearInterval(timer)
      return flush()
    },
  }
}

/** What comes in for a portal that is not there (any more) is not kept. */
const insertEntries = async (db: Queries, entries: readonly RestLogEntry[]): Promise<void> => {
  const known = await db.selectFrom('portals').select('member_id').where('member_id', 'in', [...new Set(entries.map(entry => entry.memberId))]).execute()
  const kept = entries.filter(entry => known.some(portal => portal.member_id === entry.memberId))
  if (kept.length === 0) return
  await db.insertInto('rest_log').values(kept.map(entry => ({
    member_id: entry.memberId,
    at: entry.at.toString(),
    method: entry.method,
    status: entry.status,
    duration_ms: Math.round(entry.durationMs),
    request: entry.request === undefined ? null : toJson(entry.request),
    response: entry.response === undefined ? null : toJson(entry.response),
    error: toTextOrNull(entry.error),
  }))).execute()
}

/** Deletes at most `limit` entries older than `before`, and answers how many it were. */
export const forgetRestLog = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const result = await sql`delete from rest_log where (member_id, id) in (select member_id, id from rest_log where at < ${before.toString()}::timestamptz limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}
