/** S4-14, S4-15: a meeting or a call entered by hand that is over before its planned end. */
import { describe, expect, it } from 'vitest'
import type { Activity } from '../../server/domain/lead.ts'
import { active, activity, add, at, changeLead, context, inWork, kindsOf, later, look, lookAndCarryOut, moment, only, passUntil, peopleWith } from './support.ts'
import type { World } from './support.ts'

const alone = { context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) }
const planned = (change: Partial<Activity>): Activity => activity({ kind: 'meeting', completed: false, createdAt: at('10:05'), startedAt: at('15:00'), endedAt: at('16:00'), ...change })
const completed = (state: World, one: Activity): ReturnType<typeof lookAndCarryOut> => lookAndCarryOut(changeLead(state, { activities: [{ ...one, completed: true }] }))

describe('a planned contact that is completed before its planned end', () => {
  it('counts from its planned beginning, and takes back no miss from before it', () => {
    const meeting = planned({})
    const waited = passUntil(lookAndCarryOut(add(later(inWork(alone), '10:06'), meeting)).world, at('15:40'))
    expect(only(waited.journal, 'open-incident')).toHaveLength(3)
    const { commands, world: after } = completed(waited, meeting)
    expect(only(commands, 'note-contact')).toMatchObject([{ at: moment('15:00') }])
    expect(only(commands, 'resolve-incident').map(({ inTime }) => inTime)).toEqual([undefined, undefined, undefined])
    expect(active(after).clock).toMatchObject({ kind: 'finish', dueAt: moment('17:00') })
    expect(kindsOf(look(later(after, '15:50')).commands)).toEqual(['wake-at'])
  })

  it.each<[string, Partial<Activity>]>([
    ['a meeting', {}],
    ['a meeting without a beginning', { startedAt: null }],
    ['a call entered by hand', { kind: 'call' }],
  ])('counts from now when even its beginning is ahead: %s', (_, change) => {
    const one = planned(change)
    const { commands, world: after } = completed(lookAndCarryOut(add(later(inWork(), '10:06'), one)).world, one)
    expect(only(commands, 'note-contact')).toMatchObject([{ at: moment('10:06') }])
    expect(kindsOf(look(later(after, '10:20')).commands)).toEqual(['wake-at'])
    const late = completed(passUntil(lookAndCarryOut(add(later(inWork(alone), '10:06'), one)).world, at('10:40')), one)
    expect(only(late.commands, 'resolve-incident').map(({ inTime }) => inTime)).toEqual([undefined])
  })
})
