import { setTimeout as sleep } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../../server/domain/conversion/plan.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { leadId, stageId, userId } from '../../../server/domain/lead.ts'
import { mayTakeBack, openConversions, type ConversionAsk, type Conversions } from '../../../server/jobs/conversion-desk.ts'
import { addConversion, changeConversion, conversionOf, conversionsDue, conversionStatusOf, lastConversionOf, type StoredConversion } from '../../../server/store/conversions.ts'
import type { Database } from '../../../server/store/database.ts'
import { purgePortal, tenantTables } from '../../../server/store/portals.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, makeRoom, until, type TestRoom } from '../support.ts'
import { makeToyConversions, type ToyConversions } from './toy-conversions.ts'

const lead = leadId(7)
const anna = userId(3)

/** A whole conversion of an organisation: the steps as the domain cuts them. */
const steps: readonly ConversionStep[] = [
  { key: 'check', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'company', kind: 'create', object: 'company', fields: { title: 'ООО «Ромашка»' }, means: [], companyId: null, contactIds: [] },
  { key: 'contact', kind: 'create', object: 'contact', fields: { name: 'Иван' }, means: [], companyId: { of: 'company' }, contactIds: [] },
  { key: 'requisites', kind: 'requisites', owner: { of: 'company' }, ownerKind: 'company', templateId: 1, name: 'ООО «Ромашка»', values: { inn: '7707083893' } },
  { key: 'check-deal', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'deal', kind: 'create', object: 'deal', fields: { title: 'Столешница' }, means: [], companyId: { of: 'company' }, contactIds: [{ of: 'contact' }] },
  { key: 'check-after', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'products', kind: 'products', deal: { of: 'deal' }, rows: [{ productName: 'Столешница', price: 100, quantity: 1 }] },
  { key: 'link-requisites', kind: 'link-requisites', deal: { of: 'deal' }, requisites: { of: 'requisites' } },
  { key: 'activities', kind: 'bind-activities', ids: [41, 42], to: [{ object: 'deal', id: { of: 'deal' } }, { object: 'contact', id: { of: 'contact' } }] },
  { key: 'tasks', kind: 'bind-tasks', ids: [51], to: [{ object: 'deal', id: { of: 'deal' } }] },
  { key: 'link-lead', kind: 'link-lead', leadId: lead, companyId: { of: 'company' }, contactIds: [{ of: 'contact' }], before: { companyId: null, contactIds: [] } },
  { key: 'tell', kind: 'tell', deal: { of: 'deal' }, leadId: lead, text: 'Из лида', leadText: 'Сделка' },
  { key: 'check-finish', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'finish-lead', kind: 'finish-lead', leadId: lead, to: stageId('CONVERTED'), from: stageId('WORK') },
]
const keys = steps.map(({ key }) => key)
/** The portal-made things of a whole conversion, each once. */
const whole = ['company', 'contact', 'deal', 'entry', 'products', 'requisites']

const asked: ConversionAsk = { leadId: lead, byUserId: anna, byUserName: 'Анна', accessToken: 'hers', regulationVersion: 1, plan: {} as Plan, steps, undoDays: 3 }

