/** «Просит перезвонить» (S0-7, S3-16): the deadline moves to the moment that the client has named. */
import { describe, expect, it } from 'vitest'
import { active, add, anna, at, call, changeFollowUps, changeLead, context, inWork, kindsOf, later, look, lookAndCarryOut, moment, only, passUntil, press, regulation, withStep } from './support.ts'
import type { World } from './support.ts'

const start = (change: Partial<World> = {}): World => later(inWork(change), '10:10')
const callBack = (state: World, until: ReturnType<typeof at>) => lookAndCarryOut(press(state, { kind: 'call-back', until }))
const three = at('15:00')

describe('a client who asks to be called back', () => {
  it('moves the deadline and the task to that moment; nothing waits by that (S0-7, S3-16)', () => {
    const { commands, world: after } = callBack(start(), three)
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { kind: 'first-contact', dueAt: three.toString() }, because: { rule: 'postponed', until: three.toString() } }])
    expect(active(after).step?.waiting ?? null).toBeNull()
    expect(after.lead?.followUps[0]?.deadlineAt?.equals(three)).toBe(true)
    expect(after.context.load[anna]?.waiting ?? 0).toBe(0)
    expect(active(after).life?.waitedDays).toBeUndefined()
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is obeyed where waiting is not allowed, and where its days are spent', () => {
    const forbidden = { ...regulation, waiting: { ...regulation.waiting, allowed: false } }
    expect(active(callBack(start({ regulation: forbidden }), three).world).clock).toMatchObject({ dueAt: three.toString() })
    const spent = start()
    const life = { ...spent, watch: { ...active(spent), life: { ...active(spent).life, waitedDays: 31 } } }
    expect(active(callBack(life, three).world).clock).toMatchObject({ dueAt: three.toString() })
  })

  it('is reminded of before, and missed after it', () => {
    const { world: after } = callBack(start({ context: context({ people: context().people.map(one => (one.id === anna ? one : { ...one, active: false })) }) }), three)
    const end = passUntil(after, at('15:01'))
    const since = end.journal.slice(after.journal.length)
    expect(only(passUntil(after, at('14:46')).journal.slice(after.journal.length), 'notify')).toMatchObject([{ about: 'reminder', because: { dueAt: three.toString(), minutes: 15 } }])
    expect(only(since, 'open-incident')).toMatchObject([{ dueAt: three.toString(), about: 'no-first-contact' }])
  })

  it('may be asked for as far ahead as waiting may last, else as the deadline may be moved, else for two weeks', () => {
    const far = at('10:00', '2026-12-01')
    const limited = (maxDays: number, allowed: boolean) => ({ ...regulation, waiting: { ...regulation.waiting, allowed, maxDays } })
    const { commands, world: after } = callBack(start({ regulation: limited(5, true) }), far)
    expect(active(after).clock).toMatchObject({ dueAt: moment('10:10', '2026-07-29') })
    expect(only(commands, 'notify')).toMatchObject([{ about: 'move-limit', because: { rule: 'deadline-move-refused', why: 'too-far', wanted: far.toString(), dueAt: moment('10:10', '2026-07-29') } }])
    const { followUp } = regulation.steps[1]!
    const { moves: _moves, ...unlimited } = followUp!
    expect(active(callBack(start({ regulation: withStep({ followUp: unlimited }, 'in-work', limited(5, false)) }), far).world).clock).toMatchObject({ dueAt: moment('10:10', '2026-08-07') })
    const moves = withStep({ followUp: followUp === null ? null : { ...followUp, deadlineMayMove: true, moves: { most: 1, furthest: 'PT8H' } } }, 'in-work', limited(5, false))
    expect(active(callBack(start({ regulation: moves }), far).world).clock).toMatchObject({ dueAt: moment('10:10', '2026-07-27') })
  })

  it('leaves the miss of a deadline that was over when it was asked for (S4-15)', () => {
    const late = callBack(later(inWork(), '10:40'), three)
    expect(only(late.commands, 'open-incident')).toMatchObject([{ dueAt: moment('10:30'), about: 'no-first-contact' }])
    expect(active(late.world).clock).toMatchObject({ dueAt: three.toString() })
    const pressed = press(start(), { kind: 'call-back', until: three })
    expect(only(lookAndCarryOut(later(pressed, '10:40')).commands, 'open-incident')).toEqual([])
  })

  it('keeps its moment when the talk in which he asked is heard of, before or after', () => {
    const talked = add(start(), call(at('10:08'), 90))
    const before = lookAndCarryOut(press(talked, { kind: 'call-back', until: three })).world
    expect(active(before)).toMatchObject({ contactedAt: at('10:08').toString(), clock: { kind: 'finish', dueAt: three.toString() } })
    const after = lookAndCarryOut(add(later(callBack(start(), three).world, '10:15'), call(at('10:09'), 90))).world
    expect(active(after)).toMatchObject({ contactedAt: at('10:09').toString(), clock: { kind: 'finish', dueAt: three.toString() } })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is called: from then on the result is awaited, and a late call leaves its miss', () => {
    const asked = callBack(add(start(), call(at('10:08'), 90)), three).world
    const called = lookAndCarryOut(add(later(asked, '14:59'), call(at('14:58'), 90))).world
    expect(active(called).clock).toMatchObject({ kind: 'finish', dueAt: moment('16:58') })
    expect(only(called.journal, 'open-incident')).toEqual([])
    expect(kindsOf(look(called).commands)).toEqual(['wake-at'])
    const late = lookAndCarryOut(add(later(asked, '15:06'), call(at('15:05'), 90)))
    expect(only(late.commands, 'open-incident')).toMatchObject([{ dueAt: three.toString(), about: 'not-finished' }])
  })

  it('stays asked for when better contact data comes or the next try fails before', () => {
    const asked = callBack(start(), three).world
    expect(active(lookAndCarryOut(changeLead(later(asked, '10:20'), { contact: { phones: ['+79000000001', '+79000000002'], emails: [], messengers: [] } })).world).clock).toMatchObject({ dueAt: three.toString() })
    const failed = lookAndCarryOut(add(later(asked, '10:20'), call(at('10:20'), 0))).world
    expect(active(failed).clock).toMatchObject({ dueAt: three.toString() })
  })

  it('ends a wait, whose days are counted', () => {
    const waiting = lookAndCarryOut(press(start(), { kind: 'wait', until: at('12:00', '2026-07-30'), comment: 'В отпуске' })).world
    const after = callBack(later(waiting, '11:00'), three).world
    expect(active(after)).toMatchObject({ step: { waiting: null }, clock: { dueAt: three.toString() } })
  })

  it('has a task for it where that was closed', () => {
    const closed = press(changeFollowUps(start(), { open: false }), { kind: 'call-back', until: three })
    const after = lookAndCarryOut(closed).world
    expect(after.lead?.followUps.filter(({ open }) => open).map(({ deadlineAt }) => deadlineAt?.toString())).toEqual([three.toString()])
  })
})
