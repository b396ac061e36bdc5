import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import type { Command, Reason } from '../../server/domain/command.ts'
import { fieldName, leadId, stageId, userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
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
  watch: active, regulation, journal, incidents: [], names: { people: { 7: 'Михаил Менеджер' }, stages: { IN_PROCESS: 'В работе' }, timeZone: 'Europe/Moscow' }, company: null, load: null, duplicates: [], visible: new Set(), conversion: null, ...changes,
}, { userId: 7, isAdmin: false, itemUrl: (kind, id) => `https://portal/${kind}/${id}/`, language: 'ru', timeZone: 'Europe/Moscow', now: Temporal.Instant.from('2026-03-10T09:10:00Z'), clockSpeed: 1, taskUrl: id => `https://portal/task/${id}/`, ...viewer }))

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

  it('tells the currency of a sum: its own, else the lead’s', () => {
    const of = (more: Partial<typeof lead.fields>) => look({}, {}, { ...lead, fields: { ...lead.fields, ...more } as typeof lead.fields }).card?.groups.flatMap(({ questions }) => questions).find(({ code }) => code === 'BUDGET')?.currency
    expect([of({}), of({ [fields.budget]: 1500, currencyId: 'USD' }), of({ [fields.budget]: '1500|EUR', currencyId: 'USD' }), of({ [fields.budget]: 1500 })]).toEqual(['RUB', 'USD', 'EUR', undefined])
  })

  it('shows what to do in which situation, and says of a test lead that it is one (S0-25, S0-2)', () => {
    const steps = regulation.steps.map(step => ({ ...step, situations: [{ title: { ru: '«Дорого»' }, advice: { ru: 'Назовите состав цены.' } }] }))
    expect(look({ regulation: { ...regulation, steps } }).step?.situations).toEqual([{ title: '«Дорого»', advice: 'Назовите состав цены.' }])
    const channels = [{ id: 'test', name: { ru: 'Проверки' }, sources: ['WEB'], isLeadSource: true, isTest: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }]
    expect(look().isTest).toBe(false)
    expect(look({ regulation: { ...regulation, channels } }, {}, { ...lead, sourceId: 'WEB' }).isTest).toBe(true)
  })

  it('explains a term that another try has set by that try (S0-7)', () => {
    const again: Reason = { rule: 'attempt-failed', count: 1, limit: 3, at: '2026-03-10T09:05:00Z' }
    const clock = { ...active.clock, dueAt: '2026-03-10T11:05:00Z' } as typeof active.clock
    const view = look({ watch: { ...active, clock }, journal: [row(3, { kind: 'set-clock', leadId: lead.id, clock, because: again }), ...journal] })
    expect(view.deadline).toMatchObject({ receipt: null, because: 'Дозвониться не удалось вт 10 марта, 12:05: попытка 1 из 4.' })
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

describe('the card of a step', () => {
  const other = { id: 'other', title: { ru: 'Другое' }, questions: [{ ...regulation.card.groups[0]!.questions[0]!, code: 'EDGE', required: true, onlyIf: { question: 'PRODUCT', answer: { is: 'one-of', values: ['STONE'] } }, disqualifies: { when: { is: 'one-of', values: ['WOOD'] }, reason: 'PRICE' } } as const] }
  const wide: Regulation = {
    ...regulation,
    card: {
      ...regulation.card,
      groups: [...regulation.card.groups, other],
      result: { ...regulation.card.result, values: { ...regulation.card.result.values, postponed: '63' } },
      postponedUntil: { field: fieldName('UF_CRM_LR_UNTIL'), title: { ru: 'Отложен до' } },
      reason: { ...regulation.card.reason, options: [{ code: 'PRICE', title: { ru: 'Дорого' }, value: '81', guidance: { ru: 'Предложите рассрочку' }, evidence: { ru: 'Ссылка' }, returnDateAsked: true }] },
    },
  }
  const asking = (card: Regulation['steps'][number]['card'], change: Partial<Regulation['steps'][number]> = {}): Regulation => ({ ...wide, steps: wide.steps.map(step => ({ ...step, card, ...change })) })

  it('has the groups of the step only, in its order (S4-8)', () => {
    expect(look({ regulation: asking({ groups: ['other', 'product'], closing: true }) }).card?.groups.map(({ id }) => id)).toEqual(['other', 'product'])
    const some = look({ regulation: asking({ groups: ['other'], closing: false }) }).card
    expect(some?.groups.map(({ id }) => id)).toEqual(['other'])
    expect(some).toMatchObject({ closing: false, missing: [], elsewhere: { PRODUCT: 'STONE' } })
  })

  it('of a lead that is over is whole', () => {
    const closed = look({ regulation: asking({ groups: ['other'], closing: false }), watch: { status: 'closed', leadId: leadId(42), outcome: 'qualified', closedAt: dueAt, stageId: stageId('CONVERTED') } })
    expect(closed.card).toMatchObject({ closing: true, groups: [{ id: 'product' }, { id: 'other' }] })
  })

  it('sends conditions, answers that mean a refusal, and what a reason asks for', () => {
    const card = look({ regulation: asking({ groups: [], closing: true }) }, {}, { ...lead, fields: { ...lead.fields, [fields.result]: '63', UF_CRM_LR_UNTIL: '2026-04-01T03:00:00+03:00' } }).card
    expect(card?.groups[1]?.questions[0]).toMatchObject({ onlyIf: { question: 'PRODUCT' }, disqualifies: { when: { is: 'one-of' }, reason: 'Дорого' } })
    expect(card).toMatchObject({ result: { options: ['qualified', 'not-qualified', 'postponed'], value: 'postponed' }, postponedUntil: { title: 'Отложен до', value: '2026-04-01' } })
    expect(card?.reason.options[0]).toMatchObject({ guidance: 'Предложите рассрочку', evidence: 'Ссылка', commentRequired: false, dateAsked: true })
    expect(look().card).toMatchObject({ result: { options: ['qualified', 'not-qualified'] }, postponedUntil: null })
  })

  it('tells what the gate of the finished step still needs, in the reader’s language', () => {
    const gated = asking({ groups: [], closing: true }, { gate: { needs: [{ kind: 'contact' }, { kind: 'email-known' }], sendBack: true, noSkipping: true } })
    expect(look({ regulation: gated }).gateNeeds).toEqual([])
    const held = { ...active, step: { proposed: 'связаться с клиентом' } }
    expect(look({ regulation: gated, watch: held }).gateNeeds).toEqual(['связаться с клиентом', 'узнать e-mail клиента'])
    expect(look({ regulation: gated, watch: held }, { language: 'en' }).gateNeeds[0]).toBe('talk to the client')
  })

  it('tells a conversion past the application in one line, and that the head was told a day later in another', () => {
    const because = { rule: 'converted-past', byUserId: userId(7), at: dueAt, titles: [] } as const
    const past = { incidentId: 'p1', userId: userId(7), noticedAt: dueAt, headTold: false, isWhole: false, endedAt: null }
    const note = { kind: 'note', leadId: lead.id, life: { convertedPast: past }, because } as const
    const told = { kind: 'notify', leadId: lead.id, userId: userId(7), mark: 'm', about: 'converted-past', incidentId: null, because } as const
    const opened = { kind: 'open-incident', leadId: lead.id, incidentId: 'p1', userId: userId(7), dueAt, noticedAt: dueAt, about: 'converted-past', systemDelay: false, because } as const
    const rows = [{ at: '2026-03-11T09:00:00Z', command: told }, { at: '2026-03-11T09:00:00Z', command: note }, { at: dueAt, command: told }, { at: dueAt, command: note }, { at: dueAt, command: opened }]
    const { journal } = look({ journal: rows.map((row, id) => ({ id: String(id), leadId: lead.id, regulationVersion: 1, outcome: 'recorded' as const, outcomeDetail: null, ...row })) })
    expect(journal.map(({ kind, at }) => [kind, at])).toEqual([['notify', '2026-03-11T09:00:00Z'], ['open-incident', dueAt]])
  })

  it('tells the portal’s words about a conversion to whoever works on the lead only, as the conversion’s own page does', () => {
    const because = { rule: 'conversion-ended', ended: 'taken-back', why: 'refused', words: 'Контакт «Ольга Крылова» уже есть.', left: 'nothing' } as const
    const note = { kind: 'note', leadId: lead.id, life: {}, because } as const
    const rows = [row(4, { kind: 'notify', leadId: lead.id, userId: userId(7), mark: 'm', about: 'conversion-ended', incidentId: null, because }), row(3, note)]
    const told = (viewer: Partial<Viewer>): string => {
      const view = look({ journal: rows }, viewer)
      expect(view.journal[0]?.text).toMatch(/Битрикс24 не принял данные\. Ничего не создано\./)
      return JSON.stringify(view)
    }
    for (const viewer of [{ userId: 7 }, { userId: 1 }, { userId: 99, isAdmin: true }]) expect(told(viewer)).toContain('Ольга Крылова')
    expect(told({ userId: 99 })).not.toContain('Ольга Крылова')
  })

  it('tells of a wait, of attempts, of a move left to people, and who is told next', () => {
    expect(look({ watch: { ...active, clock: { kind: 'none' }, step: { waiting: { since: dueAt, until: '2026-03-20T06:00:00Z', remainingMs: null } } } })).toMatchObject({ deadline: null, waiting: { until: '2026-03-20T06:00:00Z' } })
    expect(look({ watch: { ...active, life: { attempts: { count: 2, lastAt: dueAt, proposed: false, activityIds: [] } } } }).attempts).toEqual({ count: 2, limit: 3 })
    expect(look({ watch: { ...active, step: { proposed: 'to:IN_PROCESS' } } })).toMatchObject({ onward: 'В работе', gateNeeds: [] })
    const climbing = { ...regulation, roles: { ...regulation.roles, directorId: userId(9) }, incidents: { ...regulation.incidents, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'director', after: 'PT2H' }] } } as const
    const day = [{ from: '09:00', to: '18:00' }]
    const company = { people: [], calendar: { timeZone: 'Europe/Moscow', week: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, holidays: [], workdays: [] } }
    const missed = { ...active, incidentId: 'i1', life: { ladders: { i1: { since: dueAt, told: [userId(7)], rungs: [] } } } }
    expect(look({ regulation: climbing, watch: missed, company, names: { people: { 9: 'Дарья Директор' }, stages: {}, timeZone: 'UTC' } }).nextTold).toEqual({ name: 'Дарья Директор', at: '2026-03-10T11:30:00Z' })
    const clock = { kind: 'finish', startedAt: dueAt, dueAt: '2026-03-10T13:00:00Z', movedFrom: null, reminded: false } as const
    const names = { people: { 9: 'Дарья Директор' }, stages: {}, timeZone: 'UTC' }
    // One telling of it, with the name: before a miss, and after one.
    expect(look({ regulation: climbing, watch: { ...active, clock }, company, names }).nothingDone).toMatch(/^В 16:00 будет записан пропуск: .*о пропуске узнает Дарья Директор: вт 10 марта, 18:00\.$/)
    expect(look({ regulation: climbing, watch: { ...missed, clock }, company, names }).nothingDone).toMatch(/^Об уже пропущенном сроке узнает Дарья Директор: .*14:30\. .*В 16:00 будет записан ещё один пропуск:/)
    const noted = { ...missed, life: { ladders: { i1: { ...missed.life.ladders.i1, acknowledged: true } } } }
    expect(look({ regulation: climbing, watch: { ...noted, clock }, company, names }).nothingDone).toMatch(/^В 16:00 будет записан пропуск: .*Если и тогда ничего не изменится/)
    expect(look({ regulation: climbing, company })).toMatchObject({ nextTold: null, waiting: null, attempts: null, onward: null })
  })
})
