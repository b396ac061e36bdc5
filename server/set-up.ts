/** Sets a portal up and puts the first regulation in force on it. */
import { Temporal } from 'temporal-polyfill'
import { errorsIn, lintRegulation, type PortalThings, type Problem } from './domain/lint.ts'
import { presets } from './domain/presets/all.ts'
import { bindPreset, type Binding, type Preset } from './domain/presets/preset.ts'
import { presetOf, renewBinding, stagesInForce } from './domain/presets/renew.ts'
import type { Regulation } from './domain/regulation.ts'
import type { Directory } from './domain/regulation/bind.ts'
import { shadowOf } from './domain/regulation/versions.ts'
import { problemSentence } from './domain/sentences/problems.ts'
import type { Clock } from './http/ports.ts'
import type { Ensured } from './portal/install.ts'
import type { RobotsAt } from './portal/install-automation.ts'
import { portalNameOf } from './portal/install-fields.ts'
import type { StagesInForce } from './portal/install-stages.ts'
import type { Database, Queries } from './store/database.ts'
import { saveDirectory } from './store/portal-directories.ts'
import { saveFacts } from './store/portal-facts.ts'
import { robotsOf, saveRobots } from './store/portal-work.ts'
import type { Portals } from './store/portals.ts'
import { directoryFrom, thingsOf } from './jobs/portal-things.ts'
import { publishChecked } from './jobs/publish-regulation.ts'
import { regulationInForce, regulationVersion, type VersionRow, versionsOf } from './store/regulations.ts'

export interface SetUpDeps {
  readonly database: Database
  readonly portals: Portals
  readonly clock: Clock
  /** Of the first regulation, where nobody has chosen another one. */
  readonly preset: Preset
  /** Number of this program's version, as it is noted with the portal. */
  readonly version: number
  readonly ensure: (memberId: string, options: { readonly dry: boolean; readonly inForce: StagesInForce; readonly preset: Preset; readonly robots: RobotsAt | null }) => Promise<Ensured>
  /** Stages, lead fields and sources as the portal calls them now. */
  readonly readNames: (memberId: string) => Promise<Pick<Directory, 'stages' | 'fields' | 'sources'>>
}

export interface SetUp {
  readonly ensured: Ensured
  /** Version that has just been published; null when the one in force stays. */
  readonly published: number | null
}

export interface SetUpOptions {
  /** Only look. */
  readonly dry: boolean
  /** Preset of the first regulation; a portal that has one keeps it. */
  readonly preset?: Preset | undefined
}

/** May be repeated. Throws `PortalError` when the portal cannot be read. */
export const setUpPortal = async (deps: SetUpDeps, memberId: string, { dry, preset: wanted }: SetUpOptions): Promise<SetUp> => {
  const { database, portals, clock, version } = deps
  const before = await regulationInForce(database.db, memberId)
  const made = before === null ? undefined : presetOf(before.regulation, presets, portalNameOf)
  const preset = before === null ? wanted ?? deps.preset : made ?? ownRegulation
  const ensured = await ensurePreset(deps, memberId, preset, before?.regulation ?? null, dry)
  if (dry) return { ensured, published: null }
  await portals.describePortal(memberId, { language: ensured.facts.language, timeZone: ensured.facts.timeZone, ...(ensured.ok ? { installedVersion: version } : {}) })
  const { binding } = ensured
  if (binding === null || preset === ownRegulation) return { ensured, published: null }
  const things = await portalThings(deps, memberId, ensured)
  let problems: readonly Problem[] = []
  const published = await database.locks.withLock(`publish:${memberId}`, () => database.transaction(async (tx) => {
    const current = await regulationInForce(tx, memberId)
    if (current === null) {
      const first = await publishChecked(tx, memberId, bindPreset(preset, binding), things, clock.now())
      problems = errorsIn(first.problems)
      return first.version
    }
    const next = renewed(current.regulation, preset, binding, things)
    if (next === null) return null
    const versions = await versionsOf(tx, memberId)
    const shadow = versions.find(({ version }) => version === shadowOf(versions))
    const done = await publishChecked(tx, memberId, next, things, clock.now(), { applies: versions.find(({ version }) => version === current.version)?.applies ?? 'all', comment: renewedWords[ensured.facts.language] })
    problems = errorsIn(done.problems)
    if (done.version !== null && shadow !== undefined) await shadowAgain(tx, memberId, shadow, { preset, binding, things }, clock.now())
    return done.version
  }))
  if (problems.length === 0) return { ensured, published }
  const detail = [...new Set(problems.map(problem => problemSentence(problem, ensured.facts.language)))].join('; ')
  return { ensured: { ...ensured, ok: false, checks: [...ensured.checks, { id: 'regulation', ok: false, detail }] }, published }
}

