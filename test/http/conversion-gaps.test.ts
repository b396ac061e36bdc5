import { describe, expect, it } from 'vitest'
import { GapsView } from '../../server/contract/conversion.ts'
import { LeadView } from '../../server/contract/lead-view.ts'
import { Problem } from '../../server/contract/problem.ts'
import type { ConversionFacts } from '../../server/domain/conversion/facts.ts'
import { stageId, userId } from '../../server/domain/lead.ts'
import type { Watch } from '../../server/domain/watch.ts'
import type { AppDeps } from '../../server/http/app.ts'
import { client, facts as factsOf, openDeal, phone } from '../domain/conversion/support.ts'
import { PortalError } from '../../server/portal/error.ts'
import { createTestApp, domain, managerToken, usualMemory, type TestApp } from './support.ts'
import { fields, lead, regulation } from './values.ts'

const incidentId = '42-converted-past-1-incident'
const closed = (past: object = {}): Watch => ({
  status: 'closed', leadId: lead.id, outcome: 'converted', closedAt: '2026-03-10T08:30:00Z', stageId: stageId('CONVERTED'), round: 1,
  life: { convertedPast: { incidentId, userId: userId(7), noticedAt: '2026-03-10T08:30:00Z', headTold: false, isWhole: false, endedAt: null, ...past } },
})

const mobile = phone('+7 900 000-00-01')
const inBoth = (means = mobile): Partial<ConversionFacts> => ({
  clients: [client('contact', 3, { by: ['bound'], means: [means] }), client('company', 4, { by: ['bound'], means: [phone('8 (900) 000-00-01', { normal: means.normal })] })],
  deals: [openDeal(51, { leadId: lead.id, contactIds: [3], companyId: 4 })],
})
const answered = { ...lead.fields, [fields.measure]: 'Y', [fields.comment]: 'Светлый камень' }

interface Given { readonly facts?: Partial<ConversionFacts>; readonly watch?: Watch; readonly responsibleId?: number; readonly fields?: typeof lead.fields; readonly allowed?: boolean; readonly hiddenDeal?: number; readonly stands?: Pick<typeof lead, 'stageId' | 'semantic'>; readonly bound?: { readonly contactIds?: readonly number[]; readonly companyId?: number } }

/** A lead that stands on success, and what was made of it; a phone that is taken away is gone at the next reading. */
const world = (given: Given = {}) => {
  const read: string[] = []
  const removed: unknown[] = []
  const saved: unknown[] = []
  const told: unknown[] = []
  const marks = new Set<string>()
  const { deals = [] } = given.facts ?? {}
  let { clients = [] } = given.facts ?? {}
  const usual = createTestApp()
  const desk: AppDeps['desk'] = {
    ...usual.desk,
    readLead: async () => ({ ...lead, stageId: given.stands?.stageId ?? stageId('CONVERTED'), semantic: given.stands?.semantic ?? 'success', responsibleId: userId(given.responsibleId ?? 7), fields: given.fields ?? answered }),
    readConversion: async (_id, token) => {
      read.push(token)
      return factsOf({ clients, deals, lead: { id: lead.id, semantic: 'success', ...given.bound } })
    },
    dealsOfLead: async (_id, of) => [...deals.flatMap(deal => (deal.leadId === of ? [deal.id] : [])), ...(given.hiddenDeal === undefined ? [] : [given.hiddenDeal])],
    saveFields: async (_id, token, of, values) => { saved.push({ token, of, ...values }) },
    removePhone: async (_id, token, removal) => {
      removed.push({ token, ...removal })
      clients = clients.map(one => (one.kind === removal.from.kind && one.id === removal.from.id ? { ...one, means: [] } : one))
    },
  }
  const acts: AppDeps['acts'] = {
    add: async (_id, of, act, mark = '') => {
      if (marks.has(mark)) return false
      marks.add(mark)
      told.push({ of, ...act, at: null })
      return true
    },
  }
  const memory = { ...usualMemory, watch: async () => given.watch ?? closed(), regulation: async () => ({ version: 4, regulation: { ...regulation, conversion: { ...regulation.conversion, allowed: given.allowed ?? true } } }) }
  return { app: createTestApp({ desk, acts, memory }), read, removed, told, saved }
}

