import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'

/** Where `.lr-split` of the styles has its second column. */
const twoColumns = '(width >= 48rem)'

/** Whether the page has room for two columns; false where the browser cannot tell. */
export const useWide = (): Readonly<Ref<boolean>> => {
  const asked = typeof window.matchMedia === 'function' ? window.matchMedia(twoColumns) : null
  const wide = shallowRef(asked?.matches === true)
  const look = () => { wide.value = asked?.matches === true }
  asked?.addEventListener('change', look)
  onScopeDispose(() => asked?.removeEventListener('change', look))
  return readonly(wide)
}
