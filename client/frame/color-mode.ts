import { readonly, shallowRef, type Ref } from 'vue'
import type { Frame } from './frame.ts'

/** The kit's two looks; each is a class of the root element. */
export type ColorMode = 'light' | 'dark'

/** In the portal and in the browser. */
const key = 'leadrail-look'
const mode = shallowRef<ColorMode>('light')
export const colorMode: Readonly<Ref<ColorMode>> = readonly(mode)

/**
 * Light until the person chooses otherwise: the portal tells its frames no theme of its own, and its pages are light. The browser's copy
 * of the choice is there before anything is drawn; the portal's follows, and counts.
 */
export const startColorMode = async (frame: Pick<Frame, 'userOption'>): Promise<void> => {
  show(copy.read() === 'dark' ? 'dark' : 'light')
  const kept = await frame.userOption(key)
  if (kept === 'dark' || kept === 'light') {
    show(kept)
    copy.write(kept)
  }
}

export const chooseColorMode = (frame: Pick<Frame, 'setUserOption'>, chosen: ColorMode): void => {
  show(chosen)
  copy.write(chosen)
  void frame.setUserOption(key, chosen)
}

const show = (next: ColorMode): void => {
  mode.value = next
  document.documentElement.classList.toggle('dark', next === 'dark')
  document.documentElement.classList.toggle('light', next === 'light')
}

/** Browsers that keep nothing for a frame of another site deny it by throwing; the portal keeps the choice all the same. */
const copy = {
  read: (): string | null => {
    try {
      return window.localStorage.getItem(key)
    } catch {
      return null
    }
  },
  write: (chosen: ColorMode): void => {
    try {
      window.localStorage.setItem(key, chosen)
    } catch {
      return
    }
  },
}
