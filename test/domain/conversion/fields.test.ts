import { describe, expect, it } from 'vitest'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { typed } from '../../../server/domain/conversion/values.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { client, facts, fieldIn, fieldInfos, hasField, info, objectIn, plan } from './support.ts'

const withFields = (lead: readonly ReturnType<typeof info>[], target: Partial<Record<'deal' | 'contact' | 'company', readonly ReturnType<typeof info>[]>>) => ({
  lead: [...fieldInfos.lead, ...lead],
  deal: [...fieldInfos.deal, ...target.deal ?? []],
  contact: [...fieldInfos.contact, ...target.contact ?? []],
  company: [...fieldInfos.company, ...target.company ?? []],
})
const list = (name: string, title: string, ...options: readonly (readonly [string, string])[]) => info(name, { title, type: 'list', options: options.map(([value, text]) => ({ value, title: text })) })

describe('standard fields (S0-35, S2-18)', () => {
  it('go to their places', () => {
    const made = plan({ lead: { fields: { companyTitle: 'ООО Ромашка', post: 'Директор', opportunity: 90_000, currencyId: 'RUB', comments: 'Замерить', sourceId: 'WEB', utmSource: 'ad' } } })
    const taken = (kind: string) => Object.fromEntries(objectIn(made, kind).fields.filter(({ take }) => take).map(({ info: { name }, value }) => [name, value]))
    expect(taken('company')).toEqual({ title: 'ООО Ромашка', utmSource: 'ad' })
    expect(taken('contact')).toEqual({ lastName: 'Крылова', name: 'Ольга', post: 'Директор', sourceId: 'WEB', utmSource: 'ad' })
    expect(taken('deal')).toEqual({ title: 'Столешница на кухню', opportunity: 90_000, currencyId: 'RUB', comments: 'Замерить', sourceId: 'WEB', utmSource: 'ad' })
    expect(fieldIn(made, 'deal', 'comments').from).toBe('Комментарий')
    expect(made.lacks).toEqual([])
  })

  it('that tell where a client comes from are not told of an existing one', () => {
    const made = plan({ lead: { fields: { utmSource: 'ad', post: 'Директор' } }, clients: [client('contact', 3)] })
    expect([hasField(made, 'contact', 'utmSource'), hasField(made, 'contact', 'post')]).toEqual([false, true])
  })

  it('call the company as the registry does (S0-33)', () => {
    const found = { kind: 'found', name: 'ООО «Ромашка»', fullName: null, form: 'company', phones: [], emails: [] } as const
    expect(objectIn(plan({ lead: { fields: { companyTitle: 'ромашка' } } }, {}, { registry: found }), 'company').title).toBe('ООО «Ромашка»')
  })

  it('that the portal sets itself stay out', () => {
    const made = plan({ fields: { ...fieldInfos, deal: fieldInfos.deal.map(one => (one.name === 'comments' ? { ...one, readOnly: true } : one)) }, lead: { fields: { comments: 'Замерить' } } })
    expect(hasField(made, 'deal', 'comments')).toBe(false)
  })
})

