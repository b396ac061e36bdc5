/** One look at one lead in progress: the commands given so far, and the watch as they have changed it. */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context, Person } from '../command.ts'
import { evolve } from '../evolve.ts'
import type { Lead, UserId } from '../lead.ts'
import type { CalendarData, Regulation, Step, Text } from '../regulation.ts'
import { dayMs, secondMs, toMoment, toMs } from '../time.ts'
import { calendarOf, withOwnCalendars } from './calendars.ts'
import { asTest } from './test-leads.ts'
import type { ActiveWatch, Moment, Watch } from '../watch.ts'

export interface Turn {
  watch: Watch
  readonly commands: Command[]
  readonly lead: Lead
  readonly regulation: Regulation
  readonly version: number
  readonly context: Context
  /** The present responsible's calendar: whoever works on the lead works by it. */
  readonly calendar: CalendarData
  readonly nowMs: number
  /** Now, as text. */
  readonly at: Moment
  /** Met for the first time long after it was created, and created before the installation: taken over quietly. */
  readonly isOld: boolean
}

/** Begins a look; local to one call of `decide`, so that call stays pure. */
export const openTurn = (watch: Watch, lead: Lead, regulation: Regulation, version: number, context: Context, now: Temporal.Instant): Turn => {
  const nowMs = now.epochMilliseconds
  return {
    watch,
    commands: [],
    lead,
    regulation,
    version,
    context: withOwnCalendars(context, regulation),
    get calendar() {
      return calendarOf(this, this.watch.status === 'active' ? this.watch.responsibleId : null)
    },
    nowMs,
    at: toMoment(Math.floor(nowMs / secondMs) * secondMs),
    isOld: watch.status === 'unseen' && wasBefore(lead, context, nowMs),
  }
}

const wasBefore = ({ createdAt }: Lead, { installedAt = null }: Context, nowMs: number): boolean =>
  installedAt !== null && createdAt.epochMilliseconds < toMs(installedAt) && nowMs - createdAt.epochMilliseconds > dayMs

/** Gives a command and remembers what it changes, for the rules that follow. */
export const give = (turn: Turn, given: Command): void => {
  const command = dated(turn, asTest(turn.lead, turn.regulation, given))
  turn.commands.push(command)
  turn.watch = evolve(turn.watch, command)
}

/** What a pool gives counts among the leads of that day. */
const dated = ({ at }: Turn, command: Command): Command =>
  (command.kind === 'assign' || command.kind === 'note-responsible') && command.poolId !== undefined ? { ...command, givenAt: at } : command

/** The watch of a lead that is under a step. Rules after `start-watch` and before `close-watch` rely on it. */
export const activeWatch = (turn: Turn): ActiveWatch => {
  if (turn.watch.status !== 'active') throw new Error(`lead ${turn.lead.id} is ${turn.watch.status}, not active`)
  return turn.watch
}

/** A name for a command, the same for every repeat of the same decision: lead, step, round and purpose. */
export const markOf = (turn: Turn, purpose: string): string => {
  const watch = activeWatch(turn)
  return `${watch.leadId}-${watch.stepId}-${watch.round}-${purpose}`
}

export const stepById = (regulation: Regulation, id: string): Step | undefined => regulation.steps.find(step => step.id === id)
export const stepOnStage = (regulation: Regulation, stageId: string): Step | undefined => regulation.steps.find(step => step.stageId === stageId)

export const inLanguage = (text: Text, language: 'ru' | 'en'): string => (language === 'en' ? text.en ?? text.ru : text.ru)

const indexes = new WeakMap<readonly Person[], ReadonlyMap<UserId, Person>>()

/** The person with this id; undefined for one the portal did not list. */
export const personOf = (context: Pick<Context, 'people'>, id: UserId): Person | undefined => {
  const known = indexes.get(context.people)
  if (known !== undefined) return known.get(id)
  const index = new Map(context.people.map(person => [person.id, person]))
  indexes.set(context.people, index)
  return index.get(id)
}

export const nameOf = (context: Context, id: UserId): string => personOf(context, id)?.name ?? `№ ${id}`

/** Known and no longer active. A person whom the portal did not list is left alone. */
export const isDismissed = (context: Context, id: UserId): boolean => personOf(context, id)?.active === false
