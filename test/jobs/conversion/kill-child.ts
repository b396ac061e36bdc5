/** Conversions as a process of their own carries them out, on a database and portals that outlive it. It is killed, so it never stops by itself. */
import { Temporal } from 'temporal-polyfill'
import { decide } from '../../../server/domain/decide.ts'
import { evolve, evolveContext } from '../../../server/domain/evolve.ts'
import { openConversions, type ConversionAsk } from '../../../server/jobs/conversion-desk.ts'
import { timing } from '../../../server/jobs/ports.ts'
import { createPortalAccess } from '../../../server/portal/access.ts'
import type { PortalConfig } from '../../../server/portal/ports.ts'
import { lastConversionOf, type ConversionStatus } from '../../../server/store/conversions.ts'
import { openDatabase, type DatabaseOptions } from '../../../server/store/database.ts'
import { createPortals } from '../../../server/store/portals.ts'
import { createSealer } from '../../../server/store/seal.ts'

export interface ChildSettings {
  readonly database: DatabaseOptions
  readonly config: PortalConfig
}

/** What one portal's conversion is to do; `go-on` takes up whatever a dead process has left. */
export type Order =
  | { readonly kind: 'begin'; readonly memberId: string; readonly ask: ConversionAsk }
  | { readonly kind: 'undo'; readonly memberId: string; readonly leadId: ConversionAsk['leadId']; readonly byUserId: ConversionAsk['byUserId'] }
  | { readonly kind: 'go-on' }

/** Conversions that have ended since the last news, by portal; null: the process is ready. */
export type News = Readonly<Record<string, ConversionStatus>> | { readonly fault: string } | null

const given = process.env['KILL_CHILD']
if (given !== undefined && process.send !== undefined) {
  const { database: where, config } = JSON.parse(given) as ChildSettings
  const say = (news: News): void => void process.send?.(news)
  const database = await openDatabase(where)
  const clock = { now: () => Temporal.Now.instant(), speed: () => 1 }
  const log = { info: () => {}, warn: () => {}, error: (facts: object, message: string) => say({ fault: `${message} ${'error' in facts && facts.error instanceof Error ? facts.error.stack ?? '' : ''}` }) }
  const portals = createPortalAccess({
    store: createPortals(database, createSealer([new Uint8Array(32).fill(7)])), locks: database.locks, budgetStore: { take: () => Promise.resolve(0) }, restLog: { write: () => {} }, log, clock, config,
  })
  const conversions = openConversions({
    database, portals, clock, log, rules: { decide, evolve, evolveContext }, wake: () => {}, timing: { ...timing, pauseMs: 0, longestPauseMs: 0, unsureMs: 50, convertMs: 600_000 },
  })
  const obey = async (order: Exclude<Order, { kind: 'go-on' }>): Promise<void> => {
    if (order.kind === 'begin') await conversions.begin(order.memberId, order.ask)
    else await conversions.undo(order.memberId, (await lastConversionOf(database.db, order.memberId, order.leadId))?.id ?? '', order.byUserId)
  }
  const tell = async (): Promise<void> => {
    const rows = await database.db.selectFrom('conversions').select(['member_id', 'status']).where('status', 'in', ['done', 'undone', 'taken-back', 'held']).orderBy('started_at').execute()
    say(Object.fromEntries(rows.map(row => [row.member_id, row.status])))
  }
  const keep = async (run: () => Promise<void>): Promise<void> => {
    for (;;) {
      await run()
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  process.on('message', (order) => {
    const asked = order as Order
    if (asked.kind === 'go-on') void keep(() => conversions.takeUp())
    else obey(asked).catch((error: unknown) => say({ fault: String(error) }))
  })
  // Whoever has started it is gone.
  process.once('disconnect', () => process.exit())
  void keep(tell)
  say(null)
}
