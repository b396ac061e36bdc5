import { expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import { carryOut } from '../../server/jobs/carry-out.ts'
import { reviewPortal } from '../../server/jobs/review-portal.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { Database } from '../../server/store/database.ts'
import { journalOf } from '../../server/store/journal.ts'
import { createPortals, purgePortal, tenantTables } from '../../server/store/portals.ts'
import { watchOf } from '../../server/store/watches.ts'
import { at } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, journalKinds, outboxRows, sealer, tasksOf, untouched, useRoom, waiting, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  useRoom(open, (made) => {
    room = made
    database = made.database
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

  it('records nothing for a portal that was purged meanwhile', async () => {
    room.toy.create(7)
    await ask(database, [7])
    room.toy.beforeAnswer = () => database.transaction(tx => purgePortal(tx, firma))
    await reviewPortal(room, firma)
    for (const table of tenantTables) expect(await database.db.selectFrom(table).select('member_id').execute(), table).toEqual([])
  })
})
