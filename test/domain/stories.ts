/** Stories of a lead, of any length and order: what the laws of the domain are held against. */
import fc from 'fast-check'
import type { Command } from '../../server/domain/command.ts'
import { anna, answers, add, call, carryOut, changeFollowUps, changeLead, elsewhere, fill, headOfSales, look, moveTo, notQualified, passUntil, people, peopleWith, press, qualified, stages, won, world } from './support.ts'
import type { Rules, World } from './support.ts'

/** Something that happens: people act, time passes, an event makes us look, or the outbox is carried out. */
export type Happening = { readonly name: string; readonly happen: (state: World, rules: Rules) => World; readonly toString: () => string }

export const happening = (name: string, happen: Happening['happen']): Happening => ({ name, happen, toString: () => name })
export const minutesLater = (state: World, minutes: number) => state.now.add({ minutes })

/** Two moves within a second cannot be told apart. */
const aSecondLater = (state: World): World => ({ ...state, now: state.now.add({ seconds: 1 }) })

/** Of those that the portal has answered for: we know of no other one by its number. */
const deleteTask = (state: World): World => {
  const { watch, lead } = state
  const mark = watch.status === 'active' ? watch.followUp?.mark : undefined
  if (lead === null || mark === undefined || lead.followUps.every(followUp => followUp.mark !== mark)) return state
  return changeLead(state, { followUps: lead.followUps.filter(followUp => followUp.mark !== mark), deletedFollowUps: [...lead.deletedFollowUps ?? [], mark] })
}

export const quiet: readonly Happening[] = [
  happening('event', (state, rules) => look(state, rules).world),
  happening('carried out', (state, rules) => carryOut(state, rules)),
  happening('nobody answers', state => add(state, call(state.now, 0))),
  happening('robot writes', state => add(state, { ...call(state.now), kind: 'email', call: null, automatic: true })),
  happening('we write', state => add(state, { ...call(state.now), kind: 'email', call: null, mark: 'ours' })),
]

/** What is pressed in the lead tab, or asked by a robot. */
export const pressed: readonly Happening[] = [
  happening('not reached', state => press(state, { kind: 'not-reached' })),
  happening('wrong number', state => press(state, { kind: 'wrong-number', phone: '+79000000001' })),
  happening('right number', state => press(state, { kind: 'right-number', phone: '+79000000001' })),
  happening('refuse', state => press(state, { kind: 'refuse' })),
  happening('mobile call', state => press(state, { kind: 'call-declared', comment: 'Просит замер' })),
  happening('wait', state => press(state, { kind: 'wait', until: state.now.add({ hours: 30 }), comment: 'В отпуске' })),
  happening('wait for ages', state => press(state, { kind: 'wait', until: state.now.add({ hours: 24 * 90 }), comment: '' })),
  happening('wait no more', state => press(state, { kind: 'stop-waiting' })),
  happening('go on', state => press(state, { kind: 'go-on' })),
  happening('allowed', state => press(state, { kind: 'allow-move' }, headOfSales)),
  happening('term begun anew', state => press(state, { kind: 'start-deadline', token: 'robot' })),
  happening('distributed by a robot', state => press(state, { kind: 'distribute', token: 'robot' })),
  happening('card checked', state => press(state, { kind: 'check-card', token: 'robot' })),
]

export const loud: readonly Happening[] = [
  ...quiet,
  ...pressed,
  happening('moved on by hand', state => moveTo(aSecondLater(state), stages.qualified)),
  happening('call', state => add(state, call(state.now))),
  happening('some answers', state => fill(state, { UF_CRM_LR_SIZE: '1200×600' })),
  happening('all answers', state => fill(state, answers)),
  happening('an answer taken away', state => fill(state, { UF_CRM_LR_SIZE: null })),
  happening('qualified', state => fill(state, qualified)),
  happening('not qualified', state => fill(state, notQualified)),
  happening('result taken away', state => fill(state, { UF_CRM_LR_RESULT: null })),
  happening('task closed', state => changeFollowUps(state, { open: false })),
  happening('task moved', state => changeFollowUps(state, { deadlineAt: state.now.add({ hours: 5 }) })),
  happening('task deleted', deleteTask),
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

export const storyOf = (happenings: readonly Happening[]): fc.Arbitrary<readonly Happening[]> =>
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...happenings) }, { weight: 2, arbitrary: passing }, { weight: 1, arbitrary: outage }), { maxLength: 14 })

/** Each look of a story: the state before it, its commands, and the state after it. */
type Looks = { readonly before: World; readonly commands: readonly Command[]; readonly after: World }[]

export const tell = (story: readonly Happening[], rules: Rules, start: World = world()): { readonly looks: Looks; readonly end: World } => {
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

export const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}
