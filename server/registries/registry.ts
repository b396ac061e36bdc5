/** State registries of organisations: who a taxpayer or registration number belongs to (S0-33, S0-34). */
import type { RegistryAnswer } from '../domain/conversion/setting.ts'

export type { RegistryAnswer } from '../domain/conversion/setting.ts'

/**
 * One registry of one country. It answers honestly: found, not found, or unknown when it could not be asked; it never throws, and never
 * takes silence for a wrong number.
 */
export interface Registry {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  lookUp(number: string): Promise<RegistryAnswer>
}

/** What the first registry that knows anything says; a number that cannot be one is told before anybody is asked. */
export const lookUpIn = async (registries: readonly Registry[], number: string): Promise<RegistryAnswer> => {
  const answers: RegistryAnswer[] = []
  for (const registry of registries) {
    const answer = await registry.lookUp(number)
    if (answer.kind === 'found') return answer
    answers.push(answer)
  }
  // One that could not be asked may be the one that knows it.
  return answers.find(({ kind }) => kind === 'unknown') ?? answers[0] ?? { kind: 'unknown', why: 'not-connected' }
}
