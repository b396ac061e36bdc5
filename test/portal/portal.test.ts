import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import { leadId, stageId } from '../../server/domain/lead.ts'
import type { Outcome } from '../../server/portal/batch.ts'
import { createBudget } from '../../server/portal/budget.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { BudgetStore } from '../../server/portal/ports.ts'
import { createPortals, type Portal } from '../../server/portal/portal.ts'
import type { Bearer, Tokens } from '../../server/portal/tokens.ts'
import type { Request, Transport } from '../../server/portal/transport.ts'
import { startPeer } from './peer.ts'
import { createMemoryBudgetStore, generousBudget, type Room, type RoomOptions, startRoom } from './room.ts'

const noFiles = () => Promise.reject(new Error('nothing is fetched here'))

let room: Room
const open = async (options: RoomOptions = {}): Promise<Portal> => {
  room = await startRoom(options)
  const token = room.store.tokens.get(`${room.portal.memberId}/1`)?.accessToken ?? ''
  return room.access.asUser(room.portal.memberId, token)
}

/** With the stored tokens: by way of a function of the room that makes one request. */
const readsInBackground = () => room.access.readSights(room.portal.memberId, [], [])

afterEach(() => room.close())

const read = { kind: 'read' } as const
const write = { kind: 'write' } as const
const taskFor = (title: string) => ({ method: 'tasks.task.add', params: { fields: { TITLE: title, RESPONSIBLE_ID: 1 } } })
const failed = (outcomes: readonly Outcome[]) => outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.error.code]))
const batches = () => room.portal.requests.filter(({ method }) => method === 'batch').map(({ batchCommands }) => batchCommands.length)

describe('many calls', () => {
  it('are read in requests of fifty', async () => {
    const portal = await open()
    const outcomes = await portal.callAll(Array.from({ length: 120 }, () => ({ method: 'profile' })), read)
    expect(outcomes).toHaveLength(120)
    expect(failed(outcomes)).toEqual([])
    expect(batches()).toEqual([50, 50, 20])
  })

  it('are written in smaller requests, which grow while they are quick', async () => {
    const portal = await open()
    const outcomes = await portal.callAll(Array.from({ length: 150 }, (_, index) => taskFor(`Дело ${index}`)), write)
    expect(failed(outcomes)).toEqual([])
    expect(batches()).toEqual([20, 30, 45, 50, 5])
    expect(room.portal.state.tasks.size).toBe(150)
  })

  it('answer each in its place though some fail', async () => {
    const portal = await open()
    const outcomes = await portal.callAll([taskFor('Первое'), { method: 'tasks.task.add', params: { fields: { RESPONSIBLE_ID: 1 } } }, taskFor('Третье')], write)
    expect(outcomes.map(outcome => outcome.ok)).toEqual([true, false, true])
    const [first, second, third] = outcomes
    expect(first?.ok === true && first.result).toMatchObject({ task: { title: 'Первое' } })
    expect(second?.ok === false && second.error.bitrixMessage).not.toBe('')
    expect(third?.ok === true && third.result).toMatchObject({ task: { title: 'Третье' } })
  })

  it('do not stop at a failure, and a single call is sent without a batch', async () => {
    const portal = await open()
    expect(failed(await portal.callAll([{ method: 'tasks.task.complete', params: { taskId: 999 } }, { method: 'profile' }], write))).toHaveLength(1)
    await portal.callAll([{ method: 'profile' }], read)
    expect(room.portal.requests.at(-1)?.method).toBe('profile')
  })
})

describe('a write whose answer is lost', () => {
  it('is not repeated, and what follows it is not tried', async () => {
    const portal = await open()
    room.portal.faults.failAfter('tasks.task.add', 502)
    const outcomes = await portal.callAll(Array.from({ length: 40 }, (_, index) => taskFor(`Дело ${index}`)), write)
    expect(new Set(failed(outcomes).slice(0, 20))).toEqual(new Set(['unknown-outcome']))
    expect(new Set(failed(outcomes).slice(20))).toEqual(new Set(['unavailable']))
    expect(room.portal.state.tasks.size).toBe(20)
  })

  it('is repeated when it was a read', async () => {
    const portal = await open()
    room.portal.faults.failAfter('profile', 'reset', 2)
    expect(failed(await portal.callAll([{ method: 'profile' }, { method: 'scope' }], read))).toEqual([])
    expect(batches()).toHaveLength(3)
  })
})

