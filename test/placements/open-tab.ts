import { http, HttpResponse } from 'msw'
import { createApi } from '../../client/api/api.ts'
import LeadTab from '../../placements/lead-tab/LeadTab.vue'
import type { ActInput } from '../../server/contract/act.ts'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { actionsView, leadView } from '../client/lead-views.ts'
import { mountPage, playFrame, settled } from '../client/mount-page.ts'
import { boot, playServer } from '../client/server-double.ts'

/** The server of the tab, for one test file. */
export const server = playServer()

/** The tab on a server that shows `view` and answers a save with what `save` gives. */
export const openTab = async (view: LeadView, save: (answers: CardAnswersInput) => HttpResponse<object> | LeadView = () => view, language: 'ru' | 'en' = 'ru') => {
  const saves: CardAnswersInput[] = []
  server.use(
    http.get('*/api/leads/42', () => HttpResponse.json(view)),
    http.patch<never, CardAnswersInput>('*/api/leads/42/card', async ({ request }) => {
      const answers = await request.json()
      saves.push(answers)
      const answer = save(answers)
      return answer instanceof HttpResponse ? answer : HttpResponse.json(answer)
    }),
  )
  return { ...(await drawTab(language)), saves }
}

/** The server takes acts, and answers each with what `answer` gives; tells which came. */
export const playActs = (answer: (act: ActInput) => HttpResponse<object> | LeadView | Promise<LeadView>): ActInput[] => {
  const acts: ActInput[] = []
  server.use(http.post<never, ActInput>('*/api/leads/42/acts', async ({ request }) => {
    const act = await request.json()
    acts.push(act)
    const given = await answer(act)
    return given instanceof HttpResponse ? given : HttpResponse.json(given)
  }))
  return acts
}

/** The tab on whatever the server shows. */
export const drawTab = async (language: 'ru' | 'en' = 'ru') => {
  const frame = playFrame()
  const api = createApi({ boot: boot({ lang: language }), accessToken: frame.accessToken, pauseMs: 1 })
  const tab = mountPage(LeadTab, { api, frame, leadId: 42, memberId: 'member', userId: 7, first: api.lead(42) }, language, frame)
  await settled()
  return { tab, frame }
}

/** The control of a question, by its code. */
export const field = (tab: Element, code: string): HTMLInputElement => {
  const found = tab.querySelector<HTMLInputElement>(`#card-${code} input:not([type=checkbox]), #card-${code} textarea, #card-${code} select`)
  if (found === null) throw new Error(`no field ${code}`)
  return found
}
export const choice = (tab: Element, label: string): HTMLInputElement => {
  const found = [...tab.querySelectorAll('label')].find(each => each.textContent.trim() === label)?.querySelector('input')
  if (!found) throw new Error(`no choice ${label}`)
  return found
}
export const button = (tab: Element, label: string): HTMLButtonElement => {
  const found = [...tab.querySelectorAll('button')].find(each => each.textContent.trim() === label)
  if (!found) throw new Error(`no button ${label}`)
  return found
}
/** The button of an act that is offered. */
export const actButton = (tab: Element, key: string): HTMLButtonElement => {
  const found = tab.querySelector<HTMLButtonElement>(`[data-act="${key}"]`)
  if (found === null) throw new Error(`no act ${key}`)
  return found
}
/** The control that a label names, e.g. in a form of an act. */
export const labelled = (tab: Element, label: string): HTMLInputElement => {
  const found = [...tab.querySelectorAll('label')].find(each => each.textContent.trim() === label)
  const control = found === undefined ? null : tab.querySelector<HTMLInputElement>(`#${found.htmlFor}`)
  if (control === null) throw new Error(`no field ${label}`)
  return control
}
export const submit = (form: Element | null | undefined) => form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
/** What screen readers were told last. */
export const announced = (tab: Element): string => tab.querySelector('[role=status][aria-live=polite]')?.textContent ?? ''
export const type = (input: HTMLInputElement, text: string) => {
  input.dispatchEvent(new FocusEvent('focusin', { bubbles: true }))
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}
export const leave = (input: HTMLInputElement) => {
  input.dispatchEvent(new Event('change', { bubbles: true }))
  input.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
}
export const stateOf = (tab: Element, code: string): string => tab.querySelector(`#card-${code} [data-status]`)?.textContent ?? ''
/** What the browser keeps of unsaved answers. */
export const kept = (): string => Object.values({ ...window.sessionStorage }).join('')

/** A lead at which these acts may be done. */
export const offered = (over: Parameters<typeof actionsView>[0], more: Partial<LeadView> = {}): LeadView => leadView({ actions: actionsView(over), ...more })
export const callBack = { proposals: ['2026-11-23T08:00:00Z', '2026-11-24T06:00:00Z'], remindMinutes: 15 }
/** The form that is open below what is to be done now. */
export const form = (tab: Element): Element | null => tab.querySelector('[data-now] form')
