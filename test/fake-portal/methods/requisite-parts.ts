/** What belongs to details: templates, bank accounts, addresses. */
import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Address, BankDetail, RequisitePreset } from '../rows.ts'
import { nextId } from '../state.ts'
import { isoAt } from '../world/time.ts'
import { checkNames, listParams, listRows, textOf } from './list-call.ts'
import { existingRequisite, requisiteOwner } from './requisites.ts'
import { mayChange, mayRead, ownerItem } from './rights.ts'

const presetRow = (one: RequisitePreset): Record<string, unknown> => ({
  ID: String(one.id), ENTITY_TYPE_ID: '8', COUNTRY_ID: String(one.countryId), DATE_CREATE: '', DATE_MODIFY: '', CREATED_BY_ID: null, MODIFY_BY_ID: null, NAME: one.name,
  XML_ID: one.xmlId, ACTIVE: one.active ? 'Y' : 'N', SORT: String(one.sort),
})
const presetNames = ['ID', 'ENTITY_TYPE_ID', 'COUNTRY_ID', 'DATE_CREATE', 'DATE_MODIFY', 'CREATED_BY_ID', 'MODIFY_BY_ID', 'NAME', 'XML_ID', 'ACTIVE', 'SORT']

const countries = ([[1, 'RU', 'Россия'], [4, 'BY', 'Беларусь'], [6, 'KZ', 'Казахстан'], [14, 'UA', 'Украина'], [34, 'BR', 'Бразилия'], [46, 'DE', 'Германия'],
  [77, 'CO', 'Колумбия'], [110, 'PL', 'Польша'], [122, 'US', 'США'], [132, 'FR', 'Франция']] as const).map(([ID, CODE, TITLE]) => ({ ID, CODE, TITLE }))

const bankTexts = ['CODE', 'XML_ID', 'ACTIVE', 'SORT', 'RQ_BANK_NAME', 'RQ_BANK_ADDR', 'RQ_BANK_CODE', 'RQ_BANK_ROUTE_NUM', 'RQ_BIK', 'RQ_CODEB', 'RQ_CODEG', 'RQ_RIB', 'RQ_MFO',
  'RQ_ACC_NAME', 'RQ_ACC_NUM', 'RQ_ACC_TYPE', 'RQ_AGENCY_NAME', 'RQ_IIK', 'RQ_ACC_CURRENCY', 'RQ_COR_ACC_NUM', 'RQ_IBAN', 'RQ_SWIFT', 'RQ_BIC', 'COMMENTS', 'ORIGINATOR_ID']
const bankNames = ['ID', 'ENTITY_ID', 'COUNTRY_ID', 'DATE_CREATE', 'DATE_MODIFY', 'CREATED_BY_ID', 'MODIFY_BY_ID', 'NAME', ...bankTexts]
const bankStanding: Readonly<Record<string, string>> = { ACTIVE: 'Y', SORT: '500' }

const bankRow = (one: BankDetail): Record<string, unknown> => ({
  ID: String(one.id), ENTITY_ID: String(one.requisiteId), COUNTRY_ID: String(one.countryId), DATE_CREATE: one.created, DATE_MODIFY: '', CREATED_BY_ID: String(one.createdBy),
  MODIFY_BY_ID: null, NAME: one.name, ...Object.fromEntries(bankTexts.map(name => [name, one.fields[name] ?? bankStanding[name] ?? null])),
})

const addBank = ({ fields: given }: Params, context: CallContext) => {
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, ['ENTITY_ID', 'COUNTRY_ID', 'NAME', ...bankTexts])
  if (!context.state.requisites.some(one => one.id === Number(fields['ENTITY_ID']))) throw new RestError('', 'ENTITY_ID is not defined or invalid.', 400)
  const requisite = existingRequisite(context, fields['ENTITY_ID'], 'change')
  if (textOf(fields['NAME']) === '') context.strictFail('required field NAME is missing')
  const preset = context.state.requisitePresets.find(one => one.id === requisite.presetId)
  const one: BankDetail = {
    id: nextId(context.state, 'bankDetail'), requisiteId: requisite.id, countryId: Number(fields['COUNTRY_ID'] ?? preset?.countryId ?? 1), name: textOf(fields['NAME']),
    created: isoAt(context.portal.now(), context.portal.timeZone), createdBy: context.user.id,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => bankTexts.includes(name)).map(([name, value]) => [name, textOf(value)])),
  }
  context.state.bankDetails.push(one)
  context.world.fire('ONCRMBANKDETAILADD', { FIELDS: { ID: one.id } }, context.cause)
  return { result: one.id }
}

const addressTexts = ['ADDRESS_1', 'ADDRESS_2', 'CITY', 'POSTAL_CODE', 'REGION', 'PROVINCE', 'COUNTRY', 'COUNTRY_CODE', 'LOC_ADDR_ID']
const addressKeys = ['TYPE_ID', 'ENTITY_TYPE_ID', 'ENTITY_ID']
/** Delivery, physical, legal, registered, mailing, beneficiary (api-reference/crm/auxiliary/enum/crm-enum-address-type.md). */
const addressTypes = [11, 1, 6, 4, 8, 9]

