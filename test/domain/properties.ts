/** The laws of a lead's life. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Command, Miss } from '../../server/domain/command.ts'
import { workingTimeBetween } from '../../server/domain/calendar.ts'
import type { evolveContext } from '../../server/domain/evolve.ts'
import { leadId } from '../../server/domain/lead.ts'
import { expectThat, happening, loud, minutesLater, pressed, quiet, storyOf, tell } from './stories.ts'
import { carryOut, context, elsewhere, headOfSales, inWork, look, moveTo, officeHours, only, passUntil, peopleWith, stages, timeZone, won, world } from './support.ts'
import type { Rules, World } from './support.ts'

/** S0-36: when all is carried out or refused, a lead that stands on a step of ours is under watch. */
export const openLeadsAreWatched = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, fc.boolean(), (story, refusing) => {
    let { end } = tell([happening('from the beginning', state => ({ ...state, refusing })), ...story], rules, start)
    for (let looks = 0; looks < 3; looks += 1) end = look(carryOut(end, rules), rules).world
    const onStep = end.lead?.stageId === stages.new || end.lead?.stageId === stages['in-work']
    expectThat(!onStep || end.watch.status === 'active' || end.outbox.some(({ kind }) => kind === 'move-stage'), `a lead on a step is ${end.watch.status}`)
  })

/** When all is carried out, whoever has an open lead to work on has an open task for it, however often somebody deletes it. */
export const openLeadsHaveTheirTask = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, (story) => {
    let { end } = tell(story, rules, start)
    for (let looks = 0; looks < 5; looks += 1) end = look(carryOut(end, rules), rules).world
    const mark = end.watch.status === 'active' ? end.watch.followUp?.mark : undefined
    expectThat(mark === undefined || end.lead === null || end.lead.followUps.some(followUp => followUp.mark === mark), 'the task of an open lead is not there')
  })

