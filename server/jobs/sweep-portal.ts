/** Events get lost: every few minutes the portal is asked what has changed. */
import { addToInbox } from '../store/inbox.ts'
import { saveSweepMark, sweepMarkOf } from '../store/portal-work.ts'
import { portalForWork } from '../store/portals.ts'
import type { Room } from './ports.ts'

/** Puts what has changed since the last sweep into the inbox, together with the new mark; when there is more, the next sweep begins soon. Throws `PortalError`. */
export const sweepPortal = async (room: Room, memberId: string): Promise<void> => {
  const startedAt = performance.now()
  if (await portalForWork(room.database.db, memberId) !== 'active') return
  const { subjects, mark, more = false } = await room.portals.changedSince(memberId, await sweepMarkOf(room.database.db, memberId))
  await room.database.transaction(async (tx) => {
    if (await portalForWork(tx, memberId) !== 'active') return
    await addToInbox(tx, subjects.map(({ kind, id }) => ({ memberId, kind, id, urgent: false })))
    await saveSweepMark(tx, memberId, mark, more)
  })
  if (subjects.length > 0) room.wake(memberId)
  room.log.info({ memberId, subjects: subjects.length, more, durationMs: Math.round(performance.now() - startedAt) }, 'portal.swept')
}
