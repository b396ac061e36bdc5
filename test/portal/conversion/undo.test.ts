import { describe, expect, it } from 'vitest'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { type ConversionRoom, inConversionRooms, type stepsFor, targets } from './conversion-room.ts'

let room: ConversionRoom
let steps: ReturnType<typeof stepsFor>

inConversionRooms((started, its) => {
  room = started
  steps = its
})

const state = () => room.portal.state
const lead = () => state().leads.get(room.id)
const counts = () => [state().deals.size, state().contacts.size, state().companies.size, state().requisites.length, state().requisiteLinks.length, state().productRows.filter(({ ownerType }) => ownerType === 'D').length, state().timeline.filter(({ kind }) => kind === 'log').length]
const idOf = (key: string): number => room.results[key]?.id ?? 0
const ends = async (options?: { readonly dry?: boolean }) => Object.fromEntries((await room.undo(options)).map(([name, end]) => [name, end.outcome === 'kept' ? end.why : end.outcome]))

/** A call, a task and a comment of the lead go along; everything a minute apart. */
const convert = async () => {
  const { act } = room.portal
  const { activity } = act.call({ leadId: room.id, userId: room.manager, direction: 'outgoing', durationSeconds: 40 })
  const task = act.createTask({ title: 'Замер', responsibleId: 1, ufCrmTask: [`L_${room.id}`] }, 1)
  const comment = act.comment(room.id, 'Хочет дуб', 1)
  const quote = act.createQuote({ leadId: room.id })
  const all: readonly ConversionStep[] = [
    steps.check, steps.company, steps.contact, steps.requisites, steps.deal, steps.products, steps.linkRequisites,
    { key: 'activities', kind: 'bind-activities', ids: [activity.id], to: targets }, { key: 'tasks', kind: 'bind-tasks', ids: [task.id], to: targets },
    { key: 'comments', kind: 'bind-comments', ids: [comment.id], to: targets.slice(0, 1) },
    { key: 'quotes', kind: 'bind-quotes', ids: [quote.id], deal: { of: 'deal' } }, steps.linkLead, steps.tell, steps.finish,
  ]
  for (const step of all) {
    await room.carryOut(step)
    room.tick()
  }
  return { activity, task, comment, quote }
}

describe('a conversion that nobody has touched', () => {
  it('leaves nothing behind, and the lead is as it was', async () => {
    const { activity, task, comment, quote } = await convert()
    expect(counts()).toEqual([1, 1, 1, 1, 1, 2, 2])
    expect(quote.dealId).toBe(idOf('deal'))
    expect(room.requests.length).toBeLessThanOrEqual(20)
    room.requests.length = 0
    expect(new Set(Object.values(await ends({ dry: true })))).toEqual(new Set(['taken-back']))
    expect(room.requests.length).toBeLessThanOrEqual(9)
    room.requests.length = 0
    expect(counts()).toEqual([1, 1, 1, 1, 1, 2, 2])
    expect(lead()).toMatchObject({ stageId: 'CONVERTED' })
    expect(new Set(Object.values(await ends()))).toEqual(new Set(['taken-back']))
    expect(room.requests.length).toBeLessThanOrEqual(30)
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(lead()).toMatchObject({ stageId: 'NEW', companyId: null, contactIds: [] })
    expect(activity.bindings).toEqual([{ ownerTypeId: 1, ownerId: room.id }])
    expect(state().tasks.get(task.id)?.ufCrmTask).toEqual([`L_${room.id}`])
    expect(comment.bindings).toEqual([{ entityTypeId: 1, entityId: room.id }])
    expect(quote.dealId).toBeNull()
    // Once more, as after a crash: there is nothing left to do.
    expect(new Set(Object.values(await ends()))).toEqual(new Set(['taken-back']))
  })

  it('is taken back to its end though every answer is lost once', async () => {
    await convert()
    for (const undo of room.undos()) {
      for (const method of ['crm.item.update', 'crm.item.delete', 'crm.timeline.logmessage.delete', 'crm.activity.binding.delete', 'tasks.task.update', 'crm.timeline.bindings.unbind', 'crm.requisite.link.unregister', 'crm.item.productrow.delete', 'crm.requisite.delete']) room.portal.faults.failAfter(method)
      const once = room.access.conversion.takeBack(room.portal.memberId, undo, room.conversionId)
      await expect(once).rejects.toMatchObject({ code: 'unknown-outcome' })
      room.portal.faults.clear()
      expect(await room.access.conversion.takeBack(room.portal.memberId, undo, room.conversionId)).toEqual({ outcome: 'taken-back' })
    }
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0])
  })
})

