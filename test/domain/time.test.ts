import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { dateOf, epochDayOf, spanMs, toMoment, toMs } from '../../server/domain/time.ts'

describe('a moment as text', () => {
  const anyMs = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) })

  it('is written as Temporal writes it', () => fc.assert(fc.property(anyMs, (ms) => {
    expect(toMoment(ms)).toBe(Temporal.Instant.fromEpochMilliseconds(ms).toString())
  })))

  it('is read back as it was', () => fc.assert(fc.property(anyMs, (ms) => {
    expect(toMs(toMoment(ms))).toBe(ms)
  })))

  it('is understood with any offset and separator', () => {
    const ms = Temporal.Instant.from('2026-07-24T07:00:00Z').epochMilliseconds
    expect(toMs('2026-07-24T10:00:00+03:00')).toBe(ms)
    expect(toMs('2026-07-24 07:00:00.000+00')).toBe(ms)
    expect(() => toMs('вчера')).toThrow(RangeError)
  })
})

describe('a civil date', () => {
  it('is the one Temporal counts', () => fc.assert(fc.property(fc.integer({ min: -30_000, max: 90_000 }), (days) => {
    const { year, month, day } = dateOf(days)
    expect(new Temporal.PlainDate(year, month, day).toString()).toBe(new Temporal.PlainDate(1970, 1, 1).add({ days }).toString())
    expect(epochDayOf(year, month, day)).toBe(days)
  })))
})

describe('a working span', () => {
  it('is a length of time', () => {
    expect(spanMs('PT1H30M')).toBe(5_400_000)
    expect(() => spanMs('полчаса')).toThrow(RangeError)
  })
})
