import { sql, type Kysely } from 'kysely'

/** Since when a portal's request waits for a look: whichever process looks can tell the lag. */
export const askedAt = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw('alter table inbox add column asked_at timestamptz').execute(db)
  },
}
