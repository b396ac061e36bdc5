import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import type { Person } from '../../server/domain/command.ts'
import { stageId, userId, type Duplicate, type Lead } from '../../server/domain/lead.ts'
import type { Regulation, Step } from '../../server/domain/regulation.ts'
import type { ActiveWatch, Watch } from '../../server/domain/watch.ts'
import { leadView, type LeadMemory, type Viewer } from '../../server/http/lead-view.ts'
import { officeHours } from '../domain/support.ts'
import type { AppDeps } from '../../server/http/app.ts'
import { otherCompanyBound } from '../../server/portal/access.ts'
import { PortalError } from '../../server/portal/error.ts'
import { createTestApp, usualMemory } from './support.ts'
import { lead, regulation } from './values.ts'

/** Tuesday, noon in Moscow. */
const now = '2026-03-10T09:10:00Z'
const dueAt = '2026-03-10T09:30:00Z'
const mikhail = userId(7)
const head = userId(8)

const followUp: NonNullable<Step['followUp']> = { form: 'task', title: { ru: 'Звонок' }, text: { ru: '' }, remindBeforeMinutes: 15, deadlineMayMove: true, moves: { most: 2, furthest: 'PT8H' } }
const rules: Regulation = {
  ...regulation,
  attempts: { limit: 3, reason: null, wrongNumberReason: null, retryAfter: 'PT2H' },
  waiting: { allowed: true, maxDays: 30, shareLimit: null },
  conversion: { ...regulation.conversion, allowed: true, fromStepId: null },
  steps: regulation.steps.map(step => ({ ...step, followUp, leave: { done: { stageId: stageId('QUALIFIED'), by: 'proposed' }, notQualified: null } })),
}
const person = (id: number, name: string, headIds: readonly number[] = []): Person => ({ id: userId(id), name, active: true, departmentIds: [], headIds: headIds.map(userId), absent: false, dayOpen: null }) as unknown as Person
const people = [person(7, 'Михаил', [8]), person(8, 'Галина'), person(9, 'Борис')]

const active: ActiveWatch = {
  status: 'active', leadId: lead.id, regulationVersion: 1, stepId: 'in-work', enteredAt: '2026-03-10T09:00:00Z', responsibleId: mikhail, chosenId: mikhail,
  clock: { kind: 'first-contact', startedAt: '2026-03-10T09:00:00Z', dueAt, movedFrom: null, reminded: false },
  followUp: { mark: 'm1', form: 'task', id: 15, deadlineAt: dueAt }, contactedAt: null, askedAgain: [], incidentId: null, round: 0,
}
const mine: Lead = { ...lead, responsibleId: mikhail, contact: { phones: ['+7 900 000-00-01', '+7 900 000-00-02'], emails: [], messengers: [] } }

const look = (changes: Partial<LeadMemory> = {}, viewer: Partial<Viewer> = {}, seen: Lead = mine): LeadView => LeadView.parse(leadView(seen, {
  watch: active, regulation: rules, journal: [], incidents: [], names: { people: { 7: 'Михаил', 8: 'Галина' }, stages: { QUALIFIED: 'Квалифицирован', WON: 'Сконвертирован' }, timeZone: 'Europe/Moscow' },
  company: { people, calendar: officeHours, successStageIds: [stageId('WON')] }, load: null, duplicates: [], visible: new Set(['contact 5', 'company 6', 'lead 7']), conversion: null, ...changes,
}, { language: 'ru', timeZone: 'Europe/Moscow', now: Temporal.Instant.from(now), clockSpeed: 1, taskUrl: () => '', userId: 7, isAdmin: false, itemUrl: (kind, id) => `https://portal/${kind}/${id}/`, ...viewer }))
const withWatch = (change: Partial<ActiveWatch>): Watch => ({ ...active, ...change })

