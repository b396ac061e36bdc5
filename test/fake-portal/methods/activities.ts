import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { phpObject } from '../core/php-arrays.ts'
import { RestError } from '../core/rest-error.ts'
import type { Activity, Communication } from '../rows.ts'
import { addActivity, deleteActivity, updateActivity, type ActivityDraft } from '../world/activities.ts'
import { followMirror } from '../world/tasks.ts'
import { normalMoment } from '../world/time.ts'
import { mayChange, mayReadActivity, ownerItem } from './rights.ts'

const orNull = (value: string): string | null => (value === '' ? null : value)

/** A row of `crm.activity.list`: values are strings (api-reference/crm/timeline/activities/activity-base/crm-activity-list.md). */
const row = (one: Activity): Record<string, unknown> => ({
  ID: String(one.id), OWNER_ID: String(one.ownerId), OWNER_TYPE_ID: String(one.ownerTypeId), TYPE_ID: String(one.typeId), PROVIDER_ID: one.providerId,
  PROVIDER_TYPE_ID: one.providerTypeId, PROVIDER_GROUP_ID: null,
  ASSOCIATED_ENTITY_ID: String(one.associatedEntityId), SUBJECT: one.subject, CREATED: one.created, LAST_UPDATED: one.lastUpdated, START_TIME: one.startTime,
  END_TIME: one.endTime, DEADLINE: one.deadline,
  COMPLETED: one.completed ? 'Y' : 'N', STATUS: String(one.status), RESPONSIBLE_ID: String(one.responsibleId), PRIORITY: String(one.priority), NOTIFY_TYPE: '0',
  NOTIFY_VALUE: '0', DESCRIPTION: one.description,
  DESCRIPTION_TYPE: '1', DIRECTION: String(one.direction), LOCATION: '', SETTINGS: phpObject(one.settings), ORIGINATOR_ID: orNull(one.originatorId),
  ORIGIN_ID: orNull(one.originId), AUTHOR_ID: String(one.authorId),
  EDITOR_ID: String(one.editorId), PROVIDER_PARAMS: phpObject(one.providerParams), PROVIDER_DATA: null, RESULT_MARK: '0', RESULT_VALUE: null, RESULT_SUM: null,
  RESULT_CURRENCY_ID: null, RESULT_STATUS: '0',
  RESULT_STREAM: '0', RESULT_SOURCE_ID: null, AUTOCOMPLETE_RULE: '0', IS_INCOMING_CHANNEL: one.isIncomingChannel ? 'Y' : 'N',
})

const communicationRows = (one: Activity) => one.communications.map((part, index) => ({ ID: String(index + 1), TYPE: part.type, VALUE: part.value,
  ENTITY_ID: String(part.entityId), ENTITY_TYPE_ID: String(part.entityTypeId) }))

const columns = Object.keys(row({ settings: {}, providerParams: {}, originatorId: '', originId: '' } as unknown as Activity))

const reader: FieldReader<Activity> = name => {
  if (!columns.includes(name)) return undefined
  return { read: one => row(one)[name], ...(['CREATED', 'LAST_UPDATED', 'START_TIME', 'END_TIME', 'DEADLINE'].includes(name) ? { kind: 'moment' as const } : {}) }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [])

const boundTo = (bindings: readonly unknown[]) => (one: Activity): boolean => bindings.some(wanted => isRecord(wanted) && one.bindings.some(binding =>
  (wanted['OWNER_TYPE_ID'] === undefined || Number(wanted['OWNER_TYPE_ID']) === binding.ownerTypeId) && (wanted['OWNER_ID'] === undefined || Number(wanted['OWNER_ID']) === binding.ownerId)))

