/** A lead converted by a person in the portal's own page. What the documentation says of it: crm/leads/index.md, crm/leads/management-communication/index.md. */
import type { CrmItem, MultiField } from '../rows.ts'
import { nextId } from '../state.ts'
import { activitiesOf, updateActivity } from './activities.ts'
import { addItem, stagesOf, updateItem } from './items.ts'
import { productsOf, sumOf } from './products.ts'
import type { Cause, World } from './world.ts'

/** What is to be made of a lead: true with what the lead says, or with fields of one's own over that. */
export interface Conversion {
  deal?: true | Record<string, unknown>
  contact?: true | Record<string, unknown>
  company?: true | Record<string, unknown>
}

export interface Converted {
  lead: CrmItem
  deal: CrmItem | null
  contact: CrmItem | null
  company: CrmItem | null
}

const utm = ['utmSource', 'utmMedium', 'utmCampaign', 'utmContent', 'utmTerm']
const shared = ['sourceId', 'sourceDescription', 'comments', 'assignedById', 'observers', ...utm]

const pick = (lead: CrmItem, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter(name => lead[name] !== undefined && lead[name] !== null && lead[name] !== '').map(name => [name, lead[name]]))

const own = (wanted: true | Record<string, unknown>): Record<string, unknown> => (wanted === true ? {} : wanted)

const copies = (fm: readonly MultiField[]): Partial<MultiField>[] => fm.map(({ typeId, valueType, value }) => ({ typeId, valueType, value }))

/** User fields that the target has under the same name (assumed: a portal asks once how fields go over). */
const sameFields = (world: World, lead: CrmItem, entityId: string): Record<string, unknown> =>
  pick(lead, [...world.state.userFields.values()].filter(field => field.entityId === entityId).map(field => field.fieldName))

/** The client the lead already has: it is used instead of a new one, as a repeated lead makes only a deal. */
const known = (items: ReadonlyMap<number, CrmItem>, id: unknown): CrmItem | null => items.get(Number(id ?? 0)) ?? null

/**
 * Makes company, contact and deal with `leadId`, the phones and addresses in both contact and company, copies products, binds the lead's
 * activities to what was made, and puts the lead on its success stage. Every step fires its event.
 */
export const convertLead = (world: World, lead: CrmItem, wanted: Conversion, cause: Cause): Converted => {
  const { state } = world
  const success = stagesOf(world, 1).find(stage => stage.semantics === 'S')
  if (success === undefined) throw new Error('there is no success stage of leads')
  if (lead.stageSemanticId !== 'P') throw new Error(`lead ${lead.id} is closed`)
  const company = known(state.companies, lead['companyId']) ?? (wanted.company === undefined ? null : addItem(world, 4, {
    title: lead.companyTitle || lead.title, ...pick(lead, shared.filter(name => !name.startsWith('source'))), ...sameFields(world, lead, 'CRM_COMPANY'), leadId: lead.id,
    fm: copies(lead.fm), ...own(wanted.company) }, cause))
  const contact = known(state.contacts, lead['contactId']) ?? (wanted.contact === undefined ? null : addItem(world, 3, {
    ...pick(lead, ['name', 'secondName', 'lastName', 'honorific', 'post', 'birthdate', ...shared]), ...sameFields(world, lead, 'CRM_CONTACT'), leadId: lead.id,
    ...(company === null ? {} : { companyId: company.id, companyIds: [company.id] }), fm: copies(lead.fm), ...own(wanted.contact) }, cause))
  const clients = { ...(company === null ? {} : { companyId: company.id }), ...(contact === null ? {} : { contactId: contact.id, contactIds: [contact.id] }) }
  const deal = wanted.deal === undefined ? null : addItem(world, 2, {
    title: lead.title, ...pick(lead, [...shared, 'opportunity', 'currencyId', 'isManualOpportunity', 'isReturnCustomer']), ...sameFields(world, lead, 'CRM_DEAL'), leadId: lead.id,
    ...clients, ...own(wanted.deal) }, cause)
  if (deal !== null) {
    const rows = productsOf(state, lead).map(row => ({ ...row, id: nextId(state, 'productRow'), ownerType: 'D' as const, ownerId: deal.id }))
    state.productRows.push(...rows)
    if (rows.length > 0 && deal['isManualOpportunity'] !== 'Y') Object.assign(deal, sumOf(rows))
  }
  const made = [deal, contact, company].filter(item => item !== null).map(item => ({ ownerTypeId: item.entityTypeId, ownerId: item.id }))
  for (const activity of activitiesOf(world, 1, lead.id)) {
    const more = made.filter(one => !activity.bindings.some(binding => binding.ownerTypeId === one.ownerTypeId && binding.ownerId === one.ownerId))
    if (more.length > 0) updateActivity(world, activity, { bindings: [...activity.bindings, ...more] }, cause)
  }
  updateItem(world, lead, { ...clients, stageId: success.statusId }, cause)
  return { lead, deal, contact, company }
}
