/** The past of leads: items, stage history, activities and call statistics, some leads at a time in two or three requests. */
import type { FieldName, LeadId } from '../domain/lead.ts'
import { leadId, stageId } from '../domain/lead.ts'
import type { ReadingGaps } from '../domain/simulate/estimates.ts'
import type { PastLead, StageEntry } from '../domain/simulate/story.ts'
import { activitiesOfLead, callsOfActivities, callsOfLeads, readCalls, toActivities, type CallFacts } from './activities.ts'
import { PortalError } from './error.ts'
import { isUserField, semantics, toLead } from './leads.ts'
import { isMissing } from './missing.ts'
import type { Portal } from './portal.ts'
import { chunksOf, idOf, leadType, momentOf, resultOf, rowsOf, rowsUnder, textOf, type Call, type Outcome, type Row } from './rows.ts'

/** ISO 8601 instants; `to` itself is not in it. */
export interface Past {
  readonly from: string
  readonly to: string
}

export interface PastAsk extends Past {
  readonly fields: readonly FieldName[]
  /** Leads behind this id; 0 at first. */
  readonly after: number
}

export interface PastPage {
  readonly leads: readonly PastLead[]
  /** Id from which to go on; null: there are no more. */
  readonly after: number | null
  readonly gaps: ReadingGaps
}

/** Their activities, four pages of stage history and two of calls fit into one batch. */
const leadsPerPage = 44
const historyPages = 4
const callPages = 2
/** Activities of one lead: so many pages of 50. */
const mostActivityPages = 6
/** Offsets of one question end here: nobody has moved fifty leads more often than that. */
const mostPages = 100

const within = ({ from, to }: Past): Readonly<Record<string, unknown>> => ({ '>=createdTime': from, '<createdTime': to })

/** With `start` the answer tells the total (crm-item-list.md). Rejects with `PortalError`. */
export const countPast = async (portal: Portal, past: Past): Promise<number> => {
  const { total, result } = await portal.call('crm.item.list', { entityTypeId: leadType, select: ['id'], filter: within(past), order: { id: 'ASC' }, start: 0 }, { kind: 'read' })
  return total ?? rowsUnder(result, 'items').length
}

/** The next leads of a time with everything that tells of their past. Telephony is optional. Rejects with `PortalError`. */
export const readPast = async (portal: Portal, ask: PastAsk): Promise<PastPage> => {
  const params = { entityTypeId: leadType, select: ['*', ...ask.fields.filter(isUserField)], filter: { ...within(ask), '>id': ask.after }, order: { id: 'ASC' }, start: -1, useOriginalUfNames: 'Y' }
  const all = rowsUnder((await portal.call('crm.item.list', params, { kind: 'read' })).result, 'items')
  const rows = all.slice(0, leadsPerPage).flatMap((row): readonly Item[] => {
    const id = idOf(row['id'])
    return id === null ? [] : [{ id: leadId(id), row }]
  })
  const last = rows.at(-1)?.id
  if (last === undefined) return { leads: [], after: null, gaps: { withoutHistory: 0, withoutCalls: false, cut: 0 } }
  const ids = rows.map(({ id }) => id)
  const beside = await readBeside(portal, ids)
  const leads = rows.flatMap(({ id, row }) => pastOf(id, row, ask.fields, beside) ?? [])
  return {
    leads,
    after: all.length > rows.length || all.length === 50 ? last : null,
    gaps: { withoutHistory: leads.filter(({ stages }) => stages.length === 0).length, withoutCalls: beside.calls === null, cut: beside.cut },
  }
}

interface Item { readonly id: LeadId; readonly row: Row }

interface Beside {
  readonly stages: ReadonlyMap<number, readonly StageEntry[]>
  /** Oldest first, by lead. */
  readonly activities: ReadonlyMap<number, readonly Row[]>
  /** By activity; null: they cannot be read. */
  readonly calls: ReadonlyMap<number, CallFacts> | null
  readonly cut: number
}

/** A lead that makes no sense is left out: it was never under any rule. */
const pastOf = (id: LeadId, row: Row, fields: readonly FieldName[], { stages, activities, calls }: Beside): PastLead | null => {
  try {
    const found = toActivities([...activities.get(id) ?? []].reverse(), { markOfTask: () => null, callOf: activity => calls?.get(activity) ?? null })
    return { lead: { ...toLead(id, row, fields), activities: found, followUps: [] }, stages: stages.get(id) ?? [] }
  } catch (error) {
    if (error instanceof PortalError && error.code === 'unexpected') return null
    throw error
  }
}

const readBeside = async (portal: Portal, ids: readonly number[]): Promise<Beside> => {
  const pages = Array.from({ length: historyPages }, (_, index) => historyOf(ids, index * 50))
  const voices = Array.from({ length: callPages }, (_, index) => callsFrom(ids, index * 50))
  const outcomes = await portal.callAll([...pages, ...voices, ...ids.map(id => activitiesAfter(id, 0))], { kind: 'read' })
  const stages = await readStages(portal, ids, outcomes.slice(0, pages.length))
  const calls = await readVoices(portal, ids, outcomes.slice(pages.length, pages.length + voices.length))
  const { activities, cut } = await readActivities(portal, ids, outcomes.slice(pages.length + voices.length))
  if (calls !== null) await readSilent(portal, activities, calls)
  return { stages, activities, calls, cut }
}

