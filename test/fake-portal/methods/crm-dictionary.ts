import { isRecord } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { phpObject } from '../core/php-arrays.ts'
import { RestError } from '../core/rest-error.ts'
import type { Currency, StageHistoryEntry, Status } from '../rows.ts'
import { itemsOf, type PortalState } from '../state.ts'
import { isEntityType, typeNames } from '../world/items.ts'
import { addStatus } from '../world/people.ts'
import { mayRead } from './rights.ts'

const statusRow = (one: Status): Record<string, unknown> => ({
  ID: String(one.id), ENTITY_ID: one.entityId, STATUS_ID: one.statusId, NAME: one.name, NAME_INIT: one.nameInit, SORT: String(one.sort),
  SYSTEM: one.system ? 'Y' : 'N',
  CATEGORY_ID: one.categoryId === null ? null : String(one.categoryId), COLOR: one.color, SEMANTICS: one.semantics,
})

const statusListRow = (one: Status): Record<string, unknown> =>
  (one.isStage ? { ...statusRow(one), EXTRA: { SEMANTICS: { S: 'success', F: 'failure', P: 'process' }[one.semantics ?? 'P'], COLOR: one.color } } : statusRow(one))

const statusNames = ['ID', 'ENTITY_ID', 'STATUS_ID', 'NAME', 'NAME_INIT', 'SORT', 'SYSTEM', 'CATEGORY_ID', 'COLOR', 'SEMANTICS']

const statusField: FieldReader<Status> = name => (statusNames.includes(name) ? { read: one => statusRow(one)[name] } : undefined)

const historyRow = (one: StageHistoryEntry): Record<string, unknown> => ({
  ID: one.id, TYPE_ID: one.typeId, OWNER_ID: one.ownerId, CREATED_TIME: one.createdTime,
  ...(one.entityTypeId === 1 ? { STATUS_SEMANTIC_ID: one.semanticId, STATUS_ID: one.stageId } : { CATEGORY_ID: one.categoryId, STAGE_SEMANTIC_ID: one.semanticId,
    STAGE_ID: one.stageId }),
})

const historyField = (entityTypeId: number): FieldReader<StageHistoryEntry> => name => {
  const names = entityTypeId === 1 ? ['STATUS_SEMANTIC_ID', 'STATUS_ID'] : ['CATEGORY_ID', 'STAGE_SEMANTIC_ID', 'STAGE_ID']
  if (!['ID', 'TYPE_ID', 'OWNER_ID', 'CREATED_TIME', ...names].includes(name)) return undefined
  return { read: one => historyRow(one)[name], ...(name === 'CREATED_TIME' ? { kind: 'moment' as const } : {}) }
}

const stageHistory = (params: Record<string, unknown>, context: CallContext) => {
  const entityTypeId = Number(params['entityTypeId'])
  if (entityTypeId !== 1 && entityTypeId !== 2) throw new RestError('ENTITY_TYPE_NOT_SUPPORTED', 'Entity type is not supported', 400)
  const field = historyField(entityTypeId)
  const refuse = (part: string) => (name: string): never => {
    throw new RestError('INVALID_ARG_VALUE', `Invalid ${part}: field '${name}' is not allowed in ${part}`, 400)
  }
  const timeZone = context.portal.timeZone
  const matches = rowFilter(params['filter'], field, { prefixes: universalPrefixes, timeZone, unknownField: refuse('filter') })
  const readable = (one: StageHistoryEntry): boolean => {
    const item = itemsOf(context.state, entityTypeId).get(one.ownerId)
    return item !== undefined && mayRead(context, item)
  }
  const rows = sortRows(context.state.stageHistory.filter(one => one.entityTypeId === entityTypeId && matches(one) && readable(one)),
    params['order'] ?? { ID: 'ASC' }, field, { timeZone, unknownField: refuse('order') })
  const select = (Array.isArray(params['select']) ? params['select'] : isRecord(params['select']) ? Object.values(params['select']) : []).map(String)
  const show = (one: StageHistoryEntry): Record<string, unknown> =>
    (select.length === 0 || select.includes('*') ? historyRow(one) : Object.fromEntries(Object.entries(historyRow(one)).filter(([name]) => select.includes(name))))
  return pageOf(rows, params['start'], page => ({ items: page.map(show) }))
}

const digits = (value: string): string => value.replace(/\D/g, '').replace(/^8(\d{10})$/, '7$1')

