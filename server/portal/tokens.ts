/**
 * Tokens of the background work: several administrators of one portal, tried in turn; each pair is renewed once,
 * whoever and how many processes notice that it has expired (settings/oauth/auto-renewal.md).
 */
import { Temporal } from 'temporal-polyfill'
import type { AuthServer } from './auth-server.ts'
import { PortalError, retell } from './error.ts'
import type { Locks, Log, PortalStore, TokenRow, WallClock } from './ports.ts'
import { withRepeats } from './transport.ts'
import { createUnstoredTokens, tokenLock } from './unstored-tokens.ts'

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
  /** The portal's REST root as the authorisation server knows it now. Rejects with `unavailable` when it cannot be learnt. */
  endpointOf(memberId: string): Promise<string>
  /** Renews a pair that would die unused. */
  keepAlive(memberId: string, bearer: Bearer): Promise<void>
  /** Stores what is not stored yet, once. */
  close(): Promise<void>
}

/**
 * Answers to a renewal that are about this person (settings/oauth/error-codes.md); no code of Bitrix24's is our own finding.
 * Everything else (invalid_client: our secret; errors nobody knows) keeps the pair for a later attempt.
 */
const losing: ReadonlySet<string> = new Set(['INVALID_GRANT', 'USER_ACCESS_ERROR', ''])

export interface TokensDeps {
  readonly store: PortalStore
  readonly locks: Locks
  readonly authServer: AuthServer
  readonly clock: WallClock
  readonly log: Log
  /** After which storing a pair that could not be stored is tried again for the first time. */
  readonly storeAgainMs?: number
  /** Such a pair has been stored after all. */
  readonly storedLate?: (memberId: string) => void
}

export const createTokens = ({ store, locks, authServer, clock, log, storeAgainMs = 1_000, storedLate }: TokensDeps): Tokens => {
  const unstored = createUnstoredTokens({ store, locks, log, firstPauseMs: storeAgainMs, ...(storedLate === undefined ? {} : { storedLate }) })
  const renewals = new Map<string, Promise<TokenRow>>()

  const lose = async (memberId: string, { userId, accessToken }: Bearer, why: string) => {
    log.warn({ memberId, userId, why }, 'portal.token-lost')
    await store.loseToken(memberId, userId, why, unstored.drop(memberId, userId, accessToken) ?? accessToken)
  }

  /**
   * One renewal at a time over all processes. The row is read again under the lock: who waited finds the new pair and
   * uses it. The new pair is stored before it is used, for the old one is dead by then. Who asks while the same renewal
   * is under way gets its outcome, the failure too.
   */
  const renew = (memberId: string, userId: number, staleToken: string): Promise<TokenRow> => {
    const key = `${memberId} ${userId} ${staleToken}`
    const running = renewals.get(key)
    if (running !== undefined) return running
    const started = locks.withLock(tokenLock(memberId, userId), async () => {
      const row = await findToken(memberId, userId)
      if (row === null) throw new PortalError({ code: 'auth-lost', method: 'oauth/token' })
      return row.accessToken === staleToken ? (await exchange(row)).fresh : row
    }).finally(() => renewals.delete(key))
    renewals.set(key, started)
    return started
  }

  const findToken = async (memberId: string, userId: number): Promise<TokenRow | null> => {
    const row = await store.findToken(memberId, userId)
    return row === null ? null : unstored.newest(row)
  }

  const exchange = async (row: TokenRow): Promise<{ fresh: TokenRow; clientEndpoint: string }> => {
    const { memberId, userId } = row
    const renewal = await withRepeats({ attempts: 3, delayMs: 500 }, () => authServer.renew(row.serverEndpoint, row.refreshToken))
    if (renewal.memberId !== memberId || renewal.userId !== userId)
      throw new PortalError({ code: 'auth-lost', method: 'oauth/token', bitrixMessage: 'the new tokens belong to someone else' })
    const { accessToken, refreshToken, expiresAt, clientEndpoint } = renewal
    const fresh: TokenRow = { ...row, accessToken, refreshToken, expiresAt }
    await unstored.store(fresh, row.accessToken)
    log.info({ memberId, userId }, 'portal.token-renewed')
    return { fresh, clientEndpoint }
  }

  /** Only a renewal is documented to name the portal's address; its new pair is stored like any other. */
  const addressBy = (memberId: string, userId: number): Promise<string | null> =>
    locks.withLock(tokenLock(memberId, userId), async () => {
      const row = await findToken(memberId, userId)
      if (row === null) return null
      const facts = await orNull(() => authServer.tokenFacts(row.serverEndpoint, row.accessToken))
      if (facts !== null && facts.memberId === memberId && facts.clientEndpoint !== null) return facts.clientEndpoint
      return (await orNull(() => exchange(row)))?.clientEndpoint ?? null
    })

  const renewOrLose = async (memberId: string, row: Bearer): Promise<Bearer | null> => {
    try {
      return await renew(memberId, row.userId, row.accessToken)
    } catch (error) {
      if (!(error instanceof PortalError)) throw error
      if (error.code !== 'auth-lost' || !losing.has(error.bitrixCode.toUpperCase())) {
        if (error.bitrixCode !== '') log.error({ memberId, userId: row.userId, code: error.code, bitrixCode: error.bitrixCode, words: error.bitrixMessage }, 'portal.renewal-refused')
        throw error.code === 'auth-lost' ? retell(error, error.method, 'unavailable') : error
      }
      await lose(memberId, row, error.bitrixCode || 'auth-lost')
      return null
    }
  }

  const bearerOf = async (memberId: string): Promise<Bearer> => {
    for (const stored of await store.tokensOf(memberId)) {
      const row = unstored.newest(stored)
      if (Temporal.Instant.compare(row.expiresAt, clock.now()) > 0) return row
      const bearer = await renewOrLose(memberId, row)
      if (bearer !== null) return bearer
    }
    throw new PortalError({ code: 'auth-lost', method: 'oauth/token', bitrixMessage: 'no administrator with valid tokens' })
  }

  return {
    bearerOf,
    renewed: async (memberId, stale) => await renewOrLose(memberId, stale) ?? bearerOf(memberId),
    endpointOf: async (memberId) => {
      for (const { userId } of await store.tokensOf(memberId)) {
        const endpoint = await addressBy(memberId, userId)
        if (endpoint !== null) return endpoint
      }
      throw new PortalError({ code: 'unavailable', method: 'oauth/token', bitrixMessage: 'nobody tells the address of this portal' })
    },
    lose,
    keepAlive: async (memberId, bearer) => {
      await renewOrLose(memberId, bearer)
    },
    close: () => unstored.close(),
  }
}

const orNull = async <T>(ask: () => Promise<T>): Promise<T | null> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof PortalError) return null
    throw error
  }
}
