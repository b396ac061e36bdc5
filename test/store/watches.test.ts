import { beforeAll, expect, it } from 'vitest'
import { leadId, stageId, type UserId } from '../../server/domain/lead.ts'
import type { ActiveWatch, Watch } from '../../server/domain/watch.ts'
import type { Database } from '../../server/store/database.ts'
import { loadOf, saveWatches } from '../../server/store/watches.ts'
import { active, anna, at, boris, inWork, moment } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'

eachDatabase((_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })

  const yesterday = moment('15:00', '2026-07-23')
  const today = moment('09:30')
  const opened = (life: ActiveWatch['life'], change: Partial<ActiveWatch> = {}): ActiveWatch => ({ ...active(inWork()), responsibleId: anna, life: life ?? {}, ...change })
  const closed = (life: ActiveWatch['life']): Watch => ({ status: 'closed', leadId: leadId(1), outcome: 'qualified', closedAt: today, stageId: stageId('QUALIFIED'), life: life ?? {} })
  const given = (userId: UserId, moment: string) => ({ given: { userId, at: moment } })
  const save = (memberId: string, watches: readonly Watch[], now = at('10:00')) =>
    database.transaction(tx => saveWatches(tx, memberId, watches.map((watch, index) => ({ leadId: leadId(index + 1 + now.epochMilliseconds % 1_000_000_000), version: 0, watch, nextAt: null })), now))

  it('counts open and waiting leads, and those a pool gave today: closed ones too, and not those that only entered a step today', async () => {
    await save('load', [
      opened(given(anna, today)),
      opened(given(anna, yesterday), { enteredAt: today, step: { waiting: { until: moment('12:00', '2026-07-29'), since: today, remainingMs: null } } }),
      opened({}, { enteredAt: today }),
      closed(given(anna, today)),
      opened(given(boris, today)),
      { status: 'unseen' },
    ])
    await save('load', [closed(given(anna, yesterday))], at('15:00', '2026-07-23'))
    expect(await loadOf(database.db, 'load', at('00:00'))).toEqual({ [anna]: { open: 4, today: 2, waiting: 1 }, [boris]: { open: 0, today: 1, waiting: 0 } })
    expect(await loadOf(database.db, 'andere', at('00:00'))).toEqual({})
  })

  it('leaves test leads out (S0-2)', async () => {
    await save('tests', [opened({ isTest: true, ...given(anna, today) }), closed({ isTest: true, ...given(anna, today) }), opened({ isTest: false, ...given(anna, today) })])
    expect(await loadOf(database.db, 'tests', at('00:00'))).toEqual({ [anna]: { open: 1, today: 1, waiting: 0 } })
  })
})
