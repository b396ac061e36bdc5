/** Durable work: what asks for it, who does it, and the loops that see to it that none is forgotten. */
import { Temporal } from 'temporal-polyfill'
import { decide } from '../domain/decide.ts'
import { evolve, evolveContext } from '../domain/evolve.ts'
import type { LeadId } from '../domain/lead.ts'
import type { Database } from '../store/database.ts'
import { PortalError } from '../portal/error.ts'
import { askFor, askForTakeover, awakeOf, noteBegun, portalsDueFor, portalsToLookAt, portalsWithWork, refreshAgain, type Keeping } from '../store/portal-work.ts'
import { portalsToTell } from '../store/notices.ts'
import { portalsPreviewing } from '../store/previews.ts'
import { portalsSimulating } from '../store/simulations.ts'
import { openQueues, queueNames, type JobFacts, type QueueName, type Queues } from './boss.ts'
import { lookAtHeld } from './held.ts'
import { createIntake } from './intake.ts'
import { startLoop, type Loop } from './loop.ts'
import { endsWork, suspend } from './portal-trouble.ts'
import { lookAsked, refreshPortal } from './refresh-portal.ts'
import { createRegulationDesk, previewLock, runPreview, type RegulationDesk } from './regulation-desk.ts'
import { forgetOld, retirePortal } from './retire-portal.ts'
import { portalLock, reviewNow, servePortal } from './serve-portal.ts'
import { openConversions, type ConversionDesk } from './conversion-desk.ts'
import { createSimulationDesk, runSimulation, simulationLock, type SimulationDesk } from './simulate.ts'
import { sweepPortal } from './sweep-portal.ts'
import { tellAdministrators, tellLock } from './tell-administrators.ts'
import { wakePortals } from './wake-portal.ts'
import { timing as usual, type Clock, type Log, type PortalAccess, type Room, type Rules, type Subject, type Timing } from './ports.ts'
import { createWaker } from './waker.ts'

export interface JobsOptions {
  readonly database: Database
  readonly portals: PortalAccess
  readonly clock: Clock
  readonly log: Log
  /** `web` only asks for work, `worker` and `all` do it. */
  readonly role: 'all' | 'web' | 'worker'
  readonly rules?: Rules
  readonly timing?: Partial<Timing>
  /** Portals worked for at once. */
  readonly places?: number
  /** Hears, at each look, how long the longest waiting request has waited, in seconds, whichever process took it. */
  readonly lagged?: (seconds: number) => void
}

export interface Jobs {
  /** Resolves once it is on disk that these will be looked at. */
  requestReview(memberId: string, subjects: readonly Subject[], options?: { readonly urgent?: boolean }): Promise<void>
  /** Looks at one lead now and carries out what follows; when the portal is busy for long, the queue does it. Throws `PortalError`. */
  reviewNow(memberId: string, leadId: LeadId): Promise<void>
  /** Sets the portal up in the background and looks at all of its open leads. */
  installPortal(memberId: string): Promise<void>
  refreshPortal(memberId: string): Promise<void>
  sweepPortal(memberId: string): Promise<void>
  /** The leads that were open before the installation come under the regulation; harmless to repeat. */
  takeOver(memberId: string): Promise<void>
  /** `clean`: everything of the portal is deleted when it resolves. */
  retirePortal(memberId: string, options: { readonly clean: boolean }): Promise<void>
  readonly regulations: RegulationDesk
  readonly simulations: SimulationDesk
  readonly conversions: ConversionDesk
  /** Ends running work (bounded), writes what was accepted. */
  stop(): Promise<void>
}

