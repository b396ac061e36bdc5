import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Room, startRoom } from './room.ts'

let room: Room
let nowMs: number

beforeEach(async () => {
  nowMs = Date.parse('2026-03-10T12:00:00+03:00')
  room = await startRoom({ clock: { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) } })
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

const days = (count: number) => void (nowMs += count * 86_400_000)
const newLead = () => room.portal.act.createLead({ title: 'Столешница' }).id
const sweep = async (mark: unknown = null) => {
  const swept = await room.access.changedSince(room.portal.memberId, mark)
  return { ...swept, ids: swept.subjects.flatMap(({ kind, id }) => (kind === 'lead' ? [id] : [])) }
}

it('finds every open lead at first, however old, and none that is finished', async () => {
  const [old, lost] = [newLead(), newLead()]
  room.portal.act.moveStage(lost, 'JUNK')
  days(150)
  const fresh = newLead()
  const { ids, mark, more } = await sweep()
  expect(ids).toEqual([old, fresh])
  expect(more).toBe(false)
  days(1)
  expect((await sweep(JSON.parse(JSON.stringify(mark)))).ids).not.toContain(old)
})

it('goes through many open leads in parts, and forgets none', async () => {
  const all = Array.from({ length: 2_050 }, newLead)
  days(30)
  const first = await sweep()
  expect(first.more).toBe(true)
  expect(first.ids).toEqual(all.slice(0, 2_000))
  const second = await sweep(first.mark)
  expect(second.ids).toEqual(all.slice(2_000))
  expect(second.more).toBe(false)
})