describe('what the responsible may do', () => {
  it('offers the outcomes of a call, with how often it was tried and when to try again (S0-7, S0-18)', () => {
    const { actions } = look({ watch: withWatch({ life: { attempts: { count: 2, lastAt: now, proposed: false, activityIds: [] }, wrongPhones: ['+7 900 000-00-02'] } }) })
    expect(actions?.notReached).toEqual({ count: 2, limit: 4, nextAt: '2026-03-10T12:10:00Z' })
    expect(actions?.wrongNumber).toEqual({ phones: ['+7 900 000-00-01'] })
    expect(actions?.declareCall).toEqual({ commentRequired: true })
    expect(actions?.callBack?.remindMinutes).toBe(15)
  })

  it('offers to call no number that is wrong, too short or not there, and takes a mark back (S0-18)', () => {
    const phones = ['8 900 000-00-01, +7 (900) 000-00-02', '8900']
    const two = look({ watch: withWatch({ life: { wrongPhones: ['+7 900 000-00-01'] } }) }, {}, { ...mine, contact: { ...mine.contact, phones } })
    expect(two.actions).toMatchObject({ wrongNumber: { phones: ['+7 (900) 000-00-02'] }, rightNumber: { phones: ['8 900 000-00-01'] }, notReached: { count: 0 } })
    expect(two.contact?.phones.map(({ value, isWrong }) => [value, isWrong])).toEqual([['8 900 000-00-01', true], ['+7 (900) 000-00-02', false], ['8900', false]])
    for (const none of [[], ['8900'], ['8 900 000-00-01']]) {
      const { actions } = look({ watch: withWatch({ life: { wrongPhones: ['+7 900 000-00-01'] } }) }, {}, { ...mine, contact: { ...mine.contact, phones: none } })
      expect(actions).toMatchObject({ notReached: null, wrongNumber: null })
      expect(actions?.callBack).not.toBeNull()
    }
  })

  it.each(['+7 900 000-00-01 (Иван)', '8 900 000-00-01 или +7 900 000-00-02', 'тел. Ивана 8 900 000-00-01'])('lets «%s» be called and be called wrong: a person reads the number in it (S0-7, S0-18)', (phone) => {
    const of = (watch: Watch) => look({ watch }, {}, { ...mine, contact: { ...mine.contact, phones: [phone] } })
    const { actions, next } = of(active)
    expect(actions).toMatchObject({ notReached: { count: 0 }, wrongNumber: { phones: [phone] } })
    expect(next?.text).toBe(`Проверьте номер ${phone} и позвоните клиенту.`)
    expect(of(withWatch({ life: { wrongPhones: [phone] } })).actions).toMatchObject({ notReached: null, wrongNumber: null, rightNumber: { phones: [phone] } })
  })

  it('lets no words without a number be called', () => {
    for (const phone of ['8 900 Иван', 'спросить у секретаря']) expect(look({}, {}, { ...mine, contact: { ...mine.contact, phones: [phone] } }).actions).toMatchObject({ notReached: null, wrongNumber: null })
  })

  it('counts attempts at a client whose number stands in his contact only (S0-7)', () => {
    const bound = { ...mine, boundTo: ['contact 3'], contact: { ...mine.contact, phones: [] } }
    expect(look({}, {}, bound).actions).toMatchObject({ notReached: { count: 0, limit: 4 }, wrongNumber: null })
    expect(look({ watch: withWatch({ step: { waiting: { since: now, until: '2026-03-12T09:00:00Z', remainingMs: null } } }) }, {}, bound).actions?.notReached).toBeNull()
  })

  it('proposes moments of working time only, nearest first', () => {
    const proposals = look({}, { now: Temporal.Instant.from('2026-03-13T14:30:00Z') }).actions?.callBack?.proposals ?? []
    expect(proposals).toEqual([...proposals].sort())
    // Friday, half past five in the evening: an hour of work ends on Monday.
    expect(proposals[0]?.slice(0, 10)).toBe('2026-03-16')
    expect(proposals.every(at => at.endsWith(':00Z'))).toBe(true)
  })

  it('lets the deadline be moved as often and as far as the regulation allows (S0-23)', () => {
    expect(look().actions?.moveDeadline).toMatchObject({ made: 0, most: 2 })
    expect(Date.parse(look().actions?.moveDeadline?.latest ?? '')).toBeGreaterThan(Date.parse(dueAt))
    expect(look({ watch: withWatch({ step: { deadlineMoves: 2 } }) }).actions?.moveDeadline).toBeNull()
    expect(look({ regulation: { ...rules, steps: rules.steps.map(step => ({ ...step, followUp: { ...followUp, deadlineMayMove: false } })) } }).actions?.moveDeadline).toBeNull()
  })

  it('tells until when the client may be waited for, and ends a wait (S3-24)', () => {
    expect(look({ watch: withWatch({ life: { waitedDays: 10 } }) }).actions?.wait).toEqual({ latest: '2026-03-30', daysLeft: 20 })
    expect(look({ watch: withWatch({ life: { waitedDays: 29.5 } }) }).actions?.wait).toBeNull()
    const waiting = look({ watch: withWatch({ clock: { kind: 'none' }, step: { waiting: { since: now, until: '2026-03-20T06:00:00Z', remainingMs: null } } }) })
    expect(waiting.actions).toMatchObject({ stopWaiting: {}, notReached: null })
    expect(waiting.next?.text).toContain('ждём до')
  })

  it('says what is missing for the step forward instead of only refusing it', () => {
    const { actions } = look()
    expect(actions?.goOn).toMatchObject({ stage: 'Квалифицирован', isConversion: false })
    expect(actions?.goOn?.missing).toEqual(['Нужен замер', 'Пожелания'])
    const won = look({ regulation: { ...rules, steps: rules.steps.map(step => ({ ...step, leave: { done: { stageId: stageId('WON'), by: 'proposed' as const }, notQualified: null } })) } })
    expect(won.actions?.goOn).toMatchObject({ stage: 'Сконвертирован', isConversion: true })
  })

  it('offers nothing to somebody who only sees the lead, and nothing on a closed one', () => {
    const { actions } = look({}, { userId: 9 })
    expect({ ...actions, take: null }).toEqual({ take: null, notReached: null, callBack: null, wrongNumber: null, rightNumber: null, declareCall: null, wait: null, stopWaiting: null, moveDeadline: null, goOn: null, allowMove: null, reassign: null, acknowledge: [] })
    expect(look({ watch: { status: 'closed', leadId: lead.id, outcome: 'qualified', closedAt: now, stageId: lead.stageId } }).actions?.notReached).toBeNull()
  })
})

