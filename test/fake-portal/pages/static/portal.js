/** Start of every page of the portal. */
import { listenToFrames, openFrames } from './frame-host.js'
import { listenToBoard } from './kanban.js'
import { keepFresh, refresh } from './live.js'
import { listenToSliders, openSlider } from './slider.js'
import { announce } from './toast.js'

const sendForm = async (form, submitter) => {
  const body = new URLSearchParams(new FormData(form, submitter))
  const response = await fetch(form.action, { method: 'POST', headers: { 'x-live': '1' }, body })
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({ problem: `Портал ответил ${response.status}` }))
  if (answer.problem) return announce(answer.problem, 'problem')
  if (answer.said) announce(answer.said)
  document.dispatchEvent(new CustomEvent('portal:forget-typed', { detail: form }))
  form.reset()
  form.closest('details')?.removeAttribute('open')
  form.closest('dialog')?.close()
  if (answer.go) return location.assign(answer.go)
  if (answer.open) void openSlider(answer.open)
  await refresh()
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.dataset.act === undefined) return
  event.preventDefault()
  if (form.dataset.ask && !confirm(form.dataset.ask)) return
  void sendForm(form, event.submitter)
})

document.addEventListener('change', (event) => {
  if (event.target instanceof HTMLSelectElement && event.target.dataset.sendOnChange !== undefined) event.target.form?.requestSubmit()
})

document.addEventListener('click', (event) => {
  const opener = event.target instanceof Element ? event.target.closest('[data-dialog]') : null
  if (opener !== null) document.getElementById(opener.dataset.dialog)?.showModal()
  const closer = event.target instanceof Element ? event.target.closest('[data-close]') : null
  closer?.closest('dialog')?.close()
  for (const menu of document.querySelectorAll('details.menu-button[open]')) if (!menu.contains(event.target)) menu.removeAttribute('open')
})

const tickClock = () => {
  const face = document.querySelector('[data-clock]')
  if (face === null) return
  let [now, speed] = face.dataset.clock.split(';').map(Number)
  let at = performance.now()
  const format = new Intl.DateTimeFormat('ru-RU', { timeZone: face.dataset.zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const show = () => {
    const text = format.format(new Date(now + (performance.now() - at) * speed))
    if (face.textContent !== text) face.textContent = text
  }
  document.addEventListener('portal:clock', (event) => {
    ;[now, speed] = event.detail.split(';').map(Number)
    at = performance.now()
    for (const button of document.querySelectorAll('[data-speed]')) button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === speed))
    show()
  })
  show()
  setInterval(show, 200)
}

listenToFrames()
listenToSliders()
listenToBoard(sendForm)
openFrames()
document.addEventListener('portal:changed', openFrames)
keepFresh()
tickClock()