const list = (params: Params, context: CallContext) => {
  const { BINDINGS: bindings, ...filter } = isRecord(params['filter']) ? params['filter'] : {}
  const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`field ${name} is unknown`) }
  const matches = rowFilter(filter, reader, dialect)
  const bound = bindings === undefined ? () => true : boundTo(listOf(bindings))
  const rows = sortRows([...context.state.activities.values()].filter(one => mayReadActivity(context, one) && matches(one) && bound(one)),
    params['order'] ?? { START_TIME: 'ASC' }, reader, dialect)
  const select = listOf(params['select']).map(String)
  for (const name of select) if (name !== '*' && !columns.includes(name) && name !== 'COMMUNICATIONS' && name !== 'FILES') context.strictFail(`selected field ${name} is unknown`)
  const whole = select.length === 0 || select.includes('*')
  const show = (one: Activity): Record<string, unknown> => ({
    ...(whole ? row(one) : Object.fromEntries(Object.entries(row(one)).filter(([name]) => select.includes(name) || name === 'ID'))),
    ...(select.includes('COMMUNICATIONS') ? { COMMUNICATIONS: communicationRows(one) } : {}),
    ...(select.includes('FILES') ? { FILES: [] } : {}),
  })
  return pageOf(rows, params['start'], page => page.map(show))
}

const existing = (context: CallContext, id: unknown): Activity => {
  const activity = context.state.activities.get(Number(id))
  if (activity === undefined) throw new RestError('', 'Activity is not found.', 400)
  if (!mayReadActivity(context, activity)) throw new RestError('', 'Access denied.', 400)
  return activity
}

const text = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

const communications = (value: unknown): Communication[] => listOf(value).flatMap(part => (isRecord(part)
  ? [{ type: text(part['TYPE']) ?? '', value: text(part['VALUE']) ?? '', entityId: Number(part['ENTITY_ID'] ?? 0),
    entityTypeId: Number(part['ENTITY_TYPE_ID'] ?? 0) }]
  : []))

const writable = ['OWNER_ID', 'OWNER_TYPE_ID', 'TYPE_ID', 'ASSOCIATED_ENTITY_ID', 'COMMUNICATIONS', 'DEADLINE', 'DESCRIPTION', 'DESCRIPTION_TYPE', 'DIRECTION',
  'END_TIME', 'FILES', 'LOCATION', 'NOTIFY_TYPE', 'NOTIFY_VALUE', 'ORIGINATOR_ID', 'ORIGIN_ID', 'ORIGIN_VERSION', 'PRIORITY', 'PROVIDER_DATA', 'PROVIDER_GROUP_ID',
  'PROVIDER_ID', 'PROVIDER_TYPE_ID', 'PROVIDER_PARAMS', 'RESPONSIBLE_ID', 'SETTINGS', 'START_TIME', 'STATUS', 'SUBJECT', 'WEBDAV_ELEMENTS', 'IS_INCOMING_CHANNEL',
  'COMPLETED', 'BINDINGS']

/** Classic `fields` of add and update; only what was sent. */
const changesOf = (context: CallContext, fields: Params): Partial<Activity> => {
  for (const name of Object.keys(fields)) if (!writable.includes(name)) context.strictFail(`field ${name} is unknown`)
  const zone = context.portal.timeZone
  const changes: Partial<Activity> = {}
  const moment = (name: string) => (text(fields[name]) === undefined ? undefined : normalMoment(text(fields[name]) ?? '', zone))
  const [start, end] = [moment('START_TIME'), moment('END_TIME')]
  if (start !== undefined) Object.assign(changes, { startTime: start, deadline: start })
  if (end !== undefined) changes.endTime = end
  if (fields['SUBJECT'] !== undefined) changes.subject = text(fields['SUBJECT']) ?? ''
  if (fields['DESCRIPTION'] !== undefined) changes.description = text(fields['DESCRIPTION']) ?? ''
  if (fields['RESPONSIBLE_ID'] !== undefined) changes.responsibleId = Number(fields['RESPONSIBLE_ID'])
  if (fields['DIRECTION'] !== undefined) changes.direction = Number(fields['DIRECTION']) as 0 | 1 | 2
  if (fields['PRIORITY'] !== undefined) changes.priority = Number(fields['PRIORITY'])
  if (fields['COMPLETED'] !== undefined) changes.completed = fields['COMPLETED'] === 'Y' || fields['COMPLETED'] === true
  if (fields['STATUS'] !== undefined && fields['COMPLETED'] === undefined) changes.completed = Number(fields['STATUS']) >= 2
  if (fields['COMMUNICATIONS'] !== undefined) changes.communications = communications(fields['COMMUNICATIONS'])
  if (fields['ORIGINATOR_ID'] !== undefined) changes.originatorId = text(fields['ORIGINATOR_ID']) ?? ''
  if (fields['ORIGIN_ID'] !== undefined) changes.originId = text(fields['ORIGIN_ID']) ?? ''
  if (isRecord(fields['SETTINGS'])) changes.settings = fields['SETTINGS']
  if (isRecord(fields['PROVIDER_PARAMS'])) changes.providerParams = fields['PROVIDER_PARAMS']
  if (fields['PROVIDER_ID'] !== undefined) changes.providerId = text(fields['PROVIDER_ID']) ?? ''
  if (fields['PROVIDER_TYPE_ID'] !== undefined) changes.providerTypeId = text(fields['PROVIDER_TYPE_ID']) ?? ''
  if (fields['IS_INCOMING_CHANNEL'] !== undefined) changes.isIncomingChannel = fields['IS_INCOMING_CHANNEL'] === 'Y'
  return changes
}

