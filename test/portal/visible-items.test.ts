import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ItemRef } from '../../server/portal/visible-items.ts'
import { type ConversionRoom, startConversionRoom } from './conversion/conversion-room.ts'

let room: ConversionRoom

beforeEach(async () => {
  room = await startConversionRoom()
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

it('are the leads, contacts and companies that a person sees himself', async () => {
  const own = room.portal.act.createContact({ name: 'Мария', assignedById: room.manager }).id
  const foreign = room.portal.act.createContact({ name: 'Пётр', assignedById: 1 }).id
  const company = room.portal.act.createCompany({ title: 'Кедр', assignedById: 1 }).id
  const refs: readonly ItemRef[] = [{ kind: 'lead', id: room.id }, { kind: 'contact', id: own }, { kind: 'contact', id: foreign }, { kind: 'company', id: company }]
  const seen = (user: number, asked: readonly ItemRef[] = refs) => room.access.visibleItemsAs(room.portal.memberId, room.portal.tokensFor(user).accessToken, asked)
  expect(await seen(1, [...refs, { kind: 'contact', id: 99_999 }])).toEqual(refs)
  expect(await seen(room.manager)).toEqual(refs.slice(0, 2))
  expect(await seen(room.manager, [])).toEqual([])
})
