import { onScopeDispose } from 'vue'
import type { Frame } from '../frame/frame.ts'

/** Tells the host card to read its data again, once for a run of saves. */
export const useHostReload = (frame: Pick<Frame, 'reloadHost'>, afterMs = 1500): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | null = null
  onScopeDispose(() => { if (timer !== null) clearTimeout(timer) })
  return () => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => { timer = null; void frame.reloadHost() }, afterMs)
  }
}
