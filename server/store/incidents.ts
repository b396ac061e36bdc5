/** Misses and their life: noticed, delivered, answered, escalated. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Command, IncidentAbout, Miss } from '../domain/command.ts'
import type { LeadId, UserId } from '../domain/lead.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'

export interface IncidentRow {
  readonly id: string
  readonly leadId: LeadId
  readonly userId: UserId
  readonly about: IncidentAbout
  readonly dueAt: Moment
  readonly noticedAt: Moment
  readonly deliveredAt: Moment | null
  readonly resolvedAt: Moment | null
  readonly escalatedAt: Moment | null
  /** Somebody has taken note of it: it is not told any further. */
  readonly acknowledgedAt: Moment | null
  /** Noticed so late that the delay is ours. */
  readonly systemDelay: boolean
}

/** Applies a command to the incidents and answers whether it changed any: the same miss is one row however often it is found. */
export const recordIncident = async (tx: Queries, memberId: string, command: Command): Promise<boolean> => {
  if (command.kind === 'open-incident') {
    const added = await tx.insertInto('incidents').values({
      member_id: memberId,
      incident_id: command.incidentId,
      lead_id: command.leadId,
      user_id: command.userId,
      about: command.about,
      due_at: command.dueAt,
      noticed_at: command.noticedAt,
      system_delay: command.systemDelay,
      delivered_at: null,
      resolved_at: null,
      escalated_at: null,
      acknowledged_at: null,
      in_time: null,
    }).onConflict(conflict => conflict.columns(['member_id', 'incident_id']).doNothing()).executeTakeFirst()
    return (added.numInsertedOrUpdatedRows ?? 0n) > 0n
  }
  if (command.kind === 'resolve-incident') {
    const resolved = await tx.updateTable('incidents').set({ resolved_at: command.at, in_time: command.inTime === true ? true : null }).where('member_id', '=', memberId).where('incident_id', '=', command.incidentId).where('resolved_at', 'is', null).executeTakeFirst()
    return resolved.numUpdatedRows > 0n
  }
  if (command.kind === 'acknowledge-incident') {
    const noted = await tx.updateTable('incidents').set({ acknowledged_at: command.at }).where('member_id', '=', memberId).where('incident_id', '=', command.incidentId).where('acknowledged_at', 'is', null).executeTakeFirst()
    return noted.numUpdatedRows > 0n
  }
  if (command.kind === 'escalate' && command.incidentIds.length > 0) {
    const escalated = await tx.updateTable('incidents').set({ escalated_at: command.at }).where('member_id', '=', memberId).where('incident_id', 'in', [...command.incidentIds]).where('escalated_at', 'is', null).executeTakeFirst()
    return escalated.numUpdatedRows > 0n
  }
  return false
}

/** The message about a miss has arrived: from now on it counts. */
export const noteDelivered = async (tx: Queries, memberId: string, incidentIds: readonly string[], at: Temporal.Instant): Promise<void> => {
  if (incidentIds.length === 0) return
  await tx.updateTable('incidents').set({ delivered_at: at.toString() }).where('member_id', '=', memberId).where('incident_id', 'in', [...incidentIds]).where('delivered_at', 'is', null).execute()
}

/** Delivered misses since `since` that are neither ours nor taken back nor escalated yet, by person, newest last. */
export const missesSince = async (db: Queries, memberId: string, since: Temporal.Instant): Promise<Readonly<Record<number, readonly Miss[]>>> => {
  const rows = await db.selectFrom('incidents').select(['incident_id', 'lead_id', 'user_id', 'delivered_at'])
    .where('member_id', '=', memberId).where('delivered_at', '>=', since.toString()).where('escalated_at', 'is', null).where('system_delay', '=', false).where('in_time', 'is', null)
    .orderBy('delivered_at').orderBy('incident_id').execute()
  const misses: Record<number, Miss[]> = {}
  for (const row of rows) (misses[row.user_id] ??= []).push({ incidentId: row.incident_id, leadId: row.lead_id as LeadId, deliveredAt: row.delivered_at ?? '' })
  return misses
}

/** A lead's incidents, newest first. */
export const incidentsOf = async (db: Queries, memberId: string, leadId: LeadId): Promise<readonly IncidentRow[]> =>
  (await db.selectFrom('incidents').selectAll().where('member_id', '=', memberId).where('lead_id', '=', leadId).orderBy('noticed_at', 'desc').orderBy('incident_id', 'desc').execute()).map(toRow)

/** The portal's incidents, first those that nobody has answered, newest first. */
export const latestIncidents = async (db: Queries, memberId: string, limit: number): Promise<readonly IncidentRow[]> =>
  (await db.selectFrom('incidents').selectAll().where('member_id', '=', memberId).orderBy(sql`resolved_at is null`, 'desc').orderBy('noticed_at', 'desc').limit(limit).execute()).map(toRow)

interface StoredIncident {
  incident_id: string
  lead_id: number
  user_id: number
  about: IncidentRow['about']
  due_at: Moment
  noticed_at: Moment
  system_delay: boolean
  delivered_at: Moment | null
  resolved_at: Moment | null
  escalated_at: Moment | null
  acknowledged_at: Moment | null
}

const toRow = (row: StoredIncident): IncidentRow => ({
  id: row.incident_id,
  leadId: row.lead_id as LeadId,
  userId: row.user_id as UserId,
  about: row.about,
  dueAt: row.due_at,
  noticedAt: row.noticed_at,
  deliveredAt: row.delivered_at,
  resolvedAt: row.resolved_at,
  escalatedAt: row.escalated_at,
  acknowledgedAt: row.acknowledged_at,
  systemDelay: row.system_delay,
})
