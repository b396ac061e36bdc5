/** Misses in the store, and messages that wait for the end of quiet hours. */
import { beforeAll, expect, it } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import type { PortalCommand } from '../../server/domain/command.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { Database } from '../../server/store/database.ts'
import { incidentsOf, recordIncident } from '../../server/store/incidents.ts'
import { addToOutbox, claimOutbox } from '../../server/store/outbox.ts'
import { eachDatabase } from '../support/database.ts'

const lead = leadId(7)
const dueAt = '2026-07-24T07:30:00Z'
const because = { rule: 'lead-gone' } as const

eachDatabase((_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })

  it('notes once when a miss was acknowledged (S4-18)', async () => {
    const { db } = database
    const acknowledge = (at: string) => recordIncident(db, 'p', { kind: 'acknowledge-incident', leadId: lead, incidentId: 'm', byUserId: userId(1), at, because: { rule: 'acknowledged', byUserId: userId(1) } })
    await recordIncident(db, 'p', { kind: 'open-incident', leadId: lead, incidentId: 'm', userId: userId(1), dueAt, noticedAt: dueAt, about: 'not-finished', systemDelay: false, because })
    expect((await incidentsOf(db, 'p', lead))[0]?.acknowledgedAt).toBeNull()
    expect(await acknowledge('2026-07-24T08:00:00Z')).toBe(true)
    expect(await acknowledge('2026-07-24T09:00:00Z')).toBe(false)
    const [row] = await incidentsOf(db, 'p', lead)
    expect(Temporal.Instant.from(row?.acknowledgedAt ?? '').toString()).toBe('2026-07-24T08:00:00Z')
    expect(row?.resolvedAt).toBeNull()
  })

  it('holds a message of quiet hours back, and nothing that comes after it (product, 9)', async () => {
    const now = Temporal.Now.instant()
    const notify = (mark: string): PortalCommand => ({ kind: 'notify', leadId: lead, userId: userId(1), mark, about: 'reminder', incidentId: null, because })
    await addToOutbox(database.db, 'q', [{ command: notify('held'), urgent: true, notBefore: now.add({ hours: 8 }) }, { command: notify('next'), urgent: false }])
    const claim = (at: Temporal.Instant) => database.transaction(async tx => (await claimOutbox(tx, 'q', at, 10)).map(({ mark }) => mark))
    expect(await claim(now)).toEqual(['next'])
    expect(await claim(now.add({ hours: 9 }))).toContain('held')
  })
})
