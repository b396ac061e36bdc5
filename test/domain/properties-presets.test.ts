/** The laws of the domain over each of the five presets, and a planted bug for each of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingMsBetween } from '../../server/domain/calendar.ts'
import type { Command } from '../../server/domain/command.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { versionFor } from '../../server/domain/regulation/versions.ts'
import { eachRungOnceInOrder, nobodyIsWoken } from './properties-clocks.ts'
import { alone, channelsShareEqually, newOnlyLeavesOldLeads, played } from './properties-presets.ts'
import type { PlayedPreset } from './properties-presets.ts'
import { escalatesOnceInOrder, marksAreUnique, neverForgets, replayChangesNothing } from './properties.ts'
import { holds, realRules } from './support.ts'
import type { Rules } from './support.ts'

const runs = 25
const findsTheBug = <Input>(law: fc.IProperty<Input>, numRuns = 1_000): void => {
  expect(fc.check(law, { numRuns, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
}
const tampered = (change: (commands: readonly Command[]) => readonly Command[]): Rules => ({ ...realRules, decide: (...looking) => change(decideReally(...looking)) })
const decideReally = realRules.decide

const forgets = ({ by, begin, told }: PlayedPreset, rules: Rules) => neverForgets(by(rules), begin(), told)
const repeats = ({ by, begin, told }: PlayedPreset, rules: Rules) => replayChangesNothing(by(rules), begin(), told)
const wakes = ({ by, begin, told }: PlayedPreset, rules: Rules) => nobodyIsWoken(by(rules), begin(), told)
const climbs = ({ by, begin, told }: PlayedPreset, rules: Rules) => eachRungOnceInOrder({ ...by(rules), workingMsBetween }, begin(), told)
const marks = ({ by, begin, told }: PlayedPreset, rules: Rules) => marksAreUnique(by(rules), begin(), told)
const leaves = (one: PlayedPreset, rules: Rules) => newOnlyLeavesOldLeads(one, { ...rules, versionFor })
const escalates = (one: PlayedPreset, rules: Rules) => escalatesOnceInOrder(one.by(rules), alone(one))

describe.each(presets.map(preset => [preset.name.ru, played(preset)] as const))('under «%s», for any story of a lead', (_name, one) => {
  it('no open lead is forgotten (S0-36, S1-A10)', () => holds(forgets(one, realRules), runs))
  it('shares are equal within each pool (S1-D10, S3-4)', () => holds(channelsShareEqually(one, realRules), runs))
  it('each rung is climbed once and in order (S4-18, S4-20)', () => holds(climbs(one, realRules), runs))
  it('the head is told once per so many misses (S4-19)', () => holds(escalates(one, realRules), runs))
  it('no message comes in quiet hours (product, 9)', () => holds(wakes(one, realRules), runs))
  it('a second look changes nothing', () => holds(repeats(one, realRules), runs))
  it('every command has a mark of its own', () => holds(marks(one, realRules), runs))
  it('a version for new leads leaves the others untouched', () => holds(leaves(one, realRules), runs))
})

describe.each(presets.map(preset => [preset.name.ru, played(preset)] as const))('planted under «%s»', (_name, one) => {
  it('the wake-up forgotten after a contact', () => {
    findsTheBug(forgets(one, tampered(commands => (commands.some(({ kind }) => kind === 'note-contact') ? commands.filter(({ kind }) => kind !== 'wake-at') : commands))))
  })

  it('a rung told again and again', () => {
    findsTheBug(climbs(one, { ...realRules, evolve: (watch, command) => (command.kind === 'note' && command.because.rule === 'rung' ? watch : realRules.evolve(watch, command)) }), 100)
  })

  it('the director before the head', () => {
    findsTheBug(climbs(one, { ...realRules, decide: (watch, sight, regulation, ...rest) => decideReally(watch, sight, { ...regulation, incidents: { ...regulation.incidents, ladder: regulation.incidents.ladder.toReversed() } }, ...rest) }))
  })

  it('the head brought in one miss too early', () => {
    findsTheBug(escalates(one, { ...realRules, decide: (watch, sight, regulation, ...rest) => decideReally(watch, sight, { ...regulation, incidents: { ...regulation.incidents, misses: regulation.incidents.misses - 1 } }, ...rest) }))
  })

  it('messages sent at once', () => {
    findsTheBug(wakes(one, tampered(commands => commands.map((command) => {
      if (command.kind !== 'notify') return command
      const { notBefore: _notBefore, ...now } = command
      return now
    }))))
  })

  it('our own changes not remembered', () => {
    findsTheBug(repeats(one, { ...realRules, evolve: (watch, command) => {
      const after = realRules.evolve(watch, command)
      return after.status === 'active' && after.followUp !== null ? { ...after, followUp: { ...after.followUp, earlierDeadlines: [] } } : after
    } }))
  })

  it('one mark for every miss of a step', () => {
    findsTheBug(marks(one, { ...realRules, evolve: (watch, command) => {
      const after = realRules.evolve(watch, command)
      return command.kind === 'open-incident' && after.status === 'active' ? { ...after, round: after.round - 1 } : after
    } }))
  })

  it('a version for new leads taken for one for all', () => {
    findsTheBug(newOnlyLeavesOldLeads(one, { ...realRules, versionFor: (own, versions) => versionFor(own, versions.map(version => ({ ...version, applies: 'all' }))) }))
  })
})

// A cold call’s lead is its caller’s: there is nothing to distribute.
const distributing = presets.map(preset => [preset.name.ru, played(preset)] as const).filter(([, { regulation }]) => regulation.steps[0]?.kind === 'intake')

describe.each(distributing)('planted under «%s»', (_name, one) => {
  it('always the first of those who are there', () => {
    findsTheBug(channelsShareEqually(one, { ...realRules, decide: (watch, sight, regulation, version, context, now) => decideReally(watch, sight, regulation, version, { ...context, shares: {}, load: {} }, now) }))
  })
})