describe('a person made for a company that was there before (S0-29)', () => {
  const ofClient = async () => {
    const company = room.portal.act.createCompany({ title: 'Ясень', phone: '+79000000072' })
    const { check, contact, deal, finish } = steps
    for (const step of [check, { ...contact, companyId: company.id }, { ...deal, companyId: company.id }, { key: 'link-lead', kind: 'link-lead', leadId: room.id, companyId: company.id, contactIds: [{ of: 'contact' }], before: { companyId: null, contactIds: [] } }, finish] as const) {
      await room.carryOut(step)
      room.tick()
    }
    return company
  }

  it('belongs to it and to the deal, and goes with the conversion while the company stays', async () => {
    const company = await ofClient()
    expect([...state().contacts.values()]).toMatchObject([{ lastName: 'Белова', companyId: company.id, companyIds: [company.id] }])
    expect([...state().deals.values()]).toMatchObject([{ companyId: company.id, contactIds: [idOf('contact')] }])
    expect(lead()).toMatchObject({ companyId: company.id, contactIds: [idOf('contact')] })
    expect(new Set(Object.values(await ends()))).toEqual(new Set(['taken-back']))
    expect([state().contacts.size, state().deals.size, [...state().companies.keys()]]).toEqual([0, 0, [company.id]])
    expect(lead()).toMatchObject({ companyId: null, contactIds: [] })
  })

  it('who was worked with since stays, and the next conversion finds him', async () => {
    await ofClient()
    room.portal.act.updateItem(3, idOf('contact'), { post: 'Директор' })
    await ends()
    const facts = await room.access.readConversionAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, room.id, { country: 'RU', innField: null })
    expect(facts.lead).toMatchObject({ companyId: null, contactIds: [] })
    expect(facts.clients.map(({ kind, id, by }) => [kind, id, by])).toEqual([['contact', idOf('contact'), ['made', 'phone', 'email']]])
    expect(facts.deals).toEqual([])
  })
})