/** crm-stage-history-list.md: OWNER_ID takes a list of ids. */
const historyOf = (ids: readonly number[], start: number): Call => ({
  method: 'crm.stagehistory.list',
  params: { entityTypeId: leadType, filter: { OWNER_ID: ids }, order: { ID: 'ASC' }, select: ['ID', 'OWNER_ID', 'CREATED_TIME', 'STATUS_ID', 'STATUS_SEMANTIC_ID'], start },
})

const callsFrom = (ids: readonly number[], start: number): Call => {
  const { method, params } = callsOfLeads(ids)
  return { method, params: { ...params, start } }
}

/** By growing id, because a story is told from its beginning. */
const activitiesAfter = (lead: number, after: number): Call => {
  const { method, params } = activitiesOfLead(lead)
  const filter = params?.['filter']
  return { method, params: { ...params, order: { ID: 'ASC' }, filter: { ...(typeof filter === 'object' ? filter : {}), '>ID': after } } }
}

/** Stages that these leads stood on, oldest first, by lead; one without any is not among them. At most 50 leads. Rejects with `PortalError`. */
export const readHistory = async (portal: Portal, ids: readonly number[]): Promise<ReadonlyMap<number, readonly StageEntry[]>> =>
  readStages(portal, ids, await portal.callAll(Array.from({ length: historyPages }, (_, index) => historyOf(ids, index * 50)), { kind: 'read' }))

const readStages = async (portal: Portal, ids: readonly number[], first: readonly Outcome[]): Promise<ReadonlyMap<number, readonly StageEntry[]>> => {
  const stages = new Map<number, StageEntry[]>()
  for (const row of await furtherRows(portal, first, result => rowsUnder(result, 'items'), start => historyOf(ids, start))) {
    const owner = idOf(row['OWNER_ID'])
    const at = momentOf(row['CREATED_TIME'])
    const semantic = semantics[textOf(row['STATUS_SEMANTIC_ID'])]
    const stage = textOf(row['STATUS_ID'])
    if (owner === null || at === null || semantic === undefined || stage === '') continue
    stages.set(owner, [...stages.get(owner) ?? [], { at, stageId: stageId(stage), semantic }])
  }
  return stages
}

/** The rows of the first pages, and of further ones as long as a page is full. */
const furtherRows = async (portal: Portal, first: readonly Outcome[], rowsIn: (result: unknown) => readonly Row[], page: (start: number) => Call): Promise<readonly Row[]> => {
  const pages = first.map(outcome => rowsIn(resultOf(outcome)))
  while (pages.at(-1)?.length === 50 && pages.length < mostPages) {
    const [outcome] = await portal.callAll([page(pages.length * 50)], { kind: 'read' })
    pages.push(rowsIn(resultOf(outcome)))
  }
  return pages.flat()
}

const readVoices = async (portal: Portal, ids: readonly number[], first: readonly Outcome[]): Promise<Map<number, CallFacts> | null> => {
  for (const outcome of first) {
    if (outcome.ok) continue
    if (isMissing(outcome.error)) return null
    throw outcome.error
  }
  const calls = new Map<number, CallFacts>()
  readCalls(await furtherRows(portal, first, rowsOf, start => callsFrom(ids, start)), calls)
  return calls
}

const readActivities = async (portal: Portal, ids: readonly number[], first: readonly Outcome[]): Promise<{ readonly activities: ReadonlyMap<number, readonly Row[]>; readonly cut: number }> => {
  const activities = new Map<number, readonly Row[]>(ids.map((id, index) => [id, rowsOf(resultOf(first[index]))]))
  let long = ids.filter(id => activities.get(id)?.length === 50)
  for (let page = 2; page <= mostActivityPages && long.length > 0; page += 1) {
    const outcomes = await portal.callAll(long.map(id => activitiesAfter(id, idOf(activities.get(id)?.at(-1)?.['ID']) ?? 0)), { kind: 'read' })
    const longer: number[] = []
    for (const [index, id] of long.entries()) {
      const rows = rowsOf(resultOf(outcomes[index]))
      activities.set(id, [...activities.get(id) ?? [], ...rows])
      if (rows.length === 50) longer.push(id)
    }
    long = longer
  }
  return { activities, cut: long.length }
}

/** Calls that are filed under somebody else than the lead. */
const readSilent = async (portal: Portal, activities: ReadonlyMap<number, readonly Row[]>, calls: Map<number, CallFacts>): Promise<void> => {
  const silent = [...activities.values()].flat().flatMap((row) => {
    const id = idOf(row['ID'])
    return id !== null && !calls.has(id) && (textOf(row['TYPE_ID']) === '2' || textOf(row['PROVIDER_ID']) === 'VOXIMPLANT_CALL') ? [id] : []
  })
  if (silent.length === 0) return
  for (const outcome of await portal.callAll(chunksOf(silent, 50).map(callsOfActivities), { kind: 'read' })) if (outcome.ok) readCalls(outcome.result, calls)
}
