/** The registry that needs no network: it knows which numbers cannot be any, and of the others nothing. */
import { checkNumber } from '../domain/conversion/numbers.ts'
import type { Registry } from './registry.ts'

/** For a country without a connected registry. A well-formed number is unknown, never confirmed; so is any number of a country whose numbers cannot be checked. */
export const checksumRegistry = (country: string): Registry => ({
  country,
  lookUp: (number) => {
    const verdict = checkNumber(number, country)
    return Promise.resolve(verdict?.ok === false ? { kind: 'not-found', why: verdict.why } : { kind: 'unknown', why: 'not-connected' })
  },
})