describe('limits of the portal', () => {
  it('are kept: a long series is never refused for rate', async () => {
    const portal = await open({ budgetStore: createMemoryBudgetStore(() => performance.now()) })
    await portal.callAll(Array.from({ length: 40 * 50 }, () => ({ method: 'profile' })), read)
    expect(room.portal.requests.filter(({ error }) => error === 'QUERY_LIMIT_EXCEEDED')).toEqual([])
  })

  it('that are exceeded all the same are waited out, for reads and writes alike', async () => {
    const portal = await open({ patience: { attempts: 4, delayMs: 200 } })
    room.portal.limits.rate.block = 3
    room.portal.limits.rate.leakPerSecond = 20
    for (let requests = 0; requests < 6; requests += 1) expect(failed(await portal.callAll([taskFor('Дело'), taskFor('Дело')], write))).toEqual([])
    expect(room.portal.state.tasks.size).toBe(12)
    expect(room.portal.requests.some(({ error }) => error === 'QUERY_LIMIT_EXCEEDED')).toBe(true)
  })

  it('of a single method block that method only, until it is reset', async () => {
    const portal = await open()
    room.portal.limits.operating.costSeconds['tasks.task.add'] = 500
    await portal.callAll([taskFor('Дело')], write)
    const outcomes = await portal.callAll([taskFor('Ещё дело'), { method: 'profile' }], write)
    expect(outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error.code))).toEqual(['method-blocked', 'ok'])
    const [blocked] = outcomes
    expect(blocked?.ok === false && blocked.error.retryAt?.epochMilliseconds).toBeGreaterThan(Date.now() + 500_000)
    // The second try did not even ask the portal.
    expect(room.portal.requests.filter(({ error }) => error === 'OPERATION_TIME_LIMIT')).toEqual([])
  })
})

describe('commands that are refused inside a batch before they were done', () => {
  const answers = (...errors: (string | null)[]) => ({ result: Object.fromEntries(errors.flatMap((error, index) => (error === null ? [[`c${index}`, true]] : []))), result_error: Object.fromEntries(errors.flatMap((error, index) => (error === null ? [] : [[`c${index}`, { error, error_description: '' }]]))) })

  /** A portal that answers batches one after another as told. */
  const scripted = async (renew: (stale: Bearer) => Promise<Bearer>, budgetStore: Partial<BudgetStore>, ...results: unknown[]) => {
    await open()
    const sent: Request[] = []
    const transport: Transport = { send: (request) => {
      sent.push(request)
      return Promise.resolve({ result: results[sent.length - 1], next: null, total: null, time: { operating: 0, operatingResetAt: null }, endpoint: request.endpoint })
    }, fetchFile: noFiles }
    const clock = { now: () => Temporal.Now.instant() }
    const tokens: Tokens = { bearerOf: () => Promise.resolve({ userId: 1, accessToken: 'old-token' }), renewed: (_, stale) => renew(stale), lose: () => Promise.resolve(), keepAlive: () => Promise.resolve(), close: () => Promise.resolve(), endpointOf: () => Promise.reject(new Error('nothing moves here')) }
    const portals = createPortals({ store: room.store, tokens, transport, budget: createBudget({ store: { ...generousBudget, ...budgetStore }, clock }), restLog: { write: () => undefined }, clock })
    const portal = await portals.open(room.portal.memberId)
    return { outcomes: await portal.callAll([taskFor('Первое'), taskFor('Второе'), taskFor('Третье')], write), sent }
  }
  const renewed = () => Promise.resolve({ userId: 1, accessToken: 'new-token' })

  it('are asked again, alone, with the new token', async () => {
    const { outcomes, sent } = await scripted(renewed, {}, answers(null, 'expired_token', 'expired_token'), answers(null, null))
    expect(failed(outcomes)).toEqual([])
    expect(sent.map(({ accessToken, params }) => [accessToken, Object.keys(params['cmd'] as object).length])).toEqual([['old-token', 3], ['new-token', 2]])
  })

  it('for rate fill the bucket', async () => {
    const filled: string[] = []
    await scripted(renewed, { fill: async memberId => void filled.push(memberId) }, answers(null, 'QUERY_LIMIT_EXCEEDED', null), true)
    expect(filled).toEqual([room.portal.memberId])
  })

  it('are asked again after a refusal for rate; what was done is not done twice', async () => {
    const { outcomes, sent } = await scripted(renewed, {}, answers(null, 'QUERY_LIMIT_EXCEEDED', null), true)
    expect(failed(outcomes)).toEqual([])
    expect(sent).toHaveLength(2)
    expect(sent[1]?.method).toBe('tasks.task.add')
  })

  it('keep their failure when no token can be had, and the others keep their success', async () => {
    const { outcomes } = await scripted(() => Promise.reject(new PortalError({ code: 'auth-lost', method: 'oauth/token' })), {}, answers(null, 'expired_token', null))
    expect(outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error.code))).toEqual(['ok', 'auth-lost', 'ok'])
  })

  it('never are asked again when they may have been done', async () => {
    const { outcomes, sent } = await scripted(renewed, {}, answers(null, 'INTERNAL_SERVER_ERROR', null))
    expect(outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error.code))).toEqual(['ok', 'unknown-outcome', 'ok'])
    expect(sent).toHaveLength(1)
  })
})

