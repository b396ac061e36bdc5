/** A preset bound to an invented portal that has everything it asks for. */
import { fieldName, stageId } from '../../../server/domain/lead.ts'
import type { PortalThings } from '../../../server/domain/lint.ts'
import { bindPreset } from '../../../server/domain/presets/preset.ts'
import type { Binding, Preset } from '../../../server/domain/presets/preset.ts'
import type { Question, Regulation, Step } from '../../../server/domain/regulation.ts'
import { headOfSales, officeHours, people, binding as worktopsBinding } from '../support.ts'

export const bindingOf = (preset: Preset): Binding => ({
  ...worktopsBinding,
  stages: Object.fromEntries(preset.stages.map(({ role, ownId, usualId }) => [role, stageId(usualId ?? ownId)])),
  sources: Object.fromEntries(preset.sources.map(({ code, usualId }) => [code, usualId ?? `LEADRAIL_${code.toUpperCase()}`])),
  fields: Object.fromEntries(preset.fields.map(({ code, options }) => [code, { field: fieldName(`UF_CRM_LR_${code}`), values: Object.fromEntries(options.map((option, index) => [option.code, `${code}-${index + 1}`])) }])),
  directorId: headOfSales,
})

export const boundOf = (preset: Preset): Regulation => bindPreset(preset, bindingOf(preset))

export const thingsOf = (preset: Preset): PortalThings => {
  const binding = bindingOf(preset)
  return {
    stageIds: Object.values(binding.stages),
    userIds: people.map(({ id }) => id),
    fieldNames: [...Object.values(binding.fields).map(({ field }) => field), fieldName('sourceDescription')],
    departmentPeople: { 5: people.slice(0, 3).map(({ id }) => id) },
    calendar: officeHours,
  }
}

export const questionsOf = ({ card }: Regulation): readonly Question[] => card.groups.flatMap(group => group.questions)

export const stepOf = ({ steps }: Regulation, id: string): Step => {
  const step = steps.find(one => one.id === id)
  if (step === undefined) throw new Error(`there is no step ${id}`)
  return step
}

/** Every text of a value, however deep, as `[path, text]`. */
export const textsOf = (value: unknown, path = ''): readonly (readonly [string, { readonly ru: unknown; readonly en?: unknown }])[] => {
  if (typeof value !== 'object' || value === null) return []
  if ('ru' in value) return [[path, value]]
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, `${path}.${key}`))
}
