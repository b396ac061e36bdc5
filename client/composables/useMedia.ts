import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'

/** Whether the page is as this media query says; false where the browser cannot tell. */
const useMedia = (query: string): Readonly<Ref<boolean>> => {
  const asked = typeof window.matchMedia === 'function' ? window.matchMedia(query) : null
  const matches = shallowRef(asked?.matches === true)
  const look = () => { matches.value = asked?.matches === true }
  asked?.addEventListener('change', look)
  onScopeDispose(() => asked?.removeEventListener('change', look))
  return readonly(matches)
}

/** Room for two columns: where `.lr-split` of the styles has its second one. */
export const useWide = (): Readonly<Ref<boolean>> => useMedia('(width >= 48rem)')

/** As narrow as a phone. */
export const useNarrow = (): Readonly<Ref<boolean>> => useMedia('(max-width: 639px)')
