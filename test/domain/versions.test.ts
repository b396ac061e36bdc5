/** A lead goes on under a newer version of the regulation. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../server/domain/decide.ts'
import { evolve } from '../../server/domain/evolve.ts'
import { leadId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { lookUnder, sameDocumentChangesNothing } from './properties-versions.ts'
import { active, add, anna, at, call, carryOut, changeFollowUps, context, fill, holds, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, notQualified, only, peopleWith, press, realRules, regulation, stages, withStep, world } from './support.ts'
import type { World } from './support.ts'

const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const longer = withStep({ deadline: { ...deadline, firstContact: { phone: 'PT4H', messenger: 'PT4H', email: 'PT8H', nothing: 'PT8H' }, finish: 'PT6H', again: 'PT5H' } })
const renamed = (from: string, to: string): Regulation => ({ ...regulation, steps: regulation.steps.map(step => (step.id === from ? { ...step, id: to } : step)) })
const adopt = (state: World, document = state.regulation) => lookUnder({ ...state, regulation: document }, 2, realRules)
const quietly = ['adopt-version', 'wake-at']

describe('a version that says the same', () => {
  it('changes nothing for any lead', () => holds(sameDocumentChangesNothing(realRules), 300))

  it('would be noticed if every term were counted anew (planted bug)', () => {
    const forgetful: typeof evolve = (watch, command) => {
      const after = evolve(watch, command)
      return after.status !== 'active' || after.clock.kind === 'none' ? after : { ...after, clock: { ...after.clock, made: { span: '', of: 'again', sourceId: null } } }
    }
    expect(fc.check(sameDocumentChangesNothing({ ...realRules, evolve: forgetful }), { numRuns: 300, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
  })

  it('would be noticed if a lead began anew (planted bug)', () => {
    const restless: typeof decide = (watch, ...looking) => (watch.status === 'active' && watch.regulationVersion !== looking[2] ? decide({ ...watch, stepId: 'lost', enteredAt: '2020-01-01T00:00:00Z' }, ...looking) : decide(watch, ...looking))
    expect(fc.check(sameDocumentChangesNothing({ ...realRules, decide: restless }), { numRuns: 300, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
  })
})

describe('a version with other spans', () => {
  it('counts a term that the span made anew from its beginning', () => {
    const { world: after } = adopt(later(inWork(), '10:02'), longer)
    expect(active(after).clock).toMatchObject({ startedAt: moment('10:00'), dueAt: moment('15:00') })
  })

  it('leaves the time of a next attempt as it is (S0-18)', () => {
    const tried = lookAndCarryOut(press(later(inWork(), '10:10'), { kind: 'not-reached' })).world
    expect(kindsOf(adopt(later(tried, '11:00'), longer).commands)).toEqual(quietly)
    expect(kindsOf(adopt(later(tried, '11:00')).commands)).toEqual(quietly)
  })

  it('leaves a term that goes on after a wait as it is (S3-24)', () => {
    const waiting = lookAndCarryOut(press(later(inWork(), '10:05'), { kind: 'wait', until: at('12:00'), comment: '' })).world
    const over = lookAndCarryOut(later(waiting, '12:00')).world
    expect(kindsOf(adopt(later(over, '12:10')).commands)).toEqual(quietly)
  })

  it('leaves a deadline that a person has moved as it is', () => {
    const movable = withStep({ followUp: { ...regulation.steps[1]!.followUp!, deadlineMayMove: true } })
    const moved = lookAndCarryOut(changeFollowUps(later(inWork({ regulation: movable }), '10:05'), { deadlineAt: at('16:00') })).world
    expect(active(moved).clock).toMatchObject({ dueAt: moment('16:00') })
    expect(active(adopt(later(moved, '10:10'), longer).world).clock).toMatchObject({ dueAt: moment('16:00') })
  })

  it('keeps the long first term of a lead that was open before the installation', () => {
    const old = lead({ stageId: stages['in-work'], responsibleId: anna, createdAt: at('10:00', '2026-07-01'), movedAt: at('10:00', '2026-07-01') })
    const taken = inWork({ lead: old, context: context({ installedAt: moment('09:00') }) })
    expect(kindsOf(adopt(later(taken, '11:00')).commands)).toEqual(quietly)
    expect(kindsOf(adopt(later(taken, '11:00'), longer).commands)).toEqual(quietly)
  })
})

describe('a step that has another id on the same stage', () => {
  it('keeps its wait, its task and its term', () => {
    const waiting = lookAndCarryOut(press(later(inWork(), '10:05'), { kind: 'wait', until: at('12:00', '2026-07-29'), comment: '' })).world
    const { world: after, commands } = adopt(later(waiting, '11:00'), renamed('in-work', 'talk'))
    expect(kindsOf(commands)).toEqual(quietly)
    expect(active(after)).toMatchObject({ stepId: 'talk', step: { waiting: active(waiting).step?.waiting }, followUp: active(waiting).followUp })
  })

  it('keeps the contact that was made', () => {
    const contacted = lookAndCarryOut(add(later(inWork(), '10:20'), call(at('10:15')))).world
    const { world: after } = adopt(later(contacted, '10:30'), renamed('in-work', 'talk'))
    expect(active(after)).toEqual({ ...active(contacted), stepId: 'talk', regulationVersion: 2, round: active(contacted).round + 1 })
  })

  it('counts its term anew by its own new span', () => {
    const document = { ...longer, steps: longer.steps.map(step => (step.id === 'in-work' ? { ...step, id: 'talk' } : step)) }
    expect(active(adopt(later(inWork(), '10:02'), document).world)).toMatchObject({ stepId: 'talk', clock: { dueAt: moment('15:00') } })
  })

  it('is no step for a lead that somebody has moved there since', () => {
    const moved = moveTo(later(inWork(), '10:20'), stages.new)
    const { commands } = adopt(moved, renamed('in-work', 'talk'))
    expect(only(commands, 'adopt-version')[0]?.stepId).toBeUndefined()
    expect(kindsOf(commands)).toContain('enter-step')
  })

  it('keeps the task to appoint somebody while nobody is there', () => {
    const absent = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const waiting = lookAndCarryOut(world({ context: absent })).world
    const { world: after, commands } = adopt(later(waiting, '10:30'), renamed('new', 'intake'))
    expect(kindsOf(commands)).toEqual(quietly)
    expect(active(after)).toMatchObject({ stepId: 'intake', followUp: active(waiting).followUp })
  })

  it('is followed by a task to appoint somebody where the lead comes to an intake and nobody is there', () => {
    const absent = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const waiting = lookAndCarryOut(world({ context: absent })).world
    const moved = { ...later(waiting, '10:30'), lead: waiting.lead === null ? null : { ...waiting.lead, movedAt: at('10:20') } }
    const { world: after, commands } = adopt(moved, renamed('new', 'intake'))
    expect(kindsOf(commands)).toContain('enter-step')
    expect(active(after)).toMatchObject({ stepId: 'intake', chosenId: null })
    expect(carryOut(after).lead?.followUps.filter(({ open }) => open)).toHaveLength(1)
  })
})

describe('a refused lead under a newer version', () => {
  const returning = (days: number | null, change: Partial<Regulation['rejection']> = {}): Regulation => ({ ...regulation, rejection: { ...regulation.rejection, ...change }, card: { ...regulation.card, reason: { ...regulation.card.reason, options: regulation.card.reason.options.map(option => ({ ...option, returnAfterDays: days })) } } })
  const refused = (document: Regulation, fields: typeof notQualified | Record<string, never> = notQualified) => lookAndCarryOut(moveTo(fill(later(inWork({ regulation: document }), '11:00'), fields), stages['not-qualified'])).world

  it('comes back on the date it was promised', () => {
    const state = refused(returning(3))
    const { world: after } = adopt(later(state, '12:00', '2026-07-25'), returning(null))
    expect(after.watch).toMatchObject({ status: 'closed', life: { returnAt: at('11:00', '2026-07-27').toString() } })
    expect(active(adopt(later(state, '12:00', '2026-07-27'), returning(null)).world).regulationVersion).toBe(2)
    expect(adopt(later(state, '12:00', '2026-07-25'), returning(90)).world.watch).toEqual(state.watch)
  })

  it('does not keep a promise for a reason that the card does not name any more', () => {
    const state = fill(refused(returning(3)), { UF_CRM_LR_REASON: 'REASON-1' })
    expect(adopt(later(state, '12:00', '2026-07-25'), returning(null)).world.watch).toMatchObject({ life: { returnAt: null } })
  })

  it('gets no question, no control and no return that its own version did not have', () => {
    const strict = returning(10, { reasonRequired: true, controlledShare: 1 })
    for (const fields of [notQualified, {}]) {
      const state = refused(returning(null, { reasonRequired: false, controlledShare: 0 }), fields)
      expect(adopt(later(state, '12:00'), strict).commands).toEqual([])
    }
  })

  it('gets none more than thirty days after it', () => {
    const strict = returning(90, { reasonRequired: true, controlledShare: 1 })
    const watch = { status: 'closed', leadId: leadId(7), outcome: 'lost', closedAt: at('10:00', '2026-06-01').toString(), stageId: stages['not-qualified'] } as const
    for (const fields of [notQualified, {}]) {
      const junk = lead({ stageId: stages['not-qualified'], semantic: 'failure', movedAt: at('10:00', '2026-06-01'), responsibleId: anna, fields })
      expect(look(world({ watch, lead: junk, regulation: strict })).commands).toEqual([])
      expect(look(world({ watch, lead: junk, regulation: strict, now: at('10:00', '2026-06-30') })).commands).not.toEqual([])
    }
  })
})

it('a lead left alone because of its source is met once that counts as a source of leads (S1-A4)', () => {
  const web = (isLeadSource: boolean): Regulation => ({ ...regulation, channels: [{ id: 'web', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }] })
  const left = inWork({ regulation: web(false) })
  expect(left.watch.status).toBe('closed')
  expect(adopt(later(left, '11:00')).commands).toEqual([])
  expect(active(adopt(later(left, '11:00'), web(true)).world)).toMatchObject({ regulationVersion: 2 })
})
