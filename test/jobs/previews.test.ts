import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createRegulationDesk, runPreview } from '../../server/jobs/regulation-desk.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { Jobs } from '../../server/jobs/queue.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { saveDraft } from '../../server/store/drafts.ts'
import { previewOf, savePreview } from '../../server/store/previews.ts'
import { countWatches } from '../../server/store/watches.ts'
import { at, regulation, withStep } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { admit, ask, firma, makeRoom, makeStarts, until, untouched, type TestRoom } from './support.ts'

const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const shorter = withStep({ deadline: { ...deadline, firstContact: { phone: 'PT5M', messenger: 'PT5M', email: 'PT5M', nothing: 'PT5M' } } })
const many = 205

eachDatabase((_name, _open, kind) => {
  const { open, start } = makeStarts(kind)

  const withLeads = async (count: number): Promise<TestRoom> => {
    const room = await makeRoom(await open())
    const ids = Array.from({ length: count }, (_, index) => index + 1)
    for (const id of ids) room.toy.create(id)
    await ask(room.database, ids)
    for (let looks = 0; looks < 20 && (await countWatches(room.database.db, firma, room.clock.now())).active < count; looks += 1) await servePortal(room, firma, untouched)
    room.clock.set(at('10:20'))
    return room
  }
  const draft = async (database: Database): Promise<number> => {
    const saved = await database.transaction(tx => saveDraft(tx, firma, { regulation: shorter, revision: 0, authorId: 1, baseVersion: 1 }, at('10:20')))
    if (!saved.ok) throw new Error('the draft was not saved')
    return saved.draft.revision
  }
  const isDone = (jobs: Jobs) => async () => (await jobs.regulations.lastPreview(firma))?.status === 'done'

  it('a preview of many open leads is worked off in the background, with its progress', async () => {
    const room = await withLeads(many)
    const jobs = await start(room)
    const revision = await draft(room.database)
    const answered = await jobs.regulations.preview(firma, revision, 'all')
    expect(answered).toMatchObject({ kind: 'preview', preview: { revision, total: many } })
    await until('the preview is done', isDone(jobs))
    expect(await jobs.regulations.lastPreview(firma)).toMatchObject({ status: 'done', done: many, total: many, result: { open: many, overdue: many } })
  })

  it('a preview that its process has left behind is begun anew', async () => {
    const room = await withLeads(2)
    const revision = await draft(room.database)
    await savePreview(room.database.db, firma, { revision, applies: 'all', status: 'running', done: 1, total: 2, result: null, problem: null }, at('10:20'))
    const jobs = await start(room)
    await until('the preview is done', isDone(jobs))
    expect(await jobs.regulations.lastPreview(firma)).toMatchObject({ done: 2, result: { open: 2, overdue: 2 } })
  })

  it('a preview asked for while another one runs takes its place', async () => {
    const room = await withLeads(2)
    const revision = await draft(room.database)
    const { readSights } = room.toy
    let hasAsked = false
    room.toy.readSights = async (...asked) => {
      if (!hasAsked) {
        hasAsked = true
        await savePreview(room.database.db, firma, { revision, applies: 'new', status: 'running', done: 0, total: 2, result: null, problem: null }, at('10:20'))
      }
      return readSights(...asked)
    }
    await savePreview(room.database.db, firma, { revision, applies: 'all', status: 'running', done: 0, total: 2, result: null, problem: null }, at('10:20'))
    const jobs = await start(room)
    await until('the second one is done', isDone(jobs))
    expect(await previewOf(room.database.db, firma)).toMatchObject({ applies: 'new', result: { open: 2, overdue: 0 } })
  })

  it('a preview in the background gives way to live leads', async () => {
    const room = await withLeads(2)
    const { db } = room.database
    const revision = await draft(room.database)
    await savePreview(db, firma, { revision, applies: 'all', status: 'running', done: 0, total: 2, result: null, problem: null }, at('10:20'))
    await ask(room.database, [1])
    const reads = room.toy.calls.readSights
    let looks = 0
    await runPreview(room, firma, { isOver: () => (looks += 1) > 3 })
    expect(room.toy.calls.readSights).toBe(reads)
    expect(await previewOf(db, firma)).toMatchObject({ status: 'running', done: 0 })
    await servePortal(room, firma, untouched)
    await runPreview(room, firma, { isOver: () => false })
    expect(await previewOf(db, firma)).toMatchObject({ status: 'done' })
  })

  it('long previews of several portals do not keep a refresh waiting', async () => {
    const room = await withLeads(1)
    const { database } = room
    const revision = await draft(database)
    const others = ['firma-b', 'firma-c', 'firma-d', 'firma-e']
    for (const memberId of others) {
      await admit(database, memberId)
      await sql`insert into watches select (jsonb_populate_record(watches, jsonb_build_object('member_id', ${memberId}::text, 'next_at', null))).* from watches where member_id = ${firma}`.execute(database.db)
      await sql`insert into drafts select (jsonb_populate_record(drafts, jsonb_build_object('member_id', ${memberId}::text))).* from drafts where member_id = ${firma}`.execute(database.db)
      await savePreview(database.db, memberId, { revision, applies: 'all', status: 'running', done: 0, total: 1, result: null, problem: null }, at('10:20'))
    }
    let isHeld = true
    let held = 0
    const { readSights } = room.toy
    room.toy.readSights = async (memberId, ...asked) => {
      if (memberId !== firma) {
        held += 1
        await until('it may go on', () => !isHeld, 60_000)
      }
      return readSights(memberId, ...asked)
    }
    try {
      const jobs = await start(room)
      await until('previews hold their places', () => held >= 2)
      await jobs.refreshPortal(firma)
      await until('the portal is refreshed', () => room.told.some(({ message, facts }) => message === 'portal.refreshed' && facts['memberId'] === firma))
    } finally {
      isHeld = false
    }
  })

  it('a preview that has failed says of what', async () => {
    const room = await withLeads(2)
    const revision = await draft(room.database)
    const desk = createRegulationDesk(room, () => Promise.reject(new Error('too many leads for a test')))
    room.toy.refuse = call => (call === 'readSights' ? new PortalError({ code: 'unavailable', method: 'batch' }) : null)
    await desk.preview(firma, revision, 'all').catch(() => null)
    expect(await previewOf(room.database.db, firma)).toMatchObject({ status: 'failed', problem: 'unavailable' })
    room.toy.refuse = () => null
    expect(await desk.preview(firma, revision, 'all')).toMatchObject({ kind: 'preview', preview: { status: 'done', problem: null } })
  })
})
