import { html, type Html, flag } from './html.ts'
import { colourOf, initials, plural } from './format.ts'
import { icon } from './icons.ts'
import { appPath, boardPath, fullName, marketPath, positionOf, staff, tasksPath, type View } from './view.ts'

export interface Page {
  readonly title: string
  readonly body: Html
  /** Buttons at the right of the heading. */
  readonly tools?: Html
  /** Draws its own heading. */
  readonly bare?: boolean
}

/** Placeholder for what differs at every answer, so that an unchanged page keeps its mark. */
export const clockSlot = '<!--clock-->'

export const avatar = (name: string, id: number): Html =>
  html`<span class="avatar" style="background:${colourOf(id)}" aria-hidden="true">${initials(name)}</span>`

const unread = (view: View): number => view.state.notifications.filter(note => note.userId === view.user.id && !note.read).length

const openTasks = (view: View): number => [...view.state.tasks.values()].filter(task => task.responsibleId === view.user.id && task.status !== 5).length

const menuItem = (view: View, path: string, name: string, label: string, count = 0): Html => {
  const { pathname } = view.url
  const section = path.startsWith('/marketplace/') ? null : path.replace(/(kanban|list|structure)\/$/, '')
  const here = pathname === path || (section !== null && pathname.startsWith(section) && !(section === '/company/' && pathname.includes('/tasks/')))
  return html`<li><a href="${path}" class="menu-item" title="${label}"${here ? html` aria-current="page"` : ''}>${icon(name)}<span class="menu-label">${label}</span>${count > 0 && html`<span class="count">${count}<span class="sr"> непрочитано или открыто</span></span>`}</a></li>`
}

const appItems = (view: View): Html => {
  const { app } = view
  if (app.status === 'absent') return html``
  const own = app.status === 'installed'
    ? view.state.placements.map((binding, index) => ({ binding, index })).filter(({ binding }) => binding.placement === 'LEFT_MENU')
    : []
  return html`<li class="menu-group" id="menu-apps"><span class="menu-heading">Приложения</span><ul>
    ${own.length === 0 && menuItem(view, appPath(app.code), 'app', app.name)}
    ${own.map(({ binding, index }) => menuItem(view, `${appPath(app.code)}menu/${index}/`, 'app', binding.langAll['ru']?.['TITLE'] || binding.title || app.name))}
  </ul></li>`
}

const menu = (view: View): Html => html`<nav id="menu" class="menu" aria-label="Разделы портала">
  <a class="brand" href="${boardPath}"><span class="brand-mark" aria-hidden="true">${initials(view.portalName)}</span><span class="menu-label">${view.portalName}<small>эмулятор портала</small></span></a>
  <ul>
    ${menuItem(view, boardPath, 'leads', 'CRM: лиды')}
    ${menuItem(view, '/crm/deal/list/', 'deal', 'Сделки')}
    ${menuItem(view, '/crm/contact/list/', 'contact', 'Контакты')}
    ${menuItem(view, '/crm/company/list/', 'company', 'Компании')}
    ${menuItem(view, tasksPath(view.user.id), 'tasks', 'Задачи', openTasks(view))}
    ${menuItem(view, '/notifications/', 'bell', 'Уведомления', unread(view))}
    ${menuItem(view, '/company/structure/', 'people', 'Сотрудники')}
    ${menuItem(view, marketPath, 'market', 'Маркет')}
    ${appItems(view)}
  </ul>
</nav>`

const speeds = [{ speed: 0, label: 'Пауза' }, { speed: 1, label: '1×' }, { speed: 60, label: '60×' }, { speed: 300, label: '300×' }]

/** The clock's present state as the page carries it: `milliseconds;speed`. */
export const clockFace = (view: View, speed: number): Html => html`<form class="clock" method="post" action="/emulator/act/speed" data-act data-keep id="clock">
  <time data-clock="${view.now};${speed}" data-zone="${view.timeZone}"></time>
  <span class="speeds" role="group" aria-label="Скорость времени">${speeds.map(item => html`<button name="speed" value="${item.speed}" data-speed="${item.speed}" aria-pressed="${item.speed === speed ? 'true' : 'false'}">${item.label}</button>`)}</span>
</form>`

const switcher = (view: View): Html => html`<details class="menu-button" id="who">
  <summary>${avatar(fullName(view.user), view.user.id)}<span class="who-name">${fullName(view.user)}<small>${view.user.workPosition}</small></span></summary>
  <form method="post" action="/emulator/act/become" class="popup">
    <p class="popup-title">Смотреть портал глазами сотрудника</p>
    <input type="hidden" name="back" value="${view.url.pathname}">
    ${staff(view.state).map(user => html`<button name="user" value="${user.id}" class="person-row"${flag('disabled', user.id === view.user.id)}>${avatar(fullName(user), user.id)}<span>${fullName(user)}<small>${positionOf(user)}</small></span></button>`)}
  </form>
</details>`

const top = (view: View): Html => {
  const news = unread(view)
  return html`<header id="top" class="top">
    ${{ markup: clockSlot } as Html}
    <span class="spring"></span>
    <a class="bell" href="/notifications/" data-bell="${news}" aria-label="Уведомления: ${news === 0 ? 'новых нет' : plural(news, 'новое', 'новых', 'новых')}">${icon('bell')}${news > 0 && html`<span class="count">${news}</span>`}</a>
    ${switcher(view)}
  </header>`
}

/** The whole document of a page; `clockSlot` still has to be filled in. */
export const documentOf = (view: View, page: Page): string => html`<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} — ${view.portalName}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/emulator/static/portal.css">
<script type="module" src="/emulator/static/portal.js"></script>
</head>
<body class="${view.slider ? 'in-slider' : 'portal'}">
<a class="skip" href="#page">К содержанию</a>
${!view.slider && menu(view)}
<div class="stage">
${!view.slider && top(view)}
<main id="page" class="page" tabindex="-1">
${page.bare !== true && html`<div class="page-head"><h1>${page.title}</h1><div class="page-tools">${page.tools}</div></div>`}
${page.body}
</main>
</div>
</body>
</html>`.markup
