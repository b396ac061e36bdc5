/** Robots of the portal's own automation that ask us, and what each is told. */
import type { Act } from './lead.ts'

export type RobotKind = Extract<Act, { token: string | null }>['kind']

/** Names of the values each robot returns (`answer-robot`): texts, numbers, `Y` or `N`. */
export const robotValues = {
  /** `complete`: Y or N · `missing`: how many answers are missing · `titles`: of what, by commas · `result`: `qualified`, `not-qualified` or empty. */
  'check-card': ['complete', 'missing', 'titles', 'result'],
  /** ISO 8601 instant, empty when no clock runs. */
  'start-deadline': ['dueAt'],
  /** User id, 0 when there is nobody. */
  'distribute': ['responsibleId'],
} as const satisfies Readonly<Record<RobotKind, readonly string[]>>
