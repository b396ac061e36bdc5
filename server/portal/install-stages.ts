/** Lead stages by the role they play in the regulation: found by meaning and name, added where the portal has none. */
import { stageId, type StageId } from '../domain/lead.ts'
import type { Preset, PresetStage, StageRole } from '../domain/presets/preset.ts'
import type { Call } from './rows.ts'
import type { Stage } from './statuses.ts'

export interface StagePlan {
  readonly chosen: Readonly<Record<StageRole, StageId>>
  readonly calls: readonly Call[]
  readonly missing: readonly StageRole[]
}

/** Stages of the regulation in force, by role; they stay while the portal has them, whatever they are called by now. */
export type StagesInForce = Readonly<Partial<Record<StageRole, StageId>>>

/** Never two roles on one stage. Stages that are found are not renamed; the regulation shows its own names for its steps. */
export const planStages = (stages: readonly Stage[], preset: Preset, language: 'ru' | 'en', inForce: StagesInForce = {}): StagePlan => {
  const chosen = new Map<StageRole, Stage>()
  const isFree = (stage: Stage) => ![...chosen.values()].includes(stage)
  const missing: StageRole[] = []
  const taken = new Set<string | undefined>(Object.values(inForce))
  // The anchors first, so that a name that fits two roles does not take them.
  const wanted = [...preset.stages.filter(({ otherwise }) => otherwise === 'first'), ...preset.stages.filter(({ otherwise }) => otherwise !== 'first')]
  for (const { role, name, semantic, ownId, usualId, likely, otherwise } of wanted) {
    const open = stages.filter(stage => stage.semantic === semantic && isFree(stage) && (!taken.has(stage.id) || inForce[role] === stage.id))
    const names = [name.ru, name.en].map(text => text?.trim().toLowerCase())
    const found = open.find(stage => stage.id === inForce[role])
      ?? open.find(stage => stage.id === ownId)
      ?? open.find(stage => stage.id === usualId)
      ?? open.find(stage => names.includes(stage.name.trim().toLowerCase()))
      ?? open.find(stage => likely?.test(stage.name) === true)
      ?? unnamed(otherwise, open, chosen)
    if (found === undefined) missing.push(role)
    else chosen.set(role, found)
  }
  const calls = preset.stages.flatMap(stage => (missing.includes(stage.role) ? [addStage(stage, language, sortFor(stage, preset.stages, stages, chosen))] : []))
  return { chosen: Object.fromEntries([...chosen].map(([role, stage]) => [role, stageId(stage.id)])), calls, missing }
}

/** The first stage of its kind will do for the anchors; «qualified» is whatever follows the work. */
const unnamed = (otherwise: PresetStage['otherwise'], open: readonly Stage[], chosen: ReadonlyMap<StageRole, Stage>): Stage | undefined => {
  if (otherwise === undefined) return undefined
  if (otherwise === 'first') return open[0]
  const before = chosen.get(otherwise.after)
  return before === undefined ? undefined : open.find(stage => stage.sort > before.sort)
}

/** Stages in work stand before the success, failures after it (crm-status-add.md); several new ones share the room between their neighbours. */
const sortFor = (wanted: PresetStage, all: readonly PresetStage[], stages: readonly Stage[], chosen: ReadonlyMap<StageRole, Stage>): number => {
  const success = stages.find(stage => stage.semantic === 'success')?.sort ?? 1000
  const kin = all.filter(({ semantic }) => semantic === wanted.semantic)
  const place = kin.indexOf(wanted)
  if (wanted.semantic !== 'processing') return Math.max(success, ...stages.map(stage => stage.sort)) + 10 * (place + 1)
  const before = kin.slice(0, place).findLastIndex(({ role }) => chosen.has(role))
  const behind = kin.findIndex(({ role }, index) => index > place && chosen.has(role))
  const start = chosen.get(kin[before]?.role ?? '')?.sort ?? 0
  const next = Math.min(success, ...stages.filter(stage => stage.sort > start).map(stage => stage.sort))
  const newOnes = (behind === -1 ? kin.length : behind) - before - 1
  const share = (place - before) / (newOnes + 1)
  return Math.max(1, Math.min(success - 1, start + Math.max(1, Math.floor((next - start) * share))))
}

const addStage = ({ name, semantic, ownId }: PresetStage, language: 'ru' | 'en', sort: number): Call => ({
  method: 'crm.status.add',
  params: { fields: { ENTITY_ID: 'STATUS', STATUS_ID: ownId, NAME: language === 'en' ? name.en ?? name.ru : name.ru, SORT: sort, SEMANTICS: semantic === 'failure' ? 'F' : semantic === 'success' ? 'S' : '' } },
})
