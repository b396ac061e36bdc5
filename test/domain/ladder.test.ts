/** S4-18…S4-20: who learns of an open miss, when, and when nobody else does. */
import { describe, expect, it } from 'vitest'
import type { Command } from '../../server/domain/command.ts'
import { decide } from '../../server/domain/decide.ts'
import { acknowledge } from '../../server/domain/rules/ladder.ts'
import { activeWatch, openTurn } from '../../server/domain/rules/turn.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { userId } from '../../server/domain/lead.ts'
import { active, add, anna, at, boris, call, context, fill, headOfSales, inWork, later, lead, look, moment, only, passUntil, peopleWith, qualified, answers, realRules as rules, regulation, vera } from './support.ts'
import type { World } from './support.ts'

const director = userId(11)
const monday = '2026-07-27'

/** Only Anna is there, so that the lead stays hers. The miss is noticed at 10:30. */
const alone = { 2: { absent: true }, 3: { absent: true } } as const
const withLadder = (incidents: Partial<Regulation['incidents']> = {}, roles: Partial<Regulation['roles']> = {}): Regulation => ({
  ...regulation,
  roles: { directorId: director, deputies: { [anna]: boris }, controllerId: null, ...roles },
  incidents: { ...regulation.incidents, misses: 100, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'head', after: 'PT4H' }, { rung: 'director', after: 'PT8H' }], ...incidents },
})
const start = (rules = withLadder(), people: Parameters<typeof peopleWith>[0] = alone): World => inWork({ regulation: rules, context: context({ people: [...peopleWith(people), { id: director, name: 'Ева Громова', active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }] }) })

/** Rungs told, with the moment of the look that told them. */
const toldUntil = (world: World, until: ReturnType<typeof at>): readonly (readonly [number, string])[] => {
  const told: (readonly [number, string])[] = []
  passUntil(world, until, {
    decide: (...looking) => {
      const commands = decide(...looking)
      told.push(...only(commands, 'notify').filter(({ about, mark }) => about === 'rung' && mark.startsWith(firstMiss)).map(({ userId: to }) => [to, looking[5].toString()] as const))
      return commands
    },
    evolve: rules.evolve,
    evolveContext: rules.evolveContext,
  })
  return told
}
const firstMiss = '7-in-work-'

/** The look that records the first miss. */
const missed = (rule = withLadder()): World => passUntil(start(rule), at('10:31'))
const incidentOf = (world: World): string => only(world.journal, 'open-incident')[0]?.incidentId ?? ''