describe('what somebody has touched since stays', () => {
  it.each([
    ['a field of the deal', 'deal', () => room.portal.act.updateItem(2, idOf('deal'), { title: 'Кухня Белова' }, 1)],
    ['the deal\'s stage', 'deal', () => room.portal.act.updateItem(2, idOf('deal'), { stageId: 'EXECUTING' }, 1)],
    ['the contact\'s first name', 'contact', () => room.portal.act.updateItem(3, idOf('contact'), { name: 'Марина' }, 1)],
    ['the contact\'s surname', 'contact', () => room.portal.act.updateItem(3, idOf('contact'), { lastName: 'Белова-Крылова' }, 1)],
    ['the contact\'s patronymic', 'contact', () => room.portal.act.updateItem(3, idOf('contact'), { secondName: 'Ивановна' }, 1)],
    ['the company\'s bank', 'company', () => room.portal.act.updateItem(4, idOf('company'), { bankingDetails: '40702810500000012345' }, 1)],
    ['a phone of the contact', 'contact', () => room.portal.act.updateItem(3, idOf('contact'), { phone: '+79000000072' }, 1)],
    ['a new deal of the contact', 'contact', () => room.portal.act.createDeal({ title: 'Вторая', contactId: idOf('contact'), contactIds: [idOf('contact')] }, 1)],
    ['another lead of the company', 'company', () => room.portal.act.createLead({ title: 'Ещё', companyId: idOf('company') })],
    ['a task on the deal', 'deal', () => room.portal.act.createTask({ title: 'Договор', responsibleId: 1, ufCrmTask: [`D_${idOf('deal')}`] }, 1)],
    ['a comment on the company', 'company', () => room.portal.act.commentOn(4, idOf('company'), 'Хорошая компания', 1)],
    ['other requisites of the company', 'company', () => room.portal.act.addRequisite(4, idOf('company'), '7700000010')],
    ['an offer in the deal', 'deal', () => { room.portal.act.createQuote({ leadId: room.portal.act.createLead({ title: 'Другой' }).id }).dealId = idOf('deal') }],
    ['an invoice of the deal', 'deal', () => room.portal.act.createInvoice({ dealId: idOf('deal') })],
    ['other contacts in the deal', 'deal', () => room.portal.act.updateItem(2, idOf('deal'), { contactIds: [idOf('contact'), room.portal.act.createContact({ name: 'Пётр' }).id] }, 1)],
    ['another company in the deal', 'deal', () => room.portal.act.updateItem(2, idOf('deal'), { companyId: room.portal.act.createCompany({ title: 'Другая' }).id }, 1)],
    ['an invoice to the contact, one of several', 'contact', () => room.portal.act.createInvoice({ contactIds: [9_999, idOf('contact')] })],
    ['an offer to the contact', 'contact', () => room.portal.act.createQuote({ leadId: room.portal.act.createLead({ title: 'Другой' }).id, contactIds: [idOf('contact')] })],
    ['a deal of which the contact is one of several', 'contact', () => room.portal.act.createDeal({ title: 'Вторая', contactId: 9_999, contactIds: [9_999, idOf('contact')] }, 1)],
    ['another company of the contact', 'contact', () => room.portal.act.updateItem(3, idOf('contact'), { companyIds: [idOf('company'), room.portal.act.createCompany({ title: 'Другая' }).id] }, 1)],
    ['an invoice to the company', 'company', () => room.portal.act.createInvoice({ companyId: idOf('company') })],
    ['an offer to the company', 'company', () => room.portal.act.createQuote({ leadId: room.portal.act.createLead({ title: 'Другой' }).id, companyId: idOf('company') })],
    ['the products of the deal', 'deal', () => room.portal.act.setProducts(2, idOf('deal'), [{ name: 'Ясень', price: 1 }], 1)],
  ])('%s', async (_what, key, touch) => {
    await convert()
    touch()
    room.tick()
    const outlook = await ends({ dry: true })
    expect(outlook[`${key} delete`]).toBe('touched')
    const kept = Object.entries(outlook).filter(([, end]) => end !== 'taken-back').map(([name]) => name)
    expect(kept).toEqual([`${key} delete`])
    const result = await ends()
    expect(result[`${key} delete`]).toBe('touched')
    expect(state()[`${key === 'company' ? 'companie' : key}s` as 'deals'].size).toBeGreaterThan(0)
    expect(lead()?.stageId).toBe('NEW')
  })

  it('and what it was is told: the fields, and each kind of thing that hangs on it', async () => {
    await convert()
    const { act } = room.portal
    act.updateItem(2, idOf('deal'), { title: 'Кухня Белова', stageId: 'EXECUTING', companyId: act.createCompany({ title: 'Другая' }).id }, 1)
    act.commentOn(2, idOf('deal'), 'Согласовано', 1)
    act.setProducts(2, idOf('deal'), [{ name: 'Ясень', price: 1 }], 1)
    room.tick()
    const [, end] = (await room.undo({ dry: true })).find(([name]) => name === 'deal delete') ?? []
    const by = end?.outcome === 'kept' ? end.by ?? [] : []
    expect(by.map(({ what }) => what)).toEqual(['clients', 'fields', 'comments', 'products'])
    expect(by.flatMap(touch => (touch.what === 'fields' ? touch.names : []))).toEqual(expect.arrayContaining(['title', 'stageId']))
  })

  it('the sum of a deal without products', async () => {
    for (const step of [steps.check, steps.company, steps.contact, { ...steps.deal, fields: { ...steps.deal.fields, opportunity: 150_000 } }]) await room.carryOut(step)
    room.tick()
    expect((await ends({ dry: true }))['deal delete']).toBe('taken-back')
    room.portal.act.updateItem(2, idOf('deal'), { opportunity: 200_000 }, 1)
    const [, end] = (await room.undo({ dry: true })).find(([name]) => name === 'deal delete') ?? []
    expect(end).toMatchObject({ outcome: 'kept', by: [{ what: 'fields', names: ['opportunity'] }] })
    expect((await ends())['deal delete']).toBe('touched')
  })

  it('a call made from the deal keeps it, one of the lead does not', async () => {
    const { activity } = await convert()
    expect((await ends({ dry: true }))['deal delete']).toBe('taken-back')
    state().activities.set(9_999, { ...activity, id: 9_999, ownerTypeId: 2, ownerId: idOf('deal'), bindings: [{ ownerTypeId: 2, ownerId: idOf('deal') }] })
    expect((await ends())['deal delete']).toBe('touched')
    expect(state().deals.size).toBe(1)
  })

  it('requisites that were filled in further, with their company', async () => {
    await convert()
    const [made] = state().requisites
    room.tick()
    if (made !== undefined) Object.assign(made, { modified: '2026-03-11T09:00:00+03:00', modifiedBy: 1 })
    expect(await ends()).toMatchObject({ 'requisites delete-requisites': 'touched', 'company delete': 'touched', 'contact delete': 'taken-back', 'deal delete': 'taken-back' })
    expect(state().requisites).toHaveLength(1)
  })

  it('the stage of a lead that was moved on', async () => {
    await convert()
    room.portal.act.moveStage(room.id, 'IN_PROCESS', 1)
    expect((await ends())['finish-lead reopen-lead']).toBe('touched')
    expect(lead()?.stageId).toBe('IN_PROCESS')
  })

  it('an item that is not ours by its mark, whatever the record says', async () => {
    await convert()
    const stranger = room.portal.act.createCompany({ title: 'Чужая' })
    const undo = { key: 'company', kind: 'delete', object: 'company', id: stranger.id, updatedAt: null, after: {}, linked: [] } as const
    expect(await room.access.conversion.takeBack(room.portal.memberId, undo, room.conversionId)).toMatchObject({ outcome: 'kept', why: 'touched' })
    expect(await room.access.conversion.takeBack(room.portal.memberId, { ...undo, id: idOf('company') }, 'another-conversion')).toMatchObject({ outcome: 'kept' })
  })
})

