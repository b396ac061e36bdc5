/**
 * The leaky bucket of each portal, shared by all processes: how many requests the portal still takes.
 *
 * A purge takes the portal's row away while the portal's own bucket is still full. So each process keeps in its memory what
 * it has seen in the row, for as long as that takes to leak out, and begins a new row with it.
 */
import { sql } from 'kysely'
import type { Queries } from './database.ts'

export interface BucketLimits {
  /** Requests that leak out per second. */
  readonly rate: number
  /** Requests the bucket holds before the portal refuses. */
  readonly burst: number
  /** Requests of the burst that this caller must leave for others. */
  readonly reserve: number
}

export interface Budgets {
  /** Counts one request and answers 0; or counts nothing and answers the milliseconds after which to ask again. */
  take(memberId: string, limits: BucketLimits): Promise<number>
  /** The portal has refused for rate: its bucket is full, whatever ours says. */
  fill(memberId: string, limits: BucketLimits): Promise<void>
}

/** `nowMs`: milliseconds of a clock that only goes forward. */
export const createBudgets = (db: Queries, nowMs: () => number = () => performance.now()): Budgets => {
  const seen = new Map<string, { readonly level: number; readonly rate: number; readonly atMs: number }>()

  const levelOf = (memberId: string): number => {
    const last = seen.get(memberId)
    return last === undefined ? 0 : Math.max(0, last.level - last.rate * (nowMs() - last.atMs) / 1000)
  }
  const note = (memberId: string, level: number, rate: number): void => {
    seen.delete(memberId)
    seen.set(memberId, { level, rate, atMs: nowMs() })
    // In the order of their last look: the oldest leak out first.
    for (const [oldest] of seen) {
      if (levelOf(oldest) > 0) return
      seen.delete(oldest)
    }
  }

  return {
    take: async (memberId, limits) => {
      const room = limits.burst - limits.reserve
      const first = levelOf(memberId) + 1
      // A row that is not there begins only where the remembered level leaves room; an empty bucket takes one request of anybody.
      const mayBegin = first <= Math.max(1, room)
      const taken = await sql<{ level: number }>`insert into budgets (member_id, level, at)
        select ${memberId}, ${first}::float8, clock_timestamp()
        where (${mayBegin}::boolean and exists (select from portals where member_id = ${memberId})) or exists (select from budgets where member_id = ${memberId})
        on conflict (member_id) do update set level = ${leaked(limits)} + 1, at = clock_timestamp() where ${leaked(limits)} + 1 <= ${room}::float8
        returning level`.execute(db)
      const [row] = taken.rows
      if (row !== undefined) {
        note(memberId, row.level, limits.rate)
        return 0
      }
      const now = await sql<{ level: number }>`select ${leaked(limits)} as level from budgets where member_id = ${memberId}`.execute(db)
      // A portal that is not admitted yet, or not there any more, is counted in memory: nothing of it may come into the store.
      if (now.rows[0] === undefined && mayBegin) {
        note(memberId, first, limits.rate)
        return 0
      }
      return Math.max(1, Math.ceil(((now.rows[0]?.level ?? levelOf(memberId)) + 1 - room) / limits.rate * 1000))
    },
    fill: async (memberId, limits) => {
      await sql`insert into budgets (member_id, level, at)
        select ${memberId}, ${limits.burst}::float8, clock_timestamp() where exists (select from portals where member_id = ${memberId})
        on conflict (member_id) do update set level = excluded.level, at = clock_timestamp()`.execute(db)
      note(memberId, limits.burst, limits.rate)
    },
  }
}

const leaked = (limits: BucketLimits) => sql`greatest(0, budgets.level - ${limits.rate}::float8 * greatest(0, extract(epoch from clock_timestamp() - budgets.at)))`
