import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { fieldName, type Lead, type LeadId, leadId } from '../../server/domain/lead.ts'
import { toCalendar } from '../../server/portal/calendar.ts'
import { type Room, useRoom } from './room.ts'

let room: Room
let nowMs: number
const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) }

useRoom((made) => { room = made }, () => {
  nowMs = Date.parse('2026-03-10T12:00:00+03:00')
  return { clock }
})

const minutes = (count: number) => void (nowMs += count * 60_000)
const memberId = () => room.portal.memberId
const newLead = (draft: Record<string, unknown> = {}) => leadId(room.portal.act.createLead({ title: 'Столешница', ...draft }).id)
const look = async (id: LeadId, fields: readonly string[] = []): Promise<Lead> => {
  const [sight] = await room.access.readSights(memberId(), [id], fields.map(fieldName))
  if (sight?.kind !== 'seen') throw new Error('the lead is not seen')
  return sight.lead
}

describe('a look at a lead', () => {
  it('tells who it is and how to reach him', async () => {
    const id = newLead({ name: 'Ольга', lastName: 'Седова', companyTitle: 'ООО «Пример»', sourceId: 'WEB', phone: '+79000000001', email: 'olga@example.com', im: 'imol|telegram|1|11|42' })
    expect(await look(id)).toMatchObject({
      id, title: 'Столешница', clientName: 'Ольга Седова', companyTitle: 'ООО «Пример»', stageId: 'NEW', semantic: 'processing', sourceId: 'WEB',
      contact: { phones: ['+79000000001'], emails: ['olga@example.com'], messengers: ['imol|telegram|1|11|42'] }, activities: [], followUps: [],
    })
    expect((await look(id)).createdAt.epochMilliseconds).toBe(nowMs)
  })

  it('tells the meaning of its stage whatever the stage is called', async () => {
    room.portal.act.addStatus({ entityId: 'STATUS', statusId: 'UC_LOST', name: 'Передумал', semantics: 'F', isStage: true })
    const id = newLead()
    room.portal.act.moveStage(id, 'UC_LOST')
    expect(await look(id)).toMatchObject({ stageId: 'UC_LOST', semantic: 'failure' })
    room.portal.act.moveStage(id, 'CONVERTED')
    expect(await look(id)).toMatchObject({ semantic: 'success' })
  })

  it('gives one sight per lead in the order asked for; what the portal does not list is gone', async () => {
    const [first, second] = [newLead({ title: 'Первый' }), newLead({ title: 'Второй' })]
    room.portal.act.deleteLead(first)
    const sights = await room.access.readSights(memberId(), [leadId(999), second, first], [])
    expect(sights).toMatchObject([{ kind: 'gone', leadId: 999 }, { kind: 'seen', lead: { id: second } }, { kind: 'gone', leadId: first }])
  })

  it('at fifty leads takes two requests, at forty one', async () => {
    const ids = Array.from({ length: 50 }, () => newLead())
    expect(await room.access.readSights(memberId(), ids, [])).toHaveLength(50)
    expect(room.requests).toHaveLength(2)
    await room.access.readSights(memberId(), ids.slice(0, 40), [])
    expect(room.requests).toHaveLength(3)
  })

  it('reads the card\'s own fields by their original names', async () => {
    await room.access.ensure(memberId())
    const id = newLead()
    const token = room.portal.tokensFor(1).accessToken
    await room.access.saveFieldsAs(memberId(), token, id, { UF_CRM_LR_SIZE: '3000 × 600', UF_CRM_LR_PLACE: '1' })
    expect((await look(id, ['UF_CRM_LR_SIZE', 'UF_CRM_LR_PLACE', 'UF_CRM_LR_MATERIAL'])).fields).toMatchObject({ UF_CRM_LR_SIZE: '3000 × 600', UF_CRM_LR_MATERIAL: null })
    expect(String((await look(id, ['UF_CRM_LR_PLACE'])).fields['UF_CRM_LR_PLACE'])).toBe('1')
  })
})

