/** Which version of the regulation decides about which lead, and what each version looks at besides the leads. */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context } from '../domain/command.ts'
import type { LeadId, UserId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { shadowOf, versionFor, type VersionFacts } from '../domain/regulation/versions.ts'
import type { Moment, Watch } from '../domain/watch.ts'
import { installedAtOf } from '../store/at-work.ts'
import { missesSince } from '../store/incidents.ts'
import { adminsOf } from '../store/portals.ts'
import { regulationVersions, type PublishedRegulation } from '../store/regulations.ts'
import { shadowWatchesOf } from '../store/shadow.ts'
import { poolKey, sharesOf } from '../store/shares.ts'
import { loadOf, type StoredWatch } from '../store/watches.ts'
import { successStagesOf } from './portal-things.ts'
import type { PortalFacts, Room } from './ports.ts'

export interface LeadRules {
  /** Every version that decides about some of these leads, the shadow last. */
  readonly regulations: readonly Regulation[]
  readonly live: readonly PublishedRegulation[]
  /** The version that decides about this lead. */
  of(watch: Watch): PublishedRegulation
  /** The version under which this lead begins anew when it is back; null where that is the one that decides anyway. */
  anew(watch: Watch): PublishedRegulation | null
  /** When a version was published; null when that is not known. */
  publishedAt(version: number): Moment | null
  readonly shadow: (PublishedRegulation & { readonly watches: ReadonlyMap<LeadId, Watch> }) | null
}

/** Reads the documents these leads need. Throws when none is published. */
export const rulesFor = async (room: Room, memberId: string, versions: readonly VersionFacts[], watches: ReadonlyMap<LeadId, StoredWatch>): Promise<LeadRules> => {
  const { db } = room.database
  const wanted = [...new Set([...watches.values()].flatMap(({ watch }) => [versionFor(ownVersion(watch), versions) ?? [], isRefused(watch) ? versionFor(null, versions) ?? [] : []].flat()))]
  const shadowVersion = shadowOf(versions)
  const documents = await regulationVersions(db, memberId, shadowVersion === null ? wanted : [...wanted, shadowVersion])
  const live = wanted.flatMap((version) => {
    const regulation = documents.get(version)
    return regulation === undefined ? [] : [{ version, regulation }]
  })
  const shadowDocument = shadowVersion === null ? undefined : documents.get(shadowVersion)
  const shadow = shadowVersion === null || shadowDocument === undefined
    ? null
    : { version: shadowVersion, regulation: shadowDocument, watches: await shadowWatchesOf(db, memberId, shadowVersion, [...watches.keys()]) }
  return {
    regulations: [...live.map(({ regulation }) => regulation), ...(shadow === null ? [] : [shadow.regulation])],
    live,
    shadow,
    of: watch => found(live, versionFor(ownVersion(watch), versions)),
    anew: (watch) => {
      const newest = versionFor(null, versions)
      return isRefused(watch) && newest !== versionFor(ownVersion(watch), versions) ? found(live, newest) : null
    },
    publishedAt: version => versions.find(one => one.version === version)?.publishedAt ?? null,
  }
}

const found = (live: readonly PublishedRegulation[], version: number | null): PublishedRegulation => {
  const one = live.find(published => published.version === version)
  if (one === undefined) throw new Error(`version ${version} of the regulation is not to be found`)
  return one
}

/** The version a lead is under. A refusal is followed up by the rules it was made under; any other closed lead is under none. */
const ownVersion = (watch: Watch): number | null => (watch.status === 'active' || isRefused(watch) ? watch.regulationVersion ?? null : null)

const isRefused = (watch: Watch): watch is Extract<Watch, { status: 'closed' }> => watch.status === 'closed' && (watch.outcome === 'lost' || watch.outcome === 'not-qualified')

/** One context for each version: pools, misses and calendar differ. */
export interface Contexts {
  of(version: number): Context
  /** Lets every context see what was decided under one version. */
  note(version: number, commands: readonly Command[]): void
}

export const gatherContexts = async (room: Room, memberId: string, { live, shadow, publishedAt }: LeadRules, facts: PortalFacts, now: Temporal.Instant): Promise<Contexts> => {
  const { db } = room.database
  const published = shadow === null ? live : [...live, shadow]
  const pools = new Map(published.map(({ version, regulation }) => [version, new Map(regulation.distribution.pools.map(pool => [pool.id, poolKey(pool)]))]))
  // Each version counts the misses of its own window only: those of the longest one serve all.
  const windowDays = Math.max(0, ...published.map(({ regulation }) => regulation.incidents.windowDays))
  const [load, admins, installedAt, misses, ledgers] = await Promise.all([
    loadOf(db, memberId, now.toZonedDateTimeISO(facts.timeZone).startOfDay().toInstant()),
    adminsOf(db, memberId),
    installedAtOf(db, memberId),
    missesSince(db, memberId, now.subtract({ hours: 24 * windowDays })),
    sharesOf(db, memberId, [...new Set([...pools.values()].flatMap(keys => [...keys.values()]))]),
  ])
  const contexts = new Map<number, Context>()
  for (const { version, regulation } of published) {
    contexts.set(version, {
      calendar: regulation.calendar.kind === 'own' ? regulation.calendar.calendar : facts.calendar,
      people: facts.people,
      shares: Object.fromEntries([...pools.get(version) ?? []].map(([id, key]) => [id, ledgers[key] ?? {}])),
      load,
      misses,
      stageNames: facts.stageNames,
      sourceNames: facts.sourceNames ?? {},
      successStageIds: successStagesOf(facts),
      language: facts.language,
      adminIds: admins as readonly UserId[],
      installedAt,
      publishedAt: publishedAt(version),
    })
  }
  const contextOf = (version: number): Context => {
    const context = contexts.get(version)
    if (context === undefined) throw new Error(`version ${version} of the regulation has no context`)
    return context
  }
  return {
    of: contextOf,
    note: (version, commands) => {
      for (const [other, context] of contexts)
        contexts.set(other, commands.reduce((seen, command) => room.rules.evolveContext(seen, asSeenBy(command, pools.get(version), pools.get(other))), context))
    },
  }
}

/** Another version's pool of the same name counts only when it is the same people. */
const asSeenBy = (command: Command, own: ReadonlyMap<string, string> | undefined, other: ReadonlyMap<string, string> | undefined): Command => {
  if ((command.kind !== 'assign' && command.kind !== 'note-responsible') || command.poolId === undefined || own?.get(command.poolId) === other?.get(command.poolId)) return command
  const { poolId: _poolId, ...rest } = command
  return rest
}
