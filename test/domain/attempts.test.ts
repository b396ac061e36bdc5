import { describe, expect, it } from 'vitest'
import { active, activity, add, at, call, changeLead, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, only, press, regulation, stages } from './support.ts'
import type { World } from './support.ts'
import { attemptsMade, sameNumber } from '../../server/domain/rules/attempts.ts'

const rules = { ...regulation, attempts: { limit: 3, reason: 'no-answer', wrongNumberReason: 'no-answer', retryAfter: 'PT2H' } }
const failed = (state: World, time: string) => lookAndCarryOut(add(later(state, time), call(at(time), 0)))
const started = () => inWork({ regulation: rules })

describe('a call that reaches nobody', () => {
  it('puts the next try off and is no contact (S0-7, S0-18, S3-16)', () => {
    const { commands, world: after } = failed(started(), '10:10')
    expect(kindsOf(commands)).toContain('change-follow-up')
    expect(only(commands, 'note-contact')).toEqual([])
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { kind: 'first-contact', dueAt: moment('12:10') }, because: { rule: 'attempt-failed', count: 1, limit: 3, at: moment('10:10') } }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('after more than three of them proposes the reason, once, and puts off no more (S0-18, S3-27.6)', () => {
    const thrice = ['10:10', '10:20', '10:28'].reduce((state, time) => failed(state, time).world, started())
    const { commands, world: after } = failed(thrice, '11:00')
    expect(only(commands, 'notify')).toMatchObject([{ about: 'attempts-spent', because: { rule: 'attempts-spent', count: 4, limit: 3, reason: 'no-answer' } }])
    expect(only(commands, 'set-clock')).toEqual([])
    expect(only(failed(after, '11:10').commands, 'notify')).toEqual([])
  })

  it('is no miss of the employee (S2-11)', () => {
    const four = ['10:10', '10:20', '10:28', '10:29'].reduce((state, time) => failed(state, time).world, started())
    expect(only(four.journal, 'open-incident')).toEqual([])
    expect(active(four).life?.attempts).toMatchObject({ count: 4, proposed: true })
  })

  it('begun after the deadline leaves its miss behind', () => {
    const { commands } = failed(started(), '10:40')
    expect(only(commands, 'open-incident')).toMatchObject([{ dueAt: moment('10:30') }])
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { dueAt: moment('12:40') } }])
  })

  it('and the click that tells of it are one attempt', () => {
    const told = lookAndCarryOut(press(later(failed(started(), '10:10').world, '10:12'), { kind: 'not-reached' })).world
    expect(active(told).life?.attempts?.count).toBe(1)
    const later30 = lookAndCarryOut(press(later(told, '10:40'), { kind: 'not-reached' })).world
    expect(active(later30).life?.attempts?.count).toBe(2)
  })

  const click = (state: World, time: string) => lookAndCarryOut(press(later(state, time), { kind: 'not-reached' })).world
  const heard = (state: World, time: string, begun: string) => lookAndCarryOut(add(later(state, time), call(at(begun), 0)))

  it('heard of long after its click is no attempt of its own, and leaves the last one the last', () => {
    const clicked = click(click(started(), '10:10'), '12:15')
    const first = heard(clicked, '12:20', '10:09')
    expect(active(first.world).life?.attempts).toMatchObject({ count: 2, lastAt: moment('12:15') })
    const both = heard(first.world, '12:21', '12:14')
    expect(active(both.world).life?.attempts).toMatchObject({ count: 2, lastAt: moment('12:15'), clicks: [] })
    expect([...only(first.commands, 'set-clock'), ...only(both.commands, 'set-clock')]).toEqual([])
  })

  it('belongs to the nearest click: each click tells of one call', () => {
    const clicked = click(click(started(), '10:10'), '10:18')
    const two = heard(heard(clicked, '10:25', '10:17').world, '10:26', '10:07').world
    expect(active(two).life?.attempts).toMatchObject({ count: 2, clicks: [] })
    expect(active(heard(two, '10:27', '10:13').world).life?.attempts?.count).toBe(3)
  })

  it('of which no click tells counts when it is heard of late, and puts off nothing from before', () => {
    const { world: after, commands } = heard(click(started(), '12:15'), '12:20', '10:15')
    expect(active(after).life?.attempts).toMatchObject({ count: 2, lastAt: moment('12:15'), lastBy: 'act' })
    expect(only(commands, 'set-clock')).toEqual([])
    expect(active(click(after, '12:16')).life?.attempts?.count).toBe(3)
  })

  it('is matched with the click that an older record tells of', () => {
    const old = click(started(), '10:10')
    const { clicks: _clicks, ...attempts } = active(old).life?.attempts ?? { count: 0, lastAt: moment('10:10'), proposed: false, activityIds: [] }
    const before: World = { ...old, watch: { ...active(old), life: { ...active(old).life, attempts } } }
    expect(active(heard(before, '10:20', '10:09').world).life?.attempts?.count).toBe(1)
  })

  it('clicked twice within a moment is one attempt (S0-18)', () => {
    const clicked = (seconds: number) => lookAndCarryOut(press({ ...lookAndCarryOut(press(later(started(), '10:10'), { kind: 'not-reached' })).world, now: at('10:10').add({ seconds }) }, { kind: 'not-reached' })).world
    expect(active(clicked(3)).life?.attempts?.count).toBe(1)
    expect(active(clicked(31)).life?.attempts?.count).toBe(2)
    const both = press(press(later(started(), '10:10'), { kind: 'not-reached' }), { kind: 'not-reached' })
    expect(active(lookAndCarryOut(both).world).life?.attempts?.count).toBe(1)
  })

  it('is forgotten when the client is reached', () => {
    const reached = look(add(later(failed(started(), '10:10').world, '10:20'), call(at('10:20')))).world
    expect(active(reached)).toMatchObject({ contactedAt: moment('10:20'), life: { attempts: { count: 0 } } })
  })
})

