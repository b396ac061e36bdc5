import { isRecord, type Params } from './body.ts'
import type { Method } from './method.ts'

const fits = (kind: string, value: unknown): boolean => {
  switch (kind) {
    case 'any': return true
    case 'string': return typeof value === 'string' || typeof value === 'number'
    case 'url': return typeof value === 'string' && /^https?:\/\//.test(value)
    case 'datetime': return typeof value === 'string' && (value === '' || /^\d{4}-\d{2}-\d{2}|^\d{2}\.\d{2}\.\d{4}/.test(value))
    case 'integer': return (typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^-?\d+$/.test(value))
    case 'number': return (typeof value === 'number' || typeof value === 'string') && value !== '' && !Number.isNaN(Number(value))
    case 'boolean': return typeof value === 'boolean' || ['0', '1', 'Y', 'N', 'true', 'false', 0, 1].includes(value as string | number)
    case 'flag': return value === 'Y' || value === 'N'
    case 'object': return isRecord(value) || (Array.isArray(value) && value.length === 0)
    case 'array': return Array.isArray(value) || (isRecord(value) && Object.keys(value).every(key => /^\d+$/.test(key)))
    default: return false
  }
}

const isMissing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** What the call gives that the page does not know, or in another type; an empty list when all is well. */
export const strictProblems = (method: Method, params: Params): string[] => {
  const problems: string[] = []
  for (const [name, value] of Object.entries(params)) {
    if (name === 'auth') continue
    const kind = method.params[name]
    if (kind === undefined) {
      if (method.freeParams !== true) problems.push(`unknown parameter ${name}`)
      continue
    }
    if (isMissing(value) && !kind.endsWith('!')) continue
    if (!kind.replace('!', '').split('|').some(one => fits(one, value))) problems.push(`parameter ${name} is not ${kind.replace('!', '')}`)
  }
  for (const [name, kind] of Object.entries(method.params)) if (kind.endsWith('!') && params[name] === undefined) problems.push(`required parameter ${name} is missing`)
  return problems
}

/** Parameters under the names the page uses: letter case evened out, positions turned into names, `auth` taken away. */
export const namedParams = (method: Method, raw: Params): Params => {
  const { auth: _auth, auth_connector: connector, ...params } = raw
  const withConnector = 'auth_connector' in method.params && connector !== undefined ? { auth_connector: connector } : {}
  if (method.positional !== undefined) {
    const names = method.positional
    return Object.fromEntries(Object.values(params).slice(0, names.length).map((value, index) => [names[index] ?? '', value]))
  }
  if (method.anyCase !== true) return { ...params, ...withConnector }
  const known = new Map(Object.keys(method.params).map(name => [name.toLowerCase(), name]))
  return { ...Object.fromEntries(Object.entries(params).map(([name, value]) => [known.get(name.toLowerCase()) ?? name, value])), ...withConnector }
}
