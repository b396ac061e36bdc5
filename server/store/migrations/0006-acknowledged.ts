import { sql, type Kysely } from 'kysely'

/** Misses that somebody has taken note of. */
export const acknowledged = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw('alter table incidents add column acknowledged_at timestamptz').execute(db)
  },
}