describe('what the head may do', () => {
  const incident = { id: 'i1', leadId: 42, userId: 7, about: 'no-first-contact', dueAt, noticedAt: dueAt, deliveredAt: null, resolvedAt: null, acknowledgedAt: null, systemDelay: false } as const

  it('gives the lead to somebody else, takes note of a miss, and lets a move past the gate', () => {
    const gated = { ...rules, steps: rules.steps.map(step => ({ ...step, gate: { needs: [{ kind: 'contact' as const }], sendBack: true, noSkipping: false } })) }
    const { actions } = look({ regulation: gated, incidents: [incident, { ...incident, id: 'i2', acknowledgedAt: now }] }, { userId: head })
    expect(actions?.reassign?.people.map(({ name }) => name)).toEqual(['Борис', 'Галина'])
    expect(actions?.reassign?.dueAt).toBe(dueAt)
    expect(look({ load: { 9: { open: 4 } } }, { userId: head }).actions?.reassign?.people).toMatchObject([{ name: 'Галина', open: 0, presence: 'at-work' }, { name: 'Борис', open: 4, dueAt: expect.any(String) }])
    expect(actions?.acknowledge).toEqual(['i1'])
    expect(actions?.allowMove).toEqual({ stage: 'Квалифицирован', missing: ['связаться с клиентом'] })
    expect(look({}, { userId: head }).actions?.allowMove?.missing).toEqual(['Нужен замер', 'Пожелания'])
    expect(look({ regulation: gated }).actions).toMatchObject({ reassign: null, allowMove: null })
  })

  it('takes note of a miss of which the late manager knows, who is not asked for it again (S4-20)', () => {
    const noted = withWatch({ life: { ladders: { i1: { since: now, told: [mikhail], rungs: [], noted: true } } } })
    const of = (userId: number, watch: Watch) => look({ watch, incidents: [incident] }, { userId }).actions?.acknowledge
    expect([of(mikhail, active), of(mikhail, noted), of(head, noted)]).toEqual([['i1'], [], ['i1']])
  })
})

