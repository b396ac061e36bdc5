/** Tenants and their credentials. Tokens are stored sealed, each for its portal and user only. */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { UserId } from '../domain/lead.ts'
import type { Moment } from '../domain/watch.ts'
import type { Database, Queries } from './database.ts'
import { toJson, toText, toTextOrNull } from './json.ts'
import { SealError, type Sealer } from './seal.ts'
import { cancelSimulations } from './simulations.ts'

export type PortalStatus = 'active' | 'suspended' | 'uninstalled'

export interface PortalRow {
  readonly memberId: string
  /** Host as it is now; may change, `memberId` does not. */
  readonly domain: string
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  readonly status: PortalStatus
  /** Why it is not active: the code of the error or the way it ended. */
  readonly statusReason: string | null
  readonly scope: readonly string[]
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  readonly licenseFamily: string | null
  /** Version of the application that was set up last; null before the first set-up has ended. */
  readonly installedVersion: number | null
  readonly adminIds: readonly UserId[]
  readonly installedAt: Moment | null
  /** The portal regards the application as installed: only then it sends events and shows our pages, and only then work is done for it. */
  readonly finished: boolean
}

export interface TokenRow {
  readonly memberId: string
  readonly userId: number
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: Temporal.Instant
  readonly serverEndpoint: string
}

/** What is known of a portal after somebody of it was proved. */
export interface AdmittedPortal {
  readonly memberId: string
  readonly domain: string
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  readonly scope?: readonly string[]
  readonly language?: 'ru' | 'en'
  readonly timeZone?: string
  readonly licenseFamily?: string | null
  /** Does the portal regard the application as installed? Once it did it stays so until it is uninstalled. Taken for granted when left out. */
  readonly finished?: boolean
}

export interface Portals {
  findPortal(memberId: string): Promise<PortalRow | null>
  listPortals(status: PortalStatus): Promise<readonly PortalRow[]>
  /** Makes it (again) active at its proved address; the purge of an uninstalled one is called off. */
  admitPortal(portal: AdmittedPortal, now: Temporal.Instant): Promise<void>
  /** The portal has been renamed, or its address was seen again. */
  movePortal(memberId: string, to: { domain: string; clientEndpoint: string }): Promise<void>
  /** What its set-up found out. */
  describePortal(memberId: string, facts: Partial<Pick<PortalRow, 'scope' | 'language' | 'timeZone' | 'licenseFamily' | 'installedVersion' | 'adminIds'>>): Promise<void>

  /** The secret its events carry; null when unknown. */
  applicationToken(memberId: string): Promise<{ readonly applicationToken: string; readonly status: PortalStatus } | null>
  saveApplicationToken(memberId: string, applicationToken: string): Promise<void>

  /** Tokens that may be tried: administrators first, then the latest. Those told lost are left out, and those whose key is gone. */
  tokensOf(memberId: string): Promise<readonly TokenRow[]>
  findToken(memberId: string, userId: number): Promise<TokenRow | null>
  /** Resolves when it is written: the old pair is dead already. Brings back a lost one. Writes nothing for a portal that is gone or uninstalled. */
  saveToken(row: TokenRow & { readonly isAdmin?: boolean }): Promise<void>
  /** Unless the pair with the `refused` access token has been replaced meanwhile. */
  loseToken(memberId: string, userId: number, why: string, refused: string): Promise<void>
}

