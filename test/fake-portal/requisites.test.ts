import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import type { CrmItem } from './rows.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
let company: CrmItem
beforeAll(async () => { portals = await startFakePortals({ strict: true }) })
afterAll(() => portals.close())
beforeEach(async () => {
  portal = await portals.create()
  company = portal.act.createCompany({ title: 'ООО «Кедр»' })
})

const addRequisite = (fields: Record<string, unknown> = {}, as = 1) =>
  call(portal, 'crm.requisite.add', { fields: { ENTITY_TYPE_ID: 4, ENTITY_ID: company.id, PRESET_ID: 1, NAME: 'ООО «Кедр»', RQ_INN: '7700000000', ...fields } }, as)

describe('details of a client', () => {
  it('have templates, chosen by country and mark', async () => {
    expect(await result(portal, 'crm.requisite.preset.list', { select: ['ID', 'XML_ID'], filter: { COUNTRY_ID: 1 } })).toEqual([
      { ID: '1', XML_ID: '#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#' }, { ID: '2', XML_ID: '#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#' }, { ID: '3', XML_ID: '#CRM_REQUISITE_PRESET_DEF_RU_PERSON#' },
    ])
    const fields = await result<{ FIELD_NAME: string }[]>(portal, 'crm.requisite.preset.field.list', { preset: { ID: 1 } })
    expect(fields[0]).toEqual({ ID: 1, FIELD_NAME: 'RQ_INN', FIELD_TITLE: '', IN_SHORT_LIST: 'N', SORT: 510 })
    expect(await result(portal, 'crm.requisite.preset.countries')).toContainEqual({ ID: 1, CODE: 'RU', TITLE: 'Россия' })
    expect(await call(portal, 'crm.requisite.preset.field.list', { preset: { ID: 9 } })).toMatchObject({ status: 400, error: '', error_description: "The Preset with ID '9' is not found" })
  })

  it('are added, changed, listed by taxpayer number and deleted with all that belongs to them', async () => {
    const { result: id } = await addRequisite()
    expect(await result(portal, 'crm.requisite.get', { id })).toMatchObject({ ID: String(id), ENTITY_ID: String(company.id), PRESET_ID: '1', RQ_INN: '7700000000', RQ_KPP: null,
      DATE_MODIFY: '', ACTIVE: 'Y', SORT: '500' })
    expect(await result(portal, 'crm.requisite.update', { id, fields: { RQ_KPP: '770001001' } })).toBe(true)
    expect(await result(portal, 'crm.requisite.list', { filter: { RQ_INN: '7700000000', ENTITY_TYPE_ID: 4 }, select: ['ID', 'RQ_KPP'] })).toEqual([{ ID: String(id), RQ_KPP: '770001001' }])
    const bank = await result<number>(portal, 'crm.requisite.bankdetail.add', { fields: { ENTITY_ID: id, NAME: 'Счёт', RQ_BIK: '044525000' } })
    expect(await result(portal, 'crm.requisite.bankdetail.list', { filter: { ENTITY_ID: id }, select: ['ID', 'RQ_BIK', 'COUNTRY_ID'] })).toEqual([{ ID: String(bank), RQ_BIK: '044525000', COUNTRY_ID: '1' }])
    const address = { TYPE_ID: 6, ENTITY_TYPE_ID: 8, ENTITY_ID: id, CITY: 'Омск' }
    expect(await result(portal, 'crm.address.add', { fields: address })).toBe(true)
    expect(await call(portal, 'crm.address.add', { fields: address })).toMatchObject({ status: 400, error_description: expect.stringContaining('exists') })
    expect(await result(portal, 'crm.address.list', { filter: { ENTITY_TYPE_ID: 8, ENTITY_ID: id } })).toMatchObject([{ CITY: 'Омск', ANCHOR_TYPE_ID: '4', ANCHOR_ID: String(company.id) }])
    expect(await result(portal, 'crm.requisite.delete', { id })).toBe(true)
    expect(portal.state).toMatchObject({ requisites: [], bankDetails: [], addresses: [] })
    await portal.settle()
  })

  it('are refused as documented', async () => {
    expect(await addRequisite({ ENTITY_TYPE_ID: 2 })).toMatchObject({ status: 400, error: '', error_description: 'ENTITY_TYPE_ID is not defined or invalid.' })
    expect(await addRequisite({ ENTITY_ID: 99 })).toMatchObject({ error_description: 'Entity not found.' })
    expect(await addRequisite({ PRESET_ID: 9 })).toMatchObject({ error_description: 'PRESET_ID is not defined or invalid.' })
    expect(await addRequisite({ RQ_TAX: '1' })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    expect(await addRequisite({ NAME: '' })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    expect(await addRequisite({}, manager.id)).toMatchObject({ status: 400, error_description: 'Access denied.' })
    expect(await call(portal, 'crm.requisite.get', { id: 57 })).toMatchObject({ error_description: "The Requisite with ID '57' is not found" })
    expect(await call(portal, 'crm.address.add', { fields: { TYPE_ID: 1, ENTITY_TYPE_ID: 4, ENTITY_ID: company.id } })).toMatchObject({ error_description: 'ENTITY_TYPE_ID is not defined or invalid.' })
    const fields = await result<Record<string, unknown>>(portal, 'crm.requisite.fields')
    expect(fields).toMatchObject({ ENTITY_ID: { isRequired: true, isImmutable: true }, RQ_INN: { type: 'string', isReadOnly: false } })
  })

  it('are chosen in a deal only when they belong to its client', async () => {
    const deal = portal.act.createDeal({ title: 'Сделка', companyId: company.id })
    const requisite = portal.act.addRequisite(4, company.id, '7700000000')
    const foreign = portal.act.addRequisite(4, portal.act.createCompany({ title: 'Другая' }).id, '7700000001')
    const register = (id: number) => call(portal, 'crm.requisite.link.register', { fields: { ENTITY_TYPE_ID: 2, ENTITY_ID: deal.id, REQUISITE_ID: id, BANK_DETAIL_ID: 0, MC_REQUISITE_ID: 0, MC_BANK_DETAIL_ID: 0 } })
    expect(await register(foreign.id)).toMatchObject({ status: 400, error_description: `The Requisite with ID '${foreign.id}' is not assigned to Company with ID '${company.id}'` })
    expect(await call(portal, 'crm.requisite.link.get', { entityTypeId: 2, entityId: deal.id })).toMatchObject({ status: 400, error_description: 'Not found' })
    expect(await register(requisite.id)).toMatchObject({ result: true })
    expect(await result(portal, 'crm.requisite.link.get', { entityTypeId: 2, entityId: deal.id })).toEqual({ ENTITY_TYPE_ID: 2, ENTITY_ID: deal.id,
      REQUISITE_ID: String(requisite.id), BANK_DETAIL_ID: '0', MC_REQUISITE_ID: '0', MC_BANK_DETAIL_ID: '0' })
    expect(await result(portal, 'crm.requisite.link.list', { filter: { REQUISITE_ID: requisite.id }, select: ['ENTITY_ID'] })).toEqual([{ ENTITY_ID: String(deal.id) }])
    expect(await result(portal, 'crm.requisite.link.unregister', { entityTypeId: 2, entityId: deal.id })).toBe(true)
    expect(await result(portal, 'crm.requisite.link.list')).toEqual([])
  })
})

describe('companies of a contact', () => {
  it('are one relation, seen from both sides, with a main one', async () => {
    const contact = portal.act.createContact({ name: 'Мария' })
    const second = portal.act.createCompany({ title: 'Вторая', contactIds: [contact.id] })
    const items = () => result(portal, 'crm.contact.company.items.get', { id: contact.id })
    expect(await items()).toEqual([{ COMPANY_ID: second.id, SORT: 10, ROLE_ID: 0, IS_PRIMARY: 'Y' }])
    expect(await result(portal, 'crm.contact.company.add', { id: contact.id, fields: { COMPANY_ID: company.id, IS_PRIMARY: 'Y' } })).toBe(true)
    expect(await result(portal, 'crm.contact.company.add', { id: contact.id, fields: { COMPANY_ID: company.id } })).toBe(false)
    expect(await items()).toMatchObject([{ COMPANY_ID: second.id, IS_PRIMARY: 'N' }, { COMPANY_ID: company.id, SORT: 20, IS_PRIMARY: 'Y' }])
    expect(contact).toMatchObject({ companyId: company.id, companyIds: [second.id, company.id] })
    expect(company['contactIds']).toEqual([contact.id])
    expect(await result(portal, 'crm.contact.company.delete', { id: contact.id, fields: { COMPANY_ID: company.id } })).toBe(true)
    expect(contact['companyId']).toBe(second.id)
    expect(await result(portal, 'crm.contact.company.items.set', { id: contact.id, items: [{ COMPANY_ID: company.id, SORT: 100 }] })).toBe(true)
    expect([contact['companyIds'], second['contactIds']]).toEqual([[company.id], []])
    expect(await call(portal, 'crm.contact.company.add', { id: 99, fields: { COMPANY_ID: company.id } })).toMatchObject({ status: 400, error_description: 'Not found' })
    expect(await call(portal, 'crm.contact.company.delete', { id: contact.id, fields: { COMPANY_ID: company.id, SORT: 1 } })).toMatchObject({ error: 'FAKE_PORTAL_STRICT' })
  })
})
