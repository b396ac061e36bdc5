import { isRecord, type Params } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import { isEntityType } from '../world/items.ts'
import { fireTrigger } from '../world/automation.ts'
import type { Robot } from '../app-rows.ts'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const triggerCode = (params: Params, context: CallContext): string => {
  if (!context.isAdmin) throw new RestError('ACCESS_DENIED', 'Access denied! Admin permissions required', 400)
  const code = text(params['CODE'])
  if (code === '') throw new RestError('', 'Empty trigger code!', 400)
  if (!/^[a-z0-9.\-_]+$/.test(code)) throw new RestError('', 'Wrong trigger code!', 400)
  return code
}

const execute = (params: Params, context: CallContext) => {
  const code = triggerCode(params, context)
  if (!context.state.triggers.has(code)) throw new RestError('', `Trigger with code ${code} is not registered.`, 400)
  if (!isEntityType(Number(params['OWNER_TYPE_ID']))) throw new RestError('', 'Incorrect parameter OWNER_TYPE_ID.', 400)
  const id = Number(params['OWNER_ID'])
  if (!Number.isSafeInteger(id) || id <= 0) throw new RestError('', 'Incorrect parameter OWNER_ID.', 400)
  fireTrigger(context.world, code, id, context.cause)
  return { result: true }
}

const denied = () => new RestError('ACCESS_DENIED', 'Access denied!', 403)
const invalid = (message: string) => new RestError('ERROR_ACTIVITY_VALIDATION_FAILURE', message, 400)

