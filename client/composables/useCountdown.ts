import { computed, onScopeDispose, readonly, shallowRef, watch, type ComputedRef, type Ref } from 'vue'

/** The server's clock as it told it with its last answer. */
export interface ClockReading {
  /** ISO 8601 instant. */
  readonly now: string
  /** Seconds of the server's clock per real second. */
  readonly clockSpeed: number
}

/** Milliseconds since the epoch by the server's clock, once a second: a wrong clock of this computer changes nothing. */
export const useServerClock = (reading: () => ClockReading | null): Readonly<Ref<number | null>> => {
  const now = shallowRef<number | null>(null)
  let known: { serverMs: number; realMs: number; speed: number } | null = null
  const tick = () => {
    now.value = known === null ? null : known.serverMs + (performance.now() - known.realMs) * known.speed
  }
  watch(reading, (told) => {
    known = told === null ? null : { serverMs: Date.parse(told.now), realMs: performance.now(), speed: told.clockSpeed }
    tick()
  }, { immediate: true })
  const timer = setInterval(tick, 1000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}

/** Milliseconds until a moment, negative after it; null while one of the two is unknown. */
export const useCountdown = (now: Readonly<Ref<number | null>>, dueAt: () => string | null): ComputedRef<number | null> =>
  computed(() => {
    const due = dueAt()
    return now.value === null || due === null ? null : Date.parse(due) - now.value
  })
