/** The second way to notice changes: events are sent once and may be lost (api-reference/events/index.md). */
import { Temporal } from 'temporal-polyfill'
import { type LeadId, leadId } from '../domain/lead.ts'
import { PortalError } from './error.ts'
import type { Subject } from './event.ts'
import { isMissing } from './missing.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, leadType, resultOf, type Row, rowsOf, rowsUnder, textOf, uniqueOf } from './rows.ts'
import { tasksByIds, toLeadsOfTasks } from './tasks.ts'

/** How far the last sweep came; plain JSON, kept by the caller, `null` before the first one. */
export interface SweepMark {
  readonly leads: Walked
  readonly activities: Walked
  /** Last record of call statistics; null where telephony cannot be read. */
  readonly callId: number | null
}

export interface Walked {
  /** Changes up to here have been seen, by the portal's clock. */
  readonly at: string
  /** In the middle of a long walk: the last id seen, and how far `at` moves when it is over. */
  readonly onTheWay: { readonly after: number; readonly at: string } | null
}

/** Changes are looked for this far back again: what was being saved while we looked last time. */
const overlap = { minutes: 2 }
/** A sweep stops after so many pages of a kind and goes on from there next time. */
const mostPages = 40
/** Leads that were open before the installation wait behind everything that changes. */
const mostOpenPages = 8

export interface Swept {
  readonly subjects: readonly Subject[]
  readonly mark: SweepMark
  /** There was more than one sweep takes: sweep again soon. */
  readonly more: boolean
  /** Last id seen among the open leads; null when there are no more of them, or none were asked for. */
  readonly openAfter: number | null
  /** What ended the sweep early; everything else tells what was found by then. */
  readonly failed: PortalError | null
}

/**
 * Everything that changed since the mark; a first sweep goes back by `lookBack`. With `openAfter`, the next open leads behind that id,
 * too, however old. A part that fails ends the sweep; what was walked by then is kept. Rejects with PortalError when that is nothing.
 */
export const changedSince = async (portal: Portal, mark: SweepMark | null, now: Temporal.Instant, openAfter: number | null = null, lookBack: Temporal.DurationLike = { hours: 24 }): Promise<Swept> => {
  const unseen: Walked = { at: now.subtract(lookBack).toString(), onTheWay: null }
  const [leadsBefore, activitiesBefore] = [mark?.leads ?? unseen, mark?.activities ?? unseen]
  const leads = await walk(portal, leadsBefore, now, leadPages)
  const activities = leads.failed === null ? await walk(portal, activitiesBefore, now, activityPages) : { rows: [], walked: activitiesBefore, failed: leads.failed }
  const calls = activities.failed === null ? await newCalls(portal, mark?.callId ?? null) : { activityIds: [], lastId: mark?.callId ?? null, failed: activities.failed }
  const open = calls.failed === null ? await openLeads(portal, openAfter) : { ids: [], after: openAfter, failed: calls.failed }
  const { failed } = open
  const isNothing = leads.walked === leadsBefore && activities.walked === activitiesBefore && open.after === openAfter
  if (failed !== null && isNothing) throw failed
  const subjects: Subject[] = [
    ...open.ids.flatMap(id => subjectOf('lead', id)),
    ...leads.rows.flatMap(row => subjectOf('lead', idOf(row['id']))),
    ...activities.rows.flatMap(subjectOfActivity),
    ...calls.activityIds.flatMap(id => subjectOf('activity', id)),
  ]
  return {
    subjects: [...new Map(subjects.map(subject => [`${subject.kind} ${subject.id}`, subject])).values()],
    mark: { leads: leads.walked, activities: activities.walked, callId: calls.lastId },
    openAfter: open.after,
    more: open.after !== null || leads.walked.onTheWay !== null || activities.walked.onTheWay !== null,
    failed,
  }
}

/** What a page answers, or the error that stands in its place. */
const orFailed = async <T>(read: () => Promise<T>): Promise<T | PortalError> => {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortalError) return error
    throw error
  }
}

const subjectOf = (kind: Subject['kind'], id: number | null): Subject[] => (id === null ? [] : [{ kind, id }])

/** An activity that belongs to a lead first is that lead; others are resolved by their bindings. */
const subjectOfActivity = (row: Row): Subject[] =>
  textOf(row['OWNER_TYPE_ID']) === String(leadType) ? subjectOf('lead', idOf(row['OWNER_ID'])) : subjectOf('activity', idOf(row['ID']))

interface Pages {
  readonly page: (after: number, since: string) => Call
  readonly rows: (result: unknown) => readonly Row[]
  readonly id: (row: Row) => number | null
  readonly changedAt: (row: Row) => string
}

const leadPages: Pages = {
  page: (after, since) => ({
    method: 'crm.item.list',
    params: { entityTypeId: leadType, select: ['id', 'updatedTime'], filter: { '>=updatedTime': since, '>id': after }, order: { id: 'ASC' }, start: -1 },
  }),
  rows: result => rowsUnder(result, 'items'),
  id: row => idOf(row['id']),
  changedAt: row => textOf(row['updatedTime']),
}

const activityPages: Pages = {
  page: (after, since) => ({
    method: 'crm.activity.list',
    params: { select: ['ID', 'OWNER_ID', 'OWNER_TYPE_ID', 'LAST_UPDATED'], filter: { '>=LAST_UPDATED': since, '>ID': after, BINDINGS: [{ OWNER_TYPE_ID: leadType }] }, order: { ID: 'ASC' }, start: -1 },
  }),
  rows: rowsOf,
  id: row => idOf(row['ID']),
  changedAt: row => textOf(row['LAST_UPDATED']),
}

