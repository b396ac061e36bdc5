import { describe, expect, it } from 'vitest'
import { isMovedSince } from '../../server/domain/rules/tasks.ts'
import { active, add, answers, at, boris, call, carryOut, changeFollowUps, changeLead, context, fill, inWork, kindsOf, later, look, lookAndCarryOut, moment, only, peopleWith, qualified, regulation, secretary, withStep, world } from './support.ts'
import type { World } from './support.ts'

const work = regulation.steps[1]
if (work === undefined || work.followUp === null) throw new Error('the step has a follow-up')
const withTodo = withStep({ followUp: { ...work.followUp, form: 'todo' } })
const fixed = withStep({ followUp: { ...work.followUp, deadlineMayMove: false } })

describe('a new term', () => {
  it('moves the task that is open, and sets a closed one anew', () => {
    expect(kindsOf(look(later(inWork(), '10:30')).commands)).toEqual(['open-incident', 'notify', 'set-clock', 'change-follow-up', 'fire-trigger', 'wake-at'])
    const { commands, world: after } = lookAndCarryOut(changeFollowUps(later(inWork(), '10:30'), { open: false }))
    expect(kindsOf(commands)).toEqual(['open-incident', 'notify', 'set-clock', 'set-follow-up', 'fire-trigger', 'wake-at'])
    expect(after.lead?.followUps).toMatchObject([{ open: false }, { open: true, deadlineAt: at('11:30') }])
  })

  it('sets a task where the finished step had given its own away', () => {
    const closed = carryOut(look({ ...fill(later(inWork(), '10:10'), { ...answers, ...qualified }), refusing: true }).world)
    expect(active(closed).followUp).toBeNull()
    const { commands } = look(closed)
    expect(only(commands, 'set-follow-up')).toMatchObject([{ deadlineAt: moment('11:10') }])
    expect(only(commands, 'change-follow-up')).toEqual([])
  })
})

describe('a lead that is deleted', () => {
  it('takes its to-do along: only a task is left to be closed', () => {
    expect(kindsOf(look({ ...inWork(), lead: null }).commands)).toEqual(['close-follow-up', 'close-watch'])
    expect(kindsOf(look({ ...inWork({ regulation: withTodo }), lead: null }).commands)).toEqual(['close-watch'])
  })
})

/** What jobs tell when the portal does not know our follow-up any more. */
const deleted = (state: World): World => {
  const mark = active(state).followUp?.mark ?? ''
  return changeLead(state, { followUps: (state.lead?.followUps ?? []).filter(followUp => followUp.mark !== mark), deletedFollowUps: [mark] })
}

describe('a task that somebody has deleted', () => {
  it.each([['task', regulation], ['to-do', withTodo]] as const)('is set again, once, with the same term and its reason (%s)', (_form, base) => {
    const { commands, world: after } = lookAndCarryOut(deleted(later(inWork({ regulation: base }), '10:10')))
    expect(kindsOf(commands)).toEqual(['set-follow-up', 'wake-at'])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ deadlineAt: moment('10:30'), because: { rule: 'follow-up-deleted' } }])
    expect(active(after).clock).toMatchObject({ dueAt: moment('10:30') })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    expect(kindsOf(lookAndCarryOut(deleted(after)).commands)).toEqual(['set-follow-up', 'wake-at'])
  })

  it('is set with the term of what has happened meanwhile, in one go', () => {
    const { commands } = look(add(deleted(later(inWork(), '10:15')), call(at('10:12'))))
    expect(kindsOf(commands)).toEqual(['note-contact', 'set-clock', 'set-follow-up', 'wake-at'])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ deadlineAt: moment('12:12') }])
  })

  it('is set for whoever has the lead by then', () => {
    const { commands } = look(changeLead(deleted(later(inWork(), '10:15')), { responsibleId: boris }))
    expect(only(commands, 'set-follow-up')).toMatchObject([{ responsibleId: boris }])
    expect(only(commands, 'change-follow-up')).toEqual([])
  })

  it('is set with the new term after a miss', () => {
    expect(kindsOf(look(deleted(later(inWork(), '10:30'))).commands)).toEqual(['open-incident', 'notify', 'set-clock', 'set-follow-up', 'fire-trigger', 'wake-at'])
  })

  it('is not set for a step that is done', () => {
    const { commands } = look(fill(deleted(later(inWork(), '10:15')), { ...answers, ...qualified }))
    expect(only(commands, 'set-follow-up')).toEqual([])
  })

  it('is set again, too, where it asks for a responsible', () => {
    const away = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const waiting = lookAndCarryOut(world({ context: away })).world
    const { commands } = look(deleted(later(waiting, '10:05')))
    expect(only(commands, 'set-follow-up')).toMatchObject([{ responsibleId: secretary, title: expect.stringContaining('Назначить ответственного') as string, because: { rule: 'follow-up-deleted' } }])
  })
})

describe('a deadline moved by hand before our own change was carried out', () => {
  const contacted = () => look(add(later(inWork(), '10:15'), call(at('10:12')))).world

  it('stays, and is followed (S0-7, S0-23)', () => {
    const moved = carryOut(changeFollowUps(contacted(), { deadlineAt: at('16:00') }))
    expect(moved.lead?.followUps[0]?.deadlineAt?.toString()).toBe(moment('16:00'))
    const { world: after } = lookAndCarryOut(later(moved, '10:20'))
    expect(active(after).clock).toMatchObject({ kind: 'finish', dueAt: moment('16:00'), movedFrom: moment('12:12') })
  })

  it('is told from one of ours, from a rounded one and from one before the term', () => {
    const [change] = only(contacted().outbox, 'change-follow-up')
    if (change === undefined) throw new Error('the task is moved along')
    const isMoved = (time: string) => isMovedSince(change, at(time))
    expect(isMoved('16:00')).toBe(true)
    expect(['10:30', '10:30:40', '12:12', '10:00'].filter(isMoved)).toEqual([])
    expect(isMovedSince(change, null)).toBe(false)
  })

  it('is overwritten where the regulation forbids to move it (S0-23)', () => {
    const { commands } = look(add(later(inWork({ regulation: fixed }), '10:15'), call(at('10:12'))))
    const [change] = only(commands, 'change-follow-up')
    expect(change === undefined || isMovedSince(change, at('16:00'))).toBe(false)
  })
})
