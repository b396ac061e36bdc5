import type { Log } from './ports.ts'

export interface Loop {
  /** Waits for the round that is running. */
  stop(): Promise<void>
}

/** Runs again and again with a pause in between, never twice at once; a failed round is logged and the next one comes. */
export const startLoop = (name: string, everyMs: number, log: Log, round: () => Promise<unknown>): Loop => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  let running = Promise.resolve()
  const turn = (): void => {
    running = round().then(() => undefined, (error: unknown) => {
      if (!isStopped) log.error({ loop: name, error }, 'loop.failed')
    }).then(() => {
      if (!isStopped) timer = setTimeout(turn, everyMs)
    })
  }
  turn()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
      return running
    },
  }
}
