import fc from 'fast-check'
import qs from 'qs'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { type Call, commandsOf, encodeParams, readBatch } from '../../server/portal/batch.ts'
import type { Kind } from '../../server/portal/transport.ts'

const calls: readonly Call[] = [{ method: 'crm.item.update', params: { id: 1 } }, { method: 'tasks.task.add' }, { method: 'im.notify.system.add' }]
const later = Temporal.Instant.from('2026-03-10T09:10:00Z')
const read = (answer: unknown, kind: Kind = 'write') => readBatch(calls, kind, answer, () => later).outcomes
const codes = (answer: unknown, kind: Kind = 'write') => read(answer, kind).map(outcome => (outcome.ok ? 'ok' : outcome.error.code))

describe('commands of a batch', () => {
  it('carry nested values the way PHP reads them', () => {
    const encoded = encodeParams({ filter: { '@id': [1, 2], '>=updatedTime': '2026-03-10T09:00:00+03:00' }, select: ['*', 'UF_X'], fields: { TITLE: 'Кухня & ванная = 2', on: true, off: false } })
    expect(qs.parse(encoded)).toEqual({ filter: { '@id': ['1', '2'], '>=updatedTime': '2026-03-10T09:00:00+03:00' }, select: ['*', 'UF_X'], fields: { TITLE: 'Кухня & ванная = 2', on: '1', off: '0' } })
  })

  it('send an empty list as an empty value, because it would vanish', () => {
    expect(encodeParams({ pingOffsets: [], none: null, skipped: undefined })).toBe('pingOffsets=&none=')
  })

  it('never let a text of a client pull in another command\'s answer', () => {
    const title = 'Столешница $result[c0][items][0][fm]'
    const encoded = decodeURIComponent(encodeParams({ TITLE: title }))
    expect(encoded).not.toContain('$result[')
    expect(encoded.replaceAll('\u200b', '')).toBe(`TITLE=${title}`)
  })

  it('come out of the code as they went in', () => {
    const value = fc.oneof(fc.string(), fc.integer().map(String))
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z_]{1,8}$/), fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 5 })), { minKeys: 1 }), (params) => {
      fc.pre(!JSON.stringify(params).includes('$result['))
      expect(qs.parse(encodeParams(params), { allowPrototypes: true })).toEqual({ ...params })
    }))
  })

  it('are named, so that no answer can slip to a neighbour', () => {
    expect(Object.keys(commandsOf(calls))).toEqual(['c0', 'c1', 'c2'])
  })
})

describe('answers of a batch', () => {
  it('give one outcome per call, null and false being answers too', () => {
    expect(read({ result: { c0: { item: {} }, c1: null, c2: false }, result_error: [] })).toMatchObject([{ ok: true, result: { item: {} } }, { ok: true, result: null }, { ok: true, result: false }])
  })

  it('keep the failure of one command to that command', () => {
    expect(read({ result: { c0: true, c2: 5 }, result_error: { c1: { error: '', error_description: 'Не указан ответственный' } } })).toMatchObject([
      { ok: true }, { ok: false, error: { code: 'invalid', method: 'tasks.task.add', bitrixMessage: 'Не указан ответственный' } }, { ok: true, result: 5 },
    ])
  })

  it('are not believed when they have lost their names: results in a list would be shifted by a failed one', () => {
    expect(codes({ result: [true, 12], result_error: [] })).toEqual(['unknown-outcome', 'unknown-outcome', 'unknown-outcome'])
    expect(codes({ result: [true, 12], result_error: [] }, 'read')).toEqual(['unexpected', 'unexpected', 'unexpected'])
    expect(codes({ result: { c0: true, stranger: 1 }, result_error: [] })).toEqual(['unknown-outcome', 'unknown-outcome', 'unknown-outcome'])
  })

  it('that are missing leave a write unknown and a read to be asked again', () => {
    expect(codes({ result: { c0: true }, result_error: [] })).toEqual(['ok', 'unknown-outcome', 'unknown-outcome'])
    expect(codes({ result: { c0: true }, result_error: [] }, 'read')).toEqual(['ok', 'unavailable', 'unavailable'])
    expect(codes(null)).toEqual(['unknown-outcome', 'unknown-outcome', 'unknown-outcome'])
  })

  it('tell of limits of a single method, and when they end', () => {
    const answer = { result: { c0: true, c1: 1 }, result_error: { c2: { error: 'OPERATION_TIME_LIMIT', error_description: '' } }, result_time: { c1: { operating: 250, operating_reset_at: 1_800_000_000 } } }
    const { outcomes, times } = readBatch(calls, 'write', answer, () => later)
    const [, , blocked] = outcomes
    expect(blocked?.ok === false && blocked.error.code).toBe('method-blocked')
    expect(blocked?.ok === false && blocked.error.retryAt?.equals(later)).toBe(true)
    expect(times).toMatchObject([{ method: 'tasks.task.add', time: { operating: 250 } }])
  })
})
