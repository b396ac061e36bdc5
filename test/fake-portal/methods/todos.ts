import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Activity } from '../rows.ts'
import { addActivity, noDeadline, updateActivity } from '../world/activities.ts'
import { normalMoment, parseMoment } from '../world/time.ts'
import { mayChange, ownerItem } from './rights.ts'

const missing = (name: string): RestError => new RestError('100', `Could not find value for parameter {${name}}`, 400)

const owner = (context: CallContext, params: Params): { ownerTypeId: number; ownerId: number } => {
  for (const name of ['ownerTypeId', 'ownerId']) if (params[name] === undefined || params[name] === '') throw missing(name)
  const [ownerTypeId, ownerId] = [Number(params['ownerTypeId']), Number(params['ownerId'])]
  const item = ownerItem(context, ownerTypeId, ownerId)
  if (item === null) throw new RestError('OWNER_NOT_FOUND', 'Owner of the entity not found', 400)
  if (!mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  return { ownerTypeId, ownerId }
}

const deadlineOf = (context: CallContext, value: unknown): string => {
  if (value === undefined || value === '') throw missing('deadline')
  if (typeof value !== 'string' || parseMoment(value, context.portal.timeZone) === null) throw new RestError('WRONG_DATETIME_FORMAT', 'Wrong datetime format', 400)
  return normalMoment(value, context.portal.timeZone)
}

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []).map(Number)

/** A to-do of this owner; a completed one may not be changed any more. */
const openTodo = (context: CallContext, params: Params, closedCode = 'CAN_NOT_UPDATE_COMPLETED_TODO'): Activity => {
  const { ownerTypeId, ownerId } = owner(context, params)
  const activity = context.state.activities.get(Number(params['id']))
  if (activity === undefined || activity.providerId !== 'CRM_TODO' || !activity.bindings.some(one => one.ownerTypeId === ownerTypeId && one.ownerId === ownerId)) throw new RestError('NOT_FOUND', 'Not found.', 400)
  if (activity.completed) throw new RestError(closedCode, 'Completed activity cannot be modified', 400)
  return activity
}

const details = (params: Params): Partial<Activity> => ({
  ...(params['title'] === undefined ? {} : { subject: String(params['title']) }),
  ...(params['description'] === undefined ? {} : { description: String(params['description']) }),
  ...(params['responsibleId'] === undefined ? {} : { responsibleId: Number(params['responsibleId']) }),
  ...(params['pingOffsets'] === undefined ? {} : { pingOffsets: numbers(params['pingOffsets']) }),
  ...(params['colorId'] === undefined ? {} : { colorId: String(params['colorId']) }),
})

const scope = ['crm']
const ofOwner = { ownerTypeId: 'integer!', ownerId: 'integer!' } as const
const content = { title: 'string', description: 'string', responsibleId: 'integer', parentActivityId: 'integer', pingOffsets: 'array', colorId: 'string' } as const

const configurableFields = ['typeId', 'completed', 'deadline', 'pingOffsets', 'isIncomingChannel', 'responsibleId', 'badgeCode', 'originatorId', 'originId']

const yes = (value: unknown): boolean => [true, 1, '1', 'Y', 'true'].includes(value as string)

const configurable = (context: CallContext, params: Params): Partial<Activity> => {
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  for (const name of Object.keys(fields)) if (!configurableFields.includes(name)) context.strictFail(`field ${name} is unknown`)
  if (!isRecord(params['layout'])) throw new RestError('ERROR_EMPTY_LAYOUT', 'The layout field must be filled', 400)
  const incoming = yes(fields['isIncomingChannel'])
  const deadline = fields['deadline'] === undefined || fields['deadline'] === '' ? noDeadline : deadlineOf(context, fields['deadline'])
  if (incoming && deadline !== noDeadline) throw new RestError('INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE', 'Incoming activity cannot have a deadline', 400)
  return {
    layout: params['layout'], deadline, isIncomingChannel: incoming, completed: yes(fields['completed']),
    ...(fields['responsibleId'] === undefined ? {} : { responsibleId: Number(fields['responsibleId']) }),
    ...(fields['typeId'] === undefined ? {} : { providerTypeId: String(fields['typeId']) }),
    ...(fields['pingOffsets'] === undefined ? {} : { pingOffsets: numbers(fields['pingOffsets']) }),
    ...(fields['badgeCode'] === undefined ? {} : { badgeCode: String(fields['badgeCode']) }),
    ...(fields['originatorId'] === undefined ? {} : { originatorId: String(fields['originatorId']) }),
    ...(fields['originId'] === undefined ? {} : { originId: String(fields['originId']) }),
  }
}

