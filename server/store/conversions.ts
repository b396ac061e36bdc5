/** Conversions: what was planned, how far it is, what each step has left on the portal. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Plan } from '../domain/conversion/plan.ts'
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import type { LeadId, UserId } from '../domain/lead.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'
import type { Schema } from './schema.ts'

export type ConversionStatus = Schema['conversions']['status']
export type StepState = 'waiting' | 'begun' | 'done' | 'refused' | 'taken-back' | 'kept'

export interface StoredStep {
  readonly place: number
  readonly step: ConversionStep
  readonly state: StepState
  readonly attempts: number
  /** Real time of the last attempt. */
  readonly begunAt: Moment | null
  readonly result: StepResult | null
  readonly words: string | null
}

export interface StoredConversion {
  readonly id: string
  readonly leadId: LeadId
  readonly status: ConversionStatus
  readonly byUserId: UserId
  readonly byUserName: string
  readonly regulationVersion: number
  readonly plan: Plan
  readonly why: string | null
  readonly whyWords: string | null
  /** Of one that was given up on its way back: why it was on that way. */
  readonly former?: FormerWhy
  readonly elsewhere: readonly number[]
  readonly startedAt: Moment
  readonly endedAt: Moment | null
  readonly undoUntil: Moment | null
  readonly undoneById: UserId | null
  readonly failures: number
  /** In their order. */
  readonly steps: readonly StoredStep[]
}

export interface FormerWhy { readonly why: string | null; readonly words: string | null }

export interface NewConversion {
  readonly id: string
  readonly leadId: LeadId
  readonly byUserId: UserId
  readonly byUserName: string
  readonly regulationVersion: number
  readonly plan: Plan
  readonly steps: readonly ConversionStep[]
  readonly startedAt: Temporal.Instant
  /** Days within which it may be undone once it is done; 0: never. */
  readonly undoDays: number
  /** Real time: whoever has begun it has so long for himself. */
  readonly notBefore: Temporal.Instant
}

/** False while another one of this lead is under way, or when the portal is not there. To be called inside a transaction. */
export const addConversion = async (tx: Queries, memberId: string, asked: NewConversion): Promise<boolean> => {
  const added = await sql`insert into conversions (member_id, id, lead_id, status, by_user_id, by_user_name, regulation_version, plan, started_at, undo_days, not_before)
    select member_id, ${asked.id}, ${asked.leadId}::bigint, 'running', ${asked.byUserId}::bigint, ${storable(asked.byUserName)}, ${asked.regulationVersion}::integer, ${toJson(asked.plan)}::jsonb,
      ${asked.startedAt.toString()}::timestamptz, ${asked.undoDays}::integer, ${asked.notBefore.toString()}::timestamptz
    from portals where member_id = ${memberId} and status <> 'uninstalled'
    on conflict do nothing`.execute(tx)
  if ((added.numAffectedRows ?? 0n) === 0n) return false
  await tx.insertInto('conversion_steps').values(asked.steps.map((step, place) => ({ member_id: memberId, conversion_id: asked.id, place, step: toJson(step) }))).execute()
  return true
}

export const conversionOf = async (db: Queries, memberId: string, id: string): Promise<StoredConversion | null> => {
  const row = await db.selectFrom('conversions').selectAll().where('member_id', '=', memberId).where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : { ...toConversion(row), steps: await stepsOf(db, memberId, id) }
}

/**
 * The one under way, else the newest. One that found the lead converted comes after a done one: it was begun in another window, from what
 * was shown before.
 */
const orderOfLast = [
  sql`status in ('running', 'held', 'taking-back', 'undoing') desc`,
  sql`coalesce(status = 'taken-back' and why = 'converted-elsewhere', false)
    and exists (select 1 from conversions other where other.member_id = conversions.member_id and other.lead_id = conversions.lead_id and other.status = 'done')`,
  sql`started_at desc`,
]

/** The one under way, else the newest; a done one before one that found the lead converted. */
export const lastConversionOf = async (db: Queries, memberId: string, leadId: LeadId): Promise<StoredConversion | null> => {
  const row = await db.selectFrom('conversions').selectAll().where('member_id', '=', memberId).where('lead_id', '=', leadId).orderBy(sql.join(orderOfLast)).limit(1).executeTakeFirst()
  return row === undefined ? null : { ...toConversion(row), steps: await stepsOf(db, memberId, row.id) }
}

/** Status of that same one; null when the lead has none. */
export const conversionStatusOf = async (db: Queries, memberId: string, leadId: LeadId): Promise<ConversionStatus | null> => {
  const row = await db.selectFrom('conversions').select('status').where('member_id', '=', memberId).where('lead_id', '=', leadId).orderBy(sql.join(orderOfLast)).limit(1).executeTakeFirst()
  return row?.status ?? null
}

