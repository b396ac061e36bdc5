/** The laws of a conversion's plan. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import type { ConversionFacts, ExistingClient, ExistingDeal, FieldInfo, Means } from '../../../server/domain/conversion/facts.ts'
import { meansKey } from '../../../server/domain/conversion/plan.ts'
import type { Choices, Plan } from '../../../server/domain/conversion/plan.ts'
import { proposePlan } from '../../../server/domain/conversion/propose.ts'
import type { ConversionSetting } from '../../../server/domain/conversion/setting.ts'
import { ownedFields } from '../../../server/domain/conversion/standard-fields.ts'
import type { ConversionStep, Ref, StepResult } from '../../../server/domain/conversion/step.ts'
import { planKey, stepsOf } from '../../../server/domain/conversion/steps.ts'
import { undoOf } from '../../../server/domain/conversion/undo.ts'
import { isFilled } from '../../../server/domain/conversion/values.ts'
import type { FieldValue } from '../../../server/domain/lead.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { expectThat } from '../stories.ts'
import { anna, boris, client, email, facts, fieldInfos, gone, info, innOfOrganisation, innOfPerson, openDeal, phone, setting } from './support.ts'

export interface Pieces {
  readonly proposePlan: typeof proposePlan
  readonly stepsOf: typeof stepsOf
  readonly undoOf: typeof undoOf
  readonly planKey: typeof planKey
}
export const realPieces: Pieces = { proposePlan, stepsOf, undoOf, planKey }

interface Case { readonly given: ConversionFacts; readonly rules: ConversionSetting; readonly choices: Choices }

const planOf = ({ proposePlan: propose }: Pieces, { given, rules, choices }: Case): Plan => propose(given, rules, choices)
const stepsFor = (pieces: Pieces, told: Case): readonly ConversionStep[] => pieces.stepsOf(planOf(pieces, told), told.given, tellWords('ru'))

/** S0-32: nothing is lost without a word, and nothing stands in two places unasked. */
export const everyMeansLands = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const { means } = planOf(pieces, told)
  for (const one of told.given.lead.means) {
    const planned = means.filter(({ means: other }) => meansKey(other) === meansKey(one))
    const [found] = planned
    expectThat(planned.length === 1 && found !== undefined, `${one.value} is planned ${planned.length} times`)
    if (found === undefined) continue
    const chosen = told.choices.means?.[meansKey(one)]
    expectThat(found.options.includes(found.to), `${one.value} goes where it cannot go`)
    expectThat(found.to !== 'both' || chosen === 'both', `${one.value} is written twice`)
    const isSaid = found.hint === 'already-there' || found.hint === 'at-company' || found.hint === 'wrong' || chosen === 'none'
    expectThat(found.to !== 'none' || isSaid, `${one.value} goes nowhere without a word`)
  }
})

/** S0-29: no variant, no choice and no candidate leaves a deal without anybody. */
export const everyDealIsSomebodys = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const { objects } = planOf(pieces, told)
  expectThat(objects.some(({ kind }) => kind === 'contact' || kind === 'company'), 'the deal is nobody’s')
  for (const step of stepsFor(pieces, told)) expectThat(step.kind !== 'create' || step.object !== 'deal' || step.companyId !== null || step.contactIds.length > 0, 'a deal is made of nobody')
})

/** S0-30: what is obligatory is filled, there already, or lacking. */
export const everyObligatoryFieldIsAskedFor = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const { objects, lacks } = planOf(pieces, told)
  for (const { kind, id, fields, action } of objects) {
    if (action === 'use' && id === null) continue
    const current = [...told.given.clients, ...told.given.deals.map(deal => ({ ...deal, kind: 'deal' as const }))].find(one => one.kind === kind && one.id === id)?.fields ?? {}
    for (const { name } of told.given.fields[kind].filter(one => one.required && !one.readOnly && !ownedFields[kind].has(one.name))) {
      const planned = fields.find(field => field.info.name === name)
      const isThere = (planned !== undefined && planned.take && isFilled(planned.value)) || isFilled(current[name] ?? null)
      const isSaid = lacks.some(lack => (lack.kind === 'field' || lack.kind === 'value') && lack.object === kind && lack.name === name)
      expectThat(isThere || isSaid, `${kind}.${name} is neither filled nor lacking`)
    }
  }
})

