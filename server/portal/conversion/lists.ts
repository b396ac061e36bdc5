/** Lists that a conversion reads beside the items themselves. */
import type { ConversionFacts, ProductRow, RequisiteForm } from '../../domain/conversion/facts.ts'
import { PortalError, retell } from '../error.ts'
import { itemsIn, readOn } from '../lists.ts'
import { markOfText, markOfXmlId } from '../marks.ts'
import { isMissing } from '../missing.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, idsOf, numberOf, type Outcome, type Row, rowsOf, rowsUnder, textOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import { invoiceType, quoteType, taskCode, typeIds } from './kinds.ts'

const owner = (id: number) => ({ OWNER_TYPE_ID: typeIds.lead, OWNER_ID: id })

/** Each with its total, so that further pages go in one request. */
export const listCalls = (leadId: number): Readonly<Record<'products' | 'activities' | 'tasks' | 'comments' | 'quotes', Call>> => ({
  products: { method: 'crm.item.productrow.list', params: { filter: { '=ownerType': 'L', '=ownerId': leadId }, order: { id: 'asc' } } },
  activities: { method: 'crm.activity.list', params: { filter: { BINDINGS: [owner(leadId)] }, select: ['ID', 'TYPE_ID', 'PROVIDER_ID', 'DESCRIPTION'], order: { ID: 'ASC' } } },
  tasks: { method: 'tasks.task.list', params: { filter: { UF_CRM_TASK: [taskCode('lead', leadId)] }, select: ['ID', 'XML_ID'], order: { ID: 'asc' } } },
  comments: { method: 'crm.timeline.comment.list', params: { filter: { ENTITY_ID: leadId, ENTITY_TYPE: 'lead' }, select: ['ID', 'COMMENT'], order: { ID: 'ASC' } } },
  quotes: { method: 'crm.item.list', params: { entityTypeId: quoteType, filter: { leadId }, select: ['id'], order: { id: 'ASC' } } },
})

/** Rows of a page, or of all pages that were read. */
export const rowsInAny = (result: unknown): readonly Row[] => {
  if (Array.isArray(result)) return rowsOf(result)
  const named = isRecord(result) ? ['items', 'tasks', 'productRows'].find(name => result[name] !== undefined) : undefined
  return named === undefined ? rowsOf(result) : rowsUnder(result, named)
}

/** All rows of each list, in the order of the calls. What this portal or this person does not have is empty (`isNone`); anything else that fails rejects. */
export const wholeLists = async (portal: Portal, calls: readonly Call[], first: readonly Outcome[], isNone: (error: PortalError, call: Call | undefined) => boolean = isMissing): Promise<readonly (readonly Row[])[]> =>
  (await readOn(portal, calls, first, { rowsIn: rowsInAny, mostPages: 40 })).map((outcome, index) => {
    if (outcome.ok) return rowsInAny(outcome.result)
    if (isNone(outcome.error, calls[index])) return []
    throw outcome.error
  })

/**
 * The same where something is removed, or made again, because a list does not have it: empty is only what the portal does not have at all.
 * A list that is refused rejects, never with `not-found`: that would mean that the thing itself is gone.
 */
export const certainLists = async (portal: Portal, calls: readonly Call[]): Promise<readonly (readonly Row[])[]> => {
  try {
    return await wholeLists(portal, calls, calls.length === 0 ? [] : await portal.callAll(calls, { kind: 'read' }), isAbsent)
  } catch (cause) {
    throw cause instanceof PortalError && cause.code === 'not-found' ? retell(cause, cause.method, 'invalid') : cause
  }
}

/** No such method, or no offers or invoices (crm-item-list.md: NOT_FOUND for a type that is not there). */
const isAbsent = ({ code, bitrixCode }: PortalError, call: Call | undefined): boolean =>
  bitrixCode.toUpperCase() === 'ERROR_METHOD_NOT_FOUND' || (code === 'not-found' && [quoteType, invoiceType].some(type => type === call?.params?.['entityTypeId']))

