import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { universalName } from './methods/crm-fields.ts'
import { call, result } from './testing.ts'

let portals: FakePortals
let portal: FakePortal
beforeAll(async () => { portals = await startFakePortals({ strict: true }) })
afterAll(() => portals.close())
beforeEach(async () => { portal = await portals.create() })

type Item = Record<string, unknown> & { id: number }
const list = async (params: Record<string, unknown>, as: number = 1) => (await result<{ items: Item[] }>(portal, 'crm.item.list', { entityTypeId: 1, ...params },
  as)).items

describe('universal names of user fields', () => {
  it.each([['UF_CRM_3_DIGIT', 'ufCrm3Digit'], ['UF_CRM_3_1747309727', 'ufCrm3_1747309727'], ['UF_CRM_3_DIGIT10', 'ufCrm_3_DIGIT10'], ['UF_CRM_3_DIGIT_10',
    'ufCrm_3_DIGIT_10'], ['UF_CRM_1747309879', 'ufCrm_1747309879']])('turn %s into %s', (from, to) => {
    expect(universalName(from)).toBe(to)
  })
})

describe('a CRM item', () => {
  it('is created with the defaults of its type and its first stage', async () => {
    const { item } = await result<{ item: Item }>(portal, 'crm.item.add', { entityTypeId: 1,
      fields: { name: 'Мария', fm: [{ typeId: 'PHONE', valueType: 'MOBILE', value: '+79000000021' }] } })
    expect(item).toMatchObject({ stageId: 'NEW', stageSemanticId: 'P', assignedById: 1, createdBy: 1, opened: 'Y', hasPhone: 'Y', hasEmail: 'N',
      phone: '+79000000021', phoneMobile: '+79000000021', phoneWork: '', contactIds: [], isConvert: null, entityTypeId: 1 })
    expect(item['fm']).toEqual([{ id: expect.any(Number), typeId: 'PHONE', valueType: 'MOBILE', value: '+79000000021' }])
  })

  it('shows only what was selected, and fm only with everything', async () => {
    portal.act.createLead({ title: 'Лид', phone: '+79000000022' })
    expect(await list({ select: ['id', 'title', 'phone'] })).toEqual([{ id: expect.any(Number), title: 'Лид', phone: '+79000000022' }])
    expect((await list({ select: ['*'] }))[0]).toHaveProperty('fm')
  })

  it('is found by prefixes, lists, moments and groups with OR', async () => {
    const [a, b, c] = ['Альфа', 'Бета', 'Гамма'].map((title, index) => portal.act.createLead({ title, opportunity: index * 100,
      sourceId: index === 0 ? 'WEB' : 'CALL' }))
    if (a === undefined || b === undefined || c === undefined) throw new Error('no leads')
    const ids = async (filter: unknown) => (await list({ filter, select: ['id'] })).map(item => item.id)
    expect(await ids({ '>id': a.id })).toEqual([b.id, c.id])
    expect(await ids({ '@id': [a.id, c.id] })).toEqual([a.id, c.id])
    expect(await ids({ id: [b.id] })).toEqual([b.id])
    expect(await ids({ '%title': 'ет' })).toEqual([b.id])
    expect(await ids({ '=%title': 'Га%' })).toEqual([c.id])
    expect(await ids({ '!sourceId': 'WEB' })).toEqual([b.id, c.id])
    expect(await ids({ '>=opportunity': 100, '<opportunity': 200 })).toEqual([b.id])
    expect(await ids({ logic: 'OR', 0: { title: 'Альфа' }, 1: { title: 'Гамма' } })).toEqual([a.id, c.id])
    expect(await ids({ '>=updatedTime': new Date(portal.now() - 60_000).toISOString() })).toHaveLength(3)
    expect(await ids({ '>updatedTime': new Date(portal.now() + 60_000).toISOString() })).toHaveLength(0)
    expect(await call(portal, 'crm.item.list', { entityTypeId: 1, filter: { nonsense: 1 } })).toMatchObject({ status: 400, error: 'INVALID_ARG_VALUE' })
    expect(await call(portal, 'crm.item.list', { entityTypeId: 1, order: { id: 'UP' } })).toMatchObject({ status: 400, error: 'INVALID_ARG_VALUE' })
    expect((await list({ order: { id: 'DESC' }, select: ['id'] })).map(item => item.id)).toEqual([c.id, b.id, a.id])
  })

  it('keeps the history of its stages, and moves nothing when nothing changes', async () => {
    const lead = portal.act.createLead({ title: 'Лид' })
    const before = lead.updatedTime
    await result(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { stageId: 'NEW' } })
    expect(lead.updatedTime).toBe(before)
    for (const stageId of ['IN_PROCESS', 'CONVERTED']) await result(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { stageId } })
    const { items } = await result<{ items: Item[] }>(portal, 'crm.stagehistory.list', { entityTypeId: 1, filter: { OWNER_ID: lead.id } })
    expect(items.map(item => [item['TYPE_ID'], item['STATUS_ID'], item['STATUS_SEMANTIC_ID']])).toEqual([[1, 'NEW', 'P'], [2, 'IN_PROCESS', 'P'], [3, 'CONVERTED',
      'S']])
    expect(await call(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { stageId: 'NO_SUCH' } })).toMatchObject({ status: 400,
      error: 'CRM_FIELD_ERROR_VALUE_NOT_VALID' })
  })

  it('refuses a stage whose obligatory fields are empty', async () => {
    portal.state.requiredByStage.set('IN_PROCESS', ['companyTitle'])
    const lead = portal.act.createLead({ title: 'Лид' })
    const move = (fields: object) => call(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { stageId: 'IN_PROCESS', ...fields } })
    expect(await move({})).toMatchObject({ status: 400, error_description: expect.stringContaining('companyTitle') })
    expect(lead.stageId).toBe('NEW')
    expect(await move({ companyTitle: 'ООО «Кедр»' })).toMatchObject({ status: 200 })
  })

  it('changes, adds and deletes phones as the key says', async () => {
    const lead = portal.act.createLead({ title: 'Лид', phone: '+79000000031', email: 'a@example.com' })
    const [phone, mail] = lead.fm
    await result(portal, 'crm.item.update', {
      entityTypeId: 1, id: lead.id, fields: { fm: { [phone?.id ?? 0]: { typeId: 'PHONE', valueType: 'WORK', value: '+79000000032' },
        [mail?.id ?? 0]: { typeId: 'EMAIL', value: '' }, n0: { typeId: 'PHONE', valueType: 'HOME', value: '+79000000033' } } },
    })
    expect(lead.fm.map(field => [field.typeId, field.value])).toEqual([['PHONE', '+79000000032'], ['PHONE', '+79000000033']])
  })

  it('has user fields under both names, with list values by id', async () => {
    const id = await result<number>(portal, 'crm.lead.userfield.add', { fields: { USER_TYPE_ID: 'enumeration', FIELD_NAME: 'LR_MATERIAL', LABEL: 'Материал',
      LIST: [{ VALUE: 'Дуб', XML_ID: 'oak' }, { VALUE: 'Кварц', XML_ID: 'quartz' }] } })
    const field = await result<{ FIELD_NAME: string; LIST: { ID: string; XML_ID: string }[] }>(portal, 'crm.lead.userfield.get', { id })
    expect(field).toMatchObject({ FIELD_NAME: 'UF_CRM_LR_MATERIAL', EDIT_FORM_LABEL: { ru: 'Материал' } })
    const quartz = Number(field.LIST.find(option => option.XML_ID === 'quartz')?.ID)
    const lead = portal.act.createLead({ title: 'Лид' })
    await result(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { UF_CRM_LR_MATERIAL: quartz }, useOriginalUfNames: 'Y' })
    expect(await list({ select: ['UF_CRM_LR_MATERIAL'], filter: { UF_CRM_LR_MATERIAL: quartz }, useOriginalUfNames: 'Y' })).toEqual([{ UF_CRM_LR_MATERIAL: quartz }])
    expect((await list({}))[0]).toMatchObject({ ufCrmLrMaterial: quartz })
    expect(await call(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { UF_CRM_LR_MATERIAL: 99999 },
      useOriginalUfNames: 'Y' })).toMatchObject({ error: 'CRM_FIELD_ERROR_VALUE_NOT_VALID' })
    expect(await call(portal, 'crm.lead.userfield.add', { fields: { USER_TYPE_ID: 'string', FIELD_NAME: 'LR_MATERIAL' } })).toMatchObject({ status: 400,
      error: 'ERROR_CORE' })
    const { fields } = await result<{ fields: Record<string, unknown> }>(portal, 'crm.item.fields', { entityTypeId: 1, useOriginalUfNames: 'Y' })
    expect(fields['UF_CRM_LR_MATERIAL']).toMatchObject({ type: 'enumeration', isDynamic: true, items: [{ VALUE: 'Дуб' }, { VALUE: 'Кварц' }] })
  })

  it('answers a user date field with the day and a technical time, whatever was sent (S3-24)', async () => {
    await result(portal, 'crm.lead.userfield.add', { fields: { USER_TYPE_ID: 'date', FIELD_NAME: 'LR_UNTIL', LABEL: 'До' } })
    const lead = portal.act.createLead({ title: 'Лид' })
    for (const sent of ['2025-04-29', '29.04.2025', '2025-04-29T00:00:00+03:00', '2025-04-29T13:03:20+03:00', '2025-04-29T23:59:00+03:00']) {
      const { item } = await result<{ item: Item }>(portal, 'crm.item.update', { entityTypeId: 1, id: lead.id, fields: { UF_CRM_LR_UNTIL: sent }, useOriginalUfNames: 'Y' })
      expect(item['UF_CRM_LR_UNTIL']).toBe('2025-04-29T03:00:00+03:00')
    }
  })

  it('is still served by the classic methods, in strings', async () => {
    const id = await result<number>(portal, 'crm.lead.add', { fields: { TITLE: 'Классика', OPPORTUNITY: 1500,
      PHONE: [{ VALUE: '+79000000041', VALUE_TYPE: 'WORK' }] } })
    expect(await result(portal, 'crm.lead.get', { id })).toMatchObject({ ID: String(id), OPPORTUNITY: '1500.00', STATUS_ID: 'NEW',
      PHONE: [{ VALUE: '+79000000041', TYPE_ID: 'PHONE' }] })
    expect(await result(portal, 'crm.lead.update', { id, fields: { STATUS_ID: 'IN_PROCESS' } })).toBe(true)
    expect(await result(portal, 'crm.lead.list', { filter: { STATUS_ID: 'IN_PROCESS' }, select: ['ID', 'TITLE'] })).toEqual([{ ID: String(id), TITLE: 'Классика' }])
  })

  it('is found again by its phone', async () => {
    const lead = portal.act.createLead({ title: 'Лид', phone: '+7 (900) 000-00-51' })
    expect(await result(portal, 'crm.duplicate.findbycomm', { type: 'PHONE', values: ['89000000051'] })).toEqual({ LEAD: [lead.id] })
    expect(await result(portal, 'crm.duplicate.findbycomm', { type: 'PHONE', values: ['+79000000052'] })).toEqual([])
  })
})

