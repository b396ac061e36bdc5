/** Our follow-up tasks on the portal. */
import { type FollowUpState, type LeadId, leadId, userId } from '../domain/lead.ts'
import { markOfXmlId } from './marks.ts'
import { type Call, idOf, leadType, momentOf, type Row, rowsUnder, textOf } from './rows.ts'

export interface TaskFollowUp extends FollowUpState {
  readonly form: 'task'
  readonly leadIds: readonly LeadId[]
}

const select = ['ID', 'XML_ID', 'STATUS', 'DEADLINE', 'RESPONSIBLE_ID', 'UF_CRM_TASK'] as const

/**
 * Tasks bound to these leads, newest first, 50 a page. XML_ID is no filter of tasks.task.list, so our marks are
 * told from the rows (tasks-task-list.md). `withResults`: whether a result was written in each, in the same rows.
 */
export const tasksOfLeads = (leadIds: readonly number[], start = 0, withResults = false): Call => ({
  method: 'tasks.task.list',
  params: { filter: { UF_CRM_TASK: leadIds.map(id => `L_${id}`) }, select, order: { ID: 'desc' }, start, ...(withResults ? { params: { WITH_RESULT_INFO: true } } : {}) },
})

export const tasksByIds = (ids: readonly number[]): Call => ({
  method: 'tasks.task.list',
  params: { filter: { ID: ids }, select, order: { ID: 'desc' } },
})

/** Leads of any tasks, ours or not. */
export const toLeadsOfTasks = (result: unknown): readonly LeadId[] => rowsUnder(result, 'tasks').flatMap(leadsOf)

export const toTaskFollowUps = (result: unknown): readonly TaskFollowUp[] => rowsUnder(result, 'tasks').flatMap((row) => {
  const id = idOf(row['id'])
  const mark = markOfXmlId(textOf(row['xmlId']))
  if (id === null || mark === null) return []
  const responsible = idOf(row['responsibleId'])
  return [{
    mark,
    form: 'task' as const,
    id,
    // 5 is done (tasks/fields.md); the others may still be worked on.
    open: textOf(row['status']) !== '5',
    responsibleId: responsible === null ? null : userId(responsible),
    deadlineAt: momentOf(row['deadline']),
    ...(row['taskHasResult'] === undefined ? {} : { summarised: row['taskHasResult'] === 'Y' }),
    leadIds: leadsOf(row),
  }]
})

const leadsOf = (row: Row): readonly LeadId[] => {
  const bindings: unknown = row['ufCrmTask']
  return (Array.isArray(bindings) ? bindings as readonly unknown[] : []).flatMap((binding) => {
    const id = /^L_(\d+)$/.exec(textOf(binding))?.[1]
    const number = idOf(id)
    return number === null ? [] : [leadId(number)]
  })
}

/** Where a person opens a task (api-reference/tasks shows `/company/personal/user/<id>/` as the user's path). */
export const taskUrl = (domain: string, userId: number, taskId: number, protocol = 'https'): string =>
  `${protocol}://${domain}/company/personal/user/${userId}/tasks/task/view/${taskId}/`

/** Where a person opens a lead; as a portal path it works in every window of the portal. */
export const leadPath = (id: number): string => `/crm/lead/details/${id}/`

/** CRM object type of leads for to-dos and timeline entries. */
export const leadOwner = (id: number) => ({ ownerTypeId: leadType, ownerId: id })
