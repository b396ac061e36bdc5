/**
 * How fast one portal may be asked.
 *
 * Rate (limits.md): a bucket per portal and per address of ours leaks 2 requests a second and holds 50 (Enterprise:
 * 5 and 250). The bucket row is shared by all processes through `BudgetStore`. People's clicks may use the whole bucket,
 * background work half of it: after its first burst the background therefore runs at the leak rate while nobody clicks,
 * and stands still as long as clicks fill the upper half. Nothing has to be slowed for good to keep the clicks quick.
 * Background work for which a person waits, because it holds what his click needs, goes on out of people's half.
 *
 * Operating time (limits.md): seconds of one method in ten minutes; every answer tells the sum for the whole application,
 * so this memory may live in one process. The limit itself is not published; background slows down early and stops
 * well before the 420 s that self-hosted portals use.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { PortalError } from './error.ts'
import type { BucketLimits, BudgetStore, WallClock } from './ports.ts'
import type { AnswerTime } from './transport.ts'

export interface Budget {
  /** Waits until one request may be sent. Rejects with `rate-limited` when that would take longer than `patienceMs`. `wanted`: does a person wait for this work by now? */
  admit(memberId: string, ask: { methods: readonly string[]; licenseFamily: string | null; urgent: boolean; wanted?: (() => Promise<boolean>) | undefined; patienceMs?: number }): Promise<void>
  /** When a method that has used up its operating time may be called again; null when it may be called now. */
  blockedUntil(memberId: string, method: string, urgent: boolean): Temporal.Instant | null
  /** What an answer says of a method. */
  note(memberId: string, method: string, time: AnswerTime): void
  /** The portal itself has refused for rate. */
  noteRefused(memberId: string, licenseFamily: string | null): Promise<void>
  /** When a method blocked by OPERATION_TIME_LIMIT may be tried again. */
  resetOf(memberId: string, method: string): Temporal.Instant
  /** From now on nobody waits: whoever would have to is refused as `rate-limited`. */
  endWaiting(): void
}

const slowFromSeconds = 200
const stopAtSeconds = 300
const urgentStopAtSeconds = 400
const longestPauseMs = 5_000
const wantedEveryMs = 250
const forgetMs = 10 * 60_000

/** Two requests are kept back: the portal's bucket empties in whole seconds, ours steadily. */
export const limitsOf = (licenseFamily: string | null, urgent: boolean): BucketLimits => {
  const { rate, burst } = licenseFamily === 'ent' ? { rate: 5, burst: 248 } : { rate: 2, burst: 48 }
  return { rate, burst, reserve: urgent ? 0 : burst / 2 }
}

export const createBudget = ({ store, clock, pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined) }: { store: BudgetStore; clock: WallClock; pause?: (ms: number, signal: AbortSignal) => Promise<unknown> }): Budget => {
  const ending = new AbortController()
  const operating = new Map<string, { seconds: number; resetAt: Temporal.Instant }>()
  const keyOf = (memberId: string, method: string) => `${memberId} ${method}`
  const secondsOf = (memberId: string, method: string) => {
    const key = keyOf(memberId, method)
    const known = operating.get(key)
    if (known === undefined) return 0
    if (Temporal.Instant.compare(known.resetAt, clock.now()) > 0) return known.seconds
    operating.delete(key)
    return 0
  }
  const resetOf = (memberId: string, method: string) => operating.get(keyOf(memberId, method))?.resetAt ?? clock.now().add({ minutes: 1 })

  const wait = async (ms: number, tooLate: () => PortalError) => {
    await pause(ms, ending.signal)
    if (ending.signal.aborted) throw tooLate()
  }

  return {
    admit: async (memberId, { methods, licenseFamily, urgent, wanted, patienceMs = urgent ? 20_000 : 10 * 60_000 }) => {
      const tooLate = () => new PortalError({ code: 'rate-limited', method: methods[0] ?? 'batch' })
      for (const method of new Set(methods)) {
        const seconds = secondsOf(memberId, method)
        if (!urgent && seconds > slowFromSeconds)
          await wait(longestPauseMs * Math.min(1, (seconds - slowFromSeconds) / (stopAtSeconds - slowFromSeconds)), tooLate)
      }
      let isUrgent = urgent
      let waited = 0
      for (;;) {
        const waitMs = await store.take(memberId, limitsOf(licenseFamily, isUrgent))
        if (waitMs <= 0) return
        if (waited + waitMs > patienceMs) throw tooLate()
        const pieceMs = isUrgent || wanted === undefined ? waitMs : Math.min(waitMs, wantedEveryMs)
        await wait(pieceMs, tooLate)
        waited += pieceMs
        if (!isUrgent && wanted !== undefined) isUrgent = await wanted()
      }
    },
    blockedUntil: (memberId, method, urgent) =>
      secondsOf(memberId, method) >= (urgent ? urgentStopAtSeconds : stopAtSeconds) ? resetOf(memberId, method) : null,
    note: (memberId, method, { operating: seconds, operatingResetAt }) => {
      const key = keyOf(memberId, method)
      if (seconds < slowFromSeconds / 2) operating.delete(key)
      else operating.set(key, { seconds, resetAt: operatingResetAt ?? clock.now().add({ milliseconds: forgetMs }) })
    },
    noteRefused: async (memberId, licenseFamily) => {
      await store.fill?.(memberId, limitsOf(licenseFamily, true))
    },
    resetOf,
    endWaiting: () => { ending.abort() },
  }
}

export interface Bucket {
  readonly level: number
  readonly atMs: number
}

/** The leaky bucket as a function: counts one request if it fits, else says how long to wait. */
export const leak = (bucket: Bucket, { rate, burst, reserve }: BucketLimits, nowMs: number): { bucket: Bucket; waitMs: number } => {
  const level = Math.max(0, bucket.level - Math.max(0, nowMs - bucket.atMs) / 1000 * rate)
  const over = level + 1 - (burst - reserve)
  if (over > 0) return { bucket: { level, atMs: nowMs }, waitMs: Math.ceil(over / rate * 1000) }
  return { bucket: { level: level + 1, atMs: nowMs }, waitMs: 0 }
}

/** A bucket store of one process: for embedded use and tests. */
export const createMemoryBudgetStore = (nowMs: () => number): BudgetStore => {
  const buckets = new Map<string, Bucket>()
  return {
    take: (memberId, limits) => {
      const { bucket, waitMs } = leak(buckets.get(memberId) ?? { level: 0, atMs: nowMs() }, limits, nowMs())
      buckets.set(memberId, bucket)
      return Promise.resolve(waitMs)
    },
    fill: (memberId, { burst }) => {
      buckets.set(memberId, { level: burst, atMs: nowMs() })
      return Promise.resolve()
    },
  }
}