/** A silent lead brings its responsible a bounded number of messages a day. */
export const messagesAreBounded = (rules: Rules) =>
  fc.property(fc.integer({ min: 1, max: 20_000 }), (minutes) => {
    const start = world({ context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) })
    const { looks } = tell([happening('passing', (state, running) => passUntil(carryOut(state), minutesLater(state, minutes), running))], rules, start)
    const counts = new Map<string, number>()
    for (const { commands, before } of looks) {
      for (const { userId: person } of only(commands, 'notify')) {
        const key = `${person} ${before.now.toZonedDateTimeISO(timeZone).toPlainDate().toString()}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
    expectThat([...counts.values()].every(count => count <= 8), `${Math.max(...counts.values())} messages in a day`)
  })

/** S0-36, S1-A10: an open lead always has its one next look, at most a day ahead. */
export const neverForgets = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, (story) => {
    for (const { commands, after } of tell(story, rules, start).looks) {
      const wakes = only(commands, 'wake-at')
      const isRefused = after.watch.status === 'closed' && (after.watch.outcome === 'lost' || after.watch.outcome === 'not-qualified')
      expectThat(wakes.length === 1 || (wakes.length === 0 && after.watch.status !== 'active'), `an ${after.watch.status} lead has ${wakes.length} wake-ups`)
      const isPast = wakes.every(({ because }) => because.rule === 'converted-past')
      expectThat(after.watch.status === 'active' || isRefused || isPast, 'a lead that is over is looked at again')
      const wake = wakes[0]
      if (wake === undefined) continue
      expectThat(after.watch.status !== 'active' || commands.at(-1) === wake, 'the wake-up ends the decision')
      const ahead = Temporal.Instant.from(wake.at).since(after.now).total('minutes')
      expectThat(ahead > 0 && (ahead <= 1_440 || isRefused), `the next look is ${ahead} min ahead`)
      expectThat(after.watch.status !== 'active' || after.watch.clock.kind === 'none' || wake.at <= after.watch.clock.dueAt || ahead <= 5, 'the next look is not after the deadline')
    }
  })

/** Own changes cause no loops: a second look gives nothing but its wake-up, whether the commands are carried out yet or not. */
export const replayChangesNothing = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, (story) => {
    const { end } = tell(story, rules, start)
    const isQuiet = (state: World) => look(state, rules).commands.every(({ kind }) => kind === 'wake-at')
    expectThat(isQuiet(end), 'a second look before carrying out acts again')
    let first = look(carryOut(end, rules), rules).world
    // A refusal is news: what it brings about may be refused as well.
    for (let rounds = 0; rounds < 3 && first.refusing === true; rounds += 1) first = look(carryOut(first, rules), rules).world
    expectThat(isQuiet(first), 'a second look after carrying out acts again')
    expectThat(isQuiet(carryOut(first, rules)), 'a third look acts again')
  })

/** No two commands of a lead's life bear the same mark. */
export const marksAreUnique = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, (story) => {
    const marks = tell(story, rules, start).end.journal.flatMap(command => ('mark' in command ? [command.mark] : []))
    expectThat(new Set(marks).size === marks.length, `a mark is used twice: ${marks.filter((mark, index) => marks.indexOf(mark) !== index).join()}`)
  })

/** S4-15, S4-18: every deadline that passes unanswered leaves exactly one incident, and none is opened before it. */
export const oneIncidentPerMiss = (rules: Rules, start: World = world(), told = storyOf(loud)) =>
  fc.property(told, (story) => {
    const seen = new Set<string>()
    for (const { before, commands, after } of tell(story, rules, start).looks) {
      const opened = only(commands, 'open-incident').filter(({ about }) => about !== 'converted-past')
      expectThat(opened.length <= 1, 'one look opens several incidents')
      for (const { incidentId, dueAt, userId: person } of opened) {
        expectThat(!seen.has(incidentId), `the incident ${incidentId} is opened twice`)
        seen.add(incidentId)
        expectThat(dueAt <= before.now.toString(), 'an incident is opened before its deadline')
        expectThat(only(commands, 'notify').some(({ about, userId }) => about === 'missed' && userId === person), 'the responsible is not told')
      }
      if (after.watch.status !== 'active' || after.watch.clock.kind === 'none') continue
      const isPending = before.lead?.stageId !== stages['in-work']
      expectThat(isPending || after.watch.clock.dueAt > after.now.toString(), 'a passed deadline is left as it is')
    }
  })

/** S4-15: with nobody doing anything, each term of the regulation ends in one incident at its very deadline. */
export const silenceIsNoticed = (rules: Rules) =>
  fc.property(fc.array(fc.constantFrom(...quiet.filter(({ name }) => name !== 'nobody answers')), { maxLength: 5 }), fc.integer({ min: 1, max: 20_000 }), (happenings, minutes) => {
    const start = world({ context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) })
    const { end, looks } = tell([...happenings, happening('passing', (state, running) => passUntil(carryOut(state), minutesLater(state, minutes), running))], rules, start)
    const worked = workingTimeBetween(officeHours, start.now, end.now).total('minutes')
    // Half an hour, twice an hour, then working days.
    const expected = worked < 150 ? Math.floor((worked + 30) / 60) : 3 + Math.floor((worked - 150) / 480)
    const opened = looks.flatMap(({ commands }) => only(commands, 'open-incident'))
    expectThat(opened.length === expected, `${opened.length} incidents instead of ${expected} after ${worked} working minutes`)
    expectThat(opened.every(({ dueAt, noticedAt, systemDelay }) => dueAt === noticedAt && !systemDelay), 'a miss is noticed at its deadline')
  })

/** S4-14: only a real contact stops the clock of the first contact. */
export const onlyContactStopsTheClock = (rules: Rules, start: World = world(), told = storyOf(quiet)) =>
  fc.property(told, (story) => {
    expectThat(tell(story, rules, start).looks.every(({ commands }) => only(commands, 'note-contact').length === 0), 'a contact is noted without one')
  })

/** What brings a closed lead back, or answers what was asked about its refusal. */
const reopening = ['moved to new', 'moved to work', 'not qualified']

/** A closed lead is left alone until it is moved back to a step; only a refusal is noted, and what it lacks asked for, a few times, and a conversion past the application. */
export const closedIsClosed = (rules: Rules) =>
  fc.property(storyOf(loud.filter(one => !pressed.includes(one) && !reopening.includes(one.name))), fc.constantFrom(elsewhere, won, stages['not-qualified']), (story, stage) => {
    const { looks } = tell([happening('carried out', carryOut), happening('closed', state => moveTo(state, stage)), ...story], rules)
    const closedAt = looks.findIndex(({ after }) => after.watch.status === 'closed')
    const later = looks.slice(closedAt + 1).flatMap(({ commands }) => commands)
    const isAsking = ({ kind, because }: Command) => kind === 'wake-at' || (kind === 'close-watch' && because.rule === 'lead-finished') || ((kind === 'note' || kind === 'notify') && (because.rule === 'reason-missing' || because.rule === 'refusal-unanswered')) || because.rule === 'converted-past' || because.rule === 'past-conversion-settled'
    expectThat(later.every(isAsking), 'a closed lead gets commands')
    expectThat(only(later, 'notify').length <= 4, 'a refusal is asked about again and again')
  })

// --- escalation -------------------------------------------------------------

type ContextRules = { readonly decide: Rules['decide']; readonly evolve: Rules['evolve']; readonly evolveContext: typeof evolveContext }

/** S4-19: after so many delivered misses in the window the head is told, once; then counting begins anew. */
export const escalatesOnceInOrder = (rules: ContextRules, start: World = inWork({ context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) })) =>
  fc.property(fc.array(fc.record({ hours: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 200, max: 800 })), looks: fc.integer({ min: 1, max: 2 }) }), { maxLength: 25 }), (deliveries) => {
    const { regulation } = start
    const { misses: limit, windowDays } = regulation.incidents
    let state = start
    let counted: Miss[] = []
    const told = new Set<string>()
    for (const [index, { hours, looks }] of deliveries.entries()) {
      const now = state.now.add({ hours })
      const miss: Miss = { incidentId: `miss-${index}`, leadId: leadId(100 + index), deliveredAt: now.toString() }
      // The lead itself is answered, so that only the given misses count.
      state = { ...state, now, watch: { ...state.watch, clock: { kind: 'none' } } as World['watch'], regulation: { ...regulation, steps: regulation.steps.map(step => ({ ...step, deadline: null })) } }
      state = { ...state, context: { ...state.context, misses: { 1: [...(state.context.misses[1] ?? []), miss] } } }
      counted = [...counted, miss].filter(one => now.since(Temporal.Instant.from(one.deliveredAt)).total('hours') <= windowDays * 24)
      const { world: after, commands } = look(state, rules)
      const escalations = only(commands, 'escalate')
      expectThat(escalations.length === (counted.length >= limit ? 1 : 0), `${escalations.length} escalations at ${counted.length} delivered misses`)
      for (const { incidentIds, toUserId } of escalations) {
        expectThat(toUserId === headOfSales, 'the head is told')
        expectThat(incidentIds.join() === counted.map(one => one.incidentId).join(), 'the misses are told in order')
        expectThat(incidentIds.every(id => !told.has(id)), 'a miss is escalated twice')
        for (const id of incidentIds) told.add(id)
        counted = []
      }
      state = after
      for (let again = 1; again < looks; again += 1) {
        const repeated = look(state, rules)
        expectThat(only(repeated.commands, 'escalate').length === 0, 'a second look escalates again')
        state = repeated.world
      }
    }
  })
