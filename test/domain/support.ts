/** People, a calendar, a regulation and a small world in which commands take effect, for the domain's tests. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Command, Context, Miss, Person } from '../../server/domain/command.ts'
import { decide } from '../../server/domain/decide.ts'
import { evolve, evolveContext } from '../../server/domain/evolve.ts'
import { activityId, departmentId, fieldName, leadId, stageId, userId } from '../../server/domain/lead.ts'
import type { Act, Activity, FollowUpState, Lead, Semantic } from '../../server/domain/lead.ts'
import { bindPreset } from '../../server/domain/presets/preset.ts'
import type { Binding } from '../../server/domain/presets/preset.ts'
import { worktops } from '../../server/domain/presets/worktops.ts'
import { isMovedSince } from '../../server/domain/rules/tasks.ts'
import type { CalendarData, Regulation } from '../../server/domain/regulation.ts'
import { ordinary } from '../../server/domain/regulation/defaults.ts'
import { toMs } from '../../server/domain/time.ts'
import type { ActiveWatch, Watch } from '../../server/domain/watch.ts'

export const timeZone = 'Europe/Moscow'
const day = [{ from: '09:00', to: '13:00' }, { from: '14:00', to: '18:00' }]

/** Monday to Friday, 9 to 18 with an hour of lunch, in Moscow. */
export const officeHours: CalendarData = { timeZone, week: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, holidays: [], workdays: [] }

/** Friday, 24 July 2026, in Moscow. */
export const at = (time: string, date = '2026-07-24'): Temporal.Instant => Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant()
export const moment = (time: string, date?: string): string => at(time, date).toString()

export const stages = { new: stageId('NEW'), 'in-work': stageId('IN_WORK'), qualified: stageId('QUALIFIED'), 'not-qualified': stageId('JUNK') }
export const elsewhere = stageId('ELSEWHERE')
export const won = stageId('CONVERTED')

export const anna = userId(1)
export const boris = userId(2)
export const vera = userId(3)
export const headOfSales = userId(10)
export const secretary = userId(20)
const sales = departmentId(5)

const person = (id: typeof anna, name: string, change: Partial<Person> = {}): Person => ({ id, name, active: true, departmentIds: [sales], headIds: [headOfSales], absent: false, dayOpen: null, ...change })

export const people: readonly Person[] = [
  person(anna, 'Анна Петрова'),
  person(boris, 'Борис Ким'),
  person(vera, 'Вера Лис'),
  person(headOfSales, 'Глеб Орлов', { headIds: [] }),
  person(secretary, 'Дина Ветрова', { departmentIds: [], headIds: [] }),
]

export const binding: Binding = {
  stages,
  sources: {},
  fields: Object.fromEntries(worktops.fields.map(field => [field.code, { field: fieldName(`UF_CRM_LR_${field.code}`), values: Object.fromEntries(field.options.map((option, index) => [option.code, `${field.code}-${index + 1}`])) }])),
  departmentId: sales,
  withHead: false,
  fallbackUserId: secretary,
  directorId: null,
}

const bound = bindPreset(worktops, binding)

/** The preset without its ladder, its gate, its counting of attempts and its control of refusals: tests of these set their own. */
export const regulation: Regulation = {
  ...bound,
  steps: bound.steps.map(step => ({ ...step, gate: null })),
  attempts: ordinary.attempts,
  rejection: ordinary.rejection,
  incidents: { ...bound.incidents, ladder: [] },
}

export const withStep = (change: Partial<Regulation['steps'][number]>, id = 'in-work', base = regulation): Regulation => ({ ...base, steps: base.steps.map(step => (step.id === id ? { ...step, ...change } : step)) })

export const context = (change: Partial<Context> = {}): Context => ({ calendar: officeHours, people, shares: {}, load: {}, misses: {}, stageNames: { NEW: 'Новый лид', IN_WORK: 'Взят в работу', ELSEWHERE: 'Пауза' }, language: 'ru', ...change })

/** The people with some of them changed. */
export const peopleWith = (changes: Readonly<Record<number, Partial<Person>>>): readonly Person[] => people.map(one => ({ ...one, ...changes[one.id] }))

export const lead = (change: Partial<Lead> = {}): Lead => ({
  id: leadId(7),
  title: 'Столешница на кухню',
  clientName: 'Мария',
  companyTitle: '',
  stageId: stages.new,
  semantic: 'processing',
  responsibleId: secretary,
  createdById: null,
  sourceId: 'WEB',
  createdAt: at('10:00'),
  updatedAt: at('10:00'),
  movedAt: at('10:00'),
  contact: { phones: ['+79000000001'], emails: [], messengers: [] },
  fields: {},
  activities: [],
  followUps: [],
  ...change,
})

let activities = 0
export const activity = (change: Partial<Activity>): Activity => ({
  id: activityId((activities += 1)),
  kind: 'call',
  direction: 'outgoing',
  completed: true,
  responsibleId: anna,
  authorId: anna,
  createdAt: at('10:10'),
  startedAt: null,
  endedAt: null,
  deadlineAt: null,
  subject: '',
  mark: null,
  automatic: false,
  call: null,
  ...change,
})

