/** The laws of distribution with presence, limits and weights, and of taking in time. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import type { Context } from '../../server/domain/command.ts'
import type { evolveContext } from '../../server/domain/evolve.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { Pool, Regulation } from '../../server/domain/regulation.ts'
import { defaultPool } from '../../server/domain/rules/distribution.ts'
import type { distribute } from '../../server/domain/rules/distribution.ts'
import { at, call, add, anna, boris, carryOut, changeLead, context, look, lookAndCarryOut, officeHours, only, passUntil, people, peopleWith, regulation, vera, world } from './support.ts'
import type { Rules, World } from './support.ts'

type Sharing = { readonly distribute: typeof distribute; readonly evolveContext: typeof evolveContext }

const ids = [1, 2, 3, 4, 5]
const open = at('10:00').epochMilliseconds
const pooled = (change: Partial<Pool>): Regulation['distribution'] => ({ ...regulation.distribution, pools: regulation.distribution.pools.map(pool => ({ ...pool, members: { kind: 'people', userIds: ids.map(userId) }, ...change })) })
const team = (present: readonly number[]) => ids.map(id => ({ id: userId(id), name: `Person ${id}`, active: true, departmentIds: [], headIds: [], absent: !present.includes(id), dayOpen: null }))
const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}
const somePresent = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: ids.length })

/** Gives one lead to the people present, with the loads as they are told. */
const give = ({ distribute: choose, evolveContext: note }: Sharing, rule: Regulation['distribution'], state: Context) => {
  const choice = choose(rule, defaultPool(rule), state, officeHours, open)
  const counted = choice.kind === 'chosen' ? { poolId: 'main' } : {}
  return { choice, state: note(state, { kind: 'assign', leadId: leadId(1), userId: choice.userId, mark: 'm', ...counted, because: choice.because }) }
}

/**
 * S1-D10, S3-4: over any sequence of presence and of leads a day, nobody who could have got a lead is more than a few behind his part, and
 * nobody gets one above the limit. Days end now and then; a lead that nobody may have goes to the fallback person.
 */
export const sharesAreEqualWithinLimits = (sharing: Sharing) =>
  fc.property(fc.array(fc.record({ present: somePresent, newDay: fc.boolean() }), { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (leads, perDay) => {
    const rule = pooled({ limits: { open: null, perDay } })
    let state = context({ people: team(ids) })
    const part = new Map(ids.map(id => [id, 0]))
    for (const { present, newDay } of leads) {
      const load = newDay ? {} : state.load
      state = { ...state, people: team(present), load }
      const mayGet = present.filter(id => (load[id]?.today ?? 0) < perDay)
      const given = give(sharing, rule, state)
      state = given.state
      expectThat((given.choice.kind === 'chosen') === (mayGet.length > 0), 'a lead is given to nobody though somebody has room, or the other way round')
      if (given.choice.kind === 'nobody') continue
      expectThat(mayGet.includes(given.choice.userId), `${given.choice.userId} gets a lead above his limit or while he is away`)
      for (const id of mayGet) part.set(id, (part.get(id) ?? 0) + 1 / mayGet.length)
      for (const id of ids) {
        const received = state.shares.main?.[id]?.received ?? 0
        expectThat(Math.abs(received - (part.get(id) ?? 0)) <= (ids.length - 1) / 2 + 1e-6, `person ${id} has ${received} leads instead of ${part.get(id)}`)
      }
    }
  })

/** Product, 2: with the same people there, weighted parts come round: nobody is ever a whole lead ahead of his part, and every part is met in the end. */
export const weightsAreKept = (sharing: Sharing) =>
  fc.property(somePresent, fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 5, maxLength: 5 }), (present, weights) => {
    const rule = pooled({ order: 'weighted', weights: Object.fromEntries(ids.map((id, index) => [id, weights[index] ?? 1])) })
    const weightOf = (id: number): number => weights[id - 1] ?? 1
    const total = present.reduce((sum, id) => sum + weightOf(id), 0)
    let state = context({ people: team(present) })
    const received = new Map(ids.map(id => [id, 0]))
    for (let count = 1; count <= Math.max(total, 1) * 2; count += 1) {
      const given = give(sharing, rule, state)
      state = given.state
      expectThat((given.choice.kind === 'chosen') === (total > 0), 'a weight of nothing gets a lead')
      if (given.choice.kind === 'nobody') return
      received.set(given.choice.userId, (received.get(given.choice.userId) ?? 0) + 1)
      for (const id of present) expectThat((received.get(id) ?? 0) - (count * weightOf(id)) / total < 1 - 1e-6, `person ${id} is a whole lead ahead after ${count} leads`)
      if (count % total === 0) for (const id of present) expectThat(received.get(id) === (count / total) * weightOf(id), `person ${id} has ${received.get(id)} of ${count} leads`)
    }
  })

