import { http, HttpResponse } from 'msw'
import type { ConversionChoices, ConversionState, ConversionView, UndoView } from '../../server/contract/conversion.ts'
import { createApi } from '../../client/api/api.ts'
import { openChoicesStore } from '../../client/composables/conversion-choices.ts'
import Conversion from '../../placements/conversion/Conversion.vue'
import { conversionState, conversionView, undoView } from '../client/conversion-views.ts'
import { mountPage, playFrame, settled } from '../client/mount-page.ts'
import { boot } from '../client/server-double.ts'
import { server } from './open-tab.ts'

interface Play {
  readonly last?: () => ConversionState | null
  readonly plan?: (choices: ConversionChoices) => ConversionView | HttpResponse<object>
  readonly begin?: (body: { readonly choices: ConversionChoices; readonly seen: string }) => ConversionState | HttpResponse<object>
  readonly change?: (what: string) => ConversionState
  readonly outlook?: () => UndoView
  readonly language?: 'ru' | 'en'
}

const answer = (value: object): HttpResponse<object> => (value instanceof HttpResponse ? value : HttpResponse.json(value))

/** The conversion's page on a server that answers so; `asked` is what it has heard. */
export const openConversion = async ({ last = () => null, plan = () => conversionView(), begin = () => conversionState(), change = () => conversionState(), outlook = () => undoView(), language = 'ru' }: Play = {}) => {
  const asked = { plans: [] as ConversionChoices[], begun: [] as { readonly choices: ConversionChoices; readonly seen: string }[], changes: [] as string[] }
  server.use(
    http.get('*/api/leads/42/conversion', () => HttpResponse.json({ conversion: last() })),
    http.post<never, { choices: ConversionChoices }>('*/api/leads/42/conversion/plan', async ({ request }) => {
      const { choices } = await request.json()
      asked.plans.push(choices)
      return answer(plan(choices))
    }),
    http.post<never, { choices: ConversionChoices; seen: string }>('*/api/leads/42/conversion', async ({ request }) => {
      const body = await request.json()
      asked.begun.push(body)
      return answer(begin(body))
    }),
    http.get('*/api/leads/42/conversion/undo', () => HttpResponse.json(outlook())),
    http.post<{ what: string }>('*/api/leads/42/conversion/:what', ({ params }) => {
      asked.changes.push(params.what)
      return HttpResponse.json(change(params.what), { status: 202 })
    }),
  )
  const frame = playFrame()
  const api = createApi({ boot: boot({ lang: language }), accessToken: frame.accessToken, pauseMs: 1 })
  const store = openChoicesStore({ memberId: 'member', userId: 7, leadId: 42 })
  const first = { last: api.conversion.last(42), plan: api.conversion.plan(42, store.read()) }
  const page = mountPage(Conversion, { api, frame, leadId: 42, first, store, timeZone: 'Europe/Moscow', everyMs: 30 }, language, frame)
  await settled()
  return { page, frame, asked, store }
}

/** Lets the pause before a new plan pass. */
export const replanned = () => settled(60)

export const radio = (page: Element, group: string, label: string): HTMLInputElement => {
  const found = [...page.querySelectorAll(`[role=radiogroup][aria-label="${group}"] label`)].find(each => each.textContent.trim().startsWith(label))?.querySelector('input')
  if (!found) throw new Error(`no choice ${label} of ${group}`)
  return found
}
export const pick = (input: HTMLInputElement) => {
  input.checked = true
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
export const row = (page: Element, title: string): HTMLElement => {
  const found = [...page.querySelectorAll<HTMLElement>('[role=row]')].find(each => each.querySelector('[role=rowheader]')?.textContent.trim().startsWith(title))
  if (!found) throw new Error(`no field ${title}`)
  return found
}
export const press = (key: string, on: EventTarget = document.body) => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