/** The portal with all that the preset needs; `current`: the regulation in force, whose stages keep their roles. Throws `PortalError`. */
export const ensurePreset = async (deps: SetUpDeps, memberId: string, preset: Preset, current: Regulation | null, dry: boolean): Promise<Ensured> => {
  const isOfPreset = current !== null && presetOf(current, presets, portalNameOf) === preset
  const { db } = deps.database
  const robots = await robotsOf(db, memberId)
  const ensured = await deps.ensure(memberId, { dry, preset, inForce: isOfPreset ? stagesInForce(preset, current) : {}, robots })
  if (dry) return ensured
  await saveFacts(db, memberId, ensured.facts, Temporal.Now.instant())
  await saveRobots(db, memberId, ensured.robots)
  return ensured
}

/** What is wrong with a regulation that was bound to this portal a moment ago. Throws `PortalError`. */
export const lintBound = async (deps: SetUpDeps, memberId: string, regulation: Regulation, ensured: Ensured): Promise<readonly Problem[]> => lintRegulation(regulation, await portalThings(deps, memberId, ensured))

/** What a regulation may name on this portal, the customer's own fields included: read anew, because something may just have been made. */
const portalThings = async ({ database, readNames }: SetUpDeps, memberId: string, { facts }: Ensured): Promise<PortalThings> => {
  const directory = directoryFrom(await readNames(memberId), facts)
  await saveDirectory(database.db, memberId, directory, Temporal.Now.instant())
  return thingsOf(directory, facts)
}

/** A live version ends the shadow before it: it goes on as a version of its own. */
const shadowAgain = async (tx: Queries, memberId: string, { version, applies, authorId, comment }: VersionRow, { preset, binding, things }: { readonly preset: Preset; readonly binding: Binding; readonly things: PortalThings }, now: Temporal.Instant): Promise<void> => {
  const regulation = await regulationVersion(tx, memberId, version)
  if (regulation === null) return
  await publishChecked(tx, memberId, renewBinding(regulation, preset, binding, things), things, now, { mode: 'shadow', applies, authorId, comment })
}

const renewedWords = { ru: 'Обновлены ссылки на портал', en: 'References to the portal renewed' } as const

/** Of a portal whose card stands on fields of its own: nothing of a preset is made there. */
const ownRegulation: Preset = {
  id: 'own',
  name: { ru: 'Свой регламент', en: 'A regulation of one’s own' },
  description: { ru: '', en: '' },
  stages: [],
  sources: [],
  fields: [],
  regulation: () => {
    throw new Error('a regulation of one’s own is not bound')
  },
}

/** The regulation in force, bound anew because stages or list values were made again; null when nothing has changed. */
const renewed = (current: Regulation, preset: Preset, binding: Binding, things: PortalThings): Regulation | null => {
  const next = renewBinding(current, preset, binding, things)
  return canonical(next) === canonical(current) ? null : next
}

/** The same text for the same value: databases keep JSON with its keys in another order. */
const canonical = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) =>
  (typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part))
