/** Hop 3: reads leads with what the rules need of them, what people did meanwhile included. */
import type { LeadId, Sight } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { searchKey } from '../portal/duplicates.ts'
import type { FoundDuplicates } from '../portal/needs.ts'
import { unobeyedActs } from '../store/acts.ts'
import { conversionsUnderWay } from '../store/conversions.ts'
import { duplicateSearchesOf, saveDuplicateSearches } from '../store/duplicate-searches.ts'
import type { StoredWatch } from '../store/watches.ts'
import { neededFields, needsOf, searchedBy } from './needs.ts'
import type { Room } from './ports.ts'

/** One sight per lead, with what any of the regulations needs; the first is the newest. What was found out about duplicates is remembered, whatever is decided. Throws `PortalError`. */
export const lookAtLeads = async (room: Room, memberId: string, regulations: readonly Regulation[], leadIds: readonly LeadId[], watches: ReadonlyMap<LeadId, StoredWatch>): Promise<readonly Sight[]> => {
  const { db } = room.database
  const search = regulations.find(({ intake }) => intake.duplicates.search)
  const known = search !== undefined ? await knownSearches(room, memberId, leadIds, watches) : new Map<LeadId, never>()
  const sights = await room.portals.readSights(memberId, leadIds, [...new Set(regulations.flatMap(regulation => neededFields(regulation)))], needsOf(regulations, known))
  if (search !== undefined) await rememberSearches(room, memberId, search, sights, known)
  // After the look: what somebody did before it is in it, or is among the acts.
  const acts = await unobeyedActs(db, memberId, new Map(leadIds.map(id => [id, seenOf(watches.get(id))])))
  const converting = await conversionsUnderWay(db, memberId, sights.flatMap(sight => (sight.kind === 'seen' ? [sight.lead.id] : [])))
  if (acts.size === 0 && converting.size === 0) return sights
  return sights.map((sight) => {
    if (sight.kind === 'gone') return acts.has(sight.leadId) ? { ...sight, acts: acts.get(sight.leadId) ?? [] } : sight
    const { id } = sight.lead
    const conversionId = converting.get(id)
    return { ...sight, lead: { ...sight.lead, ...(acts.has(id) ? { acts: acts.get(id) ?? [] } : {}), ...(conversionId === undefined ? {} : { conversionId }) } }
  })
}

/** So long who answers for a found client is believed, once somebody has been chosen for the lead. */
const believedMs = 86_400_000

/** While nobody is chosen for a lead, it may go to whoever answers for its client now: that is read again at each look. */
const knownSearches = async ({ database: { db }, clock }: Room, memberId: string, leadIds: readonly LeadId[], watches: ReadonlyMap<LeadId, StoredWatch>): Promise<ReadonlyMap<LeadId, FoundDuplicates>> => {
  const nowMs = clock.now().epochMilliseconds
  return new Map([...await duplicateSearchesOf(db, memberId, leadIds)].map(([id, { key, found, foundAt }]) => {
    const watch = watches.get(id)?.watch
    const isChosen = watch?.status === 'closed' || (watch?.status === 'active' && watch.chosenId !== null)
    return [id, { key, found, isOld: !isChosen || foundAt === undefined || foundAt === null || nowMs - Date.parse(foundAt) >= believedMs }]
  }))
}

const seenOf = (stored: StoredWatch | undefined): number => (stored === undefined ? 0 : (stored.watch.status === 'unseen' ? stored.watch.actsSeen : stored.watch.life?.actsSeen) ?? 0)

const rememberSearches = async (room: Room, memberId: string, regulation: Regulation, sights: readonly Sight[], known: ReadonlyMap<LeadId, FoundDuplicates>): Promise<void> => {
  const by = searchedBy(regulation)
  const fresh = sights.flatMap((sight) => {
    if (sight.kind !== 'seen' || sight.lead.duplicates === undefined) return []
    const key = searchKey(sight.lead, by)
    const earlier = known.get(sight.lead.id)
    // The same list as before was not read again just now.
    return earlier?.key === key && earlier.found === sight.lead.duplicates ? [] : [{ leadId: sight.lead.id, key, found: sight.lead.duplicates, foundAt: room.clock.now().toString() }]
  })
  const { db } = room.database
  await saveDuplicateSearches(db, memberId, fresh).catch(async () => {
    // What is not remembered is only searched for again: one lead's find stops neither the others' nor the portal's work.
    for (const row of fresh) await saveDuplicateSearches(db, memberId, [row]).catch((error: unknown) => { room.log.warn({ memberId, leadId: row.leadId, error }, 'duplicates.not-remembered') })
  })
}
