/**
 * A regulation tried on past leads: `decide` and `evolve` go through their stories event by event and wake by wake, all leads in the order of time.
 * The world follows history: what we would have moved or assigned is remembered as expected, counted, and not done. Our own tasks are there at once
 * and nobody touches them; messages are delivered at once, or when quiet hours are over.
 */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context, Person } from './command.ts'
import { decide } from './decide.ts'
import { evolve, evolveContext } from './evolve.ts'
import type { FollowUpState, Lead, UserId } from './lead.ts'
import type { Regulation } from './regulation.ts'
import { isMovedSince } from './rules/tasks.ts'
import { estimatesOf, noGaps, simulable, type ReadingGaps } from './simulate/estimates.ts'
import type { OpenBefore } from './simulate/before.ts'
import { createDeliveries, createLoads } from './simulate/ledgers.ts'
import { createDueQueue } from './simulate/queue.ts'
import type { SimulationResult } from './simulate/result.ts'
import type { Story, StoryChange, Untold } from './simulate/story.ts'
import { createTally } from './simulate/tally.ts'
import { toInstant, toMs } from './time.ts'
import type { Watch } from './watch.ts'

export interface SimulationSetting {
  readonly regulation: Regulation
  /** Noted with the watches; 0 for a draft. */
  readonly version: number
  /** People, calendar and names as they are now; ledgers empty. */
  readonly context: Context
  /** Leads of an earlier time that were somebody's load when the first of these came; nothing else is said of them. */
  readonly before?: readonly OpenBefore[]
  /** Nothing is looked at after it. */
  readonly until: Temporal.Instant
  readonly gaps?: ReadingGaps
  /** When the time began; without it, at the beginning of a day. */
  readonly from?: Temporal.Instant
}

/** The pieces that do the work; tests may break one of them. */
export interface SimulationRules {
  readonly decide: typeof decide
  readonly evolve: typeof evolve
  readonly evolveContext: typeof evolveContext
}

export interface Simulation {
  /** Goes on for at most so many looks; true when nothing is left. */
  run(looks: number): boolean
  /** Share of the time between the first lead and the end that has been gone through, 0…1. */
  share(): number
  result(): SimulationResult
}

interface Track {
  /** Told when it is looked at for the first time. */
  readonly untold: Untold
  story: Story | null
  next: number
  /** Null: gone. */
  lead: Lead | null
  watch: Watch
  wakeMs: number | null
  isMet: boolean
  /** A gate has sent it back, and history did not: until its next move nothing can be said of it. */
  isAstray: boolean
}

/** Hears every look: its moment and the commands that came of it. */
export type Heard = (leadId: number, ms: number, commands: readonly Command[]) => void

/** The whole simulation at once. */
export const simulate = (setting: SimulationSetting, stories: readonly Story[], rules?: SimulationRules, heard?: Heard): SimulationResult => {
  const simulation = startSimulation(setting, stories.map(toldAtOnce), rules, heard)
  while (!simulation.run(100_000));
  return simulation.result()
}

/** A story that is there already. */
export const toldAtOnce = (story: Story): Untold => ({ beginsMs: story.beginsAt.epochMilliseconds, tell: () => story })

/**
 * A simulation that is gone through in parts, so that whoever runs it can do other things in between. Same stories, same result.
 * A story is told when its lead comes in, and forgotten when nothing more happens to it: only those of open leads are in memory.
 */
