import { isRecord, type Params } from '../core/body.ts'
import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type CallContext, type Methods } from '../core/method.ts'
import { RestError } from '../core/rest-error.ts'
import type { CrmItem, ProductRow } from '../rows.ts'
import { nextId } from '../state.ts'
import { updateItem } from '../world/items.ts'
import { pricesOf, productsOf, sumOf } from '../world/products.ts'
import { listOf, textOf } from './list-call.ts'
import { mayChange, mayRead, ownerItem } from './rights.ts'

const measures: Readonly<Record<number, string>> = { 796: 'шт', 6: 'м', 112: 'л', 163: 'г', 166: 'кг' }

/** One row as the methods show it; there is one currency, so prices in the reporting currency are the same (assumed). */
const show = (row: ProductRow): Record<string, unknown> => {
  const prices = pricesOf(row)
  return {
    id: row.id, ownerId: row.ownerId, ownerType: row.ownerType, productId: row.productId, productName: row.productName, price: row.price, priceAccount: row.price,
    priceExclusive: prices.exclusive, priceNetto: prices.netto, priceBrutto: prices.brutto, quantity: row.quantity, discountTypeId: row.discountTypeId,
    discountRate: prices.discountRate, discountSum: prices.discountSum, taxRate: row.taxRate, taxIncluded: row.taxIncluded, customized: 'Y',
    measureCode: row.measureCode, measureName: measures[row.measureCode] ?? '', sort: row.sort, xmlId: '', type: row.productId > 0 ? 4 : 1,
  }
}

const shown = Object.keys(show({ price: 0, taxRate: null, discountTypeId: 2, discountRate: 0, discountSum: 0 } as ProductRow))
const reader: FieldReader<ProductRow> = name => (shown.includes(name) ? { read: row => show(row)[name] } : undefined)

const missing = (name: string): RestError => new RestError('100', `Could not find value for parameter {${name}}`, 400)

const owner = (context: CallContext, type: unknown, id: unknown): CrmItem => {
  if (type === undefined || type === '') throw missing('ownerType')
  if (id === undefined || id === '') throw missing('ownerId')
  if (type !== 'L' && type !== 'D') throw new RestError('ENTITY_TYPE_NOT_SUPPORTED', 'Working with this type of objects is not supported', 400)
  const item = ownerItem(context, type === 'L' ? 1 : 2, Number(id))
  if (item === null) throw new RestError('OWNER_NOT_FOUND', 'Owner was not found', 400)
  return item
}

const writable = ['productId', 'productName', 'price', 'quantity', 'discountTypeId', 'discountRate', 'discountSum', 'taxRate', 'taxIncluded', 'measureCode', 'sort']

const number = (value: unknown, otherwise: number): number => (value === undefined || value === null || value === '' || Number.isNaN(Number(value)) ? otherwise : Number(value))

/** A new row; a product is not looked up: there is no catalogue. */
const rowOf = (context: CallContext, item: CrmItem, fields: Params, extra: readonly string[], sort: number): ProductRow => {
  for (const name of Object.keys(fields)) if (!writable.includes(name) && !extra.includes(name)) context.strictFail(`field ${name} is unknown`)
  const productId = number(fields['productId'], 0)
  const taxRate = fields['taxRate'] === undefined || fields['taxRate'] === null || fields['taxRate'] === '' ? null : Number(fields['taxRate'])
  return {
    id: nextId(context.state, 'productRow'), ownerType: item.entityTypeId === 1 ? 'L' : 'D', ownerId: item.id, productId,
    productName: textOf(fields['productName']) || (productId > 0 ? `Товар № ${productId}` : ''), price: number(fields['price'], 0), quantity: number(fields['quantity'], 1),
    discountTypeId: Number(fields['discountTypeId']) === 1 ? 1 : 2, discountRate: number(fields['discountRate'], 0), discountSum: number(fields['discountSum'], 0),
    taxRate, taxIncluded: fields['taxIncluded'] === 'Y' ? 'Y' : 'N', measureCode: number(fields['measureCode'], 796), sort: number(fields['sort'], sort),
  }
}