/** What is sealed under an older key is sealed anew when it is read. */
export const createPortals = (database: Database, sealer: Sealer, log: { warn(facts: object, message: string): void } | null = null): Portals => {
  const { db } = database
  const contextOf = (memberId: string, userId: number | string): string => `${memberId}/${userId}`

  const openToken = (row: SealedToken): TokenRow => ({
    memberId: row.member_id,
    userId: row.user_id,
    accessToken: sealer.open(row.access_token, contextOf(row.member_id, row.user_id)),
    refreshToken: sealer.open(row.refresh_token, contextOf(row.member_id, row.user_id)),
    expiresAt: Temporal.Instant.from(row.expires_at),
    serverEndpoint: row.server_endpoint,
  })

  const sealAnew = async (row: SealedToken, token: TokenRow): Promise<void> => {
    const context = contextOf(row.member_id, row.user_id)
    // Compared, so that a pair renewed meanwhile stays.
    await db.updateTable('portal_tokens').set({ access_token: sealer.seal(token.accessToken, context), refresh_token: sealer.seal(token.refreshToken, context) })
      .where('member_id', '=', row.member_id).where('user_id', '=', row.user_id).where('access_token', '=', row.access_token).where('refresh_token', '=', row.refresh_token).execute()
  }

  /** Null: sealed under a key that was removed, or damaged. */
  const readToken = async (row: SealedToken): Promise<TokenRow | null> => {
    let token: TokenRow
    try {
      token = openToken(row)
    }
    catch (cause) {
      if (!(cause instanceof SealError)) throw cause
      log?.warn({ memberId: row.member_id, userId: row.user_id, error: cause }, 'portal.token-unreadable')
      return null
    }
    if (sealer.isStale(row.access_token) || sealer.isStale(row.refresh_token)) await sealAnew(row, token)
    return token
  }

  return {
    findPortal: async memberId => toPortal(await db.selectFrom('portals').selectAll().where('member_id', '=', memberId).executeTakeFirst()),

    listPortals: async status => (await db.selectFrom('portals').selectAll().where('status', '=', status).orderBy('member_id').execute()).flatMap(row => toPortal(row) ?? []),

    admitPortal: (portal, now) => database.transaction(async (tx) => {
      const before = await tx.selectFrom('portals').select(['status', 'finished']).where('member_id', '=', portal.memberId).forUpdate().executeTakeFirst()
      const wasFinished = before !== undefined && before.status !== 'uninstalled' && before.finished
      const finished = wasFinished || (portal.finished ?? true)
      const known = {
        domain: portal.domain,
        client_endpoint: portal.clientEndpoint,
        server_endpoint: portal.serverEndpoint,
        status: 'active' as const,
        status_reason: null,
        finished,
        purge_at: null,
        ...(portal.scope === undefined ? {} : { scope: toJson(portal.scope) }),
        ...(portal.language === undefined ? {} : { language: portal.language }),
        ...(portal.timeZone === undefined ? {} : { time_zone: toText(portal.timeZone) }),
        ...(portal.licenseFamily === undefined ? {} : { license_family: toTextOrNull(portal.licenseFamily) }),
      }
      await tx.insertInto('portals')
        .values({ scope: '[]', language: 'ru', time_zone: 'Europe/Moscow', admin_ids: '[]', ...known, member_id: portal.memberId, status_at: now.toString(), installed_at: now.toString() })
        .onConflict(conflict => conflict.column('member_id').doUpdateSet({ ...known, status_at: now.toString() }))
        .execute()
      // Its set-up is under way, which is its first refresh.
      const refreshed = Temporal.Now.instant().toString()
      await tx.insertInto('portal_work').values({ member_id: portal.memberId, refresh_at: refreshed }).onConflict(conflict => conflict.column('member_id').doUpdateSet({ not_before: null, failures: 0, ...(finished && !wasFinished ? { sweep_at: null } : {}) })).execute()
    }),

    movePortal: async (memberId, { domain, clientEndpoint }) => {
      await db.updateTable('portals').set({ domain, client_endpoint: clientEndpoint }).where('member_id', '=', memberId).execute()
    },

    describePortal: async (memberId, facts) => {
      const set = {
        ...(facts.scope === undefined ? {} : { scope: toJson(facts.scope) }),
        ...(facts.language === undefined ? {} : { language: facts.language }),
        ...(facts.timeZone === undefined ? {} : { time_zone: toText(facts.timeZone) }),
        ...(facts.licenseFamily === undefined ? {} : { license_family: toTextOrNull(facts.licenseFamily) }),
        ...(facts.installedVersion === undefined ? {} : { installed_version: facts.installedVersion }),
        ...(facts.adminIds === undefined ? {} : { admin_ids: toJson(facts.adminIds) }),
      }
      if (Object.keys(set).length > 0) await db.updateTable('portals').set(set).where('member_id', '=', memberId).execute()
    },

    applicationToken: async (memberId) => {
      const row = await db.selectFrom('portals').select(['application_token', 'status']).where('member_id', '=', memberId).executeTakeFirst()
      if (row === undefined || row.application_token === null) return null
      const context = contextOf(memberId, 'events')
      let applicationToken: string
      try {
        applicationToken = sealer.open(row.application_token, context)
      }
      catch (cause) {
        if (!(cause instanceof SealError)) throw cause
        log?.warn({ memberId, error: cause }, 'portal.application-token-unreadable')
        return null
      }
      if (sealer.isStale(row.application_token)) {
        await db.updateTable('portals').set({ application_token: sealer.seal(applicationToken, context) }).where('member_id', '=', memberId).where('application_token', '=', row.application_token).execute()
      }
      return { applicationToken, status: row.status }
    },

    saveApplicationToken: async (memberId, applicationToken) => {
      await db.updateTable('portals').set({ application_token: sealer.seal(applicationToken, contextOf(memberId, 'events')) }).where('member_id', '=', memberId).execute()
    },

    tokensOf: async (memberId) => {
      const rows = await db.selectFrom('portal_tokens').selectAll().where('member_id', '=', memberId).where('failed', 'is', null)
        .orderBy('is_admin', 'desc').orderBy('refreshed_at', 'desc').execute()
      const tokens: TokenRow[] = []
      for (const row of rows) {
        const token = await readToken(row)
        if (token !== null) tokens.push(token)
      }
      return tokens
    },

    findToken: async (memberId, userId) => {
      const row = await db.selectFrom('portal_tokens').selectAll().where('member_id', '=', memberId).where('user_id', '=', userId).where('failed', 'is', null).executeTakeFirst()
      return row === undefined ? null : readToken(row)
    },

    saveToken: async ({ memberId, userId, accessToken, refreshToken, expiresAt, serverEndpoint, isAdmin }) => {
      const context = contextOf(memberId, userId)
      const pair = {
        access_token: sealer.seal(accessToken, context),
        refresh_token: sealer.seal(refreshToken, context),
        server_endpoint: serverEndpoint,
        expires_at: expiresAt.toString(),
        failed: null,
        refreshed_at: Temporal.Now.instant().toString(),
      }
      await database.transaction(async (tx) => {
        const status = await portalForWork(tx, memberId)
        if (status === null || status === 'uninstalled') return
        await tx.insertInto('portal_tokens').values({ ...pair, member_id: memberId, user_id: userId, is_admin: isAdmin ?? true })
          .onConflict(conflict => conflict.columns(['member_id', 'user_id']).doUpdateSet({ ...pair, ...(isAdmin === undefined ? {} : { is_admin: isAdmin }) }))
          .execute()
      })
    },

    loseToken: async (memberId, userId, why, refused) => {
      const row = await db.selectFrom('portal_tokens').selectAll().where('member_id', '=', memberId).where('user_id', '=', userId).executeTakeFirst()
      if (row === undefined || (await readToken(row))?.accessToken !== refused) return
      await db.updateTable('portal_tokens').set({ failed: why }).where('member_id', '=', memberId).where('user_id', '=', userId).where('refreshed_at', '=', row.refreshed_at).execute()
    },
  }
}

