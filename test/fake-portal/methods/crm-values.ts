import { isRecord, type Params } from '../core/body.ts'
import type { CallContext } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, EntityTypeId, MultiField } from '../rows.ts'
import { itemsOf, nextId } from '../state.ts'
import { stagesOf } from '../world/items.ts'
import { normalMoment, parseMoment, technicalDate } from '../world/time.ts'
import { fieldValue, userFieldsOf, type ItemField } from './crm-fields.ts'
import { fileToKeep } from './files.ts'

const invalid = (name: string): RestError => new RestError('CRM_FIELD_ERROR_VALUE_NOT_VALID', `Invalid value for field "${name}"`, 400)

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)

const asNumber = (value: unknown, name: string): number => {
  const number = Number(value)
  if (Number.isNaN(number)) throw invalid(name)
  return number
}

const asMoment = (value: unknown, name: string, timeZone: string): string => {
  if (typeof value !== 'string' || parseMoment(value, timeZone) === null) throw invalid(name)
  return normalMoment(value, timeZone)
}

const hasCategory = ({ state }: CallContext, entityTypeId: EntityTypeId, id: number): boolean =>
  id === 0 || state.categories.some(category => category.entityTypeId === entityTypeId && category.id === id)

const inDictionary = ({ state }: CallContext, entityId: string, value: unknown): boolean =>
  [...state.statuses.values()].some(status => status.entityId === entityId && status.statusId === value)

/** One value of a field, checked and in the form in which it is kept. */
const oneValue = (context: CallContext, categoryId: number, entityTypeId: EntityTypeId, field: ItemField, value: unknown, present: unknown): unknown => {
  const { state, portal } = context
  if (isEmpty(value)) return field.type === 'boolean' ? 'N' : null
  switch (field.type) {
    case 'integer': case 'double': return asNumber(value, field.name)
    case 'boolean': return value === true || value === 1 || ['1', 'Y', 'y', 'true'].includes(String(value)) ? 'Y' : 'N'
    case 'date': case 'datetime': {
      const moment = asMoment(value, field.name, portal.timeZone)
      return field.userField?.userTypeId === 'date' ? technicalDate(moment, portal.timeZone) : moment
    }
    case 'user': case 'employee':
      if (!state.users.has(asNumber(value, field.name))) throw invalid(field.name)
      return Number(value)
    case 'crm_company':
      if (!state.companies.has(asNumber(value, field.name))) throw invalid(field.name)
      return Number(value)
    case 'crm_contact':
      if (!state.contacts.has(asNumber(value, field.name))) throw invalid(field.name)
      return Number(value)
    case 'crm_lead': case 'crm_quote': return asNumber(value, field.name)
    case 'crm_category':
      if (!hasCategory(context, entityTypeId, asNumber(value, field.name))) throw invalid(field.name)
      return Number(value)
    case 'crm_currency':
      if (!state.currencies.some(currency => currency.id === value) && value !== state.baseCurrency) throw invalid(field.name)
      return String(value)
    case 'file': return fileToKeep(context, value, present)
    case 'enumeration':
      if (!field.userField?.list.some(option => option.id === Number(value))) throw invalid(field.name)
      return Number(value)
    case 'crm_status':
      if (field.name === 'stageId' && !stagesOf(portal, entityTypeId, categoryId).some(stage => stage.statusId === value)) throw invalid(field.name)
      if (field.dictionary !== null && field.dictionary !== 'SOURCE' && !inDictionary(context, field.dictionary, value)) context.strictFail(`${field.name} is not in ${field.dictionary}`)
      return String(value)
    default:
      if (typeof value === 'object') throw invalid(field.name)
      return String(value)
  }
}

/**
 * `fields` of add and update as values to keep: unknown names are ignored as documented (refused in strict mode), single values for
 * multiple fields are refused, phones and addresses go their own way (`multiFieldChanges`).
 */
