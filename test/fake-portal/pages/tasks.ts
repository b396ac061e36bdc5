import { maySeeTask } from '../methods/rights.ts'
import type { Task } from '../rows.ts'
import { bbcode } from './bbcode.ts'
import { fullMoment, localInput, longMoment, nearMoment } from './format.ts'
import { flag, html, type Html } from './html.ts'
import { icon } from './icons.ts'
import { avatar, type Page } from './shell.ts'
import { fullName, leadPath, nameOf, staff, taskPath, tasksPath, type View } from './view.ts'

const states: Readonly<Record<Task['status'], string>> = { 2: 'ждёт выполнения', 3: 'выполняется', 4: 'ждёт контроля', 5: 'завершена', 6: 'отложена' }

const isLate = (view: View, task: Task): boolean => task.status !== 5 && task.deadline !== null && Date.parse(task.deadline) < view.now

const due = (view: View, task: Task): Html => {
  if (task.deadline === null) return html`<span class="muted">без срока</span>`
  return html`<span class="tag ${task.status === 5 ? '' : isLate(view, task) ? 'bad' : 'warm'}">${isLate(view, task) ? 'просрочена: ' : ''}<time datetime="${task.deadline}">${nearMoment(task.deadline, view.now, view.timeZone)}</time></span>`
}

const line = (view: View, task: Task): Html => html`<tr data-key="task-${task.id}" class="${task.status === 5 ? 'done' : ''}">
  <td><a href="${taskPath(task.responsibleId, task.id)}" data-open>${task.title}</a></td>
  <td>${due(view, task)}</td>
  <td>${states[task.status]}</td>
  <td>${nameOf(view.state, task.createdBy)}</td>
</tr>`

const table = (view: View, heading: string, tasks: readonly Task[]): Html => html`<section class="panel" data-key="${heading}"><h2>${heading} <span class="muted">${tasks.length}</span></h2>
  ${tasks.length === 0
    ? html`<p class="empty">Ничего нет.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table class="table"><thead><tr><th>Задача</th><th>Крайний срок</th><th>Состояние</th><th>Постановщик</th></tr></thead><tbody>${tasks.map(task => line(view, task))}</tbody></table></div>`}
</section>`

/** Tasks of one person, late ones first. */
export const tasksPage = (view: View, userId: number): Page => {
  const mine = [...view.state.tasks.values()].filter(task => task.responsibleId === userId && maySeeTask(view, task))
  const open = mine.filter(task => task.status !== 5).sort((a, b) => Date.parse(a.deadline ?? '9999-12-31') - Date.parse(b.deadline ?? '9999-12-31'))
  const owner = view.state.users.get(userId)
  return {
    title: userId === view.user.id ? 'Мои задачи' : `Задачи: ${fullName(owner)}`,
    tools: html`<nav class="tabs slim" aria-label="Чьи задачи">${staff(view.state).map(user => html`<a href="${tasksPath(user.id)}"${user.id === userId ? html` aria-current="page"` : ''} title="${fullName(user)}">${avatar(fullName(user), user.id)}<span class="sr">${fullName(user)}</span></a>`)}</nav>`,
    body: html`${table(view, 'Просроченные', open.filter(task => isLate(view, task)))}
      ${table(view, 'В работе', open.filter(task => !isLate(view, task)))}
      ${table(view, 'Завершённые', mine.filter(task => task.status === 5).reverse().slice(0, 40))}`,
  }
}

const crmLinks = (view: View, task: Task): Html[] => task.ufCrmTask.flatMap((code) => {
  const [letter, id] = code.split('_')
  const lead = letter === 'L' ? view.state.leads.get(Number(id)) : undefined
  return lead === undefined ? [] : [html`<a href="${leadPath(lead.id)}" data-open>${icon('leads')} Лид: ${lead.title}</a>`]
})

const checklist = (task: Task): Html | false => {
  const points = task.checklist.filter(point => point.parentId !== 0)
  const heads = task.checklist.filter(point => point.parentId === 0)
  if (task.checklist.length === 0) return false
  const tick = (point: Task['checklist'][number]): Html => html`<li data-key="check-${point.id}"><form method="post" action="/emulator/act/tick" data-act><input type="hidden" name="task" value="${task.id}"><input type="hidden" name="point" value="${point.id}"><button class="tick" role="checkbox" aria-checked="${point.isComplete ? 'true' : 'false'}">${point.isComplete ? '☑' : '☐'} ${point.title}</button></form></li>`
  return html`<h2>Чек-лист</h2>${heads.map(head => html`<h3>${head.title}</h3><ul class="checks">${points.filter(point => point.parentId === head.id).map(tick)}</ul>`)}
  ${points.some(point => !heads.some(head => head.id === point.parentId)) && html`<ul class="checks">${points.filter(point => !heads.some(head => head.id === point.parentId)).map(tick)}</ul>`}`
}

const controls = (view: View, task: Task): Html => {
  const hidden = html`<input type="hidden" name="task" value="${task.id}">`
  const mayMove = task.allowChangeDeadline || task.createdBy === view.user.id || view.user.isAdmin
  return html`<div class="actions">
    ${task.status === 2 && html`<form method="post" action="/emulator/act/start-task" data-act>${hidden}<button class="button">Начать выполнение</button></form>`}
    ${task.status !== 5
      ? html`<form method="post" action="/emulator/act/complete-task" data-act>${hidden}<button class="button primary">Завершить</button></form>`
      : html`<form method="post" action="/emulator/act/renew-task" data-act>${hidden}<button class="button">Вернуть в работу</button></form>`}
  </div>
  <form method="post" action="/emulator/act/move-task" data-act class="inline-form">${hidden}
    <label>Крайний срок<input type="datetime-local" name="deadline" value="${task.deadline === null ? '' : localInput(task.deadline, view.timeZone)}"${flag('disabled', !mayMove)}></label>
    <button class="button"${flag('disabled', !mayMove)}>Перенести</button>
    ${!mayMove && html`<span class="muted">Срок этой задачи ответственный менять не может.</span>`}
  </form>`
}

/** One task. */
export const taskPage = (view: View, task: Task): Page => ({
  title: task.title,
  body: html`<div class="card-columns task">
    <section class="panel">
      <p>${due(view, task)} <span class="tag">${states[task.status]}</span></p>
      <div class="entry-text">${bbcode(task.description)}</div>
      <p class="links">${crmLinks(view, task)}</p>
      ${checklist(task)}
      ${controls(view, task)}
    </section>
    <section class="panel"><h2>Участники</h2><dl class="facts">
      <div><dt>Ответственный</dt><dd>${avatar(nameOf(view.state, task.responsibleId), task.responsibleId)} ${nameOf(view.state, task.responsibleId)}</dd></div>
      <div><dt>Постановщик</dt><dd>${avatar(nameOf(view.state, task.createdBy), task.createdBy)} ${nameOf(view.state, task.createdBy)}</dd></div>
      <div><dt>Создана</dt><dd>${fullMoment(task.createdDate, view.timeZone)}</dd></div>
      ${task.closedDate !== null && html`<div><dt>Завершена</dt><dd>${fullMoment(task.closedDate, view.timeZone)}</dd></div>`}
    </dl>
    ${task.comments.length > 0 && html`<h2>Комментарии</h2>${task.comments.map(comment => html`<p class="entry-text"><b>${nameOf(view.state, comment.authorId)}</b>, ${longMoment(comment.at, view.timeZone)}<br>${bbcode(comment.text)}</p>`)}`}
    </section>
  </div>`,
})
