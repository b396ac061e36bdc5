/** Products of leads and deals: money of a row, and the sum of the owner. */
import type { CrmItem, ProductRow } from '../rows.ts'
import type { PortalState } from '../state.ts'

/** Products of an item in their order. */
export const productsOf = (state: PortalState, item: Pick<CrmItem, 'entityTypeId' | 'id'>): ProductRow[] =>
  state.productRows.filter(row => row.ownerType === (item.entityTypeId === 1 ? 'L' : 'D') && row.ownerId === item.id && item.entityTypeId <= 2)
    .sort((a, b) => a.sort - b.sort || a.id - b.id)

const cents = (value: number): number => Math.round((value + Number.EPSILON) * 100) / 100

/** Prices of a row without discount or tax; `price` is with both (api-reference/crm/data-types.md, crm_item_product_row). */
export const pricesOf = (row: Pick<ProductRow, 'price' | 'taxRate' | 'discountTypeId' | 'discountRate' | 'discountSum'>) => {
  const tax = 1 + (row.taxRate ?? 0) / 100
  const exclusive = cents(row.price / tax)
  const netto = cents(row.discountTypeId === 1 ? exclusive + row.discountSum : row.discountRate >= 100 ? exclusive : exclusive / (1 - row.discountRate / 100))
  const discountSum = cents(netto - exclusive)
  return { exclusive, netto, brutto: cents(netto * tax), discountSum, discountRate: row.discountTypeId === 1 && netto > 0 ? cents(discountSum / netto * 100) : row.discountRate }
}

/** The sum of an item's products with its tax. */
export const sumOf = (rows: readonly ProductRow[]): { opportunity: number; taxValue: number } => ({
  opportunity: cents(rows.reduce((sum, row) => sum + row.price * row.quantity, 0)),
  taxValue: cents(rows.reduce((sum, row) => sum + (row.price - pricesOf(row).exclusive) * row.quantity, 0)),
})
