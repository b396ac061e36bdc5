import { describe, expect, it } from 'vitest'
import { openPersonTokens } from '../../../server/jobs/person-tokens.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, until } from '../support.ts'
import type { StepHow } from '../../../server/jobs/ports.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import type { PortalErrorCode } from '../../../server/portal/error.ts'
import { asked, lead, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const { statusNow, kinds, release, goOn } = saga
  const makersOf = () => [...saga.toy.objects.values()].filter(({ kind }) => ['company', 'contact', 'deal'].includes(kind)).map(({ by }) => by)

  /** The same process goes on after its pause. */
  const goOnHere = async (to: string): Promise<void> => {
    await until(`the conversion is ${to}`, async () => {
      await release()
      await saga.desk.takeUp()
      return await statusNow() === to
    })
  }

  /** The portal stumbles once at this step; otherwise it answers as told. */
  const stumbleAt = (key: string, code: PortalErrorCode, otherwise: (step: ConversionStep, how: StepHow) => PortalErrorCode | null = () => null): void => {
    let isOver = false
    saga.toy.refuse = (step, how) => {
      if (isOver || step.key !== key) return otherwise(step, how)
      isOver = true
      return code
    }
  }

  it.each(['unavailable', 'rate-limited', 'overloaded'] as const)('makes everything with the person’s own rights, and he is its author, when the portal answers %s in between', async (code) => {
    stumbleAt('company', code)
    expect((await saga.desk.begin(firma, asked)).status).toBe('running')
    await goOnHere('done')
    expect(makersOf()).toEqual(['hers', 'hers', 'hers'])
  })

  it('makes no deal for whoever may not make one, and be it after a pause', async () => {
    stumbleAt('company', 'unavailable', (step, { accessToken }) => (step.key === 'deal' && accessToken === 'hers' ? 'access-denied' : null))
    await saga.desk.begin(firma, asked)
    await goOnHere('taken-back')
    expect(await saga.last()).toMatchObject({ why: 'no-right' })
    expect(kinds()).toEqual([])
  })

  it('does not try a refused token again after a pause', async () => {
    const tried: (string | null)[] = []
    stumbleAt('deal', 'unavailable', (step, { accessToken }) => {
      if (step.kind === 'create') tried.push(accessToken)
      return step.key === 'company' && accessToken !== null ? 'expired-token' : null
    })
    await saga.desk.begin(firma, asked)
    await goOnHere('done')
    expect(tried).toEqual(['hers', null, null, null])
    expect(makersOf()).toEqual([null, null, null])
  })

  it('is finished with the application’s own rights by another process, which knows no token', async () => {
    stumbleAt('contact', 'unavailable')
    await saga.desk.begin(firma, asked)
    await goOn('done')
    expect(makersOf()).toEqual(['hers', null, null])
  })

  it('goes on with the rights of whoever tries it again, not of whoever has begun it', async () => {
    const tried: (string | null)[] = []
    saga.toy.refuse = (step, { accessToken }) => {
      if (step.kind !== 'finish-lead') return null
      tried.push(accessToken)
      return tried.length === 1 ? 'invalid' : tried.length === 2 ? 'unavailable' : null
    }
    const held = await saga.desk.begin(firma, asked)
    await saga.desk.retry(firma, held.id, 'his')
    await goOnHere('done')
    expect(tried).toEqual(['hers', 'his', 'his'])
    expect((await saga.last()).leadId).toBe(lead)
  })

  it('keeps no token of a conversion that waits for a person', async () => {
    const tried: (string | null)[] = []
    saga.toy.refuse = (step, { accessToken }) => {
      if (step.kind !== 'finish-lead') return null
      tried.push(accessToken)
      return tried.length === 1 ? 'invalid' : null
    }
    const held = await saga.desk.begin(firma, asked)
    await saga.database.db.updateTable('conversions').set({ status: 'running' }).where('id', '=', held.id).execute()
    await saga.database.db.updateTable('conversion_steps').set({ state: 'waiting' }).where('state', '=', 'refused').execute()
    await goOnHere('done')
    expect(tried).toEqual(['hers', null])
  })
})

describe('the tokens of those who convert', () => {
  it('are kept for as long as the portal honours them, and at most a thousand', () => {
    let now = 0
    const tokens = openPersonTokens(() => now)
    tokens.keep('first', 'a')
    now = 3_599_999
    expect(tokens.of('first')).toBe('a')
    now = 3_600_000
    expect(tokens.of('first')).toBeNull()
    for (let index = 0; index < 1_001; index += 1) tokens.keep(`c${index}`, 'b')
    expect([tokens.of('c0'), tokens.of('c1'), tokens.of('c1000')]).toEqual([null, 'b', 'b'])
  })
})
