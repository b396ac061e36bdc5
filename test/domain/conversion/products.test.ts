import { describe, expect, it } from 'vitest'
import type { ProductRow } from '../../../server/domain/conversion/facts.ts'
import type { Choices } from '../../../server/domain/conversion/plan.ts'
import { proposePlan } from '../../../server/domain/conversion/propose.ts'
import { planKey, stepsOf } from '../../../server/domain/conversion/steps.ts'
import { conversionWords, tellWords } from '../../../server/domain/sentences/conversion.ts'
import { facts, openDeal, plan, setting } from './support.ts'

const row = (name: string, quantity = 1, change: Partial<ProductRow> = {}): ProductRow => ({ name, productId: null, price: 1_000, quantity, row: { productName: name, price: 1_000, quantity }, ...change })

const [oak, ash, delivery] = [row('Дуб', 3), row('Ясень', 2, { productId: 5 }), row('Доставка')]

const given = (products: readonly ProductRow[], inDeal: readonly ProductRow[], leadId: number | null = 7) => ({ lead: { products }, deals: [openDeal(50, { leadId, products: inDeal })] })
const used: Choices = { use: { deal: 50 } }
const addedTo = (products: readonly ProductRow[], inDeal: readonly ProductRow[], leadId: number | null = 7) => plan(given(products, inDeal, leadId), used).products

describe('the products of the lead', () => {
  it('are all added to a new deal, and to one that has none', () => {
    expect(plan({ lead: { products: [oak, ash] } }).products).toEqual([oak, ash])
    expect(plan(given([oak, ash], [oak, ash]), { use: { deal: 'new' } })).toMatchObject({ products: [oak, ash] })
    expect(addedTo([oak, ash], [])).toEqual([oak, ash])
  })

  it('are not added again to a deal that was made of the lead and has them', () => {
    const seen = facts(given([oak, ash], [row('дуб', 3), ash]))
    const made = proposePlan(seen, setting(), {})
    expect(made).toMatchObject({ products: [], productsThere: [oak, ash], lacks: [] })
    expect(stepsOf(made, seen, tellWords('ru')).map(({ kind }) => kind)).not.toContain('products')
  })

  it('are added as far as the deal lacks them, one row for one row', () => {
    const seen = facts(given([oak, oak, delivery], [oak]))
    const made = proposePlan(seen, setting(), {})
    expect(made).toMatchObject({ products: [oak, delivery], productsThere: [oak] })
    expect(stepsOf(made, seen, tellWords('ru')).find(({ kind }) => kind === 'products')).toMatchObject({ rows: [oak.row, delivery.row] })
  })

  it('whose amount somebody has changed in the deal made of the lead are left as he has them there', () => {
    expect(addedTo([oak, delivery], [row('Дуб', 4)])).toEqual([delivery])
    expect(addedTo([row('Дуб', 5), oak], [oak])).toEqual([row('Дуб', 5)])
  })

  it('are the same in another deal only by name or product, price and quantity', () => {
    expect(addedTo([oak, ash], [oak, { ...ash, name: 'Ясень, сорт А', price: 1_000.001 }], null)).toEqual([])
    for (const other of [row('Дуб', 4), { ...oak, price: 900 }, { ...oak, productId: 9 }, row('Бук', 3)]) expect(addedTo([oak], [other], null)).toEqual([oak])
  })

  it('that the deal has by now make another plan of what the person has seen', () => {
    expect(planKey(plan(given([oak], [oak])))).not.toBe(planKey(plan(given([oak], []))))
    expect(planKey(plan(given([oak], [delivery])))).toBe(planKey(plan(given([oak], []))))
  })

  it('that were there are named afterwards, and what was added is told as such (S0-31)', () => {
    const both = plan(given([oak, delivery, delivery], [oak]))
    expect(conversionWords('ru').checklist(both).slice(-3, -1)).toEqual(['В сделку добавлено: 2 позиции товаров, сумма верна.', 'Второй раз не добавлено то, что в сделке уже было: «Дуб». Цена и количество верны.'])
    expect(conversionWords('en').checklist(both).slice(-3, -1)).toEqual(['Added to the deal: 2 product lines, and the sum is right.', 'What the deal had already was not added again: “Дуб”. Price and quantity are right.'])
    expect(conversionWords('ru').productsThere([oak, oak, delivery])).toBe('Уже есть в сделке и второй раз не добавляются: «Дуб», «Доставка». Цена и количество остаются такими, как в сделке.')
  })
})
