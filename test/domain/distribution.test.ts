import { describe, expect, it } from 'vitest'
import { departmentId, userId } from '../../server/domain/lead.ts'
import type { UserId } from '../../server/domain/lead.ts'
import { anna, at, boris, context, headOfSales, lead, look, lookAndCarryOut, only, peopleWith, regulation, secretary, stages, vera, world } from './support.ts'
import type { World } from './support.ts'

const chosen = (state: World): UserId | undefined => only(look(state).commands, 'assign')[0]?.userId
const receipt = (state: World) => {
  const because = only(look(state).commands, 'assign')[0]?.because
  return because?.rule === 'distribution-in-turn' || because?.rule === 'distribution-nobody' ? Object.fromEntries(because.candidates.map(one => [one.userId, one.verdict])) : null
}

describe('distribution of a new lead', () => {
  it('goes in turn, one lead at a time (S1-D10, S3-4)', () => {
    let state = world()
    const turns: (UserId | undefined)[] = []
    for (let count = 0; count < 6; count += 1) {
      const { world: after, commands } = look({ ...state, watch: { status: 'unseen' } })
      turns.push(only(commands, 'assign')[0]?.userId)
      state = { ...state, context: after.context }
    }
    expect(turns).toEqual([anna, boris, vera, anna, boris, vera])
  })

  it('gives a receipt with every candidate and why not he', () => {
    const state = world({ context: context({ people: peopleWith({ 1: { active: false }, 2: { absent: true }, 3: { dayOpen: true } }) }) })
    expect(receipt(state)).toEqual({ [anna]: 'dismissed', [boris]: 'absent', [vera]: 'chosen' })
  })

  it('passes over people who have not opened their day where days are opened', () => {
    expect(chosen(world({ context: context({ people: peopleWith({ 1: { dayOpen: false }, 2: { dayOpen: true } }) }) }))).toBe(boris)
  })

  it('gives no extra leads to somebody who comes back from holiday', () => {
    const shares = { 1: { received: 2, due: 2 }, 2: { received: 9, due: 9 }, 3: { received: 9, due: 9 } }
    expect(chosen(world({ context: context({ shares }) }))).toBe(anna)
    const after = look(world({ context: context({ shares }) })).world.context
    expect(chosen(world({ context: after }))).toBe(boris)
  })

  it('leaves the head out unless the regulation takes him in', () => {
    expect(receipt(world())).not.toHaveProperty(String(headOfSales))
    const withHead = { ...regulation, distribution: { ...regulation.distribution, pools: regulation.distribution.pools.map(pool => ({ ...pool, members: { kind: 'department' as const, departmentId: departmentId(5), withHead: true } })) } }
    expect(receipt(world({ regulation: withHead }))).toHaveProperty(String(headOfSales))
  })

  it('chooses among named people as well', () => {
    const named = { ...regulation, distribution: { ...regulation.distribution, pools: regulation.distribution.pools.map(pool => ({ ...pool, members: { kind: 'people' as const, userIds: [vera, userId(99)] } })) } }
    expect(chosen(world({ regulation: named }))).toBe(vera)
  })

  it('chooses among the present outside working hours, so that a lead of the night has a responsible', () => {
    const people = peopleWith({ 1: { absent: true }, 2: { dayOpen: false }, 3: { dayOpen: false } })
    expect(chosen(world({ now: at('22:00'), context: context({ people }) }))).toBe(boris)
  })

  it('keeps a responsible of the pool whom somebody has set (S3-6)', () => {
    const { commands } = look(world({ lead: lead({ responsibleId: vera }) }))
    expect(only(commands, 'assign')).toEqual([])
    expect(only(commands, 'notify')).toMatchObject([{ userId: vera, about: 'assigned', because: { rule: 'distribution-kept' } }])
  })

  it('does not keep one who is away, was dismissed, or only owns the integration', () => {
    expect(chosen(world({ lead: lead({ responsibleId: vera }), context: context({ people: peopleWith({ 3: { absent: true } }) }) }))).toBe(anna)
    expect(chosen(world({ lead: lead({ responsibleId: vera }), context: context({ people: peopleWith({ 3: { active: false } }) }) }))).toBe(anna)
    expect(chosen(world({ lead: lead({ responsibleId: secretary }) }))).toBe(anna)
    expect(chosen(world({ lead: lead({ responsibleId: null }) }))).toBe(anna)
  })
})

describe('a lead for whom nobody is there', () => {
  const nobody = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { dayOpen: false } }) })
  const waiting = () => lookAndCarryOut(world({ context: nobody }))

  it('goes to the fallback person with a message and a task to appoint somebody (S1-D12)', () => {
    const { commands, world: after } = waiting()
    expect(after.lead).toMatchObject({ responsibleId: secretary, stageId: stages.new })
    expect(only(commands, 'notify')).toMatchObject([{ userId: secretary, about: 'nobody-available' }])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ responsibleId: secretary, title: 'Назначить ответственного: Столешница на кухню' }])
  })

  it('is looked at again within minutes', () => {
    expect(only(waiting().commands, 'wake-at')[0]?.at).toBe(at('10:05').toString())
  })

  it('is distributed as soon as somebody comes to work, and the task is closed', () => {
    const { commands, world: after } = lookAndCarryOut({ ...waiting().world, now: at('10:05'), context: context() })
    expect(only(commands, 'assign')).toMatchObject([{ userId: anna }])
    expect(after.lead?.followUps.map(({ open }) => open)).toEqual([false, true])
    expect(after.lead?.stageId).toBe(stages['in-work'])
  })

  it('goes on with the person whom the fallback person appoints (S1-A16)', () => {
    const before = waiting().world
    const { commands } = lookAndCarryOut({ ...before, lead: lead({ ...before.lead, responsibleId: vera }) })
    expect(only(commands, 'assign')).toEqual([])
    expect(only(commands, 'notify')).toMatchObject([{ userId: vera, about: 'assigned', because: { rule: 'responsible-changed' } }])
  })
})
