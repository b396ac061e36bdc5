import { describe, expect, it } from 'vitest'
import { checkNumber, checkNumberIn } from '../../../server/domain/conversion/numbers.ts'
import { checksumRegistry } from '../../../server/registries/checksum.ts'
import { lookUpIn } from '../../../server/registries/registry.ts'
import type { Registry } from '../../../server/registries/registry.ts'
import { searchedInn } from '../../../server/domain/conversion/requisites.ts'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { client, facts, innOfOrganisation, innOfPerson, plan } from './support.ts'

const inn = (value: string, choices: Parameters<typeof plan>[1] = {}, rules: Parameters<typeof plan>[2] = {}) => plan({ inn: value, lead: { fields: { companyTitle: 'ООО Ромашка' } } }, choices, rules)

describe('the taxpayer number of a company (S0-34, S1-D15)', () => {
  it.each([['length', '770000000'], ['digits', '77000O0009'], ['checksum', '7700000008']] as const)('with a wrong %s is told', (why, value) => {
    expect(inn(value).lacks).toEqual([{ kind: 'inn', why }])
  })

  it('is mended or left out on the screen', () => {
    expect(inn('7700000008', { inn: '77 0000 0009' })).toMatchObject({ lacks: [], requisites: { inn: innOfOrganisation, form: 'company', templateId: 1 } })
    expect(inn('7700000008', { inn: '' })).toMatchObject({ lacks: [], requisites: null })
  })

  it('is written as it was checked, however it was typed', () => {
    const given = { inn: '7700-000009', lead: { fields: { companyTitle: 'ООО Ромашка' } } }
    const made = plan(given)
    expect(made).toMatchObject({ lacks: [], requisites: { inn: innOfOrganisation } })
    expect(stepsOf(made, facts(given), tellWords('ru')).find(({ kind }) => kind === 'requisites')).toMatchObject({ values: { inn: innOfOrganisation } })
    expect(plan({ inn: '7700-000009' }).because).toEqual({ why: 'inn', inn: innOfOrganisation })
    expect(inn('УНП 200988541', {}, { regulation: { requisites: { checked: true, countries: ['BY'], checkAgainDays: null } } }).requisites?.inn).toBe('200988541')
    expect(inn('7700-000008').requisites?.inn).toBe('7700-000008')
  })

  it('is not a registration number', () => {
    expect(inn('1027700132195').lacks).toEqual([{ kind: 'inn', why: 'length' }])
  })

  it('of a country whose numbers are not known here is taken as it is', () => {
    expect(inn('DE123', {}, { regulation: { requisites: { checked: true, countries: ['DE', 'RU'], checkAgainDays: null } } }).lacks).toEqual([])
    expect(inn('123', {}, { regulation: { requisites: { checked: false, countries: ['RU'], checkAgainDays: null } } }).lacks).toEqual([])
  })

  it('that the company has already makes no second requisites', () => {
    expect(plan({ inn: innOfOrganisation, clients: [client('company', 4, { by: ['inn'] })] }, { variant: 'organisation' }).requisites).toBeNull()
  })

  it('makes none for a person or for a deal of a known client', () => {
    expect(plan({ inn: innOfPerson }, { variant: 'person' }).requisites).toBeNull()
    expect(plan({ inn: '7700000008' }, { variant: 'person' }).lacks).toEqual([])
    expect(plan({ inn: innOfOrganisation, clients: [client('company', 4)] }).requisites).toBeNull()
  })

  it('has no template where the portal has none', () => {
    expect(plan({ inn: innOfPerson, requisiteTemplates: { company: 1 } }).requisites).toEqual({ form: 'entrepreneur', inn: innOfPerson, templateId: null })
  })
})

