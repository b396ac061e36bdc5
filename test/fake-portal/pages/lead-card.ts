import { automationTab } from './automation.ts'
import type { CrmItem } from '../rows.ts'
import { leadStages } from '../state.ts'
import { productsOf } from '../world/products.ts'
import { conversionButton, conversionTrace } from './conversion.ts'
import { fullMoment, longMoment } from './format.ts'
import { flag, html, type Html } from './html.ts'
import { icon } from './icons.ts'
import { userFieldInput, userFieldRows, userFieldsOf } from './fields.ts'
import { productPanel } from './products.ts'
import { avatar, type Page } from './shell.ts'
import { activitiesOf, timeline } from './timeline.ts'
import { clientOf, contacts, fullName, leadPath, messengerName, nameOf, sourceName, staff, stageColour, taskPath, textOf, type View } from './view.ts'

const stageBar = (view: View, lead: CrmItem): Html => {
  const stages = leadStages(view.state)
  const reached = stages.findIndex(stage => stage.statusId === lead.stageId)
  const current = stages[reached]
  return html`<form class="stages" method="post" action="/emulator/act/move-stage" data-act aria-label="Стадия лида">
    <input type="hidden" name="lead" value="${lead.id}">
    ${stages.map((stage, index) => html`<button name="stage" value="${stage.statusId}" class="${index <= reached && current !== undefined ? 'reached' : ''}"${index === reached ? html` aria-current="step"` : ''} style="--stage:${stageColour(current ?? stage)};--own:${stageColour(stage)}"><span>${stage.name}</span></button>`)}
  </form>`
}

const row = (label: string, value: Html | string | false): Html => html`<div><dt>${label}</dt><dd>${value === '' || value === false ? html`<span class="muted">не указано</span>` : value}</dd></div>`

const list = (values: readonly string[]): string => values.join(', ')

const utm = (lead: CrmItem): string => ['utmSource', 'utmMedium', 'utmCampaign', 'utmContent', 'utmTerm'].map(name => textOf(lead[name])).filter(Boolean).join(' / ')

const facts = (view: View, lead: CrmItem): Html => html`<section class="panel" id="facts">
  <h2>О лиде</h2>
  <dl class="facts">
    ${row('Стадия', leadStages(view.state).find(stage => stage.statusId === lead.stageId)?.name ?? lead.stageId)}
    ${row('Клиент', clientOf(lead))}
    ${row('Телефон', list(contacts(lead, 'PHONE')))}
    ${row('Эл. почта', list(contacts(lead, 'EMAIL')))}
    ${row('Мессенджер', list(contacts(lead, 'IM').map(messengerName)))}
    ${row('Источник', sourceName(view.state, lead.sourceId))}
    ${textOf(lead['sourceDescription']) !== '' && row('Об источнике', textOf(lead['sourceDescription']))}
    ${row('Комментарий', textOf(lead['comments']))}
    ${utm(lead) !== '' && row('UTM', utm(lead))}
    ${row('Ответственный', html`${avatar(nameOf(view.state, lead.assignedById), lead.assignedById)} ${nameOf(view.state, lead.assignedById)}`)}
    ${row('Создан', `${fullMoment(lead.createdTime, view.timeZone)}, ${nameOf(view.state, lead.createdBy)}`)}
  </dl>
  ${userFieldsOf(view, 'CRM_LEAD').length > 0 && html`<h2>Пользовательские поля</h2><dl class="facts">${userFieldRows(view, lead, 'CRM_LEAD')}</dl>`}
  ${conversionTrace(view, lead)}
  ${editForm(view, lead)}
</section>`

const field = (label: string, name: string, value: string): Html => html`<label>${label}<input name="${name}" value="${value}"></label>`