/** Stops all work for an active portal until somebody of it is admitted again; its rows are kept. */
export const suspendPortal = async (db: Queries, memberId: string, reason: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('portals').set({ status: 'suspended', status_reason: reason, status_at: now.toString() }).where('member_id', '=', memberId).where('status', '=', 'active').execute()
}

/** A suspended portal answers again. */
export const resumePortal = async (db: Queries, memberId: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('portals').set({ status: 'active', status_reason: null, status_at: now.toString() }).where('member_id', '=', memberId).where('status', '=', 'suspended').execute()
}

/** What handlers ask of a portal: may work be done, and how does it speak? Locked against its end until the transaction ends. */
export const portalForWork = async (tx: Queries, memberId: string): Promise<PortalStatus | null> =>
  (await tx.selectFrom('portals').select('status').where('member_id', '=', memberId).forShare().executeTakeFirst())?.status ?? null

/** Nothing more is done for the portal, and at `purgeAt` everything of it is deleted. Its tokens go at once. */
export const markUninstalled = async (db: Queries, memberId: string, now: Temporal.Instant, purgeAt: Temporal.Instant): Promise<void> => {
  await db.updateTable('portals').set({ status: 'uninstalled', status_reason: 'app-uninstalled', status_at: now.toString(), purge_at: purgeAt.toString() }).where('member_id', '=', memberId).execute()
  await db.deleteFrom('portal_tokens').where('member_id', '=', memberId).execute()
  await cancelSimulations(db, memberId, now)
}

