import { describe, expect, it } from 'vitest'
import { proposePlan } from '../../../server/domain/conversion/propose.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { planKey, stepsOf } from '../../../server/domain/conversion/steps.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { leadId } from '../../../server/domain/lead.ts'
import type { Choices } from '../../../server/domain/conversion/plan.ts'
import { won } from '../support.ts'
import { anna, boris, client, email, facts, fieldInfos, info, innOfOrganisation, innOfPerson, openDeal, phone, plan, setting } from './support.ts'

const stepsFor = (given: Parameters<typeof facts>[0] = {}, choices: Choices = {}, rules: Parameters<typeof setting>[0] = {}): readonly ConversionStep[] => {
  const seen = facts(given)
  return stepsOf(proposePlan(seen, setting(rules), choices), seen, tellWords('ru'))
}
const keys = (steps: readonly ConversionStep[]) => steps.map(({ key }) => key)
const step = (steps: readonly ConversionStep[], key: string) => steps.find(one => one.key === key)

const rich = {
  inn: innOfOrganisation,
  along: { activities: [61, 62], tasks: [71], comments: [81], quotes: [91] },
  lead: {
    fields: { companyTitle: 'ООО Ромашка' },
    means: [phone('+7 900 000-00-01'), phone('+7 900 000-00-02', { nature: 'fixed' }), email('info@romashka.example')],
    products: [{ name: 'Столешница', productId: 5, price: 9, quantity: 1, row: { productId: 5, price: 9, quantity: 1 } }],
  },
} as const

describe('a person’s conversion (S0-29)', () => {
  it('makes a contact and a deal, and moves the lead last', () => {
    const steps = stepsFor({ lead: { means: [phone('+7 900 000-00-01')] } })
    expect(keys(steps)).toEqual(['check', 'contact', 'check-deal', 'deal', 'check-after', 'link-lead', 'tell', 'check-finish', 'finish-lead', 'check-end'])
    expect(step(steps, 'contact')).toEqual({
      key: 'contact', kind: 'create', object: 'contact', fields: { lastName: 'Крылова', name: 'Ольга', leadId: 7, assignedById: anna },
      means: [{ kind: 'phone', valueType: 'WORK', value: '+7 900 000-00-01' }], companyId: null, contactIds: [],
    })
    expect(step(steps, 'deal')).toEqual({
      key: 'deal', kind: 'create', object: 'deal', fields: { title: 'Столешница на кухню', leadId: 7, assignedById: anna, categoryId: 0, stageId: 'NEW' },
      means: [], companyId: null, contactIds: [{ of: 'contact' }],
    })
    expect(steps.at(-2)).toEqual({ key: 'finish-lead', kind: 'finish-lead', leadId: 7, to: won, from: facts().lead.stageId })
  })
})

