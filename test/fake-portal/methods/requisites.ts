import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, Requisite } from '../rows.ts'
import { nextId } from '../state.ts'
import { dropRequisites } from '../world/deletion.ts'
import { isoAt } from '../world/time.ts'
import { checkNames, listParams, listRows, textOf } from './list-call.ts'
import { mayChange, mayRead, ownerItem } from './rights.ts'

/** Fields that a person fills in, in the order of crm-requisite-add.md. */
const texts = `CODE XML_ID ORIGINATOR_ID ACTIVE ADDRESS_ONLY SORT RQ_NAME RQ_FIRST_NAME RQ_LAST_NAME RQ_SECOND_NAME RQ_COMPANY_ID RQ_COMPANY_NAME RQ_COMPANY_FULL_NAME
  RQ_COMPANY_REG_DATE RQ_DIRECTOR RQ_ACCOUNTANT RQ_CEO_NAME RQ_CEO_WORK_POS RQ_CONTACT RQ_EMAIL RQ_PHONE RQ_FAX RQ_IDENT_TYPE RQ_IDENT_DOC RQ_IDENT_DOC_SER RQ_IDENT_DOC_NUM
  RQ_IDENT_DOC_PERS_NUM RQ_IDENT_DOC_DATE RQ_IDENT_DOC_ISSUED_BY RQ_IDENT_DOC_DEP_CODE RQ_INN RQ_KPP RQ_USRLE RQ_IFNS RQ_OGRN RQ_OGRNIP RQ_OKPO RQ_OKTMO RQ_OKVED RQ_EDRPOU
  RQ_DRFO RQ_KBE RQ_IIN RQ_BIN RQ_ST_CERT_SER RQ_ST_CERT_NUM RQ_ST_CERT_DATE RQ_VAT_PAYER RQ_VAT_ID RQ_VAT_CERT_SER RQ_VAT_CERT_NUM RQ_VAT_CERT_DATE RQ_RESIDENCE_COUNTRY
  RQ_BASE_DOC RQ_REGON RQ_KRS RQ_PESEL RQ_LEGAL_FORM RQ_SIRET RQ_SIREN RQ_CAPITAL RQ_RCS RQ_CNPJ RQ_STATE_REG RQ_MNPL_REG RQ_CPF`.split(/\s+/)
const owned = ['ENTITY_TYPE_ID', 'ENTITY_ID', 'PRESET_ID']
const own = ['DATE_CREATE', 'DATE_MODIFY', 'CREATED_BY_ID', 'MODIFY_BY_ID']
const names = ['ID', ...owned, ...own, 'NAME', ...texts]
const standing: Readonly<Record<string, string>> = { ACTIVE: 'Y', ADDRESS_ONLY: 'N', SORT: '500', RQ_VAT_PAYER: 'N' }

const row = (one: Requisite): Record<string, unknown> => ({
  ID: String(one.id), ENTITY_TYPE_ID: String(one.entityTypeId), ENTITY_ID: String(one.entityId), PRESET_ID: String(one.presetId), DATE_CREATE: one.created,
  DATE_MODIFY: one.modified, CREATED_BY_ID: String(one.createdBy), MODIFY_BY_ID: one.modifiedBy === null ? null : String(one.modifiedBy), NAME: one.name,
  ...Object.fromEntries(texts.map(name => [name, one.fields[name] ?? standing[name] ?? null])),
  ...Object.fromEntries(Object.entries(one.fields).filter(([name]) => name.startsWith('UF_'))),
})

const wrong = (name: string): RestError => new RestError('', `${name} is not defined or invalid.`, 400)
const denied = (): RestError => new RestError('', 'Access denied.', 400)

/** The contact or company that owns details. */
export const requisiteOwner = (context: CallContext, one: Pick<Requisite, 'entityTypeId' | 'entityId'>): CrmItem | null => ownerItem(context, one.entityTypeId, one.entityId)

/** Details with this id, if the person may read (or change) their owner; code-less refusals otherwise. */
export const existingRequisite = (context: CallContext, id: unknown, forWhat: 'read' | 'change'): Requisite => {
  if (!(Number(id) > 0)) throw wrong('ID')
  const one = context.state.requisites.find(requisite => requisite.id === Number(id))
  if (one === undefined) throw new RestError('', `The Requisite with ID '${String(id)}' is not found`, 400)
  const owner = requisiteOwner(context, one)
  if (owner === null || !(forWhat === 'read' ? mayRead : mayChange)(context, owner)) throw denied()
  return one
}

