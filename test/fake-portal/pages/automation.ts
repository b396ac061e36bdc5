import { isRecord } from '../core/body.ts'
import type { CrmItem } from '../rows.ts'
import { fullMoment } from './format.ts'
import { html, type Html } from './html.ts'
import type { View } from './view.ts'

const nameOfRobot = (view: View, code: string): string => {
  const name = view.state.robots.get(code)?.name
  return isRecord(name) ? String(name['ru'] ?? name['en'] ?? code) : typeof name === 'string' && name !== '' ? name : code
}

const valuesOf = (values: Record<string, unknown> | null): string =>
  values === null ? '—' : Object.entries(values).map(([name, value]) => `${name}: ${String(value)}`).join('; ') || 'без значений'

/** Robots of the application can be run on the lead here; what they returned, and which triggers were fired, stands below. */
export const automationTab = (view: View, lead: CrmItem): Html => {
  const runs = view.state.robotRuns.filter(run => run.leadId === lead.id).reverse()
  const fired = view.state.triggerRuns.filter(run => run.leadId === lead.id).reverse()
  return html`<section class="panel">
    <h2>Роботы</h2>
    <form method="post" action="/emulator/act/run-robot" data-act class="form"><input type="hidden" name="lead" value="${lead.id}">
      <label>Робот<select name="robot">${[...view.state.robots.keys()].map(code => html`<option value="${code}">${nameOfRobot(view, code)}</option>`)}</select></label>
      <p class="buttons"><button class="button primary">Запустить</button></p>
    </form>
    <table class="table"><thead><tr><th>Когда</th><th>Робот</th><th>Состояние</th><th>Вернул</th></tr></thead><tbody>
      ${runs.map(run => html`<tr data-key="robot-${run.id}"><td>${fullMoment(run.startedAt, view.timeZone)}</td><td>${nameOfRobot(view, run.code)}</td><td>${run.waiting ? 'ждёт ответа' : 'завершён'}</td><td>${valuesOf(run.returned)}</td></tr>`)}
    </tbody></table>
    ${fired.length > 0 && html`<h2>Триггеры</h2><ul class="rows">${fired.map((run, index) => html`<li data-key="trigger-${fired.length - index}"><span>${view.state.triggers.get(run.code) ?? run.code}</span><span class="muted">${fullMoment(run.at, view.timeZone)}</span></li>`)}</ul>`}
  </section>`
}
