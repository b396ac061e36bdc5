/** Sets a portal up and puts the first regulation in force on it. */
import { Temporal } from 'temporal-polyfill'
import { stageId } from './domain/lead.ts'
import { lintRegulation, type PortalThings, type Problem } from './domain/lint.ts'
import { bindPreset, type Binding, type Preset } from './domain/presets/preset.ts'
import type { Regulation } from './domain/regulation.ts'
import { problemSentence } from './domain/sentences/problems.ts'
import type { Clock } from './http/ports.ts'
import type { Ensured } from './portal/install.ts'
import type { StagesInForce } from './portal/install-stages.ts'
import type { Database } from './store/database.ts'
import { saveFacts } from './store/portal-facts.ts'
import type { Portals } from './store/portals.ts'
import { publishRegulation, regulationInForce } from './store/regulations.ts'

export interface SetUpDeps {
  readonly database: Database
  readonly portals: Portals
  readonly clock: Clock
  readonly preset: Preset
  /** Number of this program's version, as it is noted with the portal. */
  readonly version: number
  readonly ensure: (memberId: string, options: { readonly dry: boolean; readonly inForce: StagesInForce }) => Promise<Ensured>
}

export interface SetUp {
  readonly ensured: Ensured
  /** Version that has just been published; null when the one in force stays. */
  readonly published: number | null
}

/** May be repeated; `dry` only looks. Throws `PortalError` when the portal cannot be read. */
export const setUpPortal = async (deps: SetUpDeps, memberId: string, { dry }: { readonly dry: boolean }): Promise<SetUp> => {
  const before = await regulationInForce(deps.database.db, memberId)
  const ensured = await deps.ensure(memberId, { dry, inForce: before === null ? {} : stagesOf(before.regulation) })
  if (dry) return { ensured, published: null }
  const { database, portals, clock, preset, version } = deps
  await saveFacts(database.db, memberId, ensured.facts, Temporal.Now.instant())
  await portals.describePortal(memberId, { language: ensured.facts.language, timeZone: ensured.facts.timeZone, ...(ensured.ok ? { installedVersion: version } : {}) })
  if (ensured.binding === null) return { ensured, published: null }
  const { binding } = ensured
  let problems: readonly Problem[] = []
  const published = await database.locks.withLock(`publish:${memberId}`, () => database.transaction(async (tx) => {
    const current = await regulationInForce(tx, memberId)
    const next = renewed(current?.regulation ?? null, bindPreset(preset, binding))
    problems = next === null ? [] : lintRegulation(next, thingsOf(ensured, binding, next))
    return next === null || problems.length > 0 ? null : publishRegulation(tx, memberId, next, clock.now())
  }))
  if (problems.length === 0) return { ensured, published }
  const detail = [...new Set(problems.map(problem => problemSentence(problem, ensured.facts.language)))].join('; ')
  return { ensured: { ...ensured, ok: false, checks: [...ensured.checks, { id: 'regulation', ok: false, detail }] }, published }
}

/** What the portal has of all that a regulation names. */
const thingsOf = ({ facts }: Ensured, binding: Binding, { distribution: { pool } }: Regulation): PortalThings => {
  const active = facts.people.filter(person => person.active)
  return {
    stageIds: [...new Set([...Object.keys(facts.stageNames).map(stageId), ...Object.values(binding.stages)])],
    userIds: active.map(({ id }) => id),
    fieldNames: Object.values(binding.fields).map(({ field }) => field),
    calendar: facts.calendar,
    ...(pool.kind === 'department' ? { poolIds: active.filter(person => person.departmentIds.includes(pool.departmentId)).map(({ id }) => id) } : {}),
  }
}

/** The portal's stages by the role they play in a regulation made of the preset. */
const stagesOf = ({ steps }: Regulation): StagesInForce => {
  const intake = steps.find(({ kind }) => kind === 'intake')
  const work = steps.find(({ kind }) => kind === 'work')
  const roles = { 'new': intake?.stageId, 'in-work': work?.stageId, 'qualified': work?.leave.done?.stageId, 'not-qualified': work?.leave.notQualified?.stageId }
  return Object.fromEntries(Object.entries(roles).filter(([, id]) => id !== undefined))
}

/**
 * What is to be published: the first regulation, or the one in force bound anew because stages or fields were made again.
 * Who receives the leads is the customer's own choice once it has been made. Null when nothing has changed.
 */
const renewed = (current: Regulation | null, bound: Regulation): Regulation | null => {
  if (current === null) return bound
  const next = { ...bound, distribution: current.distribution }
  return canonical(next) === canonical(current) ? null : next
}

/** The same text for the same value: databases keep JSON with its keys in another order. */
const canonical = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) =>
  (typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part))
