import { afterEach, describe, expect, it } from 'vitest'
import { createActs } from './acts.ts'
import type { FakePortal } from './fake-portals.ts'
import type { UserField } from './rows.ts'
import { createFastClock, demoStart } from './scenario/clock.ts'
import { demoArrivals, furnishDemo } from './scenario/demo-portal.ts'
import { fillByLabels } from './scenario/fill-card.ts'
import { employees } from './scenario/people.ts'
import { createPlayer, playScenario, type DoneDeed } from './scenario/play.ts'
import { presentLeads } from './scenario/present-leads.ts'
import { standardState } from './standard.ts'

const minute = 60_000
const timeZone = 'Europe/Moscow'
const managers = [4, 5, 6, 7, 8]

const field = (id: number, fieldName: string, label: string, userTypeId: string, options: readonly string[] = []): UserField => ({
  id, entityId: 'CRM_LEAD', fieldName, userTypeId, xmlId: '', sort: id, multiple: false, mandatory: false, showFilter: 'N', showInList: true, editInList: true,
  isSearchable: false, settings: {}, editFormLabel: { ru: label }, listColumnLabel: {}, listFilterLabel: {},
  list: options.map((value, index) => ({ id: id * 100 + index, sort: index, value, def: false, xmlId: '' })),
})

/** The demo company on a clock that only the test moves. Nothing listens to events. */
const company = () => {
  let now = demoStart
  const around = { timeZone, now: () => now, language: 'ru' as const }
  const state = standardState(around)
  const world = { state, timeZone, now: () => now, fire: () => undefined }
  const portal = { ...world, act: createActs(world) } as unknown as FakePortal
  furnishDemo(portal)
  return { portal, state, clock: { now: () => now }, pass: (ms: number) => { now += ms } }
}

/** Gives every new lead to the managers in turn, as an application would. */
const distribute = (portal: FakePortal, turn: { next: number }): void => {
  for (const lead of portal.state.leads.values()) {
    if (lead.stageId !== 'NEW' || managers.includes(lead.assignedById)) continue
    portal.act.updateLead(lead.id, { assignedById: managers[turn.next % managers.length], stageId: 'IN_PROCESS' }, 1)
    turn.next += 1
  }
}

const playMonday = (seed: number): { deeds: readonly DoneDeed[]; portal: FakePortal } => {
  const { portal, clock, pass } = company()
  const player = createPlayer({ portal, clock, seed })
  const turn = { next: 0 }
  for (let at = 0; at < 600; at += 1) {
    distribute(portal, turn)
    player.advance()
    pass(minute)
  }
  return { deeds: player.done, portal }
}

describe('the scenario', () => {
  it('does the same with the same seed', () => {
    expect(playMonday(7).deeds).toEqual(playMonday(7).deeds)
  })

  it('does otherwise with another seed', () => {
    expect(playMonday(7).deeds).not.toEqual(playMonday(8).deeds)
  })

  it('brings every client of the first day, in order and at their minutes', () => {
    const { deeds } = playMonday(1)
    const arrived = deeds.filter(deed => deed.what.startsWith('arrives')).map(deed => [deed.lead, (deed.at - demoStart) / minute])
    expect(arrived).toEqual(demoArrivals.filter(arrival => arrival.at < 600).map(arrival => [arrival.key, arrival.at]))
  })

  it('shows a forgetful manager who has spoken with nobody in the first two hours, while a diligent one has', () => {
    const early = playMonday(4).deeds.filter(deed => deed.at < demoStart + 120 * minute && ['talks', 'writes'].includes(deed.what))
    expect(early.some(deed => deed.who === 8)).toBe(false)
    expect(early.filter(deed => deed.who === 4).length).toBeGreaterThanOrEqual(2)
  })

  it('lets the forgetful manager get three leads with a phone in the first two hours', () => {
    const { portal } = playMonday(4)
    const his = [...portal.state.leads.values()].filter(lead => lead.assignedById === 8 && lead.fm.some(entry => entry.typeId === 'PHONE') && Date.parse(lead.createdTime) < demoStart + 120 * minute)
    expect(his.length).toBeGreaterThanOrEqual(3)
  })

  it('works only on opened days', () => {
    const open = new Set<number | null>([1, 2, 3, 4, 5, 7, 8, 9, 10])
    for (const { who, what } of playMonday(3).deeds) {
      if (what === 'opens the day') open.add(who)
      else if (what === 'closes the day') open.delete(who)
      else if (who !== null) expect(open.has(who), `${who} ${what}`).toBe(true)
    }
  })

  it('goes on after a restart without bringing the same clients again', () => {
    const { portal, clock, pass } = company()
    createPlayer({ portal, clock, seed: 1 }).advance()
    pass(120 * minute)
    const again = createPlayer({ portal, clock, seed: 1 })
    pass(60 * minute)
    again.advance()
    const minutes = again.done.filter(deed => deed.what.startsWith('arrives')).map(deed => (deed.at - demoStart) / minute)
    expect(minutes).toEqual(demoArrivals.map(arrival => arrival.at).filter(at => at >= 120 && at <= 180))
  })
})