describe('objects that were there before', () => {
  const change = (id: number): ConversionStep => ({
    key: 'contact', kind: 'change', object: 'contact', id, companyId: null, contactIds: [],
    fields: { lastName: { from: null, to: 'Белова' }, post: { from: 'Менеджер', to: 'Директор' } },
    means: [{ kind: 'phone', valueType: 'WORK', value: '+79000000071' }, { kind: 'email', valueType: 'WORK', value: 'm@example.com' }],
  })

  it('get their values back where they still read as they were written, and keep what they had', async () => {
    const known = room.portal.act.createContact({ name: 'Мария', post: 'Менеджер', phone: '+79000000071' })
    await room.carryOut(change(known.id))
    expect(known).toMatchObject({ lastName: 'Белова', post: 'Директор' })
    room.portal.act.updateItem(3, known.id, { lastName: 'Белова-Крылова' }, 1)
    expect(await ends()).toEqual({ 'contact restore': 'touched' })
    expect(known).toMatchObject({ lastName: 'Белова-Крылова', post: 'Менеджер' })
    expect(known.fm.map(({ value }) => value)).toEqual(['+79000000071'])
    await ends()
    expect(known.fm).toHaveLength(1)
  })

  it('lose the links that were added, and only these', async () => {
    const [own, other, known] = [room.portal.act.createCompany({ title: 'Кедр' }), room.portal.act.createContact({ name: 'Пётр' }), room.portal.act.createContact({ name: 'Мария' })]
    const open = room.portal.act.createDeal({ title: 'Ремонт', contactId: other.id, contactIds: [other.id] })
    await room.carryOut({ key: 'link-company', kind: 'link-company', contact: known.id, company: own.id })
    await room.carryOut({ key: 'deal', kind: 'change', object: 'deal', id: open.id, fields: { leadId: { from: null, to: room.id } }, means: [], companyId: own.id, contactIds: [known.id] })
    await room.carryOut({ ...steps.linkLead, companyId: own.id, contactIds: [known.id] })
    await room.carryOut({ ...steps.products, deal: open.id })
    room.portal.act.setProducts(1, room.id, [{ name: 'Свой', price: 5 }])
    expect(await ends()).toEqual({ 'products remove-products': 'taken-back', 'link-lead unlink-lead': 'taken-back', 'deal restore': 'taken-back', 'link-company unlink-company': 'taken-back' })
    expect(open).toMatchObject({ leadId: null, companyId: null, contactIds: [other.id] })
    expect(known['companyIds']).toEqual([])
    expect(lead()).toMatchObject({ companyId: null, contactIds: [] })
    expect(state().productRows.map(({ productName }) => productName)).toEqual(['Свой'])
    expect([state().deals.size, state().contacts.size, state().companies.size]).toEqual([1, 2, 1])
  })
})

