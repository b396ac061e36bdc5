/** What we remember of each lead, with the moment at which to look again. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { LeadId } from '../domain/lead.ts'
import type { Moment, Watch } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

/** `version` 0: never stored. */
export interface StoredWatch {
  readonly leadId: LeadId
  readonly version: number
  readonly watch: Watch
  readonly nextAt: Moment | null
}

export interface WatchChange {
  readonly leadId: LeadId
  /** The version that was read; another one in the table means that somebody was faster. */
  readonly version: number
  readonly watch: Watch
  readonly nextAt: Moment | null
}

const unseen: Watch = { status: 'unseen' }

/** The watch of one lead; `unseen` when there is none. */
export const watchOf = async (db: Queries, memberId: string, leadId: LeadId): Promise<Watch> =>
  (await watchesOf(db, memberId, [leadId])).get(leadId)?.watch ?? unseen

/** The watches of these leads; leads never seen get version 0. */
export const watchesOf = async (db: Queries, memberId: string, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, StoredWatch>> => {
  const found = new Map<LeadId, StoredWatch>(leadIds.map(leadId => [leadId, { leadId, version: 0, watch: unseen, nextAt: null }]))
  if (leadIds.length === 0) return found
  const rows = await db.selectFrom('watches').select(['lead_id', 'version', 'watch', 'next_at']).where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).execute()
  for (const row of rows) {
    const leadId = row.lead_id as LeadId
    found.set(leadId, { leadId, version: row.version, watch: row.watch, nextAt: row.next_at })
  }
  return found
}

/** Stores what changed and answers the leads whose version was still the one that was read; the others are left as they are. */
export const saveWatches = async (tx: Queries, memberId: string, changes: readonly WatchChange[], now: Temporal.Instant): Promise<ReadonlySet<LeadId>> => {
  if (changes.length === 0) return new Set()
  const ordered = [...changes].sort((a, b) => a.leadId - b.leadId)
  const column = <T>(pick: (change: WatchChange) => T): T[] => ordered.map(pick)
  const followUp = (change: WatchChange) => change.watch.status === 'active' ? change.watch.followUp : null
  const saved = await sql<{ lead_id: number }>`insert into watches
      (member_id, lead_id, version, status, watch, responsible_id, due_at, next_at, follow_up_mark, follow_up_form, follow_up_id, updated_at)
    select ${memberId}, change.*, ${now.toString()}::timestamptz
    from unnest(
      ${column(change => change.leadId)}::bigint[], ${column(change => change.version + 1)}::int[], ${column(change => change.watch.status)}::text[],
      ${column(change => toJson(change.watch))}::jsonb[], ${column(change => change.watch.status === 'active' ? change.watch.responsibleId : null)}::bigint[],
      ${column(change => change.watch.status === 'active' && change.watch.clock.kind !== 'none' ? change.watch.clock.dueAt : null)}::timestamptz[],
      ${column(change => change.nextAt)}::timestamptz[], ${column(change => followUp(change)?.mark ?? null)}::text[],
      ${column(change => followUp(change)?.form ?? null)}::text[], ${column(change => followUp(change)?.id ?? null)}::bigint[]
    ) as change (lead_id, version, status, watch, responsible_id, due_at, next_at, follow_up_mark, follow_up_form, follow_up_id)
    on conflict (member_id, lead_id) do update set
      version = excluded.version, status = excluded.status, watch = excluded.watch, responsible_id = excluded.responsible_id, due_at = excluded.due_at,
      next_at = excluded.next_at, follow_up_mark = excluded.follow_up_mark, follow_up_form = excluded.follow_up_form, follow_up_id = excluded.follow_up_id,
      updated_at = excluded.updated_at
      where watches.version = excluded.version - 1
    returning lead_id`.execute(tx)
  return new Set(saved.rows.map(row => row.lead_id as LeadId))
}

/** Sets the next look alone, where nothing else changed and nobody was faster. */
export const setWakes = async (tx: Queries, memberId: string, wakes: readonly { readonly leadId: LeadId; readonly version: number; readonly nextAt: Moment | null }[]): Promise<void> => {
  if (wakes.length === 0) return
  await sql`update watches set next_at = wake.next_at
    from unnest(${wakes.map(wake => wake.leadId)}::bigint[], ${wakes.map(wake => wake.version)}::int[], ${wakes.map(wake => wake.nextAt)}::timestamptz[]) as wake (lead_id, version, next_at)
    where watches.member_id = ${memberId} and watches.lead_id = wake.lead_id and watches.version = wake.version`.execute(tx)
}

/** The portal has answered with the follow-up's number: remembered wherever the follow-up with this mark still stands. */
export const noteFollowUpId = async (tx: Queries, memberId: string, leadId: LeadId, mark: string, id: number): Promise<void> => {
  await sql`update watches set follow_up_id = ${id}, watch = jsonb_set(watch, '{followUp,id}', to_jsonb(${id}::bigint)), version = version + 1
    where member_id = ${memberId} and lead_id = ${leadId} and follow_up_mark = ${mark} and follow_up_id is distinct from ${id}::bigint`.execute(tx)
}

/** Leads of those tasks or to-dos that are follow-ups of ours, by the follow-up's number. */
export const leadsOfFollowUps = async (db: Queries, memberId: string, form: 'task' | 'todo', ids: readonly number[]): Promise<ReadonlyMap<number, LeadId>> => {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('watches').select(['lead_id', 'follow_up_id']).where('member_id', '=', memberId).where('follow_up_form', '=', form).where('follow_up_id', 'in', [...ids]).execute()
  return new Map(rows.map(row => [row.follow_up_id ?? 0, row.lead_id as LeadId]))
}

