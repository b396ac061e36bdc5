/**
 * Tokens of the background work: several administrators of one portal, tried in turn; each pair is renewed once,
 * whoever and how many processes notice that it has expired (settings/oauth/auto-renewal.md).
 */
import { Temporal } from 'temporal-polyfill'
import type { AuthServer } from './auth-server.ts'
import { PortalError } from './error.ts'
import type { Locks, Log, PortalStore, TokenRow, WallClock } from './ports.ts'
import { withRepeats } from './transport.ts'

export interface Bearer {
  readonly userId: number
  readonly accessToken: string
}

export interface Tokens {
  /** A token to try now; renews one that is known to be over. Rejects with `auth-lost` when no administrator is left. */
  bearerOf(memberId: string): Promise<Bearer>
  /** The portal said this token has expired: the pair that took its place. */
  renewed(memberId: string, stale: Bearer): Promise<Bearer>
  /** The portal no longer accepts this person (dismissed, no access to the application): never try him again. */
  lose(memberId: string, bearer: Bearer, why: string): Promise<void>
  /** Renews a pair that would die unused. */
  keepAlive(memberId: string, bearer: Bearer): Promise<void>
}

export const createTokens = ({ store, locks, authServer, clock, log }: { store: PortalStore; locks: Locks; authServer: AuthServer; clock: WallClock; log: Log }): Tokens => {
  const lose = async (memberId: string, userId: number, why: string) => {
    log.warn({ memberId, userId, why }, 'portal.token-lost')
    await store.loseToken(memberId, userId, why)
  }

  /**
   * One renewal at a time over all processes. The row is read again under the lock: who waited finds the new pair and
   * uses it. The new pair is stored before it is used, for the old one is dead by then.
   */
  const renew = (memberId: string, userId: number, staleToken: string): Promise<TokenRow> =>
    locks.withLock(`token:${memberId}:${userId}`, async () => {
      const row = await store.findToken(memberId, userId)
      if (row === null) throw new PortalError({ code: 'auth-lost', method: 'oauth/token' })
      if (row.accessToken !== staleToken) return row
      const renewal = await withRepeats({ attempts: 3, delayMs: 500 }, () => authServer.renew(row.serverEndpoint, row.refreshToken))
      if (renewal.memberId !== memberId || renewal.userId !== userId)
        throw new PortalError({ code: 'auth-lost', method: 'oauth/token', bitrixMessage: 'the new tokens belong to someone else' })
      const { accessToken, refreshToken, expiresAt } = renewal
      const fresh: TokenRow = { ...row, accessToken, refreshToken, expiresAt }
      await withStoring(() => store.saveToken(fresh))
      log.info({ memberId, userId }, 'portal.token-renewed')
      return fresh
    })

  const renewOrLose = async (memberId: string, row: { userId: number; accessToken: string }): Promise<Bearer | null> => {
    try {
      return await renew(memberId, row.userId, row.accessToken)
    } catch (error) {
      if (!(error instanceof PortalError) || error.code !== 'auth-lost') throw error
      await lose(memberId, row.userId, error.bitrixCode || 'auth-lost')
      return null
    }
  }

  const bearerOf = async (memberId: string): Promise<Bearer> => {
    for (const row of await store.tokensOf(memberId)) {
      if (Temporal.Instant.compare(row.expiresAt, clock.now()) > 0) return row
      const bearer = await renewOrLose(memberId, row)
      if (bearer !== null) return bearer
    }
    throw new PortalError({ code: 'auth-lost', method: 'oauth/token', bitrixMessage: 'no administrator with valid tokens' })
  }

  return {
    bearerOf,
    renewed: async (memberId, stale) => await renewOrLose(memberId, stale) ?? bearerOf(memberId),
    lose: (memberId, { userId }, why) => lose(memberId, userId, why),
    keepAlive: async (memberId, bearer) => {
      await renewOrLose(memberId, bearer)
    },
  }
}

/** A rotated pair that cannot be stored is lost for ever, so a hiccup of the database is waited out. */
const withStoring = async (save: () => Promise<void>) => {
  try {
    await save()
  } catch {
    await new Promise(resolve => setTimeout(resolve, 250))
    await save()
  }
}
