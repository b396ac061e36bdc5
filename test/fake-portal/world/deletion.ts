/** Deletion of a CRM item: everything that hangs on it goes with it. */
import type { CrmItem } from '../rows.ts'
import { itemsOf, type PortalState } from '../state.ts'
import { dropItem } from './company-links.ts'
import { typeNames } from './items.ts'
import type { Cause, World } from './world.ts'

/** Removes details with their addresses, bank accounts and links (api-reference/crm/requisites/universal/crm-requisite-delete.md). */
export const dropRequisites = (state: PortalState, ids: readonly number[]): void => {
  state.requisites = state.requisites.filter(one => !ids.includes(one.id))
  state.bankDetails = state.bankDetails.filter(one => !ids.includes(one.requisiteId))
  state.addresses = state.addresses.filter(one => !(one.entityTypeId === 8 && ids.includes(one.entityId)))
  state.requisiteLinks = state.requisiteLinks.filter(one => !ids.includes(one.requisiteId) && !ids.includes(one.myRequisiteId))
}

/** Leads, deals and offers let go of a client that is gone; nothing fires for it (assumed). */
const letGo = (state: PortalState, client: CrmItem): void => {
  for (const item of [...state.leads.values(), ...state.deals.values()]) {
    if (client.entityTypeId === 4 && item['companyId'] === client.id) item['companyId'] = null
    if (client.entityTypeId !== 3 || !Array.isArray(item['contactIds'])) continue
    const left = item['contactIds'].filter(id => id !== client.id)
    if (left.length < item['contactIds'].length) Object.assign(item, { contactIds: left, contactId: left[0] ?? null })
  }
}

/**
 * Removes an item with its timeline, products, details, and the activities bound to nothing else, and fires ONCRM…DELETE.
 * `leadId` of what was made from a lead, and the CRM codes of tasks, stay (assumed).
 */
export const deleteItem = (world: World, item: CrmItem, cause: Cause): void => {
  const { state } = world
  const { entityTypeId, id } = item
  const ofItem = (binding: { ownerTypeId: number; ownerId: number }) => binding.ownerTypeId === entityTypeId && binding.ownerId === id
  for (const activity of [...state.activities.values()]) {
    if (!activity.bindings.some(ofItem)) continue
    activity.bindings = activity.bindings.filter(binding => !ofItem(binding))
    const owner = activity.bindings[0]
    if (owner === undefined) state.activities.delete(activity.id)
    else if (ofItem(activity)) Object.assign(activity, owner)
  }
  for (const entry of state.timeline) entry.bindings = entry.bindings.filter(binding => !(binding.entityTypeId === entityTypeId && binding.entityId === id))
  state.timeline = state.timeline.filter(entry => entry.bindings.length > 0)
  state.stageHistory = state.stageHistory.filter(entry => !(entry.entityTypeId === entityTypeId && entry.ownerId === id))
  state.productRows = state.productRows.filter(row => !(row.ownerType === (entityTypeId === 1 ? 'L' : 'D') && row.ownerId === id && entityTypeId <= 2))
  state.requisiteLinks = state.requisiteLinks.filter(link => !(link.entityTypeId === entityTypeId && link.entityId === id))
  state.addresses = state.addresses.filter(address => !(entityTypeId === 1 && address.entityTypeId === 1 && address.entityId === id))
  if (entityTypeId >= 3) {
    dropRequisites(state, state.requisites.filter(one => one.entityTypeId === entityTypeId && one.entityId === id).map(one => one.id))
    dropItem(state, item)
    letGo(state, item)
  }
  itemsOf(state, entityTypeId).delete(id)
  world.fire(`ONCRM${typeNames[entityTypeId]}DELETE`, { FIELDS: { ID: id } }, cause)
}
