import { describe, expect, it } from 'vitest'
import { openConversions } from '../../../server/jobs/conversion-desk.ts'
import { conversionOf, lastConversionOf } from '../../../server/store/conversions.ts'
import { purgePortal } from '../../../server/store/portals.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, until } from '../support.ts'
import { anna, asked, keys, lead, steps, whole, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { last, statusNow, kinds, actsOf, release, goOn, dieAt } = saga

  it('makes company, contact and deal with the rights of whoever converts, and the lead\'s success stage last (S0-29, S3-25)', async () => {
    const done = await saga.desk.begin(firma, asked)
    expect(done.status).toBe('done')
    expect(saga.toy.effects).toEqual(keys.filter(key => !key.startsWith('check')))
    expect(kinds()).toEqual(whole)
    expect([...saga.toy.objects.values()].filter(({ kind }) => ['company', 'contact', 'deal'].includes(kind)).map(({ by }) => by)).toEqual(['hers', 'hers', 'hers'])
    expect(saga.toy.stage).toBe('CONVERTED')
    expect(await actsOf()).toEqual(['converted'])
    expect((await saga.database.db.selectFrom('inbox').select('urgent').where('id', '=', lead).execute())).toEqual([{ urgent: true }])
  })

  describe('killed', () => {
    it.each(keys.flatMap(key => [['before', key], ['after', key]] as const))('%s «%s» it goes on by itself, and nothing is there twice', async (when, key) => {
      dieAt(when, key)
      await saga.desk.begin(firma, asked)
      expect(await statusNow()).toBe('running')
      await goOn('done')
      expect(kinds()).toEqual(whole)
      expect(saga.toy.stage).toBe('CONVERTED')
      expect(saga.toy.bindings.size).toBe(5)
      expect((await last()).steps.map(({ state }) => state)).toEqual(steps.map(() => 'done'))
    })

    it.each(keys.filter(key => !key.startsWith('check')).flatMap(key => [['before', key], ['after', key]] as const))('%s the undoing of «%s» it goes on by itself, and nothing is left (S3-28)', async (when, key) => {
      const { id } = await saga.desk.begin(firma, asked)
      dieAt(when, `-${key}`)
      await saga.desk.undo(firma, id, anna)
      await goOn('undone')
      expect(kinds()).toEqual([])
      expect([...saga.toy.bindings]).toEqual([])
      expect(saga.toy.stage).toBe('WORK')
    })
  })

  it('is one conversion however often and from how many windows it is begun', async () => {
    const other = openConversions(saga.room)
    let answered = 0
    // It does not end before the others were answered.
    saga.toy.answer = async (step) => {
      if (step.key === 'company') await until('the others are answered', () => answered === 2)
      return null
    }
    const [one, two, three] = await Promise.all([saga.desk, saga.desk, other].map(desk => desk.begin(firma, asked).finally(() => { answered += 1 })))
    await goOn('done')
    expect(new Set([one?.id, two?.id, three?.id]).size).toBe(1)
    expect(kinds()).toEqual(whole)
  })

  it('is worked on by one process at a time', async () => {
    const others = [openConversions(saga.room), openConversions(saga.room), openConversions(saga.room)]
    let running = 0
    let most = 0
    saga.toy.dies = (when) => { running += when === 'before' ? 1 : -1; most = Math.max(most, running) }
    void saga.desk.begin(firma, asked)
    await until('it is stored', async () => await lastConversionOf(saga.database.db, firma, lead) !== null)
    await release()
    await Promise.all(others.map(other => other.takeUp()))
    await until('it is done', async () => await statusNow() === 'done')
    expect(most).toBe(1)
    for (const other of others) await other.stop()
  })

  it('is gone with its portal', async () => {
    await saga.desk.begin(firma, asked)
    await saga.database.transaction(tx => purgePortal(tx, firma))
    expect(await saga.database.db.selectFrom('conversion_steps').select('place').execute()).toEqual([])
    expect(await conversionOf(saga.database.db, firma, 'any')).toBeNull()
  })

  it('stops after the step under way when the process ends', async () => {
    let count = 0
    saga.toy.dies = (when, key) => { if (when === 'after' && key === 'contact') void saga.desk.stop(); count += 1 }
    await saga.desk.begin(firma, asked)
    expect(await statusNow()).toBe('running')
    expect(saga.toy.effects).toEqual(['company', 'contact'])
    expect(count).toBeGreaterThan(0)
    await goOn('done')
  })
})
