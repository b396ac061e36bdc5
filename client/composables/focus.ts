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

/** Puts the focus into the first control of a place. */
export const focusFirst = (place: HTMLElement | null): void => {
  place?.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true })
}