describe('the attempts of now (S3-27.6)', () => {
  const made = (state: World): number => (state.lead === null ? 0 : attemptsMade({ watch: state.watch, lead: state.lead, regulation: state.regulation, nowMs: state.now.epochMilliseconds }))

  it('are those of the present life: calls of an earlier one are none, counted or not', () => {
    const calls = [call(at('10:00', '2026-05-01'), 0), call(at('10:00', '2026-05-02'), 0), call(at('10:00', '2026-05-03'), 0)]
    const taken = inWork({ regulation: rules, lead: lead({ activities: calls }) })
    expect([active(taken).life?.attempts, made(later(taken, '11:00'))]).toEqual([undefined, 0])
    const unlooked = add(later(taken, '11:00'), call(at('10:50'), 0))
    expect([made(unlooked), made(lookAndCarryOut(unlooked).world)]).toEqual([1, 1])
  })

  it('begin anew with a talk, the first one of the step or a later one', () => {
    const talked = lookAndCarryOut(add(later(failed(started(), '10:10').world, '10:20'), call(at('10:20')))).world
    const again = ['10:30', '10:40', '10:50'].reduce((state, time) => failed(state, time).world, talked)
    expect(made(again)).toBe(3)
    const reached = add(later(again, '11:00'), call(at('11:00')))
    expect(made(reached)).toBe(0)
    const { world: after, commands } = lookAndCarryOut(reached)
    expect(active(after).life?.attempts).toMatchObject({ count: 0, proposed: false })
    expect(only(commands, 'note').map(({ because }) => because)).toContainEqual({ rule: 'contact-made', by: 'call', at: moment('11:00'), durationSeconds: 90 })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    const late = lookAndCarryOut(add(later(after, '11:10'), call(at('10:55'), 0))).world
    expect([made(late), made(failed(late, '11:20').world)]).toEqual([0, 1])
  })

  it('go on after a meeting only from it, and after a message as before', () => {
    const twice = failed(failed(started(), '10:10').world, '10:20').world
    const met = activity({ kind: 'meeting', direction: null, createdAt: at('10:25'), startedAt: at('10:25'), endedAt: at('10:29') })
    const sent = activity({ kind: 'message', createdAt: at('10:25') })
    expect([made(add(later(twice, '10:30'), met)), made(add(later(twice, '10:30'), sent))]).toEqual([0, 2])
  })

  it('begin anew with a call that somebody has told of: a failed one from before, heard of late, is past', () => {
    const told = lookAndCarryOut(press(later(failed(started(), '10:10').world, '10:20'), { kind: 'call-declared', comment: 'Договорились о замере' })).world
    const late = lookAndCarryOut(add(later(told, '10:30'), call(at('10:15'), 0))).world
    expect([made(late), active(late).life?.attempts?.count]).toEqual([0, 0])
  })

  it('of a refused lead are those of the life that ended', () => {
    const old = inWork({ regulation: rules, lead: lead({ activities: [call(at('10:00', '2026-05-01'), 0)] }) })
    const called = add(later(failed(old, '10:10').world, '10:21'), call(at('10:20'), 0))
    const refused = lookAndCarryOut(moveTo(called, stages['not-qualified'])).world
    expect(refused.watch.status).toBe('closed')
    expect(made(refused)).toBe(2)
    expect(made(add(later(refused, '10:30'), call(at('10:25'))))).toBe(0)
    const { contactsFrom: _from, ...older } = refused.watch as Extract<World['watch'], { status: 'closed' }>
    expect(made({ ...refused, watch: older })).toBe(2)
  })
})

