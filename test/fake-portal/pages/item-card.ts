/** Cards of deals, contacts and companies, and their lists. */
import { mayChange, mayRead } from '../methods/rights.ts'
import type { CrmItem, EntityTypeId } from '../rows.ts'
import { itemsOf } from '../state.ts'
import { conversionTrace } from './conversion.ts'
import { userFieldRows } from './fields.ts'
import { fullMoment } from './format.ts'
import { html, type Html } from './html.ts'
import { boundTabs, frameSlot, tabRow } from './lead-card.ts'
import { money, productPanel } from './products.ts'
import { chosenRequisite, requisitePanel } from './requisites.ts'
import type { Page } from './shell.ts'
import { timeline } from './timeline.ts'
import { contacts, itemLink, itemPath, itemTitle, nameOf, sourceName, stageColour, stagesOfItem, textOf, type View } from './view.ts'

type Kind = Exclude<EntityTypeId, 1>

const kinds: Readonly<Record<Kind, { name: string; list: string; none: string; tab: string; fields: string }>> = {
  2: { name: 'Сделка', list: 'Сделки', none: 'Сделок пока нет.', tab: 'CRM_DEAL_DETAIL_TAB', fields: 'CRM_DEAL' },
  3: { name: 'Контакт', list: 'Контакты', none: 'Контактов пока нет.', tab: 'CRM_CONTACT_DETAIL_TAB', fields: 'CRM_CONTACT' },
  4: { name: 'Компания', list: 'Компании', none: 'Компаний пока нет.', tab: 'CRM_COMPANY_DETAIL_TAB', fields: 'CRM_COMPANY' },
}

const row = (label: string, value: Html | string | readonly (Html | string)[] | false): Html | false =>
  (value === '' || value === false || (Array.isArray(value) && value.length === 0) ? false : html`<div><dt>${label}</dt><dd>${value}</dd></div>`)

const links = (view: View, entityTypeId: EntityTypeId, ids: readonly unknown[]): Html[] =>
  ids.flatMap(id => itemsOf(view.state, entityTypeId).get(Number(id)) ?? []).map(item => html`<span class="bound">${itemLink(item)}</span> `)

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const holders = (view: View, item: CrmItem, entityTypeId: 1 | 2): Html[] => links(view, entityTypeId, [...itemsOf(view.state, entityTypeId).values()]
  .filter(one => (item.entityTypeId === 4 ? one['companyId'] === item.id : asList(one['contactIds']).includes(item.id) || one['contactId'] === item.id)).map(one => one.id))

const boundRows = (view: View, item: CrmItem): (Html | false)[] => [
  row('Создано из лида', links(view, 1, [item['leadId']])),
  item.entityTypeId !== 4 && row(item.entityTypeId === 2 ? 'Компания' : 'Компании', links(view, 4, item.entityTypeId === 2 ? [item['companyId']] : asList(item['companyIds']))),
  item.entityTypeId !== 3 && row('Контакты', links(view, 3, asList(item['contactIds']))),
  item.entityTypeId === 2 && row('Реквизиты', chosenRequisite(view, item)),
  item.entityTypeId >= 3 && row('Лиды', holders(view, item, 1)),
  item.entityTypeId >= 3 && row('Сделки', holders(view, item, 2)),
]

const facts = (view: View, item: CrmItem, kind: Kind): Html => html`<section class="panel" id="facts">
  <h2>${kind === 2 ? 'О сделке' : kind === 3 ? 'О контакте' : 'О компании'}</h2>
  <dl class="facts">
    ${kind === 2 && row('Сумма', money(item['opportunity'], item['currencyId']))}
    ${kind === 2 && row('Воронка', view.state.categories.find(one => one.id === item.categoryId)?.name ?? '')}
    ${kind === 3 && row('Должность', textOf(item['post']))}
    ${kind !== 2 && row('Телефон', contacts(item, 'PHONE').join(', ') || '—')}
    ${kind !== 2 && row('Эл. почта', contacts(item, 'EMAIL').join(', ') || '—')}
    ${kind !== 4 && row('Источник', sourceName(view.state, item.sourceId))}
    ${row('Комментарий', textOf(item['comments']))}
    ${boundRows(view, item)}
    ${row('Ответственный', nameOf(view.state, item.assignedById))}
    ${row('Наблюдатели', asList(item['observers']).map(id => nameOf(view.state, Number(id))).join(', '))}
    ${row('Создано', `${fullMoment(item.createdTime, view.timeZone)}, ${nameOf(view.state, item.createdBy)}`)}
    ${userFieldRows(view, item, kinds[kind].fields)}
  </dl>
  ${conversionTrace(view, item)}
  ${mayChange(view, item) && editForm(item, kind)}
</section>`

