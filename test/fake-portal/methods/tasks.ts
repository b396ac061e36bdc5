import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Task } from '../rows.ts'
import { addTask, deleteTask, updateTask } from '../world/tasks.ts'
import { normalMoment, parseMoment } from '../world/time.ts'
import { mayEditTask, maySeeTask } from './rights.ts'
import { defaultColumns, person, systemColumns, taskColumns } from './task-columns.ts'

const core = (description: string): RestError => new RestError('ERROR_CORE', `${description}<br>`, 400)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : value === undefined || value === null || value === '' ? [] : [value])

const writable = ['TITLE', 'DESCRIPTION', 'RESPONSIBLE_ID', 'CREATED_BY', 'DEADLINE', 'START_DATE_PLAN', 'END_DATE_PLAN', 'PRIORITY', 'ACCOMPLICES', 'AUDITORS',
  'GROUP_ID', 'PARENT_ID', 'XML_ID', 'UF_CRM_TASK', 'ALLOW_CHANGE_DEADLINE', 'TASK_CONTROL', 'MATCH_WORK_TIME', 'STATUS', 'SE_PARAMETER', 'TAGS', 'MARK',
  'ALLOW_TIME_TRACKING', 'TIME_ESTIMATE', 'STAGE_ID', 'ADD_IN_REPORT', 'UF_TASK_WEBDAV_FILES', 'DESCRIPTION_IN_BBCODE', 'FLOW_ID', 'DEPENDS_ON', 'SITE_ID',
  'AUTHOR_ID']
const kept: Record<string, keyof Task> = { TITLE: 'title', DESCRIPTION: 'description', XML_ID: 'xmlId' }

const changesOf = (context: CallContext, fields: Params): Partial<Task> => {
  const { state, portal } = context
  const changes: Partial<Task> = {}
  const more: Record<string, unknown> = {}
  const moment = (value: unknown): string | null => {
    if (value === null || value === '' || value === undefined) return null
    const at = typeof value === 'string' ? parseMoment(value, portal.timeZone) : null
    return at === null ? null : normalMoment(String(value), portal.timeZone)
  }
  const user = (value: unknown, title: string): number => {
    if (!state.users.has(Number(value))) throw core(`Не найден пользователь, указанный в поле «${title}».`)
    return Number(value)
  }
  for (const [raw, value] of Object.entries(fields)) {
    const name = raw.toUpperCase()
    if (!writable.includes(name) && !/^UF_[A-Z]+/.test(name)) context.strictFail(`field ${raw} is unknown`)
    if (kept[name] !== undefined) Object.assign(changes, { [kept[name]]: String(value ?? '') })
    else if (name === 'RESPONSIBLE_ID') changes.responsibleId = user(value, 'Исполнитель')
    else if (name === 'CREATED_BY') changes.createdBy = user(value, 'Постановщик')
    else if (name === 'DEADLINE') changes.deadline = moment(value)
    else if (name === 'START_DATE_PLAN') changes.startDatePlan = moment(value)
    else if (name === 'END_DATE_PLAN') changes.endDatePlan = moment(value)
    else if (name === 'PRIORITY') changes.priority = Number(value) as Task['priority']
    else if (name === 'ACCOMPLICES') changes.accomplices = listOf(value).map(Number)
    else if (name === 'AUDITORS') changes.auditors = listOf(value).map(Number)
    else if (name === 'GROUP_ID') changes.groupId = Number(value)
    else if (name === 'UF_CRM_TASK') changes.ufCrmTask = listOf(value).map(String).filter(code => code !== '')
    else if (name === 'ALLOW_CHANGE_DEADLINE') changes.allowChangeDeadline = value === 'Y' || value === true
    else if (name === 'TASK_CONTROL') changes.taskControl = value === 'Y' || value === true
    else if (name === 'MATCH_WORK_TIME') changes.matchWorkTime = value === 'Y' || value === true
    else if (name === 'STATUS') {
      if (![2, 3, 4, 5, 6].includes(Number(value))) throw core('Неверный статус.')
      changes.status = Number(value) as Task['status']
    } else if (name === 'PARENT_ID') {
      if (Number(value) > 0 && !state.tasks.has(Number(value))) throw core('Задача, указанная в поле «Базовая задача», не найдена.')
      changes.parentId = Number(value)
    } else more[name] = value
  }
  const [from, to] = [changes.startDatePlan, changes.endDatePlan]
  if (typeof from === 'string' && typeof to === 'string' && Date.parse(to) < Date.parse(from)) throw core('Указанная в планировании дата завершения раньше даты начала.')
  if (Object.keys(more).length > 0) changes.more = more
  return changes
}

