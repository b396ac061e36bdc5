import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { type Bucket, createBudget, createMemoryBudgetStore, leak, limitsOf } from '../../server/portal/budget.ts'
import type { PortalError } from '../../server/portal/error.ts'

/** Time that passes only when somebody waits. */
const simulated = () => {
  let nowMs = Date.parse('2026-03-10T09:00:00Z')
  const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs) }
  const store = createMemoryBudgetStore(() => nowMs)
  const budget = createBudget({ store, clock, pause: (ms) => {
    nowMs += ms
    return Promise.resolve()
  } })
  return { budget, store, clock, elapsed: () => (nowMs - Date.parse('2026-03-10T09:00:00Z')) / 1000, pass: (ms: number) => void (nowMs += ms) }
}

const ask = { methods: ['crm.item.list'], licenseFamily: null, urgent: false }

describe('the bucket of one portal', () => {
  it('never holds more than the portal takes, however requests come', () => {
    fc.assert(fc.property(fc.array(fc.record({ afterMs: fc.nat(5000), urgent: fc.boolean() }), { maxLength: 300 }), (requests) => {
      let bucket: Bucket = { level: 0, atMs: 0 }
      let portal = 0
      let nowMs = 0
      for (const { afterMs, urgent } of requests) {
        portal = Math.max(0, portal - afterMs / 1000 * 2)
        nowMs += afterMs
        const taken = leak(bucket, limitsOf(null, urgent), nowMs)
        bucket = taken.bucket
        if (taken.waitMs > 0) continue
        portal += 1
        expect(portal).toBeLessThanOrEqual(50)
      }
    }))
  })

  it('leaves half of itself to people: a click goes through while the background waits', async () => {
    const { store } = simulated()
    let background = 0
    while (await store.take('m', limitsOf(null, false)) === 0) background += 1
    expect(background).toBe(24)
    expect(await store.take('m', limitsOf(null, true))).toBe(0)
    expect(await store.take('m', limitsOf(null, false))).toBeGreaterThan(0)
  })

  it('lets the background work at the rate at which it leaks while nobody clicks', async () => {
    const { budget, elapsed } = simulated()
    for (let requests = 0; requests < 240; requests += 1) await budget.admit('m', ask)
    const allowedByPortal = (240 - 50) / 2
    expect(elapsed()).toBeLessThan(allowedByPortal * 1.3)
    expect(elapsed()).toBeGreaterThanOrEqual(allowedByPortal)
  })

  it('is larger on Enterprise', () => {
    expect(limitsOf('ent', true)).toEqual({ rate: 5, burst: 248, reserve: 0 })
    expect(limitsOf('std', true)).toEqual({ rate: 2, burst: 48, reserve: 0 })
  })

  it('is full when the portal says so', async () => {
    const { budget, elapsed } = simulated()
    await budget.noteRefused('m', null)
    await budget.admit('m', { ...ask, urgent: true })
    expect(elapsed()).toBeGreaterThan(0)
  })

  it('does not keep a click waiting for ever', async () => {
    const budget = createBudget({ store: { take: () => Promise.resolve(30_000) }, clock: { now: () => Temporal.Now.instant() }, pause: () => Promise.resolve() })
    await expect(budget.admit('m', { ...ask, urgent: true })).rejects.toMatchObject({ code: 'rate-limited' } satisfies Partial<PortalError>)
  })

  it('lets background work go on out of people’s half as soon as a person waits for it', async () => {
    const { budget, elapsed, store } = simulated()
    while (await store.take('m', limitsOf(null, false)) === 0);
    for (let clicks = 0; clicks < 20; clicks += 1) await store.take('m', limitsOf(null, true))
    let asked = 0
    await budget.admit('m', { ...ask, wanted: () => Promise.resolve((asked += 1) === 3) })
    expect(elapsed()).toBe(0.75)
    await budget.admit('m', ask)
    expect(elapsed()).toBeGreaterThan(10)
  })

  it('keeps nobody waiting once the end has begun, and lets through what need not wait', async () => {
    let waitMs = 600_000
    const budget = createBudget({ store: { take: () => Promise.resolve(waitMs) }, clock: { now: () => Temporal.Now.instant() } })
    const waiting = budget.admit('m', ask)
    await new Promise(resolve => setImmediate(resolve))
    budget.endWaiting()
    await expect(waiting).rejects.toMatchObject({ code: 'rate-limited' } satisfies Partial<PortalError>)
    await expect(budget.admit('m', ask)).rejects.toMatchObject({ code: 'rate-limited' } satisfies Partial<PortalError>)
    waitMs = 0
    await budget.admit('m', ask)
  })
})

describe('the operating time of a method', () => {
  const at = (clock: { now(): Temporal.Instant }, seconds: number) => ({ operating: seconds, operatingResetAt: clock.now().add({ minutes: 5 }) })

  it('slows the background down before the portal would refuse', async () => {
    const { budget, clock, elapsed } = simulated()
    budget.note('m', 'crm.item.list', at(clock, 250))
    await budget.admit('m', ask)
    expect(elapsed()).toBeGreaterThan(2)
  })

  it('blocks the background earlier than people, one method only, until it is reset', () => {
    const { budget, clock, pass } = simulated()
    budget.note('m', 'crm.item.list', at(clock, 320))
    const reset = clock.now().add({ minutes: 5 })
    expect(budget.blockedUntil('m', 'crm.item.list', false)?.equals(reset)).toBe(true)
    expect(budget.blockedUntil('m', 'crm.item.list', true)).toBeNull()
    expect(budget.blockedUntil('m', 'tasks.task.list', false)).toBeNull()
    expect(budget.blockedUntil('other', 'crm.item.list', false)).toBeNull()
    pass(5 * 60_000)
    expect(budget.blockedUntil('m', 'crm.item.list', false)).toBeNull()
  })
})
