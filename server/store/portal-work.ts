/** When there is work for a portal: rows that wait, pauses after failures, the next sweep and refresh. Moments here are real time. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

/** Active portals whose installation is finished, not paused and with a regulation in force, with rows due in inbox or outbox. */
export const portalsWithWork = async (db: Queries, now: Temporal.Instant, limit: number): Promise<readonly string[]> => {
  const moment = now.toString()
  // A jump from portal to portal over the index: the cost follows the number of portals with rows, not the number of rows.
  const rows = await sql<{ member_id: string }>`with recursive
    waiting (member_id) as (
      (select member_id from inbox order by member_id limit 1)
      union all
      select (select inbox.member_id from inbox where inbox.member_id > waiting.member_id order by inbox.member_id limit 1) from waiting where waiting.member_id is not null
    ), leaving (member_id) as (
      (select member_id from outbox where state in ('pending', 'attempting') order by member_id limit 1)
      union all
      select (select outbox.member_id from outbox where outbox.state in ('pending', 'attempting') and outbox.member_id > leaving.member_id order by outbox.member_id limit 1) from leaving where leaving.member_id is not null
    )
    select candidate.member_id from (
      select member_id from waiting where member_id is not null
        and exists (select from inbox where inbox.member_id = waiting.member_id and (not_before is null or not_before <= ${moment}::timestamptz))
      union
      select member_id from leaving where member_id is not null
        and exists (select from outbox where outbox.member_id = leaving.member_id and state in ('pending', 'attempting') and (not_before is null or not_before <= ${moment}::timestamptz))
    ) as candidate
    join portals on portals.member_id = candidate.member_id and portals.status = 'active' and portals.finished
    left join portal_work on portal_work.member_id = candidate.member_id
    where (portal_work.not_before is null or portal_work.not_before <= ${moment}::timestamptz)
      and exists (select from regulations where regulations.member_id = candidate.member_id)
    limit ${limit}`.execute(db)
  return rows.rows.map(row => row.member_id)
}

/** May the portal be asked now, or is it paused after a failure? */
export const pauseOf = async (db: Queries, memberId: string): Promise<{ readonly notBefore: string | null; readonly failures: number }> => {
  const row = await db.selectFrom('portal_work').select(['not_before', 'failures']).where('member_id', '=', memberId).executeTakeFirst()
  return { notBefore: row?.not_before ?? null, failures: row?.failures ?? 0 }
}

/** Those of the portals that may be worked for now: active, their installation finished, and not paused. */
export const awakeOf = async (db: Queries, memberIds: readonly string[], now: Temporal.Instant): Promise<readonly string[]> => {
  if (memberIds.length === 0) return []
  const rows = await db.selectFrom('portals').leftJoin('portal_work', 'portal_work.member_id', 'portals.member_id').select('portals.member_id')
    .where('portals.member_id', 'in', [...memberIds]).where('portals.status', '=', 'active').where('portals.finished', '=', true)
    .where(eb => eb.or([eb('portal_work.not_before', 'is', null), eb('portal_work.not_before', '<=', now.toString())])).execute()
  return rows.map(row => row.member_id)
}

/** Leaves the portal alone until then; counts the failure. */
export const pausePortal = async (db: Queries, memberId: string, until: Temporal.Instant): Promise<void> => {
  await db.insertInto('portal_work').values({ member_id: memberId, not_before: until.toString(), failures: 1 })
    .onConflict(conflict => conflict.column('member_id').doUpdateSet({ not_before: until.toString(), failures: sql`portal_work.failures + 1` })).execute()
}

/** It answers again. */
export const clearPause = async (db: Queries, memberId: string): Promise<void> => {
  await db.updateTable('portal_work').set({ not_before: null, failures: 0 }).where('member_id', '=', memberId).where('failures', '>', 0).execute()
}

/** A tenth more or less, the same for a portal every time: spreads portals that were installed together. */
const spread = sql`(0.95 + (hashtext(portal_work.member_id) & 1023) / 10240.0)`

/** So often a portal is asked whether its installation is finished, besides what its pages and events tell. */
const unfinishedSeconds = 900

export type Keeping = 'sweep' | 'refresh'

const keepingAt = (what: Keeping, at: string | null) => what === 'sweep' ? { sweep_at: at } : { refresh_at: at }

/**
 * Portals whose last sweep or refresh began `everyMs` ago, never did, or was asked for since. They stay due until it begins, so that
 * one which cannot begin yet is not forgotten. Suspended ones are refreshed, too: they may answer again. Without a regulation nothing
 * is swept: nobody would look at what is found. One whose installation is not finished is asked more often whether it is, and not swept.
 */
export const portalsDueFor = async (db: Queries, what: Keeping, now: Temporal.Instant, everyMs: number, limit: number): Promise<readonly string[]> => {
  const last = sql.ref(`portal_work.${what}_at`)
  const due = await sql<{ member_id: string }>`select portal_work.member_id from portal_work
    join portals on portals.member_id = portal_work.member_id and ((portals.status = 'active' and (portals.finished or ${what === 'refresh'})) or (${what === 'refresh'} and portals.status = 'suspended'))
    where (${last} is null or ${last} <= ${now.toString()}::timestamptz - make_interval(secs => (case when portals.finished then ${everyMs / 1000}::float8 else least(${everyMs / 1000}::float8, ${unfinishedSeconds}::float8) end) * ${spread}))
      and (${what === 'refresh'} or exists (select from regulations where regulations.member_id = portal_work.member_id))
    order by ${last} nulls first limit ${limit}`.execute(db)
  return due.rows.map(row => row.member_id)
}

