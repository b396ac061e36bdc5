/** Every field from → to, with what stands there already (S0-30, S0-35, S2-18). */
import type { FieldValue } from '../lead.ts'
import type { ConversionFacts, FieldInfo, TargetKind } from './facts.ts'
import type { Choices, Lack, PlannedField } from './plan.ts'
import type { ConversionSetting } from './setting.ts'
import { answeredSum } from './answers.ts'
import { alwaysNeeded, ownedFields, personNames, standardWays, technicalFields } from './standard-fields.ts'
import { carried, isFilled, isSameValue, plainTitle, typed } from './values.ts'
import { namesOf, personOf, textOf } from './words.ts'

export interface PlannedFields {
  readonly fields: readonly PlannedField[]
  readonly lacks: readonly Lack[]
  /** Lead fields that something is proposed from, or that are the same there already. */
  readonly sources: readonly string[]
}

interface Proposal { readonly from: string | null; readonly value: FieldValue; readonly source?: string }

/**
 * Fields of one object: those the lead has something for, those somebody has typed, and obligatory ones. What an existing object holds
 * already is kept unless chosen otherwise; what is the same there is left out. How a sum is kept follows the sum, and so does the currency
 * of a deal that has none yet.
 */
export const fieldsFor = (kind: TargetKind, existing: { readonly fields: Readonly<Record<string, FieldValue>> } | null, facts: ConversionFacts, setting: ConversionSetting, choices: Choices): PlannedFields => {
  const infos = facts.fields[kind].filter(({ name, readOnly }) => !readOnly && !ownedFields[kind].has(name))
  const proposals = proposalsFor(kind, existing === null, infos, facts, setting)
  const choiceOf = (name: string) => (Object.hasOwn(choices.fields ?? {}, `${kind}.${name}`) ? choices.fields?.[`${kind}.${name}`] : undefined)
  const nameless = existing === null && kind === 'contact' ? needsName(infos, proposals, choiceOf) : null
  const lacks: Lack[] = []
  const fields = inOrder(kind, infos).flatMap((info): readonly PlannedField[] => {
    const { name, title } = info
    const choice = choiceOf(name)
    const own = choice !== undefined && 'value' in choice ? typed(info, choice.value) : null
    const proposal: Proposal = own === null ? proposals.get(name) ?? nothing : { from: null, value: own.value }
    const current = name === 'opportunity' && Number(existing?.fields[name]) === 0 ? null : existing?.fields[name] ?? null
    const isSame = isSameValue(info, proposal.value, current)
    const differs = isFilled(current) && isFilled(proposal.value) && !isSame
    const conflict = differs && !technicalFields.has(name)
    const wanted = choice !== undefined && 'take' in choice ? choice.take : own !== null || !differs
    const take = wanted && isFilled(proposal.value) && !isSame
    const needed = info.required || alwaysNeeded[kind].includes(name) || nameless === name
    const lacking = needed && !take && !isFilled(current)
    if (own?.problem !== null && own !== null) lacks.push({ kind: 'value', object: kind, name, title, why: own.problem })
    else if (lacking) lacks.push({ kind: 'field', object: kind, name, title })
    const isShown = own !== null || lacking || (isFilled(proposal.value) && !isSame) || (existing === null && needed)
    return isShown ? [{ info, from: proposal.from, value: proposal.value, current, take, conflict, lacking }] : []
  })
  const sum = fields.find(({ info, take }) => info.name === 'opportunity' && take)
  const following = (field: PlannedField): PlannedField => {
    if (existing === null) return field
    if (field.info.name === 'isManualOpportunity') return { ...field, take: sum !== undefined }
    if (field.info.name !== 'currencyId' || !field.conflict || sum === undefined || isFilled(sum.current)) return field
    return { ...field, take: choiceOf('currencyId') === undefined || field.take, conflict: false }
  }
  return {
    fields: fields.map(following),
    lacks,
    sources: [...proposals.values()].flatMap(({ source }) => source ?? []),
  }
}

const nothing: Proposal = { from: null, value: null }

