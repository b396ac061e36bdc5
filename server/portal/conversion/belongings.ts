/** What belongs to what was made: requisites and their link to the deal, products, the contact's company, entries of the timelines. */
import { createHash } from 'node:crypto'
import { type ConversionStep, markOfStep, type StepResult } from '../../domain/conversion/step.ts'
import { idOf as idOfRef } from '../../domain/conversion/undo.ts'
import { plain } from '../bbcode.ts'
import { evened } from '../look-before.ts'
import { toXmlId } from '../marks.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, numberOf, resultOf, type Row, rowsOf, textOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import { writeAll } from './bind.ts'
import { type Hands, refusedOf, type StepManner, withRefused } from './hands.ts'
import { knownId } from './items.ts'
import { itemPath, typeIds } from './kinds.ts'
import { certainLists } from './lists.ts'

type Step<Kind extends ConversionStep['kind']> = Extract<ConversionStep, { kind: Kind }>

const requisiteNames: Readonly<Record<string, string>> = {
  inn: 'RQ_INN', name: 'RQ_COMPANY_NAME', fullName: 'RQ_COMPANY_FULL_NAME', firstName: 'RQ_FIRST_NAME', secondName: 'RQ_SECOND_NAME', lastName: 'RQ_LAST_NAME',
}

/** All requisites of one owner (crm-requisite-list.md). */
export const requisitesOn = (kind: 'contact' | 'company', id: number): Call =>
  ({ method: 'crm.requisite.list', params: { filter: { ENTITY_TYPE_ID: typeIds[kind], ENTITY_ID: id }, select: ['ID', 'XML_ID', 'RQ_INN'], order: { ID: 'asc' } } })

/** Found by XML_ID. Null: they were only to be looked for, and are not there. */
export const makeRequisites = async ({ own, person }: Hands, step: Step<'requisites'>, manner: StepManner): Promise<StepResult | null> => {
  const owner = knownId(step.owner, manner.results)
  const mark = toXmlId(markOfStep(manner.conversionId, step.key))
  if (manner.attempts > 0 || !manner.mayMake) {
    const [rows = []] = await certainLists(own, [requisitesOn(step.ownerKind, owner)])
    const id = idOf(rows.find(row => row['XML_ID'] === mark)?.['ID'])
    if (id !== null) return { id, found: true }
    if (!manner.mayMake) return null
  }
  const values = Object.fromEntries(Object.entries(step.values).flatMap(([name, value]) => (requisiteNames[name] === undefined || value === '' ? [] : [[requisiteNames[name], value]])))
  const fields = { ENTITY_TYPE_ID: typeIds[step.ownerKind], ENTITY_ID: owner, PRESET_ID: step.templateId, NAME: step.name || step.values['inn'] || `№ ${owner}`, XML_ID: mark, ...values }
  const id = idOf((await person.call('crm.requisite.add', { fields }, { kind: 'write' })).result)
  return id === null ? {} : { id }
}

/** Details chosen in a deal (crm-requisite-link-list.md). */
export const linkOn = (dealId: number): Call => ({ method: 'crm.requisite.link.list', params: { filter: { ENTITY_TYPE_ID: typeIds.deal, ENTITY_ID: dealId } } })

/** The deal's link with other details of the client; what else stands in it stays. */
export const writeLink = (dealId: number, requisiteId: number, link: Row | undefined): Call => ({
  method: 'crm.requisite.link.register',
  params: { fields: { ENTITY_TYPE_ID: typeIds.deal, ENTITY_ID: dealId, REQUISITE_ID: requisiteId, BANK_DETAIL_ID: 0, MC_REQUISITE_ID: idOf(link?.['MC_REQUISITE_ID']) ?? 0, MC_BANK_DETAIL_ID: idOf(link?.['MC_BANK_DETAIL_ID']) ?? 0 } },
})

/** Other details that somebody has chosen in the deal stay; one that was only just made has none. Details that were refused are not linked. */
export const linkRequisites = async (portal: Portal, step: Step<'link-requisites'>, { results, attempts }: StepManner): Promise<StepResult> => {
  const [dealId, requisiteId] = [knownId(step.deal, results), idOfRef(step.requisites, results)]
  if (requisiteId === null) return {}
  const isFresh = typeof step.deal !== 'number' && attempts === 0
  const [answer] = isFresh ? [] : await portal.callAll([linkOn(dealId)], { kind: 'read' })
  const [link] = isFresh ? [] : rowsOf(resultOf(answer))
  const chosen = idOf(link?.['REQUISITE_ID'])
  if (chosen !== null) return chosen === requisiteId ? { found: true } : {}
  const outcomes = await writeAll(portal, [writeLink(dealId, requisiteId, link)])
  return withRefused({}, refusedOf(outcomes))
}