describe('a number of the registers (S0-34)', () => {
  it.each([
    ['RU', '7707083893', 'inn-organisation'], ['RU', '500100732259', 'inn-person'], ['RU', '7700000070', 'inn-organisation'], ['RU', '304000110000061', 'ogrnip'], ['KZ', '990140100400', 'bin'], ['RU', '1022200525819', 'ogrn'], ['RU', '304500116000157', 'ogrnip'],
    ['BY', '200988541', 'unp'], ['BY', 'УНП МА1953684', 'unp'], ['KZ', '971240001315', 'bin'], ['KZ', '940140000385', 'bin'],
  ])('%s: %s is right', (country, value, kind) => {
    expect(checkNumber(value, country)).toMatchObject({ ok: true, kind })
  })

  it.each([
    ['RU', '7707083894', 'checksum'], ['RU', '500100732258', 'checksum'], ['RU', '500100732219', 'checksum'], ['RU', '1022200525818', 'checksum'], ['RU', '304500116000158', 'checksum'], ['RU', '0000000000', 'checksum'], ['RU', '77070838931', 'length'], ['RU', '77O7083893', 'digits'],
    ['BY', '200988542', 'checksum'], ['BY', '20098854', 'length'], ['BY', '900988541', 'digits'], ['KZ', '971240001316', 'checksum'], ['KZ', '97124000131', 'length'],
  ])('%s: %s is wrong (%s)', (country, value, why) => {
    expect(checkNumber(value, country)).toEqual({ ok: false, why })
  })

  it('of any digit exchanged is wrong', () => {
    const wrong = [...'7707083893'].flatMap((digit, index) => Array.from({ length: 9 }, (_, step) => `7707083893`.slice(0, index) + String((Number(digit) + step + 1) % 10) + `7707083893`.slice(index + 1)))
    // Weights below eleven notice each slip but those that the remainder ten folds onto zero.
    expect(wrong.filter(value => checkNumber(value, 'RU')?.ok === true).length).toBeLessThanOrEqual(wrong.length / 20)
  })

  it('may be of any of the countries', () => {
    expect(checkNumberIn('200988541', ['RU', 'BY'])).toMatchObject({ ok: true, kind: 'unp' })
    expect(checkNumberIn('200988542', ['RU', 'BY'])).toEqual({ ok: false, why: 'length' })
    expect(checkNumberIn('1', ['DE'])).toBeNull()
  })
})

describe('a registry', () => {
  it('that is not connected knows nothing, and never says that a right number is wrong', async () => {
    const registry = checksumRegistry('RU')
    expect(registry.country).toBe('RU')
    expect(await registry.lookUp(innOfOrganisation)).toEqual({ kind: 'unknown', why: 'not-connected' })
    expect(await registry.lookUp('7700000008')).toEqual({ kind: 'not-found', why: 'checksum' })
    expect(await checksumRegistry('DE').lookUp('1')).toEqual({ kind: 'unknown', why: 'not-connected' })
  })

  const answering = (answer: Awaited<ReturnType<Registry['lookUp']>>): Registry => ({ country: 'RU', lookUp: () => Promise.resolve(answer) })
  const found = { kind: 'found', name: 'ООО Ромашка', fullName: null, form: 'company', phones: [], emails: [] } as const
  const nobody = { kind: 'not-found', why: 'nobody' } as const
  const silent = { kind: 'unknown', why: 'no-answer' } as const

  it('that knows the whole name has it written into the requisites', () => {
    const given = { inn: innOfOrganisation, lead: { fields: { companyTitle: 'ООО Ромашка' } } }
    const valuesOf = (fullName: string | null) => {
      const step = stepsOf(plan(given, {}, { registry: { ...found, fullName } }), facts(given), tellWords('ru')).find(({ kind }) => kind === 'requisites')
      return step?.kind === 'requisites' ? step.values : null
    }
    expect(valuesOf('Общество с ограниченной ответственностью «Ромашка»')).toEqual({ inn: innOfOrganisation, name: 'ООО Ромашка', fullName: 'Общество с ограниченной ответственностью «Ромашка»' })
    expect(valuesOf(null)).toEqual({ inn: innOfOrganisation, name: 'ООО Ромашка' })
  })

  it('that knows it is believed, one that was silent keeps it open', async () => {
    expect(await lookUpIn([answering(nobody), answering(found)], '1')).toEqual(found)
    expect(await lookUpIn([answering(nobody), answering(silent)], '1')).toEqual(silent)
    expect(await lookUpIn([answering(nobody)], '1')).toEqual(nobody)
    expect(await lookUpIn([], '1')).toEqual({ kind: 'unknown', why: 'not-connected' })
  })
})

describe('the number that clients are looked for by', () => {
  it.each([
    ['is the one that was typed, if it is right', true, ['RU'], '77 0000-0009', innOfOrganisation],
    ['is that of another country', true, ['BY'], '100 000 007', '100000007'],
    ['is the lead\'s own while the typed one is none yet', true, ['RU'], '77000000', null],
    ['is not one with a slip in it', true, ['RU'], '7700000008', null],
    ['is not a registration number', true, ['RU'], '1027700132195', null],
    ['is not what was taken away', true, ['RU'], '', null],
    ['is of ten or twelve digits where nobody checks it', false, ['RU'], '7700000008', '7700000008'],
    ['is not anything where nobody checks it', false, ['RU'], 'DE123', null],
  ])('%s', (_what, checked, countries, inn, wanted) => {
    expect(searchedInn({ requisites: { checked, countries, checkAgainDays: null } }, { inn })).toBe(wanted)
    expect(searchedInn({ requisites: { checked, countries, checkAgainDays: null } }, {})).toBeNull()
  })
})
