import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { openQueues } from '../../server/jobs/boss.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import { sweepPortal } from '../../server/jobs/sweep-portal.ts'
import { PortalError } from '../../server/portal/error.ts'
import { askFor, askForTakeover, clearPause, noteBegun, pausePortal, portalsDueFor, refreshAgain, saveSweepMark, sweepStateOf, takeoverOf } from '../../server/store/portal-work.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, isIdle, makeRoom, makeStarts, quick, sealer, tasksOf, until, waiting } from './support.ts'

eachDatabase((_name, _open, kind) => {
  const { open, start } = makeStarts(kind)

  it('finds what no event has told of by its sweep, and remembers how far it has looked', async () => {
    const room = await makeRoom(await open())
    room.toy.create(7)
    const jobs = await start(room)
    await until('task', () => tasksOf(room, 7).length === 1)
    await until('quiet', isIdle(room.database))
    const swept = room.toy.calls.changedSince
    room.toy.create(8)
    await jobs.sweepPortal(firma)
    await until('second task', () => tasksOf(room, 8).length === 1)
    expect(room.toy.calls.changedSince).toBeGreaterThan(swept)
  })

  it('asks a suspended portal whether it answers again, and then looks at every open lead', async () => {
    const room = await makeRoom(await open())
    room.toy.create(7)
    const jobs = await start(room)
    await until('task', () => tasksOf(room, 7).length === 1)
    await until('quiet', isIdle(room.database))
    await room.database.db.updateTable('portals').set({ status: 'suspended', status_reason: 'payment-required' }).execute()
    const looks = room.toy.calls.readSights
    await jobs.refreshPortal(firma)
    await until('active', async () => (await createPortals(room.database, sealer).findPortal(firma))?.status === 'active')
    await until('look', () => room.toy.calls.readSights > looks)
    expect(room.toy.calls.ensure).toBe(1)
  })

  it('refreshes a portal that is being swept, and soon again when that has failed', async () => {
    const room = await makeRoom(await open())
    let release = (): void => undefined
    const held = new Promise<void>(resolve => release = resolve)
    const slow = { ...room.toy, changedSince: async (...asked: Parameters<typeof room.toy.changedSince>) => {
      const answer = await room.toy.changedSince(...asked)
      await held
      return answer
    } }
    const jobs = await start(room, { portals: slow })
    await jobs.sweepPortal(firma)
    await until('sweep', () => room.toy.calls.changedSince === 1)
    const due = async (inMs: number): Promise<number> => (await portalsDueFor(room.database.db, 'refresh', Temporal.Now.instant().add({ milliseconds: inMs }), quick.refreshMs, 10)).length
    room.toy.refuse = call => call === 'readFacts' ? new PortalError({ code: 'unavailable', method: 'batch' }) : null
    expect(await due(600_000)).toBe(0)
    await jobs.refreshPortal(firma)
    await until('refresh has failed', () => room.told.some(({ message }) => message === 'portal.keeping-failed'))
    expect(await due(0)).toBe(0)
    await until('it is due soon', async () => await due(600_000) === 1)
    room.toy.refuse = () => null
    await jobs.refreshPortal(firma)
    await until('refresh', () => room.toy.calls.ensure === 1)
    release()
  })

  it('refreshes once more when that is asked for during a refresh', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    let release = (): void => undefined
    const held = new Promise<void>(resolve => release = resolve)
    let begun = 0
    room.toy.refuse = (call) => {
      if (call === 'ensure') begun += 1
      return null
    }
    const { ensure } = room.toy
    room.toy.ensure = async (memberId) => {
      const ensured = await ensure(memberId)
      await held
      return ensured
    }
    await jobs.refreshPortal(firma)
    await until('first refresh', () => begun === 1)
    await jobs.refreshPortal(firma)
    // The loop finds it due while it runs, too: that must not count as begun.
    await new Promise(resolve => setTimeout(resolve, 5_500))
    expect(begun).toBe(1)
    release()
    await until('second refresh', () => begun === 2)
  })

  it('asks again for what a killed process was in the middle of', async () => {
    const room = await makeRoom(await open())
    const queues = await openQueues(room.database, room.log, { isWorker: true })
    await queues.work('keep-portal', 1, () => new Promise(() => undefined))
    await noteBegun(room.database.db, 'refresh', firma, Temporal.Now.instant())
    await queues.send('keep-portal', [{ key: `refresh ${firma}`, facts: { memberId: firma, what: 'refresh' } }])
    await until('job runs', async () => (await queues.running('keep-portal')).length === 1)
    await start(room)
    await until('refresh', () => room.toy.calls.ensure === 1)
    await queues.stop(100)
  })

  it('sends no job for a portal that is paused, whatever it asks for', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room, { role: 'web' })
    const sent = async (): Promise<number> => (await sql<{ count: number }>`select count(*)::int as count from pgboss.job where name = 'serve-portal'`.execute(room.database.db)).rows[0]?.count ?? 0
    await pausePortal(room.database.db, firma, Temporal.Now.instant().add({ minutes: 1 }))
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await new Promise(resolve => setTimeout(resolve, 10 * quick.gatherMs))
    expect(await sent()).toBe(0)
    await clearPause(room.database.db, firma)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await until('job', async () => await sent() === 1)
  })

  it('tells how long a request has waited, whichever process took it; nobody waits for a timer', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room, { role: 'web', lagged: () => expect.unreachable() })
    room.toy.create(7)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await sql`update inbox set asked_at = asked_at - interval '90 seconds'`.execute(room.database.db)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await jobs.stop()
    const lags: number[] = []
    await servePortal({ ...room, lagged: seconds => void lags.push(seconds) }, firma, new AbortController().signal)
    expect(lags).toHaveLength(1)
    expect(lags[0]).toBeGreaterThan(89)
    expect(lags[0]).toBeLessThan(120)
    await ask(room.database, [7])
    await servePortal({ ...room, lagged: seconds => void lags.push(seconds) }, firma, new AbortController().signal)
    expect(lags).toHaveLength(1)
  })

  it('counts a request from its event on, when an activity leads to its lead', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room, { role: 'web' })
    room.toy.create(7, { followUps: [{ mark: 'x', form: 'task', id: 70, open: true, responsibleId: null, deadlineAt: null }] })
    await jobs.requestReview(firma, [{ kind: 'task', id: 70 }])
    await sql`update inbox set asked_at = asked_at - interval '90 seconds'`.execute(room.database.db)
    await jobs.stop()
    const lags: number[] = []
    await servePortal({ ...room, lagged: seconds => void lags.push(seconds) }, firma, new AbortController().signal)
    expect(lags.map(Math.floor)).toEqual([90])
  })

  it('sweeps from the beginning under a new version of the regulation, and once only', async () => {
    const room = await makeRoom(await open())
    const marks: unknown[] = []
    const swept = { ...room, portals: { ...room.toy, changedSince: (_memberId: string, mark: unknown) => {
      marks.push(mark)
      return Promise.resolve({ subjects: [], mark: marks.length })
    } } }
    await sweepPortal(swept, firma)
    await sweepPortal(swept, firma)
    await room.database.transaction(tx => publishRegulation(tx, firma, regulation, at('10:00')))
    await sweepPortal(swept, firma)
    await sweepPortal(swept, firma)
    expect(marks).toEqual([null, 1, null, 3])
  })

  it('goes on from a mark of the former shape, which was kept without a version', async () => {
    const room = await makeRoom(await open())
    const former = { leads: { at: '2026-03-10T09:00:00Z', onTheWay: null }, activities: { at: '2026-03-10T09:00:00Z', onTheWay: null }, callId: 5 }
    await saveSweepMark(room.database.db, firma, former)
    const marks: unknown[] = []
    const portals = { ...room.toy, changedSince: (_memberId: string, mark: unknown, openAfter?: number | null) => {
      marks.push(mark, openAfter)
      return Promise.resolve({ subjects: [], mark: 1 })
    } }
    await sweepPortal({ ...room, portals }, firma)
    expect(marks).toEqual([former, null])
  })

  it('keeps what a sweep has found before it failed', async () => {
    const room = await makeRoom(await open())
    const failed = new PortalError({ code: 'unavailable', method: 'crm.activity.list' })
    const portals = { ...room.toy, changedSince: () => Promise.resolve({ subjects: [{ kind: 'lead' as const, id: 7 }], mark: 'half-way', more: true, failed }) }
    await expect(sweepPortal({ ...room, portals }, firma)).rejects.toBe(failed)
    expect((await sweepStateOf(room.database.db, firma)).mark).toMatchObject({ mark: 'half-way' })
    expect((await waiting(room.database.db)).inbox).toBe(1)
  })

  it('does not put a refresh off that was asked for while another one was failing', async () => {
    const { db } = (await makeRoom(await open())).database
    const now = Temporal.Now.instant()
    const due = async () => portalsDueFor(db, 'refresh', now.add({ seconds: 10 }), quick.refreshMs, 10)
    await noteBegun(db, 'refresh', firma, now)
    await askFor(db, 'refresh', [firma])
    await refreshAgain(db, firma, now, quick.refreshMs, 300_000)
    expect(await due()).toEqual([firma])
    await noteBegun(db, 'refresh', firma, now)
    await refreshAgain(db, firma, now, quick.refreshMs, 300_000)
    expect(await due()).toEqual([])
  })

  it('takes over the leads that were open before the installation only when it is asked, part by part', async () => {
    const room = await makeRoom(await open())
    const asked: (number | null | undefined)[] = []
    const portals = { ...room.toy, changedSince: (_memberId: string, _mark: unknown, openAfter?: number | null) => {
      asked.push(openAfter)
      return Promise.resolve({ subjects: [], mark: 1, openAfter: openAfter === 0 ? 400 : null, more: openAfter === 0 })
    } }
    const sweep = () => sweepPortal({ ...room, portals }, firma)
    const { db } = room.database
    await sweep()
    expect(await takeoverOf(db, firma)).toBe('open')
    await askForTakeover(db, firma, at('10:00'))
    await sweep()
    await askForTakeover(db, firma, at('10:05'))
    expect(await takeoverOf(db, firma)).toBe('under-way')
    await sweep()
    expect(await takeoverOf(db, firma)).toBe('done')
    await sweep()
    expect(asked).toEqual([null, 0, 400, null])
  })

  it('does not lose a takeover that is asked for during a sweep', async () => {
    const room = await makeRoom(await open())
    const { db } = room.database
    const portals = { ...room.toy, changedSince: async () => {
      await askForTakeover(db, firma, at('10:00'))
      return { subjects: [], mark: 1, openAfter: null }
    } }
    await sweepPortal({ ...room, portals }, firma)
    expect(await sweepStateOf(db, firma)).toMatchObject({ openAfter: 0 })
    expect(await portalsDueFor(db, 'sweep', Temporal.Now.instant(), quick.sweepMs, 10)).toEqual([firma])
  })
})
