import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { UserId } from '../../server/domain/lead.ts'
import type { Context } from '../../server/domain/command.ts'
import type { Pool, Regulation } from '../../server/domain/regulation.ts'
import { anna, at, boris, context, kindsOf, later, lead, look, lookAndCarryOut, only, peopleWith, regulation, secretary, vera, world } from './support.ts'
import type { World } from './support.ts'

const withPool = (change: Partial<Pool>, base: Partial<Regulation['distribution']> = {}): Regulation => ({ ...regulation, distribution: { ...regulation.distribution, ...base, pools: regulation.distribution.pools.map(pool => ({ ...pool, ...change })) } })
const load = (anna: number, boris: number, vera: number, today = 0): Context['load'] => ({ 1: { open: anna, today, waiting: 0 }, 2: { open: boris, today, waiting: 0 }, 3: { open: vera, today, waiting: 0 } })
const assigned = (state: World) => only(look(state).commands, 'assign')
const verdicts = (state: World) => {
  const because = assigned(state)[0]?.because
  return because !== undefined && 'candidates' in because ? Object.fromEntries((because.candidates ?? []).map(one => [one.userId, one.verdict])) : null
}
/** One new lead after the other, each seeing the ledger and the load of those before it. */
const run = (state: World, leads: number): readonly UserId[] => {
  let seen = state.context
  return Array.from({ length: leads }, () => {
    const { commands, world: after } = look({ ...state, context: seen })
    seen = after.context
    return only(commands, 'assign')[0]?.userId ?? secretary
  })
}

describe('distribution by load', () => {
  const byLoad = withPool({ order: 'least-loaded' })

  it('gives to whoever has the fewest open leads, with the loads in the receipt (S1-D14)', () => {
    const [command] = assigned(world({ regulation: byLoad, context: context({ load: load(4, 2, 3) }) }))
    expect(command).toMatchObject({ userId: boris, because: { rule: 'distribution-least-loaded', chosen: { open: 2 } } })
  })

  it('counts the leads of the same run, and goes in turn among equals', () => {
    expect(run(world({ regulation: byLoad, context: context({ load: load(2, 1, 2) }) }), 4)).toEqual([boris, anna, vera, boris])
  })
})

describe('distribution by weights', () => {
  it('gives parts in proportion, evenly mixed (S3-4)', () => {
    expect(run(world({ regulation: withPool({ order: 'weighted', weights: { [anna]: 2, [boris]: 1, [vera]: 1 } }) }), 8)).toEqual([anna, boris, vera, anna, anna, boris, vera, anna])
  })

  it('is in turn where all weights are the same, whatever they are', () => {
    expect(run(world({ regulation: withPool({ order: 'weighted', weights: { [anna]: 3, [boris]: 3, [vera]: 3 } }) }), 6)).toEqual([anna, boris, vera, anna, boris, vera])
  })

  it('gives nothing to a weight of nothing, and says so', () => {
    const state = world({ regulation: withPool({ order: 'weighted', weights: { [anna]: 0 } }) })
    expect(run(state, 4)).toEqual([boris, vera, boris, vera])
    expect(verdicts(state)).toMatchObject({ [anna]: 'no-share' })
  })
})

describe('limits', () => {
  it('of open leads and of leads a day pass over whoever has reached them', () => {
    expect(verdicts(world({ regulation: withPool({ limits: { open: 3, perDay: null } }), context: context({ load: load(3, 2, 4) }) }))).toEqual({ [anna]: 'open-limit', [boris]: 'chosen', [vera]: 'open-limit' })
    const today = { ...load(0, 0, 0), 1: { open: 0, today: 5, waiting: 0 } }
    expect(verdicts(world({ regulation: withPool({ limits: { open: null, perDay: 5 } }), context: context({ load: today }) }))).toEqual({ [anna]: 'day-limit', [boris]: 'chosen', [vera]: 'not-his-turn' })
  })

  it('that everybody has reached give the lead to the fallback person with a task, and to the first who has room again (S1-D12)', () => {
    const full = world({ regulation: withPool({ limits: { open: 3, perDay: null } }), context: context({ load: load(3, 3, 3) }) })
    const { commands, world: after } = lookAndCarryOut(full)
    expect(after.lead?.responsibleId).toBe(secretary)
    expect(only(commands, 'set-follow-up')).toMatchObject([{ responsibleId: secretary }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    expect(only(look({ ...later(after, '10:30'), context: context({ load: load(3, 3, 2) }) }).commands, 'assign')).toMatchObject([{ userId: vera }])
  })

  it('hold within one run as well', () => {
    expect(run(world({ regulation: withPool({ limits: { open: null, perDay: 1 } }) }), 4)).toEqual([anna, boris, vera, secretary])
  })

  it('owe nothing to whoever has reached them: his part is not made up for later', () => {
    const limited = world({ regulation: withPool({ limits: { open: 3, perDay: null } }), context: context({ load: load(3, 0, 0) }) })
    expect(look(limited).world.context.shares.main?.[anna]).toBeUndefined()
  })
})

describe('regions (S1-D18)', () => {
  const regional = withPool({ regions: { [anna]: ['Урал'], [boris]: ['Юг', 'Центр'] } }, { regionField: fieldName('UF_CRM_REGION') })
  const from = (region: string | null) => world({ regulation: regional, lead: lead({ fields: { UF_CRM_REGION: region } }) })

  it('leave out those who serve another one', () => {
    expect(verdicts(from('Юг'))).toEqual({ [anna]: 'other-region', [boris]: 'chosen', [vera]: 'not-his-turn' })
  })

  it('leave out nobody where the lead has none, and nobody without regions of his own', () => {
    expect(verdicts(from(null))).toEqual({ [anna]: 'chosen', [boris]: 'not-his-turn', [vera]: 'not-his-turn' })
    expect(verdicts(from('Сибирь'))).toEqual({ [anna]: 'other-region', [boris]: 'other-region', [vera]: 'chosen' })
  })

  it('that nobody serves leave the lead to the fallback person', () => {
    const people = peopleWith({ 3: { absent: true } })
    expect(assigned({ ...from('Сибирь'), context: context({ people }) })).toMatchObject([{ userId: secretary, because: { rule: 'distribution-nobody' } }])
  })

  it('count at night too', () => {
    expect(assigned({ ...from('Юг'), now: at('22:00') })).toMatchObject([{ userId: boris }])
  })
})
