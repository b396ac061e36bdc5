import { describe, expect, it } from 'vitest'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { type ConversionRoom, inConversionRooms, stepsFor, targets } from './conversion-room.ts'

let room: ConversionRoom
let steps: ReturnType<typeof stepsFor>

inConversionRooms((started, its) => {
  room = started
  steps = its
})

const state = () => room.portal.state
const only = <T>(rows: { values(): Iterable<T> }): T => {
  const [row, another] = [...rows.values()]
  if (row === undefined || another !== undefined) throw new Error('there is not exactly one')
  return row
}
const deal = () => only(state().deals)
const contact = () => only(state().contacts)
const company = () => only(state().companies)
const ofDeal = () => state().productRows.filter(({ ownerType }) => ownerType === 'D')
const entries = () => state().timeline.filter(({ kind }) => kind === 'log')
const lead = () => state().leads.get(room.id)

/** Twice with nothing in between, then with the answer lost after the write and again. */
const makeAll = async (): Promise<void> => {
  for (const step of [steps.check, steps.company, steps.contact, steps.requisites, steps.deal, steps.products, steps.linkRequisites, steps.linkLead, steps.tell, steps.finish]) await room.carryOut(step)
}

describe('a conversion carried out step by step', () => {
  it('makes company, contact and deal that know the lead and each other, with marks (S0-29, S0-32)', async () => {
    await makeAll()
    expect(company()).toMatchObject({ title: 'ООО «Кедр»', leadId: room.id, originatorId: 'leadrail', originId: `${room.conversionId}:company`, fm: [] })
    expect(contact()).toMatchObject({ name: 'Мария', lastName: 'Белова', sourceId: 'WEB', leadId: room.id, companyId: company().id, companyIds: [company().id] })
    expect(contact().fm.map(({ typeId, valueType, value }) => [typeId, valueType, value])).toEqual([['PHONE', 'WORK', '8 (900) 000-00-71'], ['EMAIL', 'WORK', 'm@example.com']])
    expect(deal()).toMatchObject({ leadId: room.id, companyId: company().id, contactIds: [contact().id], stageId: 'NEW', categoryId: 0, originId: `${room.conversionId}:deal` })
    expect(ofDeal()).toMatchObject([{ productName: 'Дуб', price: 1_000, quantity: 3 }, { productName: 'Дуб', price: 1_000, quantity: 3 }])
    expect(state().requisites).toMatchObject([{ entityTypeId: 4, entityId: company().id, presetId: 1, name: 'ООО «Кедр»', fields: { RQ_INN: '7700000009', RQ_COMPANY_NAME: 'ООО «Кедр»', XML_ID: `leadrail:${room.conversionId}:requisites` } }])
    expect(state().requisiteLinks).toMatchObject([{ entityTypeId: 2, entityId: deal().id, requisiteId: state().requisites[0]?.id }])
    expect(lead()).toMatchObject({ stageId: 'CONVERTED', companyId: company().id, contactIds: [contact().id] })
    expect(entries().map(({ bindings, text }) => [bindings[0]?.entityTypeId, text])).toEqual([
      [2, `Сделка создана из лида «Столешница»\n${room.portal.baseUrl}/crm/lead/details/${room.id}/`], [1, `Лид сконвертирован\n${room.portal.baseUrl}/crm/deal/details/${deal().id}/`],
    ])
    expect(room.results['deal']).toMatchObject({ id: deal().id, updatedAt: '2026-03-10T09:00:00Z', after: { title: 'Столешница на кухню', stageId: 'NEW' } })
    expect(room.results['products']?.ids).toEqual(ofDeal().map(({ id }) => id))
  })

  it('has its effect once when every step is carried out twice', async () => {
    await makeAll()
    const before = structuredClone(state())
    const results = structuredClone(room.results)
    room.tick()
    room.portal.requests.length = 0
    for (const step of Object.values(steps)) if (step.kind !== 'check') await room.carryOut(step, { attempts: 1 })
    expect(structuredClone(state())).toEqual(before)
    // The products have brought the deal its sum meanwhile.
    const { after: { opportunity } = {} } = room.results['deal'] ?? {}
    const known = { ...results, deal: { ...results['deal'], after: { ...results['deal']?.after, opportunity } } }
    for (const key of ['company', 'contact', 'deal', 'requisites', 'products', 'tell'] as const) expect(room.results[key]).toEqual({ ...(known as typeof results)[key], found: true })
  })

  it.each(['reset', 500] as const)('finds by its mark what was made although the answer was lost (%s)', async (how) => {
    for (const [key, method] of [['company', 'crm.item.add'], ['contact', 'crm.item.add'], ['requisites', 'crm.requisite.add'], ['deal', 'crm.item.add'], ['products', 'crm.item.productrow.add'], ['tell', 'crm.timeline.logmessage.add']] as const) {
      const step = steps[key]
      expect(await room.carryOut(step, { attempts: 1, mayMake: false })).toBeNull()
      room.portal.faults.failAfter(method, how)
      await expect(room.carryOut(step)).rejects.toMatchObject({ code: 'unknown-outcome' })
      expect(await room.carryOut(step, { attempts: 1, mayMake: false })).toMatchObject({ found: true })
      expect(await room.carryOut(step, { attempts: 2 })).toMatchObject({ found: true })
    }
    expect([state().companies.size, state().contacts.size, state().deals.size, state().requisites.length, ofDeal().length, entries().length]).toEqual([1, 1, 1, 1, 2, 2])
    for (const [key, method] of [['linkRequisites', 'crm.requisite.link.register'], ['linkLead', 'crm.item.update'], ['finish', 'crm.item.update']] as const) {
      room.portal.faults.failAfter(method, how)
      await expect(room.carryOut(steps[key])).rejects.toMatchObject({ code: 'unknown-outcome' })
      await room.carryOut(steps[key], { attempts: 1 })
    }
    expect(lead()).toMatchObject({ stageId: 'CONVERTED', contactIds: [contact().id] })
    expect(state().requisiteLinks).toHaveLength(1)
  })

  it('makes the rest of what was made in part: one product of two, one entry of two', async () => {
    for (const step of [steps.company, steps.contact, steps.deal, steps.products, steps.tell]) await room.carryOut(step)
    state().productRows = ofDeal().slice(1)
    state().timeline = state().timeline.slice(1)
    expect(await room.carryOut(steps.products, { attempts: 1, mayMake: false })).toBeNull()
    expect(await room.carryOut(steps.tell, { attempts: 1, mayMake: false })).toBeNull()
    await room.carryOut(steps.products, { attempts: 1 })
    await room.carryOut(steps.tell, { attempts: 1 })
    expect(ofDeal()).toHaveLength(2)
    expect(entries()).toHaveLength(2)
    expect(room.results['products']?.ids).toHaveLength(2)
  })

  it('writes nothing where all is as wanted', async () => {
    await makeAll()
    room.portal.requests.length = 0
    for (const step of [steps.linkRequisites, steps.linkLead, steps.finish]) await room.carryOut(step, { attempts: 1 })
    expect(room.portal.requests.flatMap(request => [request.method, ...request.batchCommands]).filter(method => !/get$|list$/.test(method))).toEqual([])
    expect(room.results).toMatchObject({ 'link-requisites': { found: true }, 'finish-lead': { found: true } })
  })

  it('leaves the requisites that somebody has chosen in the deal', async () => {
    for (const step of [steps.company, steps.contact, steps.requisites, steps.deal]) await room.carryOut(step)
    const other = room.portal.act.addRequisite(4, company().id, '7700000010')
    state().requisiteLinks = [{ entityTypeId: 2, entityId: deal().id, requisiteId: other.id, bankDetailId: 0, myRequisiteId: 0, myBankDetailId: 0 }]
    expect(await room.carryOut({ ...steps.linkRequisites, deal: deal().id })).toEqual({})
    expect(state().requisiteLinks).toMatchObject([{ requisiteId: other.id }])
    expect(await room.carryOut({ ...steps.linkRequisites, requisites: { of: 'requisites-that-were-refused' } })).toEqual({})
  })

  it('makes what it makes under the name of the person, and finds it again though he may not see it any more', async () => {
    await room.carryOut(steps.company, { by: room.manager })
    expect(company()).toMatchObject({ createdBy: room.manager, assignedById: 1 })
    expect(await room.carryOut(steps.company, { by: room.manager, attempts: 1 })).toMatchObject({ found: true, id: company().id })
  })
})

