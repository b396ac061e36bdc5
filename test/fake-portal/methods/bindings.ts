/** Activities and timeline records that belong to several CRM items. */
import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Activity, CrmItem, TimelineEntry } from '../rows.ts'
import { updateActivity } from '../world/activities.ts'
import { checkNames, textOf } from './list-call.ts'
import { mayChange, mayRead, mayReadActivity, ownerItem } from './rights.ts'

/** The page names the number, not the refusal (assumed). */
const mostBindings = 100

interface Asked { activity: Activity; item: CrmItem; bound: boolean }

const asked = (params: Params, context: CallContext): Asked => {
  for (const name of ['activityId', 'entityTypeId', 'entityId']) if (params[name] === undefined || params[name] === '') throw new RestError('100', `Could not find value for parameter {${name}}`, 400)
  const activity = context.state.activities.get(Number(params['activityId']))
  if (activity === undefined) throw new RestError('NOT_FOUND', 'Element not found', 400)
  const item = ownerItem(context, Number(params['entityTypeId']), Number(params['entityId']))
  if (item === null) throw new RestError('OWNER_NOT_FOUND', 'Owner of the entity not found', 400)
  if (!mayChange(context, item) || !mayReadActivity(context, activity)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  return { activity, item, bound: activity.bindings.some(one => one.ownerTypeId === item.entityTypeId && one.ownerId === item.id) }
}

const add = (params: Params, context: CallContext) => {
  const { activity, item, bound } = asked(params, context)
  if (bound) throw new RestError('ACTIVITY_IS_ALREADY_BOUND', 'The activity is already bound to this entity', 400)
  if (activity.bindings.length >= mostBindings) throw new RestError('BINDINGS_LIMIT_EXCEEDED', `An activity has at most ${mostBindings} bindings`, 400)
  updateActivity(context.world, activity, { bindings: [...activity.bindings, { ownerTypeId: item.entityTypeId, ownerId: item.id }] }, context.cause)
  return { result: true }
}

/** The first of the bindings that are left becomes the owner (assumed). */
const remove = (params: Params, context: CallContext) => {
  const { activity, item, bound } = asked(params, context)
  if (!bound) throw new RestError('BINDING_NOT_FOUND', 'The activity is not bound to this entity', 400)
  const bindings = activity.bindings.filter(one => !(one.ownerTypeId === item.entityTypeId && one.ownerId === item.id))
  const owner = bindings[0]
  if (owner === undefined) throw new RestError('LAST_BINDING_CANNOT_BE_DELETED', 'The last binding cannot be deleted', 400)
  const owned = activity.ownerTypeId === item.entityTypeId && activity.ownerId === item.id
  updateActivity(context.world, activity, { bindings, ...(owned ? owner : {}) }, context.cause)
  return { result: true }
}

const list = (params: Params, context: CallContext) => {
  if (params['activityId'] === undefined || params['activityId'] === '') throw new RestError('100', 'Could not find value for parameter {activityId}', 400)
  const activity = context.state.activities.get(Number(params['activityId']))
  if (activity === undefined) throw new RestError('NOT_FOUND', 'Element not found', 400)
  const visible = activity.bindings.filter(one => {
    const item = ownerItem(context, one.ownerTypeId, one.ownerId)
    return item !== null && mayRead(context, item)
  })
  return { result: visible.map(({ ownerTypeId, ownerId }) => ({ entityTypeId: ownerTypeId, entityId: ownerId })) }
}

const typeIds: Readonly<Record<string, number>> = { lead: 1, deal: 2, contact: 3, company: 4 }
const typeName = (id: number): string => Object.entries(typeIds).find(([, known]) => known === id)?.[0] ?? ''
const wrong = (name: string): RestError => new RestError('', `${name} is not defined or invalid.`, 400)

const entryOf = ({ state }: CallContext, id: unknown): TimelineEntry => {
  const entry = state.timeline.find(one => one.id === Number(id))
  if (entry === undefined) throw wrong('OWNER_ID')
  return entry
}

const askedEntry = ({ fields: given }: Params, context: CallContext) => {
  const fields = isRecord(given) ? given : {}
  checkNames(context, fields, ['OWNER_ID', 'ENTITY_ID', 'ENTITY_TYPE'])
  const entry = entryOf(context, fields['OWNER_ID'])
  if (!(Number(fields['ENTITY_ID']) > 0)) throw wrong('ENTITY_ID')
  const entityTypeId = typeIds[textOf(fields['ENTITY_TYPE']).toLowerCase()]
  if (entityTypeId === undefined) throw wrong('ENTITY_TYPE')
  const item = ownerItem(context, entityTypeId, Number(fields['ENTITY_ID']))
  if (item === null) throw wrong('ENTITY_ID')
  if (!mayChange(context, item)) throw new RestError('', 'Access denied.', 400)
  return { entry, item, bound: entry.bindings.some(one => one.entityTypeId === item.entityTypeId && one.entityId === item.id) }
}

const scope = ['crm']
const ofActivity = { activityId: 'integer!', entityTypeId: 'integer!', entityId: 'integer!' } as const
const activityFolder = 'api-reference/crm/timeline/activities/binding'
const timelineFolder = 'api-reference/crm/timeline/bindings'

export const bindingMethods: Methods = {
  'crm.activity.binding.add': { page: `${activityFolder}/crm-activity-binding-add.md`, scope, params: ofActivity, handle: add },
  'crm.activity.binding.delete': { page: `${activityFolder}/crm-activity-binding-delete.md`, scope, params: ofActivity, handle: remove },
  'crm.activity.binding.list': { page: `${activityFolder}/crm-activity-binding-list.md`, scope, params: { activityId: 'integer!' }, handle: list },
  'crm.timeline.bindings.bind': {
    page: `${timelineFolder}/crm-timeline-bindings-bind.md`, scope, params: { fields: 'object!' },
    handle: (params, context) => {
      const { entry, item, bound } = askedEntry(params, context)
      if (!bound) entry.bindings.push({ entityTypeId: item.entityTypeId, entityId: item.id })
      return { result: true }
    },
  },
  'crm.timeline.bindings.unbind': {
    page: `${timelineFolder}/crm-timeline-bindings-unbind.md`, scope, params: { fields: 'object!' },
    handle: (params, context) => {
      const { entry, item, bound } = askedEntry(params, context)
      if (!bound) throw new RestError('', 'Not found.', 400)
      entry.bindings = entry.bindings.filter(one => !(one.entityTypeId === item.entityTypeId && one.entityId === item.id))
      return { result: true }
    },
  },
  'crm.timeline.bindings.list': {
    page: `${timelineFolder}/crm-timeline-bindings-list.md`, scope, params: { filter: 'object!' },
    handle: ({ filter }, context) => {
      const given = isRecord(filter) ? filter : {}
      checkNames(context, given, ['OWNER_ID', 'ENTITY_ID', 'ENTITY_TYPE'])
      const entry = entryOf(context, given['OWNER_ID'])
      const rows = entry.bindings.map(one => ({ OWNER_ID: String(entry.id), ENTITY_ID: String(one.entityId), ENTITY_TYPE: typeName(one.entityTypeId) }))
        .filter(row => (['ENTITY_ID', 'ENTITY_TYPE'] as const).every(name => given[name] === undefined || textOf(given[name]) === row[name]))
      return { result: rows, total: rows.length }
    },
  },
}
