import { beforeAll, expect, it } from 'vitest'
import { leadId, userId, type LeadId, type Sight } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { lookAtLeads } from '../../server/jobs/look.ts'
import { neededFields, needsOf } from '../../server/jobs/needs.ts'
import { forgetOld } from '../../server/jobs/retire-portal.ts'
import type { ActiveWatch } from '../../server/domain/watch.ts'
import type { Needs } from '../../server/portal/needs.ts'
import { addAct } from '../../server/store/acts.ts'
import type { Database } from '../../server/store/database.ts'
import { duplicateSearchesOf, saveDuplicateSearches } from '../../server/store/duplicate-searches.ts'
import { previewOf, savePreview } from '../../server/store/previews.ts'
import { watchesOf } from '../../server/store/watches.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { firma, makeRoom } from './support.ts'

const searching: Regulation = { ...regulation, intake: { ...regulation.intake, duplicates: { search: true, tellResponsible: true } } }
const quiet: Regulation = { ...regulation, intake: { ...regulation.intake, duplicates: { search: false, tellResponsible: false } } }
const contact = { kind: 'contact', id: 3, title: 'Ольга', responsibleId: userId(5), by: ['phone'], open: false } as const

it('a look needs what any version of the regulation asks for, and nothing else', () => {
  const plain = { ...quiet, distribution: { ...quiet.distribution, keepClientResponsible: false }, steps: quiet.steps.map(step => ({ ...step, gate: null, followUp: step.followUp === null ? null : { ...step.followUp, summaryRequired: false } })) }
  expect(needsOf([plain], new Map())).toEqual({ clients: false, duplicates: null, quotes: false, requisites: false, summaries: false })
  const gated: Regulation = {
    ...plain,
    steps: plain.steps.map(step => ({ ...step, gate: { needs: [{ kind: 'quote', state: 'sent' }, { kind: 'requisites' }, { kind: 'field', field: 'UF_CRM_PAPER' as never, title: { ru: 'Договор' } }], sendBack: true, noSkipping: false } })),
  }
  expect(needsOf([plain, gated], new Map())).toMatchObject({ quotes: true, requisites: true })
  expect(neededFields(gated)).toContain('UF_CRM_PAPER')
  expect(needsOf([plain, searching], new Map())).toMatchObject({ clients: true, duplicates: { country: 'RU', innField: null } })
})

