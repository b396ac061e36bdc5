/** Everything the rules look at of up to 50 leads, in one or two batch requests. */
import { type FieldName, type FieldValue, type Lead, type LeadId, leadId, type Semantic, type Sight, stageId, userId } from '../domain/lead.ts'
import { activitiesOfLead, callsOfActivities, type CallFacts, callsOfLeads, readCalls, toActivities, toTodoFollowUps } from './activities.ts'
import { boundOf, lookAround } from './around.ts'
import { sharedPhones } from './contact-data.ts'
import { asPortalError, PortalError, type PortalErrorCode } from './error.ts'
import { confirmGone } from './gone-leads.ts'
import { isMissing } from './missing.ts'
import { type Needs, nothingNeeded } from './needs.ts'
import type { Portal } from './portal.ts'
import type { Log } from './ports.ts'
import { type Call, chunksOf, idOf, leadType, momentOf, type Outcome, resultOf, type Row, rowsOf, rowsUnder, textOf } from './rows.ts'
import { type TaskFollowUp, tasksOfLeads, toTaskFollowUps } from './tasks.ts'

export const semantics: Readonly<Record<string, Semantic>> = { P: 'processing', S: 'success', F: 'failure' }

/** `*`, because phones and addresses (`fm`) come only with it (crm-item-list.md); user fields by their own names. */
const itemsOf = (ids: readonly number[], fields: readonly FieldName[]): Call => ({
  method: 'crm.item.list',
  params: { entityTypeId: leadType, filter: { '@id': ids }, select: ['*', ...fields.filter(isUserField)], order: { id: 'ASC' }, start: -1, useOriginalUfNames: 'Y' },
})

export const isUserField = (name: FieldName) => name.startsWith('UF_')

/** Leads that fit into one batch: items, tasks and calls of all of them, activities of each. */
const leadsPerBatch = 47

/** A lead of which nothing can be said now: out of this token's sight, or an answer that makes no sense. */
export interface Unread {
  readonly kind: 'unread'
  readonly leadId: LeadId
  readonly error: PortalError
}

/**
 * Sights in the order of the ids. `gone` is only what the portal itself calls not found (deleted, merged); a lead that
 * cannot be read is left out and logged, so that it does not stop the others. Rejects with PortalError when the portal
 * cannot be read; telephony is optional.
 */
export const readSights = async (portal: Portal, ids: readonly LeadId[], fields: readonly FieldName[], log: Log, needs = nothingNeeded): Promise<readonly Sight[]> =>
  (await lookAtLeads(portal, ids, fields, needs)).flatMap((look) => {
    if (look.kind !== 'unread') return [look]
    log.error({ memberId: portal.memberId, leadId: look.leadId, error: look.error }, 'lead.left-out')
    return []
  })

/** As `readSights`, with what is to be said of every single lead. */
export const lookAtLeads = async (portal: Portal, ids: readonly LeadId[], fields: readonly FieldName[], needs = nothingNeeded): Promise<readonly (Sight | Unread)[]> => {
  const parts = chunksOf(ids, ids.length <= leadsPerBatch ? leadsPerBatch : Math.ceil(ids.length / Math.ceil(ids.length / leadsPerBatch)))
  const sights: (Sight | Unread)[] = []
  for (const part of parts) sights.push(...await readPart(portal, part, fields, needs))
  return sights
}

const readPart = async (portal: Portal, ids: readonly LeadId[], fields: readonly FieldName[], needs: Needs): Promise<readonly (Sight | Unread)[]> => {
  const outcomes = await portal.callAll([itemsOf(ids, fields), tasksOfLeads(ids, 0, needs.summaries), callsOfLeads(ids), ...ids.map(activitiesOfLead)], { kind: 'read' })
  const [items, tasks, calls, ...activities] = outcomes
  const rows = new Map(rowsUnder(resultOf(items), 'items').map(row => [idOf(row['id']), row]))
  const known = ids.filter(id => rows.has(id))
  const gone = await confirmGone(portal, ids.filter(id => !rows.has(id)))
  const more = known.length === 0 ? nothingMore : await readMore(portal, known, {
    tasks,
    calls,
    summaries: needs.summaries,
    activities: ids.flatMap((id, index) => {
      const outcome = activities[index]
      return rows.has(id) && outcome?.ok === true ? [outcome.result] : []
    }),
  })
  const readOne = (id: LeadId, row: Row, answer: Outcome | undefined): Seen => {
    const markOfTask = (taskId: number) => more.followUps.find(followUp => followUp.id === taskId)?.mark ?? null
    const found = toActivities(resultOf(answer), { markOfTask, callOf: activity => more.calls.get(activity) ?? null })
    const ours = more.followUps.filter(followUp => followUp.leadIds.includes(id)).map(({ leadIds: _, ...followUp }) => followUp).reverse()
    return { kind: 'seen', lead: { ...toLead(id, row, fields), activities: found, followUps: [...ours, ...toTodoFollowUps(found)] } }
  }
  const looked = ids.map((id, index): Seen | Unseen => {
    const row = rows.get(id)
    if (row !== undefined) return orUnread(id, () => readOne(id, row, activities[index]))
    return gone.has(id) ? { kind: 'gone', leadId: id } : { kind: 'unread', leadId: id, error: new PortalError({ code: 'access-denied', method: 'crm.item.get', bitrixMessage: 'the lead is there, but this token does not see it' }) }
  })
  const around = await lookAround(portal, looked.flatMap(look => (look.kind === 'seen' ? [{ lead: look.lead, bound: boundOf(rows.get(look.lead.id) ?? {}) }] : [])), needs)
  return looked.map(look => (look.kind === 'seen' ? { kind: 'seen', lead: around.get(look.lead.id) ?? look.lead } : look))
}

