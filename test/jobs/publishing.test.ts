import { expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { referencesOf } from '../../server/domain/regulation/references.ts'
import { checkRegulation } from '../../server/jobs/check-regulation.ts'
import { createRegulationDesk, type RegulationDesk } from '../../server/jobs/regulation-desk.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { lookAskedFor } from '../../server/store/portal-work.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { watchOf } from '../../server/store/watches.ts'
import { at, regulation, withStep } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, makeRoom, makeStarts, until, untouched, type TestRoom, useRoom } from './support.ts'

const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const longer = withStep({ deadline: { ...deadline, firstContact: { phone: 'PT4H', messenger: 'PT4H', email: 'PT8H', nothing: 'PT8H' } } })
const strict = { ...regulation, incidents: { ...regulation.incidents, misses: 5 } }
const how = { applies: 'all', mode: 'live', comment: '', authorId: 1, overNewer: false } as const

const names = (without: readonly string[] = []) => {
  const named = (kind: string) => Object.fromEntries(referencesOf(regulation).filter(one => one.kind === kind && !without.includes(String(one.id))).map(({ id }) => [id, String(id)]))
  return { stages: named('stage'), fields: Object.fromEntries(Object.keys(named('field')).map(id => [id, { title: id }])), sources: {} }
}

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom
  let desk: RegulationDesk

  useRoom(open, (made) => {
    room = made
    database = made.database
    room.toy.readNames = async () => names()
    desk = createRegulationDesk(room, () => Promise.reject(new Error('too many leads for a test')))
  })

  const save = async (document: Regulation, revision: number): Promise<number> => {
    const saved = await desk.saveDraft(firma, { regulation: document, revision, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    return saved.draft.revision
  }

  it('takes no stale page for the draft that was begun after a publishing', async () => {
    const seen = await save(regulation, 0)
    await desk.publish(firma, seen, how)
    const newer = await save(strict, 0)
    expect(newer).toBeGreaterThan(seen)
    expect(await desk.saveDraft(firma, { regulation: longer, revision: seen, authorId: 2 })).toMatchObject({ ok: false, draft: { revision: newer } })
    expect(await desk.publish(firma, seen, how)).toMatchObject({ kind: 'conflict', draft: { revision: newer } })
    expect((await desk.draft(firma))?.regulation.incidents.misses).toBe(5)
    await desk.dropDraft(firma, newer)
    expect(await save(regulation, 0)).toBeGreaterThan(newer)
  })

  it('publishes the document that stands under that revision, not the one that was read before', async () => {
    const seen = await save(regulation, 0)
    const { readNames } = room.toy
    room.toy.readNames = async () => {
      // While the portal is asked, somebody else drops the draft and begins another one.
      room.toy.readNames = readNames as NonNullable<typeof readNames>
      await database.db.updateTable('drafts').set({ regulation: JSON.stringify(strict) }).where('member_id', '=', firma).execute()
      return names()
    }
    expect(await desk.publish(firma, seen, how)).toMatchObject({ kind: 'published', version: 2 })
    expect((await desk.version(firma, 2))?.incidents.misses).toBe(5)
  })

  it('drops a draft at the revision that was seen only, and begins the next one from the version in force', async () => {
    const seen = await save(regulation, 0)
    await database.transaction(tx => publishRegulation(tx, firma, longer, at('10:01'), { applies: 'all' }))
    expect(await desk.publish(firma, seen, how)).toMatchObject({ kind: 'outdated' })
    expect(await desk.dropDraft(firma, seen + 1)).toMatchObject({ ok: false, draft: { revision: seen } })
    expect(await desk.dropDraft(firma, seen)).toEqual({ ok: true })
    expect(await desk.dropDraft(firma, seen)).toEqual({ ok: false, draft: null })
    expect(await desk.publish(firma, await save(strict, 0), how)).toMatchObject({ kind: 'published', version: 3 })
  })

  it('regards an imported draft as begun from the version in force', async () => {
    const seen = await save(regulation, 0)
    await database.transaction(tx => publishRegulation(tx, firma, longer, at('10:01'), { applies: 'all' }))
    const { saved } = await desk.importFile(firma, { regulation: strict, names: { stages: {}, fields: {}, users: {}, departments: {}, sources: {} } }, seen, 1)
    expect(saved).toMatchObject({ ok: true, draft: { baseVersion: 2 } })
  })

  it('has published although the look at the leads that follows fails, and looks again later', async () => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    const failing = createRegulationDesk({ ...room, wake: () => { throw new Error('no look now') } }, () => Promise.resolve())
    expect(await failing.publish(firma, await save(longer, 0), how)).toMatchObject({ kind: 'published', version: 2 })
    expect(await lookAskedFor(database.db, firma)).toBe(2)
  })

  it('ends a shadow: nothing is decided under it any more, and what it would have done stays', async () => {
    expect(await desk.endShadow(firma)).toBeNull()
    await desk.publish(firma, await save(longer, 0), { ...how, mode: 'shadow' })
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    const told = (await desk.shadow(firma, { limit: 100, before: null })).length
    expect(told).toBeGreaterThan(0)
    expect(await desk.endShadow(firma)).toBe(2)
    expect((await desk.state(firma)).shadow).toBeNull()
    room.toy.create(8)
    await ask(database, [8])
    await servePortal(room, firma, untouched)
    expect(await desk.shadow(firma, { limit: 100, before: null })).toHaveLength(told)
    expect(await desk.endShadow(firma)).toBeNull()
  })

  it('shows nothing as missing any more once the correction is published', async () => {
    room.toy.readNames = async () => names(['QUALIFIED'])
    await checkRegulation(room, firma)
    expect((await desk.state(firma)).missing).toMatchObject([{ kind: 'missing-stage', version: 1 }])
    room.toy.readNames = async () => names()
    await desk.publish(firma, await save(longer, 0), { ...how, applies: 'new' })
    // Old leads are still under the version that names it: the next check tells.
    expect((await desk.state(firma)).missing).toHaveLength(1)
    await desk.publish(firma, await save(strict, 0), how)
    expect((await desk.state(firma)).missing).toEqual([])
  })
})

eachDatabase((_name, _open, kind) => {
  const { open, start } = makeStarts(kind)

  it('has every lead looked at after a publishing whose process was killed', async () => {
    const room = await makeRoom(await open())
    const { database } = room
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    await ask(database, [])
    const dying = createRegulationDesk({ ...room, wake: () => { throw new Error('killed') } }, () => Promise.resolve())
    const saved = await dying.saveDraft(firma, { regulation: longer, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    await dying.publish(firma, saved.draft.revision, how)
    await database.db.deleteFrom('inbox').execute()
    await start(room)
    await until('the lead is under the new version', async () => {
      const watch = await watchOf(database.db, firma, leadId(7))
      return watch.status === 'active' && watch.regulationVersion === 2
    })
    await until('nothing is asked for any more', async () => await lookAskedFor(database.db, firma) === null)
  })
})
