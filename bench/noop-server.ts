/** The same route without a database: what the framework and the parsing alone can do. Prints its port. */
import { Temporal } from 'temporal-polyfill'
import { createApp } from '../server/http/app.ts'
import { listen } from '../server/http/listen.ts'
import { createMetrics } from '../server/http/metrics.ts'
import { openSessionSeal } from '../server/http/seal-session.ts'
import { createLog } from '../server/log.ts'
import { parsePortalEvent } from '../server/portal/event.ts'
import { parsePagePost } from '../server/portal/page.ts'

const [, , applicationToken = ''] = process.argv
const never = () => Promise.reject(new Error('not measured here'))

const app = createApp({
  version: 'bench',
  role: 'web',
  parseEvent: parsePortalEvent,
  parseRobot: () => null,
  parsePage: parsePagePost,
  prove: never,
  protocolOf: () => 'http',
  tenants: { find: never, eventKey: async () => ({ applicationToken, listening: true }), admit: never, follow: never },
  work: { requestReview: async () => {}, reviewNow: never, installLater: never, takeOver: never, retire: never },
  desk: { readLead: never, saveFields: never, visibleLeads: never, visibleItems: never, countOpen: never, readConversion: never, dealsOfLead: never, removePhone: never, itemUrl: () => '', attachClient: never, taskUrl: () => '', checkInstall: never, install: never },
  presets: { knows: () => false, list: never, bind: never },
  regulations: { state: never, draft: never, version: never, saveDraft: never, check: never, preview: never, lastPreview: never, publish: never, restore: never, exportFile: never, importFile: never, shadow: never, dropDraft: never, endShadow: never },
  simulations: { ask: never, find: never, list: never, cancel: never },
  conversions: { begin: never, last: never, status: never, retry: never, takeBack: never, outlook: never, undo: never },
  lookUp: never,
  acts: { add: never },
  memory: { regulation: never, watch: never, journal: never, incidents: never, names: never, takeover: never, company: never, load: never, duplicates: never, overview: never },
  health: { database: 'pglite', check: async () => {}, ready: () => true },
  pages: { render: () => '', asset: () => null },
  seal: openSessionSeal([new Uint8Array(32)]),
  metrics: createMetrics(async () => null),
  log: createLog({ level: 'warn' }),
  clock: { now: () => Temporal.Now.instant(), speed: () => 1 },
  realNow: () => Date.now(),
})
const listening = await listen(app, { port: 0, host: '127.0.0.1' })
console.log(JSON.stringify({ port: listening.port }))
