/** Simulations in the background (issue 3, part 8). */
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { openQueues } from '../../server/jobs/boss.ts'
import { forgetOld } from '../../server/jobs/retire-portal.ts'
import type { Jobs } from '../../server/jobs/queue.ts'
import { PortalError } from '../../server/portal/error.ts'
import { addSimulation, simulationOf, simulationsOf } from '../../server/store/simulations.ts'
import { saveDraft } from '../../server/store/drafts.ts'
import { purgePortal } from '../../server/store/portals.ts'
import { userId } from '../../server/domain/lead.ts'
import { at, call, regulation, stages } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, makeRoom, makeStarts, quick, until, type TestRoom } from './support.ts'

const period = { from: at('09:00').toString(), to: at('18:00').toString(), authorId: 1 }
const later = at('09:00', '2026-07-27')

const sixLeads = (room: TestRoom): void => {
  for (let id = 1; id <= 6; id += 1) room.toy.create(id, { createdAt: at(`1${id - 1}:00`), responsibleId: userId(2), stageId: stages.qualified, movedAt: at(`1${id - 1}:45`), updatedAt: at(`1${id - 1}:45`), activities: id % 2 === 0 ? [call(at(`1${id - 1}:10`))] : [] })
  room.clock.set(later)
}

const start1 = async (jobs: Jobs): Promise<number> => {
  const asked = await jobs.simulations.ask(firma, { ...period, what: 1 })
  if (!asked.ok) throw new Error(asked.why)
  return asked.id
}

/** Reading of the past waits until it is let go; live leads are served meanwhile. */
const holdReading = (room: TestRoom): (() => void) => {
  const { readPast } = room.toy
  let release = (): void => undefined
  const held = new Promise<void>(resolve => release = resolve)
  room.toy.readPast = async (...asked) => {
    const page = await readPast(...asked)
    await held
    return page
  }
  return () => release()
}

/** Live leads of the same toy portal do not hold it up. */
const hasty = { timing: { ...quick, giveWayMs: 0 } }

const ended = (room: TestRoom, id: number) => until('simulation ends', async () => (await simulationOf(room.database.db, firma, id))?.status !== 'running')

