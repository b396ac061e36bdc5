/** Published regulations: immutable versions, the highest one is in force. */
import type { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import type { Queries } from './database.ts'
import { portalForWork } from './portals.ts'
import { toJson } from './json.ts'

export interface PublishedRegulation {
  readonly version: number
  readonly regulation: Regulation
}

/** The regulation in force; null when none was published. */
export const regulationInForce = async (db: Queries, memberId: string): Promise<PublishedRegulation | null> => {
  const row = await db.selectFrom('regulations').select(['version', 'regulation']).where('member_id', '=', memberId).orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row ?? null
}

export const regulationVersion = async (db: Queries, memberId: string, version: number): Promise<Regulation | null> => {
  const row = await db.selectFrom('regulations').select('regulation').where('member_id', '=', memberId).where('version', '=', version).executeTakeFirst()
  return row?.regulation ?? null
}

/** Publishes a new version and answers its number; null when the portal is gone or uninstalled. */
export const publishRegulation = async (tx: Queries, memberId: string, regulation: Regulation, now: Temporal.Instant, authorId: number | null = null): Promise<number | null> => {
  const status = await portalForWork(tx, memberId)
  if (status === null || status === 'uninstalled') return null
  const latest = await regulationInForce(tx, memberId)
  const version = (latest?.version ?? 0) + 1
  await tx.insertInto('regulations').values({ member_id: memberId, version, regulation: toJson(regulation), published_at: now.toString(), author_id: authorId }).execute()
  return version
}
