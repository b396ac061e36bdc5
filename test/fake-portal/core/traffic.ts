import type { RequestLogEntry } from './portal-core.ts'

/** All requests of a portal since it was created, counted. */
export interface Traffic {
  /** HTTP requests; a batch is one. */
  requests: number
  /** Calls by method, those inside batches included (and the batches themselves under `batch`). */
  calls: Record<string, number>
  /** Requests by HTTP status; 0 is a torn connection. */
  statuses: Record<string, number>
}

export const noTraffic = (): Traffic => ({ requests: 0, calls: {}, statuses: {} })

export const countRequest = (traffic: Traffic, { method, batchCommands, status }: RequestLogEntry): void => {
  traffic.requests += 1
  traffic.statuses[status] = (traffic.statuses[status] ?? 0) + 1
  for (const name of [method, ...batchCommands]) traffic.calls[name] = (traffic.calls[name] ?? 0) + 1
}

const most = 20_000

/** Adds to a log that keeps its latest entries only. */
export const remember = <Entry>(log: Entry[], entry: Entry): void => {
  log.push(entry)
  if (log.length > most) log.splice(0, most / 4)
}