describe('playScenario', () => {
  let stop = (): void => undefined
  afterEach(() => stop())

  it('follows a fast clock until it is stopped', async () => {
    const { portal, state } = company()
    let real = 0
    const clock = createFastClock({ start: demoStart, speed: 300, realNow: () => real })
    const playing = playScenario({ portal, clock, seed: 1, everyMs: 1 })
    stop = playing.stop
    const before = state.leads.size
    real = 2_000
    await expect.poll(() => state.leads.size).toBe(before + 2)
    playing.stop()
    real = 60_000
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(state.leads.size).toBe(before + 2)
  })
})

describe('a fast clock', () => {
  it('changes its speed without a jump and stands still at zero', () => {
    let real = 0
    const clock = createFastClock({ start: 1_000, speed: 60, realNow: () => real })
    real = 10
    expect(clock.now()).toBe(1_600)
    clock.setSpeed(0)
    real = 500
    expect(clock.now()).toBe(1_600)
    clock.setSpeed(300)
    expect(clock.now()).toBe(1_600)
    real = 501
    expect(clock.now()).toBe(1_900)
  })

  it('refuses to run backwards', () => {
    expect(() => createFastClock().setSpeed(-1)).toThrow('-1')
  })
})

describe('a card filled by its labels', () => {
  it('gets the answers where a person would write them', () => {
    const { portal, state } = company()
    const fields = [
      field(1, 'UF_CRM_LR_SIZE', 'Размеры изделия', 'string'),
      field(2, 'UF_CRM_LR_MATERIAL', 'Материал', 'enumeration', ['Акриловый камень', 'Кварцевый агломерат', 'Натуральный камень', 'Ещё выбирает']),
      field(3, 'UF_CRM_LR_MEASURE', 'Замер', 'enumeration', ['Да', 'Нет', 'Решит позже']),
      field(4, 'UF_CRM_LR_PROJECT', 'Проект', 'enumeration', ['Есть готовый', 'Нужно разработать', 'Не нужен']),
      field(5, 'UF_CRM_LR_BUDGET', 'Бюджет, ₽', 'double'),
      field(6, 'UF_CRM_LR_URGENCY', 'Срочность', 'enumeration', ['До двух недель', 'В течение месяца', 'Один–три месяца', 'Позже, пока выбирает']),
      field(7, 'UF_CRM_LR_RESULT', 'Результат', 'enumeration', ['Качественный, возможна сделка', 'Некачественный']),
      field(8, 'UF_CRM_LR_NEXT', 'Следующий шаг', 'enumeration', ['Подготовка предложения', 'Предварительный расчёт', 'Замер']),
      field(9, 'UF_CRM_LR_PAYMENT', 'Формат оплаты', 'enumeration', ['Картой', 'Наличными', 'По счёту']),
      field(10, 'UF_CRM_LR_COMMENT', 'Пожелания клиента', 'string'),
    ]
    for (const one of fields) state.userFields.set(one.id, one)
    const client = demoArrivals.find(arrival => arrival.key === 'mon-telegram-2')?.client
    if (client === undefined) throw new Error('no such arrival')

    fillByLabels(portal)(1, { client: { ...client, nextStep: 'предварительный расчёт', answers: { ...client.answers, material: 'натуральный камень, мрамор' } }, complete: true }, 4)

    expect(Object.fromEntries(fields.map(one => [one.fieldName.slice(10), state.leads.get(1)?.[one.fieldName]]))).toEqual({
      SIZE: '2800 × 600 мм', MATERIAL: 202, MEASURE: 300, PROJECT: 402, BUDGET: 120_000, URGENCY: 602, RESULT: 700, NEXT: 801, PAYMENT: 900, COMMENT: 'Особых пожеланий нет.',
    })
  })

  it('lacks budget and term when it is filled by halves', () => {
    const { portal, state } = company()
    state.userFields.set(1, field(1, 'UF_CRM_A', 'Бюджет', 'double'))
    state.userFields.set(2, field(2, 'UF_CRM_B', 'Размеры', 'string'))
    fillByLabels(portal)(1, { client: { outcome: 'qualified', answers: { budget: 5, size: '1 м' } }, complete: false }, 4)
    expect([state.leads.get(1)?.['UF_CRM_A'], state.leads.get(1)?.['UF_CRM_B']]).toEqual([undefined, '1 м'])
  })
})

