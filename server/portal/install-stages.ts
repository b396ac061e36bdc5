/** Lead stages by the role they play in the regulation: found by meaning and name, added where the portal has none. */
import { type Semantic, stageId, type StageId } from '../domain/lead.ts'
import type { Preset, StageRole } from '../domain/presets/preset.ts'
import type { Call } from './rows.ts'
import type { Stage } from './statuses.ts'

export interface StagePlan {
  readonly chosen: Readonly<Partial<Record<StageRole, StageId>>>
  readonly calls: readonly Call[]
  readonly missing: readonly StageRole[]
}

/** Ids of a fresh portal (crm-status-list.md); a portal may have renamed or removed all but NEW and JUNK. */
const usualIds: Readonly<Record<StageRole, string>> = { 'new': 'NEW', 'in-work': 'IN_PROCESS', 'qualified': 'PROCESSED', 'not-qualified': 'JUNK' }
const ownIds: Readonly<Record<StageRole, string>> = { 'new': 'LEADRAIL_NEW', 'in-work': 'LEADRAIL_IN_WORK', 'qualified': 'LEADRAIL_QUALIFIED', 'not-qualified': 'LEADRAIL_FAILED' }
const likely: Readonly<Record<StageRole, RegExp>> = {
  'new': /^нов|^new/i,
  'in-work': /в работ|взят|in work|in progress/i,
  'qualified': /квалиф|обработан|qualif|processed/i,
  'not-qualified': /некачеств|не квалиф|junk|not qualif/i,
}

/** Stages of the regulation in force, by role; they stay while the portal has them, whatever they are called by now. */
export type StagesInForce = Readonly<Partial<Record<StageRole, StageId>>>

/** Never two roles on one stage. Stages that are found are not renamed; the regulation shows its own names for its steps. */
export const planStages = (stages: readonly Stage[], preset: Preset, language: 'ru' | 'en', inForce: StagesInForce = {}): StagePlan => {
  const chosen = new Map<StageRole, Stage>()
  const isFree = (stage: Stage) => ![...chosen.values()].includes(stage)
  const missing: StageRole[] = []
  const taken = new Set<string>(Object.values(inForce))
  // The anchors first, so that a name that fits two roles does not take them.
  const roles = [...preset.stages].sort((a, b) => rank(a.role) - rank(b.role))
  for (const { role, name, semantic } of roles) {
    const open = stages.filter(stage => stage.semantic === semantic && isFree(stage) && (!taken.has(stage.id) || inForce[role] === stage.id))
    const names = [name.ru, name.en].map(text => text?.trim().toLowerCase())
    const found = open.find(stage => stage.id === inForce[role])
      ?? open.find(stage => stage.id === ownIds[role])
      ?? open.find(stage => stage.id === usualIds[role])
      ?? open.find(stage => names.includes(stage.name.trim().toLowerCase()))
      ?? open.find(stage => likely[role].test(stage.name))
      ?? unnamed(role, open, chosen)
    if (found === undefined) missing.push(role)
    else chosen.set(role, found)
  }
  const calls = missing.flatMap((role) => {
    const wanted = preset.stages.find(stage => stage.role === role)
    return wanted === undefined ? [] : [addStage(role, language === 'en' ? wanted.name.en ?? wanted.name.ru : wanted.name.ru, wanted.semantic, sortFor(role, stages, chosen))]
  })
  return { chosen: Object.fromEntries([...chosen].map(([role, stage]) => [role, stageId(stage.id)])), calls, missing }
}

const rank = (role: StageRole) => ['new', 'not-qualified', 'in-work', 'qualified'].indexOf(role)

/** The first stage of its kind will do for the anchors; «qualified» is whatever follows the work. */
const unnamed = (role: StageRole, open: readonly Stage[], chosen: ReadonlyMap<StageRole, Stage>): Stage | undefined => {
  if (role === 'new' || role === 'not-qualified') return open[0]
  const work = chosen.get('in-work')
  return role === 'qualified' && work !== undefined ? open.find(stage => stage.sort > work.sort) : undefined
}

/** Stages in work stand before the success, failures after it (crm-status-add.md). */
const sortFor = (role: StageRole, stages: readonly Stage[], chosen: ReadonlyMap<StageRole, Stage>): number => {
  const success = stages.find(stage => stage.semantic === 'success')?.sort ?? 1000
  if (role === 'not-qualified') return Math.max(success, ...stages.map(stage => stage.sort)) + 10
  const before = (role === 'qualified' ? chosen.get('in-work') : undefined) ?? chosen.get('new')
  const start = before?.sort ?? 0
  const next = Math.min(success, ...stages.filter(stage => stage.sort > start).map(stage => stage.sort))
  const room = role === 'qualified' && !chosen.has('in-work') ? 0.66 : 0.33
  return Math.max(1, Math.min(success - 1, start + Math.max(1, Math.floor((next - start) * room))))
}

const addStage = (role: StageRole, name: string, semantic: Semantic, sort: number): Call => ({
  method: 'crm.status.add',
  params: { fields: { ENTITY_ID: 'STATUS', STATUS_ID: ownIds[role], NAME: name, SORT: sort, SEMANTICS: semantic === 'failure' ? 'F' : '' } },
})
