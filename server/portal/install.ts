/**
 * Sets a portal up, and tells what stands in the way. Harmless to repeat: everything is looked for first, and what one step
 * has done stays when the next one fails. There is no undoing at uninstall: by then our tokens are dead; the portal itself
 * removes handlers and placements, while fields and stages belong to the customer and stay (settings/app-uninstallation.md).
 */
import { departmentId, userId } from '../domain/lead.ts'
import type { Binding, Preset } from '../domain/presets/preset.ts'
import { PortalError } from './error.ts'
import { type PortalFacts, readFactsAlong } from './facts.ts'
import { ensureAutomation, listAutomation, type RobotsAt } from './install-automation.ts'
import { ensureFields, type FieldReport, listFields } from './install-fields.ts'
import { neededEvents, placesOf, type PlacesPlan, planEvents, planPlacements, wantedPlacements } from './install-places.ts'
import { ensureSources, type SourceReport } from './install-sources.ts'
import { planStages, type StagesInForce } from './install-stages.ts'
import { callWhole } from './lists.ts'
import type { Portal } from './portal.ts'
import { type Call, idOf, type Outcome, resultOf } from './rows.ts'
import { leadSources, leadStages, toStages } from './statuses.ts'
import { isRecord } from './transport.ts'

export type CheckId = 'crm-mode' | 'scopes' | 'administrator' | 'events' | 'placements' | 'stages' | 'sources' | 'fields' | 'department' | 'automation' | 'regulation'

export interface Check {
  readonly id: CheckId
  readonly ok: boolean
  /** Names of what is missing, or the portal's own words; not translated. */
  readonly detail: string | null
  /** Nothing depends on it: the set-up is complete without it. */
  readonly optional?: true
}

export interface Done {
  readonly what: 'events' | 'lead-tab' | 'menu-item' | 'stages' | 'sources' | 'fields' | 'automation'
  readonly count: number
}

export interface Ensured {
  /** Everything that must hold does. */
  readonly ok: boolean
  readonly checks: readonly Check[]
  readonly done: readonly Done[]
  /** What the preset's names mean on this portal; null while something of it is missing. */
  readonly binding: Binding | null
  readonly facts: PortalFacts
  /** How the robots are registered, to be remembered; null: not all of them are confirmed. */
  readonly robots: RobotsAt | null
}

export interface EnsureOptions {
  readonly preset: Preset
  readonly appUrl: string
  /** Only look. */
  readonly dry?: boolean
  readonly inForce?: StagesInForce
  /** As the last set-up has left them. */
  readonly robots?: RobotsAt | null
}

/** Any of the names of a line grants it (api-reference/user/user-scope.md). */
const neededScopes = [['crm'], ['task'], ['im'], ['placement'], ['department'], ['user', 'user_basic', 'user_brief']] as const

