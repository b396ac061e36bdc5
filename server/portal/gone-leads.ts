/** Leads that crm.item.list left out: gone, or only out of this token's sight? */
import type { LeadId } from '../domain/lead.ts'
import type { Portal } from './portal.ts'
import { leadType } from './rows.ts'

/**
 * Those of the leads that are gone. A list leaves out what the token's owner may not see (an administrator who is one no
 * longer), so its silence proves nothing; crm.item.get tells NOT_FOUND from ACCESS_DENIED (crm-item-get.md). One batch
 * request for up to 50, none for none. Rejects with PortalError when the portal cannot be asked.
 */
export const confirmGone = async (portal: Portal, ids: readonly LeadId[]): Promise<ReadonlySet<LeadId>> => {
  if (ids.length === 0) return new Set()
  const outcomes = await portal.callAll(ids.map(id => ({ method: 'crm.item.get', params: { entityTypeId: leadType, id } })), { kind: 'read' })
  return new Set(ids.filter((_, index) => {
    const outcome = outcomes[index]
    if (outcome === undefined || outcome.ok) return false
    const { code } = outcome.error
    if (code !== 'not-found' && code !== 'access-denied' && code !== 'invalid') throw outcome.error
    return code === 'not-found'
  }))
}
