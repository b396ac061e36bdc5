import { sql, type Kysely } from 'kysely'

/** Whether the portal's installation is finished, and the walk over leads that were open before it. Portals known so far are at work. */
export const unfinished = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw('alter table portals add column finished boolean not null default true').execute(db)
    await sql.raw('alter table portal_work add column open_after bigint, add column taken_over_at timestamptz').execute(db)
  },
}
