/**
 * Renewed pairs that the store could not take: the old pair is dead, so this memory is all there is of the new one until
 * the store answers again.
 */
import { setTimeout as setTimeoutAsync } from 'node:timers/promises'
import type { Locks, Log, PortalStore, TokenRow } from './ports.ts'

export interface UnstoredTokens {
  /** Stores the new pair, waiting a hiccup out; otherwise keeps it and goes on trying. `stale` is the access token it replaces. Under the token's lock only. */
  store(fresh: TokenRow, stale: string): Promise<void>
  /** The pair that is waiting in the place of this stored one, else the stored one. */
  newest(row: TokenRow): TokenRow
  /** The access token that the store has in the place of this one; null when this one is not waiting. Forgets it. */
  drop(memberId: string, userId: number, accessToken: string): string | null
  /** Tries no more after one last try to store what is waiting, which may take a few seconds. */
  close(): Promise<void>
}

interface Unstored {
  readonly fresh: TokenRow
  readonly stale: string
}

/** Beyond that the oldest are given up: their people have to open the application again. */
const mostKept = 1_000
const hiccupMs = 250
/** Until it is stored another process finds the old pair dead, so a store that is back must not be kept waiting. */
const longestPauseMs = 5_000
const closingMs = 5_000

/** Name of the lock under which one person's pair is renewed and stored. */
export const tokenLock = (memberId: string, userId: number): string => `token:${memberId}:${userId}`

export const createUnstoredTokens = ({ store, locks, log, firstPauseMs = 1_000, storedLate }: { store: Pick<PortalStore, 'findToken' | 'saveToken'>; locks: Locks; log: Log; firstPauseMs?: number; storedLate?: (memberId: string) => void }): UnstoredTokens => {
  const kept = new Map<string, Unstored>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let pauseMs = firstPauseMs
  let isClosed = false
  const keyOf = ({ memberId, userId }: { memberId: string; userId: number }) => `${memberId} ${userId}`

  const keep = (fresh: TokenRow, stale: string, error: unknown) => {
    const key = keyOf(fresh)
    // The store still has what the first of several unstored pairs replaced.
    const first = kept.get(key)
    kept.delete(key)
    kept.set(key, { fresh, stale: first?.stale ?? stale })
    const { memberId, userId } = fresh
    log.error({ memberId, userId, kept: kept.size, error }, 'portal.token-unstored')
    if (kept.size > mostKept) {
      const [oldest] = kept
      if (oldest !== undefined) {
        kept.delete(oldest[0])
        log.error({ memberId: oldest[1].fresh.memberId, userId: oldest[1].fresh.userId }, 'portal.token-given-up')
      }
    }
    tryLater()
  }

  const tryLater = () => {
    if (isClosed || timer !== null || kept.size === 0) return
    timer = setTimeout(() => {
      timer = null
      void storeAll()
    }, pauseMs).unref()
  }

  const storeAll = async () => {
    let failed = false
    for (const { fresh } of [...kept.values()]) {
      try {
        await locks.withLock(tokenLock(fresh.memberId, fresh.userId), () => storeKept(keyOf(fresh)))
      } catch {
        // Told when the pair was kept. Others may be stored all the same.
        failed = true
      }
    }
    pauseMs = failed ? Math.min(longestPauseMs, pauseMs * 2) : firstPauseMs
    tryLater()
  }

  const storeKept = async (key: string) => {
    const waiting = kept.get(key)
    if (waiting === undefined) return
    const { memberId, userId } = waiting.fresh
    const row = await store.findToken(memberId, userId)
    // Another process may have found the old pair dead and given the person up: saving brings him back. A newer pair stays.
    if (row === null || row.accessToken === waiting.stale) {
      await store.saveToken(waiting.fresh)
      log.info({ memberId, userId }, 'portal.token-stored-late')
      if (!isClosed) storedLate?.(memberId)
    }
    if (kept.get(key) === waiting) kept.delete(key)
  }

  return {
    store: async (fresh, stale) => {
      try {
        await save(store, fresh)
        kept.delete(keyOf(fresh))
      } catch (error) {
        keep(fresh, stale, error)
      }
    },
    newest: (row) => {
      const waiting = kept.get(keyOf(row))
      return waiting?.stale === row.accessToken ? waiting.fresh : row
    },
    drop: (memberId, userId, accessToken) => {
      const key = keyOf({ memberId, userId })
      const waiting = kept.get(key)
      if (waiting?.fresh.accessToken !== accessToken) return null
      kept.delete(key)
      return waiting.stale
    },
    close: async () => {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      if (kept.size === 0) return
      const bound = new AbortController()
      await Promise.race([storeAll(), setTimeoutAsync(closingMs, undefined, { signal: bound.signal }).catch(() => undefined)])
      bound.abort()
      for (const { fresh: { memberId, userId } } of kept.values()) log.error({ memberId, userId }, 'portal.token-given-up')
    },
  }
}

const save = async (store: Pick<PortalStore, 'saveToken'>, fresh: TokenRow) => {
  try {
    await store.saveToken(fresh)
  } catch {
    await new Promise(resolve => setTimeout(resolve, hiccupMs))
    await store.saveToken(fresh)
  }
}
