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
  return readAgain(room, memberId)
}

const readAgain = async (room: Room, memberId: string): Promise<PortalFacts> => {
  const facts = await room.portals.readFacts(memberId)
  await saveFacts(room.database.db, memberId, facts, Temporal.Now.instant())
  return facts
}

/** Real time for which stages that the portal does not know are not asked about again. */
const unknownMs = 30_000

/** These facts, read once more where they do not know one of the stages: it was made a moment ago, and would be told by its id. */
export const factsKnowing = async (room: Room, memberId: string, facts: PortalFacts, stages: readonly string[]): Promise<PortalFacts> => {
  if (stages.every(id => facts.stageNames[id] !== undefined)) return facts
  const readAt = (await factsOf(room.database.db, memberId))?.readAt
  const isJustRead = readAt !== undefined && Math.abs(Temporal.Now.instant().epochMilliseconds - readAt.epochMilliseconds) < unknownMs
  return isJustRead ? facts : readAgain(room, memberId)
}

/** Facts of any age, where only the portal's language and time zone matter. */
export const knownFacts = async (room: Room, memberId: string): Promise<PortalFacts> =>
  (await factsOf(room.database.db, memberId))?.facts ?? freshFacts(room, memberId)
