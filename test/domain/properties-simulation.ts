/** The law of the simulation: gone through again, the history of a live run gives the same misses and the same messages. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Command } from '../../server/domain/command.ts'
import type { FollowUpState, Lead } from '../../server/domain/lead.ts'
import type { Preset } from '../../server/domain/presets/preset.ts'
import type { Question, Regulation } from '../../server/domain/regulation.ts'
import { simulable } from '../../server/domain/simulate/estimates.ts'
import { simulate } from '../../server/domain/simulate.ts'
import type { SimulationRules } from '../../server/domain/simulate.ts'
import type { Story, StoryChange } from '../../server/domain/simulate/story.ts'
import { bindingOf, boundOf } from './presets/support.ts'
import { expectThat, minutesLater } from './stories.ts'
import { add, anna, answers, boris, call, carryOut, changeFollowUps, changeLead, context, elsewhere, fill, lead, look, moveTo, notQualified, qualified, realRules, regulation, stages, won, world } from './support.ts'
import type { World } from './support.ts'

interface Event { readonly name: string; readonly happen: (state: World) => World; readonly followUp?: (state: World) => Partial<FollowUpState>; readonly toString: () => string }

const event = (name: string, happen: Event['happen'], followUp?: Event['followUp']): Event => ({ name, happen, ...(followUp === undefined ? {} : { followUp }), toString: () => name })
const task = (name: string, change: (state: World) => Partial<FollowUpState>): Event => event(name, state => changeFollowUps(state, change(state)), change)

const worldly: readonly Event[] = [
  event('nothing', state => state),
  event('call', state => add(state, call(state.now))),
  event('nobody answers', state => add(state, call(state.now, 0))),
  event('mail', state => add(state, { ...call(state.now), kind: 'email', call: null })),
  event('given to Anna', state => changeLead(state, { responsibleId: anna })),
  event('given to Boris', state => changeLead(state, { responsibleId: boris })),
  task('task closed', () => ({ open: false })),
  task('task closed with a summary', () => ({ open: false, summarised: true })),
  task('task moved', state => ({ deadlineAt: state.now.add({ hours: 5 }) })),
  event('deleted', state => ({ ...state, lead: null })),
]

const events: readonly Event[] = [
  ...worldly,
  event('some answers', state => fill(state, { UF_CRM_LR_SIZE: '1200×600' })),
  event('all answers', state => fill(state, answers)),
  event('qualified', state => fill(state, qualified)),
  event('not qualified', state => fill(state, notQualified)),
  event('moved elsewhere', state => moveTo(state, elsewhere)),
  event('moved to new', state => moveTo(state, stages.new)),
  event('moved to work', state => moveTo(state, stages['in-work'])),
  event('qualified by hand', state => moveTo(state, stages.qualified)),
  event('won', state => moveTo(state, won)),
  event('lost', state => moveTo(state, stages['not-qualified'])),
]

/** What may happen to a lead under a preset: each of its stages, results, next steps and reasons, with the first and the last answer to every question. */
export const eventsOf = (preset: Preset): readonly Event[] => {
  const binding = bindingOf(preset)
  const { card } = boundOf(preset)
  const questions = card.groups.flatMap(group => group.questions)
  const given = (name: string, which: (question: Question) => string | number | null) => event(name, state => fill(state, Object.fromEntries(questions.map(question => [question.field, which(question)]))))
  const choice = (name: string, field: string, value: string | number | null) => event(name, state => fill(state, { [field]: value }))
  return [
    ...worldly,
    ...preset.stages.flatMap(({ role, semantic }) => {
      const stage = binding.stages[role]
      return stage === undefined ? [] : [event(`moved to ${role}`, state => changeLead(state, { stageId: stage, semantic, movedAt: state.now }))]
    }),
    given('first answers', ({ options, kind }) => options[0]?.value ?? usual[kind] ?? 'да'),
    given('last answers', ({ options, kind }) => options.at(-1)?.value ?? usual[kind] ?? 'нет'),
    given('no answers', () => null),
    ...Object.entries(card.result.values).map(([name, value]) => choice(`result ${name}`, card.result.field, value)),
    ...card.nextStep.options.map(({ code, value }) => choice(`next step ${code}`, card.nextStep.field, value)),
    ...card.reason.options.map(({ code, value }) => choice(`reason ${code}`, card.reason.field, value)),
    choice('comment', card.comment.field, 'Светлый камень, под мойку, см. https://example.com'),
    ...(card.postponedUntil === null ? [] : [event('put off', state => fill(state, { [card.postponedUntil?.field ?? '']: state.now.add({ hours: 50 }).toString().slice(0, 10) }))]),
  ]
}

const usual: Readonly<Partial<Record<Question['kind'], string | number>>> = { number: 90_000, money: 90_000, date: '2026-08-10', yesno: 'Y', email: 'maria@example.com', phone: '+79000000002', link: 'https://example.com' }

type Told = readonly { readonly ms: number; readonly command: Command }[]

