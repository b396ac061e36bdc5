import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { accessDenied, RestError } from '../core/rest-error.ts'
import type { CrmItem } from '../rows.ts'
import { companiesOf, setCompanies, type WantedLink } from '../world/company-links.ts'
import { checkNames, listOf } from './list-call.ts'
import { mayChange, mayRead } from './rights.ts'

const fail = (text: string): never => { throw new RestError('', text, 400) }

const contactOf = (context: CallContext, id: unknown): CrmItem => {
  if (!(Number(id) > 0)) fail("The parameter 'ownerEntityID' is invalid or not defined.")
  return context.state.contacts.get(Number(id)) ?? fail('Not found')
}

const changeable = (context: CallContext, id: unknown): CrmItem => {
  const contact = contactOf(context, id)
  if (!mayChange(context, contact)) throw accessDenied('Access denied!', 400)
  return contact
}

const wantedOf = (context: CallContext, given: Params, names: readonly string[] = ['COMPANY_ID', 'IS_PRIMARY', 'SORT']): WantedLink => {
  checkNames(context, given, names)
  const companyId = Number(given['COMPANY_ID'])
  if (!(companyId > 0)) fail("The parameter 'fields' is not valid.")
  if (!context.state.companies.has(companyId)) context.strictFail(`there is no company ${companyId}`)
  return { companyId, ...(given['SORT'] === undefined ? {} : { sort: Number(given['SORT']) }), ...(given['IS_PRIMARY'] === undefined ? {} : { isPrimary: given['IS_PRIMARY'] === 'Y' || given['IS_PRIMARY'] === true }) }
}

/** The contact was changed in fact, but these methods tell nobody (assumed). */
const companyCall = (params: Params, context: CallContext, names?: readonly string[]): { contact: CrmItem; wanted: WantedLink; known: boolean } => {
  const contact = changeable(context, params['id'])
  if (!isRecord(params['fields'])) fail("The parameter 'fields' must be array.")
  const wanted = wantedOf(context, params['fields'] as Params, names)
  return { contact, wanted, known: companiesOf(context.state, contact.id).some(link => link.companyId === wanted.companyId) }
}

const scope = ['crm']
const folder = 'api-reference/crm/contacts/company'
const params = { id: 'integer!', fields: 'object!' } as const

export const contactCompanyMethods: Methods = {
  'crm.contact.company.add': {
    page: `${folder}/crm-contact-company-add.md`, scope, params,
    handle: (given, context) => {
      const { contact, wanted, known } = companyCall(given, context)
      if (known) return { result: false }
      const before = companiesOf(context.state, contact.id)
      setCompanies(context.state, contact.id, wanted.isPrimary === true ? [wanted, ...before.map(link => ({ ...link, isPrimary: false }))] : [...before, wanted])
      return { result: true }
    },
  },
  'crm.contact.company.delete': {
    page: `${folder}/crm-contact-company-delete.md`, scope, params,
    handle: (given, context) => {
      const { contact, wanted, known } = companyCall(given, context, ['COMPANY_ID'])
      setCompanies(context.state, contact.id, companiesOf(context.state, contact.id).filter(link => link.companyId !== wanted.companyId))
      return { result: known }
    },
  },
  'crm.contact.company.items.get': {
    page: `${folder}/crm-contact-company-items-get.md`, scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      const contact = contactOf(context, id)
      if (!mayRead(context, contact)) throw accessDenied('Access denied!', 400)
      return { result: companiesOf(context.state, contact.id).map(link => ({ COMPANY_ID: link.companyId, SORT: link.sort, ROLE_ID: 0, IS_PRIMARY: link.isPrimary ? 'Y' : 'N' })) }
    },
  },
  'crm.contact.company.items.set': {
    page: `${folder}/crm-contact-company-items-set.md`, scope, params: { id: 'integer!', items: 'array!' },
    handle: ({ id, items }, context) => {
      const contact = changeable(context, id)
      if (typeof items !== 'object' || items === null) fail('The parameter items must be array.')
      setCompanies(context.state, contact.id, listOf(items).filter(isRecord).map(one => wantedOf(context, one)))
      return { result: true }
    },
  },
}
