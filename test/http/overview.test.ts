import { describe, expect, it } from 'vitest'
import { Overview } from '../../server/contract/overview.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { ActiveWatch } from '../../server/domain/watch.ts'
import type { AppDeps } from '../../server/http/app.ts'
import type { IncidentRow } from '../../server/http/ports.ts'
import { regulation } from './values.ts'
import { activeTenant, createTestApp, memberId, now, usualMemory } from './support.ts'

const later = '2026-03-10T12:00:00Z'
const earlier = '2026-03-10T08:00:00Z'

const watchOf = (id: number, more: Partial<ActiveWatch> = {}, dueAt = later): { leadId: ReturnType<typeof leadId>; watch: ActiveWatch } => ({
  leadId: leadId(id),
  watch: {
    status: 'active', leadId: leadId(id), regulationVersion: 1, stepId: 'in-work', enteredAt: earlier, responsibleId: userId(9), chosenId: null,
    clock: { kind: 'finish', startedAt: earlier, dueAt, movedFrom: null, reminded: false },
    followUp: null, contactedAt: null, askedAgain: [], incidentId: null, round: 1, ...more,
  },
})

const incident = (id: string, lead: number, resolvedAt: string | null = null): IncidentRow =>
  ({ id, leadId: lead, userId: 9, about: 'not-finished', dueAt: earlier, noticedAt: earlier, deliveredAt: null, resolvedAt, acknowledgedAt: null, systemDelay: false })

type Remembered = Awaited<ReturnType<AppDeps['memory']['overview']>>

/** What is shown to somebody who may see only `seen`. */
const look = async (remembered: Partial<Remembered>, seen: (id: number) => boolean, session: { isAdmin?: boolean; language?: 'ru' | 'en' } = {}, deps: Partial<AppDeps> = {}) => {
  const askedFor: number[] = []
  const plain = createTestApp()
  const app = createTestApp({
    memory: { ...usualMemory, overview: async (_id, limits) => ({ active: 0, overdue: 0, incidents: [], journal: [], ...remembered, watches: (remembered.watches ?? []).slice(0, limits.watches) }) },
    desk: {
      ...plain.desk,
      visibleLeads: async (_id, _token, ids) => {
        askedFor.push(...ids)
        return ids.filter(seen).map(id => ({ id, title: `Лид ${id}`, responsibleId: null }))
      },
    },
    ...deps,
  })
  return { view: Overview.parse(await (await app.request('/api/overview', { headers: app.bearer(session) })).json()), askedFor }
}

describe('GET /api/overview', () => {
  it('leaves out every lead that the opening user may not see (S3-5)', async () => {
    const { view } = await look({ watches: [watchOf(42), watchOf(43)], incidents: [incident('i1', 42), incident('i2', 43)], active: 2, overdue: 0 }, id => id === 42)
    expect(view.incidents.map(({ id }) => id)).toEqual(['i1'])
    expect(view.leads.map(({ id }) => id)).toEqual([42])
  })

  it('leaves the portal’s words about a conversion to the lead’s own page', async () => {
    const because = { rule: 'conversion-ended', ended: 'taken-back', why: 'refused', words: 'Контакт «Ольга Крылова» уже есть.', left: 'nothing' } as const
    const journal = [{ id: '1', at: earlier, leadId: 42, command: { kind: 'note', leadId: leadId(42), life: {}, because }, outcome: 'recorded', outcomeDetail: null }] as const
    const textFor = async (isAdmin: boolean) => (await look({ journal }, () => true, { isAdmin })).view.journal[0]?.text ?? ''
    expect(await textFor(true)).toContain('Ольга Крылова')
    expect(await textFor(false)).toMatch(/Битрикс24 не принял данные\. Ничего не создано\. (?!.*Ольга)/)
  })

  it('finds a manager\'s leads behind those of others, his own first of all', async () => {
    const others = Array.from({ length: 700 }, (_, index) => watchOf(index + 1))
    const { view, askedFor } = await look({ watches: [...others, watchOf(900, { responsibleId: userId(7) })], active: 701, overdue: 0 }, id => id === 300 || id === 900)
    expect(view.leads.map(({ id }) => id)).toEqual([900, 300])
    expect(view.watches).toEqual({ active: 2, overdue: 0, more: true })
    expect(askedFor.length).toBe(500)
  })

  it('names the step by the version that each lead is under', async () => {
    const named = (name: string) => ({ ...regulation, steps: regulation.steps.map(step => ({ ...step, name: { ru: name } })) })
    const rows = [watchOf(1, { regulationVersion: 1 }), watchOf(2, { regulationVersion: 2 }), watchOf(3, { regulationVersion: 9 })]
    const memory = { ...usualMemory, overview: async () => ({ watches: rows, active: 3, overdue: 0, incidents: [], journal: [] }), regulation: async (_id: string, version = 2) => (version > 2 ? null : { version, regulation: named(`По версии ${version}`) }) }
    const { view } = await look({}, () => true, {}, { memory })
    expect(view.leads.map(({ id, step }) => [id, step])).toEqual([[1, 'По версии 1'], [2, 'По версии 2'], [3, null]])
  })

  it('counts what he may see; an administrator sees the portal\'s counts', async () => {
    const watches = [watchOf(1), watchOf(2, { incidentId: 'i2' }), watchOf(3, {}, earlier), watchOf(4)]
    const all = { watches, active: 27, overdue: 12 }
    expect((await look({ ...all, active: 4 }, id => id !== 3)).view.watches).toEqual({ active: 3, overdue: 1, more: false })
    expect((await look(all, () => true, { isAdmin: true })).view.watches).toEqual({ active: 27, overdue: 12, more: false })
  })

  it('calls a lead late while its miss is open, though a new term runs, and shows it first (S1-D14)', async () => {
    const { view } = await look({ watches: [watchOf(1), watchOf(2, { incidentId: 'i2' }), watchOf(3, {}, earlier)], active: 3, overdue: 2 }, () => true)
    expect(view.leads.map(({ id, overdue }) => [id, overdue])).toEqual([[2, true], [3, true], [1, false]])
    expect(view.watches.overdue).toBe(2)
  })

  it('shows fifty leads at most', async () => {
    const watches = Array.from({ length: 80 }, (_, index) => watchOf(index + 1))
    expect((await look({ watches, active: 80, overdue: 0 }, () => true)).view.leads).toHaveLength(50)
  })

  it('says in words why a portal is not served', async () => {
    const tenants = { find: async () => ({ ...activeTenant, memberId, status: 'suspended' as const, reason: 'payment-required' }) }
    const deps = { tenants: { ...tenants, eventKey: async () => null, admit: async () => {}, follow: async () => {} } }
    expect((await look({}, () => true, {}, deps)).view.portal.reason).toBe('Закончилась подписка Битрикс24, и портал не пускает приложения.')
    expect((await look({}, () => true, { language: 'en' }, deps)).view.portal.reason).toBe('The Bitrix24 subscription is over, and the portal keeps applications out.')
  })

  it('tells the moment by the server\'s own clock', async () => {
    expect((await look({}, () => true)).view.now).toBe(now)
  })
})
