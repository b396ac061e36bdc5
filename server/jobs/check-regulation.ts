/** Once a day: does the portal still have all that the versions at work name? */
import { Temporal } from 'temporal-polyfill'
import { lintRegulation, type Problem } from '../domain/lint.ts'
import { shadowOf, type Applies, type Mode } from '../domain/regulation/versions.ts'
import { problemSentence } from '../domain/sentences/problems.ts'
import { addNotice } from '../store/notices.ts'
import { directoryOf, saveMissing, type MissingThing } from '../store/portal-directories.ts'
import { adminsOf } from '../store/portals.ts'
import { regulationInForce, regulationVersions, versionsOf } from '../store/regulations.ts'
import { versionsAtWork } from '../store/watches.ts'
import { freshDirectory, thingsOf } from './portal-things.ts'
import { isTold, tellAdministrators } from './tell-administrators.ts'
import type { MadeAgain, Room } from './ports.ts'

/**
 * Remembers what is missing for the version in force, for the shadow and for those that open leads are under, and tells the administrators
 * when something was not missing yesterday, and of what has just been `made` because the portal did not have it any more. Throws `PortalError`.
 */
export const checkRegulation = async (room: Room, memberId: string, made: readonly MadeAgain[] = []): Promise<void> => {
  const { db } = room.database
  const published = await regulationInForce(db, memberId)
  if (published === null) return
  const tell = async (db: Parameters<typeof addNotice>[0]): Promise<void> => addNotice(db, memberId, { made, userIds: await adminsOf(db, memberId) }, Temporal.Now.instant())
  // Remembered before anything is asked: what was made is found by no later check.
  const isMade = made.some(({ what }) => isTold(what))
  if (isMade) await room.database.transaction(tell)
  if (room.portals.readNames !== undefined) await look(room, memberId, published.version, isMade ? null : tell)
  await tellAdministrators(room, memberId)
}

const look = async (room: Room, memberId: string, inForce: number, tell: ((db: Parameters<typeof addNotice>[0]) => Promise<void>) | null): Promise<void> => {
  const { db } = room.database
  const { directory, facts } = await freshDirectory(room, memberId, { now: true })
  const things = thingsOf(directory, facts)
  const shadow = shadowOf(await versionsOf(db, memberId))
  const wanted = [...new Set([inForce, ...(shadow === null ? [] : [shadow]), ...[...await versionsAtWork(db, memberId)].sort((a, b) => b - a)])]
  const documents = await regulationVersions(db, memberId, wanted)
  const missing: MissingThing[] = []
  for (const version of wanted) {
    const document = documents.get(version)
    const known = new Set(missing.map(keyOf))
    const found = document === undefined ? [] : lintRegulation(document, things).filter(isMissing)
    missing.push(...found.filter(problem => !known.has(keyOf(problem))).map(problem => ({ ...problem, version })))
  }
  const before = new Set(((await directoryOf(db, memberId))?.missing ?? []).map(keyOf))
  const news = missing.filter(problem => !before.has(keyOf(problem)))
  await room.database.transaction(async (tx) => {
    await saveMissing(tx, memberId, missing)
    if (news.length > 0) await tell?.(tx)
  })
  if (missing.length > 0) room.log.warn({ memberId, versions: wanted, missing: missing.length, news: news.length }, 'regulation.things-missing')
}

/** The same thing missing at the same place, in whichever version. */
const keyOf = (problem: Problem): string => problemSentence(problem, 'ru')

const isMissing = ({ kind }: Problem): boolean => kind.startsWith('missing-') && kind !== 'missing-option-value'

/** What is still missing once a version has been published: `problems` are its own. `shadow`: the version that watched until then. */
export const missingAfter = (before: readonly MissingThing[], published: { readonly version: number; readonly mode: Mode; readonly applies: Applies; readonly shadow: number | null }, problems: readonly Problem[]): readonly MissingThing[] => {
  const { version, mode, applies, shadow } = published
  const stays = mode === 'live' && applies === 'all' ? [] : before.filter(problem => shadow === null || problem.version !== shadow)
  const known = new Set(stays.map(keyOf))
  return [...problems.filter(isMissing).filter(problem => !known.has(keyOf(problem))).map(problem => ({ ...problem, version })), ...stays]
}
