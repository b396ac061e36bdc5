/**
 * Everything a conversion is planned from, with the rights of whoever's portal it is: three batch requests, one more for long lists, and one for
 * the products of open deals (of fifty each) where the lead has products.
 */
import type { ConversionFacts, ExistingClient, ExistingDeal, ProductRow } from '../../domain/conversion/facts.ts'
import { type FieldName, type LeadId, stageId, userId } from '../../domain/lead.ts'
import { boundOf } from '../around.ts'
import { type ClientAsk, searchClients, type Trait } from '../duplicates.ts'
import { PortalError } from '../error.ts'
import type { Portal } from '../portal.ts'
import { type Call, chunksOf, idOf, momentOf, type Outcome, resultOf, type Row, rowsOf, textOf, uniqueOf } from '../rows.ts'
import { isUserField, semantics } from '../leads.ts'
import { isRecord } from '../transport.ts'
import { employees, toEmployee } from '../users.ts'
import { productsOn } from './belongings.ts'
import { onlyAmong, toDeal } from './deals.ts'
import { semanticOf, toFieldInfos, toPipelines, valuesOf } from './fields.ts'
import { typeIds } from './kinds.ts'
import { listCalls, statusPage, toAlong, toProducts, toTemplates, wholeLists, wholeStatuses } from './lists.ts'
import { meansOf } from './means.ts'

/** `country`: ISO 3166-1 alpha-2 code of the country whose numbers are written without a code; `innField`: lead field that holds the taxpayer number. */
export interface ConversionAsk extends ClientAsk {
  /** Where the caller knows them already. */
  readonly people?: ConversionFacts['people']
}

const kinds = ['lead', 'deal', 'contact', 'company'] as const

/**
 * Rejects with `not-found` for a lead that is gone, with `access-denied` and the portal's words for one this person may not see, and with
 * `unavailable` when a client may have been missed. What this portal or person does not have (offers, requisites) is empty.
 */