/** Nobody's value is overwritten unless he has chosen so. */
export const nothingIsOverwrittenUnasked = (pieces: Pieces) => fc.property(anyCase, (told) => {
  for (const step of stepsFor(pieces, told)) {
    if (step.kind !== 'change') continue
    for (const [name, { from }] of Object.entries(step.fields)) {
      const isAsked = told.choices.fields?.[`${step.object}.${name}`] !== undefined || (name === 'assignedById' && told.choices.responsibleId !== undefined)
      const isOfNothing = name === 'currencyId' && step.fields['opportunity'] !== undefined && !isFilled(step.fields['opportunity'].from)
      expectThat(!isFilled(from) || isAsked || isOfNothing, `${step.object}.${name} is overwritten`)
    }
  }
})

const refsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return 'of' in value && Object.keys(value).length === 1 ? [String((value as Extract<Ref, object>).of)] : Object.values(value).flatMap(refsIn)
}

/** Each step has what it needs from the ones before it, and no object is made twice. */
export const stepsLeanOnEarlierOnes = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const made = new Set<string>()
  const seen = new Set<string>()
  for (const step of stepsFor(pieces, told)) {
    expectThat(!seen.has(step.key), `there are two steps ${step.key}`)
    seen.add(step.key)
    for (const of of refsIn(step)) expectThat(made.has(of), `${step.key} leans on ${of}`)
    if (step.kind === 'create' || step.kind === 'requisites') made.add(step.key)
  }
})

/** Nothing lacking: it goes through to the lead's success stage, which is the last of all. Something lacking: nothing is done. */
export const fullPlansGoThrough = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const { lacks } = planOf(pieces, told)
  const kinds = stepsFor(pieces, told).map(({ kind }) => kind)
  expectThat(lacks.length > 0 ? kinds.length === 0 : kinds[0] === 'check' && kinds.at(-2) === 'finish-lead' && kinds.indexOf('finish-lead') === kinds.length - 2 && kinds.at(-1) === 'check', `${lacks.length} lacks, steps ${kinds.join(' ')}`)
})

/** The same choices give the same plan, under the same key, and a stored one is the same plan. */
export const plansAreStable = (pieces: Pieces) => fc.property(anyCase, (told) => {
  const [plan, again] = [planOf(pieces, told), planOf(pieces, structuredClone(told))]
  expectThat(JSON.stringify(plan) === JSON.stringify(again), 'the plan is another one')
  expectThat(pieces.planKey(plan) === pieces.planKey(JSON.parse(JSON.stringify(again)) as Plan), 'the key is another one')
})

/** Whatever was done is undone, the last first, wherever it broke off; all that was made goes. */
export const undoIsTheReverse = (pieces: Pieces) => fc.property(anyCase, fc.nat(20), (told, at) => {
  const steps = stepsFor(pieces, told)
  const done = steps.slice(0, at)
  const results: Record<string, StepResult> = Object.fromEntries(done.map(({ key }, index) => [key, { id: 1_000 + index, ids: [2_000 + index] }]))
  const undone = pieces.undoOf(steps, results)
  const places = undone.map(({ key }) => done.findIndex(step => step.key === key))
  expectThat(places.every((place, index) => place >= 0 && (index === 0 || place < (places[index - 1] ?? 0))), `undone in the order ${places.join(' ')}`)
  for (const { key, kind } of done) expectThat(kind === 'check' || undone.some(one => one.key === key), `${key} is left`)
  for (const one of undone) expectThat(one.kind !== 'delete' || done.some(({ key, kind }) => key === one.key && kind === 'create'), `${one.key} was there before`)
})

