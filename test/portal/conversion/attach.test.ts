import { expect, it } from 'vitest'
import { otherCompanyBound } from '../../../server/portal/access.ts'
import { type ConversionRoom, inConversionRooms } from './conversion-room.ts'

let room: ConversionRoom

inConversionRooms((started) => { room = started })

const attach = (kind: 'contact' | 'company', id: number) => room.access.attachClientAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, room.id, { kind, id })
const lead = () => room.portal.state.leads.get(room.id)

it('binds contacts one after the other, each once', async () => {
  const [first, second] = [room.portal.act.createContact({ name: 'Мария' }), room.portal.act.createContact({ name: 'Пётр' })]
  for (const { id } of [first, second, second]) await attach('contact', id)
  expect(lead()?.['contactIds']).toEqual([first.id, second.id])
})

it('binds a company, and does not put another one in its place', async () => {
  const [first, second] = [room.portal.act.createCompany({ title: 'Кедр' }), room.portal.act.createCompany({ title: 'Дуб' })]
  await attach('company', first.id)
  await attach('company', first.id)
  await expect(attach('company', second.id)).rejects.toMatchObject({ code: 'invalid', bitrixCode: otherCompanyBound })
  expect(lead()?.['companyId']).toBe(first.id)
})
