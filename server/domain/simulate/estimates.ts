/** What a simulation cannot know and has to assume; said with every result. */
import type { Regulation } from '../regulation.ts'

export const estimates = [
  'answers', 'responsible', 'presence', 'day-open', 'calendar', 'people', 'delivery', 'clicks', 'task-closing', 'after-gate', 'deleted-leads',
  'take-in-time', 'duplicates', 'gate-quotes', 'gate-requisites', 'stage-history', 'calls', 'activities-cut',
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
}

export const noGaps: ReadingGaps = { withoutHistory: 0, withoutCalls: false, cut: 0 }

export const estimatesOf = (regulation: Regulation, gaps: ReadingGaps): readonly Estimate[] => {
  const needs = new Set(regulation.steps.flatMap(({ gate }) => gate?.needs.map(({ kind }) => kind) ?? []))
  const holds: Readonly<Record<Estimate, boolean>> = {
    'answers': true, 'responsible': true, 'presence': true, 'day-open': true, 'calendar': true, 'people': true, 'delivery': true, 'clicks': true, 'task-closing': true,
    'after-gate': regulation.steps.some(({ gate }) => gate !== null),
    'deleted-leads': true,
    'take-in-time': regulation.distribution.takeWithin !== null,
    'duplicates': regulation.intake.duplicates.search,
    'gate-quotes': needs.has('quote'),
    'gate-requisites': needs.has('requisites'),
    'stage-history': gaps.withoutHistory > 0,
    'calls': gaps.withoutCalls,
    'activities-cut': gaps.cut > 0,
  }
  return estimates.filter(one => holds[one])
}

/** The regulation without the needs of gates that the past does not tell of: they are taken for met. */
export const simulable = (regulation: Regulation): Regulation => ({
  ...regulation,
  steps: regulation.steps.map(step => (step.gate === null ? step : { ...step, gate: { ...step.gate, needs: step.gate.needs.filter(({ kind }) => kind !== 'quote' && kind !== 'requisites') } })),
})
