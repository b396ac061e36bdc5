/** Compares application tokens in constant time, without asking the database for each event. */
import { timingSafeEqual } from 'node:crypto'
import type { EventKey } from './ports.ts'

const freshMilliseconds = 30_000
const rereadMilliseconds = 1_000
const remembered = 10_000

interface Known { readonly key: Buffer | null; readonly listening: boolean; readonly readAt: number }

export interface EventKeys {
  /** Does `token` belong to this portal, and does anybody listen to it? A changed token is seen after a second at the latest. */
  check(memberId: string, token: string): Promise<'right' | 'wrong' | 'deaf'>
  /** Its token has just changed here. */
  forget(memberId: string): void
}

/** `now` in milliseconds of a clock that only goes forward. */
export const createEventKeys = (read: (memberId: string) => Promise<EventKey | null>, now: () => number = () => performance.now()): EventKeys => {
  const keys = new Map<string, Known>()
  const reading = new Map<string, Promise<Known>>()

  const readAgain = (memberId: string): Promise<Known> => {
    const running = reading.get(memberId)
    if (running !== undefined) return running
    const started = read(memberId).then((key): Known => {
      const known = { key: key === null ? null : Buffer.from(key.applicationToken), listening: key?.listening ?? false, readAt: now() }
      const oldest = keys.size >= remembered ? keys.keys().next() : null
      if (oldest?.value !== undefined) keys.delete(oldest.value)
      keys.set(memberId, known)
      return known
    }).finally(() => reading.delete(memberId))
    reading.set(memberId, started)
    return started
  }

  const verdict = ({ key, listening }: Known, token: string) => {
    if (key === null || !sameBytes(key, Buffer.from(token))) return 'wrong'
    return listening ? 'right' : 'deaf'
  }

  return {
    async check(memberId, token) {
      const known = keys.get(memberId)
      const age = known === undefined ? Infinity : now() - known.readAt
      if (known !== undefined && age < freshMilliseconds) {
        const first = verdict(known, token)
        if (first === 'right' || age < rereadMilliseconds) return first
      }
      return verdict(await readAgain(memberId), token)
    },
    forget: memberId => void keys.delete(memberId),
  }
}

const sameBytes = (known: Buffer, given: Buffer) => known.length === given.length && timingSafeEqual(known, given)
