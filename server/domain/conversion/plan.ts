/** The plan of a conversion, as data (S0-27…35, S1-D15…17, S2-14…18, S3-25…29). Made by `propose.ts` from facts, settings and what the person has decided. */
import type { FieldValue, StageId, UserId } from '../lead.ts'
import type { Question } from '../regulation.ts'
import type { ExistingClient, FieldInfo, Means, ProductRow, RequisiteForm, TargetKind } from './facts.ts'

/** `person`: deal and contact; `organisation`: deal, contact and company; `client`: a deal of an existing client (S0-29). */
export type Variant = 'person' | 'organisation' | 'client'

/** What the person has decided on the screen; what is left out is proposed. Plain JSON. */
export interface Choices {
  readonly variant?: Variant
  /** An existing one's id instead of a new object; `none`: a company that is the client gets no person. */
  readonly use?: { readonly contact?: number | 'new' | 'none'; readonly company?: number | 'new'; readonly deal?: number | 'new' }
  /** By `deal.title`, `contact.UF_CRM_1` …: take the proposed value or keep what is there, or a value of one's own. */
  readonly fields?: Readonly<Record<string, { readonly take: boolean } | { readonly value: FieldValue }>>
  /** By `meansKey`. */
  readonly means?: Readonly<Record<string, MeansTo>>
  readonly pipelineId?: number
  readonly dealStageId?: string
  readonly responsibleId?: UserId
  /** Taxpayer number typed on the screen; empty: none. */
  readonly inn?: string
  readonly form?: Exclude<RequisiteForm, 'person'>
}

export type MeansTo = 'contact' | 'company' | 'both' | 'none'

/** Names a phone or address of the lead within a plan: kind and typed value. */
export const meansKey = ({ kind, value }: Pick<Means, 'kind' | 'value'>): string => `${kind} ${value}`

export interface PlannedField {
  readonly info: FieldInfo
  /** Title of the lead's field the value comes from; null: set by a rule or typed on the screen. */
  readonly from: string | null
  /** What is proposed or typed; null: nothing. */
  readonly value: FieldValue
  /** What stands in the existing object; null for a new one. */
  readonly current: FieldValue
  readonly take: boolean
  /** An existing object holds something else: somebody has to choose. Kept unless chosen otherwise. */
  readonly conflict: boolean
  /** Obligatory and empty. */
  readonly lacking: boolean
}

export interface PlannedObject {
  readonly kind: TargetKind
  /** `use`: an existing one, changed where `fields` say so. */
  readonly action: 'create' | 'use'
  readonly id: number | null
  readonly title: string
  readonly fields: readonly PlannedField[]
  /** Existing ones that may be used instead, best first. */
  readonly candidates: readonly { readonly id: number; readonly title: string; readonly because: CandidateBecause }[]
}

export type CandidateBecause = 'bound' | 'phone' | 'email' | 'inn' | 'name' | 'made-from-lead' | 'open-deal'

export interface PlannedMeans {
  readonly means: Means
  readonly to: MeansTo
  /** Why this is proposed (S0-32). */
  readonly hint: 'mobile' | 'city' | 'toll-free' | 'has-extension' | 'registry' | 'used-by-several' | 'already-there' | 'at-company' | 'wrong' | 'shared-mail' | 'corporate-mail' | 'free-mail' | 'no-company' | 'no-contact' | 'none'
  /** Those it may go to in this variant. */
  readonly options: readonly MeansTo[]
}

export type VariantBecause =
  | { readonly why: 'chosen' }
  | { readonly why: 'bound-client'; readonly title: string }
  /** `by`: what is the same, the strongest first. */
  | { readonly why: 'found-client'; readonly title: string; readonly by: readonly Exclude<ExistingClient['by'][number], 'bound' | 'name'>[] }
  | { readonly why: 'answer'; readonly question: string; readonly answer: string }
  | { readonly why: 'entrepreneur' | 'organisation-name'; readonly title: string }
  | { readonly why: 'inn'; readonly inn: string }
  | { readonly why: 'setting' }
  | { readonly why: 'nothing-of-organisation' }

export type Lack =
  | { readonly kind: 'field'; readonly object: TargetKind; readonly name: string; readonly title: string }
  | { readonly kind: 'value'; readonly object: TargetKind; readonly name: string; readonly title: string; readonly why: 'not-a-number' | 'not-a-date' | 'not-an-option' }
  /** Several existing ones, or some that only have the same name: one of them, or a new one, has to be chosen. */
  | { readonly kind: 'choice'; readonly object: TargetKind; readonly count: number; readonly byName?: true }
  | { readonly kind: 'inn'; readonly why: 'length' | 'digits' | 'checksum' }
  | { readonly kind: 'means'; readonly key: string }
  | { readonly kind: 'pipeline' | 'stage' | 'responsible' }
  /** Nothing here mends it. */
  | { readonly kind: 'blocked'; readonly why: 'not-allowed' | 'wrong-step' | 'gate' | 'already-converted' | 'lead-closed' | 'no-success-stage'; readonly detail: string | null }

/** An answer of the card that goes nowhere: no object of the plan has a field for it. */
export interface StayingAnswer {
  /** Title of the question. */
  readonly title: string
  readonly kind: Question['kind']
  /** The lead's field. */
  readonly info: FieldInfo
  readonly value: FieldValue
}

export interface Plan {
  readonly variant: Variant
  readonly because: VariantBecause
  /** Those the lead may become, the proposed one among them. */
  readonly variants: readonly Variant[]
  /** In the order in which they are made: company, contact, deal. */
  readonly objects: readonly PlannedObject[]
  /** Of a company that is the client: nobody of it has to be there; the contacts that may be. */
  readonly nobody?: PlannedObject['candidates']
  /** The contact may be left out, or is. */
  readonly mayBeNobody?: true
  readonly means: readonly PlannedMeans[]
  /** Answers of the card that only the lead has; older plans in the store do not tell. */
  readonly staying?: readonly StayingAnswer[]
  readonly deal: { readonly pipelineId: number; readonly stageId: string; readonly responsibleId: UserId | null }
  /** `fullName`: as the registry has it, left out where it was not told. */
  readonly requisites: { readonly form: Exclude<RequisiteForm, 'person'>; readonly inn: string; readonly templateId: number | null; readonly fullName?: string } | null
  /** Those that the deal gets. */
  readonly products: readonly ProductRow[]
  /** Products of the lead that the deal in use has already: they are not added to it. */
  readonly productsThere?: readonly ProductRow[]
  readonly along: { readonly activities: number; readonly tasks: number; readonly comments: number; readonly quotes: number }
  readonly successStageId: StageId | null
  /** The lead stands there already, and nothing was made of it. */
  readonly onSuccess?: true
  /** Empty: it can be carried out. */
  readonly lacks: readonly Lack[]
}
