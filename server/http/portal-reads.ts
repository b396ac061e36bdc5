/**
 * What was read from portals with people's own rights, kept for moments: open pages look far more often than anything changes,
 * and every look that reaches the portal takes from what the portal lets the background work have.
 */
import type { FieldName, Lead, LeadId } from '../domain/lead.ts'
import type { PortalDesk } from './ports.ts'
import type { Session } from './seal-session.ts'

export type VisibleLead = Awaited<ReturnType<PortalDesk['visibleLeads']>>[number]

export interface PortalReads {
  /**
   * The lead as the opening user sees it, at most `acceptMs` old; `anew` when the portal was asked for it. However old an
   * answer may be, a portal with few open pages is asked every time. Throws `PortalError`.
   */
  lead(session: Session, id: LeadId, fields: readonly FieldName[], acceptMs: number): Promise<{ readonly lead: Lead; readonly anew: boolean }>
  /** Those of the leads that the opening user may see. Throws `PortalError`. */
  visible(session: Session, ids: readonly LeadId[], acceptMs: number): Promise<ReadonlyMap<LeadId, VisibleLead>>
  /** These leads have changed, or may have: whoever looks next asks the portal. */
  forget(memberId: string, ids: readonly number[]): void
}

/** No answer is older than this, whatever a page accepts. */
export const longestMs = 120_000
/** So old an answer may always be: it was given to another request of the same moment. */
export const shortestMs = 3_000
/** Every open page of a portal makes its answers last so much longer: together they ask it about thirty times a minute. */
const perPageMs = 2_000

interface Portal {
  readonly leads: Map<string, { readonly id: LeadId; readonly atMs: number; readonly lead: Promise<Lead> }>
  /** By user. */
  readonly lists: Map<number, { readonly atMs: number; readonly rows: Map<LeadId, VisibleLead | null> }>
}

export interface PortalReadsDeps {
  readonly desk: Pick<PortalDesk, 'readLead' | 'visibleLeads'>
  /** Epoch milliseconds of real time. */
  readonly nowMs: () => number
}

export const createPortalReads = ({ desk, nowMs }: PortalReadsDeps): PortalReads => {
  const portals = new Map<string, Portal>()
  let sweptAtMs = nowMs()

  return {
    lead: async ({ memberId, userId, accessToken }, id, fields, acceptMs) => {
      const portal = portalOf(memberId)
      const key = `${userId} ${id} ${fields.join()}`
      const kept = portal.leads.get(key)
      if (kept !== undefined && isFresh(portal, kept.atMs, acceptMs)) return { lead: await kept.lead, anew: false }
      const entry = { id, atMs: nowMs(), lead: desk.readLead(memberId, accessToken, id, fields) }
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
      if (missing.length > 0) {
        const seen = new Map((await desk.visibleLeads(memberId, accessToken, missing)).map(lead => [lead.id, lead] as const))
        for (const id of missing) list.rows.set(id, seen.get(id) ?? null)
      }
      portal.lists.set(userId, list)
      return new Map(ids.flatMap((id) => {
        const row = list.rows.get(id)
        return row === undefined || row === null ? [] : [[id, row] as const]
      }))
    },

    forget: (memberId, ids) => {
      const portal = portals.get(memberId)
      if (portal === undefined) return
      const changed = new Set(ids)
      for (const [key, { id }] of portal.leads) if (changed.has(id)) portal.leads.delete(key)
      for (const { rows } of portal.lists.values()) for (const id of rows.keys()) if (changed.has(id)) rows.delete(id)
    },
  }

  function isFresh({ leads, lists }: Portal, atMs: number, acceptMs: number): boolean {
    const lastsMs = Math.min(longestMs, Math.max(shortestMs, (leads.size + lists.size) * perPageMs))
    return nowMs() - atMs < Math.min(acceptMs, lastsMs)
  }

  function portalOf(memberId: string): Portal {
    sweep()
    const portal = portals.get(memberId) ?? { leads: new Map(), lists: new Map() }
    portals.set(memberId, portal)
    return portal
  }

  /** Pages that were closed no longer count. */
  function sweep(): void {
    const now = nowMs()
    if (now - sweptAtMs < shortestMs) return
    sweptAtMs = now
    for (const [memberId, { leads, lists }] of portals) {
      for (const kept of [leads, lists]) for (const [key, { atMs }] of kept) if (now - atMs >= longestMs) (kept as Map<unknown, unknown>).delete(key)
      if (leads.size + lists.size === 0) portals.delete(memberId)
    }
  }
}

/** How old an answer the request accepts: `Cache-Control: max-age=…`, in milliseconds; a request that does not say so wants it as it is now. */
export const acceptedMs = (cacheControl: string | undefined): number =>
  Math.max(shortestMs, Number(/\bmax-age=(\d{1,6})\b/.exec(cacheControl ?? '')?.[1] ?? 0) * 1000)
