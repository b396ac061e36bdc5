/** What a version in shadow mode remembers of the leads, and what it would have done. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Command } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import type { Moment, Watch } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { markOf } from './journal.ts'
import { toJson } from './json.ts'

export interface ShadowDecision {
  readonly leadId: LeadId
  readonly watch: Watch
  readonly nextAt: Moment | null
  readonly commands: readonly Command[]
}

export interface ShadowRow {
  readonly id: number
  readonly at: Moment
  readonly leadId: LeadId
  readonly regulationVersion: number
  readonly command: Command
}

/** The shadow's watches of these leads; what another version remembers does not count. */
export const shadowWatchesOf = async (db: Queries, memberId: string, version: number, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, Watch>> => {
  if (leadIds.length === 0) return new Map()
  const rows = await db.selectFrom('shadow_watches').select(['lead_id', 'watch']).where('member_id', '=', memberId).where('regulation_version', '=', version).where('lead_id', 'in', [...leadIds]).execute()
  return new Map(rows.map(row => [row.lead_id as LeadId, row.watch]))
}

/** Stores what the shadow decided. Its commands get marks of their own, and a mark is journalled once: nothing of it is ever carried out. */
export const saveShadow = async (tx: Queries, memberId: string, version: number, decisions: readonly ShadowDecision[], at: Temporal.Instant): Promise<void> => {
  if (decisions.length === 0) return
  // In the order of their ids, as every writer does; of a lead that was decided twice the last one counts.
  const last = [...new Map(decisions.map(decision => [decision.leadId, decision])).values()].sort((a, b) => a.leadId - b.leadId)
  await sql`insert into shadow_watches (member_id, lead_id, regulation_version, watch, next_at)
    select ${memberId}, decided.lead_id, ${version}::integer, decided.watch, decided.next_at
    from unnest(${last.map(({ leadId }) => leadId)}::bigint[], ${last.map(({ watch }) => toJson(watch))}::jsonb[], ${last.map(({ nextAt }) => nextAt)}::timestamptz[]) as decided (lead_id, watch, next_at)
    on conflict (member_id, lead_id) do update set regulation_version = excluded.regulation_version, watch = excluded.watch, next_at = excluded.next_at`.execute(tx)
  const entries = decisions.flatMap(({ leadId, commands }) => commands.map(command => ({ leadId, command, mark: markOf(command) })))
  if (entries.length === 0) return
  await sql`insert into journal (member_id, at, lead_id, regulation_version, kind, rule, command, mark, outcome)
    select ${memberId}, ${at.toString()}::timestamptz, entry.lead_id, ${version}, entry.kind, entry.rule, entry.command, entry.mark, 'shadow'
    from unnest(
      ${entries.map(entry => entry.leadId)}::bigint[], ${entries.map(entry => entry.command.kind)}::text[], ${entries.map(entry => entry.command.because.rule)}::text[],
      ${entries.map(entry => toJson(entry.command))}::jsonb[], ${entries.map(entry => (entry.mark === null ? null : `shadow-${version}:${entry.mark}`))}::text[]
    ) with ordinality as entry (lead_id, kind, rule, command, mark, place)
    where entry.mark is null or not exists (select from journal as told where told.member_id = ${memberId} and told.mark = entry.mark)
    order by entry.place`.execute(tx)
}

/** What the shadow would have done, newest first; `before`: entries older than this id. */
export const shadowJournal = async (db: Queries, memberId: string, { limit, before }: { readonly limit: number; readonly before: number | null }): Promise<readonly ShadowRow[]> => {
  let query = db.selectFrom('journal').select(['id', 'at', 'lead_id', 'regulation_version', 'command']).where('member_id', '=', memberId).where('outcome', '=', 'shadow')
  if (before !== null) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(row => ({ id: row.id, at: row.at, leadId: row.lead_id as LeadId, regulationVersion: row.regulation_version, command: row.command }))
}

/** Forgets what a version that no longer watches remembers. */
export const forgetShadow = async (tx: Queries, memberId: string): Promise<void> => {
  await tx.deleteFrom('shadow_watches').where('member_id', '=', memberId).execute()
}
