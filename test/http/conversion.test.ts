import { describe, expect, it } from 'vitest'
import { ConversionState, ConversionView } from '../../server/contract/conversion.ts'
import { client, fieldInfos, info, innOfOrganisation, innOfPerson, openDeal } from '../domain/conversion/support.ts'
import { managerToken, type TestApp } from './support.ts'
import { lead, regulation } from './values.ts'
import { facts, path, problem, send, stored, world } from './conversion-world.ts'

describe('the plan', () => {
  it('shows each object, each field with where it comes from, and each phone with its hint (S0-31, S0-32)', async () => {
    const { app, read } = world()
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view).toMatchObject({ variant: 'organisation', because: 'В лиде указана организация: «ООО „Ромашка“».' })
    expect(view.objects.map(({ kind, action }) => [kind, action])).toEqual([['company', 'create'], ['contact', 'create'], ['deal', 'create']])
    expect(view.objects[0]?.fields[0]).toMatchObject({ key: 'company.title', from: 'Название компании', value: 'ООО «Ромашка»', take: true })
    expect(view.means.map(({ value, to }) => [value, to])).toEqual([['+7 900 000-00-01', 'contact'], ['info@example.com', 'company']])
    expect(view.means.every(({ hint }) => hint !== '')).toBe(true)
    expect(view.lacks).toEqual([])
    expect(read).toEqual([managerToken])
  })

  it('tells sums with their currency, days in words, and nothing of how a record is kept', async () => {
    const deal = [...fieldInfos.deal, info('opened', { type: 'yesno' }), info('isManualOpportunity', { type: 'yesno' }), info('UF_CRM_DAY', { title: 'Монтаж', type: 'date' })]
    const given = { ...facts, fields: { ...fieldInfos, deal, lead: [...fieldInfos.lead, info('opened', { type: 'yesno' }), info('isManualOpportunity', { type: 'yesno' }), info('UF_CRM_DAY', { title: 'Монтаж', type: 'date' })] } }
    const lead = { ...given.lead, products: [{ name: 'Дуб', productId: null, price: 45_000.5, quantity: 2, row: {} }], fields: { ...given.lead.fields, opportunity: 90_001, opened: 'Y', isManualOpportunity: 'Y', UF_CRM_DAY: '2026-03-15' } }
    const { app } = world({}, { facts: { ...given, lead } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    const fields = view.objects.at(-1)?.fields ?? []
    expect(fields.find(({ key }) => key === 'deal.opportunity')?.valueText.replaceAll(/\s/g, ' ')).toBe('90 001 ₽')
    expect(fields.find(({ key }) => key === 'deal.UF_CRM_DAY')?.valueText).toBe('15 марта 2026 г.')
    expect(view.objects.flatMap(object => object.fields).filter(({ key }) => /opened|isManual/.test(key))).toEqual([])
    expect(view.products.rows.map(({ price }) => price.replaceAll(/\s/g, ' '))).toEqual(['45 000,50 ₽'])
  })

  it.each([
    ['brings the lead’s currency along to a deal without a sum', 0, {}, '1 000 $', ''],
    ['is told in the deal’s currency where the lead’s is not taken', 0, { 'deal.currencyId': { take: false } }, '1 000 ₽', ''],
    ['is told in the deal’s currency where it takes the place of another sum', 500, { 'deal.opportunity': { take: true } }, '1 000 ₽', '500 ₽'],
  ])('of a sum %s', async (_how, opportunity, choices, proposed, current) => {
    const given = { ...facts, clients: [client('contact', 3)], deals: [openDeal(51, { contactIds: [3], fields: { opportunity, currencyId: 'RUB' } })], lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: '', opportunity: 1_000, currencyId: 'USD' } } }
    const { app } = world({}, { facts: given })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { use: { deal: 51 }, fields: choices } })).json())
    const sum = view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.opportunity')
    expect([sum?.valueText, sum?.currentText].map(text => text?.replaceAll(/\s/g, ' '))).toEqual([proposed, current])
  })

  it('tells a sum without the lead’s currency in the portal’s, which a new deal gets', async () => {
    const { app } = world({}, { facts: { ...facts, lead: { ...facts.lead, fields: { ...facts.lead.fields, opportunity: 1_000, currencyId: 'USD' } } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { fields: { 'deal.currencyId': { take: false } } } })).json())
    expect(view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.opportunity')?.valueText.replaceAll(/\s/g, ' ')).toBe('1 000 ₽')
  })

  it('tells what stays in the lead only, and offers nobody of a company that is the client', async () => {
    const [group] = regulation.card.groups
    const question = group?.questions[0]
    if (question === undefined) throw new Error('the card has no question')
    const company = client('company', 4, { by: ['inn'], title: 'ООО «Ромашка»', fields: { title: 'ООО «Ромашка»' } })
    const { app } = world({}, { facts: { ...facts, clients: [company], lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: '', [question.field]: 'дуб' } } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view.staying).toEqual([{ title: question.title.ru, value: 'дуб' }])
    expect(view.objects.map(({ kind, action, optional }) => [kind, action, optional])).toEqual([['company', 'use', false], ['contact', 'create', true], ['deal', 'create', false]])
    expect(view.means.map(({ onlyInLead }) => onlyInLead)).toEqual([true, true])
    const nobody = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { use: { contact: 'none' } } })).json())
    expect(nobody.objects.map(({ kind, action, optional }) => [kind, action, optional])).toEqual([['company', 'use', false], ['contact', 'none', true], ['deal', 'create', false]])
    expect(nobody.seen).not.toBe(view.seen)
  })

  it('shows the products that the deal gets, and says which ones the deal has already', async () => {
    const row = (name: string, price: number) => ({ name, productId: null, price, quantity: 2, row: { productName: name, price, quantity: 2 } })
    const { app } = world({}, { facts: { ...facts, lead: { ...facts.lead, products: [row('Дуб', 1_000), row('Ясень', 200)] }, deals: [openDeal(51, { leadId: lead.id, products: [row('Дуб', 1_000)] })] } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect([view.products.rows.map(({ name }) => name), view.products.sum?.replaceAll(/\s/g, ' ')]).toEqual([['Ясень'], '400 ₽'])
    expect(view.along).toEqual(['Уже есть в сделке и второй раз не добавляются: «Дуб». Цена и количество остаются такими, как в сделке.'])
    const another = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { use: { deal: 'new' } } })).json())
    expect([another.products.rows.length, another.products.sum?.replaceAll(/\s/g, ' '), another.along]).toEqual([2, '2 400 ₽', []])
  })

  it('follows what the person decides without asking the portal again', async () => {
    const { app, read } = world()
    await send(app, `${path}/plan`)
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { variant: 'person', means: { 'phone +7 900 000-00-01': 'none' } } })).json())
    expect(view.objects.map(({ kind }) => kind)).toEqual(['contact', 'deal'])
    expect(view.means[0]?.to).toBe('none')
    expect(read).toHaveLength(1)
  })

  it('finds the company by the number that was typed, and asks the portal once for each right number (S0-34)', async () => {
    const owner = client('company', 4, { by: ['inn'], title: 'ООО «Кедр»' })
    const { app, read, readBy, asks } = world({}, { facts: inn => (inn === innOfOrganisation ? { ...facts, clients: [owner] } : facts) })
    const planned = async (inn: string) => ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { inn } })).json())
    for (const inn of ['', '7', '77000000', '7700000008', '1027700132195']) expect((await planned(inn)).objects[0]).toMatchObject({ kind: 'company', action: 'create' })
    expect(read).toHaveLength(1)
    const found = await planned(' 77 0000 0009')
    expect([found.objects[0]?.id, found.requisites, found.lacks]).toEqual([4, null, []])
    expect(found.because).toBe('Такой клиент уже есть: «ООО „Кедр“». Совпал ИНН.')
    await planned(innOfOrganisation)
    await planned(innOfPerson)
    await planned('')
    expect(readBy.map(({ inn }) => inn)).toEqual([undefined, innOfOrganisation, innOfPerson])
    await send(app, path, { choices: { inn: innOfOrganisation }, seen: found.seen })
    expect(readBy.at(-1)?.inn).toBe(innOfOrganisation)
    expect(asks[0]?.steps.map(({ key }) => key)).not.toContain('requisites')
    // All that was read before is forgotten with the beginning.
    await planned(innOfPerson)
    expect(read).toHaveLength(5)
  })

  it.each([['ru', '1 декабря 2026 г.', '2 декабря 2026 г., 10:30'], ['en', '1 December 2026', '2 December 2026, 10:30']] as const)('says days and moments as people write them: %s', async (language, day, moment) => {
    const { app } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_DAY', { type: 'date' }), info('UF_CRM_AT', { type: 'datetime' })] } } })
    const choices = { fields: { 'deal.UF_CRM_DAY': { value: '2026-12-01' }, 'deal.UF_CRM_AT': { value: '2026-12-02T10:30:00+03:00' } } }
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices }, language)).json())
    const words = (key: string) => view.objects.at(-1)?.fields.find(field => field.key === key)?.valueText
    expect([words('deal.UF_CRM_DAY'), words('deal.UF_CRM_AT')]).toEqual([day, moment])
  })

  it('names what is missing, with the field it is about (S0-30)', async () => {
    const { app } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_CITY', { title: 'Город', required: true })] } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view.lacks).toEqual([{ key: 'deal.UF_CRM_CITY', text: 'Заполните обязательное поле «Город» в карточке сделки.', mendable: true }])
    expect(view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.UF_CRM_CITY')).toMatchObject({ required: true, editable: true, problem: 'Заполните обязательное поле «Город» в карточке сделки.' })
  })

  it.each([
    [{ choices: { variant: 'everything' } }, 'choices.variant'],
    [{ choices: { fields: { 'lead.title': { take: true } } } }, 'choices.fields.lead.title'],
    [{ choices: { use: { deal: 'any' } } }, 'choices.use.deal'],
  ])('refuses %j with the name of what is wrong', async (body, field) => {
    const { app } = world()
    const answer = await send(app, `${path}/plan`, body)
    expect(answer.status).toBe(400)
    expect((await problem(answer)).fields?.map(one => one.field)).toContain(field)
  })
})

