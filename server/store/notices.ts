/** What the administrators of a portal are still to be told about its regulation. Moments here are real time. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface Notice {
  /** Things that the portal did not have any more and that were made again. */
  readonly made: readonly { readonly what: string; readonly count: number }[]
  /** Whom it has not reached yet. */
  readonly userIds: readonly number[]
}

export const noticeOf = async (db: Queries, memberId: string): Promise<Notice | null> =>
  ((await db.selectFrom('portal_work').select('notice').where('member_id', '=', memberId).executeTakeFirst())?.notice ?? null) as Notice | null

/** There is something to tell these people, at once; what was made is added to what they have not been told yet. */
export const addNotice = async (tx: Queries, memberId: string, { made, userIds }: Notice, now: Temporal.Instant): Promise<void> => {
  await tx.insertInto('portal_work').values({ member_id: memberId }).onConflict(conflict => conflict.column('member_id').doNothing()).execute()
  const row = await tx.selectFrom('portal_work').select('notice').where('member_id', '=', memberId).forUpdate().executeTakeFirstOrThrow()
  const before = row.notice as Notice | null
  const counts = new Map<string, number>()
  for (const { what, count } of [...before?.made ?? [], ...made]) counts.set(what, (counts.get(what) ?? 0) + count)
  const notice: Notice = { made: [...counts].map(([what, count]) => ({ what, count })), userIds }
  await tx.updateTable('portal_work').set({ notice: toJson(notice), notice_at: now.toString() }).where('member_id', '=', memberId).execute()
}

/** What is left of a notice that was read, and when to try again; null: all are told. Nothing when another one has come meanwhile. */
export const changeNotice = async (db: Queries, memberId: string, read: Notice, left: { readonly notice: Notice; readonly at: Temporal.Instant } | null): Promise<void> => {
  await sql`update portal_work set notice = ${left === null ? null : toJson(left.notice)}::jsonb, notice_at = ${left === null ? null : left.at.toString()}::timestamptz
    where member_id = ${memberId} and notice = ${toJson(read)}::jsonb`.execute(db)
}

/** Active portals with somebody to tell now. */
export const portalsToTell = async (db: Queries, now: Temporal.Instant, limit: number): Promise<readonly string[]> => {
  const rows = await db.selectFrom('portal_work').innerJoin('portals', 'portals.member_id', 'portal_work.member_id').select('portal_work.member_id')
    .where('notice_at', '<=', now.toString() satisfies Moment).where('portals.status', '=', 'active').orderBy('notice_at').limit(limit).execute()
  return rows.map(row => row.member_id)
}