const proposalsFor = (kind: TargetKind, isNew: boolean, infos: readonly FieldInfo[], facts: ConversionFacts, setting: ConversionSetting): ReadonlyMap<string, Proposal> => {
  const { lead, fields } = facts
  const sources = new Map(fields.lead.map(info => [info.name, info]))
  const targets = new Map(infos.map(info => [info.name, info]))
  const found = new Map<string, Proposal>()
  const put = (from: FieldInfo, to: FieldInfo): void => {
    const value = carried(from, to, leadValue(lead, from.name))
    if (isFilled(value)) found.set(to.name, { from: from.title, value, source: from.name })
  }
  for (const way of standardWays) {
    const [from, to] = [sources.get(way.lead) ?? plainField(way.lead), targets.get(way.field)]
    if (way.to === kind && to !== undefined && (isNew || way.newOnly !== true)) put(from, to)
  }
  for (const { from, to } of customPairs(fields.lead, infos)) if (!found.has(to.name)) put(from, to)
  const sum = kind === 'deal' && targets.has('opportunity') && !found.has('opportunity') ? answeredSum(facts, setting) : null
  if (sum !== null) {
    found.set('opportunity', { from: sum.field.title, value: sum.amount, source: sum.field.name })
    if (sum.currency !== null && targets.has('currencyId')) found.set('currencyId', { from: sum.field.title, value: sum.currency, source: sum.field.name })
  }
  if (kind === 'company') {
    const title = companyTitle(facts, setting, isNew)
    if (title !== null && targets.has('title')) found.set('title', title)
  }
  return found
}

/** No sum is told as zero. */
const leadValue = (lead: ConversionFacts['lead'], name: string): FieldValue => {
  const value = name === 'title' ? lead.title : lead.fields[name] ?? null
  return name === 'opportunity' && Number(value) === 0 ? null : value
}

/** A standard field of the lead that was not described. */
const plainField = (name: string): FieldInfo => ({ name, title: name, type: 'text', multiple: false, required: false, readOnly: false, custom: false, options: [] })

/** As the registry has it (S0-33), as the lead calls the organisation, else a new one by the person himself. */
const companyTitle = ({ lead, fields }: ConversionFacts, { registry }: ConversionSetting, isNew: boolean): Proposal | null => {
  if (registry?.kind === 'found' && registry.name.trim() !== '') return { from: null, value: registry.name }
  const titled = (name: string): string => fields.lead.find(info => info.name === name)?.title ?? name
  const company = textOf(lead, 'companyTitle')
  if (company !== '') return { from: titled('companyTitle'), value: company, source: 'companyTitle' }
  const named = namesOf(lead)
  if (named !== null) return { from: titled(lead.title.includes(named) ? 'title' : 'lastName'), value: named }
  const person = isNew ? personOf(lead) : ''
  return person === '' ? null : { from: titled('lastName'), value: person }
}

/** A lead's own fields and their like: of the same name, apart from the kind of object in it, else of the same title and type, if only one has it. */
const customPairs = (lead: readonly FieldInfo[], target: readonly FieldInfo[]): readonly { readonly from: FieldInfo; readonly to: FieldInfo }[] => {
  const own = lead.filter(({ custom }) => custom)
  return target.filter(({ custom }) => custom).flatMap((to) => {
    const name = plainName(to.name)
    const named = name === '' ? undefined : own.find(from => plainName(from.name) === name)
    if (named !== undefined) return [{ from: named, to }]
    const isLike = (info: FieldInfo): boolean => plainTitle(info.title) === plainTitle(to.title) && info.type === to.type
    const [titled, another] = own.filter(isLike)
    return titled === undefined || another !== undefined || plainTitle(to.title) === '' || target.filter(info => info.custom && isLike(info)).length > 1 ? [] : [{ from: titled, to }]
  })
}

const kindWords: ReadonlySet<string> = new Set(['uf', 'crm', 'ufcrm', 'lead', 'deal', 'contact', 'company'])
const plainName = (name: string): string => name.replace(/^ufCrm_?/, 'UF_CRM_').toLowerCase().split('_').filter(part => part !== '' && !kindWords.has(part)).join('_')

/** Standard fields as people read them, then the others in the portal's order. */
const inOrder = (kind: TargetKind, infos: readonly FieldInfo[]): readonly FieldInfo[] => {
  const places = new Map(standardWays.filter(({ to }) => to === kind).map(({ field }, index) => [field, index]))
  return infos.toSorted((a, b) => (places.get(a.name) ?? places.size) - (places.get(b.name) ?? places.size))
}

/** The name that has to be asked for when nothing of a person is known; null: he has one. */
const needsName = (infos: readonly FieldInfo[], proposals: ReadonlyMap<string, Proposal>, choiceOf: (name: string) => NonNullable<Choices['fields']>[string] | undefined): string | null => {
  const isNamed = personNames.some((name) => {
    const choice = choiceOf(name)
    return choice !== undefined && 'value' in choice ? isFilled(choice.value) : isFilled(proposals.get(name)?.value) && !(choice !== undefined && !choice.take)
  })
  return isNamed ? null : personNames.find(name => infos.some(info => info.name === name)) ?? null
}
