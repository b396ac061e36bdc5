import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { accessDenied, missingArgument, RestError } from '../core/rest-error.ts'
import { nextId } from '../state.ts'
import type { EventHandler, OfflineRecord } from '../app-rows.ts'
import type { EventData } from '../world/world.ts'

const both = (names: readonly string[], ends: readonly string[]): string[] => names.flatMap(name => ends.map(end => `${name}${end}`))
const crmEvents = [
  ...both(['ONCRMLEAD', 'ONCRMDEAL', 'ONCRMCONTACT', 'ONCRMCOMPANY', 'ONCRMACTIVITY', 'ONCRMTIMELINECOMMENT', 'ONCRMREQUISITE'], ['ADD', 'UPDATE', 'DELETE']),
  ...both(['ONCRMLEADUSERFIELD', 'ONCRMDEALUSERFIELD', 'ONCRMCONTACTUSERFIELD', 'ONCRMCOMPANYUSERFIELD'], ['ADD', 'UPDATE', 'DELETE', 'SETENUMVALUES']),
]
const eventsByScope: Record<string, readonly string[]> = {
  basic: ['ONAPPUNINSTALL', 'ONAPPINSTALL', 'ONAPPUPDATE', 'ONAPPPAYMENT', 'ONAPPTEST', 'ONAPPMETHODCONFIRM', 'ONOFFLINEEVENT'],
  user: ['ONUSERADD'],
  crm: crmEvents,
  task: ['ONTASKADD', 'ONTASKUPDATE', 'ONTASKDELETE', 'ONTASKCOMMENTADD', 'ONTASKCOMMENTUPDATE', 'ONTASKCOMMENTDELETE'],
  telephony: ['ONVOXIMPLANTCALLINIT', 'ONVOXIMPLANTCALLSTART', 'ONVOXIMPLANTCALLEND', 'ONEXTERNALCALLSTART', 'ONEXTERNALCALLBACKSTART'],
  calendar: ['ONCALENDARENTRYADD', 'ONCALENDARENTRYUPDATE', 'ONCALENDARENTRYDELETE'],
}
const unlisted = ['ONCRMTIMELINEITEMACTION']
const allEvents = Object.values(eventsByScope).flat()

const availableTo = ({ portal }: CallContext): string[] => [...(eventsByScope['basic'] ?? []), ...portal.app.scope.flatMap(scope => eventsByScope[scope] ?? [])]

const bindable = (context: CallContext, name: string): boolean => availableTo(context).includes(name) || (unlisted.includes(name) && context.portal.app.scope.includes('crm'))

interface Subject { event: string; handler: string; authType: number | null; offline: boolean; connector: string }

const subjectOf = (params: Params): Subject => ({
  event: String(params['event'] ?? '').toUpperCase(), handler: String(params['handler'] ?? ''),
  authType: params['auth_type'] === undefined || params['auth_type'] === '' ? null : Number(params['auth_type']),
  offline: params['event_type'] === 'offline', connector: String(params['auth_connector'] ?? ''),
})

const bind = (params: Params, context: CallContext): true => {
  const { event, handler, authType, offline, connector } = subjectOf(params)
  const { state, user, isAdmin } = context
  if (event === '') throw missingArgument('EVENT')
  if (!bindable(context, event)) throw new RestError('ERROR_EVENT_NOT_FOUND', 'Event not found', 400)
  if (offline && !isAdmin) throw accessDenied('Access denied! Offline events binding requires administrator access rights')
  if (!isAdmin && authType !== null && authType !== user.id) throw accessDenied('Access denied! Event binding with AUTH_TYPE requires administrator access rights')
  if (!offline && handler === '') throw missingArgument('HANDLER')
  const auth = authType ?? (isAdmin ? 0 : user.id)
  const twin = state.eventHandlers.some(one => one.event === event && one.handler === handler && one.offline === offline && one.authType === auth && one.connector === connector)
  if (twin) throw new RestError('', 'Unable to set event handler: Handler already binded', 400)
  const options = params['options']
  state.eventHandlers.push({ id: nextId(state, 'eventHandler'), event, handler, authType: auth, offline, connector, ownerId: user.id,
    options: isRecord(options) ? options : {} })
  return true
}

const unbind = (params: Params, { state, user, isAdmin }: CallContext): { count: number } => {
  const { event, handler, authType, offline } = subjectOf(params)
  if (offline && !isAdmin) throw accessDenied('Access denied! Offline events unbinding requires administrator access rights')
  if (!isAdmin && authType !== null && authType !== user.id) throw accessDenied('Access denied! Event unbinding with AUTH_TYPE requires administrator access rights')
  const goes = (one: EventHandler): boolean => one.offline === offline && (event === '' || one.event === event) && (handler === '' || one.handler === handler)
    && (authType === null || one.authType === authType) && (isAdmin || one.ownerId === user.id)
  const before = state.eventHandlers.length
  state.eventHandlers = state.eventHandlers.filter(one => !goes(one))
  return { count: before - state.eventHandlers.length }
}

const offlineField: FieldReader<OfflineRecord> = name => {
  const readers: Record<string, { read: (row: OfflineRecord) => unknown; kind?: 'moment' }> = {
    ID: { read: row => row.id }, TIMESTAMP_X: { read: row => row.timestamp, kind: 'moment' }, EVENT_NAME: { read: row => row.eventName },
    MESSAGE_ID: { read: row => row.messageId }, PROCESS_ID: { read: row => row.processId ?? '' }, ERROR: { read: row => (row.error ? 1 : 0) },
  }
  return readers[name]
}

