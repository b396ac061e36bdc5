import { describe, it } from 'vitest'
import { evolveContext } from '../../server/domain/evolve.ts'
import { distribute } from '../../server/domain/rules/distribution.ts'
import { equalWeightsAreTurns, handsOnInTurn, loadsAreLevel, sharesAreEqualWithinLimits, weightsAreKept } from './properties-distribution.ts'
import { holds, realRules } from './support.ts'

const sharing = { distribute, evolveContext }

describe('distribution, for any presence, limits and weights', () => {
  it('keeps shares equal among those who have room, and nobody above his limit (S1-D10, S3-4)', () => holds(sharesAreEqualWithinLimits(sharing), 300))
  it('keeps weighted parts in proportion (S3-4)', () => holds(weightsAreKept(sharing), 300))
  it('goes in turn with equal weights (S3-4)', () => holds(equalWeightsAreTurns(sharing), 100))
  it('keeps loads level (S1-D14)', () => holds(loadsAreLevel(sharing), 200))
})

describe('a lead that has to be begun in time, for any story', () => {
  it('goes on so many times, to each person once, and is never without a responsible (S3-4)', () => holds(handsOnInTurn(realRules), 300))
})