const existing = (context: CallContext, id: unknown): Task => {
  if (id === undefined || id === '') throw new RestError('100', 'CTaskItem All parameters in the constructor must have real class type (internal error)', 400)
  if (!/^\d+$/.test(String(id))) throw new RestError('0', 'wrong task id', 400)
  const task = context.state.tasks.get(Number(id))
  if (task === undefined || !maySeeTask(context, task)) throw new RestError('0', 'Action on the task is not allowed (internal error)', 400)
  return task
}

/** `select` as names in upper case; none: everything but user fields (api-reference/tasks/tasks-task-get.md). */
const show = (task: Task, context: CallContext, select: unknown, standard: readonly string[]): Record<string, unknown> => {
  const names = listOf(select).map(name => String(name).toUpperCase())
  const all = Object.keys(taskColumns)
  const wanted = names.length === 0 ? standard : names.includes('*') ? [...all.filter(name => !systemColumns.includes(name)), ...names] : ['ID', ...names]
  const system = names.some(name => systemColumns.includes(name)) ? systemColumns : []
  for (const name of names) if (name !== '*' && taskColumns[name] === undefined && !name.startsWith('UF_')) context.strictFail(`selected field ${name} is unknown`)
  const values = Object.fromEntries([...new Set([...wanted, ...system])].flatMap(name => {
    const column = taskColumns[name]
    return column === undefined ? [] : [[column.shown, column.read(task)]]
  }))
  const people = { ...(values['createdBy'] === undefined ? {} : { creator: person(context.state, task.createdBy) }),
    ...(values['responsibleId'] === undefined ? {} : { responsible: person(context.state, task.responsibleId) }) }
  return { ...values, group: [], ...people }
}

const metaStatus = (task: Task, now: number): string =>
  (task.status !== 5 && task.deadline !== null && Date.parse(task.deadline) < now ? '-1' : String(task.status))

/** Fields the page names for filtering, as far as tasks here have them; XML_ID is not among them. */
const filterable = ['ID', 'PARENT_ID', 'GROUP_ID', 'CREATED_BY', 'STATUS_CHANGED_BY', 'PRIORITY', 'RESPONSIBLE_ID', 'TITLE', 'REAL_STATUS', 'STATUS', 'MARK',
  'SITE_ID', 'ADD_IN_REPORT', 'DATE_START', 'DEADLINE', 'CREATED_DATE', 'CLOSED_DATE', 'CHANGED_DATE', 'ACCOMPLICE', 'AUDITOR', 'STAGE_ID', 'UF_CRM_TASK']
const sortable = [...filterable, 'ACTIVITY_DATE', 'START_DATE_PLAN', 'END_DATE_PLAN', 'TIME_ESTIMATE', 'ALLOW_CHANGE_DEADLINE', 'ALLOW_TIME_TRACKING',
  'MATCH_WORK_TIME', 'FAVORITE', 'TIME_SPENT_IN_LOGS']

const reader = (now: number, names: readonly string[]): FieldReader<Task> => name => {
  if (!names.includes(name)) return undefined
  if (name === 'STATUS') return { read: task => metaStatus(task, now) }
  if (name === 'REAL_STATUS') return { read: task => String(task.status) }
  if (name === 'ACCOMPLICE') return { read: task => task.accomplices }
  if (name === 'AUDITOR') return { read: task => task.auditors }
  const column = taskColumns[name]
  return column === undefined ? undefined : { read: column.read,
    ...(/DATE|DEADLINE/.test(name) && name !== 'ALLOW_CHANGE_DEADLINE' ? { kind: 'moment' as const } : {}) }
}

