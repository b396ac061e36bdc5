import type { ExistingDeal, FieldInfo } from '../../domain/conversion/facts.ts'
import { userId } from '../../domain/lead.ts'
import { boundOf } from '../around.ts'
import { semantics } from '../leads.ts'
import { idOf, type Row, textOf } from '../rows.ts'
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