describe('a refusal', () => {
  it('of the requisites\' link by false is told', async () => {
    for (const step of [steps.company, steps.contact, steps.requisites, steps.deal]) await room.carryOut(step)
    room.portal.faults.answerWith('crm.requisite.link.register', { result: false })
    expect(await room.carryOut(steps.linkRequisites)).toEqual({ refused: ['invalid'] })
    expect(await room.carryOut(steps.linkRequisites, { attempts: 1 })).toEqual({})
    expect(state().requisiteLinks).toHaveLength(1)
    expect(await room.carryOut(steps.linkRequisites, { attempts: 1 })).toEqual({ found: true })
  })

  it('of the look for what an earlier attempt has made is no reason to make it twice', async () => {
    for (const step of [steps.company, steps.contact, steps.requisites, steps.deal, steps.products]) await room.carryOut(step)
    for (const [step, method] of [[steps.requisites, 'crm.requisite.list'], [steps.products, 'crm.item.productrow.list']] as const) {
      for (const [error, code] of [['ACCESS_DENIED', 'access-denied'], ['NOT_FOUND', 'invalid'], ['0', 'invalid']] as const) {
        room.portal.faults.answerWith(method, { error, description: 'Доступ запрещён', status: 400 })
        await expect(room.carryOut(step, { attempts: 1 })).rejects.toMatchObject({ code, bitrixMessage: 'Доступ запрещён' })
      }
    }
    expect([state().requisites.length, ofDeal().length]).toEqual([1, 2])
  })

  it('of the look at the comments of a deal leaves them as they are', async () => {
    const deal = room.portal.act.createDeal({ title: 'Ремонт' })
    const comment = room.portal.act.comment(room.id, 'Хочет дуб', 1)
    comment.bindings.push({ entityTypeId: 2, entityId: deal.id })
    const step: ConversionStep = { key: 'comments', kind: 'bind-comments', ids: [comment.id], to: [{ object: 'deal', id: deal.id }] }
    room.portal.faults.answerWith('crm.timeline.comment.list', { error: '', description: 'Access denied', status: 400 })
    await expect(room.carryOut(step)).rejects.toMatchObject({ code: 'invalid', bitrixMessage: 'Access denied' })
    expect(await room.carryOut(step)).toEqual({ bound: [], ids: [] })
  })

  it('of the right to add comes back in the portal\'s words, and nothing is made', async () => {
    room.portal.act.setCrmRights(room.manager, 4, { add: false })
    await expect(room.carryOut(steps.company, { by: room.manager })).rejects.toMatchObject({ code: 'access-denied', bitrixMessage: 'Access denied' })
    expect(state().companies.size).toBe(0)
  })

  it('for want of an obligatory field comes back in the portal\'s words: of the deal, and of the lead\'s last stage (S0-30)', async () => {
    room.portal.act.addUserField(2, { fieldName: 'SIZE', label: 'Размер', mandatory: true })
    await room.carryOut(steps.company)
    await room.carryOut(steps.contact)
    await expect(room.carryOut(steps.deal)).rejects.toMatchObject({ code: 'invalid', bitrixMessage: 'Не заполнено обязательное поле «Размер»' })
    room.portal.state.requiredByStage.set('CONVERTED', ['opportunity'])
    await expect(room.carryOut(steps.finish)).rejects.toMatchObject({ code: 'invalid', bitrixMessage: 'Не заполнено обязательное поле «opportunity»' })
    expect(lead()?.stageId).toBe('NEW')
  })

  it('of a field in silence is told by its name: the portal ignores what it does not know', async () => {
    room.portal.settings.strict = false
    expect((await room.carryOut({ ...steps.company, fields: { ...steps.company.fields, UF_CRM_GONE: 'Дуб' } }))?.refused).toEqual(['UF_CRM_GONE'])
    const change: ConversionStep = { key: 'change', kind: 'change', object: 'company', id: company().id, fields: { UF_CRM_GONE: { from: null, to: 'Ясень' }, comments: { from: null, to: 'Дуб' } }, means: [], companyId: null, contactIds: [] }
    expect((await room.carryOut(change))?.refused).toEqual(['UF_CRM_GONE'])
    expect(company()['comments']).toBe('Дуб')
  })
})