const existingConfigurable = ({ state }: CallContext, id: unknown): Activity => {
  const activity = state.activities.get(Number(id))
  if (activity === undefined || activity.providerId !== 'CONFIGURABLE_REST_APP') throw new RestError('NOT_FOUND', 'Not found.', 400)
  return activity
}

export const todoMethods: Methods = {
  'crm.activity.todo.add': {
    page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-add.md', scope,
    params: { ...ofOwner, deadline: 'datetime!', ...content, auth_connector: 'string' },
    handle: (params, context) => {
      const at = owner(context, params)
      const deadline = deadlineOf(context, params['deadline'])
      const activity = addActivity(context.world, { ...at, typeId: 6, providerId: 'CRM_TODO', providerTypeId: 'TODO', startTime: deadline, endTime: deadline,
        deadline, ...details(params) }, context.cause)
      return { result: { id: activity.id } }
    },
  },
  'crm.activity.todo.update': {
    page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-update.md', scope,
    params: { id: 'integer!', ...ofOwner, deadline: 'datetime!', ...content, auth_connector: 'string' },
    handle: (params, context) => {
      const activity = openTodo(context, params)
      updateActivity(context.world, activity, { deadline: deadlineOf(context, params['deadline']), ...details(params) }, context.cause)
      return { result: { id: activity.id } }
    },
  },
  'crm.activity.todo.updateDeadline': {
    page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-update-deadline.md', scope,
    params: { id: 'integer!', ...ofOwner, value: 'datetime!', auth_connector: 'string' },
    handle: (params, context) => {
      const activity = openTodo(context, params)
      updateActivity(context.world, activity, { deadline: deadlineOf(context, params['value']) }, context.cause)
      return { result: { id: activity.id } }
    },
  },
  'crm.activity.todo.updateResponsibleUser': {
    page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-update-responsible-user.md', scope,
    params: { id: 'integer!', ...ofOwner, responsibleId: 'integer!', auth_connector: 'string' },
    handle: (params, context) => {
      const activity = openTodo(context, params, 'CAN_NOT_UPDATE_RESPONSIBLE_USER_COMPLETED_TODO')
      if (!(Number(params['responsibleId']) > 0)) throw new RestError('INVALID_ARG_VALUE', 'Parameter "responsibleId" must be greater than 0', 400)
      updateActivity(context.world, activity, { responsibleId: Number(params['responsibleId']) }, context.cause)
      return { result: { id: activity.id } }
    },
  },
  'crm.activity.configurable.add': {
    page: 'api-reference/crm/timeline/activities/configurable/crm-activity-configurable-add.md', scope,
    params: { ...ofOwner, fields: 'object!', layout: 'object!', auth_connector: 'string' },
    handle: (params, context) => {
      const draft = { ...owner(context, params), typeId: 6, providerId: 'CONFIGURABLE_REST_APP', providerTypeId: 'CONFIGURABLE', ...configurable(context, params) }
      return { result: { activity: { id: addActivity(context.world, draft, context.cause).id } } }
    },
  },
  'crm.activity.configurable.update': {
    page: 'api-reference/crm/timeline/activities/configurable/crm-activity-configurable-update.md', scope,
    params: { id: 'integer!', fields: 'object!', layout: 'object!', auth_connector: 'string' },
    handle: (params, context) => {
      const activity = existingConfigurable(context, params['id'])
      updateActivity(context.world, activity, configurable(context, params), context.cause)
      return { result: { activity: { id: activity.id } } }
    },
  },
  'crm.activity.configurable.get': {
    page: 'api-reference/crm/timeline/activities/configurable/crm-activity-configurable-get.md', scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      const one = existingConfigurable(context, id)
      const fields = {
        typeId: one.providerTypeId, completed: one.completed, deadline: one.deadline === noDeadline ? null : one.deadline, pingOffsets: one.pingOffsets,
        isIncomingChannel: one.isIncomingChannel,
        responsibleId: one.responsibleId, badgeCode: one.badgeCode, originatorId: one.originatorId === '' ? null : one.originatorId,
        originId: one.originId === '' ? null : one.originId,
      }
      return { result: { activity: { id: one.id, ownerTypeId: one.ownerTypeId, ownerId: one.ownerId, fields, layout: one.layout } } }
    },
  },
}
