import { expect, it } from 'vitest'
import { versionFor } from '../../server/domain/regulation/versions.ts'
import type { Database } from '../../server/store/database.ts'
import { draftOf, dropDraft, saveDraft } from '../../server/store/drafts.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation, regulationInForce, versionsOf } from '../../server/store/regulations.ts'
import { at, regulation } from '../domain/support.ts'
import { firma, sealer, useDatabase } from '../jobs/support.ts'
import { eachDatabase } from '../support/database.ts'

const other = { ...regulation, incidents: { ...regulation.incidents, misses: 5 } }

eachDatabase((_name, open) => {
  let database: Database

  useDatabase(open, async (empty) => {
    database = empty
    await createPortals(database, sealer).admitPortal({ memberId: firma, domain: 'firma.example.com', clientEndpoint: 'https://firma.example.com/rest/', serverEndpoint: 'https://oauth.example.com/rest/' }, at('09:00'))
  })

  it('keeps versions with whom they are for, who made them and why', async () => {
    await publishRegulation(database.db, firma, regulation, at('09:00'))
    await publishRegulation(database.db, firma, other, at('10:00'), { authorId: 7, applies: 'new', comment: 'Строже' })
    expect(await versionsOf(database.db, firma)).toMatchObject([{ version: 2, applies: 'new', mode: 'live', authorId: 7, comment: 'Строже' }, { version: 1, applies: 'all', authorId: null }])
  })

  it('does not put a version in shadow mode in force', async () => {
    await publishRegulation(database.db, firma, regulation, at('09:00'))
    expect(await publishRegulation(database.db, firma, other, at('10:00'), { mode: 'shadow' })).toBe(2)
    expect(await regulationInForce(database.db, firma)).toMatchObject({ version: 1 })
    expect(versionFor(null, await versionsOf(database.db, firma))).toBe(1)
  })

  it('lets the first of two administrators win, and shows the second whose change is newer', async () => {
    const save = (revision: number, authorId: number, document = regulation) => database.transaction(tx => saveDraft(tx, firma, { regulation: document, baseVersion: 1, revision, authorId }, at('10:00')))
    expect(await save(0, 1)).toMatchObject({ ok: true, draft: { revision: 1 } })
    expect(await save(0, 2)).toMatchObject({ ok: false, draft: { authorId: 1, revision: 1 } })
    const both = await Promise.all([save(1, 1, other), save(1, 2)])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(await draftOf(database.db, firma)).toMatchObject({ revision: 2 })
    expect(await dropDraft(database.db, firma, 1)).toBe(false)
    expect(await dropDraft(database.db, firma, 2)).toBe(true)
    expect(await save(2, 1)).toEqual({ ok: false, draft: null })
  })
})
