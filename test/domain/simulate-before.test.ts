/** What was there when the time of a simulation began: the load of everybody. */
import { describe, expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import type { Lead } from '../../server/domain/lead.ts'
import type { Pool, Regulation } from '../../server/domain/regulation.ts'
import { simulate } from '../../server/domain/simulate.ts'
import { countsLoads, loadOfBefore, type BeforeLead, type OpenBefore } from '../../server/domain/simulate/before.ts'
import { storyOf } from '../../server/domain/simulate/story.ts'
import type { StageEntry } from '../../server/domain/simulate/story.ts'
import { anna, at, boris, context, elsewhere, lead, regulation, secretary, stages, vera, won } from './support.ts'

const from = at('09:00')
const until = at('18:00')
const ms = (time: string, date?: string): number => at(time, date).epochMilliseconds

const entry = (stageId: StageEntry['stageId'], time: string, date = '2026-07-24', semantic: StageEntry['semantic'] = 'processing'): StageEntry => ({ at: at(time, date), stageId, semantic })
const before = (change: Partial<BeforeLead> = {}): BeforeLead => ({ leadId: leadId(3), responsibleId: boris, sourceId: 'WEB', stages: [entry(stages.new, '12:00', '2026-07-20')], ...change })
const channel = { id: 'some', name: { ru: 'Канал' }, sources: ['OTHER'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }

describe('a lead from before the time', () => {
  const spansOf = (...entries: StageEntry[]) => loadOfBefore(before({ stages: entries }), regulation, from)?.spans

  it('is a load of whoever has it from the beginning on, while it stands on a step', () => {
    expect(loadOfBefore(before(), regulation, from)).toEqual({ userId: boris, spans: [{ fromMs: ms('09:00'), toMs: null }] })
    expect(spansOf(entry(stages.new, '12:00', '2026-07-20'), entry(stages['in-work'], '10:00'), entry(won, '11:00', '2026-07-24', 'success'))).toEqual([{ fromMs: ms('09:00'), toMs: ms('11:00') }])
    expect(spansOf(entry(stages.new, '12:00', '2026-07-20'), entry(elsewhere, '10:00'))).toEqual([{ fromMs: ms('09:00'), toMs: ms('10:00') }])
  })

  it('is none while it is closed or stands elsewhere, and is one again when it comes back', () => {
    expect(spansOf(entry(stages.new, '12:00', '2026-07-20'), entry(stages['not-qualified'], '08:59', '2026-07-24', 'failure'))).toBeUndefined()
    expect(spansOf(entry(elsewhere, '12:00', '2026-07-20'))).toBeUndefined()
    expect(spansOf(entry(stages.new, '12:00', '2026-07-20'), entry(stages['not-qualified'], '08:59', '2026-07-24', 'failure'), entry(stages['in-work'], '12:00'))).toEqual([{ fromMs: ms('12:00'), toMs: null }])
  })

  it('is none when it is nobody’s, a test, or no lead by its source', () => {
    const other = before({ sourceId: 'OTHER' })
    expect(loadOfBefore(other, { ...regulation, channels: [channel] }, from)).not.toBeNull()
    expect(loadOfBefore(other, { ...regulation, channels: [{ ...channel, isTest: true }] }, from)).toBeNull()
    expect(loadOfBefore(other, { ...regulation, channels: [{ ...channel, isLeadSource: false }] }, from)).toBeNull()
    expect(loadOfBefore(before({ responsibleId: null }), regulation, from)).toBeNull()
  })
})

describe('distribution from the first day on', () => {
  const withPool = (change: Partial<Pool>, base: Regulation = regulation): Regulation => ({ ...base, distribution: { ...base.distribution, keepPoolMember: false, pools: base.distribution.pools.map(pool => ({ ...pool, ...change })) } })
  const open = (userId: OpenBefore['userId'], count: number, to: string | null = null): OpenBefore[] => Array.from({ length: count }, () => ({ userId, spans: [{ fromMs: from.epochMilliseconds, toMs: to === null ? null : ms(to) }] }))
  const came = (id: number, time: string, change: Partial<Lead> = {}) => ({ lead: lead({ id: leadId(id), createdAt: at(time), responsibleId: secretary, ...change }), stages: [entry(stages.new, time)] })
  const run = (base: Regulation, standing: readonly OpenBefore[], leads = [came(11, '10:00')], start = from) =>
    simulate({ regulation: base, version: 0, context: context(), until, before: standing, from: start }, leads.map(one => storyOf(one, base, until)))
  const leastLoaded = withPool({ order: 'least-loaded' })

  it('gives to whoever had the fewest open leads when the time began', () => {
    expect(run(leastLoaded, [...open(anna, 2), ...open(boris, 1), ...open(vera, 3)]).distribution.chosen).toEqual({ [boris]: 1 })
    expect(run(leastLoaded, []).distribution.chosen).toEqual({ [anna]: 1 })
  })

  it('holds the limit of open leads, until the old ones are closed', () => {
    const limited = withPool({ limits: { open: 1, perDay: null } })
    const standing = [...open(anna, 1), ...open(boris, 1), ...open(vera, 1, '11:00')]
    expect(run(limited, standing, [came(11, '10:00')]).distribution).toMatchObject({ nobody: 1 })
    expect(run(limited, standing, [came(11, '11:30')]).distribution.chosen).toEqual({ [vera]: 1 })
  })

  it('counts a test lead as nobody’s load', () => {
    const base = { ...leastLoaded, channels: [{ ...channel, isTest: true }] }
    expect(run(base, [], [came(11, '10:00', { sourceId: 'OTHER' }), came(12, '10:10')]).distribution.chosen).toEqual({ [anna]: 1 })
  })

  it('says what of the time before is estimated', () => {
    const { estimates } = run(leastLoaded, [])
    expect(estimates).toEqual(expect.arrayContaining(['leads-before', 'loads-before', 'ledgers-before', 'misses-before']))
    expect(estimates).not.toContain('loads-before-cut')
    expect(estimates).not.toContain('day-begun')
    const daily = withPool({ limits: { open: null, perDay: 5 } })
    expect(run(daily, []).estimates).toContain('day-begun')
    expect(run(daily, [], undefined, at('00:00')).estimates).not.toContain('day-begun')
  })

  it('matters only to a regulation that looks at loads', () => {
    const alike = { ...withPool({ order: 'in-turn', limits: { open: null, perDay: 3 } }), waiting: { ...regulation.waiting, shareLimit: null } }
    expect(countsLoads(alike)).toBe(false)
    expect(countsLoads({ ...alike, waiting: { ...alike.waiting, shareLimit: 0.3 } })).toBe(true)
    expect(countsLoads(withPool({ order: 'least-loaded' }, alike))).toBe(true)
    expect(countsLoads(withPool({ limits: { open: 9, perDay: null } }, alike))).toBe(true)
    expect(run(alike, []).estimates).not.toContain('loads-before')
  })
})
