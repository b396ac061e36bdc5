/** What is to be looked at again: one row per subject, however many events, timers and sweeps ask for it. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'

export interface Subject {
  readonly kind: 'lead' | 'activity' | 'task'
  readonly id: number
}

export interface InboxEntry extends Subject {
  readonly memberId: string
  readonly urgent: boolean
  /** The portal asks for it by an event: from now on it waits. Timers and daily looks wait for nobody. */
  readonly asked?: boolean
  /** When it was asked for, of a row that comes from another one. */
  readonly askedAt?: Moment | null
}

export interface InboxRow extends Subject {
  /** The row may be deleted at this seq only: an event that came meanwhile has renewed it. */
  readonly seq: number
  readonly urgent: boolean
  /** Failed looks so far. */
  readonly tries: number
  /** When an event first asked for it, by the database's clock. */
  readonly askedAt: Moment | null
  /** Since then, in seconds. */
  readonly waited: number | null
}

/** Adds or renews rows; one statement for any number of portals. Rows stay in their place of the queue. */
export const addToInbox = async (tx: Queries, entries: readonly InboxEntry[]): Promise<void> => {
  if (entries.length === 0) return
  const byKey = new Map<string, InboxEntry>()
  for (const entry of entries) {
    const key = `${entry.memberId} ${entry.kind} ${entry.id}`
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? entry : together(known, entry))
  }
  // In one order everywhere: two processes that renew the same rows then wait for each other instead of blocking each other.
  const rows = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  await sql`insert into inbox (member_id, kind, id, urgent, asked_at)
    select member_id, kind, id, urgent, case when asked then now() else asked_at end from unnest(${rows.map(row => row.memberId)}::text[], ${rows.map(row => row.kind)}::text[], ${rows.map(row => row.id)}::bigint[], ${rows.map(row => row.urgent)}::boolean[],
      ${rows.map(row => row.asked === true)}::boolean[], ${rows.map(row => row.askedAt ?? null)}::timestamptz[]) as entry (member_id, kind, id, urgent, asked, asked_at)
    on conflict (member_id, kind, id) do update set seq = nextval('inbox_seq'), urgent = inbox.urgent or excluded.urgent, not_before = null,
      asked_at = least(inbox.asked_at, excluded.asked_at)`.execute(tx)
}

/** Two requests for one subject: as urgent as the more urgent one, and waiting as long as the one that is known to wait. */
const together = (a: InboxEntry, b: InboxEntry): InboxEntry => ({ ...a, urgent: a.urgent || b.urgent, asked: a.asked === true || b.asked === true, askedAt: a.askedAt ?? b.askedAt ?? null })

/**
 * The portal's next rows of one kind: urgent ones first, then the oldest, and a fifth of the newest ones, so that a lead which
 * comes in the middle of a flood does not wait for its end. Reads only: the portal's lock keeps others away.
 */
export const nextFromInbox = async (db: Queries, memberId: string, kinds: readonly Subject['kind'][], now: Temporal.Instant, limit: number): Promise<readonly InboxRow[]> => {
  const newest = Math.floor(limit / 5)
  const ready = sql`select kind, id, seq, first_seq, urgent, tries, asked_at from inbox
    where member_id = ${memberId} and kind = any(${[...kinds]}::text[]) and (not_before is null or not_before <= ${now.toString()}::timestamptz)`
  const rows = await sql<InboxRow>`with oldest as (${ready} order by urgent desc, first_seq limit ${limit - newest}),
    newest as (${ready} order by urgent desc, first_seq desc limit ${limit})
    select kind, id, seq, urgent, tries, asked_at as "askedAt", extract(epoch from now() - asked_at)::float8 as waited from (
      select *, 0 as part from oldest
      union all
      select *, 1 as part from (select * from newest where not exists (select from oldest where oldest.kind = newest.kind and oldest.id = newest.id) order by urgent desc, first_seq desc limit ${newest}) as fresh
    ) as taken order by urgent desc, part, first_seq`.execute(db)
  return rows.rows
}

/** The row of one lead, whether it is due or not. */
export const inboxRowOf = async (db: Queries, memberId: string, leadId: number): Promise<InboxRow | null> =>
  (await sql<InboxRow>`select kind, id, seq, urgent, tries, asked_at as "askedAt", extract(epoch from now() - asked_at)::float8 as waited
    from inbox where member_id = ${memberId} and kind = 'lead' and id = ${leadId}`.execute(db)).rows[0] ?? null

/** Deletes rows that were not renewed since they were read. */
export const deleteFromInbox = async (tx: Queries, memberId: string, rows: readonly (Subject & { readonly seq: number })[]): Promise<void> => {
  if (rows.length === 0) return
  await sql`delete from inbox using unnest(${rows.map(row => row.kind)}::text[], ${rows.map(row => row.id)}::bigint[], ${rows.map(row => row.seq)}::bigint[]) as seen (kind, id, seq)
    where inbox.member_id = ${memberId} and inbox.kind = seen.kind and inbox.id = seen.id and inbox.seq = seen.seq`.execute(tx)
}

/** Looks at these not before `until`; a new event brings them back at once. */
export const postponeInInbox = async (tx: Queries, memberId: string, rows: readonly Subject[], until: Temporal.Instant): Promise<void> => {
  if (rows.length === 0) return
  await sql`update inbox set not_before = ${until.toString()}::timestamptz, tries = tries + 1
    from unnest(${rows.map(row => row.kind)}::text[], ${rows.map(row => row.id)}::bigint[]) as late (kind, id)
    where inbox.member_id = ${memberId} and inbox.kind = late.kind and inbox.id = late.id`.execute(tx)
}

/** How many subjects wait. */
export const countInbox = async (db: Queries, memberId?: string): Promise<number> => {
  const query = db.selectFrom('inbox').select(({ fn }) => fn.countAll<number>().as('count'))
  return (await (memberId === undefined ? query : query.where('member_id', '=', memberId)).executeTakeFirstOrThrow()).count
}
