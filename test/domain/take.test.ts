import { describe, expect, it } from 'vitest'
import type { Act, Lead } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { active, add, anna, at, boris, call, changeFollowUps, changeLead, context, fill, headOfSales, later, look, lookAndCarryOut, kindsOf, moment, moveTo, only, passUntil, peopleWith, regulation, secretary, elsewhere, vera, world } from './support.ts'
import type { World } from './support.ts'

const takenIn = (change: Partial<Regulation['distribution']> = {}): Regulation => ({ ...regulation, distribution: { ...regulation.distribution, takeWithin: 'PT10M', ...change } })
const given = (change: Partial<Regulation['distribution']> = {}) => lookAndCarryOut(world({ regulation: takenIn(change) })).world
const act = (state: World, made: { kind: 'opened' } | { kind: 'take' }, byUserId = anna): World => changeLead(state, { acts: [{ id: 1, at: state.now, byUserId, ...made } satisfies Act] } as Partial<Lead>)

describe('a lead given by distribution', () => {
  it('is to be begun in time, and looked at then (S4-2)', () => {
    const { commands } = look(world({ regulation: takenIn() }))
    expect(only(commands, 'note')).toMatchObject([{ step: { takeBy: moment('10:10') }, because: { rule: 'take-by' } }])
    expect(only(commands, 'wake-at')).toMatchObject([{ at: moment('10:10') }])
  })

  it('goes to the next one with a whole term when it was not, and that is a miss of nobody', () => {
    const { commands, world: after } = lookAndCarryOut(later(given(), '10:10'))
    expect(only(commands, 'assign')).toMatchObject([{ userId: boris, poolId: 'main' }])
    expect(only(commands, 'notify').map(({ userId, about }) => [userId, about])).toEqual([[anna, 'not-taken'], [boris, 'assigned']])
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('10:40') })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('says in the receipt that whoever had it has had it', () => {
    const because = only(look(later(given(), '10:10')).commands, 'assign')[0]?.because
    expect(because?.rule === 'distribution-in-turn' && because.candidates.find(({ userId }) => userId === anna)?.verdict).toBe('had-it')
  })

  it('reaches the fallback person with a task when everybody has had it, and stays there', () => {
    const end = passUntil(given(), at('12:00'))
    expect(only(end.journal, 'assign').map(({ userId }) => userId)).toEqual([anna, boris, vera, secretary])
    expect(active(end)).toMatchObject({ responsibleId: secretary, chosenId: null, clock: { kind: 'none' } })
    expect(only(end.journal, 'set-follow-up').at(-1)).toMatchObject({ responsibleId: secretary })
    expect(only(end.journal, 'open-incident')).toEqual([])
  })

  it('goes on so many times at most', () => {
    const end = passUntil(given({ takeRounds: 1 }), at('12:00'))
    expect(only(end.journal, 'assign').map(({ userId }) => userId)).toEqual([anna, boris, secretary])
  })

  it('waits over lunch and night: only working time counts', () => {
    const evening = lookAndCarryOut(world({ regulation: takenIn(), now: at('17:55') })).world
    expect(active(evening).step?.takeBy).toBe(moment('09:05', '2026-07-27'))
  })

  it('stays with whoever is named by a person, and with whoever distribution is left to by the regulation', () => {
    const named = lookAndCarryOut(changeLead(later(given(), '10:05'), { responsibleId: vera })).world
    expect(active(passUntil(named, at('10:30'))).responsibleId).toBe(vera)
    expect(active(passUntil(given({ takeWithin: null }), at('10:25'))).responsibleId).toBe(anna)
  })
})