describe('the demo data', () => {
  const { state } = company()
  const everything = [...presentLeads, ...demoArrivals]
  const text = JSON.stringify([everything, employees, [...state.companies.values()], [...state.users.values()]])
  /** +7 900 000-…; numbers set aside for films in London (020 7946 0…) and for fiction in North America (555-01…). */
  const ours = /^(\+?7|8)900000\d*$|^442079460\d{3}$|^1202555\d{4}$/

  it('has about forty arrivals of many kinds, and twelve leads at the beginning', () => {
    expect(everything.length).toBeGreaterThanOrEqual(40)
    expect(state.leads.size).toBe(12)
    expect(new Set(everything.map(entry => entry.key)).size).toBe(everything.length)
    expect(new Set(everything.map(entry => entry.channel))).toEqual(new Set(['form', 'mail', 'call', 'messenger', 'by-hand']))
  })

  it('holds no phone number of a real person', () => {
    const phones = everything.flatMap(({ lead }) => [lead.phone, ...(lead.fm ?? []).filter(entry => entry.typeId === 'PHONE').map(entry => entry.value)]).filter(phone => phone !== undefined)
    expect(phones.length).toBeGreaterThan(25)
    for (const phone of phones) expect(phone.replace(/доб.*$/, '').replace(/\D/g, ''), phone).toMatch(ours)
    for (const [number] of text.matchAll(/(?<![\d-])(?!\d{4}-\d\d-\d\d)\+?\d[\d ()-]{8,}\d/g)) expect(number.replace(/\D/g, ''), number).toMatch(ours)
  })

  it('holds no e-mail address that could reach somebody', () => {
    const addresses = [...text.matchAll(/[\w.-]+(?:@|\(at\))[\w.-]+/g)].map(([address]) => address)
    expect(addresses.length).toBeGreaterThan(15)
    for (const address of addresses) expect(address).toMatch(/(?:@|\(at\))example\.(com|org)$/)
  })

  it('knows the obligatory answers of every client who can be qualified', () => {
    for (const { key, client: { outcome, answers } } of demoArrivals.filter(entry => entry.client.outcome === 'qualified')) {
      expect({ key, outcome, known: [answers.size, answers.material, answers.budget, answers.withinDays].every(answer => answer !== undefined) }).toEqual({ key, outcome: 'qualified', known: true })
    }
  })

  it('has leads with a phone only, an e-mail only, a messenger only and with nothing', () => {
    const kinds = everything.map(({ lead }) => [lead.phone, lead.email, lead.im].map(value => (value === undefined ? '-' : '+')).join(''))
    for (const kind of ['+--', '-+-', '--+', '---', '++-']) expect(kinds).toContain(kind)
  })
})
