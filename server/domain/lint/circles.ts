/** Ways through the steps that nobody has to take: those that come back to where they began would move a lead for ever. */
import type { Regulation, Step } from '../regulation.ts'
import { error } from './problem.ts'
import type { Problem } from './problem.ts'

/** A step that leads to its own stage by itself, and steps that lead to each other so, each circle once, at its first step. */
export const circleProblems = ({ steps }: Pick<Regulation, 'steps'>): readonly Problem[] => [
  ...steps.flatMap((step, index) => (['done', 'notQualified'] as const).flatMap(end => (isAutomatic(step, end) && step.leave[end]?.stageId === step.stageId ? [error(`steps.${index}.leave.${end}`, { kind: 'leads-to-itself' }, step.name)] : []))),
  ...steps.flatMap((step, index): readonly Problem[] => {
    const way = wayBack(steps, step)
    return way === null || way.some(one => steps.indexOf(one) < index) ? [] : [error(`steps.${index}.leave.done`, { kind: 'automatic-circle', steps: way.map(({ name }) => name) }, step.name)]
  }),
]

const isAutomatic = ({ leave }: Step, end: 'done' | 'notQualified'): boolean => leave[end]?.by === 'automatic'

/** The steps that a lead goes through by itself until it is on this one again; null: it does not come back. */
const wayBack = (steps: readonly Step[], first: Step): readonly Step[] | null => {
  const way = [first]
  for (let step: Step | undefined = first; step !== undefined && isAutomatic(step, 'done');) {
    const target: string | undefined = step.leave.done?.stageId
    if (target === step.stageId) return null
    step = steps.find(({ stageId }) => stageId === target)
    if (step === first) return way
    if (step === undefined || way.includes(step)) return null
    way.push(step)
  }
  return null
}
