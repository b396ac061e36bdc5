import { bbcode } from './bbcode.ts'
import { html, type Html } from './html.ts'
import { appPath, type View } from './view.ts'

type Row = Readonly<Record<string, unknown>>

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
const rowOf = (value: unknown): Row => (isRow(value) ? value : {})

/** A text, or a map of languages (api-reference/crm/timeline/activities/configurable/structure/layout.md). */
const words = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  const languages = rowOf(value)
  return typeof languages['ru'] === 'string' ? languages['ru'] : typeof languages['en'] === 'string' ? languages['en'] : ''
}

const addressOf = (view: View, action: unknown): string | null => {
  const { type, uri, actionParams } = rowOf(action)
  if (type === 'redirect' && typeof uri === 'string') return uri
  if (type === 'openRestApp') return `${appPath(view.app.code)}?options=${encodeURIComponent(JSON.stringify(rowOf(actionParams)))}`
  return null
}

const link = (view: View, action: unknown, label: string, className = ''): Html => {
  const address = addressOf(view, action)
  return address === null ? html`${label}` : html`<a href="${address}" data-open class="${className}">${label}</a>`
}

const block = (view: View, given: unknown): Html => {
  const { type, properties } = rowOf(given)
  const set = rowOf(properties)
  switch (type) {
    case 'text': return html`${bbcode(words(set['value']))}`
    case 'largeText': return html`<strong>${bbcode(words(set['value']))}</strong>`
    case 'link': return link(view, set['action'], words(set['text']))
    case 'deadline': return html`<span class="tag">срок</span>`
    case 'withTitle': return html`<span class="muted">${words(set['title'])}:</span> ${block(view, set['block'])}`
    case 'lineOfBlocks': return html`${Object.values(rowOf(set['blocks'])).map(inner => html`${block(view, inner)} `)}`
    default: return html`${words(set['value'])}`
  }
}

/** A configurable activity's layout: header, blocks and buttons that lead somewhere. */
export const layoutOf = (view: View, layout: unknown): Html => {
  const { header, body, footer } = rowOf(layout)
  const head = rowOf(header)
  return html`<p>${link(view, head['titleAction'], words(head['title']))} ${Object.values(rowOf(head['tags'])).map(tag => html`<span class="tag">${words(rowOf(tag)['title'])}</span> `)}</p>
  ${Object.values(rowOf(rowOf(body)['blocks'])).map(inner => html`<p>${block(view, inner)}</p>`)}
  <p class="buttons">${Object.values(rowOf(rowOf(footer)['buttons'])).map(button => link(view, rowOf(button)['action'], words(rowOf(button)['title']), 'button small'))}</p>`
}
