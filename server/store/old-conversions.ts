/** What is kept of conversions for a time only. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Plan } from '../domain/conversion/plan.ts'
import { thinPlan, thinResult, thinStep } from '../domain/conversion/thin.ts'
import type { LeadId, UserId } from '../domain/lead.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

/** Deletes at most `limit` that ended before, with their steps; answers how many. */
export const forgetConversions = async (db: Queries, before: Temporal.Instant, limit: number): Promise<number> => {
  const { rows } = await sql`with gone as (delete from conversions where (member_id, id) in
      (select member_id, id from conversions where status in ('done', 'taken-back', 'undone') and ended_at < ${before.toString()}::timestamptz limit ${limit}) returning member_id, id),
    parts as (delete from conversion_steps using gone where conversion_steps.member_id = gone.member_id and conversion_steps.conversion_id = gone.id)
    select id from gone`.execute(db)
  return rows.length
}

export interface ForgottenConversion {
  readonly memberId: string
  readonly id: string
  readonly leadId: LeadId
  readonly byUserId: UserId
}

/**
 * Deletes one that waits for a person since before, with its steps; null when there is none. What it has made stays on the portal, and a
 * new plan finds it. One that was given up on its way back waits as long as it takes: part of it is gone already. To be called inside a
 * transaction.
 */
export const forgetHeld = async (tx: Queries, before: Temporal.Instant): Promise<ForgottenConversion | null> => {
  const { rows: [row] } = await sql<{ member_id: string; id: string; lead_id: number; by_user_id: number }>`delete from conversions where status = 'held' and (member_id, id) in
    (select c.member_id, c.id from conversions c join portals p on p.member_id = c.member_id
      where c.status = 'held' and c.held_at < ${before.toString()}::timestamptz and split_part(coalesce(c.why, ''), ' ', 1) not in ('not-taken-back', 'not-undone') and p.status <> 'uninstalled' limit 1)
    returning member_id, id, lead_id, by_user_id`.execute(tx)
  if (row === undefined) return null
  await tx.deleteFrom('conversion_steps').where('member_id', '=', row.member_id).where('conversion_id', '=', row.id).execute()
  return { memberId: row.member_id, id: row.id, leadId: row.lead_id as LeadId, byUserId: row.by_user_id as UserId }
}

/** Drops what only going on and undoing need from at most `limit` that can be undone no more; answers of how many. To be called inside a transaction. */
export const thinConversions = async (tx: Queries, now: Temporal.Instant, limit: number): Promise<number> => {
  const { rows } = await sql<{ member_id: string; id: string; plan: Plan }>`select member_id, id, plan from conversions
    where not thinned and (status in ('taken-back', 'undone') or (status = 'done' and (undo_until is null or undo_until <= ${now.toString()}::timestamptz)))
    limit ${limit} for update skip locked`.execute(tx)
  for (const { member_id, id, plan } of rows) {
    await tx.updateTable('conversions').set({ plan: toJson(thinPlan(plan)), thinned: true }).where('member_id', '=', member_id).where('id', '=', id).execute()
    const steps = await tx.selectFrom('conversion_steps').select(['place', 'step', 'result']).where('member_id', '=', member_id).where('conversion_id', '=', id).execute()
    for (const { place, step, result } of steps) {
      await tx.updateTable('conversion_steps').set({ step: toJson(thinStep(step)), result: result === null ? null : toJson(thinResult(result)) })
        .where('member_id', '=', member_id).where('conversion_id', '=', id).where('place', '=', place).execute()
    }
  }
  return rows.length
}