export const startSimulation = (setting: SimulationSetting, stories: readonly Untold[], rules: SimulationRules = { decide, evolve, evolveContext }, heard?: Heard): Simulation => {
  const regulation = simulable(setting.regulation)
  const untilMs = setting.until.epochMilliseconds
  const people = peopleOfThePast(setting.context.people)
  const tally = createTally(setting.context.calendar)
  const deliveries = createDeliveries(regulation.incidents.windowDays)
  const loads = createLoads(setting.context.calendar, setting.before)
  const queue = createDueQueue()
  const tracks = stories.map((untold): Track => ({ untold, story: null, next: 0, lead: null, watch: { status: 'unseen' }, wakeMs: null, isMet: false, isAstray: false }))
  for (const [place, { untold }] of tracks.entries()) queue.push({ ms: untold.beginsMs, place })
  const beginsMs = tracks.reduce((least, { untold }) => Math.min(least, untold.beginsMs), untilMs)
  let context = setting.context
  let nowMs = beginsMs
  let isOver = false

  return {
    run: (looks) => {
      for (let count = 0; count < looks && !isOver; count += 1) {
        const due = queue.pop()
        const track = due === undefined ? undefined : tracks[due.place]
        if (due === undefined || track === undefined || due.ms > untilMs) isOver = true
        else if (isStillDue(track, due.ms)) {
          nowMs = due.ms
          lookAt(track, due.ms)
          const next = nextOf(track)
          if (next === null) endTrack(track)
          else queue.push({ ms: next, place: due.place })
        }
      }
      return isOver
    },
    share: () => (isOver || untilMs === beginsMs ? 1 : (nowMs - beginsMs) / (untilMs - beginsMs)),
    result: () => tally.result({ untilMs, read: stories.length, watches: tracks.map(({ watch }) => watch), estimates: estimatesOf(setting.regulation, setting.gaps ?? noGaps, isDayBegun(setting)) }),
  }

  function lookAt(track: Track, ms: number): void {
    const story = track.story ?? track.untold.tell()
    if (!track.isMet) {
      track.story = story
      track.lead = story.lead
    }
    const change = track.isMet ? story.changes[track.next] : undefined
    if (change !== undefined && change.at.epochMilliseconds <= ms) {
      track.next += 1
      follow(track, change)
    }
    track.isMet = true
    track.wakeMs = null
    context = loads.on(deliveries.on(context, ms), ms)
    const { lead, watch: before } = track
    const sight = lead === null ? { kind: 'gone', leadId: story.lead.id } as const : { kind: 'seen', lead } as const
    const around = { ...context, people: people.with(story.holderId) }
    let decided: readonly Command[]
    try {
      decided = rules.decide(before, sight, regulation, setting.version, around, toInstant(ms))
    } catch {
      // The rules stumble over this lead: it goes no further, and the result says how many there were.
      tally.failed()
      track.next = Infinity
      track.watch = { status: 'unseen' }
      return
    }
    context = decided.reduce((seen, command) => rules.evolveContext(seen, command), context)
    const commands = story.holderId === null ? decided : heldBy(decided, story.holderId)
    const isTelling = !track.isAstray
    for (const [index, command] of decided.entries()) {
      loads.note(story.lead.id, command)
      noteGiven(story, before, command, commands[index] ?? command)
      track.watch = rules.evolve(track.watch, commands[index] ?? command)
      if (command.kind === 'wake-at') track.wakeMs = Math.max(toMs(command.at), ms + 1_000)
      if (command.kind === 'move-stage' && isTelling) tally.moved(nextStageOf(track) === command.to)
    }
    if (track.watch.status !== 'active') loads.drop(story.lead.id)
    if (isTelling) context = deliveries.send(context, commands, ms)
    tally.look(story.lead.id, before, commands, isTelling)
    if (isTelling) heard?.(story.lead.id, ms, commands)
    if (track.lead !== null) track.lead = commands.reduce(withTask, track.lead)
    if (commands.some(command => command.kind === 'notify' && command.about === 'sent-back')) track.isAstray = true
  }

  function follow(track: Track, { lead, followUp, closesTask }: StoryChange): void {
    if (lead === null || track.lead === null) {
      track.lead = null
      return
    }
    if (lead.stageId !== undefined) track.isAstray = false
    const { watch } = track
    const stage = watch.status === 'active' ? regulation.steps.find(({ id }) => id === watch.stepId)?.stageId : undefined
    const closed = closesTask === true && lead.stageId !== undefined && stage !== lead.stageId ? { open: false } : {}
    const last = track.lead.followUps.length - 1
    track.lead = { ...track.lead, ...lead, followUps: track.lead.followUps.map((one, index) => (index === last ? { ...one, ...closed, ...followUp } : one)) }
  }

  function noteGiven(story: Story, before: Watch, decided: Command, held: Command): void {
    if ((decided.kind === 'assign' || decided.kind === 'note-responsible') && decided.isTest === true) return
    if (decided.kind !== 'assign' && (decided.kind !== 'note-responsible' || decided.poolId === undefined)) return
    if (before.status === 'unseen') tally.given(story.lead.id, decided, held.kind === 'assign' && held.userId !== decided.userId ? held.userId : story.holderId ?? decided.userId)
    else tally.passedOn()
  }
}

