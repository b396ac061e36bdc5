/** Published regulations: immutable versions. Which of them decides about a lead is a rule: `versionFor`. */
import type { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import { upgradeRegulation } from '../domain/regulation/upgrade.ts'
import type { Applies, Mode, VersionFacts } from '../domain/regulation/versions.ts'
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'
import { portalForWork } from './portals.ts'
import { toJson, toText } from './json.ts'

export interface PublishedRegulation {
  readonly version: number
  readonly regulation: Regulation
}

export interface VersionRow extends VersionFacts {
  readonly publishedAt: Moment
  /** Null: set up by the application. */
  readonly authorId: number | null
  readonly comment: string
}

export interface Publishing {
  readonly authorId?: number | null
  readonly applies?: Applies
  readonly mode?: Mode
  readonly comment?: string
}

/** The newest live version; null when none was published. */
export const regulationInForce = async (db: Queries, memberId: string): Promise<PublishedRegulation | null> => {
  const row = await db.selectFrom('regulations').select(['version', 'regulation']).where('member_id', '=', memberId).where('mode', '=', 'live').orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row === undefined ? null : { version: row.version, regulation: upgradeRegulation(row.regulation) }
}

export const regulationVersion = async (db: Queries, memberId: string, version: number): Promise<Regulation | null> =>
  (await regulationVersions(db, memberId, [version])).get(version) ?? null

/** The documents of these versions; unknown ones are left out. */
export const regulationVersions = async (db: Queries, memberId: string, versions: readonly number[]): Promise<ReadonlyMap<number, Regulation>> => {
  if (versions.length === 0) return new Map()
  const rows = await db.selectFrom('regulations').select(['version', 'regulation']).where('member_id', '=', memberId).where('version', 'in', [...new Set(versions)]).execute()
  return new Map(rows.map(row => [row.version, upgradeRegulation(row.regulation)]))
}

/** Every version without its document, newest first. */
export const versionsOf = async (db: Queries, memberId: string): Promise<readonly VersionRow[]> => {
  const rows = await db.selectFrom('regulations').select(['version', 'applies', 'mode', 'published_at', 'author_id', 'comment', 'ended']).where('member_id', '=', memberId).orderBy('version', 'desc').execute()
  return rows.map(row => ({ version: row.version, applies: row.applies, mode: row.mode, publishedAt: row.published_at, authorId: row.author_id, comment: row.comment, ended: row.ended }))
}

/**
 * Publishes a new version and answers its number; null when the portal is gone or uninstalled.
 * It is not looked at here whether it can work: `publishChecked` in the jobs room is the one that may call this.
 */
export const publishRegulation = async (tx: Queries, memberId: string, regulation: Regulation, now: Temporal.Instant, how: Publishing = {}): Promise<number | null> => {
  const status = await portalForWork(tx, memberId)
  if (status === null || status === 'uninstalled') return null
  const latest = await tx.selectFrom('regulations').select(({ fn }) => fn.max('version').as('version')).where('member_id', '=', memberId).executeTakeFirst()
  const version = (latest?.version ?? 0) + 1
  const { authorId = null, applies = 'all', mode = 'live', comment = '' } = how
  await tx.insertInto('regulations').values({ member_id: memberId, version, regulation: toJson(regulation), published_at: now.toString(), author_id: authorId, applies, mode, comment: toText(comment) }).execute()
  return version
}

/** A version in shadow mode watches no more. */
export const endShadow = async (tx: Queries, memberId: string, version: number): Promise<void> => {
  await tx.updateTable('regulations').set({ ended: true }).where('member_id', '=', memberId).where('version', '=', version).where('mode', '=', 'shadow').execute()
}