/** Lives through the events, looks at every change and every wake-up, and writes down what the portal would remember. */
const live = (happenings: readonly { readonly minutes: number; readonly event: Event }[], start: World): { readonly told: Told; readonly story: Story; readonly until: Temporal.Instant } => {
  const told: { ms: number; command: Command }[] = []
  const changes: StoryChange[] = []
  let state = start
  let wake: Temporal.Instant | null = null
  /** Answers whether the lead itself has changed. */
  const remember = (after: World, followUp?: Partial<FollowUpState>): boolean => {
    const change = after.lead === null ? null : differing(state.lead, after.lead)
    const isChanged = (change === null) !== (state.lead === null) || Object.keys(change ?? {}).length > 0
    if (isChanged || followUp !== undefined) changes.push({ at: after.now, lead: change, ...(followUp === undefined ? {} : { followUp }) })
    state = after
    return isChanged
  }
  const lookNow = (): void => {
    const seen = look(state)
    told.push(...seen.commands.map(command => ({ ms: state.now.epochMilliseconds, command })))
    state = seen.world
    const next = seen.commands.findLast(({ kind }) => kind === 'wake-at')
    wake = next?.kind === 'wake-at' ? Temporal.Instant.from(next.at) : null
    // What we change on a lead is an event as well, and comes after the look that has wanted it.
    const done = carryOut(state)
    const isOurs = done.lead !== null && Object.keys(differing(state.lead, done.lead)).length > 0
    if (remember(isOurs ? carryOut({ ...state, now: state.now.add({ seconds: 1 }) }) : done)) lookNow()
  }
  const wakeAt = (): Temporal.Instant | null => wake
  const wakeBefore = (until: Temporal.Instant): Temporal.Instant | null => {
    const at = wakeAt()
    return at !== null && Temporal.Instant.compare(at, until) < 0 ? at : null
  }
  lookNow()
  for (const { minutes, event: { happen, followUp } } of happenings) {
    const until = minutesLater(state, minutes)
    for (let due = wakeBefore(until); due !== null; due = wakeBefore(until)) {
      state = { ...state, now: due }
      lookNow()
    }
    state = { ...state, now: until }
    const isChanged = remember(happen(state), followUp?.(state)) || followUp !== undefined
    if (isChanged || wakeAt()?.equals(state.now) === true) lookNow()
  }
  if (start.lead === null) throw new Error('a story begins with a lead')
  return { told, story: { lead: start.lead, beginsAt: start.now, changes, holderId: null }, until: state.now }
}

const differing = (before: Lead | null, after: Lead): Partial<Lead> =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => name !== 'followUps' && value !== before?.[name as keyof Lead]))

/** Misses and messages in words that do not depend on the numbers of tasks. */
const inWords = (told: Told): readonly string[] => told.flatMap(({ ms, command }) => {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toString()
  if (command.kind === 'open-incident') return [`${at} ${command.incidentId} of ${command.userId}, due ${command.dueAt}, ${command.about}`]
  if (command.kind === 'resolve-incident') return [`${at} ${command.incidentId} answered`]
  if (command.kind === 'escalate') return [`${at} ${command.incidentIds.join()} told to ${command.toUserId}`]
  return command.kind === 'notify' ? [`${at} ${command.about} to ${command.userId} because ${command.because.rule}`] : []
})

const happeningsOf = (which: readonly Event[]) => fc.array(fc.record({ minutes: fc.oneof(fc.constantFrom(1, 15, 30, 60, 120), fc.integer({ min: 1, max: 3_000 })), event: fc.constantFrom(...which) }), { maxLength: 12 })

/** The past knows no conversions of the application. */
const withoutConversions = (base: Regulation): Regulation => ({ ...base, conversion: { ...base.conversion, allowed: false } })

/** «Simulation and live run agree on the same history.» */
export const agreesWithTheLiveRun = (rules: SimulationRules = realRules, base: Regulation = regulation, which: readonly Event[] = events, start: readonly Lead[] = [lead()]) =>
  fc.property(happeningsOf(which), fc.constantFrom(...start), (happenings, first) => {
    const { told, story, until } = live(happenings, world({ regulation: withoutConversions(base), lead: first }))
    const simulated: { ms: number; command: Command }[] = []
    simulate({ regulation: base, version: 1, context: context(), until }, [story], rules, (_lead, ms, commands) => simulated.push(...commands.map(command => ({ ms, command }))))
    const [lived, gone] = [inWords(told), inWords(simulated)]
    expectThat(lived.join('\n') === gone.join('\n'), `lived:\n${lived.join('\n')}\nsimulated:\n${gone.join('\n')}`)
  })

/** The same under a preset, from each of its sources, without the needs of gates that the past does not tell of. */
export const agreesUnder = (preset: Preset, rules: SimulationRules = realRules) => {
  const base = simulable(boundOf(preset))
  const [first] = base.steps
  const sources = [...new Set([null, ...base.channels.flatMap(channel => channel.sources)])]
  return agreesWithTheLiveRun(rules, base, eventsOf(preset), sources.map(sourceId => lead({ sourceId, stageId: first?.stageId ?? stages.new })))
}
