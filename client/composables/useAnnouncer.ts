import { inject, onScopeDispose, provide, readonly, shallowRef, type InjectionKey, type Ref } from 'vue'

export interface Announcer {
  readonly words: Readonly<Ref<string>>
  readonly announce: (words: string) => void
}

/** So long the region stays empty before it says the same again. */
const againMs = 150

const announcerKey: InjectionKey<Announcer> = Symbol('announcer')

/** One polite live region for the whole page. */
export const provideAnnouncer = (): Announcer => {
  const words = shallowRef('')
  let again: ReturnType<typeof setTimeout> | undefined
  const announce = (next: string) => {
    clearTimeout(again)
    if (words.value !== next) {
      words.value = next
      return
    }
    // A region that does not change says nothing.
    words.value = ''
    again = setTimeout(() => { words.value = next }, againMs)
  }
  onScopeDispose(() => clearTimeout(again))
  const announcer = { words: readonly(words), announce }
  provide(announcerKey, announcer)
  return announcer
}

/** Says a sentence to screen readers; where no page listens, nobody hears it. */
export const useAnnounce = (): ((words: string) => void) => inject(announcerKey, null)?.announce ?? (() => {})
