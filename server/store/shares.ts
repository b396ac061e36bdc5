/** The ledger of distribution in turn: who received how much of his due, by pool. */
import { sql } from 'kysely'
import type { Share } from '../domain/command.ts'
import type { Pool } from '../domain/regulation.ts'
import type { Queries } from './database.ts'

/** Names the pool a ledger is kept for; another pool begins a new ledger. */
export const poolKey = ({ members: pool }: Pool): string => pool.kind === 'department'
  ? `department:${pool.departmentId}${pool.withHead ? '+head' : ''}`
  : `people:${[...pool.userIds].sort((a, b) => a - b).join(',')}`

/** The ledgers of these pools, by the pool's key and the user. */
export const sharesOf = async (db: Queries, memberId: string, pools: readonly string[]): Promise<Readonly<Record<string, Readonly<Record<number, Share>>>>> => {
  if (pools.length === 0) return {}
  const rows = await db.selectFrom('shares').select(['pool', 'user_id', 'received', 'due']).where('member_id', '=', memberId).where('pool', 'in', [...pools]).execute()
  return Object.fromEntries(pools.map(pool => [pool, Object.fromEntries(rows.filter(row => row.pool === pool).map(row => [row.user_id, { received: row.received, due: row.due }]))]))
}

/** Adds to the ledger; what others have added meanwhile stays. */
export const addShares = async (tx: Queries, memberId: string, added: readonly { readonly pool: string; readonly userId: number; readonly received: number; readonly due: number }[]): Promise<void> => {
  if (added.length === 0) return
  await sql`insert into shares (member_id, pool, user_id, received, due)
    select ${memberId}, * from unnest(${added.map(row => row.pool)}::text[], ${added.map(row => row.userId)}::bigint[], ${added.map(row => row.received)}::float8[], ${added.map(row => row.due)}::float8[])
    on conflict (member_id, pool, user_id) do update set received = shares.received + excluded.received, due = shares.due + excluded.due`.execute(tx)
}