/** What hangs on the lead and goes along: not the mirrors of tasks, nor our own follow-ups, which end with the lead. */
export const toAlong = ([activities = [], tasks = [], comments = [], quotes = []]: readonly (readonly Row[])[]): ConversionFacts['along'] => ({
  activities: idsIn(activities.filter(row => !isMirror(row) && markOfText(textOf(row['DESCRIPTION'])) === null), 'ID'),
  tasks: idsIn(tasks.filter(row => markOfXmlId(textOf(row['xmlId'])) === null), 'id'),
  comments: idsIn(comments.filter(row => markOfText(textOf(row['COMMENT'])) === null), 'ID'),
  quotes: idsIn(quotes, 'id'),
})

const isMirror = (row: Row): boolean => textOf(row['TYPE_ID']) === '3' || textOf(row['PROVIDER_ID']) === 'CRM_TASKS_TASK'

const idsIn = (rows: readonly Row[], name: string): readonly number[] => idsOf(rows.map(row => row[name]))

/** Columns that crm-item-productrow-add.md takes; the others are calculated. */
const ownColumns = ['productId', 'productName', 'price', 'quantity', 'discountTypeId', 'discountRate', 'discountSum', 'taxRate', 'taxIncluded', 'measureCode']

export const toProducts = (rows: readonly Row[]): readonly ProductRow[] => rows.map(row => ({
  name: textOf(row['productName']),
  productId: idOf(row['productId']),
  price: numberOf(row['price']) ?? 0,
  quantity: numberOf(row['quantity']) ?? 1,
  row: Object.fromEntries(ownColumns.flatMap((name) => {
    const value = row[name]
    return (typeof value === 'string' && value !== '') || (typeof value === 'number' && (name !== 'productId' || value > 0)) ? [[name, value]] : []
  })),
}))

/** In Bitrix24's own templates the end of XML_ID tells what each is for (crm-requisite-preset-list.md). */
const forms: readonly (readonly [RequisiteForm, RegExp])[] = [['company', /_(?:COMPANY|LEGAL)#?$/], ['entrepreneur', /_INDIVIDUAL#?$/], ['person', /_PERSON#?$/]]

/** The active templates of that country (ISO 3166-1 alpha-2), else those of any; templates of the portal's own are nobody's to guess. */
export const toTemplates = (rows: readonly Row[], country: string): ConversionFacts['requisiteTemplates'] => {
  const standard = rows.filter(row => row['ACTIVE'] !== 'N' && textOf(row['XML_ID']).startsWith('#CRM_REQUISITE_PRESET_DEF_'))
  const local = standard.filter(row => textOf(row['XML_ID']).startsWith(`#CRM_REQUISITE_PRESET_DEF_${country.toUpperCase()}_`))
  return Object.fromEntries(forms.flatMap(([form, ending]) => {
    const found = [...local, ...standard].find(row => ending.test(textOf(row['XML_ID'])))
    const id = idOf(found?.['ID'])
    return id === null ? [] : [[form, id]]
  }))
}

/** crm.status.list without a filter: all dictionaries at once, a page of 50 each. */
export const statusPage = (start: number): Call => ({ method: 'crm.status.list', params: { order: { SORT: 'ASC', ID: 'ASC' }, start } })

/** Every status once; pages that a portal repeats because it knows none of them do not count. */
export const wholeStatuses = async (portal: Portal, first: readonly Outcome[]): Promise<readonly Row[]> => {
  const rows = new Map<string, Row>()
  for (let pages = first, start = first.length * 50; ; start += pages.length * 50) {
    const before = rows.size
    for (const page of pages) {
      if (!page.ok) throw page.error
      for (const row of itemsIn(page.result)) rows.set(textOf(row['ID']), row)
    }
    const last = pages.at(-1)
    if (last?.ok !== true || itemsIn(last.result).length < 50 || rows.size === before) return [...rows.values()]
    if (start > 5_000) throw new PortalError({ code: 'unexpected', method: 'crm.status.list', status: 200, bitrixMessage: 'the list is too long' })
    pages = await portal.callAll([0, 50, 100, 150].map(more => statusPage(start + more)), { kind: 'read' })
  }
}
