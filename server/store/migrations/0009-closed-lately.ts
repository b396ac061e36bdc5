import { sql, type Kysely } from 'kysely'

/** Leads closed today, so that whom they were given to is counted without reading every lead ever closed. */
export const closedLately = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql`create index watches_closed on watches (member_id, updated_at) where status = 'closed'`.execute(db)
  },
}
