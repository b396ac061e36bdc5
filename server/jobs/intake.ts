/** Hop 2: group commit. Many callers share one insert, and each is answered after its rows are on disk. */
import { addToInbox, type InboxEntry } from '../store/inbox.ts'
import type { Database } from '../store/database.ts'

export interface Intake {
  /** Resolves after the commit; rejects when it failed, and then nothing is remembered. */
  add(entries: readonly InboxEntry[]): Promise<void>
  /** Waits for everything added so far. */
  flush(): Promise<void>
}

/** Rows of one insert. */
const mostRows = 1_000
/** Inserts under way at once: while one waits for the disk, the next is prepared. */
const mostInserts = 2

interface Waiting {
  readonly entries: readonly InboxEntry[]
  readonly resolve: () => void
  readonly reject: (cause: unknown) => void
}

/** `onCommitted` hears which portals have new rows. */
export const createIntake = (database: Database, onCommitted: (memberIds: readonly string[]) => void): Intake => {
  let waiting: Waiting[] = []
  let isScheduled = false
  const inserts = new Set<Promise<void>>()
  const limit = database.kind === 'pglite' ? 1 : mostInserts

  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || inserts.size >= limit) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      const insert = commit(takeGroup()).finally(() => {
        inserts.delete(insert)
        schedule()
      })
      inserts.add(insert)
      schedule()
    })
  }

  const takeGroup = (): Waiting[] => {
    let rows = 0
    let count = 0
    while (count < waiting.length && (count === 0 || rows + waiting[count]!.entries.length <= mostRows)) rows += waiting[count++]!.entries.length
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return group
  }

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    const entries = group.flatMap(({ entries }) => entries)
    try {
      await database.transaction(tx => addToInbox(tx, entries))
      for (const { resolve } of group) resolve()
      onCommitted([...new Set(entries.map(({ memberId }) => memberId))])
    }
    catch (cause) {
      for (const { reject } of group) reject(cause)
    }
  }

  return {
    add: entries => entries.length === 0
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          waiting.push({ entries, resolve, reject })
          schedule()
        }),
    flush: async () => {
      while (waiting.length > 0 || inserts.size > 0) {
        schedule()
        await Promise.race([...inserts, new Promise(resolve => setImmediate(resolve))])
      }
    },
  }
}
