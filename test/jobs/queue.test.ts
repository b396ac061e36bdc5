import { describe, expect, it } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import { leadId } from '../../server/domain/lead.ts'
import { openQueues } from '../../server/jobs/boss.ts'
import { createIntake } from '../../server/jobs/intake.ts'
import { PortalError } from '../../server/portal/error.ts'
import { openDatabase, type Database } from '../../server/store/database.ts'
import { countInbox } from '../../server/store/inbox.ts'
import { createPortals, tenantTables } from '../../server/store/portals.ts'
import { factsOf, saveFacts } from '../../server/store/portal-facts.ts'
import { at } from '../domain/support.ts'
import { eachDatabase, openTestDatabase } from '../support/database.ts'
import { admit, ask, firma, isIdle, makeClock, makeLog, makeRoom, makeStarts, quick, sealer, tasksOf, until, type TestRoom, type Told } from './support.ts'

eachDatabase((_name, _open, kind) => {
  const { started, open, start } = makeStarts(kind)

  it('carries an event to its task, and stays quiet after the echoes of its own changes', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    room.toy.onChange = subject => void jobs.requestReview(firma, [subject])
    room.toy.create(7)
    await until('task', () => tasksOf(room, 7).length === 1)
    await until('quiet', async () => {
      const looks = room.toy.calls.readSights
      await new Promise(resolve => setTimeout(resolve, 800))
      return room.toy.calls.readSights === looks && await isIdle(room.database)()
    })
    expect(room.toy.calls.readSights).toBeLessThanOrEqual(6)
    expect(new Set(room.toy.effects.map(({ mark }) => mark)).size).toBe(room.toy.effects.length)
    expect(tasksOf(room, 7).length).toBe(1)
  })

  it('answers a request only after its row is on disk', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room, { role: 'web' })
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }, { kind: 'activity', id: 7 }])
    expect(await countInbox(room.database.db, firma)).toBe(2)
  })

  it('serves rows that have no job: whoever wrote them may have died before asking', async () => {
    const room = await makeRoom(await open())
    await start(room)
    room.toy.create(7)
    await ask(room.database, [7])
    await until('task', () => tasksOf(room, 7).length === 1, 5_000)
  })

  it('goes on at once where a killed process has left its jobs running', async () => {
    const room = await makeRoom(await open())
    const queues = await openQueues(room.database, room.log, { isWorker: true })
    await queues.work('serve-portal', 1, () => new Promise(() => undefined))
    await queues.send('serve-portal', [{ key: firma, facts: { memberId: firma } }])
    await until('job runs', async () => (await queues.running('serve-portal')).length === 1)
    await room.database.transaction(async (tx) => {
      room.toy.create(7)
      await tx.insertInto('inbox').values({ member_id: firma, kind: 'lead', id: 7, urgent: false, not_before: null }).execute()
    })
    await start(room)
    await until('task', () => tasksOf(room, 7).length === 1, 6_000)
    await queues.stop(100)
  })

  it('takes no second job for a portal that is worked for, as another process may ask, and starts that of another portal at once', async () => {
    const queues = await openQueues(await open(), makeLog([]), { isWorker: true })
    const began: string[] = []
    let release = (): void => undefined
    const held = new Promise<void>(resolve => release = resolve)
    await queues.work('serve-portal', 2, async ({ memberId }) => {
      began.push(memberId)
      if (memberId === firma) await held
    })
    const ask = (memberId: string): Promise<void> => queues.send('serve-portal', [{ key: memberId, facts: { memberId } }])
    await ask(firma)
    await until('first begins', () => began.length === 1)
    await ask(firma)
    await ask('other')
    await until('other begins', () => began.includes('other'), 4_000)
    expect(began).toEqual([firma, 'other'])
    release()
    await queues.stop(2_000)
  })

  it('lets one portal wait without making another one wait', async () => {
    const room = await makeRoom(await open())
    await admit(room.database, 'other')
    const jobs = await start(room, { places: 2 })
    let release = (): void => undefined
    const held = new Promise<void>(resolve => release = resolve)
    // Both portals are the same toy: a sweep of the one would find the leads of the other.
    const slow = { ...room.toy, changedSince: () => Promise.resolve({ subjects: [], mark: null }), readSights: async (...asked: Parameters<typeof room.toy.readSights>) => {
      if (asked[0] === firma) await held
      return room.toy.readSights(...asked)
    } }
    await jobs.stop()
    started.length = 0
    const again = await start({ ...room, toy: slow } as TestRoom, { places: 2 })
    room.toy.create(7)
    room.toy.create(8)
    await again.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await until('look', async () => (await room.database.locks.isFree(`portal:${firma}`)) === false)
    for (let count = 0; count < 3; count++) await again.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await again.requestReview('other', [{ kind: 'lead', id: 8 }])
    await until('task of the other portal', () => tasksOf(room, 8).length === 1, 5_000)
    expect(tasksOf(room, 7).length).toBe(0)
    release()
    await until('task', () => tasksOf(room, 7).length === 1)
  })

  it('serves a click first, while the portal is flooded', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    for (let id = 1; id <= 400; id++) room.toy.create(id)
    room.toy.beforeAnswer = () => new Promise(resolve => setTimeout(resolve, 60))
    await ask(room.database, [...room.toy.leads.keys()])
    await until('flood begins', () => room.toy.calls.readSights > 0)
    room.toy.create(999)
    await jobs.reviewNow(firma, leadId(999))
    expect(tasksOf(room, 999).length).toBe(1)
    expect(room.toy.effects.length).toBeLessThan(1_000)
  })

  it('does not let a click wait for the turn of the background: whoever waits for the portal’s limit hears of the click', async () => {
    const room = await makeRoom(await open())
    let isHeard = false
    let isWaiting = false
    const slow: typeof room.toy = { ...room.toy, readSights: async (memberId, ids, fields, needs, urgency) => {
      const wanted = urgency?.wanted
      isWaiting ||= wanted !== undefined
      while (wanted !== undefined && !isHeard) {
        isHeard = await wanted()
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      return room.toy.readSights(memberId, ids, fields, needs, urgency)
    } }
    const jobs = await start(room, { portals: slow, timing: { ...quick, clickMs: 60_000 } })
    room.toy.create(7)
    room.toy.create(8)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await until('the background waits', () => isWaiting)
    await jobs.reviewNow(firma, leadId(8))
    expect([isHeard, tasksOf(room, 8).length]).toEqual([true, 1])
    await until('task', () => tasksOf(room, 7).length === 1)
  })

  it('ends running work before it stops, and keeps what was accepted', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    let isAnswered = false
    room.toy.beforeAnswer = () => new Promise(resolve => setTimeout(() => {
      isAnswered = true
      resolve()
    }, 300))
    room.toy.create(7)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await until('look begins', () => room.toy.calls.readSights === 1)
    const late = jobs.requestReview(firma, [{ kind: 'lead', id: 8 }])
    await jobs.stop()
    started.length = 0
    await late
    expect(isAnswered).toBe(true)
    expect(await room.database.db.selectFrom('inbox').select('id').where('id', '=', 8).execute()).toHaveLength(1)
    expect(await room.database.locks.isFree(`portal:${firma}`)).toBe(true)
  })

  it('deletes everything of a portal at once when it was uninstalled with its data, in one transaction', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    await admit(room.database, 'other')
    room.toy.create(7)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    // Both portals are the same toy, and the sweep of the other one may find the lead as well.
    await until('task', () => tasksOf(room, 7).length > 0)
    await jobs.retirePortal(firma, { clean: true })
    for (const table of tenantTables) expect(await room.database.db.selectFrom(table).select('member_id').where('member_id', '=', firma).execute(), table).toEqual([])
    expect(await createPortals(room.database, sealer).findPortal('other')).not.toBeNull()
  })

  it('disables a portal that was uninstalled without its data, and deletes it after the retention time', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room)
    await createPortals(room.database, sealer).saveToken({ memberId: firma, userId: 1, accessToken: 'a', refreshToken: 'r', expiresAt: at('11:00'), serverEndpoint: 'https://oauth.example.com/rest/' })
    await jobs.retirePortal(firma, { clean: false })
    expect(await createPortals(room.database, sealer).findPortal(firma)).toMatchObject({ status: 'uninstalled' })
    expect(await createPortals(room.database, sealer).tokensOf(firma)).toEqual([])
    room.toy.create(7)
    await ask(room.database, [7])
    await new Promise(resolve => setTimeout(resolve, 400))
    expect(room.toy.calls.readSights).toBe(0)
    await jobs.stop()
    started.length = 0
    await room.database.db.updateTable('portals').set({ purge_at: at('10:00', '2020-01-01').toString() }).execute()
    await start(room)
    await until('purged', async () => await createPortals(room.database, sealer).findPortal(firma) === null)
  })

  it('asks for the people again when they are too old to choose among', async () => {
    const room = await makeRoom(await open())
    await saveFacts(room.database.db, firma, await room.toy.readFacts(firma), at('10:00', '2020-01-01'))
    const asked = room.toy.calls.readFacts
    const jobs = await start(room)
    room.toy.create(7)
    await jobs.requestReview(firma, [{ kind: 'lead', id: 7 }])
    await until('task', () => tasksOf(room, 7).length === 1)
    expect(room.toy.calls.readFacts).toBe(asked + 1)
  })

  it('reads the portal’s stages once more when a lead stands on one that nobody knows yet, and then waits', async () => {
    const room = await makeRoom(await open())
    const facts = await room.toy.readFacts(firma)
    await saveFacts(room.database.db, firma, { ...facts, stageNames: { NEW: 'Новый лид' } }, Temporal.Now.instant().subtract({ seconds: 40 }))
    const asked = room.toy.calls.readFacts
    const jobs = await start(room)
    room.toy.create(7)
    await jobs.reviewNow(firma, leadId(7))
    expect((await factsOf(room.database.db, firma))?.facts.stageNames['IN_WORK']).toBe('Взят в работу')
    await jobs.reviewNow(firma, leadId(7))
    expect(room.toy.calls.readFacts).toBe(asked + 1)
  })

  it('keeps a click that finds the portal refusing, and says so', async () => {
    const room = await makeRoom(await open())
    const jobs = await start(room, { role: 'web' })
    room.toy.create(7)
    room.toy.refuse = () => new PortalError({ code: 'unavailable', method: 'batch' })
    await expect(jobs.reviewNow(firma, leadId(7))).rejects.toMatchObject({ code: 'unavailable' })
    expect(await countInbox(room.database.db, firma)).toBe(1)
  })

  if (kind === 'postgres') {
    it('never works for one portal twice at once, in two processes', async () => {
      const { database, options } = await openTestDatabase('postgres')
      const second = await openDatabase(options)
      const room = await makeRoom(database)
      let inside = 0
      let most = 0
      const guarded = { ...room.toy, carryOut: async (...asked: Parameters<typeof room.toy.carryOut>) => {
        most = Math.max(most, ++inside)
        const outcomes = await room.toy.carryOut(...asked)
        await new Promise(resolve => setTimeout(resolve, 15))
        inside--
        return outcomes
      }, readSights: async (...asked: Parameters<typeof room.toy.readSights>) => {
        most = Math.max(most, ++inside)
        const sights = await room.toy.readSights(...asked)
        await new Promise(resolve => setTimeout(resolve, 15))
        inside--
        return sights
      } }
      const told: Told[] = []
      const one = await start(room, { portals: guarded })
      const two = await start(room, { portals: guarded, database: second, clock: makeClock(), log: makeLog(told) })
      const processes = [one, two]
      room.toy.onChange = subject => void processes[subject.id % 2]?.requestReview(firma, [subject])
      for (let id = 1; id <= 120; id++) room.toy.create(id)
      await Promise.all([5, 6, 7, 8].map(id => processes[id % 2]?.reviewNow(firma, leadId(id))))
      await until('all served', async () => room.toy.effects.filter(({ kind }) => kind === 'set-follow-up').length >= 120 && await isIdle(database)())
      expect(most).toBe(1)
      expect(new Set(room.toy.effects.map(({ mark }) => mark)).size).toBe(room.toy.effects.length)
      for (const jobs of started.splice(0)) await jobs.stop()
      await database.close()
      await second.close()
    })
  }
})

describe('intake', () => {
  it('shares one insert among many callers, and fails all of them when it fails', async () => {
    const { database } = await openTestDatabase('pglite')
    let transactions = 0
    let isBroken = false
    const counting: Database = { ...database, transaction: (run) => {
      transactions++
      return isBroken ? Promise.reject(new Error('disk full')) : database.transaction(run)
    } }
    const committed: string[] = []
    const intake = createIntake(counting, memberIds => committed.push(...memberIds))
    const entry = (id: number) => [{ memberId: firma, kind: 'lead' as const, id, urgent: false }]
    await Promise.all(Array.from({ length: 500 }, (_, index) => intake.add(entry(index % 100))))
    expect(await countInbox(database.db, firma)).toBe(100)
    expect(transactions).toBeLessThan(10)
    expect(new Set(committed)).toEqual(new Set([firma]))
    isBroken = true
    const answers = await Promise.allSettled([intake.add(entry(1)), intake.add(entry(2))])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await database.close()
  })
})
