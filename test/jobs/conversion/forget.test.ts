import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Plan } from '../../../server/domain/conversion/plan.ts'
import { leadId, userId } from '../../../server/domain/lead.ts'
import { forgetOld } from '../../../server/jobs/retire-portal.ts'
import { addConversion, conversionOf, type ConversionStatus } from '../../../server/store/conversions.ts'
import { forgetConversions } from '../../../server/store/old-conversions.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, useRoom, type TestRoom } from '../support.ts'

eachDatabase((_name, open) => {
  let room: TestRoom
  useRoom(open, (made) => { room = made })

  const ago = (days: number) => room.clock.now().subtract({ hours: 24 * days })
  let ids = 0
  const add = async (status: ConversionStatus, { days = 0, undoFor = 3 }: { readonly days?: number; readonly undoFor?: number | null } = {}): Promise<string> => {
    const id = `c${ids += 1}`
    const startedAt = ago(days)
    await room.database.transaction(tx => addConversion(tx, firma, {
      id, leadId: leadId(ids), byUserId: userId(3), byUserName: 'Анна', regulationVersion: 1, plan: {} as Plan, startedAt, notBefore: startedAt,
      undoDays: undoFor ?? 0, steps: [{ key: 'check', kind: 'check', leadId: leadId(ids), knownDeals: [] }],
    }))
    await room.database.db.updateTable('conversions').set(status === 'held'
      ? { status, held_at: startedAt.toString() }
      : { status, ended_at: startedAt.toString(), undo_until: undoFor === null ? null : startedAt.add({ hours: 24 * undoFor }).toString() }).where('id', '=', id).execute()
    await room.database.db.updateTable('conversion_steps').set({ state: 'done', result: JSON.stringify({ id: 5, refused: ['Поле'], before: { a: 1 }, after: { a: 2 }, means: [] }) }).where('conversion_id', '=', id).execute()
    return id
  }
  const resultOf = async (id: string): Promise<unknown> => (await conversionOf(room.database.db, firma, id))?.steps[0]?.result

  it('waits a month for a person to go on with a held conversion, and then leaves the lead free', async () => {
    const [old, young] = [await add('held', { days: 31 }), await add('held', { days: 29 })]
    await forgetOld(room)
    expect([await conversionOf(room.database.db, firma, old), (await conversionOf(room.database.db, firma, young))?.status]).toEqual([null, 'held'])
    expect((await room.database.db.selectFrom('conversion_steps').select('conversion_id').execute()).map(row => row.conversion_id)).toEqual([young])
  })

  it('deletes old ones with their steps, or not at all', async () => {
    const old = await add('done', { days: 500 })
    const { db } = room.database
    const forget = (): Promise<number> => forgetConversions(db, ago(400), 10)
    await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`.execute(db)
    await sql`create trigger refuse before delete on conversion_steps for each row execute function refuse()`.execute(db)
    await expect(forget()).rejects.toThrow('refused')
    expect((await conversionOf(db, firma, old))?.steps).toHaveLength(1)
    await sql`drop trigger refuse on conversion_steps`.execute(db)
    expect(await forget()).toBe(1)
    expect([await conversionOf(db, firma, old), await db.selectFrom('conversion_steps').select('place').execute()]).toEqual([null, []])
  })

  it('keeps what the portal’s objects looked like only as long as a conversion can be undone', async () => {
    const whole = { id: 5, refused: ['Поле'], before: { a: 1 }, after: { a: 2 }, means: [] }
    const over = [await add('done', { days: 4 }), await add('done', { undoFor: null }), await add('undone'), await add('taken-back')]
    const open_ = [await add('done', { days: 2 }), await add('held', { days: 4 }), await add('undoing', { days: 4 })]
    await forgetOld(room)
    expect(await Promise.all(over.map(resultOf))).toEqual(over.map(() => ({ id: 5, refused: ['Поле'] })))
    expect(await Promise.all(open_.map(resultOf))).toEqual(open_.map(() => whole))
  })
})
