/** Leadrail as it is, with portals that are known but not worked for, so that what was taken in stays to be counted. Prints its port. */
import { Temporal } from 'temporal-polyfill'
import type { BuiltPages } from '../server/http/built-pages.ts'
import { createLog } from '../server/log.ts'
import { startLeadrail } from '../server/main.ts'
import { pausePortal } from '../server/store/portal-work.ts'
import { createPortals } from '../server/store/portals.ts'
import { createSealer } from '../server/store/seal.ts'

export interface IntakeServerOrder {
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly memberIds: readonly string[]
  readonly applicationToken: string
}

const order = JSON.parse(process.argv[2] ?? '{}') as IntakeServerOrder
const secretKeys = [new Uint8Array(32).fill(1)]
const pages: BuiltPages = { render: () => '', asset: () => null }

const leadrail = await startLeadrail({
  config: {
    port: 0, appUrl: 'https://leadrail.example.com', databaseUrl: order.databaseUrl, dataDir: order.dataDir, secretKeys, clientId: 'app.bench', clientSecret: 'application-key-of-the-bench',
    authServers: ['https://oauth.bitrix.info'], allowLocalPortals: false, role: 'web', logLevel: 'warn',
  },
  pages,
  log: createLog({ level: 'warn', write: line => void process.stderr.write(line) }),
  host: '127.0.0.1',
})
const portals = createPortals(leadrail.database, createSealer(secretKeys))
for (const memberId of order.memberIds) {
  const domain = `${memberId.slice(0, 12)}.bitrix24.ru`
  await portals.admitPortal({ memberId, domain, clientEndpoint: `https://${domain}/rest/`, serverEndpoint: 'https://oauth.bitrix.info/rest/' }, Temporal.Now.instant())
  await portals.saveApplicationToken(memberId, order.applicationToken)
  const later = Temporal.Now.instant().add({ hours: 24 })
  await pausePortal(leadrail.database.db, memberId, later)
  await leadrail.database.db.updateTable('portal_work').set({ sweep_at: later.toString(), refresh_at: later.toString() }).where('member_id', '=', memberId).execute()
}
console.log(JSON.stringify({ port: leadrail.port }))
process.on('SIGTERM', () => void leadrail.stop().then(() => process.exit(0)))
