import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import type { FieldValue } from '../../../server/domain/lead.ts'
import { type ConversionRoom, startConversionRoom, stepsFor } from './conversion-room.ts'

let room: ConversionRoom
let facts: Awaited<ReturnType<typeof read>>

const read = () => room.access.readConversionAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, room.id, { country: 'RU', innField: null })
const files = (...names: readonly string[]) => names.map((name) => {
  const id = room.portal.state.files.size + 1_000
  room.portal.state.files.set(id, { id, name, base64: Buffer.from(`Размеры: ${name}`).toString('base64') })
  return id
})
const valueOf = (name: string): FieldValue => facts.lead.fields[name] ?? null
const deal = () => [...room.portal.state.deals.values()][0]
const kept = (value: unknown) => [value].flat().map(id => room.portal.state.files.get(Number(id))).map(file => [file?.name, Buffer.from(file?.base64 ?? '', 'base64').toString()])
const create = (fields: Readonly<Record<string, FieldValue>>, names: readonly string[] = Object.keys(fields)): ConversionStep => ({ ...stepsFor(room.id).deal, fields: { title: 'Кухня', ...fields }, files: { leadId: room.id, names }, companyId: null, contactIds: [] })
const plan = () => ({ fields: { UF_CRM_PLAN: { from: null, to: valueOf('UF_CRM_PLAN') } }, files: { leadId: room.id, names: ['UF_CRM_PLAN'] } })

