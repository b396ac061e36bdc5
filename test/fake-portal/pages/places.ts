/** The smaller pages of the portal: notifications, people, the choice of an employee. */
import type { User } from '../rows.ts'
import { bbcode } from './bbcode.ts'
import { clockTime, fullMoment, longMoment, plural } from './format.ts'
import { flag, html, type Html } from './html.ts'
import { avatar, type Page } from './shell.ts'
import { fullName, nameOf, positionOf, staff, type View } from './view.ts'

/** Notifications of the present user, newest first. */
export const notificationsPage = (view: View): Page => {
  const mine = view.state.notifications.filter(note => note.userId === view.user.id).reverse()
  return {
    title: 'Уведомления',
    tools: html`<form method="post" action="/emulator/act/read-notifications" data-act><button class="button"${flag('disabled', mine.every(note => note.read))}>Прочитать все</button></form>`,
    body: html`<section class="panel">${mine.length === 0 && html`<p class="empty">Уведомлений нет.</p>`}
    <ul class="notes">${mine.map(note => html`<li data-key="note-${note.id}" class="${note.read ? '' : 'unread'}">
      ${avatar(note.fromUserId === null ? view.app.name : nameOf(view.state, note.fromUserId), note.fromUserId ?? 0)}
      <div><p class="note-head"><b>${note.fromUserId === null ? 'Системное уведомление' : nameOf(view.state, note.fromUserId)}</b> <time class="muted" datetime="${note.at}">${longMoment(note.at, view.timeZone)}</time>${!note.read && html` <span class="tag warm">новое</span>`}</p><div class="entry-text">${bbcode(note.message)}</div></div>
    </li>`)}</ul></section>`,
  }
}

const dayState = (view: View, user: User): Html => {
  if (!user.active) return html`<span class="tag bad">уволен</span>`
  const away = view.state.absences.find(absence => absence.userId === user.id && Date.parse(absence.from) <= view.now && view.now < Date.parse(absence.to))
  if (away !== undefined) return html`<span class="tag warm">${away.name} до ${fullMoment(away.to, view.timeZone)}</span>`
  const day = view.state.workDays.get(user.id)
  if (day?.status === 'OPENED') return html`<span class="tag good">рабочий день с ${clockTime(day.timeStart, view.timeZone)}</span>`
  return html`<span class="tag">${day?.status === 'PAUSED' ? 'перерыв' : 'день закрыт'}</span>`
}

const personDo = (user: User, act: string, label: string, ask = ''): Html => html`<form method="post" action="/emulator/act/${act}" data-act${ask === '' ? '' : html` data-ask="${ask}"`}><input type="hidden" name="user" value="${user.id}"><button class="button small">${label}<span class="sr">: ${fullName(user)}</span></button></form>`

const person = (view: View, user: User): Html => {
  const open = view.state.workDays.get(user.id)?.status === 'OPENED'
  const away = view.state.absences.some(absence => absence.userId === user.id)
  return html`<li id="user-${user.id}" class="person">${avatar(fullName(user), user.id)}
    <div class="person-text"><b>${fullName(user)}</b><span class="muted">${positionOf(user)}</span>${dayState(view, user)}</div>
    <div class="person-do">
      ${user.active && personDo(user, open ? 'close-day' : 'open-day', open ? 'Закончить день' : 'Начать день')}
      ${user.active && personDo(user, away ? 'back' : 'away', away ? 'Вернулся' : 'В отпуск на 3 дня')}
      ${user.active ? personDo(user, 'dismiss', 'Уволить', `Уволить: ${fullName(user)}?`) : personDo(user, 'hire', 'Принять снова')}
    </div></li>`
}

/** Departments with their people, and what a supervisor can do for a person's working day. */
export const peoplePage = (view: View): Page => ({
  title: 'Сотрудники',
  body: html`${[...view.state.departments.values()].sort((a, b) => a.sort - b.sort || a.id - b.id).map((department) => {
    const members = [...view.state.users.values()].filter(user => user.departments.includes(department.id))
    if (members.length === 0) return null
    return html`<section class="panel" data-key="department-${department.id}"><h2>${department.name}</h2>
      <p class="muted">${department.headId === null ? 'Руководителя нет' : `Руководитель: ${nameOf(view.state, department.headId)}`}, ${plural(members.length, 'сотрудник', 'сотрудника', 'сотрудников')}</p>
      <ul class="people">${members.map(user => person(view, user))}</ul></section>`
  })}`,
})

/** Who is looking: shown to a browser that has not said so yet. */
export const signInPage = (state: View['state'], portalName: string, back: string): Html => html`<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Вход — ${portalName}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/emulator/static/portal.css"></head>
<body class="portal sign-in"><main class="panel"><h1>${portalName}</h1><p class="muted">Эмулятор портала. Пароля нет: выберите, кем вы будете.</p>
<form method="post" action="/emulator/act/become"><input type="hidden" name="back" value="${back}">
${staff(state).map(user => html`<button name="user" value="${user.id}" class="person-row">${avatar(fullName(user), user.id)}<span>${fullName(user)}<small>${positionOf(user)}</small></span></button>`)}
</form></main></body></html>`
