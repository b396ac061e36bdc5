import { beforeAll, expect, it } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import { sql } from 'kysely'
import { createBudgets } from '../../server/store/budgets.ts'
import type { Database } from '../../server/store/database.ts'
import { leadsOfFollowUps, noteFollowUpId, saveWatches, watchOf, watchesOf } from '../../server/store/watches.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { Watch } from '../../server/domain/watch.ts'
import { clearPause, pausePortal, portalsWithWork, askFor, awakeOf, noteBegun, portalsDueFor } from '../../server/store/portal-work.ts'
import { saveFacts } from '../../server/store/portal-facts.ts'
import { createPortals, forgetStrays, markUninstalled, portalForWork, purgePortal, suspendPortal, tenantTables, type Portals } from '../../server/store/portals.ts'
import { publishRegulation, regulationInForce } from '../../server/store/regulations.ts'
import { forgetRestLog, openRestLog } from '../../server/store/rest-log.ts'
import { addToInbox } from '../../server/store/inbox.ts'
import { addToOutbox } from '../../server/store/outbox.ts'
import { createSealer } from '../../server/store/seal.ts'
import { at, officeHours, regulation, timeZone } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'

const sealer = createSealer([new Uint8Array(32).fill(3)])
const firma = { memberId: 'firma', domain: 'firma.example.com', clientEndpoint: 'https://firma.example.com/rest/', serverEndpoint: 'https://oauth.example.com/rest/' }
const token = { memberId: 'firma', userId: 1, accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: at('11:00'), serverEndpoint: 'https://oauth.example.com/rest/' }

