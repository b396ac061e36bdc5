import { describe, expect, it } from 'vitest'
import { fromLocal, toLocal } from '../../client/i18n/zoned.ts'

describe('a moment in a field of the page', () => {
  it.each([
    ['2026-11-23T06:52:00Z', 'Europe/Moscow', '2026-11-23T09:52'],
    ['2026-11-23T20:30:00Z', 'Asia/Kathmandu', '2026-11-24T02:15'],
    ['2026-07-01T03:00:00Z', 'America/New_York', '2026-06-30T23:00'],
    ['2026-12-31T23:59:00Z', 'UTC', '2026-12-31T23:59'],
  ])('%s in %s is %s, and back', (instant, zone, local) => {
    expect(toLocal(instant, zone)).toBe(local)
    expect(toLocal(Date.parse(instant), zone)).toBe(local)
    expect(fromLocal(local, zone)).toBe(new Date(instant).toISOString())
  })

  it('is the first of two where the clocks go back, and after the gap where they go forward', () => {
    expect(fromLocal('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
    expect(fromLocal('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(fromLocal('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(fromLocal('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
  })

  it('is none where none was typed', () => {
    for (const typed of ['', '2026-13-01T10:00', 'завтра', '2026-12-01']) expect(fromLocal(typed, 'Europe/Moscow')).toBeNull()
  })
})
