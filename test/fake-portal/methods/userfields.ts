import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { phpObject } from '../core/php-arrays.ts'
import { RestError } from '../core/rest-error.ts'
import { itemsOf, nextId } from '../state.ts'
import type { UserField, UserFieldOption } from '../rows.ts'

type EntityType = 'LEAD' | 'DEAL' | 'CONTACT' | 'COMPANY'

const types = ['string', 'integer', 'double', 'boolean', 'datetime', 'date', 'money', 'url', 'address', 'enumeration', 'file', 'employee', 'crm_status',
  'iblock_section', 'iblock_element', 'crm']
const languages = ['ar', 'br', 'de', 'en', 'fr', 'hi', 'id', 'it', 'ja', 'kz', 'la', 'ms', 'pl', 'ru', 'sc', 'tc', 'th', 'tr', 'ua', 'vn']

const flag = (value: unknown, fallback: boolean): boolean => (value === undefined ? fallback : value === 'Y' || value === true || value === 1 || value === '1')
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A label for all languages: a string everywhere, a map with the plain label where it says nothing. */
const labels = (value: unknown, plain: string): Record<string, string> => {
  const given = isRecord(value) ? value : {}
  return Object.fromEntries(languages.map(language => [language, typeof value === 'string' ? value : text(given[language]) || plain]))
}

const yes = (value: boolean): 'Y' | 'N' => (value ? 'Y' : 'N')

const optionRow = (option: UserFieldOption) => ({ ID: String(option.id), SORT: String(option.sort), VALUE: option.value, DEF: yes(option.def),
  XML_ID: option.xmlId })

const plainRow = (field: UserField): Record<string, unknown> => ({
  ID: String(field.id), ENTITY_ID: field.entityId, FIELD_NAME: field.fieldName, USER_TYPE_ID: field.userTypeId, XML_ID: field.xmlId === '' ? null : field.xmlId,
  SORT: String(field.sort),
  MULTIPLE: yes(field.multiple), MANDATORY: yes(field.mandatory), SHOW_FILTER: field.showFilter, SHOW_IN_LIST: yes(field.showInList),
  EDIT_IN_LIST: yes(field.editInList), IS_SEARCHABLE: yes(field.isSearchable),
  SETTINGS: phpObject(field.settings),
})

const listPart = (field: UserField) => (field.userTypeId === 'enumeration' ? { LIST: [...field.list].sort((a, b) => a.sort - b.sort || a.id - b.id).map(optionRow) } : {})

const wholeRow = (field: UserField): Record<string, unknown> => ({
  ...plainRow(field), EDIT_FORM_LABEL: field.editFormLabel, LIST_COLUMN_LABEL: field.listColumnLabel, LIST_FILTER_LABEL: field.listFilterLabel,
  ERROR_MESSAGE: labels('', ''), HELP_MESSAGE: labels('', ''), ...listPart(field),
})

/** New options; known ones (by ID) are changed, with DEL=Y removed; an XML_ID twice is refused. */
const mergeOptions = (context: CallContext, before: readonly UserFieldOption[], given: unknown): UserFieldOption[] => {
  const rows: unknown[] = Array.isArray(given) ? given : isRecord(given) ? Object.values(given) : []
  const options = [...before]
  for (const row of rows) {
    if (!isRecord(row)) continue
    const index = options.findIndex(option => String(option.id) === text(row['ID']))
    const old = options[index]
    if (old !== undefined) {
      if (row['DEL'] === 'Y') options.splice(index, 1)
      else options[index] = { ...old, value: text(row['VALUE']) || old.value, sort: Number(row['SORT'] ?? old.sort), def: flag(row['DEF'], old.def),
        xmlId: text(row['XML_ID']) || old.xmlId }
      continue
    }
    if (text(row['VALUE']) === '') continue
    const xmlId = text(row['XML_ID']) || context.portal.random.hex(32)
    if (options.some(option => option.xmlId === xmlId)) throw new RestError('ERROR_CORE', `List item with XML_ID=${xmlId} already exists.`, 400)
    options.push({ id: nextId(context.state, 'enum'), sort: Number(row['SORT'] ?? 0), value: text(row['VALUE']), def: flag(row['DEF'], false), xmlId })
  }
  return options
}

