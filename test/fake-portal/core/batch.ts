import { isRecord, parsePhpQuery, type Params } from './body.ts'
import { phpArray } from './php-arrays.ts'
import { RestError } from './rest-error.ts'

/** What one inner call came to. */
export interface Outcome {
  result?: unknown
  next?: number
  total?: number
  time?: Record<string, unknown>
  error?: RestError
}

export interface Command { key: string; method: string; query: string }

/** Commands in the order in which they were sent; each is `method?query` (settings/how-to-call-rest-api/batch.md). */
export const readCommands = (cmd: unknown): Command[] => {
  const entries: [string, unknown][] = Array.isArray(cmd) ? cmd.map((value, index) => [String(index), value]) : isRecord(cmd) ? Object.entries(cmd) : []
  return entries.map(([key, value]) => {
    const text = typeof value === 'string' ? value : ''
    const mark = text.indexOf('?')
    const method = (mark < 0 ? text : text.slice(0, mark)).trim().toLowerCase().replace(/\.(json|xml)$/, '')
    return { key, method, query: mark < 0 ? '' : text.slice(mark + 1) }
  })
}

const reference = /\$result((?:\[[^\]]*\])+)/g

const lookUp = (path: string, results: ReadonlyMap<string, unknown>): unknown => {
  const [key = '', ...rest] = [...path.matchAll(/\[([^\]]*)\]/g)].map(part => (part[1] ?? '').replace(/^['"]|['"]$/g, ''))
  return rest.reduce<unknown>((value, step) => (Array.isArray(value) ? value[Number(step)] : isRecord(value) ? value[step] : null), results.get(key))
}

const resolve = (value: unknown, results: ReadonlyMap<string, unknown>): unknown => {
  if (typeof value === 'string' && value.includes('$result[')) {
    const whole = /^\$result((?:\[[^\]]*\])+)$/.exec(value)
    if (whole !== null) return lookUp(whole[1] ?? '', results) ?? ''
    return value.replaceAll(reference, (_match, path: string) => {
      const found = lookUp(path, results)
      return found === null || found === undefined || typeof found === 'object' ? '' : String(found)
    })
  }
  if (Array.isArray(value)) return value.map(inner => resolve(inner, results))
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, results)]))
  return value
}

const mostCommands = 50

/** Runs the commands one after another and puts their outcomes under their keys, with PHP's idea of arrays. */
export const runBatch = (commands: readonly Command[], halt: boolean, call: (method: string, params: Params) => Outcome): unknown => {
  const results = new Map<string, unknown>()
  const outcomes: [string, Outcome][] = []
  for (const [index, { key, method, query }] of commands.entries()) {
    let outcome: Outcome
    if (index >= mostCommands) outcome = { error: new RestError('ERROR_BATCH_LENGTH_EXCEEDED', 'Max batch length exceeded', 400) }
    else if (method === 'batch') outcome = { error: new RestError('ERROR_BATCH_METHOD_NOT_ALLOWED', 'Method is not allowed for batch usage', 405) }
    else outcome = call(method, resolve(parsePhpQuery(query), results) as Params)
    outcomes.push([key, outcome])
    if (outcome.error === undefined) results.set(key, outcome.result)
    else if (halt) break
  }
  const pick = (read: (outcome: Outcome) => unknown): unknown =>
    phpArray(outcomes.flatMap(([key, outcome]) => (read(outcome) === undefined ? [] : [[key, read(outcome)] as const])))
  return {
    result: pick(outcome => (outcome.error === undefined ? outcome.result ?? null : undefined)),
    result_error: pick(({ error }) => (error === undefined ? undefined : { error: error.code, error_description: error.message })),
    result_total: pick(outcome => outcome.total),
    result_next: pick(outcome => outcome.next),
    result_time: pick(outcome => outcome.time),
  }
}
