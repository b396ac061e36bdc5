import { mayRead } from '../methods/rights.ts'
import type { CrmItem, Status } from '../rows.ts'
import { leadStages } from '../state.ts'
import { nearMoment } from './format.ts'
import { flag, html, type Html } from './html.ts'
import { icon } from './icons.ts'
import { avatar, type Page } from './shell.ts'
import { clientOf, contacts, leadPath, messengerName, nameOf, sourceName, stageColour, textOf, type View } from './view.ts'

/** Leads of one stage that the person may see, the latest moved on top, as in the portal. */
const leadsOn = (view: View, stage: Status): CrmItem[] =>
  [...view.state.leads.values()].filter(lead => lead.stageId === stage.statusId && mayRead(view, lead)).sort((a, b) => Date.parse(b.movedTime) - Date.parse(a.movedTime) || b.id - a.id)

const dueLine = (view: View, lead: CrmItem): Html | false => {
  const open = [...view.state.activities.values()].filter(activity =>
    !activity.completed && !activity.deadline.startsWith('9999') && activity.bindings.some(binding => binding.ownerTypeId === 1 && binding.ownerId === lead.id))
  const first = open.sort((a, b) => Date.parse(a.deadline) - Date.parse(b.deadline))[0]
  if (first === undefined) return false
  const late = Date.parse(first.deadline) < view.now
  return html`<p class="due${late ? ' late' : ''}">${icon('todo')}<span>${late ? 'Просрочено: ' : 'Срок: '}<time datetime="${first.deadline}">${nearMoment(first.deadline, view.now, view.timeZone)}</time></span></p>`
}

const reach = (lead: CrmItem): Html[] => [
  ...contacts(lead, 'PHONE').slice(0, 1).map(value => html`<span class="reach">${icon('phone')}<span>${value}</span></span>`),
  ...contacts(lead, 'EMAIL').slice(0, 1).map(value => html`<span class="reach">${icon('mail')}<span>${value}</span></span>`),
  ...contacts(lead, 'IM').slice(0, 1).map(value => html`<span class="reach">${icon('chat')}<span>${messengerName(value)}</span></span>`),
]

/** A select that moves a lead, for people who do not drag. */
export const stageSelect = (view: View, lead: CrmItem): Html => html`<form method="post" action="/emulator/act/move-stage" data-act class="stage-select">
  <input type="hidden" name="lead" value="${lead.id}">
  <label><span class="sr">Стадия лида «${lead.title}»</span>
  <select name="stage" data-send-on-change>${leadStages(view.state).map(stage => html`<option value="${stage.statusId}"${flag('selected', stage.statusId === lead.stageId)}>${stage.name}</option>`)}</select></label>
  <noscript><button class="button small">ОК</button></noscript>
</form>`

const card = (view: View, lead: CrmItem): Html => {
  const client = clientOf(lead)
  const responsible = nameOf(view.state, lead.assignedById)
  return html`<article class="card" draggable="true" data-card="${lead.id}" data-key="lead-${lead.id}">
    <h3><a href="${leadPath(lead.id)}" data-open>${lead.title}</a></h3>
    ${client !== '' && html`<p class="client">${client}</p>`}
    ${textOf(lead['opportunity']) !== '' && Number(lead['opportunity']) > 0 && html`<p class="money">${Number(lead['opportunity']).toLocaleString('ru-RU')} ₽</p>`}
    <p class="reaches">${reach(lead)}${lead.fm.length === 0 && html`<span class="reach muted">контактных данных нет</span>`}</p>
    ${dueLine(view, lead)}
    <div class="card-foot">${avatar(responsible, lead.assignedById)}<span class="muted">${responsible}<br>${sourceName(view.state, lead.sourceId)}</span></div>
    ${stageSelect(view, lead)}
  </article>`
}

const column = (view: View, stage: Status): Html => {
  const leads = leadsOn(view, stage)
  return html`<section class="column" data-stage="${stage.statusId}" data-key="stage-${stage.statusId}" aria-label="${stage.name}: ${leads.length}">
    <h2 class="column-head" style="--stage:${stageColour(stage)}"><span>${stage.name}</span><span class="column-count">${leads.length}</span></h2>
    <div class="cards">${leads.slice(0, 60).map(lead => card(view, lead))}</div>
    ${leads.length > 60 && html`<p class="muted">и ещё ${leads.length - 60}</p>`}
  </section>`
}

const channels = [{ type: 'PHONE', label: 'Телефон', kind: 'tel' }, { type: 'EMAIL', label: 'Эл. почта', kind: 'email' }, { type: 'IM', label: 'Мессенджер', kind: 'text' }] as const

/** The short form for a new lead. */
const quickForm = (view: View): Html => html`<dialog id="quick-lead" aria-labelledby="quick-lead-title">
  <form method="post" action="/emulator/act/create-lead" data-act class="form">
    <h2 id="quick-lead-title">Быстрый лид</h2>
    <label>Название<input name="title" placeholder="Столешница на кухню"></label>
    <div class="pair"><label>Имя<input name="name"></label><label>Фамилия<input name="lastName"></label></div>
    <label>Компания<input name="companyTitle"></label>
    ${channels.map(channel => html`<label>${channel.label}<input name="${channel.type}" type="${channel.kind}" placeholder="${channel.type === 'PHONE' ? '+7 900 000-00-00' : ''}"></label>`)}
    <label>Источник<select name="sourceId">${[...view.state.statuses.values()].filter(status => status.entityId === 'SOURCE').map(status => html`<option value="${status.statusId}">${status.name}</option>`)}</select></label>
    <label>Комментарий<textarea name="comments" rows="3"></textarea></label>
    <label class="check"><input type="checkbox" name="byForm" value="Y" checked>Пришёл сам (из формы сайта), а не внесён мной</label>
    <p class="buttons"><button class="button primary">Сохранить</button><button type="button" class="button" data-close>Отмена</button></p>
  </form>
</dialog>`

/** Kanban of leads. */
export const kanbanPage = (view: View): Page => ({
  title: 'Лиды',
  tools: html`<button type="button" class="button primary" data-dialog="quick-lead">${icon('plus')}Быстрый лид</button>`,
  body: html`<div class="board">${leadStages(view.state).map(stage => column(view, stage))}</div>${quickForm(view)}`,
})
