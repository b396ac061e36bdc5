/** Simulations of a portal: what was asked for, how far they are, what they have found. Moments of theirs are real time. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import { upgradeRegulation } from '../domain/regulation/upgrade.ts'
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

const columns = ['id', 'version', 'from_at', 'to_at', 'status', 'phase', 'done', 'total', 'problem', 'result', 'asked_at', 'ended_at'] as const

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

/** Newest first. */
export const simulationsOf = async (db: Queries, memberId: string, limit: number): Promise<readonly StoredSimulation[]> =>
  (await db.selectFrom('simulations').select(columns).where('member_id', '=', memberId).orderBy('id', 'desc').limit(limit).execute()).map(toStored)

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

/** Ends a running one, whoever ends it first; false when it was not running. */
export const endSimulation = async (db: Queries, memberId: string, id: number, end: SimulationEnd, now: Temporal.Instant): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('simulations')
    .set({ status: end.status, ended_at: now.toString(), ...(end.status === 'done' ? { result: toJson(end.result) } : {}), ...(end.status === 'failed' ? { problem: end.problem } : {}) })
    .where('member_id', '=', memberId).where('id', '=', id).where('status', '=', 'running').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Deletes what ended before; answers how many. */
export const forgetSimulations = async (db: Queries, before: Temporal.Instant): Promise<number> => {
  const { numDeletedRows } = await db.deleteFrom('simulations').where('ended_at', '<', before.toString()).executeTakeFirst()
  return Number(numDeletedRows)
}

/** Events or commands of this portal that are due now: they go before a simulation's reading. */
export const hasLiveWork = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<boolean> => {
  const due = await sql<{ waits: boolean }>`select
    exists (select from inbox where member_id = ${memberId} and (not_before is null or not_before <= ${now.toString()}::timestamptz))
    or exists (select from outbox where member_id = ${memberId} and state in ('pending', 'attempting') and (not_before is null or not_before <= ${now.toString()}::timestamptz)) as waits`.execute(db)
  return due.rows[0]?.waits === true
}