/** Opens the queues and, unless `role` is `web`, begins to work. */
export const startJobs = async (options: JobsOptions): Promise<Jobs> => {
  const { database, log, clock } = options
  const timing = { ...usual, ...options.timing }
  const isWorker = options.role !== 'web'
  const queues = await openQueues(database, log, { isWorker })
  const waker = createWaker(async (memberIds) => {
    // A paused portal is found by the dispatcher when its pause is over.
    const awake = await awakeOf(database.db, memberIds, Temporal.Now.instant())
    if (awake.length > 0) await queues.send('serve-portal', awake.map(memberId => ({ key: memberId, facts: { memberId } })))
  }, timing.gatherMs, log)
  const room: Room = { database, portals: options.portals, clock, log, timing, rules: options.rules ?? { decide, evolve, evolveContext }, wake: waker.wake, ...(options.lagged === undefined ? {} : { lagged: options.lagged }) }
  const intake = createIntake(database, memberIds => memberIds.forEach(waker.wake))
  const keep = async (memberId: string, what: Keeping): Promise<void> => {
    // On disk first: a job takes no second one while it runs.
    await askFor(database.db, what, [memberId])
    await queues.send('keep-portal', [keepingJob(memberId, what)])
  }
  const conversions = openConversions(room)
  const loops = isWorker ? [...await startWork(room, queues, waker, options.places ?? (database.kind === 'pglite' ? 4 : 12)), startLoop('convert', timing.dispatchMs, log, () => conversions.takeUp())] : []

  return {
    requestReview: (memberId, subjects, { urgent = false } = {}) => intake.add(subjects.map(({ kind, id }) => ({ memberId, kind, id, urgent, asked: true }))),
    reviewNow: (memberId, leadId) => reviewNow(room, memberId, leadId),
    installPortal: memberId => keep(memberId, 'refresh'),
    refreshPortal: memberId => keep(memberId, 'refresh'),
    sweepPortal: memberId => keep(memberId, 'sweep'),
    takeOver: async (memberId) => {
      await askForTakeover(database.db, memberId, clock.now())
      await keep(memberId, 'sweep')
    },
    retirePortal: (memberId, how) => retirePortal(room, memberId, how),
    regulations: createRegulationDesk(room, memberId => queues.send('preview', [ownJob(memberId)])),
    simulations: createSimulationDesk(room, memberId => queues.send('simulate', [ownJob(memberId)])),
    conversions,
    stop: async () => {
      await Promise.all(loops.map(loop => loop.stop()))
      await conversions.stop()
      await intake.flush()
      await waker.stop()
      await queues.stop(timing.stopMs)
    },
  }
}

/** More wait for the next round. */
const portalsPerDispatch = 2_000

const keepingJob = (memberId: string, what: Keeping): { readonly key: string; readonly facts: JobFacts } => ({ key: `${what} ${memberId}`, facts: { memberId, what } })

/** Of a queue that has one kind of jobs. */
const ownJob = (memberId: string): { readonly key: string; readonly facts: JobFacts } => ({ key: memberId, facts: { memberId } })

const tellJob = (memberId: string): { readonly key: string; readonly facts: JobFacts } => ({ key: `tell ${memberId}`, facts: { memberId, what: 'tell' } })

const startWork = async (room: Room, queues: Queues, waker: ReturnType<typeof createWaker>, places: number): Promise<readonly Loop[]> => {
  await dropDeadJobs(room, queues, { atStart: true })
  await queues.work('serve-portal', places, async ({ memberId }, _jobId, signal) => {
    await waker.during(memberId, () => servePortal(room, memberId, signal))
  })
  await queues.work('keep-portal', 4, facts => keepPortal(room, facts))
  // Places of their own: four long previews must not keep sweeps and refreshes waiting.
  await queues.work('preview', 2, ({ memberId }, _jobId, signal) => previewPortal(room, memberId, signal))
  await queues.work('simulate', 2, ({ memberId }, _jobId, signal) => runSimulation(room, memberId, signal))
  const { timing, log } = room
  const keepDue = async (what: Keeping, everyMs: number): Promise<void> => {
    const due = await portalsDueFor(room.database.db, what, Temporal.Now.instant(), everyMs, 100)
    if (due.length > 0) await queues.send('keep-portal', due.map(memberId => keepingJob(memberId, what)))
  }
  return [
    startLoop('dispatch', timing.dispatchMs, log, async () => (await portalsWithWork(room.database.db, Temporal.Now.instant(), portalsPerDispatch)).forEach(waker.wake)),
    startLoop('wake', timing.wakeMs, log, () => wakePortals(room)),
    startLoop('recover', timing.recoverMs, log, () => dropDeadJobs(room, queues, { atStart: false })),
    startLoop('sweep', Math.min(timing.sweepMs, 5_000), log, () => keepDue('sweep', spanOf(room, timing.sweepMs, 15_000))),
    startLoop('refresh', Math.min(timing.refreshMs, 5_000), log, () => keepDue('refresh', refreshEvery(room))),
    startLoop('simulate', timing.recoverMs, log, async () => {
      const waiting = await portalsSimulating(room.database.db, 100)
      if (waiting.length > 0) await queues.send('simulate', waiting.map(ownJob))
    }),
    // One that its process has left behind is begun anew.
    startLoop('preview', timing.recoverMs, log, async () => {
      const waiting = await portalsPreviewing(room.database.db, 100)
      if (waiting.length > 0) await queues.send('preview', waiting.map(ownJob))
    }),
    // A version was published, and its process ended before it had every lead looked at.
    startLoop('look', timing.recoverMs, log, async () => {
      for (const memberId of await portalsToLookAt(room.database.db, 100)) await lookAsked(room, memberId)
    }),
    startLoop('tell', Math.min(timing.sweepMs, 5_000), log, async () => {
      const waiting = await portalsToTell(room.database.db, Temporal.Now.instant(), 100)
      if (waiting.length > 0) await queues.send('keep-portal', waiting.map(tellJob))
    }),
    startLoop('forget', 3_600_000, log, async () => {
      await lookAtHeld(room)
      await forgetOld(room)
    }),
  ]
}

