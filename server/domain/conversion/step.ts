/** A plan cut into steps that are carried out one after the other, each recorded before and after. Plain JSON. */
import type { FieldValue, LeadId, StageId } from '../lead.ts'
import type { TargetKind } from './facts.ts'

/** The id of an object: known, or that of an earlier step's result. */
export type Ref = number | { readonly of: string }

export interface MeansDraft { readonly kind: 'phone' | 'email' | 'web' | 'messenger'; readonly valueType: string; readonly value: string }

/** Fields that get copies of the lead's files, named as the plan had them. */
export interface LeadFiles { readonly leadId: LeadId; readonly names: readonly string[] }

export type ConversionStep = { readonly key: string } & (
  /** Nothing is made when the lead was converted by somebody else meanwhile. `knownDeals`: those of this lead that the person has seen; `onSuccess`: it stood there already. */
  | { readonly kind: 'check'; readonly leadId: LeadId; readonly knownDeals: readonly number[]; readonly onSuccess?: true }
  | { readonly kind: 'create'; readonly object: TargetKind; readonly fields: Readonly<Record<string, FieldValue>>; readonly files?: LeadFiles; readonly means: readonly MeansDraft[]; readonly companyId: Ref | null; readonly contactIds: readonly Ref[] }
  | { readonly kind: 'change'; readonly object: TargetKind; readonly id: number; readonly fields: Readonly<Record<string, { readonly from: FieldValue; readonly to: FieldValue }>>; readonly files?: LeadFiles; readonly means: readonly MeansDraft[]; readonly companyId: Ref | null; readonly contactIds: readonly Ref[] }
  | { readonly kind: 'link-company'; readonly contact: Ref; readonly company: Ref }
  /** `values`: `inn`, `name`, `fullName`, `firstName`, `secondName`, `lastName`, those that are known. */
  | { readonly kind: 'requisites'; readonly owner: Ref; readonly ownerKind: 'company' | 'contact'; readonly templateId: number; readonly name: string; readonly values: Readonly<Record<string, string>> }
  /** Added to those that the deal has. */
  | { readonly kind: 'products'; readonly deal: Ref; readonly rows: readonly Readonly<Record<string, string | number | null>>[] }
  | { readonly kind: 'link-requisites'; readonly deal: Ref; readonly requisites: Ref }
  | { readonly kind: 'bind-activities'; readonly ids: readonly number[]; readonly to: readonly { readonly object: TargetKind; readonly id: Ref }[] }
  | { readonly kind: 'bind-tasks'; readonly ids: readonly number[]; readonly to: readonly { readonly object: TargetKind; readonly id: Ref }[] }
  | { readonly kind: 'bind-comments'; readonly ids: readonly number[]; readonly to: readonly { readonly object: TargetKind; readonly id: Ref }[] }
  /** Offers made to the lead become the deal's. */
  | { readonly kind: 'bind-quotes'; readonly ids: readonly number[]; readonly deal: Ref }
  /** Links both ways, told in the timelines of the deal and of the lead. */
  | { readonly kind: 'tell'; readonly deal: Ref; readonly leadId: LeadId; readonly text: string; readonly leadText: string }
  | { readonly kind: 'link-lead'; readonly leadId: LeadId; readonly companyId: Ref | null; readonly contactIds: readonly Ref[]; readonly before: { readonly companyId: number | null; readonly contactIds: readonly number[] } }
  /** The lead's success stage, when everything is made; only a check comes after it. */
  | { readonly kind: 'finish-lead'; readonly leadId: LeadId; readonly to: StageId; readonly from: StageId }
)

/** An activity, task or comment (`id`) bound to an object. */
export interface Bound { readonly id: number; readonly object: TargetKind; readonly objectId: number }

/** What a step has left on the portal. Plain JSON. */
export interface StepResult {
  /** Of the object made or used. */
  readonly id?: number
  /** Values before a change, by field name; for its undoing. */
  readonly before?: Readonly<Record<string, FieldValue>>
  /** What we wrote, as the portal gave it back: an object that reads otherwise was touched since. */
  readonly after?: Readonly<Record<string, FieldValue>>
  /** Of `change`: those of its phones and addresses that were not there before. */
  readonly means?: readonly MeansDraft[]
  /** ISO 8601: the portal's own moment of the object's last change after our last write. */
  readonly updatedAt?: string
  /** Parts that the portal refused, in its words; the conversion goes on without them. */
  readonly refused?: readonly string[]
  /** Ids of what this step has made or bound, to take back. */
  readonly ids?: readonly number[]
  /** Of `bind-…`: the bindings that were not there before; one that was stays when the conversion is taken back. */
  readonly bound?: readonly Bound[]
  /** The object was there already, by its mark: an earlier attempt had made it. Of `link-company`: somebody had linked them before. */
  readonly found?: boolean
  /** Of a check: the conversion must not go on. `dealIds`: deals of this lead that are not ours. */
  readonly stop?: { readonly why: 'converted-elsewhere' | 'lead-closed' | 'lead-gone'; readonly dealIds: readonly number[] }
}

/** Steps whose refusal ends the conversion, and what was made is taken back. A refusal of any other is told at the end. */
export const essential: ReadonlySet<ConversionStep['kind']> = new Set<ConversionStep['kind']>(['check', 'create', 'change', 'finish-lead'])

/** The mark of what a conversion makes, found again after an answer that never came. */
export const markOfStep = (conversionId: string, key: string): string => `${conversionId}:${key}`
