/** The lead fields of a regulation's card: created once, list values read back by their XML_ID. */
import { type FieldName, fieldName } from '../domain/lead.ts'
import type { Preset, PresetField } from '../domain/presets/preset.ts'
import type { PortalError } from './error.ts'
import { callWhole } from './lists.ts'
import type { Portal } from './portal.ts'
import { type Call, idOf, type Outcome, resultOf, type Row, rowsOf, textOf } from './rows.ts'

export interface FieldReport {
  readonly bound: Readonly<Record<string, { readonly field: FieldName; readonly values: Readonly<Record<string, string>> }>>
  readonly created: readonly string[]
  /** Codes that are missing, of another type, or lack list values, with what the portal said. */
  readonly broken: readonly { readonly code: string; readonly why: string }[]
}

export const listFields: Call = { method: 'crm.lead.userfield.list', params: { order: { SORT: 'ASC', ID: 'ASC' } } }

export const portalNameOf = (code: string): FieldName => fieldName(`UF_CRM_LR_${code}`)

const types: Readonly<Record<PresetField['type'], string>> = {
  string: 'string', text: 'string', double: 'double', money: 'money', enumeration: 'enumeration', enumerations: 'enumeration', date: 'date', boolean: 'boolean', strings: 'string',
}

const isList = ({ type }: PresetField): boolean => type === 'enumeration' || type === 'enumerations'
const isMultiple = ({ type }: PresetField): boolean => type === 'strings' || type === 'enumerations'

/**
 * Adding a field changes the table of leads, which takes long on a large one, and the portal cuts a request off at 60 s
 * (limits.md). So a few go in one request, and one by one where a request has taken more than `slowMs`.
 */
const fieldsAtOnce = 5
const slowMs = 8_000
/** Of requests without an answer, before the rest is left to the next set-up. */
const mostUnanswered = 5

/**
 * Adds what is missing (unless `dry`) and reads everything back. A field may be there although its request outlasted the
 * portal's patience: the list is read again instead of adding twice.
 */
export const ensureFields = async (portal: Portal, preset: Preset, listed: Outcome | undefined, dry: boolean): Promise<FieldReport> => {
  let rows = rowsOf(resultOf(listed))
  const created: string[] = []
  const refusals = new Map<string, PortalError>()
  let waiting = dry ? [] : preset.fields.filter(field => rowOf(rows, field) === undefined)
  let atOnce = fieldsAtOnce
  let unanswered = 0
  while (waiting.length > 0) {
    const part = waiting.slice(0, atOnce)
    const startedMs = performance.now()
    const outcomes = await portal.callAll(part.map(field => addField(field, preset.fields.indexOf(field))), { kind: 'write' })
    if (performance.now() - startedMs > slowMs) atOnce = 1
    const errors = outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.error]))
    for (const [index, { code }] of part.entries()) {
      const outcome = outcomes[index]
      if (outcome?.ok === true) created.push(code)
      else if (outcome !== undefined) refusals.set(code, outcome.error)
    }
    waiting = waiting.slice(part.length)
    if (errors.some(({ code }) => code === 'unknown-outcome')) {
      unanswered += 1
      atOnce = 1
      rows = await readFields(portal)
      // What the portal did not come to is tried again; what it did is there.
      const lost = part.filter(field => refusals.get(field.code)?.code === 'unknown-outcome' && rowOf(rows, field) === undefined)
      if (unanswered <= mostUnanswered) waiting = [...lost, ...waiting]
    } else if (errors.some(({ code }) => code !== 'invalid')) break
  }
  if (created.length > 0 || refusals.size > 0) rows = await readFields(portal)
  const changes = dry ? [] : preset.fields.flatMap(field => missingOptions(field, rowOf(rows, field)))
  if (changes.length > 0) {
    await portal.callAll(changes, { kind: 'write' })
    rows = await readFields(portal)
  }
  const read = preset.fields.map(field => ({ field, bound: bind(field, rowOf(rows, field)) }))
  return {
    bound: Object.fromEntries(read.flatMap(({ field, bound }) => (typeof bound === 'string' ? [] : [[field.code, bound]]))),
    created,
    broken: read.flatMap(({ field: { code }, bound }) => (typeof bound === 'string' ? [{ code, why: refusals.get(code)?.bitrixMessage || bound }] : [])),
  }
}

