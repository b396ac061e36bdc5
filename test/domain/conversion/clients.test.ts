import { describe, expect, it } from 'vitest'
import { client, facts, fieldIn, hasField, kindsIn, objectIn, openDeal, phone, plan } from './support.ts'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'

describe('an existing client (S2-20, S3-11, S3-14)', () => {
  it('that is the only one found is used, and nothing is made twice', () => {
    expect(objectIn(plan({ clients: [client('contact', 3)] }), 'contact')).toMatchObject({ action: 'use', id: 3, candidates: [{ id: 3, because: 'phone' }] })
  })

  it('is chosen by a person where there are several', () => {
    const given = { clients: [client('contact', 3), client('contact', 8, { by: ['email'] })] }
    const made = plan(given)
    expect(objectIn(made, 'contact')).toMatchObject({ id: null, fields: [], candidates: [{ id: 3 }, { id: 8 }] })
    expect(made.lacks).toContainEqual({ kind: 'choice', object: 'contact', count: 2 })
    expect(plan(given, { use: { contact: 8 } })).toMatchObject({ lacks: [] })
    expect(objectIn(plan(given, { use: { contact: 8 } }), 'contact')).toMatchObject({ action: 'use', id: 8 })
    expect(objectIn(plan(given, { use: { contact: 'new' } }), 'contact')).toMatchObject({ action: 'create', id: null })
    expect(plan(given, { use: { contact: 99 } }).lacks).toContainEqual({ kind: 'choice', object: 'contact', count: 2 })
  })

  it('that is bound goes before all that were found', () => {
    const clients = [client('contact', 3, { by: ['phone', 'inn'] }), client('contact', 8, { by: ['bound'] })]
    expect(objectIn(plan({ clients, lead: { contactIds: [8] } }), 'contact')).toMatchObject({ id: 8, candidates: [{ id: 8, because: 'bound' }, { id: 3, because: 'inn' }] })
  })

  it('of several bound ones the main one, and the others go along with the deal (S3-12)', () => {
    const clients = [client('contact', 3, { by: ['bound'] }), client('contact', 8, { by: ['bound'] })]
    const given = facts({ clients, lead: { contactIds: [8, 3] } })
    const made = plan({ clients, lead: { contactIds: [8, 3] } })
    expect([objectIn(made, 'contact').id, made.lacks]).toEqual([8, []])
    expect(stepsOf(made, given, tellWords('ru')).find(({ key }) => key === 'deal')).toMatchObject({ contactIds: [8, 3] })
  })

  it('with the same name is offered, never used by itself', () => {
    const made = plan({ clients: [client('contact', 3, { by: ['name'] })] })
    expect([made.variant, objectIn(made, 'contact')]).toMatchObject(['person', { action: 'create', candidates: [{ id: 3, because: 'name' }] }])
  })

  it('with the same name, where the lead is said to be a client’s, has to be chosen first (S0-29)', () => {
    const ofCompany = { clients: [client('company', 4, { by: ['name'] })], lead: { means: [phone('+7 900 000-00-01')], fields: { name: '', lastName: '', companyTitle: 'Компания 4' } } }
    const asked = plan(ofCompany, { variant: 'client' })
    expect(asked).toMatchObject({ variant: 'client', objects: [{ kind: 'company', action: 'use', id: null, candidates: [{ id: 4, because: 'name' }] }, { kind: 'deal' }], lacks: [{ kind: 'choice', object: 'company', count: 1, byName: true }] })
    expect(stepsOf(asked, facts(ofCompany), tellWords('ru'))).toEqual([])
    const chosen = plan(ofCompany, { variant: 'client', use: { company: 4 } })
    expect(chosen).toMatchObject({ lacks: [], objects: [{ kind: 'company', action: 'use', id: 4 }, { kind: 'deal' }], means: [{ to: 'company' }] })
    expect(plan(ofCompany, { variant: 'client', use: { company: 'new' } })).toMatchObject({ lacks: [], objects: [{ kind: 'company', action: 'create' }, { kind: 'deal' }] })
  })

  it('with the same name stays to be chosen: a person of the same name is no answer for the company', () => {
    const both = { clients: [client('company', 4, { by: ['name'], fields: { title: 'Компания 4' } }), client('contact', 3, { by: ['name'] })] }
    const lacks = [{ kind: 'choice', object: 'company', count: 1, byName: true }]
    expect(plan(both, { variant: 'client' }).lacks).toEqual(lacks)
    expect(plan(both, { variant: 'client', use: { contact: 3 } }).lacks).toEqual(lacks)
    expect(plan(both, { variant: 'client', use: { company: 4, contact: 3 } })).toMatchObject({ lacks: [], objects: [{ id: 4 }, { id: 3 }, { kind: 'deal' }] })
    const ofPerson = { clients: [client('contact', 3, { by: ['name'] }), client('contact', 5, { by: ['name'] })] }
    expect(plan(ofPerson, { variant: 'client' })).toMatchObject({ objects: [{ kind: 'contact', id: null }, { kind: 'deal' }], lacks: [{ kind: 'choice', object: 'contact', count: 2, byName: true }] })
    expect(plan(ofPerson, { variant: 'client', use: { contact: 5 } })).toMatchObject({ objects: [{ kind: 'contact', id: 5 }, { kind: 'deal' }], lacks: [] })
  })

  it('with the same name is not asked about where the client is known otherwise', () => {
    const known = plan({ clients: [client('contact', 3), client('company', 4, { by: ['name'] })] })
    expect(known).toMatchObject({ variant: 'client', objects: [{ kind: 'contact', id: 3 }, { kind: 'deal' }], lacks: [] })
  })

  it('is the company of the contact where there are several companies', () => {
    const clients = [client('contact', 3, { companyIds: [12] }), client('company', 11), client('company', 12, { fields: { title: 'Компания 12' } })]
    expect(plan({ clients })).toMatchObject({ lacks: [], objects: [{ kind: 'company', id: 12 }, { kind: 'contact', id: 3 }, { kind: 'deal' }] })
  })
})

