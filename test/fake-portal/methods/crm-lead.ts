import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, MultiField } from '../rows.ts'
import { addItem, stagesOf, updateItem } from '../world/items.ts'
import { fieldsOf, fieldValue, type ItemField } from './crm-fields.ts'
import { checkRequired, multiFieldChanges, valuesToKeep } from './crm-values.ts'
import { mayChange, mayRead } from './rights.ts'

/** Classic names of lead fields (api-reference/crm/leads/crm-lead-get.md) and their universal ones. */
const classic: Record<string, string> = {
  ID: 'id', TITLE: 'title', HONORIFIC: 'honorific', NAME: 'name', SECOND_NAME: 'secondName', LAST_NAME: 'lastName', COMPANY_TITLE: 'companyTitle',
  COMPANY_ID: 'companyId', CONTACT_ID: 'contactId',
  IS_RETURN_CUSTOMER: 'isReturnCustomer', BIRTHDATE: 'birthdate', SOURCE_ID: 'sourceId', SOURCE_DESCRIPTION: 'sourceDescription', STATUS_ID: 'stageId',
  STATUS_DESCRIPTION: 'statusDescription', POST: 'post',
  COMMENTS: 'comments', CURRENCY_ID: 'currencyId', OPPORTUNITY: 'opportunity', IS_MANUAL_OPPORTUNITY: 'isManualOpportunity', HAS_PHONE: 'hasPhone',
  HAS_EMAIL: 'hasEmail', HAS_IMOL: 'hasImol',
  ASSIGNED_BY_ID: 'assignedById', CREATED_BY_ID: 'createdBy', MODIFY_BY_ID: 'updatedBy', DATE_CREATE: 'createdTime', DATE_MODIFY: 'updatedTime',
  DATE_CLOSED: 'dateClosed', STATUS_SEMANTIC_ID: 'stageSemanticId',
  OPENED: 'opened', ORIGINATOR_ID: 'originatorId', ORIGIN_ID: 'originId', MOVED_BY_ID: 'movedBy', MOVED_TIME: 'movedTime', UTM_SOURCE: 'utmSource',
  UTM_MEDIUM: 'utmMedium', UTM_CAMPAIGN: 'utmCampaign',
  UTM_CONTENT: 'utmContent', UTM_TERM: 'utmTerm', LAST_ACTIVITY_BY: 'lastActivityBy', LAST_ACTIVITY_TIME: 'lastActivityTime',
}
const multi = ['PHONE', 'EMAIL', 'WEB', 'IM', 'LINK'] as const

/** Values of classic methods are strings; a number with two digits for money. */
const classicValue = (name: string, value: unknown, field: ItemField): unknown => {
  if (name === 'OPPORTUNITY') return Number(value ?? 0).toFixed(2)
  if (field.userField !== null && value === null) return field.multiple ? [] : field.userField.userTypeId === 'boolean' ? false : null
  if (field.userField?.userTypeId === 'boolean') return value === 'Y' ? '1' : '0'
  if (Array.isArray(value)) return value.map(one => (typeof one === 'number' && field.userField?.userTypeId !== 'enumeration' ? String(one) : one))
  return typeof value === 'number' ? String(value) : value
}

const showMulti = (item: CrmItem, typeId: string) => item.fm.filter(one => one.typeId === typeId).map(one => ({ ID: String(one.id), VALUE_TYPE: one.valueType,
  VALUE: one.value, TYPE_ID: one.typeId }))

const knownOf = (context: CallContext): Map<string, ItemField> => fieldsOf(context.state, 1, true)

const showLead = (item: CrmItem, known: ReadonlyMap<string, ItemField>, wanted: (name: string, kind: 'own' | 'user' | 'multi') => boolean): Record<string, unknown> => {
  const shown: Record<string, unknown> = {}
  for (const [name, universal] of Object.entries(classic)) {
    const field = known.get(universal)
    if (field !== undefined && wanted(name, 'own')) shown[name] = classicValue(name, fieldValue(item, field), field)
  }
  for (const field of known.values()) if (field.userField !== null && wanted(field.name, 'user')) shown[field.name] = classicValue(field.name,
    fieldValue(item, field), field)
  for (const typeId of multi) if (wanted(typeId, 'multi') && item.fm.some(one => one.typeId === typeId)) shown[typeId] = showMulti(item, typeId)
  return shown
}

/** Classic `fields` → universal ones, and the change of phones and addresses. */
const universalFields = (context: CallContext, fields: Params): { values: Params; fm: unknown } => {
  const values: Params = {}
  const fm: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (multi.includes(name as (typeof multi)[number])) {
      const rows: unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []
      rows.forEach((row, index) => {
        if (!isRecord(row)) return
        const gone = row['DELETE'] === 'Y'
        fm[row['ID'] === undefined ? `n${name}${index}` : String(row['ID'])] = { typeId: name, valueType: row['VALUE_TYPE'] ?? 'WORK',
          value: gone ? '' : row['VALUE'] ?? '' }
      })
    } else if (name.startsWith('UF_')) values[name] = value
    else if (classic[name] !== undefined) values[classic[name]] = value
    else if (name === 'CONTACT_IDS') values['contactIds'] = value
    else context.strictFail(`field ${name} is unknown`)
  }
  return { values, fm }
}

