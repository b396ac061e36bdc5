/** The leaky bucket of each portal, shared by all processes: how many requests the portal still takes. */
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

/** Counts one request and answers 0; or counts nothing and answers the milliseconds after which to ask again. */
export const takeFromBudget = async (db: Queries, memberId: string, limits: BucketLimits): Promise<number> => {
  const room = limits.burst - limits.reserve
  const taken = await sql`insert into budgets (member_id, level, at) values (${memberId}, 1, clock_timestamp())
    on conflict (member_id) do update set level = ${leaked(limits)} + 1, at = clock_timestamp() where ${leaked(limits)} + 1 <= ${room}::float8
    returning level`.execute(db)
  if (taken.rows.length > 0) return 0
  const now = await sql<{ level: number }>`select ${leaked(limits)} as level from budgets where member_id = ${memberId}`.execute(db)
  return Math.max(1, Math.ceil(((now.rows[0]?.level ?? 0) + 1 - room) / limits.rate * 1000))
}

/** The portal has refused for rate: its bucket is full, whatever ours says. */
export const fillBudget = async (db: Queries, memberId: string, limits: BucketLimits): Promise<void> => {
  await sql`insert into budgets (member_id, level, at) values (${memberId}, ${limits.burst}, clock_timestamp())
    on conflict (member_id) do update set level = excluded.level, at = clock_timestamp()`.execute(db)
}

const leaked = (limits: BucketLimits) => sql`greatest(0, budgets.level - ${limits.rate}::float8 * greatest(0, extract(epoch from clock_timestamp() - budgets.at)))`