describe('a company that is the client (S0-29)', () => {
  const company = client('company', 4, { by: ['inn'], fields: { title: 'ООО Ромашка' } })
  const keys = (given: Parameters<typeof facts>[0], choices: Parameters<typeof plan>[1] = {}) => stepsOf(plan(given, choices), facts(given), tellWords('ru'))
  const step = (key: string, ...told: Parameters<typeof keys>) => keys(...told).find(one => one.key === key)

  it('gets a contact from the lead’s name, linked to the company and the deal', () => {
    const given = { clients: [company], lead: { means: [phone('+7 900 000-00-01')] } }
    const made = plan(given)
    expect(made).toMatchObject({ variant: 'client', mayBeNobody: true, objects: [{ kind: 'company', id: 4 }, { kind: 'contact', action: 'create', title: 'Крылова Ольга' }, { kind: 'deal' }], lacks: [] })
    expect(step('contact', given)).toMatchObject({ kind: 'create', companyId: 4, fields: { name: 'Ольга', lastName: 'Крылова' }, means: [{ value: '+7 900 000-00-01' }] })
    expect(step('deal', given)).toMatchObject({ companyId: 4, contactIds: [{ of: 'contact' }] })
    expect(step('link-lead', given)).toMatchObject({ companyId: 4, contactIds: [{ of: 'contact' }] })
  })

  it('keeps its name: the person’s is none for it', () => {
    expect(hasField(plan({ clients: [company] }), 'company', 'title')).toBe(false)
    expect(fieldIn(plan({ clients: [company], lead: { fields: { companyTitle: 'Лютик' } } }), 'company', 'title')).toMatchObject({ conflict: true, take: false })
  })

  it('gets nobody where the person says so, or the lead has no name', () => {
    const nobody = plan({ clients: [company, client('contact', 3, { by: ['name'] })] }, { use: { contact: 'none' } })
    expect(kindsIn(nobody)).toEqual(['company', 'deal'])
    expect(nobody).toMatchObject({ mayBeNobody: true, nobody: [{ id: 3, because: 'name' }], lacks: [] })
    const nameless = { clients: [company], lead: { fields: { name: '', lastName: '' } } }
    expect(plan(nameless)).toMatchObject({ nobody: [], lacks: [] })
    expect(step('deal', nameless)).toMatchObject({ companyId: 4, contactIds: [] })
    expect(kindsIn(plan(nameless, { use: { contact: 'new' } }))).toEqual(['company', 'contact', 'deal'])
    expect(plan(nameless, { use: { contact: 'new' } }).lacks).toMatchObject([{ kind: 'field', object: 'contact', name: 'name' }])
  })

  it('takes a contact that was found, who is linked to it unless he belongs to another one', () => {
    const given = (companyIds: readonly number[]) => ({ clients: [company, client('contact', 3, { companyIds })] })
    expect(step('link-company', given([]))).toMatchObject({ contact: 3, company: 4 })
    expect(step('deal', given([]))).toMatchObject({ companyId: 4, contactIds: [3] })
    expect(step('link-company', given([9]))).toBeUndefined()
  })

  it('keeps the person whom the lead is bound to', () => {
    const given = { clients: [company, client('contact', 3, { by: ['bound'] })], lead: { contactIds: [3] } }
    const made = plan(given, { use: { contact: 'none' } })
    expect([made.mayBeNobody, kindsIn(made)]).toEqual([undefined, ['company', 'contact', 'deal']])
  })
})

