/** Taking a conversion back: what each step has left, in reverse. */
import type { FieldValue, LeadId, StageId } from '../lead.ts'
import type { TargetKind } from './facts.ts'
import type { Bound, ConversionStep, MeansDraft, Ref, StepResult } from './step.ts'

/** `key` is that of the step that is taken back. All ids are known ones. Repeating any of them changes nothing more. */
export type UndoStep = { readonly key: string } & (
  /** Back to the stage it was on, if it stands on `from` still. */
  | { readonly kind: 'reopen-lead'; readonly leadId: LeadId; readonly from: StageId; readonly to: StageId }
  /** `made`: what the conversion had bound it to. */
  | { readonly kind: 'unlink-lead'; readonly leadId: LeadId; readonly made: Links; readonly before: Links }
  /** Entries of the timelines. */
  | { readonly kind: 'delete-entries'; readonly ids: readonly number[] }
  | { readonly kind: 'unbind-activities' | 'unbind-tasks' | 'unbind-comments'; readonly bound: readonly Bound[] }
  | { readonly kind: 'unbind-quotes'; readonly ids: readonly number[]; readonly dealId: number }
  | { readonly kind: 'unlink-requisites'; readonly dealId: number; readonly requisitesId: number }
  | { readonly kind: 'remove-products'; readonly dealId: number; readonly ids: readonly number[] }
  | { readonly kind: 'delete-requisites'; readonly id: number }
  | { readonly kind: 'unlink-company'; readonly contactId: number; readonly companyId: number }
  /** Of an object that was there before: each field goes from what we wrote to what it was, where it still reads as we wrote it; links and `means` that we added go. */
  | { readonly kind: 'restore'; readonly object: TargetKind; readonly id: number; readonly fields: Readonly<Record<string, { readonly wrote: FieldValue; readonly before: FieldValue }>>; readonly means: readonly MeansDraft[]; readonly companyId: number | null; readonly contactIds: readonly number[] }
  /** Of an object that we made, if nobody has touched it since `updatedAt` (ISO 8601; null: not known). `linked`: objects from before that the conversion has linked with what it made. */
  | { readonly kind: 'delete'; readonly object: TargetKind; readonly id: number; readonly updatedAt: string | null; readonly after: Readonly<Record<string, FieldValue>>; readonly linked: readonly ObjectRef[] }
)

/** What somebody has done with a thing since, or hung on it. */
export type Touch =
  /** Other values; `names`: of the fields, `fm` for phones and addresses. */
  | { readonly what: 'fields'; readonly names: readonly string[] }
  | { readonly what: 'stage' | 'clients' | 'activities' | 'tasks' | 'comments' | 'products' | 'quotes' | 'invoices' | 'deals' | 'leads' | 'contacts' | 'requisites' | 'not-ours' }
  /** Untouched itself: it belongs to one that stays. */
  | { readonly what: 'used-by'; readonly object: TargetKind }

/** An object that stays, and why. */
export interface KeptObject extends ObjectRef { readonly by?: readonly Touch[] }

export interface ObjectRef { readonly object: TargetKind; readonly id: number }

interface Links { readonly companyId: number | null; readonly contactIds: readonly number[] }

/** Results by the key of their step. */
export type Results = Readonly<Record<string, StepResult>>

/**
 * What takes back the steps that have a result, in reverse order; steps without one have left nothing. Objects that were found by their mark
 * count as made by us. A deal, contact or company is removed only after all that hangs on it.
 */
export const undoOf = (steps: readonly ConversionStep[], results: Results): readonly UndoStep[] => {
  const linked = linkedOf(steps, results)
  const hasProducts = steps.some(({ kind, key }) => kind === 'products' && (results[key]?.ids ?? []).length > 0)
  return steps.toReversed().flatMap((step) => {
    const result = Object.hasOwn(results, step.key) ? results[step.key] : undefined
    return result === undefined ? [] : undoStep(step, result, ref => idOf(ref, results), { linked, hasProducts })
  })
}

const linkedOf = (steps: readonly ConversionStep[], results: Results): readonly ObjectRef[] => steps.flatMap((step): readonly ObjectRef[] => {
  if (!Object.hasOwn(results, step.key)) return []
  if (step.kind === 'change') return [{ object: step.object, id: step.id }]
  return step.kind === 'link-company' && typeof step.contact === 'number' ? [{ object: 'contact', id: step.contact }] : []
})