const field = (label: string, name: string, value: unknown): Html => html`<label>${label}<input name="${name}" value="${textOf(value)}"></label>`

const hidden = (item: CrmItem): Html => html`<input type="hidden" name="type" value="${item.entityTypeId}"><input type="hidden" name="item" value="${item.id}">`

const editForm = (item: CrmItem, kind: Kind): Html => html`<details class="edit" id="edit">
  <summary class="button">Изменить</summary>
  <form method="post" action="/emulator/act/edit-item" data-act class="form">${hidden(item)}
    ${kind === 3 ? html`<div class="pair">${field('Имя', 'name', item.name)}${field('Фамилия', 'lastName', item.lastName)}</div>${field('Должность', 'post', item['post'])}` : field('Название', 'title', item.title)}
    ${kind === 2 ? field('Сумма', 'opportunity', item['opportunity']) : html`<div class="pair">${field('Ещё телефон', 'phone', '')}${field('Ещё эл. почта', 'email', '')}</div>`}
    <label>Комментарий<textarea name="comments" rows="3">${textOf(item['comments'])}</textarea></label>
    <p class="buttons"><button class="button primary">Сохранить</button></p>
  </form>
  <form method="post" action="/emulator/act/delete-item" data-act data-ask="Удалить «${itemTitle(item)}»?">${hidden(item)}<button class="button danger small">Удалить</button></form>
</details>`

const stageBar = (view: View, deal: CrmItem): Html => {
  const stages = stagesOfItem(view.state, deal)
  const reached = stages.findIndex(stage => stage.statusId === deal.stageId)
  const current = stages[reached]
  return html`<form class="stages" method="post" action="/emulator/act/move-deal" data-act aria-label="Стадия сделки">${hidden(deal)}
    ${stages.map((stage, index) => html`<button name="stage" value="${stage.statusId}" class="${index <= reached ? 'reached' : ''}"${index === reached ? html` aria-current="step"` : ''} style="--stage:${stageColour(current ?? stage)};--own:${stageColour(stage)}"><span>${stage.name}</span></button>`)}
  </form>`
}

const commentForm = (item: CrmItem): Html => html`<div class="actions" role="group" aria-label="Действия"><details class="menu-button" id="do-comment"><summary class="button">Комментарий</summary>
  <form method="post" action="/emulator/act/comment-item" data-act class="popup form">${hidden(item)}<label>Комментарий<textarea name="text" rows="3" required></textarea></label>
  <p class="buttons"><button class="button primary">Добавить</button></p></form></details></div>`

/** A deal, contact or company: facts with what it is bound to, timeline, products or details, and the tabs applications bound there. */
export const itemPage = (view: View, item: CrmItem, kind: Kind): Page => {
  const { name, tab } = kinds[kind]
  const apps = boundTabs(view, tab)
  const tabs = [{ id: 'main', title: 'Общие' }, kind === 2 ? { id: 'products', title: 'Товары' } : { id: 'requisites', title: 'Реквизиты' },
    ...apps.map(app => ({ id: `app-${app.index}`, title: app.title }))]
  const current = tabs.find(one => one.id === view.url.searchParams.get('tab'))?.id ?? 'main'
  const app = apps.find(one => `app-${one.index}` === current)
  return {
    title: itemTitle(item),
    bare: true,
    body: html`<div class="card-page"><div class="page-head"><h1>${itemTitle(item)}</h1><span class="muted">${name} № ${item.id}</span></div>
      ${kind === 2 && stageBar(view, item)}
      ${tabRow(view, itemPath(item), tabs, current)}
      ${app !== undefined && html`<section class="panel app-panel" data-app-page>${frameSlot({ placement: tab, index: app.index, options: { ID: String(item.id) }, title: app.title })}</section>`}
      ${current === 'main' && html`<div class="card-columns" data-key="main">${facts(view, item, kind)}<section class="stream" aria-label="Лента">${commentForm(item)}${timeline(view, item)}</section></div>`}
      ${current === 'products' && productPanel(view, item)}
      ${current === 'requisites' && requisitePanel(view, item)}
    </div>`,
  }
}

/** Items of one type that the person may read, newest first. */
export const listPage = (view: View, kind: Kind): Page => {
  const items = [...itemsOf(view.state, kind).values()].filter(item => mayRead(view, item)).reverse()
  return {
    title: kinds[kind].list,
    body: html`<section class="panel">${items.length === 0 && html`<p class="empty">${kinds[kind].none}</p>`}
      <ul class="rows">${items.map(item => html`<li data-key="item-${item.id}">${itemLink(item)}<span class="muted">${kind === 2 ? stagesOfItem(view.state, item).find(stage => stage.statusId === item.stageId)?.name ?? '' : contacts(item, 'PHONE')[0] ?? ''}</span></li>`)}</ul></section>`,
  }
}