export const readConversion = async (portal: Portal, id: LeadId, ask: ConversionAsk): Promise<ConversionFacts> => {
  const { country, innField, people } = ask
  const lists = Object.values(listCalls(id))
  const groups: readonly (readonly Call[])[] = [
    [{ method: 'crm.item.get', params: { entityTypeId: typeIds.lead, id, useOriginalUfNames: 'Y' } }],
    kinds.map(kind => ({ method: 'crm.item.fields', params: { entityTypeId: typeIds[kind], useOriginalUfNames: 'Y' } })),
    [0, 50, 100, 150].map(statusPage),
    [{ method: 'crm.category.list', params: { entityTypeId: typeIds.deal } }],
    [{ method: 'crm.requisite.preset.list', params: { order: { SORT: 'ASC', ID: 'ASC' } } }],
    people === undefined ? [employees(0)] : [],
    // crm-currency-base-get.md
    [{ method: 'crm.currency.base.get', params: {} }],
    lists,
  ]
  const outcomes = await portal.callAll(groups.flat(), { kind: 'read' })
  let at = 0
  const [lead = [], fields = [], pages = [], pipelines = [], presets = [], users = [], currencies = [], listed = []] = groups.map(group => outcomes.slice(at, at += group.length))

  const row = itemOf(resultOf(lead[0]))
  const statuses = await wholeStatuses(portal, pages)
  const infos = Object.fromEntries(kinds.map((kind, index) => [kind, toFieldInfos(resultOf(fields[index]), statuses)])) as unknown as ConversionFacts['fields']
  const [products, ...along] = await wholeLists(portal, lists, listed)
  const values = valuesOf(row, infos.lead)
  const addresses = rowsOf(row['fm'])
  const valuesOfType = (type: string): readonly string[] => addresses.flatMap(({ typeId, value }) => (typeId === type && typeof value === 'string' && value !== '' ? [value] : []))
  const search = await searchClients(portal, { companyTitle: textOf(row['companyTitle']), contact: { phones: valuesOfType('PHONE'), emails: valuesOfType('EMAIL'), messengers: [] }, fields: values }, ask)
  const bound = boundOf(row)
  const around = await readAround(portal, id, infos, { contact: uniqueOf([...bound.contactIds, ...search.ids.contact]), company: uniqueOf([...(bound.companyId === null ? [] : [bound.companyId]), ...search.ids.company]) })

  const found = around.clients.map(client => ({ ...client, shared: search.shared(client.kind, client.row) }))
  const usedBy = (kind: 'phone' | 'email', normal: string): number => found.filter(({ shared }) => shared.includes(`${kind} ${normal}`)).length
  const isBound = (kind: string, clientId: number): boolean => (kind === 'company' ? clientId === bound.companyId : bound.contactIds.includes(clientId))
  const own = toProducts(products ?? [])
  const deals = [...new Map(around.deals.flatMap(deal => toDeal(deal, infos.deal) ?? []).map(deal => [deal.id, deal])).values()]
  const rowsOfDeals = own.length === 0 ? new Map<number, readonly ProductRow[]>() : await readProducts(portal, deals)
  const responsible = idOf(row['assignedById'])
  return {
    lead: {
      id,
      title: textOf(row['title']),
      stageId: stageId(textOf(row['stageId'])),
      semantic: semantics[textOf(row['stageSemanticId'])] ?? 'processing',
      responsibleId: responsible === null ? null : userId(responsible),
      companyId: bound.companyId,
      contactIds: bound.contactIds,
      fields: values,
      means: meansOf(row, country, usedBy),
      products: own,
      updatedAt: (momentOf(row['updatedTime']) ?? momentOf(row['createdTime']))?.toString() ?? '',
    },
    fields: infos,
    clients: found.flatMap(({ kind, row: client, shared }) => toClient(kind, client, { leadId: id, shared, isBound, infos, country })).filter(({ by }) => by.length > 0)
      .toSorted((a, b) => Number(b.by.includes('bound')) - Number(a.by.includes('bound')) || a.kind.localeCompare(b.kind) || a.id - b.id),
    deals: deals.map(deal => ({ ...deal, products: rowsOfDeals.get(deal.id) ?? [] })),
    pipelines: toPipelines(resultOf(pipelines[0]), statuses),
    requisiteTemplates: presets[0]?.ok === true ? toTemplates(rowsOf(presets[0].result), country) : {},
    currency: currencies[0]?.ok === true ? textOf(currencies[0].result) || null : null,
    inn: innField === null ? null : textOf(values[innField]).replaceAll(/\s/g, '') || null,
    people: people ?? await readPeople(portal, users[0]),
    along: toAlong(along),
    successStageId: successOf(statuses),
  }
}

const itemOf = (result: unknown): Row => {
  if (isRecord(result) && isRecord(result['item'])) return result['item']
  throw new PortalError({ code: 'unexpected', method: 'crm.item.get', status: 200, bitrixMessage: 'the lead is not in the answer' })
}

/** `*`, because phones and addresses (`fm`) come only with it (crm-item-list.md), and the names that user fields have in their descriptions. */
const itemsWith = (kind: keyof typeof typeIds, infos: ConversionFacts['fields'], filter: Readonly<Record<string, unknown>>): Call => ({
  method: 'crm.item.list',
  params: { entityTypeId: typeIds[kind], filter, select: ['*', ...(kind === 'deal' ? ['contactIds'] : []), ...infos[kind].flatMap(({ name }) => (isUserField(name as FieldName) ? [name] : []))], order: { id: 'ASC' }, useOriginalUfNames: 'Y' },
})

interface Around {
  readonly clients: readonly { readonly kind: ExistingClient['kind']; readonly row: Row }[]
  readonly deals: readonly Row[]
}

interface Asked {
  readonly kind: ExistingClient['kind']
  readonly what: keyof Around
  readonly call: Call
  /** One of these contacts is in every row. */
  readonly among?: readonly number[]
}

