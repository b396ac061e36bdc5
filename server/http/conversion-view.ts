/** A conversion as the screen shows it: its plan, how far it is, what undoing would do. Pure. */
import type { ConversionState, ConversionView, PlannedFieldView, PlannedObjectView, UndoView } from '../contract/conversion.ts'
import type { Language } from '../contract/session.ts'
import type { ConversionFacts, FieldInfo, TargetKind } from '../domain/conversion/facts.ts'
import { meansKey, type Lack, type Plan, type PlannedField, type PlannedObject } from '../domain/conversion/plan.ts'
import { technicalFields } from '../domain/conversion/standard-fields.ts'
import type { RegistryAnswer } from '../domain/conversion/setting.ts'
import type { Touch, UndoStep } from '../domain/conversion/undo.ts'
import { conversionWords } from '../domain/sentences/conversion.ts'
import { inQuotes } from '../domain/sentences/quotes.ts'
import { mayTakeBack, type UndoOutlook } from '../jobs/conversion-desk.ts'
import type { StoredConversion, StoredStep } from '../store/conversions.ts'
import { inWords, money, stayingInWords, toAnswer } from './conversion-values.ts'
import { keptBecause, notedInWords, toldOf } from './conversion-words.ts'
import { keptWords } from './undo-words.ts'

export interface ConversionReader {
  readonly language: Language
  /** Address of an item on the reader's portal. */
  readonly urlOf: (kind: 'lead' | TargetKind, id: number) => string
}

export const conversionView = (plan: Plan, facts: ConversionFacts, registry: RegistryAnswer | null, seen: string, reader: ConversionReader): ConversionView => {
  const words = conversionWords(reader.language)
  const problems = new Map(plan.lacks.flatMap(lack => (keyOf(lack) === null ? [] : [[keyOf(lack), words.lack(lack)] as const])))
  const { products, productsThere = [] } = plan
  const sum = products.reduce((total, { price, quantity }) => total + price * quantity, 0)
  const currency = currencyOf(facts)
  return {
    leadId: facts.lead.id,
    leadTitle: facts.lead.title,
    seen,
    variant: plan.variant,
    because: words.because(plan.because),
    variants: plan.variants.map(code => ({ code, ...words.variants[code] })),
    objects: objectViews(plan, facts, problems, reader),
    means: plan.means.map(({ means, to, hint, options }) => ({ key: meansKey(means), kind: means.kind, value: means.value, to, options: [...options], hint: words.hints[hint], onlyInLead: hint !== 'already-there' && hint !== 'at-company' && hint !== 'wrong', problem: problems.get(meansKey(means)) ?? null })),
    staying: (plan.staying ?? []).map(answer => ({ title: answer.title, value: stayingInWords(answer, facts, currency, reader.language) })),
    deal: {
      ...plan.deal,
      pipelines: facts.pipelines.map(({ id, name, stages }) => ({ id, name, stages: stages.filter(({ semantic }) => semantic === 'processing').map(stage => ({ id: stage.id, name: stage.name })) })),
      people: facts.people.filter(({ active }) => active).map(({ id, name }) => ({ id, name })),
    },
    requisites: plan.requisites === null
      ? null
      : { form: plan.requisites.form, inn: plan.requisites.inn, problem: problems.get('inn') ?? null, registry: { verdict: registry?.kind ?? 'unknown', sentence: words.registry(registry) } },
    products: { rows: products.map(({ name, quantity, price }) => ({ name, quantity, price: money(price, currency, reader.language) })), sum: products.length === 0 ? null : money(sum, currency, reader.language) },
    along: [...(productsThere.length === 0 ? [] : [words.productsThere(productsThere)]), ...words.along(plan.along)],
    lacks: plan.lacks.map(lack => ({ key: keyOf(lack), text: words.lack(lack), mendable: lack.kind !== 'blocked' })),
  }
}

/** The company comes first, then whoever speaks for it, be it nobody. */
const objectViews = (plan: Plan, facts: ConversionFacts, problems: ReadonlyMap<string | null, string>, reader: ConversionReader): PlannedObjectView[] => {
  const views = plan.objects.map(object => objectView(object, plan.mayBeNobody === true && object.kind === 'contact', facts, problems, reader))
  if (plan.nobody === undefined) return views
  const nobody = objectView({ kind: 'contact', action: 'create', id: null, title: '', fields: [], candidates: plan.nobody }, true, facts, problems, reader)
  return views.flatMap(view => (view.kind === 'company' ? [view, { ...nobody, action: 'none' as const }] : [view]))
}

/** The field or phone of the screen that a lack is about. */
const keyOf = (lack: Lack): string | null => {
  switch (lack.kind) {
    case 'field': case 'value': return `${lack.object}.${lack.name}`
    case 'choice': return lack.object
    case 'inn': return 'inn'
    case 'means': return lack.key
    case 'pipeline': return 'deal.pipeline'
    case 'stage': return 'deal.stage'
    case 'responsible': return 'deal.responsible'
    case 'blocked': return null
  }
}

