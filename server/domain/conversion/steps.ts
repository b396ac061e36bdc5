/** Cuts a plan into steps, and gives it a text that tells whether two plans are the same to the person. */
import type { FieldValue } from '../lead.ts'
import { isActive } from './deal.ts'
import type { ConversionFacts, TargetKind } from './facts.ts'
import type { Plan, PlannedObject } from './plan.ts'
import type { ConversionStep, MeansDraft, Ref } from './step.ts'
import { personOf, textOf } from './words.ts'

/** What is written into the timelines; `tellWords(language)` of the sentences. */
export interface TellWords {
  /** In the deal: where it comes from. */
  readonly inDeal: (leadTitle: string) => string
  /** In a deal that was there already. */
  readonly inUsedDeal: (leadTitle: string) => string
  /** In the lead: what it has become. */
  readonly inLead: (titles: { readonly deal: string; readonly contact: string | null; readonly company: string | null }) => string
}

/**
 * The steps of a plan without lacks, each once, in order; references lead to earlier steps only, and the lead's success stage is last; after it comes nothing but a look.
 * A plan with lacks has none.
 */
export const stepsOf = (plan: Plan, facts: ConversionFacts, words: TellWords): readonly ConversionStep[] => {
  const deal = objectOf(plan, 'deal')
  if (plan.lacks.length > 0 || plan.successStageId === null || deal === undefined) return []
  const { lead, along } = facts
  const [company, contact] = [objectOf(plan, 'company'), objectOf(plan, 'contact')]
  const [dealRef, companyRef, contactRef] = [refOf(deal), company === undefined ? null : refOf(company), contact === undefined ? null : refOf(contact)]
  const contactIds: readonly Ref[] = [...(contactRef === null ? [] : [contactRef]), ...lead.contactIds.filter(id => id !== contactRef)]
  const ofLead = facts.deals.filter(({ leadId }) => leadId === lead.id).map(({ id }) => id)
  // One that is used is bound to the lead on the way.
  const knownDeals = deal.id === null || ofLead.includes(deal.id) ? ofLead : [...ofLead, deal.id]
  const check = (key: string): ConversionStep => ({ key, kind: 'check', leadId: lead.id, knownDeals, ...(plan.onSuccess === true ? { onSuccess: true } : {}) })
  const to = [{ object: 'deal' as const, id: dealRef }, ...(contactRef === null ? [] : [{ object: 'contact' as const, id: contactRef }]), ...(companyRef === null ? [] : [{ object: 'company' as const, id: companyRef }])]
  const ownCompanies = facts.clients.find(({ kind, id }) => kind === 'contact' && id === contact?.id)?.companyIds ?? []
  // A client's contact that belongs elsewhere stays there.
  const isLinking = contact?.action === 'use' && companyRef !== null && (plan.variant === 'organisation' ? !ownCompanies.some(own => own === companyRef) : ownCompanies.length === 0)
  const templateId = plan.requisites?.templateId ?? null
  const hasRequisites = plan.requisites !== null && templateId !== null && companyRef !== null
  const isLinked = (companyRef === null || companyRef === lead.companyId) && contactIds.every(ref => typeof ref === 'number' && lead.contactIds.includes(ref))
  return [
    check('check'),
    ...(company === undefined ? [] : objectSteps(company, plan, facts, null, [])),
    ...(contact === undefined ? [] : objectSteps(contact, plan, facts, contact.action === 'create' ? companyRef : null, [])),
    ...(isLinking && contactRef !== null ? [{ key: 'link-company', kind: 'link-company', contact: contactRef, company: companyRef } as const] : []),
    ...(hasRequisites ? [{ key: 'requisites', kind: 'requisites', owner: companyRef, ownerKind: 'company', templateId, name: company?.title ?? '', values: requisiteValues(plan, facts, company?.title ?? '') } as const] : []),
    ...(deal.action === 'create' ? [check('check-deal')] : []),
    ...objectSteps(deal, plan, facts, companyRef, contactIds),
    ...(deal.action === 'create' ? [check('check-after')] : []),
    ...(plan.products.length === 0 ? [] : [{ key: 'products', kind: 'products', deal: dealRef, rows: plan.products.map(({ row }) => row) } as const]),
    ...(hasRequisites ? [{ key: 'link-requisites', kind: 'link-requisites', deal: dealRef, requisites: { of: 'requisites' } } as const] : []),
    ...(along.activities.length === 0 ? [] : [{ key: 'activities', kind: 'bind-activities', ids: along.activities, to } as const]),
    ...(along.tasks.length === 0 ? [] : [{ key: 'tasks', kind: 'bind-tasks', ids: along.tasks, to } as const]),
    ...(along.comments.length === 0 ? [] : [{ key: 'comments', kind: 'bind-comments', ids: along.comments, to: to.slice(0, 1) } as const]),
    ...(along.quotes.length === 0 ? [] : [{ key: 'quotes', kind: 'bind-quotes', ids: along.quotes, deal: dealRef } as const]),
    ...(isLinked ? [] : [{ key: 'link-lead', kind: 'link-lead', leadId: lead.id, companyId: companyRef ?? lead.companyId, contactIds, before: { companyId: lead.companyId, contactIds: lead.contactIds } } as const]),
    { key: 'tell', kind: 'tell', deal: dealRef, leadId: lead.id, text: deal.action === 'use' ? words.inUsedDeal(lead.title) : words.inDeal(lead.title), leadText: words.inLead({ deal: deal.title, contact: contact?.title ?? null, company: company?.title ?? null }) },
    check('check-finish'),
    { key: 'finish-lead', kind: 'finish-lead', leadId: lead.id, to: plan.successStageId, from: lead.stageId },
    // Between the last look and the stage somebody may have converted it natively, and has made a deal.
    { key: 'check-end', kind: 'check', leadId: lead.id, knownDeals, onSuccess: true },
  ]
}