/* Leads, settings and choices of every kind. */

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const without = <T extends object>(value: T): Partial<{ [Key in keyof T]: Exclude<T[Key], undefined> }> => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<{ [Key in keyof T]: Exclude<T[Key], undefined> }>

const anyMeans: fc.Arbitrary<Means> = fc.oneof(
  fc.record({ last: fc.nat(4), extension: fc.constantFrom(null, '12'), nature: fc.constantFrom('mobile', 'fixed', 'toll-free', 'unknown'), usedBy: fc.nat(3), wrong: fc.boolean(), spelled: fc.constantFrom('+7 900 000-00-0', '8 900 000 00 0') })
    .map(({ last, wrong, spelled, ...change }) => phone(`${spelled}${last}${change.extension === null ? '' : ' доб. 12'}`, { ...change, nature: change.nature as Means['nature'], normal: wrong ? null : `+7900000000${last}` })),
  fc.constantFrom('olga@mail.ru', 'info@romashka.example', 'olga@romashka.example').map(address => email(address)),
  fc.constantFrom('web', 'messenger').map(kind => ({ ...email('romashka.example'), kind: kind as Means['kind'] })),
)

const anyText: fc.Arbitrary<FieldValue> = fc.constantFrom<FieldValue>('', 'Ольга', 'Крылова', 'ООО Ромашка', 'ИП Крылова', null)
const anyFields = fc.dictionary(fc.constantFrom('name', 'lastName', 'companyTitle', 'post', 'comments', 'utmSource', 'title', 'UF_CRM_1', 'UF_CRM_2'), anyText)

const anyInfos: fc.Arbitrary<ConversionFacts['fields']> = fc.record({
  type: fc.constantFrom<FieldInfo['type']>('text', 'number', 'list', 'date'), required: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(['name', 'post', 'title', 'UF_CRM_1', 'UF_CRM_2', 'phone', 'email', 'leadId', 'comments'], { maxLength: 3 }) }), readOnly: fc.boolean(),
}).map(({ type, required, readOnly }) => {
  const own = [info('UF_CRM_1'), info('UF_CRM_2', { type, readOnly }), info('phone'), info('email'), info('leadId')]
  const told = (infos: readonly FieldInfo[]) => [...infos, ...own].map(one => ({ ...one, required: (required as readonly string[]).includes(one.name) }))
  return { lead: [...fieldInfos.lead, ...own], company: told(fieldInfos.company), contact: told(fieldInfos.contact), deal: told(fieldInfos.deal) }
})

const anyClient: fc.Arbitrary<ExistingClient> = fc.record({
  kind: fc.constantFrom('contact', 'company'), id: fc.integer({ min: 3, max: 6 }), by: fc.subarray(['bound', 'phone', 'email', 'inn', 'name'] as const, { minLength: 1 }), fields: anyFields, means: fc.array(anyMeans, { maxLength: 2 }), companyIds: fc.subarray([3, 4]),
}).map(({ kind, id, ...change }) => client(kind as 'contact' | 'company', id, change))

const anyDeal: fc.Arbitrary<ExistingDeal> = fc.record({
  id: fc.integer({ min: 50, max: 53 }), semantic: fc.constantFrom('processing', 'success'), leadId: fc.constantFrom(null, facts().lead.id), companyId: fc.constantFrom(null, 3), contactIds: fc.subarray([3, 4]), fields: anyFields,
}).map(({ id, semantic, ...change }) => openDeal(id, { ...change, semantic: semantic as ExistingDeal['semantic'] }))

