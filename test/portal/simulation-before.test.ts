import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { limitsOf } from '../../server/portal/budget.ts'
import type { BeforeAsk, BeforePage } from '../../server/portal/history-before.ts'
import { type Room, startRoom, useRoom } from './room.ts'

let room: Room
let nowMs: number
const start = Date.parse('2026-03-10T12:00:00+03:00')

useRoom((made) => { room = made }, () => {
  nowMs = start
  return { clock: { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) } }
})

const hours = (count: number) => void (nowMs += count * 3_600_000)
const from = '2026-03-11T09:00:00Z'

const readAll = async (which: BeforeAsk['which']): Promise<readonly BeforePage[]> => {
  const pages: BeforePage[] = []
  for (let below: number | null | undefined; below !== null;) {
    const page: BeforePage = await room.access.readBefore(room.portal.memberId, { from, which, below: below ?? null })
    pages.push(page)
    ;({ below } = page)
  }
  return pages
}
const idsOf = (pages: readonly BeforePage[]) => pages.flatMap(({ leads }) => leads.map(({ leadId }) => Number(leadId)))

it('finds the leads that were open when the time began, whatever became of them, and no others', async () => {
  const { act } = room.portal
  const waiting = act.createLead({ title: 'ждёт до сих пор', sourceId: 'WEB' })
  const moved = act.createLead({ title: 'переведён позже' })
  const lost = act.createLead({ title: 'отказ позже' })
  const before = act.createLead({ title: 'отказ до начала' })
  act.moveStage(before.id, 'JUNK', 1)
  hours(30)
  act.createLead({ title: 'пришёл позже' })
  act.moveStage(moved.id, 'IN_PROCESS', 1)
  act.moveStage(lost.id, 'JUNK', 1)
  const [open] = await readAll('open')
  expect(idsOf(open === undefined ? [] : [open])).toEqual([moved.id, waiting.id])
  expect(open?.leads.map(({ stages }) => stages.map(({ at, stageId }) => [(at.epochMilliseconds - start) / 3_600_000, stageId]))).toEqual([[[0, 'NEW'], [30, 'IN_PROCESS']], [[0, 'NEW']]])
  expect(open?.leads[1]).toMatchObject({ responsibleId: 1, sourceId: 'WEB' })
  const over = await readAll('over')
  expect(idsOf(over)).toEqual([lost.id])
  expect(over[0]?.leads[0]?.stages.map(({ stageId, semantic }) => [stageId, semantic])).toEqual([['NEW', 'processing'], ['JUNK', 'failure']])
})

it('reads them page by page, the newest first, in one request where none was moved', async () => {
  const ids = Array.from({ length: 120 }, () => room.portal.act.createLead({ title: 'в работе' }).id)
  const count = room.requests.length
  const pages = await readAll('open')
  expect(idsOf(pages)).toEqual([...ids].reverse())
  expect(pages.map(({ leads }) => leads.length)).toEqual([50, 50, 20])
  expect(room.requests.length - count).toBe(3)
})

it('says of which moved leads the portal keeps no stage history', async () => {
  const { id } = room.portal.act.createLead({ title: 'переведён позже' })
  hours(30)
  room.portal.act.moveStage(id, 'IN_PROCESS', 1)
  room.portal.state.stageHistory = []
  const [page] = await readAll('open')
  expect(page?.gaps.withoutHistory).toBe(1)
  expect(page?.leads[0]?.stages.map(({ stageId }) => stageId)).toEqual(['IN_PROCESS'])
})

it('reads the past as the background does: half of the portal’s bucket is left to people', async () => {
  const reserves: number[] = []
  const other = await startRoom({ budgetStore: { take: (_memberId, { reserve }) => {
    reserves.push(reserve)
    return Promise.resolve(0)
  } } })
  try {
    other.portal.act.createLead({ title: 'Столешница' })
    const { memberId } = other.portal
    const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    await other.access.countPast(memberId, period)
    await other.access.readPast(memberId, { ...period, fields: [], after: 0 })
    await other.access.readBefore(memberId, { from: period.to, which: 'open', below: null })
    expect(reserves.length).toBe(other.requests.length)
    expect(new Set(reserves)).toEqual(new Set([limitsOf(null, false).reserve]))
    expect(limitsOf(null, false).reserve).toBeGreaterThan(0)
  } finally {
    await other.close()
  }
})