/** The owner's sum follows; without products it is nought, unless it is set by hand (assumed). */
const recount = (context: CallContext, item: CrmItem): void => {
  if (item['isManualOpportunity'] === 'Y') return
  const sum = sumOf(productsOf(context.state, item))
  updateItem(context.world, item, { opportunity: sum.opportunity, ...(item.entityTypeId === 2 ? { taxValue: sum.taxValue } : {}) }, context.cause)
}

const changeable = (context: CallContext, item: CrmItem): CrmItem => {
  if (!mayChange(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  return item
}

const list = (params: Params, context: CallContext) => {
  const filter = isRecord(params['filter']) ? params['filter'] : {}
  for (const name of ['=ownerType', '=ownerId']) if (filter[name] === undefined) throw missing(name)
  const item = ownerItem(context, { L: 1, D: 2 }[String(filter['=ownerType'])] ?? 0, Number(filter['=ownerId']))
  if (item === null || !mayRead(context, item)) throw new RestError('ACCESS_DENIED', 'Access denied', 400)
  const refuse = (name: string): never => { throw new RestError('INVALID_ARG_VALUE', `Invalid filter: field '${name}' is not allowed in filter`, 400) }
  const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: refuse }
  const rows = sortRows(context.state.productRows.filter(rowFilter(filter, reader, dialect)), params['order'] ?? { id: 'asc' }, reader, dialect)
  return pageOf(rows, params['start'], page => ({ productRows: page.map(show) }))
}

const scope = ['crm']
const folder = 'api-reference/crm/universal/product-rows'

export const productRowMethods: Methods = {
  'crm.item.productrow.list': { page: `${folder}/crm-item-productrow-list.md`, scope, params: { filter: 'object!', order: 'object', start: 'integer' }, handle: list },
  'crm.item.productrow.set': {
    page: `${folder}/crm-item-productrow-set.md`, scope, params: { ownerId: 'integer!', ownerType: 'string!', productRows: 'array!' },
    handle: (params, context) => {
      const item = changeable(context, owner(context, params['ownerType'], params['ownerId']))
      if (typeof params['productRows'] !== 'object' || params['productRows'] === null) throw missing('productRows')
      const rows = listOf(params['productRows']).filter(isRecord).map((fields, index) => rowOf(context, item, fields, [], (index + 1) * 10))
      const { state } = context
      state.productRows = [...state.productRows.filter(row => !productsOf(state, item).includes(row)), ...rows]
      recount(context, item)
      return { result: { productRows: rows.map(show) } }
    },
  },
  'crm.item.productrow.add': {
    page: `${folder}/crm-item-productrow-add.md`, scope, params: { fields: 'object!' },
    handle: ({ fields: given }, context) => {
      const fields = isRecord(given) ? given : {}
      const item = changeable(context, owner(context, fields['ownerType'], fields['ownerId']))
      const row = rowOf(context, item, fields, ['ownerId', 'ownerType'], (productsOf(context.state, item).length + 1) * 10)
      context.state.productRows.push(row)
      recount(context, item)
      return { result: { productRow: show(row) } }
    },
  },
  'crm.item.productrow.delete': {
    page: `${folder}/crm-item-productrow-delete.md`, scope, params: { id: 'integer!' },
    handle: ({ id }, context) => {
      if (id === undefined || id === '') throw missing('id')
      const row = context.state.productRows.find(one => one.id === Number(id))
      if (row === undefined) throw new RestError('NOT_FOUND', 'Item not found', 400)
      const item = changeable(context, owner(context, row.ownerType, row.ownerId))
      context.state.productRows = context.state.productRows.filter(one => one !== row)
      recount(context, item)
      return { result: null }
    },
  },
}
