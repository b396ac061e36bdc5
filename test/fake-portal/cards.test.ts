import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { createPages } from './pages/handler.ts'
import type { CrmItem } from './rows.ts'

let portals: FakePortals
let portal: FakePortal
let manager: { id: number }
beforeAll(async () => { portals = await startFakePortals({ pages: createPages() }) })
afterAll(() => portals.close())
beforeEach(async () => {
  portal = await portals.create()
  manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
})

const page = async (path: string, as = 1): Promise<string> => (await fetch(`${portal.baseUrl}${path}`, { headers: { cookie: `portal_user=${as}` } })).text()
const act = async (name: string, fields: Record<string, string>, as = 1): Promise<Record<string, unknown>> =>
  (await fetch(`${portal.baseUrl}/emulator/act/${name}`, { method: 'POST', headers: { cookie: `portal_user=${as}`, 'x-live': '1' }, body: new URLSearchParams(fields) })).json() as Promise<Record<string, unknown>>
const of = (item: CrmItem): Record<string, string> => ({ type: String(item.entityTypeId), item: String(item.id) })

describe('the cards of deal, contact and company', () => {
  it('show what they hold and what they are bound to', async () => {
    const lead = portal.act.createLead({ title: 'Столешница из дуба' })
    const company = portal.act.createCompany({ title: 'ООО «Кедр»', phone: '+79000000091' })
    const contact = portal.act.createContact({ name: 'Мария', lastName: 'Лунина', companyIds: [company.id], email: 'm@example.com' })
    const deal = portal.act.createDeal({ title: 'Проект', leadId: lead.id, companyId: company.id, contactIds: [contact.id] })
    portal.act.setProducts(2, deal.id, [{ name: 'Дуб', price: 1500, quantity: 2 }])
    portal.act.commentOn(2, deal.id, 'Замер в среду', 1)
    const requisite = portal.act.addRequisite(4, company.id, '7700000000', { fields: { RQ_KPP: '770001001', RQ_OGRNIP: '300000000000000' } })
    portal.state.addresses.push({ typeId: 6, entityTypeId: 8, entityId: requisite.id, fields: { CITY: 'Омск' } })
    portal.state.requisiteLinks.push({ entityTypeId: 2, entityId: deal.id, requisiteId: requisite.id, bankDetailId: 0, myRequisiteId: 0, myBankDetailId: 0 })
    const card = await page(`/crm/deal/details/${deal.id}/`)
    for (const text of ['Проект', '3 000 ₽'.replace(' ', '\u00A0'), `/crm/lead/details/${lead.id}/`, `/crm/company/details/${company.id}/`, `/crm/contact/details/${contact.id}/`, 'Замер в среду', 'Сделка создана', 'Подготовка документов', '<dt>Реквизиты</dt><dd>Организация</dd>']) expect(card).toContain(text)
    expect(await page(`/crm/deal/details/${deal.id}/?tab=products`)).toContain('Дуб')
    const client = await page(`/crm/company/details/${company.id}/`)
    for (const text of ['+79000000091', 'Мария Лунина', `/crm/deal/details/${deal.id}/`]) expect(client).toContain(text)
    const details = await page(`/crm/company/details/${company.id}/?tab=requisites`)
    for (const text of ['7700000000', '770001001', 'Юридический адрес', 'Омск', 'не показано шаблоном: RQ_OGRNIP']) expect(details).toContain(text)
    expect(await page(`/crm/contact/details/${contact.id}/`)).toContain('ООО «Кедр»')
    expect(await page(`/crm/lead/details/${lead.id}/`)).toContain('Создано на основании лида')
    portal.act.setProducts(1, lead.id, [{ name: 'Кварц', price: 700 }])
    expect(await page(`/crm/lead/details/${lead.id}/?tab=products`)).toContain('Кварц')
    for (const [kind, text] of [['deal', 'Проект'], ['contact', 'Мария Лунина'], ['company', 'ООО «Кедр»']] as const) expect(await page(`/crm/${kind}/list/`)).toContain(text)
  })

  it('are changed, moved, commented and deleted by those who may', async () => {
    const deal = portal.act.createDeal({ title: 'Проект', assignedById: 1 })
    expect(await act('edit-item', { ...of(deal), title: 'Чужой' }, manager.id)).toHaveProperty('problem')
    expect(await page(`/crm/deal/details/${deal.id}/`, manager.id)).toContain('нет права')
    await act('edit-item', { ...of(deal), title: 'Проект 2', opportunity: '500' })
    await act('move-deal', { ...of(deal), stage: 'EXECUTING' })
    await act('comment-item', { ...of(deal), text: 'Готово' })
    expect(deal).toMatchObject({ title: 'Проект 2', opportunity: 500, stageId: 'EXECUTING', updatedBy: 1 })
    expect(portal.state.timeline.at(-1)).toMatchObject({ text: 'Готово', bindings: [{ entityTypeId: 2, entityId: deal.id }] })
    expect(await act('move-deal', { ...of(deal), stage: 'NOWHERE' })).toHaveProperty('problem')
    portal.act.setCrmRights(1, 2, { delete: 'none' })
    expect(await act('delete-item', of(deal))).toHaveProperty('problem')
    portal.act.setCrmRights(1, 2, { delete: 'all' })
    expect(await act('delete-item', of(deal))).toMatchObject({ go: '/crm/deal/list/' })
    expect(portal.state.deals.size).toBe(0)
  })
})