const anchorOf = (context: CallContext, one: Pick<Address, 'entityTypeId' | 'entityId'>) => {
  if (one.entityTypeId === 1) return ownerItem(context, 1, one.entityId)
  const requisite = context.state.requisites.find(other => other.id === one.entityId)
  return requisite === undefined ? null : requisiteOwner(context, requisite)
}

const addressRow = (context: CallContext) => (one: Address): Record<string, unknown> => {
  const anchor = anchorOf(context, one)
  return {
    TYPE_ID: String(one.typeId), ENTITY_TYPE_ID: String(one.entityTypeId), ENTITY_ID: String(one.entityId), ...Object.fromEntries(addressTexts.map(name => [name, one.fields[name] ?? null])),
    ANCHOR_TYPE_ID: String(anchor?.entityTypeId ?? 0), ANCHOR_ID: String(anchor?.id ?? 0),
  }
}

const addAddress = ({ fields: given }: Params, context: CallContext) => {
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, [...addressKeys, ...addressTexts])
  const [typeId, entityTypeId, entityId] = addressKeys.map(name => Number(fields[name]))
  const wrong = (name: string): RestError => new RestError('', `${name} is not defined or invalid.`, 400)
  if (typeId === undefined || !addressTypes.includes(typeId)) throw wrong('TYPE_ID')
  if (entityTypeId !== 1 && entityTypeId !== 8) throw wrong('ENTITY_TYPE_ID')
  const anchor = entityId === undefined ? null : anchorOf(context, { entityTypeId, entityId })
  if (entityId === undefined || anchor === null) throw wrong('ENTITY_ID')
  if (!mayChange(context, anchor)) throw new RestError('', 'Access denied.', 400)
  const { addresses } = context.state
  if (addresses.some(one => one.typeId === typeId && one.entityTypeId === entityTypeId && one.entityId === entityId)) throw new RestError('', 'TypeAddress exists.', 400)
  addresses.push({ typeId, entityTypeId, entityId,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => addressTexts.includes(name)).map(([name, value]) => [name, textOf(value)])) })
  context.world.fire('ONCRMADDRESSREGISTER', { FIELDS: { TYPE_ID: typeId, ENTITY_TYPE_ID: entityTypeId, ENTITY_ID: entityId, ANCHOR_ID: anchor.id,
    ANCHOR_TYPE_ID: anchor.entityTypeId } }, context.cause)
  return { result: true }
}

const scope = ['crm']
const folder = 'api-reference/crm/requisites'

export const requisitePartMethods: Methods = {
  'crm.requisite.preset.list': {
    page: `${folder}/presets/crm-requisite-preset-list.md`, scope, params: listParams,
    handle: (params, context) => listRows(params, context, context.state.requisitePresets, presetRow, presetNames),
  },
  'crm.requisite.preset.field.list': {
    page: `${folder}/presets/fields/crm-requisite-preset-field-list.md`, scope, params: { preset: 'object!' },
    handle: ({ preset }, { state, strictFail }) => {
      const asked = isRecord(preset) ? preset : {}
      for (const name of Object.keys(asked)) if (name !== 'ID') strictFail(`field ${name} is unknown`)
      const found = state.requisitePresets.find(one => one.id === Number(asked['ID']))
      if (found === undefined) throw new RestError('', `The Preset with ID '${textOf(asked['ID'])}' is not found`, 400)
      const rows = found.fields.map((name, index) => ({ ID: index + 1, FIELD_NAME: name, FIELD_TITLE: '', IN_SHORT_LIST: 'N', SORT: 510 + index * 10 }))
      return { result: rows, total: rows.length }
    },
  },
  'crm.requisite.preset.countries': { page: `${folder}/presets/crm-requisite-preset-countries.md`, scope, params: {}, handle: () => ({ result: countries }) },
  'crm.requisite.bankdetail.add': { page: `${folder}/bank-detail/crm-requisite-bank-detail-add.md`, scope, params: { fields: 'object!' }, handle: addBank },
  'crm.requisite.bankdetail.list': {
    page: `${folder}/bank-detail/crm-requisite-bank-detail-list.md`, scope, params: listParams,
    handle: (params, context) => listRows(params, context, context.state.bankDetails.filter(one => {
      const owner = anchorOf(context, { entityTypeId: 8, entityId: one.requisiteId })
      return owner !== null && mayRead(context, owner)
    }), bankRow, bankNames, { ID: 'ASC' }, ['DATE_CREATE']),
  },
  'crm.address.add': { page: `${folder}/addresses/crm-address-add.md`, scope, params: { fields: 'object!' }, handle: addAddress },
  'crm.address.list': {
    page: `${folder}/addresses/crm-address-list.md`, scope, params: listParams,
    handle: (params, context) => listRows(params, context, context.state.addresses.filter(one => {
      const anchor = anchorOf(context, one)
      return anchor !== null && mayRead(context, anchor)
    }), addressRow(context), [...addressKeys, ...addressTexts, 'ANCHOR_TYPE_ID', 'ANCHOR_ID'], { ENTITY_ID: 'ASC' }),
  },
}
