/** Counts what goes to portals and comes from them, without the rooms that do it knowing of figures. */
import type { Metrics } from './http/metrics.ts'
import type { Work } from './http/ports.ts'
import type { PortalAccess } from './jobs/ports.ts'
import type { AuthServer } from './portal/auth-server.ts'
import type { RestLog } from './portal/ports.ts'

/** Lag is seen only where one process both hears of leads and looks at them. */
export interface Lag {
  asked(memberId: string): void
  looked(memberId: string): void
}

export const createLag = (metrics: Metrics, now: () => number = () => performance.now()): Lag => {
  const since = new Map<string, number>()
  return {
    asked: (memberId) => {
      if (!since.has(memberId)) since.set(memberId, now())
    },
    looked: (memberId) => {
      const askedAt = since.get(memberId)
      if (askedAt === undefined) return
      since.delete(memberId)
      metrics.portalLag((now() - askedAt) / 1000)
    },
  }
}

export const countedWork = (work: Work, lag: Lag): Work => ({
  ...work,
  requestReview: (memberId, subjects, options) => {
    lag.asked(memberId)
    return work.requestReview(memberId, subjects, options)
  },
})

export const countedAccess = (access: PortalAccess, metrics: Metrics, lag: Lag): PortalAccess => ({
  ...access,
  readSights: async (memberId, ids, fields) => {
    const startedAt = performance.now()
    lag.looked(memberId)
    const sights = await access.readSights(memberId, ids, fields)
    metrics.reviewed(sights.length, (performance.now() - startedAt) / 1000)
    return sights
  },
  carryOut: async (memberId, items, words) => {
    const outcomes = await access.carryOut(memberId, items, words)
    const kinds = new Map(items.map(({ mark, command }) => [mark, command.kind]))
    for (const outcome of outcomes) metrics.commandCarriedOut(kinds.get(outcome.mark) ?? 'unknown', outcome.ok ? 'done' : outcome.error.code)
    return outcomes
  },
})

export const countedRestLog = (log: RestLog, metrics: Metrics): RestLog => ({
  write: (entry) => {
    metrics.restRequest(entry.method, entry.error ?? 'ok', entry.durationMs / 1000)
    log.write(entry)
  },
})

export const countedAuthServer = (server: AuthServer, metrics: Metrics): AuthServer => ({
  ...server,
  renew: async (endpoint, token) => {
    try {
      const renewal = await server.renew(endpoint, token)
      metrics.tokenRefreshed('done')
      return renewal
    } catch (error) {
      metrics.tokenRefreshed('failed')
      throw error
    }
  },
})