/** A sweep or a refresh begins. What is asked for from now on is due after it. */
export const noteBegun = async (db: Queries, what: Keeping, memberId: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('portal_work').set(keepingAt(what, now.toString())).where('member_id', '=', memberId).execute()
}

/** A sweep or a refresh is due at once, or right after the one that is under way. */
export const askFor = async (db: Queries, what: Keeping, memberIds: readonly string[]): Promise<void> => {
  if (memberIds.length > 0) await db.updateTable('portal_work').set(keepingAt(what, null)).where('member_id', 'in', [...memberIds]).execute()
}

/** The last refresh has failed: the next one is due after `inMs`, not after `everyMs`; one that was asked for meanwhile stays due at once. */
export const refreshAgain = async (db: Queries, memberId: string, now: Temporal.Instant, everyMs: number, inMs: number): Promise<void> => {
  await sql`update portal_work set refresh_at = ${now.toString()}::timestamptz + make_interval(secs => ${inMs / 1000}::float8 - ${everyMs / 1000}::float8 * ${spread}) where member_id = ${memberId} and refresh_at is not null`.execute(db)
}

export interface SweepState {
  /** How far the last sweep has looked; an opaque value of the portal room. */
  readonly mark: unknown
  /** Last id seen of the walk over the leads that were open before the installation; null while there is no such walk. */
  readonly openAfter: number | null
}

export const sweepStateOf = async (db: Queries, memberId: string): Promise<SweepState> => {
  const row = await db.selectFrom('portal_work').select(['sweep_mark', 'open_after']).where('member_id', '=', memberId).executeTakeFirst()
  return { mark: row?.sweep_mark ?? null, openAfter: row?.open_after ?? null }
}

/** `walked`: how far the walk over old leads has come, when there was one. `again`: the next sweep is due at once. */
export const saveSweepMark = async (tx: Queries, memberId: string, mark: unknown, { walked, again = false }: { readonly walked?: number | null; readonly again?: boolean } = {}): Promise<void> => {
  await tx.updateTable('portal_work').set({ sweep_mark: toJson(mark), ...(walked === undefined ? {} : { open_after: walked }), ...(again ? { sweep_at: null } : {}) }).where('member_id', '=', memberId).execute()
}

/** The leads that were open before the installation are taken over from the next sweep on, which is due at once. A walk that is under way goes on. */
export const askForTakeover = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<void> => {
  await sql`update portal_work set open_after = coalesce(open_after, 0), taken_over_at = coalesce(taken_over_at, ${now.toString()}::timestamptz), sweep_at = null where member_id = ${memberId}`.execute(db)
}

/** Where the takeover of old leads stands. */
export const takeoverOf = async (db: Queries, memberId: string): Promise<'open' | 'under-way' | 'done'> => {
  const row = await db.selectFrom('portal_work').select(['open_after', 'taken_over_at']).where('member_id', '=', memberId).executeTakeFirst()
  if (row === undefined || row.taken_over_at === null) return 'open'
  return row.open_after === null ? 'done' : 'under-way'
}

/** A version has been published for every lead: they are looked at even if this process ends before it has begun. */
export const askForLook = async (tx: Queries, memberId: string, version: number): Promise<void> => {
  await tx.insertInto('portal_work').values({ member_id: memberId, look_for_version: version }).onConflict(conflict => conflict.column('member_id').doUpdateSet({ look_for_version: version })).execute()
}

/** The version for which every lead is still to be looked at. */
export const lookAskedFor = async (db: Queries, memberId: string): Promise<number | null> =>
  (await db.selectFrom('portal_work').select('look_for_version').where('member_id', '=', memberId).executeTakeFirst())?.look_for_version ?? null

/** Every lead waits to be looked at under that version; a later one stays asked for. */
export const noteLooked = async (db: Queries, memberId: string, version: number): Promise<void> => {
  await db.updateTable('portal_work').set({ look_for_version: null }).where('member_id', '=', memberId).where('look_for_version', '=', version).execute()
}

export const portalsToLookAt = async (db: Queries, limit: number): Promise<readonly string[]> =>
  (await db.selectFrom('portal_work').innerJoin('portals', 'portals.member_id', 'portal_work.member_id').select('portal_work.member_id')
    .where('look_for_version', 'is not', null).where('portals.status', '<>', 'uninstalled').limit(limit).execute()).map(row => row.member_id)

/** How the portal's robots were registered last, while the person whose token they bring is an administrator known to us. */
export const robotsOf = async (db: Queries, memberId: string): Promise<{ readonly address: string; readonly userId: number } | null> => {
  const row = await db.selectFrom('portal_work').innerJoin('portal_tokens', join => join.onRef('portal_tokens.member_id', '=', 'portal_work.member_id').onRef('portal_tokens.user_id', '=', 'portal_work.robots_user_id'))
    .select(['robots_at', 'robots_user_id']).where('portal_work.member_id', '=', memberId).where('portal_tokens.is_admin', '=', true).where('portal_tokens.failed', 'is', null).executeTakeFirst()
  return row === undefined || row.robots_at === null || row.robots_user_id === null ? null : { address: row.robots_at, userId: row.robots_user_id }
}

/** Null: not all of them are confirmed to be at any address. */
export const saveRobots = async (db: Queries, memberId: string, robots: { readonly address: string; readonly userId: number } | null): Promise<void> => {
  await db.updateTable('portal_work').set({ robots_at: robots?.address ?? null, robots_user_id: robots?.userId ?? null }).where('member_id', '=', memberId).execute()
}