const editForm = (view: View, lead: CrmItem): Html => html`<details class="edit" id="edit">
  <summary class="button">Изменить</summary>
  <form method="post" action="/emulator/act/edit-lead" data-act class="form">
    <input type="hidden" name="lead" value="${lead.id}">
    ${field('Название', 'title', lead.title)}
    <div class="pair">${field('Имя', 'name', lead.name)}${field('Фамилия', 'lastName', lead.lastName)}</div>
    ${field('Компания', 'companyTitle', lead.companyTitle)}
    <div class="pair">${field('Ещё телефон', 'phone', '')}${field('Ещё эл. почта', 'email', '')}</div>
    <label>Источник<select name="sourceId">${[...view.state.statuses.values()].filter(status => status.entityId === 'SOURCE').map(status => html`<option value="${status.statusId}"${flag('selected', status.statusId === lead.sourceId)}>${status.name}</option>`)}</select></label>
    <label>Ответственный<select name="assignedById">${staff(view.state).map(user => html`<option value="${user.id}"${flag('selected', user.id === lead.assignedById)}>${fullName(user)}</option>`)}</select></label>
    <label>Комментарий<textarea name="comments" rows="3">${textOf(lead['comments'])}</textarea></label>
    ${userFieldsOf(view, 'CRM_LEAD').map(userField => userFieldInput(userField, lead))}
    <p class="buttons"><button class="button primary">Сохранить</button></p>
  </form>
  <form method="post" action="/emulator/act/delete-lead" data-act data-ask="Удалить лид «${lead.title}»?"><input type="hidden" name="lead" value="${lead.id}"><button class="button danger small">Удалить лид</button></form>
</details>`

const action = (id: string, sign: string, label: string, body: Html): Html => html`<details class="menu-button" id="do-${id}"><summary class="button">${icon(sign)}${label}</summary>${body}</details>`

const actions = (view: View, lead: CrmItem): Html => {
  const hidden = html`<input type="hidden" name="lead" value="${lead.id}">`
  return html`<div class="actions" role="group" aria-label="Действия с лидом">
    ${action('call', 'phone', 'Позвонить', html`<form method="post" action="/emulator/act/call" data-act class="popup form">${hidden}
      <label>Направление<select name="direction"><option value="outgoing">исходящий</option><option value="incoming">входящий</option></select></label>
      <label>Результат<select name="failedCode"><option value="200">разговор состоялся</option><option value="304">не взяли трубку</option><option value="486">занято</option><option value="603">отклонён</option><option value="404">неверный номер</option></select></label>
      <label>Длительность, секунд<input name="durationSeconds" type="number" min="0" value="95"></label>
      <p class="buttons"><button class="button primary">Позвонить</button></p></form>`)}
    ${action('mail', 'mail', 'Письмо', html`<form method="post" action="/emulator/act/mail" data-act class="popup form">${hidden}
      <label>Направление<select name="direction"><option value="outgoing">клиенту</option><option value="incoming">от клиента</option></select></label>
      <label>Тема<input name="subject" value="Ваш запрос о столешнице"></label>
      <label>Текст<textarea name="text" rows="4">Добрый день! Подскажите, пожалуйста, размеры и материал.</textarea></label>
      <p class="buttons"><button class="button primary">Отправить</button></p></form>`)}
    ${action('message', 'chat', 'Сообщение', html`<form method="post" action="/emulator/act/message" data-act class="popup form">${hidden}
      <label>Направление<select name="direction"><option value="outgoing">клиенту</option><option value="incoming">от клиента</option></select></label>
      <label>Текст<textarea name="text" rows="3">Здравствуйте! Когда вам удобно поговорить?</textarea></label>
      <p class="buttons"><button class="button primary">Отправить</button></p></form>`)}
    ${action('comment', 'comment', 'Комментарий', html`<form method="post" action="/emulator/act/comment" data-act class="popup form">${hidden}
      <label>Комментарий<textarea name="text" rows="3" required></textarea></label>
      <p class="buttons"><button class="button primary">Добавить</button></p></form>`)}
    ${conversionButton(view, lead)}
  </div>`
}

const taskTab = (view: View, lead: CrmItem): Html => {
  const tasks = [...view.state.tasks.values()].filter(task => task.ufCrmTask.includes(`L_${lead.id}`))
  const todos = activitiesOf(view, lead).filter(activity => activity.providerId === 'CRM_TODO')
  return html`<section class="panel">
    <h2>Задачи</h2>
    ${tasks.length === 0 && html`<p class="empty">Задач по этому лиду нет.</p>`}
    <ul class="rows">${tasks.map(task => html`<li data-key="task-${task.id}"><a href="${taskPath(task.responsibleId, task.id)}" data-open>${task.title}</a>
      <span class="muted">${nameOf(view.state, task.responsibleId)}</span>
      <span class="tag ${task.status === 5 ? 'good' : task.deadline !== null && Date.parse(task.deadline) < view.now ? 'bad' : ''}">${task.status === 5 ? 'завершена' : task.deadline === null ? 'без срока' : `до ${longMoment(task.deadline, view.timeZone)}`}</span></li>`)}</ul>
    ${todos.length > 0 && html`<h2>Дела</h2><ul class="rows">${todos.map(todo => html`<li data-key="todo-${todo.id}"><span>${todo.subject}</span><span class="muted">${nameOf(view.state, todo.responsibleId)}</span><span class="tag ${todo.completed ? 'good' : ''}">${todo.completed ? 'выполнено' : `до ${longMoment(todo.deadline, view.timeZone)}`}</span></li>`)}</ul>`}
  </section>`
}

