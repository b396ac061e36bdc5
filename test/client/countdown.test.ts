import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCountdown, useServerClock, type ClockReading } from '../../client/composables/useCountdown.ts'

const scope = () => {
  const made = effectScope()
  stop.push(() => made.stop())
  return made
}
const stop: (() => void)[] = []

beforeEach(() => { vi.useFakeTimers({ now: Date.parse('2031-01-01T00:00:00Z') }) })
afterEach(() => {
  for (const end of stop.splice(0)) end()
  vi.useRealTimers()
})

const countdown = (reading: () => ClockReading | null, dueAt: string | null = '2026-11-23T07:00:00Z') =>
  scope().run(() => useCountdown(useServerClock(reading), () => dueAt))!

describe('the countdown', () => {
  it('runs by the server’s clock, whatever the clock of this computer says', () => {
    const left = countdown(() => ({ now: '2026-11-23T06:59:00Z', clockSpeed: 1 }))
    expect(left.value).toBe(60_000)
    vi.advanceTimersByTime(10_000)
    expect(left.value).toBe(50_000)
  })

  it('goes on below zero when the deadline has passed', () => {
    const left = countdown(() => ({ now: '2026-11-23T06:59:58Z', clockSpeed: 1 }))
    vi.advanceTimersByTime(5000)
    expect(left.value).toBe(-3000)
  })

  it('runs as fast as the server’s clock does', () => {
    const left = countdown(() => ({ now: '2026-11-23T06:00:00Z', clockSpeed: 60 }))
    vi.advanceTimersByTime(10_000)
    expect(left.value).toBe(50 * 60_000)
  })

  it('takes each new reading of the server’s clock', async () => {
    const reading = shallowRef<ClockReading>({ now: '2026-11-23T06:00:00Z', clockSpeed: 1 })
    const left = countdown(() => reading.value)
    vi.advanceTimersByTime(10_000)
    reading.value = { now: '2026-11-23T06:30:00Z', clockSpeed: 1 }
    await nextTick()
    expect(left.value).toBe(30 * 60_000)
  })

  it('knows nothing without a reading or without a deadline', () => {
    expect(countdown(() => null).value).toBeNull()
    expect(countdown(() => ({ now: '2026-11-23T06:00:00Z', clockSpeed: 1 }), null).value).toBeNull()
  })

  it('leaves no timer behind', () => {
    countdown(() => ({ now: '2026-11-23T06:00:00Z', clockSpeed: 1 }))
    for (const end of stop.splice(0)) end()
    expect(vi.getTimerCount()).toBe(0)
  })
})
