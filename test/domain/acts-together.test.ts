/** Acts that meet something else in one look: each is obeyed, in its order. */
import { describe, expect, it } from 'vitest'
import { stageId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { active, at, changeLead, context, inWork, later, look, lookAndCarryOut, moment, moveTo, only, peopleWith, press, regulation, stages, vera, world } from './support.ts'
import type { World } from './support.ts'

const work = regulation.steps.find(({ id }) => id === 'in-work')!
const twoSteps: Regulation = { ...regulation, steps: [...regulation.steps.map(step => ({ ...step, gate: null })), { ...work, id: 'second', stageId: stageId(stages.qualified), gate: null }] }
const nobody = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
const declared = { kind: 'call-declared', comment: 'Просит замер' } as const
const wait = { kind: 'wait', until: at('12:00', '2026-07-29'), comment: 'В отпуске' } as const
const started = () => later(inWork({ regulation: twoSteps }), '10:10')
const onSecond = (state: World): World => moveTo({ ...state, now: state.now.add({ seconds: 5 }) }, stages.qualified)

describe('acts in one look', () => {
  it('take a lead of nobody and count the call that follows', () => {
    const taken = press(later(inWork({ context: nobody }), '10:20'), { kind: 'take' }, vera)
    const { world: after, commands } = lookAndCarryOut(press(taken, declared, vera))
    expect(active(after)).toMatchObject({ responsibleId: vera, chosenId: vera, contactedAt: moment('10:20'), clock: { kind: 'finish' } })
    expect(only(commands, 'note-contact')).toMatchObject([{ because: { rule: 'call-declared' } }])
    expect(look(after).commands.map(({ kind }) => kind)).toEqual(['wake-at'])
  })

  it('start a wait on the step that the lead was moved to before', () => {
    const { world: after } = lookAndCarryOut(press(onSecond(started()), wait))
    expect(active(after)).toMatchObject({ stepId: 'second', step: { waiting: { until: moment('12:00', '2026-07-29') } }, clock: { kind: 'none' } })
  })

  it('start no wait on the step after the one that was to wait', () => {
    const { world: after } = lookAndCarryOut(onSecond(press(started(), wait)))
    expect(active(after).stepId).toBe('second')
    expect(active(after).step?.waiting ?? null).toBeNull()
  })

  it('let a call that was told of before the move open the gate of its step', () => {
    const gated: Regulation = { ...twoSteps, steps: twoSteps.steps.map(step => (step.id === 'in-work' ? { ...step, gate: { needs: [{ kind: 'contact' }], sendBack: true, noSkipping: false } } : step)) }
    const start = later(inWork({ regulation: gated }), '10:10')
    expect(only(lookAndCarryOut(onSecond(start)).commands, 'notify').map(({ about }) => about)).toContain('sent-back')
    const { world: after, commands } = lookAndCarryOut(onSecond(press(start, declared)))
    expect(only(commands, 'notify').map(({ about }) => about)).not.toContain('sent-back')
    expect(active(after)).toMatchObject({ stepId: 'second', contactedAt: null })
  })

  it('call a duplicate another client after the lead is closed', () => {
    const closed = lookAndCarryOut(moveTo(later(inWork(), '10:10'), stages.qualified)).world
    expect(closed.watch.status).toBe('closed')
    const pressed = press(later(closed, '10:20'), { kind: 'not-duplicate', of: { kind: 'contact', id: 5 } })
    const { world: after, commands } = lookAndCarryOut(pressed)
    expect(only(commands, 'note').map(({ because }) => because.rule)).toContain('not-the-same')
    expect(after.watch.status === 'closed' && after.watch.life?.duplicatesSeen).toContain('not:contact:5')
    expect(look(after).commands).toEqual([])
  })
})

describe('leads given today', () => {
  it('are remembered for whoever got them from a pool, also when a person hands them on', () => {
    const given = lookAndCarryOut(world()).world
    const { responsibleId } = active(given)
    expect(active(given).life?.given).toEqual({ userId: responsibleId, at: moment('10:00') })
    const handedOn = lookAndCarryOut(changeLead(later(given, '10:05'), { responsibleId: vera })).world
    expect(active(handedOn)).toMatchObject({ responsibleId: vera, life: { given: { userId: responsibleId } } })
  })
})