describe('phones and addresses', () => {
  it('go into a new contact as a list', async () => {
    await room.carryOut({ ...steps.contact, companyId: null })
    expect(contact().fm.map(({ value }) => value)).toEqual(['8 (900) 000-00-71', 'm@example.com'])
    expect(room.portal.strictFailures).toEqual([])
  })

  it('that the portal has dropped are told, of a new contact and of one that was there', async () => {
    const dropped = steps.contact.means.map(({ value }) => value)
    room.portal.faults.ignoreField('fm', 2)
    expect((await room.carryOut({ ...steps.contact, companyId: null }))?.refused).toEqual(dropped)
    const change: ConversionStep = { ...steps.contact, kind: 'change', id: contact().id, companyId: null, fields: {} }
    expect((await room.carryOut(change))?.refused).toEqual(dropped)
    expect((await room.carryOut(change))?.refused).toBeUndefined()
    expect(contact().fm).toHaveLength(2)
  })
})

describe('values', () => {
  it('are written as the portal wants them', async () => {
    const { list } = room.portal.act.addUserField(2, { fieldName: 'WOOD', options: ['Дуб', 'Ясень'], multiple: true })
    for (const [fieldName, userTypeId] of [['DAY', 'date'], ['URGENT', 'boolean'], ['PRICE', 'money'], ['CALL', 'datetime'], ['NOTE', 'string']] as const) room.portal.act.addUserField(2, { fieldName, userTypeId })
    const fields = { title: 'Кухня', UF_CRM_WOOD: list.map(({ id }) => String(id)), UF_CRM_DAY: '2026-05-01', UF_CRM_URGENT: true, UF_CRM_PRICE: '100|RUB', UF_CRM_CALL: '2026-05-01T10:00:00+03:00', UF_CRM_NOTE: null, isManualOpportunity: true, opportunity: 90_000.5 }
    expect((await room.carryOut({ ...steps.deal, fields, companyId: null, contactIds: [] }))?.refused).toBeUndefined()
    expect(deal()).toMatchObject({ UF_CRM_WOOD: list.map(({ id }) => id), UF_CRM_URGENT: 'Y', UF_CRM_PRICE: '100|RUB', isManualOpportunity: 'Y', opportunity: 90_000.5 })
    expect(String(deal()['UF_CRM_DAY'])).toContain('2026-05-01')
    const again: ConversionStep = {
      key: 'change', kind: 'change', object: 'deal', id: deal().id, means: [], companyId: null, contactIds: [],
      fields: Object.fromEntries(Object.entries(fields).map(([name, to]) => [name, { from: null, to }])),
    }
    room.portal.requests.length = 0
    await room.carryOut(again)
    expect(room.asked('crm.item.update')).toBe(0)
  })
})

