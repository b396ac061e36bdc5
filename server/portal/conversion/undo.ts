/** Takes back what a conversion has left; what somebody has changed since, or works with, stays. */
import type { Touch, UndoStep } from '../../domain/conversion/undo.ts'
import { boundOf } from '../around.ts'
import { PortalError } from '../error.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, idsOf, resultOf, type Row, rowsOf } from '../rows.ts'
import { isOurRow, linkOn, productsOn, writeLink } from './belongings.ts'
import { commentsOn, quotesWithDeals, tasksWithCodes, writeAll, writeCodes, writeDeal } from './bind.ts'
import { isRefusal, refusedOf, wordsOf } from './hands.ts'
import { changedAt, meansIn, readItem, updateItem } from './items.ts'
import { conversionOf, meansTypes, taskCode, typeIds } from './kinds.ts'
import { certainLists, wholeLists } from './lists.ts'
import { isOurRequisite, moreOn, requisitesCall } from './touched.ts'
import { isLink, isSame, readField, touchedFields, writtenValue } from './values.ts'

type Undo<Kind extends UndoStep['kind']> = Extract<UndoStep, { kind: Kind }>
type Unbinding = Extract<UndoStep, { readonly bound: unknown }>

export type TakenBack =
  | { readonly outcome: 'taken-back' }
  /** `touched`: somebody has changed it since, or hung something on it, as far as known `by`; `refused`: the portal does not let us. */
  | { readonly outcome: 'kept'; readonly why: 'touched' | 'refused'; readonly words: string | null; readonly by?: readonly Touch[] }

const takenBack: TakenBack = { outcome: 'taken-back' }
const touched = (...by: readonly Touch[]): TakenBack => ({ outcome: 'kept', why: 'touched', words: null, ...(by.length === 0 ? {} : { by }) })

interface Way {
  readonly portal: Portal
  readonly conversionId: string
  readonly dry: boolean
}

/** Harmless when it is taken back already. `dry`: only looks what would become of it. Rejects with PortalError for what is passing. */
export const takeBack = async (portal: Portal, undo: UndoStep, conversionId: string, { dry = false }: { readonly dry?: boolean } = {}): Promise<TakenBack> => {
  try {
    return await takeBackOne({ portal, conversionId, dry }, undo)
  } catch (cause) {
    if (!(cause instanceof PortalError) || !isRefusal(cause)) throw cause
    return cause.code === 'not-found' ? takenBack : { outcome: 'kept', why: 'refused', words: wordsOf(cause) }
  }
}

/** Links are anybody's to remove, whatever was done since: there is nothing to look at beforehand. */
const links: ReadonlySet<UndoStep['kind']> = new Set<UndoStep['kind']>(['unlink-lead', 'delete-entries', 'unbind-activities', 'unbind-tasks', 'unbind-comments', 'unbind-quotes', 'unlink-requisites', 'unlink-company'])

const takeBackOne = async (way: Way, undo: UndoStep): Promise<TakenBack> => {
  if (way.dry && links.has(undo.kind)) return takenBack
  switch (undo.kind) {
    case 'reopen-lead': return reopenLead(way, undo)
    case 'unlink-lead': return unlinkLead(way, undo)
    case 'delete-entries': return write(way, undo.ids.map(id => ({ method: 'crm.timeline.logmessage.delete', params: { id } })))
    case 'unbind-activities': return write(way, undo.bound.map(({ id, object, objectId }) => ({ method: 'crm.activity.binding.delete', params: { activityId: id, entityTypeId: typeIds[object], entityId: objectId } })))
    case 'unbind-tasks': return unbindTasks(way, undo)
    case 'unbind-comments': return unbindComments(way, undo)
    case 'unbind-quotes': return unbindQuotes(way, undo)
    case 'unlink-requisites': return unlinkRequisites(way, undo)
    case 'remove-products': return removeProducts(way, undo)
    case 'delete-requisites': return deleteRequisites(way, undo)
    case 'unlink-company': return unlinkCompany(way, undo)
    case 'restore': return restore(way, undo)
    case 'delete': return remove(way, undo)
  }
}