eachDatabase((_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })

  const lookWith = async (ids: readonly LeadId[], rules: readonly Regulation[] = [searching]) => {
    const asked: Needs[] = []
    const room = await makeRoom(database)
    const portals = {
      ...room.toy,
      readSights: async (memberId: string, leadIds: readonly LeadId[], fields: readonly never[], needs?: Needs): Promise<readonly Sight[]> => {
        if (needs !== undefined) asked.push(needs)
        const sights = await room.toy.readSights(memberId, leadIds, fields)
        return sights.map(sight => (sight.kind === 'seen' && (needs?.duplicates ?? null) !== null ? { ...sight, lead: { ...sight.lead, duplicates: [contact] } } : sight))
      },
    }
    for (const id of ids) if (!room.toy.leads.has(id)) room.toy.create(id)
    const sights = await lookAtLeads({ ...room, portals }, firma, rules, ids, await watchesOf(database.db, firma, ids))
    return { asked, leads: sights.flatMap(sight => (sight.kind === 'seen' ? [sight.lead] : [])) }
  }

  it('remembers whom a lead was found to be, so that nobody is searched for twice (S1-C1)', async () => {
    const id = leadId(501)
    const first = await lookWith([id])
    expect(first.asked[0]?.duplicates?.known.size).toBe(0)
    expect(first.leads[0]?.duplicates).toEqual([contact])
    const second = await lookWith([id])
    expect(second.asked[0]?.duplicates?.known.get(id)?.found).toEqual([contact])
    expect((await lookWith([id], [quiet])).asked[0]?.duplicates).toBeNull()
  })

  it('goes on when a find cannot be kept: only that lead is searched for again', async () => {
    const room = await makeRoom(database)
    const [bad, good] = [leadId(511), leadId(512)]
    for (const id of [bad, good]) room.toy.create(id)
    const unkeepable = { ...contact, title: 10n as unknown as string }
    const portals = {
      ...room.toy,
      readSights: async (...asked: Parameters<typeof room.toy.readSights>): Promise<readonly Sight[]> =>
        (await room.toy.readSights(...asked)).map(sight => (sight.kind === 'seen' ? { ...sight, lead: { ...sight.lead, duplicates: [sight.lead.id === bad ? unkeepable : contact] } } : sight)),
    }
    const sights = await lookAtLeads({ ...room, portals }, firma, [searching], [bad, good], new Map())
    expect(sights.map(({ kind }) => kind)).toEqual(['seen', 'seen'])
    expect([...(await duplicateSearchesOf(database.db, firma, [bad, good])).keys()]).toEqual([good])
    expect(room.told).toContainEqual(expect.objectContaining({ message: 'duplicates.not-remembered', facts: expect.objectContaining({ leadId: bad }) as unknown }))
  })

  it('has a find read again while nobody is chosen for the lead, and when it is a day old', async () => {
    const room = await makeRoom(database)
    const asked: unknown[] = []
    const id = leadId(531)
    room.toy.create(id)
    let reads = 0
    const readSights: typeof room.toy.readSights = async (...given) => {
      const earlier = given[3]?.duplicates?.known.get(id)
      asked.push(earlier?.isOld)
      reads += earlier?.isOld === true || earlier === undefined ? 1 : 0
      const found = earlier !== undefined && earlier.isOld !== true ? earlier.found : [{ ...contact, id: reads }]
      return (await room.toy.readSights(...given)).map(sight => (sight.kind === 'seen' ? { ...sight, lead: { ...sight.lead, duplicates: found } } : sight))
    }
    const chosen = new Map([[id, { leadId: id, version: 1, nextAt: null, watch: { status: 'active', chosenId: userId(7) } as ActiveWatch }]])
    const look = (watches: Parameters<typeof lookAtLeads>[4]) => lookAtLeads({ ...room, portals: { ...room.toy, readSights } }, firma, [searching], [id], watches)
    await look(new Map())
    await look(new Map())
    await look(chosen)
    room.clock.set(room.clock.now().add({ hours: 25 }))
    await look(chosen)
    await look(chosen)
    expect(asked).toEqual([undefined, true, false, true, false])
    expect((await duplicateSearchesOf(database.db, firma, [id])).get(id)).toMatchObject({ found: [{ id: 3 }], foundAt: room.clock.now().toString({ smallestUnit: 'millisecond' }) })
  })

  it('forgets a find long after the lead was closed, and a preview long after it was asked for', async () => {
    const room = await makeRoom(database)
    const { db } = database
    const moment = (days: number) => room.clock.now().subtract({ hours: 24 * days }).toString()
    const row = (id: number, status: 'active' | 'closed', days: number) =>
      ({ member_id: firma, lead_id: id, version: 1, status, watch: JSON.stringify({ status }), responsible_id: null, due_at: null, next_at: null, follow_up_mark: null, follow_up_form: null, follow_up_id: null, updated_at: moment(days) })
    const ids = [521, 522, 523].map(leadId)
    await db.insertInto('watches').values([row(521, 'closed', 31), row(522, 'closed', 29), row(523, 'active', 31)]).execute()
    await saveDuplicateSearches(db, firma, ids.map(id => ({ leadId: id, key: 'k', found: [contact] })))
    const isKept = async (status: 'done' | 'running', days: number): Promise<boolean> => {
      await savePreview(db, firma, { revision: 1, applies: 'all', done: 1, total: 1, result: { leads: [] }, status, problem: null }, room.clock.now().subtract({ hours: 24 * days }))
      await forgetOld(room)
      return await previewOf(db, firma) !== null
    }
    expect(await isKept('done', 29)).toBe(true)
    expect(await isKept('running', 31)).toBe(true)
    expect(await isKept('done', 31)).toBe(false)
    expect([...(await duplicateSearchesOf(db, firma, ids)).keys()].sort()).toEqual([522, 523])
  })

  it('shows each lead the acts it has not obeyed yet', async () => {
    const [seven, eight] = [leadId(507), leadId(508)]
    await database.transaction(tx => addAct(tx, firma, seven, { kind: 'take', at: at('10:00'), byUserId: userId(5) }))
    const { leads } = await lookWith([seven, eight])
    expect(leads.find(({ id }) => id === seven)?.acts).toMatchObject([{ kind: 'take', byUserId: 5 }])
    expect(leads.find(({ id }) => id === eight)?.acts).toBeUndefined()
  })
})
