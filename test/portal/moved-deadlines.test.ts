/** A deadline that a person moves between our decision and its carrying out. */
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { leadId, userId, type LeadId, type UserId } from '../../server/domain/lead.ts'
import { type Room, startRoom } from './room.ts'

let room: Room
let id: LeadId
let manager: UserId
const clock = { now: () => Temporal.Instant.from('2026-03-10T09:00:00Z') }
const [known, wanted, moved] = ['2026-03-10T12:30:00Z', '2026-03-11T09:00:00Z', '2026-03-10T15:00:00Z']

beforeEach(async () => {
  room = await startRoom({ clock })
  manager = userId(room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов' }).id)
  id = leadId(room.portal.act.createLead({ title: 'Кухня', phone: '+79000000001' }).id)
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

const because = { rule: 'step-begins', stepName: 'Взят в работу' } as const
const carryOut = (...commands: readonly PortalCommand[]) =>
  room.access.carryOut(room.portal.memberId, commands.map(command => ({ mark: command.mark, command, attempts: 0 })), { language: 'ru', timeZone: 'Europe/Moscow' })

describe.each(['task', 'todo'] as const)('of a %s', (form) => {
  const follow = (): PortalCommand => ({ kind: 'set-follow-up', leadId: id, mark: `${id}-work`, form, title: 'Связаться', text: 'Позвоните.', videoUrl: null, checklist: [], responsibleId: manager, deadlineAt: known, remindBeforeMinutes: 15, deadlineMayMove: true, because })
  const change = (responsibleId: UserId | null = null, free = false): PortalCommand =>
    ({ kind: 'change-follow-up', leadId: id, mark: `${id}-change`, followUp: `${id}-work`, form, deadlineAt: wanted, responsibleId, ...(free ? {} : { unlessMoved: { known: [known], from: '2026-03-10T09:00:00Z' } }), because })
  const row = () => (form === 'task' ? [...room.portal.state.tasks.values()][0] : [...room.portal.state.activities.values()].find(({ providerId }) => providerId === 'CRM_TODO'))
  const deadline = () => Temporal.Instant.from(row()?.deadline ?? '').toString()
  const move = () => (form === 'task' ? room.portal.act.moveTaskDeadline : room.portal.act.moveActivityDeadline)(row()?.id ?? 0, Date.parse(moved), manager)

  beforeEach(async () => {
    await carryOut(follow())
  })

  it('stays, and the change is void (S0-7, S0-23)', async () => {
    move()
    room.portal.requests.length = 0
    expect(await carryOut(change())).toMatchObject([{ ok: false, error: { code: 'not-found', bitrixMessage: 'a person has moved the deadline meanwhile' } }])
    expect(deadline()).toBe(moved)
    expect(room.portal.requests).toHaveLength(1)
  })

  it('stays, and the new responsible gets it all the same; only that is told', async () => {
    move()
    expect(await carryOut(change(userId(1)))).toMatchObject([{ ok: true }])
    expect(row()).toMatchObject({ responsibleId: 1 })
    expect(deadline()).toBe(moved)
    const told = room.portal.state.timeline.filter(({ kind }) => kind === 'log').at(-1)?.text
    expect(told).not.toBe('')
    expect(told).not.toContain('11.03')
  })

  it('is changed when nobody has moved it, or where people may not', async () => {
    expect(await carryOut(change())).toMatchObject([{ ok: true }])
    expect(deadline()).toBe(wanted)
    move()
    expect(await carryOut({ ...change(null, true), mark: `${id}-again` })).toMatchObject([{ ok: true }])
    expect(deadline()).toBe(wanted)
  })
})
