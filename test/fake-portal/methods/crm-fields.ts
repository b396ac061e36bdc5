import type { CrmItem, EntityTypeId, UserField } from '../rows.ts'
import type { PortalState } from '../state.ts'
import { typeNames } from '../world/items.ts'
import { itemFields, type ItemField } from './crm-field-tables.ts'
import { titleOfField } from './field-titles.ts'

export type { ItemField } from './crm-field-tables.ts'

/**
 * Universal name of a user field (api-reference/crm/universal/index.md): regular when letters and digits are not mixed after the
 * object's number, otherwise only the prefix changes.
 */
export const universalName = (fieldName: string): string => {
  const rest = fieldName.replace(/^UF_CRM_/, '')
  const match = /^(\d+)_(.+)$/.exec(rest)
  const [number, tail] = match === null ? ['', rest] : [match[1] ?? '', match[2] ?? '']
  const digits = /^\d+$/.test(tail)
  if (number !== '' && digits) return `ufCrm${number}_${tail}`
  if (/^[A-Z_]+$/.test(tail)) return `ufCrm${number}${tail.split('_').filter(Boolean).map(part => part[0] + part.slice(1).toLowerCase()).join('')}`
  return `ufCrm_${rest}`
}

export const userFieldsOf = (state: PortalState, entityTypeId: EntityTypeId): UserField[] =>
  [...state.userFields.values()].filter(field => field.entityId === `CRM_${typeNames[entityTypeId]}`)

/** All fields of a type on this portal; user fields under the names the caller wants. */
export const fieldsOf = (state: PortalState, entityTypeId: EntityTypeId, originalNames: boolean): Map<string, ItemField> => {
  const fields = new Map(itemFields[entityTypeId].map(field => [field.name, field]))
  for (const userField of userFieldsOf(state, entityTypeId)) {
    const name = originalNames ? userField.fieldName : universalName(userField.fieldName)
    fields.set(name, { name, type: userField.userTypeId, readOnly: false, multiple: userField.multiple, disabled: false, dictionary: null, userField })
  }
  return fields
}

const upperName = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()

const stageDictionary: Partial<Record<EntityTypeId, string>> = { 1: 'STATUS', 2: 'DEAL_STAGE' }

/** One entry of `crm.item.fields`; `required` says that no item can be created without it. */
export const describeField = (field: ItemField, language: string, entityTypeId: EntityTypeId, required: boolean): Record<string, unknown> => {
  const statusType = field.name === 'stageId' ? stageDictionary[entityTypeId] ?? null : field.dictionary
  const base = {
    type: field.type, isRequired: required || (field.userField?.mandatory ?? false), isReadOnly: field.readOnly, isImmutable: false, isMultiple: field.multiple,
    isDynamic: field.userField !== null, ...(statusType === null ? {} : { statusType }),
  }
  const { userField } = field
  if (userField === null) return { ...base, title: titleOfField(entityTypeId, field.name, language), upperName: upperName(field.name) }
  const label = (labels: Record<string, string>): string => labels[language] ?? labels['en'] ?? userField.fieldName
  return {
    ...base,
    ...(userField.userTypeId === 'enumeration' ? { items: userField.list.map(option => ({ ID: String(option.id), VALUE: option.value })) } : {}),
    title: label(userField.editFormLabel), listLabel: label(userField.listColumnLabel), formLabel: label(userField.editFormLabel),
    filterLabel: label(userField.listFilterLabel),
    settings: userField.settings, upperName: userField.fieldName,
  }
}

const firstOf = (item: CrmItem, typeId: string, valueType?: string): string =>
  item.fm.find(field => field.typeId === typeId && (valueType === undefined || field.valueType === valueType))?.value ?? ''

const derived: Record<string, (item: CrmItem) => unknown> = {
  hasPhone: item => (firstOf(item, 'PHONE') === '' ? 'N' : 'Y'),
  hasEmail: item => (firstOf(item, 'EMAIL') === '' ? 'N' : 'Y'),
  hasImol: item => (item.fm.some(field => field.value.startsWith('imol|')) ? 'Y' : 'N'),
  phone: item => firstOf(item, 'PHONE'),
  phoneWork: item => firstOf(item, 'PHONE', 'WORK'),
  phoneMobile: item => firstOf(item, 'PHONE', 'MOBILE'),
  phoneMailing: item => firstOf(item, 'PHONE', 'MAILING'),
  email: item => firstOf(item, 'EMAIL'),
  emailWork: item => firstOf(item, 'EMAIL', 'WORK'),
  emailHome: item => firstOf(item, 'EMAIL', 'HOME'),
  emailMailing: item => firstOf(item, 'EMAIL', 'MAILING'),
  imol: item => item.fm.find(field => field.value.startsWith('imol|'))?.value ?? '',
  isReturnCustomer: item => item['isReturnCustomer'] ?? 'N',
  searchContent: item => `${item.id} ${item.title} ${item.lastName} ${item.name}`.trim(),
  categoryId: item => item.categoryId,
  isNew: item => (item.stageId.endsWith('NEW') ? 'Y' : 'N'),
  closed: item => (item.stageSemanticId === 'P' ? 'N' : 'Y'),
  contactIds: item => item['contactIds'] ?? [],
  companyIds: item => item['companyIds'] ?? [],
  observers: item => item['observers'] ?? [],
  companyId: item => item['companyId'] ?? 0,
  contactId: item => item['contactId'] ?? 0,
  webformId: item => item['webformId'] ?? 0,
  opportunity: item => item['opportunity'] ?? 0,
  isManualOpportunity: item => item['isManualOpportunity'] ?? 'N',
  export: item => item['export'] ?? 'Y',
  isMyCompany: item => item['isMyCompany'] ?? 'N',
  taxValue: item => item['taxValue'] ?? 0,
  revenue: item => item['revenue'] ?? 0,
  isRecurring: item => item['isRecurring'] ?? 'N',
  isRepeatedApproach: item => item['isRepeatedApproach'] ?? 'N',
}

/** Value of a field in an item, as `crm.item.*` shows it. */
export const fieldValue = (item: CrmItem, field: ItemField): unknown => {
  if (field.disabled) return null
  if (field.userField !== null) return item[field.userField.fieldName] ?? (field.multiple ? [] : null)
  const own = derived[field.name]
  if (own !== undefined) return own(item)
  const value = item[field.name]
  return value === '' || value === undefined ? null : value
}

/** What a filter compares: every phone, address or messenger for the contact fields, otherwise the shown value. */
export const filterValue = (item: CrmItem, field: ItemField): unknown => {
  const typeId = { phone: 'PHONE', email: 'EMAIL', imol: 'IM' }[field.name]
  return typeId === undefined ? fieldValue(item, field) : item.fm.filter(one => one.typeId === typeId).map(one => one.value)
}
