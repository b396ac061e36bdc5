/** What stands around leads: bound clients, their requisites, quotes, and who may be the same client. Read for a whole look at once. */
import { type Client, type Lead, type LeadId, userId } from '../domain/lead.ts'
import { noteOfLastTodo, withNote } from './activities.ts'
import { findDuplicates } from './duplicates.ts'
import { itemsIn, readOn } from './lists.ts'
import { isDenied, isMissing } from './missing.ts'
import type { Needs } from './needs.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, idsOf, type Outcome, type Row, rowsOf, rowsUnder, textOf, uniqueOf } from './rows.ts'

/** entityTypeId (api-reference/crm/data-types.md). */
const contactType = 3
const companyType = 4
const quoteType = 7

export interface Bound {
  readonly companyId: number | null
  readonly contactIds: readonly number[]
}

/** Client fields of a lead (object-fields.md#lead): `contactIds` has all of them, `contactId` the first. */
export const boundOf = (row: Row): Bound => ({ companyId: idOf(row['companyId']), contactIds: uniqueOf([...(idOf(row['contactId']) === null ? [] : [Number(row['contactId'])]), ...idsOf(row['contactIds'])]) })

export interface LookedLead {
  readonly lead: Lead
  readonly bound: Bound
}

/** The same leads with what is needed of their surroundings. What the portal does not give stays left out; what it refuses to give stands in `denied`. */
export const lookAround = async (portal: Portal, looked: readonly LookedLead[], needs: Needs): Promise<ReadonlyMap<LeadId, Lead>> => {
  const companies = uniqueOf(looked.flatMap(({ bound }) => bound.companyId ?? []))
  const contacts = uniqueOf(looked.flatMap(({ bound }) => bound.contactIds))
  const noted = looked.flatMap(({ lead }) => {
    const call = noteOfLastTodo(lead)
    return call === null ? [] : [{ id: lead.id, call }]
  })
  const parts = {
    companies: needs.clients ? chunksOf(companies, 50).map(ids => itemsOf(companyType, ids, ['id', 'title', 'assignedById'])) : [],
    contacts: needs.clients ? chunksOf(contacts, 50).map(ids => itemsOf(contactType, ids, ['id', 'name', 'lastName', 'assignedById'])) : [],
    requisites: needs.requisites ? [...chunksOf(companies, 50).map(ids => requisitesOf(companyType, ids)), ...chunksOf(contacts, 50).map(ids => requisitesOf(contactType, ids))] : [],
    notes: needs.summaries ? noted.map(({ call }) => call) : [],
    quotes: needs.quotes && looked.length > 0 ? [quoteStages, quotesOf(looked.map(({ lead }) => lead.id))] : [],
  }
  const calls = [...parts.companies, ...parts.contacts, ...parts.requisites, ...parts.notes, ...parts.quotes]
  const outcomes = calls.length === 0 ? [] : await portal.callAll(calls, { kind: 'read' })
  let at = 0
  const take = (part: readonly Call[]) => outcomes.slice(at, at += part.length)
  const company = clientsOf('company', take(parts.companies))
  const contact = clientsOf('contact', take(parts.contacts))
  const requisites = await readOn(portal, parts.requisites, take(parts.requisites))
  const notes = new Map(take(parts.notes).map((outcome, index) => [noted[index]?.id, outcome]))
  const [stages, firstQuotes] = take(parts.quotes)
  const [quotes] = firstQuotes === undefined ? [] : await readOn(portal, parts.quotes.slice(1), [firstQuotes], { rowsIn: itemsIn })
  const denied = [...([stages, quotes].some(isDenied) ? ['quote' as const] : []), ...(requisites.some(isDenied) ? ['requisites' as const] : [])]

  const known = new Map(looked.map(({ lead, bound }): [LeadId, Lead] => {
    const clients = [...(bound.companyId === null ? [] : [company.get(bound.companyId)]), ...bound.contactIds.map(id => contact.get(id))].filter(client => client !== undefined)
    const boundTo = [...(bound.companyId === null ? [] : [`company ${bound.companyId}`]), ...bound.contactIds.map(id => `contact ${id}`)]
    const note = notes.get(lead.id)
    return [lead.id, {
      ...lead,
      ...(note === undefined ? {} : { followUps: withNote(lead.followUps, note) }),
      ...(needs.clients ? { clients } : {}),
      ...(boundTo.length === 0 ? {} : { boundTo }),
      ...(needs.requisites && requisites.every(outcome => outcome.ok) ? { hasRequisites: hasRequisites(bound, requisites) } : {}),
      ...(quotes?.ok === true && stages?.ok === true ? { quote: bestQuote(lead.id, itemsIn(quotes.result), rowsOf(stages.result)) } : {}),
      ...(denied.length === 0 ? {} : { denied }),
    }]
  }))
  if (needs.duplicates === null) return known
  const duplicates = await findDuplicates(portal, [...known.values()], needs.duplicates)
  return new Map([...known].map(([id, lead]) => {
    const found = duplicates.get(id)
    return [id, found === undefined ? lead : { ...lead, duplicates: found }]
  }))
}

