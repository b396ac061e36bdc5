import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PortalCommand, Reason } from '../../server/domain/command.ts'
import { type LeadId, leadId, stageId, type UserId, userId } from '../../server/domain/lead.ts'
import { PortalError } from '../../server/portal/error.ts'
import { carryOut as carryOutOn, type Item } from '../../server/portal/execute.ts'
import type { Portal } from '../../server/portal/portal.ts'
import { type Room, startRoom } from './room.ts'

let room: Room
let manager: UserId
let id: LeadId

const clock = { now: () => Temporal.Instant.from('2026-03-10T09:00:00Z') }
const deadlineAt = '2026-03-10T12:30:00Z'

beforeEach(async () => {
  room = await startRoom({ clock })
  manager = userId(room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов' }).id)
  id = leadId(room.portal.act.createLead({ title: 'Кухня [URL=https://evil.example.com]даром[/URL]', phone: '+79000000001' }).id)
})
afterEach(async () => {
  expect(room.portal.strictFailures).toEqual([])
  await room.close()
})

const because: Reason = { rule: 'step-begins', stepName: 'Взят в работу' }
const item = (command: PortalCommand, attempts = 0): Item => ({ mark: command.mark, command, attempts })
const assign = (to = manager): PortalCommand => ({ kind: 'assign', leadId: id, userId: to, mark: `${id}-assign`, because })
const move = (from = 'NEW', to = 'IN_PROCESS'): PortalCommand => ({ kind: 'move-stage', leadId: id, from: stageId(from), to: stageId(to), mark: `${id}-move`, because })
const follow = (form: 'task' | 'todo' = 'task', mark = `${id}-work-1-follow-up`): PortalCommand => ({
  kind: 'set-follow-up', leadId: id, mark, form, title: 'Связаться: Кухня', text: 'Позвоните клиенту.\nЗаполните карточку.', videoUrl: 'https://video.example.com/first-call', checklist: ['Размер (обязательно)', 'Материал'],
  responsibleId: manager, deadlineAt, remindBeforeMinutes: 15, deadlineMayMove: true, because,
})
const notify = (about: Extract<PortalCommand, { kind: 'notify' }>['about'] = 'assigned'): PortalCommand => ({ kind: 'notify', leadId: id, userId: manager, mark: `${id}-notify-${about}`, about, incidentId: null, because })
const change = (form: 'task' | 'todo' = 'task', to: Partial<Extract<PortalCommand, { kind: 'change-follow-up' }>> = { deadlineAt: '2026-03-11T09:00:00Z' }): PortalCommand =>
  ({ kind: 'change-follow-up', leadId: id, mark: `${id}-change`, followUp: `${id}-work-1-follow-up`, form, deadlineAt: null, responsibleId: null, because, ...to })
const close = (form: 'task' | 'todo' = 'task'): PortalCommand => ({ kind: 'close-follow-up', leadId: id, mark: `${id}-close`, followUp: `${id}-work-1-follow-up`, form, because })

const words = { language: 'ru', timeZone: 'Europe/Moscow' } as const
const carryOut = (...items: readonly Item[]) => room.access.carryOut(room.portal.memberId, items, words)
/** Every call of this method is refused inside its batch. */
const carryOutWithout = async (method: string, ...items: readonly Item[]) => {
  const portal = await room.access.asUser(room.portal.memberId, room.store.tokens.get(`${room.portal.memberId}/1`)?.accessToken ?? '')
  const callAll: Portal['callAll'] = async (calls, manner) => (await portal.callAll(calls, manner)).map((outcome, index) =>
    (calls[index]?.method === method ? { ok: false, error: new PortalError({ code: 'access-denied', method, status: 200 }) } : outcome))
  return carryOutOn({ ...portal, callAll }, items, words)
}
const lead = () => room.portal.state.leads.get(id)
const tasks = () => [...room.portal.state.tasks.values()]
const todos = () => [...room.portal.state.activities.values()].filter(({ providerId }) => providerId === 'CRM_TODO')
const entries = () => room.portal.state.timeline.filter(({ kind }) => kind === 'log')
const ofMethod = (method: string) => room.portal.requests.flatMap(request => [request.method, ...request.batchCommands]).filter(name => name.toLowerCase() === method.toLowerCase())

describe('a new lead', () => {
  it('gets its responsible, stage, task and message in three requests, and a line in its timeline (S2-13)', async () => {
    const outcomes = await carryOut(item(assign()), item(move()), item(follow()), item(notify()))
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true])
    expect(lead()).toMatchObject({ assignedById: manager, stageId: 'IN_PROCESS' })
    expect(ofMethod('crm.item.update')).toHaveLength(1)
    expect(tasks()).toMatchObject([{ title: 'Связаться: Кухня', responsibleId: manager, xmlId: `leadrail:${id}-work-1-follow-up`, ufCrmTask: [`L_${id}`], allowChangeDeadline: true, deadline: '2026-03-10T15:30:00+03:00' }])
    expect(outcomes[2]).toMatchObject({ ok: true, result: { id: tasks()[0]?.id } })
    expect(room.portal.state.notifications).toHaveLength(1)
    expect(entries()).toHaveLength(1)
    expect(room.requests).toHaveLength(3)
  })

  it.each([[48, 30], [200, 15]])('among a hundred, %i commands at a time, takes fewer than %i requests', async (atOnce, requests) => {
    const many = Array.from({ length: 100 }, () => leadId(room.portal.act.createLead({ title: 'Столешница' }).id))
    const items = many.flatMap(each => [assign(), move(), follow(), notify()].map((command): Item => item({ ...command, leadId: each, mark: command.mark.replace(String(id), String(each)) })))
    for (let at = 0; at < items.length; at += atOnce) expect((await carryOut(...items.slice(at, at + atOnce))).every(({ ok }) => ok)).toBe(true)
    expect(tasks()).toHaveLength(100)
    expect(room.requests.length).toBeLessThan(requests)
  })
})

