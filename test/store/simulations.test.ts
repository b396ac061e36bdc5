import { expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import { simulate } from '../../server/domain/simulate.ts'
import { storyOf } from '../../server/domain/simulate/story.ts'
import type { Database } from '../../server/store/database.ts'
import { saveShadow, shadowWatchesOf } from '../../server/store/shadow.ts'
import { addSimulation, endSimulation, simulationOf, simulationsOf } from '../../server/store/simulations.ts'
import { at, context, lead, regulation } from '../domain/support.ts'
import { admit, firma, useDatabase } from '../jobs/support.ts'
import { eachDatabase } from '../support/database.ts'

const until = at('18:00')

eachDatabase((_name, open) => {
  let database: Database

  useDatabase(open, async (empty) => {
    database = empty
    await admit(database, firma)
  })

  it('lists simulations with the number of their leads and without their results', async () => {
    const result = simulate({ regulation, version: 0, context: context(), until }, [storyOf({ lead: lead(), stages: [] }, regulation, until)])
    const id = await addSimulation(database.db, firma, { version: null, regulation, from: at('09:00').toString(), to: until.toString(), authorId: 1 }, until)
    if (id === null) throw new Error('it was not added')
    await endSimulation(database.db, firma, id, { status: 'done', result }, until)
    expect(await simulationsOf(database.db, firma, 10)).toMatchObject([{ id, status: 'done', result: null, read: 1 }])
    expect(await simulationOf(database.db, firma, id)).toMatchObject({ read: 1, result: { leads: { read: 1 } } })
  })

  it('stores what a shadow decided about many leads in one statement', async () => {
    let statements = 0
    const counting = database.db.withPlugin({
      transformQuery: ({ node }) => {
        statements += 1
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const ids = [3, 1, 2].map(leadId)
    const decided = (version: number) => ids.map(id => ({ leadId: id, watch: { status: 'unseen' } as const, nextAt: version === 2 ? null : until.toString(), commands: [] }))
    await saveShadow(counting, firma, 2, decided(2), until)
    expect(statements).toBe(1)
    expect([...(await shadowWatchesOf(database.db, firma, 2, ids)).keys()].sort()).toEqual([1, 2, 3])
    await saveShadow(counting, firma, 3, decided(3), until)
    expect((await shadowWatchesOf(database.db, firma, 2, ids)).size).toBe(0)
    expect((await shadowWatchesOf(database.db, firma, 3, ids)).size).toBe(3)
    await saveShadow(counting, firma, 3, [], until)
    expect(statements).toBe(2)
  })
})
