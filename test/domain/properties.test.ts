/** The laws of the domain, over the same stories at every run; `LAWS_SEED=random LAWS_RUNS=3000 npx vitest run …` hunts for others. A story that breaks a law is told with its seed: `LAWS_SEED=<seed>` tells it again. */
import { describe, it } from 'vitest'
import { addWorkingTime } from '../../server/domain/calendar.ts'
import { evolveContext } from '../../server/domain/evolve.ts'
import { distribute } from '../../server/domain/rules/distribution.ts'
import { countsEachMinute, sharesAreEqual, turnsGoRound, workingTimeAddsUp } from './properties-of-counting.ts'
import { closedIsClosed, escalatesOnceInOrder, marksAreUnique, messagesAreBounded, neverForgets, oneIncidentPerMiss, onlyContactStopsTheClock, openLeadsAreWatched, openLeadsHaveTheirTask, replayChangesNothing, silenceIsNoticed } from './properties.ts'
import { holds, realRules } from './support.ts'

describe('decide, for any story of a lead', () => {
  it('never forgets an open lead (S0-36, S1-A10)', () => holds(neverForgets(realRules), 300))
  it('watches every lead that stands on a step, refused moves included (S0-36)', () => holds(openLeadsAreWatched(realRules), 300))
  it('sees to it that an open lead has its task', () => holds(openLeadsHaveTheirTask(realRules), 300))
  it('does not flood anybody with messages', () => holds(messagesAreBounded(realRules), 40))
  it('changes nothing when it looks again', () => holds(replayChangesNothing(realRules), 300))
  it('gives every command a mark of its own', () => holds(marksAreUnique(realRules), 300))
  it('opens one incident per miss (S4-15, S4-18)', () => holds(oneIncidentPerMiss(realRules), 300))
  it('notices silence at every deadline (S4-15)', () => holds(silenceIsNoticed(realRules), 60))
  it('takes nothing but a real contact for one (S4-14)', () => holds(onlyContactStopsTheClock(realRules), 300))
  it('leaves a closed lead alone', () => holds(closedIsClosed(realRules), 300))
})

describe('escalation, for any sequence of delivered misses', () => {
  it('tells the head once per three, in order (S4-19)', () => holds(escalatesOnceInOrder(realRules), 300))
})

describe('distribution, for any sequence of presence', () => {
  it('keeps shares equal with one lead at a time (S1-D10)', () => holds(sharesAreEqual({ distribute, evolveContext }), 300))
  it('goes round while the same people are there (S3-4)', () => holds(turnsGoRound({ distribute, evolveContext }), 300))
})

describe('working time, in any calendar', () => {
  it('adds up (S4-14)', () => holds(workingTimeAddsUp({ addWorkingTime }), 300))
  it('counts each working minute once', () => holds(countsEachMinute({ addWorkingTime }), 40))
})
