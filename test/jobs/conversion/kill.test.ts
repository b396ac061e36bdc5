/** The conversion as processes of the application carry it out, killed at each of its requests, there and back, on both databases. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leadId } from '../../../server/domain/lead.ts'
import { lastConversionOf, type ConversionStatus, type StoredConversion } from '../../../server/store/conversions.ts'
import { openDatabase, type Database } from '../../../server/store/database.ts'
import { embeddedSnapshot, newPostgresUrl } from '../../support/database.ts'
import { beginOn, prepareKillRun, undoOn, type KillRun, type Place, type Stop } from './kill-run.ts'

/** Each with a portal of its own; a request is given up after half a minute. */
const mostAtOnce = 30
/** Milliseconds for some ninety conversions, their deaths and their ends. */
const ofMany = 600_000

const groupsOf = <T>(all: readonly T[]): readonly (readonly T[])[] => Array.from({ length: Math.ceil(all.length / mostAtOnce) }, (_, index) => all.slice(index * mostAtOnce, (index + 1) * mostAtOnce))
const everyStop = (requests: number): readonly Stop[] => Array.from({ length: requests }, (_, index) => [{ at: index + 1, when: 'before' } as const, { at: index + 1, when: 'after' } as const]).flat()

/** What of a lead is on its portal. */
const thingsOf = ({ portal: { state }, leadId: id }: Place) => ({
  stage: state.leads.get(id)?.stageId,
  deals: [...state.deals.values()].map(({ id: dealId }) => dealId),
  clients: [state.contacts.size, state.companies.size],
  requisites: [state.requisites.length, state.requisiteLinks.length],
  products: state.productRows.filter(({ ownerType }) => ownerType === 'D').length,
  entries: state.timeline.filter(({ kind }) => kind === 'log').length,
  /** Bindings to what is no lead. */
  bindings: [...state.activities.values()].flatMap(({ bindings }) => bindings).filter(({ ownerTypeId }) => ownerTypeId !== 1).length,
  codes: [...state.tasks.values()].flatMap(({ ufCrmTask }) => ufCrmTask).map(code => code.replace(/_\d+$/, '')).toSorted(),
  comments: state.timeline.flatMap(({ kind, bindings }) => (kind === 'comment' ? bindings : [])).length,
  quotes: state.quotes.map(({ dealId }) => dealId ?? null),
  /** Contacts of the lead, and whether its company is the one that is there. */
  bound: [((state.leads.get(id)?.['contactIds'] ?? []) as readonly number[]).length, state.leads.get(id)?.['companyId'] === (state.companies.keys().next().value ?? null)],
})
type Things = ReturnType<typeof thingsOf>

const whole = (deal: number): Things => ({
  stage: 'CONVERTED', deals: [deal], clients: [1, 1], requisites: [1, 1], products: 2, entries: 2, bindings: 9, codes: ['C', 'CO', 'D', 'L'], comments: 2, quotes: [deal], bound: [1, true],
})
const none: Things = { stage: 'NEW', deals: [], clients: [0, 0], requisites: [0, 0], products: 0, entries: 0, bindings: 0, codes: ['L'], comments: 1, quotes: [null], bound: [0, true] }