const reader = (known: ReadonlyMap<string, ItemField>): FieldReader<CrmItem> => name => {
  if (multi.includes(name as MultiField['typeId'])) return { read: item => item.fm.filter(one => one.typeId === name).map(one => one.value) }
  const field = known.get(classic[name] ?? name)
  if (field === undefined || (classic[name] === undefined && field.userField === null)) return undefined
  const read = (item: CrmItem): unknown => fieldValue(item, field)
  if (field.type === 'date' || field.type === 'datetime') return { read, kind: 'moment' }
  return field.type === 'boolean' && field.userField !== null ? { read, kind: 'flag' } : { read }
}

const list = (params: Params, context: CallContext) => {
  const known = knownOf(context)
  const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`field ${name} is unknown`) }
  const matches = rowFilter(params['filter'], reader(known), dialect)
  const rows = sortRows([...context.state.leads.values()].filter(item => mayRead(context, item) && matches(item)), params['order'] ?? { ID: 'ASC' }, reader(known),
    dialect)
  const select = (Array.isArray(params['select']) ? params['select'] : []).map(String)
  const wanted = (name: string, kind: 'own' | 'user' | 'multi'): boolean =>
    select.includes(name) || name === 'ID' || (kind === 'own' && (select.length === 0 || select.includes('*'))) || (kind === 'user' && select.includes('UF_*'))
  return pageOf(rows, params['start'], page => page.map(item => showLead(item, known, wanted)))
}

const lead = (context: CallContext, id: unknown): CrmItem => {
  const item = context.state.leads.get(Number(id))
  if (item === undefined) throw new RestError('', 'Not found', 400)
  return item
}

const scope = ['crm']

/** Development of these is stopped, they still work. */
export const crmLeadMethods: Methods = {
  'crm.lead.get': {
    page: 'api-reference/crm/leads/crm-lead-get.md', scope, anyCase: true, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      const item = lead(context, id)
      if (!mayRead(context, item)) throw new RestError('', 'Access denied.', 400)
      return { result: showLead(item, knownOf(context), () => true) }
    },
  },
  'crm.lead.list': {
    page: 'api-reference/crm/leads/crm-lead-list.md', scope, anyCase: true, params: { select: 'array', filter: 'object', order: 'object', start: 'integer' },
    handle: list,
  },
  'crm.lead.add': {
    page: 'api-reference/crm/leads/crm-lead-add.md', scope, anyCase: true, params: { fields: 'object!', params: 'object', auth_connector: 'string' },
    handle: (params, context) => {
      const { values, fm } = universalFields(context, isRecord(params['fields']) ? params['fields'] : {})
      const known = knownOf(context)
      const kept = valuesToKeep(context, 1, null, values, known)
      const multiFields = multiFieldChanges(context, [], fm)
      checkRequired(context, 1, { ...kept, stageId: String(kept['stageId'] ?? stagesOf(context.portal, 1)[0]?.statusId), fm: multiFields }, known)
      return { result: addItem(context.world, 1, { ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null)), fm: multiFields },
        context.cause).id }
    },
  },
  'crm.lead.update': {
    page: 'api-reference/crm/leads/crm-lead-update.md', scope, anyCase: true,
    params: { id: 'integer!', fields: 'object', params: 'object', auth_connector: 'string' },
    handle: (params, context) => {
      const item = lead(context, params['id'])
      if (!mayChange(context, item)) throw new RestError('', 'Access denied.', 400)
      const { values, fm } = universalFields(context, isRecord(params['fields']) ? params['fields'] : {})
      const known = knownOf(context)
      const changes = valuesToKeep(context, 1, item, values, known)
      if (isRecord(fm) && Object.keys(fm).length > 0) changes['fm'] = multiFieldChanges(context, item.fm, fm)
      if (changes['stageId'] !== undefined && changes['stageId'] !== item.stageId) checkRequired(context, 1, { ...item, ...changes }, known)
      updateItem(context.world, item, changes, context.cause)
      return { result: true }
    },
  },
  'crm.lead.fields': {
    page: 'api-reference/crm/leads/crm-lead-fields.md', scope, params: {},
    handle: (_params, context) => {
      const known = knownOf(context)
      const own = Object.entries(classic).flatMap(([name, universal]) => {
        const field = known.get(universal)
        return field === undefined ? [] : [[name, { type: field.type, isRequired: false, isReadOnly: field.readOnly, isImmutable: false, isMultiple: field.multiple,
          isDynamic: false, title: name }]]
      })
      const user = [...known.values()].flatMap(field => (field.userField === null ? [] : [[field.name, {
        type: field.type, isRequired: field.userField.mandatory, isReadOnly: false, isImmutable: false, isMultiple: field.multiple, isDynamic: true,
        ...(field.type === 'enumeration' ? { items: field.userField.list.map(option => ({ ID: String(option.id), VALUE: option.value })) } : {}),
        title: field.name, listLabel: field.userField.listColumnLabel['ru'] ?? field.name, formLabel: field.userField.editFormLabel['ru'] ?? field.name,
        filterLabel: field.userField.listFilterLabel['ru'] ?? field.name,
      }]]))
      const multiFields = multi.map(name => [name, { type: 'crm_multifield', isRequired: false, isReadOnly: false, isImmutable: false, isMultiple: true,
        isDynamic: false, title: name }])
      return { result: Object.fromEntries([...own, ...multiFields, ...user]) }
    },
  },
}
