/** Contacts of companies: one relation, seen as `companyIds` of a contact and `contactIds` of a company. */
import type { CompanyLink, CrmItem } from '../rows.ts'
import type { PortalState } from '../state.ts'

/** Companies of a contact in their order. */
export const companiesOf = (state: PortalState, contactId: number): CompanyLink[] =>
  state.companyLinks.filter(link => link.contactId === contactId).sort((a, b) => a.sort - b.sort || a.companyId - b.companyId)

const contactsOf = (state: PortalState, companyId: number): number[] =>
  state.companyLinks.filter(link => link.companyId === companyId).map(link => link.contactId)

const mirror = (state: PortalState, contactIds: readonly number[], companyIds: readonly number[]): void => {
  for (const id of contactIds) {
    const contact = state.contacts.get(id)
    const links = companiesOf(state, id)
    if (contact !== undefined) Object.assign(contact, { companyIds: links.map(link => link.companyId), companyId: links.find(link => link.isPrimary)?.companyId ?? null })
  }
  for (const id of companyIds) {
    const company = state.companies.get(id)
    if (company !== undefined) company['contactIds'] = contactsOf(state, id)
  }
}

const onePrimary = (links: CompanyLink[]): void => {
  const primary = links.find(link => link.isPrimary) ?? links[0]
  for (const link of links) link.isPrimary = link === primary
}

export interface WantedLink { companyId: number; sort?: number; isPrimary?: boolean }

/** Makes these the companies of a contact; known ones keep their place, the first that asks for it is the main one. */
export const setCompanies = (state: PortalState, contactId: number, wanted: readonly WantedLink[]): void => {
  const before = companiesOf(state, contactId)
  let last = Math.max(0, ...before.map(link => link.sort), ...wanted.map(one => one.sort ?? 0))
  const links = wanted.filter((one, index) => wanted.findIndex(other => other.companyId === one.companyId) === index).map(({ companyId, sort, isPrimary }): CompanyLink => {
    const known = before.find(link => link.companyId === companyId)
    if (sort === undefined && known === undefined) last += 10
    return { contactId, companyId, sort: sort ?? known?.sort ?? last, isPrimary: isPrimary ?? false }
  })
  onePrimary(links)
  state.companyLinks = [...state.companyLinks.filter(link => link.contactId !== contactId), ...links]
  mirror(state, [contactId], [...before, ...links].map(link => link.companyId))
}

const asIds = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [])

/** Follows a contact or company whose own fields were written (`changed` names them). */
export const followItem = (state: PortalState, item: CrmItem, changed: readonly string[]): void => {
  if (item.entityTypeId === 3 && (changed.includes('companyIds') || changed.includes('companyId'))) {
    const main = Number(item['companyId'] ?? 0)
    const ids = changed.includes('companyIds') ? asIds(item['companyIds']) : main > 0 ? [main] : []
    setCompanies(state, item.id, ids.map(companyId => ({ companyId, isPrimary: companyId === main })))
  }
  if (item.entityTypeId === 4 && changed.includes('contactIds')) {
    const ids = asIds(item['contactIds'])
    const gone = contactsOf(state, item.id).filter(id => !ids.includes(id))
    for (const id of gone) setCompanies(state, id, companiesOf(state, id).filter(link => link.companyId !== item.id))
    for (const id of ids) if (!contactsOf(state, item.id).includes(id)) setCompanies(state, id, [...companiesOf(state, id), { companyId: item.id }])
  }
}

/** A contact or company is gone. */
export const dropItem = (state: PortalState, item: CrmItem): void => {
  const gone = state.companyLinks.filter(link => (item.entityTypeId === 3 ? link.contactId : item.entityTypeId === 4 ? link.companyId : 0) === item.id)
  for (const { contactId, companyId } of gone) setCompanies(state, contactId, companiesOf(state, contactId).filter(link => link.companyId !== companyId))
}
