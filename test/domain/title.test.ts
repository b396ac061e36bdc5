import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { Lead } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { fillTemplate, looksAutomatic } from '../../server/domain/rules/title.ts'
import { changeLead, context, later, lead, look, lookAndCarryOut, only, regulation, world } from './support.ts'
import type { World } from './support.ts'

const template = '{company} {client} – {interest} ({phone})'
const titled = (titleTemplate: string | null = '{company} – {interest}', interestField = fieldName('UF_CRM_LR_MATERIAL')): Regulation => ({ ...regulation, intake: { ...regulation.intake, titleTemplate, interestField } })
const named = (change: Partial<Lead> = {}, rule = titled()): World => world({ regulation: rule, lead: lead({ title: 'Лид #7', clientName: '', companyTitle: 'аптека Здоровье', fields: { UF_CRM_LR_MATERIAL: 'MATERIAL-2' }, ...change }) })
const titles = (state: World) => only(look(state).commands, 'set-title').map(({ title }) => title)

describe('the template', () => {
  it.each([
    [{ company: 'Аптека', client: 'Мария', interest: 'витрина', phone: '+7900' }, 'Аптека Мария – витрина (+7900)'],
    [{ company: '', client: 'Мария', interest: 'витрина', phone: '' }, 'Мария – витрина'],
    [{ company: 'Аптека', client: '', interest: '', phone: '+7900' }, 'Аптека (+7900)'],
    [{ company: '', client: '', interest: '', phone: '+7900' }, '+7900'],
    [{ company: 'Аптека', client: 'аптека', interest: ' ', phone: '' }, 'Аптека'],
    [{}, ''],
  ])('drops empty parts with their separators: %o', (parts, title) => {
    expect(fillTemplate(template, parts)).toBe(title)
  })

  it('keeps what stands before and behind it, and ends where the portal’s titles end', () => {
    expect(fillTemplate('Заявка: {client}!', { client: 'Мария' })).toBe('Заявка: Мария!')
    expect(fillTemplate('{client}', { client: 'я'.repeat(300) })).toHaveLength(255)
  })
})

describe('a title', () => {
  it.each(['', ' ', 'Лид #12', 'Лид № 12', 'Lead #12', 'Лид', '+7 900 000-00-01', 'Входящий звонок от +79000000001', '+79000000001 - Входящий звонок', 'Заполнение CRM-формы "Обратная связь"'])('of the portal’s own is replaced: «%s»', (title) => {
    expect(looksAutomatic(title)).toBe(true)
  })

  it.each(['аптека Здоровье – витрина', 'Лидия, 2 столешницы', 'Позвонить до 18:00', 'Лид от Ивана', '12 кв. м'])('that a person wrote is not: «%s»', (title) => {
    expect(looksAutomatic(title)).toBe(false)
    expect(titles(named({ title }))).toEqual([])
  })
})

describe('a lead’s title by the template (S2-4)', () => {
  it('says who and what', () => {
    expect(titles(named())).toHaveLength(1)
    expect(titles(named())[0]).toMatch(/^аптека Здоровье – [А-Яа-я]/)
  })

  it('is set once, and follows what is found out later while it is ours', () => {
    const first = lookAndCarryOut(named({ fields: {} }))
    expect(only(first.commands, 'set-title')).toMatchObject([{ title: 'аптека Здоровье', because: { rule: 'title-by-template', from: 'Лид #7' } }])
    expect(titles(first.world)).toEqual([])
    const carried = changeLead(later(first.world, '10:10'), { title: 'аптека Здоровье' })
    expect(titles(carried)).toEqual([])
    const [mark] = only(first.commands, 'set-title').map(command => command.mark)
    const [second] = only(look(changeLead(carried, { fields: { UF_CRM_LR_MATERIAL: 'MATERIAL-2' } })).commands, 'set-title')
    expect(second?.title).toMatch(/^аптека Здоровье – /)
    expect(second?.mark).not.toBe(mark)
  })

  it('takes the channel’s name for the interest, and the source by its name', () => {
    const channels = [{ id: 'site', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }] as const
    const rule = { ...regulation, channels, intake: { ...regulation.intake, titleTemplate: '{company} – {interest}, {source}, {phone}' } }
    expect(titles(named({}, rule))).toEqual(['аптека Здоровье – Сайт, +79000000001'])
    expect(titles({ ...named({}, rule), context: context({ sourceNames: { WEB: 'Веб-сайт' } }) })).toEqual(['аптека Здоровье – Сайт, Веб-сайт, +79000000001'])
  })

  it('is left alone where the regulation has no template, or nothing is known', () => {
    expect(titles(named({}, titled(null)))).toEqual([])
    expect(titles(named({ companyTitle: '', fields: {} }))).toEqual([])
  })

  it('that a person has changed since is his', () => {
    const set = lookAndCarryOut(named()).world
    expect(titles(changeLead(later(set, '11:00'), { title: 'Здоровье, две витрины', companyTitle: 'Другая' }))).toEqual([])
  })
})
