import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { phpArray } from '../core/php-arrays.ts'
import { RestError } from '../core/rest-error.ts'
import type { Absence, CallRecord, User } from '../rows.ts'
import { addNotification } from '../world/notices.ts'
import { isoAt, offsetMinutes, parseMoment } from '../world/time.ts'

const userOf = (context: CallContext, params: Params): User => {
  const id = params['USER_ID']
  const user = id === undefined || id === '' ? context.user : context.state.users.get(Number(id))
  if (user === undefined) throw new RestError('', 'User not found', 400)
  return user
}

const clock = (milliseconds: number): string => new Date(Math.max(0, milliseconds)).toISOString().slice(11, 19)

/** A day that was opened before today and is not closed is EXPIRED; nothing known is a closed day. */
const workDay = (context: CallContext, user: User): Record<string, unknown> => {
  const { portal, state } = context
  const day = state.workDays.get(user.id)
  const zone = user.timeZone === '' ? portal.timeZone : user.timeZone
  const today = isoAt(portal.now(), zone).slice(0, 10)
  const yesterday = isoAt(portal.now() - 86_400_000, zone)
  const start = day?.timeStart ?? `${yesterday.slice(0, 11)}09:00:00${yesterday.slice(19)}`
  const open = day !== undefined && (day.status === 'OPENED' || day.status === 'PAUSED')
  const status = day === undefined ? 'CLOSED' : open && start.slice(0, 10) < today ? 'EXPIRED' : day.status
  const finish = day === undefined ? `${yesterday.slice(0, 11)}18:00:00${yesterday.slice(19)}` : day.timeFinish
  return {
    STATUS: status, TIME_START: start, TIME_FINISH: finish, DURATION: finish === null ? '00:00:00' : clock(Date.parse(finish) - Date.parse(start)),
    TIME_LEAKS: '00:00:00', ACTIVE: day?.active ?? true,
    IP_OPEN: '', IP_CLOSE: finish === null ? null : '', LAT_OPEN: 0, LON_OPEN: 0, LAT_CLOSE: 0, LON_CLOSE: 0, TZ_OFFSET: offsetMinutes(portal.now(), zone) * 60,
    ...(status === 'EXPIRED' ? { TIME_FINISH_DEFAULT: `${start.slice(0, 11)}18:00:00${start.slice(19)}` } : {}),
  }
}

const dotted = (moment: string): string => `${moment.slice(8, 10)}.${moment.slice(5, 7)}.${moment.slice(0, 4)} ${moment.slice(11, 19)}`

const busyRow = (one: Absence, user: User, zone: string): Record<string, unknown> => {
  const own = user.timeZone === '' ? zone : user.timeZone
  const [from, to] = [Date.parse(one.from), Date.parse(one.to)]
  return {
    ID: String(one.id), NAME: one.name, DATE_FROM: dotted(isoAt(from, own)), DATE_TO: dotted(isoAt(to, own)), DATE_FROM_TS_UTC: String(from / 1000),
    DATE_TO_TS_UTC: String(to / 1000),
    '~USER_OFFSET_FROM': 0, '~USER_OFFSET_TO': 0, DT_SKIP_TIME: 'N', TZ_FROM: own, TZ_TO: own, ACCESSIBILITY: one.accessibility, IMPORTANCE: 'normal',
    EVENT_TYPE: '',
  }
}

const accessibility = (params: Params, context: CallContext): unknown => {
  const { portal, state } = context
  const users = (Array.isArray(params['users']) ? params['users'] : isRecord(params['users']) ? Object.values(params['users']) : []).map(Number)
  const from = parseMoment(String(params['from'] ?? ''), portal.timeZone)
  const to = parseMoment(String(params['to'] ?? ''), portal.timeZone)
  for (const [name, value] of Object.entries({ users: users.length === 0 ? null : users, from, to })) {
    if (value === null) throw new RestError('', `The required parameter "${name}" for the method "calendar.accessibility.get" is not set`, 400)
  }
  const end = (to ?? 0) + 86_400_000
  return phpArray(users.map(id => {
    const user = state.users.get(id)
    const rows = state.absences.filter(one => one.userId === id && Date.parse(one.from) < end && Date.parse(one.to) > (from ?? 0))
    return [String(id), user === undefined ? [] : rows.map(one => busyRow(one, user, portal.timeZone))] as const
  }))
}

const notify = (fromSystem: boolean) => (params: Params, context: CallContext) => {
  const userId = Number(params['USER_ID'] ?? 0)
  if (!(userId > 0)) throw new RestError('USER_ID_EMPTY', "User ID can't be empty", 400)
  const message = String(params['MESSAGE'] ?? '').trim()
  if (message === '') throw new RestError('MESSAGE_EMPTY', "Message can't be empty", 400)
  const attach = params['ATTACH']
  if (attach !== undefined && JSON.stringify(attach).length > 60_000) throw new RestError('ATTACH_OVERSIZE',
    'You have exceeded the maximum allowable size of attach', 400)
  if (!context.state.users.has(userId)) return { result: false }
  const text = (name: string): string => (params[name] === undefined ? '' : String(params[name]))
  return { result: addNotification(context.world, { userId, message, messageOut: text('MESSAGE_OUT'), tag: text('TAG'), subTag: text('SUB_TAG'),
    fromUserId: fromSystem ? null : context.user.id }).id }
}