describe('fields of one’s own', () => {
  it('go to those of the same name, apart from the kind of object in it', () => {
    const made = plan({ fields: withFields([info('UF_CRM_LEAD_CITY')], { deal: [info('UF_CRM_DEAL_CITY')], contact: [info('UF_CRM_CITY')] }), lead: { fields: { UF_CRM_LEAD_CITY: 'Тверь' } } })
    expect([fieldIn(made, 'deal', 'UF_CRM_DEAL_CITY').value, fieldIn(made, 'contact', 'UF_CRM_CITY').value]).toEqual(['Тверь', 'Тверь'])
  })

  it('or to the only one of the same title and type', () => {
    const lead = [info('UF_CRM_1', { title: 'Срок изготовления:' })]
    const of = (...deal: readonly ReturnType<typeof info>[]) => plan({ fields: withFields(lead, { deal }), lead: { fields: { UF_CRM_1: 'две недели' } } })
    expect(fieldIn(of(info('UF_CRM_2', { title: 'срок  изготовления' })), 'deal', 'UF_CRM_2').value).toBe('две недели')
    expect(hasField(of(info('UF_CRM_2', { title: 'Срок изготовления', type: 'number' })), 'deal', 'UF_CRM_2')).toBe(false)
    expect(hasField(of(info('UF_CRM_2', { title: 'Срок изготовления' }), info('UF_CRM_3', { title: 'Срок изготовления' })), 'deal', 'UF_CRM_2')).toBe(false)
  })

  it('go from list to list by the option’s title, not by its number', () => {
    const fields = withFields([list('UF_CRM_1', 'Материал', ['11', 'Дуб'], ['12', 'Ясень'])], { deal: [list('UF_CRM_9', 'Материал', ['11', 'Ясень'], ['40', 'Дуб'])] })
    expect(fieldIn(plan({ fields, lead: { fields: { UF_CRM_1: '11' } } }), 'deal', 'UF_CRM_9').value).toBe('40')
    expect(fieldIn(plan({ fields, lead: { fields: { UF_CRM_1: '12' } } }), 'deal', 'UF_CRM_9').value).toBe('11')
    expect(hasField(plan({ fields, lead: { fields: { UF_CRM_1: '77' } } }), 'deal', 'UF_CRM_9')).toBe(false)
  })

  it('of several values do not lose any', () => {
    const fields = withFields([info('UF_CRM_1', { title: 'Цвета', multiple: true })], { deal: [info('UF_CRM_2', { title: 'Цвета' })], contact: [info('UF_CRM_3', { title: 'Цвета', multiple: true })] })
    const made = plan({ fields, lead: { fields: { UF_CRM_1: ['белый', 'серый'] } } })
    expect([fieldIn(made, 'deal', 'UF_CRM_2').value, fieldIn(made, 'contact', 'UF_CRM_3').value]).toEqual(['белый, серый', ['белый', 'серый']])
  })
})

describe('files of the lead', () => {
  const fields = withFields([info('UF_CRM_1', { title: 'План', type: 'file' })], { deal: [info('UF_CRM_2', { title: 'План', type: 'file' }), info('UF_CRM_9', { title: 'Другое' })] })
  const given = { fields, lead: { fields: { UF_CRM_1: 'file:1:7:UF_CRM_1:33' } } }

  it('are named in the step that copies them, and no other value is', () => {
    const choices = { fields: { 'deal.UF_CRM_9': { value: 'file:1:7:UF_CRM_1:33' } } }
    expect(stepsOf(plan(given, choices), facts(given), tellWords('ru')).find(({ key }) => key === 'deal')).toMatchObject({
      kind: 'create', fields: { UF_CRM_2: 'file:1:7:UF_CRM_1:33', UF_CRM_9: 'file:1:7:UF_CRM_1:33' }, files: { leadId: 7, names: ['UF_CRM_2'] },
    })
    expect(stepsOf(plan(), facts(), tellWords('ru')).some(step => 'files' in step)).toBe(false)
  })
})

describe('obligatory fields (S0-30)', () => {
  const fields = withFields([], { deal: [info('UF_CRM_2', { title: 'Бюджет', required: true, type: 'number' })] })
  const lack = { kind: 'field', object: 'deal', name: 'UF_CRM_2', title: 'Бюджет' }

  it('that are empty keep the lead from being converted', () => {
    const made = plan({ fields })
    expect(made.lacks).toEqual([lack])
    expect(fieldIn(made, 'deal', 'UF_CRM_2').lacking).toBe(true)
  })

  it('are filled in on the screen', () => {
    expect(plan({ fields }, { fields: { 'deal.UF_CRM_2': { value: '90 000,5' } } })).toMatchObject({ lacks: [] })
    expect(fieldIn(plan({ fields }, { fields: { 'deal.UF_CRM_2': { value: '90 000,5' } } }), 'deal', 'UF_CRM_2')).toMatchObject({ value: 90_000.5, take: true, from: null })
  })

  it('filled with something else, or with blanks, are told', () => {
    expect(plan({ fields }, { fields: { 'deal.UF_CRM_2': { value: 'много' } } }).lacks).toEqual([{ ...lack, kind: 'value', why: 'not-a-number' }])
    expect(plan({ fields }, { fields: { 'deal.UF_CRM_2': { value: '  ' } } }).lacks).toEqual([lack])
  })

  it('of an existing object that has them are not asked for', () => {
    const contact = [info('UF_CRM_5', { required: true })]
    const made = (value: string | null) => plan({ fields: withFields([], { contact }), clients: [client('contact', 3, { fields: { UF_CRM_5: value } })] })
    expect([made('есть').lacks, made(null).lacks]).toEqual([[], [{ kind: 'field', object: 'contact', name: 'UF_CRM_5', title: 'UF_CRM_5' }]])
  })

  it('are the name of a person, of a company and of a deal, whatever the portal says', () => {
    expect(plan({ lead: { fields: { name: '', lastName: '' } } }).lacks).toMatchObject([{ object: 'contact', name: 'name' }])
    expect(plan({ lead: { title: ' ' } }).lacks).toMatchObject([{ object: 'deal', name: 'title' }])
    expect(plan({ lead: { fields: { name: '', lastName: '' } } }, { variant: 'organisation' }).lacks).toMatchObject([{ object: 'company', name: 'title' }, { object: 'contact', name: 'name' }])
    expect(plan({ lead: { fields: { name: '', lastName: '' } } }, { fields: { 'contact.lastName': { value: 'Крылова' } } }).lacks).toEqual([])
  })

  it('are a phone where the portal wants one of every contact', () => {
    const contact = [info('phone', { title: 'Телефон', required: true })]
    expect(plan({ fields: withFields([], { contact }) }).lacks).toEqual([{ kind: 'field', object: 'contact', name: 'phone', title: 'Телефон' }])
  })
})

