import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { leadId, userId } from '../../../server/domain/lead.ts'
import { forgetOld } from '../../../server/jobs/retire-portal.ts'
import { addConversion, conversionOf, type ConversionStatus } from '../../../server/store/conversions.ts'
import { forgetConversions, thinConversions } from '../../../server/store/old-conversions.ts'
import { facts, innOfOrganisation, phone, plan } from '../../domain/conversion/support.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, useRoom, type TestRoom } from '../support.ts'

const ofLead = {
  inn: innOfOrganisation, lead: { means: [phone('+7 900 000-00-77')], fields: { companyTitle: 'ООО «Кедр»', name: 'Ольга', comments: 'Светлый камень' } },
}
const organisation = plan(ofLead)
const steps = stepsOf(organisation, facts(ofLead), tellWords('ru'))

eachDatabase((_name, open) => {
  let room: TestRoom
  useRoom(open, (made) => { room = made })

  const ago = (days: number) => room.clock.now().subtract({ hours: 24 * days })
  let ids = 0
  const add = async (status: ConversionStatus, { days = 0, undoFor = 3 }: { readonly days?: number; readonly undoFor?: number | null } = {}): Promise<string> => {
    const id = `c${ids += 1}`
    const startedAt = ago(days)
    await room.database.transaction(tx => addConversion(tx, firma, {
      id, leadId: leadId(ids), byUserId: userId(3), byUserName: 'Анна', regulationVersion: 1, plan: organisation, startedAt, notBefore: startedAt,
      undoDays: undoFor ?? 0, steps,
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
    expect(await room.database.db.selectFrom('conversion_steps').select('conversion_id').distinct().execute()).toEqual([{ conversion_id: young }])
  })

  it('deletes old ones with their steps, or not at all', async () => {
    const old = await add('done', { days: 500 })
    const { db } = room.database
    const forget = (): Promise<number> => forgetConversions(db, ago(400), 10)
    await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`.execute(db)
    await sql`create trigger refuse before delete on conversion_steps for each row execute function refuse()`.execute(db)
    await expect(forget().finally(() => sql`drop trigger refuse on conversion_steps`.execute(db))).rejects.toThrow('refused')
    expect((await conversionOf(db, firma, old))?.steps).toHaveLength(steps.length)
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

  it('keeps a client’s phones, number and answers only as long as a conversion can be undone, and the titles of what was made until it is forgotten', async () => {
    const open_ = await add('done', { days: 2 })
    const over = await add('done', { days: 4 })
    const secrets = ['900 000-00-77', '+79000000077', innOfOrganisation, 'Светлый камень']
    const told = async (id: string): Promise<readonly string[]> => {
      const kept = JSON.stringify(await conversionOf(room.database.db, firma, id))
      return secrets.filter(secret => kept.includes(secret))
    }
    expect(await told(open_)).toEqual(secrets)
    await forgetOld(room)
    expect(await told(open_)).toEqual(secrets)
    expect(await told(over)).toEqual([])
    const thin = await conversionOf(room.database.db, firma, over)
    expect(thin?.plan.objects.map(({ kind, title }) => [kind, title])).toEqual(organisation.objects.map(({ kind, title }) => [kind, title]))
    expect(thin?.steps.map(({ step }) => [step.key, step.kind])).toEqual(steps.map(({ key, kind }) => [key, kind]))
  })

  it('thins each once, however many there are', async () => {
    for (let index = 0; index < 21; index += 1) await add('undone')
    await forgetOld(room)
    const { db } = room.database
    const left = (): Promise<readonly unknown[]> => db.selectFrom('conversions').select('id').where('thinned', '=', false).execute()
    expect(await left()).toEqual([])
    expect(await room.database.transaction(tx => thinConversions(tx, room.clock.now(), 30))).toBe(0)
  })
})
