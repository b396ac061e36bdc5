/** Many conversions at once: each gets its turn, and processes share the work. */
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { leadId, type LeadId } from '../../../server/domain/lead.ts'
import { openConversions } from '../../../server/jobs/conversion-desk.ts'
import { addConversion, takeDueConversions } from '../../../server/store/conversions.ts'
import { eachDatabase } from '../../support/database.ts'
import { firma, until } from '../support.ts'
import { makeToyConversions } from './toy-conversions.ts'
import { asked, useSaga } from './toy-saga.ts'

eachDatabase((_name, open) => {
  const saga = useSaga(open)
  const ids = Array.from({ length: 12 }, (_, index) => `c${index + 1}`)
  const leadOf = (id: string): LeadId => leadId(100 + ids.indexOf(id))

  const addAll = async (): Promise<void> => {
    for (const [index, id] of ids.entries()) {
      const startedAt = saga.room.clock.now().add({ seconds: index })
      const notBefore = Temporal.Now.instant().subtract({ hours: 1 })
      await saga.database.transaction(tx => addConversion(tx, firma, { ...asked, id, leadId: leadOf(id), startedAt, notBefore }))
    }
  }
  const inAnHour = (): Temporal.Instant => Temporal.Now.instant().add({ hours: 1 })
  const take = async (limit: number, change: Partial<Parameters<typeof takeDueConversions>[2]> = {}): Promise<readonly string[]> =>
    (await takeDueConversions(saga.database.db, Temporal.Now.instant(), { limit, until: inAnHour(), except: [], ...change })).map(({ id }) => id)

  /** A portal that is slow with these: they hang until told. */
  const slowWith = (slow: readonly string[]) => {
    const begun = new Set<string>()
    const gate = Promise.withResolvers<undefined>()
    const toy = makeToyConversions()
    saga.withPortal({
      ...toy,
      carryOutStep: async (memberId, step, how) => {
        begun.add(how.conversionId)
        if (slow.includes(how.conversionId)) await gate.promise
        return toy.carryOutStep(memberId, step, how)
      },
    })
    return { begun, goOn: () => gate.resolve(undefined) }
  }

  it('gives every one its turn, however slow the portal is with some of them', async () => {
    await addAll()
    const { begun, goOn } = slowWith(ids.slice(0, 4))
    await until('all are begun', async () => {
      await saga.release()
      await saga.desk.takeUp()
      return begun.size === ids.length
    })
    goOn()
    await saga.desk.stop()
  })

  it('gives a second process those that the first one has not taken', async () => {
    await addAll()
    const { begun, goOn } = slowWith(ids)
    const other = openConversions(saga.room)
    await saga.desk.takeUp()
    await other.takeUp()
    await until('all are begun', () => begun.size === ids.length)
    goOn()
    await Promise.all([saga.desk.stop(), other.stop()])
  })

  it('is taken by one process, the oldest first, until its time is over', async () => {
    await addAll()
    expect(await take(5)).toEqual(ids.slice(0, 5))
    expect((await Promise.all([take(4), take(4)])).flat().toSorted()).toEqual(ids.slice(5).toSorted())
    expect(await take(9)).toEqual([])
    await saga.release()
    expect(await take(2, { until: Temporal.Now.instant() })).toEqual(ids.slice(0, 2))
    expect(await take(2)).toEqual(ids.slice(0, 2))
  })

  it('is not taken again by the process that works on it', async () => {
    await addAll()
    expect(await take(2, { except: ids.slice(0, 3).map(id => ({ memberId: firma, id })) })).toEqual(ids.slice(3, 5))
    expect(await take(1, { except: ids.map(id => ({ memberId: 'other', id })) })).toEqual(ids.slice(0, 1))
  })
})