describe('a repeat after an attempt whose outcome nobody knows', () => {
  const all = () => [assign(), move(), follow(), follow('todo', `${id}-todo`), notify('missed')]

  it.each(['reset', 502] as const)('adds nothing when everything had happened (%s)', async (how) => {
    room.portal.faults.failAfter('tasks.task.add', how)
    const first = await carryOut(...all().map(command => item(command)))
    expect(first.some(outcome => !outcome.ok && outcome.error.code === 'unknown-outcome')).toBe(true)
    expect(tasks()).toHaveLength(1)
    const second = await carryOut(...all().map(command => item(command, 1)))
    expect(second.every(({ ok }) => ok)).toBe(true)
    expect(second[2]).toMatchObject({ result: { id: tasks()[0]?.id } })
    expect(second[3]).toMatchObject({ result: { id: todos()[0]?.id } })
    expect([tasks().length, todos().length, entries().length]).toEqual([1, 1, 1])
    const shown = room.portal.state.notifications.filter(({ tag }) => tag.endsWith(`${id}-notify-missed`))
    expect(shown).toHaveLength(1)
    const third = await carryOut(...all().map(command => item(command, 2)))
    expect(third.every(({ ok }) => ok)).toBe(true)
    expect([tasks().length, todos().length, entries().length]).toEqual([1, 1, 1])
  })

  it('does what had not happened', async () => {
    room.portal.faults.failBefore('tasks.task.add', 502)
    await carryOut(item(follow()))
    expect(tasks()).toHaveLength(0)
    expect(await carryOut(item(follow(), 1))).toMatchObject([{ ok: true }])
    expect(tasks()).toHaveLength(1)
  })

  it('tells the timeline what was carried out when only its entry was lost', async () => {
    room.portal.faults.failBefore('crm.timeline.logmessage.add', 502, 2)
    expect(await carryOut(item(follow()))).toMatchObject([{ ok: true }])
    expect(entries()).toHaveLength(0)
    await carryOut(item(follow(), 1))
    expect(entries()).toHaveLength(1)
    expect(tasks()).toHaveLength(1)
  })

  it.each(['failBefore', 'failAfter'] as const)('writes an entry of the timeline that failed once more, and never twice (%s)', async (fail) => {
    room.portal.faults[fail]('crm.timeline.logmessage.add', 502)
    expect(await carryOut(item(follow()))).toMatchObject([{ ok: true }])
    expect(entries()).toHaveLength(1)
  })

  it('is not attempted while the portal cannot be looked at', async () => {
    room.portal.faults.failBefore('crm.item.list', 502, 5)
    await expect(carryOut(item(follow(), 1))).rejects.toMatchObject({ code: 'unavailable' })
    expect(tasks()).toHaveLength(0)
  })
})

