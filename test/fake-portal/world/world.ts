import type { PortalState } from '../state.ts'

/** Who changed something: a person, or null for automation (form, robot, telephony), whose events carry no tokens. */
export interface Cause {
  readonly userId: number | null
  /** `auth_connector` of a REST call: its changes are kept out of the offline queue of the same connector. */
  readonly connector?: string
}

/** Nested text values of an event, as they are posted under `data`. */
export type EventData = string | number | null | { readonly [key: string]: EventData }

/** What changes of a portal need around its state. */
export interface World {
  readonly state: PortalState
  /** Milliseconds since 1970 by the emulator's clock. */
  now(): number
  /** Time zone of the portal, for every moment it shows. */
  readonly timeZone: string
  /** Tells whoever subscribed; `subject` is what the offline queue keeps one record of. */
  fire(event: string, data: EventData, cause: Cause): void
}

/** The person a change is written under: automation works in the name of the first administrator. */
export const authorOf = (world: World, cause: Cause): number =>
  cause.userId ?? [...world.state.users.values()].find(user => user.isAdmin)?.id ?? 0
