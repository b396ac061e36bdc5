import { expect, it } from 'vitest'
import type { Act } from '../../../server/domain/lead.ts'
import { unobeyedActs } from '../../../server/store/acts.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma } from '../support.ts'
import { anna, asked, boris, lead, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { goOn, dieAt, last } = saga
  const endsOf = async () => ((await unobeyedActs(saga.database.db, firma, new Map([[lead, 0]]))).get(lead) ?? []).flatMap((act: Act) => ('end' in act && act.end !== undefined ? [{ kind: act.kind, ...act.end }] : []))

  it('is nobody’s news when it ends while whoever has pressed the button waits', async () => {
    await saga.desk.begin(firma, asked)
    expect(await endsOf()).toEqual([])
  })

  it('is in the journal, and told to nobody, when he sees that it is held', async () => {
    await saga.heldOne()
    expect(await endsOf()).toEqual([{ kind: 'conversion-ended', ended: 'held', why: 'refused', words: 'Так нельзя', left: null, tellUserId: null }])
  })

  it('is told to whoever has begun it when it is held after his window was closed', async () => {
    dieAt('before', 'tell')
    await saga.desk.begin(firma, asked)
    saga.toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    await goOn('held')
    expect(await endsOf()).toEqual([{ kind: 'conversion-ended', ended: 'held', why: 'refused', words: 'Так нельзя', left: null, tellUserId: anna }])
  })

  it('is told to him when it is taken back meanwhile, with what is left', async () => {
    dieAt('before', 'deal')
    await saga.desk.begin(firma, asked)
    saga.toy.strangers = [900]
    await goOn('taken-back')
    expect(await endsOf()).toEqual([{ kind: 'conversion-undone', ended: 'taken-back', why: 'converted-elsewhere', words: null, left: 'no-deal', tellUserId: anna }])
  })

  it.each([[10, []], [600, [{ kind: 'conversion-ended', ended: 'done', why: null, words: null, left: null, tellUserId: anna }]]] as const)('is told to him when it is done %i seconds after it was begun, if that is long', async (seconds, news) => {
    dieAt('before', 'tell')
    await saga.desk.begin(firma, asked)
    saga.room.clock.set(saga.room.clock.now().add({ seconds }))
    await goOn('done')
    expect(await endsOf()).toEqual(news)
  })

  it('is told to whoever undoes it when the portal does not let the lead back', async () => {
    const { id } = await saga.desk.begin(firma, asked)
    dieAt('before', '-finish-lead')
    await saga.desk.undo(firma, id, boris)
    saga.toy.stays = 'Стадия закрыта'
    await goOn('done')
    expect((await last()).why).toBe('not-reopened')
    expect(await endsOf()).toEqual([{ kind: 'conversion-ended', ended: 'done', why: 'not-reopened', words: 'Стадия закрыта', left: null, tellUserId: boris }])
  })
})
