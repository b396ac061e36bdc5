/** The one draft of a portal. Its revision grows with every change and with every new draft, so that nobody writes over or publishes what he has not seen. */
import type { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import { upgradeRegulation } from '../domain/regulation/upgrade.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'
import { portalForWork } from './portals.ts'

export interface Draft {
  readonly regulation: Regulation
  /** Version it was made from; null when none was published. */
  readonly baseVersion: number | null
  readonly revision: number
  readonly authorId: number | null
  readonly updatedAt: Moment
}

export type SavedDraft =
  | { readonly ok: true; readonly draft: Draft }
  /** Somebody was faster: his draft, or null when it has been published or dropped. */
  | { readonly ok: false; readonly draft: Draft | null }

export interface DraftChange {
  readonly regulation: Regulation
  readonly baseVersion: number | null
  /** Revision the change was made on; 0: there was no draft. */
  readonly revision: number
  readonly authorId: number | null
  /** Another document altogether: it is made from `baseVersion`, whatever the draft before it was made from. */
  readonly isNew?: boolean
}

export const draftOf = async (db: Queries, memberId: string): Promise<Draft | null> => {
  const row = await db.selectFrom('drafts').selectAll().where('member_id', '=', memberId).executeTakeFirst()
  return row === undefined ? null : { regulation: upgradeRegulation(row.regulation), baseVersion: row.base_version, revision: row.revision, authorId: row.author_id, updatedAt: row.updated_at }
}

/** Saves a change unless the draft is another one by now. No revision comes twice: a draft that was published or dropped is not taken for the next one. */
export const saveDraft = async (tx: Queries, memberId: string, { regulation, baseVersion, revision, authorId, isNew = false }: DraftChange, now: Temporal.Instant): Promise<SavedDraft> => {
  // Locked in the order of whoever publishes or purges.
  await portalForWork(tx, memberId)
  const next = await lastRevision(tx, memberId) + 1
  const values = { regulation: toJson(regulation), author_id: authorId, updated_at: now.toString(), revision: next }
  const saved = revision === 0
    ? await tx.insertInto('drafts').values({ ...values, member_id: memberId, base_version: baseVersion }).onConflict(conflict => conflict.column('member_id').doNothing()).returning('revision').executeTakeFirst()
    : await tx.updateTable('drafts').set({ ...values, ...(isNew ? { base_version: baseVersion } : {}) }).where('member_id', '=', memberId).where('revision', '=', revision).returning('revision').executeTakeFirst()
  if (saved !== undefined) await tx.updateTable('portal_work').set({ draft_revision: next }).where('member_id', '=', memberId).execute()
  const draft = await draftOf(tx, memberId)
  return saved === undefined || draft === null ? { ok: false, draft } : { ok: true, draft }
}

/** Locked until the transaction ends. */
const lastRevision = async (tx: Queries, memberId: string): Promise<number> => {
  await tx.insertInto('portal_work').values({ member_id: memberId }).onConflict(conflict => conflict.column('member_id').doNothing()).execute()
  return (await tx.selectFrom('portal_work').select('draft_revision').where('member_id', '=', memberId).forUpdate().executeTakeFirstOrThrow()).draft_revision
}

/** Drops the draft at this revision; false when it is another one by now. */
export const dropDraft = async (tx: Queries, memberId: string, revision: number): Promise<boolean> => {
  const { numDeletedRows } = await tx.deleteFrom('drafts').where('member_id', '=', memberId).where('revision', '=', revision).executeTakeFirst()
  return numDeletedRows > 0n
}
