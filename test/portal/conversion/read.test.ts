import { describe, expect, it } from 'vitest'
import type { ConversionFacts } from '../../../server/domain/conversion/facts.ts'
import { fieldName } from '../../../server/domain/lead.ts'
import { type ConversionRoom, inConversionRooms } from './conversion-room.ts'

let room: ConversionRoom

inConversionRooms((started) => { room = started })

const read = (by = 1, innField: string | null = null, inn?: string): Promise<ConversionFacts> =>
  room.access.readConversionAs(room.portal.memberId, room.portal.tokensFor(by).accessToken, room.id, { country: 'RU', innField: innField === null ? null : fieldName(innField), ...(inn === undefined ? {} : { inn }) })
const infoOf = (facts: ConversionFacts, kind: keyof ConversionFacts['fields'], name: string) => facts.fields[kind].find(info => info.name === name)

describe('what a conversion is planned from', () => {
  it('is read in three requests and one for the products of deals, whatever hangs on the lead (S0-29)', async () => {
    const { act } = room.portal
    act.addUserField(1, { fieldName: 'INN' })
    act.addUserField(1, { fieldName: 'WOOD', options: ['Дуб', 'Ясень'], multiple: true, label: 'Дерево' })
    act.addUserField(2, { fieldName: 'DAY', userTypeId: 'date', mandatory: true })
    const pipeline = act.addDealCategory('Опт')
    act.updateLead(room.id, { UF_CRM_INN: '7700000009', UF_CRM_WOOD: [1, 2], birthdate: '1990-05-01', phone: '8 800 000-00-01' })
    act.setProducts(1, room.id, [{ name: 'Дуб', price: 1_000, quantity: 3, taxRate: 20 }])
    const { activity } = act.call({ leadId: room.id, userId: room.manager, direction: 'outgoing', durationSeconds: 40 })
    const task = act.createTask({ title: 'Замер', responsibleId: 1, ufCrmTask: [`L_${room.id}`] }, 1)
    act.createTask({ title: 'Связаться', responsibleId: 1, ufCrmTask: [`L_${room.id}`], xmlId: `leadrail:${room.id}-1` }, 1)
    const comment = act.comment(room.id, 'Хочет дуб', 1)
    const quote = act.createQuote({ leadId: room.id })
    const byPhone = act.createContact({ name: 'Мария', lastName: 'Белова', phone: '+7 900 000-00-71', assignedById: room.manager })
    const byInn = act.createCompany({ title: 'Кедр', email: 'office@example.org' })
    act.addRequisite(4, byInn.id, '7700000009')
    const byName = act.createCompany({ title: 'ООО «Кедр»', phone: '+79000000071' })
    act.createCompany({ title: 'Другая', phone: '+79000000099' })
    const open = act.createDeal({ title: 'Ремонт', contactId: byPhone.id, contactIds: [byPhone.id] })
    act.createDeal({ title: 'Проигранная', companyId: byInn.id, stageId: 'LOSE' })
    const made = act.createDeal({ title: 'Из лида', leadId: room.id, originatorId: 'leadrail', originId: 'abc-1:deal' })

    room.requests.length = 0
    const facts = await read(1, 'UF_CRM_INN')
    expect(room.requests.map(({ method }) => method)).toEqual(['batch', 'batch', 'batch', 'batch'])

    expect(facts.lead).toMatchObject({ title: 'Столешница на кухню', stageId: 'NEW', semantic: 'processing', responsibleId: room.manager, companyId: null, contactIds: [], updatedAt: '2026-03-10T09:00:00Z' })
    expect(facts.lead.fields).toMatchObject({ name: 'Мария', companyTitle: 'ООО «Кедр»', utmSource: 'yandex', birthdate: '1990-05-01', UF_CRM_WOOD: [1, 2], opened: 'Y', post: null })
    expect(facts.lead.means).toMatchObject([
      { kind: 'phone', value: '8 (900) 000-00-71', normal: '+79000000071', nature: 'mobile', usedBy: 2 },
      { kind: 'email', normal: 'm@example.com', nature: 'unknown', usedBy: 0 },
      { kind: 'phone', normal: '+78000000001', nature: 'toll-free', usedBy: 0 },
    ])
    expect(facts.lead.products).toEqual([{ name: 'Дуб', productId: null, price: 1_000, quantity: 3, row: expect.objectContaining({ productName: 'Дуб', price: 1_000, quantity: 3, taxRate: 20, measureCode: 796 }) as unknown }])
    expect(facts.currency).toBe('RUB')
    expect(facts.inn).toBe('7700000009')
    expect(facts.along).toEqual({ activities: [activity.id], tasks: [task.id], comments: [comment.id], quotes: [quote.id] })
    expect(facts.clients.map(({ kind, id, by }) => [kind, id, by])).toEqual([['company', byInn.id, ['inn']], ['company', byName.id, ['phone', 'name']], ['contact', byPhone.id, ['phone']]])
    expect(facts.clients[2]).toMatchObject({ title: 'Белова Мария', responsibleId: room.manager, fields: { lastName: 'Белова' }, means: [{ normal: '+79000000071' }], companyIds: [] })
    expect(facts.deals.map(({ id, semantic, leadId, conversionId, contactIds }) => [id, semantic, leadId, conversionId, contactIds]))
      .toEqual([[made.id, 'processing', room.id, 'abc-1', []], [open.id, 'processing', null, null, [byPhone.id]]])
    expect(facts.pipelines.map(({ id, stages }) => [id, stages[0]?.id, stages.at(-2)?.semantic, stages.length])).toEqual([[0, 'NEW', 'success', 7], [pipeline.id, `C${pipeline.id}:NEW`, 'success', 7]])
    expect(facts.requisiteTemplates).toEqual({ company: 1, entrepreneur: 2, person: 3 })
    expect(facts.successStageId).toBe('CONVERTED')
    expect(facts.people).toContainEqual({ id: room.manager, name: 'Олег Крылов', active: true })

    expect(infoOf(facts, 'lead', 'UF_CRM_WOOD')).toMatchObject({ title: 'Дерево', type: 'list', multiple: true, custom: true, options: [{ title: 'Дуб' }, { title: 'Ясень' }] })
    expect(infoOf(facts, 'deal', 'UF_CRM_DAY')).toMatchObject({ type: 'date', required: true, readOnly: false })
    expect(infoOf(facts, 'contact', 'honorific')?.options).toContainEqual({ value: 'HNR_RU_1', title: 'г-н' })
    expect(infoOf(facts, 'deal', 'createdTime')).toMatchObject({ type: 'datetime', readOnly: true })
  })

  it('has the products of the deals that may be used, for a request more, and only where the lead has products', async () => {
    const { act } = room.portal
    const made = act.createDeal({ title: 'Из лида', leadId: room.id })
    const lost = act.createDeal({ title: 'Проигранная', leadId: room.id, stageId: 'LOSE' })
    act.setProducts(2, made.id, [{ name: 'Дуб', price: 1_000, quantity: 3, taxRate: 20 }, { name: 'Замер', price: 500 }])
    act.setProducts(2, lost.id, [{ name: 'Дуб', price: 1_000 }])
    room.requests.length = 0
    expect((await read()).deals.map(({ products }) => products)).toEqual([[], []])
    expect(room.requests).toHaveLength(3)
    act.setProducts(1, room.id, [{ name: 'Дуб', price: 1_000, quantity: 3, taxRate: 20 }])
    room.requests.length = 0
    const { lead, deals } = await read()
    expect(room.requests.map(({ method }) => method)).toEqual(['batch', 'batch', 'batch', 'crm.item.productrow.list'])
    expect(deals.map(({ id, products }) => [id, products])).toEqual([[made.id, [...lead.products, expect.objectContaining({ name: 'Замер', price: 500, quantity: 1 })]], [lost.id, []]])
  })

  it('has the open deals of a client who is not the first contact in them, each once', async () => {
    const { act } = room.portal
    const contact = act.createContact({ name: 'Мария', phone: '+79000000071' })
    const other = act.createContact({ name: 'Пётр', phone: '+79000000079' })
    const first = act.createDeal({ title: 'Первая', contactId: contact.id, contactIds: [contact.id, other.id] })
    const second = act.createDeal({ title: 'Вторая', contactId: other.id, contactIds: [other.id, contact.id] })
    act.createDeal({ title: 'Чужая', contactId: other.id, contactIds: [other.id] })
    act.createDeal({ title: 'Проигранная', contactId: other.id, contactIds: [other.id, contact.id], stageId: 'LOSE' })
    const many = Array.from({ length: 60 }, (_, index) => act.createDeal({ title: `Ещё ${index}`, contactId: other.id, contactIds: [other.id, contact.id] }).id)
    const { deals } = await read()
    expect(deals.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([first.id, second.id, ...many])
    expect(deals.find(({ id }) => id === second.id)?.contactIds).toEqual([other.id, contact.id])
  })

  it('has long lists whole, for a request more each', async () => {
    for (let index = 0; index < 60; index += 1) room.portal.act.comment(room.id, `Заметка ${index}`, 1)
    for (let index = 0; index < 190; index += 1) room.portal.act.addStatus({ entityId: 'SOURCE', statusId: `S${index}`, name: `Источник ${index}`, sort: 1_000 + index })
    room.requests.length = 0
    const facts = await read()
    expect(facts.along.comments).toHaveLength(60)
    expect(infoOf(facts, 'lead', 'sourceId')?.options.some(({ value }) => value === 'S189')).toBe(true)
    expect(room.requests.length).toBeLessThanOrEqual(5)
  })

  it('has the clients that the lead is bound to, first and with all that they share', async () => {
    const contact = room.portal.act.createContact({ name: 'Мария', phone: '+79000000071' })
    const company = room.portal.act.createCompany({ title: 'Ясень' })
    room.portal.act.updateLead(room.id, { contactId: contact.id, contactIds: [contact.id], companyId: company.id })
    const { lead, clients } = await read()
    expect(lead).toMatchObject({ companyId: company.id, contactIds: [contact.id] })
    expect(clients.map(({ kind, by }) => [kind, by])).toEqual([['company', ['bound']], ['contact', ['bound', 'phone']]])
  })

  it('has what was made of the lead before, however little it shares with it now', async () => {
    const company = room.portal.act.createCompany({ title: 'Ясень', leadId: room.id })
    const contact = room.portal.act.createContact({ name: 'Мария', phone: '+79000000071', leadId: room.id })
    room.portal.act.createCompany({ title: 'Другая', leadId: room.id + 1 })
    expect((await read()).clients.map(({ kind, id, by }) => [kind, id, by])).toEqual([['company', company.id, ['made']], ['contact', contact.id, ['made', 'phone']]])
  })

  it('has the client of a number that was typed, instead of that of the lead\'s number', async () => {
    const { act } = room.portal
    act.addUserField(1, { fieldName: 'INN' })
    act.updateLead(room.id, { UF_CRM_INN: '7700000009' })
    const [ofLead, typed] = ['Кедр', 'Ясень'].map(title => act.createCompany({ title }))
    act.addRequisite(4, ofLead?.id ?? 0, '7700000009')
    act.addRequisite(4, typed?.id ?? 0, '770000000')
    const found = async (innField: string | null, inn?: string) => (await read(1, innField, inn)).clients.map(({ id, by }) => [id, by])
    expect(await found('UF_CRM_INN')).toEqual([[ofLead?.id, ['inn']]])
    for (const innField of ['UF_CRM_INN', null]) expect(await found(innField, '770000000')).toEqual([[typed?.id, ['inn']]])
    expect((await read(1, 'UF_CRM_INN', '770000000')).inn).toBe('7700000009')
    // It is the lead's own company that has it.
    act.updateLead(room.id, { companyId: typed?.id })
    expect(await found(null, '770000000')).toEqual([[typed?.id, ['bound', 'inn']]])
  })

  it('says that a client may have been missed instead of leaving him out', async () => {
    room.portal.faults.failBefore('crm.duplicate.findbycomm', 503, 50)
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the rights of the person who looks', () => {
  it('hide what he may not see: another manager\'s contact is no candidate', async () => {
    room.portal.act.createContact({ name: 'Мария', phone: '+79000000071', assignedById: 1 })
    expect((await read(1)).clients).toHaveLength(1)
    expect((await read(room.manager)).clients).toEqual([])
  })

  it('refuse the lead itself, in the portal\'s words', async () => {
    const stranger = room.portal.act.addUser({ name: 'Игорь', lastName: 'Лобов' }).id
    await expect(read(stranger)).rejects.toMatchObject({ code: 'access-denied', bitrixMessage: 'You do not have permission to view this item' })
    room.portal.act.deleteLead(room.id)
    await expect(read(1)).rejects.toMatchObject({ code: 'not-found' })
  })
})
