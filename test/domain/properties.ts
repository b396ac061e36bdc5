/** The laws of the domain. Each takes the pieces it holds, so that a planted bug can be shown to break it. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Command, Miss } from '../../server/domain/command.ts'
import type { addWorkingTime } from '../../server/domain/calendar.ts'
import { isWorkingTime, workingTimeBetween } from '../../server/domain/calendar.ts'
import type { evolveContext } from '../../server/domain/evolve.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { CalendarData } from '../../server/domain/regulation.ts'
import type { distribute } from '../../server/domain/rules/distribution.ts'
import { anna, answers, at, add, call, carryOut, changeFollowUps, changeLead, context, elsewhere, fill, headOfSales, inWork, look, moveTo, notQualified, officeHours, only, passUntil, people, peopleWith, qualified, regulation, stages, timeZone, won, world } from './support.ts'
import type { Rules, World } from './support.ts'

// --- stories of a lead ------------------------------------------------------

/** Something that happens: people act, time passes, an event makes us look, or the outbox is carried out. */
type Happening = { readonly name: string; readonly happen: (state: World, rules: Rules) => World; readonly toString: () => string }

const happening = (name: string, happen: Happening['happen']): Happening => ({ name, happen, toString: () => name })
const minutesLater = (state: World, minutes: number) => state.now.add({ minutes })

/** Two moves within a second cannot be told apart. */
const aSecondLater = (state: World): World => ({ ...state, now: state.now.add({ seconds: 1 }) })

const quiet: readonly Happening[] = [
  happening('event', (state, rules) => look(state, rules).world),
  happening('carried out', (state, rules) => carryOut(state, rules)),
  happening('nobody answers', state => add(state, call(state.now, 0))),
  happening('robot writes', state => add(state, { ...call(state.now), kind: 'email', call: null, automatic: true })),
  happening('we write', state => add(state, { ...call(state.now), kind: 'email', call: null, mark: 'ours' })),
]

const loud: readonly Happening[] = [
  ...quiet,
  happening('call', state => add(state, call(state.now))),
  happening('some answers', state => fill(state, { UF_CRM_LR_SIZE: '1200×600' })),
  happening('all answers', state => fill(state, answers)),
  happening('an answer taken away', state => fill(state, { UF_CRM_LR_SIZE: null })),
  happening('qualified', state => fill(state, qualified)),
  happening('not qualified', state => fill(state, notQualified)),
  happening('result taken away', state => fill(state, { UF_CRM_LR_RESULT: null })),
  happening('task closed', state => changeFollowUps(state, { open: false })),
  happening('task moved', state => changeFollowUps(state, { deadlineAt: state.now.add({ hours: 5 }) })),
  happening('moved elsewhere', state => moveTo(state, elsewhere)),
  happening('moved to new', state => moveTo(aSecondLater(state), stages.new)),
  happening('moved to work', state => moveTo(aSecondLater(state), stages['in-work'])),
  happening('won', state => moveTo(state, won)),
  happening('lost', state => moveTo(state, stages['not-qualified'])),
  happening('given to Anna', state => changeLead(state, { responsibleId: anna })),
  happening('Anna leaves', state => ({ ...state, context: { ...state.context, people: peopleWith({ 1: { active: false } }) } })),
  happening('nobody is there', state => ({ ...state, context: { ...state.context, people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) } })),
  happening('everybody is there', state => ({ ...state, context: { ...state.context, people } })),
  happening('moves are refused', state => ({ ...state, refusing: true })),
  happening('moves are accepted', state => ({ ...state, refusing: false })),
  happening('deleted', state => ({ ...state, lead: null })),
]

/** Round spans meet the terms of the regulation exactly, others miss them by a little. */
const minutesUpTo = (max: number): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(1, 15, 30, 60, 120, 240, 300), fc.integer({ min: 1, max }))

const passing = minutesUpTo(3_000).map(minutes => happening(`${minutes} min`, (state, rules) => passUntil(carryOut(state, rules), minutesLater(state, minutes), rules)))
/** Time in which we were not running. */
const outage = minutesUpTo(900).map(minutes => happening(`outage of ${minutes} min`, state => ({ ...state, now: minutesLater(state, minutes) })))

const storyOf = (happenings: readonly Happening[]): fc.Arbitrary<readonly Happening[]> =>
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...happenings) }, { weight: 2, arbitrary: passing }, { weight: 1, arbitrary: outage }), { maxLength: 14 })

