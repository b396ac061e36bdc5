import { describe, expect, it } from 'vitest'
import { leadId } from '../../../server/domain/lead.ts'
import { regulation, stages } from '../support.ts'
import { boris, gone, openDeal, plan } from './support.ts'

describe('the deal (S1-D15)', () => {
  it('stands on the first stage of the first pipeline and is the lead’s responsible’s', () => {
    expect(plan().deal).toEqual({ pipelineId: 0, stageId: 'NEW', responsibleId: 1 })
  })

  it('goes where the setting says', () => {
    expect(plan({}, {}, { conversion: { dealCategoryId: 5, dealStageId: 'C5:PREP', dealResponsibleId: boris } }).deal).toEqual({ pipelineId: 5, stageId: 'C5:PREP', responsibleId: boris })
  })

  it('goes where the person says, and on the first stage of another pipeline', () => {
    const rules = { conversion: { dealStageId: 'PREP' } }
    expect(plan({}, { pipelineId: 5, responsibleId: boris }, rules).deal).toEqual({ pipelineId: 5, stageId: 'C5:NEW', responsibleId: boris })
    expect(plan({}, { pipelineId: 5 }, rules).lacks).toEqual([])
    expect(plan({}, { pipelineId: 5 }, rules).lacks).toEqual([])
    expect(plan({}, { dealStageId: 'NEW' }, rules).deal.stageId).toBe('NEW')
    expect(plan({}, { pipelineId: 5, dealStageId: 'PREP' }, rules).deal.stageId).toBe('C5:NEW')
    expect(plan({}, { dealStageId: 'WON' }).deal.stageId).toBe('NEW')
  })

  it('is not made past a setting that the portal does not have any more', () => {
    expect(plan({}, {}, { conversion: { dealCategoryId: 9 } }).lacks).toEqual([{ kind: 'pipeline' }])
    expect(plan({}, { pipelineId: 5 }, { conversion: { dealCategoryId: 9 } }).lacks).toEqual([])
    expect(plan({}, {}, { conversion: { dealStageId: 'GONE' } }).lacks).toEqual([{ kind: 'stage' }])
    expect(plan({}, { dealStageId: 'PREP' }, { conversion: { dealStageId: 'GONE' } }).lacks).toEqual([])
    expect(plan({ pipelines: [] }).lacks).toEqual([{ kind: 'pipeline' }])
  })

  it('is nobody’s who has left', () => {
    expect(plan({ lead: { responsibleId: gone } }).lacks).toEqual([{ kind: 'responsible' }])
    expect(plan({ lead: { responsibleId: null } }, { responsibleId: boris }).lacks).toEqual([])
    expect(plan({ lead: { responsibleId: null } }).lacks).toEqual([{ kind: 'responsible' }])
  })

  it('that is there already stays where it is, and whose it is', () => {
    const given = { deals: [openDeal(51, { stageId: 'C5:PREP', pipelineId: 5, responsibleId: gone })] }
    expect(plan(given, { use: { deal: 51 } })).toMatchObject({ deal: { pipelineId: 5, stageId: 'C5:PREP', responsibleId: gone }, lacks: [] })
    expect(plan(given, { use: { deal: 51 }, responsibleId: gone }).lacks).toEqual([{ kind: 'responsible' }])
  })
})

describe('a conversion is refused', () => {
  it.each([
    ['of a converted lead', { lead: { semantic: 'success' }, deals: [openDeal(51, { leadId: leadId(7) })] }, {}, 'already-converted', null],
    ['of a refused lead', { lead: { semantic: 'failure' } }, {}, 'lead-closed', null],
    ['where the regulation allows none', {}, { conversion: { allowed: false } }, 'not-allowed', null],
    ['before its step', {}, { conversion: { fromStepId: 'in-work' }, stepId: 'new' }, 'wrong-step', 'Взят в работу'],
    ['on no step at all', {}, { conversion: { fromStepId: 'in-work' }, stepId: null }, 'wrong-step', 'Взят в работу'],
    ['before its gate', {}, { unmet: ['отправить письмо'] }, 'gate', 'отправить письмо'],
    ['where there is no success stage', { successStageId: null }, {}, 'no-success-stage', null],
  ] as const)('%s', (_when, given, rules, why, detail) => {
    expect(plan(given, {}, rules).lacks).toEqual([{ kind: 'blocked', why, detail }])
  })

  it('but not of a lead that stands on success with nothing made of it, whatever its step', () => {
    const { lacks, onSuccess } = plan({ lead: { semantic: 'success' } }, {}, { conversion: { fromStepId: 'in-work' }, stepId: null })
    expect(lacks).toEqual([])
    expect(onSuccess).toBe(true)
  })

  it('not on its step or a later one', () => {
    const steps = regulation.steps.map(({ id }) => id)
    expect(steps).toEqual(['new', 'in-work'])
    expect(stages['in-work']).toBeDefined()
    for (const stepId of steps) expect(plan({}, {}, { conversion: { fromStepId: 'new' }, stepId }).lacks).toEqual([])
    expect(plan({}, {}, { conversion: { fromStepId: 'in-work' }, stepId: 'in-work' }).lacks).toEqual([])
  })

  it('for each unmet need, and before all that can be mended (S0-30)', () => {
    expect(plan({ lead: { responsibleId: null } }, {}, { unmet: ['раз', 'два'] }).lacks.map(({ kind }) => kind)).toEqual(['blocked', 'blocked', 'responsible'])
  })
})
