/** Commands of one batch request and their answers (settings/how-to-call-rest-api/batch.md). */
import type { Temporal } from 'temporal-polyfill'
import { errorOfAnswer, PortalError } from './error.ts'
import { type AnswerTime, isRecord, type Kind, type Params, readTime } from './transport.ts'

export interface Call {
  readonly method: string
  readonly params?: Params
}

export type Outcome =
  | { readonly ok: true; readonly result: unknown; readonly next: number | null; readonly total: number | null }
  | { readonly ok: false; readonly error: PortalError }

export const batchLimit = 50

/** Commands are named, so that no answer can slip to a neighbour. */
export const commandsOf = (calls: readonly Call[]): Record<string, string> =>
  Object.fromEntries(calls.map(({ method, params }, index) => [`c${index}`, `${method}${params === undefined ? '' : `?${encodeParams(params)}`}`]))

/**
 * Nested values the way PHP reads them: `a[b][0]=c`. An empty list or object would vanish, so it is sent as an empty
 * value; `undefined` is left out. `$result[` in a value would be replaced by an earlier answer, whoever wrote that text
 * (a lead's title comes from anybody): a zero-width space breaks it.
 */
export const encodeParams = (params: Params): string => {
  const pairs: string[] = []
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return
    const children = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : null
    if (children === null) pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(scalar(value))}`)
    else if (children.length === 0) pairs.push(`${encodeURIComponent(name)}=`)
    else for (const [key, child] of children) add(`${name}[${key}]`, child)
  }
  for (const [name, value] of Object.entries(params)) add(name, value)
  return pairs.join('&')
}

const scalar = (value: unknown): string => {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return value.replaceAll('$result[', '$\u200bresult[')
  throw new TypeError(`a ${typeof value} cannot be sent`)
}

export interface BatchReading {
  readonly outcomes: readonly Outcome[]
  /** Operating time by method, as the inner `time` blocks tell it. */
  readonly times: readonly { readonly method: string; readonly time: AnswerTime }[]
}

/**
 * One outcome per call. A result without an error under the same name is a success even when it is `null` or `false`;
 * neither result nor error means that the portal stopped before it (reads: `unavailable`; writes: `unknown-outcome`);
 * a list where named results were asked for, or a name nobody gave, makes the whole answer unusable.
 */
export const readBatch = (calls: readonly Call[], kind: Kind, answer: unknown, retryAtOf: (method: string) => Temporal.Instant): BatchReading => {
  const body = isRecord(answer) ? answer : {}
  const results = named(body['result'])
  const errors = named(body['result_error'])
  const times = named(body['result_time']) ?? {}
  const names = new Set(calls.map((_, index) => `c${index}`))
  const shifted = results === null || errors === null || [...Object.keys(results), ...Object.keys(errors)].some(name => !names.has(name))
  if (shifted) {
    const outcomes = calls.map(({ method }): Outcome => ({ ok: false, error: new PortalError({ code: kind === 'read' ? 'unexpected' : 'unknown-outcome', method, status: 200, bitrixMessage: 'the results of the batch cannot be told apart' }) }))
    return { outcomes, times: [] }
  }
  const next = named(body['result_next']) ?? {}
  const total = named(body['result_total']) ?? {}
  const told: { method: string; time: AnswerTime }[] = []
  const outcomes = calls.map(({ method }, index): Outcome => {
    const name = `c${index}`
    const time = readTime(times[name])
    if (Object.hasOwn(times, name)) told.push({ method, time })
    if (Object.hasOwn(errors, name)) return { ok: false, error: innerError(method, kind, errors[name], time.operatingResetAt ?? retryAtOf(method)) }
    if (Object.hasOwn(results, name)) return { ok: true, result: results[name], next: integer(next[name]), total: integer(total[name]) }
    return { ok: false, error: new PortalError({ code: kind === 'read' ? 'unavailable' : 'unknown-outcome', method, status: 200, bitrixMessage: 'no answer to this command' }) }
  })
  return { outcomes, times: told }
}

/** PHP writes an empty map as `[]`; a list with entries has lost our names. */
const named = (value: unknown): Record<string, unknown> | null => {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return {}
  return isRecord(value) ? value : null
}

const innerError = (method: string, kind: Kind, error: unknown, retryAt: Temporal.Instant): PortalError => {
  const facts = isRecord(error) ? error : { error }
  return errorOfAnswer({ method, kind, status: 200, error: facts['error'], description: facts['error_description'], retryAt })
}

const integer = (value: unknown): number | null => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
