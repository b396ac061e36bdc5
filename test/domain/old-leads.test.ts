/** Leads that were open long before the installation and come under the regulation. */
import { describe, expect, it } from 'vitest'
import { at, call, context, lead, look, lookAndCarryOut, moment, only, peopleWith, secretary, stages, world } from './support.ts'
import type { World } from './support.ts'

const created = at('10:00', '2026-06-01')
const old = (change: Partial<World['lead'] & object> = {}, state: Partial<World> = {}): World =>
  world({ lead: lead({ createdAt: created, updatedAt: created, movedAt: created, ...change }), context: context({ installedAt: moment('09:00') }), ...state })
const dueAt = (state: World) => only(look(state).commands, 'set-clock')[0]?.clock

describe('a lead that was open long before the installation', () => {
  it('stays with whoever has it, of the group or not, and counts for nobody’s share', () => {
    const { commands, world: after } = lookAndCarryOut(old({ responsibleId: secretary }))
    expect(only(commands, 'assign')).toEqual([])
    expect(after.lead).toMatchObject({ responsibleId: secretary, stageId: stages['in-work'] })
    expect(only(commands, 'note-responsible')).toMatchObject([{ userId: secretary, because: { rule: 'taken-over' } }])
    expect(after.context.shares).toEqual({})
  })

  it('gets one task, due in a working day at the earliest, and no message', () => {
    const { commands } = look(old())
    expect(only(commands, 'notify')).toEqual([])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ responsibleId: secretary, deadlineAt: moment('10:00', '2026-07-27') }])
  })

  it('keeps that term at the looks that follow, whatever contact data it has', () => {
    const { world: after } = lookAndCarryOut(old())
    const again = lookAndCarryOut({ ...after, now: at('10:05') })
    expect(again.commands.map(({ kind }) => kind)).toEqual(['wake-at'])
  })

  it('has the long term on a work step as well, and after a contact that was made long ago', () => {
    for (const change of [{ stageId: stages['in-work'] }, { activities: [call(at('11:00', '2026-06-01'))] }])
      expect(dueAt(old(change))).toMatchObject({ dueAt: moment('10:00', '2026-07-27') })
  })

  it('goes to somebody who is there when its responsible was dismissed, without a message', () => {
    const { commands } = look(old({}, { context: context({ installedAt: moment('09:00'), people: peopleWith({ 20: { active: false } }) }) }))
    expect(only(commands, 'assign')).toHaveLength(1)
    expect(only(commands, 'notify')).toEqual([])
    expect(only(commands, 'set-follow-up')).toHaveLength(1)
  })

  it('is nothing special when it came after the installation, or within a day before it', () => {
    const young = at('16:00', '2026-07-23')
    for (const state of [old({}, { context: context({ installedAt: moment('09:00', '2026-05-01') }) }), old({}, { context: context() }), old({ createdAt: young, updatedAt: young, movedAt: young })]) {
      const { commands } = look(state)
      expect(only(commands, 'assign')).toHaveLength(1)
      expect(only(commands, 'notify')).toMatchObject([{ about: 'assigned' }])
    }
  })
})
