import { parseMoment } from '../world/time.ts'
import { isRecord } from './body.ts'

/** How a list method reads one field: its value in a row, and whether it is a moment. Undefined: no such field. */
export type FieldReader<Row> = (name: string) => { read: (row: Row) => unknown; kind?: 'moment' | 'flag' } | undefined

export interface FilterDialect {
  /** Prefixes the page names, longest first. */
  prefixes: readonly string[]
  timeZone: string
  /** Called for a field the method does not know. */
  unknownField: (name: string) => void
}

/** Prefixes of api-reference/crm/universal/crm-item-list.md, longest first. */
export const universalPrefixes = ['!=%', '!%=', '>=', '<=', '!@', '=%', '%=', '!%', '!=', '>', '<', '@', '%', '=', '!'] as const

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0)

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [value])

const textOf = (value: unknown): string => {
  if (value === true) return '1'
  return value === null || value === undefined || value === false ? '' : String(value)
}

const comparable = (value: unknown, kind: 'moment' | 'flag' | undefined, timeZone: string): number | string => {
  const text = textOf(value)
  if (kind === 'moment') return parseMoment(text, timeZone) ?? Number.NaN
  if (kind === 'flag') return text === '1' || text.toUpperCase() === 'Y' ? 'Y' : 'N'
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text
}

const like = (value: unknown, pattern: string): boolean => {
  const source = pattern.split('%').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
  return new RegExp(`^${source}$`, 'isu').test(textOf(value))
}

const test = (prefix: string, actual: unknown, wanted: unknown, kind: 'moment' | 'flag' | undefined, timeZone: string): boolean => {
  const values = Array.isArray(actual) ? actual : [actual]
  const equals = (want: unknown): boolean => {
    if (kind !== 'flag' && isEmpty(want)) return isEmpty(actual) || textOf(actual) === textOf(want)
    return values.some(value => comparable(value, kind, timeZone) === comparable(want, kind, timeZone))
  }
  const ordered = (check: (a: number | string, b: number | string) => boolean): boolean => values.some(value => {
    if (isEmpty(value) && value !== 0) return false
    const [a, b] = [comparable(value, kind, timeZone), comparable(wanted, kind, timeZone)]
    return typeof a === typeof b ? check(a, b) : check(String(a), String(b))
  })
  switch (prefix) {
    case '>=': return ordered((a, b) => a >= b)
    case '<=': return ordered((a, b) => a <= b)
    case '>': return ordered((a, b) => a > b)
    case '<': return ordered((a, b) => a < b)
    case '><': {
      const [from, to] = listOf(wanted)
      return test('>=', actual, from, kind, timeZone) && test('<=', actual, to, kind, timeZone)
    }
    case '!><': return !test('><', actual, wanted, kind, timeZone)
    case '%': case '?': return values.some(value => listOf(wanted).some(want => like(value, `%${textOf(want)}%`)))
    case '!%': return !test('%', actual, wanted, kind, timeZone)
    case '=%': case '%=': return values.some(value => listOf(wanted).some(want => like(value, textOf(want))))
    case '!=%': case '!%=': return !test('=%', actual, wanted, kind, timeZone)
    case '!': case '!=': case '!@': return !listOf(wanted).some(equals)
    default: return listOf(wanted).some(equals)
  }
}

/** A test of rows from a filter object: AND by default, nested groups, `logic: OR`. */
export const rowFilter = <Row>(filter: unknown, field: FieldReader<Row>, dialect: FilterDialect): ((row: Row) => boolean) => {
  if (!isRecord(filter)) return Array.isArray(filter) && filter.length > 0 ? groupFilter(filter, field, dialect) : () => true
  const logic = textOf(filter['logic'] ?? filter['LOGIC'] ?? 'AND').toUpperCase()
  const tests = Object.entries(filter).filter(([key]) => key.toLowerCase() !== 'logic').map(([key, wanted]): ((row: Row) => boolean) => {
    if (/^\d+$/.test(key)) return rowFilter(wanted, field, dialect)
    const prefix = dialect.prefixes.find(candidate => key.startsWith(candidate)) ?? ''
    const name = key.slice(prefix.length)
    const known = field(name)
    if (known === undefined) {
      dialect.unknownField(name)
      return () => true
    }
    return row => test(prefix, known.read(row), wanted, known.kind, dialect.timeZone)
  })
  return logic === 'OR' ? row => tests.length === 0 || tests.some(check => check(row)) : row => tests.every(check => check(row))
}

const groupFilter = <Row>(groups: unknown[], field: FieldReader<Row>, dialect: FilterDialect) => {
  const tests = groups.map(group => rowFilter(group, field, dialect))
  return (row: Row): boolean => tests.every(check => check(row))
}

/** Sorts by an order object such as `{ id: 'DESC' }`; unknown fields are told to the dialect. */
export const sortRows = <Row>(rows: Row[], order: unknown, field: FieldReader<Row>, dialect: Pick<FilterDialect, 'timeZone' | 'unknownField'>): Row[] => {
  if (!isRecord(order)) return rows
  const keys = Object.entries(order).flatMap(([name, direction]) => {
    const known = field(name)
    if (known === undefined) dialect.unknownField(name)
    return known === undefined ? [] : [{ known, sign: textOf(direction).toUpperCase().startsWith('DESC') ? -1 : 1 }]
  })
  return [...rows].sort((left, right) => {
    for (const { known, sign } of keys) {
      const a = comparable(known.read(left), known.kind, dialect.timeZone)
      const b = comparable(known.read(right), known.kind, dialect.timeZone)
      if (a === b) continue
      if (typeof a === typeof b) return (a < b ? -1 : 1) * sign
      return (String(a) < String(b) ? -1 : 1) * sign
    }
    return 0
  })
}
