import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Subject } from '../../server/portal/event.ts'
import { type Room, startRoom } from './room.ts'

let room: Room

beforeEach(async () => { room = await startRoom() })
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

const deleted = (...subjects: Subject[]) => room.access.deletedOf(room.portal.memberId, subjects)
const task = (id: number): Subject => ({ kind: 'task', id })
const activity = (id: number): Subject => ({ kind: 'activity', id })

/** A lead with a task and a to-do of user 1. */
const leadWithFollowUps = async () => {
  const { id } = room.portal.act.createLead({ title: 'Столешница' })
  const portal = await room.access.asUser(room.portal.memberId, room.portal.tokensFor(1).accessToken)
  const added = await portal.call('tasks.task.add', { fields: { TITLE: 'Позвонить', RESPONSIBLE_ID: 1, UF_CRM_TASK: [`L_${id}`] } }, { kind: 'write' })
  const todo = await portal.call('crm.activity.todo.add', { ownerTypeId: 1, ownerId: id, deadline: '2030-03-10T12:00:00+03:00', title: 'Позвонить', description: 'Позвонить', responsibleId: 1 }, { kind: 'write' })
  return { taskId: Number((added.result as { task: { id: string } }).task.id), todoId: Number((todo.result as { id: number }).id) }
}

it('calls deleted what is not on the portal any more, and nothing else', async () => {
  const { taskId, todoId } = await leadWithFollowUps()
  expect(await deleted(task(taskId), activity(todoId))).toEqual([])
  expect(await deleted(task(taskId), task(9_001), activity(todoId), activity(9_002))).toEqual([task(9_001), activity(9_002)])
  room.portal.state.tasks.delete(taskId)
  expect(await deleted(task(taskId))).toEqual([task(taskId)])
})

it('does not call a task deleted that a person has only unlinked from its lead', async () => {
  const { taskId } = await leadWithFollowUps()
  const stored = room.portal.state.tasks.get(taskId)
  expect(stored?.ufCrmTask).toHaveLength(1)
  if (stored !== undefined) stored.ufCrmTask = []
  expect(await deleted(task(taskId))).toEqual([])
})

it('calls nothing deleted while its bearer is no administrator, who alone sees every task', async () => {
  const { taskId } = await leadWithFollowUps()
  const user = room.portal.state.users.get(1)
  if (user !== undefined) user.isAdmin = false
  expect(await deleted(task(taskId), task(9_001), activity(9_002))).toEqual([])
})

it('asks about many in requests that each prove their bearer', async () => {
  const many = Array.from({ length: 90 }, (_, index) => activity(9_000 + index))
  expect(await deleted(...many)).toEqual(many)
})
