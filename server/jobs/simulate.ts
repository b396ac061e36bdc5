/** Simulations in the background: the past is read page by page behind the portal's live work, then gone through in small parts. One of a portal at a time. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import type { Context } from '../domain/command.ts'
import { errorsIn, lintRegulation, type Problem } from '../domain/lint.ts'
import type { Regulation } from '../domain/regulation.ts'
import { startSimulation } from '../domain/simulate.ts'
import type { ReadingGaps } from '../domain/simulate/estimates.ts'
import type { SimulationResult } from '../domain/simulate/result.ts'
import { storyOf, type Story } from '../domain/simulate/story.ts'
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { draftOf } from '../store/drafts.ts'
import { LockLost } from '../store/locks.ts'
import { portalForWork } from '../store/portals.ts'
import { regulationVersion } from '../store/regulations.ts'
import { addSimulation, endSimulation, hasLiveWork, noteProgress, runningSimulation, simulationOf, simulationsOf, type SimulationEnd, type StoredSimulation } from '../store/simulations.ts'
import { freshFacts } from './fresh-facts.ts'
import { neededFields } from './needs.ts'
import { freshDirectory, successStagesOf, thingsOf } from './portal-things.ts'
import { endsWork, pauseAfter, suspend } from './portal-trouble.ts'
import type { PortalFacts, Room } from './ports.ts'

/** More leads than this are not simulated at once. */
export const mostLeads = 10_000
/** Looks between two breaths of the process: a few milliseconds. */
const looksPerPart = 100
/** Failures of the portal in a row before a simulation is given up. */
const mostFailures = 6
const shownSimulations = 50

export interface SimulationWish {
  readonly what: 'draft' | number
  /** ISO 8601 instants; leads that came in from the first on, and before the second. */
  readonly from: string
  readonly to: string
  readonly authorId: number | null
}

export type AskedSimulation = { readonly ok: true; readonly id: number } | { readonly ok: false; readonly why: 'no-draft' | 'no-version' | 'running' } | { readonly ok: false; readonly why: 'problems'; readonly problems: readonly Problem[] }

export interface SimulationDesk {
  /** Resolves once it is on disk that this will be simulated. Throws `PortalError`. */
  ask(memberId: string, wish: SimulationWish): Promise<AskedSimulation>
  find(memberId: string, id: number): Promise<StoredSimulation | null>
  /** Newest first. */
  list(memberId: string): Promise<readonly StoredSimulation[]>
  /** False when it was not running. */
  cancel(memberId: string, id: number): Promise<boolean>
}

export const simulationLock = (memberId: string): string => `simulate:${memberId}`

export const createSimulationDesk = (room: Room, begin: (memberId: string) => Promise<void>, db = room.database.db): SimulationDesk => ({
  ask: async (memberId, { what, from, to, authorId }) => {
    const regulation = what === 'draft' ? (await draftOf(db, memberId))?.regulation ?? null : await regulationVersion(db, memberId, what)
    if (regulation === null) return { ok: false, why: what === 'draft' ? 'no-draft' : 'no-version' }
    const { directory, facts } = await freshDirectory(room, memberId)
    // What an older version names may be gone from the portal by now: the past can be gone through all the same.
    const problems = errorsIn(lintRegulation(regulation, thingsOf(directory, facts))).filter(({ kind }) => what === 'draft' || !kind.startsWith('missing-'))
    if (problems.length > 0) return { ok: false, why: 'problems', problems }
    const id = await addSimulation(db, memberId, { version: what === 'draft' ? null : what, regulation, from, to, authorId }, Temporal.Now.instant())
    if (id === null) return { ok: false, why: 'running' }
    await begin(memberId)
    return { ok: true, id }
  },
  find: (memberId, id) => simulationOf(db, memberId, id),
  list: memberId => simulationsOf(db, memberId, shownSimulations),
  cancel: (memberId, id) => endSimulation(db, memberId, id, { status: 'cancelled' }, Temporal.Now.instant()),
})

/** Goes through the simulation that the portal waits for. Interrupted by a stop or a crash, it begins again: what was read is kept nowhere. */
export const runSimulation = async (room: Room, memberId: string, signal: AbortSignal): Promise<void> => {
  await room.database.locks.tryLock(simulationLock(memberId), async (held) => {
    const { db } = room.database
    const simulation = await runningSimulation(db, memberId)
    if (simulation === null) return
    const startedAt = performance.now()
    const run: Run = { room, memberId, simulation, isOver: () => signal.aborted || held.aborted }
    const end = await goThrough(run).catch((cause: unknown) => endOfTrouble(room, memberId, simulation.id, cause))
    if (end === null || held.aborted) return
    const hasEnded = await endSimulation(db, memberId, simulation.id, end, Temporal.Now.instant())
    const leads = end.status === 'done' ? { leads: end.result.leads.read, looks: end.result.looks } : {}
    if (hasEnded) room.log.info({ memberId, simulation: simulation.id, status: end.status, ...leads, durationMs: Math.round(performance.now() - startedAt) }, 'simulation.ended')
  })
}

interface Run {
  readonly room: Room
  readonly memberId: string
  readonly simulation: StoredSimulation & { readonly regulation: Regulation }
  /** The process stops, or somebody else has the lock. */
  readonly isOver: () => boolean
}