export const call = (when: Temporal.Instant, durationSeconds = 90, change: Partial<Activity> = {}): Activity =>
  activity({ kind: 'call', createdAt: when, startedAt: when, endedAt: when, call: { reached: durationSeconds > 0, durationSeconds }, ...change })

/** Answers of the obligatory questions, the comment included. */
export const answers = {
  UF_CRM_LR_SIZE: '3000×600×40',
  UF_CRM_LR_MATERIAL: 'MATERIAL-2',
  UF_CRM_LR_BUDGET: 90_000,
  UF_CRM_LR_URGENCY: 'URGENCY-2',
  UF_CRM_LR_COMMENT: 'Светлый камень, под мойку',
} as const
export const qualified = { UF_CRM_LR_RESULT: 'RESULT-1', UF_CRM_LR_NEXT_STEP: 'NEXT_STEP-3' } as const
export const notQualified = { UF_CRM_LR_RESULT: 'RESULT-2', UF_CRM_LR_REASON: 'REASON-2' } as const

/** The pieces of the domain that a law is held against: the real ones, or one of them broken on purpose. */
export interface Rules {
  readonly decide: typeof decide
  readonly evolve: typeof evolve
  readonly evolveContext: typeof evolveContext
}
export const realRules: Rules = { decide, evolve, evolveContext }

export interface World {
  readonly watch: Watch
  readonly lead: Lead | null
  readonly context: Context
  readonly now: Temporal.Instant
  readonly regulation: Regulation
  /** Given, and not carried out yet. */
  readonly outbox: readonly Command[]
  readonly journal: readonly Command[]
  /** The portal refuses to move leads. */
  readonly refusing?: boolean
}

export const world = (change: Partial<World> = {}): World => ({ watch: { status: 'unseen' }, lead: lead(), context: context(), now: at('10:00'), regulation, outbox: [], journal: [], ...change })

/** One look at the lead; its commands are remembered, but not carried out yet. */
export const look = (before: World, rules = realRules): { readonly world: World; readonly commands: readonly Command[] } => {
  const sight = before.lead === null ? ({ kind: 'gone', leadId: leadId(7) } as const) : ({ kind: 'seen', lead: before.lead } as const)
  const commands = rules.decide(before.watch, sight, before.regulation, 1, before.context, before.now)
  return {
    commands,
    world: {
      ...before,
      watch: commands.reduce<Watch>(rules.evolve, before.watch),
      context: commands.reduce(rules.evolveContext, before.context),
      outbox: [...before.outbox, ...commands],
      journal: [...before.journal, ...commands],
    },
  }
}

/** The portal does what it was asked, each mark once; messages of misses count as delivered. Those of quiet hours wait. */
export const carryOut = (before: World, rules = realRules): World => {
  if (before.refusing === true) return refuseMoves(before, rules)
  const isHeld = (command: Command) => command.kind === 'notify' && command.notBefore !== undefined && toMs(command.notBefore) > before.now.epochMilliseconds
  const after = before.outbox.filter(command => !isHeld(command)).reduce((state, command) => ({ ...state, lead: state.lead === null ? null : changed(state.lead, command, state.now), context: { ...state.context, misses: delivered(state.context.misses, command, state.now) } }), before)
  return { ...after, outbox: before.outbox.filter(isHeld) }
}

/** Everything is done but the moves, which are refused for good; the watch is told so. */
const refuseMoves = (before: World, rules: Rules): World => {
  const after = carryOut({ ...before, refusing: false, outbox: before.outbox.filter(({ kind }) => kind !== 'move-stage') })
  const refusals = only(before.outbox, 'move-stage').map((command): Command => ({ kind: 'note-refused', leadId: command.leadId, refusedMark: command.mark, refusedKind: 'move-stage', words: 'Заполните поле «Сумма»', at: before.now.toString(), toldAt: null, because: { rule: 'refused', what: 'move-stage', words: 'Заполните поле «Сумма»' } }))
  return { ...after, refusing: true, watch: refusals.reduce<Watch>(rules.evolve, after.watch) }
}

export const lookAndCarryOut = (before: World, rules = realRules): { readonly world: World; readonly commands: readonly Command[] } => {
  const { world: after, commands } = look(before, rules)
  return { world: carryOut(after, rules), commands }
}

/** Time passes, with a look at every wake-up on the way, as a running system does it. */
export const passUntil = (before: World, until: Temporal.Instant, rules = realRules): World => {
  let state = before
  for (let looks = 0; looks < 2_000; looks += 1) {
    const wake = state.journal.findLast(command => command.kind === 'wake-at')
    const next = state.watch.status !== 'unseen' && wake?.kind === 'wake-at' ? Temporal.Instant.from(wake.at) : until
    const now = Temporal.Instant.compare(next, state.now) > 0 && Temporal.Instant.compare(next, until) < 0 ? next : until
    state = { ...state, now }
    if (now === until) return state
    state = lookAndCarryOut(state, rules).world
  }
  throw new Error('too many looks')
}

