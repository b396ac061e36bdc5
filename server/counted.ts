/** Counts what goes to portals and comes from them, without the rooms that do it knowing of figures. */
import type { Metrics } from './http/metrics.ts'
import type { PortalAccess } from './jobs/ports.ts'
import type { AuthServer } from './portal/auth-server.ts'
import type { RestLog } from './portal/ports.ts'

export const countedAccess = (access: PortalAccess, metrics: Metrics): PortalAccess => ({
  ...access,
  readSights: async (memberId, ids, fields, needs, urgency) => {
    const startedAt = performance.now()
    const sights = await access.readSights(memberId, ids, fields, needs, urgency)
    metrics.reviewed(sights.length, (performance.now() - startedAt) / 1000)
    return sights
  },
  carryOut: async (memberId, items, words, urgency) => {
    const outcomes = await access.carryOut(memberId, items, words, urgency)
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