const writable = ['USER_TYPE_ID', 'FIELD_NAME', 'LABEL', 'XML_ID', 'LIST_FILTER_LABEL', 'LIST_COLUMN_LABEL', 'EDIT_FORM_LABEL', 'ERROR_MESSAGE', 'HELP_MESSAGE',
  'MULTIPLE', 'MANDATORY', 'SHOW_FILTER', 'SETTINGS', 'LIST', 'SORT', 'SHOW_IN_LIST', 'EDIT_IN_LIST', 'IS_SEARCHABLE']

const checkNames = (context: CallContext, fields: Params): void => {
  for (const name of Object.keys(fields)) if (!writable.includes(name)) context.strictFail(`field ${name} is unknown`)
}

const denied = (): RestError => new RestError('', 'Access denied.', 400)

const add = (type: EntityType) => (params: Params, context: CallContext) => {
  const { state } = context
  if (!context.isAdmin) throw denied()
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  checkNames(context, fields)
  const userTypeId = text(fields['USER_TYPE_ID'])
  if (userTypeId === '') throw new RestError('', "The 'USER_TYPE_ID' field is not found.", 400)
  if (text(fields['FIELD_NAME']) === '') throw new RestError('', "The 'FIELD_NAME' field is not found.", 400)
  if (!types.includes(userTypeId) && !userTypeId.startsWith('rest_')) throw new RestError('ERROR_CORE', 'Invalid custom type specified.<br>', 400)
  const fieldName = `UF_CRM_${text(fields['FIELD_NAME']).toUpperCase().replace(/^UF_(CRM_)?/, '')}`
  if (fieldName.length > 50) throw new RestError('ERROR_CORE', 'Field name is too long (more than 50 characters).<br>', 400)
  if (!/^[A-Z0-9_]+$/.test(fieldName)) throw new RestError('ERROR_CORE', 'Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _.<br>', 400)
  if ([...state.userFields.values()].some(field => field.entityId === `CRM_${type}` && field.fieldName === fieldName)) throw new RestError('ERROR_CORE',
    `Поле ${fieldName} для объекта CRM_${type} уже существует.<br>`, 400)
  const plain = text(fields['LABEL'])
  const field: UserField = {
    id: nextId(state, 'userField'), entityId: `CRM_${type}`, fieldName, userTypeId, xmlId: text(fields['XML_ID']), sort: Number(fields['SORT'] ?? 100),
    multiple: userTypeId !== 'boolean' && flag(fields['MULTIPLE'], false),
    mandatory: flag(fields['MANDATORY'], false), showFilter: flag(fields['SHOW_FILTER'], false) ? 'E' : 'N', showInList: flag(fields['SHOW_IN_LIST'], false),
    editInList: flag(fields['EDIT_IN_LIST'], true),
    isSearchable: flag(fields['IS_SEARCHABLE'], false), settings: isRecord(fields['SETTINGS']) ? fields['SETTINGS'] : {},
    editFormLabel: labels(fields['EDIT_FORM_LABEL'], plain),
    listColumnLabel: labels(fields['LIST_COLUMN_LABEL'], plain), listFilterLabel: labels(fields['LIST_FILTER_LABEL'], plain),
    list: userTypeId === 'enumeration' ? mergeOptions(context, [], fields['LIST']) : [],
  }
  state.userFields.set(field.id, field)
  context.world.fire(`ONCRM${type}USERFIELDADD`, { FIELDS: { ID: field.id, ENTITY_ID: field.entityId, FIELD_NAME: field.fieldName } }, context.cause)
  return { result: field.id }
}

const existing = ({ state }: CallContext, id: unknown, type: EntityType): UserField => {
  const field = state.userFields.get(Number(id))
  if (field === undefined || field.entityId !== `CRM_${type}`) throw new RestError('ERROR_NOT_FOUND', `The entity with ID '${String(id)}' is not found`, 400)
  return field
}

const update = (type: EntityType) => (params: Params, context: CallContext) => {
  if (!context.isAdmin) throw denied()
  const field = existing(context, params['id'], type)
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  checkNames(context, fields)
  const plain = text(fields['LABEL'])
  const relabel = (name: string, before: Record<string, string>) => (fields[name] === undefined && plain === '' ? before : { ...before,
    ...labels(fields[name], plain) })
  Object.assign(field, {
    sort: Number(fields['SORT'] ?? field.sort), mandatory: flag(fields['MANDATORY'], field.mandatory),
    showFilter: fields['SHOW_FILTER'] === undefined ? field.showFilter : flag(fields['SHOW_FILTER'], false) ? 'E' : 'N',
    editInList: flag(fields['EDIT_IN_LIST'], field.editInList), xmlId: fields['XML_ID'] === undefined ? field.xmlId : text(fields['XML_ID']),
    settings: isRecord(fields['SETTINGS']) ? { ...field.settings, ...fields['SETTINGS'] } : field.settings,
    editFormLabel: relabel('EDIT_FORM_LABEL', field.editFormLabel), listColumnLabel: relabel('LIST_COLUMN_LABEL', field.listColumnLabel),
    listFilterLabel: relabel('LIST_FILTER_LABEL', field.listFilterLabel),
    list: fields['LIST'] === undefined ? field.list : mergeOptions(context, field.list, fields['LIST']),
  })
  context.world.fire(`ONCRM${type}USERFIELDUPDATE`, { FIELDS: { ID: field.id, ENTITY_ID: field.entityId, FIELD_NAME: field.fieldName } }, context.cause)
  return { result: true }
}

