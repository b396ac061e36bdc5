import { isRecord, type Params } from '../core/body.ts'
import { sortRows, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, Note, TimelineEntry } from '../rows.ts'
import { addComment, addLogMessage } from '../world/notices.ts'
import { mayChange, mayRead, ownerItem } from './rights.ts'

const typeIds: Record<string, number> = { lead: 1, deal: 2, contact: 3, company: 4 }
const typeName = (id: number | undefined): string => Object.entries(typeIds).find(([, known]) => known === id)?.[0] ?? ''

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const owner = (context: CallContext, entityTypeId: number, entityId: unknown): CrmItem => {
  const item = ownerItem(context, entityTypeId, Number(entityId))
  if (item === null) throw new RestError('OWNER_NOT_FOUND', 'Owner not found', 400)
  return item
}

const fieldsOf = (context: CallContext, params: Params, names: readonly string[]): Params => {
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  for (const name of Object.keys(fields)) if (!names.includes(name)) context.strictFail(`field ${name} is unknown`)
  return fields
}

const commentRow = (entry: TimelineEntry, of = entry.bindings[0]): Record<string, unknown> => ({
  ID: String(entry.id), ENTITY_ID: String(of?.entityId ?? 0), ENTITY_TYPE: typeName(of?.entityTypeId), CREATED: entry.created,
  COMMENT: entry.text, AUTHOR_ID: String(entry.authorId), FILES: {},
})

const logRow = (entry: TimelineEntry): Record<string, unknown> => ({ id: entry.id, created: entry.created, authorId: entry.authorId, title: entry.title,
  text: entry.text, iconCode: entry.iconCode })

const orderReader = (names: Record<string, keyof TimelineEntry>): FieldReader<TimelineEntry> => name => {
  const key = names[name]
  return key === undefined ? undefined : { read: entry => entry[key], ...(key === 'created' ? { kind: 'moment' as const } : {}) }
}

const entriesOf = ({ state }: CallContext, kind: TimelineEntry['kind'], entityTypeId: number, entityId: number): TimelineEntry[] =>
  state.timeline.filter(entry => entry.kind === kind && entry.bindings.some(one => one.entityTypeId === entityTypeId && one.entityId === entityId))

const dialect = (context: CallContext) => ({ timeZone: context.portal.timeZone,
  unknownField: (name: string) => context.strictFail(`order field ${name} is unknown`) })

