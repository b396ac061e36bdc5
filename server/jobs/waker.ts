import type { Log } from './ports.ts'

export interface Waker {
  /** Asks for the portal's work to begin: at once, or together with others a moment later. */
  wake(memberId: string): void
  /** Runs a portal's work; what was asked for meanwhile is asked for again afterwards, because a running job takes no second one. */
  during(memberId: string, run: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Completing a job takes a moment after its handler has ended. */
const completedMs = 50

/** One job per portal and not per event: the first wake goes out at once, those of the next `gatherMs` together. */
export const createWaker = (send: (memberIds: readonly string[]) => Promise<void>, gatherMs: number, log: Log): Waker => {
  const asked = new Set<string>()
  const busy = new Map<string, { again: boolean }>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let sending = Promise.resolve()
  let lastSentAt = Number.NEGATIVE_INFINITY
  let isStopped = false

  const flush = (): void => {
    timer = null
    if (asked.size === 0) return
    const memberIds = [...asked]
    asked.clear()
    lastSentAt = performance.now()
    // A wake that fails is made up for by the dispatcher.
    sending = sending.then(() => send(memberIds)).catch((error: unknown) => log.warn({ error, portals: memberIds.length }, 'wake.failed'))
  }

  const wake = (memberId: string): void => {
    if (isStopped) return
    const work = busy.get(memberId)
    if (work !== undefined) {
      work.again = true
      return
    }
    asked.add(memberId)
    timer ??= setTimeout(flush, Math.max(0, lastSentAt + gatherMs - performance.now()))
  }

  return {
    wake,
    during: async (memberId, run) => {
      const work = { again: false }
      busy.set(memberId, work)
      try {
        await run()
      }
      finally {
        busy.delete(memberId)
        if (work.again) setTimeout(() => wake(memberId), completedMs).unref()
      }
    },
    stop: async () => {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      flush()
      await sending
    },
  }
}