const providers: Record<number, [string, string]> = { 1: ['CRM_MEETING', 'MEETING'], 2: ['VOXIMPLANT_CALL', 'CALL'], 4: ['CRM_EMAIL', 'EMAIL'], 6: ['', ''] }

const add = (params: Params, context: CallContext) => {
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  const need = (name: string): never => { throw new RestError('', `The field ${name} is not defined or invalid.`, 400) }
  const [ownerTypeId, ownerId, typeId] = [Number(fields['OWNER_TYPE_ID']), Number(fields['OWNER_ID']), Number(fields['TYPE_ID'])]
  if (Number.isNaN(typeId)) need('TYPE_ID')
  if (typeId === 3) throw new RestError('', 'The activity type TASK is not supported in current context', 400)
  if (text(fields['SUBJECT']) === undefined || fields['SUBJECT'] === '') need('SUBJECT')
  if (!context.state.users.has(Number(fields['RESPONSIBLE_ID']))) need('RESPONSIBLE_ID')
  if (typeId !== 6 && communications(fields['COMMUNICATIONS']).length === 0) need('COMMUNICATIONS')
  const provider = providers[typeId] ?? need('TYPE_ID')
  if (typeId === 6 && fields['PROVIDER_ID'] === undefined) throw new RestError('', 'The custom activity without provider is not supported in current context.', 400)
  const owner = ownerItem(context, ownerTypeId, ownerId)
  if (owner === null) throw new RestError('', 'Could not build binding. Please ensure that owner info and communications are defined correctly.', 400)
  if (!mayChange(context, owner)) throw new RestError('', 'Access denied.', 400)
  const draft: ActivityDraft = { providerId: provider[0], providerTypeId: provider[1], ...changesOf(context, fields), ownerTypeId, ownerId, typeId }
  return { result: addActivity(context.world, draft, context.cause).id }
}

const update = (params: Params, context: CallContext) => {
  const activity = existing(context, params['id'])
  const changed = updateActivity(context.world, activity, changesOf(context, isRecord(params['fields']) ? params['fields'] : {}), context.cause)
  if (changed && activity.typeId === 3) followMirror(context.world, activity.associatedEntityId, activity.completed, context.cause)
  return { result: true }
}

const scope = ['crm']

export const activityMethods: Methods = {
  'crm.activity.list': {
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-list.md', scope, anyCase: true,
    params: { select: 'array', filter: 'object', order: 'object', start: 'integer' }, handle: list,
  },
  'crm.activity.get': {
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-get.md', scope, anyCase: true, params: { id: 'integer!' },
    handle: ({ id }, context) => ({ result: row(existing(context, id)) }),
  },
  'crm.activity.add': {
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-add.md', scope, anyCase: true, params: { fields: 'object!', auth_connector: 'string' },
    handle: add,
  },
  'crm.activity.update': {
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-update.md', scope, anyCase: true,
    params: { id: 'integer!', fields: 'object!', auth_connector: 'string' }, handle: update,
  },
  'crm.activity.delete': {
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-delete.md', scope, anyCase: true, params: { id: 'integer!', auth_connector: 'string' },
    handle: ({ id }, context) => {
      deleteActivity(context.world, existing(context, id), context.cause)
      return { result: true }
    },
  },
}
