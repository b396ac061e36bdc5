import { describe, expect, it } from 'vitest'
import { active, add, anna, at, call, changeFollowUps, context, elsewhere, headOfSales, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, only, passUntil, press, regulation, withStep } from './support.ts'
import type { World } from './support.ts'

const rules = { ...regulation, waiting: { allowed: true, maxDays: 10, shareLimit: 0.3 } }
const start = (change: Partial<World> = {}) => inWork({ regulation: rules, ...change })
const wait = (state: World, until: ReturnType<typeof at>) => lookAndCarryOut(press(state, { kind: 'wait', until, comment: 'В отпуске' }))
const monday = at('12:00', '2026-07-27')

describe('waiting (S3-24)', () => {
  it('pauses the clock, moves the task and leaves its reason', () => {
    const { commands, world: after } = wait(later(start(), '10:10'), monday)
    expect(active(after)).toMatchObject({ clock: { kind: 'none' }, step: { waiting: { until: monday.toString(), remainingMs: 20 * 60_000 } } })
    expect(only(commands, 'set-clock')).toMatchObject([{ because: { rule: 'waiting', comment: 'В отпуске' } }])
    expect(after.lead?.followUps[0]?.deadlineAt?.equals(monday)).toBe(true)
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('brings no misses and no reminders until it is over; then the rest of the term runs, at least a new try’s', () => {
    const waiting = wait(later(start(), '10:10'), monday).world
    const before = passUntil(waiting, at('11:59', '2026-07-27'))
    expect(before.journal.slice(waiting.journal.length).map(({ kind }) => kind).filter(kind => kind !== 'wake-at')).toEqual([])
    const { commands, world: after } = lookAndCarryOut({ ...before, now: monday })
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'waiting-over' }])
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('13:00', '2026-07-27') })
    expect(after.lead?.followUps[0]?.deadlineAt?.toString()).toBe(moment('13:00', '2026-07-27'))
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('sets a task that was closed meanwhile anew', () => {
    const waiting = changeFollowUps(wait(later(start(), '10:10'), monday).world, { open: false })
    expect(only(look({ ...waiting, now: monday }).commands, 'set-follow-up')).toHaveLength(1)
  })

  it('is shortened to the limit, and told', () => {
    const { commands, world: after } = wait(later(start(), '10:10'), at('10:00', '2026-09-01'))
    expect(only(commands, 'notify')).toMatchObject([{ about: 'waiting-refused', because: { rule: 'waiting-too-long', maxDays: 10 } }])
    expect(active(after).step?.waiting?.until).toBe(moment('10:10', '2026-08-03'))
  })

  it('counts all its days together', () => {
    const once = wait(later(start(), '10:10'), at('10:10', '2026-08-02')).world
    const over = lookAndCarryOut({ ...once, now: at('10:10', '2026-08-02') }).world
    expect(active(wait(over, at('10:00', '2026-09-01')).world).step?.waiting?.until).toBe(moment('10:10', '2026-08-03'))
    const all = lookAndCarryOut({ ...wait(over, at('10:00', '2026-09-01')).world, now: at('10:10', '2026-08-03') }).world
    expect(only(wait(later(all, '10:20', '2026-08-03'), at('10:00', '2026-09-01')).commands, 'notify')).toMatchObject([{ because: { rule: 'waiting-spent', maxDays: 10 } }])
  })

  it('is refused where the regulation knows none, and goes on where it is forbidden later', () => {
    const forbidden = { ...rules, waiting: { ...rules.waiting, allowed: false } }
    expect(only(wait(later(start({ regulation: forbidden }), '10:10'), monday).commands, 'notify')).toMatchObject([{ about: 'waiting-refused', because: { rule: 'waiting-not-allowed' } }])
    const waiting = wait(later(start(), '10:10'), monday).world
    expect(kindsOf(look({ ...waiting, regulation: forbidden, now: at('12:00') }).commands)).toEqual(['wake-at'])
  })

  it('is not ended by the very talk in which it was agreed on, over within the same second (S3-24)', () => {
    const talked = look(add(later(start(), '10:10'), call(at('10:10')))).world
    const { world: waiting } = wait(talked, monday)
    expect(active(look(waiting).world).step?.waiting).toMatchObject({ until: monday.toString() })
  })

  it('ends with a contact, which starts the term of the card', () => {
    const waiting = wait(later(start(), '10:10'), monday).world
    const { commands, world: after } = lookAndCarryOut(add(later(waiting, '15:00'), call(at('15:00'))))
    expect(only(commands, 'note').map(({ because }) => because)).toContainEqual({ rule: 'waiting-stopped', how: 'contact' })
    expect(active(after).clock).toMatchObject({ kind: 'finish', dueAt: moment('17:00') })
  })

  it('ends when the lead is moved or when it is asked for', () => {
    const waiting = wait(later(start(), '10:10'), monday).world
    const moved = look(moveTo(later(waiting, '15:00'), elsewhere))
    expect(only(moved.commands, 'note').map(({ because }) => because)).toContainEqual({ rule: 'waiting-stopped', how: 'stage' })
    expect(active(lookAndCarryOut(press(later(waiting, '15:00'), { kind: 'stop-waiting' })).world).clock).toMatchObject({ dueAt: moment('16:00') })
  })

  it('is the same for «просит перезвонить» (S0-7)', () => {
    expect(active(lookAndCarryOut(press(later(start(), '10:10'), { kind: 'call-back', until: monday })).world).step?.waiting?.until).toBe(monday.toString())
  })

  it('of too many leads of one person is told to the head, once per crossing', () => {
    const load = (waiting: number) => context({ load: { 1: { open: 10, today: 1, waiting } } })
    const share = (waiting: number) => only(wait({ ...later(start(), '10:10'), context: load(waiting) }, monday).commands, 'notify').filter(({ about }) => about === 'waiting-share')
    expect(share(2)).toEqual([])
    expect(share(3)).toMatchObject([{ userId: headOfSales, because: { rule: 'waiting-share', waiting: 4, open: 10, userId: anna } }])
    expect(share(4)).toEqual([])
  })

  it('is what a card with the result «отложен» means', () => {
    const postponed = { ...withStep({}, 'in-work', rules), card: { ...rules.card, result: { ...rules.card.result, values: { ...rules.card.result.values, postponed: 'LATER' } }, postponedUntil: { field: 'UF_UNTIL' as never, title: { ru: 'Отложен до' } } } }
    const state = later(start({ regulation: postponed }), '10:10')
    const filled = { ...state, lead: { ...state.lead!, fields: { UF_CRM_LR_RESULT: 'LATER', UF_UNTIL: '2026-07-30' } } }
    const { commands, world: after } = lookAndCarryOut(filled)
    expect(active(after).step?.waiting?.until).toBe(moment('09:00', '2026-07-30'))
    expect(only(commands, 'set-clock')).toMatchObject([{ because: { rule: 'postponed' } }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    const undated = { ...filled, lead: { ...filled.lead, fields: { UF_CRM_LR_RESULT: 'LATER' } } }
    expect(only(look(undated).commands, 'ask-again')).toMatchObject([{ questions: ['postponedUntil'] }])
  })
})
