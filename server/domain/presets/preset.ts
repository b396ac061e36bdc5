/** A regulation ready to publish, with symbolic references: stages by role, sources, fields and list values by code. */
import { fieldName, stageId, userId, departmentId } from '../lead.ts'
import type { DepartmentId, FieldName, Semantic, StageId, UserId } from '../lead.ts'
import type { Card, NextStepOption, Option, Question, RefusalReason, Regulation, Text } from '../regulation.ts'

/** What a stage is for in a preset, e.g. `in-work`; the same as the id of the step that stands on it. */
export type StageRole = string

export interface Preset {
  readonly id: string
  readonly name: Text
  /** Whom it suits, in a sentence or two. */
  readonly description: Text
  /** In their order; stages in work, then the success, then the failures. */
  readonly stages: readonly PresetStage[]
  readonly sources: readonly PresetSource[]
  readonly fields: readonly PresetField[]
  /** Throws when the binding lacks a stage, a source, a field or a list value of the preset. */
  readonly regulation: (binding: Binding) => Regulation
}

export interface PresetStage {
  readonly role: StageRole
  readonly name: Text
  readonly semantic: Semantic
  /** Id under which the application adds it; at most 21 of A–Z, 0–9 and `_`. */
  readonly ownId: string
  /** Its id on a fresh portal, where there is one. */
  readonly usualId?: string
  /** Names by which it is found on a portal that has its own stages. */
  readonly likely?: RegExp
  /** If nothing else is found: the first free stage of its kind, or the next free one after the stage of another role. */
  readonly otherwise?: 'first' | { readonly after: StageRole }
}

/** A source of leads in the portal's list of sources. */
export interface PresetSource {
  readonly code: string
  readonly name: Text
  /** Its id on a fresh portal; without one it is found by name, or added under `LEADRAIL_<code>`. */
  readonly usualId?: string
}

export interface PresetField {
  /** At most 13 of A–Z, 0–9 and `_`; presets share none, so that several may live on one portal. */
  readonly code: string
  readonly name: Text
  /** `enumerations`: several values of a list. */
  readonly type: 'string' | 'text' | 'double' | 'money' | 'enumeration' | 'enumerations' | 'date' | 'boolean' | 'strings'
  readonly options: readonly { readonly code: string; readonly title: Text }[]
  readonly mandatory: false
}

/** What the portal calls these things. */
export interface Binding {
  readonly stages: Readonly<Record<StageRole, StageId>>
  /** Ids of the portal's sources by the preset's codes. */
  readonly sources: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, { readonly field: FieldName; readonly values: Readonly<Record<string, string>> }>>
  readonly departmentId: DepartmentId
  readonly withHead: boolean
  readonly fallbackUserId: UserId
  /** Head of the company; null where he is not known, or is the fallback person himself. */
  readonly directorId: UserId | null
}

/** The preset's regulation for one portal. Throws when the binding is incomplete. */
export const bindPreset = (preset: Preset, binding: Binding): Regulation => preset.regulation(binding)

/** The preset's regulation with its own roles and codes in place of the portal's ids: to look at, never to publish. */
export const unboundRegulation = (preset: Preset): Regulation => preset.regulation({
  stages: Object.fromEntries(preset.stages.map(({ role }) => [role, stageId(role)])),
  sources: Object.fromEntries(preset.sources.map(({ code }) => [code, code])),
  fields: Object.fromEntries(preset.fields.map(({ code, options }) => [code, { field: fieldName(code), values: Object.fromEntries(options.map(option => [option.code, option.code])) }])),
  departmentId: departmentId(0),
  withHead: false,
  fallbackUserId: userId(0),
  directorId: null,
})

export const boundStage = ({ stages }: Binding, role: StageRole): StageId => {
  const stage = stages[role]
  if (stage === undefined) throw new Error(`the binding has no stage ${role}`)
  return stage
}

export const boundSources = ({ sources }: Binding, ...codes: readonly string[]): readonly string[] => codes.map((code) => {
  const source = sources[code]
  if (source === undefined) throw new Error(`the binding has no source ${code}`)
  return source
})

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

