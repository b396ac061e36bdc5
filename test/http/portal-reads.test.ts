import { describe, expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import { acceptedMs, createPortalReads, longestMs } from '../../server/http/portal-reads.ts'
import type { Session } from '../../server/http/seal-session.ts'
import { PortalError } from '../../server/portal/error.ts'
import { createTestApp, domain, memberId, postEvent, applicationToken } from './support.ts'
import { lead } from './values.ts'

const sessionOf = (userId: number): Session =>
  ({ memberId, domain, userId, name: '', isAdmin: false, timeZone: 'Europe/Moscow', language: 'ru', accessToken: `token-of-${userId}`, expiresAt: 0 })

/** Reads on a portal that counts how often it is asked. */
const open = () => {
  let nowMs = 1_000_000
  const asked: number[] = []
  let failing = false
  const reads = createPortalReads({
    nowMs: () => nowMs,
    desk: {
      readLead: async (_id, _token, id) => {
        asked.push(id)
        if (failing) throw new PortalError({ code: 'not-found', method: 'crm.item.list' })
        return { ...lead, id }
      },
      visibleLeads: async (_id, _token, ids) => {
        asked.push(...ids)
        return ids.map(id => ({ id, title: `Лид ${id}`, responsibleId: null }))
      },
    },
  })
  return {
    reads, asked,
    fail: (now: boolean) => { failing = now },
    pass: (ms: number) => { nowMs += ms },
    /** The pages of so many people look every twenty seconds for a minute. */
    minute: async (people: number, each: (userId: number) => Promise<unknown>) => {
      for (let round = 0; round < 3; round += 1) {
        for (let userId = 1; userId <= people; userId += 1) await each(userId)
        nowMs += 20_000
      }
    },
  }
}

const calm = acceptedMs('max-age=300')

describe('reading with people\'s own rights', () => {
  it('asks the portal about thirty times a minute for thirty open tabs, and every time for one', async () => {
    const many = open()
    const looks = (userId: number) => many.reads.lead(sessionOf(userId), leadId(userId), [], calm)
    await many.minute(30, looks)
    await many.minute(30, looks)
    expect(many.asked.length).toBeLessThanOrEqual(60)
    const one = open()
    await one.minute(1, userId => one.reads.lead(sessionOf(userId), leadId(userId), [], calm))
    expect(one.asked).toHaveLength(3)
  })

  it('never gives an answer older than two minutes', async () => {
    const { reads, asked, pass } = open()
    for (let userId = 1; userId <= 200; userId += 1) await reads.lead(sessionOf(userId), leadId(7), [], calm)
    asked.length = 0
    pass(longestMs - 1)
    await reads.lead(sessionOf(1), leadId(7), [], calm)
    expect(asked).toEqual([])
    pass(1)
    await reads.lead(sessionOf(1), leadId(7), [], calm)
    expect(asked).toEqual([7])
  })

  it('gives nobody what another was shown', async () => {
    const { reads, asked } = open()
    await reads.lead(sessionOf(1), leadId(7), [], calm)
    await reads.lead(sessionOf(2), leadId(7), [], calm)
    expect(asked).toEqual([7, 7])
  })

  it('asks anew for a lead that has changed, also when it was being read just then', async () => {
    const { reads, asked } = open()
    const reading = reads.lead(sessionOf(1), leadId(7), [], calm)
    reads.forget(memberId, [7])
    await reading
    expect((await reads.lead(sessionOf(1), leadId(7), [], calm)).anew).toBe(true)
    expect((await reads.lead(sessionOf(1), leadId(7), [], calm)).anew).toBe(false)
    expect(asked).toEqual([7, 7])
  })

  it('asks whatever was read, where the answer must be as it is now', async () => {
    const { reads, asked } = open()
    await reads.lead(sessionOf(1), leadId(7), [], 0)
    await reads.lead(sessionOf(1), leadId(7), [], 0)
    expect(asked).toEqual([7, 7])
  })

  it('keeps no refusal', async () => {
    const { reads, fail } = open()
    fail(true)
    await expect(reads.lead(sessionOf(1), leadId(7), [], calm)).rejects.toMatchObject({ code: 'not-found' })
    fail(false)
    expect((await reads.lead(sessionOf(1), leadId(7), [], calm)).lead.id).toBe(7)
  })

  it('asks only for the leads that it does not know yet, and for those that have changed', async () => {
    const { reads, asked } = open()
    await reads.visible(sessionOf(1), [1, 2].map(leadId), calm)
    reads.forget(memberId, [2])
    expect([...(await reads.visible(sessionOf(1), [1, 2, 3].map(leadId), calm)).keys()]).toEqual([1, 2, 3])
    expect(asked).toEqual([1, 2, 2, 3])
  })
})

describe('a look that is under way while the portal reports a change', () => {
  const looking = () => {
    let [visible, nowMs] = [true, 1_000_000]
    let release = (): void => undefined
    let held: Promise<void> | null = new Promise((resolve) => { release = resolve })
    const reads = createPortalReads({
      nowMs: () => nowMs,
      desk: {
        readLead: async (_id, _token, id) => ({ ...lead, id }),
        visibleLeads: async (_id, _token, ids) => {
          const seen = visible
          if (held !== null) await held
          return seen ? ids.map(id => ({ id, title: `Лид ${id}`, responsibleId: null })) : []
        },
      },
    })
    return { reads, hide: () => { visible = false }, release: () => { release(); held = null }, pass: (ms: number) => { nowMs += ms } }
  }

  it('is not kept for what has changed, and is for the rest', async () => {
    const { reads, hide, release, pass } = looking()
    for (let userId = 100; userId < 160; userId += 1) await reads.lead(sessionOf(userId), leadId(userId), [], calm)
    const first = reads.visible(sessionOf(1), [leadId(7), leadId(8)], calm)
    hide()
    reads.forget(memberId, [7])
    release()
    await first
    pass(60_000)
    expect([...(await reads.visible(sessionOf(1), [leadId(7), leadId(8)], calm)).keys()]).toEqual([8])
  })
})

describe('several processes that answer pages', () => {
  it('keep an answer for seconds only, because each hears of its own events alone', async () => {
    let nowMs = 1_000_000
    const asked: number[] = []
    const desk = { readLead: async (_id: string, _token: string, id: number) => { asked.push(id); return { ...lead, id: leadId(id) } }, visibleLeads: async () => [] }
    const reads = createPortalReads({ nowMs: () => nowMs, shared: true, desk })
    for (let userId = 1; userId <= 60; userId += 1) await reads.lead(sessionOf(userId), leadId(userId), [], calm)
    await reads.lead(sessionOf(1), leadId(1), [], calm)
    expect(asked).toHaveLength(60)
    nowMs += 5_000
    await reads.lead(sessionOf(1), leadId(1), [], calm)
    expect(asked).toHaveLength(61)
  })
})

describe('an open tab', () => {
  const tab = () => {
    const asked: number[] = []
    const { desk } = createTestApp()
    const app = createTestApp({ desk: { ...desk, readLead: async (_id, _token, id) => { asked.push(id); return lead } } })
    const poll = () => app.request('/api/leads/42', { headers: { ...app.bearer(), 'cache-control': 'max-age=300' } })
    return { app, asked, poll }
  }

  it('shows a change as soon as the portal has reported it', async () => {
    const { app, asked, poll } = tab()
    await poll()
    await poll()
    expect(asked).toHaveLength(1)
    await app.request('/events', postEvent({ kind: 'changed', name: 'ONCRMLEADUPDATE', memberId, applicationToken, subjects: [{ kind: 'lead', id: 42 }], madeByHand: false }))
    await poll()
    expect(asked).toHaveLength(2)
  })

  it('of a lead outside the regulation has it looked at once, not with every look', async () => {
    const { app, poll } = tab()
    await poll()
    await poll()
    expect(app.done.filter(({ what }) => what === 'request-review')).toHaveLength(1)
  })

  it('shows what was saved a moment ago', async () => {
    const { app, asked, poll } = tab()
    await poll()
    await app.request('/api/leads/42/card', { method: 'PATCH', headers: { ...app.bearer(), 'content-type': 'application/json' }, body: '{"answers":{"PRODUCT":"WOOD"}}' })
    // Before the change, and after the look that follows it.
    expect(asked).toHaveLength(3)
    await poll()
    expect(asked).toHaveLength(3)
  })
})
