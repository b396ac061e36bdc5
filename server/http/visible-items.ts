/** Which of the items that were found with the application's rights the opening user sees with his own. */
import type { ItemRef } from '../portal/visible-items.ts'
import type { PortalDesk } from './ports.ts'
import type { Session } from './seal-session.ts'

/** Rights change seldom, and pages ask often. */
export const sightMs = 300_000
const mostSights = 5_000

export interface VisibleItems {
  /** Throws `PortalError`. */
  of(session: Pick<Session, 'memberId' | 'userId' | 'accessToken'>, refs: readonly ItemRef[]): Promise<ReadonlySet<string>>
}

export const itemKey = ({ kind, id }: ItemRef): string => `${kind} ${id}`

/** `nowMs`: epoch milliseconds of real time. */
export const createVisibleItems = (desk: Pick<PortalDesk, 'visibleItems'>, nowMs: () => number): VisibleItems => {
  const sights = new Map<string, { readonly atMs: number; readonly isSeen: boolean }>()
  return {
    of: async ({ memberId, userId, accessToken }, refs) => {
      const now = nowMs()
      const keyOf = (ref: ItemRef): string => `${memberId} ${userId} ${itemKey(ref)}`
      for (const [key, { atMs }] of sights) if (now - atMs >= sightMs) sights.delete(key)
      const missing = refs.filter(ref => !sights.has(keyOf(ref)))
      const known = new Set(refs.filter(ref => sights.get(keyOf(ref))?.isSeen === true).map(itemKey))
      if (missing.length === 0) return known
      const seen = new Set((await desk.visibleItems(memberId, accessToken, missing)).map(itemKey))
      if (sights.size >= mostSights) sights.clear()
      for (const ref of missing) sights.set(keyOf(ref), { atMs: now, isSeen: seen.has(itemKey(ref)) })
      return new Set([...known, ...seen])
    },
  }
}
