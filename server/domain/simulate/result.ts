/** What a simulation has found: plain JSON, people and leads by their ids only. */
import type { Message, Reason } from '../command.ts'
import type { Moment } from '../watch.ts'
import type { Estimate } from './estimates.ts'

export interface Terms {
  readonly met: number
  readonly missed: number
}

export interface SimulationResult {
  /** The last moment that was looked at. */
  readonly until: Moment
  readonly looks: number
  readonly leads: {
    readonly read: number
    /** Came under a step. */
    readonly watched: number
    /** Still under one at the end. */
    readonly open: number
    readonly withoutChannel: number
    /** Of a source whose requests are no leads. */
    readonly leftAlone: number
    /** The rules could not be applied to them. */
    readonly failed: number
  }
  /** `byHour`: hour of the day at which the deadline fell due, in the calendar's zone. Channel `''`: none. */
  readonly deadlines: {
    readonly total: Terms
    readonly byPerson: Readonly<Record<string, Terms>>
    readonly byChannel: Readonly<Record<string, Terms>>
    readonly byHour: Readonly<Record<string, Terms>>
    readonly byStep: Readonly<Record<string, Terms>>
    readonly byTerm: Readonly<Record<string, Terms>>
  }
  /** `held`: put off by quiet hours. */
  readonly messages: {
    readonly total: number
    readonly held: number
    readonly byKind: Readonly<Partial<Record<Message, number>>>
    readonly byPerson: Readonly<Record<string, number>>
  }
  readonly escalations: { readonly total: number; readonly about: Readonly<Record<string, number>>; readonly to: Readonly<Record<string, number>> }
  /** Leads moved on past an unmet gate: sent back, or only told of. */
  readonly gates: { readonly stopped: number; readonly toldOnly: number; readonly byStep: Readonly<Record<string, number>>; readonly leadIds: readonly number[] }
  /** `chosen`: whom the rules would have given the leads; `had`: who had those leads. */
  readonly distribution: {
    readonly chosen: Readonly<Record<string, number>>
    readonly had: Readonly<Record<string, number>>
    readonly same: number
    readonly different: number
    readonly nobody: number
    readonly passedOn: number
    readonly byRule: Readonly<Record<string, number>>
  }
  /** Moves that the regulation would have made, and how many of them the lead made anyway as its next one. */
  readonly moves: { readonly wanted: number; readonly made: number }
  /** How often each rule has given a command. */
  readonly rules: Readonly<Partial<Record<Reason['rule'], number>>>
  readonly estimates: readonly Estimate[]
}

/** Leads that are named as examples. */
export const mostExamples = 100
