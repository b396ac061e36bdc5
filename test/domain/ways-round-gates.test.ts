/** S0-19, S0-20, S4-16: which way is forward, and the ways round a gate. */
import { describe, expect, it } from 'vitest'
import type { GateNeed, Regulation, Step } from '../../server/domain/regulation.ts'
import { active, activity, add, at, call, carryOut, changeFollowUps, elsewhere, fill, headOfSales, inWork, kindsOf, later, look, lookAndCarryOut, moveTo, notQualified, only, passUntil, press, regulation, stages, withStep, won } from './support.ts'
import type { World } from './support.ts'

const [intake, work] = regulation.steps as [Step, Step]
const refusal = { stageId: stages['not-qualified'], by: 'automatic' as const }
const third = (change: Partial<Step> = {}): Step => ({ ...work, id: 'third', stageId: stages.qualified, name: { ru: 'Третий' }, card: null, gate: null, leave: { done: { stageId: won, by: 'hand' }, notQualified: refusal }, ...change })
const gated = (needs: readonly GateNeed[], noSkipping = false): Regulation => {
  const base = withStep({ card: null, gate: { needs, sendBack: true, noSkipping } })
  return { ...base, steps: [...base.steps, third()] }
}
const mail = (time: string) => activity({ kind: 'email', direction: 'outgoing', createdAt: at(time) })
const isSentBack = (state: World): boolean => only(look(state).commands, 'move-stage').some(({ to, because }) => to === work.stageId && because.rule === 'gate-unmet')

describe('an offer sent', () => {
  it('between the move to the step and our look at it counts (S0-20)', () => {
    const offer = third({ gate: { needs: [{ kind: 'offer-sent' }], sendBack: true, noSkipping: false } })
    const moved = moveTo(later(inWork({ regulation: { ...regulation, steps: [...regulation.steps, offer] } }), '10:10'), stages.qualified)
    const seen = lookAndCarryOut(later(add(later(moved, '10:11'), mail('10:11')), '10:14')).world
    const done = lookAndCarryOut(changeFollowUps(later(seen, '10:20'), { open: false })).world
    expect(only(done.journal, 'notify').filter(({ about }) => about === 'gate-needs')).toEqual([])
    expect(only(lookAndCarryOut(moveTo(later(done, '10:30'), won)).commands, 'move-stage')).toEqual([])
  })
})

describe('forward', () => {
  it('is where a step leads to, wherever that stands in the document (S0-19)', () => {
    const base = withStep({ gate: { needs: [{ kind: 'email-sent' }], sendBack: true, noSkipping: false } })
    const before: Regulation = { ...base, steps: [intake, third(), ...base.steps.slice(1)] }
    const state = later(inWork({ regulation: before }), '10:10')
    expect(isSentBack(moveTo(state, stages.qualified))).toBe(true)
    const mailed = lookAndCarryOut(moveTo(add(state, mail('10:10')), stages.qualified)).world
    expect(active(mailed)).toMatchObject({ stepId: 'third' })
    expect(active(mailed).step?.isBack).toBeUndefined()
  })

  it('is never a refusal: neither a step of refusals further on, nor the stage of a reason (S3-27)', () => {
    const base = withStep({ gate: { needs: [{ kind: 'email-sent' }], sendBack: true, noSkipping: true }, leave: { ...work.leave, notQualified: { stageId: elsewhere, by: 'automatic' } } })
    const refusals: Regulation = { ...base, steps: [...base.steps, third({ stageId: elsewhere, id: 'refusals' })] }
    expect(isSentBack(moveTo(later(inWork({ regulation: refusals }), '10:10'), elsewhere))).toBe(false)
    const { reason } = base.card
    const reasons: Regulation = { ...gated([{ kind: 'email-sent' }], true), card: { ...base.card, reason: { ...reason, options: reason.options.map((option, index) => (index === 0 ? { ...option, stageId: stages.qualified } : option)) } } }
    const own = { ...reasons, steps: reasons.steps.map(step => (step.id === 'in-work' ? { ...step, leave: { ...step.leave, done: { stageId: won, by: 'hand' as const } } } : step)) }
    expect(isSentBack(moveTo(later(inWork({ regulation: own }), '10:10'), stages.qualified))).toBe(false)
  })
})

describe('a gate that the lead has not passed', () => {
  const refusedAt = (state: World, time: string) => lookAndCarryOut(moveTo(later(state, time), stages['not-qualified'])).world
  const start = (needs: readonly GateNeed[] = [{ kind: 'email-sent' }], noSkipping = false) => later(inWork({ regulation: gated(needs, noSkipping) }), '10:10')

  it.each<[string, (state: World) => World]>([
    ['a refusal', state => refusedAt(state, '10:11')],
    ['a refusal in the card', state => carryOut(look(carryOut(look(fill(later(state, '10:11'), notQualified)).world)).world)],
    ['an open stage that the regulation does not know', state => lookAndCarryOut(moveTo(later(state, '10:11'), elsewhere)).world],
  ])('is not gone round by %s (S0-19, S4-16)', (_, leave) => {
    const left = leave(start())
    expect(left.watch.status).toBe('closed')
    const { commands, world: back } = lookAndCarryOut(moveTo(later(left, '10:20'), stages.qualified))
    expect(only(commands, 'notify')).toMatchObject([{ about: 'sent-back' }, {}])
    expect(active(back)).toMatchObject({ stepId: 'in-work' })
    expect(back.lead?.stageId).toBe(work.stageId)
    expect(back.lead?.followUps.filter(({ open }) => open)).toHaveLength(1)
    expect(kindsOf(look(back).commands)).toEqual(['wake-at'])
    expect(active(lookAndCarryOut(moveTo(add(later(left, '10:20'), mail('10:19')), stages.qualified)).world).stepId).toBe('third')
  })

  it('knows what was done on its step before the lead left it', () => {
    const talked = lookAndCarryOut(add(start([{ kind: 'contact' }]), call(at('10:05')))).world
    expect(active(lookAndCarryOut(moveTo(later(refusedAt(talked, '10:20'), '10:30'), stages.qualified)).world).stepId).toBe('third')
    const silent = refusedAt(start([{ kind: 'contact' }]), '10:20')
    expect(active(lookAndCarryOut(moveTo(later(silent, '10:30'), stages.qualified)).world).stepId).toBe('in-work')
    const open = refusedAt(start([{ kind: 'task-done' }]), '10:20')
    expect(active(lookAndCarryOut(moveTo(later(open, '10:30'), stages.qualified)).world).stepId).toBe('in-work')
  })

  it('lets the lead back to its own step, to an earlier one, and past it by leave of a head', () => {
    const left = refusedAt(start(), '10:11')
    for (const stage of [work.stageId, intake.stageId]) expect(only(lookAndCarryOut(moveTo(later(left, '10:20'), stage)).commands, 'notify').filter(({ about }) => about === 'sent-back')).toEqual([])
    const allowed = lookAndCarryOut(press(start(), { kind: 'allow-move' }, headOfSales)).world
    expect(active(lookAndCarryOut(moveTo(later(refusedAt(allowed, '10:12'), '10:20'), stages.qualified)).world).stepId).toBe('third')
  })

  it('is asked for no more once the lead has gone on from it', () => {
    const mailed = lookAndCarryOut(moveTo(add(start(), mail('10:10')), stages.qualified)).world
    const refused = refusedAt(mailed, '10:20')
    expect(active(passUntil(lookAndCarryOut(moveTo(later(refused, '10:30'), stages.qualified)).world, at('10:31'))).stepId).toBe('third')
  })
})