const checkHandler = (handler: string): void => {
  if (!URL.canParse(handler)) throw new RestError('ERROR_WRONG_HANDLER_URL', 'Wrong handler URL', 400)
  if (!/^https?:\/\//.test(handler)) throw new RestError('ERROR_UNSUPPORTED_PROTOCOL', 'Unsupported handler protocol', 400)
}

const checkProperties = (value: unknown): Record<string, unknown> => {
  if (value === undefined) return {}
  if (!isRecord(value)) throw invalid('Wrong properties array!')
  for (const [key, property] of Object.entries(value)) {
    if (!/^[a-zA-Z]\w*$/.test(key)) throw invalid(`Wrong property key ${key}!`)
    if (!isRecord(property) || property['Name'] === undefined || property['Name'] === '') throw invalid(`Empty property NAME ${key}!`)
  }
  return value
}

const flag = (value: unknown): boolean => value !== 'N' && value !== false

const given = (fields: Params): Partial<Robot> => {
  const handler = text(fields['HANDLER'])
  if (fields['HANDLER'] !== undefined) checkHandler(handler)
  return {
    ...(fields['HANDLER'] === undefined ? {} : { handler }),
    ...(fields['AUTH_USER_ID'] === undefined ? {} : { authUserId: Number(fields['AUTH_USER_ID']) }),
    ...(fields['USE_SUBSCRIPTION'] === undefined ? {} : { useSubscription: flag(fields['USE_SUBSCRIPTION']) }),
    ...(fields['NAME'] === undefined ? {} : { name: fields['NAME'] }),
    ...(fields['RETURN_PROPERTIES'] === undefined ? {} : { returnProperties: checkProperties(fields['RETURN_PROPERTIES']) }),
    ...(fields['PROPERTIES'] === undefined ? {} : { properties: checkProperties(fields['PROPERTIES']) }),
  }
}

const addRobot = (params: Params, { state, isAdmin }: CallContext) => {
  if (!isAdmin) throw denied()
  const code = text(params['CODE'])
  if (code === '') throw invalid('Empty activity code!')
  if (!/^[\w.-]+$/.test(code)) throw invalid('Wrong activity code!')
  if (params['NAME'] === undefined || params['NAME'] === '') throw invalid('Empty activity NAME!')
  if (text(params['HANDLER']) === '') throw new RestError('ERROR_WRONG_HANDLER_URL', 'Wrong handler URL', 400)
  if (state.robots.has(code)) throw new RestError('ERROR_ACTIVITY_ALREADY_INSTALLED', 'Activity or Automation rule already installed!', 400)
  state.robots.set(code, { code, handler: '', authUserId: 0, useSubscription: true, name: '', properties: {}, returnProperties: {}, ...given(params) })
  return { result: true }
}

const updateRobot = ({ CODE, FIELDS }: Params, { state, isAdmin }: CallContext) => {
  if (!isAdmin) throw denied()
  const robot = state.robots.get(text(CODE))
  if (robot === undefined) throw new RestError('ERROR_ACTIVITY_NOT_FOUND', 'Activity or Automation rule not found!', 400)
  if (!isRecord(FIELDS) || Object.keys(FIELDS).length === 0) throw invalid('No fields to update!')
  Object.assign(robot, given(FIELDS))
  return { result: true }
}

/** A token works once: after the first answer nobody waits any more. */
const sendEvent = ({ EVENT_TOKEN, RETURN_VALUES, LOG_MESSAGE }: Params, { state, strictFail }: CallContext) => {
  const run = state.robotRuns.find(one => one.token === EVENT_TOKEN && one.waiting)
  if (run === undefined) throw denied()
  const values = isRecord(RETURN_VALUES) ? RETURN_VALUES : {}
  for (const name of Object.keys(values)) if (state.robots.get(run.code)?.returnProperties[name] === undefined) strictFail(`return value ${name} is unknown`)
  Object.assign(run, { waiting: false, returned: values, log: text(LOG_MESSAGE) })
  return { result: true }
}

const robotFields = { HANDLER: 'url', AUTH_USER_ID: 'integer', USE_SUBSCRIPTION: 'boolean', NAME: 'string|object', DESCRIPTION: 'string|object', PROPERTIES: 'object', RETURN_PROPERTIES: 'object',
  DOCUMENT_TYPE: 'array', FILTER: 'object', USE_PLACEMENT: 'boolean', PLACEMENT_HANDLER: 'url' }
const scope = ['bizproc']

export const automationMethods: Methods = {
  'crm.automation.trigger.add': {
    page: 'api-reference/crm/automation/triggers/crm-automation-trigger-add.md', scope: ['crm'], params: { CODE: 'string!', NAME: 'string!' },
    handle: (params, context) => {
      const code = triggerCode(params, context)
      if (text(params['NAME']) === '') throw new RestError('', 'Empty trigger name!', 400)
      context.state.triggers.set(code, text(params['NAME']))
      return { result: true }
    },
  },
  'crm.automation.trigger.list': {
    page: 'api-reference/crm/automation/triggers/crm-automation-trigger-list.md', scope: ['crm'], params: {},
    handle: (_params, { state, isAdmin }) => {
      if (!isAdmin) throw new RestError('ACCESS_DENIED', 'Access denied! Admin permissions required', 400)
      return { result: [...state.triggers].map(([CODE, NAME]) => ({ NAME, CODE })) }
    },
  },
  'crm.automation.trigger.execute': {
    page: 'api-reference/crm/automation/triggers/crm-automation-trigger-execute.md', scope: ['crm'], params: { CODE: 'string!', OWNER_TYPE_ID: 'integer!', OWNER_ID: 'integer!' }, handle: execute,
  },
  'crm.automation.trigger.delete': {
    page: 'api-reference/crm/automation/triggers/crm-automation-trigger-delete.md', scope: ['crm'], params: { CODE: 'string!' },
    handle: (params, context) => ({ result: context.state.triggers.delete(triggerCode(params, context)) }),
  },
  'bizproc.robot.add': { page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-add.md', scope, params: { ...robotFields, CODE: 'string!', HANDLER: 'url!', NAME: 'string|object!' }, handle: addRobot },
  'bizproc.robot.update': { page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-update.md', scope, params: { CODE: 'string!', FIELDS: 'object!' }, handle: updateRobot },
  'bizproc.robot.list': {
    page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-list.md', scope, params: {},
    handle: (_params, { state, isAdmin }) => {
      if (!isAdmin) throw denied()
      return { result: [...state.robots.keys()] }
    },
  },
  'bizproc.robot.delete': {
    page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-delete.md', scope, params: { CODE: 'string!' },
    handle: ({ CODE }, { state, isAdmin }) => {
      if (!isAdmin) throw denied()
      if (!state.robots.delete(text(CODE))) throw new RestError('ERROR_ACTIVITY_NOT_FOUND', 'Activity or Automation rule not found!', 400)
      return { result: true }
    },
  },
  'bizproc.event.send': {
    page: 'api-reference/bizproc/bizproc-robot/bizproc-event-send.md', scope, params: { EVENT_TOKEN: 'string!', RETURN_VALUES: 'object', LOG_MESSAGE: 'string' },
    handle: sendEvent,
  },
}