const objectView = ({ kind, action, id, title, fields, candidates }: PlannedObject, optional: boolean, facts: ConversionFacts, problems: ReadonlyMap<string | null, string>, { language, urlOf }: ConversionReader): PlannedObjectView => {
  const words = conversionWords(language)
  const currencies = currenciesOf({ kind, id, fields }, facts)
  return {
    kind, action, optional, id, title,
    url: id === null ? null : urlOf(kind, id),
    candidates: candidates.map(candidate => ({ id: candidate.id, title: candidate.title, because: words.candidates[candidate.because], url: urlOf(kind, candidate.id) })),
    undecided: problems.has(kind),
    fields: fields.filter(({ info }) => !technicalFields.has(info.name) || problems.has(`${kind}.${info.name}`)).map(field => fieldView(kind, field, { isExisting: action === 'use', currencies, facts, problems, language })),
  }
}

interface FieldReader {
  readonly isExisting: boolean
  readonly currencies: Currencies
  readonly facts: ConversionFacts
  readonly problems: ReadonlyMap<string | null, string>
  readonly language: Language
}

const fieldView = (object: TargetKind, { info, from, value, current, take, conflict, lacking }: PlannedField, { isExisting, currencies, facts, problems, language }: FieldReader): PlannedFieldView => {
  const key = `${object}.${info.name}`
  const kind = kindOf(info)
  return {
    key,
    title: info.title,
    kind,
    options: info.options.map(option => ({ value: option.value, title: option.title })),
    from,
    value: toAnswer(info, value),
    valueText: inWords(info, value, facts, currencies.proposed, language),
    currentText: isExisting ? inWords(info, current, facts, currencies.current, language) : null,
    take,
    conflict,
    required: info.required || lacking,
    problem: problems.get(key) ?? null,
    editable: !info.readOnly && kind !== 'file' && kind !== 'other' && kind !== 'user',
  }
}

const currencyOf = ({ lead, currency }: Pick<ConversionFacts, 'lead' | 'currency'>): string => String(lead.fields['currencyId'] ?? '') || (currency ?? '')

interface Currencies { readonly proposed: string; readonly current: string }

/** What sums of an object are in: as planned, and as it stands there. Where the lead's currency is not taken, a deal keeps its own, and a new one gets the portal's. */
const currenciesOf = ({ kind, id, fields }: Pick<PlannedObject, 'kind' | 'id' | 'fields'>, { lead, deals, currency }: ConversionFacts): Currencies => {
  const ofLead = currencyOf({ lead, currency })
  if (kind !== 'deal') return { proposed: ofLead, current: ofLead }
  const current = String(deals.find(deal => deal.id === id)?.fields['currencyId'] ?? '')
  const planned = fields.find(({ info }) => info.name === 'currencyId')
  const taken = planned?.take === true ? String(planned.value ?? '') : ''
  const kept = current !== '' || planned === undefined ? current : currency ?? ''
  return { proposed: taken || kept || ofLead, current: current || ofLead }
}

const kindOf = ({ type, multiple }: FieldInfo): PlannedFieldView['kind'] => (type === 'list' && multiple ? 'multilist' : type)

export interface StateReader extends ConversionReader {
  /** He may go on with what has stopped, or have it taken back. */
  readonly maySettle: boolean
  /** He may undo it, if there is time. */
  readonly mayUndo: boolean
  /** He is told the names of clients and the portal's words; others who see the lead are told how far it is. */
  readonly mayKnow: boolean
  /** ISO 8601. */
  readonly now: string
}

export const conversionState = (conversion: StoredConversion, reader: StateReader): ConversionState => {
  const { language, maySettle, mayUndo, mayKnow, now } = reader
  const words = conversionWords(language)
  const { status, undoUntil, plan, steps } = conversion
  const isDone = status === 'done'
  return {
    id: conversion.id,
    leadId: conversion.leadId,
    status,
    ...toldOf(mayKnow ? conversion : { ...conversion, whyWords: null }, language),
    startedAt: conversion.startedAt,
    startedBy: conversion.byUserName,
    endedAt: conversion.endedAt,
    steps: steps.map(row => ({ key: row.step.key, title: words.step(row.step), state: stateOf(row), words: mayKnow && row.words !== null ? notedInWords(row.words, language) : null })),
    links: linksOf(conversion, reader),
    checklist: isDone && mayKnow ? [...refusedParts(conversion, language), ...words.checklist(plan, refusedKeys(conversion))] : [],
    mayRetry: status === 'held' && maySettle,
    mayTakeBack: maySettle && mayTakeBack(conversion),
    undo: isDone && mayUndo && undoUntil !== null && Date.parse(undoUntil) > Date.parse(now) ? { until: undoUntil } : null,
  }
}

const stateOf = ({ state }: StoredStep): ConversionState['steps'][number]['state'] => (state === 'begun' ? 'running' : state)

