import type { DepartmentId, FieldName, UserId } from '../lead.ts'
import type { Text, WorkingSpan } from './text.ts'

/** A set of the portal's lead sources and what applies to leads that come from them (S1-A4…A12, S3-10). */
export interface Channel {
  readonly id: string
  readonly name: Text
  /** The portal's ids of sources (`SOURCE_ID`). */
  readonly sources: readonly string[]
  /** False: what comes from here is no lead, and the regulation leaves it alone (S1-A4). */
  readonly isLeadSource: boolean
  /** True: leads from here only try the process out, and count in no figure: neither as misses nor as anybody's share or load (S0-2). */
  readonly isTest?: boolean
  /** Who handles it; null: the distribution's default pool (S1-A7, A8). */
  readonly handledBy: { readonly kind: 'pool'; readonly poolId: string } | { readonly kind: 'person'; readonly userId: UserId } | null
  /** What must be said about the source, e.g. «от кого», «тема рассылки» (S3-10); null: nothing. */
  readonly detail: { readonly field: FieldName; readonly title: Text; readonly required: boolean } | null
  /** Is a refusal asked for its reason (S1-A11)? For leads of this channel this alone decides, whatever `rejection.reasonRequired` says. */
  readonly reasonRequired: boolean
  /** Name of the class of deadlines; steps may have other spans for it. Null: the ordinary ones. */
  readonly deadlineClass: string | null
}

export interface Distribution {
  readonly pools: readonly Pool[]
  readonly defaultPoolId: string
  /** Who gets the lead and a task «назначить ответственного» when nobody of the pool is available (S1-D12). */
  readonly fallbackUserId: UserId
  /** Leave a responsible who was set by a person or an integration and who belongs to the pool. */
  readonly keepPoolMember: boolean
  /** Whoever called, or took the call, keeps the lead (S0-4). */
  readonly keepCaller: boolean
  /** A lead of a known client goes to that client's responsible (S2-6, S1-D6). */
  readonly keepClientResponsible: boolean
  /** Not contacted and not opened within so much working time: back to the pool, the next one (product, 2); null: stays. */
  readonly takeWithin: WorkingSpan | null
  /** How often a lead goes on to the next one before the fallback person gets it. */
  readonly takeRounds: number
  /** May members of the pool take a lead of nobody by themselves (S3-13). */
  readonly poolMayTake: boolean
  /** Field that holds the lead's region; null: regions are not looked at (S1-D18). */
  readonly regionField: FieldName | null
}

export interface Pool {
  readonly id: string
  readonly name: Text
  readonly members:
    | { readonly kind: 'department'; readonly departmentId: DepartmentId; readonly withHead: boolean }
    | { readonly kind: 'people'; readonly userIds: readonly UserId[] }
  readonly order: 'in-turn' | 'least-loaded' | 'weighted'
  /** Parts of the leads with `weighted`; 1 where left out, 0: none. */
  readonly weights: Readonly<Record<number, number>>
  /** Nobody gets more; null: no limit. */
  readonly limits: { readonly open: number | null; readonly perDay: number | null }
  /** Values of `regionField` that each person serves; people without an entry serve every region. */
  readonly regions: Readonly<Record<number, readonly string[]>>
}

/** What is looked at when a lead comes in (S1-D4…D9). */
export interface Intake {
  /** Template of the lead's title, e.g. `{company} – {interest}`; null: titles are left as they are (S2-4). */
  readonly titleTemplate: string | null
  /** Field that stands for `{interest}`; null: the channel's name. */
  readonly interestField: FieldName | null
  /** A lead without a source is asked for one (S1-D4). */
  readonly sourceRequired: boolean
  /** A company's number without a person is an interest and no lead yet (S1-D1, D2, D5). */
  readonly interests: 'ask-person' | 'ignore-rule'
  readonly duplicates: {
    readonly search: boolean
    /** Tell the responsible of the client, or of the older lead (S1-D6, D8). */
    readonly tellResponsible: boolean
  }
  /** ISO 3166-1 alpha-2 code of the country whose numbers are written without a code. */
  readonly defaultCountry: string
}
