import { Temporal } from 'temporal-polyfill'
import { factsOf, saveFacts } from '../store/portal-facts.ts'
import type { PortalFacts, Room } from './ports.ts'

/** Nobody is chosen by a list of people older than this allows; a faster clock wants a younger one. */
export const freshFacts = async (room: Room, memberId: string): Promise<PortalFacts> => {
  const cached = await factsOf(room.database.db, memberId)
  const now = Temporal.Now.instant()
  const oldestMs = Math.max(Math.min(15_000, room.timing.factsMs), room.timing.factsMs / Math.max(1, room.clock.speed()))
  const ageMs = cached === null ? Number.POSITIVE_INFINITY : now.epochMilliseconds - cached.readAt.epochMilliseconds
  if (cached !== null && ageMs >= 0 && ageMs < oldestMs) return cached.facts
  const facts = await room.portals.readFacts(memberId)
  await saveFacts(room.database.db, memberId, facts, now)
  return facts
}

/** Facts of any age, where only the portal's language and time zone matter. */
export const knownFacts = async (room: Room, memberId: string): Promise<PortalFacts> =>
  (await factsOf(room.database.db, memberId))?.facts ?? freshFacts(room, memberId)
