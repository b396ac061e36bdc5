import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyDealIsSomebodys, everyMeansLands, everyObligatoryFieldIsAskedFor, fullPlansGoThrough, nothingIsOverwrittenUnasked, plansAreStable, realPieces, shareOfFullPlans, stepsLeanOnEarlierOnes, undoIsTheReverse } from './properties.ts'
import type { Pieces } from './properties.ts'

const holds = <Input>(law: (pieces: Pieces) => fc.IProperty<Input>): void => { fc.assert(law(realPieces), { numRuns: 1_000 }) }

describe('a plan, for any lead, setting and choices', () => {
  it('says of each phone and address where it goes, and writes none twice unasked (S0-32)', () => { holds(everyMeansLands) })
  it('never makes a deal of nobody (S0-29)', () => { holds(everyDealIsSomebodys) })
  it('fills each obligatory field, or asks for it (S0-30)', () => { holds(everyObligatoryFieldIsAskedFor) })
  it('overwrites nothing that nobody has chosen', () => { holds(nothingIsOverwrittenUnasked) })
  it('is the same for the same choices', () => { holds(plansAreStable) })
})

describe('its steps', () => {
  it('lean on earlier ones only, and make nothing twice (S2-14)', () => { holds(stepsLeanOnEarlierOnes) })
  it('go through to the lead’s success stage, or there are none (S0-28)', () => { holds(fullPlansGoThrough) })
  it('are undone in reverse, wherever they broke off', () => { holds(undoIsTheReverse) })
  it('are there often enough for the laws to say something', () => { expect(shareOfFullPlans(realPieces, 1_000)).toBeGreaterThan(0.1) })
})

/** A law counts only if it finds a bug. */
describe('planted in a plan', () => {
  const findsTheBug = <Input>(law: (pieces: Pieces) => fc.IProperty<Input>, broken: Partial<Pieces>): void => {
    expect(fc.check(law({ ...realPieces, ...broken }), { numRuns: 1_000, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
  }
  const changedPlan = (change: (plan: ReturnType<Pieces['proposePlan']>) => ReturnType<Pieces['proposePlan']>): Partial<Pieces> => ({ proposePlan: (...given) => change(realPieces.proposePlan(...given)) })
  const changedSteps = (change: (steps: ReturnType<Pieces['stepsOf']>) => ReturnType<Pieces['stepsOf']>): Partial<Pieces> => ({ stepsOf: (...given) => change(realPieces.stepsOf(...given)) })

  it('a phone forgotten', () => { findsTheBug(everyMeansLands, changedPlan(plan => ({ ...plan, means: plan.means.slice(1) }))) })
  it('phones left out without a word', () => { findsTheBug(everyMeansLands, changedPlan(plan => ({ ...plan, means: plan.means.map(one => ({ ...one, to: 'none' })) }))) })
  it('phones written in both places, as the portal does', () => { findsTheBug(everyMeansLands, changedPlan(plan => ({ ...plan, means: plan.means.map(one => (one.options.includes('both') ? { ...one, to: 'both' } : one)) }))) })
  it('a deal of nobody', () => { findsTheBug(everyDealIsSomebodys, changedPlan(plan => (plan.variant === 'client' ? { ...plan, objects: plan.objects.filter(({ kind }) => kind === 'deal') } : plan))) })
  it('obligatory fields not asked for', () => { findsTheBug(everyObligatoryFieldIsAskedFor, changedPlan(plan => ({ ...plan, lacks: plan.lacks.filter(({ kind }) => kind !== 'field') }))) })
  it('wrong values not told', () => { findsTheBug(everyObligatoryFieldIsAskedFor, changedPlan(plan => ({ ...plan, lacks: plan.lacks.filter(({ kind }) => kind !== 'value'), objects: plan.objects.map(object => ({ ...object, fields: object.fields.map(field => ({ ...field, take: false })) })) }))) })
  it('conflicts taken', () => { findsTheBug(nothingIsOverwrittenUnasked, changedPlan(plan => ({ ...plan, objects: plan.objects.map(object => ({ ...object, fields: object.fields.map(field => ({ ...field, take: true })) })) }))) })
  it('a random order', () => {
    let turn = 0
    findsTheBug(plansAreStable, changedPlan(plan => ({ ...plan, objects: (turn += 1) % 2 === 0 ? plan.objects.toReversed() : plan.objects })))
  })
  it('a key that forgets what it was', () => {
    let turn = 0
    findsTheBug(plansAreStable, { planKey: () => String(turn += 1) })
  })
  it('the deal before its contact', () => { findsTheBug(stepsLeanOnEarlierOnes, changedSteps(steps => steps.toSorted((a, b) => Number(b.key === 'deal') - Number(a.key === 'deal')))) })
  it('the same step twice', () => { findsTheBug(stepsLeanOnEarlierOnes, changedSteps(steps => [...steps, ...steps.slice(0, 1)])) })
  it('the lead moved before the rest', () => { findsTheBug(fullPlansGoThrough, changedSteps(steps => [...steps.slice(0, 1), ...steps.slice(-1), ...steps.slice(1, -1)])) })
  it('a conversion in spite of lacks', () => { findsTheBug(fullPlansGoThrough, { stepsOf: (plan, given, words) => realPieces.stepsOf({ ...plan, lacks: [] }, given, words) }) })
  it('undoing in the order of doing', () => { findsTheBug(undoIsTheReverse, { undoOf: (...given) => realPieces.undoOf(...given).toReversed() }) })
  it('something left behind', () => { findsTheBug(undoIsTheReverse, { undoOf: (...given) => realPieces.undoOf(...given).slice(1) }) })
})
