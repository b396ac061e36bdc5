import { isRecord } from '../core/body.ts'
import type { Methods } from '../core/method.ts'
import { phpObject } from '../core/php-arrays.ts'
import { RestError } from '../core/rest-error.ts'

const kinds = ['LEAD', 'DEAL', 'CONTACT', 'COMPANY']
const crmPlacements = [
  ...kinds.flatMap(kind => [`CRM_${kind}_DETAIL_TAB`, `CRM_${kind}_DETAIL_TOOLBAR`, `CRM_${kind}_DETAIL_ACTIVITY`, `CRM_${kind}_LIST_MENU`,
    `CRM_${kind}_LIST_TOOLBAR`]),
  'CRM_LEAD_ACTIVITY_TIMELINE_MENU', 'CRM_DEAL_ACTIVITY_TIMELINE_MENU', 'CRM_ANALYTICS_MENU', 'CRM_ANALYTICS_TOOLBAR', 'CRM_DETAIL_SEARCH',
  'CRM_REQUISITE_AUTOCOMPLETE', 'CRM_BANK_DETAIL_AUTOCOMPLETE', 'CRM_LEAD_ROBOT_DESIGNER_TOOLBAR',
]
const placementsByScope: Record<string, readonly string[]> = {
  placement: ['LEFT_MENU', 'REST_APP_URI', 'PAGE_BACKGROUND_WORKER', 'USER_PROFILE_MENU', 'USER_PROFILE_TOOLBAR'],
  crm: crmPlacements,
  task: ['TASK_VIEW_TAB', 'TASK_VIEW_SIDEBAR', 'TASK_VIEW_TOP_PANEL', 'TASK_LIST_CONTEXT_MENU', 'TASK_LIST_TOOLBAR'],
  telephony: ['CALL_CARD'],
}
const onlyOnce = ['PAGE_BACKGROUND_WORKER', 'REST_APP_URI']

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const available = (scopes: readonly string[]): string[] => ['placement',
  ...scopes.filter(scope => scope !== 'placement')].flatMap(scope => placementsByScope[scope] ?? [])

const languages = (value: unknown): Record<string, Record<string, string>> => Object.fromEntries(
  Object.entries(isRecord(value) ? value : {}).map(([language, words]) => {
    const given = isRecord(words) ? words : {}
    return [language, { TITLE: text(given['TITLE']), DESCRIPTION: text(given['DESCRIPTION']), GROUP_NAME: text(given['GROUP_NAME']) }]
  }),
)

export const placementMethods: Methods = {
  'placement.bind': {
    page: 'api-reference/widgets/placement-bind.md', scope: ['placement'], adminOnly: true, anyCase: true,
    params: { PLACEMENT: 'string!', HANDLER: 'url!', TITLE: 'string', DESCRIPTION: 'string', GROUP_NAME: 'string', LANG_ALL: 'object', OPTIONS: 'object',
      USER_ID: 'integer' },
    handle: (params, { state, portal }) => {
      const placement = text(params['PLACEMENT']).toUpperCase()
      const handler = text(params['HANDLER'])
      if (placement === '') throw new RestError('ERROR_ARGUMENT', "Argument 'PLACEMENT' is null or empty", 200)
      if (handler === '') throw new RestError('ERROR_ARGUMENT', "Argument 'HANDLER' is null or empty", 200)
      if (!/^https?:\/\//.test(handler)) throw new RestError('ERROR_UNSUPPORTED_PROTOCOL', 'Unsupported event handler protocol', 400)
      if (!available(portal.app.scope).includes(placement)) throw new RestError('ERROR_PLACEMENT_NOT_FOUND', 'Placement not found', 400)
      const options = isRecord(params['OPTIONS']) ? params['OPTIONS'] : {}
      if (params['USER_ID'] !== undefined && placement !== 'PAGE_BACKGROUND_WORKER') throw new RestError('ERROR_PLACEMENT_USER_MODE', 'User mode is not available.',
        200)
      if (placement === 'PAGE_BACKGROUND_WORKER' && text(options['errorHandlerUrl']) === '') throw new RestError('EMPTY_ERROR_HANDLER_URL',
        'Parameter OPTIONS[errorHandlerUrl] is empty', 200)
      const bound = state.placements.filter(one => one.placement === placement)
      if (onlyOnce.includes(placement) && bound.length > 0) throw new RestError('ERROR_PLACEMENT_MAX_COUNT', 'Placement max count: 1', 200)
      if (bound.some(one => one.handler === handler)) throw new RestError('', 'Unable to set placement handler: Handler already binded', 400)
      state.placements.push({
        placement, handler, userId: Number(params['USER_ID'] ?? 0), title: text(params['TITLE']), description: text(params['DESCRIPTION']),
        groupName: text(params['GROUP_NAME']), langAll: languages(params['LANG_ALL']), options,
      })
      return { result: true }
    },
  },
  'placement.get': {
    page: 'api-reference/widgets/placement-get.md', scope: ['placement'], adminOnly: true, params: {},
    handle: (_params, { state }) => ({
      result: state.placements.map(one => ({
        placement: one.placement, userId: one.userId, handler: one.handler, options: phpObject(one.options), title: one.title, description: one.description,
        langAll: phpObject(one.langAll),
      })),
    }),
  },
  'placement.unbind': {
    page: 'api-reference/widgets/placement-unbind.md', scope: ['placement'], adminOnly: true, anyCase: true,
    params: { PLACEMENT: 'string!', HANDLER: 'string', USER_ID: 'integer' },
    handle: (params, { state }) => {
      const placement = text(params['PLACEMENT']).toUpperCase()
      if (placement === '') throw new RestError('ERROR_ARGUMENT', "Argument 'PLACEMENT' is null or empty", 400)
      const handler = text(params['HANDLER'])
      const going = state.placements.filter(one => one.placement === placement && (handler === '' || one.handler === handler) && (params['USER_ID'] === undefined || one.userId === Number(params['USER_ID'])))
      state.placements = state.placements.filter(one => !going.includes(one))
      return { result: { count: going.length * 2 } }
    },
  },
  'placement.list': {
    page: 'api-reference/widgets/placement-list.md', scope: ['placement'], anyCase: true, params: { SCOPE: 'string', FULL: 'boolean' },
    handle: ({ SCOPE, FULL }, { portal }) => {
      if (typeof SCOPE === 'string' && SCOPE !== '') return { result: placementsByScope[SCOPE] ?? [] }
      return { result: ['1', 'true', 'Y'].includes(String(FULL)) ? Object.values(placementsByScope).flat() : available(portal.app.scope) }
    },
  },
}