const callRow = (one: CallRecord): Record<string, unknown> => ({
  ID: String(one.id), PORTAL_USER_ID: String(one.portalUserId), PORTAL_NUMBER: one.portalNumber, PHONE_NUMBER: one.phoneNumber, CALL_ID: one.callId,
  EXTERNAL_CALL_ID: null, CALL_CATEGORY: 'external', CALL_LOG: null,
  CALL_DURATION: String(one.durationSeconds), CALL_START_DATE: one.startDate, CALL_RECORD_URL: '', CALL_VOTE: null, COST: '0.0000', COST_CURRENCY: '',
  CALL_FAILED_CODE: one.failedCode, CALL_FAILED_REASON: one.failedReason,
  CRM_ENTITY_TYPE: one.crmEntityType, CRM_ENTITY_ID: one.crmEntityId === null ? null : String(one.crmEntityId),
  CRM_ACTIVITY_ID: one.crmActivityId === null ? null : String(one.crmActivityId), REST_APP_ID: null, REST_APP_NAME: null,
  TRANSCRIPT_ID: null, TRANSCRIPT_PENDING: 'N', SESSION_ID: String(3_841_000_000 + one.id), REDIAL_ATTEMPT: null, COMMENT: null, RECORD_DURATION: null,
  RECORD_FILE_ID: null, CALL_TYPE: String(one.callType),
})

const callColumns = ['ID', 'CALL_ID', 'EXTERNAL_CALL_ID', 'CALL_CATEGORY', 'PORTAL_USER_ID', 'PORTAL_NUMBER', 'PHONE_NUMBER', 'CALL_TYPE', 'CALL_DURATION',
  'CALL_START_DATE', 'CALL_FAILED_CODE', 'CALL_FAILED_REASON', 'CRM_ENTITY_TYPE', 'CRM_ENTITY_ID', 'CRM_ACTIVITY_ID', 'REST_APP_ID', 'COST', 'COST_CURRENCY',
  'SESSION_ID', 'COMMENT']
const callReader: FieldReader<CallRecord> = name => (callColumns.includes(name) ? { read: one => callRow(one)[name],
  ...(name === 'CALL_START_DATE' ? { kind: 'moment' as const } : {}) } : undefined)

const noticeParams = { USER_ID: 'integer!', MESSAGE: 'string!', MESSAGE_OUT: 'string', TAG: 'string', SUB_TAG: 'string', ATTACH: 'any',
  CLIENT_ID: 'string' } as const

export const officeMethods: Methods = {
  'timeman.status': {
    page: 'api-reference/timeman/base/timeman-status.md', scope: ['timeman'], anyCase: true, params: { USER_ID: 'integer' },
    handle: (params, context) => ({ result: workDay(context, userOf(context, params)) }),
  },
  'timeman.settings': {
    page: 'api-reference/timeman/base/timeman-settings.md', scope: ['timeman'], anyCase: true, params: { USER_ID: 'integer' },
    handle: (params, context) => {
      const user = userOf(context, params)
      return {
        result: {
          UF_TIMEMAN: context.state.timemanEnabled, UF_TM_FREE: false, UF_TM_MAX_START: '09:15:00', UF_TM_MIN_FINISH: '17:45:00', UF_TM_MIN_DURATION: '08:00:00',
          UF_TM_ALLOWED_DELTA: '00:15:00',
          ...(user.id === context.user.id ? { ADMIN: context.isAdmin } : {}),
        },
      }
    },
  },
  'calendar.settings.get': {
    page: 'api-reference/calendar/calendar-settings-get.md', scope: ['calendar'], params: {},
    handle: (_params, { state: { calendarSettings: one } }) => ({
      result: {
        work_time_start: one.workTimeStart, work_time_end: one.workTimeEnd, year_holidays: one.yearHolidays, year_workdays: one.yearWorkdays,
        week_holidays: one.weekHolidays, week_start: one.weekStart,
        user_name_template: '#NAME# #LAST_NAME#', sync_by_push: false, user_show_login: true, path_to_user: '/company/personal/user/#user_id#/',
        path_to_user_calendar: '/company/personal/user/#user_id#/calendar/',
        dep_manager_sub: true, denied_superpose_types: [], forum_id: '8', rm_for_sites: true,
      },
    }),
  },
  'calendar.accessibility.get': {
    page: 'api-reference/calendar/calendar-event/calendar-accessibility-get.md', scope: ['calendar'],
    params: { users: 'array!', from: 'datetime!', to: 'datetime!' },
    handle: (params, context) => ({ result: accessibility(params, context) }),
  },
  'im.notify.personal.add': { page: 'api-reference/chats/notifications/im-notify-personal-add.md', scope: ['im'], anyCase: true, params: noticeParams,
    handle: notify(false) },
  'im.notify.system.add': { page: 'api-reference/chats/notifications/im-notify-system-add.md', scope: ['im'], anyCase: true, params: noticeParams,
    handle: notify(true) },
  'voximplant.statistic.get': {
    page: 'api-reference/telephony/voximplant/voximplant-statistic-get.md', scope: ['telephony'], anyCase: true,
    params: { FILTER: 'object', SORT: 'string', ORDER: 'string', start: 'integer' },
    handle: (params, context) => {
      const dialect = { prefixes: ['!><', '><', '>=', '<=', '!=', '!%', '>', '<', '!', '?', '=', '%'], timeZone: context.portal.timeZone,
        unknownField: (name: string) => context.strictFail(`field ${name} is unknown`) }
      const matches = rowFilter(params['FILTER'], callReader, dialect)
      const visible = (one: CallRecord): boolean => context.isAdmin || one.portalUserId === context.user.id || [...context.state.departments.values()].some(department => department.headId === context.user.id)
      const rows = context.state.calls.filter(one => visible(one) && matches(one))
      const sorted = typeof params['SORT'] === 'string' ? sortRows(rows, { [params['SORT']]: params['ORDER'] ?? 'ASC' }, callReader, dialect) : rows
      return pageOf(sorted, params['start'], page => page.map(callRow))
    },
  },
}
