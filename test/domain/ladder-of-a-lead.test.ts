/** S4-18…S4-20: a lead with several open misses has one ladder, and it ends or rests when somebody has acted. */
import { describe, expect, it } from 'vitest'
import { userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { active, anna, at, boris, changeLead, context, headOfSales, inWork, later, lookAndCarryOut, moment, only, passUntil, peopleWith, press, regulation, vera } from './support.ts'
import type { World } from './support.ts'

const director = userId(11)
const rules: Regulation = {
  ...regulation,
  roles: { directorId: director, deputies: { [anna]: boris }, controllerId: null },
  incidents: { ...regulation.incidents, misses: 100, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'head', after: 'PT4H' }, { rung: 'director', after: 'PT8H' }] },
}
const start = (): World => inWork({ regulation: rules, context: context({ people: [...peopleWith({ 2: { absent: true }, 3: { absent: true } }), { id: director, name: 'Ева Громова', active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }] }) })
const rungs = (state: World, since?: World): readonly number[] => only(state.journal.slice(since?.journal.length ?? 0), 'notify').filter(({ about }) => about === 'rung').map(({ userId: to }) => to)
const week = at('18:00', '2026-07-31')

describe('a silent lead', () => {
  it('brings everybody on the ladder one message, however many deadlines it misses (S4-18, S4-20)', () => {
    const end = passUntil(start(), week)
    expect(only(end.journal, 'open-incident').length).toBeGreaterThan(5)
    expect(rungs(end)).toEqual([boris, headOfSales, director])
  })

  it('has its ladder ended for all its open misses by one taking note, and begins another with the next miss (S4-18)', () => {
    const state = passUntil(start(), at('12:05'))
    const ids = Object.keys(active(state).life?.ladders ?? {})
    expect(ids).toHaveLength(2)
    const noted = lookAndCarryOut(press(state, { kind: 'acknowledge', incidentId: ids[1] ?? '' }, headOfSales))
    expect(only(noted.commands, 'acknowledge-incident').map(({ incidentId }) => incidentId)).toEqual(ids)
    expect(rungs(passUntil(noted.world, at('13:30')), noted.world)).toEqual([])
    expect(rungs(passUntil(noted.world, week), noted.world)).toEqual([boris, headOfSales, director])
  })

  it('is told no further when somebody above knew of it and the lead was given to another person (S4-19)', () => {
    const told = passUntil(start(), at('11:40'))
    expect(rungs(told)).toEqual([boris])
    const given = lookAndCarryOut(changeLead({ ...told, context: context({ people: told.context.people.map(one => (one.id === vera ? { ...one, absent: false } : one)) }) }, { responsibleId: vera }))
    expect(only(given.commands, 'acknowledge-incident')).toMatchObject(['10:30', '11:30'].map(() => ({ byUserId: null, because: { rule: 'responsible-changed' } })))
    expect(rungs(passUntil(given.world, at('12:00')), given.world)).toEqual([])
    expect(active(given.world).incidentId).not.toBeNull()
  })

  it('is told further, a whole span later, when the lead changes hands before anybody above knows', () => {
    const missed = passUntil(start(), at('11:15'))
    const given = lookAndCarryOut(changeLead({ ...missed, context: context({ people: missed.context.people.map(one => (one.id === vera ? { ...one, absent: false } : one)) }) }, { responsibleId: vera }))
    expect(only(given.commands, 'acknowledge-incident')).toEqual([])
    expect(rungs(passUntil(given.world, at('12:14')), missed)).toEqual([])
    expect(rungs(passUntil(given.world, at('12:16')), missed)).toEqual([boris])
  })

  it('rests while the lead waits by agreement, and goes on after it with its whole spans (S3-24)', () => {
    const missed = passUntil(start(), at('10:40'))
    const waiting = lookAndCarryOut(press(later(missed, '10:45'), { kind: 'wait', until: at('12:00', '2026-07-29'), comment: 'В отпуске' })).world
    const before = passUntil(waiting, at('11:59', '2026-07-29'))
    expect(rungs(before)).toEqual([])
    const after = passUntil(before, at('12:59', '2026-07-29'))
    expect(rungs(after)).toEqual([])
    expect(active(after).life?.ladders?.[active(after).incidentId ?? '']?.since).toBe(moment('12:00', '2026-07-29'))
    expect(rungs(passUntil(after, at('14:10', '2026-07-29')))).toEqual([boris])
  })
})
