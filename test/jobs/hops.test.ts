import { Temporal } from 'temporal-polyfill'
import { beforeEach, expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { leadId } from '../../server/domain/lead.ts'
import { carryOut } from '../../server/jobs/carry-out.ts'
import { reviewPortal } from '../../server/jobs/review-portal.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import { sweepPortal } from '../../server/jobs/sweep-portal.ts'
import { wakePortals } from '../../server/jobs/wake-portal.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { Database } from '../../server/store/database.ts'
import { incidentsOf } from '../../server/store/incidents.ts'
import { journalOf } from '../../server/store/journal.ts'
import { LockLost } from '../../server/store/locks.ts'
import { portalsWithWork, takeDuePortals } from '../../server/store/portal-work.ts'
import { claimOutbox } from '../../server/store/outbox.ts'
import { createPortals, purgePortal, tenantTables } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { sharesOf } from '../../server/store/shares.ts'
import { watchOf } from '../../server/store/watches.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, journalKinds, makeRoom, outboxRows, sealer, waiting, type TestRoom } from './support.ts'

const untouched = new AbortController().signal
const tasksOf = (room: TestRoom, id: number): PortalCommand[] => room.toy.effects.filter(({ kind, leadId: of }) => kind === 'set-follow-up' && of === id)

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  beforeEach(async () => {
    database ??= await open()
    await database.transaction(async (tx) => {
      for (const table of tenantTables) await tx.deleteFrom(table).execute()
    })
    room = await makeRoom(database)
  })

  it('takes a new lead from the inbox to a task on the portal, and explains every command', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(room.toy.effects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['assign', 'move-stage', 'set-follow-up', 'notify']))
    expect(await waiting(database.db)).toEqual({ inbox: 0, outbox: 0 })
    const watch = await watchOf(database.db, firma, leadId(7))
    expect(watch).toMatchObject({ status: 'active', followUp: { id: room.toy.leads.get(7)?.followUps[0]?.id } })
    const journal = await journalOf(database.db, firma, leadId(7), 100)
    expect(journal.every(({ command }) => command.because.rule.length > 0)).toBe(true)
    expect(journal.filter(({ command }) => 'mark' in command).map(({ outcome }) => outcome)).toEqual(room.toy.effects.map(() => 'done'))
    expect(room.told.find(({ message }) => message === 'portal.reviewed')?.facts).toMatchObject({ memberId: firma, leads: 1 })
  })

  it('does nothing new when every handler runs twice', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    await ask(database, [7])
    await reviewPortal(room, firma)
    await carryOut(room, firma)
    await carryOut(room, firma)
    const effects = room.toy.effects.length
    const journal = await journalKinds(database.db, 7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    await servePortal(room, firma, untouched)
    expect(room.toy.effects.length).toBe(effects)
    expect(await journalKinds(database.db, 7)).toEqual(journal)
    expect(tasksOf(room, 7)).toHaveLength(1)
  })

  it('does not rewrite the watch when a look changes nothing', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    const version = () => database.db.selectFrom('watches').select(['version', 'next_at']).where('member_id', '=', firma).executeTakeFirstOrThrow()
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    const before = await version()
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(await version()).toEqual(before)
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

  it('keeps leads that come before a regulation is published, and looks at them once it is', async () => {
    await database.db.deleteFrom('regulations').execute()
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(room.toy.calls.readSights).toBe(0)
    expect((await waiting(database.db)).inbox).toBe(1)
    const now = Temporal.Now.instant()
    const portals = async (): Promise<unknown> => [await portalsWithWork(database.db, now, 10), await database.transaction(tx => takeDuePortals(tx, 'sweep', now, 1_000, 10))]
    expect(await portals()).toEqual([[], []])
    await database.transaction(tx => publishRegulation(tx, firma, regulation, at('10:00')))
    expect(await portals()).toEqual([[firma], [firma]])
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
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

  it('distributes in turn within one look, and keeps the ledger', async () => {
    for (let id = 1; id <= 30; id++) room.toy.create(id)
    await ask(database, [...room.toy.leads.keys()])
    await servePortal(room, firma, untouched)
    const shares = await sharesOf(database.db, firma, 'department:5')
    expect(Object.values(shares).map(({ received }) => received)).toEqual([10, 10, 10])
    expect(room.toy.calls.readSights).toBeLessThanOrEqual(3)
  })

  it('wakes a lead at its deadline, writes the miss, tells the responsible, and counts it when told', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    for (let round = 0; round < 6; round++) {
      room.clock.set(room.clock.now().add({ minutes: 10 }))
      await wakePortals(room)
      await servePortal(room, firma, untouched)
    }
    const incidents = await incidentsOf(database.db, firma, leadId(7))
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.deliveredAt).not.toBeNull()
    expect(room.toy.effects.filter(command => command.kind === 'notify' && command.about === 'missed')).toHaveLength(1)
  })

  it('goes on with a lead whose move the portal refuses for good, and tells the responsible once, in the portal’s words', async () => {
    room.toy.create(7)
    room.toy.refuseCommand = command => command.kind === 'move-stage' ? 'invalid' : null
    await ask(database, [7])
    for (let round = 0; round < 4; round++) await servePortal(room, firma, untouched)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'active', refused: { words: 'слова портала' } })
    expect(room.toy.effects.filter(command => command.kind === 'notify' && command.about === 'refused')).toHaveLength(1)
    expect(await journalKinds(database.db, 7)).toContain('note-refused')
  })

  it('wakes nobody before the moment has come', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    room.clock.set(room.clock.now().add({ seconds: 20 }))
    expect(await wakePortals(room)).toBe(0)
  })

  it('stops what waits for a lead that is gone', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.remove(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'closed', outcome: 'gone' })
    expect(await waiting(database.db)).toEqual({ inbox: 0, outbox: 0 })
  })

  it.each([
    ['rate-limited', 'pending'], ['unavailable', 'pending'], ['unknown-outcome', 'pending'], ['method-blocked', 'pending'],
    ['access-denied', 'failed'], ['invalid', 'failed'], ['not-found', 'gone'],
  ] as const)('after %s a command is %s, with the words of the portal', async (code, state) => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.refuseCommand = command => command.kind === 'notify' ? code : null
    await carryOut(room, firma)
    const row = (await outboxRows(database.db)).find(({ mark }) => room.toy.effects.every(effect => effect.mark !== mark))
    expect(row).toMatchObject({ state, error_code: code, attempts: 1 })
    const told = (await journalOf(database.db, firma, leadId(7), 100)).find(({ command }) => command.kind === 'notify')
    expect(told).toMatchObject({ outcome: state, outcomeDetail: expect.stringContaining('слова портала') as string })
  })

  it('holds back what follows a command of the same lead that waits for its repeat, and nothing else', async () => {
    const slow: TestRoom = { ...room, timing: { ...room.timing, pauseMs: 60_000, longestPauseMs: 60_000 } }
    room.toy.create(7)
    room.toy.create(8)
    await ask(database, [7, 8])
    await reviewPortal(slow, firma)
    const first = (await outboxRows(database.db))[0]?.mark
    await database.db.updateTable('outbox').set({ not_before: at('10:00', '2099-01-01').toString() }).where('mark', '=', first ?? '').execute()
    await carryOut(slow, firma)
    expect(new Set(room.toy.effects.map(effect => effect.leadId))).toEqual(new Set([8]))
  })

  it.each(['auth-lost', 'payment-required', 'portal-deleted'] as const)('suspends the portal after %s and keeps its rows', async (code) => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.refuse = call => call === 'carryOut' ? new PortalError({ code, method: 'batch' }) : null
    await servePortal(room, firma, untouched)
    expect(await createPortals(database, sealer).findPortal(firma)).toMatchObject({ status: 'suspended', statusReason: code })
    expect((await waiting(database.db)).outbox).toBeGreaterThan(0)
    room.toy.refuse = () => null
    await servePortal(room, firma, untouched)
    expect(room.toy.effects).toEqual([])
  })

  it.each(['access-denied', 'invalid', 'not-found', 'unexpected'] as const)('keeps every command for a repeat when the attempt as a whole ends with %s', async (code) => {
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    await database.db.updateTable('outbox').set({ attempts: 20 }).execute()
    room.toy.refuse = call => call === 'carryOut' ? new PortalError({ code, method: 'crm.item.list' }) : null
    await expect(carryOut(room, firma)).rejects.toMatchObject({ code })
    expect(new Set((await outboxRows(database.db)).map(({ state }) => state))).toEqual(new Set(['pending']))
  })

  it('pauses a portal that does not answer, and goes on afterwards', async () => {
    room.toy.create(7)
    await ask(database, [7])
    room.toy.refuse = () => new PortalError({ code: 'unavailable', method: 'batch' })
    await servePortal({ ...room, timing: { ...room.timing, pauseMs: 60_000, longestPauseMs: 300_000 } } as TestRoom, firma, untouched)
    room.toy.refuse = () => null
    await servePortal(room, firma, untouched)
    expect(room.toy.effects).toEqual([])
    await database.db.updateTable('portal_work').set({ not_before: at('10:00').toString() }).execute()
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
    expect(await database.db.selectFrom('portal_work').select('failures').executeTakeFirst()).toEqual({ failures: 0 })
  })

  it('looks at the other leads when the rules stumble over one', async () => {
    room.toy.create(7)
    room.toy.create(8)
    await ask(database, [7, 8])
    const stumbling: TestRoom = { ...room, rules: { ...room.rules, decide: (watch, sight, ...rest) => {
      if (sight.kind === 'seen' && sight.lead.id === 7) throw new Error('a bug')
      return room.rules.decide(watch, sight, ...rest)
    } } }
    await servePortal(stumbling, firma, untouched)
    expect(tasksOf(room, 8)).toHaveLength(1)
    expect(room.told.some(({ facts, message }) => message === 'lead.review-failed' && facts['leadId'] === 7)).toBe(true)
    expect((await waiting(database.db)).inbox).toBe(1)
  })

  it('stops a loop of its own echoes', async () => {
    room.toy.create(7)
    let round = 0
    const looping: TestRoom = { ...room, rules: { ...room.rules, decide: (watch, sight, regulation, version, context, now) => [
      ...room.rules.decide(watch, sight, regulation, version, context, now).filter(({ kind }) => kind === 'start-watch' || kind === 'wake-at'),
      { kind: 'notify', leadId: leadId(7), userId: context.people[0]!.id, mark: `echo-${++round}`, about: 'reminder', incidentId: null, because: { rule: 'lead-gone' } },
    ] } }
    room.toy.onChange = () => undefined
    for (let count = 0; count < 100; count++) {
      await ask(database, [7])
      await reviewPortal(looping, firma)
    }
    expect((await outboxRows(database.db)).length).toBe(60)
    expect(room.told.some(({ message }) => message === 'leads.loop-stopped')).toBe(true)
  })

  it('sweeps soon again when there was more than one sweep takes', async () => {
    const isDue = async (): Promise<boolean> => (await database.transaction(tx => takeDuePortals(tx, 'sweep', Temporal.Now.instant(), 60_000, 10))).includes(firma)
    const sweep = (more: boolean): Promise<void> => sweepPortal({ ...room, portals: { ...room.toy, changedSince: () => Promise.resolve({ subjects: [], mark: 1, more }) } }, firma)
    expect(await isDue()).toBe(true)
    await sweep(false)
    expect(await isDue()).toBe(false)
    await sweep(true)
    expect(await isDue()).toBe(true)
  })

  it('records nothing for a portal that was purged meanwhile', async () => {
    room.toy.create(7)
    await ask(database, [7])
    room.toy.beforeAnswer = () => database.transaction(tx => purgePortal(tx, firma))
    await reviewPortal(room, firma)
    for (const table of tenantTables) expect(await database.db.selectFrom(table).select('member_id').execute(), table).toEqual([])
  })

  it('reads a lead that comes in the middle of a flood with the next look', async () => {
    for (let id = 1; id <= 200; id++) room.toy.create(id)
    await ask(database, [...room.toy.leads.keys()], true)
    await reviewPortal(room, firma)
    room.toy.create(999)
    await ask(database, [999], true)
    await reviewPortal(room, firma)
    expect(await watchOf(database.db, firma, leadId(999))).toMatchObject({ status: 'active' })
    for (let count = 0; count < 10 && tasksOf(room, 999).length === 0; count++) await carryOut(room, firma)
    expect(tasksOf(room, 999)).toHaveLength(1)
    expect(room.toy.effects.length).toBeLessThanOrEqual(100)
  })
})