/** A faster clock sweeps and refreshes more often, within reason. */
const spanOf = (room: Room, span: number, least: number): number => Math.max(Math.min(least, span), span / Math.max(1, room.clock.speed()))

const refreshEvery = (room: Room): number => spanOf(room, room.timing.refreshMs, 600_000)

/** Each kind of its own: a refresh that is asked for during a sweep does not wait for its end. */
const keepLock = ({ memberId, what }: JobFacts): string => (what === 'tell' ? tellLock(memberId) : `keep:${what ?? ''}:${memberId}`)

/** What a running job holds. */
const lockOf = (queue: QueueName, facts: JobFacts): string => {
  switch (queue) {
    case 'serve-portal': return portalLock(facts.memberId)
    case 'simulate': return simulationLock(facts.memberId)
    case 'preview': return previewLock(facts.memberId)
    case 'keep-portal': return keepLock(facts)
  }
}

const keepingOf = ({ what }: JobFacts): Keeping => what === 'sweep' ? 'sweep' : 'refresh'

const previewPortal = async (room: Room, memberId: string, signal: AbortSignal): Promise<void> => {
  await room.database.locks.tryLock(previewLock(memberId), held => runPreview(room, memberId, { isOver: () => signal.aborted || held.aborted }))
    .catch((error: unknown) => room.log.warn({ memberId, hop: 'preview', error }, 'portal.preview-failed'))
}

const tellPortal = async (room: Room, memberId: string): Promise<void> => {
  try {
    await tellAdministrators(room, memberId)
  }
  catch (cause) {
    if (cause instanceof PortalError && endsWork(cause.code)) await suspend(room, memberId, cause.code)
    else room.log.warn({ memberId, hop: 'tell', error: cause }, 'portal.keeping-failed')
  }
}

const keepPortal = async (room: Room, facts: JobFacts): Promise<void> => {
  const { memberId } = facts
  if (facts.what === 'tell') return tellPortal(room, memberId)
  const what = keepingOf(facts)
  try {
    // One at a time over all processes; not under the portal's lock, so that leads do not wait for it.
    await room.database.locks.tryLock(keepLock(facts), async () => {
      await noteBegun(room.database.db, what, memberId, Temporal.Now.instant())
      await (what === 'sweep' ? sweepPortal(room, memberId) : refreshPortal(room, memberId))
    })
  }
  catch (cause) {
    if (cause instanceof PortalError && endsWork(cause.code)) {
      await suspend(room, memberId, cause.code)
      return
    }
    // A failed sweep is made up for by the next one, and must not stop the leads.
    room.log.warn({ memberId, hop: what, error: cause }, 'portal.keeping-failed')
    if (what === 'refresh') await refreshAgain(room.database.db, memberId, Temporal.Now.instant(), refreshEvery(room), room.timing.refreshAgainMs)
  }
}

/**
 * A running job whose lock nobody holds has lost its process: the job goes, and the rows it was for are found by the dispatcher.
 * A job young enough may only not have come to its lock yet. The embedded database has one process: at its start no job runs.
 */
const dropDeadJobs = async (room: Room, queues: Queues, { atStart }: { readonly atStart: boolean }): Promise<void> => {
  const isAlone = room.database.kind === 'pglite'
  if (isAlone && !atStart) return
  for (const queue of queueNames) {
    const dead: string[] = []
    const interrupted = { sweep: [] as string[], refresh: [] as string[] }
    for (const { id, facts, ageMs } of await queues.running(queue)) {
      const lock = lockOf(queue, facts)
      if (isAlone || (ageMs > room.timing.recoverMs && await room.database.locks.isFree(lock))) {
        dead.push(id)
        if (queue === 'keep-portal' && facts.what !== 'tell') interrupted[keepingOf(facts)].push(facts.memberId)
      }
    }
    await queues.drop(queue, dead)
    for (const what of ['sweep', 'refresh'] as const) await askFor(room.database.db, what, interrupted[what])
    if (dead.length > 0) room.log.warn({ queue, jobs: dead.length }, 'jobs.recovered')
  }
}
