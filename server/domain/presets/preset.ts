/** A regulation ready to publish, with symbolic references: stages by role, fields and list values by code. */
import type { DepartmentId, FieldName, Semantic, StageId, UserId } from '../lead.ts'
import type { Option, Question, Regulation, Text } from '../regulation.ts'

export type StageRole = 'new' | 'in-work' | 'qualified' | 'not-qualified'

export interface Preset {
  readonly id: string
  readonly name: Text
  readonly stages: readonly PresetStage[]
  readonly fields: readonly PresetField[]
  /** Throws when the binding lacks a field or a list value of the preset. */
  readonly regulation: (binding: Binding) => Regulation
}

export interface PresetStage {
  readonly role: StageRole
  readonly name: Text
  readonly semantic: Semantic
}

export interface PresetField {
  /** At most 13 of A–Z, 0–9 and `_`. */
  readonly code: string
  readonly name: Text
  readonly type: 'string' | 'text' | 'double' | 'money' | 'enumeration' | 'date' | 'boolean' | 'strings'
  readonly options: readonly { readonly code: string; readonly title: Text }[]
  readonly mandatory: false
}

/** What the portal calls these things. */
export interface Binding {
  readonly stages: Readonly<Record<StageRole, StageId>>
  readonly fields: Readonly<Record<string, { readonly field: FieldName; readonly values: Readonly<Record<string, string>> }>>
  readonly departmentId: DepartmentId
  readonly withHead: boolean
  readonly fallbackUserId: UserId
}

/** The preset's regulation for one portal. Throws when the binding is incomplete. */
export const bindPreset = (preset: Preset, binding: Binding): Regulation => preset.regulation(binding)

/** The portal's name of a field. */
export const boundField = (binding: Binding, code: string): FieldName => {
  const bound = binding.fields[code]
  if (bound === undefined) throw new Error(`the binding has no field ${code}`)
  return bound.field
}

/** The portal's value of a list option. */
export const boundValue = (binding: Binding, code: string, option: string): string => {
  const value = binding.fields[code]?.values[option]
  if (value === undefined) throw new Error(`the binding has no value ${option} of the field ${code}`)
  return value
}

export const boundOptions = (binding: Binding, { code, options }: Pick<PresetField, 'code' | 'options'>): readonly Option[] =>
  options.map(option => ({ ...option, value: boundValue(binding, code, option.code) }))

/** A question before its field is known. Its code in lower case is the question's code. */
export interface PresetQuestion extends Omit<Question, 'code' | 'field' | 'options'> {
  readonly code: string
  readonly type: PresetField['type']
  readonly options: PresetField['options']
}

export const boundQuestion = (binding: Binding, { type: _type, ...question }: PresetQuestion): Question => ({
  ...question,
  code: question.code.toLowerCase(),
  field: boundField(binding, question.code),
  options: boundOptions(binding, question),
})

export const fieldOf = ({ code, title, type, options }: PresetQuestion): PresetField => ({ code, name: title, type, options, mandatory: false })