/** What is gone or was never bound (BINDING_NOT_FOUND) is taken back already. */
const write = async ({ portal, dry }: Way, calls: readonly Call[]): Promise<TakenBack> => {
  if (dry) return takenBack
  const refused = refusedOf(await writeAll(portal, calls), ({ code, bitrixCode }) => code === 'not-found' || bitrixCode === 'BINDING_NOT_FOUND')
  return refused.length === 0 ? takenBack : { outcome: 'kept', why: 'refused', words: refused.join('; ') }
}

/** A lead that stands elsewhere by now was moved by somebody. */
const reopenLead = async ({ portal, dry }: Way, { leadId, from, to }: Undo<'reopen-lead'>): Promise<TakenBack> => {
  const row = await readItem(portal, 'lead', leadId)
  if (row['stageId'] === to) return takenBack
  if (row['stageId'] !== from) return touched({ what: 'stage' })
  if (!dry) await updateItem(portal, 'lead', leadId, { stageId: to })
  return takenBack
}

const unlinkLead = async ({ portal }: Way, { leadId, made, before }: Undo<'unlink-lead'>): Promise<TakenBack> => {
  const bound = boundOf(await readItem(portal, 'lead', leadId))
  const left = bound.contactIds.filter(id => !made.contactIds.includes(id) || before.contactIds.includes(id))
  const fields = {
    ...(made.companyId !== null && bound.companyId === made.companyId && before.companyId !== made.companyId ? { companyId: before.companyId ?? '' } : {}),
    ...(left.length === bound.contactIds.length ? {} : { contactIds: left }),
  }
  if (Object.keys(fields).length > 0) await updateItem(portal, 'lead', leadId, fields)
  return takenBack
}

const unbindTasks = async (way: Way, { bound }: Unbinding): Promise<TakenBack> => {
  const codes = await tasksWithCodes(way.portal, [...new Set(bound.map(({ id }) => id))])
  return write(way, [...codes].flatMap(([taskId, all]) => {
    const ours = bound.filter(({ id }) => id === taskId).map(({ object, objectId }) => taskCode(object, objectId))
    return all.some(code => ours.includes(code)) ? [writeCodes(taskId, all.filter(code => !ours.includes(code)))] : []
  }))
}

const unbindComments = async (way: Way, { bound }: Unbinding): Promise<TakenBack> => {
  const calls = bound.map(({ object, objectId }) => commentsOn(object, objectId))
  const lists = await wholeLists(way.portal, calls, await way.portal.callAll(calls, { kind: 'read' }))
  return write(way, bound.filter(({ id }, index) => idsOf((lists[index] ?? []).map(row => row['ID'])).includes(id)).map(({ id, object, objectId }) =>
    ({ method: 'crm.timeline.bindings.unbind', params: { fields: { OWNER_ID: id, ENTITY_ID: objectId, ENTITY_TYPE: object } } })))
}

const unbindQuotes = async (way: Way, { ids, dealId }: Undo<'unbind-quotes'>): Promise<TakenBack> => {
  const quotes = await quotesWithDeals(way.portal, ids)
  return write(way, ids.filter(id => quotes.get(id) === dealId).map(id => writeDeal(id, null)))
}

const unlinkRequisites = async (way: Way, { dealId, requisitesId }: Undo<'unlink-requisites'>): Promise<TakenBack> => {
  const [answer] = await way.portal.callAll([linkOn(dealId)], { kind: 'read' })
  const [link] = rowsOf(resultOf(answer))
  if (link === undefined || idOf(link['REQUISITE_ID']) !== requisitesId) return takenBack
  const hasMore = idOf(link['MC_REQUISITE_ID']) !== null || idOf(link['MC_BANK_DETAIL_ID']) !== null
  return write(way, [hasMore ? writeLink(dealId, 0, link) : { method: 'crm.requisite.link.unregister', params: { entityTypeId: typeIds.deal, entityId: dealId } }])
}

/** Rows that a person has saved since have places of their own. */
const removeProducts = async (way: Way, { dealId, ids }: Undo<'remove-products'>): Promise<TakenBack> => {
  const rows = await productsOf(way.portal, dealId)
  const made = rows.filter(row => ids.includes(idOf(row['id']) ?? 0))
  const outcome = await write(way, made.filter(isOurRow).map(row => ({ method: 'crm.item.productrow.delete', params: { id: idOf(row['id']) } })))
  return outcome.outcome === 'kept' || made.every(isOurRow) ? outcome : touched({ what: 'products' })
}

