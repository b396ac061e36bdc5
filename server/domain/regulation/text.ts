/** ISO 8601 duration of working time, e.g. `PT30M`, `PT4H`. Days are not allowed: a day's length differs. */
export type WorkingSpan = string

/** Text in the customer's languages; `ru` is always there. */
export interface Text {
  readonly ru: string
  readonly en?: string
}