describe('an organisation’s conversion (S0-29, S0-35, S2-14, S3-25)', () => {
  const steps = stepsFor(rich)

  it('makes all of it at one press, in an order in which each step has what it needs', () => {
    expect(keys(steps)).toEqual(['check', 'company', 'contact', 'requisites', 'check-deal', 'deal', 'check-after', 'products', 'link-requisites', 'activities', 'tasks', 'comments', 'quotes', 'link-lead', 'tell', 'check-finish', 'finish-lead', 'check-end'])
  })

  it('links everything with everything', () => {
    expect(step(steps, 'contact')).toMatchObject({ companyId: { of: 'company' } })
    expect(step(steps, 'deal')).toMatchObject({ companyId: { of: 'company' }, contactIds: [{ of: 'contact' }] })
    expect(step(steps, 'requisites')).toEqual({ key: 'requisites', kind: 'requisites', owner: { of: 'company' }, ownerKind: 'company', templateId: 1, name: 'ООО Ромашка', values: { inn: innOfOrganisation, name: 'ООО Ромашка' } })
    expect(step(steps, 'link-requisites')).toMatchObject({ deal: { of: 'deal' }, requisites: { of: 'requisites' } })
    expect(step(steps, 'activities')).toMatchObject({ ids: [61, 62], to: [{ object: 'deal', id: { of: 'deal' } }, { object: 'contact', id: { of: 'contact' } }, { object: 'company', id: { of: 'company' } }] })
    expect(step(steps, 'comments')).toMatchObject({ ids: [81], to: [{ object: 'deal' }] })
    expect(step(steps, 'products')).toMatchObject({ rows: [{ productId: 5, price: 9, quantity: 1 }] })
  })

  it('leads from the client to the lead and back (S1-D16, S1-D17)', () => {
    expect(step(steps, 'company')).toMatchObject({ fields: { leadId: 7 } })
    expect(step(steps, 'link-lead')).toEqual({ key: 'link-lead', kind: 'link-lead', leadId: 7, companyId: { of: 'company' }, contactIds: [{ of: 'contact' }], before: { companyId: null, contactIds: [] } })
    expect(step(steps, 'tell')).toMatchObject({ deal: { of: 'deal' }, text: 'Сделка создана при конвертации лида «Столешница на кухню».', leadText: 'Лид сконвертирован. Сделка: «Столешница на кухню». Контакт: «Крылова Ольга». Компания: «ООО Ромашка».' })
  })

  it('writes no phone in both places (S0-32)', () => {
    expect(step(steps, 'contact')).toMatchObject({ means: [{ value: '+7 900 000-00-01' }] })
    expect(step(steps, 'company')).toMatchObject({ means: [{ value: '+7 900 000-00-02' }, { value: 'info@romashka.example' }] })
  })

  it('names the person in an entrepreneur’s requisites, and makes none without a template', () => {
    expect(step(stepsFor({ inn: innOfPerson }, { fields: { 'company.title': { value: 'ИП Крылова' } } }), 'requisites')).toMatchObject({ templateId: 3, values: { inn: innOfPerson, name: 'ИП Крылова', lastName: 'Крылова', firstName: 'Ольга' } })
    expect(keys(stepsFor({ ...rich, requisiteTemplates: {} }))).not.toEqual(expect.arrayContaining(['requisites']))
  })
})

describe('the entry in the deal', () => {
  it('does not say of a deal that was there already that it was made', () => {
    const steps = stepsFor({ clients: [client('contact', 3, { by: ['bound'] })], deals: [openDeal(8)], lead: { contactIds: [3] } }, { use: { deal: 8 } })
    expect(step(steps, 'tell')).toMatchObject({ deal: 8, text: 'К сделке привязан лид «Столешница на кухню»: он сконвертирован в неё.' })
  })
})

