import { describe, expect, it } from 'vitest'
import { leadId } from '../../../server/domain/lead.ts'
import { type ConversionRoom, inConversionRooms } from './conversion-room.ts'

let room: ConversionRoom

inConversionRooms((started) => { room = started })

/** A contact and a company that a native conversion has made, with these phones. */
const made = (ofContact: readonly string[], ofCompany: readonly string[]) => {
  const { contact, company } = room.portal.act.convertNatively(room.id, {
    deal: true, contact: { fm: ofContact.map(value => ({ typeId: 'PHONE', valueType: 'WORK', value })) }, company: { fm: ofCompany.map(value => ({ typeId: 'PHONE', valueType: 'WORK', value })) },
  }, 1)
  if (contact === null || company === null) throw new Error('nothing was made')
  const phones = (of: typeof contact) => of.fm.filter(({ typeId }) => typeId === 'PHONE').map(({ value }) => value)
  const remove = (phone: string, from: 'contact' | 'company' = 'company') => {
    const owners = { contact: { kind: 'contact', id: contact.id }, company: { kind: 'company', id: company.id } } as const
    return room.access.removePhoneAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, { phone, country: 'RU', from: owners[from], keep: owners[from === 'contact' ? 'company' : 'contact'] })
  }
  return { contact, company, remove, contactPhones: () => phones(contact), companyPhones: () => phones(company) }
}

describe('a phone that both the contact and the company have', () => {
  it('is taken from one of them, however it is written there, and the others stay (S0-32)', async () => {
    const { remove, contactPhones, companyPhones } = made(['+7 900 000-00-71'], ['8 (900) 000-00-71', '+7 900 000-00-72'])
    await remove('+7 900 000-00-71')
    expect([contactPhones(), companyPhones()]).toEqual([['+7 900 000-00-71'], ['+7 900 000-00-72']])
  })

  it('is taken out of a field that holds several', async () => {
    const { remove, companyPhones } = made(['+7 900 000-00-71'], ['+7 900 000-00-72, 8 900 000-00-71; +7 900 000-00-73'])
    await remove('+7 900 000-00-71')
    expect(companyPhones()).toEqual(['+7 900 000-00-72, +7 900 000-00-73'])
  })

  it('pressed again writes nothing, and the last one is never taken', async () => {
    const { remove, contactPhones, companyPhones } = made(['+7 900 000-00-71'], ['8 (900) 000-00-71'])
    await remove('+7 900 000-00-71')
    room.asked('crm.item.update')
    await remove('+7 900 000-00-71')
    await remove('+7 900 000-00-71', 'contact')
    expect(room.asked('crm.item.update')).toBe(0)
    expect([contactPhones(), companyPhones()]).toEqual([['+7 900 000-00-71'], []])
  })

  it('with another extension is another one', async () => {
    const { remove, companyPhones } = made(['+7 900 000-00-71 доб. 12'], ['+7 900 000-00-71'])
    await remove('+7 900 000-00-71 доб. 12')
    await remove('нет номера')
    expect(companyPhones()).toEqual(['+7 900 000-00-71'])
  })

  it('is not taken by somebody who may not see one of them', async () => {
    const { company } = made(['+7 900 000-00-71'], ['+7 900 000-00-71'])
    await expect(room.access.removePhoneAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, { phone: '+7 900 000-00-71', country: 'RU', from: { kind: 'company', id: company.id }, keep: { kind: 'contact', id: 9_999 } })).rejects.toMatchObject({ code: 'not-found' })
    expect(company.fm.map(({ value }) => value)).toEqual(['+7 900 000-00-71'])
  })
})

describe('the deals of a lead', () => {
  it('are those that were made of it, asked with the application’s own token', async () => {
    const of = (id: typeof room.id) => room.access.dealsOfLead(room.portal.memberId, id)
    expect(await of(room.id)).toEqual([])
    const { deal } = room.portal.act.convertNatively(room.id, { deal: true }, 1)
    expect([await of(room.id), await of(leadId(9_999))]).toEqual([[deal?.id], []])
  })
})
