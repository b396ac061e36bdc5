import type { CrmItem } from '../rows.ts'
import { productsOf } from '../world/products.ts'
import { html, type Html } from './html.ts'
import { textOf, type View } from './view.ts'

/** A sum as the portal writes it: `1 500 ₽`. */
export const money = (value: unknown, currency: unknown): string =>
  `${Number(value ?? 0).toLocaleString('ru-RU')} ${currency === undefined || currency === null || currency === 'RUB' ? '₽' : textOf(currency)}`

/** Products of a lead or deal as a table with their sum. */
export const productPanel = (view: View, item: CrmItem): Html => {
  const rows = productsOf(view.state, item)
  return html`<section class="panel" id="products"><h2>Товары</h2>
    ${rows.length === 0 ? html`<p class="empty">Товаров нет.</p>` : html`<table class="table"><thead><tr><th>Товар</th><th>Цена</th><th>Количество</th><th>Сумма</th></tr></thead><tbody>
      ${rows.map(one => html`<tr data-key="product-${one.id}"><td>${one.productName}</td><td>${money(one.price, item['currencyId'])}</td><td>${one.quantity}</td><td>${money(one.price * one.quantity, item['currencyId'])}</td></tr>`)}
    </tbody></table><p><b>Итого: ${money(item['opportunity'], item['currencyId'])}</b></p>`}</section>`
}
