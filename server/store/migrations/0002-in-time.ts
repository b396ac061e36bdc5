import { sql, type Kysely } from 'kysely'

/** Misses that were taken back: the client had been contacted before the deadline. */
export const inTime = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw('alter table incidents add column in_time boolean').execute(db)
  },
}