describe('a batch of writes that is refused as a whole', () => {
  it.each(['access-denied', 'invalid', 'not-found'] as const)('with %s says nothing of its commands: they wait', async (code) => {
    await open()
    const transport: Transport = { send: ({ method }) => Promise.reject(new PortalError({ code, method, bitrixCode: 'SOME_CODE', status: 403 })), fetchFile: noFiles }
    const clock = { now: () => Temporal.Now.instant() }
    const tokens: Tokens = { bearerOf: () => Promise.resolve({ userId: 1, accessToken: 'token' }), renewed: (_, stale) => Promise.resolve(stale), lose: () => Promise.resolve(), keepAlive: () => Promise.resolve(), close: () => Promise.resolve(), endpointOf: () => Promise.reject(new Error('nothing moves here')) }
    const portal = await createPortals({ store: room.store, tokens, transport, budget: createBudget({ store: generousBudget, clock }), restLog: { write: () => undefined }, clock }).open(room.portal.memberId)
    const outcomes = await portal.callAll(Array.from({ length: 21 }, (_, index) => taskFor(`Дело ${index}`)), write)
    expect(new Set(failed(outcomes))).toEqual(new Set(['unavailable']))
    expect(outcomes[0]).toMatchObject({ error: { method: 'tasks.task.add', bitrixCode: 'SOME_CODE' } })
    expect(failed(await portal.callAll([taskFor('Дело')], write))).toEqual([code])
  })
})