/**
 * Pages by growing id within the window from `at` on: offsets would shift under changes (settings/performance/huge-data.md).
 * What changes behind the walk is later than its beginning, so `at` moves to the latest moment of its first part only.
 */
const walk = async (portal: Portal, before: Walked, now: Temporal.Instant, { page, rows: rowsIn, id, changedAt }: Pages): Promise<{ rows: readonly Row[]; walked: Walked; failed: PortalError | null }> => {
  const { at, onTheWay } = before
  const since = Temporal.Instant.from(at).subtract(overlap).toString({ smallestUnit: 'second' })
  const rows: Row[] = []
  let after = onTheWay?.after ?? 0
  const onward = (): Walked => ({ at, onTheWay: { after, at: onTheWay?.at ?? latest(at, now, rows.map(changedAt)) } })
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { method, params } = page(after, since)
    const answer = await orFailed(() => portal.call(method, params ?? {}, { kind: 'read' }))
    if (answer instanceof PortalError) return { rows, walked: pages === 0 ? before : onward(), failed: answer }
    const part = rowsIn(answer.result)
    rows.push(...part)
    after = Math.max(after, ...part.map(row => id(row) ?? 0))
    if (part.length < 50) return { rows, walked: { at: onTheWay?.at ?? latest(at, now, rows.map(changedAt)), onTheWay: null }, failed: null }
  }
  return { rows, walked: onward(), failed: null }
}

/** Open leads behind an id, by growing id; none behind null. `after` null: there are no more. P is a stage in work (object-fields.md). */
const openLeads = async (portal: Portal, behind: number | null): Promise<{ readonly ids: readonly number[]; readonly after: number | null; readonly failed: PortalError | null }> => {
  const ids: number[] = []
  let after = behind
  for (let pages = 0; pages < mostOpenPages && after !== null; pages += 1) {
    const params = { entityTypeId: leadType, select: ['id'], filter: { stageSemanticId: 'P', '>id': after }, order: { id: 'ASC' }, start: -1 }
    const answer = await orFailed(() => portal.call('crm.item.list', params, { kind: 'read' }))
    if (answer instanceof PortalError) return { ids, after, failed: answer }
    const part = rowsUnder(answer.result, 'items').flatMap(row => idOf(row['id']) ?? [])
    ids.push(...part)
    after = part.length < 50 ? null : Math.max(after, ...part)
  }
  return { ids, after, failed: null }
}

/** The portal's own clock, as the rows tell it. When nothing changes for long, ours moves the window on, with room for a wrong clock. */
const latest = (from: string, now: Temporal.Instant, moments: readonly string[]): string =>
  [from, now.subtract({ minutes: 10 }).toString(), ...moments.filter(Boolean)]
    .map(moment => Temporal.Instant.from(moment))
    .reduce((last, moment) => (Temporal.Instant.compare(moment, last) > 0 ? moment : last))
    .toString()

/** Records of call statistics appear when a call ends, with growing ids. Telephony is optional. */
const newCalls = async (portal: Portal, after: number | null): Promise<{ activityIds: readonly number[]; lastId: number | null; failed: PortalError | null }> => {
  const params = after === null
    ? { SORT: 'ID', ORDER: 'DESC' }
    : { FILTER: { '>ID': after }, SORT: 'ID', ORDER: 'ASC' }
  const [outcome] = await portal.callAll([{ method: 'voximplant.statistic.get', params }], { kind: 'read' })
  if (outcome?.ok === false) return isMissing(outcome.error) ? { activityIds: [], lastId: null, failed: null } : { activityIds: [], lastId: after, failed: outcome.error }
  const rows = rowsOf(resultOf(outcome))
  const ids = rows.flatMap(row => idOf(row['ID']) ?? [])
  const lastId = ids.length === 0 ? after ?? 0 : Math.max(after ?? 0, ...ids)
  return { activityIds: after === null ? [] : uniqueOf(rows.flatMap(row => idOf(row['CRM_ACTIVITY_ID']) ?? [])), lastId, failed: null }
}

/** Leads these subjects concern. Activities and tasks that are gone or concern no lead are left out. */
export const leadsOf = async (portal: Portal, subjects: readonly Subject[]): Promise<readonly LeadId[]> => {
  const idsOfKind = (kind: Subject['kind']) => uniqueOf(subjects.filter(subject => subject.kind === kind).map(({ id }) => id))
  const bindings = idsOfKind('activity').map((activityId): Call => ({ method: 'crm.activity.binding.list', params: { activityId } }))
  const tasks = chunksOf(idsOfKind('task'), 50).map(tasksByIds)
  const outcomes = bindings.length + tasks.length === 0 ? [] : await portal.callAll([...bindings, ...tasks], { kind: 'read' })
  const found = outcomes.flatMap((outcome, index): readonly number[] => {
    if (!outcome.ok) {
      if (isMissing(outcome.error)) return []
      throw outcome.error
    }
    if (index >= bindings.length) return toLeadsOfTasks(outcome.result)
    return rowsOf(outcome.result).flatMap(row => (Number(row['entityTypeId']) === leadType ? idOf(row['entityId']) ?? [] : []))
  })
  return uniqueOf([...idsOfKind('lead'), ...found]).map(leadId)
}
