/** Simulations of a portal: what was asked for, how far they are, what they have found. Moments of theirs are real time. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import { upgradeRegulation } from '../domain/regulation/upgrade.ts'
import type { ReadingGaps } from '../domain/simulate/estimates.ts'
import type { SimulationResult } from '../domain/simulate/result.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export type SimulationStatus = 'running' | 'done' | 'failed' | 'cancelled'
export type SimulationPhase = 'waiting' | 'reading' | 'computing'

export interface StoredSimulation {
  readonly id: number
  /** Null: the draft as it was then. */
  readonly version: number | null
  readonly from: Moment
  readonly to: Moment
  readonly status: SimulationStatus
  readonly phase: SimulationPhase
  /** Leads read, or thousandths of the time gone through. */
  readonly done: number
  readonly total: number | null
  /** Why it failed: a code. */
  readonly problem: string | null
  readonly result: SimulationResult | null
  /** Number of leads in the result; null without one. */
  readonly read: number | null
  readonly askedAt: Moment
  readonly endedAt: Moment | null
}

export interface NewSimulation {
  readonly version: number | null
  readonly regulation: Regulation
  readonly from: Moment
  readonly to: Moment
  readonly authorId: number | null
}

const headColumns = ['id', 'version', 'from_at', 'to_at', 'status', 'phase', 'done', 'total', 'problem', 'asked_at', 'ended_at'] as const
const columns = [...headColumns, 'result'] as const

interface Row {
  readonly id: number
  readonly version: number | null
  readonly from_at: Moment
  readonly to_at: Moment
  readonly status: SimulationStatus
  readonly phase: SimulationPhase
  readonly done: number
  readonly total: number | null
  readonly problem: string | null
  readonly result: unknown
  readonly asked_at: Moment
  readonly ended_at: Moment | null
}

const toStored = (row: Row): StoredSimulation => ({
  read: (row.result as SimulationResult | null)?.leads.read ?? null,
  id: row.id, version: row.version, from: row.from_at, to: row.to_at, status: row.status, phase: row.phase, done: row.done, total: row.total, problem: row.problem,
  result: row.result as SimulationResult | null, askedAt: row.asked_at, endedAt: row.ended_at,
})

/** Its id; null while another one of the portal runs, or when the portal is not there. */
export const addSimulation = async (db: Queries, memberId: string, { version, regulation, from, to, authorId }: NewSimulation, now: Temporal.Instant): Promise<number | null> => {
  const added = await sql<{ id: number }>`insert into simulations (member_id, version, regulation, from_at, to_at, status, phase, author_id, asked_at)
    select member_id, ${version}::integer, ${toJson(regulation)}::jsonb, ${from}::timestamptz, ${to}::timestamptz, 'running', 'waiting', ${authorId}::bigint, ${now.toString()}::timestamptz
    from portals where member_id = ${memberId} and status <> 'uninstalled'
    on conflict do nothing returning id`.execute(db)
  return added.rows[0]?.id ?? null
}

export const simulationOf = async (db: Queries, memberId: string, id: number): Promise<StoredSimulation | null> => {
  const row = await db.selectFrom('simulations').select(columns).where('member_id', '=', memberId).where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toStored(row)
}

/** Newest first, without their results: each of these may be large. */
export const simulationsOf = async (db: Queries, memberId: string, limit: number): Promise<readonly StoredSimulation[]> => {
  const rows = await db.selectFrom('simulations').select(headColumns).select(sql<number | null>`(result->'leads'->>'read')::int`.as('read')).where('member_id', '=', memberId).orderBy('id', 'desc').limit(limit).execute()
  return rows.map(({ read, ...row }) => ({ ...toStored({ ...row, result: null }), read }))
}

/** The one that is to be gone through now, with its regulation. */
export const runningSimulation = async (db: Queries, memberId: string): Promise<(StoredSimulation & { readonly regulation: Regulation }) | null> => {
  const row = await db.selectFrom('simulations').select([...columns, 'regulation']).where('member_id', '=', memberId).where('status', '=', 'running').executeTakeFirst()
  return row === undefined ? null : { ...toStored(row), regulation: upgradeRegulation(row.regulation) }
}

/** Active portals whose simulation waits or runs. */
export const portalsSimulating = async (db: Queries, limit: number): Promise<readonly string[]> => {
  const rows = await db.selectFrom('simulations').innerJoin('portals', 'portals.member_id', 'simulations.member_id').select('simulations.member_id')
    .where('simulations.status', '=', 'running').where('portals.status', '=', 'active').orderBy('simulations.id').limit(limit).execute()
  return rows.map(row => row.member_id)
}

