/** What the regulation and the moment say to a conversion, besides the facts of the portal. */
import type { Language } from '../sentences.ts'
import type { Regulation } from '../regulation.ts'

/** What a registry of organisations says of a number; the providers are in `server/registries`. */
export type RegistryAnswer =
  | { readonly kind: 'found'; readonly name: string; readonly fullName: string | null; readonly form: 'company' | 'entrepreneur'; readonly phones: readonly string[]; readonly emails: readonly string[] }
  /** The number is well formed and the registry knows nobody of it, or the number cannot be one. */
  | { readonly kind: 'not-found'; readonly why: 'nobody' | 'length' | 'digits' | 'checksum' }
  /** No registry connected, or it did not answer: never a reason to refuse (S0-34). */
  | { readonly kind: 'unknown'; readonly why: 'not-connected' | 'no-answer' }

export interface ConversionSetting {
  readonly regulation: Pick<Regulation, 'conversion' | 'card' | 'steps' | 'intake' | 'requisites'>
  /** Id of the regulation's step on which the lead stands; null: on none. */
  readonly stepId: string | null
  /** Needs of the gate in front of the conversion that are not met, in words for a person. */
  readonly unmet: readonly string[]
  /** What a registry said of the number that is planned with; null: nobody was asked. Phones as E.164, addresses in lower case. */
  readonly registry: RegistryAnswer | null
  /** For titles of questions, options and steps. */
  readonly language: Language
}
