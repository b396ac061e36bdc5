import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { carryOut } from '../../server/jobs/carry-out.ts'
import { reviewPortal } from '../../server/jobs/review-portal.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { LockLost } from '../../server/store/locks.ts'
import { claimOutbox } from '../../server/store/outbox.ts'
import { at } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, journalKinds, outboxRows, tasksOf, untouched, useRoom, waiting, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  useRoom(open, (made) => {
    room = made
    database = made.database
  })

  it('makes one task when the process dies after the portal has done it and before the answer is stored', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.beforeAnswer = () => Promise.reject(new Error('killed'))
    const dead: TestRoom = { ...room, database: { ...database, transaction: run => room.toy.effects.length > 0 ? Promise.reject(new Error('killed')) : database.transaction(run) } }
    await expect(carryOut(dead, firma)).rejects.toThrow('killed')
    expect((await outboxRows(database.db)).map(({ state }) => state)).toEqual((await outboxRows(database.db)).map(() => 'attempting'))
    room.toy.beforeAnswer = () => Promise.resolve()
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
    expect(new Set(room.toy.effects.map(({ mark }) => mark)).size).toBe(room.toy.effects.length)
    expect((await outboxRows(database.db)).every(({ state }) => state === 'done')).toBe(true)
  })

  it.each(['before the claim', 'before the answer'] as const)('goes on with nothing when its lock is lost %s', async (when) => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    const losing = new AbortController()
    const lose = (): void => losing.abort(new LockLost('gone'))
    if (when === 'before the claim') lose()
    else room.toy.beforeAnswer = () => Promise.resolve(lose())
    await expect(carryOut({ ...room, held: losing.signal }, firma)).rejects.toThrow(LockLost)
    const state = when === 'before the claim' ? 'pending' : 'attempting'
    expect(new Set((await outboxRows(database.db)).map(row => row.state))).toEqual(new Set([state]))
    expect(room.toy.calls.carryOut).toBe(when === 'before the claim' ? 0 : 1)
    await ask(database, [7])
    await expect(reviewPortal({ ...room, held: losing.signal }, firma)).rejects.toThrow(LockLost)
    expect((await waiting(database.db)).inbox).toBe(1)
  })

  it('does not pause a portal for a lock that was lost', async () => {
    room.toy.create(7)
    await ask(database, [7])
    const losing: Database = { ...database, locks: { ...database.locks, withLock: (name, run, options) => database.locks.withLock(name, () => run(AbortSignal.abort(new LockLost('gone'))), options) } }
    await servePortal({ ...room, database: losing }, firma, untouched)
    expect(room.toy.effects).toEqual([])
    await servePortal({ ...room, timing: { ...room.timing, pauseMs: 60_000 } }, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
    expect(room.told.map(({ message }) => message)).not.toContain('portal.paused')
  })

  it.each(['has no answer', 'died with its process'] as const)('repeats a task only when the attempt that %s cannot run on the portal any more', async (how) => {
    const patient: TestRoom = { ...room, timing: { ...room.timing, unsureMs: 60_000 } }
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(patient, firma)
    const isTask = (command: PortalCommand): boolean => command.kind === 'set-follow-up'
    const losing = new AbortController()
    room.toy.refuseCommand = command => isTask(command) ? 'unknown-outcome' : null
    if (how === 'died with its process') room.toy.beforeAnswer = () => Promise.resolve(losing.abort(new LockLost('gone')))
    const first = carryOut({ ...patient, held: losing.signal }, firma)
    await (how === 'has no answer' ? first : expect(first).rejects.toThrow(LockLost))
    room.toy.refuseCommand = () => null
    room.toy.beforeAnswer = () => Promise.resolve()
    for (let count = 0; count < 3; count++) await carryOut(patient, firma)
    expect(tasksOf(room, 7)).toEqual([])
    const soon = Temporal.Now.instant().add({ milliseconds: 61_000 })
    const claimed = await database.transaction(tx => claimOutbox(tx, firma, soon, 100))
    expect(claimed.filter(({ command }) => isTask(command))).toEqual([expect.objectContaining({ attempts: 1 })])
  })

  it('decides again when the process dies before the decision is recorded', async () => {
    room.toy.create(7)
    await ask(database, [7])
    const dead: TestRoom = { ...room, database: { ...database, transaction: () => Promise.reject(new Error('killed')) } }
    await expect(reviewPortal(dead, firma)).rejects.toThrow('killed')
    expect(await journalKinds(database.db, 7)).toEqual([])
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
  })

  it('keeps an event that comes while its lead is looked at', async () => {
    room.toy.create(7)
    await ask(database, [7])
    room.toy.beforeAnswer = () => ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.beforeAnswer = () => Promise.resolve()
    expect((await waiting(database.db)).inbox).toBe(1)
  })

  it('leaves a lead in the inbox when somebody else was faster', async () => {
    room.toy.create(7)
    room.toy.create(8)
    await ask(database, [7, 8])
    await database.db.insertInto('watches').values({ member_id: firma, lead_id: 8, version: 4, status: 'unseen', watch: '{"status":"unseen"}', responsible_id: null, due_at: null, next_at: null, follow_up_mark: null, follow_up_form: null, follow_up_id: null, updated_at: at('10:00').toString() }).execute()
    const late: TestRoom = {
      ...room,
      database: { ...database, transaction: run => database.transaction(async (tx) => {
        await tx.updateTable('watches').set({ version: 9 }).where('lead_id', '=', 8).execute()
        return run(tx)
      }) },
    }
    await reviewPortal(late, firma)
    expect(await journalKinds(database.db, 8)).toEqual([])
    expect((await waiting(database.db)).inbox).toBe(1)
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
    expect(tasksOf(room, 8)).toHaveLength(1)
  })
})
