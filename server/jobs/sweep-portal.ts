/** Events get lost: every few minutes the portal is asked what has changed. */
import { addToInbox } from '../store/inbox.ts'
import { saveSweepMark, sweepMarkOf } from '../store/portal-work.ts'
import { portalForWork } from '../store/portals.ts'
import { regulationInForce } from '../store/regulations.ts'
import type { Room } from './ports.ts'

/** How far we have looked, and for which version of the regulation: for a new one, the leads that stand there already are news again. */
interface Mark {
  readonly version: number
  readonly mark: unknown
}

/**
 * Puts what has changed since the last sweep into the inbox, together with the new mark; when there is more, the next sweep begins soon.
 * The first sweep under a version of the regulation finds every open lead. Throws `PortalError`.
 */
export const sweepPortal = async (room: Room, memberId: string): Promise<void> => {
  const startedAt = performance.now()
  const { db } = room.database
  if (await portalForWork(db, memberId) !== 'active') return
  const version = (await regulationInForce(db, memberId))?.version ?? 0
  const { subjects, mark, more = false } = await room.portals.changedSince(memberId, markFor(version, await sweepMarkOf(db, memberId)))
  await room.database.transaction(async (tx) => {
    if (await portalForWork(tx, memberId) !== 'active') return
    await addToInbox(tx, subjects.map(({ kind, id }) => ({ memberId, kind, id, urgent: false })))
    await saveSweepMark(tx, memberId, { version, mark } satisfies Mark, more)
  })
  if (subjects.length > 0) room.wake(memberId)
  room.log.info({ memberId, subjects: subjects.length, more, durationMs: Math.round(performance.now() - startedAt) }, 'portal.swept')
}

const markFor = (version: number, stored: unknown): unknown => isMark(stored) && stored.version === version ? stored.mark : null

const isMark = (stored: unknown): stored is Mark => typeof stored === 'object' && stored !== null && 'version' in stored && 'mark' in stored
