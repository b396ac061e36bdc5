import { describe, expect, it } from 'vitest'
import { readEmails, readPhones, reachableBy } from '../../server/portal/contact-data.ts'

const one = (field: string, country = 'RU') => {
  const [phone, ...others] = readPhones(field, country)
  expect(others).toEqual([])
  return phone
}

describe('phones as people type them (S1-D5)', () => {
  it.each([
    ['+7 900 000-00-01'], ['8 (900) 000-00-01'], ['79000000001'], ['9000000001'], ['+8 900 000 00 01'], ['8-900-000-00-01'], ['тел.: 8 900 000 00 01'], ['моб. +7(900)0000001'],
  ])('%s becomes E.164', value => expect(one(value)).toMatchObject({ value, e164: '+79000000001', extension: null, verdict: 'ok' }))

  it.each([
    ['+7 495 000-00-01 доб. 12', '12'], ['8 495 000 00 01 доб 12', '12'], ['+74950000001 ext. 305', '305'], ['+74950000001#77', '77'], ['+7 495 000-00-01, доб. 12', '12'],
    ['+74950000001;ext=12', '12'], ['+7 495 000-00-01 (доб. 4)', '4'], ['+74950000001 вн. 101', '101'],
  ])('%s keeps its extension', (value, extension) => expect(one(value)).toMatchObject({ e164: '+74950000001', extension, verdict: 'ok' }))

  it('of several in one field each is read', () => {
    expect(readPhones('8 900 000-00-01, +7 900 000-00-02 доб. 3; 89000000003 / 89000000004\n8900', 'RU').map(({ e164, extension, verdict }) => [e164, extension, verdict])).toEqual([
      ['+79000000001', null, 'ok'], ['+79000000002', '3', 'ok'], ['+79000000003', null, 'ok'], ['+79000000004', null, 'ok'], [null, null, 'too-short'],
    ])
  })

  it.each([
    ['8900', 'too-short'], ['+7 900 000-00-0', 'too-short'], ['+7 900 000-00-01-55', 'too-long'], ['8 900 Иван', 'letters'], ['спросить у секретаря', 'letters'],
    ['+7 000 000-00-01', 'not-of-country'], ['+999 900 000 00 01', 'unknown-country'], ['—', 'no-number'],
  ] as const)('%s is wrong: %s', (value, verdict) => expect(one(value)).toMatchObject({ value, e164: null, verdict }))

  it('a number without a code is of the country the regulation names', () => {
    expect(one('+7 029 000-00-01', 'BY')).toMatchObject({ verdict: 'not-of-country' })
    expect(one('8 029 200-00-01', 'BY')).toMatchObject({ e164: '+375292000001' })
    expect(one('8 701 000 00 01', 'KZ')).toMatchObject({ e164: '+77010000001' })
    expect(one('+375 29 200-00-01', 'RU')).toMatchObject({ e164: '+375292000001' })
    expect(one('8 900 000-00-01', 'Нет такой')).toMatchObject({ e164: '+79000000001' })
  })

  it('nothing at all is no number', () => expect(readPhones(' ; , ', 'RU')).toEqual([]))

  it('the longest nonsense is no number', () => {
    for (const nonsense of ['8'.repeat(20_000), 'доб '.repeat(5_000)]) expect(readPhones(nonsense, 'RU').every(phone => phone.e164 === null)).toBe(true)
  })
})

describe('e-mail addresses (S1-D5)', () => {
  it.each([
    ['Olga@Example.com', 'olga@example.com'], ['<olga@example.com>', 'olga@example.com'], ['ольга@почта.рф', 'ольга@xn--80a1acny.xn--p1ai'], ['info@xn--80a1acny.xn--p1ai', 'info@xn--80a1acny.xn--p1ai'],
    ['a.b+c@mail.example.org', 'a.b+c@mail.example.org'],
  ])('%s is right', (value, address) => expect(readEmails(value)).toMatchObject([{ address, verdict: 'ok' }]))

  it.each([
    ['olga.example.com', 'no-at'], ['.olga@example.com', 'bad-name'], ['ol..ga@example.com', 'bad-name'], ['@example.com', 'bad-name'], ['olga@', 'bad-domain'], ['olga@example', 'bad-domain'],
    ['olga@exa_mple.com', 'bad-domain'], ['olga@10.0.0.1', 'bad-domain'], ['olga@-example.com', 'bad-domain'],
  ] as const)('%s is wrong: %s', (value, verdict) => expect(readEmails(value)).toMatchObject([{ address: null, verdict }]))

  it('of several in one field each is read', () => expect(readEmails('a@example.com, b@example.org;нет').map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'no-at']))
})

it('only what is right is searched for, each once', () => {
  expect(reachableBy({ phones: ['8 900 000-00-01, +79000000001', '12'], emails: ['A@example.com', 'a@example.com', 'нет'] }, 'RU')).toEqual({ phones: ['+79000000001'], emails: ['a@example.com'] })
})