const itemsOf = (entityTypeId: number, ids: readonly number[], select: readonly string[]): Call =>
  ({ method: 'crm.item.list', params: { entityTypeId, filter: { '@id': ids }, select, order: { id: 'ASC' }, start: -1 } })

const clientsOf = (kind: Client['kind'], outcomes: readonly Outcome[]): ReadonlyMap<number, Client> =>
  new Map(outcomes.flatMap((outcome) => {
    if (!outcome.ok && !isMissing(outcome.error)) throw outcome.error
    return outcome.ok ? rowsUnder(outcome.result, 'items').flatMap(row => toClient(kind, row)) : []
  }))

const toClient = (kind: Client['kind'], row: Row): readonly (readonly [number, Client])[] => {
  const id = idOf(row['id'])
  const responsible = idOf(row['assignedById'])
  const name = kind === 'company' ? textOf(row['title']) : [row['name'], row['lastName']].map(textOf).filter(Boolean).join(' ')
  return id === null ? [] : [[id, { kind, id, name, responsibleId: responsible === null ? null : userId(responsible) }]]
}

/** crm-requisite-list.md: a filter of two fields, `@` takes a list. */
const requisitesOf = (entityTypeId: number, ids: readonly number[]): Call =>
  ({ method: 'crm.requisite.list', params: { filter: { 'ENTITY_TYPE_ID': entityTypeId, '@ENTITY_ID': ids }, select: ['ID', 'ENTITY_TYPE_ID', 'ENTITY_ID', 'RQ_INN'], order: { ID: 'asc' } } })

/** Requisites without a taxpayer number are an empty form. */
const hasRequisites = ({ companyId, contactIds }: Bound, outcomes: readonly Outcome[]): boolean =>
  outcomes.flatMap(outcome => (outcome.ok ? rowsOf(outcome.result) : [])).some((row) => {
    const id = idOf(row['ENTITY_ID'])
    const ours = id !== null && (textOf(row['ENTITY_TYPE_ID']) === String(companyType) ? id === companyId : contactIds.includes(id))
    return ours && textOf(row['RQ_INN']).trim() !== ''
  })

/** Stages of quotes with their meaning (crm-status-list.md; crm-status-entity-types.md: `DRAFT` is the first, `APPROVED` won, `DECLAINED` lost). */
const quoteStages: Call = { method: 'crm.status.list', params: { filter: { ENTITY_ID: 'QUOTE_STATUS' }, order: { SORT: 'ASC' } } }

/** Asks for one row each: may this token read what gates ask for at all? */
export const probes: readonly { readonly fact: 'quote' | 'requisites'; readonly call: Call }[] = [
  { fact: 'quote', call: { method: 'crm.item.list', params: { entityTypeId: quoteType, filter: { id: 0 }, select: ['id'], start: -1 } } },
  { fact: 'requisites', call: { method: 'crm.requisite.list', params: { filter: { ID: 0 }, select: ['ID'], start: -1 } } },
]

/** `leadId` of a quote is the lead it was made from (object-fields.md#quote). */
const quotesOf = (leadIds: readonly number[]): Call =>
  ({ method: 'crm.item.list', params: { entityTypeId: quoteType, filter: { '@leadId': leadIds }, select: ['id', 'leadId', 'stageId'], order: { id: 'ASC' } } })

const ranks = ['declined', 'draft', 'sent', 'accepted'] as const

const bestQuote = (id: LeadId, quotes: readonly Row[], known: readonly Row[]): Exclude<Lead['quote'], undefined> => {
  const states = quotes.filter(row => idOf(row['leadId']) === id).map(row => stateOf(textOf(row['stageId']), known))
  return ranks.findLast(rank => states.includes(rank)) ?? null
}

const stateOf = (stageId: string, stages: readonly Row[]): (typeof ranks)[number] => {
  const meaning = stages.find(row => row['STATUS_ID'] === stageId)?.['SEMANTICS']
  if (meaning === 'S' || stageId === 'APPROVED') return 'accepted'
  if (meaning === 'F' || stageId === 'DECLAINED') return 'declined'
  return stageId === (textOf(stages[0]?.['STATUS_ID']) || 'DRAFT') ? 'draft' : 'sent'
}
