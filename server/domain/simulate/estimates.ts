/** What a simulation cannot know and has to assume; said with every result. */
import type { Regulation } from '../regulation.ts'
import { countsLoads } from './before.ts'

export const estimates = [
  'answers', 'responsible', 'presence', 'day-open', 'calendar', 'people', 'delivery', 'clicks', 'task-closing', 'after-gate', 'deleted-leads',
  'leads-before', 'loads-before', 'loads-before-cut', 'day-begun', 'ledgers-before', 'misses-before', 'take-in-time', 'duplicates', 'gate-quotes', 'gate-requisites', 'stage-history', 'calls', 'activities-cut', 'conversions',
] as const
export type Estimate = typeof estimates[number]

/** What the reading of the past has met. */
export interface ReadingGaps {
  /** Leads without any stage history. */
  readonly withoutHistory: number
  /** Call statistics could not be read. */
  readonly withoutCalls: boolean
  /** Leads with more activities than are read. */
  readonly cut: number
  /** More leads were open when the time began than are read. */
  readonly beforeCut?: boolean
}

export const noGaps: ReadingGaps = { withoutHistory: 0, withoutCalls: false, cut: 0 }

export const addGaps = (a: ReadingGaps, b: ReadingGaps): ReadingGaps => ({
  withoutHistory: a.withoutHistory + b.withoutHistory,
  withoutCalls: a.withoutCalls || b.withoutCalls,
  cut: a.cut + b.cut,
  beforeCut: a.beforeCut === true || b.beforeCut === true,
})

/** `isDayBegun`: the time begins in the middle of a day. */
export const estimatesOf = (regulation: Regulation, gaps: ReadingGaps, isDayBegun = false): readonly Estimate[] => {
  const needs = new Set(regulation.steps.flatMap(({ gate }) => gate?.needs.map(({ kind }) => kind) ?? []))
  const holds: Readonly<Record<Estimate, boolean>> = {
    'answers': true, 'responsible': true, 'presence': true, 'day-open': true, 'calendar': true, 'people': true, 'delivery': true, 'clicks': true, 'task-closing': true,
    'after-gate': regulation.steps.some(({ gate }) => gate !== null),
    'deleted-leads': true,
    'leads-before': true,
    'loads-before': countsLoads(regulation),
    'loads-before-cut': gaps.beforeCut === true,
    'day-begun': isDayBegun && regulation.distribution.pools.some(({ limits }) => limits.perDay !== null),
    'ledgers-before': true,
    'misses-before': true,
    'take-in-time': regulation.distribution.takeWithin !== null,
    'duplicates': regulation.intake.duplicates.search,
    'gate-quotes': needs.has('quote'),
    'gate-requisites': needs.has('requisites'),
    'stage-history': gaps.withoutHistory > 0,
    'calls': gaps.withoutCalls,
    'activities-cut': gaps.cut > 0,
    'conversions': regulation.conversion.allowed,
  }
  return estimates.filter(one => holds[one])
}

/** The regulation without the needs of gates that the past does not tell of, which are taken for met, and without conversions of the application, which the past does not know. */
export const simulable = (regulation: Regulation): Regulation => ({
  ...regulation,
  conversion: { ...regulation.conversion, allowed: false },
  steps: regulation.steps.map(step => (step.gate === null ? step : { ...step, gate: { ...step.gate, needs: step.gate.needs.filter(({ kind }) => kind !== 'quote' && kind !== 'requisites') } })),
})
