import { describe, expect, it } from 'vitest'
import type { Choices } from '../../../server/domain/conversion/plan.ts'
import { proposePlan } from '../../../server/domain/conversion/propose.ts'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { setting } from '../../domain/conversion/support.ts'
import { type ConversionRoom, inConversionRooms } from './conversion-room.ts'

let room: ConversionRoom

inConversionRooms((started) => { room = started })

const oak = { name: 'Дуб', price: 1_000, quantity: 3, taxRate: 20 }
const rowsOf = (dealId: number) => room.portal.state.productRows.filter(({ ownerType, ownerId }) => ownerType === 'D' && ownerId === dealId).map(({ productName, price, quantity }) => [productName, price, quantity])
const sumOf = (dealId: number) => room.portal.state.deals.get(dealId)?.['opportunity']

/** What was planned, carried out to its end. */
const convert = async (choices: Choices = {}): Promise<readonly string[]> => {
  const facts = await room.access.readConversionAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, room.id, { country: 'RU', innField: null })
  const planned = proposePlan(facts, { ...setting(), stepId: null }, choices)
  expect(planned.lacks).toEqual([])
  const all = stepsOf(planned, facts, tellWords('ru'))
  for (const step of all) {
    await room.carryOut(step)
    room.tick()
  }
  return all.map(({ kind }) => kind)
}

describe('a deal that has the lead’s products already', () => {
  it('which an undo has kept, touched, gets them once by the next conversion', async () => {
    const { act, state } = room.portal
    act.setProducts(1, room.id, [oak, { name: 'Замер', price: 500 }])
    expect(await convert()).toContain('products')
    const dealId = room.results['deal']?.id ?? 0
    act.setProducts(2, dealId, [oak, { name: 'Замер', price: 500 }], 1)
    room.tick()
    expect(Object.fromEntries(await room.undo())['deal delete']).toMatchObject({ outcome: 'kept', why: 'touched' })
    expect([...state.deals.keys()]).toEqual([dealId])
    expect(rowsOf(dealId)).toHaveLength(2)
    expect(state.leads.get(room.id)).toMatchObject({ stageId: 'NEW' })

    expect(await convert()).not.toContain('products')
    expect([...state.deals.keys()]).toEqual([dealId])
    expect(rowsOf(dealId)).toEqual([['Дуб', 1_000, 3], ['Замер', 500, 1]])
    expect(sumOf(dealId)).toBe(3_500)
  })

  it('made on the portal itself, of a lead that was put back to work, gets only those that came after', async () => {
    const { act, state } = room.portal
    act.setProducts(1, room.id, [oak])
    const { deal } = act.convertNatively(room.id, { deal: true, contact: true })
    const dealId = deal?.id ?? 0
    act.updateLead(room.id, { stageId: 'IN_PROCESS' })
    act.setProducts(1, room.id, [oak, { name: 'Замер', price: 500 }])
    expect(await convert()).toContain('products')
    expect([...state.deals.keys()]).toEqual([dealId])
    expect(rowsOf(dealId)).toEqual([['Дуб', 1_000, 3], ['Замер', 500, 1]])
    expect(sumOf(dealId)).toBe(3_500)
  })
})
