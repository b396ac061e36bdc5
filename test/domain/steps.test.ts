import { describe, expect, it } from 'vitest'
import { activity, add, anna, answers, at, boris, call, changeLead, active, context, elsewhere, fill, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, only, peopleWith, qualified, regulation, stages, vera, withStep, won, world } from './support.ts'

describe('a new lead', () => {
  it('is distributed, moved into work, given a task and a term, and told (S0-4, S0-5, S1-C5, S4-12)', () => {
    const { commands, world: after } = lookAndCarryOut(world())
    expect(kindsOf(commands)).toEqual(['start-watch', 'assign', 'move-stage', 'enter-step', 'set-clock', 'set-follow-up', 'comment', 'notify', 'wake-at'])
    expect(after.lead).toMatchObject({ responsibleId: anna, stageId: stages['in-work'] })
    expect(active(after)).toMatchObject({ stepId: 'in-work', responsibleId: anna, chosenId: anna, clock: { kind: 'first-contact', dueAt: moment('10:30') } })
  })

  it('gets a task with what to do, the questions and a reminder (S0-6, S0-8, S0-11, S0-25)', () => {
    const [task] = only(look(world()).commands, 'set-follow-up')
    expect(task).toMatchObject({ form: 'task', title: 'Квалифицировать лид: Мария', responsibleId: anna, deadlineAt: moment('10:30'), remindBeforeMinutes: 15, deadlineMayMove: true })
    expect(task?.text).toContain('Как действовать:')
    expect(task?.text).toContain('Чтобы перейти дальше')
    expect(task?.checklist).toContain('Размеры изделия (обязательно)')
    expect(task?.checklist).toContain('Цвет')
    expect(task?.checklist.at(-1)).toBe('Пожелания клиента (обязательно)')
  })

  it.each([
    ['phone', { phones: ['+79000000001'], emails: ['a@example.com'], messengers: [] }, moment('10:30')],
    ['messenger', { phones: [], emails: ['a@example.com'], messengers: ['imol|1'] }, moment('11:00')],
    ['email', { phones: [], emails: ['a@example.com'], messengers: [] }, moment('15:00')],
    ['nothing', { phones: [], emails: [], messengers: [] }, moment('10:00', '2026-07-27')],
  ] as const)('has a term by its contact data: %s (S1-B2, S4-14)', (basis, contact, dueAt) => {
    const { commands } = look(world({ lead: lead({ contact }) }))
    const [clock] = only(commands, 'set-clock')
    expect(only(commands, 'set-follow-up')[0]?.because).toEqual(clock?.because)
    expect(clock?.because).toMatchObject({ rule: 'deadline', about: 'first-contact', basis, dueAt, startedAt: moment('10:00') })
  })

  it('of a Saturday has its term on Monday morning', () => {
    expect(active(look(world({ now: at('15:00', '2026-07-25') })).world).clock).toMatchObject({ dueAt: moment('09:30', '2026-07-27') })
  })

  it('that began with an answered call has its contact already', () => {
    const { world: after, commands } = look(add(world(), call(at('09:59'), 120, { direction: 'incoming' })))
    expect(active(after)).toMatchObject({ contactedAt: moment('09:59'), clock: { kind: 'finish', dueAt: moment('12:00') } })
    expect(only(commands, 'set-clock')).toHaveLength(1)
  })

  it('on a stage outside the regulation is none of ours', () => {
    expect(look(world({ lead: lead({ stageId: elsewhere }) })).commands).toEqual([])
    expect(look(world({ lead: lead({ stageId: won, semantic: 'success' }) })).commands).toEqual([])
  })

  it('put straight on the work stage starts the step with its responsible (S4-12)', () => {
    const { commands } = look(world({ lead: lead({ stageId: stages['in-work'], responsibleId: boris }) }))
    expect(kindsOf(commands)).toEqual(['start-watch', 'set-clock', 'set-follow-up', 'comment', 'notify', 'wake-at'])
    expect(only(commands, 'notify')).toMatchObject([{ userId: boris }])
  })

  it('put straight on the work stage without a responsible is distributed', () => {
    expect(only(look(world({ lead: lead({ stageId: stages['in-work'], responsibleId: null }) })).commands, 'assign')).toMatchObject([{ userId: anna }])
  })

  it('waits on its stage when the regulation leaves the move to people (S0-16)', () => {
    const byHand = withStep({ leave: { done: { stageId: stages['in-work'], by: 'hand' }, notQualified: null } }, 'new')
    const { commands, world: after } = lookAndCarryOut(world({ regulation: byHand }))
    expect(kindsOf(commands)).toEqual(['start-watch', 'assign', 'notify', 'wake-at'])
    expect(active(look(moveTo(after, stages['in-work'])).world)).toMatchObject({ stepId: 'in-work', clock: { kind: 'first-contact' } })
  })

  it('gets no deadline from a calendar without working time, is told so, and gets one when there is some', () => {
    const never = { ...context().calendar, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }
    const { commands, world: after } = lookAndCarryOut(world({ context: context({ calendar: never }) }))
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { kind: 'none' }, because: { rule: 'no-working-time' } }])
    expect(kindsOf(look({ ...after, context: { ...after.context, calendar: context().calendar } }).commands)).toEqual(['set-clock', 'change-follow-up', 'wake-at'])
  })
})

