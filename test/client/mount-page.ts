import { flushPromises, mount } from '@vue/test-utils'
import enKit from '@bitrix24/b24ui-nuxt/runtime/locale/en.js'
import ruKit from '@bitrix24/b24ui-nuxt/runtime/locale/ru.js'
import axe from 'axe-core'
import { onTestFinished, vi } from 'vitest'
import { h, shallowRef, type Component } from 'vue'
import PageShell from '../../client/components/PageShell.vue'
import en from '../../client/i18n/en.json'
import { speak } from '../../client/i18n/i18n.ts'
import ru from '../../client/i18n/ru.json'
import type { Frame } from '../../client/frame/frame.ts'

/** A portal that does what it is asked and remembers it. */
export const playFrame = () => ({
  state: shallowRef('inside' as const),
  resize: vi.fn<Frame['resize']>(async () => {}),
  reloadHost: vi.fn<Frame['reloadHost']>(async () => {}),
  accessToken: vi.fn<Frame['accessToken']>(async () => 'fresh-access-token'),
  openPath: vi.fn<Frame['openPath']>(async () => {}),
  scrollToTop: vi.fn<Frame['scrollToTop']>(async () => {}),
  setTitle: vi.fn<Frame['setTitle']>(async () => {}),
  finishInstall: vi.fn<Frame['finishInstall']>(async () => {}),
  openConversion: vi.fn<Frame['openConversion']>(async () => {}),
  close: vi.fn<Frame['close']>(async () => {}),
  call: vi.fn<Frame['call']>(async () => {}),
  userOption: vi.fn<Frame['userOption']>(async () => null),
  setUserOption: vi.fn<Frame['setUserOption']>(async () => {}),
}) satisfies Frame

/** Draws a view as a page does, in a real document, with its words; gives the element it stands in. */
export const mountPage = (view: Component, props: Record<string, unknown>, language: 'ru' | 'en' = 'ru', frame: Frame = playFrame()) => {
  document.documentElement.lang = language
  const place = document.createElement('div')
  document.body.append(place)
  const page = mount(PageShell, {
    attachTo: place,
    props: { frame, kit: language === 'ru' ? ruKit : enKit },
    slots: { default: () => h(view, props) },
    global: { plugins: [speak(language, language === 'ru' ? ru : en)] },
  })
  onTestFinished(() => page.unmount())
  return place
}

/** What axe finds wrong; contrast needs real drawing and is looked at in the browser tests. */
export const accessFaults = async (element: Element): Promise<readonly string[]> => {
  const { violations } = await axe.run(element, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })
  return violations.map(fault => `${fault.id}: ${fault.nodes.map(node => node.html).join(' ')}`)
}

/** Lets requests and the drawing after them come to an end. */
export const settled = async (times = 4): Promise<void> => {
  for (let turn = 0; turn < times; turn++) {
    await new Promise(resolve => setTimeout(resolve, 5))
    await flushPromises()
  }
}