const productsOf = async (portal: Portal, dealId: number): Promise<readonly Row[]> => {
  try {
    const [rows = []] = await certainLists(portal, [productsOn(dealId)])
    return rows
  } catch (cause) {
    // Of a deal that is gone there is nothing to tell: this look rejects with `not-found` then.
    if (cause instanceof PortalError && isRefusal(cause)) await readItem(portal, 'deal', dealId)
    throw cause
  }
}

const deleteRequisites = async (way: Way, { id }: Undo<'delete-requisites'>): Promise<TakenBack> => {
  const [answer] = await way.portal.callAll([requisitesCall({ ID: id })], { kind: 'read' })
  const row = rowsOf(resultOf(answer)).find(one => idOf(one['ID']) === id)
  if (row === undefined) return takenBack
  return isOurRequisite(row, way.conversionId) ? write(way, [{ method: 'crm.requisite.delete', params: { id } }]) : touched({ what: 'requisites' })
}

const unlinkCompany = async (way: Way, { contactId, companyId }: Undo<'unlink-company'>): Promise<TakenBack> => {
  const row = await readItem(way.portal, 'contact', contactId)
  return idsOf([row['companyId'], ...idsOf(row['companyIds'])]).includes(companyId) ? write(way, [{ method: 'crm.contact.company.delete', params: { id: contactId, fields: { COMPANY_ID: companyId } } }]) : takenBack
}

/** Values that read otherwise than we wrote them stay, the others go back. */
const restore = async ({ portal, dry }: Way, { object, id, fields, means, companyId, contactIds }: Undo<'restore'>): Promise<TakenBack> => {
  const row = await readItem(portal, object, id)
  const open = Object.entries(fields).filter(([name, { before }]) => !isSame(readField(row, name), before))
  const ours = open.filter(([name, { wrote }]) => isSame(readField(row, name), wrote))
  const bound = boundOf(row)
  const left = bound.contactIds.filter(one => !contactIds.includes(one))
  const records = means.flatMap(draft => meansIn(row, draft).slice(-1).map(record => [String(idOf(record['id'])), { typeId: meansTypes[draft.kind], valueType: draft.valueType, value: '' }] as const))
  const changes = {
    ...Object.fromEntries(ours.map(([name, { before }]) => [name, writtenValue(before)])),
    ...(companyId !== null && bound.companyId === companyId ? { companyId: '' } : {}),
    ...(left.length === bound.contactIds.length ? {} : { contactIds: left }),
    ...(records.length === 0 ? {} : { fm: Object.fromEntries(records) }),
  }
  if (!dry && Object.keys(changes).length > 0) await updateItem(portal, object, id, changes)
  return open.length === ours.length ? takenBack : touched({ what: 'fields', names: open.filter(one => !ours.includes(one)).map(([name]) => name) })
}

/** What is ours by its mark, reads as we left it, and has nothing on it but what came from its lead. */
const remove = async ({ portal, conversionId, dry }: Way, { object, id, updatedAt, after, linked }: Undo<'delete'>): Promise<TakenBack> => {
  const row: Row = await readItem(portal, object, id)
  if (conversionOf(row) !== conversionId) return touched({ what: 'not-ours' })
  const names = touchedFields(row, after)
  const others = changedAt(row).updatedAt === updatedAt ? [] : names.filter(name => !isLink(name))
  const changes: readonly Touch[] = [...(names.some(isLink) ? [{ what: 'clients' as const }] : []), ...(others.length === 0 ? [] : [{ what: 'fields' as const, names: others }])]
  // What else there is on it is only asked for by somebody who wants to know all of it.
  if (changes.length > 0 && !dry) return touched(...changes)
  // Its links to what was there before are taken off before it is removed: one that is left then could not be.
  const more = await moreOn(portal, object, id, row, { conversionId, linked: dry ? linked : [] })
  if (changes.length + more.length > 0) return touched(...changes, ...more.map(what => ({ what })))
  if (!dry) await portal.call('crm.item.delete', { entityTypeId: typeIds[object], id }, { kind: 'write' })
  return takenBack
}