describe('a known client’s conversion (S0-29)', () => {
  const clients = [client('contact', 3, { by: ['bound'] })]

  it('makes a deal only', () => {
    const steps = stepsFor({ clients: [client('contact', 3, { by: ['bound'], fields: { name: 'Ольга', lastName: 'Крылова' } })], lead: { contactIds: [3] } })
    expect(keys(steps)).toEqual(['check', 'check-deal', 'deal', 'check-after', 'tell', 'check-finish', 'finish-lead', 'check-end'])
    expect(step(steps, 'deal')).toMatchObject({ contactIds: [3] })
  })

  it('changes in the client only what is new, with what stood there', () => {
    const steps = stepsFor({ clients: [client('contact', 3, { by: ['bound'], fields: { name: 'Оля', lastName: '' } })], lead: { contactIds: [3], means: [phone('+7 900 000-00-01')] } })
    expect(step(steps, 'contact')).toEqual({ key: 'contact', kind: 'change', object: 'contact', id: 3, fields: { lastName: { from: '', to: 'Крылова' } }, means: [{ kind: 'phone', valueType: 'WORK', value: '+7 900 000-00-01' }], companyId: null, contactIds: [] })
  })

  it('links an existing contact to a company only if it is not its already', () => {
    const both = (companyIds: readonly number[]) => stepsFor({ clients: [client('contact', 3, { companyIds }), client('company', 4, { fields: { title: 'Компания 4' } })] }, { variant: 'organisation' })
    expect(step(both([]), 'link-company')).toEqual({ key: 'link-company', kind: 'link-company', contact: 3, company: 4 })
    expect(keys(both([4]))).not.toContain('link-company')
    expect(step(stepsFor({ clients }, { variant: 'organisation', fields: { 'company.title': { value: 'ООО Ромашка' } } }), 'link-company')).toMatchObject({ contact: 3, company: { of: 'company' } })
  })

  it('goes on with an existing deal: links that are missing, another responsible, no second one', () => {
    const deals = [openDeal(51, { companyId: 8, contactIds: [6], leadId: leadId(7), responsibleId: boris })]
    const steps = stepsFor({ clients: [...clients, client('company', 4, { by: ['inn'], fields: { title: 'Компания 4' } })], deals, lead: { contactIds: [3] } }, { responsibleId: anna })
    expect(keys(steps)).not.toContain('check-deal')
    expect(step(steps, 'check')).toMatchObject({ knownDeals: [51] })
    expect(step(steps, 'deal')).toMatchObject({ kind: 'change', id: 51, fields: { assignedById: { from: boris, to: anna } }, companyId: null, contactIds: [3] })
    expect(step(stepsFor({ clients, deals: [openDeal(52)] }, { use: { deal: 52 } }), 'deal')).toMatchObject({ fields: { leadId: { from: null, to: 7 } } })
  })
})

describe('the last look before the lead\'s stage', () => {
  const clients = [client('contact', 3, { by: ['bound'] })]
  const used = stepsFor({ clients, deals: [openDeal(52), openDeal(51, { leadId: leadId(7) })] }, { use: { deal: 52 } })

  it.each([['a new deal', stepsFor()], ['a used one', used]])('is there with %s', (_what, steps) => {
    expect(keys(steps).slice(-3)).toEqual(['check-finish', 'finish-lead', 'check-end'])
  })

  it('knows the used deal, which the conversion itself binds to the lead', () => {
    expect(step(used, 'check-finish')).toMatchObject({ kind: 'check', knownDeals: [51, 52] })
  })
})

describe('a plan that lacks something', () => {
  it('has no steps (S0-30)', () => {
    expect(stepsFor({ fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_2', { required: true })] } })).toEqual([])
    expect(stepsFor({ successStageId: null })).toEqual([])
    expect(stepsFor({}, {}, { unmet: ['письмо'] })).toEqual([])
  })
})

describe('the key of a plan', () => {
  const key = (given: Parameters<typeof facts>[0] = rich, choices: Choices = {}) => planKey(plan(given, choices))

  it('is the same for the same screen', () => {
    expect(key()).toBe(key())
    expect(key({ ...rich, lead: { ...rich.lead, updatedAt: '2026-07-25T10:00:00Z' } })).toBe(key())
  })

  it.each<[string, Parameters<typeof facts>[0], Choices]>([
    ['a value', { ...rich, lead: { ...rich.lead, fields: { ...rich.lead.fields, post: 'Директор' } } }, {}],
    ['a phone', { ...rich, lead: { ...rich.lead, means: rich.lead.means.slice(1) } }, {}],
    ['where a phone goes', rich, { means: { 'phone +7 900 000-00-01': 'company' } }],
    ['the stage', rich, { dealStageId: 'PREP' }],
    ['the responsible', rich, { responsibleId: boris }],
    ['a duplicate that has come up', { ...rich, clients: [client('contact', 3, { by: ['name'] })] }, {}],
    ['a product', { ...rich, lead: { ...rich.lead, products: [] } }, {}],
    ['an activity', { ...rich, along: { ...rich.along, activities: [61] } }, {}],
    ['the number', rich, { inn: '' }],
    ['the lead', { ...rich, lead: { ...rich.lead, semantic: 'success' } }, {}],
  ])('is another one when %s has changed', (_what, given, choices) => {
    expect(key(given, choices)).not.toBe(key())
  })
})
