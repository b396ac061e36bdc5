/** The past of a simulation, read part by part behind the portal's live work. Each part is kept until the simulation is over, so that reading goes on where it was interrupted. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Temporal } from 'temporal-polyfill'
import type { Regulation } from '../domain/regulation.ts'
import { countsLoads, loadOfBefore, type OpenBefore } from '../domain/simulate/before.ts'
import { addGaps, noGaps, type ReadingGaps } from '../domain/simulate/estimates.ts'
import { packPast, reducedPast, unpackPast, type PastPart } from '../domain/simulate/past.ts'
import { storyOf, type PastLead, type Untold } from '../domain/simulate/story.ts'
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { dropPages, hasLiveWork, keepPage, noteProgress, pagesOf, type StoredSimulation } from '../store/simulations.ts'
import { neededFields } from './needs.ts'
import { pauseAfter } from './portal-trouble.ts'
import type { Room } from './ports.ts'

/** More leads than this are not simulated at once. */
export const mostLeads = 10_000
/** Of those that were open before, so many of each kind. */
const mostBefore = 2_500
/** Characters kept of one simulation; what is read beyond that is read again after an interruption. */
const mostKept = 32 * 2 ** 20
/** Failures of the portal in a row before a simulation is given up. */
const mostFailures = 6

export interface Run {
  readonly room: Room
  readonly memberId: string
  readonly simulation: StoredSimulation & { readonly regulation: Regulation }
  /** Nothing after it is looked at. */
  readonly until: Temporal.Instant
  /** The process stops, or somebody else has the lock. */
  readonly isOver: () => boolean
}

export interface ReadPast {
  readonly stories: readonly Untold[]
  readonly before: readonly OpenBefore[]
  readonly gaps: ReadingGaps
}

export class TooManyLeads extends Error {
  override readonly name = 'TooManyLeads'
}

/** Where reading goes on; `after`: the last id read, null at first; `seen`: leads of this part so far. */
interface Place {
  readonly part: 'open' | 'over' | 'past'
  readonly after: number | null
  readonly seen: number
}

/** Everything that is known of the past; null when interrupted or cancelled. Throws `TooManyLeads`, `PortalError`. */
export const readPastOf = async (run: Run, total: number): Promise<ReadPast | null> => {
  const { room: { database: { db } }, memberId, simulation: { id, regulation } } = run
  const book = await openBook(run)
  for (let place = book.place(); place !== null; place = book.place()) {
    const here = place
    await giveWay(run)
    const read = await patiently(run, () => readPart(run, here))
    if (read === null) return null
    const content = gzipSync(packPast(read.part))
    const number = book.pages()
    const isKept = book.add(read, content)
    // Leads may come into the time while it is read.
    if (book.stories.length > mostLeads + 50) throw new TooManyLeads()
    if (isKept && !await keepPage(db, memberId, id, number, { next: read.next, gaps: read.gaps, content: content.toString('base64') })) return null
    if (!await noteProgress(db, memberId, id, { phase: 'reading', done: book.stories.length, total: Math.max(total, book.stories.length) })) return null
  }
  return { stories: book.stories.map(tell => tell(regulation, run.until)), before: book.before, gaps: book.gaps() }
}

interface PartRead { readonly part: PastPart; readonly gaps: ReadingGaps; readonly next: Place | null }

const readPart = async ({ room: { portals }, memberId, simulation: { from, to, regulation } }: Run, { part, after, seen }: Place): Promise<PartRead> => {
  if (part === 'past') {
    const page = await portals.readPast(memberId, { from, to, fields: neededFields(regulation), after: after ?? 0 })
    return { part: { leads: page.leads.map(one => reducedPast(one, regulation)), before: [] }, gaps: page.gaps, next: page.after === null ? null : { part, after: page.after, seen: seen + page.leads.length } }
  }
  const page = await portals.readBefore(memberId, { from, which: part, below: after })
  const read = seen + page.leads.length
  const isCut = page.below !== null && read >= mostBefore
  return {
    part: { leads: [], before: page.leads.flatMap(lead => loadOfBefore(lead, regulation, Temporal.Instant.from(from)) ?? []) },
    gaps: { ...page.gaps, beforeCut: isCut },
    next: page.below === null || isCut ? { part: part === 'open' ? 'over' : 'past', after: null, seen: 0 } : { part, after: page.below, seen: read },
  }
}

const firstPlace = (regulation: Regulation): Place => ({ part: countsLoads(regulation) ? 'open' : 'past', after: null, seen: 0 })

/** What was read before an interruption, to be gone on with. */
const openBook = async ({ room: { database: { db } }, memberId, simulation: { id, regulation } }: Run): Promise<Book> => {
  const book = emptyBook(regulation)
  for (const { next, gaps, content } of await pagesOf(db, memberId, id)) {
    const bytes = Buffer.from(content, 'base64')
    const part = unpackPast(gunzipSync(bytes).toString())
    if (part === null) {
      await dropPages(db, memberId, id)
      return emptyBook(regulation)
    }
    book.add({ part, gaps, next: next as Place | null }, bytes)
    // Hundreds of pages at once would hold up everything else.
    await nextTurn()
  }
  return book
}

type Book = ReturnType<typeof emptyBook>

/** Stories stay packed until they are told. */
const emptyBook = (regulation: Regulation) => {
  const stories: Telling[] = []
  const before: OpenBefore[] = []
  let gaps = noGaps
  let place: Place | null = firstPlace(regulation)
  let pages = 0
  let kept = 0
  return {
    stories,
    before,
    gaps: () => gaps,
    place: () => place,
    pages: () => pages,
    /** Answers whether there is room to keep it; once there is none, nothing that follows is kept either. */
    add: ({ part, gaps: found, next }: PartRead, content: Buffer): boolean => {
      before.push(...part.before)
      stories.push(...untoldOf(part.leads, content))
      gaps = addGaps(gaps, found)
      place = next
      pages += 1
      kept += Math.ceil(content.length / 3) * 4
      return kept <= mostKept
    },
  }
}

type Telling = (regulation: Regulation, until: Temporal.Instant) => Untold

/** The stories of a packed page. It is unpacked when the first of its leads comes in, and forgotten when the last one has. */
export const untoldOf = (leads: readonly PastLead[], content: Buffer): readonly Telling[] => {
  let unpacked: readonly PastLead[] | null = null
  let left = leads.length
  const leadAt = (index: number): PastLead => {
    unpacked ??= unpackPast(gunzipSync(content).toString())?.leads ?? []
    const lead = unpacked[index]
    if (lead === undefined) throw new Error('a page of the past has lost a lead')
    left -= 1
    if (left <= 0) unpacked = null
    return lead
  }
  return leads.map(({ lead: { createdAt } }, index) => {
    const beginsMs = createdAt.epochMilliseconds
    return (regulation, until) => ({ beginsMs, tell: () => storyOf(leadAt(index), regulation, until) })
  })
}

/** Live leads first: the next page is read when nothing waits, or after a bounded time. */
export const giveWay = async ({ room, memberId, isOver }: Pick<Run, 'room' | 'memberId' | 'isOver'>): Promise<void> => {
  const until = performance.now() + room.timing.giveWayMs
  while (!isOver() && performance.now() < until && await hasLiveWork(room.database.db, memberId, Temporal.Now.instant())) await sleep(250)
}

/** Asks again after failures that pass; null when interrupted. */
export const patiently = async <T>({ room, memberId, isOver }: Pick<Run, 'room' | 'memberId' | 'isOver'>, ask: () => Promise<T>): Promise<T | null> => {
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
