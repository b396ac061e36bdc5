/** Whether somebody has worked with what a conversion has made: then it stays. */
import type { TargetKind } from '../../domain/conversion/facts.ts'
import type { ObjectRef, Touch } from '../../domain/conversion/undo.ts'
import { toXmlId } from '../marks.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, idsOf, type Row, textOf } from '../rows.ts'
import { isOurRow, productsOn } from './belongings.ts'
import { commentsOn } from './bind.ts'
import { conversionOf, invoiceType, quoteType, taskCode, typeIds } from './kinds.ts'
import { certainLists } from './lists.ts'

/** What may hang on an object. */
type More = Exclude<Touch['what'], 'fields' | 'used-by'>

/** One kind of things that may hang on an object, and which of them are not the conversion's own. */
interface Look {
  readonly what: More
  readonly call: Call
  readonly isForeign: (row: Row) => boolean
}

/** Requisites with all that tells whether they are still as we made them. */
export const requisitesCall = (filter: Readonly<Record<string, unknown>>): Call =>
  ({ method: 'crm.requisite.list', params: { filter, select: ['ID', 'XML_ID', 'DATE_CREATE', 'DATE_MODIFY'], order: { ID: 'asc' } } })

export const isOurRequisite = (row: Row, conversionId: string): boolean => textOf(row['XML_ID']).startsWith(toXmlId(`${conversionId}:`)) && (textOf(row['DATE_MODIFY']) === '' || row['DATE_MODIFY'] === row['DATE_CREATE'])

interface Ours {
  readonly conversionId: string
  /** Objects from before that the conversion itself has linked to it. */
  readonly linked: readonly ObjectRef[]
}

/** What hangs on it that came neither with its lead nor by the conversion: activities, tasks, comments, deals, invoices or the like, each once. Rejects where the portal refuses to tell. */
export const moreOn = async (portal: Portal, object: TargetKind, id: number, row: Row, ours: Ours): Promise<readonly More[]> => {
  const leadId = idOf(row['leadId'])
  const ofLead = leadId === null ? [] : hanging('lead', leadId)
  const ofObject = hanging(object, id)
  const looks = object === 'deal' ? onDeal(id, leadId) : onClient(object, id, leadId, ours)
  const calls = [...ofLead, ...ofObject, ...looks.map(({ call }) => call)]
  const lists = await certainLists(portal, calls)
  const known = lists.slice(0, ofLead.length).map(rows => new Set(rows.map(keyOf)))
  const own = lists.slice(ofLead.length, ofLead.length + ofObject.length)
  const further = lists.slice(ofLead.length + ofObject.length)
  const more: readonly More[] = [
    ...own.flatMap((rows, index) => (rows.some(one => known[index]?.has(keyOf(one)) !== true) ? [onAnything[index] ?? 'activities'] : [])),
    ...looks.flatMap(({ what, isForeign }, index) => ((further[index] ?? []).some(isForeign) ? [what] : [])),
  ]
  return [...new Set(more)]
}

const keyOf = (row: Row): string => textOf(row['ID'] ?? row['id'])

/** In the order of the requests below. */
const onAnything: readonly More[] = ['activities', 'tasks', 'comments']

const hanging = (object: 'lead' | TargetKind, id: number): readonly Call[] => [
  { method: 'crm.activity.list', params: { filter: { BINDINGS: [{ OWNER_TYPE_ID: typeIds[object], OWNER_ID: id }] }, select: ['ID'], order: { ID: 'ASC' } } },
  { method: 'tasks.task.list', params: { filter: { UF_CRM_TASK: [taskCode(object, id)] }, select: ['ID'], order: { ID: 'asc' } } },
  commentsOn(object, id),
]

const itemsWith = (entityTypeId: number, filter: Readonly<Record<string, unknown>>, select: readonly string[]): Call => ({ method: 'crm.item.list', params: { entityTypeId, filter, select, order: { id: 'ASC' } } })

const onDeal = (id: number, leadId: number | null): readonly Look[] => [
  { what: 'products', call: productsOn(id), isForeign: row => !isOurRow(row) },
  { what: 'quotes', call: itemsWith(quoteType, { dealId: id }, ['id', 'leadId']), isForeign: row => idOf(row['leadId']) !== leadId },
  { what: 'invoices', call: itemsWith(invoiceType, { [`parentId${typeIds.deal}`]: id }, ['id']), isForeign: () => true },
]

const origin = ['id', 'originatorId', 'originId'] as const

/** A contact may be one of several of a deal, offer or invoice (`contactIds`, api-reference/crm/universal/object-fields.md). */
const onClient = (object: 'contact' | 'company', id: number, leadId: number | null, { conversionId, linked }: Ours): readonly Look[] => {
  const isOthers = (kind: TargetKind) => (row: Row): boolean => conversionOf(row) !== conversionId && !linked.some(one => one.object === kind && one.id === idOf(row['id']))
  const filter = { [`${object}Id`]: id }
  const ofType = (what: More, type: number, select: readonly string[], isForeign: Look['isForeign']): readonly Look[] => [
    { what, call: itemsWith(type, filter, select), isForeign },
    ...(object === 'contact' ? [{ what, ...amongSeveral(type, id, select, isForeign) }] : []),
  ]
  return [
    ...ofType('deals', typeIds.deal, origin, isOthers('deal')),
    ...ofType('quotes', quoteType, ['id', 'leadId'], row => idOf(row['leadId']) !== leadId),
    ...ofType('invoices', invoiceType, ['id'], () => true),
    { what: 'leads', call: itemsWith(typeIds.lead, filter, ['id']), isForeign: row => idOf(row['id']) !== leadId },
    { what: 'requisites', call: requisitesCall({ ENTITY_TYPE_ID: typeIds[object], ENTITY_ID: id }), isForeign: row => !isOurRequisite(row, conversionId) },
    ...(object === 'company' ? [{ what: 'contacts' as const, call: itemsWith(typeIds.contact, filter, origin), isForeign: isOthers('contact') }] : []),
  ]
}

/** One page tells enough; a portal that passes over this filter answers with items of others. */
const amongSeveral = (type: number, contactId: number, select: readonly string[], isForeign: Look['isForeign']): Omit<Look, 'what'> => {
  const { method, params } = itemsWith(type, { contactIds: contactId }, [...select, 'contactIds'])
  return { call: { method, params: { ...params, start: -1 } }, isForeign: row => (!Array.isArray(row['contactIds']) || idsOf(row['contactIds']).includes(contactId)) && isForeign(row) }
}
