import { describe, expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { type LeadId, leadId, userId } from '../../server/domain/lead.ts'
import type { CarriedOut } from '../../server/portal/execute.ts'
import { type Room, useRoom } from './room.ts'

let room: Room
useRoom((made) => { room = made })

const because = { rule: 'follow-up-closed' } as const
const questions = (id: LeadId): PortalCommand => ({ kind: 'comment', leadId: id, about: 'questions', text: '1. Размер\n2. Материал', mark: `${id}-questions`, because })
const task = (id: LeadId): PortalCommand => ({
  kind: 'set-follow-up', leadId: id, mark: `${id}-follow-up`, form: 'task', title: 'Связаться', text: 'Позвоните клиенту.', videoUrl: null, checklist: [],
  responsibleId: userId(1), deadlineAt: '2030-03-12T12:30:00Z', remindBeforeMinutes: 15, deadlineMayMove: true, because,
})
const notify = (id: LeadId): PortalCommand => ({ kind: 'notify', leadId: id, userId: userId(1), mark: `${id}-notify`, about: 'assigned', incidentId: null, because })
const newLeads = (count: number): readonly LeadId[] => Array.from({ length: count }, () => leadId(room.portal.act.createLead({ title: 'Столешница' }).id))
const run = (commands: readonly PortalCommand[], attempts = 0): Promise<readonly CarriedOut[]> =>
  room.access.carryOut(room.portal.memberId, commands.map(command => ({ mark: command.mark, command, attempts })), { language: 'ru', timeZone: 'Europe/Moscow' })
const comments = () => room.portal.state.timeline.filter(({ kind }) => kind === 'comment')
const requests = () => room.portal.requests.map(({ method, batchCommands }) => (method === 'batch' ? batchCommands : [method]).map(name => name.toLowerCase()))

describe('the comment with the questions of a step (S0-11)', () => {
  it('is sent after the tasks and messages of all leads, in one batch with the timeline entries', async () => {
    const before = requests().length
    const ids = newLeads(3)
    const outcomes = await run(ids.flatMap(id => [task(id), questions(id), notify(id)]))
    expect(outcomes.map(({ ok }) => ok)).toEqual(Array.from({ length: 9 }, () => true))
    const [, writes, last] = requests().slice(before)
    expect(new Set(writes)).toEqual(new Set(['tasks.task.add', 'im.notify.system.add']))
    expect(new Set(last)).toEqual(new Set(['crm.timeline.comment.add', 'crm.timeline.logmessage.add']))
    expect(requests()).toHaveLength(before + 3)
  })

  it('stands there once although the answer to it is lost', async () => {
    const [id] = newLeads(1) as [LeadId]
    const commands = [task(id), questions(id)]
    room.portal.faults.failAfter('crm.timeline.comment.add', 'reset', 1)
    const [set, commented] = await run(commands)
    expect([set?.ok, commented?.ok]).toEqual([true, false])
    expect(await run([questions(id)], 1)).toEqual([{ mark: `${id}-questions`, ok: true }])
    expect(comments()).toHaveLength(1)
  })

  it('is not tried on a portal that has answered none of the writes', async () => {
    const ids = newLeads(2)
    room.portal.faults.failAfter('batch', 'reset', 20)
    room.portal.faults.failAfter('tasks.task.add', 'reset', 20)
    const commands = ids.flatMap(id => [task(id), questions(id)])
    const outcomes = await run(commands).catch(() => [])
    expect(outcomes.filter(({ ok }) => ok)).toEqual([])
    expect(comments()).toEqual([])
    expect(requests().flat()).not.toContain('crm.timeline.comment.add')
  })
})