describe('the next best action', () => {
  it.each([
    [{}, mine, 'Позвоните клиенту: +7 900 000-00-01.'],
    [{}, { ...mine, contact: { phones: [], emails: ['a@example.com'], messengers: [] } }, 'Напишите клиенту: a@example.com.'],
    [{}, { ...mine, contact: { phones: [], emails: [], messengers: [] } }, 'Найдите телефон или e-mail клиента.'],
    // The portal keeps the numbers of a known client with him.
    [{}, { ...mine, boundTo: ['contact 3'], contact: { phones: [], emails: [], messengers: [] } }, 'Позвоните клиенту: его номер смотрите в карточке контакта или компании лида.'],
    [{ contactedAt: now }, mine, 'Задайте вопросы: Нужен замер, Пожелания.'],
    [{ chosenId: null }, mine, 'Назначьте ответственного за лид.'],
    [{ clock: { kind: 'none' }, step: { proposed: 'to:QUALIFIED' } }, mine, 'Переведите лид на стадию «Квалифицирован».'],
    [{ clock: { kind: 'none' }, step: { proposed: 'to:WON' } }, mine, 'Сконвертируйте лид.'],
  ] as const)('of %j is said in a sentence with its reason', (change, seen, text) => {
    const { next } = look({ watch: withWatch(change as Partial<ActiveWatch>) }, {}, seen)
    expect(next?.text).toBe(text)
    expect(next?.because).not.toBe('')
  })

  const wrong = (phones: readonly string[], more: Partial<Lead['contact']> = {}, wrongNumberReason: string | null = null) =>
    look({ watch: withWatch({ life: { wrongPhones: ['+7 900 000-00-01'] } }), regulation: { ...rules, attempts: { ...rules.attempts, wrongNumberReason } } }, {}, { ...mine, contact: { phones, emails: [], messengers: [], ...more } }).next?.text

  it('never advises a number that is wrong or too short; where no other is left it says what to do then (S0-18)', () => {
    expect(wrong(['8900', '8 (900) 000-00-01', '8 900 000-00-02'])).toBe('Позвоните клиенту: 8 900 000-00-02.')
    expect(wrong(['8 (900) 000-00-01'], { emails: ['кто-то', 'a@example.com'] })).toBe('Напишите клиенту и узнайте верный номер: a@example.com.')
    expect(wrong(['8 (900) 000-00-01'], { messengers: ['imol|1'] })).toBe('Напишите клиенту в мессенджер и узнайте верный номер.')
    expect(wrong(['8 (900) 000-00-01'])).toBe('Найдите верный номер клиента.')
    expect(wrong(['8 (900) 000-00-01'], {}, rules.card.reason.options[0]?.code)).toBe(`Найдите верный номер клиента или закройте лид с причиной «${rules.card.reason.options[0]?.title.ru ?? ''}».`)
    expect(wrong(['8900'])).toBe('Найдите верный номер клиента.')
    expect(wrong(['8 (900) 000-00-01', '+7 999 999 99 99 99'])).toBe('Проверьте номер +7 999 999 99 99 99 и позвоните клиенту.')
  })

  it('says that the deadline is over when it is', () => {
    expect(look({}, { now: Temporal.Instant.from(dueAt) }).next?.because).toMatch(/^Срок прошёл/)
    expect(look().next?.because).toMatch(/^Срок — вт 10 марта/)
  })
})

