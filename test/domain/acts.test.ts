import { describe, expect, it } from 'vitest'
import { userId, type Act } from '../../server/domain/lead.ts'
import { active, anna, at, boris, context, headOfSales, inWork, later, lookAndCarryOut, only, passUntil, peopleWith, press, regulation, secretary, vera, type World } from './support.ts'

const wait = { kind: 'wait', until: at('12:00'), comment: 'В отпуске' } as const
const waits = (world: World): boolean => active(lookAndCarryOut(world).world).step?.waiting?.until !== undefined
const withRight = (world: World, byRight: NonNullable<Act['byRight']>): World =>
  ({ ...world, lead: world.lead === null ? null : { ...world.lead, acts: (world.lead.acts ?? []).map(act => ({ ...act, byRight })) } }) as World
const start = () => later(inWork(), '10:10')

describe('an act', () => {
  it('of somebody who only sees the lead is noted and not obeyed', () => {
    const { world, commands } = lookAndCarryOut(press(start(), wait, vera))
    expect(active(world).step?.waiting ?? null).toBeNull()
    expect(commands.filter(({ because }) => because.rule === 'act')).toHaveLength(1)
  })

  it.each([['its responsible', anna], ['a head of his', headOfSales], ['the fallback person', secretary]] as const)('of %s is obeyed', (_who, by) => {
    expect(waits(press(start(), wait, by))).toBe(true)
  })

  it('is obeyed by the right that was proved when it was done, whoever is responsible by now', () => {
    expect(waits(withRight(press(start(), wait, userId(99)), 'admin'))).toBe(true)
    expect(waits(withRight(press(start(), wait, vera), 'responsible'))).toBe(true)
  })

  it('that lets a lead past a gate is not for its responsible', () => {
    const isAllowed = (world: World) => active(lookAndCarryOut(world).world).step?.moveAllowed === true
    expect(isAllowed(press(start(), { kind: 'allow-move' }))).toBe(false)
    expect(isAllowed(withRight(press(start(), { kind: 'allow-move' }), 'responsible'))).toBe(false)
    expect(isAllowed(withRight(press(start(), { kind: 'allow-move' }), 'admin'))).toBe(true)
  })

  it('that lets a lead past a gate is for a head or an administrator, not for the fallback person by himself (S0-19)', () => {
    const isAllowed = (world: World) => active(lookAndCarryOut(world).world).step?.moveAllowed === true
    expect(isAllowed(press(start(), { kind: 'allow-move' }, secretary))).toBe(false)
    expect(isAllowed(press(start(), { kind: 'allow-move' }, headOfSales))).toBe(true)
  })

  it('of taking note of a miss is for whoever stands in for the late person too, and nothing else is (S4-18)', () => {
    const rules = { ...regulation, roles: { ...regulation.roles, deputies: { [anna]: boris } }, incidents: { ...regulation.incidents, ladder: [{ rung: 'deputy' as const, after: 'PT1H' }, { rung: 'head' as const, after: 'PT4H' }] } }
    const state = passUntil(inWork({ regulation: rules, context: context({ people: peopleWith({ 2: { absent: true }, 3: { absent: true } }) }) }), at('11:40'))
    const [incidentId = ''] = Object.keys(active(state).life?.ladders ?? {})
    const { commands, world } = lookAndCarryOut(press(state, { kind: 'acknowledge', incidentId }, boris))
    expect(only(commands, 'acknowledge-incident').map(one => one.incidentId)).toContain(incidentId)
    expect(only(passUntil(world, at('17:50')).journal.slice(world.journal.length), 'notify').filter(({ about, mark }) => about === 'rung' && mark.startsWith(incidentId))).toEqual([])
    expect(waits(press(state, wait, boris))).toBe(false)
    expect(active(lookAndCarryOut(press(state, { kind: 'allow-move' }, boris)).world).step?.moveAllowed).toBeUndefined()
  })
})
