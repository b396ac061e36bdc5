/** Leads from before a time that were open when it began: stages and responsible people, nothing else. */
import { leadId, stageId, userId } from '../domain/lead.ts'
import { noGaps, type ReadingGaps } from '../domain/simulate/estimates.ts'
import type { BeforeLead } from '../domain/simulate/before.ts'
import type { StageEntry } from '../domain/simulate/story.ts'
import { readHistory } from './history.ts'
import { semantics } from './leads.ts'
import type { Portal } from './portal.ts'
import { idOf, leadType, momentOf, rowsUnder, textOf, type Row } from './rows.ts'

export interface BeforeAsk {
  /** ISO 8601 instant at which the time began. */
  readonly from: string
  /** Those in work now, and then those that are over by now and were moved since: whatever was open then is one of them. */
  readonly which: 'open' | 'over'
  /** Leads with a smaller id, the newest first; null at first. */
  readonly below: number | null
}

export interface BeforePage {
  readonly leads: readonly BeforeLead[]
  /** Id from which to go on; null: there are no more. */
  readonly below: number | null
  readonly gaps: ReadingGaps
}

/**
 * A page in one request, and one or two more for those that were moved since then. A lead in work that was not moved stood then where it
 * stands now; object-fields.md: `movedTime` is the last change of the stage, `stageSemanticId` P, S or F. Rejects with `PortalError`.
 */
export const readBefore = async (portal: Portal, { from, which, below }: BeforeAsk): Promise<BeforePage> => {
  const filter = {
    '<createdTime': from,
    ...(which === 'open' ? { stageSemanticId: 'P' } : { '@stageSemanticId': ['S', 'F'], '>=movedTime': from }),
    ...(below === null ? {} : { '<id': below }),
  }
  const select = ['id', 'createdTime', 'movedTime', 'stageId', 'stageSemanticId', 'assignedById', 'sourceId']
  const { result } = await portal.call('crm.item.list', { entityTypeId: leadType, select, filter, order: { id: 'DESC' }, start: -1 }, { kind: 'read' })
  const rows = rowsUnder(result, 'items')
  const known = rows.flatMap(row => itemOf(row) ?? [])
  const fromMs = Date.parse(from)
  const moved = known.filter(({ movedMs }) => movedMs >= fromMs).map(({ lead }) => lead.leadId)
  const history = moved.length === 0 ? new Map<number, readonly StageEntry[]>() : await readHistory(portal, moved)
  return {
    leads: known.map(({ lead }) => ({ ...lead, stages: history.get(lead.leadId) ?? lead.stages })),
    below: rows.length < 50 ? null : known.at(-1)?.lead.leadId ?? null,
    gaps: { ...noGaps, withoutHistory: moved.filter(id => !history.has(id)).length },
  }
}

/** With its present stage from the beginning on; null for a row that makes no sense. */
const itemOf = (row: Row): { readonly lead: BeforeLead; readonly movedMs: number } | null => {
  const id = idOf(row['id'])
  const at = momentOf(row['createdTime'])
  const semantic = semantics[textOf(row['stageSemanticId'])]
  if (id === null || at === null || semantic === undefined) return null
  const responsible = idOf(row['assignedById'])
  return {
    lead: { leadId: leadId(id), responsibleId: responsible === null ? null : userId(responsible), sourceId: textOf(row['sourceId']) || null, stages: [{ at, stageId: stageId(textOf(row['stageId'])), semantic }] },
    movedMs: momentOf(row['movedTime'])?.epochMilliseconds ?? at.epochMilliseconds,
  }
}
