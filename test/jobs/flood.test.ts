import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import { carryOut, nextSize } from '../../server/jobs/carry-out.ts'
import { reviewPortal } from '../../server/jobs/review-portal.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { addToOutbox } from '../../server/store/outbox.ts'
import { watchOf } from '../../server/store/watches.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, untouched, useRoom, waiting, type TestRoom } from './support.ts'

const because = { rule: 'follow-up-closed' } as const
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index)

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  useRoom(open, (made) => {
    room = made
    database = made.database
  })

  it('looks at a new lead in the middle of a flood although the echoes of fifty others came after it', async () => {
    for (const id of numbers(1, 300)) room.toy.create(id)
    await ask(database, numbers(1, 300))
    await reviewPortal(room, firma)
    room.toy.create(999)
    await ask(database, [999])
    // What has been looked at comes back, one transaction each.
    const looked = await database.db.selectFrom('watches').select('lead_id').where('member_id', '=', firma).execute()
    for (const { lead_id: id } of looked) await ask(database, [id])
    expect(looked).toHaveLength(47)
    await reviewPortal(room, firma)
    expect(await watchOf(database.db, firma, leadId(999))).toMatchObject({ status: 'active' })
  })

  it('takes some of the newest changes of known leads into every look, too', async () => {
    for (const id of numbers(1, 300)) room.toy.create(id)
    await ask(database, [1])
    await reviewPortal(room, firma)
    await ask(database, numbers(2, 299))
    await ask(database, [1])
    await reviewPortal(room, firma)
    expect((await database.db.selectFrom('inbox').select('id').where('kind', '=', 'lead').execute()).map(row => row.id)).not.toContain(1)
  })

  it('carries out what a whole look has decided in one attempt', async () => {
    for (const id of numbers(1, 47)) room.toy.create(id)
    await ask(database, numbers(1, 47))
    await reviewPortal(room, firma)
    await carryOut(room, firma)
    expect(room.toy.calls.carryOut).toBe(1)
    expect((await waiting(database.db)).outbox).toBe(0)
  })

  it('leaves the outbox for a look that somebody waits for', async () => {
    const commands = numbers(1, 600).map((place): PortalCommand =>
      ({ kind: 'set-title', leadId: leadId(place), title: `Кухня ${place}`, mark: `${place}-title`, because }))
    for (const id of numbers(1, 600)) room.toy.create(id)
    await database.transaction(tx => addToOutbox(tx, firma, commands.map(command => ({ command, urgent: false }))))
    room.toy.create(999)
    const order: string[] = []
    const busy: TestRoom = {
      ...room,
      portals: {
        ...room.toy,
        carryOut: async (memberId, items, words) => {
          if (order.length === 0) await ask(database, [999], true)
          order.push(items.some(({ command }) => command.leadId === 999) ? 'commands of the urgent one' : 'commands')
          return room.toy.carryOut(memberId, items, words)
        },
        readSights: (memberId, ids, fields) => {
          order.push('look')
          return room.toy.readSights(memberId, ids, fields)
        },
      },
    }
    await servePortal(busy, firma, untouched)
    expect(order.slice(0, 3)).toEqual(['commands', 'look', 'commands of the urgent one'])
    expect((await waiting(database.db)).outbox).toBe(0)
  })

  it('carries out later commands of a lead while its message waits for the end of quiet hours', async () => {
    room.toy.create(7)
    await database.transaction(tx => addToOutbox(tx, firma, [
      { command: { kind: 'notify', leadId: leadId(7), userId: userId(10), mark: '7-told', about: 'assigned', incidentId: null, because }, urgent: false, notBefore: Temporal.Now.instant().add({ hours: 8 }) },
      { command: { kind: 'set-title', leadId: leadId(7), title: 'Кухня', mark: '7-title', because }, urgent: false },
    ]))
    await servePortal(room, firma, untouched)
    expect(room.toy.effects.map(({ mark }) => mark)).toEqual(['7-title'])
    expect((await waiting(database.db)).outbox).toBe(1)
  })
})

describe('the size of the next attempt', () => {
  it('shrinks while attempts keep a click waiting, and grows again when full ones are quick', () => {
    expect(nextSize(240, 240, 8_001, 4_000)).toBe(120)
    expect(nextSize(240, 100, 30_000, 4_000)).toBe(60)
    expect(nextSize(60, 60, 30_000, 4_000)).toBe(60)
    expect(nextSize(120, 120, 5_000, 4_000)).toBe(120)
    expect(nextSize(120, 30, 1_000, 4_000)).toBe(120)
    expect(nextSize(120, 120, 1_000, 4_000)).toBe(240)
    expect(nextSize(240, 240, 1_000, 4_000)).toBe(240)
  })
})