/** Those contacts and companies, the open deals of them, and all deals, contacts and companies made from the lead. */
const readAround = async (portal: Portal, leadId: LeadId, infos: ConversionFacts['fields'], ids: Readonly<Record<ExistingClient['kind'], readonly number[]>>): Promise<Around> => {
  const asked: readonly Asked[] = [
    { kind: 'contact', what: 'deals', call: itemsWith('deal', infos, { leadId }) },
    ...(['contact', 'company'] as const).map(kind => ({ kind, what: 'clients' as const, call: itemsWith(kind, infos, { leadId }) })),
    ...(['contact', 'company'] as const).flatMap(kind => chunksOf(ids[kind], 50).flatMap(part => [
      { kind, what: 'clients' as const, call: itemsWith(kind, infos, { '@id': part }) },
      { kind, what: 'deals' as const, call: itemsWith('deal', infos, { '=stageSemanticId': 'P', [`@${kind}Id`]: part }) },
    ])),
    // The filter `contactId` finds a deal by the first of its contacts only (crm-item-list.md; `contactIds` since March 2025, whats-new.md).
    ...chunksOf(ids.contact, 50).map(part => ({ kind: 'contact' as const, what: 'deals' as const, call: itemsWith('deal', infos, { '=stageSemanticId': 'P', '@contactIds': part }), among: part })),
  ]
  const calls = asked.map(({ call }) => call)
  const first = await portal.callAll(calls, { kind: 'read' })
  const rows = await wholeLists(portal, calls, first.map((outcome, index) => onlyAmong(outcome, asked[index]?.among)))
  const clients = asked.flatMap(({ kind, what }, index) => (what === 'clients' ? (rows[index] ?? []).map(row => ({ kind, row })) : []))
  return {
    clients: [...new Map(clients.map(client => [`${client.kind} ${idOf(client.row['id']) ?? 0}`, client])).values()],
    deals: asked.flatMap(({ what }, index) => (what === 'deals' ? rows[index] ?? [] : [])),
  }
}

/** Of deals that may be used. */
const readProducts = async (portal: Portal, deals: readonly ExistingDeal[]): Promise<ReadonlyMap<number, readonly ProductRow[]>> => {
  const open = deals.filter(({ semantic }) => semantic === 'processing')
  const calls = open.map(({ id }) => productsOn(id))
  const rows = calls.length === 0 ? [] : await wholeLists(portal, calls, await portal.callAll(calls, { kind: 'read' }))
  return new Map(open.map(({ id }, index) => [id, toProducts(rows[index] ?? [])]))
}

interface ClientHow {
  readonly leadId: LeadId
  readonly shared: readonly Trait[]
  readonly isBound: (kind: string, id: number) => boolean
  readonly infos: ConversionFacts['fields']
  readonly country: string
}

const toClient = (kind: ExistingClient['kind'], row: Row, { leadId, shared, isBound, infos, country }: ClientHow): readonly ExistingClient[] => {
  const id = idOf(row['id'])
  if (id === null) return []
  const responsible = idOf(row['assignedById'])
  const companyIds = kind === 'company' ? [] : uniqueOf([row['companyId'], ...(Array.isArray(row['companyIds']) ? row['companyIds'] as readonly unknown[] : [])].flatMap(one => idOf(one) ?? []))
  return [{
    kind,
    id,
    title: (kind === 'company' ? textOf(row['title']) : [row['lastName'], row['name'], row['secondName']].map(textOf).filter(Boolean).join(' ')) || `№ ${id}`,
    responsibleId: responsible === null ? null : userId(responsible),
    by: [...(isBound(kind, id) ? ['bound' as const] : []), ...(idOf(row['leadId']) === leadId ? ['made' as const] : []), ...uniqueOf(shared.map(trait => trait.slice(0, trait.indexOf(' ')) as Exclude<ExistingClient['by'][number], 'bound' | 'made'>))],
    fields: valuesOf(row, infos[kind]),
    means: meansOf(row, country),
    companyIds,
  }]
}

const readPeople = async (portal: Portal, first: Outcome | undefined): Promise<ConversionFacts['people']> => {
  if (first === undefined) return []
  const [rows = []] = await wholeLists(portal, [employees(0)], [first])
  return rows.flatMap((row) => {
    const person = toEmployee(row)
    return person === null ? [] : [{ id: userId(person.id), name: person.name, active: person.active }]
  })
}

/** A portal has one success stage of leads. */
const successOf = (statuses: readonly Row[]): ConversionFacts['successStageId'] => {
  const stage = statuses.find(row => row['ENTITY_ID'] === 'STATUS' && semanticOf(row) === 'success')
  return stage === undefined ? null : stageId(textOf(stage['STATUS_ID']))
}
