import { Temporal } from 'temporal-polyfill'
import { beforeAll, expect, it } from 'vitest'
import { leadId, userId } from '../../server/domain/lead.ts'
import { addAct, forgetActs, unobeyedActs } from '../../server/store/acts.ts'
import type { Database } from '../../server/store/database.ts'
import { nextFromInbox } from '../../server/store/inbox.ts'
import { dropDuplicateSearches, duplicateSearchesOf, saveDuplicateSearches } from '../../server/store/duplicate-searches.ts'
import { at } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'

const [seven, eight] = [leadId(7), leadId(8)]

eachDatabase((_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  const add = (...given: Parameters<typeof addAct> extends [unknown, ...infer Rest] ? Rest : never) => database.transaction(tx => addAct(tx, ...given))

  it('gives acts back as they were, oldest first, above what the lead has seen', async () => {
    await add('firma', seven, { kind: 'opened', at: at('10:00'), byUserId: userId(5) })
    await add('firma', seven, { kind: 'wait', at: at('10:05'), byUserId: userId(5), until: at('12:00'), comment: 'Клиент в отпуске' })
    await add('firma', eight, { kind: 'check-card', at: at('10:06'), byUserId: null, token: 'T1' })
    await add('andere', seven, { kind: 'take', at: at('10:07'), byUserId: userId(9) })
    const acts = await unobeyedActs(database.db, 'firma', new Map([[seven, 0], [eight, 0]]))
    expect(acts.get(seven)).toMatchObject([{ kind: 'opened', byUserId: 5 }, { kind: 'wait', byUserId: 5, comment: 'Клиент в отпуске' }])
    const wait = acts.get(seven)?.[1]
    expect(wait?.kind === 'wait' && [wait.at.toString(), wait.until.toString()]).toEqual([at('10:05').toString(), at('12:00').toString()])
    expect(acts.get(eight)).toMatchObject([{ kind: 'check-card', byUserId: null, token: 'T1' }])
    const left = await unobeyedActs(database.db, 'firma', new Map([[seven, acts.get(seven)?.[0]?.id ?? 0], [eight, acts.get(eight)?.[0]?.id ?? 0]]))
    expect([...left.keys()]).toEqual([seven])
    expect(left.get(seven)).toMatchObject([{ kind: 'wait' }])
  })

  it('has one act of a mark', async () => {
    const robot = { kind: 'distribute', at: at('10:00'), byUserId: null, token: 'T2' } as const
    expect(await add('marked', seven, robot, 'robot T2')).toBe(true)
    expect(await add('marked', seven, robot, 'robot T2')).toBe(false)
    expect(await add('others', seven, robot, 'robot T2')).toBe(true)
    expect((await unobeyedActs(database.db, 'marked', new Map([[seven, 0]]))).get(seven)).toHaveLength(1)
  })

  it('asks for the look in the transaction that adds the act: none waits for a daily look', async () => {
    const asked = async () => (await nextFromInbox(database.db, 'killed', ['lead'], Temporal.Now.instant(), 10)).map(({ id, urgent }) => ({ id, urgent }))
    const robot = { kind: 'distribute', at: at('10:00'), byUserId: null, token: 'T3' } as const
    await expect(database.transaction(async (tx) => {
      await addAct(tx, 'killed', seven, robot, 'robot T3')
      throw new Error('killed')
    })).rejects.toThrow('killed')
    expect(await asked()).toEqual([])
    await add('killed', seven, robot, 'robot T3')
    expect(await asked()).toEqual([{ id: 7, urgent: true }])
    await database.db.deleteFrom('inbox').where('member_id', '=', 'killed').execute()
    await add('killed', seven, robot, 'robot T3')
    expect(await asked()).toEqual([])
  })

  it('lets ids of a lead grow in the order of their commits: a later act waits for an earlier one', async () => {
    const order: string[] = []
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const take = (byUserId: number) => ({ kind: 'take', at: at('10:00'), byUserId: userId(byUserId) }) as const
    let begun = (): void => undefined
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const first = database.transaction(async (tx) => {
      await addAct(tx, 'crowd', seven, take(1))
      begun()
      await held
    }).then(() => order.push('first'))
    await isBegun
    const second = add('crowd', seven, take(2)).then(() => order.push('second'))
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(order).toEqual([])
    release()
    await Promise.all([first, second])
    expect((await unobeyedActs(database.db, 'crowd', new Map([[seven, 0]]))).get(seven)).toMatchObject([{ byUserId: 1 }, { byUserId: 2 }])
  })

  it('forgets old acts, a page at a time', async () => {
    for (const hour of ['08:00', '08:30', '11:00']) await add('alt', seven, { kind: 'take', at: at(hour), byUserId: null })
    await database.db.deleteFrom('acts').where('member_id', '<>', 'alt').execute()
    expect(await forgetActs(database.db, at('09:00'), 1)).toBe(1)
    expect(await forgetActs(database.db, at('09:00'), 5)).toBe(1)
    expect((await unobeyedActs(database.db, 'alt', new Map([[seven, 0]]))).get(seven)).toHaveLength(1)
    expect(await forgetActs(database.db, Temporal.Instant.from('1999-01-01T00:00:00Z'), 5)).toBe(0)
  })

  it('remembers whom a lead was found to be, until it is searched for by something else', async () => {
    const found = [{ kind: 'contact', id: 3, title: 'Ольга Седова', responsibleId: userId(5), by: ['phone'], open: false }] as const
    await saveDuplicateSearches(database.db, 'firma', [{ leadId: seven, key: 'k1', found }, { leadId: eight, key: 'k2', found: [] }])
    await saveDuplicateSearches(database.db, 'firma', [{ leadId: eight, key: 'k3', found, foundAt: '2026-03-10T09:00:00Z' }])
    expect([...(await duplicateSearchesOf(database.db, 'firma', [seven, eight, leadId(9)])).values()].sort((a, b) => a.leadId - b.leadId)).toEqual([{ leadId: 7, key: 'k1', found, foundAt: null }, { leadId: 8, key: 'k3', found, foundAt: expect.stringMatching(/^2026-03-10T09:00:00/) as string }])
    await dropDuplicateSearches(database.db, 'firma', [seven])
    expect([...(await duplicateSearchesOf(database.db, 'firma', [seven, eight])).keys()]).toEqual([eight])
  })
})