const anyFacts: fc.Arbitrary<ConversionFacts> = fc.record({
  title: fc.constantFrom('Столешница', 'Столешница', 'Заявка: ООО «Ромашка»', 'Витрина', ''), fields: anyFields, means: fc.array(anyMeans, { maxLength: 4 }), infos: anyInfos,
  clients: fc.uniqueArray(anyClient, { maxLength: 4, selector: ({ kind, id }) => `${kind} ${id}` }), deals: fc.uniqueArray(anyDeal, { maxLength: 2, selector: ({ id }) => id }),
  inn: fc.constantFrom(null, '', innOfOrganisation, innOfPerson, '123'), responsibleId: fc.constantFrom(anna, anna, boris, anna, anna, gone, null), success: fc.integer({ min: 0, max: 9 }), templates: fc.boolean(), along: fc.subarray(['activities', 'tasks', 'comments', 'quotes'] as const), hasProducts: fc.boolean(),
}).map(({ title, fields, means, infos, clients, deals, inn, responsibleId, success, templates, along, hasProducts }) => facts({
  lead: {
    title, fields, means, responsibleId,
    companyId: clients.find(({ kind, by }) => kind === 'company' && by.includes('bound'))?.id ?? null,
    contactIds: clients.flatMap(({ kind, by, id }) => (kind === 'contact' && by.includes('bound') ? [id] : [])),
    products: hasProducts ? [{ name: 'Столешница', productId: 5, price: 9, quantity: 1, row: { productId: 5 } }] : [],
  },
  fields: infos, clients, deals, inn,
  along: { activities: along.includes('activities') ? [61] : [], tasks: along.includes('tasks') ? [71] : [], comments: along.includes('comments') ? [81] : [], quotes: along.includes('quotes') ? [91] : [] },
  ...(success === 0 ? { successStageId: null } : {}),
  ...(templates ? {} : { requisiteTemplates: {} }),
}))

const anyValue = fc.oneof(fc.boolean().map(take => ({ take })), fc.constantFrom<FieldValue>('Ольга', '', '12', '2026-07-24', 'ООО Ромашка').map(value => ({ value })))
const anyChoices: fc.Arbitrary<Choices> = fc.record({
  variant: maybe(fc.constantFrom('person', 'organisation', 'client')),
  use: maybe(fc.record({ contact: maybe(fc.constantFrom(3, 4, 'new' as const)), company: maybe(fc.constantFrom(3, 4, 'new' as const)), deal: maybe(fc.constantFrom(50, 51, 'new' as const)) }).map(without)),
  fields: maybe(fc.dictionary(fc.constantFrom('deal.title', 'deal.comments', 'contact.name', 'contact.post', 'company.title', 'contact.UF_CRM_2', 'deal.UF_CRM_1'), anyValue)),
  means: maybe(fc.dictionary(fc.constantFrom('phone +7 900 000-00-00', 'phone +7 900 000-00-01', 'email olga@mail.ru'), fc.constantFrom('contact', 'company', 'both', 'none'))),
  pipelineId: maybe(fc.constantFrom(0, 5, 9)), dealStageId: maybe(fc.constantFrom('PREP', 'C5:PREP')), responsibleId: maybe(fc.constantFrom(anna, boris, anna, boris, gone)), inn: maybe(fc.constantFrom('', innOfPerson, innOfOrganisation, '5')), form: maybe(fc.constantFrom('company', 'entrepreneur')),
}).map(choices => without(choices) as Choices)

const anySetting: fc.Arbitrary<ConversionSetting> = fc.record({ personGetsCompany: fc.boolean(), dealCategoryId: fc.constantFrom(null, 5), allowed: fc.integer({ min: 0, max: 9 }), unmet: fc.constantFrom([], [], [], [], [], [], ['письмо']) })
  .map(({ personGetsCompany, dealCategoryId, allowed, unmet }) => setting({ conversion: { personGetsCompany, dealCategoryId, allowed: allowed > 0 }, unmet }))

const anyCase: fc.Arbitrary<Case> = fc.record({ given: anyFacts, rules: anySetting, choices: anyChoices })

/** How many of so many cases are carried out: laws about steps say nothing of the others. */
export const shareOfFullPlans = (pieces: Pieces, runs: number): number =>
  fc.sample(anyCase, { numRuns: runs, seed: 20_260_724 }).filter(told => stepsFor(pieces, told).length > 0).length / runs