describe('the beginning', () => {
  const seenOf = async (app: TestApp): Promise<string> => ConversionView.parse(await (await send(app, `${path}/plan`)).json()).seen

  it('carries out the plan that was seen, and answers with links to all and what to check (S0-31)', async () => {
    const { app, asks, read } = world()
    const answer = await send(app, path, { seen: await seenOf(app) })
    expect(answer.status).toBe(202)
    const state = ConversionState.parse(await answer.json())
    expect(state).toMatchObject({ status: 'done', sentence: 'Лид сконвертирован.', undo: { until: '2026-03-13T09:00:00Z' } })
    expect(state.links.map(({ kind }) => kind)).toEqual(['deal', 'contact', 'company', 'lead'])
    expect(state.checklist.length).toBeGreaterThan(1)
    expect(asks).toMatchObject([{ leadId: lead.id, byUserId: 7, accessToken: managerToken, regulationVersion: 4 }])
    expect(asks[0]?.steps.at(-2)?.kind).toBe('finish-lead')
    // Read anew: what was seen may be old.
    expect(read).toHaveLength(2)
  })

  it('is refused when the data has changed since the plan was seen', async () => {
    let title = 'ООО «Ромашка»'
    const { app, asks } = world({}, { facts: () => ({ ...facts, lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: title } } }) })
    const seen = await seenOf(app)
    title = 'ООО «Лютик»'
    const answer = await send(app, path, { seen })
    expect(answer.status).toBe(409)
    expect((await problem(answer)).type).toBe('/problems/plan-changed')
    expect(asks).toEqual([])
  })

  it('is refused while something obligatory is missing, by name (S0-30)', async () => {
    const { app, asks } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_CITY', { title: 'Город', required: true })] } } })
    const answer = await send(app, path, { seen: await seenOf(app) })
    expect(answer.status).toBe(422)
    expect((await problem(answer)).fields).toEqual([{ field: 'deal.UF_CRM_CITY', message: 'Заполните обязательное поле «Город» в карточке сделки.' }])
    expect(asks).toEqual([])
  })

  it('answers the conversion that is under way instead of beginning a second one', async () => {
    const { app, asks } = world({ last: async () => stored({ status: 'running', endedAt: null }) })
    const answer = await send(app, path, { seen: 'anything' })
    expect(ConversionState.parse(await answer.json())).toMatchObject({ id: 'c1', status: 'running' })
    expect(asks).toEqual([])
  })

  it('is not for somebody who only sees the lead, and not where the regulation does not allow it', async () => {
    const stranger = world({}, { responsibleId: 99 })
    expect((await problem(await send(stranger.app, `${path}/plan`))).type).toBe('/problems/not-your-lead')
    expect((await problem(await send(stranger.app, path, { seen: 'x' }))).type).toBe('/problems/not-your-lead')
    expect(stranger.read).toEqual([])
    const forbidden = world({}, { allowed: false })
    expect((await problem(await send(forbidden.app, path, { seen: await seenOf(forbidden.app) }))).fields).toEqual([{ field: 'lead', message: 'Регламент не разрешает конвертацию.' }])
  })
})
