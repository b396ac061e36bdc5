import { describe, expect, it } from 'vitest'
import { createFormat } from '../../client/i18n/format.ts'
import { wordsFor } from '../../server/domain/sentences/words.ts'

const ru = createFormat('ru', 'Europe/Moscow')
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('a moment', () => {
  it('is told in the portal’s time zone, not in the browser’s', () => {
    expect(ru.clock('2026-11-23T07:15:00Z')).toBe('10:15')
    expect(createFormat('ru', 'Asia/Vladivostok').clock('2026-11-23T07:15:00Z')).toBe('17:15')
  })
  it('names weekday, day and time, and in full also year and zone', () => {
    expect(plain(ru.moment('2026-11-23T07:15:00Z'))).toBe('пн 23 ноября, 10:15')
    expect(plain(ru.full('2026-11-23T07:15:00Z'))).toContain('2026 г.')
    expect(plain(ru.full('2026-11-23T07:15:00Z'))).toContain('GMT+3')
  })
  it.each(['ru', 'en'] as const)('is written as the server’s sentences write it: %s', (language) => {
    for (const at of ['2026-11-23T07:15:00Z', '2027-03-07T20:59:00Z']) expect(createFormat(language, 'Asia/Vladivostok').moment(at)).toBe(wordsFor(language, 'Asia/Vladivostok').moment(at))
  })
  it('names a day as it names a moment’s', () => {
    expect(ru.day('2026-12-01')).toBe('вт 1 декабря')
    expect(createFormat('en', 'UTC').day('2026-12-01')).toBe('Tue 1 December')
  })
  it('writes midnight as 00:00', () => {
    expect(ru.clock('2026-11-22T21:00:00Z')).toBe('00:00')
  })
})

describe('a span of time', () => {
  it.each([
    [0, '0 с'], [999, '0 с'], [45_000, '45 с'], [60_000, '1 мин'], [14 * 60_000 + 5_000, '14 мин 5 с'], [3_600_000, '1 ч'],
    [2 * 3_600_000 + 14 * 60_000 + 59_000, '2 ч 14 мин'], [26 * 3_600_000, '1 дн. 2 ч'], [24 * 3_600_000 + 30 * 60_000, '1 дн.'],
  ])('%i ms is %s', (ms, words) => {
    expect(plain(ru.duration(ms))).toBe(words)
  })
  it('of ISO 8601 is told the same way', () => {
    expect(plain(ru.span('PT30M'))).toBe('30 мин')
    expect(plain(ru.span('PT4H30M'))).toBe('4 ч 30 мин')
    expect(plain(ru.span('P1D'))).toBe('0 с')
  })
  it('is told in English too', () => {
    expect(plain(createFormat('en', 'UTC').duration(90 * 60_000))).toBe('1 hr 30 min')
  })
})
