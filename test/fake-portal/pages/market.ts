import { html, type Html, flag } from './html.ts'
import { icon } from './icons.ts'
import { frameSlot } from './lead-card.ts'
import type { Page } from './shell.ts'
import { appPath, type View } from './view.ts'

const states = { absent: 'не установлено', installing: 'установка не завершена', installed: 'установлено' } as const

const scopeWords: Readonly<Record<string, string>> = {
  crm: 'CRM', placement: 'Встраивание приложений', task: 'Задачи', tasks: 'Задачи', user_brief: 'Пользователи (кратко)', user_basic: 'Пользователи', user: 'Пользователи',
  department: 'Структура компании', im: 'Чат и уведомления', bizproc: 'Бизнес-процессы', telephony: 'Телефония', timeman: 'Учёт рабочего времени', calendar: 'Календарь',
}

const buttons = (view: View): Html => {
  const { app, user } = view
  const locked = flag('disabled', !user.isAdmin)
  if (app.status === 'absent') return html`<form method="post" action="/emulator/act/install" data-act><button class="button primary"${locked}>Установить</button></form>`
  return html`<a class="button primary" href="${appPath(app.code)}">${app.status === 'installed' ? 'Открыть' : 'Продолжить установку'}</a>
    ${app.status === 'installed' && html`<form method="post" action="/emulator/act/update" data-act><button class="button"${locked}>Обновить до версии ${app.nextVersion}</button></form>`}
    <details class="menu-button" id="remove"><summary class="button danger">Удалить</summary>
      <form method="post" action="/emulator/act/uninstall" data-act class="popup form"><label class="check"><input type="checkbox" name="clean" value="Y">Удалить настройки и данные</label>
      <p class="buttons"><button class="button danger"${locked}>Удалить приложение</button></p></form></details>`
}

/** The market with its one application. */
export const marketPage = (view: View, scope: readonly string[]): Page => ({
  title: 'Маркет',
  body: html`<section class="panel market">
    <span class="market-mark">${icon('app')}</span>
    <div class="market-text">
      <h2>${view.app.name}</h2>
      <p>Обработка лидов по регламенту: ни один лид не потерян, не забыт и не опрошен кое-как.</p>
      <p><span class="tag ${view.app.status === 'installed' ? 'good' : view.app.status === 'installing' ? 'warm' : ''}">${states[view.app.status]}</span> ${view.app.status !== 'absent' && html`<span class="muted">версия ${view.app.version}</span>`}</p>
      <p class="muted">Приложению нужны права: ${scope.map(code => scopeWords[code] ?? code).join(', ')}.</p>
      <div class="actions">${buttons(view)}</div>
      ${!view.user.isAdmin && html`<p class="muted">Устанавливать и удалять приложения может администратор портала.</p>`}
    </div>
  </section>`,
})

const optionsOf = (url: URL): Record<string, unknown> => {
  const given = url.searchParams.get('options')
  if (given !== null) {
    try {
      const parsed: unknown = JSON.parse(given)
      if (typeof parsed === 'object' && parsed !== null) return { ...parsed }
    } catch {
      return {}
    }
  }
  return Object.fromEntries([...url.searchParams].flatMap(([key, value]) => {
    const name = /^params\[([^\]]+)\]$/.exec(key)?.[1]
    return name === undefined ? [] : [[name, value]]
  }))
}

const appPage = (wanted: Parameters<typeof frameSlot>[0]): Page => ({
  title: wanted.title,
  bare: true,
  body: html`<div data-app-page><div class="page-head"><h1 data-app-title data-keep>${wanted.title}</h1></div>
    <section class="panel app-panel">${frameSlot(wanted)}</section></div>`,
})

/** The application's own page, or its installer until the installation is finished. */
export const mainAppPage = (view: View): Page => {
  const settings = optionsOf(view.url)
  const title = typeof settings['bx24_title'] === 'string' ? settings['bx24_title'] : view.app.name
  return appPage({ placement: 'DEFAULT', options: settings, title })
}

/** An item of the left menu bound by the application. */
export const menuAppPage = (view: View, index: number): Page => {
  const binding = view.state.placements[index]
  return appPage({ placement: 'LEFT_MENU', index, options: {}, title: binding?.langAll['ru']?.['TITLE'] || binding?.title || view.app.name })
}

/** A link `/marketplace/view/<code>/?params[k]=v`: REST_APP_URI where it is bound, else the main page with the same keys. */
export const linkedAppPage = (view: View): Page => {
  const index = view.state.placements.findIndex(binding => binding.placement === 'REST_APP_URI')
  const options = optionsOf(view.url)
  return appPage(index === -1 ? { placement: 'DEFAULT', options, title: view.app.name } : { placement: 'REST_APP_URI', index, options, title: view.app.name })
}
