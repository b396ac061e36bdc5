import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, EntityTypeId } from '../rows.ts'
import { itemsOf } from '../state.ts'
import { deleteItem } from '../world/deletion.ts'
import { addItem, isEntityType, stagesOf, updateItem } from '../world/items.ts'
import { describeField, fieldsOf, fieldValue, filterValue, type ItemField } from './crm-fields.ts'
import { checkRequired, existingItem, multiFieldChanges, newMultiFields, valuesToKeep } from './crm-values.ts'
import { fileShown } from './files.ts'
import { getQuote, invoiceType, listInvoices, listQuotes, quoteType, updateQuote } from './quotes.ts'
import { mayAdd, mayChange, mayDelete, mayRead } from './rights.ts'

const typeOf = (params: Params): EntityTypeId => {
  const id = Number(params['entityTypeId'])
  if (!isEntityType(id)) throw new RestError('NOT_FOUND', 'Smart process not found', 400)
  return id
}

const wantsOriginalNames = (params: Params): boolean => [true, 1, '1', 'Y', 'true'].includes(params['useOriginalUfNames'] as string)

const shown = (context: CallContext, item: CrmItem, field: ItemField): unknown =>
  (field.type === 'file' ? fileShown(context, item, field.userField?.fieldName ?? field.name, fieldValue(item, field)) : fieldValue(item, field))

/** A whole item as `crm.item.get` shows it, `fm` included. */
const showItem = (context: CallContext, item: CrmItem, known: ReadonlyMap<string, ItemField>): Record<string, unknown> => ({
  ...Object.fromEntries([...known.values()].filter(field => field.name !== 'fm').map(field => [field.name, shown(context, item, field)])),
  ...(known.has('fm') ? { fm: item.fm.map(({ id, valueType, value, typeId }) => ({ id, valueType, value, typeId })) } : {}),
  entityTypeId: item.entityTypeId,
})

const reader = (known: ReadonlyMap<string, ItemField>): FieldReader<CrmItem> => name => {
  const field = known.get(name)
  if (field === undefined || field.disabled || name === 'fm') return undefined
  const read = (item: CrmItem): unknown => filterValue(item, field)
  if (field.type === 'date' || field.type === 'datetime') return { read, kind: 'moment' }
  return field.userField?.userTypeId === 'boolean' ? { read, kind: 'flag' } : { read }
}

const list = (params: Params, context: CallContext) => {
  if (Number(params['entityTypeId']) === quoteType) return listQuotes(params, context)
  if (Number(params['entityTypeId']) === invoiceType) return listInvoices(params, context)
  const entityTypeId = typeOf(params)
  const known = fieldsOf(context.state, entityTypeId, wantsOriginalNames(params))
  const read = reader(known)
  const timeZone = context.portal.timeZone
  const refuse = (part: string) => (name: string): never => {
    throw new RestError('INVALID_ARG_VALUE', `Invalid ${part}: field '${name}' is not allowed in ${part}`, 400)
  }
  for (const [name, direction] of Object.entries(isRecord(params['order']) ? params['order'] : {})) {
    if (!/^(asc|desc)$/i.test(String(direction))) throw new RestError('INVALID_ARG_VALUE',
      `Invalid order: allowed sort directions are \`ASC, DESC\`. But got '${String(direction)}' for field '${name}'`, 400)
  }
  const matches = rowFilter(params['filter'], read, { prefixes: universalPrefixes, timeZone, unknownField: refuse('filter') })
  const rows = [...itemsOf(context.state, entityTypeId).values()].filter(item => mayRead(context, item) && matches(item))
  const sorted = sortRows(rows, params['order'] ?? { id: 'ASC' }, read, { timeZone, unknownField: refuse('order') })
  const select = (Array.isArray(params['select']) ? params['select'] : isRecord(params['select']) ? Object.values(params['select']) : []).map(String)
  const whole = select.length === 0 || select.includes('*')
  for (const name of select) if (name !== '*' && !known.has(name)) context.strictFail(`selected field ${name} is unknown`)
  if (!whole && select.includes('fm')) context.strictFail('fm cannot be selected by name')
  const show = (item: CrmItem): Record<string, unknown> => {
    if (whole) return showItem(context, item, known)
    return Object.fromEntries(select.flatMap(name => {
      const field = known.get(name)
      return field === undefined || name === 'fm' ? [] : [[name, shown(context, item, field)]]
    }))
  }
  return pageOf(sorted, params['start'], page => ({ items: page.map(show) }))
}