/** False when it has been cancelled meanwhile, or its portal has gone. */
export const noteProgress = async (db: Queries, memberId: string, id: number, { phase, done, total }: { readonly phase: SimulationPhase; readonly done: number; readonly total: number | null }): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('simulations').set({ phase, done, total }).where('member_id', '=', memberId).where('id', '=', id).where('status', '=', 'running').executeTakeFirst()
  return numUpdatedRows > 0n
}

export type SimulationEnd = { readonly status: 'done'; readonly result: SimulationResult } | { readonly status: 'failed'; readonly problem: string } | { readonly status: 'cancelled' }

/** Notes the moment after which nothing is looked at, the first time it is called; answers with the one that was noted. Null when it does not run. */
export const noteUntil = async (db: Queries, memberId: string, id: number, until: Temporal.Instant): Promise<Moment | null> => {
  const row = await db.updateTable('simulations').set({ until_at: sql<Moment>`coalesce(until_at, ${until.toString()}::timestamptz)` })
    .where('member_id', '=', memberId).where('id', '=', id).where('status', '=', 'running').returning('until_at').executeTakeFirst()
  return row?.until_at ?? null
}

/** A part of the past that was read, numbered from 0 on. */
export interface SimulationPage {
  /** Where reading goes on: plain JSON of the reader's own; null: everything is read. */
  readonly next: unknown
  readonly gaps: ReadingGaps
  /** Compressed, in base64. */
  readonly content: string
}

/** Keeps a page until its simulation is over; false when it is. */
export const keepPage = async (db: Queries, memberId: string, id: number, number: number, { next, gaps, content }: SimulationPage): Promise<boolean> => {
  const kept = await sql`insert into simulation_pages (member_id, simulation_id, page, next, gaps, content)
    select member_id, id, ${number}::integer, ${next === null ? null : toJson(next)}::jsonb, ${toJson(gaps)}::jsonb, ${content}
    from simulations where member_id = ${memberId} and id = ${id} and status = 'running' for share
    on conflict do nothing returning page`.execute(db)
  return kept.rows.length > 0
}

/** In their order. */
export const pagesOf = async (db: Queries, memberId: string, id: number): Promise<readonly SimulationPage[]> =>
  (await db.selectFrom('simulation_pages').select(['next', 'gaps', 'content']).where('member_id', '=', memberId).where('simulation_id', '=', id).orderBy('page').execute())
    .map(({ next, gaps, content }) => ({ next, gaps: gaps as ReadingGaps, content }))

export const dropPages = async (db: Queries, memberId: string, id: number): Promise<void> => {
  await db.deleteFrom('simulation_pages').where('member_id', '=', memberId).where('simulation_id', '=', id).execute()
}

/** Ends what runs for a portal that has gone; nothing of what was read is kept. */
export const cancelSimulations = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('simulations').set({ status: 'cancelled', ended_at: now.toString() }).where('member_id', '=', memberId).where('status', '=', 'running').execute()
  await db.deleteFrom('simulation_pages').where('member_id', '=', memberId).execute()
}

/** Ends a running one, whoever ends it first, and drops what was read for it; false when it was not running. */
export const endSimulation = async (db: Queries, memberId: string, id: number, end: SimulationEnd, now: Temporal.Instant): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('simulations')
    .set({ status: end.status, ended_at: now.toString(), ...(end.status === 'done' ? { result: toJson(end.result) } : {}), ...(end.status === 'failed' ? { problem: end.problem } : {}) })
    .where('member_id', '=', memberId).where('id', '=', id).where('status', '=', 'running').executeTakeFirst()
  if (numUpdatedRows > 0n) await dropPages(db, memberId, id)
  return numUpdatedRows > 0n
}

/** Deletes what ended before, or was asked for before and never ended, and pages that a crash has left behind. Answers how many simulations. */
export const forgetSimulations = async (db: Queries, before: Temporal.Instant): Promise<number> => {
  const { numDeletedRows } = await db.deleteFrom('simulations').where(({ fn, ref }) => fn.coalesce(ref('ended_at'), ref('asked_at')), '<', before.toString()).executeTakeFirst()
  await sql`delete from simulation_pages as page using simulations as one where one.member_id = page.member_id and one.id = page.simulation_id and one.status <> 'running'`.execute(db)
  return Number(numDeletedRows)
}

/** Events or commands of this portal that are due now: they go before a simulation's reading. */
export const hasLiveWork = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<boolean> => {
  const due = await sql<{ waits: boolean }>`select
    exists (select from inbox where member_id = ${memberId} and (not_before is null or not_before <= ${now.toString()}::timestamptz))
    or exists (select from outbox where member_id = ${memberId} and state in ('pending', 'attempting') and (not_before is null or not_before <= ${now.toString()}::timestamptz)) as waits`.execute(db)
  return due.rows[0]?.waits === true
}
