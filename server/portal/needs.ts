/** What a look has to find out besides the leads themselves: each of these may cost a request, so only what some rule asks for. */
import type { Duplicate, FieldName, LeadId } from '../domain/lead.ts'
import type { Gate } from '../domain/regulation.ts'

export interface Needs {
  /** Bound contacts and companies with their responsible people. */
  readonly clients: boolean
  /** Null: no search. */
  readonly duplicates: DuplicateSearch | null
  readonly quotes: boolean
  readonly requisites: boolean
  /** Results of our tasks. */
  readonly summaries: boolean
}

export interface DuplicateSearch {
  /** ISO 3166-1 alpha-2 code of the country whose numbers are written without a code. */
  readonly country: string
  /** Lead field that holds the taxpayer number; null: it is not searched for. */
  readonly innField: FieldName | null
  /** Earlier searches: the same key is not searched for again. */
  readonly known: ReadonlyMap<LeadId, FoundDuplicates>
}

export interface FoundDuplicates {
  /** `searchKey` of the lead that was searched for. */
  readonly key: string
  readonly found: readonly Duplicate[]
  /** Who answers for what was found, and whether it is open, is read again. */
  readonly isOld?: boolean
}

export const nothingNeeded: Needs = { clients: false, duplicates: null, quotes: false, requisites: false, summaries: false }

/** What has to be found out to show how one gate stands. */
export const needsOfGate = (gate: Gate | null | undefined): Needs => ({
  ...nothingNeeded,
  quotes: gate?.needs.some(({ kind }) => kind === 'quote') === true,
  requisites: gate?.needs.some(({ kind }) => kind === 'requisites') === true,
})
