import { describe, expect, it } from 'vitest'
import { active, add, at, call, changeLead, inWork, kindsOf, later, look, lookAndCarryOut, moment, only, press, regulation } from './support.ts'
import type { World } from './support.ts'
import { sameNumber } from '../../server/domain/rules/attempts.ts'

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
