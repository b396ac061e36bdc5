import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fieldName, type Lead, type LeadId, leadId, userId } from '../../server/domain/lead.ts'
import { searchKey } from '../../server/portal/duplicates.ts'
import { PortalError, type PortalErrorCode } from '../../server/portal/error.ts'
import { readSights } from '../../server/portal/leads.ts'
import type { Call, Outcome, Portal } from '../../server/portal/portal.ts'
import { type DuplicateSearch, type FoundDuplicates, nothingNeeded } from '../../server/portal/needs.ts'
import { type Room, startRoom } from './room.ts'

let room: Room

beforeEach(async () => {
  room = await startRoom()
  addInnField()
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

const inn = fieldName('UF_CRM_INN')
const act = () => room.portal.act
const newLead = (draft: Record<string, unknown>) => leadId(act().createLead({ title: 'Столешница', ...draft }).id)
const lookAll = async (ids: readonly LeadId[], known: DuplicateSearch['known'] = new Map()): Promise<readonly Lead[]> => {
  const sights = await room.access.readSights(room.portal.memberId, ids, [inn], { ...nothingNeeded, clients: true, duplicates: { country: 'RU', innField: inn, known } })
  return sights.flatMap(sight => (sight.kind === 'seen' ? [sight.lead] : []))
}
const look = async (id: LeadId) => {
  const [lead] = await lookAll([id])
  if (lead === undefined) throw new Error('the lead is not seen')
  return lead
}
const addInnField = () => room.portal.state.userFields.set(1, {
  id: 1, entityId: 'CRM_LEAD', fieldName: 'UF_CRM_INN', userTypeId: 'string', xmlId: '', sort: 100, multiple: false, mandatory: false, showFilter: 'N', showInList: true, editInList: true, isSearchable: false,
  settings: {}, list: [], editFormLabel: { ru: 'ИНН' }, listColumnLabel: {}, listFilterLabel: {}, errorMessage: {}, helpMessage: {},
} as never)

describe('the search for duplicates (S1-D7)', () => {
  it('finds leads, contacts and companies by any phone and address, however they are written', async () => {
    const older = newLead({ title: 'Кухня', phone: '8 (900) 000-00-01' })
    const closed = newLead({ title: 'Отказ', email: 'Olga@example.com', stageId: 'JUNK' })
    const seller = act().addUser({ name: 'Олег', lastName: 'Крылов' })
    const contact = act().createContact({ name: 'Ольга', lastName: 'Седова', phone: '+7 900 000-00-02', assignedById: seller.id })
    const company = act().createCompany({ title: 'ООО «Пример»', email: 'olga@example.com', assignedById: seller.id })
    act().createContact({ name: 'Чужой', phone: '+79000000099' })
    const id = newLead({ fm: [{ typeId: 'PHONE', value: '+79000000001 доб. 5' }, { typeId: 'PHONE', value: '9000000002' }, { typeId: 'EMAIL', value: 'olga@EXAMPLE.com' }] })
    expect((await look(id)).duplicates).toEqual([
      { kind: 'lead', id: older, title: 'Кухня', responsibleId: 1, by: ['phone'], open: true },
      { kind: 'lead', id: closed, title: 'Отказ', responsibleId: 1, by: ['email'], open: false },
      { kind: 'contact', id: contact.id, title: 'Ольга Седова', responsibleId: seller.id, by: ['phone'], open: false },
      { kind: 'company', id: company.id, title: 'ООО «Пример»', responsibleId: seller.id, by: ['email'], open: false },
    ])
  })

  it('finds by the taxpayer number of requisites, and by a company\'s name as a hint (S1-D9)', async () => {
    const company = act().createCompany({ title: 'Ромашка' })
    act().addRequisite(4, company.id, '7700000000')
    const namesake = act().createCompany({ title: 'Лютик' })
    const id = newLead({ companyTitle: 'Лютик', UF_CRM_INN: '7700000000' })
    expect((await look(id)).duplicates).toMatchObject([{ kind: 'company', id: company.id, by: ['inn'] }, { kind: 'company', id: namesake.id, by: ['name'] }])
  })

  it('finds the last of many companies by their number and their name, and leaves the search open when there are too many', async () => {
    const many = Array.from({ length: 60 }, () => {
      const company = act().createCompany({ title: 'Лютик' })
      act().addRequisite(4, company.id, '7700000000')
      return company.id
    })
    expect((await look(newLead({ UF_CRM_INN: '7700000000' }))).duplicates?.map(({ id }) => id)).toEqual(many)
    expect((await look(newLead({ companyTitle: 'Лютик' }))).duplicates?.map(({ id }) => id)).toEqual(many)
    for (let count = 0; count < 500; count += 1) act().addRequisite(4, many[0] ?? 0, '7700000000')
    expect((await look(newLead({ UF_CRM_INN: '7700000000' }))).duplicates).toBeUndefined()
  })

  it('a client the lead is bound to is no duplicate, but is told with his responsible (S2-6)', async () => {
    const contact = act().createContact({ name: 'Ольга', lastName: 'Седова', phone: '+79000000001' })
    const company = act().createCompany({ title: 'Ромашка' })
    expect(await look(newLead({ phone: '+79000000001', contactId: contact.id, companyId: company.id }))).toMatchObject({
      duplicates: [], clients: [{ kind: 'company', id: company.id, name: 'Ромашка', responsibleId: 1 }, { kind: 'contact', id: contact.id, name: 'Ольга Седова', responsibleId: 1 }],
    })
  })

  it('leads of the same look find each other', async () => {
    const [first, second] = [newLead({ phone: '+79000000001' }), newLead({ phone: '8 900 000 00 01' })]
    const [one, two] = await lookAll([first, second])
    expect(one?.duplicates).toMatchObject([{ kind: 'lead', id: second, by: ['phone'] }])
    expect(two?.duplicates).toMatchObject([{ kind: 'lead', id: first, by: ['phone'] }])
  })

  it('wrong numbers and short texts are not searched for', async () => {
    newLead({ phone: '8900' })
    expect((await look(newLead({ phone: '8900', UF_CRM_INN: '12' }))).duplicates).toEqual([])
    expect(room.portal.requests.flatMap(({ batchCommands }) => batchCommands)).not.toContain('crm.duplicate.findbycomm')
  })

  it('more than twenty finds of one number hide nothing of the others', async () => {
    for (let index = 0; index < 25; index++) act().createContact({ name: `Дубль ${index}`, phone: '+79000000001' })
    const contact = act().createContact({ name: 'Ольга', phone: '+79000000002' })
    const [, lead] = await lookAll([newLead({ phone: '+79000000001' }), newLead({ phone: '+79000000002' })])
    expect(lead?.duplicates).toMatchObject([{ kind: 'contact', id: contact.id }])
  })

  it('forty new leads cost one request more than the look itself (S1-C1)', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => newLead({ phone: `+7900000${String(index).padStart(4, '0')}`, email: `client${index}@example.com` }))
    expect((await lookAll(ids)).every(lead => lead.duplicates?.length === 0)).toBe(true)
    expect(room.requests).toHaveLength(2)
  })

  it('what was searched for is not searched for again until the contact data change', async () => {
    const contact = act().createContact({ name: 'Ольга', phone: '+79000000001' })
    const id = newLead({ phone: '+79000000001' })
    const lead = await look(id)
    const known = new Map<LeadId, FoundDuplicates>([[id, { key: searchKey(lead, { country: 'RU', innField: inn }), found: lead.duplicates ?? [] }]])
    room.requests.length = 0
    expect((await lookAll([id], known))[0]?.duplicates).toMatchObject([{ kind: 'contact', id: contact.id }])
    expect(room.requests).toHaveLength(1)
    act().updateLead(id, { email: 'olga@example.com' })
    await lookAll([id], known)
    expect(room.requests.length).toBeGreaterThan(2)
  })

  it('who answers for what was found is read again when that is old, without searching again', async () => {
    const seller = act().addUser({ name: 'Олег', lastName: 'Крылов' })
    const contact = act().createContact({ name: 'Ольга', phone: '+79000000001', assignedById: 1 })
    const older = newLead({ title: 'Кухня', phone: '+79000000001' })
    const gone = newLead({ title: 'Шкаф', phone: '+79000000001' })
    const id = newLead({ phone: '+79000000001' })
    const lead = await look(id)
    expect(lead.duplicates?.map(one => [one.kind, one.id])).toEqual([['lead', older], ['lead', gone], ['contact', contact.id]])
    const known = (isOld: boolean) => new Map<LeadId, FoundDuplicates>([[id, { key: searchKey(lead, { country: 'RU', innField: inn }), found: lead.duplicates ?? [], isOld }]])
    room.portal.state.contacts.set(contact.id, { ...contact, assignedById: seller.id })
    act().updateLead(older, { stageId: 'JUNK' })
    room.portal.state.leads.delete(gone)
    expect((await lookAll([id], known(false)))[0]?.duplicates).toEqual(lead.duplicates)
    room.requests.length = 0
    room.portal.requests.length = 0
    const again = await lookAll([id], known(true))
    expect(again[0]?.duplicates).toMatchObject([{ kind: 'lead', id: older, open: false, by: ['phone'] }, { kind: 'contact', id: contact.id, responsibleId: seller.id, by: ['phone'] }])
    expect(room.portal.requests.flatMap(({ batchCommands }) => batchCommands).filter(name => name === 'crm.duplicate.findbycomm')).toEqual([])
    room.portal.faults.failBefore('*', 503, 50)
    await expect(lookAll([id], known(true))).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('a portal that cannot answer now leaves the search open, one without requisites does not', async () => {
    const id = newLead({ phone: '+79000000001' })
    room.portal.app.scope.splice(0, room.portal.app.scope.length, 'crm', 'task')
    expect((await look(id)).duplicates).toEqual([])
    room.portal.faults.failBefore('crm.duplicate.findbycomm', 503, 50)
    expect((await look(id)).duplicates).toBeUndefined()
  })
})

describe('what stands around a lead, when a rule asks for it', () => {
  const needs = { ...nothingNeeded, quotes: true, requisites: true, summaries: true }
  const around = async (id: LeadId) => {
    const [sight] = await room.access.readSights(room.portal.memberId, [id], [], needs)
    if (sight?.kind !== 'seen') throw new Error('the lead is not seen')
    return sight.lead
  }

  it('tells the best of its quotes (S2-20)', async () => {
    const id = newLead({})
    expect((await around(id)).quote).toBeNull()
    act().createQuote({ leadId: id, stageId: 'DECLAINED' })
    expect((await around(id)).quote).toBe('declined')
    act().createQuote({ leadId: id })
    expect((await around(id)).quote).toBe('draft')
    act().createQuote({ leadId: id, stageId: 'SENT' })
    act().createQuote({ leadId: newLead({}), stageId: 'APPROVED' })
    expect((await around(id)).quote).toBe('sent')
    act().createQuote({ leadId: id, stageId: 'APPROVED' })
    expect((await around(id)).quote).toBe('accepted')
  })

  it('tells whether its client has requisites', async () => {
    const company = act().createCompany({ title: 'Ромашка' })
    const id = newLead({ companyId: company.id })
    expect((await around(id)).hasRequisites).toBe(false)
    act().addRequisite(4, company.id, '')
    act().addRequisite(3, company.id, '7700000000')
    expect((await around(id)).hasRequisites).toBe(false)
    act().addRequisite(4, company.id, '7700000000')
    expect((await around(id)).hasRequisites).toBe(true)
  })

  const aroundAll = async (ids: readonly LeadId[]): Promise<readonly Lead[]> =>
    (await room.access.readSights(room.portal.memberId, ids, [], needs)).flatMap(sight => (sight.kind === 'seen' ? [sight.lead] : []))

  it('tells it of every lead of a look, however many quotes and requisites they have together', async () => {
    const ids = Array.from({ length: 30 }, () => {
      const company = act().createCompany({ title: 'Ромашка' })
      for (const inn of ['', '7700000000']) act().addRequisite(4, company.id, inn)
      return newLead({ companyId: company.id })
    })
    for (const stageId of ['DECLAINED', 'APPROVED']) for (const id of ids) act().createQuote({ leadId: id, stageId })
    const leads = await aroundAll(ids)
    expect(leads).toHaveLength(30)
    expect(leads.filter(({ quote }) => quote !== 'accepted')).toEqual([])
    expect(leads.filter(({ hasRequisites }) => hasRequisites !== true)).toEqual([])
  })

  it('leaves out what it could read only in part', async () => {
    const company = act().createCompany({ title: 'Ромашка' })
    const id = newLead({ companyId: company.id })
    for (let count = 0; count < 560; count += 1) {
      act().addRequisite(4, company.id, '')
      act().createQuote({ leadId: id })
    }
    const lead = await around(id)
    expect(lead).not.toHaveProperty('quote')
    expect(lead).not.toHaveProperty('hasRequisites')
  })

  const aroundWith = async (id: LeadId, change: (call: Call, outcome: Outcome) => Outcome): Promise<Lead> => {
    const portal = await room.access.asUser(room.portal.memberId, room.portal.tokensFor(1).accessToken)
    const callAll: Portal['callAll'] = async (calls, manner) => (await portal.callAll(calls, manner)).map((outcome, index) => change(calls[index] ?? { method: '' }, outcome))
    const [sight] = await readSights({ ...portal, callAll }, [id], [], { info: () => undefined, warn: () => undefined, error: () => undefined }, needs)
    if (sight?.kind !== 'seen') throw new Error('the lead is not seen')
    return sight.lead
  }
  const failing = (isIt: (call: Call) => boolean, code: PortalErrorCode) => (call: Call, outcome: Outcome): Outcome => (isIt(call) ? { ok: false, error: new PortalError({ code, method: call.method }) } : outcome)
  const isQuotes = ({ method, params }: Call) => method === 'crm.item.list' && params?.['entityTypeId'] === 7

  it.each([['its quotes', isQuotes], ['the stages of quotes', ({ method, params }: Call) => method === 'crm.status.list' && JSON.stringify(params).includes('QUOTE_STATUS')]] as const)('tells nothing of an offer while the portal does not tell of %s', async (_what, isIt) => {
    const id = newLead({})
    act().createQuote({ leadId: id, stageId: 'APPROVED' })
    const lead = await aroundWith(id, failing(isIt, 'unavailable'))
    expect(lead).not.toHaveProperty('quote')
    expect(lead).not.toHaveProperty('denied')
    expect(lead.hasRequisites).toBe(false)
  })

  it('says what the portal refuses to tell for want of a right', async () => {
    const company = act().createCompany({ title: 'Ромашка' })
    const id = newLead({ companyId: company.id })
    const lead = await aroundWith(id, failing(call => isQuotes(call) || call.method === 'crm.requisite.list', 'access-denied'))
    expect(lead.denied).toEqual(['quote', 'requisites'])
    expect(lead).not.toHaveProperty('quote')
    expect(lead).not.toHaveProperty('hasRequisites')
  })

  it('tells whether a result was written in our task', async () => {
    const id = newLead({})
    const task = act().createTask({ title: 'Связаться', responsibleId: 1, xmlId: 'leadrail:m1', ufCrmTask: [`L_${id}`] })
    expect((await around(id)).followUps).toMatchObject([{ mark: 'm1', summarised: false }])
    act().writeTaskResult(task.id, 'Договорились о замере', 1)
    expect((await around(id)).followUps).toMatchObject([{ mark: 'm1', summarised: true }])
  })

  it('reads the summary of a closed to-do of ours from its note (S3-18, S1-D11)', async () => {
    const id = newLead({})
    const mark = `${id}-todo`
    await room.access.carryOut(room.portal.memberId, [{ mark, attempts: 0, command: { kind: 'set-follow-up', leadId: id, mark, form: 'todo', title: 'Позвонить', text: 'Позвоните', videoUrl: null, checklist: [], responsibleId: userId(1), deadlineAt: '2030-03-11T09:00:00Z', remindBeforeMinutes: 0, deadlineMayMove: true, because: { rule: 'daily-look' } } }], { language: 'ru', timeZone: 'Europe/Moscow' })
    const [todo] = (await around(id)).followUps
    expect(todo).toMatchObject({ form: 'todo', open: true })
    expect(todo).not.toHaveProperty('summarised')
    act().completeActivity(todo?.id ?? 0, 1)
    expect((await around(id)).followUps).toMatchObject([{ open: false, summarised: false }])
    act().writeNote(todo?.id ?? 0, 'Договорились о замере', 1)
    expect((await around(id)).followUps).toMatchObject([{ open: false, summarised: true }])
    room.portal.faults.failBefore('crm.timeline.note.get', 503, 50)
    expect((await around(id)).followUps[0]).not.toHaveProperty('summarised')
  })

  it('asks for none of it otherwise, and tells who has moved the lead', async () => {
    const mover = act().addUser({ name: 'Олег', lastName: 'Крылов' })
    const id = newLead({})
    act().moveStage(id, 'IN_PROCESS', mover.id)
    const [sight] = await room.access.readSights(room.portal.memberId, [id], [])
    expect(sight).toMatchObject({ kind: 'seen', lead: { movedById: mover.id } })
    expect(sight?.kind === 'seen' && ('quote' in sight.lead || 'hasRequisites' in sight.lead || 'duplicates' in sight.lead || 'clients' in sight.lead)).toBe(false)
    expect(room.requests).toHaveLength(1)
  })

  it('a call counts as described when somebody has written something in it (S3-17)', async () => {
    const id = newLead({ phone: '+79000000001' })
    act().mail({ leadId: id, userId: 1, direction: 'outgoing', subject: 'Предложение', text: ' ' })
    act().mail({ leadId: id, userId: 1, direction: 'outgoing', subject: 'Предложение', text: 'Добрый день!' })
    expect((await around(id)).activities.map(({ described }) => described)).toEqual([false, true])
  })
})
