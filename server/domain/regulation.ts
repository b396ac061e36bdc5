/** What an administrator has set, bound to one portal. Plain JSON: moments and spans are ISO 8601 text. */
import type { Card } from './regulation/card.ts'
import type { CalendarSetting, OwnCalendar } from './regulation/calendar.ts'
import type { Channel, Distribution, Intake } from './regulation/intake.ts'
import type { ConversionSettings, RequisiteSettings } from './regulation/outcome.ts'
import type { Attempts, ContactRules, Digest, Incidents, QuietHours, Rejection, Roles, Waiting } from './regulation/rules.ts'
import type { Step } from './regulation/step.ts'
import type { Text } from './regulation/text.ts'

export type * from './regulation/card.ts'
export type * from './regulation/calendar.ts'
export type * from './regulation/intake.ts'
export type * from './regulation/outcome.ts'
export type * from './regulation/rules.ts'
export type * from './regulation/step.ts'
export type * from './regulation/text.ts'

/** Number of the present shape; older ones are brought to it by `regulation/upgrade.ts`. */
export const currentSchema = 2

export interface Regulation {
  readonly schema: typeof currentSchema
  readonly name: Text
  readonly roles: Roles
  /** A source belongs to at most one channel; leads of other sources follow the regulation without a channel of their own. */
  readonly channels: readonly Channel[]
  readonly distribution: Distribution
  readonly intake: Intake
  readonly steps: readonly Step[]
  readonly card: Card
  readonly contact: ContactRules
  readonly attempts: Attempts
  readonly waiting: Waiting
  readonly rejection: Rejection
  readonly incidents: Incidents
  /** Messages wait while they last; null: at any hour. */
  readonly quietHours: QuietHours | null
  readonly digest: Digest | null
  readonly conversion: ConversionSettings
  readonly requisites: RequisiteSettings
  readonly calendar: CalendarSetting
  /** Calendars of single departments or people; a person's goes before his department's, that before `calendar`. */
  readonly calendars: readonly OwnCalendar[]
}