const filterable = ['ID', 'ENTITY_ID', 'FIELD_NAME', 'USER_TYPE_ID', 'XML_ID', 'SORT', 'MULTIPLE', 'MANDATORY', 'SHOW_FILTER', 'SHOW_IN_LIST', 'EDIT_IN_LIST',
  'IS_SEARCHABLE']

const fieldReader: FieldReader<UserField> = name => (filterable.includes(name) ? { read: field => plainRow(field)[name] } : undefined)

const list = (type: EntityType) => (params: Params, context: CallContext) => {
  const { LANG: language, ...filter } = isRecord(params['filter']) ? params['filter'] : {}
  const dialect = { prefixes: [], timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`field ${name} is unknown`) }
  const matches = rowFilter(filter, fieldReader, dialect)
  const rows = sortRows([...context.state.userFields.values()].filter(field => field.entityId === `CRM_${type}` && matches(field)),
    params['order'] ?? { SORT: 'ASC', ID: 'ASC' }, fieldReader, dialect)
  const inLanguage = (field: UserField) => (typeof language === 'string'
    ? { EDIT_FORM_LABEL: field.editFormLabel[language] ?? null, LIST_COLUMN_LABEL: field.listColumnLabel[language] ?? null,
      LIST_FILTER_LABEL: field.listFilterLabel[language] ?? null, ERROR_MESSAGE: null, HELP_MESSAGE: null }
    : {})
  return pageOf(rows, params['start'], page => page.map(field => ({ ...plainRow(field), ...inLanguage(field), ...listPart(field) })))
}

const remove = (type: EntityType) => ({ id }: Params, context: CallContext) => {
  if (!context.isAdmin) throw denied()
  const field = existing(context, id, type)
  context.state.userFields.delete(field.id)
  for (const item of itemsOf(context.state, typeIds[type]).values()) delete item[field.fieldName]
  context.world.fire(`ONCRM${type}USERFIELDDELETE`, { FIELDS: { ID: field.id, ENTITY_ID: field.entityId, FIELD_NAME: field.fieldName } }, context.cause)
  return { result: true }
}

const scope = ['crm']
const typeIds = { LEAD: 1, DEAL: 2, CONTACT: 3, COMPANY: 4 } as const
const folders: Record<EntityType, string> = { LEAD: 'leads/userfield', DEAL: 'deals/user-defined-fields', CONTACT: 'contacts/userfield', COMPANY: 'companies/userfields' }

const methodsOf = (type: EntityType): Methods => {
  const prefix = `crm.${type.toLowerCase()}.userfield`
  const page = (act: string): string => `api-reference/crm/${folders[type]}/crm-${type.toLowerCase()}-userfield-${act}.md`
  const start = type === 'LEAD' ? { start: 'integer' } : {}
  return {
    [`${prefix}.add`]: { page: page('add'), scope, params: { fields: 'object!' }, handle: add(type) },
    [`${prefix}.update`]: { page: page('update'), scope, params: { id: 'integer!', fields: 'object!' }, handle: update(type) },
    [`${prefix}.list`]: { page: page('list'), scope, params: { filter: 'object', order: 'object', ...start }, handle: list(type) },
    [`${prefix}.get`]: { page: page('get'), scope, params: { id: 'integer!' }, handle: ({ id }, context) => ({ result: wholeRow(existing(context, id, type)) }) },
    [`${prefix}.delete`]: { page: page('delete'), scope, params: { id: 'integer!' }, handle: remove(type) },
  }
}

/** User fields of leads, deals, contacts and companies are alike. */
export const userFieldMethods: Methods = Object.assign({}, ...(['LEAD', 'DEAL', 'CONTACT', 'COMPANY'] as const).map(methodsOf)) as Methods
