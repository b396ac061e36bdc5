import { describe, expect, it } from 'vitest'
import { gapsOf } from '../../../server/domain/conversion/gaps.ts'
import { client, email, openDeal, phone } from './support.ts'

const number = phone('+7 900 000-00-01')

describe('a lead converted past the application', () => {
  it('without gaps has none', () => {
    expect(gapsOf({ missing: [], clients: [client('contact', 3, { means: [number] }), client('company', 4, { means: [phone('+7 900 000-00-02')] })], deals: [openDeal(2)] })).toEqual([])
  })

  it('lacks obligatory answers (S0-30)', () => {
    expect(gapsOf({ missing: [{ code: 'size', title: 'Размеры' }], clients: [client('contact', 3)], deals: [openDeal(2)] })).toEqual([{ kind: 'answer', question: 'size', title: 'Размеры' }])
  })

  it('has the same phone with the contact and the company, however it is written (S0-32)', () => {
    const clients = [client('contact', 3, { means: [number, number] }), client('company', 4, { means: [phone('8 (900) 000-00-01', { normal: '+79000000001' })] })]
    expect(gapsOf({ missing: [], clients, deals: [openDeal(2)] })).toEqual([{ kind: 'phone-in-both', phone: '+7 900 000-00-01', contact: { id: 3, title: 'Контакт 3' }, company: { id: 4, title: 'Компания 4' } }])
  })

  it('may share a company’s phone by extensions, and an e-mail address', () => {
    const clients = [client('contact', 3, { means: [{ ...number, extension: '12' }, email('info@romashka.example')] }), client('company', 4, { means: [number, email('info@romashka.example')] })]
    expect(gapsOf({ missing: [], clients, deals: [openDeal(2)] })).toEqual([])
  })

  it('has made no deal or no client (S0-35)', () => {
    expect(gapsOf({ missing: [], clients: [], deals: [] })).toEqual([{ kind: 'no-deal', withClient: false }])
  })
})
