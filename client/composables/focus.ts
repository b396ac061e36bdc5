import { nextTick } from 'vue'

/**
 * After `work` the focus is where it was, unless the person has moved it or it is no more: then in `otherwise`.
 * A button that is busy or gone leaves a keyboard nowhere.
 */
export const keepFocus = async <T>(work: () => Promise<T>, otherwise: () => HTMLElement | null): Promise<T> => {
  const before = document.activeElement
  try {
    return await work()
  } finally {
    await nextTick()
    if (document.activeElement === null || document.activeElement === document.body) {
      const back = before instanceof HTMLElement && before !== document.body && before.isConnected && !before.matches(':disabled') ? before : otherwise()
      back?.focus({ preventScroll: true })
    }
  }
}

/** What became of the last thing that was pressed at a place of the page, where it is told. */
export const noteOf = (place: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-note-of="${place}"]`)

/** Within this time the portal makes the frame as tall as its content. */
const growsWithinMs = 1_000

/** Puts the focus into the first control of a place that has just been opened, and brings both into sight; where they do not fit, the control. */
export const focusFirst = (place: HTMLElement | null): void => {
  const control = place?.querySelector<HTMLElement>('input, textarea, select, button')
  control?.focus({ preventScroll: true })
  const show = () => {
    for (const one of [place, control]) one?.scrollIntoView({ block: 'nearest' })
  }
  show()
  // Before the frame has grown, the page around it cannot be scrolled far enough.
  window.addEventListener('resize', show, { once: true })
  setTimeout(() => { window.removeEventListener('resize', show) }, growsWithinMs)
}