describe('what a conversion that was undone has left', () => {
  it('is used again, before anything that only looks the same', () => {
    const made = plan({ clients: [client('company', 4, { by: ['made'], fields: { title: 'Компания 4' } }), client('company', 5, { by: ['inn'] }), client('contact', 3, { by: ['made', 'phone'] }), client('contact', 2)] })
    expect(made.because).toEqual({ why: 'found-client', title: 'Компания 4', by: ['made'] })
    expect(made).toMatchObject({ lacks: [], objects: [{ kind: 'company', action: 'use', id: 4, candidates: [{ id: 4, because: 'made-from-lead' }, { id: 5 }] }, { kind: 'contact', action: 'use', id: 3 }, { kind: 'deal', action: 'create' }] })
  })
})

describe('an open deal', () => {
  const clients = [client('contact', 3)]

  it('of the client is offered, and used only if chosen', () => {
    const given = { clients, deals: [openDeal(50), openDeal(51, { contactIds: [3] })] }
    expect(objectIn(plan(given), 'deal')).toMatchObject({ action: 'create', candidates: [{ id: 51, because: 'open-deal' }, { id: 50 }] })
    expect(plan(given, { use: { deal: 51 } })).toMatchObject({ deal: { stageId: 'NEW', responsibleId: 2 }, objects: [{}, { action: 'use', id: 51 }] })
  })

  it('made from the lead is gone on with', () => {
    const made = plan({ clients, deals: [openDeal(51, { leadId: facts().lead.id, stageId: 'PREP' })] })
    expect(objectIn(made, 'deal')).toMatchObject({ action: 'use', id: 51, candidates: [{ because: 'made-from-lead' }] })
    expect(made.deal.stageId).toBe('PREP')
    expect(objectIn(plan({ clients, deals: [openDeal(51, { leadId: facts().lead.id })] }, { use: { deal: 'new' } }), 'deal').action).toBe('create')
  })

  it('is chosen where several were made from the lead', () => {
    expect(plan({ deals: [openDeal(51, { leadId: facts().lead.id }), openDeal(52, { leadId: facts().lead.id })] }).lacks).toEqual([{ kind: 'choice', object: 'deal', count: 2 }])
  })

  it('that is over is no candidate', () => {
    const closed = openDeal(51, { leadId: facts().lead.id, semantic: 'success' })
    expect(objectIn(plan({ deals: [closed] }), 'deal')).toMatchObject({ action: 'create', candidates: [] })
    expect(plan({ deals: [closed] }, { use: { deal: 51 } }).lacks).toEqual([])
  })

  it('keeps what it says unless somebody chooses otherwise', () => {
    const given = { clients, deals: [openDeal(51, { fields: { title: 'Старая', comments: '' } })], lead: { fields: { comments: 'Замерить' } } }
    const made = plan(given, { use: { deal: 51 } })
    expect(fieldIn(made, 'deal', 'title')).toMatchObject({ conflict: true, take: false, current: 'Старая', value: 'Столешница на кухню' })
    expect(fieldIn(made, 'deal', 'comments')).toMatchObject({ conflict: false, take: true })
    expect(fieldIn(plan(given, { use: { deal: 51 }, fields: { 'deal.title': { take: true } } }), 'deal', 'title').take).toBe(true)
  })
})
