/** The whole application as a process that may be killed: its clock is the one of the emulator it works with. */
import { Temporal } from 'temporal-polyfill'
import { readConfig } from '../../server/config.ts'
import { withBoot } from '../../server/http/built-pages.ts'
import { createLog } from '../../server/log.ts'
import { startLeadrail } from '../../server/main.ts'

export interface SharedClock {
  /** Milliseconds since 1970: the application's time, and the real time it belongs to. */
  readonly start: number
  readonly realStart: number
  readonly speed: number
  /** Time stands still from here on. */
  readonly end: number
}

/** The same moment in every process that is given the same clock. */
export const momentOf = (clock: SharedClock): number => Math.min(clock.end, Math.floor(clock.start + (Date.now() - clock.realStart) * clock.speed))

const given = process.env['KILL_TEST_CLOCK']
if (given !== undefined && process.send !== undefined) {
  let shared = JSON.parse(given) as SharedClock
  process.on('message', news => shared = news as SharedClock)
  const read = readConfig(process.env)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const leadrail = await startLeadrail({
    config: read.config,
    host: '127.0.0.1',
    pages: { render: boot => withBoot('<html><head></head><body></body></html>', boot), asset: () => null },
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(momentOf(shared)), speed: () => shared.speed },
    timing: { unsureMs: 3_000 },
    log: createLog({ level: read.config.logLevel, secrets: [read.config.clientSecret] }),
  })
  process.send(leadrail.url)
  process.once('SIGTERM', () => void leadrail.stop().then(() => process.exit(0)))
}