/** The id that a reference means; null when the step that it names has left none. */
export const idOf = (ref: Ref, results: Results): number | null => (typeof ref === 'number' ? ref : Object.hasOwn(results, ref.of) ? results[ref.of]?.id ?? null : null)

const undoStep = (step: ConversionStep, result: StepResult, idOfRef: (ref: Ref) => number | null, { linked, hasProducts }: { readonly linked: readonly ObjectRef[]; readonly hasProducts: boolean }): readonly UndoStep[] => {
  const { key } = step
  const links = ({ companyId, contactIds }: { readonly companyId: Ref | null; readonly contactIds: readonly Ref[] }): Links =>
    ({ companyId: companyId === null ? null : idOfRef(companyId), contactIds: contactIds.flatMap(ref => idOfRef(ref) ?? []) })
  switch (step.kind) {
    case 'check': return []
    // It stood there before the conversion.
    case 'finish-lead': return step.from === step.to ? [] : [{ key, kind: 'reopen-lead', leadId: step.leadId, from: step.to, to: step.from }]
    case 'link-lead': return [{ key, kind: 'unlink-lead', leadId: step.leadId, made: links(step), before: step.before }]
    case 'tell': return some(result.ids).map(ids => ({ key, kind: 'delete-entries', ids }))
    case 'bind-activities': case 'bind-tasks': case 'bind-comments': {
      const all = (result.ids ?? []).flatMap(id => step.to.flatMap(({ object, id: ref }) => {
        const objectId = idOfRef(ref)
        return objectId === null ? [] : [{ id, object, objectId }]
      }))
      return some(result.bound ?? all).map(bound => ({ key, kind: unbinding[step.kind], bound }))
    }
    case 'bind-quotes': return ofDeal(idOfRef(step.deal), dealId => some(result.ids).map(ids => ({ key, kind: 'unbind-quotes', ids, dealId })))
    case 'link-requisites': {
      const requisitesId = idOfRef(step.requisites)
      return ofDeal(idOfRef(step.deal), dealId => (requisitesId === null ? [] : [{ key, kind: 'unlink-requisites', dealId, requisitesId }]))
    }
    case 'products': return ofDeal(idOfRef(step.deal), dealId => some(result.ids).map(ids => ({ key, kind: 'remove-products', dealId, ids })))
    case 'requisites': return result.id === undefined ? [] : [{ key, kind: 'delete-requisites', id: result.id }]
    case 'link-company': {
      const [contactId, companyId] = [idOfRef(step.contact), idOfRef(step.company)]
      return contactId === null || companyId === null || result.found === true ? [] : [{ key, kind: 'unlink-company', contactId, companyId }]
    }
    case 'change': return [{
      key,
      kind: 'restore',
      object: step.object,
      id: step.id,
      fields: Object.fromEntries(Object.entries(step.fields).map(([name, { from, to }]) => [name, { wrote: valueIn(result.after, name, to), before: valueIn(result.before, name, from) }])),
      means: result.means ?? step.means,
      ...links(step),
    }]
    case 'create': return result.id === undefined ? [] : [{ key, kind: 'delete', object: step.object, id: result.id, updatedAt: result.updatedAt ?? null, after: leftBehind(step.object, result.after ?? {}, hasProducts), linked }]
  }
}

/** A sum that was not set by hand follows the products that came after it. */
const leftBehind = (object: TargetKind, after: Readonly<Record<string, FieldValue>>, hasProducts: boolean): Readonly<Record<string, FieldValue>> => {
  const isByHand = after['isManualOpportunity'] === 'Y' || after['isManualOpportunity'] === true
  if (object !== 'deal' || !hasProducts || isByHand) return after
  const { opportunity: _sum, ...rest } = after
  return rest
}

const unbinding = { 'bind-activities': 'unbind-activities', 'bind-tasks': 'unbind-tasks', 'bind-comments': 'unbind-comments' } as const

const valueIn = (values: StepResult['after'], name: string, otherwise: FieldValue): FieldValue => (values !== undefined && Object.hasOwn(values, name) ? values[name] ?? null : otherwise)

