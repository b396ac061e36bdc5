/** Sliders: a page of the portal over the page, from the right. They stack; Escape, the cross and the shade close the upper one. */
const open = []

const enclosing = () => {
  try {
    return window.parent !== window && window.frameElement?.dataset.slider !== undefined ? window.parent : null
  } catch {
    return null
  }
}

/** Opens an address of this portal. Resolves when the slider is closed. */
export const openSlider = (address, { title = '', width = 0 } = {}) => {
  const target = new URL(address, location.origin)
  target.searchParams.set('IFRAME', 'Y')
  target.searchParams.set('IFRAME_TYPE', 'SIDE_SLIDER')

  const before = document.activeElement
  const shade = document.createElement('div')
  shade.className = 'slider-shade'
  shade.dataset.keep = ''
  const dialog = document.createElement('div')
  dialog.className = 'slider'
  dialog.setAttribute('role', 'dialog')
  dialog.setAttribute('aria-modal', 'true')
  dialog.setAttribute('aria-label', title || 'Карточка')
  if (width > 0) dialog.style.maxWidth = `${width}px`
  const cross = document.createElement('button')
  Object.assign(cross, { type: 'button', className: 'slider-close', textContent: '×' })
  cross.setAttribute('aria-label', 'Закрыть')
  const frame = document.createElement('iframe')
  frame.dataset.slider = ''
  frame.title = title || 'Карточка'
  frame.src = target.pathname + target.search
  dialog.append(cross, frame)
  shade.append(dialog)
  document.body.append(shade)
  document.body.classList.add('has-slider')

  return new Promise((resolve) => {
    const close = () => {
      open.splice(open.indexOf(close), 1)
      shade.remove()
      if (open.length === 0) document.body.classList.remove('has-slider')
      if (before instanceof HTMLElement) before.focus()
      document.dispatchEvent(new CustomEvent('portal:refresh'))
      resolve()
    }
    open.push(close)
    cross.addEventListener('click', close)
    shade.addEventListener('click', event => event.target === shade && close())
    frame.addEventListener('load', () => frame.contentWindow?.addEventListener('keydown', event => event.key === 'Escape' && !event.defaultPrevented && close()))
    cross.focus()
  })
}

/** Closes the upper slider of this page, or the slider this page is in. */
export const closeSlider = () => {
  const upper = open.at(-1)
  if (upper !== undefined) upper()
  else enclosing()?.document.dispatchEvent(new CustomEvent('portal:close-slider'))
}

export const listenToSliders = () => {
  document.addEventListener('portal:close-slider', () => open.at(-1)?.())
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open.length > 0) open.at(-1)()
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-open]') : null
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    const target = new URL(link.href)
    if (target.origin !== location.origin) {
      link.target = '_blank'
      link.rel = 'noopener'
      return
    }
    event.preventDefault()
    void openSlider(target.pathname + target.search, { title: link.textContent.trim() })
  })
}
