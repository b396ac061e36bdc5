import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { mayTakeBack, openConversions } from '../../../server/jobs/conversion-desk.ts'
import { addConversion, changeConversion, conversionStatusOf } from '../../../server/store/conversions.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, until } from '../support.ts'
import { anna, asked, boris, lead, whole, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { last, statusNow, rowOf, kinds, actsOf, goOn, release, heldOne } = saga

  it('keeps what was touched since, and says so before and after', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    const contact = [...saga.toy.objects.values()].find(({ kind }) => kind === 'contact')
    if (contact !== undefined) contact.touched = true
    const outlook = await saga.desk.outlook(firma, id)
    expect(outlook.filter(({ outlook: { outcome } }) => outcome === 'kept').map(({ undo }) => undo.key)).toEqual(['link-lead', 'requisites', 'contact', 'company'])
    const undone = await saga.desk.undo(firma, id, anna)
    expect(undone?.status).toBe('undone')
    expect(kinds()).toEqual(['company', 'contact', 'requisites'])
    expect(undone?.steps.find(({ step }) => step.key === 'contact')).toMatchObject({ state: 'kept', words: 'touched' })
    expect(await actsOf()).toEqual(['converted', 'conversion-undone'])
  })

  it('leaves whatever hangs on a touched deal where it is', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    for (const object of saga.toy.objects.values()) if (object.kind === 'deal') object.touched = true
    const kept = (await saga.desk.outlook(firma, id)).filter(({ outlook: { outcome } }) => outcome === 'kept').map(({ undo }) => undo.key)
    const by = Object.fromEntries((await saga.desk.outlook(firma, id)).map(({ undo, outlook }) => [undo.key, outlook.outcome === 'kept' ? outlook.by : null]))
    expect([by['contact'], by['company'], by['products'], by['requisites']]).toEqual([[{ what: 'used-by', object: 'deal' }], [{ what: 'used-by', object: 'deal' }], [{ what: 'used-by', object: 'deal' }], [{ what: 'used-by', object: 'company' }]])
    // A deal without its client would be of no use, and its requisites are the company's.
    expect(kept).toEqual(['tell', 'link-lead', 'tasks', 'activities', 'link-requisites', 'products', 'deal', 'requisites', 'contact', 'company'])
    await saga.desk.undo(firma, id, anna)
    expect(kinds()).toEqual(whole)
    expect(saga.toy.bindings.size).toBe(5)
    expect(saga.toy.stage).toBe('WORK')
  })

  it('is undone within its days only, and once', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    saga.room.clock.set(saga.room.clock.now().add({ hours: 73 }))
    expect(await saga.desk.undo(firma, id, anna)).toBeNull()
    saga.room.clock.set(saga.room.clock.now().subtract({ hours: 2 }))
    expect((await saga.desk.undo(firma, id, anna))?.status).toBe('undone')
    expect(await saga.desk.undo(firma, id, anna)).toBeNull()
  })

  it('is undone within the days since its end, however long it has waited for a person (S3-28)', async () => {
    const { id } = await heldOne()
    const { clock } = saga.room
    clock.set(clock.now().add({ hours: 73 }))
    expect(await saga.desk.retry(firma, id, 'hers')).toMatchObject({ status: 'done', undoUntil: clock.now().add({ hours: 72 }).toString({ smallestUnit: 'millisecond' }) })
    saga.toy.stays = 'Стадия закрыта'
    // What is done again because the lead was not let back gets no more days.
    clock.set(clock.now().add({ hours: 71 }))
    expect(await saga.desk.undo(firma, id, anna)).toMatchObject({ status: 'done', undoUntil: clock.now().add({ hours: 1 }).toString({ smallestUnit: 'millisecond' }) })
    clock.set(clock.now().add({ hours: 2 }))
    expect(await saga.desk.undo(firma, id, anna)).toBeNull()
  })

  it('can never be undone where the regulation says so', async () => {
    const { id, undoUntil } = await saga.desk.begin(firma, { ...asked, undoDays: 0 })
    expect(undoUntil).toBeNull()
    expect(await saga.desk.undo(firma, id, anna)).toBeNull()
  })

  it('may be taken back by a person when it fails again and again, and only then', async () => {
    saga.toy.refuse = step => (step.key === 'tasks' ? 'unavailable' : null)
    const stuck = await saga.desk.begin(firma, asked)
    expect(stuck).toMatchObject({ status: 'running' })
    expect(mayTakeBack(stuck)).toBe(true)
    expect(mayTakeBack({ status: 'running', why: null, failures: 0 })).toBe(false)
    expect((await saga.desk.takeBack(firma, stuck.id))?.status).toBe('taken-back')
    expect(kinds()).toEqual([])
  })

  it('puts the lead back when it is taken back while nobody knows whether its stage was changed', async () => {
    saga.toy.answer = async step => (step.key === 'finish-lead' ? 'unknown-outcome' : null)
    const { id } = await saga.desk.begin(firma, asked)
    expect(saga.toy.stage).toBe('CONVERTED')
    expect((await saga.desk.takeBack(firma, id))?.status).toBe('taken-back')
    expect(saga.toy.stage).toBe('WORK')
    expect(kinds()).toEqual([])
  })

  it('leaves what cannot be taken back because of an answer that nobody knows, and ends', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    saga.toy.refuseUndo = undo => (undo.key === 'tasks' ? 'unexpected' : null)
    await saga.desk.undo(firma, id, anna)
    await goOn('undone')
    expect(await rowOf('tasks')).toMatchObject({ state: 'kept', words: 'Так нельзя' })
    expect(kinds()).toEqual([])
  })

  it('stays done when the portal does not let the lead back, and may be undone later', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    saga.toy.stays = 'Стадия закрыта'
    expect(await saga.desk.undo(firma, id, anna)).toMatchObject({ status: 'done', why: 'not-reopened', whyWords: 'Стадия закрыта', undoneById: null })
    expect(kinds()).toEqual(whole)
    saga.toy.stays = null
    expect(await saga.desk.undo(firma, id, anna)).toMatchObject({ status: 'undone', why: null })
    expect(kinds()).toEqual([])
  })

  it('remains the lead\'s last one when a second window finds the lead converted', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    await saga.database.transaction(tx => addConversion(tx, firma, { ...asked, id: 'second', startedAt: saga.room.clock.now().add({ minutes: 1 }), notBefore: Temporal.Now.instant().add({ hours: 1 }) }))
    await changeConversion(saga.database.db, firma, 'second', ['running'], { to: 'taken-back', why: 'converted-elsewhere' })
    expect((await last()).id).toBe(id)
    expect(await conversionStatusOf(saga.database.db, firma, lead)).toBe('done')
    await saga.desk.undo(firma, id, anna)
    expect((await last()).id).toBe('second')
  })

  it.each(['activities', 'tasks'])('takes off what «%s» has bound although its answer was lost', async (key) => {
    saga.toy.answer = async step => (step.key === key ? 'unknown-outcome' : null)
    const { id } = await saga.desk.begin(firma, asked)
    expect(saga.toy.bindings.size).toBeGreaterThan(0)
    expect((await saga.desk.takeBack(firma, id))?.status).toBe('taken-back')
    expect([...saga.toy.bindings]).toEqual([])
    expect(saga.toy.effects).toContain(`-${key}`)
  })

  it('takes off the link of the requisites although its answer was lost', async () => {
    saga.toy.answer = async step => (step.key === 'link-requisites' ? 'unknown-outcome' : null)
    const { id } = await saga.desk.begin(firma, asked)
    await saga.desk.takeBack(firma, id)
    expect(saga.toy.effects).toContain('-link-requisites')
  })

  it('waits as long as a lost binding may still come', async () => {
    saga.withTiming({ unsureMs: 60_000 })
    saga.toy.answer = async step => (step.key === 'tasks' ? 'unknown-outcome' : null)
    const { id } = await saga.desk.begin(firma, asked)
    expect((await saga.desk.takeBack(firma, id))?.status).toBe('taking-back')
    expect(saga.toy.effects).not.toContain('-tasks')
  })

  /** Why each conversion that came to nothing did, as the lead is told. */
  const endsTold = async (): Promise<readonly unknown[]> =>
    (await saga.database.db.selectFrom('acts').select('facts').where('kind', '=', 'conversion-undone').execute()).map(({ facts }) => (facts['end'] as { readonly why: string } | undefined)?.why)

  const failAgainAndAgain = async (): Promise<void> => {
    const other = openConversions(saga.room)
    await until('it is given up', async () => {
      await release()
      await other.takeUp()
      return await statusNow() === 'held'
    })
    await other.stop()
  }

  it.each([['unavailable', null], ['a fault of ours', 'the program stumbles']] as const)('stops for a person when it fails without end with %s, and goes on when he says so', async (code, fault) => {
    const { id } = await heldOne()
    saga.toy.refuseUndo = (undo) => {
      if (undo.key !== 'products') return null
      if (fault !== null) throw new Error(fault)
      return code === 'unavailable' ? code : null
    }
    await saga.desk.takeBack(firma, id)
    await failAgainAndAgain()
    expect(await last()).toMatchObject({ status: 'held', why: 'not-taken-back' })
    expect(mayTakeBack(await last())).toBe(false)
    saga.toy.refuseUndo = () => null
    expect((await saga.desk.retry(firma, id, 'hers'))?.status).toBe('taken-back')
    expect(kinds()).toEqual([])
  })

  const beaten = (): void => {
    saga.toy.dies = (when, at) => { if (when === 'before' && at === 'check-end') saga.toy.strangers = [900] }
  }
  const denied = (): void => { saga.toy.refuse = step => (step.key === 'deal' ? 'invalid' : null) }

  it.each([
    ['was beaten', beaten, 'CONVERTED', { why: 'converted-elsewhere', whyWords: null, elsewhere: [900] }],
    ['was refused', denied, 'WORK', { why: 'refused', whyWords: 'Так нельзя' }],
  ] as const)('goes on for the reason it was taken back for: it %s', async (_what, happens, stage, end) => {
    happens()
    saga.toy.refuseUndo = undo => (undo.key === 'company' ? 'unavailable' : null)
    await saga.desk.begin(firma, asked)
    await failAgainAndAgain()
    expect(await last()).toMatchObject({ status: 'held', why: 'not-taken-back', former: { why: end.why, words: end.whyWords } })
    saga.toy.refuseUndo = () => null
    expect(await saga.desk.retry(firma, (await last()).id, 'hers')).toMatchObject({ status: 'taken-back', ...end })
    expect(saga.toy.stage).toBe(stage)
    expect(kinds()).toEqual([])
  })

  it.each([['by hand', []], ['natively', [900]]])('tells that the lead was converted elsewhere when it was put on success %s meanwhile (S3-25)', async (_how, strangers) => {
    const { id } = await heldOne()
    saga.toy.stage = 'CONVERTED'
    saga.toy.strangers = [...strangers]
    expect(await saga.desk.takeBack(firma, id)).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', whyWords: null, elsewhere: strangers })
    expect(await endsTold()).toEqual(['converted-elsewhere'])
    expect(saga.toy.stage).toBe('CONVERTED')
    expect(kinds()).toEqual([])
  })

  it('tells it when the portal had refused the deal, too', async () => {
    saga.toy.refuse = (step) => {
      if (step.key !== 'deal') return null
      saga.toy.stage = 'CONVERTED'
      return 'access-denied'
    }
    expect(await saga.desk.begin(firma, asked)).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', whyWords: null })
  })

  it('is what was asked for where others have made a deal of a lead that is in work', async () => {
    const { id } = await heldOne()
    saga.toy.strangers = [900]
    expect(await saga.desk.takeBack(firma, id)).toMatchObject({ status: 'taken-back', why: 'asked', elsewhere: [] })
  })

  it('is what was asked for where the lead stood on success before', async () => {
    const onSuccess = asked.steps.map(step => (step.kind === 'check' ? { ...step, onSuccess: true as const } : step)).filter(({ kind }) => kind !== 'finish-lead')
    saga.toy.stage = 'CONVERTED'
    saga.toy.refuse = step => (step.key === 'deal' ? 'invalid' : null)
    expect(await saga.desk.begin(firma, { ...asked, steps: onSuccess })).toMatchObject({ status: 'taken-back', why: 'refused', whyWords: 'Так нельзя' })
  })

  it('ends although it may not look at its lead, and waits where the portal is silent', async () => {
    const { id } = await heldOne()
    saga.toy.refuse = step => (step.key === 'check-back' ? 'unavailable' : null)
    expect(await saga.desk.takeBack(firma, id)).toMatchObject({ status: 'taking-back', failures: 1 })
    saga.toy.refuse = step => (step.key === 'check-back' ? 'access-denied' : null)
    await goOn('taken-back')
    expect(await last()).toMatchObject({ why: 'asked' })
  })

  it('stops for whoever undoes it, too, and goes on undoing', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    saga.toy.refuseUndo = undo => (undo.key === 'deal' ? 'overloaded' : null)
    await saga.desk.undo(firma, id, boris)
    await failAgainAndAgain()
    expect(await last()).toMatchObject({ status: 'held', why: 'not-undone', undoneById: boris })
    saga.toy.refuseUndo = () => null
    expect((await saga.desk.retry(firma, id, 'hers'))?.status).toBe('undone')
    expect(kinds()).toEqual([])
  })
})
