import { describe, expect, it } from 'vitest'
import { formOfName, nameIn } from '../../../server/domain/conversion/words.ts'
import { lintRegulation } from '../../../server/domain/lint.ts'
import { fieldName } from '../../../server/domain/lead.ts'
import { mapReferences } from '../../../server/domain/regulation/references.ts'
import { diffRegulations } from '../../../server/domain/regulation/diff.ts'
import { changeSentence } from '../../../server/domain/sentences/changes.ts'
import { problemSentence } from '../../../server/domain/sentences/problems.ts'
import { unboundRegulation } from '../../../server/domain/presets/preset.ts'
import { passes } from '../../../server/domain/presets/passes.ts'
import { Regulation } from '../../../server/contract/regulation/document.ts'
import { regulation } from '../support.ts'
import { client, innOfOrganisation, innOfPerson, kindsIn, plan } from './support.ts'

const who = { question: 'who', person: ['private'], organisation: ['firm'], client: ['known'] }
const question = {
  code: 'who', field: fieldName('UF_WHO'), title: { ru: 'Кто заказчик', en: 'Who is the client' }, script: { ru: 'Кто вы?' }, kind: 'list', class: 'key', required: false, unknownAllowed: false,
  options: [{ code: 'private', title: { ru: 'Частное лицо', en: 'Private person' }, value: '11' }, { code: 'firm', title: { ru: 'Фирма', en: 'A firm' }, value: '12' }, { code: 'known', title: { ru: 'Уже заказывал' }, value: '13' }],
} as const
const card = { ...regulation.card, groups: [{ id: 'who', title: { ru: 'Кто' }, questions: [question] }] }
const asked = (value: string, rules: Parameters<typeof plan>[2] = {}, given: Parameters<typeof plan>[0] = {}) => plan({ ...given, lead: { ...given?.lead, fields: { UF_WHO: value, ...given?.lead?.fields } } }, {}, { conversion: { variantBy: who }, regulation: { card }, ...rules })

describe('a person (S0-29)', () => {
  it('becomes a deal and a contact', () => {
    const made = plan()
    expect([made.variant, made.because, kindsIn(made)]).toEqual(['person', { why: 'nothing-of-organisation' }, ['contact', 'deal']])
    expect(made.variants).toEqual(['person', 'organisation'])
  })

  it('gets a company too where the setting says so', () => {
    const made = plan({}, {}, { conversion: { personGetsCompany: true } })
    expect([made.variant, made.because, made.objects[0]?.title]).toEqual(['organisation', { why: 'setting' }, 'Крылова Ольга'])
  })
})

describe('an organisation (S0-29)', () => {
  it.each([
    ['the company’s name', { lead: { fields: { companyTitle: 'Ромашка' } } }, { why: 'organisation-name', title: 'Ромашка' }],
    ['a legal form in the lead’s title', { lead: { title: 'Заявка с сайта: ООО «Ромашка», окна' } }, { why: 'organisation-name', title: 'ООО «Ромашка»' }],
    ['a legal form in the person’s name', { lead: { fields: { lastName: 'ИП Крылова' } } }, { why: 'entrepreneur', title: 'ИП Крылова Ольга' }],
    ['a sole entrepreneur in the company’s name', { lead: { fields: { companyTitle: 'ИП Крылова О. П.' } } }, { why: 'entrepreneur', title: 'ИП Крылова О. П.' }],
    ['a number of ten digits', { inn: innOfOrganisation }, { why: 'inn', inn: innOfOrganisation }],
    ['a number of twelve digits', { inn: innOfPerson }, { why: 'inn', inn: innOfPerson }],
  ])('is known by %s, and becomes a deal, a contact and a company', (_by, given, because) => {
    const made = plan(given)
    expect([made.variant, made.because, kindsIn(made)]).toEqual(['organisation', because, ['company', 'contact', 'deal']])
  })

  it('is not made of a number with a slip in it', () => {
    expect(plan({ inn: '7700000001' }).variant).toBe('person')
  })

  it('has requisites of its own form', () => {
    expect(plan({ inn: innOfPerson }).requisites).toEqual({ form: 'entrepreneur', inn: innOfPerson, templateId: 3 })
    expect(plan({ inn: innOfOrganisation }).requisites).toEqual({ form: 'company', inn: innOfOrganisation, templateId: 1 })
    expect(plan({ inn: innOfOrganisation }, { form: 'entrepreneur' }).requisites?.form).toBe('entrepreneur')
  })
})

describe('a client who is known (S0-29)', () => {
  it('is the one the lead is bound to, and gets a deal only', () => {
    const made = plan({ lead: { companyId: 4, fields: { name: '', lastName: '' } }, clients: [client('company', 4, { title: 'Ромашка', by: ['bound'] })] })
    expect([made.variant, made.because, kindsIn(made)]).toEqual(['client', { why: 'bound-client', title: 'Ромашка' }, ['company', 'deal']])
    expect(made.objects[0]).toMatchObject({ action: 'use', id: 4 })
  })

  it.each(['phone', 'email', 'inn'] as const)('is one found by %s', (by) => {
    const made = plan({ clients: [client('contact', 3, { by: [by] })] })
    expect([made.variant, made.because, kindsIn(made)]).toEqual(['client', { why: 'found-client', title: 'Контакт 3', by: [by] }, ['contact', 'deal']])
  })

  it('is not one of the same name only', () => {
    const made = plan({ clients: [client('contact', 3, { by: ['name'] })] })
    expect([made.variant, made.variants]).toEqual(['person', ['person', 'organisation', 'client']])
  })

  it('comes before an answer and a name', () => {
    expect(asked('11', {}, { clients: [client('company', 4)], lead: { fields: { companyTitle: 'ООО Ромашка' } } }).because).toMatchObject({ why: 'found-client' })
  })
})

