/** One sentence for each reason of a group. */
import type { Reason } from '../command.ts'
import type { Words } from './words.ts'

export type Sayings<Group extends Reason> = { readonly [Rule in Group['rule']]: (reason: Extract<Group, { rule: Rule }>, words: Words) => string }

/** The sentence of a reason that its group knows. */
export const say = <Group extends Reason>(sayings: Sayings<Group>, reason: Group, words: Words): string => {
  const saying = sayings[reason.rule as Group['rule']] as (reason: Group, words: Words) => string
  return saying(reason, words)
}