/** Each look of a story: the state before it, its commands, and the state after it. */
type Looks = { readonly before: World; readonly commands: readonly Command[]; readonly after: World }[]

const tell = (story: readonly Happening[], rules: Rules, start: World = world()): { readonly looks: Looks; readonly end: World } => {
  const looks: Looks = []
  const watched: Rules = {
    ...rules,
    decide: (...looking) => {
      const commands = rules.decide(...looking)
      const [watch, sight, , , seen, now] = looking
      looks.push({ before: { ...start, watch, lead: sight.kind === 'seen' ? sight.lead : null, context: seen, now }, commands, after: { ...start, watch: commands.reduce(rules.evolve, watch), context: commands.reduce(rules.evolveContext, seen), now } })
      return commands
    },
  }
  let state = look(start, watched).world
  for (const { happen } of story) state = look(happen(state, watched), watched).world
  return { looks, end: state }
}

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

// --- laws -------------------------------------------------------------------

/** S0-36: when all is carried out or refused, a lead that stands on a step of ours is under watch. */
export const openLeadsAreWatched = (rules: Rules) =>
  fc.property(storyOf(loud), fc.boolean(), (story, refusing) => {
    let { end } = tell([happening('from the beginning', state => ({ ...state, refusing })), ...story], rules)
    for (let looks = 0; looks < 3; looks += 1) end = look(carryOut(end, rules), rules).world
    const onStep = end.lead?.stageId === stages.new || end.lead?.stageId === stages['in-work']
    expectThat(!onStep || end.watch.status === 'active' || end.outbox.some(({ kind }) => kind === 'move-stage'), `a lead on a step is ${end.watch.status}`)
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
export const neverForgets = (rules: Rules) =>
  fc.property(storyOf(loud), (story) => {
    for (const { commands, after } of tell(story, rules).looks) {
      const wakes = only(commands, 'wake-at')
      expectThat(wakes.length === (after.watch.status === 'active' ? 1 : 0), `an ${after.watch.status} lead has ${wakes.length} wake-ups`)
      const wake = wakes[0]
      if (wake === undefined) continue
      expectThat(commands.at(-1) === wake, 'the wake-up ends the decision')
      const ahead = Temporal.Instant.from(wake.at).since(after.now).total('minutes')
      expectThat(ahead > 0 && ahead <= 1_440, `the next look is ${ahead} min ahead`)
      expectThat(after.watch.status !== 'active' || after.watch.clock.kind === 'none' || wake.at <= after.watch.clock.dueAt || ahead <= 5, 'the next look is not after the deadline')
    }
  })

/** Own changes cause no loops: a second look gives nothing but its wake-up, whether the commands are carried out yet or not. */
export const replayChangesNothing = (rules: Rules) =>
  fc.property(storyOf(loud), (story) => {
    const { end } = tell(story, rules)
    const isQuiet = (state: World) => look(state, rules).commands.every(({ kind }) => kind === 'wake-at')
    expectThat(isQuiet(end), 'a second look before carrying out acts again')
    let first = look(carryOut(end, rules), rules).world
    // A refusal is news: what it brings about may be refused as well.
    for (let rounds = 0; rounds < 3 && first.refusing === true; rounds += 1) first = look(carryOut(first, rules), rules).world
    expectThat(isQuiet(first), 'a second look after carrying out acts again')
    expectThat(isQuiet(carryOut(first, rules)), 'a third look acts again')
  })

/** No two commands of a lead's life bear the same mark. */
export const marksAreUnique = (rules: Rules) =>
  fc.property(storyOf(loud), (story) => {
    const marks = tell(story, rules).end.journal.flatMap(command => ('mark' in command ? [command.mark] : []))
    expectThat(new Set(marks).size === marks.length, `a mark is used twice: ${marks.filter((mark, index) => marks.indexOf(mark) !== index).join()}`)
  })

/** S4-15, S4-18: every deadline that passes unanswered leaves exactly one incident, and none is opened before it. */
export const oneIncidentPerMiss = (rules: Rules) =>
  fc.property(storyOf(loud), (story) => {
    const seen = new Set<string>()
    for (const { before, commands, after } of tell(story, rules).looks) {
      const opened = only(commands, 'open-incident')
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
  fc.property(fc.array(fc.constantFrom(...quiet), { maxLength: 5 }), fc.integer({ min: 1, max: 20_000 }), (happenings, minutes) => {
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
export const onlyContactStopsTheClock = (rules: Rules) =>
  fc.property(storyOf(quiet), (story) => {
    expectThat(tell(story, rules).looks.every(({ commands }) => only(commands, 'note-contact').length === 0), 'a contact is noted without one')
  })

/** A closed lead is left alone until it is moved back to a step. */
export const closedIsClosed = (rules: Rules) =>
  fc.property(storyOf(loud.filter(({ name }) => name !== 'moved to new' && name !== 'moved to work')), fc.constantFrom(elsewhere, won, stages['not-qualified']), (story, stage) => {
    const { looks } = tell([happening('carried out', carryOut), happening('closed', state => moveTo(state, stage)), ...story], rules)
    const closedAt = looks.findIndex(({ after }) => after.watch.status === 'closed')
    expectThat(looks.slice(closedAt + 1).every(({ commands }) => commands.length === 0), 'a closed lead gets commands')
  })

// --- escalation -------------------------------------------------------------

type ContextRules = { readonly decide: Rules['decide']; readonly evolve: Rules['evolve']; readonly evolveContext: typeof evolveContext }

/** S4-19: after so many delivered misses in the window the head is told, once; then counting begins anew. */
export const escalatesOnceInOrder = (rules: ContextRules) =>
  fc.property(fc.array(fc.record({ hours: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 200, max: 800 })), looks: fc.integer({ min: 1, max: 2 }) }), { maxLength: 25 }), (deliveries) => {
    let state = inWork({ context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) })
    let counted: Miss[] = []
    const told = new Set<string>()
    for (const [index, { hours, looks }] of deliveries.entries()) {
      const now = state.now.add({ hours })
      const miss: Miss = { incidentId: `miss-${index}`, leadId: leadId(100 + index), deliveredAt: now.toString() }
      // The lead itself is answered, so that only the given misses count.
      state = { ...state, now, watch: { ...state.watch, clock: { kind: 'none' } } as World['watch'], regulation: { ...regulation, steps: regulation.steps.map(step => ({ ...step, deadline: null })) } }
      state = { ...state, context: { ...state.context, misses: { 1: [...(state.context.misses[1] ?? []), miss] } } }
      counted = [...counted, miss].filter(one => now.since(Temporal.Instant.from(one.deliveredAt)).total('hours') <= 30 * 24)
      const { world: after, commands } = look(state, rules)
      const escalations = only(commands, 'escalate')
      expectThat(escalations.length === (counted.length >= 3 ? 1 : 0), `${escalations.length} escalations at ${counted.length} delivered misses`)
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

// --- distribution -----------------------------------------------------------

type Sharing = { readonly distribute: typeof distribute; readonly evolveContext: typeof evolveContext }

const team = [1, 2, 3, 4, 5].map(id => ({ id: userId(id), name: `Person ${id}`, active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }))
const teamRule = { ...regulation.distribution, pool: { kind: 'people' as const, userIds: team.map(({ id }) => id) } }
const open = at('10:00').epochMilliseconds

/** S1-D10, S3-4: over any sequence of presence, with one lead at a time, nobody is more than a few leads ahead of his fair part. */
export const sharesAreEqual = ({ distribute: choose, evolveContext: note }: Sharing) =>
  fc.property(fc.array(fc.uniqueArray(fc.constantFrom<number[]>(0, 1, 2, 3, 4), { minLength: 1, maxLength: 5 }), { maxLength: 120 }), (presences) => {
    let state = context({ people: team })
    const received = [0, 0, 0, 0, 0]
    const fair = [0, 0, 0, 0, 0]
    for (const present of presences) {
      state = { ...state, people: team.map((one, index) => ({ ...one, absent: !present.includes(index) })) }
      const choice = choose(teamRule, state, officeHours, open)
      const chosen = team.findIndex(({ id }) => id === choice.userId)
      expectThat(present.includes(chosen), 'somebody absent is chosen')
      expectThat(choice.because.candidates.length === team.length, 'the receipt lists everybody')
      received[chosen] = (received[chosen] ?? 0) + 1
      for (const index of present) fair[index] = (fair[index] ?? 0) + 1 / present.length
      state = note(state, { kind: 'assign', leadId: leadId(1), userId: choice.userId, mark: 'm', because: choice.because })
      for (const [index, part] of fair.entries()) expectThat(Math.abs((received[index] ?? 0) - part) <= (team.length - 1) / 2 + 1e-6, `person ${index} has ${received[index]} leads instead of ${part}`)
    }
  })

/** S3-4: with the same people there, the numbers of leads never differ by more than one. */
export const turnsGoRound = ({ distribute: choose, evolveContext: note }: Sharing) =>
  fc.property(fc.uniqueArray(fc.constantFrom<number[]>(0, 1, 2, 3, 4), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (present, leads) => {
    let state = context({ people: team.map((one, index) => ({ ...one, absent: !present.includes(index) })) })
    const received = new Map(present.map(index => [index + 1, 0]))
    for (let count = 0; count < leads; count += 1) {
      const choice = choose(teamRule, state, officeHours, open)
      received.set(choice.userId, (received.get(choice.userId) ?? 0) + 1)
      state = note(state, { kind: 'assign', leadId: leadId(1), userId: choice.userId, mark: 'm', because: choice.because })
      expectThat(Math.max(...received.values()) - Math.min(...received.values()) <= 1, `shares ${[...received.values()].join()}`)
    }
  })

// --- working time -----------------------------------------------------------

const zones = ['Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Asia/Vladivostok'] as const
const anyShift = fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 40 })).map(([from, length]) => ({ from: clockOf(from * 15), to: clockOf(Math.min(from * 15 + length * 15, 1_440)) }))
const clockOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const anyDay = fc.array(anyShift, { maxLength: 3 })

export const anyCalendar: fc.Arbitrary<CalendarData> = fc.record({
  timeZone: fc.constantFrom(...zones),
  week: fc.record({ 1: fc.array(anyShift, { minLength: 1, maxLength: 3 }), 2: anyDay, 3: anyDay, 4: anyDay, 5: anyDay, 6: anyDay, 7: fc.constant([]) }),
  holidays: fc.constantFrom([], ['2026-03-30', '01-01'], ['10-26']),
  workdays: fc.constantFrom([], ['2026-03-29', '2026-10-25']),
})

/** Moments of 2026, clock changes included, on whole minutes. */
export const anyMoment = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 }).map(minutes => Temporal.Instant.from('2026-01-01T00:00:00Z').add({ minutes }))
const anySpan = fc.integer({ min: 1, max: 3_000 }).map(minutes => Temporal.Duration.from({ minutes }))

type Counting = { readonly addWorkingTime: typeof addWorkingTime }

const dueOf = ({ addWorkingTime: count }: Counting, calendar: CalendarData, from: Temporal.Instant, span: Temporal.Duration): Temporal.Instant => {
  const counted = count(calendar, from, span)
  if (counted === null) throw new Error('there is working time every Monday')
  return counted.dueAt
}

/** S4-14: working time adds up, grows with the span and the start, and is worth exactly its span. */
export const workingTimeAddsUp = (counting: Counting) =>
  fc.property(anyCalendar, anyMoment, anySpan, anySpan, (calendar, from, first, second) => {
    const due = dueOf(counting, calendar, from, first)
    const total = Temporal.Duration.from({ minutes: first.total('minutes') + second.total('minutes') })
    expectThat(dueOf(counting, calendar, due, second).equals(dueOf(counting, calendar, from, total)), 'two spans are not their sum')
    expectThat(workingTimeBetween(calendar, from, due).total('minutes') === first.total('minutes'), 'the span is not what was worked')
    expectThat(Temporal.Instant.compare(dueOf(counting, calendar, from, total), due) > 0, 'a longer span is not due later')
    expectThat(Temporal.Instant.compare(dueOf(counting, calendar, from.add({ minutes: 7 }), first), due) >= 0, 'a later start is due earlier')
  })

/** The same as walking through the minutes one by one. */
export const countsEachMinute = (counting: Counting) =>
  fc.property(anyCalendar, anyMoment, fc.integer({ min: 1, max: 300 }), (calendar, from, minutes) => {
    let left = minutes
    let now = from
    while (left > 0) {
      if (isWorkingTime(calendar, now)) left -= 1
      now = now.add({ minutes: 1 })
    }
    const due = dueOf(counting, calendar, from, Temporal.Duration.from({ minutes }))
    expectThat(due.equals(now), `${due.toString()} instead of ${now.toString()} in ${timeZone}`)
  })