const ofDeal = (dealId: number | null, undo: (dealId: number) => readonly UndoStep[]): readonly UndoStep[] => (dealId === null ? [] : undo(dealId))

/** The list in a list, or nothing when it is empty. */
const some = <T>(list: readonly T[] | undefined): readonly (readonly T[])[] => (list === undefined || list.length === 0 ? [] : [list])

/**
 * What is left of a part of the undoing when these objects stay: what hangs on one of them stays with it. Null: nothing is left of it.
 * `steps`, `results`: those that `undoOf` was given.
 */
export const sparing = (undo: UndoStep, kept: readonly ObjectRef[], steps: readonly ConversionStep[], results: Results): UndoStep | null => {
  const stays = (object: TargetKind, id: number | null): boolean => kept.some(one => one.object === object && one.id === id)
  const step = steps.find(({ key }) => key === undo.key)
  switch (undo.kind) {
    case 'unbind-activities': case 'unbind-tasks': case 'unbind-comments': {
      const bound = undo.bound.filter(({ object, objectId }) => !stays(object, objectId))
      return bound.length === 0 ? null : { ...undo, bound }
    }
    case 'unbind-quotes': case 'unlink-requisites': case 'remove-products': return stays('deal', undo.dealId) ? null : undo
    case 'delete-entries': return step?.kind === 'tell' && stays('deal', idOf(step.deal, results)) ? null : undo
    case 'delete-requisites': return step?.kind === 'requisites' && stays(step.ownerKind, idOf(step.owner, results)) ? null : undo
    case 'unlink-company': return stays('contact', undo.contactId) || stays('company', undo.companyId) ? null : undo
    case 'unlink-lead': {
      const made = spared(undo.made, stays)
      if (made === undo.made) return undo
      const { before } = undo
      return hasLinks({ companyId: made.companyId === before.companyId ? null : made.companyId, contactIds: made.contactIds.filter(id => !before.contactIds.includes(id)) }) ? { ...undo, made } : null
    }
    case 'restore': {
      const links = spared(undo, stays)
      if (links === undo) return undo
      return hasLinks(links) || Object.keys(undo.fields).length > 0 || undo.means.length > 0 ? { ...undo, ...links } : null
    }
    case 'delete': case 'reopen-lead': return undo
  }
}

/** Links to what stays are left alone. */
const spared = (links: Links, stays: (object: TargetKind, id: number | null) => boolean): Links => {
  const contactIds = links.contactIds.filter(id => !stays('contact', id))
  const companyId = stays('company', links.companyId) ? null : links.companyId
  return companyId === links.companyId && contactIds.length === links.contactIds.length ? links : { companyId, contactIds }
}

const hasLinks = ({ companyId, contactIds }: Links): boolean => companyId !== null || contactIds.length > 0

/** These objects with those that the conversion has made for them: a deal that stays keeps its contact and company, a contact its company. */
export const withTheirOwn = (kept: readonly KeptObject[], steps: readonly ConversionStep[], results: Results): readonly KeptObject[] => {
  const made = steps.flatMap(step => (step.kind === 'create' && results[step.key]?.id !== undefined ? [{ step, id: results[step.key]?.id }] : []))
  const all = [...kept]
  // Deal, contact, company: what one stands on was made before it.
  for (const { step, id } of made.toReversed()) {
    if (!all.some(one => one.object === step.object && one.id === id)) continue
    for (const [object, refs] of [['company', step.companyId === null ? [] : [step.companyId]], ['contact', step.contactIds]] as const)
      for (const ref of refs) {
        const owned = made.find(one => one.step.object === object && one.id === idOf(ref, results))
        if (owned?.id !== undefined && !all.some(one => one.object === object && one.id === owned.id)) all.push({ object, id: owned.id, by: [{ what: 'used-by', object: step.object }] })
      }
  }
  return all
}

/** The object that stays and keeps this part of the undoing with it; null: none does. */
export const keeperOf = (undo: UndoStep, kept: readonly ObjectRef[], steps: readonly ConversionStep[], results: Results): TargetKind | null =>
  kept.find(one => sparing(undo, [one], steps, results) !== undo)?.object ?? null
