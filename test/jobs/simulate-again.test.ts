/** A simulation that is interrupted goes on where it was (issue 3, part 8). */
import { gunzipSync, gzipSync } from 'node:zlib'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { userId } from '../../server/domain/lead.ts'
import { forgetOld, retirePortal } from '../../server/jobs/retire-portal.ts'
import { runSimulation } from '../../server/jobs/simulate.ts'
import { noGaps } from '../../server/domain/simulate/estimates.ts'
import { addSimulation, endSimulation, keepPage, pagesOf, simulationOf } from '../../server/store/simulations.ts'
import { at, call, regulation, stages } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { firma, makeRoom, makeStarts, quick, type TestRoom } from './support.ts'

const period = { from: at('09:00').toString(), to: at('18:00').toString(), authorId: 1 }
const leastLoaded = { ...regulation, distribution: { ...regulation.distribution, keepPoolMember: false, pools: regulation.distribution.pools.map(pool => ({ ...pool, order: 'least-loaded' as const })) } }

/** Six that came in the time, and four from before, of which two were over by then or since. */
const tenLeads = (room: TestRoom): void => {
  const yesterday = at('12:00', '2026-07-23')
  const old = { createdAt: yesterday, updatedAt: yesterday, movedAt: yesterday, responsibleId: userId(1) }
  room.toy.create(101, old)
  room.toy.create(102, old)
  room.toy.create(103, { ...old, stageId: stages['not-qualified'], semantic: 'failure' })
  room.toy.create(104, { ...old, responsibleId: userId(2), stageId: stages['not-qualified'], semantic: 'failure', movedAt: at('12:00') })
  for (let id = 1; id <= 6; id += 1) room.toy.create(id, { createdAt: at(`1${id - 1}:00`), responsibleId: userId(2), clientName: 'Мария Камнева', stageId: stages.qualified, movedAt: at(`1${id - 1}:45`), updatedAt: at(`1${id - 1}:45`), activities: id % 2 === 0 ? [call(at(`1${id - 1}:10`))] : [] })
  room.clock.set(at('09:00', '2026-07-27'))
}

const begin = async (room: TestRoom): Promise<number> =>
  await addSimulation(room.database.db, firma, { ...period, version: 1, regulation: leastLoaded }, Temporal.Now.instant()) ?? 0

/** Runs until it ends, or until so many pages were read: then the process is no more. */
const run = async (room: TestRoom, pages = Infinity): Promise<void> => {
  const dying = new AbortController()
  let answers = 0
  room.toy.beforeAnswer = async () => {
    answers += 1
    if (answers > pages) dying.abort()
  }
  await runSimulation({ ...room, portals: room.toy, timing: { ...quick, giveWayMs: 0 } }, firma, dying.signal)
}

const reads = ({ toy: { calls } }: TestRoom): number => calls.readPast + calls.readBefore
const contentOf = async (room: TestRoom, id: number): Promise<string> =>
  (await pagesOf(room.database.db, firma, id)).map(({ content }) => gunzipSync(Buffer.from(content, 'base64')).toString()).join('\n')