describe('what was made for objects that were there before', () => {
  const useDeal = (id: number): ConversionStep => ({ key: 'deal', kind: 'change', object: 'deal', id, fields: { comments: { from: null, to: 'Замерить' } }, means: [], companyId: null, contactIds: [{ of: 'contact' }] })

  it('a new contact of an existing deal goes with its link', async () => {
    const open = room.portal.act.createDeal({ title: 'Ремонт' })
    await room.carryOut({ ...steps.contact, companyId: null })
    await room.carryOut(useDeal(open.id))
    room.tick()
    expect(await ends({ dry: true })).toEqual({ 'deal restore': 'taken-back', 'contact delete': 'taken-back' })
    expect(await ends()).toEqual({ 'deal restore': 'taken-back', 'contact delete': 'taken-back' })
    expect([state().contacts.size, open['contactIds']]).toEqual([0, []])
  })

  it('a new contact stays where its link could not be taken off', async () => {
    const open = room.portal.act.createDeal({ title: 'Ремонт' })
    await room.carryOut({ ...steps.contact, companyId: null })
    await room.carryOut(useDeal(open.id))
    room.portal.act.setCrmRights(1, 2, { change: 'none' })
    expect(await ends()).toEqual({ 'deal restore': 'refused', 'contact delete': 'touched' })
    expect(state().contacts.size).toBe(1)
  })

  it('a new company of an existing contact goes with its link', async () => {
    const known = room.portal.act.createContact({ name: 'Мария' })
    await room.carryOut(steps.company)
    await room.carryOut({ key: 'link-company', kind: 'link-company', contact: known.id, company: { of: 'company' } })
    room.tick()
    expect(await ends({ dry: true })).toEqual({ 'link-company unlink-company': 'taken-back', 'company delete': 'taken-back' })
    expect(await ends()).toEqual({ 'link-company unlink-company': 'taken-back', 'company delete': 'taken-back' })
    expect([state().companies.size, known['companyIds']]).toEqual([0, []])
  })

  it('a contact that somebody had linked with its company before stays linked', async () => {
    const own = room.portal.act.createCompany({ title: 'Кедр' })
    const known = room.portal.act.createContact({ name: 'Мария', companyId: own.id, companyIds: [own.id] })
    const link: ConversionStep = { key: 'link-company', kind: 'link-company', contact: known.id, company: own.id }
    await room.carryOut(link)
    expect(await ends()).toEqual({})
    expect(known['companyIds']).toEqual([own.id])
    await room.carryOut(link, { attempts: 1 })
    expect(await ends()).toEqual({ 'link-company unlink-company': 'taken-back' })
  })
})

