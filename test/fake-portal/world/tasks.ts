import type { Binding, Task } from '../rows.ts'
import { nextId } from '../state.ts'
import { addActivity, deleteActivity, noDeadline, updateActivity } from './activities.ts'
import { isoAt } from './time.ts'
import { authorOf, type Cause, type World } from './world.ts'

const letters: Record<string, number> = { L: 1, D: 2, C: 3, CO: 4 }

/** CRM items a task is bound to: L_ lead, D_ deal, C_ contact, CO_ company (api-reference/tasks/fields.md). */
export const bindingsOfTask = (ufCrmTask: readonly string[]): Binding[] => ufCrmTask.flatMap(code => {
  const [letter = '', id = ''] = code.split('_')
  const ownerTypeId = letters[letter.toUpperCase()]
  return ownerTypeId === undefined || !/^\d+$/.test(id) ? [] : [{ ownerTypeId, ownerId: Number(id) }]
})

const mirrorOf = (world: World, taskId: number) =>
  [...world.state.activities.values()].find(activity => activity.typeId === 3 && activity.associatedEntityId === taskId)

const syncMirror = (world: World, task: Task, cause: Cause): void => {
  const bindings = bindingsOfTask(task.ufCrmTask)
  const mirror = mirrorOf(world, task.id)
  const owner = bindings[0]
  if (owner === undefined) {
    if (mirror !== undefined) deleteActivity(world, mirror, cause)
    return
  }
  const fields = {
    ownerTypeId: owner.ownerTypeId, ownerId: owner.ownerId, bindings, subject: task.title, description: task.description,
    responsibleId: task.responsibleId, deadline: task.deadline ?? noDeadline, completed: task.status === 5,
  }
  if (mirror !== undefined) updateActivity(world, mirror, fields, cause)
  else addActivity(world, { ...fields, typeId: 3, providerId: 'CRM_TASKS_TASK', providerTypeId: 'TASKS_TASK', associatedEntityId: task.id,
    endTime: task.deadline ?? '', authorId: task.createdBy }, cause)
}

export type TaskDraft = Partial<Task> & Pick<Task, 'title' | 'responsibleId'>

const taskEvent = (id: number) => ({ FIELDS_BEFORE: { ID: id }, FIELDS_AFTER: { ID: id }, IS_ACCESSIBLE_BEFORE: 'undefined', IS_ACCESSIBLE_AFTER: 'undefined' })

/** Stores a task, mirrors it into the CRM when it is bound there, and fires ONTASKADD. */
export const addTask = (world: World, draft: TaskDraft, cause: Cause): Task => {
  const author = authorOf(world, cause)
  const at = isoAt(world.now(), world.timeZone)
  const task: Task = {
    description: '', status: 2, priority: 1, createdBy: author, changedBy: author, closedBy: null, closedDate: null, deadline: null,
    startDatePlan: null, endDatePlan: null, accomplices: [], auditors: [], groupId: 0, parentId: 0, xmlId: null, ufCrmTask: [],
    allowChangeDeadline: false, taskControl: false, matchWorkTime: false, checklist: [], comments: [], more: {},
    ...draft,
    id: nextId(world.state, 'task'), createdDate: at, changedDate: at, statusChangedDate: at,
  }
  world.state.tasks.set(task.id, task)
  world.fire('ONTASKADD', { FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: task.id }, IS_ACCESSIBLE_BEFORE: 'undefined', IS_ACCESSIBLE_AFTER: 'undefined' }, cause)
  syncMirror(world, task, cause)
  return task
}

/** Changes a task with its mirror and fires ONTASKUPDATE; without a difference nothing happens. */
export const updateTask = (world: World, task: Task, changes: Partial<Task>, cause: Cause): boolean => {
  const before = JSON.stringify(task)
  const statusBefore = task.status
  Object.assign(task, changes)
  if (JSON.stringify(task) === before) return false
  const at = isoAt(world.now(), world.timeZone)
  task.changedDate = at
  task.changedBy = authorOf(world, cause)
  if (task.status !== statusBefore) {
    task.statusChangedDate = at
    task.closedDate = task.status === 5 ? at : null
    task.closedBy = task.status === 5 ? task.changedBy : null
  }
  world.fire('ONTASKUPDATE', taskEvent(task.id), cause)
  syncMirror(world, task, cause)
  return true
}

/** Removes a task with its mirror and fires ONTASKDELETE. */
export const deleteTask = (world: World, task: Task, cause: Cause): void => {
  world.state.tasks.delete(task.id)
  const mirror = mirrorOf(world, task.id)
  if (mirror !== undefined) deleteActivity(world, mirror, cause)
  world.fire('ONTASKDELETE', { FIELDS_BEFORE: { ID: task.id }, FIELDS_AFTER: 'undefined', IS_ACCESSIBLE_BEFORE: 'undefined', IS_ACCESSIBLE_AFTER: 'undefined' },
    cause)
}

/** The mirror of a task in the CRM was completed or opened again by hand: the task follows (assumed). */
export const followMirror = (world: World, taskId: number, completed: boolean, cause: Cause): void => {
  const task = world.state.tasks.get(taskId)
  if (task !== undefined) updateTask(world, task, { status: completed ? 5 : 2 }, cause)
}
