import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import type { Command, Reason } from '../../server/domain/command.ts'
import { leadId, stageId, userId } from '../../server/domain/lead.ts'
import type { ActiveWatch, Watch } from '../../server/domain/watch.ts'
import { leadView, type LeadMemory, type Viewer } from '../../server/http/lead-view.ts'
import type { JournalRow } from '../../server/http/ports.ts'
import { fields, lead, regulation } from './values.ts'

const dueAt = '2026-03-10T09:30:00Z'

const active: ActiveWatch = {
  status: 'active', leadId: lead.id, regulationVersion: 1, stepId: 'in-work', enteredAt: '2026-03-10T09:00:00Z', responsibleId: userId(7), chosenId: userId(7),
  clock: { kind: 'first-contact', startedAt: '2026-03-10T09:00:00Z', dueAt, movedFrom: null, reminded: false },
  followUp: { mark: 'm1', form: 'task', id: 15, deadlineAt: dueAt }, contactedAt: null, askedAgain: [], incidentId: null, round: 0,
}

const deadline: Reason = {
  rule: 'deadline', about: 'first-contact', basis: 'phone', span: 'PT30M', startedAt: '2026-03-10T09:00:00Z', dueAt, timeZone: 'Europe/Moscow',
  pieces: [{ from: '2026-03-10T09:00:00Z', to: dueAt }],
}
const chosen = { userId: userId(7), name: 'Михаил Менеджер', debt: 0.5, verdict: 'chosen' } as const
const inTurn: Reason = { rule: 'distribution-in-turn', chosen, candidates: [chosen] }

const row = (id: number, command: Command, at = '2026-03-10T09:00:00Z'): JournalRow => ({ id: String(id), at, leadId: 42, command, outcome: 'recorded', outcomeDetail: null })
const journal = [
  row(2, { kind: 'set-clock', leadId: lead.id, clock: active.clock, because: deadline }),
  row(1, { kind: 'assign', leadId: lead.id, userId: userId(7), mark: 'a1', because: inTurn }),
]

const look = (changes: Partial<LeadMemory> = {}, viewer: Partial<Viewer> = {}, seen = lead) => LeadView.parse(leadView(seen, {
  watch: active, regulation, journal, incidents: [], names: { people: { 7: 'Михаил Менеджер' }, stages: { IN_PROCESS: 'В работе' }, timeZone: 'Europe/Moscow' }, ...changes,
}, { language: 'ru', timeZone: 'Europe/Moscow', now: Temporal.Instant.from('2026-03-10T09:10:00Z'), clockSpeed: 1, taskUrl: id => `https://portal/task/${id}/`, ...viewer }))

describe('the view of a lead in work', () => {
  it('shows the step, the deadline with its receipt, and the task', () => {
    expect(look()).toMatchObject({
      status: 'active', outcome: null, step: { id: 'in-work', name: 'Взят в работу' },
      deadline: { kind: 'first-contact', dueAt, overdue: false, receipt: { basis: 'phone', span: 'PT30M', pieces: [{ to: dueAt }] } },
      followUp: { form: 'task', id: 15, url: 'https://portal/task/15/' },
    })
    expect(look().deadline?.because).not.toBe('')
    expect(look().nothingDone).not.toBeNull()
  })

  it('is overdue from the very moment of the deadline on', () => {
    expect(look({}, { now: Temporal.Instant.from('2026-03-10T09:29:59.999Z') }).deadline?.overdue).toBe(false)
    expect(look({}, { now: Temporal.Instant.from(dueAt) }).deadline?.overdue).toBe(true)
  })

  it('tells why this person answers, as long as it is still he', () => {
    expect(look().responsibleBecause).toContain('Михаил Менеджер')
    expect(look({}, {}, { ...lead, responsibleId: userId(9) }).responsibleBecause).toBeNull()
  })

  it('tells of a deadline that a person has moved, and keeps the rule\'s own', () => {
    const moved = { ...active, clock: { ...active.clock, dueAt: '2026-03-10T11:00:00Z', movedFrom: dueAt } } as Watch
    const because: Reason = { rule: 'deadline-moved', from: dueAt, to: '2026-03-10T11:00:00Z' }
    const view = look({ watch: moved, journal: [row(3, { kind: 'set-clock', leadId: lead.id, clock: active.clock, because }), ...journal] })
    expect(view.deadline).toMatchObject({ movedFrom: dueAt, receipt: { span: 'PT30M' } })
    expect((view.deadline?.because.length ?? 0)).toBeGreaterThan(look().deadline?.because.length ?? 0)
  })

  it('shows the card with answers by code, what is missing and what the client does not know', () => {
    const card = look().card
    expect(card?.editable).toBe(true)
    expect(card?.missing).toEqual(['MEASURE', 'comment'])
    const questions = Object.fromEntries(card?.groups[0]?.questions.map(question => [question.code, question]) ?? [])
    expect(questions['PRODUCT']).toMatchObject({ value: 'STONE', unknown: false, options: [{ code: 'STONE', title: 'Камень' }, { code: 'WOOD', title: 'Дерево' }] })
    expect(questions['LENGTH']).toMatchObject({ value: null, unknown: true })
    expect(JSON.stringify(card)).not.toContain('"41"')
  })

  it('gives the reasons of the last decision, each once', () => {
    expect(look().reasons.map(reason => reason.rule)).toEqual(['distribution-in-turn', 'deadline'])
  })

  it('speaks English, and falls back to Russian for what was not translated', () => {
    const view = look({}, { language: 'en' })
    expect(view.step?.name).toBe('Taken to work')
    expect(view.step?.exit).toBe('Заполните карточку')
    expect(view.journal[0]?.text).not.toMatch(/[а-яё]{4,}/i)
  })
})

describe('the view of a lead that is not in work', () => {
  it('says how it ended and shows the card without letting it be changed', () => {
    const view = look({ watch: { status: 'closed', leadId: leadId(42), outcome: 'qualified', closedAt: dueAt, stageId: stageId('CONVERTED') } })
    expect(view).toMatchObject({ status: 'closed', outcome: 'Лид квалифицирован', step: null, deadline: null, followUp: null, card: { editable: false } })
  })

  it('has little to say of a lead nobody has seen, or of a portal without a regulation', () => {
    expect(look({ watch: { status: 'unseen' }, journal: [] })).toMatchObject({ status: 'unseen', step: null, card: null, reasons: [], responsibleBecause: null })
    expect(look({ regulation: null })).toMatchObject({ step: null, card: null })
  })

  it('names stages and people by their ids where their names are not known yet', () => {
    const view = look({ names: { people: {}, stages: {}, timeZone: 'UTC' } })
    expect(view.stage.name).toBe('IN_PROCESS')
    expect(view.responsible?.name).toBe('#7')
  })

  it('shows a comment as it stands', () => {
    expect(look({}, {}, { ...lead, fields: { ...lead.fields, [fields.comment]: 'Тёмный камень' } }).card?.comment.value).toBe('Тёмный камень')
  })
})
