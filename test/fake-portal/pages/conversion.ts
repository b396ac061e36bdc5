/** The portal's own conversion on the lead's card, and what was made from a lead. */
import type { CrmItem } from '../rows.ts'
import { html, type Html } from './html.ts'
import { icon } from './icons.ts'
import { itemLink, type View } from './view.ts'

/** Deals, contacts and companies that were made from this lead; nothing for other items. */
export const conversionTrace = (view: View, item: CrmItem): Html | false => {
  if (item.entityTypeId !== 1) return false
  const made = [view.state.deals, view.state.contacts, view.state.companies].flatMap(items => [...items.values()].filter(one => one['leadId'] === item.id))
  return made.length > 0 && html`<h2>Создано на основании лида</h2><ul class="rows" id="made">${made.map(one => html`<li data-key="made-${one.entityTypeId}-${one.id}">${itemLink(one)}<span class="muted">${{ 2: 'сделка', 3: 'контакт', 4: 'компания' }[one.entityTypeId as 2 | 3 | 4]}</span></li>`)}</ul>`
}

const choice = (name: string, label: string): Html => html`<label class="check"><input type="checkbox" name="${name}" value="Y" checked>${label}</label>`

/** The button of an open lead; a closed one has none. */
export const conversionButton = (view: View, lead: CrmItem): Html | false => lead.stageSemanticId === 'P' && html`<details class="menu-button" id="do-convert">
  <summary class="button">${icon('stage')}Конвертировать средствами портала</summary>
  <form method="post" action="/emulator/act/convert" data-act class="popup form"><input type="hidden" name="lead" value="${lead.id}">
    ${choice('deal', 'Сделка')}${choice('contact', 'Контакт')}${choice('company', 'Компания')}
    <label>Воронка<select name="category">${view.state.categories.filter(one => one.entityTypeId === 2).map(one => html`<option value="${one.id}">${one.name}</option>`)}</select></label>
    <p class="buttons"><button class="button primary">Создать</button></p></form></details>`
