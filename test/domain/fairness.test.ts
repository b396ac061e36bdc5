import { describe, expect, it } from 'vitest'
import { active, activity, add, anna, answers, at, boris, call, changeLead, context, fill, headOfSales, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, only, passUntil, peopleWith, qualified, secretary, stages, vera, world } from './support.ts'

const missed = () => lookAndCarryOut(later(inWork(), '10:30')).world

describe('a contact that is registered late', () => {
  it('but was begun in time takes its miss back, and the card’s term counts from its end', () => {
    const { commands, world: after } = look(add(later(missed(), '10:50'), call(at('10:28'), 900, { endedAt: at('10:43'), createdAt: at('10:45') })))
    expect(only(commands, 'resolve-incident')).toMatchObject([{ inTime: true }])
    expect(active(after).clock).toMatchObject({ kind: 'finish', dueAt: moment('12:43') })
    expect(after.context.misses[anna]).toEqual([])
  })

  it('and was begun late leaves its miss', () => {
    const { commands } = look(add(later(missed(), '10:50'), call(at('10:31'))))
    expect(only(commands, 'resolve-incident').map(({ inTime }) => inTime)).toEqual([undefined])
  })
})

describe('a responsible who is away at the deadline', () => {
  it.each([{ absent: true }, { dayOpen: false }])('is not blamed: the lead is passed on with a new term (%o)', (change) => {
    const state = { ...later(inWork(), '10:30'), context: context({ people: peopleWith({ 1: change }) }) }
    const { commands, world: after } = look(state)
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(after)).toMatchObject({ responsibleId: boris, clock: { dueAt: moment('11:00') } })
    expect(only(commands, 'notify')).toMatchObject([{ userId: boris, because: { rule: 'responsible-away' } }])
  })

  it('leaves the lead to the fallback person without a clock when nobody is there, until somebody comes', () => {
    const away = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const { commands, world: after } = lookAndCarryOut({ ...later(inWork(), '10:30'), context: away })
    expect(active(after)).toMatchObject({ responsibleId: secretary, chosenId: null, clock: { kind: 'none' } })
    expect(only(commands, 'wake-at')[0]?.at).toBe(moment('10:35'))
    expect(active(look({ ...later(after, '10:35'), context: context() }).world)).toMatchObject({ stepId: 'in-work', clock: { kind: 'first-contact' } })
  })

  it('does not keep a new lead whose day is not open', () => {
    const state = world({ lead: lead({ responsibleId: vera }), context: context({ people: peopleWith({ 3: { dayOpen: false } }) }) })
    expect(only(look(state).commands, 'assign')).toHaveLength(1)
  })
})

describe('a fallback person who is dismissed', () => {
  it('is replaced by an active head, never by the one who missed', () => {
    const people = peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true }, 20: { active: false } })
    expect(only(look(world({ context: context({ people }) })).commands, 'assign')).toMatchObject([{ userId: headOfSales }])
  })
})

describe('a lead that is moved back again and again', () => {
  it('stays on its step from the third return within a day, and the head is told once', () => {
    let state = inWork()
    for (const time of ['10:02', '10:04', '10:06']) state = lookAndCarryOut(moveTo(later(state, time), stages.new)).world
    expect(state.lead?.stageId).toBe(stages.new)
    expect(active(state)).toMatchObject({ stepId: 'in-work', staysOn: stages.new })
    expect(only(state.journal, 'notify').filter(({ about }) => about === 'returned')).toMatchObject([{ userId: headOfSales }])
    expect(kindsOf(look(state).commands)).toEqual(['wake-at'])
  })
})

describe('the term of the first contact', () => {
  it('is not lengthened by a result without answers', () => {
    const { commands, world: after } = look(fill(later(inWork(), '10:20'), qualified))
    expect(kindsOf(commands)).toContain('ask-again')
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('10:30') })
  })

  it('is whole for the next person, and kept when the lead is handed on once more', () => {
    const once = look(changeLead(later(inWork(), '10:20'), { responsibleId: boris })).world
    expect(active(once).clock).toMatchObject({ dueAt: moment('10:50') })
    expect(active(look(changeLead(later(once, '10:40'), { responsibleId: vera })).world).clock).toMatchObject({ dueAt: moment('10:50') })
  })

  it('is shortened by a phone number that appears later, never to before its own span', () => {
    const state = inWork({ lead: lead({ contact: { phones: [], emails: [], messengers: [] } }) })
    const { world: after } = look(changeLead(later(state, '11:00'), { contact: { phones: ['+79000000001'], emails: [], messengers: [] } }))
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('11:30') })
  })
})

describe('misses in a row', () => {
  it('from the third one on give a working day', () => {
    const late = passUntil(inWork(), at('12:45'))
    expect(active(late).clock).toMatchObject({ dueAt: moment('12:30', '2026-07-27') })
  })

  it('that are ours carry their incident in the message', () => {
    const { commands } = look(later(inWork(), '12:00'))
    expect(only(commands, 'notify')[0]?.incidentId).toBe(only(commands, 'open-incident')[0]?.incidentId)
  })
})

describe('the chosen result', () => {
  const contacted = () => look(add(later(inWork(), '10:10'), call(at('10:10')))).world
  it('needs its reason or its next step, asked for by name', () => {
    expect(only(look(fill(contacted(), { UF_CRM_LR_RESULT: 'RESULT-2' })).commands, 'notify')).toMatchObject([{ because: { titles: ['Причина отказа'] } }])
    expect(only(look(fill(contacted(), { ...answers, ...qualified, UF_CRM_LR_NEXT_STEP: null })).commands, 'notify')).toMatchObject([{ because: { titles: ['Следующий шаг'] } }])
  })
})

describe('what is remembered', () => {
  it('of a contact ends with its step', () => {
    const again = moveTo(later(look(add(later(inWork(), '10:10'), call(at('10:10')))).world, '11:00'), stages.new)
    expect(active(look(again).world).contactedAt).toBeNull()
  })

  it('of a kept lead counts in the ledger', () => {
    expect(look(world({ lead: lead({ responsibleId: vera }) })).world.context.shares.main?.[vera]?.received).toBe(1)
  })

  it('of a message by the client is nothing', () => {
    expect(only(look(add(later(inWork(), '10:10'), activity({ kind: 'message', direction: 'incoming' }))).commands, 'note-contact')).toEqual([])
  })
})

describe('a move that the portal refuses', () => {
  it('is told once, tried again when the lead changes, and closes when it is done', () => {
    const done = { ...fill(later(inWork(), '10:10'), { ...answers, ...qualified }), refusing: true }
    const { world: closed } = lookAndCarryOut(done)
    const { world: told, commands } = lookAndCarryOut(closed)
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'refused', because: { words: 'Заполните поле «Сумма»' } }])
    expect(kindsOf(look(told).commands)).toEqual(['wake-at'])
    const { world: tried, commands: again } = lookAndCarryOut({ ...changeLead(later(told, '10:20'), {}), refusing: false })
    expect(kindsOf(again)).toEqual(['note-refused', 'move-stage', 'wake-at'])
    expect(look(tried).world.watch).toMatchObject({ status: 'closed', outcome: 'qualified' })
  })
})
