/** Leadrail in a process of its own, for portals that the measurement emulates. Prints its port. */
import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { createLog } from '../server/log.ts'
import { startLeadrail } from '../server/main.ts'

export interface LeadrailOrder {
  readonly port: number
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly clientId: string
  readonly clientSecret: string
  readonly authServer: string
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly aheadMs: number
}

export const secretKeys = [new Uint8Array(32).fill(1)]

const start = async (order: LeadrailOrder): Promise<void> => {
  const leadrail = await startLeadrail({
    config: {
      port: order.port, appUrl: `http://127.0.0.1:${order.port}`, databaseUrl: order.databaseUrl, dataDir: order.dataDir, secretKeys, clientId: order.clientId, clientSecret: order.clientSecret,
      authServers: [order.authServer], allowLocalPortals: true, role: 'all', logLevel: 'warn',
    },
    log: createLog({ level: 'warn', write: line => void process.stderr.write(line) }),
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(Date.now() + order.aheadMs), speed: () => 1 },
    host: '127.0.0.1',
  })
  console.log(JSON.stringify({ port: leadrail.port }))
  process.on('SIGTERM', () => void leadrail.stop().then(() => process.exit(0)))
}

/** Megabytes in memory now, and at most so far, of any process on Linux. */
export const memoryOf = (pid: number): { now: number; most: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024
  return { now: of('VmRSS'), most: of('VmHWM') }
}

if (process.argv[1]?.endsWith('leadrail.ts') === true && process.argv[2] !== undefined) await start(JSON.parse(process.argv[2]) as LeadrailOrder)
