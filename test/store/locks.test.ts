import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../server/store/database.ts'
import { LockLost, LockTimeout } from '../../server/store/locks.ts'
import { eachDatabase, openTestDatabase } from '../support/database.ts'

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

eachDatabase((_name, _open, kind) => {
  /** Two processes where the database allows it; else twice the same one. */
  let one: Database
  let two: Database
  beforeAll(async () => {
    const { database, options } = await openTestDatabase(kind)
    one = database
    two = kind === 'postgres' ? await openDatabase(options) : database
  })
  afterAll(async () => {
    if (two !== one) await two.close()
    await one.close()
  })

  it('lets one in at a time, and everyone in the end', async () => {
    let inside = 0
    let most = 0
    let count = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside)
      await pause(2)
      inside--
      count++
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two).locks.withLock('a', work)))
    expect({ most, count }).toEqual({ most: 1, count: 20 })
  })

  it('keeps different names apart', async () => {
    await one.locks.withLock('b', () => two.locks.withLock('c', () => Promise.resolve()))
  })

  it('is free again after a failure', async () => {
    await expect(one.locks.withLock('d', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await two.locks.tryLock('d', () => Promise.resolve('ran'))).toEqual({ ran: true, value: 'ran' })
  })

  it('is not entered by who only tries, nor by who does not want to wait', async () => {
    await one.locks.withLock('e', async () => {
      expect(await two.locks.tryLock('e', () => Promise.resolve('ran'))).toEqual({ ran: false })
      await expect(two.locks.withLock('e', () => Promise.resolve(), { waitMs: 60 })).rejects.toThrow(LockTimeout)
      expect(await two.locks.isFree('e')).toBe(false)
    })
    expect(await two.locks.isFree('e')).toBe(true)
  })

  it('tells its holder that somebody in a hurry waits', async () => {
    const waiting: Promise<void>[] = []
    await one.locks.withLock('f', async () => {
      expect(await one.locks.wanted('f')).toBe(false)
      waiting.push(two.locks.withLock('f', () => Promise.resolve()))
      await pause(50)
      expect(await one.locks.wanted('f')).toBe(false)
      waiting.push(two.locks.withLock('f', () => Promise.resolve(), { urgent: true }))
      await pause(50)
      expect(await one.locks.wanted('f')).toBe(true)
    })
    await Promise.all(waiting)
    expect(await one.locks.wanted('f')).toBe(false)
  })

  if (kind === 'postgres') {
    it('is freed by the death of its holder', async () => {
      const { database, options } = await openTestDatabase('postgres')
      const dying = await openDatabase(options)
      let hasBegun = (): void => undefined
      const begun = new Promise<void>(resolve => hasBegun = resolve)
      void dying.locks.withLock('g', async () => {
        hasBegun()
        await new Promise(() => undefined)
      })
      await begun
      expect(await database.locks.isFree('g')).toBe(false)
      await dying.close()
      await database.locks.withLock('g', () => Promise.resolve(), { waitMs: 2_000 })
      await database.close()
    })

    it('is told to its holder as lost when its connection drops, and leaves nothing held for ever', async () => {
      const { database, options } = await openTestDatabase('postgres')
      const other = await openDatabase(options)
      const ownLines = sql`from pg_stat_activity where application_name = 'leadrail-locks' and datname = current_database()`
      const asked: Promise<unknown>[] = []
      await database.locks.withLock('h', async (held) => {
        // A lock is asked for in the very moment of the loss, before the old connection has said its last word.
        held.addEventListener('abort', () => asked.push(database.locks.withLock('i', () => pause(100))))
        await sql`select pg_terminate_backend(pid) ${ownLines}`.execute(database.db)
        for (let count = 0; count < 100 && !held.aborted; count++) await pause(10)
        expect(held.reason).toBeInstanceOf(LockLost)
        await other.locks.withLock('h', () => Promise.resolve(), { waitMs: 1_000 })
      })
      expect(asked).toHaveLength(1)
      await Promise.all(asked)
      await database.locks.withLock('j', () => Promise.resolve())
      expect(await other.locks.isFree('i')).toBe(true)
      expect(await other.locks.isFree('j')).toBe(true)
      expect((await sql`select pid ${ownLines}`.execute(database.db)).rows).toHaveLength(2)
      await other.close()
      await database.close()
    })
  }
})