describe('what the manager is warned of', () => {
  it('asks for the e-mail in this talk when the next step cannot do without (S0-22)', () => {
    const [first] = rules.steps
    if (first === undefined) throw new Error('there is no step')
    const offer: Step = { ...first, id: 'offer', name: { ru: 'КП отправлено' }, stageId: stageId('OFFER'), gate: { needs: [{ kind: 'offer-sent' }], sendBack: true, noSkipping: false } }
    const twoSteps = { ...rules, steps: [first, offer] }
    expect(look({ regulation: twoSteps }).emailNeeded).toBe('Узнайте e-mail клиента: без него не завершить шаг «КП отправлено».')
    expect(look({ regulation: twoSteps }, {}, { ...mine, contact: { ...mine.contact, emails: ['a@example.com'] } }).emailNeeded).toBeNull()
  })

  it('explains a move that was sent back', () => {
    const because = { rule: 'gate-unmet', needs: ['связаться с клиентом'], stepName: 'Взят в работу' } as const
    const journal = [{ id: '1', at: now, leadId: 42, command: { kind: 'move-stage', leadId: lead.id, from: stageId('WON'), to: lead.stageId, mark: 'b', seenMovedAt: null, because }, outcome: 'done', outcomeDetail: null }] as const
    expect(look({ watch: withWatch({ step: { sentBackAt: [now] } }), journal }).sentBack).toEqual({ at: now, because: 'Чтобы завершить шаг «Взят в работу», нужно: связаться с клиентом.' })
    expect(look({ journal }).sentBack).toBeNull()
  })

  it('shows who may be the same client, and not whoever was called another one (S1-D7)', () => {
    const found: readonly Duplicate[] = [
      { kind: 'contact', id: 5, title: 'Иван', responsibleId: head, by: ['phone', 'email'], open: true },
      { kind: 'company', id: 6, title: 'Ромашка', responsibleId: null, by: ['name'], open: true },
      { kind: 'lead', id: 7, title: 'Старый лид', responsibleId: null, by: ['phone'], open: false },
    ]
    // Attached a moment ago, and nothing more was read of it.
    expect(look({ duplicates: found }, {}, { ...mine, boundTo: ['contact 5'] }).duplicates?.map(({ kind }) => kind)).not.toContain('contact')
    const { duplicates } = look({ duplicates: found, watch: withWatch({ life: { duplicatesSeen: ['lead:7', 'not:lead:7'] } }) })
    expect(duplicates).toEqual([
      { kind: 'company', id: 6, title: 'Ромашка', open: true, because: 'Похожее название', isHint: true, responsible: null, url: 'https://portal/company/6/', attachable: true },
      { kind: 'contact', id: 5, title: 'Иван', open: true, because: 'Тот же телефон, тот же e-mail', isHint: false, responsible: { id: 8, name: 'Галина' }, url: 'https://portal/contact/5/', attachable: true },
    ])
  })

  it('tells of somebody whom the person does not see on the portal no more than that he is there', () => {
    const found: readonly Duplicate[] = [{ kind: 'contact', id: 5, title: 'Иван', responsibleId: head, by: ['phone'], open: true }]
    const { duplicates } = look({ duplicates: found, visible: new Set(['company 5']) })
    expect(duplicates).toEqual([{ kind: 'contact', id: 5, title: 'Эта карточка вам не видна', open: true, because: 'Тот же телефон', isHint: false, responsible: null, url: 'https://portal/contact/5/', attachable: false }])
  })

  it('offers to attach a client to whoever works on the lead, and not to whoever only sees it', () => {
    const duplicates: readonly Duplicate[] = [{ kind: 'contact', id: 5, title: 'Иван', responsibleId: head, by: ['phone'], open: true }]
    const attachable = (viewer: Partial<Viewer>) => look({ duplicates }, viewer).duplicates?.map(one => one.attachable)
    expect([attachable({}), attachable({ userId: 99 }), attachable({ userId: 99, isAdmin: true })]).toEqual([[true], [false], [true]])
  })

  it('does not call a lead converted whose conversion was undone', () => {
    const forbidden = { ...rules, conversion: { ...rules.conversion, allowed: false } }
    expect(look({ regulation: forbidden, conversion: 'undone' }).conversion).toEqual({ why: 'Регламент не разрешает конвертацию.', status: 'undone' })
    expect(look({ regulation: forbidden, conversion: 'done' }).conversion).toEqual({ why: 'Лид уже сконвертирован.', status: 'done' })
  })

  it('tells whether the lead may be converted from here (S0-27)', () => {
    expect(look().conversion).toEqual({ why: null, status: null })
    const late = { ...rules, conversion: { ...rules.conversion, fromStepId: 'papers' }, steps: [...rules.steps, { ...(rules.steps[0] as Step), id: 'papers', name: { ru: 'Реквизиты получены' }, stageId: stageId('PAPERS') }] }
    expect(look({ regulation: late }).conversion).toEqual({ why: 'Конвертировать можно с шага «Реквизиты получены».', status: null })
    expect(look({ regulation: { ...rules, conversion: { ...rules.conversion, allowed: false } } }).conversion).toBeNull()
    // All steps are done, and none stands on its stage: the conversion is what is left.
    const over = { status: 'closed', leadId: lead.id, outcome: 'qualified', closedAt: now, stageId: stageId('QUALIFIED'), stepId: 'in-work' } as const
    expect(look({ watch: over }).conversion).toEqual({ why: null, status: null })
    expect(look({ watch: over }, {}, { ...mine, semantic: 'success' }).conversion).toBeNull()
    expect(look({ conversion: 'done', watch: { status: 'closed', leadId: lead.id, outcome: 'converted', closedAt: now, stageId: lead.stageId } }).conversion?.status).toBe('done')
  })
})