/** Equal weights are no weights: the same people in the same order, whatever the weight and whoever is there. */
export const equalWeightsAreTurns = (sharing: Sharing) =>
  fc.property(fc.array(somePresent, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (presences, weight) => {
    const weighted = pooled({ order: 'weighted', weights: Object.fromEntries(ids.map(id => [id, weight])) })
    let inTurn = context()
    let byWeight = context()
    for (const present of presences) {
      const turn = give(sharing, pooled({}), { ...inTurn, people: team(present) })
      const part = give(sharing, weighted, { ...byWeight, people: team(present) })
      expectThat(turn.choice.userId === part.choice.userId, `${part.choice.userId} instead of ${turn.choice.userId}`)
      inTurn = turn.state
      byWeight = part.state
    }
  })

/** S1-D14: with the fewest first, loads that begin the same never differ by more than one while the same people are there. */
export const loadsAreLevel = (sharing: Sharing) =>
  fc.property(somePresent, fc.integer({ min: 1, max: 40 }), (present, leads) => {
    let state = context({ people: team(present) })
    for (let count = 0; count < leads; count += 1) state = give(sharing, pooled({ order: 'least-loaded' }), state).state
    const loads = present.map(id => state.load[id]?.open ?? 0)
    expectThat(Math.max(...loads) - Math.min(...loads) <= 1, `loads ${loads.join()}`)
  })

// --- taking in time ---------------------------------------------------------

/** A message that arrives brings in the head: that is news, and another law's. */
const takenIn: Regulation = { ...regulation, incidents: { ...regulation.incidents, misses: 0, ladder: [] }, distribution: { ...regulation.distribution, takeWithin: 'PT20M', takeRounds: 2 } }
const happenings: Readonly<Record<string, (state: World) => World>> = {
  'a call': state => add(state, call(state.now)),
  'given to Vera': state => changeLead(state, { responsibleId: vera }),
  'Anna opens it': state => changeLead(state, { acts: [{ id: 1 + (state.lead?.acts?.length ?? 0), at: state.now, byUserId: anna, kind: 'opened' }] }),
  'Boris takes it': state => changeLead(state, { acts: [{ id: 1 + state.journal.length, at: state.now, byUserId: boris, kind: 'take' }] }),
  'Boris is away': state => ({ ...state, context: { ...state.context, people: peopleWith({ 2: { absent: true } }) } }),
  'nobody is there': state => ({ ...state, context: { ...state.context, people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) } }),
  'everybody is there': state => ({ ...state, context: { ...state.context, people } }),
  'Anna leaves': state => ({ ...state, context: { ...state.context, people: peopleWith({ 1: { active: false } }) } }),
}

/**
 * Product, 2: a lead that is not begun goes on so many times at most, never to somebody who has had it, and is never without a responsible;
 * a second look changes nothing.
 */
export const handsOnInTurn = (rules: Rules) =>
  fc.property(fc.array(fc.oneof(fc.constantFrom(...Object.keys(happenings)), fc.integer({ min: 1, max: 120 })), { maxLength: 10 }), (story) => {
    let state = lookAndCarryOut(world({ regulation: takenIn }), rules).world
    for (const one of story) {
      state = typeof one === 'number' ? passUntil(state, state.now.add({ minutes: one }), rules) : happenings[one]?.(state) ?? state
      state = lookAndCarryOut(state, rules).world
      expectThat(state.lead?.responsibleId !== null && state.watch.status === 'active', 'a lead has nobody')
      const again = look(state, rules)
      expectThat(again.commands.every(({ kind }) => kind === 'wake-at'), `a second look acts again: ${again.commands.map(({ kind, because }) => `${kind} ${because.rule}`).join()}`)
      expectThat(look(carryOut(again.world, rules), rules).commands.every(({ kind }) => kind === 'wake-at'), 'a third look acts again')
    }
    let hadIt: number[] = []
    for (const command of state.journal) {
      if (command.kind === 'note' && command.life?.passedOn !== undefined) hadIt = [...command.life.passedOn]
      expectThat(hadIt.length <= 3, 'a lead goes round and round')
      if (command.kind === 'assign' && command.because.rule === 'distribution-in-turn') expectThat(!hadIt.includes(command.userId), 'it goes to somebody who has had it')
    }
    const told = only(state.journal, 'notify').filter(({ about }) => about === 'not-taken')
    expectThat(new Set(told.map(({ mark }) => mark)).size === told.length, 'somebody is told twice with one mark')
  })
