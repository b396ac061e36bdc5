import { Temporal } from 'temporal-polyfill'
import { beforeAll, expect, it } from 'vitest'
import { leadId, userId } from '../../server/domain/lead.ts'
import { addAct, unobeyedActs } from '../../server/store/acts.ts'
import type { Database } from '../../server/store/database.ts'
import { draftOf, saveDraft } from '../../server/store/drafts.ts'
import { duplicateSearchesOf, saveDuplicateSearches } from '../../server/store/duplicate-searches.ts'
import { toJson } from '../../server/store/json.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'

const typed = String.raw`C:\u0000`
const cases = [
  ['what looks like an escape, as it was typed', typed, typed],
  ['an escape behind a backslash', String.raw`\\u0000\ud800`, String.raw`\\u0000\ud800`],
  ['a zero character, left out', 'Ольга\0 Седова', 'Ольга Седова'],
  ['half of a surrogate pair, replaced', 'Ольга \ud83d', 'Ольга \ufffd'],
  ['a whole pair, as it is', 'Ольга 😀', 'Ольга 😀'],
] as const

it('cleans keys as well, and leaves everything else as JSON has it', () => {
  const at = Temporal.Instant.from('2026-07-20T07:00:00Z')
  const value = { 'a\0b': [1, null, { 'c\ud800': 'd\0' }], at, left: undefined, ['__proto__\0']: 1 }
  expect(JSON.parse(toJson(value))).toEqual(JSON.parse('{"ab":[1,null,{"c\ufffd":"d"}],"at":"2026-07-20T07:00:00Z","__proto__":1}'))
})

eachDatabase((_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })

  it.each(cases)('keeps %s', async (_what, text, kept) => {
    const id = leadId(7)
    await saveDuplicateSearches(database.db, 'firma', [{ leadId: id, key: 'k', found: [{ kind: 'contact', id: 3, title: text, responsibleId: userId(5), by: ['phone'], open: false }] }])
    expect((await duplicateSearchesOf(database.db, 'firma', [id])).get(id)?.found[0]?.title).toBe(kept)

    await database.transaction(tx => addAct(tx, 'firma', id, { kind: 'wait', at: at('10:00'), byUserId: userId(5), until: at('12:00'), comment: text }))
    expect((await unobeyedActs(database.db, 'firma', new Map([[id, 0]]))).get(id)?.at(-1)).toMatchObject({ kind: 'wait', comment: kept })

    const [step, ...steps] = regulation.steps
    if (step === undefined) throw new Error('the regulation has no step')
    const revision = (await draftOf(database.db, 'firma'))?.revision ?? 0
    const saved = await saveDraft(database.db, 'firma', { regulation: { ...regulation, steps: [{ ...step, name: { ru: text } }, ...steps] }, baseVersion: null, revision, authorId: 1 }, Temporal.Now.instant())
    expect(saved.ok && saved.draft.regulation.steps[0]?.name.ru).toBe(kept)
  })
})
