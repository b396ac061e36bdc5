import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { Invoice, Quote } from '../rows.ts'

/** entityTypeId of offers (api-reference/crm/data-types.md). */
export const quoteType = 7

/** entityTypeId of invoices (api-reference/crm/universal/invoice.md). */
export const invoiceType = 31

const names = ['id', 'title', 'leadId', 'dealId', 'stageId', 'assignedById', 'companyId', 'contactId', 'contactIds'] as const

const valueOf = (quote: Quote, name: (typeof names)[number]) => {
  if (name === 'contactIds') return quote.contactIds ?? []
  if (name === 'contactId') return quote.contactIds?.[0] ?? 0
  return name === 'dealId' || name === 'companyId' ? quote[name] ?? 0 : quote[name]
}

const invoiceNames = ['id', 'title', 'parentId2', 'companyId', 'contactId', 'contactIds'] as const

const valueOfInvoice = (invoice: Invoice, name: (typeof invoiceNames)[number]) => (name === 'contactId' ? invoice.contactIds[0] ?? 0 : invoice[name] ?? 0)

/** `crm.item.list` of offers, with the few fields offers have here (api-reference/crm/universal/object-fields.md, Estimate). */
export const listQuotes = (params: Params, context: CallContext) => listPlain(context.state.quotes, names, valueOf, params, context)

/** `crm.item.list` of invoices, likewise. */
export const listInvoices = (params: Params, context: CallContext) => listPlain(context.state.invoices, invoiceNames, valueOfInvoice, params, context)

const listPlain = <T, Name extends string>(items: readonly T[], known: readonly Name[], valueIn: (item: T, name: Name) => unknown, params: Params, context: CallContext) => {
  const isName = (name: string): name is Name => (known as readonly string[]).includes(name)
  const reader: FieldReader<T> = name => (isName(name) ? { read: item => valueIn(item, name) } : undefined)
  const timeZone = context.portal.timeZone
  const refuse = (part: string) => (name: string): never => {
    throw new RestError('INVALID_ARG_VALUE', `Invalid ${part}: field '${name}' is not allowed in ${part}`, 400)
  }
  const matches = rowFilter(params['filter'], reader, { prefixes: universalPrefixes, timeZone, unknownField: refuse('filter') })
  const rows = sortRows(items.filter(matches), params['order'] ?? { id: 'ASC' }, reader, { timeZone, unknownField: refuse('order') })
  const select = (Array.isArray(params['select']) ? params['select'] : []).map(String)
  for (const name of select) if (name !== '*' && !isName(name)) context.strictFail(`selected field ${name} is unknown`)
  const shown = select.length === 0 || select.includes('*') ? [...known] : known.filter(name => select.includes(name))
  return pageOf(rows, params['start'], page => ({ items: page.map(item => Object.fromEntries(shown.map(name => [name, valueIn(item, name)]))) }))
}

const showQuote = (quote: Quote) => ({ result: { item: { ...Object.fromEntries(names.map(name => [name, valueOf(quote, name)])), entityTypeId: quoteType } } })

const existingQuote = ({ state }: CallContext, id: unknown): Quote => {
  const quote = state.quotes.find(one => one.id === Number(id))
  if (quote === undefined) throw new RestError('NOT_FOUND', 'Item not found', 400)
  return quote
}

/** `crm.item.get` of an offer. */
export const getQuote = (params: Params, context: CallContext) => showQuote(existingQuote(context, params['id']))

/** `crm.item.update` of an offer: what can be changed here is the deal it belongs to, and its stage. */
export const updateQuote = (params: Params, context: CallContext) => {
  const quote = existingQuote(context, params['id'])
  const fields = isRecord(params['fields']) ? params['fields'] : {}
  for (const name of Object.keys(fields)) if (name !== 'dealId' && name !== 'stageId') context.strictFail(`field ${name} of offers is not emulated`)
  if (fields['dealId'] !== undefined) {
    const dealId = Number(fields['dealId'])
    if (dealId > 0 && !context.state.deals.has(dealId)) throw new RestError('CRM_FIELD_ERROR_VALUE_NOT_VALID', 'Invalid value for field "dealId"', 400)
    quote.dealId = dealId > 0 ? dealId : null
  }
  if (typeof fields['stageId'] === 'string') quote.stageId = fields['stageId']
  return showQuote(quote)
}