class Killed extends Error {}

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom
  let toy: ToyConversions
  let desk: Conversions

  beforeEach(async () => {
    database ??= await open()
    await database.transaction(async (tx) => {
      for (const table of tenantTables) await tx.deleteFrom(table).execute()
    })
    room = await makeRoom(database)
    toy = makeToyConversions()
    room = { ...room, portals: { ...room.toy, conversion: toy } }
    desk = openConversions(room)
  })

  const last = async (): Promise<StoredConversion> => {
    const found = await lastConversionOf(database.db, firma, lead)
    if (found === null) throw new Error('there is no conversion')
    return found
  }
  const statusNow = async () => (await last()).status
  const kinds = () => [...toy.objects.values()].map(({ kind }) => kind).sort()
  const actsOf = async () => (await database.db.selectFrom('acts').select(['kind', 'by_user_id']).where('lead_id', '=', lead).orderBy('id').execute()).map(({ kind }) => kind)
  const release = () => database.db.updateTable('conversions').set({ not_before: null }).execute()
  /** Another process takes up what was left behind, as often as it needs to. */
  const goOn = async (to: StoredConversion['status']): Promise<void> => {
    toy.dies = () => {}
    const other = openConversions(room)
    await until(`the conversion is ${to}`, async () => {
      await release()
      await other.takeUp()
      return await statusNow() === to
    })
    await other.stop()
  }
  const dieAt = (when: 'before' | 'after', key: string): void => {
    let isDead = false
    toy.dies = (moment, at) => {
      if (isDead || (moment === when && at === key)) {
        isDead = true
        throw new Killed(`${when} ${key}`)
      }
    }
  }

  it('makes company, contact and deal with the rights of whoever converts, and the lead\'s success stage last (S0-29, S3-25)', async () => {
    const done = await desk.begin(firma, asked)
    expect(done.status).toBe('done')
    expect(toy.effects).toEqual(keys.filter(key => !key.startsWith('check')))
    expect(kinds()).toEqual(whole)
    expect([...toy.objects.values()].filter(({ kind }) => ['company', 'contact', 'deal'].includes(kind)).map(({ by }) => by)).toEqual(['hers', 'hers', 'hers'])
    expect(toy.stage).toBe('CONVERTED')
    expect(await actsOf()).toEqual(['converted'])
    expect((await database.db.selectFrom('inbox').select('urgent').where('id', '=', lead).execute())).toEqual([{ urgent: true }])
  })

  describe('killed', () => {
    it.each(keys.flatMap(key => [['before', key], ['after', key]] as const))('%s «%s» it goes on by itself, and nothing is there twice', async (when, key) => {
      dieAt(when, key)
      await desk.begin(firma, asked)
      expect(await statusNow()).toBe('running')
      await goOn('done')
      expect(kinds()).toEqual(whole)
      expect(toy.stage).toBe('CONVERTED')
      expect(toy.bindings.size).toBe(5)
      expect((await last()).steps.map(({ state }) => state)).toEqual(steps.map(() => 'done'))
    })

    it.each(keys.filter(key => !key.startsWith('check')).flatMap(key => [['before', key], ['after', key]] as const))('%s the undoing of «%s» it goes on by itself, and nothing is left (S3-28)', async (when, key) => {
      const { id } = await desk.begin(firma, asked)
      dieAt(when, `-${key}`)
      await desk.undo(firma, id, anna)
      await goOn('undone')
      expect(kinds()).toEqual([])
      expect([...toy.bindings]).toEqual([])
      expect(toy.stage).toBe('WORK')
    })
  })

  it('is one conversion however often and from how many windows it is begun', async () => {
    const other = openConversions(room)
    const [one, two, three] = await Promise.all([desk.begin(firma, asked), desk.begin(firma, asked), other.begin(firma, asked)])
    await goOn('done')
    expect(new Set([one.id, two.id, three.id]).size).toBe(1)
    expect(kinds()).toEqual(whole)
  })

  it('is worked on by one process at a time', async () => {
    const others = [openConversions(room), openConversions(room), openConversions(room)]
    let running = 0
    let most = 0
    toy.dies = (when) => { running += when === 'before' ? 1 : -1; most = Math.max(most, running) }
    void desk.begin(firma, asked)
    await until('it is stored', async () => await lastConversionOf(database.db, firma, lead) !== null)
    await release()
    await Promise.all(others.map(other => other.takeUp()))
    await until('it is done', async () => await statusNow() === 'done')
    expect(most).toBe(1)
    for (const other of others) await other.stop()
  })

  it.each(['company', 'contact', 'deal'])('takes everything back when the portal refuses the %s (S0-30)', async (refused) => {
    toy.refuse = step => (step.key === refused ? 'invalid' : null)
    const ended = await desk.begin(firma, asked)
    expect(ended).toMatchObject({ status: 'taken-back', why: 'refused', whyWords: 'Так нельзя' })
    expect(kinds()).toEqual([])
    expect(toy.stage).toBe('WORK')
    // Afterwards it may be begun anew.
    toy.refuse = () => null
    expect((await desk.begin(firma, asked)).status).toBe('done')
  })

  it('says that the right is wanting when the person may not make a deal', async () => {
    toy.refuse = (step, { accessToken }) => (step.key === 'deal' && accessToken === 'hers' ? 'access-denied' : null)
    expect(await desk.begin(firma, asked)).toMatchObject({ status: 'taken-back', why: 'no-right' })
    expect(kinds()).toEqual([])
  })

  it('goes on without what is not essential, and says what was refused', async () => {
    toy.refuse = step => (step.key === 'tasks' ? 'access-denied' : null)
    const done = await desk.begin(firma, asked)
    expect(done.status).toBe('done')
    expect(done.steps.find(({ step }) => step.key === 'tasks')).toMatchObject({ state: 'refused', words: 'Так нельзя' })
    expect(kinds()).toEqual(whole)
  })

  it('is held when only the lead\'s stage is refused: tried again it ends, taken back nothing is left', async () => {
    toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    const held = await desk.begin(firma, asked)
    expect(held).toMatchObject({ status: 'held', whyWords: 'Так нельзя' })
    expect(kinds()).toEqual(whole)
    expect((await desk.retry(firma, held.id, 'hers'))?.status).toBe('held')
    toy.refuse = () => null
    expect((await desk.retry(firma, held.id, 'hers'))?.status).toBe('done')
    expect(await desk.takeBack(firma, held.id)).toBeNull()
  })

  it('takes a held conversion back when it is asked for', async () => {
    toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    const { id } = await desk.begin(firma, asked)
    expect((await desk.takeBack(firma, id))?.status).toBe('taken-back')
    expect(kinds()).toEqual([])
  })

  it.each(['check', 'check-deal', 'check-after', 'check-finish'])('ends with one result when the lead is converted natively before «%s»', async (key) => {
    toy.dies = (when, at) => { if (when === 'before' && at === key) toy.strangers = [900] }
    const ended = await desk.begin(firma, asked)
    expect(ended).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [900] })
    expect(kinds()).toEqual([])
  })

  it.each(['unavailable', 'rate-limited', 'unknown-outcome', 'overloaded'] as const)('waits and goes on after %s, with the application\'s own rights', async (code) => {
    let times = 2
    toy.refuse = step => (step.key === 'deal' && times-- > 0 ? code : null)
    await desk.begin(firma, asked)
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('does not repeat what may still be under way on the portal', async () => {
    room = { ...room, timing: { ...room.timing, unsureMs: 60_000 } }
    desk = openConversions(room)
    dieAt('before', 'deal')
    await desk.begin(firma, asked)
    toy.dies = () => {}
    await release()
    await desk.takeUp()
    await until('it waits', async () => (await database.db.selectFrom('conversions').select('not_before').executeTakeFirst())?.not_before !== null)
    expect(kinds()).not.toContain('deal')
    // The first attempt comes through after all.
    const { id } = await last()
    toy.objects.set(999, { id: 999, kind: 'deal', mark: `${id}:deal`, by: 'hers', links: [], touched: false })
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('goes on with the application\'s own rights when the person\'s session ends on the way', async () => {
    toy.refuse = (step, { accessToken }) => (step.key === 'deal' && accessToken !== null ? 'expired-token' : null)
    expect((await desk.begin(firma, asked)).status).toBe('done')
    expect([...toy.objects.values()].find(({ kind }) => kind === 'deal')?.by).toBeNull()
  })

  it('keeps what was touched since, and says so before and after', async () => {
    const { id } = await desk.begin(firma, asked)
    const contact = [...toy.objects.values()].find(({ kind }) => kind === 'contact')
    if (contact !== undefined) contact.touched = true
    const outlook = await desk.outlook(firma, id)
    expect(outlook.filter(({ outlook: { outcome } }) => outcome === 'kept').map(({ undo }) => undo.key)).toEqual(['requisites', 'contact', 'company'])
    const undone = await desk.undo(firma, id, anna)
    expect(undone?.status).toBe('undone')
    expect(kinds()).toEqual(['company', 'contact', 'requisites'])
    expect(undone?.steps.find(({ step }) => step.key === 'contact')).toMatchObject({ state: 'kept', words: 'touched' })
    expect(await actsOf()).toEqual(['converted', 'conversion-undone'])
  })

  it('leaves whatever hangs on a touched deal where it is', async () => {
    const { id } = await desk.begin(firma, asked)
    for (const object of toy.objects.values()) if (object.kind === 'deal') object.touched = true
    const kept = (await desk.outlook(firma, id)).filter(({ outlook: { outcome } }) => outcome === 'kept').map(({ undo }) => undo.key)
    // A deal without its client would be of no use, and its requisites are the company's.
    expect(kept).toEqual(['tell', 'tasks', 'activities', 'link-requisites', 'products', 'deal', 'requisites', 'contact', 'company'])
    await desk.undo(firma, id, anna)
    expect(kinds()).toEqual(whole)
    expect(toy.bindings.size).toBe(5)
    expect(toy.stage).toBe('WORK')
  })

  it('is undone within its days only, and once', async () => {
    const { id } = await desk.begin(firma, asked)
    room.clock.set(room.clock.now().add({ hours: 73 }))
    expect(await desk.undo(firma, id, anna)).toBeNull()
    room.clock.set(room.clock.now().subtract({ hours: 2 }))
    expect((await desk.undo(firma, id, anna))?.status).toBe('undone')
    expect(await desk.undo(firma, id, anna)).toBeNull()
  })

  it('is gone with its portal', async () => {
    await desk.begin(firma, asked)
    await database.transaction(tx => purgePortal(tx, firma))
    expect(await database.db.selectFrom('conversion_steps').select('place').execute()).toEqual([])
    expect(await conversionOf(database.db, firma, 'any')).toBeNull()
  })

  it('stops after the step under way when the process ends', async () => {
    let count = 0
    toy.dies = (when, key) => { if (when === 'after' && key === 'contact') void desk.stop(); count += 1 }
    await desk.begin(firma, asked)
    expect(await statusNow()).toBe('running')
    expect(toy.effects).toEqual(['company', 'contact'])
    expect(count).toBeGreaterThan(0)
    await goOn('done')
  })

  const rowOf = async (key: string) => (await last()).steps.find(({ step }) => step.key === key)
  const heldOne = async (): Promise<StoredConversion> => {
    toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
    const held = await desk.begin(firma, asked)
    toy.refuse = () => null
    return held
  }
  const withTiming = (timing: Partial<TestRoom['timing']>): void => {
    room = { ...room, timing: { ...room.timing, ...timing } }
    desk = openConversions(room)
  }

  it('looks again before the last step is tried again: whoever has converted the lead by hand meanwhile keeps his deal only', async () => {
    const held = await heldOne()
    toy.strangers = [900]
    toy.stage = 'CONVERTED'
    expect(await desk.retry(firma, held.id, 'hers')).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [900] })
    expect(kinds()).toEqual([])
  })

  it('does not take its own last step for somebody else\'s', async () => {
    toy.answer = async step => (step.key === 'finish-lead' ? 'unexpected' : null)
    await desk.begin(firma, asked)
    await goOn('held')
    toy.answer = async () => null
    expect((await desk.retry(firma, (await last()).id, 'hers'))?.status).toBe('done')
    expect(kinds()).toEqual(whole)
  })

  it('gives whoever tries again the same head start', async () => {
    const held = await heldOne()
    let due: Promise<readonly unknown[]> = Promise.resolve(['not asked'])
    toy.dies = (when, key) => { if (when === 'before' && key === 'finish-lead') due = conversionsDue(database.db, Temporal.Now.instant(), 9) }
    await desk.retry(firma, held.id, 'hers')
    expect(await due).toEqual([])
    expect(toy.effects.at(-1)).toBe('finish-lead')
  })

  it('counts the wait for a lost answer from the moment it was lost', async () => {
    withTiming({ unsureMs: 60_000, aliveMs: 60_000 })
    let lostAt = Temporal.Now.instant()
    toy.answer = async (step) => {
      if (step.key !== 'deal') return null
      await sleep(120)
      lostAt = Temporal.Now.instant()
      return 'unknown-outcome'
    }
    await desk.begin(firma, asked)
    expect(Temporal.Instant.compare(Temporal.Instant.from((await rowOf('deal'))?.begunAt ?? '1970-01-01T00:00Z'), lostAt)).toBeGreaterThanOrEqual(0)
  })

  it('says that a step is still under way as long as its process lives', async () => {
    withTiming({ unsureMs: 60_000, aliveMs: 20 })
    let first: string | null | undefined
    toy.answer = async (step) => {
      if (step.key !== 'deal') return null
      first = (await rowOf('deal'))?.begunAt
      await until('it is renewed', async () => (await rowOf('deal'))?.begunAt !== first)
      return null
    }
    expect((await desk.begin(firma, asked)).status).toBe('done')
    expect(first).toBeTruthy()
  })

  it.each(['rate-limited', 'unavailable', 'expired-token'] as const)('need not wait after %s, which has made nothing', async (code) => {
    withTiming({ unsureMs: 60_000 })
    let times = 1
    toy.refuse = step => (step.key === 'deal' && times-- > 0 ? code : null)
    await desk.begin(firma, asked)
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('takes back what a lost first attempt has made late, when the second one is refused', async () => {
    let attempts = 0
    toy.refuse = (step, how) => {
      if (step.key !== 'deal' || !how.mayMake) return null
      attempts += 1
      if (attempts === 1) return 'unknown-outcome'
      toy.objects.set(999, { id: 999, kind: 'deal', mark: `${how.conversionId}:deal`, by: 'hers', links: [], touched: false })
      return 'invalid'
    }
    await desk.begin(firma, asked)
    await goOn('taken-back')
    expect(attempts).toBe(2)
    expect(kinds()).toEqual([])
  })

  it('stores nothing of an attempt when somebody else has gone on with the step', async () => {
    let isFirst = true
    toy.answer = async (step) => {
      if (step.key === 'deal' && isFirst) {
        isFirst = false
        await database.db.updateTable('conversion_steps').set({ attempts: 2, state: 'done', result: JSON.stringify({ id: 777 }) }).where('place', '=', keys.indexOf('deal')).execute()
      }
      return null
    }
    await desk.begin(firma, asked)
    expect((await rowOf('deal'))?.result).toEqual({ id: 777 })
  })

  it('gives every step, there and back, the signal of its lock', async () => {
    const signals: unknown[] = []
    const { carryOutStep, takeBack } = toy
    const listening: ToyConversions = Object.assign(toy, {
      carryOutStep: async (...[memberId, step, how]: Parameters<typeof carryOutStep>) => { signals.push(how.held); return carryOutStep(memberId, step, how) },
      takeBack: async (...[memberId, undo, id, options]: Parameters<typeof takeBack>) => { if (options?.dry !== true) signals.push(options?.held); return takeBack(memberId, undo, id, options) },
    })
    room = { ...room, portals: { ...room.toy, conversion: listening } }
    desk = openConversions(room)
    const { id } = await desk.begin(firma, asked)
    await desk.undo(firma, id, anna)
    expect(signals.length).toBeGreaterThan(steps.length)
    expect(signals.every(signal => signal instanceof AbortSignal)).toBe(true)
  })

  it('may be taken back by a person when it fails again and again, and only then', async () => {
    toy.refuse = step => (step.key === 'tasks' ? 'unavailable' : null)
    const stuck = await desk.begin(firma, asked)
    expect(stuck).toMatchObject({ status: 'running' })
    expect(mayTakeBack(stuck)).toBe(true)
    expect(mayTakeBack({ status: 'running', failures: 0 })).toBe(false)
    expect((await desk.takeBack(firma, stuck.id))?.status).toBe('taken-back')
    expect(kinds()).toEqual([])
  })

  it('puts the lead back when it is taken back while nobody knows whether its stage was changed', async () => {
    toy.answer = async step => (step.key === 'finish-lead' ? 'unknown-outcome' : null)
    const { id } = await desk.begin(firma, asked)
    expect(toy.stage).toBe('CONVERTED')
    expect((await desk.takeBack(firma, id))?.status).toBe('taken-back')
    expect(toy.stage).toBe('WORK')
    expect(kinds()).toEqual([])
  })

  it('counts failures since the last step that has ended', async () => {
    let times = 2
    let later: number | null = null
    toy.refuse = step => (step.key === 'tasks' && times-- > 0 ? 'unavailable' : null)
    toy.answer = async (step) => {
      if (step.key === 'link-lead') later = (await last()).failures
      return null
    }
    await desk.begin(firma, asked)
    expect((await last()).failures).toBeGreaterThan(0)
    await goOn('done')
    expect(later).toBe(0)
  })

  it('leaves what cannot be taken back because of an answer that nobody knows, and ends', async () => {
    const { id } = await desk.begin(firma, asked)
    toy.refuseUndo = undo => (undo.key === 'tasks' ? 'unexpected' : null)
    await desk.undo(firma, id, anna)
    await goOn('undone')
    expect(await rowOf('tasks')).toMatchObject({ state: 'kept', words: 'Так нельзя' })
    expect(kinds()).toEqual([])
  })

  it('stays done when the portal does not let the lead back, and may be undone later', async () => {
    const { id } = await desk.begin(firma, asked)
    toy.stays = 'Стадия закрыта'
    expect(await desk.undo(firma, id, anna)).toMatchObject({ status: 'done', why: 'not-reopened', whyWords: 'Стадия закрыта', undoneById: null })
    expect(kinds()).toEqual(whole)
    toy.stays = null
    expect(await desk.undo(firma, id, anna)).toMatchObject({ status: 'undone', why: null })
    expect(kinds()).toEqual([])
  })

  it('remains the lead\'s last one when a second window finds the lead converted', async () => {
    const { id } = await desk.begin(firma, asked)
    await database.transaction(tx => addConversion(tx, firma, { ...asked, id: 'second', startedAt: room.clock.now().add({ minutes: 1 }), undoUntil: null, notBefore: Temporal.Now.instant().add({ hours: 1 }) }))
    await changeConversion(database.db, firma, 'second', ['running'], { to: 'taken-back', why: 'converted-elsewhere' })
    expect((await last()).id).toBe(id)
    expect(await conversionStatusOf(database.db, firma, lead)).toBe('done')
    await desk.undo(firma, id, anna)
    expect((await last()).id).toBe('second')
  })
})
