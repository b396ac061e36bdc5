/** Hops 3 to 7 for one portal, under its lock: looks and calls in turn, so that an early lead's task does not wait for a late lead's look. */
import { Temporal } from 'temporal-polyfill'
import type { LeadId } from '../domain/lead.ts'
import { addToInbox, nextFromInbox } from '../store/inbox.ts'
import { LockLost, LockTimeout } from '../store/locks.ts'
import { clearPause, pauseOf } from '../store/portal-work.ts'
import { isAtWork } from '../store/at-work.ts'
import { carryOut } from './carry-out.ts'
import { pauseAfterTrouble } from './portal-trouble.ts'
import { reviewLead, reviewPortal } from './review-portal.ts'
import type { PortalAccess, Room, Urgency } from './ports.ts'

/** One look at fifty leads gives about one attempt's worth of commands; the second one is for what has been left over. */
const attemptsPerLook = 2

/** Name of the lock that whoever works for a portal holds: reviews, calls and clicks exclude each other. */
export const portalLock = (memberId: string): string => `portal:${memberId}`

/** Works for a portal until nothing is due, its turn is over, or it has to pause. Running it twice does the work once. */
export const servePortal = async (room: Room, memberId: string, signal: AbortSignal): Promise<void> => {
  const until = performance.now() + room.timing.turnMs
  const isOver = (): boolean => signal.aborted || performance.now() > until
  const portals = withUrgency(room.portals, { wanted: () => room.database.locks.wanted(portalLock(memberId)) })
  while (!isOver()) {
    const left = await underLock(room, memberId, held => workOnce({ ...room, held, portals }, memberId, isOver))
    if (left !== 'interrupted') return
    // Somebody clicked: he gets the lock now.
    await new Promise(resolve => setTimeout(resolve, 120))
  }
}

const underLock = async <T>(room: Room, memberId: string, run: (held: AbortSignal) => Promise<T>): Promise<T | null> => {
  try {
    return await room.database.locks.withLock(portalLock(memberId), run, { waitMs: room.timing.clickMs })
  }
  catch (cause) {
    if (cause instanceof LockTimeout) return null
    throw cause
  }
}

const workOnce = async (room: Room, memberId: string, isOver: () => boolean): Promise<'nothing-left' | 'interrupted'> => {
  try {
    while (!isOver()) {
      if (!await mayWork(room, memberId)) return 'nothing-left'
      const looked = await reviewPortal(room, memberId)
      let tried = 0
      for (let count = 0; count < attemptsPerLook && !isOver(); count++) {
        const commands = await carryOut(room, memberId)
        tried += commands
        if (commands === 0 || await room.database.locks.wanted(portalLock(memberId)) || await isInHurry(room, memberId)) break
      }
      if (looked + tried === 0) return 'nothing-left'
      await clearPause(room.database.db, memberId)
      if (await room.database.locks.wanted(portalLock(memberId))) return 'interrupted'
    }
  }
  catch (cause) {
    await pauseAfterTrouble(room, memberId, 'serve-portal', cause)
  }
  return 'nothing-left'
}

/** Does a person wait for a look? It goes before what is left in the outbox. */
const isInHurry = async (room: Room, memberId: string): Promise<boolean> =>
  (await nextFromInbox(room.database.db, memberId, ['lead', 'activity', 'task'], Temporal.Now.instant(), 1)).some(row => row.urgent)

/** Paused, suspended and unfinished portals keep their rows. */
const mayWork = async (room: Room, memberId: string): Promise<boolean> => {
  if (!await isAtWork(room.database.db, memberId)) return false
  const { notBefore } = await pauseOf(room.database.db, memberId)
  return notBefore === null || Temporal.Instant.compare(Temporal.Instant.from(notBefore), Temporal.Now.instant()) <= 0
}

/**
 * Looks at one lead and carries out what follows, now: for a person who has clicked and waits. When the portal is busy for longer
 * than a click may wait, the lead stays in the inbox as urgent. Throws `PortalError` when the lead cannot be read; what was decided is carried out later if it cannot be now.
 */
export const reviewNow = async (room: Room, memberId: string, leadId: LeadId): Promise<void> => {
  await room.database.transaction(tx => addToInbox(tx, [{ memberId, kind: 'lead', id: leadId, urgent: true }]))
  const clicked = { ...room, portals: withUrgency(room.portals, { urgent: true }) }
  try {
    await room.database.locks.withLock(portalLock(memberId), async (held) => {
      if (!await isAtWork(room.database.db, memberId)) return
      await reviewLead({ ...clicked, held }, memberId, leadId)
      await carryOut({ ...clicked, held }, memberId, leadId).catch((cause: unknown) => pauseAfterTrouble(room, memberId, 'click', cause))
    }, { waitMs: room.timing.clickMs, urgent: true })
  }
  catch (cause) {
    if (!(cause instanceof LockTimeout || cause instanceof LockLost)) throw cause
    room.log.warn({ memberId, leadId }, 'click.left-to-the-queue')
  }
  finally {
    room.wake(memberId)
  }
}

const withUrgency = (portals: PortalAccess, urgency: Urgency): PortalAccess => ({
  ...portals,
  readSights: (memberId, ids, fields, needs) => portals.readSights(memberId, ids, fields, needs, urgency),
  leadsOf: (memberId, subjects) => portals.leadsOf(memberId, subjects, urgency),
  deletedOf: (memberId, subjects) => portals.deletedOf(memberId, subjects, urgency),
  readFacts: (memberId, watched) => portals.readFacts(memberId, watched, urgency),
  carryOut: (memberId, items, words, hold) => portals.carryOut(memberId, items, words, { ...hold, ...urgency }),
})
