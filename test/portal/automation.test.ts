import qs from 'qs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PortalCommand } from '../../server/domain/command.ts'
import { leadId, stageId, userId } from '../../server/domain/lead.ts'
import { robotValues } from '../../server/domain/robots.ts'
import type { CarriedOut } from '../../server/portal/execute.ts'
import type { RobotsAt } from '../../server/portal/install-automation.ts'
import { parseRobotCall } from '../../server/portal/robot-call.ts'
import { startListener } from '../fake-portal/testing.ts'
import { appUrl, type Room, useRoom } from './room.ts'

let room: Room
useRoom((made) => { room = made })

const because = { rule: 'follow-up-closed' } as const
const newLead = () => leadId(room.portal.act.createLead({ title: 'Столешница' }).id)
const run = (commands: readonly PortalCommand[], attempts = 0): Promise<readonly CarriedOut[]> =>
  room.access.carryOut(room.portal.memberId, commands.map(command => ({ mark: command.mark, command, attempts })), { language: 'ru', timeZone: 'Europe/Moscow', timeline: () => null })
const comments = () => room.portal.state.timeline.filter(({ kind }) => kind === 'comment').map(({ text }) => text)

describe('the title of a lead (S2-4)', () => {
  it('is set together with stage and responsible in one update', async () => {
    const id = newLead()
    expect(await run([
      { kind: 'assign', leadId: id, userId: userId(1), mark: 'a', because }, { kind: 'move-stage', leadId: id, from: stageId('NEW'), to: stageId('IN_PROCESS'), mark: 'b', because },
      { kind: 'set-title', leadId: id, title: 'Ромашка – кухня', mark: 'c', because },
    ])).toEqual([{ mark: 'a', ok: true }, { mark: 'b', ok: true }, { mark: 'c', ok: true }])
    expect(room.portal.state.leads.get(id)).toMatchObject({ title: 'Ромашка – кухня', stageId: 'IN_PROCESS' })
    expect(room.portal.requests.filter(({ method, batchCommands }) => [method, ...batchCommands].includes('crm.item.update'))).toHaveLength(1)
  })

  it('is set though the portal refuses the stage', async () => {
    const id = newLead()
    room.portal.state.requiredByStage.set('IN_PROCESS', ['sourceDescription'])
    const outcomes = await run([
      { kind: 'move-stage', leadId: id, from: stageId('NEW'), to: stageId('IN_PROCESS'), mark: 'b', because }, { kind: 'set-title', leadId: id, title: 'Ромашка', mark: 'c', because },
    ])
    expect(outcomes).toMatchObject([{ mark: 'b', ok: false }, { mark: 'c', ok: true }])
    expect(room.portal.state.leads.get(id)).toMatchObject({ title: 'Ромашка', stageId: 'NEW' })
  })
})

describe('a comment', () => {
  it('stands in the timeline once, however often it is tried', async () => {
    const command = { kind: 'comment', leadId: newLead(), text: 'Клиент просит перезвонить [в среду]', mark: 'lead-1-comment-2', because } as const
    room.portal.faults.failAfter('crm.timeline.comment.add', 'reset', 1)
    expect(await run([command])).toMatchObject([{ ok: false, error: { code: 'unknown-outcome' } }])
    expect(await run([command], 1)).toEqual([{ mark: command.mark, ok: true }])
    expect(comments()).toHaveLength(1)
    expect(comments()[0]).toContain('leadrail:lead-1-comment-2')
  })

  it('waits when nobody can look whether it is there', async () => {
    const command = { kind: 'comment', leadId: newLead(), text: 'Важно', mark: 'm', because } as const
    room.portal.faults.failBefore('crm.timeline.comment.list', 503, 20)
    await expect(run([command], 1)).rejects.toMatchObject({ code: 'unavailable' })
    expect(comments()).toEqual([])
  })

  it('is void for a lead that is gone', async () => {
    expect(await run([{ kind: 'comment', leadId: leadId(999), text: 'Важно', mark: 'm', because }])).toMatchObject([{ ok: false, error: { code: 'not-found' } }])
  })
})