const keptTexts = (fields: Params): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => texts.includes(name) || name.startsWith('UF_CRM_')).map(([name, value]) => [name, textOf(value)]))

const add = ({ fields: given }: Params, context: CallContext) => {
  const { state } = context
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, [...owned, 'NAME', ...texts])
  const entityTypeId = Number(fields['ENTITY_TYPE_ID'])
  if (entityTypeId !== 3 && entityTypeId !== 4) throw wrong('ENTITY_TYPE_ID')
  if (!(Number(fields['ENTITY_ID']) > 0)) throw wrong('ENTITY_ID')
  if (!state.requisitePresets.some(preset => preset.id === Number(fields['PRESET_ID']))) throw wrong('PRESET_ID')
  const owner = ownerItem(context, entityTypeId, Number(fields['ENTITY_ID']))
  if (owner === null) throw new RestError('', 'Entity not found.', 400)
  if (!mayChange(context, owner)) throw denied()
  if (textOf(fields['NAME']) === '') context.strictFail('required field NAME is missing')
  const one: Requisite = {
    id: nextId(state, 'requisite'), entityTypeId, entityId: owner.id, presetId: Number(fields['PRESET_ID']), name: textOf(fields['NAME']),
    created: isoAt(context.portal.now(), context.portal.timeZone), createdBy: context.user.id, modified: '', modifiedBy: null, fields: keptTexts(fields),
  }
  state.requisites.push(one)
  context.world.fire('ONCRMREQUISITEADD', { FIELDS: { ID: one.id } }, context.cause)
  return { result: one.id }
}

const update = ({ id, fields: given }: Params, context: CallContext) => {
  const one = existingRequisite(context, id, 'change')
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, ['NAME', ...texts])
  if (fields['NAME'] !== undefined) one.name = textOf(fields['NAME'])
  Object.assign(one.fields, keptTexts(fields))
  Object.assign(one, { modified: isoAt(context.portal.now(), context.portal.timeZone), modifiedBy: context.user.id })
  context.world.fire('ONCRMREQUISITEUPDATE', { FIELDS: { ID: one.id } }, context.cause)
  return { result: true }
}

const typeOf = (name: string): string => {
  if (name.endsWith('_BY_ID')) return 'user'
  if (name.startsWith('DATE_')) return 'datetime'
  if (['ID', 'SORT', ...owned].includes(name)) return 'integer'
  return name === 'RQ_IDENT_TYPE' ? 'crm_status' : ['ACTIVE', 'ADDRESS_ONLY', 'RQ_VAT_PAYER'].includes(name) ? 'char' : 'string'
}

const describe = (name: string) => ({
  type: typeOf(name), isRequired: owned.includes(name), isReadOnly: name === 'ID' || own.includes(name), isImmutable: owned.includes(name), isMultiple: false, isDynamic: false,
  ...(name === 'RQ_IDENT_TYPE' ? { statusType: ['RQ_IDENT_TYPE_CO'] } : {}), title: name,
})

const scope = ['crm']
const folder = 'api-reference/crm/requisites/universal'

export const requisiteMethods: Methods = {
  'crm.requisite.add': { page: `${folder}/crm-requisite-add.md`, scope, params: { fields: 'object!' }, handle: add },
  'crm.requisite.update': { page: `${folder}/crm-requisite-update.md`, scope, params: { id: 'integer!', fields: 'object!' }, handle: update },
  'crm.requisite.get': { page: `${folder}/crm-requisite-get.md`, scope, params: { id: 'integer!' },
    handle: ({ id }, context) => ({ result: row(existingRequisite(context, id, 'read')) }) },
  'crm.requisite.list': {
    page: `${folder}/crm-requisite-list.md`, scope, params: listParams,
    handle: (params, context) => listRows(params, context, context.state.requisites.filter(one => {
      const owner = requisiteOwner(context, one)
      return owner !== null && mayRead(context, owner)
    }), row, names, { ID: 'asc' }, ['DATE_CREATE', 'DATE_MODIFY']),
  },
  'crm.requisite.delete': {
    page: `${folder}/crm-requisite-delete.md`, scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      const one = existingRequisite(context, id, 'change')
      dropRequisites(context.state, [one.id])
      context.world.fire('ONCRMREQUISITEDELETE', { FIELDS: { ID: one.id } }, context.cause)
      return { result: true }
    },
  },
  'crm.requisite.fields': { page: `${folder}/crm-requisite-fields.md`, scope, params: {},
    handle: () => ({ result: Object.fromEntries(names.map(name => [name, describe(name)])) }) },
}
