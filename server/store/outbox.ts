/** Commands for the portal between their recording and their effect. A mark is there once per portal: a replayed decision adds nothing. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { PortalCommand } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import type { Queries } from './database.ts'
import { toJson, toText } from './json.ts'

export interface OutboxItem {
  readonly mark: string
  readonly command: PortalCommand
  /** Attempts before this one: with any of them the effect may be there already. */
  readonly attempts: number
}

export type Settlement =
  | { readonly mark: string; readonly state: 'done'; readonly result: { readonly id?: number } | null }
  | { readonly mark: string; readonly state: 'failed' | 'gone'; readonly errorCode: string; readonly errorMessage: string }
  /** To be tried again at `notBefore`. */
  | { readonly mark: string; readonly state: 'pending'; readonly errorCode: string; readonly errorMessage: string; readonly notBefore: Temporal.Instant }

export interface NewItem {
  readonly command: PortalCommand
  readonly urgent: boolean
  /** Real time before which it is not carried out: a message of quiet hours. */
  readonly notBefore?: Temporal.Instant
}

/** Adds commands in their order and answers the marks that were new. */
export const addToOutbox = async (tx: Queries, memberId: string, items: readonly NewItem[]): Promise<ReadonlySet<string>> => {
  if (items.length === 0) return new Set()
  const column = <T>(pick: (item: NewItem) => T): T[] => items.map(pick)
  const added = await sql<{ mark: string }>`insert into outbox (member_id, mark, lead_id, command, state, urgent, not_before)
    select ${memberId}, item.mark, item.lead_id, item.command, 'pending', item.urgent, item.not_before
    from unnest(${column(item => item.command.mark)}::text[], ${column(item => item.command.leadId)}::bigint[], ${column(item => toJson(item.command))}::jsonb[], ${column(item => item.urgent)}::boolean[],
      ${column(item => item.notBefore?.toString() ?? null)}::timestamptz[])
      with ordinality as item (mark, lead_id, command, urgent, not_before, place)
    order by item.place
    on conflict (member_id, mark) do nothing returning mark`.execute(tx)
  const urgentLeads = [...new Set(items.filter(item => item.urgent).map(item => item.command.leadId))]
  if (urgentLeads.length > 0) {
    // What was decided earlier for the lead must not be overtaken by what is urgent now.
    await tx.updateTable('outbox').set({ urgent: true }).where('member_id', '=', memberId).where('lead_id', 'in', urgentLeads).where('state', 'in', ['pending', 'attempting']).where('urgent', '=', false).execute()
  }
  return new Set(added.rows.map(row => row.mark))
}

/**
 * Takes the next commands for an attempt, as many as `limit` allows: urgent ones first, then in the order of their recording; up to a fifth is for the two newest leads.
 * Within a lead the order always holds: what waits for its repeat holds back what follows it; a message that waits for the end of quiet hours does not.
 * The caller holds the portal's lock, so rows found `attempting` were left by a process that has died; follow-ups among them
 * are taken again only `unsureMs` after they were taken first: what creates them may still be running on the portal.
 */