/** How it has ended; null when it was interrupted or cancelled. */
const goThrough = async (run: Run): Promise<SimulationEnd | null> => {
  const { room, memberId, simulation } = run
  if (await portalForWork(room.database.db, memberId) !== 'active') return { status: 'failed', problem: 'portal-suspended' }
  const facts = await freshFacts(room, memberId)
  const total = await patiently(run, () => room.portals.countPast(memberId, simulation))
  if (total === null) return null
  if (!await noteProgress(room.database.db, memberId, simulation.id, { phase: 'reading', done: 0, total })) return null
  if (total > mostLeads) return { status: 'failed', problem: 'too-many-leads' }
  const past = await readStories(run, total)
  if (past === null) return null
  const result = await compute(run, past, facts)
  return result === null ? null : { status: 'done', result }
}

interface ReadPast { readonly stories: readonly Story[]; readonly gaps: ReadingGaps }

/** Null when interrupted or cancelled. */
const readStories = async (run: Run, total: number): Promise<ReadPast | null> => {
  const { room, memberId, simulation: { id, from, to, regulation } } = run
  const fields = neededFields(regulation)
  const until = untilOf(run)
  const stories: Story[] = []
  let gaps: ReadingGaps = { withoutHistory: 0, withoutCalls: false, cut: 0 }
  for (let after: number | null = 0; after !== null;) {
    const behind: number = after
    await giveWay(run)
    const page = await patiently(run, () => room.portals.readPast(memberId, { from, to, fields, after: behind }))
    if (page === null) return null
    stories.push(...page.leads.map(lead => storyOf(lead, regulation, until)))
    gaps = { withoutHistory: gaps.withoutHistory + page.gaps.withoutHistory, withoutCalls: gaps.withoutCalls || page.gaps.withoutCalls, cut: gaps.cut + page.gaps.cut }
    // Leads may come into the time while it is read.
    if (stories.length > mostLeads + 50) throw new TooManyLeads()
    if (!await noteProgress(room.database.db, memberId, id, { phase: 'reading', done: stories.length, total: Math.max(total, stories.length) })) return null
    ;({ after } = page)
  }
  return { stories, gaps }
}

class TooManyLeads extends Error {
  override readonly name = 'TooManyLeads'
}

/** What lies ahead cannot be simulated. */
const untilOf = ({ room, simulation }: Run): Temporal.Instant => {
  const to = Temporal.Instant.from(simulation.to)
  const now = room.clock.now()
  return Temporal.Instant.compare(to, now) < 0 ? to : now
}

const compute = async (run: Run, { stories, gaps }: ReadPast, facts: PortalFacts): Promise<SimulationResult | null> => {
  const { room, memberId, simulation: { id, regulation, version } } = run
  const simulation = startSimulation({ regulation, version: version ?? 0, context: contextOf(regulation, facts), until: untilOf(run), gaps }, stories, room.rules)
  let notedAt = performance.now()
  while (!simulation.run(looksPerPart)) {
    await nextTurn()
    if (run.isOver()) return null
    if (performance.now() - notedAt < 500) continue
    if (!await noteProgress(room.database.db, memberId, id, { phase: 'computing', done: Math.floor(simulation.share() * 1_000), total: 1_000 })) return null
    notedAt = performance.now()
  }
  return simulation.result()
}

/** Ledgers begin empty: what they were then is not known. */
const contextOf = (regulation: Regulation, facts: PortalFacts): Context => ({
  calendar: regulation.calendar.kind === 'own' ? regulation.calendar.calendar : facts.calendar,
  people: facts.people,
  shares: {},
  load: {},
  misses: {},
  stageNames: facts.stageNames,
  sourceNames: facts.sourceNames ?? {},
  successStageIds: successStagesOf(facts),
  language: facts.language,
})

/** Live leads first: the next page is read when nothing waits, or after a bounded time. */
const giveWay = async ({ room, memberId, isOver }: Run): Promise<void> => {
  const until = performance.now() + room.timing.giveWayMs
  while (!isOver() && performance.now() < until && await hasLiveWork(room.database.db, memberId, Temporal.Now.instant())) await sleep(250)
}

/** Asks again after failures that pass; null when interrupted. */
const patiently = async <T>({ room, memberId, isOver }: Run, ask: () => Promise<T>): Promise<T | null> => {
  for (let failures = 0; ; failures += 1) {
    if (isOver()) return null
    try {
      return await ask()
    }
    catch (cause) {
      if (!(cause instanceof PortalError) || !passing.has(cause.code) || failures + 1 >= mostFailures) throw cause
      room.log.warn({ memberId, code: cause.code, failures: failures + 1 }, 'simulation.waits')
      const retryMs = cause.retryAt === null ? 0 : cause.retryAt.epochMilliseconds - Temporal.Now.instant().epochMilliseconds
      await sleepUnlessOver(Math.max(pauseAfter(room, failures), Math.min(retryMs, longestWaitMs)), isOver)
    }
  }
}

const passing: ReadonlySet<PortalErrorCode> = new Set(['rate-limited', 'method-blocked', 'unavailable', 'overloaded'])
const longestWaitMs = 600_000

const sleepUnlessOver = async (ms: number, isOver: () => boolean): Promise<void> => {
  for (const end = performance.now() + ms; !isOver() && performance.now() < end;) await sleep(Math.min(500, Math.max(1, end - performance.now())))
}

const endOfTrouble = async (room: Room, memberId: string, simulation: number, cause: unknown): Promise<SimulationEnd | null> => {
  if (cause instanceof LockLost) return null
  if (cause instanceof TooManyLeads) return { status: 'failed', problem: 'too-many-leads' }
  const code = cause instanceof PortalError ? cause.code : 'unexpected'
  if (endsWork(code)) await suspend(room, memberId, code)
  room.log[code === 'unexpected' ? 'error' : 'warn']({ memberId, simulation, code, error: cause }, 'simulation.failed')
  return { status: 'failed', problem: code }
}