describe('what the person chooses', () => {
  it('stands', () => {
    expect(plan({ lead: { fields: { companyTitle: 'ООО Ромашка' } } }, { variant: 'person' })).toMatchObject({ variant: 'person', because: { why: 'chosen' } })
  })

  it('does not make a client of nobody', () => {
    expect(plan({}, { variant: 'client' }).variant).toBe('person')
  })
})

describe('the question of the setting', () => {
  it('tells the variant by its answer', () => {
    expect(asked('12')).toMatchObject({ variant: 'organisation', because: { why: 'answer', question: 'Кто заказчик', answer: 'Фирма' } })
    expect(asked('11', {}, { lead: { fields: { companyTitle: 'ООО Ромашка' } } })).toMatchObject({ variant: 'person', because: { why: 'answer' } })
    expect(asked('12', { language: 'en' }).because).toMatchObject({ question: 'Who is the client', answer: 'A firm' })
  })

  it('says nothing without an answer, or of a client whom nobody has found', () => {
    expect(asked('').because).toEqual({ why: 'nothing-of-organisation' })
    expect(asked('13').because).toEqual({ why: 'nothing-of-organisation' })
    expect(asked('13', {}, { clients: [client('contact', 3, { by: ['name'] })] })).toMatchObject({ variant: 'client', because: { why: 'answer' }, lacks: [{ kind: 'choice', object: 'contact', count: 1, byName: true }] })
  })

  const withQuestion = (variantBy: typeof who | null, change: object = {}) => ({ ...regulation, card: { ...card, groups: [{ ...card.groups[0]!, questions: [{ ...question, ...change }] }] }, conversion: { ...regulation.conversion, variantBy } })
  const things = { stageIds: [], userIds: [], fieldNames: [] }
  const problems = (variantBy: typeof who | null, change: object = {}) => lintRegulation(withQuestion(variantBy, change), things).filter(({ path }) => path.startsWith('conversion.variantBy'))

  it('is checked by the lint', () => {
    expect(problems(who)).toEqual([])
    expect(problems(null)).toEqual([])
    expect(problems({ ...who, question: 'gone' })).toMatchObject([{ kind: 'unknown-question', severity: 'error' }])
    expect(problems({ ...who, client: ['gone'] })).toMatchObject([{ kind: 'unknown-option', path: 'conversion.variantBy.client', option: 'gone' }])
    expect(problems({ ...who, client: ['firm'] })).toMatchObject([{ kind: 'duplicate-code', code: 'firm' }])
    expect(problems(who, { kind: 'text', options: [] })).toMatchObject([{ kind: 'no-options' }])
    expect(problems({ ...who, question: 'gone' }).map(problem => problemSentence(problem, 'ru'))).toEqual(['«Вопрос о виде клиента»: вопроса «gone» нет в карточке'])
  })

  it('is told when it changes', () => {
    const [before, after] = [withQuestion(null), withQuestion(who)]
    expect(diffRegulations(before, after).map(change => changeSentence(change, { before, after }, 'ru'))).toEqual(['Вопрос о виде клиента: было не задано, стало вопрос о виде клиента: «who»; ответы о физическом лице: «private»; ответы об организации: «firm»; ответы о старом клиенте: «known».'])
    const changed = withQuestion({ ...who, person: ['private', 'known'], client: [] })
    expect(diffRegulations(after, changed).map(change => changeSentence(change, { before: after, after: changed }, 'ru'))).toEqual(['Ответы о физическом лице: было «private», стало «private», «known».', 'Ответы о старом клиенте: было «known», стало не задано.'])
  })

  it('survives another portal and the contract, and is asked by the preset of passes', () => {
    expect(mapReferences(withQuestion(who), (_kind, id) => id).conversion.variantBy).toEqual(who)
    const preset = unboundRegulation(passes)
    expect(preset.conversion.variantBy).toEqual({ question: 'ps_who', person: ['person'], organisation: ['company'], client: ['known'] })
    expect(lintRegulation(preset, things).filter(({ path }) => path.startsWith('conversion'))).toEqual([])
    expect(Regulation.shape.conversion.parse(preset.conversion)).toEqual(preset.conversion)
    expect(Regulation.shape.conversion.safeParse({ ...preset.conversion, variantBy: { question: 'ps_who' } }).success).toBe(false)
  })
})

describe('a legal form', () => {
  it.each([
    ['ИП Иванов', 'entrepreneur'], ['ип иванов и. и.', 'entrepreneur'], ['Индивидуальный предприниматель Иванов', 'entrepreneur'],
    ['ООО «Ромашка»', 'company'], ['Ромашка ООО', 'company'], ['АО Восход', 'company'], ['ООО «ИП Групп»', 'company'], ['ТОО Алтын', 'company'], ['Acme LLC', 'company'],
    ['Филипп Липов', null], ['Архип Липов', null], ['Наоми Паоло', null], ['Столешница', null], ['', null],
  ])('%s → %s', (name, form) => {
    expect(formOfName(name)).toBe(form)
  })

  it.each([
    ['Звонок. ООО «Ромашка и К», столешница', 'ООО «Ромашка и К»'], ['Ромашка ООО', 'Ромашка ООО'], ['ИП Иванов – окна', 'ИП Иванов'], ['Столешница', 'Столешница'],
  ])('begins the name in «%s»', (text, name) => {
    expect(nameIn(text)).toBe(name)
  })
})
