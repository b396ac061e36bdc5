/** What the rules see besides a lead, for several versions of the regulation at once. */
import type { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { gatherContexts, type LeadRules } from '../../server/jobs/lead-rules.ts'
import type { Database } from '../../server/store/database.ts'
import { noteDelivered, recordIncident } from '../../server/store/incidents.ts'
import { addShares } from '../../server/store/shares.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { firma, useRoom, type TestRoom } from './support.ts'

const [pool] = regulation.distribution.pools
if (pool === undefined) throw new Error('the regulation has no pool')
const withWindow = (windowDays: number, change: Partial<Regulation['distribution']> = {}): Regulation => ({ ...regulation, incidents: { ...regulation.incidents, windowDays }, distribution: { ...regulation.distribution, ...change } })
const people = { ...pool, members: { kind: 'people' as const, userIds: [userId(2), userId(1)] } }
const week = withWindow(7)
const month = withWindow(30, { pools: [pool, { ...people, id: 'second' }] })
const shadow = withWindow(1, { pools: [{ ...pool, id: 'renamed' }] })
const rules: LeadRules = {
  regulations: [week, month, shadow],
  live: [{ version: 1, regulation: week }, { version: 2, regulation: month }],
  shadow: { version: 3, regulation: shadow, watches: new Map() },
  of: () => ({ version: 1, regulation: week }),
  anew: () => null,
  publishedAt: version => at('09:00', `2026-07-0${version}`).toString(),
}

const counting = (database: Database): { readonly database: Database; readonly asked: string[] } => {
  const asked: string[] = []
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => {
      asked.push(node.kind)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { database: { ...database, db }, asked }
}

eachDatabase((_name, open) => {
  let room: TestRoom
  useRoom(open, made => void (room = made))

  const missed = async (incidentId: string, deliveredAt: Temporal.Instant): Promise<void> => {
    const { db } = room.database
    await recordIncident(db, firma, { kind: 'open-incident', leadId: leadId(7), incidentId, userId: userId(1), dueAt: deliveredAt.toString(), noticedAt: deliveredAt.toString(), about: 'not-finished', systemDelay: false, because: { rule: 'lead-gone' } })
    await noteDelivered(db, firma, [incidentId], deliveredAt)
  }

  it('each version gets its own pools\' ledgers and every miss of its window, in five questions for all', async () => {
    const now = room.clock.now()
    await addShares(room.database.db, firma, [{ pool: 'department:5', userId: 1, received: 2, due: 1.5 }, { pool: 'people:1,2', userId: 2, received: 4, due: 3 }, { pool: 'department:9', userId: 3, received: 9, due: 9 }])
    await missed('today', now.subtract({ hours: 2 }))
    await missed('last-week', now.subtract({ hours: 24 * 10 }))
    await missed('long-ago', now.subtract({ hours: 24 * 40 }))
    const { database, asked } = counting(room.database)
    const contexts = await gatherContexts({ ...room, database }, firma, rules, await room.toy.readFacts(firma), now)
    const ofDepartment = { 1: { received: 2, due: 1.5 } }
    expect([1, 2, 3].map(version => contexts.of(version).shares)).toEqual([{ [pool.id]: ofDepartment }, { [pool.id]: ofDepartment, second: { 2: { received: 4, due: 3 } } }, { renamed: ofDepartment }])
    const missesOf = (version: number) => contexts.of(version).misses[1]?.map(({ incidentId }) => incidentId)
    expect(missesOf(1)).toContain('today')
    expect(missesOf(2)).toEqual(['last-week', 'today'])
    expect(missesOf(3)).toContain('today')
    expect(contexts.of(2).publishedAt).toBe(at('09:00', '2026-07-02').toString())
    expect(asked).toHaveLength(5)
  })
})
