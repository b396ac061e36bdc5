import type { Task } from '../rows.ts'
import type { PortalState } from '../state.ts'

interface Column { shown: string; read: (task: Task) => unknown }

const id = (value: number | null): string | null => (value === null ? null : String(value))
const flag = (value: boolean): 'Y' | 'N' => (value ? 'Y' : 'N')
const constant = (value: unknown) => (): unknown => value

const camel = (name: string): string => name.toLowerCase().replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())

const readers: Record<string, (task: Task) => unknown> = {
  ID: task => String(task.id), PARENT_ID: task => (task.parentId === 0 ? null : String(task.parentId)), TITLE: task => task.title,
  DESCRIPTION: task => task.description, MARK: constant(null),
  PRIORITY: task => String(task.priority), MULTITASK: constant('N'), NOT_VIEWED: constant('N'), REPLICATE: constant('N'), STAGE_ID: constant('0'),
  CREATED_BY: task => String(task.createdBy), CREATED_DATE: task => task.createdDate,
  RESPONSIBLE_ID: task => String(task.responsibleId), CHANGED_BY: task => String(task.changedBy), CHANGED_DATE: task => task.changedDate,
  STATUS_CHANGED_BY: task => String(task.changedBy), CLOSED_BY: task => id(task.closedBy) ?? '0',
  CLOSED_DATE: task => task.closedDate, ACTIVITY_DATE: task => task.changedDate, DATE_START: constant(null), DEADLINE: task => task.deadline,
  START_DATE_PLAN: task => task.startDatePlan, END_DATE_PLAN: task => task.endDatePlan,
  GUID: task => `{00000000-0000-4000-8000-${String(task.id).padStart(12, '0')}}`, XML_ID: task => task.xmlId,
  COMMENTS_COUNT: task => (task.comments.length === 0 ? null : String(task.comments.length)),
  SERVICE_COMMENTS_COUNT: constant(null), ALLOW_CHANGE_DEADLINE: task => flag(task.allowChangeDeadline), ALLOW_TIME_TRACKING: constant('N'),
  TASK_CONTROL: task => flag(task.taskControl), ADD_IN_REPORT: constant('N'),
  FORKED_BY_TEMPLATE_ID: constant(null), TIME_ESTIMATE: constant('0'), TIME_SPENT_IN_LOGS: constant(null), MATCH_WORK_TIME: task => flag(task.matchWorkTime),
  FORUM_TOPIC_ID: constant(null), FORUM_ID: constant(null),
  SITE_ID: constant('s1'), SUBORDINATE: constant('N'), VIEWED_DATE: constant(null), IS_MUTED: constant('N'), IS_PINNED: constant('N'),
  IS_PINNED_IN_GROUP: constant('N'), FLOW_ID: constant(null), DESCRIPTION_IN_BBCODE: constant('Y'),
  STATUS: task => String(task.status), STATUS_CHANGED_DATE: task => task.statusChangedDate, DURATION_PLAN: constant(null), DURATION_TYPE: constant('days'),
  FAVORITE: constant('N'), GROUP_ID: task => String(task.groupId),
  AUDITORS: task => task.auditors.map(String), ACCOMPLICES: task => task.accomplices.map(String), CHAT_ID: constant(null), UF_CRM_TASK: task => task.ufCrmTask,
  UF_TASK_WEBDAV_FILES: constant([]), UF_MAIL_MESSAGE: constant(null),
}

/** Fields of a task (api-reference/tasks/fields.md): asked for in upper case, shown in camelCase. */
export const taskColumns: Readonly<Record<string, Column>> = Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, { shown: camel(name), read }]))

/** Come only when one of them is asked for, then all three. */
export const systemColumns: readonly string[] = ['UF_CRM_TASK', 'UF_TASK_WEBDAV_FILES', 'UF_MAIL_MESSAGE']

export const defaultColumns: readonly string[] = Object.keys(taskColumns).filter(name => !systemColumns.includes(name))

export const person = (state: PortalState, userId: number): Record<string, unknown> => {
  const user = state.users.get(userId)
  return { id: String(userId), name: user === undefined ? '' : `${user.name} ${user.lastName}`.trim(), link: `/company/personal/user/${userId}/`,
    icon: user?.photo ?? '', workPosition: user?.workPosition ?? '' }
}
