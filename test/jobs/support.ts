/** A room of durable work on a toy portal, and words for what is found in the store afterwards. */
import type { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach } from 'vitest'
import type { Command, PortalCommand } from '../../server/domain/command.ts'
import type { LeadId } from '../../server/domain/lead.ts'
import { referencesOf } from '../../server/domain/regulation/references.ts'
import { timing, type Log, type Room, type Timing } from '../../server/jobs/ports.ts'
import { startJobs, type Jobs, type JobsOptions } from '../../server/jobs/queue.ts'
import { createPortals, tenantTables } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { createSealer } from '../../server/store/seal.ts'
import { addToInbox, countInbox } from '../../server/store/inbox.ts'
import { countOutbox } from '../../server/store/outbox.ts'
import type { Database, Queries } from '../../server/store/database.ts'
import { at, realRules, regulation } from '../domain/support.ts'
import { openTestDatabase } from '../support/database.ts'
import { makeToyPortal, type ToyPortal } from './toy-portal.ts'

export const firma = 'firma'
/** Keys that protect nothing: they seal the invented tokens of tests. */
export const sealer = createSealer([new Uint8Array(32).fill(7)])

export interface Told { readonly facts: Record<string, unknown>; readonly message: string }

export interface TestRoom extends Room {
  readonly toy: ToyPortal
  readonly woken: string[]
  readonly told: Told[]
  readonly clock: { now(): Temporal.Instant; speed(): number; set(now: Temporal.Instant): void }
}

export const makeClock = (start = at('10:00')): TestRoom['clock'] => {
  let current = start
  return { now: () => current, speed: () => 1, set: now => void (current = now) }
}

export const makeLog = (told: Told[]): Log => {
  const tell = (facts: object, message: string): void => void told.push({ facts: { ...facts }, message })
  return { info: tell, warn: tell, error: tell }
}

/** Pauses as short as a test wants them. */
export const quick: Timing = { ...timing, pauseMs: 0, longestPauseMs: 0, unsureMs: 0, gatherMs: 10, dispatchMs: 100, wakeMs: 50, recoverMs: 200, stopMs: 5_000 }

/** An installed portal with its regulation in force, and a room that works for it. */
export const makeRoom = async (database: Database, change: Partial<Room> = {}): Promise<TestRoom> => {
  await admit(database, firma)
  return roomOn(database, change)
}

/** A room that works for a portal nobody has admitted yet. */
export const roomOn = (database: Database, change: Partial<Room> = {}): TestRoom => {
  const clock = makeClock()
  const told: Told[] = []
  const woken: string[] = []
  const toy = makeToyPortal(clock)
  toy.readNames = async () => namesOfRegulation
  return { database, portals: toy, toy, clock, told, woken, log: makeLog(told), rules: realRules, timing: quick, wake: memberId => void woken.push(memberId), ...change, ...('clock' in change ? {} : { clock }) } as TestRoom
}

/** Before each test: a database without any portal, the same one for all of them. */
export const useDatabase = (open: () => Promise<Database>, begin: (database: Database) => Promise<unknown>): void => {
  let database: Database | undefined
  beforeEach(async () => {
    database ??= await open()
    await database.transaction(async (tx) => {
      for (const table of tenantTables) await tx.deleteFrom(table).execute()
    })
    await begin(database)
  })
}

/** Before each test: an installed portal on a database without any other, and a room that works for it. */
export const useRoom = (open: () => Promise<Database>, begin: (room: TestRoom) => unknown): void =>
  useDatabase(open, async database => begin(await makeRoom(database)))

/** Of work that nobody stops. */
export const untouched = new AbortController().signal

/** Tasks that were set for a lead, each time it was done. */
export const tasksOf = (room: TestRoom, id: number): PortalCommand[] => room.toy.effects.filter(({ kind, leadId: of }) => kind === 'set-follow-up' && of === id)

/** Everything that the regulation names, under its own id. */
const namesOfRegulation = {
  stages: Object.fromEntries(referencesOf(regulation).flatMap(({ kind, id }) => (kind === 'stage' ? [[String(id), String(id)]] : []))),
  fields: Object.fromEntries(referencesOf(regulation).flatMap(({ kind, id }) => (kind === 'field' ? [[String(id), { title: String(id) }]] : []))),
  sources: {},
}

export const admit = async (database: Database, memberId: string): Promise<void> => {
  const portals = createPortals(database, sealer)
  await portals.admitPortal({ memberId, domain: `${memberId}.example.com`, clientEndpoint: `https://${memberId}.example.com/rest/`, serverEndpoint: 'https://oauth.example.com/rest/' }, at('09:00'))
  await database.transaction(tx => publishRegulation(tx, memberId, regulation, at('09:00')))
}

export const ask = (database: Database, ids: readonly number[], urgent = false): Promise<void> =>
  database.transaction(tx => addToInbox(tx, ids.map(id => ({ memberId: firma, kind: 'lead' as const, id, urgent }))))

export const journalKinds = async (db: Queries, leadId: number): Promise<readonly Command['kind'][]> =>
  (await db.selectFrom('journal').select('kind').where('member_id', '=', firma).where('lead_id', '=', leadId as LeadId).orderBy('id').execute()).map(row => row.kind)

export const outboxRows = (db: Queries) => db.selectFrom('outbox').select(['mark', 'state', 'attempts', 'error_code', 'result']).where('member_id', '=', firma).orderBy('id').execute()

export const waiting = async (db: Queries): Promise<{ inbox: number; outbox: number }> => ({ inbox: await countInbox(db, firma), outbox: await countOutbox(db, firma) })

/** Waits until it holds; fails with what was found last. */
export const until = async (what: string, holds: () => Promise<boolean> | boolean, withinMs = 15_000): Promise<void> => {
  const end = Date.now() + withinMs
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export interface Starts {
  /** Running jobs that are stopped after the test; a test that stops them itself empties it. */
  readonly started: Jobs[]
  open(): Promise<Database>
  start(room: TestRoom, change?: Partial<JobsOptions>): Promise<Jobs>
}

/** Databases and jobs of tests in which processes begin and end: all of them are ended after each test. */
export const makeStarts = (kind: Database['kind']): Starts => {
  const started: Jobs[] = []
  const opened: Database[] = []
  afterEach(async () => {
    for (const jobs of started.splice(0)) await jobs.stop()
    for (const database of opened.splice(0)) await database.close()
  })
  return {
    started,
    open: async () => {
      const { database } = await openTestDatabase(kind)
      opened.push(database)
      return database
    },
    start: async (room, change = {}) => {
      const jobs = await startJobs({ database: room.database, portals: room.toy, clock: room.clock, log: room.log, role: 'all', timing: quick, ...change })
      started.push(jobs)
      return jobs
    },
  }
}

export const isIdle = (database: Database) => async (): Promise<boolean> => {
  const { inbox, outbox } = await waiting(database.db)
  return inbox + outbox === 0
}