eachDatabase((_name, open) => {
  let database: Database
  let portals: Portals
  beforeAll(async () => {
    database = await open()
    portals = createPortals(database, sealer)
  })

  it('keeps member_id first in the key of every table', async () => {
    const keys = await sql<{ table: string; first: string }>`select c.relname as table, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indisprimary and n.nspname = 'public' and c.relname not like 'kysely%' order by 1`.execute(database.db)
    expect(keys.rows.map(({ table }) => table).sort()).toEqual([...tenantTables].sort())
    expect(new Set(keys.rows.map(({ first }) => first))).toEqual(new Set(['member_id']))
  })

  it('stores tokens of several administrators sealed, the latest administrator first', async () => {
    await portals.admitPortal(firma, at('10:00'))
    await portals.saveToken(token)
    await portals.saveToken({ ...token, userId: 2, accessToken: 'access-2', isAdmin: false })
    await portals.saveToken({ ...token, userId: 3, accessToken: 'access-3' })
    expect((await portals.tokensOf('firma')).map(row => row.accessToken)).toEqual(['access-3', 'access-1', 'access-2'])
    const stored = JSON.stringify(await database.db.selectFrom('portal_tokens').selectAll().execute())
    expect(stored).not.toMatch(/access-|refresh-/)
    expect((await portals.findToken('firma', 1))?.expiresAt.toString()).toBe(at('11:00').toString())
    await portals.loseToken('firma', 3, 'auth-lost', 'access-2')
    expect((await portals.tokensOf('firma')).map(row => row.userId)).toEqual([3, 1, 2])
    await portals.loseToken('firma', 3, 'auth-lost', 'access-3')
    expect((await portals.tokensOf('firma')).map(row => row.userId)).toEqual([1, 2])
    await portals.saveToken({ ...token, userId: 3 })
    expect((await portals.tokensOf('firma')).map(row => row.userId)).toEqual([3, 1, 2])
  })

  it('keeps what was found out when a portal is admitted again, and follows its new address', async () => {
    await portals.admitPortal(firma, at('10:00'))
    await portals.describePortal('firma', { licenseFamily: 'ent', timeZone: 'Asia/Almaty', installedVersion: 4, adminIds: [userId(1)] })
    await portals.saveApplicationToken('firma', 'app-token')
    await suspendPortal(database.db, 'firma', 'auth-lost', at('10:00'))
    expect(await portals.applicationToken('firma')).toEqual({ applicationToken: 'app-token', status: 'suspended' })
    await portals.admitPortal({ ...firma, domain: 'neu.example.com' }, at('10:00'))
    expect(await portals.findPortal('firma')).toMatchObject({ domain: 'neu.example.com', status: 'active', statusReason: null, licenseFamily: 'ent', timeZone: 'Asia/Almaty', installedVersion: 4, adminIds: [1] })
    expect(await portals.findPortal('nobody')).toBeNull()
  })

  it('puts regulations in force by version', async () => {
    await publishRegulation(database.db, 'firma', regulation, at('10:00'))
    expect(await publishRegulation(database.db, 'firma', { ...regulation, incidents: { ...regulation.incidents, misses: 5 } }, at('11:00'))).toBe(2)
    expect(await regulationInForce(database.db, 'firma')).toMatchObject({ version: 2, regulation: { incidents: { misses: 5 } } })
    expect(await regulationInForce(database.db, 'nobody')).toBeNull()
  })

  it('saves a watch only at the version that was read', async () => {
    const watch = (round: number): Watch => ({ status: 'active', leadId: leadId(7), regulationVersion: 1, stepId: 'in-work', enteredAt: at('10:00').toString(), responsibleId: userId(1), chosenId: userId(1), clock: { kind: 'none' }, followUp: { mark: 'm', form: 'task', id: null, deadlineAt: null }, contactedAt: null, askedAgain: [], incidentId: null, round })
    const save = (version: number, round: number) => saveWatches(database.db, 'firma', [{ leadId: leadId(7), version, watch: watch(round), nextAt: null }], at('10:00'))
    expect(await save(0, 1)).toEqual(new Set([7]))
    expect(await save(0, 2)).toEqual(new Set())
    expect(await save(1, 3)).toEqual(new Set([7]))
    await noteFollowUpId(database.db, 'firma', leadId(7), 'other', 55)
    expect(await watchOf(database.db, 'firma', leadId(7))).toEqual(watch(3))
    await noteFollowUpId(database.db, 'firma', leadId(7), 'm', 55)
    expect(await watchOf(database.db, 'firma', leadId(7))).toMatchObject({ round: 3, followUp: { mark: 'm', id: 55 } })
    expect(await leadsOfFollowUps(database.db, 'firma', 'task', [55, 56])).toEqual(new Map([[55, 7]]))
    expect((await watchesOf(database.db, 'firma', [leadId(7), leadId(8)])).get(leadId(8))).toEqual({ leadId: 8, version: 0, watch: { status: 'unseen' }, nextAt: null })
    expect((await watchesOf(database.db, 'firma', [leadId(7)])).get(leadId(7))?.version).toBe(3)
  })

  it('counts requests of all processes in one bucket', async () => {
    const limits = { rate: 2, burst: 10, reserve: 0 }
    const [budgets, others] = [createBudgets(database.db), createBudgets(database.db)]
    const waits: number[] = []
    for (const memberId of ['bucket', 'careful']) await portals.admitPortal({ ...firma, memberId }, at('10:00'))
    for (let count = 0; count < 12; count++) waits.push(await (count % 2 === 0 ? budgets : others).take('bucket', limits))
    expect(waits.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 0))
    expect(waits.at(-1)).toBeGreaterThan(0)
    expect(waits.at(-1)).toBeLessThanOrEqual(500)
    expect(await budgets.take('careful', { ...limits, reserve: 10 })).toBe(0)
    expect(await budgets.take('careful', { ...limits, reserve: 10 })).toBeGreaterThan(0)
    await others.fill('careful', { ...limits, burst: 50 })
    expect(await budgets.take('careful', { ...limits, burst: 50 })).toBeGreaterThan(400)
  })

  it('counts on after a purge, for the portal still has what it was asked before', async () => {
    const limits = { rate: 2, burst: 10, reserve: 0 }
    let nowMs = 0
    const budgets = createBudgets(database.db, () => nowMs)
    await portals.admitPortal({ ...firma, memberId: 'again' }, at('10:00'))
    for (let count = 0; count < 9; count++) await budgets.take('again', limits)
    await database.transaction(tx => purgePortal(tx, 'again'))
    expect(await database.db.selectFrom('budgets').selectAll().where('member_id', '=', 'again').execute()).toEqual([])
    expect(await budgets.take('again', limits)).toBe(0)
    expect(await budgets.take('again', limits)).toBeGreaterThan(0)
    await database.transaction(tx => purgePortal(tx, 'again'))
    nowMs += 5_000
    // What is still under way when a portal is purged leaves nothing behind.
    await budgets.take('again', limits)
    await budgets.fill('again', limits)
    expect(await database.db.selectFrom('budgets').selectAll().where('member_id', '=', 'again').execute()).toEqual([])
    nowMs += 5_000
    await portals.admitPortal({ ...firma, memberId: 'again' }, at('10:00'))
    await budgets.take('again', limits)
    expect(await database.db.selectFrom('budgets').select('level').where('member_id', '=', 'again').executeTakeFirst()).toEqual({ level: 1 })
  })

  it('lets a purge make no room for the background either', async () => {
    let nowMs = 0
    const budgets = createBudgets(database.db, () => nowMs)
    const limits = { rate: 2, burst: 48, reserve: 24 }
    await budgets.fill('filled', { ...limits, reserve: 0 })
    await database.db.deleteFrom('budgets').where('member_id', '=', 'filled').execute()
    expect(await budgets.take('filled', limits)).toBe(12_500)
    nowMs += 12_500
    expect(await budgets.take('filled', limits)).toBe(0)
  })

  it('finds portals with work, and none that is paused, suspended or gone', async () => {
    const now = Temporal.Now.instant()
    const due = async (): Promise<readonly string[]> => [...await portalsWithWork(database.db, now, 100)].sort()
    for (const memberId of ['p1', 'p2', 'p3', 'p4']) {
      await portals.admitPortal({ ...firma, memberId }, now)
      await publishRegulation(database.db, memberId, regulation, now)
    }
    await addToInbox(database.db, ['p1', 'p2', 'gone'].map(memberId => ({ memberId, kind: 'lead' as const, id: 1, urgent: false })))
    await addToOutbox(database.db, 'p3', [{ command: { kind: 'notify', leadId: leadId(1), userId: userId(1), mark: 'x', about: 'reminder', incidentId: null, because: { rule: 'lead-gone' } }, urgent: false }])
    expect(await due()).toEqual(['p1', 'p2', 'p3'])
    await pausePortal(database.db, 'p1', now.add({ minutes: 1 }))
    await suspendPortal(database.db, 'p2', 'auth-lost', now)
    expect(await due()).toEqual(['p3'])
    await clearPause(database.db, 'p1')
    expect(await due()).toEqual(['p1', 'p3'])
  })

  it('finds a portal due until its sweep begins, and then not again before its time or another request', async () => {
    const now = Temporal.Now.instant()
    const dueAt = (at: Temporal.Instant) => portalsDueFor(database.db, 'sweep', at, 60_000, 100)
    expect(await dueAt(now)).toContain('p1')
    expect(await dueAt(now)).toContain('p1')
    expect(await dueAt(now)).not.toContain('p2')
    await noteBegun(database.db, 'sweep', 'p1', now)
    expect(await dueAt(now)).not.toContain('p1')
    expect(await dueAt(now.add({ minutes: 2 }))).toContain('p1')
    await askFor(database.db, 'sweep', ['p1'])
    expect(await dueAt(now)).toContain('p1')
  })

  it('tells which portals may be asked now', async () => {
    const now = Temporal.Now.instant()
    await pausePortal(database.db, 'p3', now.add({ minutes: 1 }))
    expect([...await awakeOf(database.db, ['p1', 'p2', 'p3', 'nobody'], now)].sort()).toEqual(['p1'])
    expect([...await awakeOf(database.db, ['p1', 'p3'], now.add({ minutes: 2 }))].sort()).toEqual(['p1', 'p3'])
    await clearPause(database.db, 'p3')
  })

  it('adds nothing to the outbox for a mark that is there', async () => {
    const command = { kind: 'notify', leadId: leadId(2), userId: userId(1), mark: 'once', about: 'reminder', incidentId: null, because: { rule: 'lead-gone' } } as const
    expect(await addToOutbox(database.db, 'p4', [{ command, urgent: false }])).toEqual(new Set(['once']))
    expect(await addToOutbox(database.db, 'p4', [{ command, urgent: false }])).toEqual(new Set())
  })

  it('skips tokens whose key is gone, and seals those of an older key anew', async () => {
    const [old, recent] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)]
    const told: object[] = []
    const log = { warn: (facts: object) => void told.push(facts) }
    await portals.admitPortal({ ...firma, memberId: 'keys' }, at('10:00'))
    await portals.saveToken({ ...token, memberId: 'keys' })
    await createPortals(database, createSealer([recent])).saveToken({ ...token, memberId: 'keys', userId: 2, accessToken: 'access-2' })
    expect((await createPortals(database, createSealer([old]), log).tokensOf('keys')).map(row => row.userId)).toEqual([1])
    expect(told).toEqual([expect.objectContaining({ memberId: 'keys', userId: 2 })])
    expect((await createPortals(database, createSealer([recent, old])).tokensOf('keys')).map(row => row.userId)).toEqual([2, 1])
    expect((await createPortals(database, createSealer([recent])).tokensOf('keys')).map(row => row.accessToken)).toEqual(['access-2', 'access-1'])
  })

  it('knows no token of the events of a portal whose key is gone, and says so', async () => {
    const told: unknown[] = []
    const log = { warn: (facts: object, message: string) => void told.push([message, facts]) }
    await portals.admitPortal({ ...firma, memberId: 'keyless' }, at('10:00'))
    await portals.saveApplicationToken('keyless', 'app-token')
    expect(await createPortals(database, createSealer([new Uint8Array(32).fill(9)]), log).applicationToken('keyless')).toBeNull()
    expect(told).toEqual([['portal.application-token-unreadable', expect.objectContaining({ memberId: 'keyless' })]])
    expect(await portals.applicationToken('keyless')).toMatchObject({ applicationToken: 'app-token' })
  })

  it('writes nothing for a portal that is gone or uninstalled', async () => {
    await portals.admitPortal({ ...firma, memberId: 'ended' }, at('10:00'))
    await database.transaction(tx => markUninstalled(tx, 'ended', at('10:00'), at('11:00')))
    const facts = { people: [], calendar: officeHours, stageNames: {}, language: 'ru', timeZone, departments: [] } as const
    for (const memberId of ['ended', 'stranger']) {
      await portals.saveToken({ ...token, memberId })
      await saveFacts(database.db, memberId, facts, at('10:00'))
      expect(await database.transaction(tx => publishRegulation(tx, memberId, regulation, at('10:00')))).toBeNull()
      for (const table of ['portal_tokens', 'portal_facts', 'regulations'] as const)
        expect(await database.db.selectFrom(table).select('member_id').where('member_id', '=', memberId).execute(), table).toEqual([])
    }
  })

  it('purges also what is being written while the purge begins', async () => {
    await portals.admitPortal({ ...firma, memberId: 'purged' }, at('10:00'))
    let hasBegun = (): void => undefined
    const begun = new Promise<void>(resolve => hasBegun = resolve)
    const writing = database.transaction(async (tx) => {
      await portalForWork(tx, 'purged')
      hasBegun()
      await new Promise(resolve => setTimeout(resolve, 100))
      await addToInbox(tx, [{ memberId: 'purged', kind: 'lead', id: 1, urgent: false }])
    })
    await begun
    await Promise.all([writing, database.transaction(tx => purgePortal(tx, 'purged'))])
    expect(await database.db.selectFrom('inbox').select('id').where('member_id', '=', 'purged').execute()).toEqual([])
  })

  it('deletes what belongs to no portal', async () => {
    await addToInbox(database.db, [{ memberId: 'nobody', kind: 'lead', id: 1, urgent: false }, { memberId: 'firma', kind: 'lead', id: 1, urgent: false }])
    await forgetStrays(database.db)
    const left = await database.db.selectFrom('inbox').select('member_id').where('member_id', 'in', ['nobody', 'firma']).execute()
    expect(left).toEqual([{ member_id: 'firma' }])
  })

  it('writes the log of requests soon and forgets it in time', async () => {
    const failures: unknown[] = []
    const log = openRestLog(database, cause => failures.push(cause))
    for (let count = 0; count < 5; count++) log.write({ memberId: 'firma', method: 'crm.item.list', at: at('10:00'), durationMs: 12.6, status: 200, error: null, request: { filter: {}, text: 'a\u0000b' }, response: undefined })
    await log.close()
    const count = () => database.db.selectFrom('rest_log').select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    expect(await count()).toEqual({ count: 5 })
    expect(failures).toEqual([])
    expect(await forgetRestLog(database.db, at('09:00'), 100)).toBe(0)
    expect(await forgetRestLog(database.db, at('11:00'), 3)).toBe(3)
    expect(await count()).toEqual({ count: 2 })
  })

  it('keeps one transaction whole while others write', async () => {
    const broken = database.transaction(async (tx) => {
      await tx.insertInto('shares').values({ member_id: 'tx', pool: 'a', user_id: 1, received: 1, due: 1 }).execute()
      await new Promise(resolve => setTimeout(resolve, 30))
      throw new Error('rolled back')
    })
    const other = database.db.insertInto('shares').values({ member_id: 'tx', pool: 'b', user_id: 1, received: 1, due: 1 }).execute()
    await expect(broken).rejects.toThrow('rolled back')
    await other
    expect((await database.db.selectFrom('shares').select('pool').where('member_id', '=', 'tx').execute())).toEqual([{ pool: 'b' }])
  })
})
