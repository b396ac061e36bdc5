/** Who does a step, and what the portal refuses of it. */
import type { StepResult } from '../../domain/conversion/step.ts'
import type { PortalError, PortalErrorCode } from '../error.ts'
import type { Portal } from '../portal.ts'
import type { Outcome } from '../rows.ts'

/** `own`: with the stored administrator's token, which sees what an earlier attempt has made; `person`: who makes it. */
export interface Hands {
  readonly own: Portal
  readonly person: Portal
}

export interface StepManner {
  readonly conversionId: string
  /** Attempts before this one: with any of them the effect may be there already. */
  readonly attempts: number
  /** What the steps before have left, by their keys. */
  readonly results: Readonly<Record<string, StepResult>>
  /** False: what an earlier attempt has made is looked for, and nothing is made. */
  readonly mayMake: boolean
}

const refusals: ReadonlySet<PortalErrorCode> = new Set(['access-denied', 'invalid', 'not-found'])

export const isRefusal = ({ code }: PortalError): boolean => refusals.has(code)

/** In the portal's words; its codes where it has none. */
export const wordsOf = ({ bitrixMessage, bitrixCode, code }: PortalError): string => bitrixMessage || bitrixCode || code

/**
 * What was refused of several calls, in the portal's words, each once. Rejects with what is passing: the step is tried again, and finds what
 * is done. `isDone` tells answers that say that there is nothing left to do.
 */
export const refusedOf = (outcomes: readonly Outcome[], isDone: (error: PortalError) => boolean = () => false): readonly string[] => {
  const words = new Set<string>()
  for (const outcome of outcomes) {
    if (outcome.ok || isDone(outcome.error)) continue
    if (!isRefusal(outcome.error)) throw outcome.error
    words.add(wordsOf(outcome.error))
  }
  return [...words]
}

/** Only what there is to tell. */
export const withRefused = (result: StepResult, refused: readonly string[]): StepResult => (refused.length === 0 ? result : { ...result, refused })