describe('robots and triggers of the portal\'s automation', () => {
  /** As a portal's set-up does it: what the last one has left is remembered. */
  const set = async () => {
    const ensured = await room.access.ensure(room.portal.memberId, { robots: registered })
    registered = ensured.robots
    return ensured
  }
  let registered: RobotsAt | null
  beforeEach(() => {
    registered = null
  })

  it('are added once', async () => {
    expect(await set()).toMatchObject({ ok: true, done: expect.arrayContaining([{ what: 'automation', count: 6 }]) as unknown })
    expect([...room.portal.state.triggers]).toEqual([['deadline-missed', 'Leadrail: срок пропущен'], ['card-complete', 'Leadrail: карточка заполнена'], ['qualified', 'Leadrail: квалификация пройдена']])
    const robots = [...room.portal.state.robots.values()]
    expect(robots.map(({ code, name, handler, useSubscription }) => [code, (name as { ru: string }).ru, handler, useSubscription])).toEqual([
      ['leadrail.check-card', 'Проверить карточку квалификации', `${appUrl}/robots`, true], ['leadrail.start-deadline', 'Запустить срок', `${appUrl}/robots`, true],
      ['leadrail.distribute', 'Распределить лид', `${appUrl}/robots`, true],
    ])
    expect(robots.map(({ returnProperties }) => Object.keys(returnProperties))).toEqual(Object.values(robotValues))
    expect((await set()).done).toEqual([])
  })

  it('get our new address when it has changed', async () => {
    await set()
    const old = 'https://old.example.com/robots'
    for (const robot of room.portal.state.robots.values()) robot.handler = old
    registered = { address: old, userId: 1 }
    await set()
    expect([...room.portal.state.robots.values()].map(({ handler }) => handler)).toEqual(Array.from({ length: 3 }, () => `${appUrl}/robots`))
  })

  it('are written anew until every one of them is confirmed to be at our address', async () => {
    await set()
    const old = 'https://old.example.com/robots'
    for (const robot of room.portal.state.robots.values()) robot.handler = old
    for (const handler of room.portal.state.eventHandlers) handler.handler = 'https://old.example.com/events'
    registered = { address: old, userId: 1 }
    room.portal.faults.failBefore('bizproc.robot.update', 503, 50)
    const failed = await set()
    expect(failed.checks.find(({ id }) => id === 'automation')).toMatchObject({ ok: false, detail: expect.stringContaining('leadrail.check-card') as unknown })
    const looked = await room.access.ensure(room.portal.memberId, { dry: true, robots: registered })
    expect(looked.checks.find(({ id }) => id === 'automation')).toMatchObject({ ok: false })
    room.portal.faults.clear()
    expect((await set()).checks.find(({ id }) => id === 'automation')).toMatchObject({ ok: true })
    expect([...room.portal.state.robots.values()].map(({ handler }) => handler)).toEqual(Array.from({ length: 3 }, () => `${appUrl}/robots`))
    room.portal.requests.length = 0
    await set()
    expect(room.portal.requests.flatMap(({ batchCommands }) => batchCommands)).not.toContain('bizproc.robot.update')
  })

  it('bring the token of an administrator of ours (bizproc-robot-add.md)', async () => {
    await set()
    expect([...room.portal.state.robots.values()].map(({ authUserId }) => authUserId)).toEqual([1, 1, 1])
    expect(registered).toEqual({ address: `${appUrl}/robots`, userId: 1 })
  })

  it('are there again after an update of the application', async () => {
    await set()
    room.portal.update(2)
    expect(await set()).toMatchObject({ ok: true })
    expect([room.portal.state.robots.size, room.portal.state.triggers.size]).toEqual([3, 3])
  })

  it('are told of and not needed where the permission or the plan lacks them (S4-21)', async () => {
    room.portal.app.scope = room.portal.app.scope.filter(scope => scope !== 'bizproc')
    const ensured = await set()
    expect(ensured.ok).toBe(true)
    expect(ensured.checks.find(({ id }) => id === 'automation')).toMatchObject({ ok: false, optional: true, detail: 'bizproc' })
    expect([room.portal.state.robots.size, room.portal.state.triggers.size]).toEqual([0, 3])
  })

  it('a fired trigger moves the lead where an administrator wants it', async () => {
    await set()
    const id = newLead()
    room.portal.act.bindTrigger('deadline-missed', 'PROCESSED')
    expect(await run([{ kind: 'fire-trigger', leadId: id, trigger: 'deadline-missed', mark: 't', because }])).toEqual([{ mark: 't', ok: true }])
    expect(room.portal.state.leads.get(id)?.stageId).toBe('PROCESSED')
    expect(room.portal.state.triggerRuns).toMatchObject([{ code: 'deadline-missed', leadId: id }])
  })

  it('a trigger that is not registered is a refusal, and nothing else', async () => {
    expect(await run([{ kind: 'fire-trigger', leadId: newLead(), trigger: 'qualified', mark: 't', because }])).toMatchObject([{ ok: false, error: { code: 'invalid' } }])
  })

  it('a robot is understood, and gets its values once', async () => {
    await set()
    const listener = await startListener()
    try {
      for (const robot of room.portal.state.robots.values()) robot.handler = `${listener.url}/robots`
      const id = newLead()
      const waiting = room.portal.runRobot('leadrail.check-card', id)
      await room.portal.settle()
      const call = parseRobotCall(qs.stringify(listener.heard[0]))
      expect(call).toMatchObject({ memberId: room.portal.memberId, applicationToken: room.portal.app.applicationToken, kind: 'check-card', leadId: id, token: waiting.token, waits: true, claim: { domain: room.portal.domain } })
      const answer = { kind: 'answer-robot', leadId: id, token: call?.token ?? '', values: { complete: 'N', missing: 1, titles: 'Бюджет', result: '' }, mark: 'r', because } as const
      expect(await run([answer])).toEqual([{ mark: 'r', ok: true }])
      expect(await run([answer], 1)).toEqual([{ mark: 'r', ok: true }])
      expect(waiting).toMatchObject({ waiting: false, returned: { complete: 'N', titles: 'Бюджет' } })
    } finally {
      await listener.close()
    }
  })
})
