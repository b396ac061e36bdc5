import type { FakePortal } from '../fake-portals.ts'
import { arrive } from './clients.ts'
import { demoArrivals } from './demo-portal.ts'
import type { FillCard } from './fill-card.ts'
import { fillByLabels } from './fill-card.ts'
import { createManagers } from './managers.ts'
import { demoStart } from './clock.ts'
import { employees, type Employee } from './people.ts'
import { on, type Arrival } from './script.ts'

export interface ScenarioOptions {
  readonly portal: FakePortal
  readonly clock: { now(): number }
  readonly seed: number
  readonly script?: readonly Arrival[]
  readonly people?: readonly Employee[]
  /** The moment the script's minute 0 stands for, in milliseconds since 1970. */
  readonly startAt?: number
  /** How answers get into a card; by reading the labels of the lead's user fields unless told otherwise. */
  readonly fillCard?: FillCard
}

/** One thing somebody did, for tests and for a log: moment in emulated milliseconds, person (null = a client or automation). */
export interface DoneDeed {
  readonly at: number
  readonly who: number | null
  readonly what: string
  readonly lead: string | null
}

export interface Player {
  /** Does everything that is due by the clock, in order. */
  advance(): void
  readonly done: readonly DoneDeed[]
}

interface Planned {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** What the parts of a scenario use to plan their next deed. */
export interface Stage {
  readonly portal: FakePortal
  readonly seed: number
  /** The moment the present deed stands for; deeds run in order, so chains keep their pace at any clock speed. */
  now(): number
  /** Plans a deed; what is past already when the scenario begins is left out. */
  plan(at: number, run: () => void): void
  note(who: number | null, what: string, lead: string | null): void
}

const dayMs = 86_400_000

/** Plans one day after another for ever: opening and closing of working days from Monday to Friday. */
const planDays = (stage: Stage, people: readonly Employee[], startAt: number, opened: (userId: number) => void): void => {
  const { act, state } = stage.portal
  const isHere = (person: Employee): boolean => state.users.get(person.id)?.active === true
    && !state.absences.some(absence => absence.userId === person.id && Date.parse(absence.from) <= stage.now() && stage.now() < Date.parse(absence.to))
  const open = (person: Employee): void => {
    if (!isHere(person)) return
    if (state.workDays.get(person.id)?.status !== 'OPENED') act.openDay(person.id)
    stage.note(person.id, 'opens the day', null)
    opened(person.id)
  }
  const close = (person: Employee): void => {
    if (!isHere(person) || state.workDays.get(person.id)?.status !== 'OPENED') return
    act.closeDay(person.id)
    stage.note(person.id, 'closes the day', null)
  }
  const planDay = (day: number): void => {
    if (day % 7 >= 1 && day % 7 <= 5) {
      for (const person of people) {
        stage.plan(startAt + on(day, person.day[0]) * 60_000, () => open(person))
        stage.plan(startAt + on(day, person.day[1]) * 60_000, () => close(person))
      }
    }
    stage.plan(startAt + on(day + 1, '00:01') * 60_000, () => planDay(day + 1))
  }
  planDay(Math.floor((stage.now() - startAt + 9 * 3_600_000) / dayMs) + 1)
}

/** Plans the script's arrivals, and the same again each following week: those clients come back under a new key. */
const planWeeks = (stage: Stage, script: readonly Arrival[], startAt: number): void => {
  const planWeek = (week: number): void => {
    const from = startAt + week * 7 * dayMs
    for (const arrival of script) stage.plan(from + arrival.at * 60_000, () => arrive(stage, week === 0 ? arrival : { ...arrival, key: `${arrival.key}~${week + 1}` }))
    stage.plan(from + on(8, '00:01') * 60_000, () => planWeek(week + 1))
  }
  planWeek(Math.max(0, Math.floor((stage.now() - startAt + 9 * 3_600_000) / (7 * dayMs))))
}

/**
 * A scenario without a timer: the caller advances it. Same seed, script and answers of the portal – same deeds.
 * Begun later than `startAt` it goes on from there: arrivals that are past do not come again, and managers take up what they have.
 */
export const createPlayer = ({ portal, clock, seed, script = demoArrivals, people = employees, startAt = demoStart, fillCard = fillByLabels(portal) }: ScenarioOptions): Player => {
  const planned: Planned[] = []
  const done: DoneDeed[] = []
  let order = 0
  const begunAt = clock.now()
  let moment = begunAt
  const stage: Stage = {
    portal, seed,
    now: () => moment,
    plan: (at, run) => {
      if (at >= begunAt) planned.push({ at, order: (order += 1), run })
    },
    note: (who, what, lead) => done.push({ at: moment, who, what, lead }),
  }
  const managers = createManagers(stage, people, fillCard, script)
  planWeeks(stage, script, startAt)
  planDays(stage, people, startAt, managers.dayOpened)

  return {
    done,
    advance: () => {
      const until = clock.now()
      managers.lookAround(moment)
      for (;;) {
        const next = planned.reduce<Planned | null>((first, other) => (first === null || other.at < first.at || (other.at === first.at && other.order < first.order) ? other : first), null)
        if (next === null || next.at > until) break
        planned.splice(planned.indexOf(next), 1)
        moment = Math.max(moment, next.at)
        next.run()
      }
      moment = Math.max(moment, until)
      managers.lookAround(moment)
    },
  }
}

/** Plays people and clients on a portal until stopped, looking at the clock every `everyMs` real milliseconds. */
export const playScenario = (options: ScenarioOptions & { readonly everyMs?: number; readonly onError?: (error: unknown) => void }): { stop(): void; readonly done: readonly DoneDeed[] } => {
  const player = createPlayer(options)
  const timer = setInterval(() => {
    try {
      player.advance()
    } catch (error) {
      if (options.onError === undefined) throw error
      options.onError(error)
    }
  }, options.everyMs ?? 100)
  timer.unref()
  return { stop: () => clearInterval(timer), done: player.done }
}