describe('a portal that does not let us', () => {
  const denied = { error: 'ACCESS_DENIED', description: 'Доступ запрещён', status: 400 }
  const endOf = async (name: string, options?: { readonly dry?: boolean }) => {
    const undo = room.undos().find(({ key, kind }) => `${key} ${kind}` === name)
    return undo === undefined ? undefined : room.access.conversion.takeBack(room.portal.memberId, undo, room.conversionId, options)
  }

  it.each([
    ['crm.activity.list', denied], ['tasks.task.list', denied], ['crm.item.productrow.list', { ...denied, error: '100' }], ['crm.timeline.comment.list', { ...denied, error: '' }], ['crm.item.list', denied], ['crm.item.list', { ...denied, error: 'INVALID_ARG_VALUE' }],
  ])('look at what hangs on the deal (%s, %j) keeps it, in its words', async (method, answer) => {
    await convert()
    room.portal.faults.answerWith(method, answer, 200)
    for (const dry of [true, false]) expect(await endOf('deal delete', { dry })).toEqual({ outcome: 'kept', why: 'refused', words: 'Доступ запрещён' })
    expect(state().deals.size).toBe(1)
  })

  it.each([
    ['crm.requisite.list', 'company', denied], ['crm.activity.list', 'contact', { ...denied, error: 'NOT_FOUND' }], ['crm.item.list', 'contact', { ...denied, error: 'INVALID_ARG_VALUE' }],
  ])('look by %s at what hangs on the %s keeps it', async (method, key, answer) => {
    for (const step of [steps.company, steps.contact]) await room.carryOut(step)
    room.portal.faults.answerWith(method, answer, 200)
    expect(await endOf(`${key} delete`)).toEqual({ outcome: 'kept', why: 'refused', words: 'Доступ запрещён' })
    expect([state().companies.size, state().contacts.size]).toContain(1)
  })

  it('because it has no such thing at all keeps nothing', async () => {
    await convert()
    for (const undo of room.undos()) {
      const isDeal = undo.kind === 'delete' && undo.object === 'deal'
      // A deal's only lists of items are those of its offers and invoices.
      if (isDeal) room.portal.faults.answerWith('crm.item.list', { error: 'NOT_FOUND', description: 'Смарт-процесс не найден', status: 400 }, 2)
      if (isDeal) room.portal.faults.answerWith('tasks.task.list', { error: 'ERROR_METHOD_NOT_FOUND', description: 'Method not found!', status: 404 }, 2)
      expect(await room.access.conversion.takeBack(room.portal.memberId, undo, room.conversionId)).toEqual({ outcome: 'taken-back' })
    }
    expect(state().deals.size).toBe(0)
  })

  it.each([
    ['requisites delete-requisites', 'crm.requisite.delete'], ['link-requisites unlink-requisites', 'crm.requisite.link.unregister'], ['activities unbind-activities', 'crm.activity.binding.delete'], ['comments unbind-comments', 'crm.timeline.bindings.unbind'],
  ])('and says only false keeps what it was asked to remove (%s)', async (name, method) => {
    await convert()
    room.portal.faults.answerWith(method, { result: false })
    expect(await endOf(name)).toEqual({ outcome: 'kept', why: 'refused', words: 'invalid' })
    expect(await endOf(name)).toEqual({ outcome: 'taken-back' })
  })

  it('see the products of the deal tells that they stay', async () => {
    await convert()
    room.portal.faults.answerWith('crm.item.productrow.list', denied, 200)
    expect(await endOf('products remove-products')).toEqual({ outcome: 'kept', why: 'refused', words: 'Доступ запрещён' })
    room.portal.act.deleteItem(2, idOf('deal'))
    expect(await endOf('products remove-products')).toEqual({ outcome: 'taken-back' })
  })

  it('keeps the object, in its words', async () => {
    await convert()
    room.portal.act.setCrmRights(1, 2, { delete: 'none' })
    const end = (await room.undo()).find(([name]) => name === 'deal delete')
    expect(end?.[1]).toEqual({ outcome: 'kept', why: 'refused', words: 'Access denied' })
  })
})