describe('the check', () => {
  it('passes while nobody else has converted the lead, and knows our own deal and those that were shown', async () => {
    const shown = room.portal.act.createDeal({ title: 'Прежняя', leadId: room.id })
    const check: ConversionStep = { ...steps.check, knownDeals: [shown.id] }
    expect(await room.carryOut(check)).toEqual({})
    await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    expect(await room.carryOut({ ...check, key: 'check-after' })).toEqual({})
  })

  it('sees a native conversion, and a deal that somebody has made of the lead', async () => {
    const { deal: native } = room.portal.act.convertNatively(room.id, { deal: true, contact: true }, 1)
    expect(await room.carryOut(steps.check)).toEqual({ stop: { why: 'converted-elsewhere', dealIds: [native?.id] } })
    const other = room.portal.act.createLead({ title: 'Другой' })
    const made = room.portal.act.createDeal({ title: 'Чужая', leadId: other.id, originatorId: 'leadrail', originId: 'another-conversion:deal' })
    expect(await room.carryOut({ ...steps.check, leadId: stepsFor(other.id as typeof room.id).check.leadId })).toEqual({ stop: { why: 'converted-elsewhere', dealIds: [made.id] } })
  })

  it('sees a lead on its success stage though no deal was made of it', async () => {
    room.portal.act.convertNatively(room.id, { contact: true }, 1)
    expect(await room.carryOut(steps.check)).toEqual({ stop: { why: 'converted-elsewhere', dealIds: [] } })
  })

  it('is tried again when the lead cannot be looked at now', async () => {
    room.portal.faults.failBefore('crm.item.get', 503, 20)
    await expect(room.carryOut(steps.check)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('sees a lead that was refused or deleted', async () => {
    room.portal.act.moveStage(room.id, 'JUNK', 1)
    expect(await room.carryOut(steps.check)).toMatchObject({ stop: { why: 'lead-closed' } })
    room.portal.act.deleteLead(room.id)
    expect(await room.carryOut(steps.check)).toMatchObject({ stop: { why: 'lead-gone' } })
  })
})

describe('an existing contact, company and deal', () => {
  it('get what they lack, and nothing that somebody has changed since it was shown', async () => {
    const known = room.portal.act.createContact({ name: 'Мария', post: 'Директор', phone: '+79000000071' })
    const step: ConversionStep = {
      key: 'contact', kind: 'change', object: 'contact', id: known.id, companyId: null, contactIds: [],
      fields: { lastName: { from: null, to: 'Белова' }, post: { from: 'Менеджер', to: 'Бухгалтер' }, birthdate: { from: null, to: '1990-05-01' } },
      means: [{ kind: 'phone', valueType: 'WORK', value: '+79000000071' }, { kind: 'email', valueType: 'WORK', value: 'm@example.com' }],
    }
    const result = await room.carryOut(step)
    expect(known).toMatchObject({ lastName: 'Белова', post: 'Директор' })
    expect(String(known['birthdate'])).toContain('1990-05-01')
    expect(known.fm.map(({ value }) => value)).toEqual(['+79000000071', 'm@example.com'])
    expect(result).toMatchObject({ id: known.id, before: { lastName: null, post: 'Директор' }, after: { lastName: 'Белова' }, means: [{ kind: 'email' }], refused: ['post'] })
    room.tick()
    expect(room.asked('crm.item.update')).toBe(1)
    expect(await room.carryOut(step, { attempts: 1 })).toMatchObject({ before: { lastName: null } })
    expect(room.asked('crm.item.update')).toBe(0)
    expect(known.fm).toHaveLength(2)
  })

  it('are linked: the contact with the company, the deal with both, without loss of what it has', async () => {
    const [own, other] = [room.portal.act.createCompany({ title: 'Кедр' }), room.portal.act.createContact({ name: 'Пётр' })]
    const known = room.portal.act.createContact({ name: 'Мария' })
    const open = room.portal.act.createDeal({ title: 'Ремонт', contactId: other.id, contactIds: [other.id] })
    const link: ConversionStep = { key: 'link-company', kind: 'link-company', contact: known.id, company: own.id }
    await room.carryOut(link)
    await room.carryOut(link, { attempts: 1 })
    expect(known['companyIds']).toEqual([own.id])
    const change: ConversionStep = { key: 'deal', kind: 'change', object: 'deal', id: open.id, fields: { leadId: { from: null, to: room.id } }, means: [], companyId: own.id, contactIds: [known.id] }
    await room.carryOut(change)
    await room.carryOut(change, { attempts: 1 })
    expect(open).toMatchObject({ leadId: room.id, companyId: own.id, contactIds: [other.id, known.id] })
  })
})

describe('what hangs on the lead', () => {
  const hang = () => {
    const { act } = room.portal
    const calls = [0, 1].map(() => act.call({ leadId: room.id, userId: room.manager, direction: 'outgoing', durationSeconds: 40 }).activity)
    return { calls, task: act.createTask({ title: 'Замер', responsibleId: 1, ufCrmTask: [`L_${room.id}`] }, 1), comment: act.comment(room.id, 'Хочет дуб', 1) }
  }
  const codes = (taskId: number) => state().tasks.get(taskId)?.ufCrmTask

  it('is bound to all that was made of it, each once, and told with what was not bound before', async () => {
    const { calls, task, comment } = hang()
    for (const step of [steps.company, steps.contact, steps.deal]) await room.carryOut(step)
    const all: readonly ConversionStep[] = [
      { key: 'activities', kind: 'bind-activities', ids: [...calls.map(({ id }) => id), 99_999], to: targets },
      { key: 'tasks', kind: 'bind-tasks', ids: [task.id, 99_999], to: targets },
      { key: 'comments', kind: 'bind-comments', ids: [comment.id], to: targets.slice(0, 1) },
    ]
    for (const step of all) await room.carryOut(step)
    const first = structuredClone(room.results)
    for (const step of all) await room.carryOut(step, { attempts: 1 })
    expect(room.results).toEqual(first)
    for (const activity of calls) expect(activity.bindings.map(({ ownerTypeId }) => ownerTypeId).toSorted()).toEqual([1, 2, 3, 4])
    expect(codes(task.id)).toEqual([`L_${room.id}`, `D_${deal().id}`, `C_${contact().id}`, `CO_${company().id}`])
    expect(comment.bindings).toEqual([{ entityTypeId: 1, entityId: room.id }, { entityTypeId: 2, entityId: deal().id }])
    expect(room.results['activities']?.bound).toHaveLength(6)
    expect(Object.values(room.results).map(({ refused }) => refused)).toEqual(Array.from({ length: 6 }))
    expect(room.results['tasks']?.bound).toContainEqual({ id: task.id, object: 'company', objectId: company().id })
    expect(room.results['comments']).toEqual({ bound: [{ id: comment.id, object: 'deal', objectId: deal().id }], ids: [comment.id] })
  })

  it('as an offer belongs to the deal, unless it belongs to another one', async () => {
    const [quote, other] = [room.portal.act.createQuote({ leadId: room.id }), room.portal.act.createQuote({ leadId: room.id })]
    const foreign = room.portal.act.createDeal({ title: 'Чужая' })
    other.dealId = foreign.id
    const made = await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    const step: ConversionStep = { key: 'quotes', kind: 'bind-quotes', ids: [quote.id, other.id, 99_999], deal: { of: 'deal' } }
    room.portal.faults.failAfter('crm.item.update')
    await expect(room.carryOut(step)).rejects.toMatchObject({ code: 'unknown-outcome' })
    expect(await room.carryOut(step, { attempts: 1 })).toEqual({ ids: [quote.id] })
    expect([quote.dealId, other.dealId]).toEqual([made?.id, foreign.id])
  })

  it('and cannot be looked at is told as refused: the conversion does not wait for it for ever', async () => {
    await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    room.portal.app.scope = room.portal.app.scope.filter(scope => scope !== 'task')
    await expect(room.carryOut({ key: 'tasks', kind: 'bind-tasks', ids: [1], to: targets.slice(0, 1) })).rejects.toMatchObject({ code: 'access-denied' })
  })

  it('and was bound to an existing client already is not told as bound by us', async () => {
    const known = room.portal.act.createContact({ name: 'Мария' })
    const { calls: [call] } = hang()
    call?.bindings.push({ ownerTypeId: 3, ownerId: known.id })
    const step: ConversionStep = { key: 'activities', kind: 'bind-activities', ids: [call?.id ?? 0], to: [{ object: 'contact', id: known.id }] }
    expect(await room.carryOut(step)).toEqual({ bound: [], ids: [] })
    expect(await room.carryOut(step, { attempts: 1 })).toEqual({ bound: [], ids: [] })
  })

  it.each([['activities', 'crm.activity.binding.add'], ['comments', 'crm.timeline.bindings.bind']] as const)('and is answered with false is told as refused, while the rest is bound (%s)', async (what, method) => {
    const { calls, comment } = hang()
    const ids = what === 'activities' ? calls.map(({ id }) => id) : [comment.id, room.portal.act.comment(room.id, 'Хочет ясень', 1).id]
    const made = await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    room.portal.faults.answerWith(method, { result: false })
    const step: ConversionStep = { key: what, kind: `bind-${what}`, ids, to: targets.slice(0, 1) }
    expect(await room.carryOut(step)).toEqual({ bound: [{ id: ids[1], object: 'deal', objectId: made?.id }], ids: [ids[1]], refused: ['invalid'] })
    expect(await room.carryOut(step, { attempts: 1 })).toEqual({ bound: ids.map(id => ({ id, object: 'deal', objectId: made?.id })), ids })
  })

  it('and is answered with false because it is bound already is not told', async () => {
    const { comment } = hang()
    await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    comment.bindings.push({ entityTypeId: 2, entityId: deal().id })
    room.portal.faults.answerWith('crm.timeline.bindings.bind', { result: false })
    expect(await room.carryOut({ key: 'comments', kind: 'bind-comments', ids: [comment.id], to: targets.slice(0, 1) })).toEqual({ bound: [], ids: [] })
  })

  it('and is refused is told in the portal\'s words, while the rest is bound', async () => {
    const { calls } = hang()
    await room.carryOut({ ...steps.deal, companyId: null, contactIds: [] })
    const [full] = calls
    if (full !== undefined) full.bindings = [...full.bindings, ...Array.from({ length: 99 }, (_one, index) => ({ ownerTypeId: 2, ownerId: index + 1_000 }))]
    const result = await room.carryOut({ key: 'activities', kind: 'bind-activities', ids: calls.map(({ id }) => id), to: targets.slice(0, 1) })
    expect(result).toMatchObject({ ids: [calls[1]?.id], refused: ['An activity has at most 100 bindings'] })
  })
})
