/** Who was found to be the same client as a lead, and by what: searched for again only when that changes. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Duplicate, LeadId } from '../domain/lead.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface DuplicateSearchRow {
  readonly leadId: LeadId
  /** Digest of what was searched for. */
  readonly key: string
  readonly found: readonly Duplicate[]
  /** When that was read; not known of what an older release has found. */
  readonly foundAt?: Moment | null
}

export const duplicateSearchesOf = async (db: Queries, memberId: string, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, DuplicateSearchRow>> => {
  if (leadIds.length === 0) return new Map()
  const rows = await db.selectFrom('duplicate_searches').select(['lead_id', 'key', 'found', 'found_at']).where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).execute()
  return new Map(rows.map(row => [row.lead_id as LeadId, { leadId: row.lead_id as LeadId, key: row.key, found: row.found, foundAt: row.found_at }]))
}

export const saveDuplicateSearches = async (db: Queries, memberId: string, rows: readonly DuplicateSearchRow[]): Promise<void> => {
  if (rows.length === 0) return
  await sql`insert into duplicate_searches (member_id, lead_id, key, found, found_at)
    select ${memberId}, row.lead_id, row.key, row.found, row.found_at
    from unnest(${rows.map(row => row.leadId)}::bigint[], ${rows.map(row => row.key)}::text[], ${rows.map(row => toJson(row.found))}::jsonb[], ${rows.map(row => row.foundAt ?? null)}::timestamptz[]) as row (lead_id, key, found, found_at)
    on conflict (member_id, lead_id) do update set key = excluded.key, found = excluded.found, found_at = excluded.found_at`.execute(db)
}

/** Of leads that are gone nothing is kept. */
export const dropDuplicateSearches = async (tx: Queries, memberId: string, leadIds: readonly LeadId[]): Promise<void> => {
  if (leadIds.length > 0) await tx.deleteFrom('duplicate_searches').where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).execute()
}

/** Deletes what was found of leads that nobody has watched since; answers how many. They name people: what nobody needs any more is not kept. */
export const forgetDuplicateSearches = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const result = await sql`delete from duplicate_searches where (member_id, lead_id) in (
    select member_id, lead_id from duplicate_searches as search
    where not exists (select from watches where watches.member_id = search.member_id and watches.lead_id = search.lead_id
        and (watches.status = 'active' or watches.updated_at >= ${before.toString()}::timestamptz))
      and not exists (select from shadow_watches as shadow where shadow.member_id = search.member_id and shadow.lead_id = search.lead_id and shadow.watch->>'status' = 'active')
    limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}
