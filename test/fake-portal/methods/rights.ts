import type { CallContext } from '../core/method.ts'
import type { Activity, CrmItem, EntityTypeId, Task, User } from '../rows.ts'
import { itemsOf, type PortalState } from '../state.ts'
import { isEntityType } from '../world/items.ts'

/**
 * The emulator's model of rights (assumed; a real portal's roles are configurable): administrators and heads of a department read and
 * change everything in the CRM and see all tasks; everybody else his own items, and tasks he takes part in. `state.crmRights` says otherwise for
 * one person and one type of items.
 */
export const seesEverything = (state: PortalState, user: User): boolean =>
  user.isAdmin || [...state.departments.values()].some(department => department.headId === user.id)

const observers = (item: CrmItem): number[] => (Array.isArray(item['observers']) ? item['observers'].map(Number) : [])

/** What a look at rights needs: pages have it without a call. */
export type Looker = Pick<CallContext, 'state' | 'user'>

const allowed = ({ state, user }: Looker, item: CrmItem, what: 'read' | 'change' | 'delete'): boolean => {
  const own = item.assignedById === user.id || (what === 'read' && observers(item).includes(user.id))
  const set = state.crmRights.find(one => one.userId === user.id && one.entityTypeId === item.entityTypeId)?.[what]
  return set === undefined ? own || seesEverything(state, user) : set === 'all' || (set === 'own' && own)
}

export const mayRead = (look: Looker, item: CrmItem): boolean => allowed(look, item, 'read')

export const mayChange = (look: Looker, item: CrmItem): boolean => allowed(look, item, 'change')

export const mayDelete = (look: Looker, item: CrmItem): boolean => allowed(look, item, 'delete')

/** Everybody may create items unless it was taken from him (`state.crmRights`). */
export const mayAdd = ({ state, user }: Looker, entityTypeId: EntityTypeId): boolean =>
  state.crmRights.find(one => one.userId === user.id && one.entityTypeId === entityTypeId)?.add ?? true

/** Of an owner that need not exist; other types than lead, deal, contact and company are not emulated. */
export const ownerItem = (context: CallContext, entityTypeId: number, id: number): CrmItem | null =>
  isEntityType(entityTypeId) ? itemsOf(context.state, entityTypeId).get(id) ?? null : null

export const mayReadActivity = (context: CallContext, activity: Activity): boolean =>
  activity.responsibleId === context.user.id || seesEverything(context.state, context.user)
  || activity.bindings.some(binding => {
    const owner = ownerItem(context, binding.ownerTypeId, binding.ownerId)
    return owner !== null && mayRead(context, owner)
  })

export const maySeeTask = ({ state, user }: Looker, task: Task): boolean =>
  [task.createdBy, task.responsibleId, ...task.accomplices, ...task.auditors].includes(user.id) || seesEverything(state, user)

export const mayEditTask = ({ state, user }: CallContext, task: Task): boolean => task.createdBy === user.id || seesEverything(state, user)
