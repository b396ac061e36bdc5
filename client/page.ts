import { createApp, h, type Component } from 'vue'
import type { PageBoot } from '../server/contract/page.ts'
import { createApi, type Api } from './api/api.ts'
import { readBoot } from './boot.ts'
import OutsideMessage from './components/OutsideMessage.vue'
import PageShell from './components/PageShell.vue'
import StateMessage from './components/StateMessage.vue'
import { startColorMode } from './frame/color-mode.ts'
import { openFrame, type Frame } from './frame/frame.ts'
import { loadLanguage } from './i18n/i18n.ts'

/** A view with its props, ready to be drawn. */
export interface Drawing {
  readonly view: Component
  readonly props: Readonly<Record<string, unknown>>
  /** It scrolls in a frame as tall as the window, instead of being as tall as its content. */
  readonly scrolls?: boolean
}

/** What a page starts with once the server has proved who opened it. */
export interface Start {
  readonly boot: PageBoot
  readonly api: Api
  readonly frame: Frame
}

/**
 * Starts a page: `begin` is called at once, so that its first request is under way while the words are fetched.
 * A page that was not opened through the server, or was refused there, says so instead.
 */
export const startPage = async (begin: (start: Start) => Drawing): Promise<void> => {
  const boot = readBoot()
  const frame = openFrame()
  void startColorMode(frame)
  const language = boot?.lang ?? (navigator.language.startsWith('ru') ? 'ru' : 'en')
  const drawing = draw(boot, frame, begin)
  const { i18n, kit } = await loadLanguage(language)
  document.documentElement.lang = language
  createApp({ render: () => h(PageShell, { frame, kit, expected: boot !== null, scrolls: drawing.scrolls === true }, () => h(drawing.view, drawing.props)) }).use(i18n).mount('#app')
}

const draw = (boot: PageBoot | null, frame: Frame, begin: (start: Start) => Drawing): Drawing => {
  if (boot === null) return { view: OutsideMessage, props: {} }
  if (boot.problem !== null) return { view: StateMessage, props: { alarm: true, alone: true, title: boot.problem.title, text: boot.problem.detail } }
  return begin({ boot, frame, api: createApi({ boot, accessToken: frame.accessToken }) })
}