const offlineRow = (row: OfflineRecord) => ({
  ID: String(row.id), TIMESTAMP_X: row.timestamp, EVENT_NAME: row.eventName, EVENT_DATA: row.eventData, EVENT_ADDITIONAL: row.eventAdditional,
  MESSAGE_ID: row.messageId,
})

const offlineRows = (params: Params, context: CallContext, order: unknown): OfflineRecord[] => {
  const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone,
    unknownField: (name: string) => context.strictFail(`unknown filter field ${name}`) }
  const connector = String(params['auth_connector'] ?? '')
  const matches = rowFilter(params['filter'], offlineField, dialect)
  return sortRows(context.state.offlineQueue.filter(row => row.connector === connector && matches(row)), params['order'] ?? order, offlineField, dialect)
}

const offlineGet = (params: Params, context: CallContext) => {
  const { state, portal } = context
  const clear = String(params['clear'] ?? '1') !== '0'
  const wanted = params['process_id']
  const withErrors = String(params['error'] ?? '0') === '1'
  const rows = offlineRows(params, context, { TIMESTAMP_X: 'ASC', ID: 'ASC' })
    .filter(row => (wanted === undefined || wanted === '' ? row.processId === null : row.processId === wanted) && (withErrors || !row.error))
    .slice(0, Number(params['limit'] ?? 50))
  if (clear) {
    state.offlineQueue = state.offlineQueue.filter(row => !rows.includes(row))
    return { process_id: null, events: rows.map(offlineRow) }
  }
  const processId = typeof wanted === 'string' && wanted !== '' ? wanted : portal.random.hex(32)
  for (const row of rows) row.processId = processId
  return { process_id: processId, events: rows.map(offlineRow) }
}

const picked = (params: Params): ((row: OfflineRecord) => boolean) => {
  const list = (value: unknown): string[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []).map(String)
  const [ids, messages] = [list(params['id']), list(params['message_id'])]
  return row => row.processId === params['process_id'] && (ids.length > 0 ? ids.includes(String(row.id)) : messages.length === 0 || messages.includes(row.messageId))
}

const offlineOnly = { scope: ['basic'], adminOnly: true } as const

export const eventMethods: Methods = {
  events: {
    page: 'api-reference/events/events.md', scope: ['basic'], params: { SCOPE: 'string', FULL: 'boolean' }, anyCase: true,
    handle: ({ SCOPE, FULL }, context) => {
      if (typeof SCOPE === 'string' && SCOPE !== '') return { result: eventsByScope[SCOPE] ?? [] }
      return { result: ['1', 'true', 'Y'].includes(String(FULL)) ? allEvents : availableTo(context) }
    },
  },
  'event.bind': {
    page: 'api-reference/events/event-bind.md', scope: ['basic'], anyCase: true,
    params: { event: 'string!', handler: 'url', auth_type: 'integer', event_type: 'string', auth_connector: 'string', options: 'object' },
    handle: (params, context) => ({ result: bind(params, context) }),
  },
  'event.get': {
    page: 'api-reference/events/event-get.md', scope: ['basic'], params: {},
    handle: (_params, { state, user, isAdmin }) => ({
      result: state.eventHandlers.filter(one => isAdmin || one.ownerId === user.id).map(one => ({ event: one.event, handler: one.handler,
        auth_type: String(one.authType), offline: one.offline ? 1 : 0 })),
    }),
  },
  'event.unbind': {
    page: 'api-reference/events/event-unbind.md', scope: ['basic'], anyCase: true,
    params: { event: 'string', handler: 'string', auth_type: 'integer', event_type: 'string', auth_connector: 'string' },
    handle: (params, context) => ({ result: unbind(params, context) }),
  },
  'event.test': {
    page: 'api-reference/events/test-handler.md', scope: ['basic'], params: {}, freeParams: true,
    handle: (params, { portal, cause }) => {
      portal.fire('ONAPPTEST', { QUERY: params as EventData }, cause)
      return { result: 1 }
    },
  },
  'event.offline.get': {
    ...offlineOnly, page: 'api-reference/events/event-offline-get.md',
    params: { filter: 'object', order: 'object', limit: 'integer', clear: 'integer', process_id: 'string', auth_connector: 'string', error: 'integer' },
    handle: (params, context) => ({ result: offlineGet(params, context) }),
  },
  'event.offline.list': {
    ...offlineOnly, page: 'api-reference/events/event-offline-list.md', params: { filter: 'object', order: 'object', start: 'integer', auth_connector: 'string' },
    handle: (params, context) => pageOf(offlineRows(params, context, { ID: 'ASC' }), params['start'],
      rows => rows.map(row => ({ ...offlineRow(row), PROCESS_ID: row.processId ?? '', ERROR: row.error ? '1' : '0' }))),
  },
  'event.offline.clear': {
    ...offlineOnly, page: 'api-reference/events/event-offline-clear.md', params: { process_id: 'string!', id: 'array', message_id: 'array' },
    handle: (params, { state }) => {
      const goes = picked(params)
      state.offlineQueue = state.offlineQueue.filter(row => !goes(row))
      return { result: true }
    },
  },
  'event.offline.error': {
    ...offlineOnly, page: 'api-reference/events/event-offline-error.md', params: { process_id: 'string!', message_id: 'array' },
    handle: (params, { state }) => {
      const hit = picked(params)
      for (const row of state.offlineQueue) if (hit(row)) row.error = true
      return { result: true }
    },
  },
}
