import type { ExistingDeal, FieldInfo } from '../../domain/conversion/facts.ts'
import { userId } from '../../domain/lead.ts'
import { boundOf } from '../around.ts'
import { semantics } from '../leads.ts'
import { itemsIn } from '../lists.ts'
import { idOf, idsOf, type Outcome, type Row, textOf } from '../rows.ts'
import { valuesOf } from './fields.ts'
import { conversionOf } from './kinds.ts'

/** Without its products. Null: a row without an id. */
export const toDeal = (row: Row, infos: readonly FieldInfo[]): ExistingDeal | null => {
  const id = idOf(row['id'])
  if (id === null) return null
  const responsible = idOf(row['assignedById'])
  const { companyId, contactIds } = boundOf(row)
  return {
    id,
    title: textOf(row['title']) || `№ ${id}`,
    pipelineId: Number(row['categoryId']) || 0,
    stageId: textOf(row['stageId']),
    semantic: semantics[textOf(row['stageSemanticId'])] ?? 'processing',
    responsibleId: responsible === null ? null : userId(responsible),
    companyId,
    contactIds,
    leadId: idOf(row['leadId']),
    conversionId: conversionOf(row),
    fields: valuesOf(row, infos),
    products: [],
  }
}

/**
 * The first page of a list of deals that was asked by several contacts (`@contactIds`). An older portal passes over this filter and answers with
 * anybody's deals, page after page: then those of the contacts on this page are all there is.
 */
export const onlyAmong = (page: Outcome, contactIds: readonly number[] | undefined): Outcome => {
  if (contactIds === undefined || !page.ok) return page
  const items = itemsIn(page.result)
  const theirs = items.filter(row => idsOf(row['contactIds']).some(id => contactIds.includes(id)))
  return theirs.length === items.length ? page : { ...page, result: { items: theirs }, next: null, total: theirs.length }
}
