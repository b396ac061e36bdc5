/** A portal that has not been told that the installation is finished sends no events and shows no pages. */
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { refreshPortal } from '../../server/jobs/refresh-portal.ts'
import { reviewNow, servePortal } from '../../server/jobs/serve-portal.ts'
import { sweepPortal } from '../../server/jobs/sweep-portal.ts'
import { leadId } from '../../server/domain/lead.ts'
import type { Database } from '../../server/store/database.ts'
import { awakeOf, noteBegun, portalsDueFor, portalsWithWork } from '../../server/store/portal-work.ts'
import { createPortals, markUninstalled } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, quick, roomOn, sealer, untouched, useDatabase, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom
  const admit = (finished: boolean) => createPortals(database, sealer).admitPortal({ memberId: firma, domain: 'firma.example.com', clientEndpoint: 'https://firma.example.com/rest/', serverEndpoint: 'https://oauth.example.com/rest/', finished }, at('09:00'))
  const isFinished = async () => (await createPortals(database, sealer).findPortal(firma))?.finished
  const due = (what: 'sweep' | 'refresh', inMs = 0) => portalsDueFor(database.db, what, Temporal.Now.instant().add({ milliseconds: inMs }), quick[`${what}Ms`], 10)

  useDatabase(open, async (empty) => {
    database = empty
    room = roomOn(empty)
    await admit(false)
    await database.transaction(tx => publishRegulation(tx, firma, regulation, at('09:00')))
    room.toy.create(7)
  })

  it('is left alone: no sweep, no look, no command', async () => {
    expect(await due('sweep')).toEqual([])
    await sweepPortal(room, firma)
    expect(room.toy.calls.changedSince).toBe(0)
    await ask(database, [7])
    const now = Temporal.Now.instant()
    expect([await portalsWithWork(database.db, now, 10), await awakeOf(database.db, [firma], now)]).toEqual([[], []])
    await servePortal(room, firma, untouched)
    await reviewNow(room, firma, leadId(7))
    expect(room.toy.calls).toMatchObject({ readSights: 0, carryOut: 0 })
  })

  it('is worked for at once when a page or an event shows that it is finished, whatever was swept before', async () => {
    await noteBegun(database.db, 'sweep', firma, Temporal.Now.instant())
    await admit(true)
    expect(await due('sweep')).toEqual([firma])
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    expect(room.toy.effects.map(({ kind }) => kind)).toContain('set-follow-up')
    await admit(false)
    expect(await isFinished()).toBe(true)
  })

  it('is asked every quarter of an hour whether it is finished', async () => {
    expect(await due('refresh')).toEqual([])
    expect(await due('refresh', 1_000_000)).toEqual([firma])
    const facts = await room.toy.readFacts(firma)
    await refreshPortal({ ...room, portals: { ...room.toy, ensure: () => Promise.resolve({ facts: { ...facts, installed: false } }) } }, firma)
    expect(await isFinished()).toBe(false)
    await refreshPortal({ ...room, portals: { ...room.toy, ensure: () => Promise.resolve({ facts: { ...facts, installed: true } }) } }, firma)
    expect(await isFinished()).toBe(true)
    expect(await due('sweep')).toEqual([firma])
  })

  it('has to be finished again after it was uninstalled', async () => {
    await admit(true)
    await markUninstalled(database.db, firma, at('09:30'), at('10:00'))
    await admit(false)
    expect(await isFinished()).toBe(false)
  })
})