describe('the conversion on the lead card', () => {
  it('makes what the person chose, once, and opens the deal', async () => {
    const category = portal.act.addDealCategory('Проекты')
    const lead = portal.act.createLead({ title: 'Лид', name: 'Мария', phone: '+79000000092', assignedById: manager.id })
    expect(await page(`/crm/lead/details/${lead.id}/`, manager.id)).toContain('Конвертировать средствами портала')
    const form = { lead: String(lead.id), deal: 'Y', contact: 'Y', category: String(category.id) }
    portal.act.setCrmRights(manager.id, 2, { add: false })
    expect(await act('convert', form, manager.id)).toHaveProperty('problem')
    expect(lead.stageId).toBe('NEW')
    portal.act.setCrmRights(manager.id, 2, { add: true })
    const deal = [...portal.state.deals.values()][0]
    expect(deal).toBeUndefined()
    expect(await act('convert', form, manager.id)).toMatchObject({ open: expect.stringMatching(/^\/crm\/deal\/details\/\d+\/$/) })
    expect([...portal.state.deals.values()]).toMatchObject([{ leadId: lead.id, stageId: `C${category.id}:NEW`, createdBy: manager.id }])
    expect([portal.state.contacts.size, portal.state.companies.size]).toEqual([1, 0])
    expect(await act('convert', form, manager.id)).toMatchObject({ problem: 'Лид уже закрыт.' })
    expect(await page(`/crm/lead/details/${lead.id}/`, manager.id)).not.toContain('Конвертировать средствами портала')
  })
})

describe('a call the application asks for', () => {
  it('is noted with the lead it was dialled from, and becomes a call when it ends', async () => {
    const lead = portal.act.createLead({ title: 'Лид', phone: '+79000000093', assignedById: manager.id })
    portal.state.placements.push({ placement: 'CRM_LEAD_DETAIL_TAB', handler: 'http://127.0.0.1:3000/tab', userId: 0, title: 'Вкладка', description: '', groupName: '', langAll: {}, options: {} })
    const frame = async (path: string, body: unknown, as: number): Promise<Response> => fetch(`${portal.baseUrl}/emulator/frame${path}`, { method: 'POST',
      headers: { cookie: `portal_user=${as}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const { sid } = await (await frame('', { placement: 'CRM_LEAD_DETAIL_TAB', index: 0, options: { ID: String(lead.id) } }, manager.id)).json() as { sid: string }
    expect((await frame('/dial', { sid, phone: '+79000000093' }, 1)).status).toBe(403)
    const shown = await (await frame('/dial', { sid, phone: '+79000000093' }, manager.id)).json() as { id: number }
    expect(shown).toMatchObject({ phone: '+79000000093' })
    expect(portal.state.diallings).toMatchObject([{ userId: manager.id, phone: '+79000000093', leadId: lead.id, calleeId: null }])
    expect(await act('finish-call', { dialling: String(shown.id), failedCode: '486' }, manager.id)).toMatchObject({ said: 'Дозвониться не удалось' })
    expect(portal.state.calls).toMatchObject([{ crmEntityId: lead.id, failedCode: '486', durationSeconds: 0, portalUserId: manager.id }])
    expect(await act('finish-call', { dialling: String(shown.id) }, 1)).toHaveProperty('problem')
    await frame('/dial', { sid, userId: 1 }, manager.id)
    expect(portal.state.diallings.at(-1)).toMatchObject({ phone: '', calleeId: 1 })
  })
})
