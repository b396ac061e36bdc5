/** Named locks across all processes: freed by the death of their holder, so nothing has to wait for a time-out. */

export interface LockOptions {
  /** Gives up after this long; without it waits as long as it takes. */
  readonly waitMs?: number
  /** Tells the holder (`wanted`) that somebody in a hurry waits. */
  readonly urgent?: boolean
}

export type Tried<T> = { readonly ran: false } | { readonly ran: true; readonly value: T }

export interface Locks {
  /**
   * Waits for the lock, runs, frees it. Throws `LockTimeout` after `waitMs`. Not re-entrant. `held` is aborted (with `LockLost`) when the
   * lock is lost while `run` is under way: another process may have it then.
   */
  withLock<T>(name: string, run: (held: AbortSignal) => Promise<T>, options?: LockOptions): Promise<T>
  /** Runs only when the lock is free now. */
  tryLock<T>(name: string, run: (held: AbortSignal) => Promise<T>): Promise<Tried<T>>
  /** Does somebody in a hurry wait for it? Asked by the holder between two pieces of work. */
  wanted(name: string): Promise<boolean>
  /** Is it free now, in every process? */
  isFree(name: string): Promise<boolean>
  close(): Promise<void>
}

export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
}

/** The connection that held the lock is gone, and the lock with it. */
export class LockLost extends Error {
  override readonly name = 'LockLost'
}

export interface Taken {
  /** Aborted when the lock is lost before it was given back. */
  readonly lost: AbortSignal
  give(): Promise<void>
}

/** What makes a lock hold beyond this process. */
export interface LockSession {
  /** Null: somebody else has it. */
  tryTake(name: string): Promise<Taken | null>
  /** Many may hold a shared one at once. Answers what gives it back. */
  takeShared(name: string): Promise<() => Promise<void>>
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

  const holdBeyond = async (held: LockSession, name: string, until: number): Promise<Taken> => {
    for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
      const taken = await held.tryTake(name)
      if (taken !== null) return taken
      if (Date.now() + pauseMs > until) throw new LockTimeout(`lock ${name} was not free in time`)
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
  }

  const acquire = async (name: string, isUrgent: boolean, until: number): Promise<Taken> => {
    const callOff = isUrgent && session !== null ? await session.takeShared(wantedName(name)) : null
    try {
      const leave = await enter(name, isUrgent, until)
      let taken: Taken | null = null
      try {
        if (session !== null) taken = await holdBeyond(session, name, until)
      }
      catch (cause) {
        leave()
        throw cause
      }
      const give = async (): Promise<void> => {
        try {
          await taken?.give()
        }
        finally {
          leave()
        }
      }
      return { lost: taken?.lost ?? neverLost, give }
    }
    finally {
      await callOff?.()
    }
  }

  const withLock = async <T>(name: string, run: (held: AbortSignal) => Promise<T>, options: LockOptions = {}): Promise<T> => {
    const until = options.waitMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.waitMs
    const taken = await acquire(name, options.urgent ?? false, until)
    try {
      return await run(taken.lost)
    }
    finally {
      await taken.give()
    }
  }

  const tryLock = async <T>(name: string, run: (held: AbortSignal) => Promise<T>): Promise<Tried<T>> => {
    if (turns.has(name)) return { ran: false }
    let entered = false
    const entering = (held: AbortSignal): Promise<T> => {
      entered = true
      return run(held)
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

/** Of a lock that lives with this process. */
const neverLost = new AbortController().signal

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
