/** What a portal says of its people, calendar and stages, kept for a while. */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Person } from '../domain/command.ts'
import type { Semantic } from '../domain/lead.ts'
import type { CalendarData } from '../domain/regulation.ts'
import type { Queries } from './database.ts'
import { toJson } from './json.ts'

export interface PortalFacts {
  readonly people: readonly Person[]
  readonly calendar: CalendarData
  readonly stageNames: Readonly<Record<string, string>>
  /** Left out by facts that were read before sources were. */
  readonly sourceNames?: Readonly<Record<string, string>>
  /** Lead stages in their order; left out by facts of before. */
  readonly stages?: readonly { readonly id: string; readonly semantic: Semantic }[]
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  /** The portal regards the application as installed. */
  readonly installed?: boolean
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

/** Writes nothing for a portal that is gone or uninstalled. */
export const saveFacts = async (db: Queries, memberId: string, facts: PortalFacts, readAt: Temporal.Instant): Promise<void> => {
  await sql`insert into portal_facts (member_id, facts, read_at)
    select member_id, ${toJson(facts)}::jsonb, ${readAt.toString()}::timestamptz from portals where member_id = ${memberId} and status <> 'uninstalled' for share
    on conflict (member_id) do update set facts = excluded.facts, read_at = excluded.read_at`.execute(db)
}

/** The next reader asks the portal again. */
export const forgetFacts = async (db: Queries, memberId: string): Promise<void> => {
  await db.deleteFrom('portal_facts').where('member_id', '=', memberId).execute()
}
