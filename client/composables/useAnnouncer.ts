import { inject, provide, readonly, shallowRef, type InjectionKey, type Ref } from 'vue'

export interface Announcer {
  readonly words: Readonly<Ref<string>>
  readonly announce: (words: string) => void
}

const announcerKey: InjectionKey<Announcer> = Symbol('announcer')

/** One polite live region for the whole page. */
export const provideAnnouncer = (): Announcer => {
  const words = shallowRef('')
  const announcer = { words: readonly(words), announce: (next: string) => { words.value = next } }
  provide(announcerKey, announcer)
  return announcer
}

/** Says a sentence to screen readers; where no page listens, nobody hears it. */
export const useAnnounce = (): ((words: string) => void) => inject(announcerKey, null)?.announce ?? (() => {})
