import { expect, it } from 'vitest'
import { createVisibleItems, sightMs } from '../../server/http/visible-items.ts'
import type { ItemRef } from '../../server/portal/visible-items.ts'

const his = { memberId: 'a', userId: 7, accessToken: 'his' }
const contact: ItemRef = { kind: 'contact', id: 5 }
const company: ItemRef = { kind: 'company', id: 5 }

it('remembers for a while what each person sees, and asks in one go for what is not known', async () => {
  let now = 0
  const asks: unknown[] = []
  const items = createVisibleItems({
    visibleItems: async (memberId, token, refs) => {
      asks.push([memberId, token, refs.map(({ kind }) => kind)])
      return refs.filter(({ kind }) => kind === 'contact')
    },
  }, () => now)
  expect([...await items.of(his, [contact, company])]).toEqual(['contact 5'])
  expect([...await items.of(his, [company, contact])]).toEqual(['contact 5'])
  await items.of({ ...his, userId: 8, accessToken: 'hers' }, [contact])
  await items.of({ ...his, memberId: 'b' }, [contact])
  now = sightMs
  await items.of(his, [contact])
  expect(asks).toEqual([['a', 'his', ['contact', 'company']], ['a', 'hers', ['contact']], ['b', 'his', ['contact']], ['a', 'his', ['contact']]])
})

it('keeps nothing of a look that failed', async () => {
  let fails = true
  const items = createVisibleItems({ visibleItems: async (_id, _token, refs) => { if (fails) throw new Error('silent'); return refs } }, () => 0)
  await expect(items.of(his, [contact])).rejects.toThrow('silent')
  fails = false
  expect([...await items.of(his, [contact])]).toEqual(['contact 5'])
})