describe('a lead in work', () => {
  it('is left alone when nothing has happened', () => {
    expect(kindsOf(look(inWork()).commands)).toEqual(['wake-at'])
  })

  it('is not taken for moved back while our own move is not to be seen', () => {
    const { world: decided } = look(world())
    expect(kindsOf(look(later(decided, '10:01')).commands)).toEqual(['wake-at'])
  })

  it('moved elsewhere stops its clock, closes its task and its watch', () => {
    const { commands, world: after } = lookAndCarryOut(moveTo(later(inWork(), '10:10'), elsewhere))
    expect(kindsOf(commands)).toEqual(['close-follow-up', 'close-watch'])
    expect(after.watch).toMatchObject({ status: 'closed', outcome: 'moved-on', stageId: elsewhere })
  })

  it.each([[won, 'converted'], [stages['not-qualified'], 'not-qualified']] as const)('moved to %s by a person ends as %s', (stage, outcome) => {
    expect(look(moveTo(later(inWork(), '10:10'), stage)).world.watch).toMatchObject({ status: 'closed', outcome })
  })

  it('moved on by hand ends as qualified only with a complete card (S4-16)', () => {
    const state = later(inWork(), '10:10')
    expect(look(moveTo(state, stages.qualified)).world.watch).toMatchObject({ outcome: 'moved-on' })
    expect(look(moveTo(fill(state, { ...answers, ...qualified }), stages.qualified)).world.watch).toMatchObject({ outcome: 'qualified' })
  })

  it('moved back after it was closed starts anew, with marks of its own (S3-28, S3-34)', () => {
    const closed = lookAndCarryOut(moveTo(later(inWork(), '10:10'), elsewhere)).world
    const { commands, world: after } = lookAndCarryOut(moveTo(later(closed, '11:00'), stages['in-work']))
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('11:30') })
    expect(after.lead?.followUps.map(({ open }) => open)).toEqual([false, true])
    expect(only(commands, 'set-follow-up')[0]?.mark).not.toBe(only(closed.journal, 'set-follow-up')[0]?.mark)
  })

  it('is not started anew by an old look at the stage it was closed on', () => {
    const state = fill(later(inWork(), '10:10'), { ...answers, ...qualified })
    const { world: closed } = look(state)
    expect(closed.watch.status).toBe('closed')
    expect(look({ ...closed, lead: state.lead }).commands).toEqual([])
  })

  it('whose responsible is dismissed gets another one with a whole term (S3-13)', () => {
    const state = { ...later(inWork(), '10:20'), context: context({ people: peopleWith({ 1: { active: false } }) }) }
    const { commands, world: after } = lookAndCarryOut(state)
    expect(kindsOf(commands)).toEqual(['assign', 'set-clock', 'change-follow-up', 'notify', 'wake-at'])
    expect(active(after)).toMatchObject({ responsibleId: boris, clock: { dueAt: moment('10:50') } })
    expect(after.lead?.followUps[0]).toMatchObject({ responsibleId: boris })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('given to another person by hand stays with that person (S1-A9)', () => {
    const { commands, world: after } = lookAndCarryOut(changeLead(later(inWork(), '10:20'), { responsibleId: vera }))
    expect(only(commands, 'assign')).toEqual([])
    expect(kindsOf(commands)).toEqual(['note-responsible', 'set-clock', 'change-follow-up', 'notify', 'wake-at'])
    expect(active(after)).toMatchObject({ responsibleId: vera, clock: { dueAt: moment('10:50') } })
  })

  it('that is deleted is forgotten, and its task closed', () => {
    const { commands, world: after } = look({ ...inWork(), lead: null })
    expect(kindsOf(commands)).toEqual(['close-follow-up', 'close-watch'])
    expect(after.watch).toMatchObject({ status: 'closed', outcome: 'gone' })
    expect(look(after).commands).toEqual([])
  })
})

