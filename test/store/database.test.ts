import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { openDatabase } from '../../server/store/database.ts'
import { addToInbox, deleteFromInbox, nextFromInbox, postponeInInbox } from '../../server/store/inbox.ts'
import { eachDatabase, embeddedSnapshot } from '../support/database.ts'

const now = Temporal.Instant.from('2026-11-23T09:00:00Z')

eachDatabase((name, open) => {
  it('gives numbers for int8 and ISO 8601 text for moments', async () => {
    const { db } = await open()
    const answer = await sql<{ big: unknown; at: unknown; day: unknown; data: unknown }>`select 9007199254740991::int8 as big, '2026-11-23T12:00:00.5+03'::timestamptz as at, '2026-11-23'::date as day, '{"a":[1]}'::jsonb as data`.execute(db)
    expect(answer.rows[0], name).toEqual({ big: 9007199254740991, at: '2026-11-23T09:00:00.500Z', day: '2026-11-23', data: { a: [1] } })
  })

  it('keeps one inbox row per subject, renews its seq and keeps its place', async () => {
    const { db } = await open()
    const lead = (id: number, urgent = false) => ({ memberId: 'a', kind: 'lead' as const, id, urgent })
    await addToInbox(db, [lead(1), lead(2), lead(1)])
    const before = await nextFromInbox(db, 'a', ['lead'], now, 10)
    expect(before.map(row => row.id)).toEqual([1, 2])
    await addToInbox(db, [lead(1)])
    await deleteFromInbox(db, 'a', before)
    expect((await nextFromInbox(db, 'a', ['lead'], now, 10)).map(row => row.id)).toEqual([1])
    await addToInbox(db, [lead(3, true)])
    await postponeInInbox(db, 'a', [lead(1)], now.add({ minutes: 1 }))
    expect((await nextFromInbox(db, 'a', ['lead'], now, 10)).map(row => row.id)).toEqual([3])
    expect((await nextFromInbox(db, 'a', ['lead'], now.add({ minutes: 1 }), 10)).map(row => row.id)).toEqual([3, 1])
    expect(await nextFromInbox(db, 'b', ['lead'], now, 10)).toEqual([])
  })
})

describe('the embedded engine', () => {
  it('holds its directory for itself', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'leadrail-'))
    const first = await openDatabase({ dataDir })
    await expect(openDatabase({ dataDir })).rejects.toThrow(`${dataDir} is in use by process ${process.pid}`)
    await first.close()
    const second = await openDatabase({ dataDir })
    await second.close()
    rmSync(dataDir, { recursive: true })
  })

  it('refuses a transaction after its end instead of keeping it waiting for ever', async () => {
    const database = await openDatabase({ dataDir: 'memory://', snapshot: await embeddedSnapshot() })
    const closing = database.close()
    await expect(database.transaction(tx => addToInbox(tx, [{ memberId: 'a', kind: 'lead', id: 1, urgent: false }]))).rejects.toThrow('the embedded database is closed')
    await closing
    await expect(database.transaction(async () => undefined)).rejects.toThrow('the embedded database is closed')
  })
})
