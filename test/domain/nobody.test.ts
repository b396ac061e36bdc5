/** Product, 2; S1-A10, S3-13, S3-18: a lead for which nobody could be chosen is forgotten by nobody. */
import { describe, expect, it } from 'vitest'
import type { Context } from '../../server/domain/command.ts'
import { userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { active, add, at, call, changeFollowUps, changeLead, context, headOfSales, kindsOf, later, look, lookAndCarryOut, moment, only, passUntil, people, peopleWith, press, regulation, secretary, stages, vera, world } from './support.ts'
import type { World } from './support.ts'

const away = { 1: { absent: true }, 2: { absent: true }, 3: { absent: true } } as const
const director = userId(11)
const admin = userId(12)
const waiting = (change: Partial<World> = {}): World => lookAndCarryOut(world({ context: context({ people: peopleWith(away) }), ...change })).world
const openTasks = (state: World): readonly string[] => (state.lead?.followUps ?? []).filter(({ open }) => open).map(({ mark }) => mark)
const toldOf = (state: World, since: World): readonly (readonly [number, string])[] => only(state.journal.slice(since.journal.length), 'notify').filter(({ because }) => because.rule === 'nobody-named').map(({ userId: to, about }) => [to, about] as const)

describe('a lead of nobody', () => {
  it('has its task set again when it is closed and nobody is named (S3-18)', () => {
    const closed = lookAndCarryOut(changeFollowUps(later(waiting(), '10:30'), { open: false })).world
    expect(openTasks(closed)).toEqual([active(closed).followUp?.mark])
    expect(only(closed.journal, 'set-follow-up').at(-1)).toMatchObject({ title: 'Назначить ответственного: Столешница на кухню', responsibleId: secretary })
    expect(kindsOf(look(closed).commands)).toEqual(['wake-at'])
    const again = lookAndCarryOut(changeFollowUps(later(closed, '11:30'), { open: false })).world
    expect(openTasks(again)).toHaveLength(1)
  })

  it('is told further after a working day, once a working day (product, 2; S1-A10)', () => {
    const start = waiting()
    expect(toldOf(passUntil(start, at('09:55', '2026-07-27')), start)).toEqual([])
    const end = passUntil(start, at('12:00', '2026-07-29'))
    expect(toldOf(end, start)).toEqual([[headOfSales, 'nobody-available'], [headOfSales, 'nobody-available'], [headOfSales, 'nobody-available']])
    expect(kindsOf(look(end).commands)).toEqual(['wake-at'])
  })

  it('is told to the head, then to the director, then to the administrators', () => {
    const adminIds = [admin]
    const company: Context = context({ adminIds, people: [...peopleWith(away), ...[director, admin].map(id => ({ ...people[3]!, id, departmentIds: [] }))] })
    const rules: Regulation = { ...regulation, roles: { ...regulation.roles, directorId: director } }
    const start = waiting({ context: company, regulation: rules })
    expect(toldOf(passUntil(start, at('12:00', '2026-07-30')), start).map(([to]) => to)).toEqual([headOfSales, director, admin, admin])
  })

  it('is forgotten as little when everybody has had it and nobody began', () => {
    const rounds: Regulation = { ...regulation, distribution: { ...regulation.distribution, takeWithin: 'PT10M', takeRounds: 1 } }
    const start = passUntil(lookAndCarryOut(world({ regulation: rounds })).world, at('12:00'))
    expect(active(start).chosenId).toBeNull()
    const closed = lookAndCarryOut(changeFollowUps(start, { open: false })).world
    expect(openTasks(closed)).toHaveLength(1)
    expect(toldOf(passUntil(closed, at('12:30', '2026-07-28')), closed).map(([to]) => to)).toEqual([headOfSales, headOfSales])
  })

  it('is told no further once somebody has it', () => {
    const start = waiting()
    const named = lookAndCarryOut(changeLead(later(start, '11:00'), { responsibleId: headOfSales })).world
    expect(toldOf(passUntil(named, at('12:00', '2026-07-29')), start)).toEqual([])
  })

  it('brings no message for each of those that were open before the installation', () => {
    const old = waiting({ context: context({ people: peopleWith({ ...away, 20: { active: false } }), installedAt: moment('09:00') }), lead: { ...world().lead!, responsibleId: null, createdAt: at('10:00', '2026-07-01'), stageId: stages['in-work'] } })
    expect(active(old).takenOver).toBe(true)
    expect(toldOf(passUntil(old, at('12:00', '2026-07-29')), old)).toEqual([])
  })
})

describe('whoever holds a lead of nobody', () => {
  it.each([
    ['says that he has called', { kind: 'call-declared', comment: 'Поговорили, ждёт замер' }],
    ['waits for the client', { kind: 'wait', until: at('10:00', '2026-07-27'), comment: 'В отпуске' }],
    ['has not reached the client', { kind: 'not-reached' }],
    ['is to call back', { kind: 'call-back', until: at('15:00') }],
  ] as const)('%s: it is his by that, and what he says is obeyed (S3-13)', (_, act) => {
    const { commands, world: after } = lookAndCarryOut(press(later(waiting(), '10:30'), act, secretary))
    expect(only(commands, 'note-responsible')).toMatchObject([{ userId: secretary, because: { rule: 'begun', how: 'worked' } }])
    const watch = active(after)
    expect(watch).toMatchObject({ responsibleId: secretary, chosenId: secretary, stepId: 'in-work' })
    if (act.kind === 'call-declared') expect(watch.contactedAt).toBe(moment('10:30'))
    if (act.kind === 'wait') expect(watch.step?.waiting?.until).toBe(moment('10:00', '2026-07-27'))
    if (act.kind === 'not-reached') expect(watch.life?.attempts?.count).toBe(1)
    if (act.kind === 'call-back') expect(watch.clock).toMatchObject({ dueAt: moment('15:00') })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is not whoever only sees it', () => {
    const after = lookAndCarryOut(press(later(waiting(), '10:30'), { kind: 'not-reached' }, vera)).world
    expect(active(after)).toMatchObject({ chosenId: null, responsibleId: secretary })
  })

  it('keeps it from members of the pool once he was named by hand (S3-13)', () => {
    const named = lookAndCarryOut(changeLead(later(lookAndCarryOut(world()).world, '10:10'), { responsibleId: secretary })).world
    const talked = lookAndCarryOut(add(later(named, '10:20'), call(at('10:15'), 120, { responsibleId: secretary }))).world
    for (const state of [named, talked]) expect(only(look(press(later(state, '10:30'), { kind: 'take' }, vera)).commands, 'assign')).toEqual([])
    expect(active(talked).chosenId).toBe(secretary)
  })
})
