/**
 * The portal's side of an application frame: opens it by the documented form POST and answers its messages.
 * Message in: `command[:JSON]:callbackKey:appSid`, or an object {method, params, callback, appSid} when the command has a colon.
 * Answer: `callbackKey:JSON` to the application's origin, and to nobody else.
 */
import { showCall } from './call.js'
import { closeSlider, openSlider } from './slider.js'
import { pickCrm, pickUsers } from './pickers.js'
import { announce } from './toast.js'

const frames = new Map()
const openings = new WeakMap()

const post = async (address, body) => {
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  return response.status === 204 ? null : response.json()
}

const hidden = (form, name, value) => {
  const input = document.createElement('input')
  Object.assign(input, { type: 'hidden', name, value })
  form.append(input)
}

/** Asks the portal for a rendering (new APP_SID, tokens of the present user) and posts it into a frame inside `slot`. */
export const openFrame = async (slot) => {
  const wanted = JSON.parse(slot.dataset.frame)
  const opening = await post('/emulator/frame', { ...wanted, uri: location.pathname + location.search })
  if (opening.refusal) {
    slot.replaceChildren(Object.assign(document.createElement('p'), { className: 'empty', textContent: opening.refusal }))
    return
  }
  const old = openings.get(slot)
  if (old) frames.delete(old)
  openings.set(slot, opening.sid)

  const iframe = document.createElement('iframe')
  iframe.name = opening.name
  iframe.title = wanted.title ?? 'Приложение'
  iframe.className = 'app-frame'
  if (slot.dataset.height) iframe.style.height = slot.dataset.height
  const form = document.createElement('form')
  Object.assign(form, { method: 'post', action: opening.action, target: opening.name, hidden: true })
  for (const [name, value] of Object.entries(opening.fields)) hidden(form, name, value)
  slot.replaceChildren(iframe, form)
  frames.set(opening.sid, { slot, iframe, origin: new URL(opening.action).origin, init: opening.init, bound: new Map() })
  form.submit()
}

const parse = (data) => {
  if (typeof data !== 'string') return data && typeof data.method === 'string' ? { command: data.method, params: data.params || {}, key: data.callback, sid: data.appSid } : null
  const parts = data.split(':')
  if (parts.length < 3) return null
  const command = parts.shift()
  const sid = parts.pop()
  const key = parts.pop()
  const middle = parts.join(':')
  if (middle === '') return { command, params: {}, key, sid }
  try {
    return { command, params: JSON.parse(middle), key, sid }
  } catch {
    return { command, params: middle, key, sid }
  }
}

/** The numbers 900–1640 of `bx24_width` are pixels of the slider; without it the slider takes most of the window. */
const sliderWidth = params => Number(params.bx24_width) || 0

