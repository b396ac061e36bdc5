import { describe, expect, it } from 'vitest'
import { fieldName, type FieldValue } from '../../../server/domain/lead.ts'
import type { Question } from '../../../server/domain/regulation.ts'
import { regulation } from '../support.ts'
import { client, type facts, fieldIn, fieldInfos, hasField, info, innOfOrganisation, openDeal, plan } from './support.ts'

const question = (code: string, change: Partial<Question> = {}): Question => ({
  code, field: fieldName(`UF_CRM_${code.toUpperCase()}`), title: { ru: code }, script: { ru: '?' }, kind: 'text', class: 'auxiliary', required: false, unknownAllowed: false, options: [], ...change,
})
const budget = question('budget', { title: { ru: 'Бюджет', en: 'Budget' }, kind: 'money' })
const material = question('material', { title: { ru: 'Материал' } })
const infos = { ...fieldInfos, lead: [...fieldInfos.lead, info('UF_CRM_BUDGET', { title: 'Бюджет', type: 'money' }), info('UF_CRM_MATERIAL', { title: 'Материал' }), info('UF_CRM_PRICE', { title: 'Цена', type: 'number' }), info('UF_CRM_INN')] }
type Given = NonNullable<Parameters<typeof facts>[0]>
const asked = (questions: readonly Question[], fields: Readonly<Record<string, FieldValue>>, { lead = {}, ...given }: Given = {}, choices: Parameters<typeof plan>[1] = {}) =>
  plan({ fields: infos, ...given, lead: { ...lead, fields } }, choices, { regulation: { card: { ...regulation.card, groups: [{ id: 'all', title: { ru: 'Всё' }, questions }] } } })

describe('the sum of the deal', () => {
  it('is the answer about money where the lead has none', () => {
    const made = asked([budget], { UF_CRM_BUDGET: '90000|USD', currencyId: 'RUB' })
    expect(fieldIn(made, 'deal', 'opportunity')).toMatchObject({ from: 'Бюджет', value: 90_000, take: true })
    expect(fieldIn(made, 'deal', 'currencyId')).toMatchObject({ from: 'Бюджет', value: 'USD' })
    expect(made.staying).toEqual([])
  })

  it('is the lead’s own where it has one, or follows its products', () => {
    expect(fieldIn(asked([budget], { UF_CRM_BUDGET: 90_000, opportunity: 500 }), 'deal', 'opportunity')).toMatchObject({ from: 'Сумма', value: 500 })
    const products = [{ name: 'Дуб', productId: null, price: 10, quantity: 1, row: {} }]
    expect(hasField(asked([budget], { UF_CRM_BUDGET: 90_000 }, { lead: { products } }), 'deal', 'opportunity')).toBe(false)
  })

  it('is an answer in plain numbers only where the question is about a sum', () => {
    const priced = question('price', { title: { ru: 'Цена договора' }, kind: 'number' })
    expect(fieldIn(asked([priced], { UF_CRM_PRICE: '12 500,5' }), 'deal', 'opportunity').value).toBe(12_500.5)
    expect(hasField(asked([{ ...priced, code: 'length', title: { ru: 'Длина' } }], { UF_CRM_PRICE: 600 }), 'deal', 'opportunity')).toBe(false)
  })

  it.each([
    ['Количество сценариев', 'scenarios', false], ['Себестоимость', 'own', false], ['Резюме', 'summary', false], ['Сцена', 'stage_length', false],
    ['Общая стоимость', 'total', true], ['Какая сумма?', 'what', true], ['Сколько готовы потратить', 'dealBudget', true], ['Сколько', 'deal_price', true], ['Сколько', 'sum', true], ['Сколько', 'total_sum2', true],
  ])('is told by a whole word of the question: «%s» (%s) → %s', (title, code, isSum) => {
    const priced = question(code, { title: { ru: title }, kind: 'number', field: fieldName('UF_CRM_PRICE') })
    expect(hasField(asked([priced], { UF_CRM_PRICE: 12 }), 'deal', 'opportunity')).toBe(isSum)
  })

  it('is nobody’s guess between two answers, nor what is no sum', () => {
    const two = [budget, question('price', { title: { ru: 'Цена' }, kind: 'money' })]
    expect(hasField(asked(two, { UF_CRM_BUDGET: 90_000, UF_CRM_PRICE: 5 }), 'deal', 'opportunity')).toBe(false)
    for (const value of ['не знает', '0', 0, null]) expect(hasField(asked([budget], { UF_CRM_BUDGET: value }), 'deal', 'opportunity')).toBe(false)
  })

  it('of an existing deal is a conflict, and nothing where the deal has nought', () => {
    const given = (opportunity: number) => ({ clients: [client('contact', 3)], deals: [openDeal(51, { fields: { opportunity } })] })
    expect(fieldIn(asked([budget], { UF_CRM_BUDGET: 90_000 }, given(10), { use: { deal: 51 } }), 'deal', 'opportunity')).toMatchObject({ conflict: true, take: false })
    expect(fieldIn(asked([budget], { UF_CRM_BUDGET: 90_000 }, given(0), { use: { deal: 51 } }), 'deal', 'opportunity')).toMatchObject({ conflict: false, take: true })
  })

  it.each([
    ['the lead’s', { opportunity: 1_000, currencyId: 'USD' }],
    ['the answer’s', { UF_CRM_BUDGET: '1000|USD', currencyId: 'RUB' }],
  ])('brings %s currency along to a deal that has no sum yet (S0-35)', (_whose, fields) => {
    const used = (deal: Readonly<Record<string, FieldValue>>, choices: NonNullable<Parameters<typeof plan>[1]>['fields'] = {}) =>
      fieldIn(asked([budget], fields, { clients: [client('contact', 3)], deals: [openDeal(51, { fields: { currencyId: 'RUB', ...deal } })] }, { use: { deal: 51 }, fields: choices }), 'deal', 'currencyId')
    for (const opportunity of [0, null]) expect(used({ opportunity })).toMatchObject({ value: 'USD', current: 'RUB', conflict: false, take: true })
    expect(used({ opportunity: 0 }, { 'deal.currencyId': { take: false } })).toMatchObject({ conflict: false, take: false })
    expect(used({ opportunity: 0 }, { 'deal.opportunity': { take: false } })).toMatchObject({ conflict: true, take: false })
    expect(used({ opportunity: 10 }, { 'deal.opportunity': { take: true } })).toMatchObject({ conflict: true, take: false })
  })

  it('decides how it is kept: nobody is asked whether it was set by hand', () => {
    const manual = { ...infos, deal: [...infos.deal, info('isManualOpportunity', { type: 'yesno' })], lead: [...infos.lead, info('isManualOpportunity', { type: 'yesno' })] }
    const given = { fields: manual, clients: [client('contact', 3)], deals: [openDeal(51, { fields: { opportunity: 10, isManualOpportunity: 'N' } })] }
    const fields = { opportunity: 500, isManualOpportunity: 'Y' }
    expect(fieldIn(asked([], fields, given, { use: { deal: 51 } }), 'deal', 'isManualOpportunity')).toMatchObject({ conflict: false, take: false })
    expect(fieldIn(asked([], fields, given, { use: { deal: 51 }, fields: { 'deal.opportunity': { take: true } } }), 'deal', 'isManualOpportunity')).toMatchObject({ conflict: false, take: true })
  })
})

