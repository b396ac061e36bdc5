import { onScopeDispose } from 'vue'

export type WriteQueue = <T>(write: () => Promise<T>) => Promise<T>

/**
 * Writes of one page, one at a time in the order they were asked for: the answer to each is newer than that to the one before.
 * A hidden page may never be seen again, so all that waits is sent at once; a page that is seen again looks anew by itself.
 */
export const useWriteQueue = (): WriteQueue => {
  let last: Promise<unknown> = Promise.resolve()
  const waiting = new Set<() => void>()
  const onHidden = () => {
    if (document.visibilityState !== 'hidden') return
    for (const go of waiting) go()
  }
  document.addEventListener('visibilitychange', onHidden)
  onScopeDispose(() => document.removeEventListener('visibilitychange', onHidden))

  return (write) => {
    const before = last
    const turn = new Promise<void>((go) => {
      const begin = () => { waiting.delete(begin); go() }
      waiting.add(begin)
      if (document.visibilityState === 'hidden') begin()
      else void before.then(begin)
    })
    const written = turn.then(write)
    last = Promise.allSettled([before, written])
    return written
  }
}