/** Phones are compared by their digits, a leading 8 of eleven like 7 (assumed; the page only says that extensions do not count). */
const findDuplicates = (params: Record<string, unknown>, context: CallContext): unknown => {
  const type = String(params['type'] ?? '')
  if (type === '') throw new RestError('Communication type is not defined', "Parameter 'type' is required.", 400)
  if (type !== 'PHONE' && type !== 'EMAIL') throw new RestError(`Communication type '${type}' is not supported in current context`,
    'Only PHONE and EMAIL are supported.', 400)
  const values = (Array.isArray(params['values']) ? params['values'] : isRecord(params['values']) ? Object.values(params['values']) : []).map(String).slice(0, 20)
  if (values.length === 0) throw new RestError('Communication values is not defined', "Parameter 'values' is required.", 400)
  const even = (value: string): string => (type === 'PHONE' ? digits(value.split(';')[0] ?? '') : value.trim().toLowerCase())
  const wanted = new Set(values.map(even))
  const found: Record<string, number[]> = {}
  for (const entityTypeId of [1, 3, 4] as const) {
    const name = typeNames[entityTypeId]
    if (params['entity_type'] !== undefined && params['entity_type'] !== name) continue
    const ids = [...itemsOf(context.state, entityTypeId).values()]
      .filter(item => mayRead(context, item) && item.fm.some(field => field.typeId === type && wanted.has(even(field.value)))).map(item => item.id).slice(0, 20)
    if (ids.length > 0) found[name] = ids
    if (ids.length >= 20) break
  }
  return phpObject(found)
}

const stageTypes = [
  { ID: 'STATUS', NAME: 'Стадии лида', start: 'NEW', success: 'CONVERTED', failure: 'JUNK', ENTITY_TYPE_ID: 1 },
  { ID: 'DEAL_STAGE', NAME: 'Стадии сделки', start: 'NEW', success: 'WON', failure: 'LOSE', ENTITY_TYPE_ID: 2 },
  { ID: 'QUOTE_STATUS', NAME: 'Стадии предложения', start: 'DRAFT', success: 'APPROVED', failure: 'DECLAINED', ENTITY_TYPE_ID: 7 },
]
const plainTypes = { SOURCE: 'Источники', CONTACT_TYPE: 'Тип контакта', COMPANY_TYPE: 'Тип компании', EMPLOYEES: 'Количество сотрудников',
  INDUSTRY: 'Сфера деятельности', DEAL_TYPE: 'Тип сделки', HONORIFIC: 'Обращения', CALL_LIST: 'Статусы обзвона' }

/** Stages of deal pipelines besides the general one (api-reference/crm/status/crm-status-entity-types.md). */
const pipelineTypes = ({ categories }: PortalState) => categories.filter(one => one.entityTypeId === 2 && one.id > 0).map(({ id, name }) => ({
  ID: `DEAL_STAGE_${id}`, NAME: `Стадии сделки: ${name}`, PARENT_ID: 'DEAL_STAGE', SEMANTIC_INFO: { START_FIELD: `C${id}:NEW`, FINAL_SUCCESS_FIELD: `C${id}:WON`, FINAL_UNSUCCESS_FIELD: `C${id}:LOSE`, FINAL_SORT: 0 },
  PREFIX: `C${id}`, FIELD_ATTRIBUTE_SCOPE: `category_${id}`, ENTITY_TYPE_ID: 2, CATEGORY_ID: String(id),
}))

const currencyRow = ({ id, name, rate, sort }: Currency, { portal, state }: CallContext): Record<string, unknown> => ({
  CURRENCY: id, AMOUNT_CNT: '1', AMOUNT: rate.toFixed(4), SORT: String(sort), BASE: id === state.baseCurrency ? 'Y' : 'N', FULL_NAME: name, LID: portal.settings.language,
  FORMAT_STRING: `# ${{ RUB: '₽', USD: '$', EUR: '€' }[id] ?? id}`, DEC_POINT: '.', THOUSANDS_SEP: '&nbsp;', DECIMALS: '2', DATE_UPDATE: '2026-01-01T00:00:00+03:00',
})

const scope = ['crm']

