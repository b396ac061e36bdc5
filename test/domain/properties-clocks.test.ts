/** The laws of clocks, over the same stories at every run, and a planted bug for each of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingMsBetween } from '../../server/domain/calendar.ts'
import type { Command } from '../../server/domain/command.ts'
import { decide } from '../../server/domain/decide.ts'
import { evolve } from '../../server/domain/evolve.ts'
import { quietUntil } from '../../server/domain/rules/quiet.ts'
import { eachRungOnceInOrder, nobodyIsForgotten, nobodyIsWoken, quietHoursChangeOnlyMessages, quietHoursEnd, termsFollowTheirPerson } from './properties-clocks.ts'
import { holds, realRules } from './support.ts'
import type { Rules } from './support.ts'

const counting = { ...realRules, workingMsBetween }

describe('quiet hours, for any story of a lead', () => {
  it('let no message through (product, 9)', () => holds(nobodyIsWoken(realRules), 300))
  it('change nothing but when messages come', () => holds(quietHoursChangeOnlyMessages(realRules), 100))
  it('have an end in any calendar', () => holds(quietHoursEnd(quietUntil), 500))
})

describe('the ladder, for any story of a lead', () => {
  it('is climbed rung by rung, each once (S4-18, S4-19, S4-20)', () => holds(eachRungOnceInOrder(counting), 200))
  it('brings in everybody while nobody answers (S4-20)', () => holds(nobodyIsForgotten(counting), 60))
})

describe('own calendars, for any story of a lead', () => {
  it('give every term exactly its span (S4-14)', () => holds(termsFollowTheirPerson(counting), 200))
})

const findsTheBug = <Input>(law: fc.IProperty<Input>, numRuns = 1_000): void => {
  expect(fc.check(law, { numRuns, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
}
const tampered = (change: (commands: readonly Command[]) => readonly Command[]): Rules => ({ ...realRules, decide: (...looking) => change(decide(...looking)) })

describe('planted in quiet hours', () => {
  it('messages sent at once', () => {
    findsTheBug(nobodyIsWoken(tampered(commands => commands.map((command) => {
      if (command.kind !== 'notify') return command
      const { notBefore: _notBefore, ...now } = command
      return now
    }))))
  })

  it('the common calendar taken for everybody’s', () => {
    findsTheBug(nobodyIsWoken({ ...realRules, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, calendars: [] }, ...rest) }))
  })

  it('the evaluation held back with the message', () => {
    findsTheBug(quietHoursChangeOnlyMessages(tampered(commands => commands.filter(command => command.kind !== 'open-incident' || !commands.some(other => other.kind === 'notify' && other.notBefore !== undefined)))))
  })

  it('the end at midnight', () => {
    findsTheBug(quietHoursEnd((quiet, calendar, at) => quietUntil(quiet.from > quiet.to ? { ...quiet, to: '00:00' } : quiet, calendar, at)))
  })
})

describe('planted in the ladder', () => {
  it('a rung told again and again', () => {
    findsTheBug(eachRungOnceInOrder({ ...counting, evolve: (watch, command) => (command.kind === 'note' && command.because.rule === 'rung' ? watch : evolve(watch, command)) }), 20)
  })

  it('all rungs at once', () => {
    findsTheBug(eachRungOnceInOrder({ ...counting, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, incidents: { ...regulation.incidents, ladder: regulation.incidents.ladder.map(({ rung }) => ({ rung, after: 'PT1M' })) } }, ...rest) }))
  })

  it('the director before the head', () => {
    findsTheBug(eachRungOnceInOrder({ ...counting, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, incidents: { ...regulation.incidents, ladder: regulation.incidents.ladder.toReversed() } }, ...rest) }))
  })

  it('no look when the next rung is due', () => {
    const broken = tampered(commands => commands.filter(({ because }) => because.rule !== 'rung'))
    findsTheBug(nobodyIsForgotten({ ...broken, workingMsBetween }))
  })
})

describe('planted in own calendars', () => {
  it('every term by the common calendar', () => {
    findsTheBug(termsFollowTheirPerson({ ...counting, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, calendars: [] }, ...rest) }))
  })
})
