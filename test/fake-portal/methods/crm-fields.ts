import type { CrmItem, EntityTypeId, UserField } from '../rows.ts'
import type { PortalState } from '../state.ts'
import { typeNames } from '../world/items.ts'

/** One field of a CRM type as `crm.item.fields` describes it. */
export interface ItemField {
  name: string
  type: string
  readOnly: boolean
  multiple: boolean
  /** Always null (api-reference/crm/universal/object-fields.md, "field is disabled"). */
  disabled: boolean
  userField: UserField | null
}

const parse = (table: string): ItemField[] => table.trim().split(/\s+/).map(entry => {
  const [name = '', type = 'string', flags = ''] = entry.split(':')
  return { name, type, readOnly: flags.includes('r'), multiple: flags.includes('m'), disabled: flags.includes('d'), userField: null }
})

const common = `id:integer:r createdTime:datetime:r updatedTime:datetime:r createdBy:user:r updatedBy:user:r assignedById:user opened:boolean
  lastActivityBy:user:r lastActivityTime:datetime:r utmSource utmMedium utmCampaign utmContent utmTerm webformId:integer originatorId originId`
const multiFieldAliases = `phoneMobile:string:r phoneWork:string:r phoneMailing:string:r emailHome:string:r emailWork:string:r emailMailing:string:r
  skype:string:rd icq:string:rd imol:string:r email:string:r phone:string:r fm:crm_multifield:m`

/** Fields by type; flags: r read-only, m multiple, d disabled (api-reference/crm/universal/object-fields.md). */
const tables: Record<EntityTypeId, ItemField[]> = {
  1: parse(`${common} ${multiFieldAliases} dateCreateShort:datetime:rd dateModifyShort:datetime:rd companyId:crm_company contactId:crm_contact contactIds:crm_contact:m
    stageId:crm_status isConvert:boolean:rd statusDescription:text stageSemanticId:string:r productId:string:rd opportunity:double currencyId:crm_currency isManualOpportunity:boolean
    sourceId:crm_status sourceDescription:text title name lastName secondName shortName:string:rd companyTitle post address:text:rd comments:text dateClosed:datetime:r birthdate:date
    honorific:crm_status hasPhone:boolean:r hasEmail:boolean:r hasImol:boolean:r login:string:rd isReturnCustomer:boolean:r searchContent:text:r movedBy:user:r movedTime:datetime:r observers:user:m`),
  2: parse(`${common} dateCreateShort:datetime:rd dateModifyShort:datetime:rd leadId:crm_lead companyId:crm_company contactId:crm_contact contactIds:crm_contact:m quoteId:crm_quote title
    productId:string:rd categoryId:crm_category stageId:crm_status stageSemanticId:string:r isNew:boolean:r isRecurring:boolean isReturnCustomer:boolean:r isRepeatedApproach:boolean closed:boolean:r
    typeId:crm_status opportunity:double isManualOpportunity:boolean taxValue:double currencyId:crm_currency probability:integer comments:text begindate:date closedate:date sourceId:crm_status
    sourceDescription:text additionalInfo movedBy:user:r movedTime:datetime:r observers:user:m`),
  3: parse(`${common} ${multiFieldAliases} companyId:crm_company companyIds:crm_company:m leadId:crm_lead sourceId:crm_status sourceDescription:text name lastName secondName post
    comments:text birthdate:date honorific:crm_status typeId:crm_status photo:file export:boolean hasPhone:boolean:r hasEmail:boolean:r hasImol:boolean:r observers:user:m`),
  4: parse(`${common} ${multiFieldAliases} title leadId:crm_lead contactIds:crm_contact:m typeId:crm_status industry:crm_status employees:crm_status revenue:double currencyId:crm_currency
    comments:text isMyCompany:boolean hasPhone:boolean:r hasEmail:boolean:r hasImol:boolean:r observers:user:m`),
}

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
  const fields = new Map(tables[entityTypeId].map(field => [field.name, field]))
  for (const userField of userFieldsOf(state, entityTypeId)) {
    const name = originalNames ? userField.fieldName : universalName(userField.fieldName)
    fields.set(name, { name, type: userField.userTypeId, readOnly: false, multiple: userField.multiple, disabled: false, userField })
  }
  return fields
}

const upperName = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()

/** One entry of `crm.item.fields`. */
export const describeField = (field: ItemField, language: string): Record<string, unknown> => {
  const base = {
    type: field.type, isRequired: field.userField?.mandatory ?? false, isReadOnly: field.readOnly, isImmutable: false, isMultiple: field.multiple,
    isDynamic: field.userField !== null,
  }
  const { userField } = field
  if (userField === null) return { ...base, title: field.name, upperName: upperName(field.name) }
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