eachDatabase((_name, _open, kind) => {
  const { open, start } = makeStarts(kind)

  it('goes through the past leads of a time and keeps what it found, ids only', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const jobs = await start(room, hasty)
    const id = await start1(jobs)
    await ended(room, id)
    const found = await jobs.simulations.find(firma, id)
    expect(found).toMatchObject({ status: 'done', version: 1, problem: null, result: { leads: { read: 6, watched: 6 }, gates: { stopped: 0 } } })
    expect(found?.result?.deadlines.total.missed).toBeGreaterThanOrEqual(3)
    expect(room.toy.calls.readPast).toBe(4)
    expect(JSON.stringify(found)).not.toMatch(/Мария|Столешница|\+7900|Анна/)
    expect(room.toy.effects.filter(({ kind: what }) => what !== 'notify')).toEqual([])
    expect((await jobs.simulations.list(firma)).map(one => one.id)).toEqual([id])
  })

  it('takes the draft as it was when it was asked for', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const jobs = await start(room, hasty)
    expect(await jobs.simulations.ask(firma, { ...period, what: 'draft' })).toEqual({ ok: false, why: 'no-draft' })
    expect(await jobs.simulations.ask(firma, { ...period, what: 9 })).toEqual({ ok: false, why: 'no-version' })
    const strict = { ...regulation, steps: regulation.steps.map(step => (step.deadline === null ? step : { ...step, deadline: { ...step.deadline, firstContact: { phone: 'PT1M', messenger: 'PT1M', email: 'PT1M', nothing: 'PT1M' } } })) }
    await saveDraft(room.database.db, firma, { regulation: strict, baseVersion: 1, revision: 0, authorId: 1 }, Temporal.Now.instant())
    const asked = await jobs.simulations.ask(firma, { ...period, what: 'draft' })
    expect(asked.ok).toBe(true)
    const id = asked.ok ? asked.id : 0
    await ended(room, id)
    const found = await jobs.simulations.find(firma, id)
    expect(found).toMatchObject({ status: 'done', version: null })
    expect(found?.result?.deadlines.byTerm['first-contact']?.missed).toBe(5)
  })

  it('gives one clear answer to two that are asked for at once', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const release = holdReading(room)
    const jobs = await start(room, hasty)
    const answers = await Promise.all([1, 2, 3].map(() => jobs.simulations.ask(firma, { ...period, what: 1 })))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter(({ ok }) => !ok)).toEqual([{ ok: false, why: 'running' }, { ok: false, why: 'running' }])
    expect(await jobs.simulations.list(firma)).toHaveLength(1)
    release()
  })

  it('runs one of a portal at a time, and ends the one that is cancelled', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const release = holdReading(room)
    const jobs = await start(room, hasty)
    const id = await start1(jobs)
    await until('it reads', () => room.toy.calls.readPast === 1)
    expect(await jobs.simulations.ask(firma, { ...period, what: 1 })).toEqual({ ok: false, why: 'running' })
    expect(await jobs.simulations.cancel(firma, id)).toBe(true)
    expect(await jobs.simulations.cancel(firma, id)).toBe(false)
    expect(await jobs.simulations.cancel('others', id)).toBe(false)
    release()
    const next = await start1(jobs)
    await ended(room, next)
    expect((await simulationsOf(room.database.db, firma, 10)).map(({ status }) => status)).toEqual(['done', 'cancelled'])
  })

  it('takes up again what a killed process was in the middle of', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const queues = await openQueues(room.database, room.log, { isWorker: true })
    await queues.work('simulate', 1, () => new Promise(() => undefined))
    const id = await addSimulation(room.database.db, firma, { ...period, version: 1, regulation }, Temporal.Now.instant()) ?? 0
    await queues.send('simulate', [{ key: firma, facts: { memberId: firma } }])
    await until('job runs', async () => (await queues.running('simulate')).length === 1)
    await start(room, hasty)
    await ended(room, id)
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('done')
    await queues.stop(100)
  })

  it('asks again after failures that pass, and says which one did not', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    let failures = 2
    room.toy.refuse = what => (what === 'readPast' && failures-- > 0 ? new PortalError({ code: 'unavailable', method: 'batch' }) : null)
    const jobs = await start(room, hasty)
    const id = await start1(jobs)
    await ended(room, id)
    expect((await simulationOf(room.database.db, firma, id))?.status).toBe('done')
    room.toy.refuse = what => (what === 'readPast' ? new PortalError({ code: 'access-denied', method: 'crm.item.list' }) : null)
    const denied = await start1(jobs)
    await ended(room, denied)
    expect(await simulationOf(room.database.db, firma, denied)).toMatchObject({ status: 'failed', problem: 'access-denied', result: null })
  })

  it('lets live leads go first', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const jobs = await start(room, { timing: { ...quick, giveWayMs: 60_000, dispatchMs: 600_000 } })
    let release = (): void => undefined
    const held = new Promise<void>(resolve => release = resolve)
    const readSights = room.toy.readSights.bind(room.toy)
    room.toy.readSights = async (...asked) => {
      await held
      return readSights(...asked)
    }
    await ask(room.database, [1])
    const id = await start1(jobs)
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(room.toy.calls.readPast).toBe(0)
    release()
    await room.database.db.deleteFrom('inbox').execute()
    await ended(room, id)
    expect(room.toy.calls.readPast).toBe(4)
  })

  it('refuses more leads than it can take', async () => {
    const room = await makeRoom(await open())
    room.toy.countPast = async () => 10_001
    const jobs = await start(room, hasty)
    const id = await start1(jobs)
    await ended(room, id)
    expect(await simulationOf(room.database.db, firma, id)).toMatchObject({ status: 'failed', problem: 'too-many-leads', total: 10_001 })
    expect(room.toy.calls.readPast).toBe(0)
  })

  it('forgets a result after thirty days, and everything with the portal', async () => {
    const room = await makeRoom(await open())
    sixLeads(room)
    const jobs = await start(room, hasty)
    const old = await start1(jobs)
    await ended(room, old)
    const recent = await start1(jobs)
    await ended(room, recent)
    await room.database.db.updateTable('simulations').set({ ended_at: Temporal.Now.instant().subtract({ hours: 24 * 31 }).toString() }).where('id', '=', old).execute()
    await forgetOld(room)
    expect((await jobs.simulations.list(firma)).map(({ id }) => id)).toEqual([recent])
    await room.database.transaction(tx => purgePortal(tx, firma))
    expect(await jobs.simulations.list(firma)).toEqual([])
  })
})