describe('rights', () => {
  it('show ordinary people only their own leads, heads and administrators all', async () => {
    const [manager, head] = [portal.act.addUser({ name: 'Олег', lastName: 'Крылов' }), portal.act.addUser({ name: 'Вера', lastName: 'Зимина' })]
    portal.act.addDepartment({ name: 'Продажи', headId: head.id })
    const foreign = portal.act.createLead({ title: 'Чужой', assignedById: 1 })
    const own = portal.act.createLead({ title: 'Свой', assignedById: manager.id })
    expect((await list({ select: ['id'] }, manager.id)).map(item => item.id)).toEqual([own.id])
    expect(await list({ select: ['id'] }, head.id)).toHaveLength(2)
    expect(await call(portal, 'crm.item.get', { entityTypeId: 1, id: foreign.id }, manager.id)).toMatchObject({ status: 400, error: 'ACCESS_DENIED' })
    expect(await call(portal, 'crm.item.update', { entityTypeId: 1, id: foreign.id, fields: { title: 'Моё' } }, manager.id)).toMatchObject({ status: 400,
      error: 'ACCESS_DENIED' })
    expect(await call(portal, 'crm.lead.userfield.add', { fields: { USER_TYPE_ID: 'string', FIELD_NAME: 'A' } }, manager.id)).toMatchObject({ status: 400 })
    expect(await call(portal, 'app.option.set', { options: { a: 1 } }, manager.id)).toMatchObject({ status: 400, error: 'AccessException' })
  })
})