const isDayBegun = ({ from, context }: SimulationSetting): boolean => from !== undefined && !from.equals(from.toZonedDateTimeISO(context.calendar.timeZone).startOfDay().toInstant())

const isStillDue = (track: Track, ms: number): boolean => !track.isMet || nextOf(track) === ms

/** Its next change or its next wake-up; a change goes first. */
const nextOf = ({ story, next, wakeMs }: Track): number | null => {
  const change = story?.changes[next]?.at.epochMilliseconds
  if (change === undefined) return wakeMs
  return wakeMs === null ? change : Math.min(change, wakeMs)
}

/** Nothing more happens to it: what the result counts stays. */
const endTrack = (track: Track): void => {
  track.story = null
  track.lead = null
  if (track.watch.status !== 'closed') return
  const { status, leadId, outcome, closedAt, stageId, life } = track.watch
  track.watch = { status, leadId, outcome, closedAt, stageId, life: { channelId: life?.channelId ?? null, leftSource: life?.leftSource ?? null } }
}

const nextStageOf = ({ story, next }: Track): string | undefined => story?.changes.slice(next).find(({ lead }) => lead?.stageId !== undefined)?.lead?.stageId

/** Whoever was chosen, the one who had the lead did the work: he stands in the place of the chosen one in everything but the ledgers. */
const heldBy = (commands: readonly Command[], holderId: UserId): readonly Command[] => {
  let chosenId: UserId | null = null
  return commands.map((command) => {
    if (command.kind === 'assign' && command.because.rule !== 'distribution-nobody') {
      chosenId = command.userId
      return { ...command, userId: holderId }
    }
    if (chosenId === null) return command
    if (command.kind === 'notify') return command.userId === chosenId ? { ...command, userId: holderId } : command
    if (command.kind === 'set-follow-up' || command.kind === 'change-follow-up' || command.kind === 'enter-step') return command.responsibleId === chosenId ? { ...command, responsibleId: holderId } : command
    return command
  })
}

/** Our tasks are there as soon as they are set. */
const withTask = (lead: Lead, command: Command): Lead => {
  const change = (mark: string, how: (one: FollowUpState) => FollowUpState): Lead => ({ ...lead, followUps: lead.followUps.map(one => (one.mark === mark ? how(one) : one)) })
  switch (command.kind) {
    case 'set-follow-up':
      return { ...lead, followUps: [...lead.followUps.slice(-keptTasks), { mark: command.mark, form: command.form, id: lead.followUps.length + 1, open: true, responsibleId: command.responsibleId, deadlineAt: toInstant(toMs(command.deadlineAt)) }] }
    case 'change-follow-up':
      return change(command.followUp, one => ({ ...one, ...(command.deadlineAt === null || isMovedSince(command, one.deadlineAt) ? {} : { deadlineAt: toInstant(toMs(command.deadlineAt)) }), ...(command.responsibleId === null ? {} : { responsibleId: command.responsibleId }) }))
    case 'close-follow-up':
      return change(command.followUp, one => ({ ...one, open: false }))
    default:
      return lead
  }
}

const keptTasks = 10

/** Presence then is not known: everybody is taken for present. Whoever has left since was there while he had the lead. */
const peopleOfThePast = (people: readonly Person[]): { with(holderId: UserId | null): readonly Person[] } => {
  const present = people.map(person => ({ ...person, absent: false, dayOpen: null }))
  const byId = new Map(present.map(person => [person.id, person]))
  const gone = new Map<UserId, readonly Person[]>()
  return {
    with: (holderId) => {
      if (holderId === null || byId.get(holderId)?.active !== false) return present
      const known = gone.get(holderId) ?? present.map(person => (person.id === holderId ? { ...person, active: true } : person))
      gone.set(holderId, known)
      return known
    },
  }
}
