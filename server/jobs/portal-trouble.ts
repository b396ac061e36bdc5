/** What a failure of the portal means for the work on it. */
import { randomInt } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { LockLost } from '../store/locks.ts'
import { pauseOf, pausePortal } from '../store/portal-work.ts'
import { suspendPortal } from '../store/portals.ts'
import type { Room } from './ports.ts'

/** Codes after which nothing works until a person has acted on the portal. */
const endings: ReadonlySet<PortalErrorCode> = new Set(['auth-lost', 'payment-required', 'app-uninstalled', 'portal-deleted'])
/** Codes after which a pause of a second would only make it worse. */
const slow: ReadonlySet<PortalErrorCode> = new Set(['overloaded', 'access-denied', 'invalid', 'not-found', 'unexpected'])

export const endsWork = (code: PortalErrorCode): boolean => endings.has(code)

/** Stops or pauses the work for a portal after a request that failed as a whole; whatever waits for it is kept. */
export const pauseAfterTrouble = async (room: Room, memberId: string, hop: string, cause: unknown): Promise<void> => {
  if (cause instanceof LockLost) {
    // The portal has done nothing: whoever takes the lock next goes on.
    room.log.warn({ memberId, hop }, 'lock.lost')
    return
  }
  if (cause instanceof PortalError && endsWork(cause.code)) {
    await suspend(room, memberId, cause.code)
    return
  }
  const { failures } = await pauseOf(room.database.db, memberId)
  const code = cause instanceof PortalError ? cause.code : null
  const retryAt = cause instanceof PortalError ? cause.retryAt : null
  const pauseMs = pauseAfter(room, failures + (code !== null && slow.has(code) ? 5 : 0))
  const until = laterOf(Temporal.Now.instant().add({ milliseconds: pauseMs }), retryAt)
  await pausePortal(room.database.db, memberId, until)
  room.log[code === null || code === 'unexpected' ? 'error' : 'warn']({ memberId, hop, code, failures: failures + 1, until: until.toString(), error: cause }, 'portal.paused')
}

/** Work begins again when somebody of the portal opens the application. */
export const suspend = async (room: Room, memberId: string, reason: PortalErrorCode): Promise<void> => {
  await suspendPortal(room.database.db, memberId, reason, room.clock.now())
  room.log.warn({ memberId, reason }, 'portal.suspended')
}

/** Milliseconds to wait after so many failures: doubling, bounded, never the same for all. */
export const pauseAfter = (room: Room, failures: number): number => {
  const full = Math.min(room.timing.longestPauseMs, room.timing.pauseMs * 2 ** Math.min(failures, 16))
  return Math.round(full * (0.75 + spread() * 0.5))
}

const spread = (): number => randomInt(1_000_000) / 1_000_000

const laterOf = (a: Temporal.Instant, b: Temporal.Instant | null): Temporal.Instant =>
  b !== null && Temporal.Instant.compare(a, b) < 0 ? b : a