type Seen = Extract<Sight, { kind: 'seen' }>
type Unseen = Exclude<Sight, Seen> | Unread

/** What may be wrong with one lead alone; everything else concerns the whole portal. */
const ofOneLead: ReadonlySet<PortalErrorCode> = new Set(['access-denied', 'invalid', 'not-found', 'unexpected', 'unavailable'])

const orUnread = (id: LeadId, read: () => Seen): Seen | Unread => {
  try {
    return read()
  } catch (cause) {
    const error = asPortalError(cause, 'crm.item.list')
    if (!ofOneLead.has(error.code)) throw error
    return { kind: 'unread', leadId: id, error }
  }
}

interface More {
  readonly followUps: readonly TaskFollowUp[]
  readonly calls: ReadonlyMap<number, CallFacts>
}

const nothingMore: More = { followUps: [], calls: new Map() }

/** What did not fit on a first page, and calls filed under somebody else than the lead. */
const readMore = async (portal: Portal, ids: readonly LeadId[], first: { tasks: Outcome | undefined; calls: Outcome | undefined; activities: readonly unknown[]; summaries: boolean }): Promise<More> => {
  const calls = new Map<number, CallFacts>()
  const heard = first.calls?.ok === true
  if (first.calls?.ok === true) readCalls(first.calls.result, calls)
  else if (first.calls !== undefined && !isMissing(first.calls.error)) throw first.calls.error
  const silent = !heard
    ? []
    : first.activities.flatMap(result => rowsOf(result).flatMap((row) => {
      const id = idOf(row['ID'])
      return id !== null && !calls.has(id) && (textOf(row['TYPE_ID']) === '2' || textOf(row['PROVIDER_ID']) === 'VOXIMPLANT_CALL') ? [id] : []
    }))
  const followUps = [...toTaskFollowUps(resultOf(first.tasks))]
  const total = first.tasks?.ok === true ? Math.min(first.tasks.total ?? 0, 500) : 0
  const pages = Array.from({ length: Math.max(0, Math.ceil(total / 50) - 1) }, (_, index) => tasksOfLeads(ids, (index + 1) * 50, first.summaries))
  const voices = chunksOf(silent, 50).map(callsOfActivities)
  if (pages.length + voices.length > 0) {
    const outcomes = await portal.callAll([...pages, ...voices], { kind: 'read' })
    for (const outcome of outcomes.slice(0, pages.length)) followUps.push(...toTaskFollowUps(resultOf(outcome)))
    for (const outcome of outcomes.slice(pages.length)) if (outcome.ok) readCalls(outcome.result, calls)
  }
  return { followUps, calls }
}

/** A row of crm.item.list; rejects one without its moments or meaning with `unexpected`. */
export const toLead = (id: LeadId, row: Row, fields: readonly FieldName[]): Omit<Lead, 'activities' | 'followUps'> => {
  const createdAt = momentOf(row['createdTime'])
  const updatedAt = momentOf(row['updatedTime']) ?? createdAt
  const semantic = semantics[textOf(row['stageSemanticId'])]
  if (createdAt === null || updatedAt === null || semantic === undefined)
    throw new PortalError({ code: 'unexpected', method: 'crm.item.list', bitrixMessage: 'a lead without a moment or a meaning' })
  const responsible = idOf(row['assignedById'])
  const creator = idOf(row['createdBy'])
  const mover = idOf(row['movedBy'])
  const addresses = rowsOf(row['fm'])
  const valuesOf = (type: string) => addresses.flatMap(({ typeId, value }) => (typeId === type && typeof value === 'string' && value !== '' ? [value] : []))
  const phones = valuesOf('PHONE')
  const clientName = [row['name'], row['lastName']].map(textOf).filter(Boolean).join(' ')
  const companyTitle = textOf(row['companyTitle'])
  const bound = boundOf(row)
  const shared = sharedPhones(phones, { person: clientName.trim() !== '' || bound.contactIds.length > 0, company: companyTitle.trim() !== '' || bound.companyId !== null })
  return {
    id: leadId(id),
    title: textOf(row['title']),
    clientName,
    companyTitle,
    stageId: stageId(textOf(row['stageId'])),
    semantic,
    responsibleId: responsible === null ? null : userId(responsible),
    createdById: creator === null ? null : userId(creator),
    sourceId: textOf(row['sourceId']) || null,
    createdAt,
    updatedAt,
    movedAt: momentOf(row['movedTime']),
    movedById: mover === null ? null : userId(mover),
    contact: { phones, emails: valuesOf('EMAIL'), messengers: valuesOf('IM'), ...(shared.length === 0 ? {} : { shared }) },
    fields: Object.fromEntries(fields.map(name => [name, toFieldValue(row[name])])),
  }
}

/** Booleans of user fields are Y and N in crm.item.*; `false` is how an empty list looks there. */
const toFieldValue = (value: unknown): FieldValue => {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (Array.isArray(value)) return value.flatMap((item: unknown) => (typeof item === 'string' || typeof item === 'number' ? [item] : []))
  return value === true ? true : null
}
