import { describe, expect, it } from 'vitest'
import type { Lack, PlannedMeans, VariantBecause } from '../../../server/domain/conversion/plan.ts'
import type { RegistryAnswer } from '../../../server/domain/conversion/setting.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import type { UndoStep } from '../../../server/domain/conversion/undo.ts'
import { leadId, stageId } from '../../../server/domain/lead.ts'
import { conversionWords, tellWords } from '../../../server/domain/sentences/conversion.ts'
import { client, innOfPerson, phone, plan } from './support.ts'

const becauses: Readonly<Record<VariantBecause['why'], VariantBecause>> = {
  'chosen': { why: 'chosen' }, 'bound-client': { why: 'bound-client', title: 'Ромашка' }, 'found-client': { why: 'found-client', title: 'Ромашка', by: ['phone'] }, 'answer': { why: 'answer', question: 'Кто заказчик', answer: 'Фирма' },
  'entrepreneur': { why: 'entrepreneur', title: 'ИП Крылова' }, 'organisation-name': { why: 'organisation-name', title: 'ООО Ромашка' }, 'inn': { why: 'inn', inn: innOfPerson }, 'setting': { why: 'setting' }, 'nothing-of-organisation': { why: 'nothing-of-organisation' },
}
const objects = ['deal', 'contact', 'company'] as const
const blocked = { 'not-allowed': null, 'wrong-step': 'Реквизиты', 'gate': 'отправить письмо', 'already-converted': null, 'lead-closed': null, 'no-success-stage': null } as const satisfies Record<Extract<Lack, { kind: 'blocked' }>['why'], string | null>
const lacks: readonly Lack[] = [
  ...objects.flatMap((object): readonly Lack[] => [
    { kind: 'field', object, name: 'x', title: 'Бюджет' },
    ...(['not-a-number', 'not-a-date', 'not-an-option'] as const).map(why => ({ kind: 'value', object, name: 'x', title: 'Бюджет', why }) as const),
    { kind: 'choice', object, count: 3 },
    ...(object === 'deal' ? [] : [1, 3].map(count => ({ kind: 'choice', object, count, byName: true }) as const)),
  ]),
  ...(['length', 'digits', 'checksum'] as const).map(why => ({ kind: 'inn', why }) as const),
  { kind: 'means', key: 'phone +7 900 000-00-01' }, { kind: 'pipeline' }, { kind: 'stage' }, { kind: 'responsible' },
  ...Object.entries(blocked).map(([why, detail]) => ({ kind: 'blocked', why: why as keyof typeof blocked, detail }) as const),
  { kind: 'blocked', why: 'wrong-step', detail: null }, { kind: 'blocked', why: 'gate', detail: null },
]
const registry: readonly (RegistryAnswer | null)[] = [null, { kind: 'found', name: 'ООО Ромашка', fullName: null, form: 'company', phones: [], emails: [] }, ...(['nobody', 'length', 'digits', 'checksum'] as const).map(why => ({ kind: 'not-found', why }) as const), { kind: 'unknown', why: 'not-connected' }, { kind: 'unknown', why: 'no-answer' }]
const hints: Readonly<Record<PlannedMeans['hint'], true>> = { 'mobile': true, 'city': true, 'toll-free': true, 'has-extension': true, 'registry': true, 'used-by-several': true, 'already-there': true, 'at-company': true, 'wrong': true, 'shared-mail': true, 'corporate-mail': true, 'free-mail': true, 'no-company': true, 'no-contact': true, 'none': true }
const stepKinds: Readonly<Record<ConversionStep['kind'], true>> = { 'check': true, 'create': true, 'change': true, 'link-company': true, 'requisites': true, 'products': true, 'link-requisites': true, 'bind-activities': true, 'bind-tasks': true, 'bind-comments': true, 'bind-quotes': true, 'tell': true, 'link-lead': true, 'finish-lead': true }
const links = { companyId: null, contactIds: [] }
const undos: Readonly<Record<UndoStep['kind'], UndoStep>> = {
  'reopen-lead': { key: 'k', kind: 'reopen-lead', leadId: leadId(7), from: stageId('WON'), to: stageId('NEW') }, 'unlink-lead': { key: 'k', kind: 'unlink-lead', leadId: leadId(7), made: links, before: links }, 'delete-entries': { key: 'k', kind: 'delete-entries', ids: [1] },
  'unbind-activities': { key: 'k', kind: 'unbind-activities', bound: [] }, 'unbind-tasks': { key: 'k', kind: 'unbind-tasks', bound: [] }, 'unbind-comments': { key: 'k', kind: 'unbind-comments', bound: [] }, 'unbind-quotes': { key: 'k', kind: 'unbind-quotes', ids: [1], dealId: 2 },
  'unlink-requisites': { key: 'k', kind: 'unlink-requisites', dealId: 2, requisitesId: 3 }, 'remove-products': { key: 'k', kind: 'remove-products', dealId: 2, ids: [1] }, 'delete-requisites': { key: 'k', kind: 'delete-requisites', id: 3 }, 'unlink-company': { key: 'k', kind: 'unlink-company', contactId: 3, companyId: 4 },
  'restore': { key: 'k', kind: 'restore', object: 'deal', id: 2, fields: {}, means: [], ...links }, 'delete': { key: 'k', kind: 'delete', object: 'company', id: 4, updatedAt: null, after: {}, linked: [] },
}

