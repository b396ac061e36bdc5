/** The latest preview of publishing a portal's draft, with its progress. */
import type { Temporal } from 'temporal-polyfill'
import type { Applies } from '../domain/regulation/versions.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface StoredPreview {
  readonly revision: number
  readonly applies: Applies
  readonly status: 'running' | 'done' | 'failed'
  readonly done: number
  readonly total: number
  /** Plain JSON of the jobs room; null until it is done. */
  readonly result: unknown
  /** Code of what it has failed of; null otherwise. */
  readonly problem: string | null
}

export const previewOf = async (db: Queries, memberId: string): Promise<StoredPreview | null> => {
  const row = await db.selectFrom('previews').select(['revision', 'applies', 'status', 'done', 'total', 'result', 'problem']).where('member_id', '=', memberId).executeTakeFirst()
  return row ?? null
}

/** Asks for a preview: it takes the place of an earlier one, whatever becomes of that. */
export const savePreview = async (db: Queries, memberId: string, preview: StoredPreview, now: Temporal.Instant): Promise<void> => {
  const values = { revision: preview.revision, applies: preview.applies, status: preview.status, done: preview.done, total: preview.total, result: preview.result === null ? null : toJson(preview.result), problem: preview.problem, started_at: now.toString() }
  await db.insertInto('previews').values({ member_id: memberId, ...values }).onConflict(conflict => conflict.column('member_id').doUpdateSet(values)).execute()
}

/** Says how far it is, or how it has ended; nothing once another one has been asked for. */
export const changePreview = async (db: Queries, memberId: string, { revision, applies }: Pick<StoredPreview, 'revision' | 'applies'>, { result, ...change }: Partial<Pick<StoredPreview, 'status' | 'done' | 'total' | 'result' | 'problem'>>): Promise<void> => {
  await db.updateTable('previews').set({ ...change, ...(result === undefined || result === null ? {} : { result: toJson(result) }) })
    .where('member_id', '=', memberId).where('revision', '=', revision).where('applies', '=', applies).where('status', '=', 'running').execute()
}

/** Active portals whose preview waits or runs. */
export const portalsPreviewing = async (db: Queries, limit: number): Promise<readonly string[]> => {
  const rows = await db.selectFrom('previews').innerJoin('portals', 'portals.member_id', 'previews.member_id').select('previews.member_id')
    .where('previews.status', '=', 'running').where('portals.status', '=', 'active').orderBy('previews.started_at').limit(limit).execute()
  return rows.map(row => row.member_id)
}

/** Deletes the previews that were asked for before and have ended; answers how many. */
export const forgetPreviews = async (db: Queries, before: Temporal.Instant): Promise<number> => {
  const { numDeletedRows } = await db.deleteFrom('previews').where('started_at', '<', before.toString()).where('status', '<>', 'running').executeTakeFirst()
  return Number(numDeletedRows)
}