/**
 * Puts leads whose moment has come into the inbox as urgent, and answers their portals.
 * Several processes may do it at once; each lead is taken by one of them.
 */
export const wakeDueWatches = async (tx: Queries, now: Temporal.Instant, limit: number): Promise<readonly string[]> => {
  const due = await sql<{ member_id: string; lead_id: number }>`select watches.member_id, watches.lead_id from watches
    join portals on portals.member_id = watches.member_id and portals.status = 'active'
    where watches.next_at <= ${now.toString()}::timestamptz order by watches.next_at limit ${limit} for update of watches skip locked`.execute(tx)
  if (due.rows.length === 0) return []
  const rows = [...due.rows].sort((a, b) => a.member_id < b.member_id ? -1 : a.member_id > b.member_id ? 1 : a.lead_id - b.lead_id)
  const members = rows.map(row => row.member_id)
  const leads = rows.map(row => row.lead_id)
  await sql`update watches set next_at = null from unnest(${members}::text[], ${leads}::bigint[]) as due (member_id, lead_id)
    where watches.member_id = due.member_id and watches.lead_id = due.lead_id`.execute(tx)
  await sql`insert into inbox (member_id, kind, id, urgent) select due.member_id, 'lead', due.lead_id, true
    from unnest(${members}::text[], ${leads}::bigint[]) as due (member_id, lead_id)
    on conflict (member_id, kind, id) do update set seq = nextval('inbox_seq'), urgent = true, not_before = null`.execute(tx)
  return [...new Set(members)]
}

/** Open watches, nearest deadline first. */
export const openWatches = async (db: Queries, memberId: string, limit: number): Promise<readonly { readonly leadId: LeadId; readonly watch: Watch }[]> => {
  const rows = await db.selectFrom('watches').select(['lead_id', 'watch']).where('member_id', '=', memberId).where('status', '=', 'active').orderBy(sql`due_at nulls last`).orderBy('lead_id').limit(limit).execute()
  return rows.map(row => ({ leadId: row.lead_id as LeadId, watch: row.watch }))
}

/** How many are open, and how many of these are past their deadline or have a miss that nobody has answered. */
export const countWatches = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<{ readonly active: number; readonly overdue: number }> => {
  const row = await db.selectFrom('watches')
    .select(({ fn }) => [fn.countAll<number>().as('active'), sql<number>`count(*) filter (where due_at < ${now.toString()}::timestamptz or watch ->> 'incidentId' is not null)`.as('overdue')])
    .where('member_id', '=', memberId).where('status', '=', 'active').executeTakeFirstOrThrow()
  return row
}

/** Every lead of a portal that was left alone because of its source, in pages by id. */
export const leftAloneIds = async (db: Queries, memberId: string, after: number, limit: number): Promise<readonly LeadId[]> => {
  const rows = await db.selectFrom('watches').select('lead_id').where('member_id', '=', memberId).where('status', '=', 'closed').where(sql<boolean>`watch->'life'->>'leftSource' is not null`).where('lead_id', '>', after).orderBy('lead_id').limit(limit).execute()
  return rows.map(row => row.lead_id as LeadId)
}

/** Every open lead of a portal, in pages by id: for the daily full check. */
export const openLeadIds = async (db: Queries, memberId: string, after: number, limit: number): Promise<readonly LeadId[]> => {
  const rows = await db.selectFrom('watches').select('lead_id').where('member_id', '=', memberId).where('status', '=', 'active').where('lead_id', '>', after).orderBy('lead_id').limit(limit).execute()
  return rows.map(row => row.lead_id as LeadId)
}

/**
 * By person: open leads under the regulation, those of them that wait, and leads that a pool gave him since a moment (the day's
 * beginning), closed ones too. Test leads are nobody's load.
 */
export const loadOf = async (db: Queries, memberId: string, since: Temporal.Instant): Promise<Readonly<Record<number, { readonly open: number; readonly today: number; readonly waiting: number }>>> => {
  const rows = await sql<{ user_id: number; open: number; waiting: number; today: number }>`with counted as materialized (
      select status, responsible_id, watch from watches where member_id = ${memberId} and status = 'active' and watch->'life'->>'isTest' is distinct from 'true'
      union all
      select status, responsible_id, watch from watches where member_id = ${memberId} and status = 'closed' and updated_at >= ${since.toString()}::timestamptz and watch->'life'->>'isTest' is distinct from 'true'
    )
    select user_id, sum(open)::int as open, sum(waiting)::int as waiting, sum(today)::int as today from (
      select responsible_id as user_id, 1 as open, case when watch->'step'->'waiting'->>'until' is null then 0 else 1 end as waiting, 0 as today
        from counted where status = 'active' and responsible_id is not null
      union all
      select (watch->'life'->'given'->>'userId')::bigint, 0, 0, 1 from counted where (watch->'life'->'given'->>'at')::timestamptz >= ${since.toString()}::timestamptz
    ) as parts group by user_id`.execute(db)
  return Object.fromEntries(rows.rows.map(({ user_id: userId, open, waiting, today }) => [userId, { open, waiting, today }]))
}

/** Versions of the regulation that open leads are under. */
export const versionsAtWork = async (db: Queries, memberId: string): Promise<readonly number[]> =>
  (await sql<{ version: number }>`select distinct (watch->>'regulationVersion')::int as version from watches where member_id = ${memberId} and status = 'active'`.execute(db)).rows.map(row => row.version)
