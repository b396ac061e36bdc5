/** A regulation that was made of a preset, on a portal whose stages or list values have been made anew. */
import type { FieldName, StageId } from '../lead.ts'
import type { PortalThings } from '../lint.ts'
import type { Regulation } from '../regulation.ts'
import { mapReferences } from '../regulation/references.ts'
import { bindPreset, boundField, unboundRegulation } from './preset.ts'
import type { Binding, Preset, StageRole } from './preset.ts'

/** The preset whose result field this regulation's card uses; undefined when an administrator has chosen fields of his own. */
export const presetOf = (regulation: Regulation, presets: readonly Preset[], nameOf: (code: string) => FieldName): Preset | undefined =>
  presets.find(preset => nameOf(unboundRegulation(preset).card.result.field) === regulation.card.result.field)

/** The portal's stages by the role they play in a regulation made of the preset. */
export const stagesInForce = (preset: Preset, regulation: Regulation): Readonly<Record<StageRole, StageId>> => {
  const found: Record<StageRole, StageId> = {}
  const note = (role: StageId | undefined, stage: StageId | undefined) => {
    if (role !== undefined && stage !== undefined) found[role] ??= stage
  }
  const model = unboundRegulation(preset)
  for (const step of model.steps) {
    const now = regulation.steps.find(({ id }) => id === step.id)
    note(step.stageId, now?.stageId)
    note(step.leave.done?.stageId, now?.leave.done?.stageId)
    note(step.leave.notQualified?.stageId, now?.leave.notQualified?.stageId)
  }
  for (const list of ['nextStep', 'reason'] as const)
    for (const option of model.card[list].options) note(option.stageId ?? undefined, regulation.card[list].options.find(({ code }) => code === option.code)?.stageId ?? undefined)
  return found
}

/**
 * The same regulation with the stages and list values of the present binding in the place of those that the portal has no more.
 * What is still there stays, whether the preset or the customer has chosen it.
 */
export const renewBinding = (regulation: Regulation, preset: Preset, binding: Binding, { stageIds, items = {} }: Pick<PortalThings, 'stageIds' | 'items'>): Regulation => {
  const before = new Map(Object.entries(stagesInForce(preset, regulation)).map(([role, stage]) => [stage, role]))
  const stageNow = (stage: StageId): StageId => stageIds.includes(stage) ? stage : binding.stages[before.get(stage) ?? ''] ?? stage
  const { card } = bindPreset(preset, binding)
  // Of a field whose values are not known none can be said to be gone.
  const isThere = (field: FieldName, value: string): boolean => value !== '' && items[field]?.includes(value) !== false
  const resultNow = (value: string, now: string): string => isThere(regulation.card.result.field, value) ? value : now
  const values = new Map(preset.fields.map(({ code }) => [boundField(binding, code), binding.fields[code]?.values ?? {}] as const))
  const renewed = <T extends { readonly code: string; readonly value: string }>(field: FieldName, options: readonly T[]): readonly T[] =>
    options.map(option => (isThere(field, option.value) ? option : { ...option, value: values.get(field)?.[option.code] ?? option.value }))
  const resultValues = (values: Regulation['card']['result']['values']): Regulation['card']['result']['values'] => ({
    qualified: resultNow(values.qualified, card.result.values.qualified),
    notQualified: resultNow(values.notQualified, card.result.values.notQualified),
    postponed: values.postponed === null ? null : resultNow(values.postponed, card.result.values.postponed ?? values.postponed),
  })
  const moved = mapReferences(regulation, (kind, id) => (kind === 'stage' ? stageNow(id as StageId) as typeof id : id))
  return {
    ...moved,
    card: {
      ...moved.card,
      groups: moved.card.groups.map(group => ({ ...group, questions: group.questions.map(question => ({ ...question, options: renewed(question.field, question.options) })) })),
      result: moved.card.result.field === card.result.field ? { ...moved.card.result, values: resultValues(moved.card.result.values) } : moved.card.result,
      nextStep: { ...moved.card.nextStep, options: renewed(moved.card.nextStep.field, moved.card.nextStep.options) },
      reason: { ...moved.card.reason, options: renewed(moved.card.reason.field, moved.card.reason.options) },
    },
  }
}
