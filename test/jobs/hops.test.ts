import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
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
import { noteBegun, portalsDueFor, portalsWithWork } from '../../server/store/portal-work.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { sharesOf } from '../../server/store/shares.ts'
import { watchOf } from '../../server/store/watches.ts'
import { at, call, people, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, journalKinds, outboxRows, tasksOf, untouched, useRoom, waiting, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  useRoom(open, (made) => {
    room = made
    database = made.database
  })

  it('takes a new lead from the inbox to a task on the portal, and explains every command (S3-1)', async () => {
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

  it('keeps leads that come before a regulation is published, and looks at them once it is', async () => {
    await database.db.deleteFrom('regulations').execute()
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(room.toy.calls.readSights).toBe(0)
    expect((await waiting(database.db)).inbox).toBe(1)
    const now = Temporal.Now.instant()
    const portals = async (): Promise<unknown> => [await portalsWithWork(database.db, now, 10), await portalsDueFor(database.db, 'sweep', now, 1_000, 10)]
    expect(await portals()).toEqual([[], []])
    await database.transaction(tx => publishRegulation(tx, firma, regulation, at('10:00')))
    expect(await portals()).toEqual([[firma], [firma]])
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
  })

  it('keeps a message that is late until the end of quiet hours, and nothing else of its lead (product, 9)', async () => {
    await database.transaction(tx => publishRegulation(tx, firma, { ...regulation, quietHours: { from: '20:00', to: '09:00', daysOff: false } }, at('09:30')))
    room.clock.set(at('17:50'))
    room.toy.create(7)
    await ask(database, [7])
    await reviewPortal(room, firma)
    room.toy.refuse = call => (call === 'carryOut' ? new PortalError({ code: 'unavailable', method: 'batch', status: 503 }) : null)
    await expect(carryOut(room, firma)).rejects.toThrow(PortalError)
    room.clock.set(at('22:00'))
    room.toy.refuse = () => null
    await servePortal(room, firma, untouched)
    const kinds = () => room.toy.effects.map(({ kind }) => kind)
    expect(kinds()).toEqual(expect.arrayContaining(['assign', 'move-stage', 'set-follow-up']))
    expect(kinds()).not.toContain('notify')
    const rows = await database.db.selectFrom('outbox').select(['state', 'attempts', 'not_before']).where('state', '<>', 'done').execute()
    expect(rows).toMatchObject([{ state: 'pending', attempts: 0 }])
    const waitsMs = Temporal.Instant.from(rows[0]?.not_before ?? '').epochMilliseconds - Date.now()
    expect(waitsMs / 3_600_000).toBeCloseTo(11, 1)
    room.clock.set(at('09:00', '2026-07-25'))
    await database.db.updateTable('outbox').set({ not_before: null }).where('state', '=', 'pending').execute()
    await servePortal(room, firma, untouched)
    expect(kinds().filter(kind => kind === 'notify')).toHaveLength(1)
    expect((await waiting(database.db)).outbox).toBe(0)
  })

  it('distributes in turn within one look, and keeps the ledger', async () => {
    for (let id = 1; id <= 30; id++) room.toy.create(id)
    await ask(database, [...room.toy.leads.keys()])
    await servePortal(room, firma, untouched)
    const shares = (await sharesOf(database.db, firma, ['department:5']))['department:5'] ?? {}
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
    const isDue = async (): Promise<boolean> => (await portalsDueFor(database.db, 'sweep', Temporal.Now.instant(), 60_000, 10)).includes(firma)
    const sweep = (more: boolean): Promise<void> => sweepPortal({ ...room, portals: { ...room.toy, changedSince: () => Promise.resolve({ subjects: [], mark: 1, more }) } }, firma)
    expect(await isDue()).toBe(true)
    await noteBegun(database.db, 'sweep', firma, Temporal.Now.instant())
    await sweep(false)
    expect(await isDue()).toBe(false)
    await sweep(true)
    expect(await isDue()).toBe(true)
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
    // The commands of one attempt.
    expect(room.toy.effects.length).toBeLessThanOrEqual(240)
  })

  it('sets a deleted task again, once, and says so in the journal', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    room.toy.change(7, { followUps: [] })
    for (let round = 0; round < 3; round++) {
      await ask(database, [7])
      await servePortal(room, firma, untouched)
    }
    expect(room.toy.leads.get(7)?.followUps).toMatchObject([{ open: true }])
    expect(tasksOf(room, 7)).toHaveLength(2)
    const journal = await journalOf(database.db, firma, leadId(7), 100)
    expect(journal.find(({ command }) => command.kind === 'set-follow-up')).toMatchObject({ outcome: 'done', command: { because: { rule: 'follow-up-deleted' } } })
  })

  it('sets no second task when a look only does not show the first one', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    for (const { id } of room.toy.leads.get(7)?.followUps ?? []) room.toy.hidden.add(id)
    room.toy.change(7, { followUps: [] })
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(tasksOf(room, 7)).toHaveLength(1)
  })

  it('leaves a deadline that a person moved before our own change was carried out, and follows it (S0-7, S0-23)', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    room.clock.set(at('10:10'))
    room.toy.change(7, { activities: [call(at('10:08'))] })
    await ask(database, [7])
    await reviewPortal(room, firma)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ clock: { kind: 'finish', movedFrom: null } })
    const moved = at('16:00')
    room.toy.change(7, { followUps: (room.toy.leads.get(7)?.followUps ?? []).map(followUp => ({ ...followUp, deadlineAt: moved })) })
    await servePortal(room, firma, untouched)
    expect(room.toy.leads.get(7)?.followUps[0]?.deadlineAt?.toString()).toBe(moved.toString())
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ clock: { kind: 'finish', dueAt: moved.toString() } })
    expect((await journalOf(database.db, firma, leadId(7), 100)).find(({ command }) => command.kind === 'change-follow-up')).toMatchObject({ outcome: 'gone' })
  })

  it('gives a task that a person has moved meanwhile to the new responsible all the same', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    room.clock.set(at('10:10'))
    const next = people.find(({ id, headIds }) => headIds.length > 0 && id !== room.toy.leads.get(7)?.responsibleId)?.id ?? null
    room.toy.change(7, { responsibleId: next })
    await ask(database, [7])
    await reviewPortal(room, firma)
    const moved = at('16:00')
    room.toy.change(7, { followUps: (room.toy.leads.get(7)?.followUps ?? []).map(followUp => ({ ...followUp, deadlineAt: moved })) })
    const looks = room.toy.calls.readSights
    await carryOut(room, firma)
    expect(room.toy.leads.get(7)?.followUps).toMatchObject([{ responsibleId: next, deadlineAt: moved }])
    expect(room.toy.calls.readSights, 'no look besides the one that carrying out begins with').toBe(looks)
  })
})
