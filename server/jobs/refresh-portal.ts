/** Once a day, and after an installation or a new version: set-up, facts, tokens, and a look at every open lead. */
import { Temporal } from 'temporal-polyfill'
import { finishPortal } from '../store/at-work.ts'
import { addToInbox } from '../store/inbox.ts'
import { saveFacts } from '../store/portal-facts.ts'
import { lookAskedFor, noteLooked } from '../store/portal-work.ts'
import { portalForWork, resumePortal } from '../store/portals.ts'
import { leftAloneIds, openLeadIds } from '../store/watches.ts'
import { PortalError } from '../portal/error.ts'
import { checkRegulation } from './check-regulation.ts'
import { endsWork } from './portal-trouble.ts'
import type { PortalFacts, Room } from './ports.ts'

const leadsPerPage = 1_000

/** Puts right what may have gone wrong since yesterday. A suspended portal is only asked whether it answers again. Throws `PortalError`. */
export const refreshPortal = async (room: Room, memberId: string): Promise<void> => {
  const startedAt = performance.now()
  const status = await portalForWork(room.database.db, memberId)
  if (status === null || status === 'uninstalled') return
  if (status === 'suspended') {
    await noteFacts(room, memberId, await room.portals.readFacts(memberId))
    await resumePortal(room.database.db, memberId, room.clock.now())
    room.log.info({ memberId }, 'portal.resumed')
  }
  const { facts, done } = await room.portals.ensure(memberId)
  await noteFacts(room, memberId, facts)
  // Before what may fail: every lead is looked at once a day.
  const leads = await lookAtOpenLeads(room, memberId)
  room.wake(memberId)
  await room.portals.keepAlive?.(memberId)
  await checkRegulation(room, memberId, done).catch((error: unknown) => {
    if (error instanceof PortalError && endsWork(error.code)) throw error
    room.log.warn({ memberId, error }, 'regulation.check-failed')
  })
  room.log.info({ memberId, leads, durationMs: Math.round(performance.now() - startedAt) }, 'portal.refreshed')
}

const noteFacts = async ({ database: { db } }: Room, memberId: string, facts: PortalFacts): Promise<void> => {
  await saveFacts(db, memberId, facts, Temporal.Now.instant())
  if (facts.installed === true) await finishPortal(db, memberId)
}

/** Has every open lead looked at, and those that were left alone because of their source. */
export const lookAtAll = async (room: Room, memberId: string): Promise<void> => {
  const leads = await lookAtOpenLeads(room, memberId) + await lookAtPages(room, memberId, leftAloneIds)
  room.wake(memberId)
  room.log.info({ memberId, leads }, 'leads.to-be-looked-at')
}

/** The look that a published version has asked for. Running it again is harmless. */
export const lookAsked = async (room: Room, memberId: string): Promise<void> => {
  const version = await lookAskedFor(room.database.db, memberId)
  if (version === null) return
  await lookAtAll(room, memberId)
  await noteLooked(room.database.db, memberId, version)
}

const lookAtOpenLeads = (room: Room, memberId: string): Promise<number> => lookAtPages(room, memberId, openLeadIds)

const lookAtPages = async (room: Room, memberId: string, pageOf: typeof openLeadIds): Promise<number> => {
  let count = 0
  for (let after = 0; ;) {
    const ids = await pageOf(room.database.db, memberId, after, leadsPerPage)
    await room.database.transaction(tx => addToInbox(tx, ids.map(id => ({ memberId, kind: 'lead' as const, id, urgent: false }))))
    count += ids.length
    const last = ids.at(-1)
    if (last === undefined || ids.length < leadsPerPage) return count
    after = last
  }
}