describe('the ladder of an open miss', () => {
  it('tells deputy, head and director after their working time, each once and in order (S4-18, S4-19, S4-20)', () => {
    const told = toldUntil(start(withLadder({}, {})), at('12:00', monday))
    const first = incidentOf(missed())
    const ofFirst = only(passUntil(start(), at('12:00', monday)).journal, 'notify').filter(({ mark }) => mark.startsWith(`${first}-rung`))
    expect(ofFirst.map(({ userId: to }) => to)).toEqual([boris, headOfSales, director])
    // 10:30 and an hour; four hours with lunch between; eight hours end at 10:30 on Monday.
    expect(told.slice(0, 1)).toEqual([[boris, moment('11:30')]])
    expect(told.some(([to, when]) => to === headOfSales && when === moment('15:30'))).toBe(true)
    expect(told.some(([to, when]) => to === director && when === moment('10:30', monday))).toBe(true)
  })

  it('tells nobody else once the miss is answered', () => {
    const world = passUntil(start(), at('11:00'))
    const answered = look(add(world, call(at('11:00')))).world
    expect(only(passUntil(answered, at('11:45')).journal, 'notify').filter(({ about }) => about === 'rung')).toEqual([])
  })

  it('passes over a rung on which nobody stands, with the reason, and goes on in order', () => {
    const journal = passUntil(start(withLadder({}, { deputies: {} })), at('16:00')).journal
    const skipped = journal.filter((command): command is Extract<Command, { kind: 'note' }> => command.kind === 'note' && command.because.rule === 'rung-skipped')
    expect(skipped[0]?.because).toMatchObject({ rung: 'deputy', why: 'nobody' })
    expect(only(journal, 'notify').filter(({ about }) => about === 'rung')[0]?.userId).toBe(headOfSales)
  })

  it('tells nobody twice of one miss, though he stands on several rungs', () => {
    const both = withLadder({}, { deputies: { [anna]: headOfSales }, directorId: headOfSales })
    const first = incidentOf(missed(both))
    const journal = passUntil(start(both), at('12:00', monday)).journal
    expect(only(journal, 'notify').filter(({ mark }) => mark.startsWith(`${first}-rung`)).map(({ userId: to }) => to)).toEqual([headOfSales])
    expect(journal.some(({ because }) => because.rule === 'rung-skipped' && because.why === 'told')).toBe(true)
  })

  it('leaves out a person who no longer works here', () => {
    const world = start(withLadder(), { 2: { active: false }, 3: { absent: true } })
    const journal = passUntil(world, at('16:00')).journal
    expect(journal.some(({ because }) => because.rule === 'rung-skipped' && because.rung === 'deputy' && because.why === 'dismissed')).toBe(true)
  })

  it('never tells a higher rung before a lower one, whatever their spans say', () => {
    const upsideDown = withLadder({ ladder: [{ rung: 'head', after: 'PT2H' }, { rung: 'director', after: 'PT1H' }] })
    const first = incidentOf(missed(upsideDown))
    expect(only(passUntil(start(upsideDown), at('12:00', monday)).journal, 'notify').filter(({ mark }) => mark.startsWith(`${first}-rung`)).map(({ userId: to }) => to)).toEqual([headOfSales, director])
  })

  it('is remembered with the lead, not with its step', () => {
    const world = passUntil(start(), at('11:00'))
    expect(Object.keys(active(world).life?.ladders ?? {})).toEqual([incidentOf(world)])
  })

  it('forgets a miss that is answered', () => {
    const world = passUntil(start(), at('11:00'))
    const done = look(fill(add(world, call(at('11:00'))), { ...answers, ...qualified })).world
    expect(done.watch.status === 'unseen' ? undefined : done.watch.life?.ladders).toBeUndefined()
  })
})

describe('an acknowledged miss', () => {
  const acknowledged = (): { readonly world: World; readonly commands: readonly Command[] } => {
    const world = passUntil(start(), at('11:00'))
    const turn = openTurn(world.watch, world.lead ?? lead(), world.regulation, 1, world.context, at('11:00'))
    acknowledge(turn, incidentOf(world), headOfSales)
    acknowledge(turn, incidentOf(world), vera)
    acknowledge(turn, 'unknown', vera)
    return { world: { ...world, watch: activeWatch(turn) }, commands: turn.commands }
  }

  it('is journalled once, with whoever did it (S4-18)', () => {
    expect(acknowledged().commands).toEqual([{ kind: 'acknowledge-incident', leadId: 7, incidentId: incidentOf(missed()), byUserId: headOfSales, at: moment('11:00'), because: { rule: 'acknowledged', byUserId: headOfSales } }])
  })

  it('is told to nobody else, and stays open', () => {
    const { world } = acknowledged()
    const first = incidentOf(missed())
    const after = passUntil(later(world, '11:00'), at('12:00', monday))
    expect(only(after.journal, 'notify').filter(({ mark }) => mark.startsWith(`${first}-rung`))).toEqual([])
    expect(only(after.journal, 'resolve-incident')).toEqual([])
  })

  it('by whoever missed the deadline is noted once, and those above him are told all the same (S4-18)', () => {
    const world = passUntil(start(), at('11:00'))
    const turn = openTurn(world.watch, world.lead ?? lead(), world.regulation, 1, world.context, at('11:00'))
    const first = incidentOf(world)
    acknowledge(turn, first, anna)
    acknowledge(turn, first, anna)
    expect(turn.commands).toMatchObject([{ kind: 'note', because: { rule: 'acknowledged', byUserId: anna } }])
    const after = passUntil(later({ ...world, watch: activeWatch(turn) }, '11:00'), at('12:00', monday))
    expect(only(after.journal, 'notify').filter(({ mark }) => mark.startsWith(`${first}-rung`)).map(({ userId: to }) => to)).toEqual([boris, headOfSales, director])
    acknowledge(turn, first, headOfSales)
    expect(turn.commands.at(-1)).toMatchObject({ kind: 'acknowledge-incident', byUserId: headOfSales })
  })
})
