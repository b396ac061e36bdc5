/** How managers work. Minutes are of the emulated clock. */
export type Character = 'diligent' | 'slow' | 'forgetful'

type Range = readonly [number, number]

export interface Habits {
  /** From getting a lead to the first attempt to reach the client. */
  readonly contactAfter: Range
  /** From one attempt to the next. */
  readonly retryAfter: Range
  /** From the conversation to writing the answers down. */
  readonly cardAfter: Range
  /** From one look at an unfinished lead to the next. */
  readonly lookAgainAfter: Range
  /** Share of cards that are filled completely at the first time. */
  readonly completeCard: number
  /** Share of tasks whose deadline is moved instead of being done, where the task allows it. */
  readonly movesDeadline: number
  /** Share of leads that are forgotten altogether until somebody reminds. */
  readonly forgets: number
}

export const habits: Readonly<Record<Character, Habits>> = {
  diligent: { contactAfter: [3, 14], retryAfter: [12, 25], cardAfter: [4, 18], lookAgainAfter: [15, 40], completeCard: 0.92, movesDeadline: 0, forgets: 0 },
  slow: { contactAfter: [22, 55], retryAfter: [40, 90], cardAfter: [45, 130], lookAgainAfter: [60, 140], completeCard: 0.5, movesDeadline: 0.35, forgets: 0.05 },
  forgetful: { contactAfter: [150, 330], retryAfter: [120, 260], cardAfter: [120, 300], lookAgainAfter: [150, 320], completeCard: 0.35, movesDeadline: 0, forgets: 0.3 },
}
