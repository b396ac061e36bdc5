import { describe, expect, it } from 'vitest'
import type { Means } from '../../../server/domain/conversion/facts.ts'
import { meansKey } from '../../../server/domain/conversion/plan.ts'
import { client, email, meansIn, phone, plan } from './support.ts'

const number = '+7 900 000-00-01'
const organisation = { companyTitle: 'ООО Ромашка' }
const of = (means: readonly Means[], choices: Parameters<typeof plan>[1] = {}, rules: Parameters<typeof plan>[2] = {}) => plan({ lead: { means, fields: organisation } }, choices, rules)
const one = (means: Means, choices?: Parameters<typeof plan>[1], rules?: Parameters<typeof plan>[2]) => meansIn(of([means], choices, rules), means.value)

describe('a phone of an organisation (S0-32)', () => {
  it.each([
    ['a mobile one', phone(number), 'mobile', 'contact'],
    ['a city one', phone(number, { nature: 'fixed' }), 'city', 'company'],
    ['a toll-free one', phone(number, { nature: 'toll-free' }), 'toll-free', 'company'],
    ['one with an extension', phone(number, { nature: 'fixed', extension: '12' }), 'has-extension', 'contact'],
    ['one that several have', phone(number, { usedBy: 2 }), 'used-by-several', 'company'],
    ['a wrong one', phone('900', { normal: null, nature: 'unknown' }), 'wrong', 'none'],
  ] as const)('%s is for one of the two', (_what, means, hint, to) => {
    expect(one(means)).toMatchObject({ hint, to, options: ['contact', 'company', 'both', 'none'] })
  })

  it('of the registry is the company’s', () => {
    const found = { kind: 'found', name: 'ООО Ромашка', fullName: null, form: 'company', phones: ['+79000000001'], emails: [] } as const
    expect(one(phone(number), {}, { registry: found })).toMatchObject({ hint: 'registry', to: 'company' })
  })

  it('that nobody can tell is decided by a person', () => {
    const unclear = phone(number, { nature: 'unknown' })
    expect(of([unclear]).lacks).toEqual([{ kind: 'means', key: meansKey(unclear) }])
    expect(of([unclear], { means: { [meansKey(unclear)]: 'company' } })).toMatchObject({ lacks: [], means: [{ to: 'company' }] })
    expect(plan({ lead: { means: [unclear] } }).lacks).toEqual([])
  })

  it('goes where the person says, even to both', () => {
    expect(one(phone(number), { means: { [meansKey(phone(number))]: 'both' } }).to).toBe('both')
  })

  it('typed twice goes once', () => {
    const made = of([phone(number), phone('8 (900) 000-00-01', { normal: '+79000000001' })])
    expect(made.means.map(({ to, hint }) => [to, hint])).toEqual([['contact', 'mobile'], ['none', 'already-there']])
  })

  it('with an extension is not the same as without', () => {
    expect(of([phone(number, { nature: 'fixed' }), phone(`${number} доб. 12`, { normal: '+79000000001', nature: 'fixed', extension: '12' })]).means.map(({ to }) => to)).toEqual(['company', 'contact'])
  })
})

describe('an address of an organisation (S0-32)', () => {
  it.each([
    ['olga@mail.ru', 'free-mail', 'contact'], ['info@romashka.example', 'shared-mail', 'company'], ['Olga@romashka.example', 'corporate-mail', 'contact'], ['Olga@example.com', 'none', 'contact'], ['info@example.org', 'shared-mail', 'company'],
  ] as const)('%s', (address, hint, to) => {
    expect(one(email(address))).toMatchObject({ hint, to })
  })

  it('of a site goes to the company, of a messenger to the contact, and nobody is asked', () => {
    const made = of([{ ...email('romashka.example'), kind: 'web' }, { ...email('@olga'), kind: 'messenger', normal: null }])
    expect([made.means.map(({ to }) => to), made.lacks]).toEqual([['company', 'contact'], []])
  })
})

describe('a phone of a person or of a known client', () => {
  it('goes to the only one there is', () => {
    const made = plan({ lead: { means: [phone(number, { nature: 'fixed' })] } })
    expect(made.means).toMatchObject([{ hint: 'no-company', to: 'contact', options: ['contact', 'none'] }])
    expect(plan({ lead: { means: [phone(number, { nature: 'fixed' })] } }, { means: { [meansKey(phone(number))]: 'company' } }).means[0]?.to).toBe('contact')
  })

  it('is never told to be of a company where there is none (S0-32)', () => {
    const told = (means: Means, choices: Parameters<typeof plan>[1] = {}) => plan({ lead: { means: [means] } }, choices).means[0]
    expect(told(email('olga@romashka.example'))).toMatchObject({ hint: 'none', to: 'contact' })
    expect(told(email('olga@mail.ru'))).toMatchObject({ hint: 'free-mail', to: 'contact' })
    expect(told(email('info@romashka.example'))).toMatchObject({ hint: 'no-company', to: 'contact' })
    expect(told(phone(number, { nature: 'toll-free' }))).toMatchObject({ hint: 'no-company', to: 'contact' })
    expect(plan({ clients: [client('company', 4)], lead: { means: [phone(number)] } }, { use: { contact: 'none' } }).means[0]).toMatchObject({ hint: 'no-contact', to: 'company' })
  })

  it('that the client has already goes nowhere', () => {
    const clients = [client('contact', 3, { means: [phone('8 900 000 00 01', { normal: '+79000000001' })] })]
    expect(plan({ clients, lead: { means: [phone(number)] } }).means).toMatchObject([{ hint: 'already-there', to: 'none' }])
  })

  it('that only the company has is said so, and may still be given to the contact', () => {
    const known = { clients: [client('company', 4, { means: [phone(number)] })], lead: { means: [phone(number)] } }
    const made = plan(known)
    expect(made.means).toMatchObject([{ hint: 'at-company', to: 'none' }])
    expect(plan(known, { means: { [meansKey(phone(number))]: 'contact' } }).means).toMatchObject([{ hint: 'at-company', to: 'contact' }])
    expect(plan(known, { use: { contact: 'none' } }).means).toMatchObject([{ hint: 'already-there', to: 'none' }])
  })

  it('that he has not is added to him', () => {
    expect(plan({ clients: [client('contact', 3, { means: [phone('+7 900 000-00-02')] })], lead: { means: [phone(number)] } }).means).toMatchObject([{ hint: 'mobile', to: 'contact' }])
  })
})
