/**
 * Keeps the page fresh without flicker: asks for the same address again and changes only what differs.
 * Elements with `data-keep`, open dialogues and what a person is typing are left alone.
 */
import { announce } from './toast.js'

const typed = new WeakSet()
let mark = ''
let asking = null

const keyOf = node => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset?.key || '' : '')

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b)

const copyAttributes = (from, to) => {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !(name === 'open' && /^(DETAILS|DIALOG)$/.test(from.nodeName))) from.removeAttribute(name)
  for (const { name, value } of to.attributes) {
    if (name === 'open' && /^(DETAILS|DIALOG)$/.test(from.nodeName)) continue
    if (from.getAttribute(name) !== value) from.setAttribute(name, value)
  }
}

const copyValue = (from, to) => {
  if (from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement || from instanceof HTMLSelectElement) {
    if (typed.has(from) || from === document.activeElement) return
    if (from.type === 'checkbox' || from.type === 'radio') from.checked = to.checked
    else if (from.value !== to.value) from.value = to.value
  }
}

const kept = node => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute('data-keep')

/** Makes `from` equal to `to`, keeping nodes that stay. */
export const morph = (from, to) => {
  if (kept(from)) return
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue
    return
  }
  if (from.nodeName !== 'SELECT' || !(typed.has(from) || from === document.activeElement)) morphChildren(from, to)
  copyAttributes(from, to)
  copyValue(from, to)
}

const morphChildren = (from, to) => {
  const keyed = new Map([...from.childNodes].filter(node => keyOf(node) !== '').map(node => [keyOf(node), node]))
  let cursor = from.firstChild
  for (const wanted of [...to.childNodes]) {
    while (cursor !== null && kept(cursor) && !alike(cursor, wanted)) cursor = cursor.nextSibling
    const key = keyOf(wanted)
    let present = key !== '' ? keyed.get(key) ?? null : cursor !== null && keyOf(cursor) === '' && alike(cursor, wanted) ? cursor : null
    if (present !== null && !alike(present, wanted)) present = null
    if (present === null) {
      from.insertBefore(document.importNode(wanted, true), cursor)
      continue
    }
    if (present === cursor) cursor = cursor.nextSibling
    else from.insertBefore(present, cursor)
    morph(present, wanted)
  }
  while (cursor !== null) {
    const next = cursor.nextSibling
    if (!kept(cursor)) cursor.remove()
    cursor = next
  }
}

/** Sets the emulated clock from `milliseconds;speed`. */
const setClock = text => text !== null && document.dispatchEvent(new CustomEvent('portal:clock', { detail: text }))

/** Asks for the page once more; several callers share one request. */
export const refresh = () => {
  asking ??= ask().finally(() => {
    asking = null
  })
  return asking
}

const ask = async () => {
  const response = await fetch(location.href, { headers: { 'x-live': '1', ...(mark === '' ? {} : { 'if-none-match': mark }) }, cache: 'no-store' })
  setClock(response.headers.get('x-clock'))
  if (response.status === 304) return
  if (response.redirected) return location.assign(response.url)
  if (!response.ok) return
  mark = response.headers.get('etag') ?? ''
  const bell = Number(document.querySelector('[data-bell]')?.dataset.bell ?? 0)
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const id of ['top', 'menu', 'page']) {
    const [from, to] = [document.getElementById(id), fresh.getElementById(id)]
    if (from !== null && to !== null) morph(from, to)
  }
  document.dispatchEvent(new CustomEvent('portal:changed'))
  const now = Number(document.querySelector('[data-bell]')?.dataset.bell ?? 0)
  if (now > bell) announce('Новое уведомление')
}

/** Refreshes every two seconds while the page is looked at. */
export const keepFresh = () => {
  addEventListener('input', event => typed.add(event.target))
  document.addEventListener('portal:refresh', () => void refresh())
  document.addEventListener('portal:forget-typed', (event) => {
    for (const field of event.detail.elements) typed.delete(field)
  })
  const round = async () => {
    if (!document.hidden) await refresh().catch(() => null)
    setTimeout(round, 2000)
  }
  setTimeout(round, 2000)
}
