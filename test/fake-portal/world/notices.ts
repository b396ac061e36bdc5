import type { Notification, TimelineEntry } from '../rows.ts'
import { nextId } from '../state.ts'
import { touchItem } from './items.ts'
import { isoAt } from './time.ts'
import { authorOf, type Cause, type World } from './world.ts'

/** Shows a notification; one with the same TAG for the same person is replaced (api-reference/chats/notifications/im-notify-personal-add.md). */
export const addNotification = (world: World, draft: Pick<Notification, 'userId' | 'message'> & Partial<Notification>): Notification => {
  const { state } = world
  const notification: Notification = {
    fromUserId: null, messageOut: '', tag: '', subTag: '', read: false, ...draft,
    id: nextId(state, 'notification'), at: isoAt(world.now(), world.timeZone),
  }
  if (notification.tag !== '') state.notifications = state.notifications.filter(other => !(other.userId === notification.userId && other.tag === notification.tag))
  state.notifications.push(notification)
  return notification
}

/** Adds a comment to an item's timeline and fires ONCRMTIMELINECOMMENTADD. */
export const addComment = (world: World, entityTypeId: number, entityId: number, text: string, cause: Cause, byRest = false): TimelineEntry => {
  const entry: TimelineEntry = {
    id: nextId(world.state, 'timeline'), kind: 'comment', bindings: [{ entityTypeId, entityId }], authorId: authorOf(world, cause),
    created: isoAt(world.now(), world.timeZone), title: '', text, iconCode: '', byRest,
  }
  world.state.timeline.push(entry)
  touchItem(world, entityTypeId, entityId, entry.authorId)
  world.fire('ONCRMTIMELINECOMMENTADD', { ID: entry.id }, cause)
  return entry
}

/** Adds a log record to an item's timeline; log records fire nothing. */
export const addLogMessage = (world: World, draft: { entityTypeId: number; entityId: number; title: string; text: string; iconCode: string }, cause: Cause): TimelineEntry => {
  const entry: TimelineEntry = {
    id: nextId(world.state, 'timeline'), kind: 'log', bindings: [{ entityTypeId: draft.entityTypeId, entityId: draft.entityId }], authorId: authorOf(world, cause),
    created: isoAt(world.now(), world.timeZone), title: draft.title, text: draft.text, iconCode: draft.iconCode, byRest: true,
  }
  world.state.timeline.push(entry)
  touchItem(world, draft.entityTypeId, draft.entityId, entry.authorId)
  return entry
}