describe('numbers that reach nobody in particular (S1-D1, S1-D2, S1-D5)', () => {
  const sharedOf = async (draft: Record<string, unknown>) => (await look(newLead(draft))).contact.shared
  const company = { companyTitle: 'ООО «Пример»' }

  it('are a company’s number without a person and without an extension', async () => {
    expect(await sharedOf({ ...company, phone: '+79000000001' })).toEqual(['+79000000001'])
    expect(await sharedOf({ ...company, phone: '+79000000001 доб. 12' })).toBeUndefined()
    expect(await sharedOf({ ...company, phone: '+79000000001', name: 'Ольга' })).toBeUndefined()
    expect(await sharedOf({ phone: '+79000000001' })).toBeUndefined()
  })

  it('are likewise those of a bound company, unless a contact is bound', async () => {
    const firm = room.portal.act.createCompany({ title: 'ООО «Пример»' })
    const person = room.portal.act.createContact({ name: 'Ольга' })
    expect(await sharedOf({ companyId: firm.id, phone: '+79000000001' })).toEqual(['+79000000001'])
    expect(await sharedOf({ companyId: firm.id, contactIds: [person.id], phone: '+79000000001' })).toBeUndefined()
  })

  it('are toll-free ones, while no person is named', async () => {
    expect(await sharedOf({ phone: '8 800 000-00-01' })).toEqual(['8 800 000-00-01'])
    expect(await sharedOf({ phone: '+7 (800) 000-00-01', name: 'Ольга' })).toBeUndefined()
  })
})

describe('activities of a lead', () => {
  it('are told by kind, direction and moment, oldest first', async () => {
    const id = newLead({ phone: '+79000000001', email: 'olga@example.com' })
    for (const act of [
      () => room.portal.act.mail({ leadId: id, userId: 1, direction: 'outgoing', subject: 'Смета' }),
      () => room.portal.act.message({ leadId: id, userId: 1, direction: 'incoming', text: 'Здравствуйте' }),
      () => room.portal.act.meeting({ leadId: id, userId: 1, subject: 'Замер', completed: true }),
    ]) {
      act()
      minutes(1)
    }
    const { activities } = await look(id)
    expect(activities.map(({ kind, direction, completed }) => [kind, direction, completed])).toEqual([['email', 'outgoing', true], ['message', 'incoming', false], ['meeting', null, true]])
    expect(activities.every(({ automatic, mark }) => !automatic && mark === null)).toBe(true)
  })

  it('tell of a call whether anybody answered, and how long they spoke', async () => {
    const id = newLead({ phone: '+79000000001' })
    room.portal.act.call({ leadId: id, userId: 1, direction: 'outgoing', durationSeconds: 0, failedCode: '304' })
    room.portal.act.call({ leadId: id, userId: 1, direction: 'outgoing', durationSeconds: 95 })
    expect((await look(id)).activities.map(({ call }) => call)).toEqual([{ reached: false, durationSeconds: 0 }, { reached: true, durationSeconds: 95 }])
    expect(room.requests).toHaveLength(1)
  })

  it('tell of a call that telephony has filed under the contact', async () => {
    const id = newLead({ phone: '+79000000001' })
    const { call } = room.portal.act.call({ leadId: id, userId: 1, direction: 'incoming', durationSeconds: 40 })
    Object.assign(call, { crmEntityType: 'CONTACT', crmEntityId: 3 })
    expect((await look(id)).activities[0]?.call).toEqual({ reached: true, durationSeconds: 40 })
  })

  it('know nothing of a call where telephony cannot be read, and everything else all the same', async () => {
    const id = newLead({ phone: '+79000000001' })
    room.portal.act.call({ leadId: id, userId: 1, direction: 'outgoing', durationSeconds: 95 })
    room.portal.app.scope = room.portal.app.scope.filter(scope => scope !== 'telephony')
    expect((await look(id)).activities).toMatchObject([{ kind: 'call', call: null, completed: true }])
  })

  it('that belong to a contact first are found by their binding', async () => {
    const id = newLead()
    const meeting = room.portal.act.meeting({ leadId: id, userId: 1, subject: 'Замер' })
    Object.assign(meeting, { ownerTypeId: 3, ownerId: 5, bindings: [{ ownerTypeId: 3, ownerId: 5 }, { ownerTypeId: 1, ownerId: id }] })
    expect((await look(id)).activities).toMatchObject([{ kind: 'meeting' }])
  })

  it('of a robot are no contact', async () => {
    const id = newLead({ email: 'olga@example.com' })
    Object.assign(room.portal.act.mail({ leadId: id, userId: 1, direction: 'outgoing', subject: 'Спасибо за заявку' }), { authorId: 0 })
    expect((await look(id)).activities).toMatchObject([{ kind: 'email', automatic: true }])
  })
})

