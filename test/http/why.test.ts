/** `GET /api/leads/:id/why`: the receipts of what holds for a lead now. */
import { describe, expect, it } from 'vitest'
import { WhyView } from '../../server/contract/receipt.ts'
import type { Command } from '../../server/domain/command.ts'
import { leadId, userId } from '../../server/domain/lead.ts'
import type { ActiveWatch } from '../../server/domain/watch.ts'
import type { AppDeps } from '../../server/http/app.ts'
import { PortalError } from '../../server/portal/error.ts'
import type { Needs } from '../../server/portal/needs.ts'
import { createTestApp, usualMemory } from './support.ts'
import { regulation } from './values.ts'

const due = '2026-03-10T08:30:00Z'
const id = leadId(42)
const watch: ActiveWatch = {
  status: 'active', leadId: id, regulationVersion: 3, stepId: 'in-work', enteredAt: '2026-03-10T08:00:00Z', responsibleId: userId(7), chosenId: userId(7),
  clock: { kind: 'first-contact', startedAt: '2026-03-10T08:00:00Z', dueAt: due, movedFrom: null, reminded: true },
  followUp: null, contactedAt: null, askedAgain: [], incidentId: '42-in-work-1', round: 2,
}
const candidate = (user: number, verdict: 'chosen' | 'absent') => ({ userId: userId(user), name: `Сотрудник ${user}`, debt: 0, verdict })
const commands: readonly Command[] = [
  { kind: 'notify', leadId: id, userId: userId(9), mark: 'r', about: 'rung', incidentId: null, because: { rule: 'rung', rung: 'head', userId: userId(9), name: 'Сотрудник 9', dueAt: due, incidentId: '42-in-work-1', after: 'PT1H' } },
  { kind: 'open-incident', leadId: id, incidentId: '42-in-work-1', userId: userId(7), dueAt: due, noticedAt: due, about: 'no-first-contact', systemDelay: false, because: { rule: 'deadline-missed', about: 'first-contact', dueAt: due, noticedAt: due } },
  { kind: 'set-clock', leadId: id, clock: watch.clock, because: { rule: 'deadline', about: 'first-contact', basis: 'phone', span: 'PT30M', startedAt: '2026-03-10T08:00:00Z', dueAt: due, timeZone: 'Europe/Moscow', pieces: [{ from: '2026-03-10T08:00:00Z', to: due }] } },
  { kind: 'assign', leadId: id, userId: userId(7), mark: 'a', because: { rule: 'distribution-in-turn', chosen: candidate(7, 'chosen'), candidates: [candidate(7, 'chosen'), candidate(8, 'absent')] } },
]
const gated = { ...regulation, steps: regulation.steps.map(step => ({ ...step, gate: { needs: [{ kind: 'email-known' as const }], sendBack: true, noSkipping: false } })) }

const ask = async (deps: Partial<AppDeps> = {}, changes: Partial<AppDeps['memory']> = {}) => {
  const app = createTestApp({
    memory: {
      ...usualMemory,
      regulation: async () => ({ version: 3, regulation: gated }),
      watch: async () => watch,
      journal: async () => commands.map((command, index) => ({ id: String(index), at: due, leadId: 42, regulationVersion: 2, command, outcome: 'recorded' as const, outcomeDetail: null })),
      company: async () => ({ people: [], calendar: { timeZone: 'Europe/Moscow', week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] }, holidays: [], workdays: [] } }),
      ...changes,
    },
    ...deps,
  })
  return app.request('/api/leads/42/why', { headers: app.bearer() })
}

it('answers the receipts of deadline, responsible, gate, miss and escalation (issue 3, 9)', async () => {
  const answer = await ask()
  expect(answer.status).toBe(200)
  const { receipts } = WhyView.parse(await answer.json())
  expect(receipts.map(({ about }) => about)).toEqual(['deadline', 'responsible', 'gate', 'incident', 'escalation'])
  expect(receipts[0]).toMatchObject({ rule: 'deadline', version: 2, pieces: [{ from: '2026-03-10T08:00:00Z', to: due }] })
  expect(receipts[1]?.rejected).toContainEqual(expect.objectContaining({ rule: 'Сотрудник 8' }))
  expect(receipts[2]?.rejected).toHaveLength(1)
})

it('leaves out what there is none of', async () => {
  const answer = await ask({}, { watch: async () => ({ status: 'unseen' }), journal: async () => [] })
  expect(WhyView.parse(await answer.json()).receipts).toEqual([])
})

it('explains no responsible whom a person has put there since', async () => {
  const answer = await ask({}, { journal: async () => commands.slice(3).map((command, index) => ({ id: String(index), at: due, leadId: 42, command: { ...command, userId: userId(8) } as Command, outcome: 'recorded' as const, outcomeDetail: null })) })
  expect(WhyView.parse(await answer.json()).receipts.map(({ about }) => about)).not.toContain('responsible')
})

it('is told only to whoever may see the lead', async () => {
  const { desk } = createTestApp()
  const answer = await ask({ desk: { ...desk, readLead: async () => {
    throw new PortalError({ code: 'not-found', method: 'crm.item.list' })
  } } })
  expect(answer.status).toBe(404)
  const app = createTestApp()
  expect((await app.request('/api/leads/42/why')).status).toBe(401)
})

describe('a gate of which the portal has to tell', () => {
  const asking = { ...regulation, steps: regulation.steps.map(step => ({ ...step, gate: { needs: [{ kind: 'quote' as const, state: 'sent' as const }, { kind: 'requisites' as const }], sendBack: true, noSkipping: false } })) }
  const gateOf = async (told: object, needs: (Needs | undefined)[] = []) => {
    const { desk } = createTestApp()
    const answer = await ask(
      { desk: { ...desk, readLead: async (memberId, token, lead, fields, asked) => {
        needs.push(asked)
        return { ...await desk.readLead(memberId, token, lead, fields), ...told }
      } } },
      { regulation: async () => ({ version: 3, regulation: asking }) },
    )
    return WhyView.parse(await answer.json()).receipts.find(({ about }) => about === 'gate')
  }

  it('is read with what it asks for, so that what is done counts as done', async () => {
    const needs: (Needs | undefined)[] = []
    expect(await gateOf({ quote: 'sent', hasRequisites: true }, needs)).toMatchObject({ rejected: [] })
    expect(needs).toMatchObject([{ quotes: true, requisites: true }])
    expect((await gateOf({ quote: null, hasRequisites: true }))?.rejected).toMatchObject([{ rule: 'отправить предложение', why: 'не выполнено' }])
  })

  it('says of what the portal has not told that it is held against nobody', async () => {
    expect((await gateOf({ denied: ['quote'] }))?.rejected.map(({ why }) => why)).toEqual(['портал не сообщил, никому не засчитано', 'портал этого не сообщает, не проверяется'])
  })

  it('that was passed without it shows so', async () => {
    const passed: Command = { kind: 'note', leadId: id, because: { rule: 'gate-unchecked', needs: ['отправить предложение'], stepName: 'Взят в работу', since: due } }
    const answer = await ask({}, { watch: async () => ({ status: 'unseen' }), journal: async () => [{ id: '1', at: due, leadId: 42, regulationVersion: 2, command: passed, outcome: 'recorded' as const, outcomeDetail: null }] })
    expect(WhyView.parse(await answer.json()).receipts).toMatchObject([{ about: 'gate', rule: 'gate-unchecked' }])
  })
})
