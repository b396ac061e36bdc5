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

  describe('asked for during a talk', () => {
    const seconds = (count: number) => at('10:10').add({ seconds: count })
    /** Begun before «Ждать» was pressed at 10:10 or after it, two minutes long, told of when it was over. */
    const talk = (from: number) => call(seconds(from), 120, { createdAt: seconds(from), startedAt: seconds(from), endedAt: seconds(from + 120) })
    const waiting = wait(later(start(), '10:10'), monday).world

    it('is not ended by that talk, which ends after it (S3-24)', () => {
      const { commands, world: after } = lookAndCarryOut(add(later(waiting, '10:15'), talk(-60)))
      expect(only(commands, 'note').map(({ because }) => because.rule)).not.toContain('waiting-stopped')
      expect(active(after)).toMatchObject({ clock: { kind: 'none' }, step: { waiting: { until: monday.toString(), since: moment('10:10') } } })
      expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    })

    it('has its client reached by that talk: after it the result is awaited, not another first contact', () => {
      const after = lookAndCarryOut(add(later(waiting, '10:15'), talk(-60))).world
      expect(active(after).contactedAt).toBe(at('10:11').toString())
      const over = lookAndCarryOut({ ...after, now: monday }).world
      expect(active(over).clock).toMatchObject({ kind: 'finish', dueAt: moment('15:00', '2026-07-27') })
      expect(kindsOf(look(over).commands)).toEqual(['wake-at'])
      expect(only(over.journal, 'open-incident')).toEqual([])
    })

    it('is ended by one that begins later, the first or not (S3-24)', () => {
      expect(active(lookAndCarryOut(add(later(waiting, '10:15'), talk(1))).world)).toMatchObject({ step: { waiting: null }, clock: { kind: 'finish', dueAt: moment('12:12:01') } })
      const talked = lookAndCarryOut(add(later(waiting, '10:15'), talk(-60))).world
      expect(active(lookAndCarryOut(add(later(talked, '10:20'), talk(300))).world).step?.waiting).toBeNull()
    })

    it('goes on when it was asked for once more during a later talk', () => {
      const longer = press(later(waiting, '15:05'), { kind: 'wait', until: at('12:00', '2026-07-29'), comment: 'Ещё два дня' })
      const asked = lookAndCarryOut(longer).world
      const after = lookAndCarryOut(add(later(asked, '15:10'), call(at('15:00'), 420, { endedAt: at('15:07') }))).world
      expect(active(after).step?.waiting).toMatchObject({ until: at('12:00', '2026-07-29').toString(), since: moment('10:10') })
    })

    it('keeps to when it was asked for although the look came later', () => {
      const pressed = press(later(start(), '10:10'), { kind: 'wait', until: monday, comment: 'В отпуске' })
      const late = lookAndCarryOut(later(pressed, '10:30')).world
      expect(active(late).step?.waiting).toMatchObject({ since: moment('10:30'), askedAt: moment('10:10') })
      expect(active(lookAndCarryOut(add(late, talk(600))).world).step?.waiting).toBeNull()
    })
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

  it('leaves the miss of a deadline that was over before it was asked for, however late the look (S3-24)', () => {
    const asked = press(later(start(), '10:35'), { kind: 'wait', until: monday, comment: 'В отпуске' })
    const { commands, world: after } = lookAndCarryOut(later(asked, '10:40'))
    expect(only(commands, 'open-incident')).toMatchObject([{ dueAt: moment('10:30'), about: 'no-first-contact' }])
    expect(active(after).step?.waiting?.until).toBe(monday.toString())
    const inTime = press(later(start(), '10:25'), { kind: 'wait', until: monday, comment: 'В отпуске' })
    expect(only(lookAndCarryOut(later(inTime, '10:40')).commands, 'open-incident')).toEqual([])
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
