import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, RequisiteLink } from '../rows.ts'
import { checkNames, listParams, listRows } from './list-call.ts'
import { mayChange, mayRead, ownerItem } from './rights.ts'

const own = ['REQUISITE_ID', 'BANK_DETAIL_ID', 'MC_REQUISITE_ID', 'MC_BANK_DETAIL_ID'] as const
const names = ['ENTITY_TYPE_ID', 'ENTITY_ID', ...own]

const row = (one: RequisiteLink): Record<string, unknown> => ({
  ENTITY_TYPE_ID: String(one.entityTypeId), ENTITY_ID: String(one.entityId), REQUISITE_ID: String(one.requisiteId), BANK_DETAIL_ID: String(one.bankDetailId),
  MC_REQUISITE_ID: String(one.myRequisiteId), MC_BANK_DETAIL_ID: String(one.myBankDetailId),
})

const fail = (text: string): never => { throw new RestError('', text, 400) }

/** The client of a deal: its company, otherwise its contact. */
const clientOf = (deal: CrmItem): { entityTypeId: 3 | 4; entityId: number; name: string } => (Number(deal['companyId'] ?? 0) > 0
  ? { entityTypeId: 4, entityId: Number(deal['companyId']), name: 'Company' }
  : { entityTypeId: 3, entityId: Number(deal['contactId'] ?? 0), name: 'Contact' })

const check = ({ state }: CallContext, deal: CrmItem, link: RequisiteLink): void => {
  const client = clientOf(deal)
  const requisite = state.requisites.find(one => one.id === link.requisiteId)
  if (link.requisiteId > 0 && requisite === undefined) fail(`The Requisite with ID '${link.requisiteId}' is not found`)
  if (requisite !== undefined && (requisite.entityTypeId !== client.entityTypeId || requisite.entityId !== client.entityId)) fail(
    `The Requisite with ID '${requisite.id}' is not assigned to ${client.name} with ID '${client.entityId}'`)
  const bank = state.bankDetails.find(one => one.id === link.bankDetailId)
  if (link.bankDetailId > 0 && bank === undefined) fail(`The BankDetail with ID '${link.bankDetailId}' is not found`)
  if (bank !== undefined && bank.requisiteId !== link.requisiteId) fail(`The BankDetail with ID '${bank.id}' is not assigned to Requisite with ID '${link.requisiteId}'`)
  const mine = state.requisites.find(one => one.id === link.myRequisiteId)
  if (link.myRequisiteId > 0 && mine === undefined) fail(`The Requisite of your company with ID '${link.myRequisiteId}' is not found`)
  if (mine !== undefined && (mine.entityTypeId !== 4 || state.companies.get(mine.entityId)?.['isMyCompany'] !== 'Y')) fail(
    `The Requisite with ID '${mine.id}' is not assigned to your company with ID '${mine.entityId}'`)
  const myBank = state.bankDetails.find(one => one.id === link.myBankDetailId)
  if (link.myBankDetailId > 0 && myBank === undefined) fail(`The BankDetail of your company with ID '${link.myBankDetailId}' is not found`)
  if (myBank !== undefined && myBank.requisiteId !== link.myRequisiteId) fail(
    `The BankDetail of your company with ID '${myBank.id}' is not assigned to Requisite of your company with ID '${link.myRequisiteId}'`)
}

const dealOf = (context: CallContext, type: unknown, id: unknown, typeName: string, idName: string): CrmItem => {
  if (Number(type) !== 2) fail(`${typeName} is not defined or invalid.`)
  if (!(Number(id) > 0)) fail(`${idName} is not defined or invalid.`)
  return ownerItem(context, 2, Number(id)) ?? fail('Entity is not found')
}

const register = ({ fields: given }: Params, context: CallContext) => {
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, names)
  const deal = dealOf(context, fields['ENTITY_TYPE_ID'], fields['ENTITY_ID'], 'ENTITY_TYPE_ID', 'ENTITY_ID')
  for (const name of own) if (!/^\d+$/.test(String(fields[name] ?? ''))) fail(`${name} is not defined or invalid.`)
  if (!mayChange(context, deal)) fail('Access denied.')
  const link: RequisiteLink = { entityTypeId: 2, entityId: deal.id, requisiteId: Number(fields['REQUISITE_ID']), bankDetailId: Number(fields['BANK_DETAIL_ID']),
    myRequisiteId: Number(fields['MC_REQUISITE_ID']), myBankDetailId: Number(fields['MC_BANK_DETAIL_ID']) }
  check(context, deal, link)
  const { state } = context
  state.requisiteLinks = [...state.requisiteLinks.filter(one => !(one.entityTypeId === 2 && one.entityId === deal.id)), link]
  return { result: true }
}

const scope = ['crm']
const folder = 'api-reference/crm/requisites/links'
const ofItem = { entityTypeId: 'integer!', entityId: 'integer!' } as const

export const requisiteLinkMethods: Methods = {
  'crm.requisite.link.register': { page: `${folder}/crm-requisite-link-register.md`, scope, params: { fields: 'object!' }, handle: register },
  'crm.requisite.link.get': {
    page: `${folder}/crm-requisite-link-get.md`, scope, params: ofItem,
    handle: ({ entityTypeId, entityId }, context) => {
      const deal = dealOf(context, entityTypeId, entityId, 'entityTypeId', 'entityId')
      if (!mayRead(context, deal)) fail('Access denied.')
      const link = context.state.requisiteLinks.find(one => one.entityTypeId === 2 && one.entityId === deal.id) ?? fail('Not found')
      return { result: { ...row(link), ENTITY_TYPE_ID: 2, ENTITY_ID: deal.id } }
    },
  },
  'crm.requisite.link.list': {
    page: `${folder}/crm-requisite-link-list.md`, scope, params: listParams,
    handle: (params, context) => listRows(params, context, context.state.requisiteLinks.filter(one => {
      const item = ownerItem(context, one.entityTypeId, one.entityId)
      return item !== null && mayRead(context, item)
    }), row, names, { ENTITY_ID: 'ASC' }),
  },
  'crm.requisite.link.unregister': {
    page: `${folder}/crm-requisite-link-unregister.md`, scope, params: ofItem,
    handle: ({ entityTypeId, entityId }, context) => {
      const deal = dealOf(context, entityTypeId, entityId, 'entityTypeId', 'entityId')
      if (!mayChange(context, deal)) fail('Access denied.')
      const { state } = context
      const left = state.requisiteLinks.filter(one => !(one.entityTypeId === 2 && one.entityId === deal.id))
      const gone = left.length < state.requisiteLinks.length
      state.requisiteLinks = left
      return { result: gone }
    },
  },
}