it('lets a lead be refused on a step that asks nothing (S0-9)', () => {
  const steps = rules.steps.map(step => ({ ...step, card: null }))
  const card = look({ regulation: { ...rules, steps } }).card
  expect(card).toMatchObject({ groups: [], closing: false, editable: true, missing: [] })
  expect(card?.result.options).toContain('not-qualified')
})

describe('the acts of the tab over the API', () => {
  const app = (more: Partial<Parameters<typeof createTestApp>[0]> = {}, regulationOf: Regulation = rules) => {
    const usual = createTestApp()
    return createTestApp({
      desk: { ...usual.desk, readLead: async () => mine },
      memory: { ...usualMemory, regulation: async () => ({ version: 1, regulation: regulationOf }), watch: async () => active, company: async () => ({ people, calendar: officeHours }) },
      ...more,
    })
  }
  const post = (to: ReturnType<typeof app>, path: string, body: unknown, session: Parameters<typeof to.bearer>[0] = {}) =>
    to.request(`/api/leads/42/${path}`, { method: 'POST', headers: { ...to.bearer(session), 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const typeOf = async (answer: Response) => (await answer.json() as { type: string; detail: string })

  it('moves the deadline only as far as the regulation allows, and says so (S0-23)', async () => {
    expect((await post(app(), 'acts', { kind: 'move-deadline', until: '2026-03-10T12:00:00Z' })).status).toBe(200)
    const answer = await post(app(), 'acts', { kind: 'move-deadline', until: '2026-03-20T12:00:00Z' })
    expect(answer.status).toBe(422)
    expect(await typeOf(answer)).toMatchObject({ type: '/problems/deadline-stays', detail: 'Так далеко переносить срок регламент не разрешает. Выберите более раннее время.' })
  })

  it('refuses a wait beyond the limit with what is left (S3-24)', async () => {
    const answer = await post(app(), 'acts', { kind: 'wait', until: '2026-06-10T12:00:00Z', comment: 'В отпуске' })
    expect(await typeOf(answer)).toMatchObject({ type: '/problems/wait-refused', detail: 'Так долго ждать нельзя: по регламенту осталось дней — 30. Выберите дату раньше или закройте лид с датой возврата.' })
    const never = await post(app({}, { ...rules, waiting: { ...rules.waiting, allowed: false } }), 'acts', { kind: 'wait', until: '2026-03-11T12:00:00Z', comment: 'В отпуске' })
    expect((await typeOf(never)).type).toBe('/problems/wait-refused')
  })

  it('gives the lead to somebody else for a head only, with his own rights on the portal', async () => {
    const byHead = createTestApp()
    const saved: unknown[] = []
    const desk = { ...byHead.desk, readLead: async () => mine, saveFields: async (_id: string, token: string, _lead: unknown, values: unknown) => void saved.push({ token, values }) }
    const first = app({ desk })
    expect((await post(first, 'acts', { kind: 'reassign', userId: 9 }, { userId: 8, accessToken: 'heads' })).status).toBe(200)
    expect(first.done.filter(({ what }) => what === 'act')).toMatchObject([{ more: { leadId: 42, kind: 'reassign', toUserId: 9, byUserId: 8 } }])
    expect(saved).toEqual([{ token: 'heads', values: { assignedById: 9 } }])
    const again = app({ desk })
    expect((await post(again, 'acts', { kind: 'reassign', userId: 7 }, { userId: 8 })).status).toBe(200)
    expect(again.done.filter(({ what }) => what === 'act')).toEqual([])
    expect((await typeOf(await post(app({ desk }), 'acts', { kind: 'reassign', userId: 9 }))).type).toBe('/problems/heads-only')
    expect((await post(app({ desk }), 'acts', { kind: 'reassign', userId: 99 }, { userId: 8 })).status).toBe(400)
    expect(saved).toHaveLength(2)
  })

  it('attaches a found client for whoever works on the lead (S1-D6)', async () => {
    const own = app()
    expect((await post(own, 'clients', { kind: 'contact', id: 5 })).status).toBe(200)
    expect((await typeOf(await post(app(), 'clients', { kind: 'contact', id: 5 }, { userId: 9 }))).type).toBe('/problems/not-your-lead')
    expect((await post(app(), 'clients', { kind: 'lead', id: 5 })).status).toBe(400)
  })

  it('says why a lead that has a company gets no other one', async () => {
    const attachClient = () => Promise.reject(new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixCode: otherCompanyBound }))
    const answer = await post(app({ desk: { ...createTestApp().desk, readLead: async () => mine, attachClient } }), 'clients', { kind: 'company', id: 5 })
    expect([answer.status, (await typeOf(answer)).type]).toEqual([409, '/problems/company-bound'])
  })

  it('asks with the person’s own token which duplicates he sees', async () => {
    const asks: unknown[] = []
    const found: readonly Duplicate[] = [5, 6].map(id => ({ kind: 'contact', id, title: `Иван ${id}`, responsibleId: null, by: ['phone'], open: true }))
    const visibleItems: AppDeps['desk']['visibleItems'] = async (_id, token, refs) => {
      asks.push([token, refs.map(({ id }) => id)])
      return refs.filter(({ id }) => id === 6)
    }
    const own = createTestApp()
    const many = createTestApp({ memory: { ...usualMemory, duplicates: async () => found }, desk: { ...own.desk, readLead: async () => mine, visibleItems } })
    const titles = async (): Promise<unknown> => {
      const answer = await many.request('/api/leads/42', { headers: many.bearer({ userId: 7, accessToken: 'his' }) })
      return LeadView.parse(await answer.json()).duplicates?.map(({ title }) => title)
    }
    expect([await titles(), await titles()]).toEqual([['Эта карточка вам не видна', 'Иван 6'], ['Эта карточка вам не видна', 'Иван 6']])
    expect(asks).toEqual([['his', [5, 6]]])
  })
})
