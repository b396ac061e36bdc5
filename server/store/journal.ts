/** Every command with its reason and what became of it: the memory that explains all decisions. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Command } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson, toTextOrNull } from './json.ts'

/** `recorded`: done by recording it; the others follow the call to the portal. What a shadow decided is read in `shadow.ts`. */
export type Outcome = 'recorded' | 'pending' | 'done' | 'failed' | 'gone'

export interface JournalRow {
  readonly id: number
  readonly at: Moment
  readonly leadId: LeadId
  readonly regulationVersion: number
  readonly command: Command
  readonly outcome: Outcome
  readonly outcomeAt: Moment | null
  /** The portal's own words when it refused. */
  readonly outcomeDetail: string | null
}

export interface JournalEntry {
  readonly leadId: LeadId
  readonly regulationVersion: number
  readonly command: Command
}

/** Adds entries in their order; commands for the portal begin as `pending`. */
export const addToJournal = async (tx: Queries, memberId: string, entries: readonly JournalEntry[], at: Temporal.Instant): Promise<void> => {
  if (entries.length === 0) return
  const column = <T>(pick: (entry: JournalEntry) => T): T[] => entries.map(pick)
  await sql`insert into journal (member_id, at, lead_id, regulation_version, kind, rule, command, mark, outcome)
    select ${memberId}, ${at.toString()}::timestamptz, entry.lead_id, entry.version, entry.kind, entry.rule, entry.command, entry.mark, entry.outcome
    from unnest(
      ${column(entry => entry.leadId)}::bigint[], ${column(entry => entry.regulationVersion)}::int[],
      ${column(entry => entry.command.kind)}::text[], ${column(entry => entry.command.because.rule)}::text[],
      ${column(entry => toJson(entry.command))}::jsonb[], ${column(entry => markOf(entry.command))}::text[],
      ${column(entry => markOf(entry.command) === null ? 'recorded' : 'pending')}::text[]
    ) with ordinality as entry (lead_id, version, kind, rule, command, mark, outcome, place)
    order by entry.place`.execute(tx)
}

/** What became of a portal command; the last word counts. */
export const settleInJournal = async (
  tx: Queries, memberId: string, settled: readonly { readonly mark: string; readonly outcome: Outcome; readonly detail: string | null }[], at: Temporal.Instant,
): Promise<void> => {
  if (settled.length === 0) return
  await sql`update journal set outcome = settled.outcome, outcome_detail = settled.detail, outcome_at = ${at.toString()}::timestamptz
    from unnest(${settled.map(row => row.mark)}::text[], ${settled.map(row => row.outcome)}::text[], ${settled.map(({ detail }) => toTextOrNull(detail))}::text[]) as settled (mark, outcome, detail)
    where journal.member_id = ${memberId} and journal.mark = settled.mark`.execute(tx)
}

/** A lead's journal, newest first. */
export const journalOf = async (db: Queries, memberId: string, leadId: LeadId, limit: number): Promise<readonly JournalRow[]> => {
  const rows = await db.selectFrom('journal').selectAll().where('member_id', '=', memberId).where('lead_id', '=', leadId).where('outcome', '<>', 'shadow').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toRow)
}

/** The portal's journal, newest first. */
export const newestJournal = async (db: Queries, memberId: string, limit: number): Promise<readonly JournalRow[]> => {
  const rows = await db.selectFrom('journal').selectAll().where('member_id', '=', memberId).where('outcome', '<>', 'shadow').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toRow)
}

/** How many commands for the portal each lead was given since then: a lead that is given ever more is in a loop. */
export const portalCommandsSince = async (db: Queries, memberId: string, leadIds: readonly LeadId[], since: Temporal.Instant): Promise<ReadonlyMap<LeadId, number>> => {
  if (leadIds.length === 0) return new Map()
  const rows = await db.selectFrom('journal').select(({ fn }) => ['lead_id', fn.countAll<number>().as('count')])
    .where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).where('mark', 'is not', null).where('outcome', '<>', 'shadow').where('at', '>', since.toString()).groupBy('lead_id').execute()
  return new Map(rows.map(row => [row.lead_id as LeadId, row.count]))
}

/** Deletes at most `limit` entries older than `before`, and answers how many it were. */
export const forgetJournal = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const result = await sql`delete from journal where (member_id, id) in (select member_id, id from journal where at < ${before.toString()}::timestamptz limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** The mark of a portal command; null for one that is done by recording it. */
export const markOf = (command: Command): string | null => 'mark' in command ? command.mark : null

interface StoredEntry {
  id: number
  at: Moment
  lead_id: number
  regulation_version: number
  command: Command
  outcome: Outcome | 'shadow'
  outcome_at: Moment | null
  outcome_detail: string | null
}

const toRow = (row: StoredEntry): JournalRow => ({
  id: row.id,
  at: row.at,
  leadId: row.lead_id as LeadId,
  regulationVersion: row.regulation_version,
  command: row.command,
  outcome: row.outcome === 'shadow' ? 'recorded' : row.outcome,
  outcomeAt: row.outcome_at,
  outcomeDetail: row.outcome_detail,
})
