/** Timers: leads whose moment has come enter the inbox like everything else. A wake-up asks for a look, it decides nothing. */
import { wakeDueWatches } from '../store/watches.ts'
import type { Room } from './ports.ts'

const leadsPerWake = 500

/** Moves due leads into the inbox, each by one process, and answers how many portals were woken. */
export const wakePortals = async (room: Room): Promise<number> => {
  const memberIds = await room.database.transaction(tx => wakeDueWatches(tx, room.clock.now(), leadsPerWake))
  for (const memberId of memberIds) room.wake(memberId)
  if (memberIds.length > 0) room.log.info({ portals: memberIds.length }, 'portals.woken')
  return memberIds.length
}
