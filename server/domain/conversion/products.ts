/** Which products of the lead a deal still lacks. */
import type { ConversionFacts, ExistingDeal, ProductRow } from './facts.ts'

export interface PlannedProducts {
  readonly added: readonly ProductRow[]
  /** The deal has them already. */
  readonly there: readonly ProductRow[]
}

/**
 * A new deal gets all of them, one in use only what it lacks; a row of the deal stands for one row of the lead. A deal made of this lead has got
 * them from it: a product whose price or quantity somebody has changed there since is not added again. In any other deal only the same row counts.
 */
export const productsFor = (lead: Pick<ConversionFacts['lead'], 'id' | 'products'>, deal: Pick<ExistingDeal, 'leadId' | 'products'> | null): PlannedProducts => {
  const open = [...deal?.products ?? []]
  const takeOut = (isLike: (row: ProductRow) => boolean): boolean => {
    const at = open.findIndex(isLike)
    if (at >= 0) open.splice(at, 1)
    return at >= 0
  }
  const same = lead.products.map(row => takeOut(one => isSameProduct(one, row) && isSameAmount(one, row)))
  const isThere = lead.products.map((row, index) => same[index] === true || (deal?.leadId === lead.id && takeOut(one => isSameProduct(one, row))))
  return { added: lead.products.filter((_, index) => isThere[index] !== true), there: lead.products.filter((_, index) => isThere[index] === true) }
}

/** One without a number of the catalogue goes by its name. */
const isSameProduct = (a: ProductRow, b: ProductRow): boolean => (a.productId === null && b.productId === null ? nameOf(a) === nameOf(b) : a.productId === b.productId)

const nameOf = ({ name }: ProductRow): string => name.trim().toLowerCase()

const isSameAmount = (a: ProductRow, b: ProductRow): boolean => Math.abs(a.price - b.price) < 0.005 && Math.abs(a.quantity - b.quantity) < 0.000_05
