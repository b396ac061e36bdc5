/** Named locks across all processes: freed by the death of their holder, so nothing has to wait for a time-out. */

export interface LockOptions {
  /** Gives up after this long; without it waits as long as it takes. */
  readonly waitMs?: number
  /** Tells the holder (`wanted`) that somebody in a hurry waits. */
  readonly urgent?: boolean
}

export type Tried<T> = { readonly ran: false } | { readonly ran: true; readonly value: T }

export interface Locks {
  /** Waits for the lock, runs, frees it. Throws `LockTimeout` after `waitMs`. Not re-entrant. */
  withLock<T>(name: string, run: () => Promise<T>, options?: LockOptions): Promise<T>
  /** Runs only when the lock is free now. */
  tryLock<T>(name: string, run: () => Promise<T>): Promise<Tried<T>>
  /** Does somebody in a hurry wait for it? Asked by the holder between two pieces of work. */
  wanted(name: string): Promise<boolean>
  /** Is it free now, in every process? */
  isFree(name: string): Promise<boolean>
  close(): Promise<void>
}

export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
}

/** What makes a lock hold beyond this process. */
export interface LockSession {
  tryTake(name: string): Promise<boolean>
  give(name: string): Promise<void>
  /** Many may hold a shared one at once. */
  takeShared(name: string): Promise<void>
  giveShared(name: string): Promise<void>
  /** Does anybody hold it, either way? Takes nothing. */
  isHeld(name: string): Promise<boolean>
  close(): Promise<void>
}

/** Locks of one process; with a session, of all processes on its database. */
export const createLocks = (session: LockSession | null): Locks => {
  const turns = new Map<string, { tail: Promise<void>; waiting: number; urgent: number }>()

  const enter = async (name: string, urgent: boolean, until: number): Promise<() => void> => {
    const turn = turns.get(name) ?? { tail: Promise.resolve(), waiting: 0, urgent: 0 }
    turns.set(name, turn)
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = turn.tail
    turn.tail = before.then(() => promise)
    turn.waiting++
    if (urgent) turn.urgent++
    const leave = (): void => {
      resolve()
      if (--turn.waiting === 0) turns.delete(name)
    }
    try {
      await within(before, until, name)
    }
    catch (cause) {
      leave()
      throw cause
    }
    finally {
      if (urgent) turn.urgent--
    }
    return leave
  }

  const holdBeyond = async (held: LockSession, name: string, until: number): Promise<void> => {
    for (let pauseMs = 10; !await held.tryTake(name); pauseMs = Math.min(pauseMs * 1.5, 100)) {
      if (Date.now() + pauseMs > until) throw new LockTimeout(`lock ${name} was not free in time`)
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
  }

  const acquire = async (name: string, isUrgent: boolean, until: number): Promise<() => Promise<void>> => {
    const callsOut = isUrgent && session !== null
    if (callsOut) await session.takeShared(wantedName(name))
    try {
      const leave = await enter(name, isUrgent, until)
      try {
        if (session !== null) await holdBeyond(session, name, until)
      }
      catch (cause) {
        leave()
        throw cause
      }
      return async () => {
        try {
          await session?.give(name)
        }
        finally {
          leave()
        }
      }
    }
    finally {
      if (callsOut) await session.giveShared(wantedName(name))
    }
  }

  const withLock = async <T>(name: string, run: () => Promise<T>, options: LockOptions = {}): Promise<T> => {
    const until = options.waitMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.waitMs
    const free = await acquire(name, options.urgent ?? false, until)
    try {
      return await run()
    }
    finally {
      await free()
    }
  }

  const tryLock = async <T>(name: string, run: () => Promise<T>): Promise<Tried<T>> => {
    if (turns.has(name)) return { ran: false }
    let entered = false
    const entering = (): Promise<T> => {
      entered = true
      return run()
    }
    try {
      return { ran: true, value: await withLock(name, entering, { waitMs: 0 }) }
    }
    catch (cause) {
      if (cause instanceof LockTimeout && !entered) return { ran: false }
      throw cause
    }
  }

  return {
    withLock,
    tryLock,
    wanted: async (name) => {
      if ((turns.get(name)?.urgent ?? 0) > 0) return true
      return session === null ? false : session.isHeld(wantedName(name))
    },
    isFree: async (name) => {
      if (turns.has(name)) return false
      return session === null || !(await session.isHeld(name))
    },
    close: async () => session?.close(),
  }
}

const wantedName = (name: string): string => `wanted:${name}`

const within = async (promise: Promise<void>, until: number, name: string): Promise<void> => {
  if (until === Number.POSITIVE_INFINITY) return promise
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LockTimeout(`lock ${name} was not free in time`)), Math.max(0, until - Date.now()))
  })
  try {
    await Promise.race([promise, late])
  }
  finally {
    clearTimeout(timer)
  }
}
