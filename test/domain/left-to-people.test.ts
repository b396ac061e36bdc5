/** S0-16, S0-19, S3-18: a step that is done and whose lead people have to move on themselves. */
import { describe, expect, it } from 'vitest'
import type { GateNeed, Regulation } from '../../server/domain/regulation.ts'
import { active, add, answers, at, boris, call, changeFollowUps, changeLead, context, fill, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, notQualified, only, passUntil, peopleWith, press, qualified, stages, withStep } from './support.ts'
import type { World } from './support.ts'

const leave = { done: { stageId: stages.qualified, by: 'proposed' as const }, notQualified: { stageId: stages['not-qualified'], by: 'automatic' as const } }
const gate = (...needs: readonly GateNeed[]) => ({ needs, sendBack: true, noSkipping: true })
const taskGate = withStep({ card: null, gate: gate({ kind: 'task-done' }), leave })
const cardGate = withStep({ gate: gate({ kind: 'task-done' }), leave })
const proposed = withStep({ leave })
const alone = { context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) }
const done = (state: World): World => lookAndCarryOut(fill(add(later(state, '10:10'), call(at('10:05'))), { ...answers, ...qualified })).world
const openTasks = (state: World): readonly string[] => (state.lead?.followUps ?? []).filter(({ open }) => open).map(({ mark }) => mark)
const titles = (state: World): readonly string[] => only(state.journal, 'set-follow-up').map(({ title }) => title)

describe('the task to move the lead on', () => {
  it.each<[string, World]>([
    ['a step without a card', changeFollowUps(later(inWork({ regulation: taskGate }), '10:10'), { open: false })],
    ['a closing card', fill(changeFollowUps(later(inWork({ regulation: cardGate }), '10:10'), { open: false }), { ...answers, ...qualified })],
  ])('is not the step’s own, which its gate wants closed: %s (S0-19)', (_, state) => {
    const closed = lookAndCarryOut(state).world
    expect(titles(closed).at(-1)).toBe('Перевести лид дальше: Столешница на кухню')
    const { commands, world: after } = lookAndCarryOut(later(closed, '10:12'))
    expect(kindsOf(commands)).toEqual(['wake-at'])
    const moved = lookAndCarryOut(moveTo(later(after, '10:13'), stages.qualified))
    expect(only(moved.commands, 'move-stage')).toEqual([])
    expect(only(moved.commands, 'close-watch')).toMatchObject([{ outcome: 'qualified' }])
    expect(only(lookAndCarryOut(press(later(after, '10:13'), { kind: 'go-on' })).commands, 'move-stage')).toMatchObject([{ to: stages.qualified }])
  })

  it('is set again as what it is when it is closed or deleted without the move (S3-18)', () => {
    const state = done(inWork({ regulation: proposed }))
    const closed = lookAndCarryOut(changeFollowUps(later(state, '10:20'), { open: false })).world
    expect(openTasks(closed)).toHaveLength(1)
    expect(titles(closed).slice(-2)).toEqual(['Перевести лид дальше: Столешница на кухню', 'Перевести лид дальше: Столешница на кухню'])
    const mark = active(state).followUp?.mark ?? ''
    const deleted = lookAndCarryOut(changeLead(later(state, '10:20'), { followUps: [], deletedFollowUps: [mark] })).world
    expect(titles(deleted).at(-1)).toBe('Перевести лид дальше: Столешница на кухню')
  })

  it('is not asked for again by a gate that lacked something else when the step’s task was closed (S0-19)', () => {
    const rules = withStep({ gate: gate({ kind: 'task-done' }, { kind: 'contact' }), leave })
    const held = lookAndCarryOut(fill(changeFollowUps(later(inWork({ regulation: rules }), '10:10'), { open: false }), { ...answers, ...qualified }))
    expect(only(held.commands, 'notify')).toMatchObject([{ about: 'gate-needs', because: { needs: ['связаться с клиентом'] } }])
    expect(openTasks(held.world)).toHaveLength(1)
    expect(kindsOf(look(later(held.world, '10:12')).commands)).toEqual(['wake-at'])
    const called = lookAndCarryOut(add(later(held.world, '10:20'), call(at('10:15')))).world
    expect(titles(called).at(-1)).toContain('Перевести лид дальше')
  })

  it('gives way to the step’s own when the step is not done any more', () => {
    const state = done(inWork({ regulation: proposed }))
    const again = lookAndCarryOut(fill(later(state, '10:20'), { UF_CRM_LR_RESULT: null })).world
    expect(openTasks(again)).toEqual([active(again).followUp?.mark])
    expect(titles(again).at(-1)).toContain('Квалифицировать лид')
    const finished = lookAndCarryOut(fill(later(again, '10:30'), qualified)).world
    expect(titles(finished).at(-1)).toContain('Перевести лид дальше')
    expect(openTasks(finished)).toHaveLength(1)
  })
})

