import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { PortalError } from '../../server/portal/error.ts'
import type { Portal } from '../../server/portal/portal.ts'
import { changedSince } from '../../server/portal/sweep.ts'
import { type Room, useRoom } from './room.ts'

let room: Room
let nowMs: number

useRoom((made) => { room = made }, () => {
  nowMs = Date.parse('2026-03-10T12:00:00+03:00')
  return { clock: { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) } }
})

const days = (count: number) => void (nowMs += count * 86_400_000)
const newLead = () => room.portal.act.createLead({ title: 'Столешница' }).id
const sweep = async (mark: unknown = null, openAfter: number | null = null) => {
  const swept = await room.access.changedSince(room.portal.memberId, mark, openAfter)
  return { ...swept, ids: swept.subjects.flatMap(({ kind, id }) => (kind === 'lead' ? [id] : [])) }
}

it('leaves leads alone that have long been open, until it is asked for them', async () => {
  const [old, lost] = [newLead(), newLead()]
  room.portal.act.moveStage(lost, 'JUNK')
  days(150)
  const fresh = newLead()
  const first = await sweep()
  expect(first.ids).toEqual([fresh])
  expect(first).toMatchObject({ more: false, openAfter: null })
  const asked = await sweep(JSON.parse(JSON.stringify(first.mark)), 0)
  expect(asked.ids).toEqual([old, fresh])
  expect(asked.openAfter).toBeNull()
})

it('goes through many open leads in parts, and forgets none (S1-A1)', async () => {
  const all = Array.from({ length: 450 }, newLead)
  days(30)
  const first = await sweep(null, 0)
  expect(first.more).toBe(true)
  expect(first.ids).toEqual(all.slice(0, 400))
  const second = await sweep(first.mark, first.openAfter)
  expect(second.ids).toEqual(all.slice(400))
  expect(second).toMatchObject({ more: false, openAfter: null })
})

it('counts the leads on given stages that were open before a moment', async () => {
  const [, , lost] = [newLead(), newLead(), newLead()]
  room.portal.act.moveStage(lost ?? 0, 'JUNK')
  days(1)
  const before = Temporal.Instant.fromEpochMilliseconds(nowMs)
  days(1)
  newLead()
  const count = (stages: readonly string[]) => room.access.countOpenAs(room.portal.memberId, room.portal.tokensFor(1).accessToken, stages, before)
  expect([await count(['NEW']), await count(['IN_PROCESS'])]).toEqual([2, 0])
})

describe('a sweep that fails on its way', () => {
  const now = Temporal.Instant.from('2026-03-10T12:00:00Z')
  const away = (method: string) => new PortalError({ code: 'unavailable', method })
  /** A portal of nothing but leads: `changed` pages of changed ones, 30 pages of open ones. */
  const portalOf = (fails: (method: string, page: number, isOpen: boolean) => boolean, asked: number[] = []): Portal => {
    let page = 0
    return {
      memberId: 'm', domain: 'm.example.com', origin: 'https://m.example.com', fetchFile: () => Promise.reject(new Error('nothing is fetched here')),
      call: async (method, params) => {
        const filter = params['filter'] as Record<string, unknown>
        const isOpen = 'stageSemanticId' in filter
        if (fails(method, page, isOpen)) throw away(method)
        if (method !== 'crm.item.list') return { result: [], next: null, total: null } as never
        const after = Number(filter['>id'])
        if (isOpen) asked.push(after)
        page += 1
        return { result: { items: Array.from({ length: 50 }, (_, index) => ({ id: after + 1 + index, updatedTime: '2026-03-10T11:00:00+00:00' })) } } as never
      },
      callAll: async () => [{ ok: true, result: [], next: null, total: null }],
    }
  }

  it('keeps the pages it has walked, and goes on behind them', async () => {
    const { mark, failed, subjects } = await changedSince(portalOf((_method, page) => page === 3), null, now)
    expect(failed).toMatchObject({ code: 'unavailable' })
    expect(subjects).toHaveLength(150)
    expect(mark.leads.onTheWay).toMatchObject({ after: 150 })
    expect(mark.activities.onTheWay).toBeNull()
  })

  it('keeps what was walked of the leads when the activities cannot be read', async () => {
    const { mark, failed } = await changedSince(portalOf(method => method === 'crm.activity.list'), null, now)
    expect(failed).toMatchObject({ code: 'unavailable' })
    expect(mark.leads.onTheWay).toMatchObject({ after: 2_000 })
  })

  it('does not read the same open leads again and again', async () => {
    const asked: number[] = []
    let openAfter: number | null = 0
    for (let round = 0; round < 3; round += 1) openAfter = (await changedSince(portalOf((_method, _page, isOpen) => isOpen && asked.length % 3 === 2 && asked.push(-1) > 0, asked), null, now, openAfter)).openAfter
    const pages = asked.filter(after => after >= 0)
    expect(new Set(pages).size).toBe(pages.length)
    expect(openAfter).toBeGreaterThan(0)
  })

  it('says so when nothing could be read', async () => {
    await expect(changedSince(portalOf(() => true), null, now)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
