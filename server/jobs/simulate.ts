/** Simulations in the background: the past is read behind the portal's live work (`read-past.ts`), then gone through in small parts. One of a portal at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import type { Context } from '../domain/command.ts'
import { errorsIn, lintRegulation, type Problem } from '../domain/lint.ts'
import type { Regulation } from '../domain/regulation.ts'
import { startSimulation } from '../domain/simulate.ts'
import type { SimulationResult } from '../domain/simulate/result.ts'
import { PortalError } from '../portal/error.ts'
import { draftOf } from '../store/drafts.ts'
import { LockLost } from '../store/locks.ts'
import { portalForWork } from '../store/portals.ts'
import { regulationVersion } from '../store/regulations.ts'
import { addSimulation, endSimulation, noteProgress, noteUntil, runningSimulation, simulationOf, simulationsOf, type SimulationEnd, type StoredSimulation } from '../store/simulations.ts'
import { freshFacts } from './fresh-facts.ts'
import { freshDirectory, successStagesOf, thingsOf } from './portal-things.ts'
import { endsWork, suspend } from './portal-trouble.ts'
import type { PortalFacts, Room } from './ports.ts'
import { mostLeads, patiently, readPastOf, TooManyLeads, type ReadPast, type Run } from './read-past.ts'

/** Looks between two breaths of the process: a few milliseconds. */
const looksPerPart = 100
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

/** Goes through the simulation that the portal waits for. Interrupted by a stop or a crash, it goes on reading where it was; only what was computed is computed again. */
export const runSimulation = async (room: Room, memberId: string, signal: AbortSignal): Promise<void> => {
  await room.database.locks.tryLock(simulationLock(memberId), async (held) => {
    const { db } = room.database
    const simulation = await runningSimulation(db, memberId)
    if (simulation === null) return
    const startedAt = performance.now()
    const end = await goThrough(room, memberId, simulation, () => signal.aborted || held.aborted).catch((cause: unknown) => endOfTrouble(room, memberId, simulation.id, cause))
    if (end === null || held.aborted) return
    const hasEnded = await endSimulation(db, memberId, simulation.id, end, Temporal.Now.instant())
    const leads = end.status === 'done' ? { leads: end.result.leads.read, looks: end.result.looks } : {}
    if (hasEnded) room.log.info({ memberId, simulation: simulation.id, status: end.status, ...leads, durationMs: Math.round(performance.now() - startedAt) }, 'simulation.ended')
  })
}

/** How it has ended; null when it was interrupted or cancelled. */
const goThrough = async (room: Room, memberId: string, simulation: Run['simulation'], isOver: () => boolean): Promise<SimulationEnd | null> => {
  const { db } = room.database
  if (await portalForWork(db, memberId) !== 'active') return { status: 'failed', problem: 'portal-suspended' }
  const facts = await freshFacts(room, memberId)
  const total = simulation.total !== null && simulation.phase === 'reading' ? simulation.total : await patiently({ room, memberId, isOver }, () => room.portals.countPast(memberId, simulation))
  if (total === null) return null
  if (simulation.phase !== 'reading' && !await noteProgress(db, memberId, simulation.id, { phase: 'reading', done: 0, total })) return null
  if (total > mostLeads) return { status: 'failed', problem: 'too-many-leads' }
  const until = await noteUntil(db, memberId, simulation.id, endOf(simulation, room.clock.now()))
  if (until === null) return null
  const run: Run = { room, memberId, simulation, until: Temporal.Instant.from(until), isOver }
  const past = await readPastOf(run, total)
  if (past === null || isOver()) return null
  const result = await compute(run, past, facts)
  return result === null ? null : { status: 'done', result }
}

/** What lies ahead cannot be simulated. */
const endOf = ({ to: asked }: Run['simulation'], now: Temporal.Instant): Temporal.Instant => {
  const to = Temporal.Instant.from(asked)
  return Temporal.Instant.compare(to, now) < 0 ? to : now
}

const compute = async (run: Run, { stories, before, gaps }: ReadPast, facts: PortalFacts): Promise<SimulationResult | null> => {
  const { room, memberId, until, simulation: { id, regulation, version, from } } = run
  const simulation = startSimulation({ regulation, version: version ?? 0, context: contextOf(regulation, facts), until, gaps, before, from: Temporal.Instant.from(from) }, stories, room.rules)
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

const endOfTrouble = async (room: Room, memberId: string, simulation: number, cause: unknown): Promise<SimulationEnd | null> => {
  if (cause instanceof LockLost) return null
  if (cause instanceof TooManyLeads) return { status: 'failed', problem: 'too-many-leads' }
  const code = cause instanceof PortalError ? cause.code : 'unexpected'
  if (endsWork(code)) await suspend(room, memberId, code)
  room.log[code === 'unexpected' ? 'error' : 'warn']({ memberId, simulation, code, error: cause }, 'simulation.failed')
  return { status: 'failed', problem: code }
}
