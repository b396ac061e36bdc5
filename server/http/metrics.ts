/** Figures of this process for Prometheus. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export interface Depths { readonly inbox: number; readonly outbox: number }

export interface Metrics {
  eventReceived(outcome: 'accepted' | 'refused' | 'malformed' | 'failed' | 'ignored'): void
  reviewed(leads: number, seconds: number): void
  /** `outcome`: `done`, or the code of the portal's error. */
  commandCarriedOut(kind: string, outcome: string): void
  restRequest(method: string, outcome: string, seconds: number): void
  portalLag(seconds: number): void
  tokenRefreshed(outcome: 'done' | 'failed'): void
  httpAnswered(route: string, status: number, seconds: number): void
  text(): Promise<string>
  readonly contentType: string
}

/** `depths` is asked when the figures are read; null = the database does not answer. */
export const createMetrics = (depths: () => Promise<Depths | null>): Metrics => {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'leadrail_' })
  const registers = [register]
  const events = new Counter({ name: 'leadrail_events_received_total', help: 'Events posted by portals, by outcome', labelNames: ['outcome'], registers })
  const reviews = new Counter({ name: 'leadrail_leads_reviewed_total', help: 'Leads looked at', registers })
  const reviewSeconds = new Histogram({ name: 'leadrail_review_seconds', help: 'Reading the leads of one review', buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers })
  const commands = new Counter({ name: 'leadrail_commands_total', help: 'Commands carried out on portals, by kind and outcome', labelNames: ['kind', 'outcome'], registers })
  const rest = new Counter({ name: 'leadrail_rest_requests_total', help: 'HTTP requests to portals, by method and outcome', labelNames: ['method', 'outcome'], registers })
  const restSeconds = new Histogram({ name: 'leadrail_rest_seconds', help: 'Answer time of portals', buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60], registers })
  const lag = new Histogram({ name: 'leadrail_portal_lag_seconds', help: 'From the request of a review to the review', buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900], registers })
  const refreshes = new Counter({ name: 'leadrail_token_refreshes_total', help: 'Refreshed access tokens, by outcome', labelNames: ['outcome'], registers })
  const http = new Histogram({ name: 'leadrail_http_seconds', help: 'Our own answers, by route and status', labelNames: ['route', 'status'], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers })
  const rows = new Gauge({ name: 'leadrail_queue_rows', help: 'Rows that wait, by queue', labelNames: ['queue'], registers })
  const outcomes = { accepted: events.labels('accepted'), refused: events.labels('refused'), malformed: events.labels('malformed'), failed: events.labels('failed'), ignored: events.labels('ignored') }

  return {
    eventReceived: outcome => outcomes[outcome].inc(),
    reviewed: (leads, seconds) => {
      reviews.inc(leads)
      reviewSeconds.observe(seconds)
    },
    commandCarriedOut: (kind, outcome) => commands.inc({ kind, outcome }),
    restRequest: (method, outcome, seconds) => {
      rest.inc({ method, outcome })
      restSeconds.observe(seconds)
    },
    portalLag: seconds => lag.observe(seconds),
    tokenRefreshed: outcome => refreshes.inc({ outcome }),
    httpAnswered: (route, status, seconds) => http.observe({ route, status }, seconds),
    text: async () => {
      const depth = await depths()
      rows.reset()
      if (depth !== null) {
        rows.set({ queue: 'inbox' }, depth.inbox)
        rows.set({ queue: 'outbox' }, depth.outbox)
      }
      return register.metrics()
    },
    contentType: register.contentType,
  }
}
