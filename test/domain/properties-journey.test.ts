/** The laws of a lead's life under a regulation that has everything, and a planted bug for each law of its own. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../server/domain/command.ts'
import { decide } from '../../server/domain/decide.ts'
import { evolve } from '../../server/domain/evolve.ts'
import { attemptsCountOnce, datedRefusalsReturn, gatesHold, richStory, richWorld, waitsPause, workHasAnOpenTask } from './properties-journey.ts'
import { marksAreUnique, neverForgets, oneIncidentPerMiss, onlyContactStopsTheClock, openLeadsAreWatched, openLeadsHaveTheirTask, replayChangesNothing } from './properties.ts'
import { holds, realRules } from './support.ts'
import type { Rules } from './support.ts'

describe('decide, for any story of a lead under a regulation that has everything', () => {
  it('never forgets an open lead', () => holds(neverForgets(realRules, richWorld(), richStory), 300))
  it('watches every lead that stands on a step', () => holds(openLeadsAreWatched(realRules, richWorld(), richStory), 300))
  it('sees to it that an open lead has its task', () => holds(openLeadsHaveTheirTask(realRules, richWorld(), richStory), 300))
  it('changes nothing when it looks again', () => holds(replayChangesNothing(realRules, richWorld(), richStory), 300))
  it('gives every command a mark of its own', () => holds(marksAreUnique(realRules, richWorld(), richStory), 300))
  it('opens one incident per miss (S4-15, S4-18)', () => holds(oneIncidentPerMiss(realRules, richWorld(), richStory), 300))
  it('takes nothing but a real contact for one (S4-14)', () => holds(onlyContactStopsTheClock(realRules, richWorld()), 300))
})

describe('the way through the steps, for any story of a lead', () => {
  it('does not lead past an unmet gate (S0-19, S4-16)', () => holds(gatesHold(realRules), 300))
  it('is paused while the lead waits (S3-24)', () => holds(waitsPause(realRules), 300))
  it('counts each attempt once (S0-18)', () => holds(attemptsCountOnce(realRules), 300))
  it('comes back on the date of a refusal (S3-27.10, S3-28)', () => holds(datedRefusalsReturn(realRules), 200))
  it('always has an open task (S3-18)', () => holds(workHasAnOpenTask(realRules), 300))
})

const findsTheBug = <Input>(law: fc.IProperty<Input>, numRuns = 1_000): void => {
  expect(fc.check(law, { numRuns, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
}
const tampered = (change: (commands: readonly Command[]) => readonly Command[]): Rules => ({ ...realRules, decide: (...looking) => change(decide(...looking)) })

describe('planted in the way through the steps', () => {
  it('a gate that does not send back', () => {
    findsTheBug(gatesHold(tampered(commands => commands.filter(({ kind, because }) => kind !== 'move-stage' || because.rule !== 'gate-unmet'))))
  })

  it('a gate that is told of and passed', () => {
    findsTheBug(gatesHold({ ...realRules, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, steps: regulation.steps.map(step => ({ ...step, gate: step.gate === null ? null : { ...step.gate, sendBack: false } })) }, ...rest) }))
  })

  it('a wait that does not pause', () => {
    findsTheBug(waitsPause(tampered(commands => commands.filter(({ kind, because }) => kind !== 'set-clock' || (because.rule !== 'waiting' && because.rule !== 'postponed')))))
  })

  it('an attempt counted at every look', () => {
    findsTheBug(attemptsCountOnce({ ...realRules, evolve: (watch, command) => evolve(watch, command.kind === 'note' && command.life?.attempts !== undefined ? { ...command, life: { ...command.life, attempts: { ...command.life.attempts, activityIds: [] } } } : command) }))
  })

  it('a refusal that forgets its date', () => {
    findsTheBug(datedRefusalsReturn(tampered(commands => commands.filter(({ kind, because }) => kind !== 'wake-at' || because.rule !== 'returned-on-date'))))
  })

  it('a summary that is not asked for', () => {
    findsTheBug(workHasAnOpenTask(tampered(commands => commands.filter(({ because }) => because.rule !== 'summary-missing'))))
  })
})