export const claimOutbox = async (tx: Queries, memberId: string, now: Temporal.Instant, limit: number, onlyLead: LeadId | null = null, unsureMs = 0): Promise<readonly OutboxItem[]> => {
  const fresh = onlyLead === null ? Math.floor(limit / 5) : 0
  const claimed = await sql<{ mark: string; command: PortalCommand; attempts: number; id: number; urgent: boolean }>`with ready as materialized (
      select o.id, o.lead_id, o.urgent from outbox o
      where o.member_id = ${memberId} and o.state in ('pending', 'attempting') and (o.not_before is null or o.not_before <= ${now.toString()}::timestamptz)
        and (${onlyLead}::bigint is null or o.lead_id = ${onlyLead}::bigint)
        and not exists (select from outbox e where e.member_id = o.member_id and e.lead_id = o.lead_id and e.id < o.id and e.state in ('pending', 'attempting') and e.not_before > ${now.toString()}::timestamptz
          and not (e.attempts = 0 and e.command ->> 'kind' = 'notify'))
    ), newest as (select id from ready where lead_id in (select lead_id from ready group by lead_id order by min(id) desc limit 2) order by urgent desc, id limit ${fresh}
    ), oldest as (select id from ready where id not in (select id from newest) order by urgent desc, id limit ${limit}::bigint - (select count(*) from newest)
    )
    update outbox set state = 'attempting', attempts = attempts + 1,
      not_before = case when command ->> 'kind' = 'set-follow-up' then ${now.add({ milliseconds: unsureMs }).toString()}::timestamptz else not_before end
    where member_id = ${memberId} and id in (select id from oldest union all select id from newest)
    returning mark, command, attempts, id, urgent`.execute(tx)
  return claimed.rows
    .sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.id - b.id)
    .map(({ mark, command, attempts }) => ({ mark, command, attempts: attempts - 1 }))
}

/** Stores what became of attempted commands. */
export const settleOutbox = async (tx: Queries, memberId: string, settlements: readonly Settlement[], now: Temporal.Instant): Promise<void> => {
  if (settlements.length === 0) return
  const column = <T>(pick: (row: Settlement) => T): T[] => settlements.map(pick)
  await sql`update outbox set state = row.state, result = row.result, error_code = row.error_code, error_message = row.error_message, not_before = row.not_before,
      settled_at = case when row.state = 'pending' then null else ${now.toString()}::timestamptz end
    from unnest(
      ${column(row => row.mark)}::text[], ${column(row => row.state)}::text[], ${column(row => row.state === 'done' && row.result !== null ? toJson(row.result) : null)}::jsonb[],
      ${column(row => row.state === 'done' ? null : row.errorCode)}::text[], ${column(row => row.state === 'done' ? null : toText(row.errorMessage))}::text[],
      ${column(row => row.state === 'pending' ? row.notBefore.toString() : null)}::timestamptz[]
    ) as row (mark, state, result, error_code, error_message, not_before)
    where outbox.member_id = ${memberId} and outbox.mark = row.mark`.execute(tx)
}

/** Puts claimed messages off, as if they had not been tried: what follows them does not wait for them. */
export const putOffInOutbox = async (tx: Queries, memberId: string, held: readonly { readonly mark: string; readonly notBefore: Temporal.Instant }[]): Promise<void> => {
  if (held.length === 0) return
  await sql`update outbox set state = 'pending', attempts = 0, not_before = held.not_before
    from unnest(${held.map(({ mark }) => mark)}::text[], ${held.map(({ notBefore }) => notBefore.toString())}::timestamptz[]) as held (mark, not_before)
    where outbox.member_id = ${memberId} and outbox.mark = held.mark and outbox.state = 'attempting'`.execute(tx)
}

/** Commands of a lead that is gone are not carried out any more; answers their marks. */
export const dropOutboxOf = async (tx: Queries, memberId: string, leadIds: readonly LeadId[], now: Temporal.Instant): Promise<readonly string[]> => {
  if (leadIds.length === 0) return []
  const dropped = await tx.updateTable('outbox').set({ state: 'gone', error_code: 'not-found', settled_at: now.toString() })
    .where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).where('state', 'in', ['pending', 'attempting']).returning('mark').execute()
  return dropped.map(row => row.mark)
}

/** How many commands wait for their effect. */
export const countOutbox = async (db: Queries, memberId?: string): Promise<number> => {
  const query = db.selectFrom('outbox').select(({ fn }) => fn.countAll<number>().as('count')).where('state', 'in', ['pending', 'attempting'])
  return (await (memberId === undefined ? query : query.where('member_id', '=', memberId)).executeTakeFirstOrThrow()).count
}

/** Deletes at most `limit` settled commands older than `before`, and answers how many it were. */
export const forgetOutbox = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const result = await sql`delete from outbox where (member_id, mark) in (select member_id, mark from outbox where settled_at < ${before.toString()}::timestamptz limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}