const answers = {
  getInitData: frame => frame.init,
  refreshAuth: async (frame) => {
    const tokens = await post('/emulator/frame/refresh', { sid: frame.init.APP_SID })
    Object.assign(frame.init, tokens)
    return tokens
  },
  setInstall: () => true,
  setInstallFinish: async (frame) => {
    await post('/emulator/frame/install-finish', { sid: frame.init.APP_SID })
    frame.slot.dispatchEvent(new CustomEvent('portal:installed', { bubbles: true }))
    setTimeout(() => location.reload(), 50)
    return true
  },
  setAppOption: async (frame, { name, value }) => {
    await post('/emulator/frame/option', { sid: frame.init.APP_SID, kind: 'app', name, value })
    frame.init.APP_OPTIONS[name] = value
    return true
  },
  setUserOption: async (frame, { name, value }) => {
    await post('/emulator/frame/option', { sid: frame.init.APP_SID, kind: 'user', name, value })
    frame.init.USER_OPTIONS[name] = value
    return true
  },
  resizeWindow: (frame, { width, height }) => {
    if (Number(height) > 0) frame.iframe.style.height = `${Math.ceil(Number(height))}px`
    if (Number(width) > 0) frame.iframe.style.minWidth = `min(100%, ${Math.ceil(Number(width))}px)`
    return { width: frame.iframe.offsetWidth, height: frame.iframe.offsetHeight }
  },
  setTitle: (frame, { title }) => {
    document.title = String(title)
    const heading = frame.slot.closest('[data-app-page]')?.querySelector('[data-app-title]')
    if (heading) heading.textContent = String(title)
    return true
  },
  setScroll: (_frame, { scroll }) => {
    scrollTo({ top: Number(scroll) || 0 })
    return true
  },
  reloadWindow: (frame) => {
    setTimeout(() => void openFrame(frame.slot), 0)
    return true
  },
  reloadData: () => {
    document.dispatchEvent(new CustomEvent('portal:refresh'))
    return true
  },
  getInterface: frame => ({
    command: /_(DETAIL_TAB|DETAIL_ACTIVITY|LIST_MENU)$/.test(frame.init.PLACEMENT) ? ['getStatus', 'reloadData'] : ['getStatus'],
    event: [],
  }),
  placementBindEvent: (frame, { event }, key) => {
    frame.bound.set(event, [...(frame.bound.get(event) ?? []), key])
    return undefined
  },
  selectUser: (_frame, { mult }) => pickUsers(Boolean(mult)),
  selectAccess: () => pickUsers(true).then(users => users.map(user => ({ id: `U${user.id}`, provider: 'user', name: user.name }))),
  selectCRM: (_frame, params) => pickCrm(params.entityType ?? ['lead', 'contact', 'company', 'deal'], params.multiple === true || params.multiple === 'Y'),
  openApplication: async (frame, params) => {
    const query = new URLSearchParams({ IFRAME: 'Y', options: JSON.stringify(params ?? {}) })
    await openSlider(`/marketplace/app/${encodeURIComponent(frame.init.APP_CODE)}/?${query}`, { title: params?.bx24_title, width: sliderWidth(params ?? {}) })
    return null
  },
  closeApplication: () => {
    closeSlider()
    return null
  },
  openPath: async (_frame, { path }) => {
    const target = new URL(String(path ?? ''), location.origin)
    if (target.origin !== location.origin || !/^\/(crm|company|tasks|marketplace|workgroups)\//.test(target.pathname)) return { result: 'error', errorCode: 'PATH_NOT_AVAILABLE' }
    await openSlider(target.pathname + target.search, {})
    return { result: 'close' }
  },
  imCallTo: (frame, { userId }) => dial(frame, { userId }),
  imPhoneTo: (frame, { phone, params }) => dial(frame, { phone: String(phone ?? ''), params }),
  imOpenMessenger: (_frame, { dialogId }) => tell(`Чат ${dialogId ?? ''}`),
  imOpenHistory: (_frame, { dialogId }) => tell(`История чата ${dialogId ?? ''}`),
}

const tell = (text) => {
  announce(text)
  return true
}

/** Notes the call and shows its dialogue; the frame gets its answer at once, as the call goes on without it. */
const dial = async (frame, asked) => {
  showCall(await post('/emulator/frame/dial', { sid: frame.init.APP_SID, ...asked }))
  return true
}

/** An unknown command stays without an answer, as in the portal; the frame library settles such calls by itself after 900 ms. */
export const listenToFrames = () => {
  addEventListener('message', async (event) => {
    const message = parse(event.data)
    const frame = message === null ? undefined : frames.get(message.sid)
    if (frame === undefined || event.source !== frame.iframe.contentWindow || event.origin !== frame.origin) return
    const answer = Object.hasOwn(answers, message.command) ? answers[message.command] : undefined
    if (answer === undefined) return
    const value = await answer(frame, message.params, message.key)
    if (value !== undefined) frame.iframe.contentWindow?.postMessage(`${message.key}:${JSON.stringify(value)}`, frame.origin)
  })
}

/** Posts a placement's event to the frames that bound it. */
export const fireFrameEvent = (name, data) => {
  for (const frame of frames.values())
    for (const key of frame.bound.get(name) ?? []) frame.iframe.contentWindow?.postMessage(`${key}:${JSON.stringify(data)}`, frame.origin)
}

/** Opens every frame slot of the page that is not open yet. */
export const openFrames = () => {
  for (const slot of document.querySelectorAll('[data-frame]'))
    if (!openings.has(slot)) {
      openings.set(slot, '')
      void openFrame(slot).catch((error) => {
        slot.textContent = `Приложение не открылось: ${error.message}`
      })
    }
}