/** Steps that are told as not carried over, wholly or in part. */
const refusedKeys = ({ steps }: StoredConversion): ReadonlySet<string> =>
  new Set(steps.flatMap(({ step, state, result }) => (state === 'refused' || (result?.refused ?? []).length > 0 ? [step.key] : [])))

/** What the portal did not let be carried over comes first in the list of what to look at. */
const refusedParts = ({ steps, plan }: StoredConversion, language: Language): readonly string[] => {
  const words = conversionWords(language)
  const titles = new Map(plan.objects.flatMap(({ fields }) => fields.map(({ info }) => [info.name, inQuotes(info.title, language)] as const)))
  return steps.flatMap(({ step, state, words: said, result }) => {
    const refused = [...(state === 'refused' ? [said ?? ''] : []), ...(result?.refused ?? []).map(part => titles.get(part) ?? part)].map(part => notedInWords(part, language))
    return refused.length === 0 ? [] : [`${notCarried[language]}: ${words.step(step)}. ${refused.join(' ')}`.trim()]
  })
}

const notCarried: Readonly<Record<Language, string>> = { ru: 'Не перенесено', en: 'Not carried over' }

/** Of a conversion that was taken back or undone: what has stayed of it. */
const linksOf = ({ plan, steps, status, elsewhere, leadId }: StoredConversion, { language, urlOf, mayKnow }: StateReader): ConversionState['links'] => {
  const words = conversionWords(language)
  const isThere = status === 'done' || status === 'held' || status === 'running'
  const objects = plan.objects.flatMap(({ kind, id, title }) => {
    const row = steps.find(({ step }) => step.key === kind)
    const made = id ?? row?.result?.id
    if (made === undefined || !((isThere && row?.state !== 'taken-back') || row?.state === 'kept')) return []
    return [{ kind, id: made, title: mayKnow ? `${words.objects[kind]}: ${title}` : words.objects[kind], url: urlOf(kind, made), made: id === null }]
  })
  return [
    ...objects.toReversed(),
    ...elsewhere.map(id => ({ kind: 'deal' as const, id, title: `${words.objects.deal} № ${id}`, url: urlOf('deal', id), made: false })),
    ...(status === 'done' ? [{ kind: 'lead' as const, id: leadId, title: leadTitle[language], url: urlOf('lead', leadId), made: false }] : []),
  ]
}

const leadTitle: Readonly<Record<Language, string>> = { ru: 'Исходный лид', en: 'The lead it came from' }

const titleIn = (object: PlannedObject | undefined, name: string): string | null => {
  const title = object?.fields.find(({ info }) => info.name === name)?.info.title
  return title === undefined ? null : `«${title}»`
}

type Kept = Extract<UndoOutlook['outlook'], { outcome: 'kept' }>

export const undoView = ({ plan, steps, undoUntil }: StoredConversion, outlooks: readonly UndoOutlook[], { language, urlOf }: ConversionReader): UndoView => {
  const words = conversionWords(language)
  const titled = ({ undo }: UndoOutlook): { title: string; url: string | null } => {
    if (undo.kind !== 'delete' && undo.kind !== 'restore') return { title: words.undo(undo), url: null }
    const title = plan.objects.find(({ kind }) => kind === undo.object)?.title ?? ''
    return { title: title === '' ? words.undo(undo) : `${words.undo(undo)}: ${title}`, url: urlOf(undo.object, undo.id) }
  }
  /** Of an object that was there before, only what hangs on another one that stays is left as it is. */
  const isOfObject = (undo: UndoStep, by: readonly Touch[] | undefined): undo is Extract<UndoStep, { kind: 'delete' | 'restore' }> =>
    undo.kind === 'delete' || (undo.kind === 'restore' && by?.some(({ what }) => what === 'used-by') !== true)
  /** What stays is named by itself, what happens by what is done. */
  const keptTitle = ({ undo }: UndoOutlook, { by }: Kept): string => {
    if (isOfObject(undo, by)) return [words.objects[undo.object], plan.objects.find(({ kind }) => kind === undo.object)?.title ?? ''].filter(part => part !== '').join(': ')
    const step = steps.find(({ step: { key } }) => key === undo.key)?.step
    return step === undefined ? words.undo(undo) : words.step(step)
  }
  const whyKept = ({ undo }: UndoOutlook, { why, words: said, by }: Kept): string => {
    if (said !== null || by === undefined) return said ?? keptBecause[why][language]
    const kind = isOfObject(undo, by) ? undo.object : 'part'
    return keptWords(by, kind, name => titleIn(plan.objects.find(object => object.kind === kind), name), language)
  }
  return {
    removed: outlooks.filter(({ outlook }) => outlook.outcome === 'taken-back').map(titled),
    kept: outlooks.flatMap(one => (one.outlook.outcome === 'kept' ? [{ ...titled(one), title: keptTitle(one, one.outlook), why: whyKept(one, one.outlook) }] : [])),
    until: undoUntil ?? '',
  }
}