beforeEach(async () => {
  room = await startConversionRoom()
  for (const type of [1, 2] as const) {
    room.portal.act.addUserField(type, { fieldName: 'PLAN', userTypeId: 'file', label: 'План' })
    room.portal.act.addUserField(type, { fieldName: 'PHOTOS', userTypeId: 'file', multiple: true, label: 'Фото' })
  }
  room.portal.act.updateLead(room.id, { UF_CRM_PLAN: files('план кухни.pdf')[0], UF_CRM_PHOTOS: files('1.jpg', '2.jpg') })
  facts = await read()
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

describe('files of the lead', () => {
  it('are named in the facts without any link or token', () => {
    expect([valueOf('UF_CRM_PLAN'), valueOf('UF_CRM_PHOTOS')]).toEqual([`file:1:${room.id}:UF_CRM_PLAN:1000`, [`file:1:${room.id}:UF_CRM_PHOTOS:1001`, `file:1:${room.id}:UF_CRM_PHOTOS:1002`]])
    expect(JSON.stringify(facts)).not.toContain('auth=')
  })

  it('go into a new deal with their names and contents, and are found again by a repeat', async () => {
    const step = create({ UF_CRM_PLAN: valueOf('UF_CRM_PLAN'), UF_CRM_PHOTOS: valueOf('UF_CRM_PHOTOS') })
    expect((await room.carryOut(step))?.refused).toBeUndefined()
    expect(kept(deal()?.['UF_CRM_PLAN'])).toEqual([['план кухни.pdf', 'Размеры: план кухни.pdf']])
    expect(kept(deal()?.['UF_CRM_PHOTOS'])).toEqual([['1.jpg', 'Размеры: 1.jpg'], ['2.jpg', 'Размеры: 2.jpg']])
    expect(await room.carryOut(step, { attempts: 1 })).toMatchObject({ found: true })
    room.tick()
    expect(await room.undo()).toEqual([['deal delete', { outcome: 'taken-back' }]])
  })

  it('go into an existing deal once, and out of it again', async () => {
    const open = room.portal.act.createDeal({ title: 'Ремонт' })
    const step: ConversionStep = { key: 'deal', kind: 'change', object: 'deal', id: open.id, ...plan(), means: [], companyId: null, contactIds: [] }
    await room.carryOut(step)
    await room.carryOut(step, { attempts: 1 })
    expect(kept(open['UF_CRM_PLAN'])).toEqual([['план кухни.pdf', 'Размеры: план кухни.pdf']])
    expect(room.portal.state.files.size).toBe(4)
    expect(await room.undo()).toEqual([['deal restore', { outcome: 'taken-back' }]])
    expect(open['UF_CRM_PLAN']).toBeNull()
  })

  it('take no file\'s place in an existing deal', async () => {
    const open = room.portal.act.createDeal({ title: 'Ремонт', UF_CRM_PLAN: files('свой.pdf')[0] })
    const result = await room.carryOut({ key: 'deal', kind: 'change', object: 'deal', id: open.id, ...plan(), means: [], companyId: null, contactIds: [] })
    expect(result?.refused).toEqual(['UF_CRM_PLAN'])
    expect(kept(open['UF_CRM_PLAN'])).toEqual([['свой.pdf', 'Размеры: свой.pdf']])
  })

  it('that are gone meanwhile are told by the field\'s name, and the deal is made', async () => {
    room.portal.state.files.delete(1_000)
    expect((await room.carryOut(create({ UF_CRM_PLAN: valueOf('UF_CRM_PLAN') })))?.refused).toEqual(['UF_CRM_PLAN'])
    expect(deal()).toMatchObject({ title: 'Кухня' })
  })

  it.each([302, 400, 410])('whose links are answered with %i are told by the field\'s name, and the deal is made', async (status) => {
    room.portal.faults.answerWith('crm.controller.item.getFile', { error: '', description: '', status }, 9)
    expect((await room.carryOut(create({ UF_CRM_PLAN: valueOf('UF_CRM_PLAN') })))?.refused).toEqual(['UF_CRM_PLAN'])
    expect(deal()).toMatchObject({ title: 'Кухня' })
    expect(room.asked('crm.controller.item.getFile')).toBe(1)
  })

  it.each([429, 503])('whose links are answered with %i are tried again', async (status) => {
    const step = create({ UF_CRM_PLAN: valueOf('UF_CRM_PLAN') })
    room.portal.faults.answerWith('crm.controller.item.getFile', { error: '', description: '', status }, 99)
    await expect(room.carryOut(step)).rejects.toMatchObject({ code: 'unavailable' })
    expect(deal()).toBeUndefined()
    room.portal.faults.clear()
    await room.carryOut(step, { attempts: 1 })
    expect(kept(deal()?.['UF_CRM_PLAN'])).toEqual([['план кухни.pdf', 'Размеры: план кухни.pdf']])
  })

  it('are the only ones: those of another item are not fetched, whatever the record says', async () => {
    const other = room.portal.act.createDeal({ title: 'Чужая', UF_CRM_PLAN: files('секрет.pdf')[0] })
    const another = room.portal.act.createLead({ title: 'Чужой', UF_CRM_PLAN: files('тайна.pdf')[0] })
    expect((await room.carryOut(create({ UF_CRM_PLAN: `file:2:${other.id}:UF_CRM_PLAN:${String(other['UF_CRM_PLAN'])}` })))?.refused).toEqual(['UF_CRM_PLAN'])
    expect((await room.carryOut({ ...create({ UF_CRM_PLAN: `file:1:${another.id}:UF_CRM_PLAN:${String(another['UF_CRM_PLAN'])}` }), key: 'second' }))?.refused).toEqual(['UF_CRM_PLAN'])
    expect([...room.portal.state.deals.values()].map(({ title, UF_CRM_PLAN }) => [title, kept(UF_CRM_PLAN ?? [])])).toEqual([['Чужая', [['секрет.pdf', 'Размеры: секрет.pdf']]], ['Кухня', []], ['Кухня', []]])
  })

  it('are those the plan names: a text that reads like one is a text', async () => {
    await room.carryOut(create({ comments: valueOf('UF_CRM_PLAN') }, []))
    expect(deal()?.['comments']).toBe(`file:1:${room.id}:UF_CRM_PLAN:1000`)
  })

  it('are fetched from the portal only', async () => {
    const portal = await room.access.asUser(room.portal.memberId, room.portal.tokensFor(1).accessToken)
    await expect(portal.fetchFile('https://files.example.com/rest/plan.pdf')).rejects.toMatchObject({ code: 'unexpected' })
  })
})
