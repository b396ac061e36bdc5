/** Events get lost: every few minutes the portal is asked what has changed. */
import { addToInbox } from '../store/inbox.ts'
import { isAtWork } from '../store/at-work.ts'
import { saveSweepMark, sweepStateOf } from '../store/portal-work.ts'
import { portalForWork } from '../store/portals.ts'
import { regulationInForce } from '../store/regulations.ts'
import type { Room } from './ports.ts'

/** How far we have looked, and for which version of the regulation: for a new one, what has changed lately is news again. */
interface Mark {
  readonly version: number
  readonly mark: unknown
}

/**
 * Puts what has changed since the last sweep into the inbox, together with the new mark; when there is more, the next sweep begins soon.
 * While the administrator's takeover is under way, the leads that were open before the installation as well. What was found before a
 * failure is kept. Throws `PortalError`.
 */
export const sweepPortal = async (room: Room, memberId: string): Promise<void> => {
  const startedAt = performance.now()
  const { db } = room.database
  if (!await isAtWork(db, memberId)) return
  const version = (await regulationInForce(db, memberId))?.version ?? 0
  const { mark: stored, openAfter } = await sweepStateOf(db, memberId)
  const { subjects, mark, more = false, openAfter: walked = null, failed = null } = await room.portals.changedSince(memberId, markFor(version, stored), openAfter)
  await room.database.transaction(async (tx) => {
    if (await portalForWork(tx, memberId) !== 'active') return
    await addToInbox(tx, subjects.map(({ kind, id }) => ({ memberId, kind, id, urgent: false })))
    // A takeover that was asked for during this sweep begins with the next one.
    await saveSweepMark(tx, memberId, { version, mark } satisfies Mark, { again: more && failed === null, ...(openAfter === null ? {} : { walked }) })
  })
  if (subjects.length > 0) room.wake(memberId)
  room.log.info({ memberId, subjects: subjects.length, more, durationMs: Math.round(performance.now() - startedAt) }, 'portal.swept')
  if (failed !== null) throw failed
}

/** A mark of the former shape was kept without a version: it goes on from itself. */
const markFor = (version: number, stored: unknown): unknown => {
  if (!isMark(stored)) return stored
  return stored.version === version ? stored.mark : null
}

const isMark = (stored: unknown): stored is Mark => typeof stored === 'object' && stored !== null && 'version' in stored && 'mark' in stored