describe('activities and the timeline', () => {
  it('show calls, mails and to-dos of a lead', async () => {
    const lead = portal.act.createLead({ title: 'Лид', phone: '+79000000061', email: 'b@example.com' })
    const { call: record, activity } = portal.act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 65 })
    portal.act.mail({ leadId: lead.id, userId: 1, direction: 'incoming', subject: 'Вопрос' })
    const { id } = await result<{ id: number }>(portal, 'crm.activity.todo.add', { ownerTypeId: 1, ownerId: lead.id, deadline: '2030-01-10T12:00:00+03:00',
      title: 'Позвонить', responsibleId: 1, pingOffsets: [15] })
    const rows = await result<Record<string, unknown>[]>(portal, 'crm.activity.list', { filter: { BINDINGS: [{ OWNER_TYPE_ID: 1, OWNER_ID: lead.id }] },
      order: { ID: 'ASC' }, select: ['*', 'COMMUNICATIONS'] })
    expect(rows).toMatchObject([
      { ID: String(activity.id), TYPE_ID: '2', PROVIDER_ID: 'VOXIMPLANT_CALL', DIRECTION: '2', COMPLETED: 'Y', SETTINGS: [],
        COMMUNICATIONS: [{ VALUE: '+79000000061' }] },
      { TYPE_ID: '4', DIRECTION: '1', COMPLETED: 'N' }, { ID: String(id), TYPE_ID: '6', PROVIDER_ID: 'CRM_TODO', DEADLINE: '2030-01-10T12:00:00+03:00',
        SUBJECT: 'Позвонить' },
    ])
    expect(await result(portal, 'voximplant.statistic.get', { FILTER: { CRM_ACTIVITY_ID: record.crmActivityId } })).toMatchObject([{ CALL_DURATION: '65',
      CALL_FAILED_CODE: '200', CRM_ENTITY_TYPE: 'LEAD', CRM_ENTITY_ID: String(lead.id) }])
    await result(portal, 'crm.activity.update', { id, fields: { COMPLETED: 'Y' } })
    expect(await call(portal, 'crm.activity.todo.updateDeadline', { id, ownerTypeId: 1, ownerId: lead.id,
      value: '2030-01-11T12:00:00+03:00' })).toMatchObject({ status: 400, error: 'CAN_NOT_UPDATE_COMPLETED_TODO' })
    expect(await result(portal, 'crm.activity.binding.list', { activityId: id })).toEqual([{ entityTypeId: 1, entityId: lead.id }])
  })

  it('keep comments and log records', async () => {
    const lead = portal.act.createLead({ title: 'Лид' })
    const id = await result<number>(portal, 'crm.timeline.comment.add', { fields: { ENTITY_ID: lead.id, ENTITY_TYPE: 'lead', COMMENT: 'Решение' } })
    expect(await result(portal, 'crm.timeline.comment.list', { filter: { ENTITY_ID: lead.id, ENTITY_TYPE: 'lead' } })).toMatchObject([{ ID: String(id),
      COMMENT: 'Решение', AUTHOR_ID: '1' }])
    for (let index = 0; index < 12; index += 1) await result(portal, 'crm.timeline.logmessage.add',
      { fields: { entityTypeId: 1, entityId: lead.id, title: 'Запись', text: `№ ${index}`, iconCode: 'info' } })
    const page = await call(portal, 'crm.timeline.logmessage.list', { entityTypeId: 1, entityId: lead.id })
    expect(page).toMatchObject({ total: 12, next: 10 })
    expect(page.result).toHaveLength(10)
    expect(await call(portal, 'crm.timeline.logmessage.add', { fields: { entityTypeId: 1, entityId: 999, title: 'a', text: 'b',
      iconCode: 'info' } })).toMatchObject({ status: 400, error: 'OWNER_NOT_FOUND' })
  })
})
