import { sql, type Kysely } from 'kysely'

/** Why a preview has failed: a code. */
export const previewProblem = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw('alter table previews add column problem text').execute(db)
  },
}
