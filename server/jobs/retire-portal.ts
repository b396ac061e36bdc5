/** The end of a portal, and of everything else that is kept for a time only. */
import { Temporal } from 'temporal-polyfill'
import { addAct, forgetActs } from '../store/acts.ts'
import { forgetDuplicateSearches } from '../store/duplicate-searches.ts'
import { forgetJournal } from '../store/journal.ts'
import { forgetConversions, forgetHeld, thinConversions } from '../store/old-conversions.ts'
import { forgetOutbox } from '../store/outbox.ts'
import { LockTimeout } from '../store/locks.ts'
import { forgetPreviews } from '../store/previews.ts'
import { forgetStrays, markUninstalled, portalsToPurge, purgePortal } from '../store/portals.ts'
import { forgetRestLog } from '../store/rest-log.ts'
import { forgetSimulations } from '../store/simulations.ts'
import type { Room } from './ports.ts'
import { portalLock } from './serve-portal.ts'

/** `clean`: everything of the portal goes now, in one transaction. Else it is disabled, and everything goes after the retention time. */
export const retirePortal = async (room: Room, memberId: string, { clean }: { readonly clean: boolean }): Promise<void> => {
  const now = Temporal.Now.instant()
  await betweenWork(room, memberId, () => room.database.transaction(tx => clean
    ? purgePortal(tx, memberId)
    : markUninstalled(tx, memberId, now, now.add({ milliseconds: room.timing.keepUninstalledMs }))))
  room.log.info({ memberId, clean }, 'portal.retired')
}

/** Under the portal's lock. Work that holds it for too long finds the portal gone when it comes to record something. */
const betweenWork = async (room: Room, memberId: string, run: () => Promise<void>): Promise<void> => {
  try {
    await room.database.locks.withLock(portalLock(memberId), run, { waitMs: room.timing.clickMs, urgent: true })
  }
  catch (cause) {
    if (!(cause instanceof LockTimeout)) throw cause
    await run()
  }
}

/** A conversion that waits for a person so long is not waited for any more: the lead may have been deleted meanwhile. */
const heldDays = 30

/** For the longest waiting one, if it is one of those. Whoever has begun it is told, and the rules take a conversion after it for nobody's own. False: there is none. */
const giveUpWaiting = async (room: Room): Promise<boolean> => {
  const at = room.clock.now()
  const gone = await room.database.transaction(async (tx) => {
    const forgotten = await forgetHeld(tx, at.subtract({ hours: 24 * heldDays }))
    if (forgotten === null) return null
    const { memberId, id, leadId, byUserId } = forgotten
    await addAct(tx, memberId, leadId, { kind: 'conversion-undone', conversionId: id, at, byUserId, end: { ended: 'taken-back', why: 'not-waited-for', words: null, left: null, tellUserId: byUserId } }, `conversion-undone ${id}`)
    return forgotten
  })
  if (gone === null) return false
  room.wake(gone.memberId)
  room.log.info({ memberId: gone.memberId, leadId: gone.leadId, conversion: gone.id }, 'conversion.not-waited-for')
  return true
}

/** In one transaction, each with its steps. */
const thinnedAtOnce = 20

/** Deletes what has been kept long enough. Real time: laws do not follow a demo's clock. */
export const forgetOld = async (room: Room): Promise<void> => {
  const now = Temporal.Now.instant()
  const { db } = room.database
  for (const memberId of await portalsToPurge(db, now)) {
    await betweenWork(room, memberId, () => room.database.transaction(tx => purgePortal(tx, memberId)))
    room.log.info({ memberId }, 'portal.purged')
  }
  await forgetStrays(db)
  await forgetSimulations(db, now.subtract({ milliseconds: room.timing.keepSimulationsMs }))
  // Watches and previews bear the moments of the room's clock.
  const found = room.clock.now().subtract({ milliseconds: room.timing.keepFindsMs })
  await forgetPreviews(db, found)
  await inPages(limit => forgetDuplicateSearches(db, found, limit))
  await inPages(limit => forgetRestLog(db, now.subtract({ milliseconds: room.timing.keepRestLogMs }), limit))
  const before = now.subtract({ milliseconds: room.timing.keepJournalMs })
  await inPages(limit => forgetJournal(db, before, limit))
  await inPages(limit => forgetOutbox(db, before, limit))
  await inPages(limit => forgetActs(db, before, limit))
  await inPages(limit => forgetConversions(db, before, limit))
  // Conversions bear the moments of the room's clock.
  while (await giveUpWaiting(room));
  while (await room.database.transaction(tx => thinConversions(tx, room.clock.now(), thinnedAtOnce)) === thinnedAtOnce);
}

const inPages = async (forget: (limit: number) => Promise<number>): Promise<void> => {
  const page = 5_000
  while (await forget(page) === page);
}
