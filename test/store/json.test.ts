import { Temporal } from 'temporal-polyfill'
import { beforeAll, expect, it } from 'vitest'
import { leadId, userId } from '../../server/domain/lead.ts'
import { addAct, unobeyedActs } from '../../server/store/acts.ts'
import type { Database } from '../../server/store/database.ts'
import { draftOf, saveDraft } from '../../server/store/drafts.ts'
import { duplicateSearchesOf, saveDuplicateSearches } from '../../server/store/duplicate-searches.ts'
import { addToJournal, journalOf, settleInJournal } from '../../server/store/journal.ts'
import { toJson } from '../../server/store/json.ts'
import { addToOutbox, settleOutbox } from '../../server/store/outbox.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation, versionsOf } from '../../server/store/regulations.ts'
import { openRestLog } from '../../server/store/rest-log.ts'
import { createSealer } from '../../server/store/seal.ts'
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

  it.each(cases)('keeps it in a column of text: %s', async (_what, text, kept) => {
    const { db } = database
    const id = leadId(8)
    const now = Temporal.Now.instant()
    const command = { kind: 'assign', leadId: id, userId: userId(5), mark: `8-${text.length}-${kept}`, because: { rule: 'lead-gone' } } as const
    await addToOutbox(db, 'firma', [{ command, urgent: false }])
    await settleOutbox(db, 'firma', [{ mark: command.mark, state: 'failed', errorCode: 'invalid', errorMessage: text }], now)
    expect(await db.selectFrom('outbox').select('error_message').where('mark', '=', command.mark).executeTakeFirst()).toEqual({ error_message: kept })
    await addToJournal(db, 'firma', [{ leadId: id, regulationVersion: 1, command }], now)
    await settleInJournal(db, 'firma', [{ mark: command.mark, outcome: 'failed', detail: `invalid ${text}` }], now)
    expect((await journalOf(db, 'firma', id, 1))[0]).toMatchObject({ outcome: 'failed', outcomeDetail: `invalid ${kept}` })

    const portals = createPortals(database, createSealer([new Uint8Array(32).fill(7)]))
    await portals.admitPortal({ memberId: 'texts', domain: 'texts.example.com', clientEndpoint: 'https://texts.example.com/rest/', serverEndpoint: 'https://oauth.example.com/rest/', licenseFamily: text }, at('09:00'))
    await portals.describePortal('texts', { timeZone: text })
    expect(await portals.findPortal('texts')).toMatchObject({ licenseFamily: kept, timeZone: kept })
    await publishRegulation(db, 'texts', regulation, at('10:00'), { comment: text })
    expect((await versionsOf(db, 'texts'))[0]).toMatchObject({ comment: kept })

    const failed: unknown[] = []
    const log = openRestLog(database, cause => void failed.push(cause))
    log.write({ memberId: 'texts', method: 'batch', at: now, durationMs: 1, status: 400, error: text, request: null, response: null })
    await log.close()
    expect(failed).toEqual([])
    expect((await db.selectFrom('rest_log').select('error').orderBy('id', 'desc').limit(1).execute())[0]).toEqual({ error: kept })
  })
})
