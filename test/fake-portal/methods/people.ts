import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { phpArray } from '../core/php-arrays.ts'
import type { Department, User } from '../rows.ts'

/** Columns by scope (api-reference/user/user-scope.md), as far as the emulator knows them. */
const briefColumns = ['ID', 'XML_ID', 'ACTIVE', 'NAME', 'LAST_NAME', 'SECOND_NAME', 'IS_ONLINE', 'TIME_ZONE', 'PERSONAL_PHOTO', 'DATE_REGISTER', 'PERSONAL_GENDER',
  'WORK_POSITION', 'LAST_ACTIVITY_DATE', 'UF_DEPARTMENT', 'UF_PHONE_INNER', 'USER_TYPE']
const basicColumns = [...briefColumns, 'EMAIL', 'PERSONAL_MOBILE', 'WORK_PHONE']
const fullColumns = [...basicColumns, 'LAST_LOGIN']

const columnsOf = (scopes: readonly string[]): readonly string[] => (scopes.includes('user') ? fullColumns : scopes.includes('user_basic') ? basicColumns : briefColumns)

const row = (user: User): Record<string, unknown> => ({
  ID: String(user.id), XML_ID: '', ACTIVE: user.active, NAME: user.name, LAST_NAME: user.lastName, SECOND_NAME: user.secondName, EMAIL: user.email,
  LAST_LOGIN: user.lastActivityAt,
  DATE_REGISTER: user.registeredAt, TIME_ZONE: user.timeZone, IS_ONLINE: user.isOnline ? 'Y' : 'N',
  LAST_ACTIVITY_DATE: user.lastActivityAt.slice(0, 19).replace('T', ' '), PERSONAL_GENDER: user.gender,
  ...(user.photo === '' ? {} : { PERSONAL_PHOTO: user.photo }), PERSONAL_MOBILE: user.personalPhone, WORK_PHONE: '', WORK_POSITION: user.workPosition,
  UF_PHONE_INNER: '', UF_DEPARTMENT: user.departments, USER_TYPE: user.userType,
})

const show = (user: User, scopes: readonly string[], select: readonly string[]): Record<string, unknown> => {
  const columns = columnsOf(scopes).filter(name => select.length === 0 || select.includes('*') || select.includes(name) || (name.startsWith('UF_') && select.includes('UF_*')))
  const whole = row(user)
  return Object.fromEntries(columns.flatMap(name => (name in whole ? [[name, whole[name]]] : [])))
}

const userField: FieldReader<User> = name => {
  if (name === 'NAME_SEARCH' || name === 'FIND') return { read: user => `${user.name} ${user.secondName} ${user.lastName} ${user.workPosition}` }
  if (!fullColumns.includes(name)) return undefined
  return { read: user => row(user)[name], ...(/DATE|LAST_LOGIN/.test(name) ? { kind: 'moment' as const } : {}) }
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []).map(String)

/** A boolean filter as PHP would read it: `ACTIVE: true`, `1`, `'Y'`. */
const evenFilter = (filter: Params): Params => Object.fromEntries(Object.entries(filter).map(([name, value]) => {
  if (name.endsWith('ACTIVE')) return [name, [true, 'true', 1, '1', 'Y'].includes(value as string) ? '1' : '']
  if (name === 'FIND' || name === 'NAME_SEARCH') return [`%${name}`, value]
  return [name, value]
}))

const find = (params: Params, context: CallContext) => {
  const { state, portal } = context
  const dialect = { prefixes: universalPrefixes, timeZone: portal.timeZone, unknownField: (name: string) => context.strictFail(`unknown filter field ${name}`) }
  const nested = isRecord(params['FILTER']) ? params['FILTER'] : {}
  const plain = Object.fromEntries(Object.entries(params).filter(([name]) => !['FILTER', 'sort', 'order', 'select', 'start', 'ADMIN_MODE',
    'IMAGE_RESIZE'].includes(name)))
  const matches = rowFilter(evenFilter({ ...plain, ...nested }), userField, dialect)
  const sort = typeof params['sort'] === 'string' ? params['sort'].toUpperCase() : 'ID'
  const rows = sortRows([...state.users.values()].filter(matches), { [sort]: params['order'] ?? 'ASC' }, userField, dialect)
  return pageOf(rows, params['start'], page => page.map(user => show(user, portal.app.scope, listOf(params['select']))))
}

const departmentField: FieldReader<Department> = name => {
  const readers: Record<string, (row: Department) => unknown> = { ID: one => one.id, NAME: one => one.name, SORT: one => one.sort, PARENT: one => one.parentId,
    UF_HEAD: one => one.headId }
  const read = readers[name]
  return read === undefined ? undefined : { read }
}

