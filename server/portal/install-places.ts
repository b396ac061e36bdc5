/** Event handlers and placements: every wanted one exactly once, none at an address we have left. */
import { type Call, rowsOf, textOf, uniqueOf } from './rows.ts'

/** Without these nothing is noticed in time. The lifecycle events come to an application with pages only when it asks (settings/app-uninstallation.md). */
export const neededEvents = ['ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMACTIVITYADD', 'ONAPPUNINSTALL'] as const
const wantedEvents = [
  ...neededEvents, 'ONCRMLEADDELETE', 'ONCRMACTIVITYUPDATE', 'ONCRMACTIVITYDELETE', 'ONTASKUPDATE', 'ONTASKDELETE', 'ONVOXIMPLANTCALLEND', 'ONAPPINSTALL', 'ONAPPUPDATE', 'ONAPPPAYMENT',
] as const

export interface PlacesPlan {
  readonly calls: readonly Call[]
  /** Names that have exactly one right binding already. */
  readonly bound: readonly string[]
}

interface Handler { readonly event: string; readonly handler: string; readonly authType: string }

/** `available` null: the portal did not say which events it has. Binding twice fails (event-bind.md), so the list is compared first. */
export const planEvents = (appUrl: string, handlers: unknown, available: readonly string[] | null): PlacesPlan => {
  const url = `${appUrl}/events`
  const known = rowsOf(handlers).map((row): Handler => ({ event: textOf(row['event']).toUpperCase(), handler: textOf(row['handler']), authType: textOf(row['auth_type']) }))
  const wanted = wantedEvents.filter(event => available === null || available.includes(event))
  const right = (handler: Handler) => handler.handler === url && (wanted as readonly string[]).includes(handler.event) && (handler.authType === '0' || handler.authType === '')
  const strangers = known.filter(handler => !right(handler))
  const bound = uniqueOf(known.filter(right).map(({ event }) => event))
  return {
    calls: [
      ...strangers.map(({ event, handler, authType }): Call => ({ method: 'event.unbind', params: { event, handler, ...(authType === '' ? {} : { auth_type: authType }) } })),
      ...wanted.filter(event => !bound.includes(event)).map((event): Call => ({ method: 'event.bind', params: { event, handler: url } })),
    ],
    bound,
  }
}

const placements = [
  { code: 'CRM_LEAD_DETAIL_TAB', place: 'lead-tab', path: '/placements/lead-tab', title: { ru: 'Регламент', en: 'Leadrail' } },
  { code: 'LEFT_MENU', place: 'menu-item', path: '/app', title: { ru: 'Leadrail', en: 'Leadrail' } },
] as const

export const wantedPlacements: readonly string[] = placements.map(({ code }) => code)

/** What people know these placements as. */
export const placesOf = (codes: readonly string[]): readonly ('lead-tab' | 'menu-item')[] =>
  placements.filter(({ code }) => codes.includes(code)).map(({ place }) => place)

/** The same placement may be bound any number of times (placement-get.md), so strangers and doubles are taken away first. */
export const planPlacements = (appUrl: string, bindings: unknown): PlacesPlan => {
  const known = rowsOf(bindings).map(row => ({ code: textOf(row['placement']).toUpperCase(), handler: textOf(row['handler']) }))
  const bound: string[] = []
  const calls: Call[] = []
  const unbound = new Set<string>()
  const unbind = (code: string, handler: string) => {
    // One call removes every binding of that placement with that handler (placement-unbind.md).
    if (unbound.has(`${code} ${handler}`)) return
    unbound.add(`${code} ${handler}`)
    calls.push({ method: 'placement.unbind', params: { PLACEMENT: code, HANDLER: handler } })
  }
  for (const { code, handler } of known) if (!placements.some(wanted => wanted.code === code && `${appUrl}${wanted.path}` === handler)) unbind(code, handler)
  for (const { code, path, title } of placements) {
    const handler = `${appUrl}${path}`
    const same = known.filter(binding => binding.code === code && binding.handler === handler).length
    if (same === 1) {
      bound.push(code)
      continue
    }
    if (same > 1) unbind(code, handler)
    calls.push({ method: 'placement.bind', params: { PLACEMENT: code, HANDLER: handler, TITLE: title.ru, LANG_ALL: { ru: { TITLE: title.ru }, en: { TITLE: title.en } } } })
  }
  return { calls, bound }
}