const addCommentCall = (params: Params, context: CallContext) => {
  const fields = fieldsOf(context, params, ['ENTITY_ID', 'ENTITY_TYPE', 'COMMENT', 'FILES'])
  if (Object.keys(fields).length === 0) throw new RestError('100', 'Could not find value for parameter {fields}', 400)
  const entityTypeId = typeIds[text(fields['ENTITY_TYPE']).toLowerCase()] ?? 0
  const item = owner(context, entityTypeId, fields['ENTITY_ID'])
  if (!mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  if (text(fields['COMMENT']).trim() === '') throw new RestError('INVALID_ARG_VALUE', 'Empty comment', 400)
  return { result: addComment(context.world, entityTypeId, item.id, text(fields['COMMENT']), context.cause, true).id }
}

const listComments = (params: Params, context: CallContext) => {
  const filter = isRecord(params['filter']) ? params['filter'] : {}
  for (const name of Object.keys(filter)) if (!['ENTITY_ID', 'ENTITY_TYPE'].includes(name)) context.strictFail(`filter field ${name} is unknown`)
  const entityTypeId = typeIds[text(filter['ENTITY_TYPE']).toLowerCase()] ?? 0
  const item = ownerItem(context, entityTypeId, Number(filter['ENTITY_ID']))
  if (item === null || !mayRead(context, item)) throw new RestError('', 'Access denied.', 400)
  const rows = sortRows(entriesOf(context, 'comment', entityTypeId, item.id), params['order'] ?? { ID: 'ASC' },
    orderReader({ ID: 'id', CREATED: 'created', AUTHOR_ID: 'authorId' }), dialect(context))
  const select = (Array.isArray(params['select']) ? params['select'] : []).map(String)
  const show = (entry: TimelineEntry) => Object.fromEntries(Object.entries(commentRow(entry, { entityTypeId, entityId: item.id })).filter(([name]) => select.length === 0 || select.includes('*') || select.includes(name)))
  return pageOf(rows, params['start'], page => page.map(show))
}

/** Of an activity of this owner. */
const noteOf = ({ state }: CallContext, ownerTypeId: number, ownerId: number, activityId: number): Note | undefined => {
  const activity = state.activities.get(activityId)
  return activity?.bindings.some(one => one.ownerTypeId === ownerTypeId && one.ownerId === ownerId) === true ? activity.note : undefined
}

const scope = ['crm']

export const timelineMethods: Methods = {
  'crm.timeline.comment.add': {
    page: 'api-reference/crm/timeline/comments/crm-timeline-comment-add.md', scope, params: { fields: 'object!', auth_connector: 'string' }, handle: addCommentCall,
  },
  'crm.timeline.comment.list': {
    page: 'api-reference/crm/timeline/comments/crm-timeline-comment-list.md', scope,
    params: { select: 'array', filter: 'object!', order: 'object', start: 'integer' }, handle: listComments,
  },
  'crm.timeline.comment.get': {
    page: 'api-reference/crm/timeline/comments/crm-timeline-comment-get.md', scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      const entry = context.state.timeline.find(one => one.kind === 'comment' && one.id === Number(id))
      if (entry === undefined) throw new RestError('', 'Not found.', 400)
      const item = ownerItem(context, entry.bindings[0]?.entityTypeId ?? 0, entry.bindings[0]?.entityId ?? 0)
      if (item === null || !mayRead(context, item)) throw new RestError('', 'Access denied.', 400)
      return { result: commentRow(entry) }
    },
  },
  'crm.timeline.note.get': {
    page: 'api-reference/crm/timeline/note/crm-timeline-note-get.md', scope,
    params: { ownerTypeId: 'integer!', ownerId: 'integer!', itemType: 'integer!', itemId: 'integer!' },
    handle: (params, context) => {
      const item = ownerItem(context, Number(params['ownerTypeId']), Number(params['ownerId']))
      if (item === null || !mayRead(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
      const note = Number(params['itemType']) === 2 ? noteOf(context, Number(params['ownerTypeId']), item.id, Number(params['itemId'])) : undefined
      if (note === undefined) throw new RestError('NOT_FOUND', 'Element not found', 400)
      return { result: { ...note, updatedById: note.createdById, updatedTime: note.createdTime } }
    },
  },
  'crm.timeline.logmessage.add': {
    page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-add.md', scope, params: { fields: 'object!', auth_connector: 'string' },
    handle: (params, context) => {
      const fields = fieldsOf(context, params, ['entityTypeId', 'entityId', 'title', 'text', 'iconCode'])
      for (const name of ['entityTypeId', 'entityId', 'title', 'text', 'iconCode']) if (text(fields[name]) === '') throw new RestError('100',
        `Could not find value for parameter {${name}}`, 400)
      const entityTypeId = Number(fields['entityTypeId'])
      const item = owner(context, entityTypeId, fields['entityId'])
      if (!mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
      const entry = addLogMessage(context.world, { entityTypeId, entityId: item.id, title: text(fields['title']), text: text(fields['text']),
        iconCode: text(fields['iconCode']) }, context.cause)
      return { result: { logMessage: logRow(entry) } }
    },
  },
  'crm.timeline.logmessage.list': {
    page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-list.md', scope,
    params: { entityTypeId: 'integer!', entityId: 'integer!', order: 'object', start: 'integer' },
    handle: (params, context) => {
      for (const name of ['entityTypeId', 'entityId']) if (params[name] === undefined) throw new RestError('100', `Could not find value for parameter {${name}}`,
        400)
      const entityTypeId = Number(params['entityTypeId'])
      const item = ownerItem(context, entityTypeId, Number(params['entityId']))
      const entries = item !== null && mayRead(context, item) ? entriesOf(context, 'log', entityTypeId, item.id) : []
      const rows = sortRows(entries, params['order'] ?? { id: 'desc' }, orderReader({ id: 'id', created: 'created' }), dialect(context))
      return pageOf(rows, params['start'], page => page.map(logRow), 10)
    },
  },
  'crm.timeline.logmessage.get': {
    page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-get.md', scope, params: { id: 'integer!' },
    handle: ({ id }, { state }) => {
      const entry = state.timeline.find(one => one.kind === 'log' && one.id === Number(id))
      if (entry === undefined) throw new RestError('NOT_FOUND', `Timeline logmessage not found for id ${String(id)}`, 400)
      return { result: { logMessage: logRow(entry) } }
    },
  },
  'crm.timeline.logmessage.delete': {
    page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-delete.md', scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      if (id === undefined || id === '') throw new RestError('100', 'Could not find value for parameter {id}', 400)
      const entry = context.state.timeline.find(one => one.kind === 'log' && one.id === Number(id))
      if (entry === undefined) throw new RestError('NOT_FOUND', `Timeline logmessage not found for id ${String(id)}`, 400)
      const item = ownerItem(context, entry.bindings[0]?.entityTypeId ?? 0, entry.bindings[0]?.entityId ?? 0)
      if (item === null || !mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
      if (!entry.byRest) throw new RestError('REMOVING_DISABLED', 'The log message was created by another application', 400)
      context.state.timeline = context.state.timeline.filter(one => one !== entry)
      return { result: true }
    },
  },
}
