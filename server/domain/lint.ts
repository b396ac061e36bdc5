/** Finds what would keep a regulation from working on this portal. */
import type { Regulation } from './regulation.ts'
import { calendarProblems } from './lint/calendars.ts'
import { cardProblems } from './lint/card.ts'
import { conversionProblems } from './lint/conversion.ts'
import { missingThings } from './lint/missing.ts'
import { peopleProblems } from './lint/people.ts'
import type { PortalThings, Problem } from './lint/problem.ts'
import { settingProblems } from './lint/settings.ts'
import { stepProblems } from './lint/steps.ts'

export type { PortalThings, Problem } from './lint/problem.ts'

/** Every problem of a regulation, part by part. It can be published when none of them is an error. Never throws. */
export const lintRegulation = (regulation: Regulation, things: PortalThings): readonly Problem[] => [
  ...missingThings(regulation, things),
  ...stepProblems(regulation, things),
  ...peopleProblems(regulation, things),
  ...cardProblems(regulation),
  ...conversionProblems(regulation),
  ...calendarProblems(regulation, things),
  ...settingProblems(regulation),
]

/** What keeps it from being published. */
export const errorsIn = (problems: readonly Problem[]): readonly Problem[] => problems.filter(({ severity }) => severity === 'error')
