/** Proposes how a lead is converted (S0-27…35, S1-D15, S2-14, S3-25). */
import type { FieldValue } from '../lead.ts'
import { blockedBy } from './blocked.ts'
import { answerFields, stayingOf } from './answers.ts'
import { kindsOf, mayBeNobody, usesFor, usesOf } from './clients.ts'
import type { Use } from './clients.ts'
import { dealOf } from './deal.ts'
import type { ConversionFacts, ExistingClient, ExistingDeal, TargetKind } from './facts.ts'
import { fieldsFor } from './fields.ts'
import { meansOf, undecidedMeans } from './means.ts'
import type { Owners } from './means.ts'
import type { Choices, Lack, Plan, PlannedField, PlannedMeans, PlannedObject } from './plan.ts'
import { productsFor } from './products.ts'
import { innOf, requisitesOf } from './requisites.ts'
import type { ConversionSetting } from './setting.ts'
import { variantOf } from './variant.ts'

/**
 * The plan of a conversion: what the person has chosen stands, the rest is proposed. The same arguments give the same plan. Never throws;
 * what keeps it from being carried out is in `lacks`, in the order of the screen.
 */
export const proposePlan = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices): Plan => {
  const found = usesOf(facts, choices)
  const proposed = variantOf(facts, setting, choices, found)
  const uses = usesFor(proposed.variant, found, facts)
  const kinds = kindsOf(proposed.variant, uses, facts, choices)
  const planned = kinds.map(kind => plannedObject(kind, uses[kind], facts, setting, choices))
  const owners: Owners = {
    ...(kinds.includes('contact') ? { contact: uses.contact.existing } : {}),
    ...(kinds.includes('company') ? { company: uses.company.existing } : {}),
  }
  const means = meansOf(facts, setting, choices, owners)
  const { deal, lacks: dealLacks } = dealOf(facts, setting, choices, uses.deal.existing)
  const hasCompany = kinds.includes('company') && proposed.variant === 'organisation'
  const { verdict } = innOf(facts, setting, choices)
  const requisites = hasCompany ? requisitesOf(facts, setting, choices, uses.company.existing) : null
  const hasInn = requisites !== null || (kinds.includes('company') && uses.company.existing?.by.includes('inn') === true)
  const products = productsFor(facts.lead, uses.deal.existing)
  const isOptional = mayBeNobody(proposed.variant, uses, facts)
  const { activities, tasks, comments, quotes } = facts.along
  return {
    ...proposed,
    objects: planned.map(({ object }) => object),
    ...(isOptional ? { mayBeNobody: true } : {}),
    ...(isOptional && !kinds.includes('contact') ? { nobody: uses.contact.candidates } : {}),
    means,
    staying: stayingOf(facts, setting, new Set([...planned.flatMap(({ sources }) => sources), ...(hasInn ? answerFields(setting, 'inn') : [])])),
    deal,
    requisites,
    products: products.added,
    ...(products.there.length === 0 ? {} : { productsThere: products.there }),
    along: { activities: activities.length, tasks: tasks.length, comments: comments.length, quotes: quotes.length },
    successStageId: facts.successStageId,
    ...(facts.lead.semantic === 'success' ? { onSuccess: true } : {}),
    lacks: [
      ...blockedBy(facts, setting),
      ...planned.flatMap(({ lacks }) => lacks),
      ...kinds.flatMap(kind => (kind === 'deal' ? [] : meansLacks(kind, uses[kind].existing, means, facts))),
      ...undecidedMeans(means, choices),
      ...dealLacks,
      ...(requisites !== null && verdict?.ok === false ? [{ kind: 'inn', why: verdict.why } as const] : []),
    ],
  }
}

const plannedObject = (kind: TargetKind, { existing, isNew, undecided, byName, candidates }: Use<ExistingClient | ExistingDeal>, facts: ConversionFacts, setting: ConversionSetting, choices: Choices): { readonly object: PlannedObject; readonly lacks: readonly Lack[]; readonly sources: readonly string[] } => {
  // Nobody can say which fields are to be filled before it is known of what.
  if (undecided > 0 && !isNew) return { object: { kind, action: 'use', id: null, title: '', fields: [], candidates }, lacks: [{ kind: 'choice', object: kind, count: undecided, ...(byName === true ? { byName } : {}) }], sources: [] }
  const { fields, lacks, sources } = fieldsFor(kind, existing, facts, setting, choices)
  const object = { kind, action: existing === null ? 'create' as const : 'use' as const, id: existing?.id ?? null, title: existing?.title ?? titleOf(kind, fields), fields, candidates }
  return { object, lacks, sources }
}

const titleOf = (kind: TargetKind, fields: readonly PlannedField[]): string => {
  const taken = (name: string): FieldValue => fields.find(field => field.info.name === name && field.take)?.value ?? null
  return (kind === 'contact' ? ['lastName', 'name', 'secondName'] : ['title']).flatMap(name => taken(name) ?? []).join(' ')
}

/** Where the portal wants a phone or an e-mail of every new contact or company. */
const meansLacks = (kind: 'contact' | 'company', existing: ExistingClient | null, planned: readonly PlannedMeans[], facts: ConversionFacts): readonly Lack[] =>
  facts.fields[kind].flatMap(({ name, title, required, readOnly }): readonly Lack[] => {
    if (!required || readOnly || existing !== null || (name !== 'phone' && name !== 'email')) return []
    return planned.some(({ means, to }) => means.kind === name && (to === kind || to === 'both')) ? [] : [{ kind: 'field', object: kind, name, title }]
  })