const add = (params: Params, context: CallContext) => {
  const entityTypeId = typeOf(params)
  if (!mayAdd(context, entityTypeId)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  const fields = context.portal.faults.withoutIgnored(isRecord(params['fields']) ? params['fields'] : {})
  const known = fieldsOf(context.state, entityTypeId, wantsOriginalNames(params))
  const values = valuesToKeep(context, entityTypeId, null, fields, known)
  for (const name of Object.keys(values)) if (values[name] === null) delete values[name]
  const fm = newMultiFields(context, fields['fm'])
  const stageId = String(values['stageId'] ?? stagesOf(context.portal, entityTypeId, Number(values['categoryId'] ?? 0))[0]?.statusId ?? '')
  checkRequired(context, entityTypeId, { ...values, stageId, fm }, known)
  const item = addItem(context.world, entityTypeId, { ...values, fm }, context.cause)
  return { result: { item: showItem(context, item, known) } }
}

const update = (params: Params, context: CallContext) => {
  if (Number(params['entityTypeId']) === quoteType) return updateQuote(params, context)
  const entityTypeId = typeOf(params)
  const item = existingItem(context, entityTypeId, params['id'])
  if (!mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  const fields = context.portal.faults.withoutIgnored(isRecord(params['fields']) ? params['fields'] : {})
  const known = fieldsOf(context.state, entityTypeId, wantsOriginalNames(params))
  const changes = valuesToKeep(context, entityTypeId, item, fields, known)
  if (fields['fm'] !== undefined) changes['fm'] = multiFieldChanges(context, item.fm, fields['fm'])
  if (changes['stageId'] !== undefined && changes['stageId'] !== item.stageId) checkRequired(context, entityTypeId, { ...item, ...changes }, known)
  updateItem(context.world, item, changes, context.cause)
  return { result: { item: showItem(context, item, known) } }
}

const ofItem = { entityTypeId: 'integer!', id: 'integer!' } as const
const scope = ['crm']

export const crmItemMethods: Methods = {
  'crm.item.add': {
    page: 'api-reference/crm/universal/crm-item-add.md', scope, params: { entityTypeId: 'integer!', fields: 'object!', useOriginalUfNames: 'boolean',
      auth_connector: 'string' }, handle: add,
  },
  'crm.item.update': {
    page: 'api-reference/crm/universal/crm-item-update.md', scope, params: { ...ofItem, fields: 'object!', useOriginalUfNames: 'boolean', auth_connector: 'string' },
    handle: update,
  },
  'crm.item.list': {
    page: 'api-reference/crm/universal/crm-item-list.md', scope,
    params: { entityTypeId: 'integer!', select: 'array', filter: 'object', order: 'object', start: 'integer', useOriginalUfNames: 'boolean' }, handle: list,
  },
  'crm.item.get': {
    page: 'api-reference/crm/universal/crm-item-get.md', scope, params: { ...ofItem, useOriginalUfNames: 'boolean' },
    handle: (params, context) => {
      if (Number(params['entityTypeId']) === quoteType) return getQuote(params, context)
      const entityTypeId = typeOf(params)
      const item = existingItem(context, entityTypeId, params['id'])
      if (!mayRead(context, item)) throw new RestError('ACCESS_DENIED', 'You do not have permission to view this item', 400)
      return { result: { item: showItem(context, item, fieldsOf(context.state, entityTypeId, wantsOriginalNames(params))) } }
    },
  },
  'crm.item.delete': {
    page: 'api-reference/crm/universal/crm-item-delete.md', scope, params: { ...ofItem, auth_connector: 'string' },
    handle: (params, context) => {
      const item = existingItem(context, typeOf(params), params['id'])
      if (!mayDelete(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
      deleteItem(context.world, item, context.cause)
      return { result: [] }
    },
  },
  'crm.item.fields': {
    page: 'api-reference/crm/universal/crm-item-fields.md', scope, params: { entityTypeId: 'integer!', useOriginalUfNames: 'boolean' },
    handle: (params, { state, portal }) => {
      const entityTypeId = typeOf(params)
      const required = state.requiredFields.get(entityTypeId) ?? []
      return { result: { fields: Object.fromEntries([...fieldsOf(state, entityTypeId, wantsOriginalNames(params))]
        .map(([name, field]) => [name, describeField(field, portal.settings.language, entityTypeId, required.includes(name))])) } }
    },
  },
}
