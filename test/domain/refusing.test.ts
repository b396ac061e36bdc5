import { describe, expect, it } from 'vitest'
import { lintRegulation } from '../../server/domain/lint.ts'
import { requests } from '../../server/domain/presets/requests.ts'
import { boundOf, thingsOf } from './presets/support.ts'
import { active, at, fill, inWork, later, look, lookAndCarryOut, moveTo, notQualified, only, regulation, stages, withStep } from './support.ts'
import type { Step } from '../../server/domain/regulation.ts'

const toJunk = { stageId: stages['not-qualified'], by: 'automatic' } as const
const begun = (change: Partial<Step>) => later(inWork({ regulation: withStep({ leave: { done: null, notQualified: toJunk }, ...change }) }), '10:10')

describe('a refusal', () => {
  it.each([['asks for no result', { card: { groups: [], closing: false } }], ['asks nothing at all', { card: null }]])('closes a lead on a step that %s (S0-13, S1-D18)', (_what, change) => {
    const { commands, world: after } = lookAndCarryOut(fill(begun(change), notQualified))
    expect(only(commands, 'move-stage')).toMatchObject([{ to: stages['not-qualified'], because: { rule: 'not-qualified' } }])
    expect(after.watch).toMatchObject({ status: 'closed', outcome: 'not-qualified' })
  })

  it('without its reason is asked for it, and nothing is closed (S3-27)', () => {
    const { commands, world: after } = look(fill(begun({ card: { groups: [], closing: false } }), { UF_CRM_LR_RESULT: 'RESULT-2' }))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(only(commands, 'ask-again')).toMatchObject([{ questions: ['reason'] }])
    expect(after.watch.status).toBe('active')
  })

  it('another result of such a step is none', () => {
    const { commands } = look(fill(begun({ card: { groups: [], closing: false } }), { UF_CRM_LR_RESULT: 'RESULT-1' }))
    expect(only(commands, 'move-stage')).toEqual([])
  })

  it('that leads to a step of its own does not refuse the lead there again', () => {
    const [, work] = regulation.steps
    if (work === undefined) throw new Error('there is no step')
    const nurtured: Step = { ...work, id: 'nurtured', stageId: stages.qualified, card: { groups: [], closing: false }, leave: { done: null, notQualified: toJunk } }
    const refusedTo = withStep({ leave: { done: null, notQualified: { stageId: stages.qualified, by: 'automatic' } } })
    const state = later(inWork({ regulation: { ...refusedTo, steps: [...refusedTo.steps, nurtured] } }), '10:10')
    const there = lookAndCarryOut(fill(state, notQualified)).world
    expect(active(there).stepId).toBe('nurtured')
    expect(only(look(later(there, '10:20')).commands, 'move-stage')).toEqual([])
    expect(only(look(fill(later(there, '10:30'), { UF_CRM_LR_REASON: 'REASON-3' })).commands, 'move-stage')).toMatchObject([{ to: stages['not-qualified'] }])
  })

  it('made by hand leads to such a step, too', () => {
    const [, work] = regulation.steps
    if (work === undefined) throw new Error('there is no step')
    const nurtured: Step = { ...work, id: 'nurtured', stageId: stages.qualified, card: { groups: [], closing: false }, leave: { done: null, notQualified: toJunk } }
    const refusedTo = withStep({ leave: { done: null, notQualified: { stageId: stages.qualified, by: 'hand' } } })
    const state = later(inWork({ regulation: { ...refusedTo, steps: [...refusedTo.steps, nurtured] } }), '10:10')
    const moved = lookAndCarryOut(moveTo(fill(state, notQualified), stages.qualified)).world
    expect(active(moved).stepId).toBe('nurtured')
    expect(only(look({ ...moved, now: at('10:20') }).commands, 'move-stage')).toEqual([])
  })
})

describe('the lint', () => {
  it('warns of a step without a result that a refused lead cannot leave', () => {
    const preset = boundOf(requests)
    const [first, ...rest] = preset.card.reason.options
    if (first === undefined) throw new Error('the preset has no reasons')
    const { stageId: _stageId, ...homeless } = first
    const changed = {
      ...preset,
      card: { ...preset.card, reason: { ...preset.card.reason, options: [homeless, ...rest] } },
      steps: preset.steps.map(step => (step.id === 'confirmed' ? { ...step, leave: { ...step.leave, notQualified: null } } : step)),
    }
    const found = (document: typeof preset) => lintRegulation(document, thingsOf(requests)).filter(({ kind }) => kind === 'reason-without-stage')
    expect(found(preset)).toEqual([])
    expect(found(changed)).toMatchObject([{ severity: 'warning', path: expect.stringContaining('leave.notQualified') as unknown }])
  })
})
