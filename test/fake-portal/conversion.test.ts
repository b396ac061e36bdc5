import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { call, result, startListener } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => { portals = await startFakePortals({ strict: true }) })
afterAll(() => portals.close())
beforeEach(async () => { portal = await portals.create() })

describe('what is bound to a lead goes over to a deal', () => {
  it('activities: bound to both, the last binding stays', async () => {
    const [lead, deal] = [portal.act.createLead({ title: 'Лид' }), portal.act.createDeal({ title: 'Сделка' })]
    const { activity } = portal.act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 30 })
    const bind = (act: string, entityTypeId: number, entityId: number) => call(portal, `crm.activity.binding.${act}`, { activityId: activity.id, entityTypeId, entityId })
    expect(await bind('add', 2, deal.id)).toMatchObject({ result: true })
    expect(await bind('add', 2, deal.id)).toMatchObject({ status: 400, error: 'ACTIVITY_IS_ALREADY_BOUND' })
    expect(await bind('add', 2, 99)).toMatchObject({ error: 'OWNER_NOT_FOUND' })
    expect(await bind('delete', 3, portal.act.createContact({ name: 'Мария' }).id)).toMatchObject({ error: 'BINDING_NOT_FOUND' })
    expect(await result(portal, 'crm.activity.list', { filter: { BINDINGS: [{ OWNER_TYPE_ID: 2, OWNER_ID: deal.id }] }, select: ['ID'] })).toEqual([{ ID: String(activity.id) }])
    expect(await bind('delete', 1, lead.id)).toMatchObject({ result: true })
    expect(activity).toMatchObject({ ownerTypeId: 2, ownerId: deal.id })
    expect(await bind('delete', 2, deal.id)).toMatchObject({ error: 'LAST_BINDING_CANNOT_BE_DELETED' })
    activity.bindings = Array.from({ length: 100 }, (_one, index) => ({ ownerTypeId: 2, ownerId: index + 1000 }))
    expect(await bind('add', 1, lead.id)).toMatchObject({ status: 400 })
  })

  it('comments: a record of the timeline is seen in both', async () => {
    const [lead, deal] = [portal.act.createLead({ title: 'Лид' }), portal.act.createDeal({ title: 'Сделка' })]
    const { id } = portal.act.comment(lead.id, 'Хочет дуб', 1)
    const fields = { OWNER_ID: id, ENTITY_ID: deal.id, ENTITY_TYPE: 'deal' }
    expect(await result(portal, 'crm.timeline.bindings.bind', { fields })).toBe(true)
    expect(await result(portal, 'crm.timeline.comment.list', { filter: { ENTITY_ID: deal.id, ENTITY_TYPE: 'deal' } })).toMatchObject([{ COMMENT: 'Хочет дуб', ENTITY_ID: String(deal.id), ENTITY_TYPE: 'deal' }])
    expect(await result(portal, 'crm.timeline.bindings.list', { filter: { OWNER_ID: id } })).toEqual([{ OWNER_ID: String(id), ENTITY_ID: String(lead.id), ENTITY_TYPE: 'lead' },
      { OWNER_ID: String(id), ENTITY_ID: String(deal.id), ENTITY_TYPE: 'deal' }])
    expect(await result(portal, 'crm.timeline.bindings.unbind', { fields })).toBe(true)
    expect(await call(portal, 'crm.timeline.bindings.unbind', { fields })).toMatchObject({ status: 400, error: '', error_description: 'Not found.' })
    expect(await call(portal, 'crm.timeline.bindings.bind', { fields: { ...fields, OWNER_ID: 99 } })).toMatchObject({ error_description: 'OWNER_ID is not defined or invalid.' })
    const added = await result<number>(portal, 'crm.timeline.comment.add', { fields: { ENTITY_ID: deal.id, ENTITY_TYPE: 'deal', COMMENT: 'Перенесено' } })
    expect(portal.state.timeline.find(one => one.id === added)?.bindings).toEqual([{ entityTypeId: 2, entityId: deal.id }])
  })

  it('log records: deleted by the application that wrote them', async () => {
    const deal = portal.act.createDeal({ title: 'Сделка' })
    const { logMessage } = await result<{ logMessage: { id: number } }>(portal, 'crm.timeline.logmessage.add', { fields: { entityTypeId: 2, entityId: deal.id, title: 'а', text: 'б', iconCode: 'info' } })
    const manager = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })
    expect(await call(portal, 'crm.timeline.logmessage.delete', { id: logMessage.id }, manager.id)).toMatchObject({ status: 400, error: 'ACCESS_DENIED' })
    expect(await result(portal, 'crm.timeline.logmessage.delete', { id: logMessage.id })).toBe(true)
    expect(await call(portal, 'crm.timeline.logmessage.delete', { id: logMessage.id })).toMatchObject({ error: 'NOT_FOUND' })
    expect(portal.state.timeline).toEqual([])
  })

  it('tasks: bound by codes, found by any of them, their mirror follows', async () => {
    const [lead, deal] = [portal.act.createLead({ title: 'Лид' }), portal.act.createDeal({ title: 'Сделка' })]
    const contact = portal.act.createContact({ name: 'Мария' })
    const task = portal.act.createTask({ title: 'Замер', responsibleId: 1, ufCrmTask: [`L_${lead.id}`] }, 1)
    const codes = [`L_${lead.id}`, `D_${deal.id}`, `C_${contact.id}`, 'CO_5']
    await result(portal, 'tasks.task.update', { taskId: task.id, fields: { UF_CRM_TASK: codes } })
    expect(await result(portal, 'tasks.task.get', { taskId: task.id, select: ['ID', 'UF_CRM_TASK'] })).toMatchObject({ task: { ufCrmTask: codes } })
    for (const code of codes) expect((await result<{ tasks: { id: string }[] }>(portal, 'tasks.task.list', { filter: { UF_CRM_TASK: code }, select: ['ID'] })).tasks).toHaveLength(1)
    expect(await result(portal, 'crm.activity.list', { filter: { BINDINGS: [{ OWNER_TYPE_ID: 2, OWNER_ID: deal.id }] } })).toMatchObject([{ TYPE_ID: '3' }])
  })

  it('clients: found by phone or address among contacts and companies', async () => {
    const contact = portal.act.createContact({ name: 'Мария', phone: '8 (900) 000-00-71' })
    const company = portal.act.createCompany({ title: 'ООО', phone: '+79000000071', email: 'Info@example.com' })
    expect(await result(portal, 'crm.duplicate.findbycomm', { type: 'PHONE', values: ['+79000000071'] })).toEqual({ CONTACT: [contact.id], COMPANY: [company.id] })
    expect(await result(portal, 'crm.duplicate.findbycomm', { type: 'EMAIL', values: ['info@example.com'], entity_type: 'COMPANY' })).toEqual({ COMPANY: [company.id] })
  })
})

