/** Follow-ups of ours that a look at their lead did not show: deleted, or only unlinked or out of this token's sight? */
import type { Subject } from './event.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, type Outcome, rowsUnder } from './rows.ts'
import { tasksByIds } from './tasks.ts'
import { isRecord } from './transport.ts'

/** With the profile and the tasks, one batch request. */
const subjectsPerBatch = 40

/**
 * Those of the tasks and activities that are deleted. One that can be read is not, whatever it is linked to now. That nothing is found
 * counts only when the same request shows its bearer to be an administrator: only administrators see all tasks (tasks-task-list.md).
 * Rejects with PortalError when the portal cannot be asked.
 */
export const deletedOf = async (portal: Portal, subjects: readonly Subject[]): Promise<readonly Subject[]> => {
  const deleted: Subject[] = []
  for (const part of chunksOf(subjects, subjectsPerBatch)) deleted.push(...await deletedOfPart(portal, part))
  return deleted
}

const deletedOfPart = async (portal: Portal, subjects: readonly Subject[]): Promise<readonly Subject[]> => {
  const tasks = subjects.filter(({ kind }) => kind === 'task')
  const activities = subjects.filter(({ kind }) => kind === 'activity')
  const calls: readonly Call[] = [
    { method: 'profile' },
    ...(tasks.length === 0 ? [] : [tasksByIds(tasks.map(({ id }) => id))]),
    ...activities.map(({ id }): Call => ({ method: 'crm.activity.binding.list', params: { activityId: id } })),
  ]
  const [profile, ...answers] = await portal.callAll(calls, { kind: 'read' })
  if (!isAdministrator(profile)) return []
  const [listed, bindings] = tasks.length === 0 ? [undefined, answers] : [answers[0], answers.slice(1)]
  return [...tasksNotIn(tasks, listed), ...activities.filter((_, index) => isNotFound(bindings[index]))]
}

const isAdministrator = (profile: Outcome | undefined): boolean => {
  if (profile?.ok === false) throw profile.error
  return profile !== undefined && isRecord(profile.result) && profile.result['ADMIN'] === true
}

const tasksNotIn = (tasks: readonly Subject[], listed: Outcome | undefined): readonly Subject[] => {
  if (listed === undefined || (!listed.ok && listed.error.code === 'access-denied')) return []
  if (!listed.ok) throw listed.error
  const found = new Set(rowsUnder(listed.result, 'tasks').map(row => idOf(row['id'])))
  return tasks.filter(({ id }) => !found.has(id))
}

/** NOT_FOUND and ACCESS_DENIED are told apart (crm-activity-binding-list.md). */
const isNotFound = (outcome: Outcome | undefined): boolean => {
  if (outcome === undefined || outcome.ok) return false
  const { code } = outcome.error
  if (code !== 'not-found' && code !== 'access-denied' && code !== 'invalid') throw outcome.error
  return code === 'not-found'
}
