import { describe, expect, it } from 'vitest'
import { stageId, type Lead } from '../../server/domain/lead.ts'
import { successorsOf } from '../../server/domain/rules/handing-over.ts'
import { commandParts } from '../../server/domain/sentences.ts'
import { isBookkeeping } from '../../server/domain/sentences/bookkeeping.ts'
import { active, anna, boris, changeLead, context, headOfSales, later, lookAndCarryOut, only, peopleWith, press, secretary, vera, world, type World } from './support.ts'

const offered = (state: World, load: Readonly<Record<number, { open: number }>> | null = null) =>
  successorsOf({ lead: state.lead as Lead, watch: active(state), regulation: state.regulation, company: state.context, load, now: state.now })
const given = () => lookAndCarryOut(world()).world

describe('those a lead may be handed over to', () => {
  it('are the people of its pool first, whoever is at work and has least to do at the head', () => {
    const state = { ...given(), context: context({ people: peopleWith({ [vera]: { absent: true } }) }) }
    const people = offered(state, { [boris]: { open: 3 } })
    expect(people.map(({ id }) => id)).not.toContain(anna)
    expect(people.filter(({ isOfPool }) => isOfPool).map(({ id, presence, open }) => [id, presence, open])).toEqual([[boris, 'at-work', 3], [vera, 'absent', 0]])
    expect(people.slice(2).map(({ id }) => id)).toEqual(expect.arrayContaining([headOfSales, secretary]))
  })

  it('are not at work outside the working hours, unless time tracking says that they are', () => {
    const night = later({ ...given(), context: context({ people: peopleWith({ [vera]: { dayOpen: true } }) }) }, '21:00')
    expect(offered(night).slice(0, 2).map(({ id, presence }) => [id, presence])).toEqual([[vera, 'at-work'], [boris, 'off']])
  })

  it('have the deadline that the lead gets when it is handed over: anew the first time, the present one the second time', () => {
    const first = later(given(), '10:10')
    const second = later(lookAndCarryOut(changeLead(first, { responsibleId: boris })).world, '10:20')
    for (const [state, to] of [[first, boris], [second, vera]] as const) {
      const told = offered(state).find(({ id }) => id === to)?.dueAt
      const after = active(lookAndCarryOut(changeLead(state, { responsibleId: to })).world).clock
      expect(told).toBe(after.kind === 'none' ? null : after.dueAt)
    }
    const { clock } = active(second)
    expect(offered(second).every(({ dueAt }) => clock.kind !== 'none' && dueAt === clock.dueAt)).toBe(true)
  })
})

describe('a lead that a head has handed over', () => {
  it('tells in the journal who has decided it, for whom', () => {
    const pressed = press(later(given(), '10:10'), { kind: 'reassign', toUserId: boris }, headOfSales)
    const { commands } = lookAndCarryOut(pressed)
    const told = only(commands, 'note').find(({ because }) => because.rule === 'act')
    if (told === undefined) throw new Error('nothing was noted')
    const names = (id: number) => (id === headOfSales ? 'Ольга Глава' : id === boris ? 'Борис Ким' : '')
    expect(commandParts(told, 'ru', 'Europe/Moscow', names)).toEqual({ done: '', because: 'Лид передан: Ольга Глава. Новый ответственный: Борис Ким.' })
    expect(commandParts(told, 'en', 'Europe/Moscow', names).because).toBe('Lead handed over: Ольга Глава. New responsible person: Борис Ким.')
    expect(isBookkeeping(told)).toBe(false)
  })
})

describe('bookkeeping', () => {
  it('is the opening of the card, and nothing that somebody has decided', () => {
    const noted = (kind: 'opened' | 'go-on') => only(lookAndCarryOut(press(later(given(), '10:10'), { kind })).commands, 'note').filter(({ because }) => because.rule === 'act').map(isBookkeeping)
    expect(noted('opened')).toEqual([true])
    expect(noted('go-on')).toEqual([false])
  })

  it('is what another line of the same decision tells with it', () => {
    expect(isBookkeeping({ kind: 'note', because: { rule: 'act', what: 'acknowledge', byUserId: headOfSales } })).toBe(true)
    expect(isBookkeeping({ kind: 'acknowledge-incident', because: { rule: 'acknowledged', byUserId: headOfSales } })).toBe(false)
    const left = { rule: 'step-left-elsewhere', stepName: 'В работе', stageId: stageId('JUNK') } as const
    expect([isBookkeeping({ kind: 'note', because: left }), isBookkeeping({ kind: 'close-watch', because: left })]).toEqual([true, false])
  })
})
