import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { stageId, type Sight } from '../../../server/domain/lead.ts'
import { freeHeld, goOn as retry, lookAtHeld } from '../../../server/jobs/held.ts'
import { lookAtLeads } from '../../../server/jobs/look.ts'
import { forgetOld } from '../../../server/jobs/retire-portal.ts'
import { changeConversion, heldConversions, takeDueConversions } from '../../../server/store/conversions.ts'
import { lead as makeLead, regulation } from '../../domain/support.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma } from '../support.ts'
import { anna, asked, lead, whole, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { last, statusNow, rowOf, kinds, goOn, dieAt, heldOne } = saga

  it.each(['company', 'contact', 'deal'])('takes everything back when the portal refuses the %s (S0-30)', async (refused) => {
    saga.toy.refuse = step => (step.key === refused ? 'invalid' : null)
    const ended = await saga.desk.begin(firma, asked)
    expect(ended).toMatchObject({ status: 'taken-back', why: 'refused', whyWords: 'Так нельзя' })
    expect(kinds()).toEqual([])
    expect(saga.toy.stage).toBe('WORK')
    // Afterwards it may be begun anew.
    saga.toy.refuse = () => null
    expect((await saga.desk.begin(firma, asked)).status).toBe('done')
  })

  it('says that the right is wanting when the person may not make a deal', async () => {
    saga.toy.refuse = (step, { accessToken }) => (step.key === 'deal' && accessToken === 'hers' ? 'access-denied' : null)
    expect(await saga.desk.begin(firma, asked)).toMatchObject({ status: 'taken-back', why: 'no-right' })
    expect(kinds()).toEqual([])
  })

  it('goes on without what is not essential, and says what was refused', async () => {
    saga.toy.refuse = step => (step.key === 'tasks' ? 'access-denied' : null)
    const done = await saga.desk.begin(firma, asked)
    expect(done.status).toBe('done')
    expect(done.steps.find(({ step }) => step.key === 'tasks')).toMatchObject({ state: 'refused', words: 'Так нельзя' })
    expect(kinds()).toEqual(whole)
  })

  it('is held when only the lead\'s stage is refused: tried again it ends, taken back nothing is left', async () => {
    saga.toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    const held = await saga.desk.begin(firma, asked)
    expect(held).toMatchObject({ status: 'held', whyWords: 'Так нельзя' })
    expect(kinds()).toEqual(whole)
    expect((await saga.desk.retry(firma, held.id, 'hers'))?.status).toBe('held')
    saga.toy.refuse = () => null
    expect((await saga.desk.retry(firma, held.id, 'hers'))?.status).toBe('done')
    expect(await saga.desk.takeBack(firma, held.id)).toBeNull()
  })

  it('takes a held conversion back when it is asked for', async () => {
    saga.toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    const { id } = await saga.desk.begin(firma, asked)
    expect((await saga.desk.takeBack(firma, id))?.status).toBe('taken-back')
    expect(kinds()).toEqual([])
  })

  it.each(['check', 'check-deal', 'check-after', 'check-finish', 'check-end'])('ends with one result when the lead is converted natively before «%s»', async (key) => {
    saga.toy.dies = (when, at) => { if (when === 'before' && at === key) saga.toy.strangers = [900] }
    const ended = await saga.desk.begin(firma, asked)
    expect(ended).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [900] })
    expect(kinds()).toEqual([])
  })

  it('looks again before the last step is tried again: whoever has converted the lead by hand meanwhile keeps his deal only', async () => {
    const held = await heldOne()
    saga.toy.strangers = [900]
    saga.toy.stage = 'CONVERTED'
    expect(await saga.desk.retry(firma, held.id, 'hers')).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [900] })
    expect(kinds()).toEqual([])
  })

  it('does not take its own last step for somebody else\'s', async () => {
    saga.toy.answer = async step => (step.key === 'finish-lead' ? 'unexpected' : null)
    await saga.desk.begin(firma, asked)
    await goOn('held')
    saga.toy.answer = async () => null
    expect((await saga.desk.retry(firma, (await last()).id, 'hers'))?.status).toBe('done')
    expect(kinds()).toEqual(whole)
  })

  it('is not tried again by whoever comes too late: its steps stay as they ended', async () => {
    const held = await heldOne()
    await changeConversion(saga.database.db, firma, held.id, ['held'], { to: 'taking-back', why: 'asked' })
    expect(await retry(saga.room, firma, held)).toBe(false)
    expect(await rowOf('finish-lead')).toMatchObject({ state: 'refused', words: 'Так нельзя' })
  })

  it('gives whoever tries again the same head start', async () => {
    const held = await heldOne()
    let due: Promise<readonly unknown[]> = Promise.resolve(['not asked'])
    saga.toy.dies = (when, key) => { if (when === 'before' && key === 'finish-lead') due = takeDueConversions(saga.database.db, Temporal.Now.instant(), { limit: 9, until: Temporal.Now.instant(), except: [] }) }
    await saga.desk.retry(firma, held.id, 'hers')
    expect(await due).toEqual([])
    expect(saga.toy.effects.at(-1)).toBe('finish-lead')
  })

  const seen = (change: Parameters<typeof makeLead>[0]): Sight => ({ kind: 'seen', lead: makeLead({ id: lead, ...change }) })
  const won = seen({ stageId: stageId('CONVERTED'), semantic: 'success' })

  it('ends by itself when its lead is deleted, and takes back what it has made', async () => {
    const { id } = await heldOne()
    await freeHeld(saga.room, firma, [seen({ stageId: stageId('WORK') })])
    expect(await statusNow()).toBe('held')
    await freeHeld(saga.room, firma, [{ kind: 'gone', leadId: lead }])
    await goOn('taken-back')
    expect(kinds()).toEqual([])
    expect(await last()).toMatchObject({ id, why: 'lead-gone', whyWords: null })
    expect(await heldConversions(saga.database.db, firma, [lead])).toEqual(new Map())
  })

  it('ends by itself when its lead is put on its success stage by hand, and no other deal was made of it (S3-25)', async () => {
    await heldOne()
    saga.toy.stage = 'CONVERTED'
    await freeHeld(saga.room, firma, [won])
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('gives way by itself when its lead is converted natively: one deal is left, and it is not ours (S3-25)', async () => {
    await heldOne()
    saga.toy.stage = 'CONVERTED'
    saga.toy.strangers = [900]
    await freeHeld(saga.room, firma, [won])
    await goOn('taken-back')
    expect(await last()).toMatchObject({ why: 'converted-elsewhere', elsewhere: [900] })
    expect(kinds()).toEqual([])
    expect(saga.toy.stage).toBe('CONVERTED')
  })

  it('is known to every look at its lead, which may be moved to and fro meanwhile', async () => {
    const { id } = await heldOne()
    saga.room.toy.create(lead)
    const look = () => lookAtLeads(saga.room, firma, [regulation], [lead], new Map())
    expect(await look()).toMatchObject([{ lead: { semantic: 'processing', conversionId: id } }])
    await saga.desk.takeBack(firma, id)
    expect((await look()).map(sight => sight.kind === 'seen' && sight.lead.conversionId)).toEqual([undefined])
  })

  it('is looked at every hour: the portal may not have told that the lead was deleted', async () => {
    await heldOne()
    await saga.database.db.deleteFrom('inbox').execute()
    await lookAtHeld(saga.room)
    expect(await saga.database.db.selectFrom('inbox').select(['kind', 'id']).execute()).toEqual([{ kind: 'lead', id: lead }])
  })

  const pass = (days: number): void => saga.room.clock.set(saga.room.clock.now().add({ hours: 24 * days }))

  it('waits a month for a person from the moment it was held, not from its beginning', async () => {
    dieAt('before', 'tell')
    await saga.desk.begin(firma, asked)
    pass(40)
    saga.toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    await goOn('held')
    pass(29)
    await forgetOld(saga.room)
    expect(await statusNow()).toBe('held')
    pass(2)
    await forgetOld(saga.room)
    expect(await saga.desk.last(firma, lead)).toBeNull()
  })

  it('is told to whoever has begun it when nobody waits for it any more, and the rules count it no longer as converted', async () => {
    const { id } = await heldOne()
    pass(31)
    await forgetOld(saga.room)
    const acts = await saga.database.db.selectFrom('acts').select(['kind', 'facts']).where('lead_id', '=', lead).orderBy('id').execute()
    expect(acts.map(({ kind }) => kind)).toEqual(['converted', 'conversion-ended', 'conversion-undone'])
    expect(acts.at(-1)?.facts).toEqual({ conversionId: id, end: { ended: 'taken-back', why: 'not-waited-for', words: null, left: null, tellUserId: anna } })
    expect(await saga.database.db.selectFrom('inbox').select(['kind', 'id']).execute()).toContainEqual({ kind: 'lead', id: lead })
  })

  it('waits as long as it takes when it was given up on its way back', async () => {
    const { id } = await saga.desk.begin(firma, { ...asked, undoDays: 60 })
    saga.toy.refuseUndo = undo => (undo.key === 'contact' ? 'unavailable' : null)
    await saga.desk.undo(firma, id, anna)
    await saga.database.db.updateTable('conversions').set({ failures: 40 }).execute()
    await goOn('held')
    pass(400)
    await forgetOld(saga.room)
    expect(await last()).toMatchObject({ status: 'held', why: 'not-undone' })
    saga.toy.refuseUndo = () => null
    await saga.desk.retry(firma, id, 'hers')
    await goOn('undone')
    expect(kinds()).toEqual([])
  })

  it('waits as long as it takes when not all could be taken back', async () => {
    const { id } = await heldOne()
    saga.toy.refuseUndo = undo => (undo.key === 'contact' ? 'unavailable' : null)
    await saga.desk.takeBack(firma, id)
    await saga.database.db.updateTable('conversions').set({ failures: 40 }).execute()
    await goOn('held')
    pass(400)
    await forgetOld(saga.room)
    expect(await last()).toMatchObject({ status: 'held', why: 'not-taken-back' })
  })
})
