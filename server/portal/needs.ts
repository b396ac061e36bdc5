/** What a look has to find out besides the leads themselves: each of these may cost a request, so only what some rule asks for. */
import type { Duplicate, FieldName, LeadId } from '../domain/lead.ts'

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
}

export const nothingNeeded: Needs = { clients: false, duplicates: null, quotes: false, requisites: false, summaries: false }