/** Rows of a deal with their ids and places. */
export const productsOn = (dealId: number): Call => ({ method: 'crm.item.productrow.list', params: { filter: { '=ownerType': 'D', '=ownerId': dealId }, order: { id: 'asc' } } })

/** Product rows hold no mark of anybody's; their place among the rows (`sort`) is ours to choose, and so it is the mark. */
const placeOf = (conversionId: string, key: string): number => 100_000_000 + (createHash('sha256').update(markOfStep(conversionId, key)).digest().readUInt32BE() % 1_000_000) * 1_000

/** Whether a row stands where a conversion has put it and nobody has saved the products since. */
export const isOurRow = (row: Row): boolean => (numberOf(row['sort']) ?? 0) >= 100_000_000

/** Null: they were only to be looked for, and not all of them are there. */
export const addProducts = async ({ own, person }: Hands, step: Step<'products'>, manner: StepManner): Promise<StepResult | null> => {
  const dealId = knownId(step.deal, manner.results)
  const first = placeOf(manner.conversionId, step.key)
  const there = new Map<number, number>()
  if (manner.attempts > 0 || !manner.mayMake) {
    const [rows = []] = await certainLists(own, [productsOn(dealId)])
    for (const row of rows) there.set(numberOf(row['sort']) ?? 0, idOf(row['id']) ?? 0)
  }
  const wanted = step.rows.map((row, index) => ({ row, sort: first + index }))
  const open = wanted.filter(({ sort }) => !there.has(sort))
  if (open.length > 0 && !manner.mayMake) return null
  const outcomes = await writeAll(person, open.map(({ row, sort }) => ({
    method: 'crm.item.productrow.add',
    params: { fields: { ownerType: 'D', ownerId: dealId, ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)), sort } },
  })))
  const refused = refusedOf(outcomes)
  const ids = wanted.flatMap(({ sort }) => {
    const index = open.findIndex(one => one.sort === sort)
    const outcome = outcomes[index]
    const row = outcome?.ok === true && isRecord(outcome.result) && isRecord(outcome.result['productRow']) ? outcome.result['productRow'] : {}
    return there.get(sort) ?? idOf(row['id']) ?? []
  })
  return withRefused({ ids, ...(open.length === 0 ? { found: true } : {}) }, refused)
}

/** `false` says that they belong together already (crm-contact-company-add.md); a repeat may have found what its first attempt has done. */
export const linkCompany = async ({ person }: Hands, step: Step<'link-company'>, { results, attempts }: StepManner): Promise<StepResult> => {
  const [contact, company] = [knownId(step.contact, results), knownId(step.company, results)]
  const { result } = await person.call('crm.contact.company.add', { id: contact, fields: { COMPANY_ID: company } }, { kind: 'write' })
  return { id: contact, ...(result === true || attempts > 0 ? {} : { found: true }) }
}

/** The newest ten entries made over REST (crm-timeline-logmessage-list.md). */
const entriesOn = (kind: 'lead' | 'deal', id: number): Call => ({ method: 'crm.timeline.logmessage.list', params: { entityTypeId: typeIds[kind], entityId: id, order: { id: 'desc' } } })

/** One entry in the deal and one in the lead, each with the other's address, by which a repeat finds it. Null: not both are there. */
export const tellTimelines = async (portal: Portal, step: Step<'tell'>, manner: StepManner): Promise<StepResult | null> => {
  const dealId = knownId(step.deal, manner.results)
  const entries = [
    { kind: 'deal' as const, id: dealId, text: `${plain(step.text)}\n${portal.origin}${itemPath('lead', step.leadId)}` },
    { kind: 'lead' as const, id: step.leadId, text: `${plain(step.leadText)}\n${portal.origin}${itemPath('deal', dealId)}` },
  ]
  const isRepeat = manner.attempts > 0 || !manner.mayMake
  const looks = isRepeat ? await portal.callAll(entries.map(({ kind, id }) => entriesOn(kind, id)), { kind: 'read' }) : []
  const found = entries.map(({ text }, index) => (isRepeat ? idOf(rowsOf(resultOf(looks[index])).find(row => evened(textOf(row['text'])) === evened(text))?.['id']) : null))
  const open = entries.filter((_, index) => found[index] === null)
  if (open.length > 0 && !manner.mayMake) return null
  const outcomes = await writeAll(portal, open.map(({ kind, id, text }) =>
    ({ method: 'crm.timeline.logmessage.add', params: { fields: { entityTypeId: typeIds[kind], entityId: id, title: 'Leadrail', text, iconCode: 'info' } } })))
  const made = outcomes.flatMap((outcome) => {
    const result = outcome.ok ? resultOf(outcome) : null
    return isRecord(result) && isRecord(result['logMessage']) ? idOf(result['logMessage']['id']) ?? [] : []
  })
  return withRefused({ ids: [...found.flatMap(id => id ?? []), ...made], ...(open.length === 0 ? { found: true } : {}) }, refusedOf(outcomes))
}