/** Rejects with PortalError when the portal cannot be read at all. */
export const ensurePortal = async (portal: Portal, { preset, appUrl, dry = false, inForce = {}, robots = null }: EnsureOptions): Promise<Ensured> => {
  const looks: readonly Call[] = [
    { method: 'crm.settings.mode.get' }, { method: 'scope' }, { method: 'profile' }, { method: 'events' }, { method: 'event.get' }, { method: 'placement.get' }, listFields, leadStages, leadSources, ...listAutomation,
  ]
  // Presence costs two commands a person; whoever only looks does not need it.
  const { facts, outcomes: [mode, scope, profile, events, handlers, bindings, fields, stages, sources, ...automationLists] } = await readFactsAlong(portal, looks, dry ? [] : undefined)
  const me = isRecord(resultOf(profile)) ? resultOf(profile) as Record<string, unknown> : {}
  const basics = [modeCheck(mode), scopeCheck(scope), { id: 'administrator' as const, ok: me['ADMIN'] === true, detail: null }]
  // In simple mode there are no leads, and nobody but an administrator may change settings: then nothing is touched.
  const mayWrite = !dry && basics.every(({ ok }) => ok)
  const done: Done[] = []

  const placeChecks = await ensurePlaces(portal, [
    { id: 'events', found: handlers, look: { method: 'event.get' }, plan: found => planEvents(appUrl, found, listOf(events)), needed: neededEvents },
    { id: 'placements', found: bindings, look: { method: 'placement.get' }, plan: found => planPlacements(appUrl, found), needed: wantedPlacements },
  ], mayWrite, done)
  const chosen = await ensureStages(portal, stages, preset, facts.language, inForce, mayWrite, done)
  const found = await sourcesOf(portal, preset, sources, facts.language, !mayWrite)
  if (found.created > 0) done.push({ what: 'sources', count: found.created })
  const card = await fieldsOf(portal, preset, fields, !mayWrite)
  if (card.created.length > 0) done.push({ what: 'fields', count: card.created.length })
  const department = proposeDepartment(facts, idOf(me['ID']))
  const automation = await ensureAutomation(portal, automationLists, { appUrl, language: facts.language, hasRobots: listOf(scope)?.includes('bizproc') === true, registered: robots, userId: idOf(me['ID']), mayWrite })
  if (automation.added > 0) done.push({ what: 'automation', count: automation.added })

  const checks: readonly Check[] = [
    ...basics, ...placeChecks,
    { id: 'stages', ok: chosen.missing.length === 0, detail: chosen.missing.join(', ') || chosen.detail },
    ...(preset.sources.length === 0 ? [] : [{ id: 'sources' as const, ok: found.missing.length === 0, detail: found.detail ?? (found.missing.join(', ') || null) }]),
    { id: 'fields', ok: card.broken.length === 0, detail: card.broken.map(({ code, why }) => `${code}: ${why}`).join('; ') || null },
    { id: 'department', ok: department !== null, detail: department?.name ?? null },
    { id: 'automation', ok: automation.ok, detail: automation.detail, optional: true },
  ]
  const isComplete = department !== null && card.broken.length === 0 && chosen.missing.length === 0 && found.missing.length === 0
  return {
    ok: checks.every(({ ok, optional }) => ok || optional === true),
    checks,
    done,
    binding: isComplete
      ? { stages: chosen.stages, sources: found.bound, fields: card.bound, departmentId: departmentId(department.id), withHead: department.withHead, fallbackUserId: userId(department.fallbackUserId), directorId: proposeDirector(facts, department.fallbackUserId) }
      : null,
    // What was made just now has a name as well.
    facts: chosen.known.length === 0 ? facts : { ...facts, stages: chosen.known, stageNames: Object.fromEntries(chosen.known.map(({ id, name }) => [id, name])) },
    robots: automation.robots,
  }
}

const modeCheck = (mode: Outcome | undefined): Check => ({ id: 'crm-mode', ok: Number(resultOf(mode)) === 1, detail: null })

const scopeCheck = (scope: Outcome | undefined): Check => {
  const granted = new Set(listOf(scope) ?? [])
  const missing = neededScopes.filter(names => !names.some(name => granted.has(name))).map(names => names.at(-1))
  return { id: 'scopes', ok: missing.length === 0, detail: missing.join(', ') || null }
}

const listOf = (outcome: Outcome | undefined): readonly string[] | null =>
  (outcome?.ok === true && Array.isArray(outcome.result) ? outcome.result.filter(item => typeof item === 'string') : null)

interface Places {
  readonly id: 'events' | 'placements'
  readonly found: Outcome | undefined
  readonly look: Call
  readonly plan: (found: unknown) => PlacesPlan
  readonly needed: readonly string[]
}