eachDatabase((_name, _open, kind) => {
  const { open } = makeStarts(kind)
  const furnished = async (): Promise<TestRoom> => {
    const room = await makeRoom(await open())
    tenLeads(room)
    return room
  }

  it('goes on reading where it was interrupted, however often, and finds the same', async () => {
    const undisturbed = await furnished()
    const whole = await begin(undisturbed)
    await run(undisturbed)
    const room = await furnished()
    const id = await begin(room)
    for (let times = 0; times < 3; times += 1) {
      await run(room, 1)
      expect((await simulationOf(room.database.db, firma, id))?.status).toBe('running')
    }
    expect((await pagesOf(room.database.db, firma, id)).length).toBeGreaterThanOrEqual(3)
    await run(room)
    const found = await simulationOf(room.database.db, firma, id)
    expect(found).toMatchObject({ status: 'done', result: { leads: { read: 6 } } })
    expect(found?.result).toEqual((await simulationOf(undisturbed.database.db, firma, whole))?.result)
    expect(reads(room)).toBe(reads(undisturbed))
  })

  it('computes again without a request when everything was read', async () => {
    const room = await furnished()
    const id = await begin(room)
    const dying = new AbortController()
    const { readPast } = room.toy
    room.toy.readPast = async (...asked) => {
      const page = await readPast(...asked)
      if (page.after === null) dying.abort()
      return page
    }
    await runSimulation({ ...room, portals: room.toy, timing: { ...quick, giveWayMs: 0 } }, firma, dying.signal)
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('running')
    const count = reads(room)
    await run(room)
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('done')
    expect(reads(room)).toBe(count)
  })

  it('looks at nothing that came after it has begun, however much later it goes on', async () => {
    const room = await furnished()
    room.clock.set(at('14:30'))
    const id = await addSimulation(room.database.db, firma, { ...period, to: at('18:00', '2026-07-31').toString(), version: 1, regulation: leastLoaded }, Temporal.Now.instant()) ?? 0
    await run(room, 1)
    room.clock.set(at('17:00', '2026-07-29'))
    await run(room)
    expect((await simulationOf(room.database.db, firma, id))?.result?.until).toBe(at('14:30').toString())
  })

  it('counts the leads that were open when the time began as a load', async () => {
    const room = await furnished()
    const id = await begin(room)
    await run(room)
    const result = (await simulationOf(room.database.db, firma, id))?.result
    expect(result?.leads.read).toBe(6)
    // Anna has two old leads all the time, Boris one until noon.
    expect(result?.distribution.chosen).toEqual({ 2: 3, 3: 3 })
    expect(result?.estimates).toContain('loads-before')
  })

  it('reads nothing of the time before where no rule counts open leads', async () => {
    const room = await furnished()
    const blind = { ...regulation, waiting: { ...regulation.waiting, shareLimit: null } }
    await addSimulation(room.database.db, firma, { ...period, version: 1, regulation: blind }, Temporal.Now.instant())
    await run(room)
    expect(room.toy.calls.readBefore).toBe(0)
    expect(room.toy.calls.readPast).toBe(4)
  })

  it('keeps no names and numbers, and nothing at all once it is over', async () => {
    const room = await furnished()
    const id = await begin(room)
    await run(room, 5)
    expect(await contentOf(room, id)).toContain('createdAt')
    expect(await contentOf(room, id)).not.toMatch(/Камнева|Столешница|\+7900/)
    await run(room)
    expect(await pagesOf(room.database.db, firma, id)).toEqual([])
    const cancelled = await begin(room)
    await run(room, 5)
    expect((await pagesOf(room.database.db, firma, cancelled)).length).toBeGreaterThan(0)
    await endSimulation(room.database.db, firma, cancelled, { status: 'cancelled' }, Temporal.Now.instant())
    expect(await pagesOf(room.database.db, firma, cancelled)).toEqual([])
    expect(await keepPage(room.database.db, firma, cancelled, 9, { next: null, gaps: noGaps, content: '' })).toBe(false)
  })

  it('is stopped by an uninstall, with everything that was read', async () => {
    const room = await furnished()
    const id = await begin(room)
    await run(room, 5)
    expect((await pagesOf(room.database.db, firma, id)).length).toBeGreaterThan(0)
    const count = reads(room)
    await retirePortal(room, firma, { clean: false })
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('cancelled')
    expect(await pagesOf(room.database.db, firma, id)).toEqual([])
    await run(room)
    expect(reads(room)).toBe(count)
  })

  it('is stopped by an uninstall in the middle of reading', async () => {
    const room = await furnished()
    const id = await begin(room)
    room.toy.beforeAnswer = () => retirePortal(room, firma, { clean: false })
    await runSimulation({ ...room, portals: room.toy, timing: { ...quick, giveWayMs: 0 } }, firma, new AbortController().signal)
    expect(reads(room)).toBe(1)
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('cancelled')
    expect(await pagesOf(room.database.db, firma, id)).toEqual([])
  })

  it('reads anew what another version of the program has packed in another way', async () => {
    const room = await furnished()
    const id = await begin(room)
    await run(room, 4)
    await room.database.db.updateTable('simulation_pages').set({ content: gzipSync('{"format":0}').toString('base64') }).where('page', '=', 1).execute()
    const count = reads(room)
    await run(room)
    expect(await simulationOf(room.database.db, firma, id)).toMatchObject({ status: 'done', result: { leads: { read: 6 } } })
    expect(reads(room) - count).toBe(7)
  })

  it('is forgotten after thirty days when its portal never came back', async () => {
    const room = await furnished()
    const id = await begin(room)
    await run(room, 3)
    await forgetOld(room)
    expect((await pagesOf(room.database.db, firma, id)).length).toBeGreaterThan(0)
    await room.database.db.updateTable('simulations').set({ asked_at: Temporal.Now.instant().subtract({ hours: 24 * 31 }).toString() }).where('id', '=', id).execute()
    await forgetOld(room)
    expect(await simulationOf(room.database.db, firma, id)).toBeNull()
    expect(await pagesOf(room.database.db, firma, id)).toEqual([])
  })
})