describe('the beginning', () => {
  it.each<[string, (state: World) => World]>([
    ['the responsible opens the lead', state => act(state, { kind: 'opened' })],
    ['a contact', state => add(state, call(state.now))],
    ['a call that reached nobody', state => add(state, call(state.now, 0))],
    ['a move to another stage and back', state => moveTo(look(moveTo(state, elsewhere)).world, regulation.steps[1]!.stageId)],
  ])('is %s: the lead is not taken back', (_, happen) => {
    const begun = lookAndCarryOut(happen(later(given(), '10:05'))).world
    const end = passUntil(begun, at('10:12'))
    expect(only(end.journal, 'notify').filter(({ about }) => about === 'not-taken')).toEqual([])
  })

  it.each<[string, (state: World) => World]>([
    ['an answer in the card', state => fill(state, { UF_CRM_LR_SIZE: '3000' })],
    ['a closed task', state => changeFollowUps(state, { open: false, summarised: true })],
  ])('is %s', (_, happen) => {
    const { commands, world: begun } = lookAndCarryOut(happen(later(given(), '10:05')))
    expect(only(commands, 'note').filter(({ because }) => because.rule === 'begun')).toMatchObject([{ because: { how: 'worked' } }])
    expect(active(passUntil(begun, at('10:20'))).responsibleId).toBe(anna)
    expect(active(lookAndCarryOut(happen(later(given(), '10:12'))).world).responsibleId).toBe(anna)
  })

  it('is nothing that stood in the card when the lead was given', () => {
    const filled = lookAndCarryOut(fill(world({ regulation: takenIn() }), { UF_CRM_LR_SIZE: '3000' })).world
    expect(active(passUntil(filled, at('10:12'))).responsibleId).toBe(boris)
  })

  it('is not that somebody else opens it', () => {
    const end = passUntil(lookAndCarryOut(act(later(given(), '10:05'), { kind: 'opened' }, boris)).world, at('10:12'))
    expect(active(end).responsibleId).toBe(boris)
    expect(only(end.journal, 'notify').filter(({ about }) => about === 'not-taken')).toMatchObject([{ userId: anna }])
  })

  it('is noted once', () => {
    const { commands, world: begun } = lookAndCarryOut(act(later(given(), '10:05'), { kind: 'opened' }))
    expect(only(commands, 'note').filter(({ because }) => because.rule === 'begun')).toMatchObject([{ step: { takenAt: moment('10:05') }, because: { how: 'opened' } }])
    expect(only(look(begun).commands, 'note')).toEqual([])
  })
})

describe('a member of the pool', () => {
  const nobody = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
  const waiting = (change: Partial<Regulation['distribution']> = {}) => lookAndCarryOut(world({ regulation: takenIn(change), context: nobody })).world

  it('may take a lead of nobody, and it counts as one of his (S3-13)', () => {
    const { commands, world: after } = lookAndCarryOut(act(later(waiting(), '10:20'), { kind: 'take' }, vera))
    expect(only(commands, 'assign')).toMatchObject([{ userId: vera, poolId: 'main', because: { rule: 'taken-by-member' } }])
    expect(after.context.shares.main?.[vera]?.received).toBe(1)
    expect(active(after)).toMatchObject({ responsibleId: vera, chosenId: vera, clock: { kind: 'first-contact' } })
  })

  it('may take a lead that has not been begun, and not one that has (S3-13)', () => {
    expect(only(look(act(later(given(), '10:05'), { kind: 'take' }, boris)).commands, 'assign')).toMatchObject([{ userId: boris }])
    const begun = lookAndCarryOut(add(later(given(), '10:05'), call(at('10:05')))).world
    expect(only(look(act(later(begun, '10:06'), { kind: 'take' }, boris)).commands, 'assign')).toEqual([])
  })

  it('is meant: nobody from elsewhere, and nobody where the regulation does not allow it', () => {
    expect(only(look(act(later(waiting(), '10:20'), { kind: 'take' }, headOfSales)).commands, 'assign')).toEqual([])
    expect(only(look(act(later(waiting({ poolMayTake: false }), '10:20'), { kind: 'take' }, vera)).commands, 'assign')).toEqual([])
  })
})

describe('the portal’s robot «Распределить лид»', () => {
  it('gives the lead out anew, once, and learns who got it', () => {
    const asked = changeLead(later(given({ takeWithin: null }), '10:05'), { acts: [{ id: 1, at: at('10:05'), byUserId: null, kind: 'distribute', token: 'robot-1' }] })
    const { commands, world: after } = lookAndCarryOut(asked)
    expect(only(commands, 'assign')).toMatchObject([{ userId: boris, because: { rule: 'distribution-in-turn' } }])
    expect(only(commands, 'answer-robot')).toMatchObject([{ token: 'robot-1', values: { responsibleId: boris } }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })
})
