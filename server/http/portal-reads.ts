/**
 * What was read from portals with people's own rights, kept for moments: open pages look far more often than anything changes,
 * and every look that reaches the portal takes from what the portal lets the background work have.
 */
import type { FieldName, Lead, LeadId } from '../domain/lead.ts'
import { type Needs, nothingNeeded } from '../portal/needs.ts'
import type { PortalDesk } from './ports.ts'
import type { Session } from './seal-session.ts'

export type VisibleLead = Awaited<ReturnType<PortalDesk['visibleLeads']>>[number]

export interface PortalReads {
  /**
   * The lead as the opening user sees it, at most `acceptMs` old; `anew` when the portal was asked for it. However old an
   * answer may be, a portal with few open pages is asked every time. Throws `PortalError`.
   */
  lead(session: Session, id: LeadId, fields: readonly FieldName[], acceptMs: number, needs?: Needs): Promise<{ readonly lead: Lead; readonly anew: boolean }>
  /** Those of the leads that the opening user may see. Throws `PortalError`. */
  visible(session: Session, ids: readonly LeadId[], acceptMs: number): Promise<ReadonlyMap<LeadId, VisibleLead>>
  /** These leads have changed, or may have: whoever looks next asks the portal. */
  forget(memberId: string, ids: readonly number[]): void
}

/** No answer is older than this, whatever a page accepts. */
export const longestMs = 120_000
/** Nor than this where several processes answer: a change that the portal tells one of them is not heard by the others. */
export const longestSharedMs = 4_000
/** So old an answer may always be: it was given to another request of the same moment. */
export const shortestMs = 3_000
/** Every open page of a portal makes its answers last so much longer: together they ask it about thirty times a minute. */
const perPageMs = 2_000

interface Portal {
  readonly leads: Map<string, { readonly id: LeadId; readonly atMs: number; readonly lead: Promise<Lead> }>
  /** By user. */
  readonly lists: Map<number, { readonly atMs: number; readonly rows: Map<LeadId, VisibleLead | null> }>
  /** What was forgotten since they began, of the looks at lists that are under way. */
  readonly looks: Set<Set<number>>
}

export interface PortalReadsDeps {
  readonly desk: Pick<PortalDesk, 'readLead' | 'visibleLeads'>
  /** Epoch milliseconds of real time. */
  readonly nowMs: () => number
  /** Other processes answer pages as well. */
  readonly shared?: boolean
}

export const createPortalReads = ({ desk, nowMs, shared = false }: PortalReadsDeps): PortalReads => {
  const portals = new Map<string, Portal>()
  const mostMs = shared ? longestSharedMs : longestMs
  let sweptAtMs = nowMs()

  return {
    lead: async ({ memberId, userId, accessToken }, id, fields, acceptMs, needs = nothingNeeded) => {
      const portal = portalOf(memberId)
      const key = `${userId} ${id} ${fields.join()} ${needs.quotes} ${needs.requisites}`
      const kept = portal.leads.get(key)
      if (kept !== undefined && isFresh(portal, kept.atMs, acceptMs)) return { lead: await kept.lead, anew: false }
      const entry = { id, atMs: nowMs(), lead: desk.readLead(memberId, accessToken, id, fields, needs) }
      portal.leads.set(key, entry)
      try {
        return { lead: await entry.lead, anew: true }
      } catch (error) {
        if (portal.leads.get(key) === entry) portal.leads.delete(key)
        throw error
      }
    },

    visible: async ({ memberId, userId, accessToken }, ids, acceptMs) => {
      const portal = portalOf(memberId)
      const kept = portal.lists.get(userId)
      const list = kept !== undefined && isFresh(portal, kept.atMs, acceptMs) ? kept : { atMs: nowMs(), rows: new Map<LeadId, VisibleLead | null>() }
      const missing = ids.filter(id => !list.rows.has(id))
      const rows = new Map(list.rows)
      if (missing.length > 0) {
        const seen = await lookAt(portal, () => desk.visibleLeads(memberId, accessToken, missing))
        for (const id of missing) rows.set(id, seen.leads.get(id) ?? null)
        // What has changed since the look began may have been seen as it was before.
        for (const id of missing) if (!seen.forgotten.has(id)) list.rows.set(id, seen.leads.get(id) ?? null)
      }
      portal.lists.set(userId, list)
      return new Map(ids.flatMap((id) => {
        const row = rows.get(id)
        return row === undefined || row === null ? [] : [[id, row] as const]
      }))
    },

    forget: (memberId, ids) => {
      const portal = portals.get(memberId)
      if (portal === undefined) return
      const changed = new Set(ids)
      for (const [key, { id }] of portal.leads) if (changed.has(id)) portal.leads.delete(key)
      for (const { rows } of portal.lists.values()) for (const id of rows.keys()) if (changed.has(id)) rows.delete(id)
      for (const forgotten of portal.looks) for (const id of ids) forgotten.add(id)
    },
  }

  async function lookAt({ looks }: Portal, look: () => Promise<readonly VisibleLead[]>) {
    const forgotten = new Set<number>()
    looks.add(forgotten)
    try {
      return { leads: new Map((await look()).map(lead => [lead.id, lead] as const)), forgotten }
    } finally {
      looks.delete(forgotten)
    }
  }

  function isFresh({ leads, lists }: Portal, atMs: number, acceptMs: number): boolean {
    const lastsMs = Math.min(mostMs, Math.max(shortestMs, (leads.size + lists.size) * perPageMs))
    return nowMs() - atMs < Math.min(acceptMs, lastsMs)
  }

  function portalOf(memberId: string): Portal {
    sweep()
    const portal = portals.get(memberId) ?? { leads: new Map(), lists: new Map(), looks: new Set() }
    portals.set(memberId, portal)
    return portal
  }

  /** Pages that were closed no longer count. */
  function sweep(): void {
    const now = nowMs()
    if (now - sweptAtMs < shortestMs) return
    sweptAtMs = now
    for (const [memberId, { leads, lists, looks }] of portals) {
      for (const kept of [leads, lists]) for (const [key, { atMs }] of kept) if (now - atMs >= longestMs) (kept as Map<unknown, unknown>).delete(key)
      if (leads.size + lists.size + looks.size === 0) portals.delete(memberId)
    }
  }
}

/** How old an answer the request accepts: `Cache-Control: max-age=…`, in milliseconds; a request that does not say so wants it as it is now. */
export const acceptedMs = (cacheControl: string | undefined): number =>
  Math.max(shortestMs, Number(/\bmax-age=(\d{1,6})\b/.exec(cacheControl ?? '')?.[1] ?? 0) * 1000)