export const crmDictionaryMethods: Methods = {
  'crm.settings.mode.get': { page: 'api-reference/crm/crm-settings-mode-get.md', scope, params: {}, handle: (_params, { state }) => ({ result: state.crmMode }) },
  'crm.status.list': {
    page: 'api-reference/crm/status/crm-status-list.md', scope, params: { order: 'object', filter: 'object', start: 'integer' },
    handle: (params, context) => {
      const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`unknown field ${name}`) }
      const rows = [...context.state.statuses.values()].filter(rowFilter(params['filter'], statusField, dialect))
      return pageOf(sortRows(rows, params['order'] ?? { SORT: 'ASC', ID: 'ASC' }, statusField, dialect), params['start'], page => page.map(statusListRow))
    },
  },
  'crm.status.get': {
    page: 'api-reference/crm/status/crm-status-get.md', scope, params: { id: 'integer!' },
    handle: ({ id }, { state }) => {
      const status = state.statuses.get(Number(id))
      if (status === undefined) throw new RestError('', 'CRM status not found.', 400)
      return { result: statusRow(status) }
    },
  },
  'crm.status.add': {
    page: 'api-reference/crm/status/crm-status-add.md', scope, params: { fields: 'object!' },
    handle: ({ fields }, { state, isAdmin }) => {
      if (!isAdmin) throw new RestError('', 'Access denied.', 400)
      if (!isRecord(fields)) throw new RestError('', "Parameter 'fields' must be array.", 400)
      const { ENTITY_ID: entityId, STATUS_ID: statusId, NAME: name, SORT: sort, COLOR: color, SEMANTICS: semantics } = fields
      if (typeof entityId !== 'string' || entityId === '') throw new RestError('', 'The field ENTITY_ID is required.', 400)
      if (typeof statusId !== 'string' || statusId === '') throw new RestError('', 'The field STATUS_ID is required.', 400)
      if (typeof name !== 'string' || name === '') throw new RestError('', 'The field Title is required.', 400)
      const known = stageTypes.some(type => type.ID === entityId) || entityId in plainTypes || /^DEAL_STAGE_\d+$/.test(entityId)
      if (!known) throw new RestError('', 'Specified entity type is not supported.', 400)
      if ([...state.statuses.values()].some(one => one.entityId === entityId && one.statusId === statusId)) throw new RestError('ERROR_CORE',
        'The specified status ID already exists.', 400)
      if (entityId === 'STATUS' && !/^[A-Za-z0-9_-]{1,21}$/.test(statusId)) throw new RestError('', 'Error on creating status.', 400)
      const added = addStatus(state, {
        entityId, statusId, name, sort: Number(sort ?? 10), ...(typeof color === 'string' ? { color } : {}),
        semantics: semantics === 'S' || semantics === 'F' ? semantics : null,
      })
      return { result: added.id }
    },
  },
  'crm.status.entity.types': {
    page: 'api-reference/crm/status/crm-status-entity-types.md', scope, params: {},
    handle: (_params, { state }) => ({
      result: [
        ...pipelineTypes(state),
        ...stageTypes.map(({ start, success, failure, ...type }) => ({ ...type,
          SEMANTIC_INFO: { START_FIELD: start, FINAL_SUCCESS_FIELD: success, FINAL_UNSUCCESS_FIELD: failure, FINAL_SORT: 0 } })),
        ...Object.entries(plainTypes).map(([ID, NAME]) => ({ ID, NAME })),
      ],
    }),
  },
  'crm.category.list': {
    page: 'api-reference/crm/universal/category/crm-category-list.md', scope, params: { entityTypeId: 'integer!' },
    handle: ({ entityTypeId }, { state }) => {
      const id = Number(entityTypeId)
      if (!isEntityType(id)) throw new RestError('NOT_FOUND', 'Smart process not found', 400)
      if (id === 1 || id === 4) throw new RestError('ENTITY_TYPE_NOT_SUPPORTED', `Entity type \`${typeNames[id]}\` is not supported`, 400)
      const rows = state.categories.filter(category => category.entityTypeId === id)
      return { result: { categories: rows.map(one => ({ id: one.id, name: one.name, sort: one.sort, entityTypeId: id, isDefault: one.isDefault ? 'Y' : 'N',
        ...(one.isDefault ? {} : { originId: '', originatorId: '' }) })) },
        total: rows.length }
    },
  },
  'crm.stagehistory.list': {
    page: 'api-reference/crm/crm-stage-history-list.md', scope, params: { entityTypeId: 'integer!', order: 'object', filter: 'object', select: 'array|object',
      start: 'integer' }, handle: stageHistory,
  },
  'crm.duplicate.findbycomm': {
    page: 'api-reference/crm/duplicates/crm-duplicate-find-by-comm.md', scope, params: { type: 'string!', values: 'array!', entity_type: 'string' },
    handle: (params, context) => ({ result: findDuplicates(params, context) }),
  },
  'crm.currency.base.get': { page: 'api-reference/crm/currency/crm-currency-base-get.md', scope, params: {},
    handle: (_params, { state }) => ({ result: state.baseCurrency }) },
  'crm.currency.list': {
    page: 'api-reference/crm/currency/crm-currency-list.md', scope, params: { order: 'object' },
    handle: ({ order }, context) => {
      const names = ['CURRENCY', 'AMOUNT', 'AMOUNT_CNT', 'SORT', 'BASE', 'FULL_NAME', 'LID', 'DATE_UPDATE']
      const field: FieldReader<Record<string, unknown>> = name => (names.includes(name) ? { read: row => row[name] } : undefined)
      const rows = sortRows(context.state.currencies.map(one => currencyRow(one, context)), order ?? { SORT: 'asc' }, field,
        { timeZone: context.portal.timeZone, unknownField: name => context.strictFail(`order field ${name} is unknown`) })
      return { result: rows, total: 0 }
    },
  },
  'crm.enum.ownertype': {
    page: 'api-reference/crm/auxiliary/enum/crm-enum-owner-type.md', scope, params: {},
    handle: () => ({
      result: [
        { ID: 1, NAME: 'Лид', SYMBOL_CODE: 'LEAD', SYMBOL_CODE_SHORT: 'L' }, { ID: 2, NAME: 'Сделка', SYMBOL_CODE: 'DEAL', SYMBOL_CODE_SHORT: 'D' },
        { ID: 3, NAME: 'Контакт', SYMBOL_CODE: 'CONTACT', SYMBOL_CODE_SHORT: 'C' }, { ID: 4, NAME: 'Компания', SYMBOL_CODE: 'COMPANY', SYMBOL_CODE_SHORT: 'CO' },
      ],
    }),
  },
}