/** Every table that holds something of a portal. */
export const tenantTables = ['portal_tokens', 'regulations', 'drafts', 'shadow_watches', 'previews', 'portal_directories', 'watches', 'incidents', 'inbox', 'outbox', 'journal', 'shares', 'acts', 'duplicate_searches', 'portal_facts', 'portal_work', 'simulation_pages', 'simulations', 'conversion_steps', 'conversions', 'budgets', 'rest_log', 'portals'] as const

/** Administrators whose tokens we hold: the only ones known to be administrators. */
export const adminsOf = async (db: Queries, memberId: string): Promise<readonly number[]> => {
  const rows = await db.selectFrom('portal_tokens').select('user_id').where('member_id', '=', memberId).where('is_admin', '=', true).orderBy('user_id').execute()
  return rows.map(row => row.user_id)
}

/** Deletes everything of a portal; to be called inside one transaction. Waits for whoever writes for it just now; who comes later finds no portal. */
export const purgePortal = async (tx: Queries, memberId: string): Promise<void> => {
  await tx.selectFrom('portals').select('member_id').where('member_id', '=', memberId).forUpdate().execute()
  for (const table of tenantTables) await tx.deleteFrom(table).where('member_id', '=', memberId).execute()
}

/** Deletes rows of portals that are not there any more: what came in after a purge. Answers how many it were. */
export const forgetStrays = async (db: Queries): Promise<number> => {
  let count = 0
  for (const table of tenantTables.filter(name => name !== 'portals')) {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} as stray where not exists (select from portals where portals.member_id = stray.member_id)`.execute(db)
    count += Number(numAffectedRows ?? 0)
  }
  return count
}

/** Uninstalled portals whose retention has ended. */
export const portalsToPurge = async (db: Queries, now: Temporal.Instant): Promise<readonly string[]> => {
  const rows = await db.selectFrom('portals').select('member_id').where('status', '=', 'uninstalled').where('purge_at', '<=', now.toString()).execute()
  return rows.map(row => row.member_id)
}

interface SealedToken {
  member_id: string
  user_id: number
  access_token: string
  refresh_token: string
  server_endpoint: string
  expires_at: Moment
}

interface StoredPortal {
  member_id: string
  domain: string
  client_endpoint: string
  server_endpoint: string
  status: PortalStatus
  status_reason: string | null
  scope: readonly string[]
  language: 'ru' | 'en'
  time_zone: string
  license_family: string | null
  installed_version: number | null
  admin_ids: readonly number[]
  installed_at: Moment | null
  finished: boolean
}

const toPortal = (row: StoredPortal | undefined): PortalRow | null => row === undefined
  ? null
  : {
      memberId: row.member_id,
      domain: row.domain,
      clientEndpoint: row.client_endpoint,
      serverEndpoint: row.server_endpoint,
      status: row.status,
      statusReason: row.status_reason,
      scope: row.scope,
      language: row.language,
      timeZone: row.time_zone,
      licenseFamily: row.license_family,
      installedVersion: row.installed_version,
      adminIds: row.admin_ids as readonly UserId[],
      installedAt: row.installed_at,
      finished: row.finished,
    }
