import { isRecord } from '../core/body.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { phpObject } from '../core/php-arrays.ts'
import type { PortalCore } from '../core/portal-core.ts'
import { RestError } from '../core/rest-error.ts'
import { isoAt } from '../world/time.ts'

/** The body of `app.info`, on the portal and on the authorisation server. */
export const appInfo = ({ app, settings }: PortalCore): Record<string, unknown> => {
  const type = settings.license.split('_').slice(1).join('_')
  return {
    ID: app.id, CODE: app.code, VERSION: app.version, STATUS: app.status, INSTALLED: app.installed, PAYMENT_EXPIRED: app.paymentExpired ? 'Y' : 'N', DAYS: app.days,
    LANGUAGE_ID: settings.language, LICENSE: settings.license, LICENSE_TYPE: type, LICENSE_FAMILY: type.replace(/\d+$/, ''),
  }
}

const allScopes = ['crm', 'placement', 'task', 'tasks', 'user', 'user_basic', 'user_brief', 'user.userfield', 'userfieldconfig', 'department', 'im', 'imopenlines',
  'telephony', 'call', 'timeman', 'calendar', 'bizproc', 'entity', 'pull', 'log', 'disk', 'humanresources']

const readOptions = (params: Record<string, unknown>, stored: ReadonlyMap<string, unknown> | undefined): unknown => {
  const name = params['option']
  if (typeof name === 'string' && name !== '') return stored?.get(name) ?? null
  return phpObject(Object.fromEntries(stored ?? []))
}

const writeOptions = (params: Record<string, unknown>, stored: Map<string, unknown>): boolean => {
  const options = params['options']
  if (!isRecord(options) || Object.keys(options).length === 0) throw new RestError('ArgumentNullException', 'options is empty', 400)
  for (const [name, value] of Object.entries(options)) stored.set(name, value)
  return true
}

const userOptions = ({ state, user }: CallContext): Map<string, unknown> => {
  const known = state.options.user.get(user.id)
  if (known !== undefined) return known
  const fresh = new Map<string, unknown>()
  state.options.user.set(user.id, fresh)
  return fresh
}

/** Methods every application may call. `methodNames` is asked late, so that the registry can hold this family too. */
export const appMethods = (known: () => Methods): Methods => ({
  'app.info': {
    page: 'api-reference/common/system/app-info.md', scope: ['basic'], params: {},
    handle: (_params, { portal }) => ({ result: appInfo(portal) }),
  },
  scope: {
    page: 'api-reference/common/system/scope.md', scope: ['basic'], params: { full: 'boolean' },
    handle: ({ full }, { portal }) => ({ result: ['1', 'true', 'Y'].includes(String(full)) ? allScopes : [...portal.app.scope] }),
  },
  'method.get': {
    page: 'api-reference/common/system/method-get.md', scope: ['basic'], params: { name: 'string' },
    handle: ({ name }, { portal }) => {
      const methods = known()
      const method = typeof name === 'string' && Object.hasOwn(methods, name) ? methods[name] : undefined
      const isAvailable = method !== undefined && (method.scope.includes('basic') || method.scope.some(scope => portal.app.scope.includes(scope)))
      return { result: { isExisting: method !== undefined || name === 'batch', isAvailable: isAvailable || name === 'batch' } }
    },
  },
  'feature.get': {
    page: 'api-reference/common/system/feature-get.md', scope: ['basic'], params: { CODE: 'string' }, anyCase: true,
    handle: ({ CODE }, { portal }) => {
      if (typeof CODE !== 'string' || CODE === '') throw new RestError('CODE_EMPTY', "CODE can't be empty", 400)
      const on = CODE === 'rest_offline_extended' ? portal.settings.offlineEvents : CODE === 'rest_auth_connector' ? portal.settings.authConnector : false
      return { result: { value: on ? 'Y' : 'N' } }
    },
  },
  'server.time': {
    page: 'api-reference/common/system/server-time.md', scope: ['basic'], params: {},
    handle: (_params, { portal }) => ({ result: isoAt(portal.now(), portal.timeZone) }),
  },
  profile: {
    page: 'api-reference/common/users/profile.md', scope: ['basic'], params: {},
    handle: (_params, { user }) => ({
      result: {
        ID: String(user.id), ADMIN: user.isAdmin, NAME: user.name, LAST_NAME: user.lastName, PERSONAL_GENDER: user.gender, TIME_ZONE: user.timeZone,
        ...(user.photo === '' ? {} : { PERSONAL_PHOTO: user.photo }),
      },
    }),
  },
  'user.admin': {
    page: 'api-reference/common/users/user-admin.md', scope: ['basic'], params: {},
    handle: (_params, { isAdmin }) => ({ result: isAdmin }),
  },
  'app.option.get': {
    page: 'api-reference/common/settings/app-option-get.md', scope: ['basic'], params: { option: 'string' },
    handle: (params, { state }) => ({ result: readOptions(params, state.options.app) }),
  },
  'app.option.set': {
    page: 'api-reference/common/settings/app-option-set.md', scope: ['basic'], params: { options: 'object!' },
    handle: (params, { state, isAdmin }) => {
      if (!isAdmin) throw new RestError('AccessException', 'Administrator authorization required', 400)
      return { result: writeOptions(params, state.options.app) }
    },
  },
  'user.option.get': {
    page: 'api-reference/common/settings/user-option-get.md', scope: ['basic'], params: { option: 'string' },
    handle: (params, context) => ({ result: readOptions(params, userOptions(context)) }),
  },
  'user.option.set': {
    page: 'api-reference/common/settings/user-option-set.md', scope: ['basic'], params: { options: 'object!' },
    handle: (params, context) => ({ result: writeOptions(params, userOptions(context)) }),
  },
})
