import fc from 'fast-check'
import { describe, it } from 'vitest'
import { addWorkingTime } from '../../server/domain/calendar.ts'
import { evolveContext } from '../../server/domain/evolve.ts'
import { distribute } from '../../server/domain/rules/distribution.ts'
import { countsEachMinute, sharesAreEqual, turnsGoRound, workingTimeAddsUp } from './properties-of-counting.ts'
import { closedIsClosed, escalatesOnceInOrder, marksAreUnique, messagesAreBounded, neverForgets, oneIncidentPerMiss, onlyContactStopsTheClock, openLeadsAreWatched, openLeadsHaveTheirTask, replayChangesNothing, silenceIsNoticed } from './properties.ts'
import { realRules } from './support.ts'

describe('decide, for any story of a lead', () => {
  it('never forgets an open lead', () => fc.assert(neverForgets(realRules), { numRuns: 300 }))
  it('watches every lead that stands on a step, refused moves included', () => fc.assert(openLeadsAreWatched(realRules), { numRuns: 300 }))
  it('sees to it that an open lead has its task', () => fc.assert(openLeadsHaveTheirTask(realRules), { numRuns: 300 }))
  it('does not flood anybody with messages', () => fc.assert(messagesAreBounded(realRules), { numRuns: 40 }))
  it('changes nothing when it looks again', () => fc.assert(replayChangesNothing(realRules), { numRuns: 300 }))
  it('gives every command a mark of its own', () => fc.assert(marksAreUnique(realRules), { numRuns: 300 }))
  it('opens one incident per miss (S4-15, S4-18)', () => fc.assert(oneIncidentPerMiss(realRules), { numRuns: 300 }))
  it('notices silence at every deadline (S4-15)', () => fc.assert(silenceIsNoticed(realRules), { numRuns: 60 }))
  it('takes nothing but a real contact for one (S4-14)', () => fc.assert(onlyContactStopsTheClock(realRules), { numRuns: 300 }))
  it('leaves a closed lead alone', () => fc.assert(closedIsClosed(realRules), { numRuns: 300 }))
})

describe('escalation, for any sequence of delivered misses', () => {
  it('tells the head once per three, in order (S4-19)', () => fc.assert(escalatesOnceInOrder(realRules), { numRuns: 300 }))
})

describe('distribution, for any sequence of presence', () => {
  it('keeps shares equal with one lead at a time (S1-D10)', () => fc.assert(sharesAreEqual({ distribute, evolveContext }), { numRuns: 300 }))
  it('goes round while the same people are there (S3-4)', () => fc.assert(turnsGoRound({ distribute, evolveContext }), { numRuns: 300 }))
})

describe('working time, in any calendar', () => {
  it('adds up (S4-14)', () => fc.assert(workingTimeAddsUp({ addWorkingTime }), { numRuns: 300 }))
  it('counts each working minute once', () => fc.assert(countsEachMinute({ addWorkingTime }), { numRuns: 40 }))
})
