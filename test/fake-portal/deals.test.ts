import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => { portals = await startFakePortals({ strict: true, clock: { now: () => Date.parse('2026-03-02T09:00:00Z') } }) })
afterAll(() => portals.close())
beforeEach(async () => { portal = await portals.create() })

type Item = Record<string, unknown> & { id: number }
const add = async (entityTypeId: number, fields: Record<string, unknown>, as = 1) => (await result<{ item: Item }>(portal, 'crm.item.add', { entityTypeId, fields }, as)).item
const ids = async (entityTypeId: number, filter: Record<string, unknown>) =>
  (await result<{ items: Item[] }>(portal, 'crm.item.list', { entityTypeId, filter, select: ['id'] })).items.map(item => item.id)
const change = (entityTypeId: number, id: number, fields: Record<string, unknown>, as = 1) => call(portal, 'crm.item.update', { entityTypeId, id, fields }, as)

describe('deals, contacts and companies', () => {
  it('are created with the documented defaults and found by where they came from', async () => {
    const lead = portal.act.createLead({ title: 'Лид' })
    const mark = { leadId: lead.id, originatorId: 'leadrail', originId: 'saga-7' }
    const company = await add(4, { title: 'ООО «Кедр»', ...mark })
    const contact = await add(3, { name: 'Мария', post: 'Директор', companyIds: [company.id], honorific: 'HNR_RU_2', ...mark })
    const deal = await add(2, { title: 'Столешница', companyId: company.id, contactIds: [contact.id], observers: [1], utmSource: 'yandex', ...mark })
    expect(company).toMatchObject({ typeId: 'CUSTOMER', industry: 'IT', employees: 'EMPLOYEES_1', currencyId: 'RUB', isMyCompany: 'N', contactIds: [] })
    expect(contact).toMatchObject({ typeId: 'CLIENT', sourceId: 'CALL', companyId: company.id, companyIds: [company.id], export: 'Y' })
    expect(deal).toMatchObject({ typeId: 'SALE', sourceId: 'CALL', categoryId: 0, stageId: 'NEW', currencyId: 'RUB', contactId: contact.id, contactIds: [contact.id],
      leadId: lead.id, begindate: '2026-03-02T12:00:00+03:00', closedate: '2026-03-09T12:00:00+03:00', closed: 'N', createdTime: '2026-03-02T12:00:00+03:00' })
    expect(deal).not.toHaveProperty('fm')
    for (const [type, id] of [[2, deal.id], [3, contact.id], [4, company.id]] as const) {
      expect(await ids(type, { '=originatorId': 'leadrail', '=originId': 'saga-7' })).toEqual([id])
      expect(await ids(type, { leadId: lead.id })).toEqual([id])
    }
    expect(await ids(2, { contactIds: contact.id, companyId: company.id })).toEqual([deal.id])
    expect([await ids(2, { '@contactIds': [99, contact.id] }), await ids(2, { '@contactIds': [99] })]).toEqual([[deal.id], []])
    expect(await ids(3, { '@companyIds': [company.id] })).toEqual([contact.id])
    expect((await add(4, {})).title).toMatch(/^Компания №\d+$/)
  })

  it('refuse fields and values the page does not have', async () => {
    for (const [type, fields] of [[2, { fm: [] }], [2, { isReturnCustomer: 'Y' }], [3, { title: 'Контакт' }], [4, { typeId: 'NOBODY' }]] as const) {
      expect(await call(portal, 'crm.item.add', { entityTypeId: type, fields })).toMatchObject({ status: 400, error: 'FAKE_PORTAL_STRICT' })
    }
    for (const fields of [{ categoryId: 5 }, { currencyId: 'XXX' }, { contactIds: [99] }, { stageId: 'C1:NEW' }]) {
      expect(await call(portal, 'crm.item.add', { entityTypeId: 2, fields })).toMatchObject({ status: 400, error: 'CRM_FIELD_ERROR_VALUE_NOT_VALID' })
    }
    const { fields } = await result<{ fields: Record<string, unknown> }>(portal, 'crm.item.fields', { entityTypeId: 2 })
    expect(fields).toMatchObject({ typeId: { statusType: 'DEAL_TYPE' }, isReturnCustomer: { isReadOnly: true }, contactIds: { isMultiple: true } })
  })

  it('ask for the fields their portal requires', async () => {
    portal.state.requiredFields.set(3, ['lastName'])
    portal.state.requiredByDealStage.set('EXECUTING', ['opportunity'])
    portal.act.addUserField(4, { fieldName: 'REGION', label: 'Регион', mandatory: true, options: ['Омск', 'Томск'] })
    expect(await call(portal, 'crm.item.add', { entityTypeId: 3, fields: { name: 'Мария' } })).toMatchObject({ status: 400, error_description: expect.stringContaining('lastName') })
    expect(await call(portal, 'crm.item.add', { entityTypeId: 4, fields: { title: 'ООО' } })).toMatchObject({ status: 400, error_description: expect.stringContaining('Регион') })
    const deal = portal.act.createDeal({ title: 'Сделка' })
    expect(await change(2, deal.id, { stageId: 'EXECUTING' })).toMatchObject({ status: 400 })
    expect(await change(2, deal.id, { stageId: 'EXECUTING', opportunity: 100 })).toMatchObject({ status: 200 })
    const { fields } = await result<{ fields: Record<string, unknown> }>(portal, 'crm.item.fields', { entityTypeId: 3 })
    expect(fields['lastName']).toMatchObject({ isRequired: true })
  })

  it.each(['deal', 'contact', 'company'])('have user fields of their own: %s', async type => {
    const id = await result<number>(portal, `crm.${type}.userfield.add`, { fields: { FIELD_NAME: 'LR_CITY', USER_TYPE_ID: 'string', LABEL: 'Город', MANDATORY: 'N' } })
    expect(await result(portal, `crm.${type}.userfield.list`, { filter: { FIELD_NAME: 'UF_CRM_LR_CITY' } })).toMatchObject([{ ID: String(id), ENTITY_ID: `CRM_${type.toUpperCase()}` }])
    expect(await call(portal, 'crm.lead.userfield.get', { id })).toMatchObject({ status: 400, error: 'ERROR_NOT_FOUND' })
    const entityTypeId = { deal: 2, contact: 3, company: 4 }[type] ?? 0
    const { item } = await result<{ item: Item }>(portal, 'crm.item.add', { entityTypeId, fields: { UF_CRM_LR_CITY: 'Омск' }, useOriginalUfNames: 'Y' })
    expect(item['UF_CRM_LR_CITY']).toBe('Омск')
  })

  it('keep files, to be fetched by a signed link and written elsewhere', async () => {
    for (const type of [1, 2] as const) portal.act.addUserField(type, { fieldName: 'PLAN', userTypeId: 'file', multiple: true })
    type File = { id: number; urlMachine: string }
    const write = async (entityTypeId: number, id: number, UF_CRM_PLAN: unknown) => (await result<{ item: { UF_CRM_PLAN: File[] } }>(portal, 'crm.item.update',
      { entityTypeId, id, fields: { UF_CRM_PLAN }, useOriginalUfNames: 'Y' })).item.UF_CRM_PLAN
    const [lead, deal] = [portal.act.createLead({ title: 'Лид' }), portal.act.createDeal({ title: 'Сделка' })]
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const files = await write(1, lead.id, [['план.txt', base64('план')], ['фото.txt', base64('фото')]])
    const answer = await fetch(files[0]?.urlMachine ?? '')
    expect([answer.status, decodeURIComponent(answer.headers.get('content-disposition') ?? ''), await answer.clone().text()]).toEqual([200, "attachment; filename*=UTF-8''план.txt", 'план'])
    expect(await write(1, lead.id, [{ id: files[1]?.id }])).toHaveLength(1)
    expect((await fetch(files[0]?.urlMachine ?? '')).status).toBe(404)
    expect((await fetch(`${portal.clientEndpoint}crm.controller.item.getFile.json?auth=none&token=crm%7CAA`)).status).toBe(401)
    expect(await write(2, deal.id, [['план.txt', base64(await answer.text())]])).toHaveLength(1)
    expect(await change(2, deal.id, { ufCrmPlan: ['план.txt'] })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
  })

  it('stand in pipelines with stages of their own', async () => {
    const category = portal.act.addDealCategory('Проекты')
    const { categories } = await result<{ categories: Item[] }>(portal, 'crm.category.list', { entityTypeId: 2 })
    expect(categories.map(one => [one.id, one['isDefault']])).toEqual([[0, 'Y'], [category.id, 'N']])
    const stages = await result<Record<string, unknown>[]>(portal, 'crm.status.list', { filter: { ENTITY_ID: `DEAL_STAGE_${category.id}` } })
    expect(stages[0]).toMatchObject({ STATUS_ID: `C${category.id}:NEW`, CATEGORY_ID: String(category.id), EXTRA: { SEMANTICS: 'process' } })
    expect(stages.at(-1)).toMatchObject({ SEMANTICS: 'F' })
    expect(await result(portal, 'crm.status.entity.types')).toContainEqual(expect.objectContaining({ ID: `DEAL_STAGE_${category.id}`, PREFIX: `C${category.id}` }))
    const deal = await add(2, { title: 'Проект', categoryId: category.id })
    expect(deal).toMatchObject({ stageId: `C${category.id}:NEW`, isNew: 'Y' })
    expect(await change(2, deal.id, { stageId: 'WON' })).toMatchObject({ error: 'CRM_FIELD_ERROR_VALUE_NOT_VALID' })
    await change(2, deal.id, { stageId: `C${category.id}:WON` })
    expect(portal.state.deals.get(deal.id)).toMatchObject({ stageSemanticId: 'S' })
    await change(2, deal.id, { categoryId: 0 })
    const { items } = await result<{ items: Item[] }>(portal, 'crm.stagehistory.list', { entityTypeId: 2, order: { ID: 'ASC' } })
    expect(items.map(one => [one['TYPE_ID'], one['STAGE_ID']])).toEqual([[1, `C${category.id}:NEW`], [3, `C${category.id}:WON`], [5, 'NEW']])
  })

  it('lose what hangs on them when they are deleted', async () => {
    const company = portal.act.createCompany({ title: 'ООО' })
    const contact = portal.act.createContact({ name: 'Мария', companyIds: [company.id] })
    const deal = portal.act.createDeal({ title: 'Сделка', companyId: company.id, contactIds: [contact.id], contactId: contact.id })
    portal.act.addRequisite(4, company.id, '7700000000')
    portal.act.setProducts(2, deal.id, [{ name: 'Столешница', price: 100 }])
    await result(portal, 'crm.item.delete', { entityTypeId: 4, id: company.id })
    expect(await ids(3, { companyId: company.id })).toEqual([])
    expect(portal.state.contacts.get(contact.id)).toMatchObject({ companyIds: [], companyId: null })
    expect(portal.state.deals.get(deal.id)).toMatchObject({ companyId: null, contactIds: [contact.id] })
    expect(portal.state.requisites).toEqual([])
    await result(portal, 'crm.item.delete', { entityTypeId: 3, id: contact.id })
    expect(portal.state.deals.get(deal.id)).toMatchObject({ contactIds: [], contactId: null })
    await result(portal, 'crm.item.delete', { entityTypeId: 2, id: deal.id })
    expect(portal.state.productRows).toEqual([])
    expect(await call(portal, 'crm.item.get', { entityTypeId: 2, id: deal.id })).toMatchObject({ status: 400, error: 'NOT_FOUND' })
  })
})

describe('rights of one person', () => {
  it('take away adding, reading, changing or deleting', async () => {
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    const own = portal.act.createDeal({ title: 'Своя', assignedById: manager.id })
    const foreign = portal.act.createDeal({ title: 'Чужая', assignedById: 1 })
    portal.act.setCrmRights(manager.id, 2, { add: false, read: 'all', delete: 'none' })
    expect(await call(portal, 'crm.item.add', { entityTypeId: 2, fields: { title: 'Новая' } }, manager.id)).toMatchObject({ status: 400, error: 'ACCESS_DENIED' })
    expect(await add(3, { name: 'Мария' }, manager.id)).toMatchObject({ name: 'Мария' })
    expect(await call(portal, 'crm.item.get', { entityTypeId: 2, id: foreign.id }, manager.id)).toMatchObject({ status: 200 })
    expect(await change(2, foreign.id, { title: 'Моя' }, manager.id)).toMatchObject({ error: 'ACCESS_DENIED' })
    expect(await change(2, own.id, { title: 'Моя' }, manager.id)).toMatchObject({ status: 200 })
    expect(await call(portal, 'crm.item.delete', { entityTypeId: 2, id: own.id }, manager.id)).toMatchObject({ error: 'ACCESS_DENIED' })
    portal.act.setCrmRights(manager.id, 2, { read: 'none' })
    expect(await call(portal, 'crm.item.get', { entityTypeId: 2, id: own.id }, manager.id)).toMatchObject({ error: 'ACCESS_DENIED' })
    expect(await call(portal, 'crm.item.add', { entityTypeId: 2, fields: {} }, manager.id)).toMatchObject({ error: 'ACCESS_DENIED' })
  })
})

describe('products', () => {
  const row = { productName: 'Столешница', price: 80_000, quantity: 2, discountTypeId: 2, discountRate: 20, taxRate: 20, taxIncluded: 'Y' }

  it('have their prices without discount and tax as in the documentation, and make the sum', async () => {
    const deal = portal.act.createDeal({ title: 'Сделка' })
    const { productRow } = await result<{ productRow: Item }>(portal, 'crm.item.productrow.add', { fields: { ownerId: deal.id, ownerType: 'D', ...row } })
    expect(productRow).toMatchObject({ priceExclusive: 66_666.67, priceNetto: 83_333.34, priceBrutto: 100_000.01, discountSum: 16_666.67, measureCode: 796, sort: 10 })
    expect(deal['opportunity']).toBe(160_000)
    expect(await change(2, deal.id, { opportunity: 5 })).toMatchObject({ result: { item: { opportunity: 160_000 } } })
    expect(await change(2, deal.id, { opportunity: 5, isManualOpportunity: 'Y' })).toMatchObject({ result: { item: { opportunity: 5 } } })
    await change(2, deal.id, { isManualOpportunity: 'N' })
    await result(portal, 'crm.item.productrow.set', { ownerId: deal.id, ownerType: 'D', productRows: [{ productName: 'Замер', price: 1500 }] })
    const { productRows } = await result<{ productRows: Item[] }>(portal, 'crm.item.productrow.list', { filter: { '=ownerType': 'D', '=ownerId': deal.id } })
    expect(productRows).toMatchObject([{ productName: 'Замер', quantity: 1, taxRate: null, taxIncluded: 'N' }])
    expect(deal['opportunity']).toBe(1500)
    const { productRows: [left] } = await result<{ productRows: [Item] }>(portal, 'crm.item.productrow.list', { filter: { '=ownerType': 'D', '=ownerId': deal.id } })
    expect(await result(portal, 'crm.item.productrow.delete', { id: left.id })).toBeNull()
    expect(await call(portal, 'crm.item.productrow.delete', { id: left.id })).toMatchObject({ status: 400, error: 'NOT_FOUND' })
    expect(deal['opportunity']).toBe(0)
  })

  it('are refused as documented', async () => {
    const lead = portal.act.createLead({ title: 'Лид' })
    const set = (params: Record<string, unknown>) => call(portal, 'crm.item.productrow.set', { ownerId: lead.id, ownerType: 'L', productRows: [], ...params })
    expect(await set({})).toMatchObject({ status: 200, result: { productRows: [] } })
    expect(await set({ ownerType: 'CO' })).toMatchObject({ status: 400, error: 'ENTITY_TYPE_NOT_SUPPORTED' })
    expect(await set({ ownerId: 99 })).toMatchObject({ error: 'OWNER_NOT_FOUND' })
    expect(await set({ productRows: [{ title: 'Нет такого поля' }] })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await call(portal, 'crm.item.productrow.list', { filter: { '=ownerId': lead.id } })).toMatchObject({ error: '100' })
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    expect(await call(portal, 'crm.item.productrow.list', { filter: { '=ownerType': 'L', '=ownerId': lead.id } }, manager.id)).toMatchObject({ error: 'ACCESS_DENIED' })
    expect(await result(portal, 'crm.currency.list')).toMatchObject([{ CURRENCY: 'RUB', BASE: 'Y' }, { CURRENCY: 'USD', BASE: 'N' }, { CURRENCY: 'EUR' }])
  })
})
