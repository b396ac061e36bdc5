import { describe, expect, it } from 'vitest'
import { active, add, at, call, elsewhere, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, only, secretary, stages, world } from './support.ts'

describe('a lead that comes back to the first stage', () => {
  const called = () => lookAndCarryOut(add(later(inWork(), '10:10'), call(at('10:10')))).world
  const closed = () => lookAndCarryOut(moveTo(later(called(), '10:20'), elsewhere)).world

  it('is to be contacted anew: what was said before its return does not count', () => {
    const { commands, world: after } = look(moveTo(later(closed(), '11:00'), stages.new))
    expect(only(commands, 'note-contact')).toEqual([])
    expect(active(after)).toMatchObject({ contactedAt: null, clock: { kind: 'first-contact', dueAt: moment('11:30') } })
  })

  it('is contacted by a call after its return, though we look later', () => {
    const back = moveTo(later(closed(), '11:00'), stages.new)
    const { world: after } = look(add(later(back, '11:10'), call(at('11:05'))))
    expect(active(after)).toMatchObject({ contactedAt: moment('11:05'), clock: { kind: 'finish' } })
  })

  it('is given out again like a new one, and counts as no return to its former term', () => {
    const { commands } = look(moveTo(later(closed(), '11:00'), stages.new))
    expect(kindsOf(commands).slice(0, 2)).toEqual(['start-watch', 'note-responsible'])
  })
})

describe('a lead that was gone', () => {
  it('and is there again comes under the regulation again, where it stands', () => {
    const before = inWork()
    const { world: gone } = lookAndCarryOut({ ...later(before, '10:10'), lead: null })
    expect(gone.watch).toMatchObject({ status: 'closed', outcome: 'gone' })
    const { commands, world: back } = look({ ...later(gone, '10:40'), lead: before.lead })
    expect(only(commands, 'start-watch')).toHaveLength(1)
    expect(active(back)).toMatchObject({ stepId: 'in-work', clock: { dueAt: moment('11:10') } })
  })
})

describe('a lead that is older than the regulation', () => {
  const old = (change = {}) => world({ now: at('10:00'), lead: lead({ createdAt: at('10:00', '2026-01-12'), movedAt: at('10:00', '2026-01-13'), updatedAt: at('10:00', '2026-01-13'), ...change }) })

  it.each([stages.new, stages['in-work']])('on %s comes under it now: its clock begins now, and nothing is missed', (stageId) => {
    const { commands, world: after } = lookAndCarryOut(old({ stageId, responsibleId: secretary }))
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', startedAt: moment('10:00'), dueAt: moment('10:30') })
    expect(after.lead?.followUps).toMatchObject([{ open: true }])
  })

  it('that was contacted since it came is asked for its result only', () => {
    const contacted = add(old({ stageId: stages['in-work'], responsibleId: secretary }), call(at('12:00', '2026-02-02')))
    expect(active(look(contacted).world).clock).toMatchObject({ kind: 'finish', startedAt: moment('10:00'), dueAt: moment('12:00') })
  })
})