/** Of these leads, the conversions that are under way, taken back or undone, or wait for a person: their ids. */
export const conversionsUnderWay = async (db: Queries, memberId: string, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, string>> => {
  if (leadIds.length === 0) return new Map()
  const rows = await db.selectFrom('conversions').select(['id', 'lead_id']).where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds])
    .where('status', 'in', ['running', 'held', 'taking-back', 'undoing']).execute()
  return new Map(rows.map(row => [row.lead_id as LeadId, row.id]))
}

/** Of these leads, the conversions that wait for a person: their ids. */
export const heldConversions = async (db: Queries, memberId: string, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, string>> => {
  if (leadIds.length === 0) return new Map()
  const rows = await db.selectFrom('conversions').select(['id', 'lead_id']).where('member_id', '=', memberId).where('lead_id', 'in', [...leadIds]).where('status', '=', 'held').execute()
  return new Map(rows.map(row => [row.lead_id as LeadId, row.id]))
}

/** Leads of active portals whose conversion waits for a person. */
export const leadsHeld = async (db: Queries): Promise<readonly { readonly memberId: string; readonly leadId: LeadId }[]> => {
  const rows = await db.selectFrom('conversions').innerJoin('portals', 'portals.member_id', 'conversions.member_id').select(['conversions.member_id', 'conversions.lead_id'])
    .where('conversions.status', '=', 'held').where('portals.status', '=', 'active').execute()
  return rows.map(row => ({ memberId: row.member_id, leadId: row.lead_id as LeadId }))
}

const stepsOf = async (db: Queries, memberId: string, id: string): Promise<readonly StoredStep[]> => {
  const rows = await db.selectFrom('conversion_steps').select(['place', 'step', 'state', 'attempts', 'begun_at', 'result', 'words'])
    .where('member_id', '=', memberId).where('conversion_id', '=', id).orderBy('place').execute()
  return rows.map(({ begun_at, ...row }) => ({ ...row, begunAt: begun_at }))
}

type Row = { readonly [Column in keyof Schema['conversions']]: unknown }

/** The former one stands behind the present one, in the same column. */
const withFormer = (why: string | null, former: FormerWhy | undefined): string | null => (former === undefined ? why : `${why ?? ''} ${toJson(former)}`)
const whyOf = (stored: string | null): Pick<StoredConversion, 'why' | 'former'> => {
  const end = stored?.indexOf(' ') ?? -1
  return stored === null || end < 0 ? { why: stored } : { why: stored.slice(0, end), former: JSON.parse(stored.slice(end)) as FormerWhy }
}

const toConversion = (row: Row): Omit<StoredConversion, 'steps'> => ({
  id: row.id as string,
  leadId: row.lead_id as LeadId,
  status: row.status as ConversionStatus,
  byUserId: row.by_user_id as UserId,
  byUserName: row.by_user_name as string,
  regulationVersion: row.regulation_version as number,
  plan: row.plan as Plan,
  ...whyOf(row.why as string | null),
  whyWords: row.why_words as string | null,
  elsewhere: (row.elsewhere as readonly number[] | null) ?? [],
  startedAt: row.started_at as Moment,
  endedAt: row.ended_at as Moment | null,
  undoUntil: row.undo_until as Moment | null,
  undoneById: row.undone_by_id as UserId | null,
  failures: row.failures as number,
})

/** An attempt begins: known before anything is sent; `attempts` before it. False when the conversion is not (any more) on this way. */
export const noteStepBegun = async (db: Queries, memberId: string, id: string, place: number, attempts: number, now: Temporal.Instant): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('conversion_steps')
    .set({ state: 'begun', attempts: attempts + 1, begun_at: now.toString() })
    .where('member_id', '=', memberId).where('conversion_id', '=', id).where('place', '=', place).where('state', 'in', ['waiting', 'begun']).where('attempts', '=', attempts)
    .where(eb => eb.exists(eb.selectFrom('conversions').select('id').where('conversions.member_id', '=', memberId).where('conversions.id', '=', id).where('conversions.status', '=', 'running')))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The attempt of this number is still under way, or its end became unknown only now: its waiting time begins anew. */
export const noteStepAlive = async (db: Queries, memberId: string, id: string, place: number, attempts: number, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('conversion_steps').set({ begun_at: now.toString() })
    .where('member_id', '=', memberId).where('conversion_id', '=', id).where('place', '=', place).where('state', '=', 'begun').where('attempts', '=', attempts).execute()
}

export interface StepEnd {
  readonly state: StepState
  readonly result?: StepResult | null
  readonly words?: string | null
  /** As if there had been no more attempts than these. */
  readonly attempts?: number
  readonly begunAt?: Moment | null
}

/** What became of the attempt of this number. False, and nothing is stored: somebody else has gone on with the step, or ended it. */
export const noteStep = async (db: Queries, memberId: string, id: string, { place, state: from, attempts: attempt }: Pick<StoredStep, 'place' | 'state' | 'attempts'>, { state, result, words, attempts, begunAt }: StepEnd): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('conversion_steps').set({
    state,
    ...(result === undefined ? {} : { result: result === null ? null : toJson(result) }),
    ...(words === undefined ? {} : { words: words === null ? null : storable(words) }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(begunAt === undefined ? {} : { begun_at: begunAt }),
  }).where('member_id', '=', memberId).where('conversion_id', '=', id).where('place', '=', place).where('state', '=', from).where('attempts', '=', attempt).executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface StatusChange {
  readonly to: ConversionStatus
  readonly why?: string | null
  readonly words?: string | null
  /** Of one that is given up on its way back: why it was on that way. Only with `why`. */
  readonly former?: FormerWhy
  readonly elsewhere?: readonly number[]
  /** The application's time; of an end. The days for undoing what is done count from it. */
  readonly endedAt?: Temporal.Instant
  /** The application's time; since when it waits for a person. */
  readonly heldAt?: Temporal.Instant
  readonly undoneById?: UserId | null
  /** Real time before which nobody takes it up; otherwise it may be taken up at once. */
  readonly notBefore?: Temporal.Instant
}

/** False when it stood in none of `from`: somebody else was first. */
export const changeConversion = async (db: Queries, memberId: string, id: string, from: readonly ConversionStatus[], { to, why, words, former, elsewhere, endedAt, heldAt, undoneById, notBefore }: StatusChange): Promise<boolean> => {
  const { numUpdatedRows } = await db.updateTable('conversions').set({
    status: to, not_before: notBefore?.toString() ?? null, failures: 0,
    ...(why === undefined ? {} : { why: withFormer(why, former) }),
    ...(words === undefined ? {} : { why_words: words === null ? null : storable(words) }),
    ...(elsewhere === undefined ? {} : { elsewhere: toJson(elsewhere) }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt.toString() }),
    ...(endedAt === undefined || to !== 'done' ? {} : { undo_until: sql<string | null>`case when undo_days > 0 then ${endedAt.toString()}::timestamptz + undo_days * interval '24 hours' end` }),
    ...(heldAt === undefined ? {} : { held_at: heldAt.toString() }),
    ...(undoneById === undefined ? {} : { undone_by_id: undoneById }),
  }).where('member_id', '=', memberId).where('id', '=', id).where('status', 'in', [...from]).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** A step is carried out anew, as it reads now; how it ended is forgotten. */
export const reopenStep = async (db: Queries, memberId: string, id: string, place: number, step: ConversionStep): Promise<void> => {
  await db.updateTable('conversion_steps').set({ state: 'waiting', words: null, result: null, step: toJson(step) })
    .where('member_id', '=', memberId).where('conversion_id', '=', id).where('place', '=', place).where('state', 'in', ['refused', 'done']).execute()
}

/** Leaves it alone until then (real time); counts the failure. */
export const pauseConversion = async (db: Queries, memberId: string, id: string, until: Temporal.Instant): Promise<void> => {
  await db.updateTable('conversions').set({ not_before: until.toString(), failures: sql<number>`failures + 1` }).where('member_id', '=', memberId).where('id', '=', id).execute()
}

/** It has got further: failures are counted since the last step that ended. */
export const forgetFailures = async (db: Queries, memberId: string, id: string): Promise<void> => {
  await db.updateTable('conversions').set({ failures: 0 }).where('member_id', '=', memberId).where('id', '=', id).where('failures', '>', 0).execute()
}

export interface DueConversion { readonly memberId: string; readonly id: string; readonly leadId: LeadId }

export interface Taking {
  readonly limit: number
  /** Real time before which nobody else takes them, unless they end or pause. */
  readonly until: Temporal.Instant
  /** Those that this process works on already. */
  readonly except: readonly Pick<DueConversion, 'memberId' | 'id'>[]
}

/** Takes those under way that may be gone on with, of active portals; oldest first. Two processes never take the same ones. */
export const takeDueConversions = async (db: Queries, now: Temporal.Instant, { limit, until, except }: Taking): Promise<readonly DueConversion[]> => {
  const { rows } = await sql<{ member_id: string; id: string; lead_id: number }>`with due as (
      select c.member_id, c.id from conversions c join portals p on p.member_id = c.member_id
      where c.status in ('running', 'taking-back', 'undoing') and p.status = 'active' and (c.not_before is null or c.not_before <= ${now.toString()}::timestamptz)
        and (c.member_id, c.id) not in (select * from unnest(${except.map(({ memberId }) => memberId)}::text[], ${except.map(({ id }) => id)}::text[]))
      order by c.started_at limit ${limit} for update of c skip locked),
    taken as (update conversions set not_before = ${until.toString()}::timestamptz from due where conversions.member_id = due.member_id and conversions.id = due.id
      returning conversions.member_id, conversions.id, conversions.lead_id, conversions.started_at)
    select member_id, id, lead_id from taken order by started_at`.execute(db)
  return rows.map(row => ({ memberId: row.member_id, id: row.id, leadId: row.lead_id as LeadId }))
}

/** PostgreSQL refuses the zero character in text. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