describe('a wrong number', () => {
  it('is marked, and the reason is proposed when there is no other (S0-18)', () => {
    const two = changeLead(started(), { contact: { phones: ['+79000000001', '+79000000002'], emails: [], messengers: [] } })
    const first = lookAndCarryOut(press(later(two, '10:05'), { kind: 'wrong-number', phone: '8 (900) 000-00-01' }))
    expect(only(first.commands, 'notify')).toEqual([])
    const second = look(press(later(first.world, '10:06'), { kind: 'wrong-number', phone: '+79000000002' }))
    expect(only(second.commands, 'notify')).toMatchObject([{ about: 'refusal-proposed', because: { rule: 'wrong-number' } }])
    expect(active(second.world).life?.wrongPhones).toHaveLength(2)
  })

  it('beside another one in the same field, or one too short to be called, is told apart', () => {
    const lead = changeLead(started(), { contact: { phones: ['8 900 000-00-01, 8 900 000-00-02', '8900'], emails: [], messengers: [] } })
    const first = lookAndCarryOut(press(later(lead, '10:05'), { kind: 'wrong-number', phone: '8 900 000-00-02' }))
    expect(only(first.commands, 'notify')).toEqual([])
    expect(only(look(press(later(first.world, '10:06'), { kind: 'wrong-number', phone: '8 900 000-00-01' })).commands, 'notify')).toMatchObject([{ about: 'refusal-proposed' }])
  })

  it.each(['8 900 000-00-01, доб. 12', '8 900 000-00-01; вн. 12', '8 (900) 000-00-01 доб. 12'])('with an extension is told as it is shown, however it is parted from it: «%s»', (phone) => {
    const lead = changeLead(started(), { contact: { phones: [phone], emails: [], messengers: [] } })
    expect(only(look(press(later(lead, '10:05'), { kind: 'wrong-number', phone: '8 900 000-00-01 доб. 12' })).commands, 'notify')).toMatchObject([{ about: 'refusal-proposed' }])
  })

  it('is another one with another extension, or with the same one behind another number', () => {
    const same = (a: string, b: string): boolean => sameNumber(a, b) && sameNumber(b, a)
    expect([same('8 900 000-00-01 доб. 12', '+79000000001 ext 12'), same('8 900 000-00-01 доб. 12', '8 900 000-00-01 доб. 13'), same('8 900 000-00-01 доб. 12', '8 900 000-00-01'), same('8 900 000-00-01 доб. 1234567', '8 911 000-00-01 доб. 1234567')]).toEqual([true, false, false, false])
  })

  it('called so by mistake is right again, and the reason is proposed anew when it proves wrong after all', () => {
    const wrong = lookAndCarryOut(press(later(started(), '10:05'), { kind: 'wrong-number', phone: '+79000000001' })).world
    const right = lookAndCarryOut(press(later(wrong, '10:06'), { kind: 'right-number', phone: '8 900 000-00-01' }))
    expect(active(right.world).life?.wrongPhones).toEqual([])
    expect(only(right.commands, 'note').map(({ because }) => because)).toContainEqual({ rule: 'right-number', phone: '8 900 000-00-01' })
    const again = look(press(later(right.world, '10:07'), { kind: 'wrong-number', phone: '+79000000001' }))
    expect(only(again.commands, 'notify')).toMatchObject([{ about: 'refusal-proposed' }])
    const never = look(press(later(started(), '10:05'), { kind: 'right-number', phone: '+79000000001' }))
    expect(only(never.commands, 'note').map(({ because }) => because.rule)).not.toContain('right-number')
  })
})
