/** Deals, contacts and companies that are made or changed. */
import { idOf as idOfRef } from '../../domain/conversion/undo.ts'
import type { TargetKind } from '../../domain/conversion/facts.ts'
import { type ConversionStep, markOfStep, type MeansDraft, type Ref, type StepResult } from '../../domain/conversion/step.ts'
import type { FieldValue } from '../../domain/lead.ts'
import { boundOf } from '../around.ts'
import { PortalError } from '../error.ts'
import { itemsIn } from '../lists.ts'
import type { Portal } from '../portal.ts'
import { idOf, momentOf, type Row, rowsOf, textOf, uniqueOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import { fetchFiles, isFile } from './files.ts'
import { type Hands, type StepManner, withRefused } from './hands.ts'
import { meansTypes, originator, typeIds } from './kinds.ts'
import { isSame, readField, snapshotOf, writtenValue } from './values.ts'

type Step<Kind extends ConversionStep['kind']> = Extract<ConversionStep, { kind: Kind }>

/** Rejects with `not-found` when it is gone. */
export const readItem = async (portal: Portal, kind: keyof typeof typeIds, id: number): Promise<Row> =>
  itemIn((await portal.call('crm.item.get', { entityTypeId: typeIds[kind], id, useOriginalUfNames: 'Y' }, { kind: 'read' })).result, 'crm.item.get')

/** The item as it is after the change. */
export const updateItem = async (portal: Portal, kind: keyof typeof typeIds, id: number, fields: Readonly<Record<string, unknown>>): Promise<Row> =>
  itemIn((await portal.call('crm.item.update', { entityTypeId: typeIds[kind], id, fields, useOriginalUfNames: 'Y' }, { kind: 'write' })).result, 'crm.item.update')

const itemIn = (result: unknown, method: string): Row => {
  if (isRecord(result) && isRecord(result['item'])) return result['item']
  throw new PortalError({ code: method === 'crm.item.get' ? 'unexpected' : 'unknown-outcome', method, status: 200, bitrixMessage: 'the item is not in the answer' })
}

/** The portal's own moment of the last change. */
export const changedAt = (row: Row): { readonly updatedAt?: string } => {
  const moment = momentOf(row['updatedTime'])
  return moment === null ? {} : { updatedAt: moment.toString() }
}

/** Null: every id that the references mean must be known by now. */
export const knownId = (ref: Ref, results: StepManner['results']): number => {
  const id = idOfRef(ref, results)
  if (id === null) throw new PortalError({ code: 'not-found', method: 'crm.item.get', bitrixMessage: 'what it belongs to was not made' })
  return id
}

/** Null: it was only to be looked for, and is not there. */
export const create = async ({ own, person }: Hands, step: Step<'create'>, manner: StepManner): Promise<StepResult | null> => {
  const mark = markOfStep(manner.conversionId, step.key)
  if (manner.attempts > 0 || !manner.mayMake) {
    const found = await findMarked(own, step.object, mark)
    if (found !== null) return { ...madeOf(found), found: true }
    if (!manner.mayMake) return null
  }
  const { values, lost } = await valuesFor(own, step, Object.fromEntries(Object.entries(step.fields).filter(([, value]) => value !== null)))
  const fields = { ...values, ...linksOf(step, manner), ...(step.means.length === 0 ? {} : { fm: step.means.map(draftOf) }), originatorId: originator, originId: mark }
  const { result } = await person.call('crm.item.add', { entityTypeId: typeIds[step.object], fields, useOriginalUfNames: 'Y' }, { kind: 'write' })
  const row = itemIn(result, 'crm.item.add')
  return withRefused(madeOf(row), [...lost, ...lostOf(values, row), ...lostMeans(step.means, row)])
}

/** What the plan has marked as the lead's files: no text that somebody has written is taken for one. */
const isMarked = ({ files }: Pick<Step<'create' | 'change'>, 'files'>, name: string, value: FieldValue): boolean => files?.names.includes(name) === true && isFile(value)

const valuesFor = async (own: Portal, step: Step<'create' | 'change'>, wanted: Readonly<Record<string, FieldValue>>): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly lost: readonly string[] }> => {
  const [files, plain] = [true, false].map(isTaken => Object.entries(wanted).filter(([name, value]) => isMarked(step, name, value) === isTaken)) as [[string, FieldValue][], [string, FieldValue][]]
  const { fields, lost } = step.files === undefined ? { fields: {}, lost: [] } : await fetchFiles(own, step.files.leadId, Object.fromEntries(files))
  return { values: { ...Object.fromEntries(plain.map(([name, value]) => [name, writtenValue(value)])), ...fields }, lost }
}

const madeOf = (row: Row): StepResult => {
  const id = idOf(row['id'])
  if (id === null) throw new PortalError({ code: 'unknown-outcome', method: 'crm.item.add', status: 200, bitrixMessage: 'an item without an id' })
  return { id, after: snapshotOf(row), ...changedAt(row) }
}

/** By ORIGIN_ID, the first one if there were several. Read by its id: a list has no user fields unless they are named, and whether somebody has touched it is told by all of them. */
export const findMarked = async (portal: Portal, kind: TargetKind, mark: string): Promise<Row | null> => {
  const params = { entityTypeId: typeIds[kind], filter: { '=originatorId': originator, '=originId': mark }, select: ['id'], order: { id: 'ASC' }, start: -1 }
  const { result } = await portal.call('crm.item.list', params, { kind: 'read' })
  const id = idOf(itemsIn(result)[0]?.['id'])
  return id === null ? null : readItem(portal, kind, id)
}