/** A lead that was distributed and taken into work at ten. */
export const inWork = (change: Partial<World> = {}): World => lookAndCarryOut(world(change)).world

export const changeLead = (before: World, change: Partial<Lead>): World => ({ ...before, lead: before.lead === null ? null : { ...before.lead, updatedAt: before.now, ...change } })
export const fill = (before: World, fields: Lead['fields']): World => changeLead(before, { fields: { ...before.lead?.fields, ...fields } })
export const moveTo = (before: World, to: Lead['stageId']): World => changeLead(before, { stageId: to, semantic: semanticOf(to), movedAt: before.now })
export const add = (before: World, made: Activity): World => changeLead(before, { activities: [...(before.lead?.activities ?? []), made] })
export const changeFollowUps = (before: World, change: Partial<FollowUpState>): World => changeLead(before, { followUps: (before.lead?.followUps ?? []).map((followUp, index, all) => (index === all.length - 1 ? { ...followUp, ...change } : followUp)) })
/** What somebody presses in the lead tab now; by Anna unless another person is given. */
export const press = (before: World, act: Pressed, byUserId: Act['byUserId'] = anna): World => {
  const acts = before.lead?.acts ?? []
  return changeLead(before, { acts: [...acts, { ...act, id: acts.length + 1, at: before.now, byUserId } as Act] })
}
type Pressed = Act extends infer One ? (One extends Act ? Omit<One, 'id' | 'at' | 'byUserId'> : never) : never
export const later = (before: World, time: string, date?: string): World => ({ ...before, now: at(time, date) })

export const active = (state: World): ActiveWatch => {
  if (state.watch.status !== 'active') throw new Error(`the watch is ${state.watch.status}`)
  return state.watch
}
export const kindsOf = (commands: readonly Command[]): readonly Command['kind'][] => commands.map(({ kind }) => kind)
export const only = <K extends Command['kind']>(commands: readonly Command[], kind: K): readonly Extract<Command, { kind: K }>[] => commands.filter((command): command is Extract<Command, { kind: K }> => command.kind === kind)

const semanticOf = (id: string): Semantic => (id === stages['not-qualified'] ? 'failure' : id === won ? 'success' : 'processing')

const changed = (seen: Lead, command: Command, now: Temporal.Instant): Lead => {
  switch (command.kind) {
    case 'assign':
      return { ...seen, responsibleId: command.userId, updatedAt: now }
    case 'move-stage':
      // A stage that a person has changed meanwhile is left alone.
      return seen.stageId !== command.from ? seen : { ...seen, stageId: command.to, semantic: semanticOf(command.to), movedAt: now, updatedAt: now }
    case 'set-follow-up':
      return seen.followUps.some(({ mark }) => mark === command.mark)
        ? seen
        : { ...seen, followUps: [...seen.followUps, { mark: command.mark, form: command.form, id: 100 + seen.followUps.length, open: true, responsibleId: command.responsibleId, deadlineAt: Temporal.Instant.from(command.deadlineAt) }] }
    case 'change-follow-up':
      return withFollowUp(seen, command.followUp, { ...(command.deadlineAt === null || isMovedSince(command, seen.followUps.find(({ mark }) => mark === command.followUp)?.deadlineAt ?? null) ? {} : { deadlineAt: Temporal.Instant.from(command.deadlineAt) }), ...(command.responsibleId === null ? {} : { responsibleId: command.responsibleId }) })
    case 'close-follow-up':
      return withFollowUp(seen, command.followUp, { open: false })
    default:
      return seen
  }
}

const withFollowUp = (seen: Lead, mark: string, change: Partial<FollowUpState>): Lead => ({ ...seen, followUps: seen.followUps.map(followUp => (followUp.mark === mark ? { ...followUp, ...change } : followUp)) })

const delivered = (misses: Context['misses'], command: Command, now: Temporal.Instant): Context['misses'] => {
  if (command.kind !== 'notify' || command.incidentId === null || command.about !== 'missed') return misses
  const miss: Miss = { incidentId: command.incidentId, leadId: command.leadId, deliveredAt: now.toString() }
  return { ...misses, [command.userId]: [...(misses[command.userId] ?? []), miss] }
}

/** Milliseconds between two moments. */
export const msBetween = (a: string, b: string): number => toMs(b) - toMs(a)

/** Holds a law over the same inputs at every run. `LAWS_SEED=random` or a number tries others, `LAWS_RUNS=3000` more of them. */
export const holds = <Input>(law: fc.IProperty<Input>, numRuns: number): void => {
  const { LAWS_SEED: seed, LAWS_RUNS: runs } = process.env
  void fc.assert(law, { numRuns: runs === undefined ? numRuns : Number(runs), ...(seed === 'random' ? {} : { seed: seed === undefined ? 20_260_724 : Number(seed) }) })
}
