import type { Activity } from '../rows.ts'
import { nextId } from '../state.ts'
import { touchItem } from './items.ts'
import { isoAt } from './time.ts'
import { authorOf, type Cause, type World } from './world.ts'

/** The date of an activity without deadline, as the portal stores it. */
export const noDeadline = '9999-12-31T00:00:00+03:00'

export type ActivityDraft = Partial<Activity> & Pick<Activity, 'ownerTypeId' | 'ownerId' | 'typeId'>

/** Stores an activity bound to its owner and fires ONCRMACTIVITYADD. */
export const addActivity = (world: World, draft: ActivityDraft, cause: Cause): Activity => {
  const author = authorOf(world, cause)
  const at = isoAt(world.now(), world.timeZone)
  const completed = draft.completed ?? false
  const activity: Activity = {
    providerId: '', providerTypeId: '', associatedEntityId: 0, subject: '', description: '', direction: 0,
    responsibleId: author, authorId: author, editorId: author, startTime: at, endTime: at, deadline: noDeadline, priority: 2,
    isIncomingChannel: false, bindings: [{ ownerTypeId: draft.ownerTypeId, ownerId: draft.ownerId }], communications: [],
    originatorId: '', originId: '', pingOffsets: [], colorId: '', settings: {}, providerParams: {}, layout: null, badgeCode: '',
    ...draft,
    id: nextId(world.state, 'activity'), completed, status: completed ? 2 : 1, created: at, lastUpdated: at,
  }
  world.state.activities.set(activity.id, activity)
  for (const binding of activity.bindings) touchItem(world, binding.ownerTypeId, binding.ownerId, author)
  world.fire('ONCRMACTIVITYADD', { FIELDS: { ID: activity.id } }, cause)
  return activity
}

/** Changes an activity and fires ONCRMACTIVITYUPDATE; without a difference nothing happens. */
export const updateActivity = (world: World, activity: Activity, changes: Partial<Activity>, cause: Cause): boolean => {
  const before = JSON.stringify(activity)
  Object.assign(activity, changes)
  if (changes.completed !== undefined) activity.status = changes.completed ? 2 : 1
  if (JSON.stringify(activity) === before) return false
  activity.lastUpdated = isoAt(world.now(), world.timeZone)
  activity.editorId = authorOf(world, cause)
  for (const binding of activity.bindings) touchItem(world, binding.ownerTypeId, binding.ownerId, activity.editorId)
  world.fire('ONCRMACTIVITYUPDATE', { FIELDS: { ID: activity.id } }, cause)
  return true
}

/** Removes an activity and fires ONCRMACTIVITYDELETE. */
export const deleteActivity = (world: World, activity: Activity, cause: Cause): void => {
  world.state.activities.delete(activity.id)
  world.fire('ONCRMACTIVITYDELETE', { FIELDS: { ID: activity.id } }, cause)
}

/** The activities bound to an item, oldest first. */
export const activitiesOf = (world: World, ownerTypeId: number, ownerId: number): Activity[] =>
  [...world.state.activities.values()].filter(activity => activity.bindings.some(binding => binding.ownerTypeId === ownerTypeId && binding.ownerId === ownerId))