const path = `/api/leads/${lead.id}/conversion/gaps`
const show = async (app: TestApp): Promise<GapsView['gaps']> => {
  const answer = await app.request(path, { headers: app.bearer() })
  expect(answer.status).toBe(200)
  return GapsView.parse(await answer.json()).gaps
}
const press = (app: TestApp, body: unknown): Promise<Response> => Promise.resolve(app.request(`${path}/repair`, { method: 'POST', headers: { 'content-type': 'application/json', ...app.bearer() }, body: JSON.stringify(body) }))
const fromCompany = { kind: 'remove-phone', from: 'company', id: 4, phone: '+7 900 000-00-01' } as const
const whole = { of: lead.id, kind: 'gaps-gone', incidentId, byUserId: 7, at: null }

describe('the gaps of a conversion past the application', () => {
  it('are read with the opening user’s token, each with its repair (S0-30, S0-32)', async () => {
    const { app, read, told } = world({ facts: inBoth(), fields: lead.fields })
    expect(await show(app)).toEqual([
      { text: 'Нет обязательного ответа: «Нужен замер».', repair: { kind: 'answer', question: 'MEASURE' }, otherwise: [] },
      { text: 'Нет обязательного ответа: «Пожелания».', repair: { kind: 'answer', question: 'comment' }, otherwise: [] },
      {
        text: 'Телефон +7 900 000-00-01 записан дважды: у контакта «Контакт 3» и у компании «Компания 4». Оставьте его у одного из них.',
        repair: { ...fromCompany, title: 'Компания 4' },
        otherwise: [{ ...fromCompany, from: 'contact', id: 3, title: 'Контакт 3' }],
      },
    ])
    expect(read).toEqual([managerToken])
    expect(told).toEqual([])
  })

  it('leave a city number with the company', async () => {
    const { app } = world({ facts: inBoth({ ...mobile, nature: 'fixed' }) })
    expect((await show(app))[0]?.repair).toMatchObject({ kind: 'remove-phone', from: 'contact', id: 3 })
  })

  it('lead to a conversion where nothing was made, and to the lead where none is allowed', async () => {
    expect(await show(world().app)).toEqual([{ text: 'Из лида ничего не создано: нет ни сделки, ни контакта, ни компании.', repair: { kind: 'convert' }, otherwise: [] }])
    expect((await show(world({ bound: { contactIds: [3] } }).app)).map(({ text }) => text)).toEqual(['Сделки из лида нет.'])
    expect((await show(world({ allowed: false }).app)).map(({ repair }) => repair)).toEqual([{ kind: 'open', url: `https://${domain}/crm/lead/details/42/` }])
  })

  it('of somebody else’s lead are only shown: nothing is offered that he may not do', async () => {
    const others = { responsibleId: 99, watch: closed({ from: 'IN_PROCESS' }) }
    expect((await show(world(others).app)).map(({ repair, otherwise }) => [repair.kind, otherwise])).toEqual([['open', []]])
    expect((await show(world({ ...others, facts: inBoth() }).app)).map(({ repair, otherwise }) => [repair.kind, otherwise])).toEqual([['open', []]])
  })

  it('come with what was made of the lead, so that it can be opened', async () => {
    const { app } = world({ facts: inBoth() })
    const view = GapsView.parse(await (await app.request(path, { headers: app.bearer() })).json())
    expect(view.hasDeal).toBe(true)
    expect(view.links.map(({ kind, id, url }) => [kind, id, url])).toEqual([['deal', 51, `https://${domain}/crm/deal/details/51/`], ['contact', 3, `https://${domain}/crm/contact/details/3/`], ['company', 4, `https://${domain}/crm/company/details/4/`]])
    const nothing = world().app
    const bare = GapsView.parse(await (await nothing.request(path, { headers: nothing.bearer() })).json())
    expect([bare.hasDeal, bare.links]).toEqual([false, []])
  })

  it('do not miss a deal that this person may not see, nor is anything said of what is in it', async () => {
    const { app, told } = world({ hiddenDeal: 52, watch: closed({ from: 'IN_PROCESS' }) })
    expect(GapsView.parse(await (await app.request(path, { headers: app.bearer() })).json())).toEqual({ gaps: [], hasDeal: true, links: [] })
    expect(told).toEqual([])
    const one = world({ hiddenDeal: 52, facts: { deals: [openDeal(51, { leadId: lead.id, contactIds: [3] })], clients: [client('contact', 3, { by: ['bound'], means: [mobile] })] } })
    expect(await show(one.app)).toEqual([])
    expect(one.told).toEqual([])
  })

  it('are not told while nobody knows whether there is a deal: the application’s own trouble is not the person’s', async () => {
    const usual = createTestApp()
    const desk: AppDeps['desk'] = { ...usual.desk, readLead: async () => ({ ...lead, semantic: 'success' }), readConversion: async () => factsOf(), dealsOfLead: () => Promise.reject(new PortalError({ code: 'auth-lost', method: 'crm.item.list' })) }
    const app = createTestApp({ desk, memory: { ...usualMemory, watch: async () => closed() } })
    const answer = await app.request(path, { headers: app.bearer() })
    expect([answer.status, Problem.parse(await answer.json()).type]).toEqual([403, '/problems/portal-suspended'])
  })

  it('lead to the deal where only its client is missing', async () => {
    const { app, told } = world({ facts: { deals: [openDeal(51, { leadId: lead.id })] } })
    expect((await show(app)).map(({ repair }) => repair)).toEqual([{ kind: 'open', url: `https://${domain}/crm/deal/details/51/` }])
    expect(told).toEqual([])
  })

  it('do not name a client who was only found to be similar', async () => {
    const { app } = world({ facts: { ...inBoth(), clients: [client('contact', 3, { by: ['bound'], means: [mobile] }), client('company', 9, { by: ['phone'], means: [mobile] })], deals: [openDeal(51, { leadId: lead.id, contactIds: [3] })] } })
    expect(await show(app)).toEqual([])
  })

  it('tell the rules, once, when the portal lacks nothing; missing answers are theirs to see', async () => {
    const deals = [openDeal(51, { leadId: lead.id, contactIds: [3] })]
    const clients = [client('contact', 3, { by: ['bound'], means: [mobile] })]
    const { app, told } = world({ facts: { clients, deals }, fields: lead.fields, bound: { contactIds: [3] } })
    expect((await show(app)).map(({ repair }) => repair.kind)).toEqual(['answer', 'answer'])
    await show(app)
    expect(told).toEqual([whole])
    expect(app.done.map(({ what }) => what)).toEqual(['request-review'])
  })

  it.each([
    ['the clients of the lead', { facts: { deals: [openDeal(51, { leadId: lead.id, contactIds: [3] })] }, bound: { contactIds: [3] } }],
    ['the contact of its deal', { facts: { deals: [openDeal(51, { leadId: lead.id, contactIds: [3], companyId: 4 })], clients: [client('company', 4)] } }],
    ['the company of its deal', { facts: { deals: [openDeal(51, { leadId: lead.id, contactIds: [3], companyId: 4 })], clients: [client('contact', 3)] } }],
  ])('are not told to be gone by somebody who does not see %s', async (_what, given) => {
    const { app, told } = world(given)
    expect(await show(app)).toEqual([])
    expect(told).toEqual([])
  })

  it('are told to be gone by whoever may work on the lead, and by no observer', async () => {
    const given = { facts: { deals: [openDeal(51, { leadId: lead.id, contactIds: [3] })], clients: [client('contact', 3)] }, responsibleId: 99 }
    const observed = world(given)
    expect(await show(observed.app)).toEqual([])
    expect(observed.told).toEqual([])
    const { app, told } = world(given)
    await app.request(path, { headers: app.bearer({ isAdmin: true }) })
    expect(told).toEqual([whole])
  })

  it.each([
    ['of a lead that is worked on', { status: 'unseen' } as const],
    ['of a settled conversion', closed({ endedAt: '2026-03-10T08:50:00Z' })],
  ])('%s are none, and the portal is not asked', async (_what, watch) => {
    const { app, read } = world({ watch, facts: inBoth() })
    expect(await show(app)).toEqual([])
    expect(GapsView.parse(await (await press(app, fromCompany)).json()).gaps).toEqual([])
    expect(read).toEqual([])
  })
})