describe.each(['PGlite', 'PostgreSQL'] as const)('a conversion on %s whose process is killed before and after each of its requests', (kind) => {
  let run: KillRun
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-conversion-'))
  beforeAll(async () => {
    run = await prepareKillRun(kind === 'PGlite' ? { dataDir: join(folder, 'data'), snapshot: await embeddedSnapshot() } : { dataDir: '', url: await newPostgresUrl() })
  })
  afterAll(async () => {
    await run.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const asked = async <T>(ask: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase(run.database)
    return ask(database).finally(() => database.close())
  }
  const stored = (places: readonly Place[]): Promise<readonly (StoredConversion | null)[]> =>
    asked(({ db }) => Promise.all(places.map(({ portal, leadId: id }) => lastConversionOf(db, portal.memberId, leadId(id)))))
  const recordsOf = (places: readonly Place[]): Promise<readonly number[]> => asked(async ({ db }) => {
    const rows = await db.selectFrom('conversions').select('member_id').execute()
    return places.map(({ portal }) => rows.filter(row => row.member_id === portal.memberId).length)
  })

  /**
   * What `begin` begins is killed at every request once, each on a portal of its own and all of them at the same moment; then others
   * go on until it has ended like this. Answers the portals.
   */
  const killAtEach = async (begin: (place: Place, stop: Stop | null) => void, status: ConversionStatus, ready: (places: readonly Place[]) => Promise<void> = async () => {}): Promise<readonly Place[]> => {
    const probes = await run.places(1)
    await run.restart()
    await ready(probes)
    probes.forEach(probe => begin(probe, null))
    await run.untilEnded(probes, status)
    const stops = everyStop(probes[0]?.count() ?? 0)
    const places = (await run.places(stops.length + 1)).slice(1)
    await run.restart()
    await ready(places)
    for (const group of groupsOf(places)) {
      group.forEach(place => begin(place, stops[places.indexOf(place)] ?? null))
      await run.untilStopped(group)
      // Where several processes may be at work, two of them go on at once.
      await run.restart(kind === 'PostgreSQL' ? 2 : 1)
      group.forEach(place => place.stopAt(null))
      run.order({ kind: 'go-on' })
      await run.untilEnded(group, status)
    }
    await run.kill()
    return [...probes, ...places]
  }
  const forward = (place: Place, stop: Stop | null): void => {
    place.stopAt(stop)
    run.order(beginOn(place))
  }

  it('goes on by itself, and leaves one deal, one contact, one company and one record', async () => {
    const places = await killAtEach(forward, 'done')
    for (const [index, conversion] of (await stored(places)).entries()) {
      const place = places[index] as Place
      const { state } = place.portal
      expect({ index, ...thingsOf(place) }).toEqual({ index, ...whole([...state.deals.keys()][0] ?? 0) })
      expect(conversion).toMatchObject({ status: 'done', steps: place.steps.map(() => ({ state: 'done' })) })
    }
    expect(await recordsOf(places)).toEqual(places.map(() => 1))
    expect(places.length).toBeGreaterThan(2 * 15)
  }, ofMany)

  it('is undone to the end, and leaves nothing', async () => {
    const places = await killAtEach((place, stop) => {
      place.stopAt(stop)
      run.order(undoOn(place))
    }, 'undone', async (all) => {
      // More requests than on the way there: some portals are new.
      all.filter(place => place.portal.state.deals.size === 0).forEach(place => forward(place, null))
      await run.untilEnded(all, 'done')
    })
    for (const [index, conversion] of (await stored(places)).entries()) {
      expect({ index, ...thingsOf(places[index] as Place) }).toEqual({ index, ...none })
      expect(conversion?.status).toBe('undone')
    }
  }, ofMany)

  it('is taken back when somebody converts the lead natively meanwhile: his deal, contact and company alone are there (S3-25)', async () => {
    const places = await killAtEach((place, stop) => {
      place.stopAt(null)
      place.onceAfter('crm.item.productrow.add', () => void place.portal.act.convertNatively(place.leadId, { deal: true, contact: true, company: true }))
      place.onceAfter('crm.timeline.logmessage.add', () => place.stopAt(stop))
      run.order(beginOn(place))
    }, 'taken-back')
    for (const [index, conversion] of (await stored(places)).entries()) {
      const place = places[index] as Place
      const [deal] = [...place.portal.state.deals.values()]
      expect(deal?.['originatorId'] ?? null).toBeNull()
      const { stage, deals, clients, requisites, products, entries } = thingsOf(place)
      expect({ index, stage, deals, clients, requisites, products, entries }).toEqual({ index, stage: 'CONVERTED', deals: [deal?.id], clients: [1, 1], requisites: [0, 0], products: 0, entries: 0 })
      expect(conversion).toMatchObject({ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [deal?.id] })
    }
  }, ofMany)
})
