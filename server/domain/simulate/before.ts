/** Leads from before the time of a simulation: whose load they were, and until when. */
import type { Temporal } from 'temporal-polyfill'
import type { LeadId, UserId } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { isTestLead } from '../rules/test-leads.ts'
import { stepOnStage } from '../rules/turn.ts'
import type { StageEntry } from './story.ts'

/** What a portal still knows of such a lead. */
export interface BeforeLead {
  readonly leadId: LeadId
  /** Who has it now. */
  readonly responsibleId: UserId | null
  readonly sourceId: string | null
  /** Stages it stood on, oldest first; where it has not been moved since the time began, its present one is enough. */
  readonly stages: readonly StageEntry[]
}

/** One more open lead of somebody, from one moment to another. */
export interface OpenBefore {
  readonly userId: UserId
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number | null }[]
}

/** Does it matter to the regulation how many leads somebody has? */
export const countsLoads = ({ distribution, waiting }: Regulation): boolean =>
  waiting.shareLimit !== null || distribution.pools.some(({ order, limits }) => order === 'least-loaded' || limits.open !== null)

/** As far as the regulation would have watched it; null: it was nobody's load. Estimated: the present responsible had it all the time. */
export const loadOfBefore = ({ responsibleId, sourceId, stages }: BeforeLead, regulation: Regulation, from: Temporal.Instant): OpenBefore | null => {
  if (responsibleId === null || isTestLead({ sourceId }, regulation) || isNoLead(sourceId, regulation)) return null
  const fromMs = from.epochMilliseconds
  const spans: { fromMs: number; toMs: number | null }[] = []
  for (const { at, stageId, semantic } of stages) {
    const ms = Math.max(fromMs, at.epochMilliseconds)
    const open = spans.at(-1)
    const isWatched = semantic === 'processing' && stepOnStage(regulation, stageId) !== undefined
    if (isWatched && open?.toMs !== null) spans.push({ fromMs: ms, toMs: null })
    if (!isWatched && open?.toMs === null) open.toMs = ms
  }
  const counted = spans.filter(span => span.toMs === null || span.toMs > span.fromMs)
  return counted.length === 0 ? null : { userId: responsibleId, spans: counted }
}

const isNoLead = (sourceId: string | null, { channels }: Regulation): boolean => sourceId !== null && channels.some(({ sources, isLeadSource }) => !isLeadSource && sources.includes(sourceId))
