import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'

/** True while the page is as narrow as a phone. */
export const useNarrow = (): Readonly<Ref<boolean>> => {
  const query = window.matchMedia('(max-width: 639px)')
  const isNarrow = shallowRef(query.matches)
  const look = () => { isNarrow.value = query.matches }
  query.addEventListener('change', look)
  onScopeDispose(() => query.removeEventListener('change', look))
  return readonly(isNarrow)
}
