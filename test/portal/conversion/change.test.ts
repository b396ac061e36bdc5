import { describe, expect, it } from 'vitest'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { type ConversionRoom, inConversionRooms } from './conversion-room.ts'

let room: ConversionRoom

inConversionRooms((started) => { room = started })

describe('existing contacts', () => {
  it('get no phone or address twice, however it is written there', async () => {
    const known = room.portal.act.createContact({ name: 'Мария', phone: '+7 (900) 000-00-71', email: 'M@Example.com' })
    const result = await room.carryOut({ key: 'contact', kind: 'change', object: 'contact', id: known.id, fields: {}, companyId: null, contactIds: [], means: [
      { kind: 'phone', valueType: 'WORK', value: '89000000071' }, { kind: 'email', valueType: 'WORK', value: 'm@example.com' }, { kind: 'phone', valueType: 'WORK', value: '+79000000072' },
    ] })
    expect(known.fm.map(({ value }) => value)).toEqual(['+7 (900) 000-00-71', 'M@Example.com', '+79000000072'])
    expect(result?.means).toEqual([{ kind: 'phone', valueType: 'WORK', value: '+79000000072' }])
  })

  it('are only looked at where nothing may be written', async () => {
    const known = room.portal.act.createContact({ name: 'Мария' })
    const step: ConversionStep = { key: 'contact', kind: 'change', object: 'contact', id: known.id, fields: { post: { from: null, to: 'Директор' } }, means: [{ kind: 'phone', valueType: 'WORK', value: '+79000000072' }], companyId: null, contactIds: [] }
    expect(await room.carryOut(step, { attempts: 1, mayMake: false })).toBeNull()
    expect([known['post'] ?? null, known.fm]).toEqual([null, []])
    await room.carryOut(step)
    expect(await room.carryOut(step, { attempts: 1, mayMake: false })).toMatchObject({ id: known.id, before: { post: null }, after: { post: 'Директор' } })
  })
})