describe('follow-ups of ours', () => {
  it('are tasks with our mark, and their mirror among the activities carries it too', async () => {
    const id = newLead()
    const deadline = '2026-03-10T18:00:00+03:00'
    const task = room.portal.act.createTask({ title: 'Связаться', responsibleId: 1, ufCrmTask: [`L_${id}`], xmlId: `leadrail:${id}-work-1-follow-up`, deadline })
    room.portal.act.createTask({ title: 'Чужая задача', responsibleId: 1, ufCrmTask: [`L_${id}`], xmlId: '1C-000017' })
    const lead = await look(id)
    expect(lead.followUps).toMatchObject([{ mark: `${id}-work-1-follow-up`, form: 'task', id: task.id, open: true, responsibleId: 1 }])
    expect(lead.followUps[0]?.deadlineAt?.equals(Temporal.Instant.from(deadline))).toBe(true)
    expect(lead.activities.map(({ kind, mark, deadlineAt }) => [kind, mark, deadlineAt === null])).toEqual([['task', `${id}-work-1-follow-up`, false], ['task', null, true]])
    room.portal.act.completeTask(task.id, 1)
    expect((await look(id)).followUps).toMatchObject([{ open: false }])
  })

  it('are found among more tasks than one page holds', async () => {
    const id = newLead()
    room.portal.act.createTask({ title: 'Связаться', responsibleId: 1, ufCrmTask: [`L_${id}`], xmlId: 'leadrail:first' })
    for (let tasks = 0; tasks < 60; tasks += 1) room.portal.act.createTask({ title: 'Чужая задача', responsibleId: 1, ufCrmTask: [`L_${id}`] })
    expect((await look(id)).followUps).toMatchObject([{ mark: 'first' }])
    expect(room.requests).toHaveLength(2)
  })
})

describe('leads of subjects', () => {
  it('are found for activities and tasks; what concerns no lead gives nothing', async () => {
    const [first, second, third] = [newLead(), newLead(), newLead()]
    const meeting = room.portal.act.meeting({ leadId: second, userId: 1, subject: 'Замер' })
    const task = room.portal.act.createTask({ title: 'Смета', responsibleId: 1, ufCrmTask: [`L_${third}`, 'C_4'] })
    const loose = room.portal.act.createTask({ title: 'Без лида', responsibleId: 1 })
    const leads = await room.access.leadsOf(memberId(), [
      { kind: 'lead', id: first }, { kind: 'activity', id: meeting.id }, { kind: 'activity', id: 999 }, { kind: 'task', id: task.id }, { kind: 'task', id: loose.id }, { kind: 'task', id: 999 },
    ])
    expect(leads).toEqual([first, second, third])
    expect(room.requests).toHaveLength(1)
  })
})

