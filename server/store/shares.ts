/** The ledger of distribution in turn: who received how much of his due, by pool. */
import { sql } from 'kysely'
import type { Share } from '../domain/command.ts'
import type { Distribution } from '../domain/regulation.ts'
import type { Queries } from './database.ts'

/** Names the pool a ledger is kept for; another pool begins a new ledger. */
export const poolKey = (pool: Distribution['pool']): string => pool.kind === 'department'
  ? `department:${pool.departmentId}${pool.withHead ? '+head' : ''}`
  : `people:${[...pool.userIds].sort((a, b) => a - b).join(',')}`

export const sharesOf = async (db: Queries, memberId: string, pool: string): Promise<Readonly<Record<number, Share>>> => {
  const rows = await db.selectFrom('shares').select(['user_id', 'received', 'due']).where('member_id', '=', memberId).where('pool', '=', pool).execute()
  return Object.fromEntries(rows.map(row => [row.user_id, { received: row.received, due: row.due }]))
}

/** Adds to the ledger; what others have added meanwhile stays. */
export const addShares = async (tx: Queries, memberId: string, pool: string, added: readonly { readonly userId: number; readonly received: number; readonly due: number }[]): Promise<void> => {
  if (added.length === 0) return
  await sql`insert into shares (member_id, pool, user_id, received, due)
    select ${memberId}, ${pool}, * from unnest(${added.map(row => row.userId)}::bigint[], ${added.map(row => row.received)}::float8[], ${added.map(row => row.due)}::float8[])
    on conflict (member_id, pool, user_id) do update set received = shares.received + excluded.received, due = shares.due + excluded.due`.execute(tx)
}