/**
 * A stable text of all that the screen has shown of a plan; two plans with the same text are the same to the person, in whatever order
 * their parts were put together. Long: store its checksum.
 */
export const planKey = ({ because: _because, variants: _variants, objects, means, nobody, staying = [], ...rest }: Plan): string => JSON.stringify(stable({
  ...rest,
  nobody: nobody?.map(({ id }) => id).toSorted((a, b) => a - b) ?? null,
  staying: staying.map(({ info, value }) => ({ name: info.name, value })),
  objects: objects.map(({ fields, candidates, title: _title, ...object }) => ({
    ...object,
    candidates: candidates.map(({ id }) => id).toSorted((a, b) => a - b),
    fields: fields.map(({ info, value, current, take }) => ({ name: info.name, value, current, take })),
  })),
  means: means.map(({ means: { kind, value }, to }) => ({ kind, value, to })),
}))

const stable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, part]) => [key, stable(part)]))
}

const objectOf = ({ objects }: Plan, kind: TargetKind): PlannedObject | undefined => objects.find(object => object.kind === kind)

/** The key of the step that makes an object is its kind. */
const refOf = ({ kind, id }: PlannedObject): Ref => id ?? { of: kind }

const objectSteps = (object: PlannedObject, plan: Plan, facts: ConversionFacts, companyId: Ref | null, contactIds: readonly Ref[]): readonly ConversionStep[] => {
  const { kind, id } = object
  const taken = object.fields.filter(({ take }) => take)
  const means = meansFor(kind, plan)
  const names = taken.filter(({ info }) => info.type === 'file').map(({ info }) => info.name)
  const files = names.length === 0 ? {} : { files: { leadId: facts.lead.id, names } }
  if (id === null) return [{ key: kind, kind: 'create', object: kind, fields: { ...Object.fromEntries(taken.map(({ info, value }) => [info.name, value])), ...ownFields(kind, plan, facts) }, ...files, means, companyId, contactIds }]
  const fields = { ...Object.fromEntries(taken.map(({ info, value, current }) => [info.name, { from: current, to: value }])), ...(kind === 'deal' ? dealChanges(id, plan, facts) : {}) }
  const links = kind === 'deal' ? missingLinks(id, facts, companyId, contactIds) : { companyId: null, contactIds: [] }
  const isNothing = Object.keys(fields).length === 0 && means.length === 0 && links.companyId === null && links.contactIds.length === 0
  return isNothing ? [] : [{ key: kind, kind: 'change', object: kind, id, fields, ...files, means, ...links }]
}

const meansFor = (kind: TargetKind, { means }: Plan): readonly MeansDraft[] =>
  means.flatMap(({ means: { kind: sort, valueType, value }, to }) => (kind !== 'deal' && (to === kind || to === 'both') ? [{ kind: sort, valueType, value }] : []))

/** A contact and a company are of whoever has won them; the deal's responsible may be another one (S1-D15, S3-13). */
const ownFields = (kind: TargetKind, { deal }: Plan, facts: ConversionFacts): Readonly<Record<string, FieldValue>> => {
  const responsibleId = kind !== 'deal' && isActive(facts, facts.lead.responsibleId) ? facts.lead.responsibleId : deal.responsibleId
  return {
    leadId: facts.lead.id,
    ...(responsibleId === null ? {} : { assignedById: responsibleId }),
    ...(kind === 'deal' ? { categoryId: deal.pipelineId, stageId: deal.stageId } : {}),
  }
}

/** The link to the lead where the deal has none, and another responsible where one was chosen. */
const dealChanges = (id: number, { deal }: Plan, { lead, deals }: ConversionFacts): Readonly<Record<string, { readonly from: FieldValue; readonly to: FieldValue }>> => {
  const existing = deals.find(one => one.id === id)
  if (existing === undefined) return {}
  return {
    ...(existing.leadId === null ? { leadId: { from: null, to: lead.id } } : {}),
    ...(deal.responsibleId === null || deal.responsibleId === existing.responsibleId ? {} : { assignedById: { from: existing.responsibleId, to: deal.responsibleId } }),
  }
}

/** A deal that has a company keeps it. */
const missingLinks = (id: number, { deals }: ConversionFacts, companyId: Ref | null, contactIds: readonly Ref[]): { readonly companyId: Ref | null; readonly contactIds: readonly Ref[] } => {
  const existing = deals.find(one => one.id === id)
  return {
    companyId: existing?.companyId === null ? companyId : null,
    contactIds: contactIds.filter(ref => typeof ref !== 'number' || existing?.contactIds.includes(ref) !== true),
  }
}

const requisiteValues = ({ requisites }: Plan, { lead }: ConversionFacts, title: string): Readonly<Record<string, string>> => {
  const person = requisites?.form === 'entrepreneur' && personOf(lead) !== '' ? { lastName: textOf(lead, 'lastName'), firstName: textOf(lead, 'name'), secondName: textOf(lead, 'secondName') } : {}
  return Object.fromEntries(Object.entries({ inn: requisites?.inn ?? '', name: title, fullName: requisites?.fullName ?? '', ...person }).filter(([, value]) => value !== ''))
}
