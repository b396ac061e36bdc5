/** A law counts only if it finds a bug: each test breaks one piece on purpose and wants the law to fail. */
import fc from 'fast-check'
import type { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { addWorkingTime, nextWorkingMoment } from '../../server/domain/calendar.ts'
import type { Command } from '../../server/domain/command.ts'
import { decide } from '../../server/domain/decide.ts'
import { evolve, evolveContext } from '../../server/domain/evolve.ts'
import { distribute } from '../../server/domain/rules/distribution.ts'
import { countsEachMinute, sharesAreEqual, turnsGoRound, workingTimeAddsUp } from './properties-of-counting.ts'
import { escalatesOnceInOrder, marksAreUnique, messagesAreBounded, neverForgets, oneIncidentPerMiss, onlyContactStopsTheClock, openLeadsAreWatched, openLeadsHaveTheirTask, replayChangesNothing, silenceIsNoticed } from './properties.ts'
import { equalWeightsAreTurns, handsOnInTurn, loadsAreLevel, sharesAreEqualWithinLimits, weightsAreKept } from './properties-distribution.ts'
import { realRules } from './support.ts'
import type { Rules } from './support.ts'

const findsTheBug = <Input>(law: fc.IProperty<Input>, numRuns = 1_000): void => {
  expect(fc.check(law, { numRuns, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)
}

/** `decide` with its commands tampered with. */
const tampered = (change: (commands: readonly Command[]) => readonly Command[]): Rules => ({ ...realRules, decide: (...looking) => change(decide(...looking)) })

describe('planted in deadlines', () => {
  it('nights and lunch counted as working time', () => {
    const broken: typeof addWorkingTime = (_calendar, from, span) => ({ dueAt: from.add(span), pieces: [] })
    findsTheBug(workingTimeAddsUp({ addWorkingTime: broken }))
    findsTheBug(countsEachMinute({ addWorkingTime: broken }))
  })

  it('closing forgotten once the shift has begun', () => {
    const broken: typeof addWorkingTime = (calendar, from, span) => {
      const start = nextWorkingMoment(calendar, from)
      return start === null ? null : { dueAt: start.add(span), pieces: [] }
    }
    findsTheBug(countsEachMinute({ addWorkingTime: broken }))
  })

  it('a term that ends exactly at closing put off to the next opening', () => {
    const broken: typeof addWorkingTime = (calendar, from, span) => {
      const counted = addWorkingTime(calendar, from, span)
      return counted === null ? null : { ...counted, dueAt: nextWorkingMoment(calendar, counted.dueAt) ?? counted.dueAt }
    }
    findsTheBug(countsEachMinute({ addWorkingTime: broken }))
  })

  it('the clock change counted as a working hour more or less', () => {
    const broken: typeof addWorkingTime = (calendar, from, span) => {
      const utc = (moment: Temporal.Instant) => moment.toZonedDateTimeISO(calendar.timeZone).toPlainDateTime().toZonedDateTime('UTC').toInstant()
      const counted = addWorkingTime({ ...calendar, timeZone: 'UTC' }, utc(from), span)
      return counted === null ? null : { ...counted, dueAt: counted.dueAt.toZonedDateTimeISO('UTC').toPlainDateTime().toZonedDateTime(calendar.timeZone).toInstant() }
    }
    findsTheBug(workingTimeAddsUp({ addWorkingTime: broken }), 3_000)
  })

  it('no new term after a miss', () => {
    const broken = tampered(commands => (commands.some(({ kind }) => kind === 'open-incident') ? commands.filter(({ kind }) => kind !== 'set-clock') : commands))
    findsTheBug(silenceIsNoticed(broken))
    findsTheBug(oneIncidentPerMiss(broken))
  })

  it('a miss noticed without an incident', () => {
    findsTheBug(silenceIsNoticed(tampered(commands => commands.filter(({ kind }) => kind !== 'open-incident'))))
  })

  it('a miss recorded before its deadline, with the reminder', () => {
    const broken: Rules = { ...realRules, decide: (watch, sight, regulation, version, context, now) => decide(watch, sight, regulation, version, context, now.add({ minutes: 15 })) }
    findsTheBug(oneIncidentPerMiss(broken))
  })

  it('one incident id for all misses of a step', () => {
    const broken: Rules = { ...realRules, evolve: (watch, command) => {
      const after = evolve(watch, command)
      return command.kind === 'open-incident' && after.status === 'active' ? { ...after, round: after.round - 1 } : after
    } }
    findsTheBug(oneIncidentPerMiss(broken))
    findsTheBug(marksAreUnique(broken))
  })

  it('the wake-up forgotten after a contact', () => {
    findsTheBug(neverForgets(tampered(commands => (commands.some(({ kind }) => kind === 'note-contact') ? commands.filter(({ kind }) => kind !== 'wake-at') : commands))))
  })

  it('a refused move taken for done', () => {
    findsTheBug(openLeadsAreWatched({ ...realRules, evolve: (watch, command) => (command.kind === 'note-refused' ? watch : evolve(watch, command)) }))
  })

  it('a deleted task not set again', () => {
    findsTheBug(openLeadsHaveTheirTask({ ...realRules, decide: (watch, sight, ...rest) => decide(watch, sight.kind === 'gone' ? sight : { ...sight, lead: { ...sight.lead, deletedFollowUps: [] } }, ...rest) }))
  })

  it('a new term every hour, for ever', () => {
    findsTheBug(messagesAreBounded({ ...realRules, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, steps: regulation.steps.map(step => ({ ...step, deadline: step.deadline === null ? null : { ...step.deadline, slow: 'PT1H' } })) }, ...rest) }), 60)
  })

  it('our own and automatic mails taken for a contact', () => {
    const broken: Rules = { ...realRules, decide: (watch, sight, ...rest) => decide(watch, sight.kind === 'gone' ? sight : { ...sight, lead: { ...sight.lead, activities: sight.lead.activities.map(one => ({ ...one, automatic: false, mark: null })) } }, ...rest) }
    findsTheBug(onlyContactStopsTheClock(broken))
  })

  it('an old look at our own deadline taken for a person’s move', () => {
    const broken: Rules = { ...realRules, evolve: (watch, command) => {
      const after = evolve(watch, command)
      return after.status === 'active' && after.followUp !== null ? { ...after, followUp: { ...after.followUp, earlierDeadlines: [] } } : after
    } }
    findsTheBug(replayChangesNothing(broken))
  })
})

describe('planted in distribution', () => {
  it('always the first of those who are there', () => {
    findsTheBug(turnsGoRound({ distribute: (rule, pool, context, ...rest) => distribute(rule, pool, { ...context, shares: {} }, ...rest), evolveContext }))
  })

  it('the fewest leads first, so that whoever comes back is flooded', () => {
    const fewestFirst: typeof distribute = (rule, pool, context, ...rest) =>
      distribute(rule, pool, { ...context, shares: { main: Object.fromEntries(Object.entries(context.shares.main ?? {}).map(([id, share]) => [id, { ...share, due: 0 }])) } }, ...rest)
    findsTheBug(sharesAreEqual({ distribute: fewestFirst, evolveContext }))
  })

  it('those who are away owed their part all the same', () => {
    const everyoneOwed: typeof evolveContext = (context, command) =>
      evolveContext(context, command.kind === 'assign' && command.because.rule === 'distribution-in-turn' ? { ...command, because: { ...command.because, candidates: command.because.candidates.map(one => (one.verdict === 'absent' ? { ...one, verdict: 'not-his-turn' } : one)) } } : command)
    findsTheBug(sharesAreEqual({ distribute, evolveContext: everyoneOwed }))
  })

  it('our own assignment not yet seen taken for a person’s choice', () => {
    const broken: Rules = { ...realRules, evolve: (watch, command) => {
      const after = evolve(watch, command)
      return after.status === 'active' && after.expects !== undefined ? { ...after, expects: { ...after.expects, stage: null, responsible: null } } : after
    } }
    findsTheBug(replayChangesNothing(broken))
  })
})

describe('planted in limits, weights and taking in time', () => {
  it('a limit that lets one lead more through', () => {
    const broken: typeof distribute = (rule, pool, ...rest) => distribute(rule, { ...pool, limits: { ...pool.limits, perDay: pool.limits.perDay === null ? null : pool.limits.perDay + 1 } }, ...rest)
    findsTheBug(sharesAreEqualWithinLimits({ distribute: broken, evolveContext }))
  })

  it('those who have reached their limit owed their part all the same', () => {
    const everyoneOwed: typeof evolveContext = (context, command) =>
      evolveContext(context, command.kind === 'assign' && command.because.rule === 'distribution-in-turn' ? { ...command, because: { ...command.because, candidates: command.because.candidates.map(one => (one.verdict === 'day-limit' || one.verdict === 'absent' ? { ...one, verdict: 'not-his-turn' } : one)) } } : command)
    findsTheBug(sharesAreEqualWithinLimits({ distribute, evolveContext: everyoneOwed }))
  })

  it('weights forgotten by the ledger, or by the choice', () => {
    const unweighted: typeof evolveContext = (context, command) =>
      evolveContext(context, command.kind === 'assign' && command.because.rule === 'distribution-weighted' ? { ...command, because: { ...command.because, candidates: command.because.candidates.map(({ weight: _weight, ...one }) => one) } } : command)
    findsTheBug(weightsAreKept({ distribute, evolveContext: unweighted }))
    findsTheBug(weightsAreKept({ distribute: (rule, pool, ...rest) => distribute(rule, { ...pool, order: 'in-turn' }, ...rest), evolveContext }))
  })

  it('equal weights drawn in another order than turns', () => {
    findsTheBug(equalWeightsAreTurns({ distribute: (rule, pool, context, ...rest) => distribute(rule, pool, pool.order === 'weighted' ? { ...context, shares: {} } : context, ...rest), evolveContext }))
  })

  it('the load read once and not counted on', () => {
    findsTheBug(loadsAreLevel({ distribute: (rule, pool, context, ...rest) => distribute(rule, pool, { ...context, load: {}, shares: {} }, ...rest), evolveContext }))
  })

  it('who had the lead forgotten', () => {
    findsTheBug(handsOnInTurn({ ...realRules, evolve: (watch, command) => evolve(watch, command.kind === 'note' && command.life?.passedOn !== undefined ? { ...command, life: { ...command.life, passedOn: [] } } : command) }))
  })

  it('no time to begin it for the next one', () => {
    findsTheBug(handsOnInTurn(tampered(commands => (commands.some(({ because }) => because.rule === 'not-taken') ? commands.filter(({ because }) => because.rule !== 'take-by') : commands))))
  })

  it('a lead taken back without anybody to go to', () => {
    findsTheBug(handsOnInTurn(tampered(commands => (commands.some(({ because }) => because.rule === 'not-taken') ? commands.filter(({ kind }) => kind !== 'assign') : commands))))
  })
})

describe('planted in escalation', () => {
  it('the same misses told again and again', () => {
    findsTheBug(escalatesOnceInOrder({ ...realRules, evolveContext: (context, command) => (command.kind === 'escalate' ? context : evolveContext(context, command)) }))
  })

  it('the head brought in one miss too early', () => {
    findsTheBug(escalatesOnceInOrder({ ...realRules, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, incidents: { ...regulation.incidents, misses: 2 } }, ...rest) }))
  })

  it('misses from before the window counted', () => {
    findsTheBug(escalatesOnceInOrder({ ...realRules, decide: (watch, sight, regulation, ...rest) => decide(watch, sight, { ...regulation, incidents: { ...regulation.incidents, windowDays: 365 } }, ...rest) }))
  })

  it('misses never looked at', () => {
    findsTheBug(escalatesOnceInOrder({ ...realRules, decide: (watch, sight, regulation, version, context, now) => decide(watch, sight, regulation, version, { ...context, misses: {} }, now) }))
  })

  it('the person told instead of the head', () => {
    findsTheBug(escalatesOnceInOrder(tampered(commands => commands.map(command => (command.kind === 'escalate' ? { ...command, toUserId: command.userId } : command)))))
  })
})