describe('an answer that nothing has a field for (S0-30)', () => {
  it('stays in the lead, and is told with its value', () => {
    expect(asked([budget, material], { UF_CRM_MATERIAL: 'дуб', UF_CRM_BUDGET: '' }).staying).toMatchObject([{ title: 'Материал', value: 'дуб', info: { name: 'UF_CRM_MATERIAL' } }])
  })

  it('is not told where a field of the deal takes it, or has it already', () => {
    const withField = { ...infos, deal: [...infos.deal, info('UF_CRM_DEAL_MATERIAL', { title: 'Материал' })] }
    expect(asked([material], { UF_CRM_MATERIAL: 'дуб' }, { fields: withField }).staying).toEqual([])
    const given = { fields: withField, clients: [client('contact', 3)], deals: [openDeal(51, { fields: { UF_CRM_DEAL_MATERIAL: 'дуб' } })] }
    expect(asked([material], { UF_CRM_MATERIAL: 'дуб' }, given, { use: { deal: 51 } }).staying).toEqual([])
  })

  it('is not the budget where the lead’s own sum says the same', () => {
    expect(asked([budget], { UF_CRM_BUDGET: '500|RUB', opportunity: 500 }).staying).toEqual([])
    expect(asked([budget], { UF_CRM_BUDGET: '700|RUB', opportunity: 500 }).staying).toMatchObject([{ title: 'Бюджет' }])
  })

  it('is not the taxpayer number where requisites are made of it', () => {
    const inn = question('inn', { title: { ru: 'ИНН' } })
    expect(asked([inn], { UF_CRM_INN: innOfOrganisation, companyTitle: 'ООО Ромашка' }, { inn: innOfOrganisation }).staying).toEqual([])
    expect(asked([inn], { UF_CRM_INN: innOfOrganisation }, { inn: innOfOrganisation }, { variant: 'person' }).staying).toMatchObject([{ title: 'ИНН' }])
  })
})