const readFields = async (portal: Portal): Promise<readonly Row[]> => rowsOf(resultOf((await callWhole(portal, [listFields]))[0]))

const rowOf = (rows: readonly Row[], { code }: PresetField): Row | undefined => rows.find(row => row['FIELD_NAME'] === portalNameOf(code))

const addField = (field: PresetField, index: number): Call => {
  const label = { ru: field.name.ru, en: field.name.en ?? field.name.ru }
  return {
    method: 'crm.lead.userfield.add',
    params: {
      fields: {
        FIELD_NAME: `LR_${field.code}`,
        USER_TYPE_ID: types[field.type],
        XML_ID: `LEADRAIL_${field.code}`,
        LABEL: field.name.ru,
        EDIT_FORM_LABEL: label,
        LIST_COLUMN_LABEL: label,
        LIST_FILTER_LABEL: label,
        MULTIPLE: isMultiple(field) ? 'Y' : 'N',
        MANDATORY: 'N',
        SHOW_FILTER: 'Y',
        SORT: 1000 + index * 10,
        ...(field.type === 'text' ? { SETTINGS: { ROWS: 4 } } : {}),
        ...(isList(field) ? { LIST: field.options.map((option, place) => ({ VALUE: option.title.ru, XML_ID: option.code, SORT: (place + 1) * 10, DEF: 'N' })) } : {}),
      },
    },
  }
}

const itemsOf = (row: Row | undefined): readonly Row[] => rowsOf(row?.['LIST'])

/** By its XML_ID, else by its text: an administrator may have made the list himself. */
const itemFor = (items: readonly Row[], option: PresetField['options'][number]): Row | undefined =>
  items.find(item => item['XML_ID'] === option.code) ?? items.find(item => textOf(item['VALUE']).trim() === option.title.ru)

/** Adds list values that a newer preset has; the ones that are there keep their ids. */
const missingOptions = (field: PresetField, row: Row | undefined): readonly Call[] => {
  const id = idOf(row?.['ID'])
  if (!isList(field) || row === undefined || id === null || row['USER_TYPE_ID'] !== 'enumeration') return []
  const items = itemsOf(row)
  const wanted = field.options.filter(option => itemFor(items, option) === undefined)
  if (wanted.length === 0) return []
  const kept = items.map(({ ID, VALUE, SORT, DEF, XML_ID }) => ({ ID, VALUE, SORT, DEF, XML_ID }))
  return [{ method: 'crm.lead.userfield.update', params: { id, fields: { LIST: [...kept, ...wanted.map(option => ({ VALUE: option.title.ru, XML_ID: option.code, SORT: (field.options.indexOf(option) + 1) * 10, DEF: 'N' }))] } } }]
}

const bind = (field: PresetField, row: Row | undefined): { field: FieldName; values: Record<string, string> } | string => {
  if (row === undefined) return 'missing'
  if (row['USER_TYPE_ID'] !== types[field.type]) return 'another type'
  if ((row['MULTIPLE'] === 'Y') !== isMultiple(field)) return 'another type'
  if (!isList(field)) return { field: portalNameOf(field.code), values: {} }
  const items = itemsOf(row)
  const values = field.options.map(option => [option.code, idOf(itemFor(items, option)?.['ID'])] as const)
  if (values.some(([, id]) => id === null)) return 'a list value is missing'
  return { field: portalNameOf(field.code), values: Object.fromEntries(values.map(([code, id]) => [code, String(id)])) }
}
