import type { Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Quote } from '../rows.ts'

/** entityTypeId of offers (api-reference/crm/data-types.md). */
export const quoteType = 7

const names = ['id', 'title', 'leadId', 'stageId', 'assignedById'] as const

const isName = (name: string): name is (typeof names)[number] => (names as readonly string[]).includes(name)

const reader: FieldReader<Quote> = name => (isName(name) ? { read: quote => quote[name] } : undefined)

/** `crm.item.list` of offers, with the few fields offers have here (api-reference/crm/universal/object-fields.md, Estimate). */
export const listQuotes = (params: Params, context: CallContext) => {
  const timeZone = context.portal.timeZone
  const refuse = (part: string) => (name: string): never => {
    throw new RestError('INVALID_ARG_VALUE', `Invalid ${part}: field '${name}' is not allowed in ${part}`, 400)
  }
  const matches = rowFilter(params['filter'], reader, { prefixes: universalPrefixes, timeZone, unknownField: refuse('filter') })
  const rows = sortRows(context.state.quotes.filter(matches), params['order'] ?? { id: 'ASC' }, reader, { timeZone, unknownField: refuse('order') })
  const select = (Array.isArray(params['select']) ? params['select'] : []).map(String)
  for (const name of select) if (name !== '*' && !isName(name)) context.strictFail(`selected field ${name} is unknown`)
  const shown = select.length === 0 || select.includes('*') ? [...names] : names.filter(name => select.includes(name))
  return pageOf(rows, params['start'], page => ({ items: page.map(quote => Object.fromEntries(shown.map(name => [name, quote[name]]))) }))
}