const list = (params: Params, context: CallContext) => {
  const now = context.portal.now()
  const timeZone = context.portal.timeZone
  const matches = rowFilter(params['filter'], reader(now, filterable), { prefixes: ['>=', '<=', '!=', '!', '>', '<', '='], timeZone,
    unknownField: name => context.strictFail(`filter field ${name} is unknown`) })
  const unknownOrder = (): never => { throw new RestError('0', 'Invalid sorting key (internal error)', 400) }
  const rows = sortRows([...context.state.tasks.values()].filter(task => maySeeTask(context, task) && matches(task)), params['order'] ?? { ID: 'desc' }, reader(now,
    sortable), { timeZone, unknownField: unknownOrder })
  const withResults = isRecord(params['params']) && [true, 'true', 1, '1', 'Y'].includes(params['params']['WITH_RESULT_INFO'] as string)
  const results = (task: Task) => ({ taskRequireResult: 'N', taskHasOpenResult: task.status !== 5 && task.results !== undefined ? 'Y' : 'N', taskHasResult: task.results === undefined ? 'N' : 'Y' })
  const page = pageOf(rows, params['start'], tasks => ({ tasks: tasks.map(task => ({ ...show(task, context, params['select'], defaultColumns),
    subStatus: metaStatus(task, now), ...(withResults ? results(task) : {}) })) }))
  return page
}

const move = (page: string, to: Task['status']) => ({
  page, scope: ['task'], params: { taskId: 'integer!' },
  handle: (params: Params, context: CallContext) => {
    const task = existing(context, params['taskId'])
    updateTask(context.world, task, { status: to }, context.cause)
    return { result: { task: show(task, context, undefined, defaultColumns) } }
  },
})

const scope = ['task']

export const taskMethods: Methods = {
  'tasks.task.add': {
    page: 'api-reference/tasks/tasks-task-add.md', scope, params: { fields: 'object!' },
    handle: ({ fields }, context) => {
      if (!isRecord(fields) || Object.keys(fields).length === 0) throw new RestError('100', 'Could not find value for parameter {fields} (internal error)', 400)
      const changes = changesOf(context, fields)
      if (changes.title === undefined || changes.title === '') throw core('Не указано название задачи.')
      if (changes.responsibleId === undefined) throw core('Не указан исполнитель.')
      const task = addTask(context.world, { ...changes, title: changes.title, responsibleId: changes.responsibleId }, context.cause)
      return { result: { task: show(task, context, undefined, defaultColumns) } }
    },
  },
  'tasks.task.get': {
    page: 'api-reference/tasks/tasks-task-get.md', scope, params: { taskId: 'integer!', select: 'array' },
    handle: ({ taskId, select }, context) => {
      if (taskId === undefined || taskId === '') throw new RestError('100', 'CTaskItem All parameters in the constructor must have real class type (internal error)',
        400)
      const task = context.state.tasks.get(Number(taskId))
      return task === undefined || !maySeeTask(context, task) ? { result: [] } : { result: { task: show(task, context, select, defaultColumns) } }
    },
  },
  'tasks.task.list': {
    page: 'api-reference/tasks/tasks-task-list.md', scope, params: { order: 'object', filter: 'object', select: 'array', params: 'object', start: 'integer' },
    handle: list,
  },
  'tasks.task.update': {
    page: 'api-reference/tasks/tasks-task-update.md', scope, params: { taskId: 'integer!', fields: 'object!' },
    handle: ({ taskId, fields }, context) => {
      const task = existing(context, taskId)
      if (!isRecord(fields) || Object.keys(fields).length === 0) throw new RestError('100', 'Could not find value for parameter {fields} (internal error)', 400)
      const changes = changesOf(context, fields)
      const onlyDeadline = Object.keys(changes).every(name => name === 'deadline') && task.allowChangeDeadline && task.responsibleId === context.user.id
      if (!mayEditTask(context, task) && !onlyDeadline) throw new RestError('0', 'Action on the task is not allowed (internal error)', 400)
      updateTask(context.world, task, changes, context.cause)
      return { result: { task: show(task, context, undefined, defaultColumns) } }
    },
  },
  'tasks.task.complete': move('api-reference/tasks/status/tasks-task-complete.md', 5),
  'tasks.task.renew': move('api-reference/tasks/status/tasks-task-renew.md', 2),
  'tasks.task.start': move('api-reference/tasks/status/tasks-task-start.md', 3),
  'tasks.task.delete': {
    page: 'api-reference/tasks/tasks-task-delete.md', scope, params: { taskId: 'integer!' },
    handle: ({ taskId }, context) => {
      const task = context.state.tasks.get(Number(taskId))
      if (task === undefined || !mayEditTask(context, task)) throw new RestError('1048582', 'No access to delete the task', 400)
      deleteTask(context.world, task, context.cause)
      return { result: { task: true } }
    },
  },
}