describe('the conversion of the portal itself', () => {
  it('S0-32: makes deal, contact and company from the lead, with its phones in both places, and closes it', async () => {
    const listener = await startListener()
    for (const event of ['ONCRMDEALADD', 'ONCRMCONTACTADD', 'ONCRMCOMPANYADD', 'ONCRMLEADUPDATE']) await result(portal, 'event.bind', { event, handler: listener.url })
    portal.act.addUserField(1, { fieldName: 'CITY' })
    portal.act.addUserField(2, { fieldName: 'CITY' })
    const lead = portal.act.createLead({ title: 'Столешница', name: 'Мария', companyTitle: 'ООО «Кедр»', phone: '+79000000081', email: 'm@example.com', sourceId: 'WEB', utmSource: 'yandex', UF_CRM_CITY: 'Омск' })
    portal.act.setProducts(1, lead.id, [{ name: 'Дуб', price: 100, quantity: 3 }], 1)
    const { activity } = portal.act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 30 })
    const { deal, contact, company } = portal.act.convertNatively(lead.id, { deal: { title: 'Проект' }, contact: true, company: true }, 1)
    expect(deal).toMatchObject({ title: 'Проект', leadId: lead.id, companyId: company?.id, contactIds: [contact?.id], sourceId: 'WEB', utmSource: 'yandex', opportunity: 300, UF_CRM_CITY: 'Омск' })
    expect(contact).toMatchObject({ name: 'Мария', leadId: lead.id, companyIds: [company?.id] })
    expect(company).toMatchObject({ title: 'ООО «Кедр»', leadId: lead.id })
    for (const client of [contact, company]) expect(client?.fm.map(field => field.value)).toEqual(['+79000000081', 'm@example.com'])
    expect(lead).toMatchObject({ stageId: 'CONVERTED', stageSemanticId: 'S', companyId: company?.id, contactIds: [contact?.id] })
    expect(activity.bindings).toHaveLength(4)
    await portal.settle()
    expect(listener.heard.map(one => one.event)).toEqual(expect.arrayContaining(['ONCRMCOMPANYADD', 'ONCRMCONTACTADD', 'ONCRMDEALADD', 'ONCRMLEADUPDATE']))
    expect(listener.heard.every(one => one.auth['access_token'] !== undefined)).toBe(true)
    expect(() => portal.act.convertNatively(lead.id, { deal: true }, 1)).toThrow('closed')
    await listener.close()
  })

  it('uses the client a lead already has, and makes only what was asked', () => {
    const contact = portal.act.createContact({ name: 'Мария' })
    const lead = portal.act.createLead({ title: 'Лид', contactId: contact.id, contactIds: [contact.id] })
    const made = portal.act.convertNatively(lead.id, { deal: true, contact: true })
    expect([made.contact, made.company, portal.state.contacts.size]).toEqual([contact, null, 1])
    expect(made.deal).toMatchObject({ contactIds: [contact.id] })
  })
})
