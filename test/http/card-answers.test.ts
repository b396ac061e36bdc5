import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CardAnswers, type CardAnswersInput } from '../../server/contract/card.ts'
import { fieldName } from '../../server/domain/lead.ts'
import { toAnswer, toFields, unknownCodes } from '../../server/http/card-answers.ts'
import { fields, lead, regulation } from './values.ts'

const { card } = regulation
const save = (given: CardAnswersInput, current = lead.fields) => toFields(card, CardAnswers.parse(given), current, 'ru', '2026-03-10')
const questionOf = (code: string) => {
  const question = card.groups.flatMap(group => group.questions).find(candidate => candidate.code === code)
  if (question === undefined) throw new Error(`no question ${code}`)
  return question
}

describe('answers on their way to the portal', () => {
  it.each<[CardAnswersInput, Record<string, unknown>]>([
    [{ answers: { PRODUCT: 'STONE' } }, { [fields.product]: '41' }],
    [{ answers: { PRODUCT: null } }, { [fields.product]: null }],
    [{ answers: { EXTRAS: ['SINK', 'HOB', 'SINK'] } }, { [fields.extras]: ['51', '52'] }],
    [{ answers: { EXTRAS: null } }, { [fields.extras]: [] }],
    [{ answers: { MEASURE: 'no' } }, { [fields.measure]: false }],
    [{ answers: { DATE: '2028-02-29' } }, { [fields.date]: '2028-02-29' }],
    [{ answers: { PHONE: '+7 900 000-00-00 доб. 12' } }, { [fields.phone]: '+7 900 000-00-00 доб. 12' }],
    [{ answers: { BUDGET: '2 000,50' } }, { [fields.budget]: '2000.5|RUB' }],
    [{ comment: 'Тёмный камень' }, { [fields.comment]: 'Тёмный камень' }],
    [{ result: 'not-qualified', reason: 'PRICE' }, { [fields.result]: '62', [fields.reason]: '81' }],
    [{ result: null, nextStep: null }, { [fields.result]: null, [fields.next]: null }],
    [{ unknown: ['PRODUCT', 'PRODUCT'] }, { [fields.unknown]: ['PRODUCT'] }],
    [{ unknownAdd: ['PRODUCT'] }, { [fields.unknown]: ['LENGTH', 'PRODUCT'] }],
    [{ unknownAdd: ['LENGTH'] }, {}],
    [{ unknownRemove: ['LENGTH'] }, { [fields.unknown]: [] }],
    [{ unknownRemove: ['PRODUCT'] }, {}],
    [{ unknownAdd: ['PRODUCT'], unknownRemove: ['LENGTH'] }, { [fields.unknown]: ['PRODUCT'] }],
    [{}, {}],
  ])('%j becomes %j', (given, values) => expect(save(given)).toEqual({ ok: true, values }))

  it('takes an answered question off the list of what the client does not know', () => {
    expect(save({ answers: { LENGTH: 2.4 } })).toEqual({ ok: true, values: { [fields.length]: 2.4, [fields.unknown]: [] } })
  })

  it.each<[string, CardAnswersInput]>([
    ['PRODUCT', { answers: { PRODUCT: 'GLASS' } }], ['PRODUCT', { answers: { PRODUCT: ['STONE'] } }], ['PRODUCT', { answers: { PRODUCT: 41 } }],
    ['LENGTH', { answers: { LENGTH: 'две' } }], ['LENGTH', { answers: { LENGTH: '1.2.3' } }], ['LENGTH', { answers: { LENGTH: '0x10' } }], ['BUDGET', { answers: { BUDGET: -5 } }],
    ['EXTRAS', { answers: { EXTRAS: 'SINK' } }], ['EXTRAS', { answers: { EXTRAS: ['SINK', 'X'] } }], ['MEASURE', { answers: { MEASURE: 'maybe' } }],
    ['DATE', { answers: { DATE: '2026-02-30' } }], ['DATE', { answers: { DATE: '10.03.2026' } }], ['PHONE', { answers: { PHONE: 'позвоните' } }],
    ['toString', { answers: { toString: 'x' } }], ['nextStep', { nextStep: 'NOWHERE' }], ['reason', { reason: 'X' }], ['MEASURE', { unknown: ['MEASURE'] }], ['MEASURE', { unknownAdd: ['MEASURE'] }], ['NOSUCH', { unknown: ['NOSUCH'] }],
  ])('a wrong answer about %s stops everything: %j', (field, given) => {
    expect(save(given)).toMatchObject({ ok: false, fields: [{ field }] })
  })

  it('keeps the option codes to ourselves and the portal\'s ids to the portal', () => {
    for (const code of ['PRODUCT', 'EXTRAS']) {
      const question = questionOf(code)
      fc.assert(fc.property(fc.subarray(question.options.map(option => option.code), { minLength: 1 }), (codes) => {
        const answer = question.kind === 'list' ? codes[0] ?? '' : codes
        const saved = save({ answers: { [code]: answer } })
        expect(saved.ok && toAnswer(question, saved.values[question.field])).toEqual(answer)
      }))
    }
  })
})

describe('a postponement', () => {
  const dated = { ...card, result: { ...card.result, values: { ...card.result.values, postponed: '63' } }, postponedUntil: { field: fieldName('UF_CRM_LR_UNTIL'), title: { ru: 'Отложен до' } } }
  const saveDated = (given: CardAnswersInput) => toFields(dated, CardAnswers.parse(given), lead.fields, 'ru', '2026-03-10')

  it('is written with its date (S3-24)', () => {
    expect(saveDated({ result: 'postponed', postponedUntil: '2026-03-11' })).toEqual({ ok: true, values: { [fields.result]: '63', UF_CRM_LR_UNTIL: '2026-03-11' } })
    expect(saveDated({ postponedUntil: null })).toEqual({ ok: true, values: { UF_CRM_LR_UNTIL: null } })
  })

  it.each(['2026-03-10', '2026-02-30', '11.03.2026', ''])('takes no day such as %j', (postponedUntil) => {
    expect(saveDated({ result: 'postponed', postponedUntil })).toMatchObject({ ok: false, fields: [{ field: 'postponedUntil' }] })
  })

  it('is refused where the regulation has none', () => {
    expect(save({ result: 'postponed', postponedUntil: '2026-03-11' })).toMatchObject({ ok: false, fields: [{ field: 'result' }, { field: 'postponedUntil' }] })
  })
})

describe('answers on their way to the page', () => {
  it.each([
    ['PRODUCT', 41, 'STONE'], ['PRODUCT', '42', 'WOOD'], ['PRODUCT', '99', null], ['PRODUCT', '', null], ['BUDGET', '1500|RUB', 1500], ['LENGTH', '2.40', 2.4], ['LENGTH', null, null],
    ['MEASURE', 'Y', 'yes'], ['MEASURE', false, 'no'], ['MEASURE', '', null], ['DATE', '2026-03-31T03:00:00+03:00', '2026-03-31'], ['EXTRAS', [51], ['SINK']], ['EXTRAS', [], null],
  ] as const)('%s: %j is shown as %j', (code, value, answer) => {
    expect(toAnswer(questionOf(code), value)).toEqual(answer)
  })

  it('reads what the client does not know from one value or several', () => {
    expect(unknownCodes(card, { [fields.unknown]: 'PRODUCT' })).toEqual(['PRODUCT'])
    expect(unknownCodes(card, {})).toEqual([])
  })
})
