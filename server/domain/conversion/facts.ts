/** What a conversion is planned from: values only, read from the portal by `server/portal/conversion`. */
import type { FieldValue, LeadId, Semantic, StageId, UserId } from '../lead.ts'

export type TargetKind = 'deal' | 'contact' | 'company'
export const targetKinds: readonly TargetKind[] = ['company', 'contact', 'deal']

export interface FieldInfo {
  /** As the portal calls it; an opaque key here. */
  readonly name: string
  readonly title: string
  readonly type: 'text' | 'number' | 'money' | 'date' | 'datetime' | 'yesno' | 'list' | 'user' | 'link' | 'address' | 'file' | 'other'
  readonly multiple: boolean
  /** The portal refuses an object without it. */
  readonly required: boolean
  /** Set by the portal itself. */
  readonly readOnly: boolean
  /** Made by the customer or by an application. */
  readonly custom: boolean
  readonly options: readonly { readonly value: string; readonly title: string }[]
}

/** A phone, an address, a site or a messenger of a lead, contact or company. */
export interface Means {
  readonly kind: 'phone' | 'email' | 'web' | 'messenger'
  /** The portal's own type of it: `WORK`, `MOBILE` … */
  readonly valueType: string
  /** As it was typed. */
  readonly value: string
  /** To compare with: E.164, an address in lower case; null when it is not a right one. */
  readonly normal: string | null
  readonly extension: string | null
  /** Of phones, where the numbering plan tells it. */
  readonly nature: 'mobile' | 'fixed' | 'toll-free' | 'unknown'
  /** Contacts and companies of the portal that have it already, the ones named in `existing` included. */
  readonly usedBy: number
}

/** A contact or company that is bound to the lead, or found to be the same. */
export interface ExistingClient {
  readonly kind: 'contact' | 'company'
  readonly id: number
  readonly title: string
  readonly responsibleId: UserId | null
  /** `bound`: the lead is bound to it; `made`: it was made of this lead, by a conversion that was undone, or on the portal itself. */
  readonly by: readonly ('bound' | 'made' | 'phone' | 'email' | 'inn' | 'name')[]
  /** Values of all its fields, by field name. */
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly means: readonly Means[]
  /** Companies of a contact. */
  readonly companyIds: readonly number[]
}

/** An open deal of one of the existing clients, or one made from this lead. */
export interface ExistingDeal {
  readonly id: number
  readonly title: string
  readonly pipelineId: number
  readonly stageId: string
  readonly semantic: Semantic
  readonly responsibleId: UserId | null
  readonly companyId: number | null
  readonly contactIds: readonly number[]
  readonly leadId: number | null
  /** Made by a conversion of ours: its id; null for anybody else's. */
  readonly conversionId: string | null
  readonly fields: Readonly<Record<string, FieldValue>>
  /** Read where the lead has products and the deal may be used; else empty. */
  readonly products: readonly ProductRow[]
}

export interface Pipeline {
  readonly id: number
  readonly name: string
  /** In their order. */
  readonly stages: readonly { readonly id: string; readonly name: string; readonly semantic: Semantic }[]
}

export interface ProductRow {
  readonly name: string
  readonly productId: number | null
  readonly price: number
  readonly quantity: number
  /** The whole row as the portal gave it, to be given to the deal unchanged. */
  readonly row: Readonly<Record<string, string | number | null>>
}

/** What a template of requisites is for. */
export type RequisiteForm = 'company' | 'entrepreneur' | 'person'

export interface ConversionFacts {
  readonly lead: {
    readonly id: LeadId
    readonly title: string
    readonly stageId: StageId
    readonly semantic: Semantic
    readonly responsibleId: UserId | null
    readonly companyId: number | null
    readonly contactIds: readonly number[]
    /** Values of all its fields, by field name. */
    readonly fields: Readonly<Record<string, FieldValue>>
    readonly means: readonly Means[]
    readonly products: readonly ProductRow[]
    /** ISO 8601. */
    readonly updatedAt: string
  }
  readonly fields: Readonly<Record<'lead' | TargetKind, readonly FieldInfo[]>>
  readonly clients: readonly ExistingClient[]
  readonly deals: readonly ExistingDeal[]
  readonly pipelines: readonly Pipeline[]
  /** Templates of requisites of the portal by what they are for; without one no requisites are made. */
  readonly requisiteTemplates: Partial<Readonly<Record<RequisiteForm, number>>>
  /** The portal's own currency, ISO 4217: of sums that name none; null when it is not known. */
  readonly currency: string | null
  /** Taxpayer number as it stands in the lead, and whose requisites hold it already. */
  readonly inn: string | null
  readonly people: readonly { readonly id: UserId; readonly name: string; readonly active: boolean }[]
  /** Ids of what hangs on the lead and goes along. */
  readonly along: { readonly activities: readonly number[]; readonly tasks: readonly number[]; readonly comments: readonly number[]; readonly quotes: readonly number[] }
  /** The lead's success stage; null when the portal has none. */
  readonly successStageId: StageId | null
}