/** A question before its field is known. Its code in lower case is the question's code. */
export interface PresetQuestion extends Omit<Question, 'code' | 'field' | 'options'> {
  readonly code: string
  readonly type: PresetField['type']
  readonly options: PresetField['options']
}

interface Titled { readonly code: string; readonly title: Text }

export interface PresetCard {
  readonly groups: readonly { readonly id: string; readonly title: Text; readonly questions: readonly PresetQuestion[] }[]
  readonly comment: Titled & { readonly required: boolean }
  /** Its options are `qualified`, `not-qualified` and, where leads may be put off, `postponed`. */
  readonly result: Titled & Pick<PresetField, 'options'>
  readonly postponedUntil?: Titled
  readonly nextStep: Titled & { readonly options: readonly (Titled & { readonly stage?: StageRole; readonly stay?: true })[] }
  readonly reason: Titled & { readonly options: readonly (Omit<RefusalReason, 'value' | 'stageId'> & { readonly stage?: StageRole })[] }
  readonly unknown: Titled
}

/** The fields that a card lives in. */
export const cardFields = ({ groups, comment, result, postponedUntil, nextStep, reason, unknown }: PresetCard): readonly PresetField[] => {
  const plain = (titled: Titled, type: PresetField['type']): PresetField => ({ code: titled.code, name: titled.title, type, options: [], mandatory: false })
  const list = ({ code, title, options }: Titled & Pick<PresetField, 'options'>): PresetField => ({ code, name: title, type: 'enumeration', options: options.map(option => ({ code: option.code, title: option.title })), mandatory: false })
  return [
    ...groups.flatMap(group => group.questions.map(({ code, title, type, options }): PresetField => ({ code, name: title, type, options, mandatory: false }))),
    plain(comment, 'text'),
    list(result),
    ...(postponedUntil === undefined ? [] : [plain(postponedUntil, 'date')]),
    list(nextStep),
    list(reason),
    plain(unknown, 'strings'),
  ]
}

/** The card on one portal. */
export const boundCard = (binding: Binding, { groups, comment, result, postponedUntil, nextStep, reason, unknown }: PresetCard): Card => {
  const hasPostponed = result.options.some(({ code }) => code === 'postponed')
  return {
    groups: groups.map(group => ({ ...group, questions: group.questions.map(question => boundQuestion(binding, question)) })),
    comment: { field: boundField(binding, comment.code), required: comment.required, title: comment.title },
    result: {
      field: boundField(binding, result.code),
      title: result.title,
      values: { qualified: boundValue(binding, result.code, 'qualified'), notQualified: boundValue(binding, result.code, 'not-qualified'), postponed: hasPostponed ? boundValue(binding, result.code, 'postponed') : null },
    },
    postponedUntil: postponedUntil === undefined ? null : { field: boundField(binding, postponedUntil.code), title: postponedUntil.title },
    nextStep: { field: boundField(binding, nextStep.code), title: nextStep.title, options: nextStep.options.map((option): NextStepOption => withStage(binding, nextStep.code, option)) },
    reason: { field: boundField(binding, reason.code), title: reason.title, options: reason.options.map((option): RefusalReason => withStage(binding, reason.code, option)) },
    unknown: { field: boundField(binding, unknown.code) },
  }
}

const boundQuestion = (binding: Binding, { type: _type, ...question }: PresetQuestion): Question => ({
  ...question,
  code: question.code.toLowerCase(),
  field: boundField(binding, question.code),
  options: question.options.map((option): Option => ({ ...option, value: boundValue(binding, question.code, option.code) })),
})

const withStage = <T extends { readonly code: string }>(binding: Binding, field: string, { stage, ...option }: T & { readonly stage?: StageRole }) => ({
  ...option,
  value: boundValue(binding, field, option.code),
  ...(stage === undefined ? {} : { stageId: boundStage(binding, stage) }),
})