describe('a real contact', () => {
  const noted = (change: Parameters<typeof activity>[0]) => only(look(add(later(inWork(), '10:15'), activity(change))).commands, 'note-contact').length === 1

  it('is an answered call of enough seconds, in either direction', () => {
    expect(noted({ kind: 'call', call: { reached: true, durationSeconds: 20 } })).toBe(true)
    expect(noted({ kind: 'call', direction: 'incoming', call: { reached: true, durationSeconds: 90 } })).toBe(true)
    expect(noted({ kind: 'call', call: { reached: true, durationSeconds: 19 } })).toBe(false)
    expect(noted({ kind: 'call', call: { reached: false, durationSeconds: 60 } })).toBe(false)
  })

  it('is a call entered by hand once it is done (S3-17)', () => {
    expect(noted({ kind: 'call', call: null })).toBe(true)
    expect(noted({ kind: 'call', call: null, completed: false })).toBe(false)
    expect(noted({ kind: 'call', call: null, automatic: true })).toBe(false)
  })

  it('is a mail or message written by a person; what the client writes is none (S3-21)', () => {
    expect(noted({ kind: 'email', direction: 'outgoing' })).toBe(true)
    expect(noted({ kind: 'message', direction: 'outgoing' })).toBe(true)
    expect(noted({ kind: 'email', direction: 'incoming' })).toBe(false)
    const written = add(later(inWork(), '10:15'), activity({ kind: 'email', automatic: true, createdAt: at('10:01') }))
    expect(only(look(add(written, activity({ kind: 'email', direction: 'incoming' }))).commands, 'note-contact')).toEqual([])
  })

  it('is a meeting that took place (S3-20)', () => {
    expect(noted({ kind: 'meeting', direction: null })).toBe(true)
    expect(noted({ kind: 'meeting', direction: null, completed: false })).toBe(false)
  })

  it('is never a robot’s mail, a note, a task or anything of ours', () => {
    expect(noted({ kind: 'email', automatic: true })).toBe(false)
    expect(noted({ kind: 'call', mark: 'ours' })).toBe(false)
    expect(noted({ kind: 'todo' })).toBe(false)
    expect(noted({ kind: 'task' })).toBe(false)
    expect(noted({ kind: 'other' })).toBe(false)
  })

  it('starts the term of the card and moves the task along (S3-8)', () => {
    const { commands, world: after } = lookAndCarryOut(add(later(inWork(), '10:15'), call(at('10:12'))))
    expect(kindsOf(commands)).toEqual(['note-contact', 'set-clock', 'change-follow-up', 'wake-at'])
    expect(active(after)).toMatchObject({ contactedAt: moment('10:12'), clock: { kind: 'finish', dueAt: moment('12:12') } })
    expect(after.lead?.followUps[0]?.deadlineAt?.toString()).toBe(moment('12:12'))
    expect(kindsOf(look(later(after, '10:20')).commands)).toEqual(['wake-at'])
  })

  it('from before the step does not count when the lead was moved here by hand', () => {
    const old = add(world({ now: at('12:00'), lead: lead({ stageId: stages['in-work'], responsibleId: anna, movedAt: at('12:00') }) }), call(at('10:30')))
    expect(only(look(old).commands, 'note-contact')).toEqual([])
  })

  it('of fewer seconds counts where the regulation says so', () => {
    const state = add(later(inWork({ regulation: { ...regulation, contact: { ...regulation.contact, reachedCallSeconds: 5 } } }), '10:15'), call(at('10:12'), 6))
    expect(only(look(state).commands, 'note-contact')).toHaveLength(1)
  })
})
