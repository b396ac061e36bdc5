/** What a portal says of its people, calendar and stages, kept for a while. */
import { Temporal } from 'temporal-polyfill'
import type { Person } from '../domain/command.ts'
import type { CalendarData } from '../domain/regulation.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface PortalFacts {
  readonly people: readonly Person[]
  readonly calendar: CalendarData
  readonly stageNames: Readonly<Record<string, string>>
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  readonly departments: readonly { readonly id: number; readonly name: string; readonly headId: number | null; readonly parentId: number | null }[]
}

export interface CachedFacts {
  readonly facts: PortalFacts
  readonly readAt: Temporal.Instant
}

/** The cached facts; null when they were never read. */
export const factsOf = async (db: Queries, memberId: string): Promise<CachedFacts | null> => {
  const row = await db.selectFrom('portal_facts').selectAll().where('member_id', '=', memberId).executeTakeFirst()
  return row === undefined ? null : { facts: row.facts as PortalFacts, readAt: Temporal.Instant.from(row.read_at) }
}

export const saveFacts = async (db: Queries, memberId: string, facts: PortalFacts, readAt: Temporal.Instant): Promise<void> => {
  const values = { facts: toJson(facts), read_at: readAt.toString() }
  await db.insertInto('portal_facts').values({ member_id: memberId, ...values }).onConflict(conflict => conflict.column('member_id').doUpdateSet(values)).execute()
}

/** The next reader asks the portal again. */
export const forgetFacts = async (db: Queries, memberId: string): Promise<void> => {
  await db.deleteFrom('portal_facts').where('member_id', '=', memberId).execute()
}
