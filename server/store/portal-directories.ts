/** What a regulation may name on a portal, as the portal calls it, and what the daily check did not find there. */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Problem } from '../domain/lint.ts'
import type { Directory } from '../domain/regulation/bind.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface StoredDirectory {
  readonly directory: Directory
  readonly readAt: Temporal.Instant
  /** Found missing by the last daily check. */
  readonly missing: readonly MissingThing[]
}

export type MissingThing = Problem & {
  /** The regulation's version that names it; left out by an older release. */
  readonly version?: number
}

export const directoryOf = async (db: Queries, memberId: string): Promise<StoredDirectory | null> => {
  const row = await db.selectFrom('portal_directories').selectAll().where('member_id', '=', memberId).executeTakeFirst()
  return row === undefined ? null : { directory: row.directory as Directory, readAt: Temporal.Instant.from(row.read_at), missing: row.missing as readonly MissingThing[] }
}

/** Writes nothing for a portal that is gone or uninstalled. */
export const saveDirectory = async (db: Queries, memberId: string, directory: Directory, readAt: Temporal.Instant): Promise<void> => {
  await sql`insert into portal_directories (member_id, directory, read_at)
    select member_id, ${toJson(directory)}::jsonb, ${readAt.toString()}::timestamptz from portals where member_id = ${memberId} and status <> 'uninstalled' for share
    on conflict (member_id) do update set directory = excluded.directory, read_at = excluded.read_at`.execute(db)
}

export const saveMissing = async (db: Queries, memberId: string, missing: readonly MissingThing[]): Promise<void> => {
  await db.updateTable('portal_directories').set({ missing: toJson(missing) }).where('member_id', '=', memberId).execute()
}
