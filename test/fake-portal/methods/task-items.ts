import { isRecord } from '../core/body.ts'
import { sortRows, type FieldReader } from '../core/filter.ts'
import type { CallContext, Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import { nextId } from '../state.ts'
import type { ChecklistItem, Task } from '../rows.ts'
import { isoAt } from '../world/time.ts'
import { maySeeTask } from './rights.ts'

const failed = (what: string): RestError => new RestError('ERROR_CORE', `TASKS_ERROR_EXCEPTION_#8; ${what}; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>`, 400)
const wrong = (what: string): RestError => new RestError('ERROR_CORE', `TASKS_ERROR_EXCEPTION_#256; ${what}; 256/TE/WRONG_ARGUMENTS<br>`, 400)

const visibleTask = (context: CallContext, id: unknown, method: string): Task => {
  if (!/^\d+$/.test(String(id))) throw wrong(`Param #0 (taskId) for method ${method}() expected to be of type "integer", but given something else.`)
  const task = context.state.tasks.get(Number(id))
  if (task === undefined || !maySeeTask(context, task)) throw failed('Adding item: action not allowed')
  return task
}

const row = (item: ChecklistItem): Record<string, unknown> => ({
  ID: String(item.id), TASK_ID: String(item.taskId), PARENT_ID: item.parentId === 0 ? 0 : String(item.parentId), CREATED_BY: String(item.createdBy),
  TITLE: item.title, SORT_INDEX: String(item.sortIndex),
  IS_COMPLETE: item.isComplete ? 'Y' : 'N', IS_IMPORTANT: 'N', TOGGLED_BY: null, TOGGLED_DATE: '', MEMBERS: [], ATTACHMENTS: [],
})

const reader: FieldReader<ChecklistItem> = name => (['ID', 'PARENT_ID', 'CREATED_BY', 'TITLE', 'SORT_INDEX',
  'IS_COMPLETE'].includes(name) ? { read: item => row(item)[name] } : undefined)

const scope = ['task']

/** Old methods that read their parameters by position (settings/how-to-call-rest-api/data-encoding.md). */
export const taskItemMethods: Methods = {
  'task.checklistitem.add': {
    page: 'api-reference/tasks/checklist-item/task-checklist-item-add.md', scope, positional: ['TASKID', 'FIELDS'],
    params: { TASKID: 'integer!', FIELDS: 'object!' },
    handle: ({ TASKID, FIELDS }, context) => {
      const task = visibleTask(context, TASKID, 'ctaskchecklistitem::add')
      if (!isRecord(FIELDS)) throw wrong('Param #1 (arFields) expected by method ctaskchecklistitem::add(), but not given.')
      const title = String(FIELDS['TITLE'] ?? '')
      if (title === '') throw failed('Item name not specified')
      const add = (parentId: number, text: string): number => {
        const item = { id: nextId(context.state, 'checklist'), taskId: task.id, parentId, title: text,
          sortIndex: Number(FIELDS['SORT_INDEX'] ?? task.checklist.length), isComplete: FIELDS['IS_COMPLETE'] === 'Y', createdBy: context.user.id }
        task.checklist.push(item)
        return item.id
      }
      const wanted = FIELDS['PARENT_ID']
      const root = task.checklist.find(item => item.parentId === 0)
      if (wanted !== undefined && (Number(wanted) === 0 || !task.checklist.some(item => item.id === Number(wanted)))) return { result: add(0, title) }
      const parentId = wanted === undefined ? root?.id ?? add(0, 'BX_CHECKLIST_1') : Number(wanted)
      return { result: add(parentId, title) }
    },
  },
  'task.checklistitem.getlist': {
    page: 'api-reference/tasks/checklist-item/task-checklist-item-get-list.md', scope, positional: ['TASKID', 'ORDER'],
    params: { TASKID: 'integer!', ORDER: 'object' },
    handle: ({ TASKID, ORDER }, context) => {
      const task = visibleTask(context, TASKID, 'ctaskchecklistitem::getlist')
      const rows = sortRows(task.checklist, ORDER ?? { ID: 'desc' }, reader, { timeZone: context.portal.timeZone,
        unknownField: name => context.strictFail(`order field ${name} is unknown`) })
      return { result: rows.map(row) }
    },
  },
  'task.commentitem.add': {
    page: 'api-reference/tasks/comment-item/task-comment-item-add.md', scope, positional: ['TASKID', 'FIELDS'], params: { TASKID: 'integer!', FIELDS: 'object!' },
    handle: ({ TASKID, FIELDS }, context) => {
      const task = visibleTask(context, TASKID, 'ctaskcommentitem::add')
      const text = isRecord(FIELDS) ? String(FIELDS['POST_MESSAGE'] ?? '') : ''
      if (text === '') throw new RestError('ERROR_CORE', 'Comment text is not specified<br>', 400)
      const authorId = isRecord(FIELDS) && FIELDS['AUTHOR_ID'] !== undefined ? Number(FIELDS['AUTHOR_ID']) : context.user.id
      const comment = { id: nextId(context.state, 'taskComment'), authorId, text, at: isoAt(context.portal.now(), context.portal.timeZone) }
      task.comments.push(comment)
      context.world.fire('ONTASKCOMMENTADD', { FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: comment.id, TASK_ID: task.id, MESSAGE_ID: comment.id },
        IS_ACCESSIBLE_BEFORE: 'undefined', IS_ACCESSIBLE_AFTER: 'undefined' }, context.cause)
      return { result: comment.id }
    },
  },
}
