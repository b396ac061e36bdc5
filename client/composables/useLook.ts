import { onScopeDispose, readonly, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '../api/api-error.ts'

export interface Look<T> {
  readonly view: Readonly<Ref<T | null>>
  /** Why the last look failed; the last view stays. */
  readonly error: Readonly<Ref<ApiError | null>>
  readonly loading: Readonly<Ref<boolean>>
  /** Looks now, or once more after a look that is under way; ends when that is seen. */
  readonly refresh: () => Promise<void>
  /** Takes a newer view, e.g. the answer to a save; looks begun before it are thrown away. Called in the order in which the server was written to. */
  readonly accept: (view: T) => void
}

interface Setting<T> {
  /** `calm`: nobody has just opened or come back to the page. */
  readonly ask: (signal: AbortSignal, calm: boolean) => Promise<T>
  /** A look begun before the page was drawn. */
  readonly first?: Promise<T>
  readonly everyMs?: number
}

/** Looks at something of the server's now and then while the page is seen; a demo with a fast clock is looked at more often. */
export const useLook = <T extends { readonly clockSpeed: number }>({ ask, first, everyMs = 20_000 }: Setting<T>): Look<T> => {
  const view: ShallowRef<T | null> = shallowRef(null)
  const error: ShallowRef<ApiError | null> = shallowRef(null)
  const loading = shallowRef(false)
  const ending = new AbortController()
  let timer: ReturnType<typeof setTimeout> | null = null
  let accepted = 0
  let running: Promise<void> = Promise.resolve()
  let queued: Promise<void> | null = null

  const look = async (asked: Promise<T>): Promise<void> => {
    const begunAt = accepted
    loading.value = true
    try {
      const seen = await asked
      if (begunAt === accepted) view.value = seen
      error.value = null
    } catch (cause) {
      const failure = asApiError(cause)
      if (failure.kind !== 'aborted') error.value = failure
    } finally {
      loading.value = false
      plan()
    }
  }

  const begin = (asked: Promise<T>): Promise<void> => {
    running = look(asked)
    return running
  }
  const refresh = (): Promise<void> => {
    if (!loading.value) return begin(ask(ending.signal, false))
    // The look under way may have been read before what is to be seen.
    queued ??= running.then(() => {
      queued = null
      return ending.signal.aborted ? Promise.resolve() : begin(ask(ending.signal, false))
    })
    return queued
  }

  const plan = () => {
    if (timer !== null) clearTimeout(timer)
    if (ending.signal.aborted) return
    const fast = (view.value?.clockSpeed ?? 1) > 1
    timer = setTimeout(() => { if (isSeen() && !loading.value) void begin(ask(ending.signal, true)) }, fast ? everyMs / 5 : everyMs)
  }

  const onSeen = () => { if (isSeen()) void refresh() }
  document.addEventListener('visibilitychange', onSeen)
  onScopeDispose(() => {
    ending.abort()
    if (timer !== null) clearTimeout(timer)
    document.removeEventListener('visibilitychange', onSeen)
  })

  void begin(first ?? ask(ending.signal, false))
  return {
    view,
    error,
    loading: readonly(loading),
    refresh,
    accept: (newer) => {
      accepted += 1
      view.value = newer
      error.value = null
    },
  }
}

const isSeen = (): boolean => document.visibilityState === 'visible'