describe('the repair', () => {
  it('takes the phone from the one that was chosen, with the person’s own token; pressed twice it is done once', async () => {
    const { app, removed, told } = world({ facts: inBoth() })
    expect(GapsView.parse(await (await press(app, fromCompany)).json()).gaps).toEqual([])
    expect(GapsView.parse(await (await press(app, fromCompany)).json()).gaps).toEqual([])
    expect(removed).toEqual([{ token: managerToken, phone: '+7 900 000-00-01', from: { kind: 'company', id: 4 }, keep: { kind: 'contact', id: 3 }, country: 'RU' }])
    expect(told).toEqual([whole])
  })

  it('takes no phone that is not in both, nor from somebody else’s company', async () => {
    const { app, removed } = world({ facts: inBoth() })
    for (const body of [{ ...fromCompany, phone: '+7 900 000-00-09' }, { ...fromCompany, id: 9 }]) expect(GapsView.parse(await (await press(app, body)).json()).gaps).toHaveLength(1)
    expect(removed).toEqual([])
  })

  it('puts a lead without a deal back on the stage it came from, with the person’s own token', async () => {
    const { app, saved } = world({ watch: closed({ from: 'IN_PROCESS' }) })
    expect((await show(app))[0]?.otherwise).toEqual([{ kind: 'reopen', stage: 'В работе' }])
    expect(GapsView.parse(await (await press(app, { kind: 'reopen' })).json())).toEqual({ gaps: [], hasDeal: null, links: [], back: 'В работе' })
    expect(saved).toEqual([{ token: managerToken, of: lead.id, stageId: 'IN_PROCESS' }])
    expect(app.done.map(({ what }) => what)).toContain('review-now')
  })

  it('say where a lead stands that is not on success any more, before the rules have looked at it', async () => {
    const { app, read } = world({ watch: closed({ from: 'IN_PROCESS' }), stands: lead })
    expect(GapsView.parse(await (await app.request(path, { headers: app.bearer() })).json())).toEqual({ gaps: [], hasDeal: null, links: [], back: 'В работе' })
    expect(read).toEqual([])
  })

  it.each([
    ['of which there is a deal by now', { facts: { deals: [openDeal(51, { leadId: lead.id })] }, watch: closed({ from: 'IN_PROCESS' }) }],
    ['of which there is a deal that he may not see', { hiddenDeal: 52, watch: closed({ from: 'IN_PROCESS' }) }],
    ['whose former stage is not known', {}],
    ['that is settled', { watch: closed({ from: 'IN_PROCESS', endedAt: '2026-03-10T08:50:00Z' }) }],
  ])('puts no lead back %s', async (_which, given) => {
    const { app, saved } = world(given)
    expect((await press(app, { kind: 'reopen' })).status).toBe(200)
    expect(saved).toEqual([])
  })

  it('is not for somebody who only sees the lead, and wants a whole request', async () => {
    const { app, removed, read } = world({ facts: inBoth(), responsibleId: 99 })
    const refused = await press(app, fromCompany)
    expect([refused.status, Problem.parse(await refused.json()).type]).toEqual([403, '/problems/not-your-lead'])
    expect((await press(app, { kind: 'reopen' })).status).toBe(403)
    expect((await press(app, { ...fromCompany, from: 'deal' })).status).toBe(400)
    expect([removed, read]).toEqual([[], []])
  })
})

describe('the card of such a lead', () => {
  const isEditable = async (app: TestApp) => LeadView.parse(await (await app.request(`/api/leads/${lead.id}`, { headers: app.bearer() })).json()).card?.editable
  const save = (app: TestApp): Promise<Response> => Promise.resolve(app.request(`/api/leads/${lead.id}/card`, { method: 'PATCH', headers: { 'content-type': 'application/json', ...app.bearer() }, body: JSON.stringify({ answers: { MEASURE: 'yes' } }) }))

  it('can be answered until the conversion is settled', async () => {
    const open = world({ fields: lead.fields })
    expect([await isEditable(open.app), (await save(open.app)).status]).toEqual([true, 200])
    const settled = world({ watch: closed({ endedAt: '2026-03-10T08:50:00Z' }) })
    expect([await isEditable(settled.app), (await save(settled.app)).status]).toEqual([false, 409])
  })
})