describe('a step that is done and left to people', () => {
  it.each(['proposed', 'hand'] as const)('has a working day for the move (%s), as its task says (S3-18)', (by) => {
    const state = done(inWork({ regulation: withStep({ leave: { ...leave, done: { ...leave.done, by } } }) }))
    expect(active(state).clock).toMatchObject({ kind: 'again', dueAt: moment('10:10', '2026-07-27') })
    expect(state.lead?.followUps.at(-1)?.deadlineAt?.toString()).toBe(moment('10:10', '2026-07-27'))
    expect(kindsOf(look(state).commands)).toEqual(['wake-at'])
  })

  it('is reminded of, missed and asked for again until somebody moves it (S4-15)', () => {
    const state = done(inWork({ regulation: proposed, ...alone }))
    const end = passUntil(state, at('12:00', '2026-07-29'))
    const since = end.journal.slice(state.journal.length)
    expect(only(since, 'open-incident').map(({ dueAt, about }) => [dueAt, about])).toEqual([[moment('10:10', '2026-07-27'), 'not-finished'], [moment('10:10', '2026-07-28'), 'not-finished'], [moment('10:10', '2026-07-29'), 'not-finished']])
    expect(only(since, 'notify').filter(({ about }) => about === 'reminder')).toHaveLength(3)
    expect(openTasks(end)).toHaveLength(1)
    const moved = lookAndCarryOut(moveTo(end, stages.qualified))
    expect(only(moved.commands, 'resolve-incident')).toHaveLength(3)
  })

  it('goes to somebody who is there when its responsible is away at the deadline', () => {
    const state = done(inWork({ regulation: proposed }))
    const away = { ...state, context: context({ people: peopleWith({ 1: { absent: true }, 3: { absent: true } }) }) }
    const end = passUntil(away, at('10:11', '2026-07-27'))
    expect(only(end.journal, 'open-incident')).toEqual([])
    expect(active(end).responsibleId).toBe(boris)
    expect(active(end).clock.kind).not.toBe('none')
    expect(titles(end).at(-1)).toContain('Перевести лид дальше')
  })

  it('has no term where the step has none', () => {
    const untimed: Regulation = withStep({ leave, deadline: null })
    const state = done(inWork({ regulation: untimed }))
    expect(active(state).clock).toEqual({ kind: 'none' })
    expect(openTasks(state)).toHaveLength(1)
  })
})

describe('a refusal that people are to carry out', () => {
  const rules = withStep({ leave: { done: leave.done, notQualified: { stageId: stages['not-qualified'], by: 'proposed' } } })
  const refused = () => lookAndCarryOut(fill(later(inWork({ regulation: rules }), '10:10'), notQualified))

  it('is carried out when the manager confirms it (S0-13, S3-27)', () => {
    expect(only(refused().commands, 'move-stage')).toEqual([])
    const { commands } = lookAndCarryOut(press(later(refused().world, '10:20'), { kind: 'refuse' }))
    expect(only(commands, 'move-stage')).toMatchObject([{ to: stages['not-qualified'] }])
    expect(only(commands, 'close-watch')).toMatchObject([{ outcome: 'not-qualified' }])
  })

  it('is none where the card says no refusal, or its reason lacks something (S3-27.6)', () => {
    const open = lookAndCarryOut(press(later(inWork({ regulation: rules }), '10:20'), { kind: 'refuse' })).world
    expect(active(open).step?.refuse).toBeUndefined()
    const wanting = { ...rules, card: { ...rules.card, reason: { ...rules.card.reason, options: rules.card.reason.options.map(option => ({ ...option, attemptsNeeded: 4 })) } } }
    const few = lookAndCarryOut(press(fill(later(inWork({ regulation: wanting }), '10:20'), notQualified), { kind: 'refuse' })).world
    expect(active(few).step?.refuse).toBeUndefined()
  })

  const moves = (commands: Parameters<typeof only>[0]) => only(commands, 'move-stage').map(({ to }) => to)

  it('has to be confirmed anew when the card said something else meanwhile (S3-27)', () => {
    const confirmed = lookAndCarryOut({ ...press(later(refused().world, '10:20'), { kind: 'refuse' }), refusing: true }).world
    const stuck = { ...lookAndCarryOut(later(confirmed, '10:22')).world, refusing: false }
    expect(active(stuck).refused?.to).toBe(stages['not-qualified'])
    // Another reason at once, or none for a while.
    const other = fill(later(stuck, '10:30'), { UF_CRM_LR_REASON: 'REASON-3' })
    const again = fill(later(lookAndCarryOut(fill(later(stuck, '10:30'), { UF_CRM_LR_RESULT: null })).world, '10:40'), notQualified)
    for (const state of [other, again]) {
      const { commands, world } = lookAndCarryOut(state)
      expect(moves(commands)).toEqual([])
      expect(kindsOf(look(world).commands)).toEqual(['wake-at'])
      expect(moves(lookAndCarryOut(press(later(world, '10:50'), { kind: 'refuse' })).commands)).toEqual([stages['not-qualified']])
    }
  })

  it('is tried again as it was confirmed where the portal has refused the move', () => {
    const confirmed = lookAndCarryOut({ ...press(later(refused().world, '10:20'), { kind: 'refuse' }), refusing: true }).world
    const end = passUntil({ ...confirmed, refusing: false }, at('10:20', '2026-07-28'))
    expect(end.lead?.stageId).toBe(stages['not-qualified'])
  })

  it('confirmed sends a finished lead no further by itself', () => {
    const pressed = lookAndCarryOut(press(later(inWork({ regulation: rules }), '10:20'), { kind: 'refuse' })).world
    const { commands } = lookAndCarryOut(fill(later(pressed, '10:30'), { ...answers, ...qualified }))
    expect(only(commands, 'move-stage')).toEqual([])
  })
})