describe('what existing objects hold', () => {
  const clients = [client('contact', 3, { fields: { name: 'Оля', lastName: 'Крылова', post: null } })]

  it('is kept unless somebody chooses otherwise', () => {
    const made = plan({ clients, lead: { fields: { post: 'Директор' } } })
    expect(fieldIn(made, 'contact', 'name')).toMatchObject({ value: 'Ольга', current: 'Оля', conflict: true, take: false })
    expect(fieldIn(made, 'contact', 'post')).toMatchObject({ conflict: false, take: true })
    expect(hasField(made, 'contact', 'lastName')).toBe(false)
  })

  it('gives way to what was chosen or typed', () => {
    expect(fieldIn(plan({ clients }, { fields: { 'contact.name': { take: true } } }), 'contact', 'name').take).toBe(true)
    expect(fieldIn(plan({ clients }, { fields: { 'contact.name': { value: 'Ольга Павловна' } } }), 'contact', 'name')).toMatchObject({ take: true, value: 'Ольга Павловна', conflict: true })
  })
})

describe('a typed value', () => {
  it.each([
    ['number', '1e3', 'not-a-number'], ['number', ' 12,5 ', null], ['money', '900|RUB', null], ['money', 'RUB', 'not-a-number'],
    ['date', '2026-02-29', 'not-a-date'], ['date', '2028-02-29', null], ['date', '24.07.2026', 'not-a-date'], ['datetime', '2026-07-24T10:00', null], ['datetime', '2026-07-24T10:00:00+03:00', null], ['datetime', 'завтра', 'not-a-date'],
    ['yesno', 'yes', null], ['yesno', 'maybe', 'not-an-option'], ['text', 'как угодно', null],
  ] as const)('of a %s field: %s → %s', (type, value, problem) => {
    expect(typed(info('f', { type }), value).problem).toBe(problem)
  })

  it('is never a file, nor of a type that is not known', () => {
    expect([typed(info('f', { type: 'file' }), 'file:2:10:UF_CRM_SECRET:33'), typed(info('f', { type: 'other' }), '33'), typed(info('f', { type: 'file' }), '')]).toEqual([{ value: null, problem: 'not-an-option' }, { value: null, problem: 'not-an-option' }, { value: null, problem: null }])
    const fields = withFields([], { deal: [info('UF_CRM_2', { title: 'План', type: 'file' })] })
    const made = plan({ fields }, { fields: { 'deal.UF_CRM_2': { value: 'file:2:10:UF_CRM_SECRET:33' } } })
    expect(made.lacks).toMatchObject([{ kind: 'value', name: 'UF_CRM_2' }])
    expect(fieldIn(made, 'deal', 'UF_CRM_2')).toMatchObject({ value: null, take: false })
  })

  it('of a list is one of its options', () => {
    const field = list('f', 'Материал', ['11', 'Дуб'])
    expect([typed(field, '11').problem, typed(field, 'Дуб').problem, typed({ ...field, multiple: true }, ['11', '12']).problem]).toEqual([null, 'not-an-option', 'not-an-option'])
  })

  it('comes out as the field holds it', () => {
    expect([typed(info('f', { type: 'yesno' }), 'no').value, typed(info('f', { type: 'number', multiple: true }), ['1', '2,5']).value, typed(info('f'), '').value]).toEqual([false, [1, 2.5], null])
  })
})
