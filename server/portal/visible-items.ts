/** Which leads, contacts and companies a person sees. */
import type { Duplicate } from '../domain/lead.ts'
import type { Portal } from './portal.ts'
import { chunksOf, idOf, leadType, rowsUnder } from './rows.ts'

export type ItemRef = Pick<Duplicate, 'kind' | 'id'>

/** api-reference/crm/data-types.md. */
const types: Readonly<Record<ItemRef['kind'], number>> = { lead: leadType, contact: 3, company: 4 }
const kinds = ['lead', 'contact', 'company'] as const

/** Those that the holder of the token sees (crm-item-list.md leaves the others out); none of a type that is closed to him. Throws `PortalError`. */
export const visibleItems = async (portal: Pick<Portal, 'callAll'>, refs: readonly ItemRef[]): Promise<readonly ItemRef[]> => {
  const asked = kinds.flatMap(kind => chunksOf(refs.filter(ref => ref.kind === kind).map(({ id }) => id), 50).map(ids => ({ kind, ids })))
  if (asked.length === 0) return []
  const outcomes = await portal.callAll(asked.map(({ kind, ids }) => ({ method: 'crm.item.list', params: { entityTypeId: types[kind], filter: { '@id': ids }, select: ['id'], start: -1 } })), { kind: 'read' })
  return outcomes.flatMap((outcome, place) => {
    const kind = asked[place]?.kind
    if (kind === undefined) return []
    if (outcome.ok) return rowsUnder(outcome.result, 'items').flatMap(row => idOf(row['id']) ?? []).map(id => ({ kind, id }))
    if (outcome.error.code === 'access-denied') return []
    throw outcome.error
  })
}