describe('a sweep', () => {
  it('notices what no event has told of, and only that', async () => {
    const [old, changed] = [newLead(), newLead()]
    const first = await room.access.changedSince(memberId(), null)
    expect(first.subjects).toEqual(expect.arrayContaining([{ kind: 'lead', id: old }, { kind: 'lead', id: changed }]))
    minutes(30)
    const second = await room.access.changedSince(memberId(), JSON.parse(JSON.stringify(first.mark)))
    minutes(30)
    room.portal.act.updateLead(changed, { title: 'Столешница и мойка' })
    const created = newLead()
    const third = await room.access.changedSince(memberId(), second.mark)
    expect(third.subjects).toEqual([{ kind: 'lead', id: changed }, { kind: 'lead', id: created }])
    expect(third.more).toBe(false)
  })

  it('notices calls and activities, also those of a contact that concern a lead', async () => {
    const id = newLead()
    const { mark } = await room.access.changedSince(memberId(), null)
    minutes(30)
    const { mark: later } = await room.access.changedSince(memberId(), mark)
    minutes(30)
    const meeting = room.portal.act.meeting({ leadId: id, userId: 1, subject: 'Замер' })
    Object.assign(meeting, { ownerTypeId: 3, ownerId: 5, bindings: [{ ownerTypeId: 3, ownerId: 5 }, { ownerTypeId: 1, ownerId: id }] })
    const { activity } = room.portal.act.call({ leadId: id, userId: 1, direction: 'outgoing', durationSeconds: 5 })
    const { subjects } = await room.access.changedSince(memberId(), later)
    expect(subjects).toEqual(expect.arrayContaining([{ kind: 'activity', id: meeting.id }, { kind: 'activity', id: activity.id }, { kind: 'lead', id }]))
  })

  it('reads past the first page without losing or doubling anything', async () => {
    const ids = Array.from({ length: 120 }, () => newLead())
    const { subjects } = await room.access.changedSince(memberId(), null)
    expect(subjects.filter(({ kind }) => kind === 'lead').map(({ id }) => id)).toEqual(ids)
  })

  it('begins anew with a mark it does not know', async () => {
    newLead()
    expect((await room.access.changedSince(memberId(), { lastId: 7 })).subjects).toHaveLength(1)
  })
})

