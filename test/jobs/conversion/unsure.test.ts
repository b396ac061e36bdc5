import { setTimeout as sleep } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { eachDatabase } from '../../support/database.ts'
import { firma, until } from '../support.ts'
import type { ToyConversions } from './toy-conversions.ts'
import { anna, asked, keys, steps, whole, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { last, rowOf, kinds, release, goOn, dieAt, withTiming } = saga

  it.each(['unavailable', 'rate-limited', 'unknown-outcome', 'overloaded'] as const)('waits and goes on after %s, with the application\'s own rights', async (code) => {
    let times = 2
    saga.toy.refuse = step => (step.key === 'deal' && times-- > 0 ? code : null)
    await saga.desk.begin(firma, asked)
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('does not repeat what may still be under way on the portal', async () => {
    withTiming({ unsureMs: 60_000 })
    dieAt('before', 'deal')
    await saga.desk.begin(firma, asked)
    saga.toy.dies = () => {}
    await release()
    await saga.desk.takeUp()
    await until('it waits', async () => (await saga.database.db.selectFrom('conversions').select('not_before').executeTakeFirst())?.not_before !== null)
    expect(kinds()).not.toContain('deal')
    // The first attempt comes through after all.
    const { id } = await last()
    saga.toy.objects.set(999, { id: 999, kind: 'deal', mark: `${id}:deal`, by: 'hers', links: [], touched: false })
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('goes on with the application\'s own rights when the person\'s session ends on the way', async () => {
    saga.toy.refuse = (step, { accessToken }) => (step.key === 'deal' && accessToken !== null ? 'expired-token' : null)
    expect((await saga.desk.begin(firma, asked)).status).toBe('done')
    expect([...saga.toy.objects.values()].find(({ kind }) => kind === 'deal')?.by).toBeNull()
  })

  it('counts the wait for a lost answer from the moment it was lost', async () => {
    withTiming({ unsureMs: 60_000, aliveMs: 60_000 })
    let lostAt = Temporal.Now.instant()
    saga.toy.answer = async (step) => {
      if (step.key !== 'deal') return null
      await sleep(120)
      lostAt = Temporal.Now.instant()
      return 'unknown-outcome'
    }
    await saga.desk.begin(firma, asked)
    expect(Temporal.Instant.compare(Temporal.Instant.from((await rowOf('deal'))?.begunAt ?? '1970-01-01T00:00Z'), lostAt)).toBeGreaterThanOrEqual(0)
  })

  it('says that a step is still under way as long as its process lives', async () => {
    withTiming({ unsureMs: 60_000, aliveMs: 20 })
    let first: string | null | undefined
    saga.toy.answer = async (step) => {
      if (step.key !== 'deal') return null
      first = (await rowOf('deal'))?.begunAt
      await until('it is renewed', async () => (await rowOf('deal'))?.begunAt !== first)
      return null
    }
    expect((await saga.desk.begin(firma, asked)).status).toBe('done')
    expect(first).toBeTruthy()
  })

  it.each(['rate-limited', 'unavailable', 'expired-token'] as const)('need not wait after %s, which has made nothing', async (code) => {
    withTiming({ unsureMs: 60_000 })
    let times = 1
    saga.toy.refuse = step => (step.key === 'deal' && times-- > 0 ? code : null)
    await saga.desk.begin(firma, asked)
    await goOn('done')
    expect(kinds()).toEqual(whole)
  })

  it('takes back what a lost first attempt has made late, when the second one is refused', async () => {
    let attempts = 0
    saga.toy.refuse = (step, how) => {
      if (step.key !== 'deal' || !how.mayMake) return null
      attempts += 1
      if (attempts === 1) return 'unknown-outcome'
      saga.toy.objects.set(999, { id: 999, kind: 'deal', mark: `${how.conversionId}:deal`, by: 'hers', links: [], touched: false })
      return 'invalid'
    }
    await saga.desk.begin(firma, asked)
    await goOn('taken-back')
    expect(attempts).toBe(2)
    expect(kinds()).toEqual([])
  })

  it('stores nothing of an attempt when somebody else has gone on with the step', async () => {
    let isFirst = true
    saga.toy.answer = async (step) => {
      if (step.key === 'deal' && isFirst) {
        isFirst = false
        await saga.database.db.updateTable('conversion_steps').set({ attempts: 2, state: 'done', result: JSON.stringify({ id: 777 }) }).where('place', '=', keys.indexOf('deal')).execute()
      }
      return null
    }
    await saga.desk.begin(firma, asked)
    expect((await rowOf('deal'))?.result).toEqual({ id: 777 })
  })

  it('gives every step, there and back, the signal of its lock', async () => {
    const signals: unknown[] = []
    const { carryOutStep, takeBack } = saga.toy
    const listening: ToyConversions = Object.assign(saga.toy, {
      carryOutStep: async (...[memberId, step, how]: Parameters<typeof carryOutStep>) => { signals.push(how.held); return carryOutStep(memberId, step, how) },
      takeBack: async (...[memberId, undo, id, options]: Parameters<typeof takeBack>) => { if (options?.dry !== true) signals.push(options?.held); return takeBack(memberId, undo, id, options) },
    })
    saga.withPortal(listening)
    const { id } = await saga.desk.begin(firma, asked)
    await saga.desk.undo(firma, id, anna)
    expect(signals.length).toBeGreaterThan(steps.length)
    expect(signals.every(signal => signal instanceof AbortSignal)).toBe(true)
  })

  it('counts failures since the last step that has ended', async () => {
    let times = 2
    let later: number | null = null
    saga.toy.refuse = step => (step.key === 'tasks' && times-- > 0 ? 'unavailable' : null)
    saga.toy.answer = async (step) => {
      if (step.key === 'link-lead') later = (await last()).failures
      return null
    }
    await saga.desk.begin(firma, asked)
    expect((await last()).failures).toBeGreaterThan(0)
    await goOn('done')
    expect(later).toBe(0)
  })
})