describe('work whose lock is lost', () => {
  it('sends nothing more; what was sent keeps its outcome', async () => {
    await open()
    const lock = new AbortController()
    const sent: Request[] = []
    const transport: Transport = { send: (request) => {
      sent.push(request)
      lock.abort(new Error('lost'))
      const names = Object.keys(request.params['cmd'] as object)
      return Promise.resolve({ result: { result: Object.fromEntries(names.map(name => [name, true])), result_error: [] }, next: null, total: null, time: { operating: 0, operatingResetAt: null }, endpoint: request.endpoint })
    }, fetchFile: noFiles }
    const clock = { now: () => Temporal.Now.instant() }
    const tokens: Tokens = { bearerOf: () => Promise.resolve({ userId: 1, accessToken: 'token' }), renewed: (_, stale) => Promise.resolve(stale), lose: () => Promise.resolve(), keepAlive: () => Promise.resolve(), close: () => Promise.resolve(), endpointOf: () => Promise.reject(new Error('nothing moves here')) }
    const portal = await createPortals({ store: room.store, tokens, transport, budget: createBudget({ store: generousBudget, clock }), restLog: { write: () => undefined }, clock }).open(room.portal.memberId, { held: lock.signal })
    const outcomes = await portal.callAll(Array.from({ length: 45 }, (_, index) => taskFor(`Дело ${index}`)), write)
    expect(sent).toHaveLength(1)
    expect(outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([...Array.from({ length: 20 }, () => 'ok'), ...Array.from({ length: 25 }, () => 'unavailable')])
  })

  it('before it began changes nothing on the portal', async () => {
    await open()
    const lead = room.portal.act.createLead({ title: 'Столешница' })
    const command = { kind: 'move-stage', leadId: leadId(lead.id), from: stageId('NEW'), to: stageId('IN_PROCESS'), mark: 'm', because: { rule: 'step-begins', stepName: 'Взят в работу' } } as const
    const carryOut = (held: AbortSignal) => room.access.carryOut(room.portal.memberId, [{ mark: 'm', command, attempts: 0 }], { language: 'ru', timeZone: 'Europe/Moscow' }, { held })
    await expect(carryOut(AbortSignal.abort(new Error('lost')))).rejects.toMatchObject({ code: 'unavailable' })
    expect(room.portal.requests).toEqual([])
    expect(await carryOut(new AbortController().signal)).toMatchObject([{ ok: true }])
  })
})

describe('a portal that is closed to us', () => {
  it('is told by what to do', async () => {
    const portal = await open()
    room.portal.settings.restAvailable = false
    expect(failed(await portal.callAll([{ method: 'profile' }, { method: 'scope' }], read))).toEqual(['payment-required', 'payment-required'])
    Object.assign(room.portal.settings, { restAvailable: true, overloaded: true })
    expect(failed(await portal.callAll([{ method: 'profile' }, { method: 'scope' }], read))).toEqual(['overloaded', 'overloaded'])
    Object.assign(room.portal.settings, { overloaded: false, deleted: true })
    await expect(portal.call('profile', {}, read)).rejects.toMatchObject({ code: 'portal-deleted' })
  })

  it('is not asked at all after it has been uninstalled', async () => {
    await open()
    const row = room.store.portals.get(room.portal.memberId)
    if (row !== undefined) room.store.portals.set(row.memberId, { ...row, status: 'uninstalled' })
    await expect(readsInBackground()).rejects.toMatchObject({ code: 'app-uninstalled' })
    await expect(room.access.readSights('unknown0', [], [])).rejects.toMatchObject({ code: 'app-uninstalled' })
  })
})

describe('a renamed portal', () => {
  it('is followed, and its new address is remembered', async () => {
    const portal = await open()
    const domain = await room.portal.rename()
    expect(await portal.callAll([taskFor('Дело'), taskFor('Дело')], write)).toMatchObject([{ ok: true }, { ok: true }])
    expect(portal.domain).toBe(domain)
    expect(room.store.portals.get(room.portal.memberId)).toMatchObject({ domain, clientEndpoint: `http://${domain}/rest/` })
    expect(room.portal.state.tasks.size).toBe(2)
  })
})

describe('an address that redirects to somebody else', () => {
  it('is not followed: the stranger gets no token, and his address is not stored', async () => {
    await open()
    const evil = await startPeer()
    const old = await startPeer((asked, response) => void response.writeHead(302, { location: `http://${evil.host}${asked.path}` }).end())
    const row = room.store.portals.get(room.portal.memberId)
    if (row !== undefined) room.store.portals.set(row.memberId, { ...row, domain: old.host, clientEndpoint: old.endpoint })
    const portal = await room.access.asUser(room.portal.memberId, room.portal.tokensFor(1).accessToken)
    await expect(portal.call('profile', {}, read)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(room.access.readFacts(room.portal.memberId)).rejects.toMatchObject({ code: 'unavailable' })
    await Promise.all([old.close(), evil.close()])
    expect(evil.asked).toEqual([])
    expect(room.store.portals.get(room.portal.memberId)).toMatchObject({ domain: old.host })
  })
})

describe('the log of requests', () => {
  it('has every request, without tokens and without what people wrote', async () => {
    const portal = await open()
    const token = room.store.tokens.get(`${room.portal.memberId}/1`)
    await portal.callAll([taskFor('Позвонить Ивану Петрову +7 900 000-00-01'), taskFor('Дело')], write)
    await portal.call('tasks.task.list', { filter: { TITLE: 'Иван' }, select: ['ID', 'TITLE'] }, read)
    const text = JSON.stringify(room.requests) + room.logged.join('')
    expect(room.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(['batch 200', 'tasks.task.list 200'])
    expect(room.requests[0]?.request).toMatchObject({ methods: { 'tasks.task.add': 2 }, calls: [{ method: 'tasks.task.add', params: { fields: { RESPONSIBLE_ID: 1 } } }, {}] })
    expect(text).not.toMatch(/Иван|Петров|900 000|%D0/)
    expect(text).not.toContain(token?.accessToken)
    expect(text).not.toContain(token?.refreshToken)
  })
})