/** UF_HEAD is documented as a filter and a field to write, but missing in the sample answer: shown when it is set (assumed). */
const departmentRow = (one: Department) => ({
  ID: String(one.id), NAME: one.name, SORT: one.sort, ...(one.parentId === null ? {} : { PARENT: String(one.parentId) }),
  ...(one.headId === null ? {} : { UF_HEAD: String(one.headId) }),
})

const colours = ['#df532d', '#048bd0', '#728f7a', '#4ba984', '#9c6ade']

/** A person as the messenger shows him (api-reference/chats/users/im-user-list-get.md). */
const messengerUser = (user: User, { state, portal }: CallContext) => {
  const absence = state.absences.find(one => one.userId === user.id && one.accessibility === 'absent' && Date.parse(one.from) <= portal.now() && Date.parse(one.to) > portal.now())
  return {
    id: user.id, active: user.active, name: `${user.name} ${user.lastName}`.trim(), first_name: user.name, last_name: user.lastName,
    work_position: user.workPosition,
    color: colours[user.id % colours.length], avatar: user.photo, avatar_hr: user.photo, gender: user.gender === '' ? 'M' : user.gender, birthday: '',
    extranet: user.userType === 'extranet',
    network: false, bot: false, connector: false, external_auth_id: 'default', status: 'online', idle: false, last_activity_date: user.lastActivityAt,
    mobile_last_date: false,
    desktop_last_date: false, absent: absence?.to ?? false, departments: user.departments,
    phones: user.personalPhone === '' ? false : { personal_mobile: user.personalPhone },
    website: '', email: user.email, bot_data: null, type: 'user',
  }
}

const idsOf = (value: unknown): number[] => {
  if (typeof value === 'string' && value.startsWith('[')) return idsOf(JSON.parse(value))
  return (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [value]).map(Number)
}

const userScopes = ['user', 'user_brief', 'user_basic']
const userParams = { FILTER: 'object', sort: 'string', order: 'string', select: 'array', start: 'integer', ADMIN_MODE: 'boolean', IMAGE_RESIZE: 'string', ID: 'any',
  ACTIVE: 'any', UF_DEPARTMENT: 'any', IS_ONLINE: 'any', USER_TYPE: 'any', NAME_SEARCH: 'any', FIND: 'any', NAME: 'any', LAST_NAME: 'any',
  WORK_POSITION: 'any' } as const

export const peopleMethods: Methods = {
  'user.current': {
    page: 'api-reference/user/user-current.md', scope: userScopes, params: {},
    handle: (_params, { user, portal }) => ({ result: show(user, portal.app.scope, []) }),
  },
  'user.get': { page: 'api-reference/user/user-get.md', scope: userScopes, anyCase: true, params: userParams, handle: find },
  'user.search': { page: 'api-reference/user/user-search.md', scope: userScopes, anyCase: true, params: userParams, handle: find },
  'department.get': {
    page: 'api-reference/departments/department-get.md', scope: ['department'], anyCase: true,
    params: { sort: 'string', order: 'string', ID: 'any', NAME: 'any', SORT: 'any', PARENT: 'any', UF_HEAD: 'any', START: 'integer' },
    handle: (params, context) => {
      const dialect = { prefixes: [], timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`unknown field ${name}`) }
      const filter = Object.fromEntries(['ID', 'NAME', 'PARENT', 'UF_HEAD'].flatMap(name => (params[name] === undefined ? [] : [[name, params[name]]])))
      const byField = typeof params['sort'] === 'string' && /^[A-Za-z_]+$/.test(params['sort']) ? params['sort'].toUpperCase() : 'ID'
      const rows = sortRows([...context.state.departments.values()].filter(rowFilter(filter, departmentField, dialect)), { [byField]: params['order'] ?? 'ASC' },
        departmentField, dialect)
      return pageOf(rows, params['START'], page => page.map(departmentRow))
    },
  },
  'im.user.list.get': {
    page: 'api-reference/chats/users/im-user-list-get.md', scope: ['im'], anyCase: true, params: { ID: 'array|string!', AVATAR_HR: 'flag', RESULT_TYPE: 'string' },
    handle: (params, context) => {
      const users = idsOf(params['ID']).flatMap(id => context.state.users.get(id) ?? [])
      const shown = users.map(user => messengerUser(user, context))
      return { result: params['RESULT_TYPE'] === 'array' ? shown : phpArray(shown.map(user => [String(user.id), user])) }
    },
  },
  'im.department.managers.get': {
    page: 'api-reference/chats/departments/im-department-managers-get.md', scope: ['im'], anyCase: true, params: { ID: 'array|string!', USER_DATA: 'flag' },
    handle: (params, context) => {
      const entries = idsOf(params['ID']).flatMap(id => {
        const head = context.state.users.get(context.state.departments.get(id)?.headId ?? 0)
        return head === undefined ? [] : [[String(id), [params['USER_DATA'] === 'Y' ? messengerUser(head, context) : head.id]] as const]
      })
      return { result: phpArray(entries) }
    },
  },
}
