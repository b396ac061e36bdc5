import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type Answer, type CallContext } from '../core/method.ts'
import type { Params } from '../core/body.ts'

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [])

export const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/**
 * An old list method: `select`, `filter` with prefixes, `order`, pages of 50; rows are shown under their upper-case names.
 * Unknown names are left alone as documented (refused in strict mode); `moments` are compared as moments.
 */
export const listRows = <Row>(params: Params, context: CallContext, rows: readonly Row[], show: (row: Row) => Record<string, unknown>, names: readonly string[],
  defaultOrder: Record<string, string> = { ID: 'ASC' }, moments: readonly string[] = []): Answer => {
  const reader: FieldReader<Row> = name => (names.includes(name) || name.startsWith('UF_')
    ? { read: row => show(row)[name], ...(moments.includes(name) ? { kind: 'moment' as const } : {}) } : undefined)
  const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`field ${name} is unknown`) }
  const found = sortRows(rows.filter(rowFilter(params['filter'], reader, dialect)), params['order'] ?? defaultOrder, reader, dialect)
  const select = listOf(params['select']).map(String)
  for (const name of select) if (name !== '*' && !names.includes(name) && !name.startsWith('UF_')) context.strictFail(`selected field ${name} is unknown`)
  const whole = select.length === 0 || select.includes('*')
  return pageOf(found, params['start'], page => page.map(row => (whole ? show(row) : Object.fromEntries(Object.entries(show(row)).filter(([name]) => select.includes(name))))))
}

/** The parameters of such a list. */
export const listParams = { select: 'array', filter: 'object', order: 'object', start: 'integer' } as const

/** Refuses names the page does not have, in strict mode. */
export const checkNames = (context: CallContext, fields: Params, names: readonly string[]): void => {
  for (const name of Object.keys(fields)) if (!names.includes(name) && !name.startsWith('UF_CRM_')) context.strictFail(`field ${name} is unknown`)
}
