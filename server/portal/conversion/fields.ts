/** Descriptions of fields (crm-item-fields.md) with the items of their lists (crm-status-list.md). */
import type { FieldInfo, Pipeline } from '../../domain/conversion/facts.ts'
import type { FieldValue, Semantic } from '../../domain/lead.ts'
import { type Row, rowsOf, rowsUnder, textOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import { readField } from './values.ts'

const types: Readonly<Record<string, FieldInfo['type']>> = {
  string: 'text', text: 'text', char: 'text', integer: 'number', double: 'number', money: 'money', date: 'date', datetime: 'datetime', boolean: 'yesno',
  enumeration: 'list', crm_status: 'list', crm_currency: 'list', user: 'user', employee: 'user', url: 'link', address: 'address', file: 'file',
}

/** Fields of one type of items, in the portal's order; `statuses` are the rows of all dictionaries. */
export const toFieldInfos = (result: unknown, statuses: readonly Row[]): readonly FieldInfo[] =>
  Object.entries(isRecord(result) && isRecord(result['fields']) ? result['fields'] : {}).flatMap(([name, field]) => (isRecord(field) ? [toFieldInfo(name, field, statuses)] : []))

const toFieldInfo = (name: string, field: Row, statuses: readonly Row[]): FieldInfo => {
  const type = types[textOf(field['type'])] ?? 'other'
  return {
    name,
    title: textOf(field['formLabel']) || textOf(field['title']) || name,
    type,
    multiple: field['isMultiple'] === true,
    // Yes/no always has a value; the portal itself sets it.
    required: field['isRequired'] === true && type !== 'yesno',
    readOnly: field['isReadOnly'] === true,
    custom: field['isDynamic'] === true || name.startsWith('UF_'),
    options: optionsOf(field, statuses),
  }
}

const optionsOf = (field: Row, statuses: readonly Row[]): FieldInfo['options'] => {
  if (Array.isArray(field['items'])) return rowsOf(field['items']).map(item => ({ value: textOf(item['ID']), title: textOf(item['VALUE']) }))
  const settings = isRecord(field['settings']) ? field['settings'] : {}
  const dictionary = textOf(field['statusType']) || textOf(settings['ENTITY_TYPE'])
  return dictionary === '' ? [] : statuses.filter(row => row['ENTITY_ID'] === dictionary).map(row => ({ value: textOf(row['STATUS_ID']), title: textOf(row['NAME']) }))
}

/** Values of all fields that are described; what the portal leaves out is null. */
export const valuesOf = (row: Row, infos: readonly FieldInfo[]): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(infos.map(({ name, type }) => [name, readField(row, name, type)]))

/** Pipelines of deals that this person may see (crm-category-list.md), with their stages. */
export const toPipelines = (result: unknown, statuses: readonly Row[]): readonly Pipeline[] => rowsUnder(result, 'categories')
  .flatMap((row) => {
    const id = Number(row['id'])
    return Number.isSafeInteger(id) && id >= 0 ? [{ id, name: textOf(row['name']), sort: Number(row['sort']) || 0 }] : []
  })
  .toSorted((a, b) => a.sort - b.sort || a.id - b.id)
  .map(({ id, name }) => ({ id, name, stages: stagesIn(id === 0 ? 'DEAL_STAGE' : `DEAL_STAGE_${id}`, statuses) }))

const stagesIn = (dictionary: string, statuses: readonly Row[]): Pipeline['stages'] => statuses.filter(row => row['ENTITY_ID'] === dictionary)
  .toSorted((a, b) => Number(a['SORT']) - Number(b['SORT']) || Number(a['ID']) - Number(b['ID']))
  .map(row => ({ id: textOf(row['STATUS_ID']), name: textOf(row['NAME']), semantic: semanticOf(row) }))

/** SEMANTICS is null while an item is in work; EXTRA says the same in words. */
export const semanticOf = (row: Row): Semantic => {
  const extra = isRecord(row['EXTRA']) ? textOf(row['EXTRA']['SEMANTICS']) : ''
  if (row['SEMANTICS'] === 'S' || extra === 'success') return 'success'
  return row['SEMANTICS'] === 'F' || extra === 'failure' || extra === 'apology' ? 'failure' : 'processing'
}
