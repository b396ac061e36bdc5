import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { PastPage } from '../../server/portal/history.ts'
import { type Room, useRoom } from './room.ts'

let room: Room
let nowMs: number
const start = Date.parse('2026-03-10T12:00:00+03:00')

useRoom((made) => { room = made }, () => {
  nowMs = start
  return { clock: { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) } }
})

const minutes = (count: number) => void (nowMs += count * 60_000)
const past = { from: '2026-03-10T09:00:00Z', to: '2026-03-11T09:00:00Z' }
const readAll = async (change: Partial<typeof past> = {}): Promise<readonly PastPage[]> => {
  const pages: PastPage[] = []
  for (let after: number | null = 0; after !== null;) {
    const page: PastPage = await room.access.readPast(room.portal.memberId, { ...past, ...change, fields: [fieldName('title')], after })
    pages.push(page)
    ;({ after } = page)
  }
  return pages
}

it('reads a lead with its stages, calls and mails as they were', async () => {
  const { act } = room.portal
  const lead = act.createLead({ title: 'Столешница', phone: '+79000000001', sourceId: 'WEB' })
  minutes(10)
  act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 65 })
  minutes(1)
  act.moveStage(lead.id, 'IN_PROCESS', 1)
  minutes(30)
  act.mail({ leadId: lead.id, userId: 1, direction: 'outgoing', subject: 'Расчёт' })
  act.moveStage(lead.id, 'JUNK', 1)
  const [page] = await readAll()
  expect(page?.leads).toHaveLength(1)
  expect(page).toMatchObject({ after: null, gaps: { withoutHistory: 0, withoutCalls: false, cut: 0 } })
  const [one] = page?.leads ?? []
  expect(one?.stages.map(({ at, stageId, semantic }) => [(at.epochMilliseconds - start) / 60_000, stageId, semantic])).toEqual([[0, 'NEW', 'processing'], [11, 'IN_PROCESS', 'processing'], [41, 'JUNK', 'failure']])
  expect(one?.lead.activities.map(({ kind, call }) => ({ kind, call }))).toEqual([{ kind: 'call', call: { reached: true, durationSeconds: 65 } }, { kind: 'email', call: null }])
  expect(one?.lead).toMatchObject({ id: lead.id, sourceId: 'WEB', stageId: 'JUNK', contact: { phones: ['+79000000001'] } })
})

it('reads the leads of the time and no others, a batch for 44 of them, and counts them first', async () => {
  room.portal.act.createLead({ title: 'до' })
  minutes(24 * 60)
  const inside = Array.from({ length: 130 }, () => room.portal.act.createLead({ title: 'в срок' }).id)
  minutes(24 * 60)
  room.portal.act.createLead({ title: 'после' })
  const change = { from: '2026-03-11T09:00:00Z', to: '2026-03-12T09:00:00Z' }
  expect(await room.access.countPast(room.portal.memberId, { ...past, ...change })).toBe(130)
  const before = room.requests.length
  const pages = await readAll(change)
  expect(pages.flatMap(({ leads }) => leads.map(one => Number(one.lead.id)))).toEqual(inside)
  expect(pages.map(({ leads }) => leads.length)).toEqual([44, 44, 42])
  expect(room.requests.length - before).toBe(6)
})

it('goes on where a lead has more activities, and the leads more moves, than one page holds', async () => {
  const { act } = room.portal
  const lead = act.createLead({ title: 'Долгий лид', phone: '+79000000001' })
  for (let count = 0; count < 120; count += 1) {
    minutes(1)
    act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: count })
    act.moveStage(lead.id, count % 2 === 0 ? 'IN_PROCESS' : 'NEW', 1)
    act.moveStage(lead.id, count % 2 === 0 ? 'PROCESSED' : 'IN_PROCESS', 1)
  }
  const [page] = await readAll()
  const [one] = page?.leads ?? []
  expect(one?.lead.activities.map(({ call }) => call?.durationSeconds)).toEqual(Array.from({ length: 120 }, (_, index) => index))
  expect(one?.stages.length).toBe(room.portal.state.stageHistory.length)
  expect(one?.stages.length).toBeGreaterThan(150)
  expect(page?.gaps.cut).toBe(0)
})

it('says that more activities than it reads are left out', async () => {
  const { act } = room.portal
  const lead = act.createLead({ title: 'Робот пишет' })
  for (let count = 0; count < 310; count += 1) act.mail({ leadId: lead.id, userId: 1, direction: 'incoming', subject: `№ ${count}` })
  const [page] = await readAll()
  expect(page?.leads[0]?.lead.activities).toHaveLength(300)
  expect(page?.gaps.cut).toBe(1)
})

it('goes without call statistics where they may not be read, and says so', async () => {
  const lead = room.portal.act.createLead({ title: 'Столешница', phone: '+79000000001' })
  room.portal.act.call({ leadId: lead.id, userId: 1, direction: 'outgoing', durationSeconds: 65 })
  room.portal.app.scope = room.portal.app.scope.filter(scope => scope !== 'telephony')
  const [page] = await readAll()
  expect(page?.gaps.withoutCalls).toBe(true)
  expect(page?.leads[0]?.lead.activities[0]).toMatchObject({ kind: 'call', completed: true, call: null })
})

it('says of which leads the portal keeps no stage history', async () => {
  room.portal.act.createLead({ title: 'Столешница' })
  room.portal.state.stageHistory = []
  const [page] = await readAll()
  expect(page?.leads[0]?.stages).toEqual([])
  expect(page?.gaps.withoutHistory).toBe(1)
})