describe('a look that fails', () => {
  it('at the timeline tells nothing: the commands are carried out', async () => {
    expect(await carryOutWithout('crm.timeline.logmessage.list', item(assign(), 1), item(follow(), 1))).toMatchObject([{ ok: true }, { ok: true }])
    expect(tasks()).toHaveLength(1)
  })

  it.each([['todo', 'crm.activity.list'], ['task', 'tasks.task.list']] as const)('for a %s leaves that command for a repeat and carries out the others', async (form, method) => {
    const other = leadId(room.portal.act.createLead({ title: 'Столешница' }).id)
    const outcomes = await carryOutWithout(method, item(follow(form), 1), item(assign()), item(change(form)), item({ ...assign(), leadId: other, mark: `${other}-assign` }))
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'unavailable' } }, { ok: true }, { ok: false, error: { code: 'unavailable' } }, { ok: true }])
    expect([...tasks(), ...todos()]).toEqual([])
  })
})

describe('a follow-up that is set, changed and closed in one attempt', () => {
  it.each(['task', 'todo'] as const)('as a %s is changed and closed by the next one', async (form) => {
    const all = [follow(form), change(form), close(form)]
    expect(await carryOut(...all.map(command => item(command)))).toMatchObject([{ ok: true }, { ok: false, error: { code: 'unavailable' } }, { ok: false, error: { code: 'unavailable' } }])
    expect(await carryOut(item(change(form), 1), item(close(form), 1))).toMatchObject([{ ok: true }, { ok: true }])
    const [made] = form === 'task' ? tasks() : todos()
    expect(Temporal.Instant.from(made?.deadline ?? '').toString()).toBe('2026-03-11T09:00:00Z')
    expect(form === 'task' ? tasks()[0]?.status === 5 : todos()[0]?.completed).toBe(true)
  })
})

describe('the lead itself', () => {
  it('is left alone when it already is as wanted: our own change causes no event', async () => {
    await carryOut(item(assign()), item(move()))
    room.portal.requests.length = 0
    expect(await carryOut(item(assign()), item(move()))).toMatchObject([{ ok: true }, { ok: true }])
    expect(ofMethod('crm.item.update')).toEqual([])
  })

  it('keeps the stage a person has moved it to meanwhile', async () => {
    room.portal.act.moveStage(id, 'PROCESSED', 1)
    // Not told as done: the journal has the move as void.
    expect(await carryOut(item(assign()), item(move()))).toMatchObject([{ ok: true }, { ok: false, error: { code: 'not-found' } }])
    expect(lead()).toMatchObject({ assignedById: manager, stageId: 'PROCESSED' })
    expect(entries()[0]?.text).not.toMatch(/IN_PROCESS/)
  })

  it('gets its responsible even when the stage is forbidden to it, and the portal\'s words come back', async () => {
    room.portal.state.requiredByStage.set('IN_PROCESS', ['opportunity'])
    const [assigned, moved] = await carryOut(item(assign()), item(move()))
    expect(assigned).toMatchObject({ ok: true })
    expect(moved).toMatchObject({ ok: false, error: { code: 'invalid' } })
    expect(moved?.ok === false && moved.error.bitrixMessage).not.toBe('')
    expect(lead()).toMatchObject({ assignedById: manager, stageId: 'NEW' })
  })

  it('that the token\'s owner may not see any more is not gone: its commands wait', async () => {
    const administrator = room.portal.state.users.get(1)
    if (administrator !== undefined) administrator.isAdmin = false
    for (const department of room.portal.state.departments.values()) department.headId = null
    const foreign = room.portal.state.leads.get(id)
    if (foreign !== undefined) foreign.assignedById = manager
    expect(await carryOut(item(move()), item(follow()))).toMatchObject([{ ok: false, error: { code: 'unavailable' } }, { ok: false, error: { code: 'unavailable' } }])
    expect(tasks()).toEqual([])
  })

  it('that is gone is told as gone; its task is closed all the same', async () => {
    await carryOut(item(follow()))
    room.portal.act.deleteLead(id)
    const [assigned, set, closed] = await carryOut(item(assign()), item(follow('task', 'another')), item(close()))
    expect(assigned).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(set).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(closed).toMatchObject({ ok: true })
    expect(tasks()[0]?.status).toBe(5)
  })
})