/** What is missing of both kinds is bound in one request, and looked at again in one. */
const ensurePlaces = async (portal: Portal, kinds: readonly Places[], mayWrite: boolean, done: Done[]): Promise<readonly Check[]> => {
  const planned = kinds.map(kind => ({ kind, before: kind.found?.ok === true ? kind.plan(kind.found.result) : null }))
  const changed = mayWrite ? planned.flatMap(({ kind, before }) => (before !== null && before.calls.length > 0 ? [{ kind, calls: before.calls }] : [])) : []
  const written = changed.length === 0 ? [] : await portal.callAll(changed.flatMap(({ calls }) => calls), { kind: 'write' })
  const looked = changed.length === 0 ? [] : await portal.callAll(changed.map(({ kind }) => kind.look), { kind: 'read' })
  const refusals = new Map<Places['id'], string>()
  let at = 0
  for (const { kind, calls } of changed) {
    const refusal = written.slice(at, at += calls.length).flatMap(outcome => (outcome.ok ? [] : [outcome.error.bitrixMessage || outcome.error.code]))[0]
    if (refusal !== undefined) refusals.set(kind.id, refusal)
  }
  return planned.map(({ kind: { id, found, plan, needed, look }, before }): Check => {
    if (before === null) return { id, ok: false, detail: found?.ok === false ? found.error.bitrixMessage || found.error.code : null }
    const place = changed.findIndex(({ kind }) => kind.look === look)
    const bound = place < 0 ? before.bound : plan(resultOf(looked[place])).bound
    const added = bound.filter(name => !before.bound.includes(name))
    if (id === 'placements') done.push(...placesOf(added).map(what => ({ what, count: 1 })))
    else if (added.length > 0) done.push({ what: id, count: added.length })
    const missing = needed.filter(name => !bound.includes(name))
    return { id, ok: missing.length === 0, detail: missing.length === 0 ? null : refusals.get(id) ?? missing.join(', ') }
  })
}

const ensureStages = async (portal: Portal, listed: Outcome | undefined, preset: Preset, language: 'ru' | 'en', inForce: StagesInForce, mayWrite: boolean, done: Done[]) => {
  let known = toStages(resultOf(listed))
  let plan = planStages(known, preset, language, inForce)
  let detail: string | null = null
  if (mayWrite && plan.calls.length > 0) {
    const wanted = plan.calls.length
    const outcomes = await portal.callAll(plan.calls, { kind: 'write' })
    detail = outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.error.bitrixMessage]))[0] ?? null
    known = toStages(resultOf((await callWhole(portal, [leadStages]))[0]))
    plan = planStages(known, preset, language, inForce)
    if (plan.missing.length < wanted) done.push({ what: 'stages', count: wanted - plan.missing.length })
  }
  return { stages: plan.chosen, missing: plan.missing, detail, known }
}

/** A failure in the middle keeps what was created: the next run finds it. */
const fieldsOf = async (portal: Portal, preset: Preset, listed: Outcome | undefined, dry: boolean): Promise<FieldReport> => {
  try {
    return await ensureFields(portal, preset, listed, dry)
  } catch (error) {
    if (!(error instanceof PortalError)) throw error
    return { bound: {}, created: [], broken: [{ code: '*', why: error.bitrixMessage || error.code }] }
  }
}

const sourcesOf = async (portal: Portal, preset: Preset, listed: Outcome | undefined, language: 'ru' | 'en', dry: boolean): Promise<SourceReport> => {
  try {
    return await ensureSources(portal, preset, listed, language, dry)
  } catch (error) {
    if (!(error instanceof PortalError)) throw error
    return { bound: {}, created: 0, missing: preset.sources.map(({ code }) => code), detail: error.bitrixMessage || error.code }
  }
}

/** The head of the company's first department, if that is somebody else than the one to turn to. */
const proposeDirector = ({ departments, people }: PortalFacts, fallbackUserId: number): Binding['directorId'] => {
  const root = departments.find(({ parentId }) => parentId === null) ?? departments[0]
  const head = root?.headId ?? null
  return head !== null && head !== fallbackUserId && people.some(person => person.id === head && person.active) ? userId(head) : null
}

/** A department called «Отдел продаж», else the largest one. Its head takes what nobody can, else the installing administrator. */
const proposeDepartment = ({ departments, people }: PortalFacts, installerId: number | null) => {
  const active = people.filter(person => person.active)
  const sized = departments.map(department => ({ ...department, members: active.filter(person => person.departmentIds.includes(department.id)) })).filter(({ members }) => members.length > 0)
  const bySize = [...sized].sort((a, b) => b.members.length - a.members.length || a.id - b.id)
  const chosen = bySize.find(({ name }) => /продаж|sales/i.test(name)) ?? bySize[0]
  if (chosen === undefined) return null
  const head = chosen.headId !== null && active.some(({ id }) => id === chosen.headId) ? chosen.headId : null
  const fallbackUserId = head ?? installerId ?? chosen.members[0]?.id
  if (fallbackUserId === undefined) return null
  return { id: chosen.id, name: chosen.name, fallbackUserId, withHead: chosen.members.every(({ id }) => id === head) }
}