export const valuesToKeep = (context: CallContext, entityTypeId: EntityTypeId, item: CrmItem | null, fields: Params, known: ReadonlyMap<string, ItemField>): Record<string, unknown> => {
  const kept: Record<string, unknown> = {}
  const categoryId = entityTypeId === 2 ? Number(fields['categoryId'] ?? item?.categoryId ?? 0) : 0
  for (const [name, value] of Object.entries(fields)) {
    const field = known.get(name)
    if (field === undefined || field.readOnly) {
      context.strictFail(`field ${name} is ${field === undefined ? 'unknown' : 'read-only'}`)
      continue
    }
    if (name === 'fm') continue
    const target = field.userField?.fieldName ?? name
    if (!field.multiple) {
      kept[target] = oneValue(context, categoryId, entityTypeId, field, Array.isArray(value) && field.type !== 'file' ? value[0] : value, item?.[target])
      continue
    }
    if (isEmpty(value)) kept[target] = []
    else if (typeof value !== 'object') throw new RestError('100', `Expected iterable value for multiple field, but got ${typeof value} instead`, 400)
    else kept[target] = Object.values(value as Record<string, unknown>).filter(one => !isEmpty(one)).map(one => oneValue(context, categoryId, entityTypeId, { ...field,
      multiple: false }, one, item?.[target]))
  }
  if (kept['contactId'] !== undefined && kept['contactIds'] === undefined) kept['contactIds'] = kept['contactId'] === null ? [] : [kept['contactId']]
  else if (Array.isArray(kept['contactIds'])) kept['contactId'] = kept['contactIds'][0] ?? null
  if (entityTypeId === 3 && Array.isArray(kept['companyIds']) && kept['companyId'] === undefined) kept['companyId'] = kept['companyIds'][0] ?? null
  if (entityTypeId === 1 && context.portal.settings.repeatLeads && (!isEmpty(kept['companyId']) || !isEmpty(kept['contactId']))) kept['isReturnCustomer'] = 'Y'
  return kept
}

/** `fm` of a new item is a list (crm-item-add.md); what a portal makes of keys is not documented, here it makes the same. */
export const newMultiFields = (context: CallContext, given: unknown): MultiField[] => {
  if (isRecord(given) && Object.keys(given).length > 0) context.strictFail('fm of a new item is no list')
  return multiFieldChanges(context, [], given)
}

const kinds = ['PHONE', 'EMAIL', 'WEB', 'IM', 'LINK']

/**
 * `fm` after a change (tutorials/crm/how-to-edit-crm-objects/how-to-change-email-or-phone.md): an array, and keys `n0`, `n1` …, add;
 * a numeric key changes that record or, with an empty value, deletes it; elements without typeId do nothing.
 */
export const multiFieldChanges = (context: CallContext, before: readonly MultiField[], change: unknown): MultiField[] => {
  const fm = [...before]
  const entries: [string, unknown][] = Array.isArray(change) ? change.map((one, index) => [`n${index}`, one]) : isRecord(change) ? Object.entries(change) : []
  for (const [key, element] of entries) {
    if (!isRecord(element)) {
      context.strictFail('an element of fm is no object')
      continue
    }
    const typeId = String(element['typeId'] ?? '')
    if (!kinds.includes(typeId)) {
      context.strictFail(`an element of fm has the typeId "${typeId}"`)
      continue
    }
    const value = String(element['value'] ?? '')
    const valueType = String(element['valueType'] ?? 'WORK')
    const index = /^\d+$/.test(key) ? fm.findIndex(one => one.id === Number(key)) : -1
    const old = fm[index]
    if (old === undefined) {
      if (value !== '') fm.push({ id: nextId(context.state, 'fm'), typeId: typeId as MultiField['typeId'], valueType, value })
    } else if (value === '') fm.splice(index, 1)
    else fm[index] = { ...old, valueType, value }
  }
  return fm
}

/** Refuses with 400 when a field that the stage or type asks for (or a mandatory user field) would stay empty; code and text are assumed. */
export const checkRequired = (context: CallContext, entityTypeId: EntityTypeId, after: Partial<CrmItem>, known: ReadonlyMap<string, ItemField>): void => {
  const { requiredByStage, requiredByDealStage, requiredFields } = context.state
  const asked = entityTypeId === 1 ? requiredByStage : entityTypeId === 2 ? requiredByDealStage : new Map<string, string[]>()
  const byStage = [...new Set([...asked.get(String(after.stageId ?? '')) ?? [], ...requiredFields.get(entityTypeId) ?? []])]
  const mandatory = userFieldsOf(context.state, entityTypeId).filter(field => field.mandatory).map(field => field.fieldName)
  const missing = [...byStage, ...mandatory].filter(name => {
    const field = [...known.values()].find(one => one.name === name || one.userField?.fieldName === name)
    if (field === undefined) return false
    const value = fieldValue({ fm: [], ...after } as CrmItem, field)
    return isEmpty(value) || value === 0 || (name.startsWith('has') && value === 'N')
  })
  if (missing.length === 0) return
  const titles = missing.map(name => userFieldsOf(context.state, entityTypeId).find(field => field.fieldName === name)?.editFormLabel['ru'] ?? name)
  throw new RestError('CRM_FIELD_ERROR_REQUIRED', titles.map(title => `Не заполнено обязательное поле «${title}»`).join('; '), 400)
}

/** An item of one of the four types, or NOT_FOUND 400. */
export const existingItem = (context: CallContext, entityTypeId: EntityTypeId, id: unknown): CrmItem => {
  const item = itemsOf(context.state, entityTypeId).get(Number(id))
  if (item === undefined) throw new RestError('NOT_FOUND', 'Item not found', 400)
  return item
}