const historyTab = (view: View, lead: CrmItem): Html => {
  const entries = view.state.stageHistory.filter(entry => entry.entityTypeId === 1 && entry.ownerId === lead.id).reverse()
  return html`<section class="panel"><h2>История</h2><table class="table"><thead><tr><th>Когда</th><th>Событие</th><th>Стадия</th></tr></thead><tbody>
    ${entries.map(entry => html`<tr data-key="history-${entry.id}"><td>${fullMoment(entry.createdTime, view.timeZone)}</td><td>${entry.typeId === 1 ? 'Лид создан' : 'Стадия изменена'}</td><td>${leadStages(view.state).find(stage => stage.statusId === entry.stageId)?.name ?? entry.stageId}</td></tr>`)}
  </tbody></table></section>`
}

/** Tabs that applications bound to a place, with the index of their binding; none before the installation is finished. */
export const boundTabs = (view: View, placement: string): { index: number; title: string }[] =>
  view.app.status !== 'installed' ? [] : view.state.placements.map((binding, index) => ({ binding, index })).filter(({ binding }) => binding.placement === placement)
    .map(({ binding, index }) => ({ index, title: binding.langAll['ru']?.['TITLE'] || binding.title || view.app.name }))

/** Where a placement's frame is to be opened: read by `frame-host.js`. */
export const frameSlot = (wanted: { placement: string; index?: number; options: Record<string, unknown>; title: string }): Html =>
  html`<div class="frame-slot" data-keep data-key="frame-${wanted.placement}-${wanted.index ?? 0}" data-frame="${JSON.stringify(wanted)}"><p class="empty">Приложение открывается…</p></div>`

/** Row of tabs; `path` gets `?tab=`. */
export const tabRow = (view: View, path: string, tabs: readonly { id: string; title: string }[], current: string): Html => {
  const frame = view.slider ? '&IFRAME=Y' : ''
  return html`<nav class="tabs" aria-label="Разделы карточки">${tabs.map(tab => html`<a href="${path}?tab=${tab.id}${frame}" data-key="tab-${tab.id}"${tab.id === current ? html` aria-current="page"` : ''}>${tab.title}</a>`)}</nav>`
}

/** The lead's card. Tabs: common, tasks, history, robots of the application, and one of each CRM_LEAD_DETAIL_TAB binding (`app-<index>`). */
export const leadPage = (view: View, lead: CrmItem): Page => {
  const apps = boundTabs(view, 'CRM_LEAD_DETAIL_TAB')
  const tabs = [{ id: 'main', title: 'Общие' }, { id: 'tasks', title: 'Задачи' }, { id: 'history', title: 'История' },
    ...(productsOf(view.state, lead).length > 0 ? [{ id: 'products', title: 'Товары' }] : []), ...(view.state.robots.size > 0 ? [{ id: 'automation', title: 'Роботы' }] : []), ...apps.map(app => ({ id: `app-${app.index}`, title: app.title }))]
  const wanted = view.url.searchParams.get('tab') ?? 'main'
  const current = tabs.find(tab => tab.id === wanted)?.id ?? 'main'
  const app = apps.find(tab => `app-${tab.index}` === current)
  return {
    title: lead.title,
    bare: true,
    body: html`<div class="card-page">
      <div class="page-head"><h1>${lead.title}</h1><span class="muted">Лид № ${lead.id}</span></div>
      ${stageBar(view, lead)}
      ${tabRow(view, leadPath(lead.id), tabs, current)}
      ${current === 'main' && html`<div class="card-columns" data-key="main">${facts(view, lead)}<section class="stream" aria-label="Лента">${actions(view, lead)}${timeline(view, lead)}</section></div>`}
      ${current === 'tasks' && taskTab(view, lead)}
      ${current === 'history' && historyTab(view, lead)}
      ${current === 'products' && productPanel(view, lead)}
      ${current === 'automation' && automationTab(view, lead)}
      ${app !== undefined && html`<section class="panel app-panel" data-app-page>${frameSlot({ placement: 'CRM_LEAD_DETAIL_TAB', index: app.index, options: { ID: String(lead.id) }, title: app.title })}</section>`}
    </div>`,
  }
}
