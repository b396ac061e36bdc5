import { describe, expect, it } from 'vitest'
import { worktops } from '../../../server/domain/presets/worktops.ts'
import { bindingOf, boundOf, stepOf } from './support.ts'

const regulation = boundOf(worktops)

describe('«Столешницы на заказ», besides its card', () => {
  it('gives a longer time where there is only an e-mail address (S4-14)', () => {
    expect(stepOf(regulation, 'in-work').deadline?.firstContact).toEqual({ phone: 'PT30M', messenger: 'PT1H', email: 'PT4H', nothing: 'PT8H' })
  })

  it('tells who moves a lead on by hand what is missing (S4-16)', () => {
    expect(stepOf(regulation, 'in-work').gate).toEqual({ needs: [{ kind: 'answers' }], sendBack: false, noSkipping: false })
  })

  it('sends a bad lead to its stage and has a share of refusals looked through (S4-17)', () => {
    expect(stepOf(regulation, 'in-work').leave.notQualified).toEqual({ stageId: 'JUNK', by: 'automatic' })
    expect(regulation.rejection.controlledShare).toBeGreaterThan(0)
  })

  it('brings in the head after three misses, and above him whoever there is (S4-19)', () => {
    expect(regulation.incidents).toMatchObject({ misses: 3, windowDays: 30 })
    expect(regulation.incidents.ladder.map(({ rung }) => rung)).toEqual(['head', 'director'])
  })

  it('has no director on its ladder where there is none', () => {
    expect(worktops.regulation({ ...bindingOf(worktops), directorId: null }).incidents.ladder.map(({ rung }) => rung)).toEqual(['head'])
  })
})