describe.each(['task', 'todo'] as const)('a follow-up as a %s', (form) => {
  const deadline = () => (form === 'task' ? tasks()[0]?.deadline : todos()[0]?.deadline)
  const responsible = () => (form === 'task' ? tasks()[0]?.responsibleId : todos()[0]?.responsibleId)
  const done = () => (form === 'task' ? tasks()[0]?.status === 5 : todos()[0]?.completed)

  it('is moved, given to another person and closed, found by its mark', async () => {
    await carryOut(item(follow(form)))
    expect(Temporal.Instant.from(deadline() ?? '').toString()).toBe(deadlineAt)
    expect(await carryOut(item(change(form, { deadlineAt: '2026-03-11T09:00:00Z', responsibleId: userId(1) })))).toMatchObject([{ ok: true }])
    expect(Temporal.Instant.from(deadline() ?? '').toString()).toBe('2026-03-11T09:00:00Z')
    expect(responsible()).toBe(1)
    expect(await carryOut(item(close(form)))).toMatchObject([{ ok: true }])
    expect(done()).toBe(true)
  })

  it('that a person has closed or deleted needs nothing more', async () => {
    await carryOut(item(follow(form)))
    if (form === 'task') room.portal.act.completeTask(tasks()[0]?.id ?? 0, manager)
    else room.portal.act.completeActivity(todos()[0]?.id ?? 0, manager)
    expect(await carryOut(item(change(form)), item(close(form)))).toMatchObject([{ ok: true }, { ok: true }])
    if (form === 'task') room.portal.act.deleteTask(tasks()[0]?.id ?? 0, manager)
    else room.portal.act.deleteActivity(todos()[0]?.id ?? 0, manager)
    expect(await carryOut(item(change(form)), item(close(form)))).toMatchObject([{ ok: true }, { ok: true }])
  })

  it('is seen at the next look with its mark', async () => {
    await carryOut(item(follow(form)))
    const [sight] = await room.access.readSights(room.portal.memberId, [id], [])
    expect(sight).toMatchObject({ kind: 'seen', lead: { followUps: [{ mark: `${id}-work-1-follow-up`, form, open: true, responsibleId: manager }] } })
    expect(sight?.kind === 'seen' && sight.lead.activities.map(({ mark, automatic }) => [mark, automatic])).toEqual([[`${id}-work-1-follow-up`, true]])
  })
})

describe('texts', () => {
  it('of a task hold the questions and the links, in BB codes', async () => {
    await carryOut(item(follow()))
    const description = tasks()[0]?.description ?? ''
    expect(description).toContain('Позвоните клиенту.\nЗаполните карточку.')
    expect(description).toContain('[LIST]\n[*]Размер (обязательно)\n[*]Материал\n[/LIST]')
    expect(description).toContain('[URL=https://video.example.com/first-call]')
    expect(description).toContain(`[URL=${room.portal.baseUrl}/crm/lead/details/${id}/]`)
  })

  it('of a to-do bring a reminder of their own (S2-12)', async () => {
    await carryOut(item(follow('todo')))
    expect(todos()[0]).toMatchObject({ pingOffsets: [15], responsibleId: manager, subject: 'Связаться: Кухня' })
  })

  it('that a client wrote cannot become links or pull in other answers', async () => {
    room.portal.act.updateLead(id, { title: 'Кухня [URL=https://evil.example.com]даром[/URL] $result[c0]' })
    await carryOut(item(assign()), item(notify('missed')))
    const message = room.portal.state.notifications[0]?.message ?? ''
    expect(message).toContain(`[URL=/crm/lead/details/${id}/]`)
    expect(message).not.toContain('[URL=https://evil')
    expect(message.replaceAll('\u200b', '')).toContain('$result[c0]')
    expect(message).not.toContain('[object')
  })

  it('of the timeline come from the caller when he has his own', async () => {
    await room.access.carryOut(room.portal.memberId, [item(assign())], { ...words, timeline: commands => ({ title: 'Решение', text: `Команд: ${commands.length}` }) })
    expect(entries()).toMatchObject([{ title: 'Решение', text: 'Команд: 1' }])
  })

  it('of the timeline keep quiet about messages that only repeat what is said already', async () => {
    await carryOut(item(notify('assigned')))
    expect(entries()).toEqual([])
    await carryOut(item(notify('missed')))
    expect(entries()).toHaveLength(1)
  })
})

describe('a refusal', () => {
  it('of one command leaves the others done', async () => {
    const outcomes = await carryOut(item({ ...follow(), responsibleId: userId(9999) } as PortalCommand), item(notify()), item(assign()))
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, true])
    expect(outcomes[0]).toMatchObject({ error: { code: 'invalid', method: 'tasks.task.add' } })
    expect(entries()).toHaveLength(1)
  })
})