const linksOf = ({ object, companyId, contactIds }: Step<'create'>, { results }: StepManner): Readonly<Record<string, unknown>> => {
  const company = companyId === null ? null : knownId(companyId, results)
  const contacts = contactIds.map(ref => knownId(ref, results))
  return {
    ...(company === null ? {} : object === 'contact' ? { companyId: company, companyIds: [company] } : { companyId: company }),
    ...(contacts.length === 0 ? {} : { contactIds: uniqueOf(contacts) }),
  }
}

/** A new item takes a list of them (crm-item-add.md). */
const draftOf = ({ kind, valueType, value }: MeansDraft) => ({ typeId: meansTypes[kind], valueType, value })

/** In an item that is there keys `n0`, `n1` … add (crm-item-update.md). */
const draftsOf = (means: readonly MeansDraft[]): Readonly<Record<string, unknown>> => Object.fromEntries(means.map((draft, index) => [`n${index}`, draftOf(draft)]))

/** Unknown fields are ignored in silence (crm-item-add.md): those that are not in the answer, or came back empty. */
const lostOf = (written: Readonly<Record<string, unknown>>, row: Row): readonly string[] =>
  Object.entries(written).flatMap(([name, value]) => (!isSame(value as FieldValue, null) && isSame(readField(row, name), null) ? [name] : []))

/** Phones and addresses that the answer does not have; one without any list of them tells nothing. */
const lostMeans = (written: readonly MeansDraft[], row: Row): readonly string[] => (row['fm'] === undefined ? [] : written.filter(draft => meansIn(row, draft).length === 0).map(({ value }) => value))

/**
 * Only what is not there yet is written. A value that is neither the old nor the new one was changed by somebody since it was shown: it stays,
 * and its name is told among the refused. Null: nothing may be written now, and something is still to be.
 */
export const change = async ({ own, person }: Hands, step: Step<'change'>, manner: StepManner): Promise<StepResult | null> => {
  const row = await readItem(own, step.object, step.id)
  const names = Object.keys(step.fields)
  const open = Object.entries(step.fields).filter(([name]) => !isThere(step, row, name, manner))
  const overtaken = open.filter(([name, { from }]) => !isSame(readField(row, name), from)).map(([name]) => name)
  const wanted = Object.fromEntries(open.filter(([name]) => !overtaken.includes(name)).map(([name, { to }]) => [name, to]))
  const means = step.means.filter(draft => meansIn(row, draft).length === 0)
  const links = missingLinks(step, row, manner)
  if (!manner.mayMake && [...Object.keys(wanted), ...means, ...Object.keys(links)].length > 0) return null
  const { values, lost } = await valuesFor(own, step, wanted)
  const fields = { ...values, ...links, ...(means.length === 0 ? {} : { fm: draftsOf(means) }) }
  const after = Object.keys(fields).length === 0 ? row : await updateItem(person, step.object, step.id, fields)
  const before = names.map((name): readonly [string, FieldValue] => {
    const current = readField(row, name)
    // An earlier attempt has written it already.
    return [name, manner.attempts > 0 && isThere(step, row, name, manner) ? step.fields[name]?.from ?? null : current]
  })
  return withRefused({
    id: step.id,
    before: Object.fromEntries(before),
    after: Object.fromEntries(names.map(name => [name, readField(after, name)])),
    means: manner.attempts > 0 ? step.means : means,
    ...changedAt(after),
  }, [...overtaken, ...lost, ...lostOf(values, after), ...lostMeans(means, after)])
}

/** A copied file is another file: whatever a repeat finds in the field is what its first attempt has put there. */
const isThere = (step: Step<'change'>, row: Row, name: string, { attempts }: StepManner): boolean => {
  const [current, to] = [readField(row, name), step.fields[name]?.to ?? null]
  return isSame(current, to) || (isMarked(step, name, to) && attempts > 0 && isFile(current))
}

/** Records of an item that hold a phone or address, however either is written. */
export const meansIn = (row: Row, { kind, value }: MeansDraft): readonly Row[] =>
  rowsOf(row['fm']).filter(one => one['typeId'] === meansTypes[kind] && evenedMeans(kind, textOf(one['value'])) === evenedMeans(kind, value))

const evenedMeans = (kind: MeansDraft['kind'], value: string): string => {
  const text = value.trim()
  if (kind === 'email') return text.toLowerCase()
  const digits = kind === 'phone' ? text.replaceAll(/\D/g, '') : ''
  if (digits === '') return text
  // Where numbers begin with +7, a call within the country begins with 8.
  return digits.length === 11 && !text.startsWith('+') ? digits.replace(/^8/, '7') : digits
}

/** A deal that has a company keeps it. */
const missingLinks = ({ object, companyId, contactIds }: Step<'change'>, row: Row, { results }: StepManner): Readonly<Record<string, unknown>> => {
  const bound = boundOf(row)
  const contacts = contactIds.map(ref => knownId(ref, results)).filter(id => !bound.contactIds.includes(id))
  return {
    ...(companyId === null || bound.companyId !== null ? {} : { companyId: knownId(companyId, results) }),
    ...(contacts.length === 0 || object === 'contact' ? {} : { contactIds: uniqueOf([...bound.contactIds, ...contacts]) }),
  }
}
