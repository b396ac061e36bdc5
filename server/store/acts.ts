/** What people did in the lead tab or over the API, and what robots asked for: kept until long after it was obeyed. */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Act, LeadId, UserId } from '../domain/lead.ts'
import type { Queries } from './database.ts'
import { addToInbox } from './inbox.ts'
import { toJson } from './json.ts'

type Draft<T> = T extends unknown ? Omit<T, 'id'> : never

/** An act that has no id yet. */
export type NewAct = Draft<Act>

/** Part of an act besides id, moment, person and kind, as JSON. */
export type ActFacts = Readonly<Record<string, unknown>>

/**
 * Adds an act and asks for the look that obeys it, and answers whether it is new: of the same `mark` there is one. Both become fact
 * together, so that no act waits for a daily look. Ids of a lead's acts grow in the order of their commits, so that none can come
 * after a later one was obeyed. To be called inside a transaction.
 */
export const addAct = async (tx: Queries, memberId: string, leadId: LeadId, act: NewAct, mark: string | null = null): Promise<boolean> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`act:${memberId}:${leadId}`}, 0))`.execute(tx)
  const { at, byUserId, kind, ...facts } = act
  const added = await sql`insert into acts (member_id, lead_id, at, by_user_id, kind, facts, mark)
    values (${memberId}, ${leadId}, ${at.toString()}::timestamptz, ${byUserId}, ${kind}, ${toJson(plainFacts(facts))}::jsonb, ${mark})
    on conflict (member_id, mark) where mark is not null do nothing`.execute(tx)
  const isNew = (added.numAffectedRows ?? 0n) > 0n
  if (isNew) await addToInbox(tx, [{ memberId, kind: 'lead', id: leadId, urgent: true, asked: true }])
  return isNew
}

const plainFacts = (facts: object): ActFacts => Object.fromEntries(Object.entries(facts).map(([name, value]: [string, unknown]) => [name, value instanceof Temporal.Instant ? value.toString() : value]))

/** By lead, oldest first: acts with ids above what the lead has seen. */
export const unobeyedActs = async (db: Queries, memberId: string, seen: ReadonlyMap<LeadId, number>): Promise<ReadonlyMap<LeadId, readonly Act[]>> => {
  const found = new Map<LeadId, Act[]>()
  if (seen.size === 0) return found
  const rows = await sql<StoredAct>`select acts.id, acts.lead_id, acts.at, acts.by_user_id, acts.kind, acts.facts
    from unnest(${[...seen.keys()]}::bigint[], ${[...seen.values()]}::bigint[]) as asked (lead_id, seen)
    join acts on acts.member_id = ${memberId} and acts.lead_id = asked.lead_id and acts.id > asked.seen order by acts.id`.execute(db)
  for (const row of rows.rows) found.set(row.lead_id as LeadId, [...found.get(row.lead_id as LeadId) ?? [], toAct(row)])
  return found
}

/** Deletes at most `limit` acts older than `before`, and answers how many it were. */
export const forgetActs = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const result = await sql`delete from acts where (member_id, id) in (select member_id, id from acts where at < ${before.toString()}::timestamptz limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

interface StoredAct {
  id: number
  lead_id: number
  at: string
  by_user_id: number | null
  kind: Act['kind']
  facts: ActFacts
}

const toAct = ({ id, at, by_user_id, kind, facts }: StoredAct): Act => ({
  ...facts,
  ...(typeof facts['until'] === 'string' ? { until: Temporal.Instant.from(facts['until']) } : {}),
  id,
  at: Temporal.Instant.from(at),
  byUserId: by_user_id as UserId | null,
  kind,
}) as Act
