/** Lead stages and sources (api-reference/crm/status/crm-status-list.md). */
import type { Semantic } from '../domain/lead.ts'
import { type Call, numberOf, rowsOf, textOf } from './rows.ts'
import { isRecord } from './transport.ts'

export interface Stage {
  readonly id: string
  readonly name: string
  readonly sort: number
  readonly semantic: Semantic
  /** One of the portal's own anchors. */
  readonly system: boolean
}

export const leadStages: Call = { method: 'crm.status.list', params: { filter: { ENTITY_ID: 'STATUS' }, order: { SORT: 'ASC', ID: 'ASC' } } }

export const leadSources: Call = { method: 'crm.status.list', params: { filter: { ENTITY_ID: 'SOURCE' }, order: { SORT: 'ASC', ID: 'ASC' } } }

/** Names of the sources by their ids. */
export const toSourceNames = (result: unknown): Readonly<Record<string, string>> => Object.fromEntries(rowsOf(result).flatMap((row) => {
  const id = textOf(row['STATUS_ID'])
  return id === '' || (row['ENTITY_ID'] !== undefined && row['ENTITY_ID'] !== 'SOURCE') ? [] : [[id, textOf(row['NAME'])]]
}))

/** In their order. SEMANTICS is null while a lead is in work; EXTRA says the same in words. */
export const toStages = (result: unknown): readonly Stage[] => rowsOf(result).flatMap((row) => {
  const id = textOf(row['STATUS_ID'])
  if (id === '' || (row['ENTITY_ID'] !== undefined && row['ENTITY_ID'] !== 'STATUS')) return []
  const extra = isRecord(row['EXTRA']) ? textOf(row['EXTRA']['SEMANTICS']) : ''
  const semantic: Semantic = row['SEMANTICS'] === 'S' || extra === 'success' ? 'success' : row['SEMANTICS'] === 'F' || extra === 'failure' || extra === 'apology' ? 'failure' : 'processing'
  return [{ id, name: textOf(row['NAME']), sort: numberOf(row['SORT']) ?? 0, semantic, system: row['SYSTEM'] === 'Y' }]
})