describe('facts of a portal', () => {
  it('name the people with their heads, nearest first', async () => {
    const director = room.portal.act.addUser({ name: 'Дарья', lastName: 'Главная' })
    const sales = room.portal.act.addDepartment({ name: 'Отдел продаж', parentId: 1, headId: director.id })
    const group = room.portal.act.addDepartment({ name: 'Группа столешниц', parentId: sales.id })
    const manager = room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов', departments: [group.id] })
    const gone = room.portal.act.addUser({ name: 'Пётр', lastName: 'Ушедший', departments: [group.id] })
    room.portal.act.dismissUser(gone.id)
    const { people, departments } = await room.access.readFacts(memberId())
    expect(people.find(({ id }) => id === manager.id)).toMatchObject({ name: 'Олег Крылов', active: true, departmentIds: [group.id], headIds: [director.id, 1] })
    expect(people.find(({ id }) => id === gone.id)).toMatchObject({ active: false })
    expect(people.find(({ id }) => id === director.id)?.headIds).not.toContain(director.id)
    expect(departments).toContainEqual({ id: sales.id, name: 'Отдел продаж', headId: director.id, parentId: 1 })
  })

  it('tell who is away and whose day is open; without time tracking nobody\'s is known', async () => {
    const [absent, working] = [room.portal.act.addUser({ name: 'Ася', lastName: 'Отпускная' }), room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов' })]
    room.portal.act.setAbsent(absent.id, nowMs - 3_600_000, nowMs + 86_400_000)
    room.portal.act.openDay(working.id)
    const { people } = await room.access.readFacts(memberId())
    expect(people.find(({ id }) => id === absent.id)).toMatchObject({ absent: true, dayOpen: false })
    expect(people.find(({ id }) => id === working.id)).toMatchObject({ absent: false, dayOpen: true })
    room.portal.state.timemanEnabled = false
    expect((await room.access.readFacts(memberId())).people.every(({ dayOpen }) => dayOpen === null)).toBe(true)
  })

  it('hold where a module is missing', async () => {
    room.portal.app.scope = ['crm', 'placement', 'task', 'user_brief', 'im']
    const facts = await room.access.readFacts(memberId())
    expect(facts).toMatchObject({ departments: [], timeZone: 'Europe/Moscow', language: 'ru', calendar: { holidays: [], week: { 1: [{ from: '09:00', to: '18:00' }], 7: [] } } })
  })

  it('keep the working hours where most people are, whoever\'s token is asking', async () => {
    for (const name of ['Олег', 'Ася']) room.portal.act.addUser({ name, lastName: 'Московская', timeZone: 'Europe/Moscow' })
    const administrator = room.portal.state.users.get(1)
    if (administrator !== undefined) administrator.timeZone = 'Asia/Vladivostok'
    expect(await room.access.readFacts(memberId())).toMatchObject({ timeZone: 'Europe/Moscow', calendar: { timeZone: 'Europe/Moscow' } })
  })

  it('count more people than one page holds', async () => {
    for (let people = 0; people < 70; people += 1) room.portal.act.addUser({ name: 'Олег', lastName: `Крылов ${people}` })
    expect((await room.access.readFacts(memberId(), [])).people).toHaveLength(71)
  })

  it('give the names of the sources, for titles (S2-4)', async () => {
    expect((await room.access.readFacts(memberId())).sourceNames).toMatchObject({ CALL: 'Звонок', WEB: 'Веб-сайт' })
  })

  it('give stage names and the language', async () => {
    expect(await room.access.readFacts(memberId())).toMatchObject({ language: 'ru', stageNames: { NEW: 'Не обработан', IN_PROCESS: 'В работе' }, licenseFamily: 'std' })
  })
})

describe('the portal\'s calendar', () => {
  it('reads hours with minutes, days off, and holidays of every year or one', () => {
    expect(toCalendar({ work_time_start: '9.30', work_time_end: '18', week_holidays: ['SU'], year_holidays: '1.01, 23.02,31.12.2026', year_workdays: '28.02' }, 'Europe/Moscow')).toEqual({
      timeZone: 'Europe/Moscow', holidays: ['01-01', '02-23', '2026-12-31'], workdays: ['02-28'],
      week: { 1: [{ from: '09:30', to: '18:00' }], 2: [{ from: '09:30', to: '18:00' }], 3: [{ from: '09:30', to: '18:00' }], 4: [{ from: '09:30', to: '18:00' }], 5: [{ from: '09:30', to: '18:00' }], 6: [{ from: '09:30', to: '18:00' }], 7: [] },
    })
  })

  it('reads a day that ends at midnight', () => {
    expect(toCalendar({ work_time_start: '0', work_time_end: '24' }, 'UTC').week[1]).toEqual([{ from: '00:00', to: '24:00' }])
  })

  it.each([{ work_time_start: '', work_time_end: '' }, { work_time_start: '18', work_time_end: '9' }, { work_time_start: 'nine', work_time_end: '25' }, null])('falls back to nine to six when it makes no sense: %j', (settings) => {
    expect(toCalendar(settings, 'UTC').week[1]).toEqual([{ from: '09:00', to: '18:00' }])
  })
})

describe('saving', () => {
  it('does not pass over a field that the portal has not got: unknown ones are ignored there in silence', async () => {
    const id = newLead()
    await room.access.ensure(memberId())
    const [field] = [...room.portal.state.userFields.entries()].find(([, { fieldName }]) => fieldName === 'UF_CRM_LR_SIZE') ?? []
    room.portal.state.userFields.delete(field ?? 0)
    // As a real portal does: the strict one would refuse loudly.
    room.portal.settings.strict = false
    await expect(room.access.saveFieldsAs(memberId(), room.portal.tokensFor(1).accessToken, id, { UF_CRM_LR_SIZE: '3000' })).rejects.toMatchObject({ code: 'invalid', bitrixMessage: 'UF_CRM_LR_SIZE' })
  })
})

describe('the opening person\'s own rights', () => {
  it('decide which leads he sees and may change', async () => {
    const [anna, boris] = [room.portal.act.addUser({ name: 'Анна', lastName: 'Своя' }), room.portal.act.addUser({ name: 'Борис', lastName: 'Чужой' })]
    const mine = newLead({ assignedById: anna.id, opened: 'N' })
    const foreign = newLead({ assignedById: boris.id, opened: 'N' })
    const token = room.portal.tokensFor(anna.id).accessToken
    expect((await room.access.visibleLeadsAs(memberId(), token, [mine, foreign])).map(({ id }) => id)).toEqual([mine])
    expect(await room.access.readLeadAs(memberId(), token, mine, [])).toMatchObject({ id: mine })
    await expect(room.access.readLeadAs(memberId(), token, foreign, [])).rejects.toMatchObject({ code: 'not-found' })
    await expect(room.access.saveFieldsAs(memberId(), token, foreign, { title: 'Моё' })).rejects.toMatchObject({ code: 'access-denied' })
    await room.access.saveFieldsAs(memberId(), token, mine, { title: 'Моё' })
    expect((await look(mine)).title).toBe('Моё')
    expect(room.portal.state.leads.get(foreign)?.title).toBe('Столешница')
  })
})