const looksRight = (text: string, language: 'ru' | 'en', isSentence = true): void => {
  expect(text).not.toMatch(/undefined|null|NaN|\[object|\{| {2}|\.\.|,\.|\?\.$/)
  if (isSentence) expect(text.trim()).toMatch(/[.?!]$/)
  else expect(text).not.toMatch(/\.$/)
  expect(/[а-яё]/i.test(text.replaceAll(/[«“][^»”]*[»”]/g, '').replaceAll(/ООО Ромашка|отправить письмо/g, ''))).toBe(language === 'ru')
}

describe.each(['ru', 'en'] as const)('the words of a conversion in %s', (language) => {
  const words = conversionWords(language)

  it('say why a variant is proposed, each its own', () => {
    const told = Object.values(becauses).map(because => words.because(because))
    for (const text of told) looksRight(text, language)
    expect(new Set(told).size).toBe(told.length)
  })

  it('name what of a client is the same, and only that', () => {
    const told = (...by: Extract<VariantBecause, { why: 'found-client' }>['by']) => words.because({ why: 'found-client', title: 'Ромашка', by })
    expect([told('phone'), told('inn', 'phone', 'email'), told('made')]).toEqual(language === 'ru'
      ? ['Такой клиент уже есть: «Ромашка». Совпал телефон.', 'Такой клиент уже есть: «Ромашка». Совпали ИНН, телефон и e-mail.', 'Такой клиент уже есть: «Ромашка». Создан из этого же лида.']
      : ['The client is there already: “Ромашка”. The phone is the same.', 'The client is there already: “Ромашка”. The taxpayer number, phone and e-mail address are the same.', 'The client is there already: “Ромашка”. It was made from this lead.'])
  })

  it('never double the quotation marks of a name', () => {
    for (const text of [words.because({ why: 'bound-client', title: 'ООО «Ромашка»' }), words.because({ why: 'organisation-name', title: 'ООО "Ромашка"' }), words.tell.inDeal('Заявка: ООО «Ромашка»'), words.tell.inLead({ deal: '«Ромашка»', contact: null, company: 'ООО «Ромашка»' })]) {
      expect(text).not.toMatch(/««|»»|““|””|"/)
    }
    expect(words.because({ why: 'bound-client', title: 'ООО «Ромашка»' })).toContain(language === 'ru' ? '«ООО „Ромашка“»' : '“ООО ‘Ромашка’”')
  })

  it('say what is lacking (S0-30)', () => {
    const told = lacks.map(one => words.lack(one))
    for (const text of told) looksRight(text, language)
    expect(new Set(told).size).toBe(told.length)
  })

  it('say why a phone goes where it goes (S0-32)', () => {
    expect(Object.keys(words.hints).sort()).toEqual(Object.keys(hints).sort())
    for (const [hint, text] of Object.entries(words.hints)) if (hint !== 'none') looksRight(text, language)
  })

  it('name objects, variants, candidates, steps and what is taken back', () => {
    const steps = Object.keys(stepKinds).flatMap(kind => objects.map(object => words.step({ kind: kind as ConversionStep['kind'], key: 'check', object })))
    for (const text of [...Object.values(words.objects), ...Object.values(words.variants).flatMap(({ title, makes }) => [title, makes]), ...Object.values(words.candidates), ...steps, ...Object.values(undos).map(step => words.undo(step))]) looksRight(text, language, false)
    expect(new Set(['check', 'check-deal', 'check-after', 'check-finish', 'check-end'].map(key => words.step({ kind: 'check', key }))).size).toBe(5)
  })

  it('say what a registry has said, and never that silence is a wrong number (S0-34)', () => {
    for (const answer of registry) looksRight(words.registry(answer), language)
    expect(words.registry({ kind: 'unknown', why: 'no-answer' })).toContain(language === 'ru' ? 'не значит' : 'does not make it wrong')
  })

  it('list what goes along', () => {
    const told = words.along({ activities: 4, tasks: 1, comments: 2, quotes: 3 })
    for (const text of told) looksRight(text, language, false)
    expect([told.length, words.along({ activities: 0, tasks: 0, comments: 0, quotes: 0 })]).toEqual([4, []])
  })

  it('list gaps', () => {
    const named = { id: 3, title: 'Ромашка' }
    for (const gap of [{ kind: 'answer', question: 'size', title: 'Размеры' }, { kind: 'phone-in-both', phone: '+7 900 000-00-01', contact: named, company: named }, { kind: 'no-deal', withClient: true }, { kind: 'no-deal', withClient: false }, { kind: 'no-client' }] as const) looksRight(words.gap(gap), language)
  })

  it('are written into the timelines', () => {
    looksRight(tellWords(language).inDeal('Столешница'), language)
    looksRight(tellWords(language).inUsedDeal('Столешница'), language)
    looksRight(tellWords(language).inLead({ deal: 'Столешница', contact: null, company: null }), language)
    looksRight(tellWords(language).inLead({ deal: 'Столешница', contact: 'Ольга', company: 'Ромашка' }), language)
  })
})

describe('the list of what to look at afterwards (S0-31)', () => {
  const rich = plan({ inn: innOfPerson, requisiteTemplates: {}, clients: [client('contact', 3, { fields: { name: 'Оля' } })], lead: { means: [phone('900', { normal: null })], products: [{ name: 'Стол', productId: 5, price: 9, quantity: 1, row: {} }] } }, { variant: 'organisation' })

  it('names what was not carried over, what was kept and what was not made', () => {
    expect(conversionWords('ru').checklist(rich)).toEqual([
      'Название компании — такое же, как в документах.',
      'У контакта верны имя, фамилия и должность.',
      'Личные телефоны и адреса — у контакта, служебные — у компании.',
      'Не перенесены: 900. В лиде они остались.',
      'Оставлены прежние значения: «name».',
      'Реквизиты не созданы: на портале нет подходящего шаблона. Заполните их в карточке компании.',
      'В сделке 1 позиция товаров, сумма верна.',
      'В сделке верны ответственный, воронка и стадия.',
    ])
    expect(conversionWords('en').checklist(rich)).toHaveLength(8)
  })

  it.each(['ru', 'en'] as const)('calls nothing right that was refused (%s)', (language) => {
    const whole = plan({ inn: innOfPerson, lead: { products: [{ name: 'Стол', productId: 5, price: 9, quantity: 1, row: {} }] } }, { variant: 'organisation' })
    const { checklist } = conversionWords(language)
    const told = checklist(whole)
    const without = (key: string) => told.filter(line => !checklist(whole, new Set([key])).includes(line))
    expect(without('requisites')).toEqual(without('link-requisites'))
    expect([without('requisites').length, without('products').length, without('tasks')]).toEqual([1, 1, []])
    expect(without('requisites')[0]).toMatch(/Реквизиты|requisites/)
  })

  it('is short for a person', () => {
    expect(conversionWords('ru').checklist(plan())).toEqual(['У контакта верны имя, фамилия и должность.', 'В сделке верны ответственный, воронка и стадия.'])
    for (const language of ['ru', 'en'] as const) for (const text of conversionWords(language).checklist(plan())) looksRight(text, language)
  })
})
