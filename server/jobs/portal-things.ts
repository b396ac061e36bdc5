/** What a regulation may name on a portal: the directory for people, the ids for the lint. */
import { Temporal } from 'temporal-polyfill'
import type { PortalThings } from '../domain/lint.ts'
import { idsOf, type Directory } from '../domain/regulation/bind.ts'
import type { StageId } from '../domain/lead.ts'
import { directoryOf, saveDirectory } from '../store/portal-directories.ts'
import { freshFacts } from './fresh-facts.ts'
import type { PortalFacts, Room } from './ports.ts'

/** A directory so old is believed while somebody edits. */
const believedMs = 60_000

/** Read anew when it is older than a minute, or `now`. Throws `PortalError`. */
export const freshDirectory = async (room: Room, memberId: string, { now = false }: { readonly now?: boolean } = {}): Promise<{ readonly directory: Directory; readonly facts: PortalFacts }> => {
  const { db } = room.database
  const facts = await freshFacts(room, memberId)
  const known = await directoryOf(db, memberId)
  const at = Temporal.Now.instant()
  if (!now && known !== null && at.epochMilliseconds - known.readAt.epochMilliseconds < believedMs) return { directory: known.directory, facts }
  const names = await room.portals.readNames?.(memberId) ?? { stages: facts.stageNames, fields: {}, sources: {} }
  const directory = directoryFrom(names, facts)
  await saveDirectory(db, memberId, directory, at)
  return { directory, facts }
}

/** What the portal calls its things, with the company's people and departments. */
export const directoryFrom = (names: Pick<Directory, 'stages' | 'fields' | 'sources' | 'denied'>, facts: Pick<PortalFacts, 'people' | 'departments'>): Directory => ({
  ...names,
  users: Object.fromEntries(facts.people.filter(({ active }) => active).map(({ id, name }) => [id, name])),
  departments: Object.fromEntries(facts.departments.map(({ id, name }) => [id, name])),
})

export const thingsOf = (directory: Directory, facts: PortalFacts): PortalThings => {
  const { stageIds, fieldNames, userIds, sourceIds } = idsOf(directory)
  const active = facts.people.filter(person => person.active)
  return {
    stageIds, fieldNames, userIds, sourceIds,
    denied: directory.denied ?? [],
    successStageIds: successStagesOf(facts),
    calendar: facts.calendar,
    departmentPeople: Object.fromEntries(facts.departments.map(({ id }) => [id, active.filter(person => person.departmentIds.includes(id)).map(person => person.id)])),
    headsOf: Object.fromEntries(active.map(({ id, headIds }) => [id, headIds.filter(head => active.some(person => person.id === head))])),
    items: Object.fromEntries(Object.entries(directory.fields).flatMap(([field, { items }]) => (items === undefined ? [] : [[field, Object.keys(items)]]))),
  }
}

/** Stages that mean a deal; none while the portal has not told. */
export const successStagesOf = ({ stages = [] }: PortalFacts): readonly StageId[] => stages.flatMap(({ id, semantic }) => (semantic === 'success' ? [id as StageId] : []))
