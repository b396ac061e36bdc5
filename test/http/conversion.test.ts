import { describe, expect, it } from 'vitest'
import { ConversionState, ConversionView, LastConversion, UndoView } from '../../server/contract/conversion.ts'
import { Problem } from '../../server/contract/problem.ts'
import type { ConversionFacts } from '../../server/domain/conversion/facts.ts'
import type { Touch } from '../../server/domain/conversion/undo.ts'
import { stageId, userId } from '../../server/domain/lead.ts'
import type { AppDeps } from '../../server/http/app.ts'
import type { ConversionAsk } from '../../server/jobs/conversion-desk.ts'
import type { StoredConversion, StoredStep } from '../../server/store/conversions.ts'
import { client, email, facts as factsOf, fieldInfos, info, openDeal, phone } from '../domain/conversion/support.ts'
import { adminToken, createTestApp, managerToken, usualMemory, type TestApp } from './support.ts'
import { lead, regulation } from './values.ts'

const facts = factsOf({ lead: { id: lead.id, stageId: lead.stageId, fields: { companyTitle: 'ООО «Ромашка»' }, means: [phone('+7 900 000-00-01'), email('info@example.com')] } })

const unusedConversions: AppDeps['conversions'] = {
  begin: () => Promise.reject(new Error('nothing is begun here')),
  last: async () => null, status: async () => null, retry: async () => null, takeBack: async () => null, outlook: async () => [], undo: async () => null,
}

interface World {
  readonly app: TestApp
  readonly asks: ConversionAsk[]
  readonly read: string[]
}

/** A desk that remembers what it was asked, and answers one conversion. */
const world = (change: Partial<AppDeps['conversions']> = {}, given: { readonly facts?: ConversionFacts | (() => ConversionFacts); readonly responsibleId?: number; readonly allowed?: boolean; readonly directorId?: number } = {}): World => {
  const asks: ConversionAsk[] = []
  const read: string[] = []
  const conversions: AppDeps['conversions'] = {
    ...unusedConversions,
    begin: async (_id, ask) => {
      asks.push(ask)
      return stored({ plan: ask.plan, steps: ask.steps.map((step, place): StoredStep => ({ place, step, state: 'done', attempts: 1, begunAt: null, result: step.kind === 'create' ? { id: 100 + place } : {}, words: null })) })
    },
    ...change,
  }
  const usual = createTestApp()
  const desk: AppDeps['desk'] = {
    ...usual.desk,
    readLead: async () => ({ ...lead, responsibleId: userId(given.responsibleId ?? 7) }),
    readConversion: async (_id, token) => {
      read.push(token)
      return typeof given.facts === 'function' ? given.facts() : given.facts ?? facts
    },
  }
  const settings = { ...regulation, roles: { ...regulation.roles, directorId: given.directorId === undefined ? null : userId(given.directorId) }, conversion: { ...regulation.conversion, allowed: given.allowed ?? true, fromStepId: null } }
  return { app: createTestApp({ conversions, desk, memory: { ...usualMemory, regulation: async () => ({ version: 4, regulation: settings }) } }), asks, read }
}

const stored = (change: Partial<StoredConversion> = {}): StoredConversion => ({
  id: 'c1', leadId: lead.id, status: 'done', byUserId: userId(7), byUserName: 'Михаил', regulationVersion: 4, plan: { objects: [], means: [], products: [], requisites: null } as unknown as StoredConversion['plan'],
  why: null, whyWords: null, elsewhere: [], startedAt: '2026-03-10T08:59:00Z', endedAt: '2026-03-10T09:00:00Z', undoUntil: '2026-03-13T09:00:00Z', undoneById: null, failures: 0, steps: [], ...change,
})

const stepRow = (step: StoredStep['step'], change: Partial<StoredStep> = {}): StoredStep => ({ place: 0, step, state: 'done', attempts: 1, begunAt: null, result: {}, words: null, ...change })
const makes = (object: 'deal' | 'contact' | 'company', id: number, change: Partial<StoredStep> = {}): StoredStep =>
  stepRow({ key: object, kind: 'create', object, fields: {}, means: [], companyId: null, contactIds: [] }, { result: { id }, ...change })
const planOf = (...kinds: readonly ('deal' | 'contact' | 'company')[]): StoredConversion['plan'] =>
  ({ objects: kinds.map(kind => ({ kind, action: 'create', id: null, title: `Ромашка ${kind}`, fields: [], candidates: [] })), means: [], products: [], requisites: null }) as unknown as StoredConversion['plan']
const stateFor = async (conversion: Partial<StoredConversion>, session: Parameters<TestApp['bearer']>[0] = {}, given: { readonly responsibleId?: number } = {}): Promise<ConversionState> => {
  const { app } = world({ last: async () => stored(conversion) }, given)
  const answer = await app.request(path, { headers: app.bearer(session) })
  const { conversion: found } = LastConversion.parse(await answer.json())
  if (found === null) throw new Error('there is no conversion')
  return found
}

const path = `/api/leads/${lead.id}/conversion`
const send = (app: TestApp, at: string, body: unknown = {}, language: 'ru' | 'en' = 'ru'): Promise<Response> => Promise.resolve(app.request(at, { method: 'POST', headers: { 'content-type': 'application/json', ...app.bearer({ language }) }, body: JSON.stringify(body) }))
const get = (app: TestApp, at: string): Promise<Response> => Promise.resolve(app.request(at, { headers: app.bearer() }))
const problem = async (answer: Response): Promise<Problem> => Problem.parse(await answer.json())

describe('the plan', () => {
  it('shows each object, each field with where it comes from, and each phone with its hint (S0-31, S0-32)', async () => {
    const { app, read } = world()
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view).toMatchObject({ variant: 'organisation', because: 'В лиде указана организация: «ООО „Ромашка“».' })
    expect(view.objects.map(({ kind, action }) => [kind, action])).toEqual([['company', 'create'], ['contact', 'create'], ['deal', 'create']])
    expect(view.objects[0]?.fields[0]).toMatchObject({ key: 'company.title', from: 'Название компании', value: 'ООО «Ромашка»', take: true })
    expect(view.means.map(({ value, to }) => [value, to])).toEqual([['+7 900 000-00-01', 'contact'], ['info@example.com', 'company']])
    expect(view.means.every(({ hint }) => hint !== '')).toBe(true)
    expect(view.lacks).toEqual([])
    expect(read).toEqual([managerToken])
  })

  it('tells sums with their currency, days in words, and nothing of how a record is kept', async () => {
    const deal = [...fieldInfos.deal, info('opened', { type: 'yesno' }), info('isManualOpportunity', { type: 'yesno' }), info('UF_CRM_DAY', { title: 'Монтаж', type: 'date' })]
    const given = { ...facts, fields: { ...fieldInfos, deal, lead: [...fieldInfos.lead, info('opened', { type: 'yesno' }), info('isManualOpportunity', { type: 'yesno' }), info('UF_CRM_DAY', { title: 'Монтаж', type: 'date' })] } }
    const lead = { ...given.lead, products: [{ name: 'Дуб', productId: null, price: 45_000.5, quantity: 2, row: {} }], fields: { ...given.lead.fields, opportunity: 90_001, opened: 'Y', isManualOpportunity: 'Y', UF_CRM_DAY: '2026-03-15' } }
    const { app } = world({}, { facts: { ...given, lead } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    const fields = view.objects.at(-1)?.fields ?? []
    expect(fields.find(({ key }) => key === 'deal.opportunity')?.valueText.replaceAll(/\s/g, ' ')).toBe('90 001 ₽')
    expect(fields.find(({ key }) => key === 'deal.UF_CRM_DAY')?.valueText).toBe('15 марта 2026 г.')
    expect(view.objects.flatMap(object => object.fields).filter(({ key }) => /opened|isManual/.test(key))).toEqual([])
    expect(view.products.rows.map(({ price }) => price.replaceAll(/\s/g, ' '))).toEqual(['45 000,50 ₽'])
  })

  it.each([
    ['brings the lead’s currency along to a deal without a sum', 0, {}, '1 000 $', ''],
    ['is told in the deal’s currency where the lead’s is not taken', 0, { 'deal.currencyId': { take: false } }, '1 000 ₽', ''],
    ['is told in the deal’s currency where it takes the place of another sum', 500, { 'deal.opportunity': { take: true } }, '1 000 ₽', '500 ₽'],
  ])('of a sum %s', async (_how, opportunity, choices, proposed, current) => {
    const given = { ...facts, clients: [client('contact', 3)], deals: [openDeal(51, { contactIds: [3], fields: { opportunity, currencyId: 'RUB' } })], lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: '', opportunity: 1_000, currencyId: 'USD' } } }
    const { app } = world({}, { facts: given })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { use: { deal: 51 }, fields: choices } })).json())
    const sum = view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.opportunity')
    expect([sum?.valueText, sum?.currentText].map(text => text?.replaceAll(/\s/g, ' '))).toEqual([proposed, current])
  })

  it('tells a sum without the lead’s currency in the portal’s, which a new deal gets', async () => {
    const { app } = world({}, { facts: { ...facts, lead: { ...facts.lead, fields: { ...facts.lead.fields, opportunity: 1_000, currencyId: 'USD' } } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { fields: { 'deal.currencyId': { take: false } } } })).json())
    expect(view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.opportunity')?.valueText.replaceAll(/\s/g, ' ')).toBe('1 000 ₽')
  })

  it('tells what stays in the lead only, and offers nobody of a company that is the client', async () => {
    const [group] = regulation.card.groups
    const question = group?.questions[0]
    if (question === undefined) throw new Error('the card has no question')
    const company = client('company', 4, { by: ['inn'], title: 'ООО «Ромашка»', fields: { title: 'ООО «Ромашка»' } })
    const { app } = world({}, { facts: { ...facts, clients: [company], lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: '', [question.field]: 'дуб' } } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view.staying).toEqual([{ title: question.title.ru, value: 'дуб' }])
    expect(view.objects.map(({ kind, action, optional }) => [kind, action, optional])).toEqual([['company', 'use', false], ['contact', 'create', true], ['deal', 'create', false]])
    expect(view.means.map(({ onlyInLead }) => onlyInLead)).toEqual([true, true])
    const nobody = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { use: { contact: 'none' } } })).json())
    expect(nobody.objects.map(({ kind, action, optional }) => [kind, action, optional])).toEqual([['company', 'use', false], ['contact', 'none', true], ['deal', 'create', false]])
    expect(nobody.seen).not.toBe(view.seen)
  })

  it('follows what the person decides without asking the portal again', async () => {
    const { app, read } = world()
    await send(app, `${path}/plan`)
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices: { variant: 'person', means: { 'phone +7 900 000-00-01': 'none' } } })).json())
    expect(view.objects.map(({ kind }) => kind)).toEqual(['contact', 'deal'])
    expect(view.means[0]?.to).toBe('none')
    expect(read).toHaveLength(1)
  })

  it.each([['ru', '1 декабря 2026 г.', '2 декабря 2026 г., 10:30'], ['en', '1 December 2026', '2 December 2026, 10:30']] as const)('says days and moments as people write them: %s', async (language, day, moment) => {
    const { app } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_DAY', { type: 'date' }), info('UF_CRM_AT', { type: 'datetime' })] } } })
    const choices = { fields: { 'deal.UF_CRM_DAY': { value: '2026-12-01' }, 'deal.UF_CRM_AT': { value: '2026-12-02T10:30:00+03:00' } } }
    const view = ConversionView.parse(await (await send(app, `${path}/plan`, { choices }, language)).json())
    const words = (key: string) => view.objects.at(-1)?.fields.find(field => field.key === key)?.valueText
    expect([words('deal.UF_CRM_DAY'), words('deal.UF_CRM_AT')]).toEqual([day, moment])
  })

  it('names what is missing, with the field it is about (S0-30)', async () => {
    const { app } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_CITY', { title: 'Город', required: true })] } } })
    const view = ConversionView.parse(await (await send(app, `${path}/plan`)).json())
    expect(view.lacks).toEqual([{ key: 'deal.UF_CRM_CITY', text: 'Заполните обязательное поле «Город» в карточке сделки.', mendable: true }])
    expect(view.objects.at(-1)?.fields.find(({ key }) => key === 'deal.UF_CRM_CITY')).toMatchObject({ required: true, editable: true, problem: 'Заполните обязательное поле «Город» в карточке сделки.' })
  })

  it.each([
    [{ choices: { variant: 'everything' } }, 'choices.variant'],
    [{ choices: { fields: { 'lead.title': { take: true } } } }, 'choices.fields.lead.title'],
    [{ choices: { use: { deal: 'any' } } }, 'choices.use.deal'],
  ])('refuses %j with the name of what is wrong', async (body, field) => {
    const { app } = world()
    const answer = await send(app, `${path}/plan`, body)
    expect(answer.status).toBe(400)
    expect((await problem(answer)).fields?.map(one => one.field)).toContain(field)
  })
})

describe('the beginning', () => {
  const seenOf = async (app: TestApp): Promise<string> => ConversionView.parse(await (await send(app, `${path}/plan`)).json()).seen

  it('carries out the plan that was seen, and answers with links to all and what to check (S0-31)', async () => {
    const { app, asks, read } = world()
    const answer = await send(app, path, { seen: await seenOf(app) })
    expect(answer.status).toBe(202)
    const state = ConversionState.parse(await answer.json())
    expect(state).toMatchObject({ status: 'done', sentence: 'Лид сконвертирован.', undo: { until: '2026-03-13T09:00:00Z' } })
    expect(state.links.map(({ kind }) => kind)).toEqual(['deal', 'contact', 'company', 'lead'])
    expect(state.checklist.length).toBeGreaterThan(1)
    expect(asks).toMatchObject([{ leadId: lead.id, byUserId: 7, accessToken: managerToken, regulationVersion: 4 }])
    expect(asks[0]?.steps.at(-2)?.kind).toBe('finish-lead')
    // Read anew: what was seen may be old.
    expect(read).toHaveLength(2)
  })

  it('is refused when the data has changed since the plan was seen', async () => {
    let title = 'ООО «Ромашка»'
    const { app, asks } = world({}, { facts: () => ({ ...facts, lead: { ...facts.lead, fields: { ...facts.lead.fields, companyTitle: title } } }) })
    const seen = await seenOf(app)
    title = 'ООО «Лютик»'
    const answer = await send(app, path, { seen })
    expect(answer.status).toBe(409)
    expect((await problem(answer)).type).toBe('/problems/plan-changed')
    expect(asks).toEqual([])
  })

  it('is refused while something obligatory is missing, by name (S0-30)', async () => {
    const { app, asks } = world({}, { facts: { ...facts, fields: { ...fieldInfos, deal: [...fieldInfos.deal, info('UF_CRM_CITY', { title: 'Город', required: true })] } } })
    const answer = await send(app, path, { seen: await seenOf(app) })
    expect(answer.status).toBe(422)
    expect((await problem(answer)).fields).toEqual([{ field: 'deal.UF_CRM_CITY', message: 'Заполните обязательное поле «Город» в карточке сделки.' }])
    expect(asks).toEqual([])
  })

  it('answers the conversion that is under way instead of beginning a second one', async () => {
    const { app, asks } = world({ last: async () => stored({ status: 'running', endedAt: null }) })
    const answer = await send(app, path, { seen: 'anything' })
    expect(ConversionState.parse(await answer.json())).toMatchObject({ id: 'c1', status: 'running' })
    expect(asks).toEqual([])
  })

  it('is not for somebody who only sees the lead, and not where the regulation does not allow it', async () => {
    const stranger = world({}, { responsibleId: 99 })
    expect((await problem(await send(stranger.app, `${path}/plan`))).type).toBe('/problems/not-your-lead')
    expect((await problem(await send(stranger.app, path, { seen: 'x' }))).type).toBe('/problems/not-your-lead')
    expect(stranger.read).toEqual([])
    const forbidden = world({}, { allowed: false })
    expect((await problem(await send(forbidden.app, path, { seen: await seenOf(forbidden.app) }))).fields).toEqual([{ field: 'lead', message: 'Регламент не разрешает конвертацию.' }])
  })
})

describe('afterwards', () => {
  it('tells that there was none', async () => {
    expect(LastConversion.parse(await (await get(world().app, path)).json())).toEqual({ conversion: null })
  })

  it.each([
    [{ status: 'taken-back', why: 'no-right' }, 'не разрешил вам создать'],
    [{ status: 'taken-back', why: 'refused', whyWords: 'Поле «Город» обязательно' }, 'Поле «Город» обязательно'],
    [{ status: 'taken-back', why: 'converted-elsewhere', elsewhere: [55] }, 'сконвертировали в самом Битрикс24'],
    [{ status: 'held', why: 'refused', whyWords: 'Заполните бюджет' }, 'Заполните бюджет'],
    [{ status: 'held', why: 'not-reopened', whyWords: 'Стадия закрыта' }, 'не вернул лид на прежнюю стадию. Ничего не убрано. Портал сообщил: Стадия закрыта'],
  ] as const)('says in a sentence what has become of it: %j', async (change, words) => {
    const { app } = world({ last: async () => stored(change as Partial<StoredConversion>) })
    const { conversion } = LastConversion.parse(await (await get(app, path)).json())
    expect(conversion?.sentence).toContain(words)
    expect(conversion?.undo).toBeNull()
    if (change.why === 'converted-elsewhere') expect(conversion?.links).toMatchObject([{ kind: 'deal', id: 55 }])
  })

  it('offers the undoing to whoever has converted, within its days only (S3-28)', async () => {
    const mine = LastConversion.parse(await (await get(world({ last: async () => stored() }).app, path)).json())
    expect(mine.conversion?.undo).toEqual({ until: '2026-03-13T09:00:00Z' })
    const late = LastConversion.parse(await (await get(world({ last: async () => stored({ undoUntil: '2026-03-10T08:00:00Z' }) }).app, path)).json())
    expect(late.conversion?.undo).toBeNull()
    const strangers = world({ last: async () => stored({ byUserId: userId(8) }) })
    expect(LastConversion.parse(await (await get(strangers.app, path)).json()).conversion?.undo).toBeNull()
    expect((await problem(await send(strangers.app, `${path}/undo`))).type).toBe('/problems/not-your-lead')
  })

  it('offers the undoing to the director who is responsible for the lead himself', async () => {
    const view = (directorId: number) => get(world({ last: async () => stored({ byUserId: userId(99) }) }, { directorId }).app, path)
    expect(LastConversion.parse(await (await view(7)).json()).conversion?.undo).toEqual({ until: '2026-03-13T09:00:00Z' })
    expect(LastConversion.parse(await (await view(8)).json()).conversion?.undo).toBeNull()
  })

  it('shows what undoing removes and what stays, with why', async () => {
    const outlook = [
      { undo: { key: 'deal', kind: 'delete', object: 'deal', id: 101, updatedAt: null, after: {}, linked: [] }, outlook: { outcome: 'taken-back' } },
      { undo: { key: 'contact', kind: 'delete', object: 'contact', id: 102, updatedAt: null, after: {}, linked: [] }, outlook: { outcome: 'kept', why: 'touched', words: null } },
    ] as const
    const { app } = world({ last: async () => stored(), outlook: async () => outlook })
    const whyOf = async (by: readonly Touch[]) => {
      const one = world({ last: async () => stored(), outlook: async () => [{ undo: outlook[1].undo, outlook: { outcome: 'kept', why: 'touched', words: null, by } }] })
      return UndoView.parse(await (await get(one.app, `${path}/undo`)).json()).kept[0]?.why
    }
    expect(await whyOf([{ what: 'fields', names: ['stageId', 'assignedById'] }, { what: 'comments' }, { what: 'tasks' }])).toBe('После конвертации изменено: стадия, ответственный. После конвертации добавлено: комментарий, задача.')
    expect(await whyOf([{ what: 'fields', names: ['ufCrmUnknown'] }])).toBe('После конвертации изменено: данные карточки.')
    expect(await whyOf([{ what: 'used-by', object: 'deal' }])).toBe('Указан в сделке, которая остаётся.')
    const view = UndoView.parse(await (await get(app, `${path}/undo`)).json())
    expect(view.removed).toEqual([{ title: 'Удалить сделку', url: 'https://romashka.bitrix24.ru/crm/deal/details/101/' }])
    expect(view.kept).toMatchObject([{ title: 'Контакт', why: 'Изменено после конвертации или связано с другими объектами, поэтому остаётся.' }])
  })

  it.each([
    [{ status: 'taken-back', why: 'refused' }, 'Битрикс24 не принял данные. Убрать удалось не всё: что осталось и почему, показано ниже.'],
    [{ status: 'taken-back', why: 'converted-elsewhere' }, 'Этот лид тем временем сконвертировали в самом Битрикс24. Убрать удалось не всё: что осталось и почему, показано ниже.'],
    [{ status: 'undone' }, 'Конвертация отменена, лид возвращён в работу. Убрать удалось не всё: что осталось и почему, показано ниже.'],
  ] as const)('does not say that nothing is left where something stayed, and leads to it: %j', async (change, sentence) => {
    const state = await stateFor({ ...change, plan: planOf('deal', 'contact'), steps: [makes('contact', 11, { state: 'taken-back' }), makes('deal', 12, { state: 'kept', words: 'touched' })] })
    expect(state.sentence).toBe(sentence)
    expect(state.links.map(({ kind, id, made }) => [kind, id, made])).toEqual([['deal', 12, true]])
    expect(state.steps.at(-1)?.words).toContain('Изменено после конвертации')
  })

  it('does not say that a lead is back in work which stood on success before the conversion', async () => {
    const finish = stepRow({ key: 'finish-lead', kind: 'finish-lead', leadId: lead.id, from: stageId('CONVERTED'), to: stageId('CONVERTED') }, {})
    expect((await stateFor({ status: 'undone', plan: planOf('deal'), steps: [makes('deal', 12, { state: 'taken-back' }), finish] })).sentence).toBe('Конвертация отменена, лид остался на стадии успеха.')
  })

  it('says that nothing is left where nothing is', async () => {
    const steps = [makes('deal', 12, { state: 'taken-back' })]
    expect(await stateFor({ status: 'taken-back', why: 'refused', whyWords: 'Поле пусто', plan: planOf('deal'), steps })).toMatchObject({ sentence: 'Битрикс24 не принял данные. Ничего не создано. Портал сообщил: Поле пусто', links: [] })
    expect(await stateFor({ status: 'taken-back', why: 'asked', plan: planOf('deal'), steps })).toMatchObject({ sentence: 'Конвертация остановлена, лид остался в работе. Всё созданное убрано.', links: [] })
  })

  it('tells refusals in words where the portal gave a code only', async () => {
    const tasks = (change: Partial<StoredStep>) => stepRow({ key: 'tasks', kind: 'bind-tasks', ids: [1], to: [] }, change)
    const told = async (change: Partial<StoredStep>, session = {}) => (await stateFor({ steps: [tasks(change)] }, session)).steps[0]?.words
    expect(await told({ state: 'refused', words: 'access-denied' })).toBe('Недостаточно прав в Битрикс24.')
    expect(await told({ state: 'refused', words: 'access-denied' }, { language: 'en' })).toBe('Not enough rights in Bitrix24.')
    expect(await told({ state: 'kept', words: 'ERROR_CORE' })).toBe('Битрикс24 отказал и не объяснил почему (ERROR_CORE).')
    expect(await told({ state: 'refused', words: 'Задача удалена' })).toBe('Задача удалена')
    expect((await stateFor({ steps: [tasks({ result: { refused: ['not-found'] } })] })).checklist[0]).toBe('Не перенесено: Задачи. Этого на портале больше нет.')
  })

  it('lets the one who waits for a silent portal take back what was made', async () => {
    const running = { status: 'running', endedAt: null, failures: 1 } as const
    expect(await stateFor(running)).toMatchObject({ mayTakeBack: true, mayRetry: false, sentence: 'Конвертация идёт. Портал не отвечает, попытка повторится.' })
    expect(await stateFor({ ...running, failures: 0 })).toMatchObject({ mayTakeBack: false, sentence: 'Конвертация идёт.' })
    expect(await stateFor({ status: 'held', endedAt: null })).toMatchObject({ mayTakeBack: true, mayRetry: true })
    expect(await stateFor({ ...running, byUserId: userId(8) })).toMatchObject({ mayTakeBack: false })
    expect(await stateFor({ status: 'taking-back', endedAt: null, failures: 2 })).toMatchObject({ mayTakeBack: false, sentence: 'Конвертация не удалась, созданное убирается. Портал не отвечает, попытка повторится.' })
  })

  it('tells somebody who only sees the lead how far it is, without names of clients and the portal’s words', async () => {
    const conversion = { status: 'held', why: 'refused', whyWords: 'Телефон Ивана занят', endedAt: null, plan: planOf('contact'), steps: [makes('contact', 11, { words: 'Иван есть уже' })] } as const
    const strangers = await stateFor({ ...conversion, byUserId: userId(8) }, {}, { responsibleId: 99 })
    expect(JSON.stringify(strangers)).not.toMatch(/Иван|Ромашка/)
    expect(strangers).toMatchObject({ status: 'held', mayTakeBack: false, links: [{ kind: 'contact', id: 11, title: 'Контакт' }] })
    expect(await stateFor({ status: 'done', plan: planOf('contact'), byUserId: userId(8) }, {}, { responsibleId: 99 })).toMatchObject({ checklist: [] })
    for (const state of [await stateFor(conversion, {}, { responsibleId: 99 }), await stateFor({ ...conversion, byUserId: userId(8) }), await stateFor({ ...conversion, byUserId: userId(8) }, { userId: 1, isAdmin: true, accessToken: adminToken }, { responsibleId: 99 })]) {
      expect(state.sentence).toContain('Телефон Ивана занят')
      expect(state.links[0]?.title).toBe('Контакт: Ромашка contact')
    }
  })

  it('asks the portal for the lead not every second while it is under way, and always when it is over', async () => {
    const looks = async (status: StoredConversion['status'], times: number): Promise<number> => {
      let reads = 0
      const { app: { desk } } = world()
      const conversions = { ...unusedConversions, last: async () => stored({ status }) }
      const app = createTestApp({ conversions, memory: usualMemory, desk: { ...desk, readLead: async () => { reads += 1; return lead } } })
      for (let time = 0; time < times; time += 1) expect((await get(app, path)).status).toBe(200)
      return reads
    }
    expect([await looks('running', 3), await looks('undoing', 3), await looks('done', 3)]).toEqual([1, 1, 3])
  })

  it('asks whether an administrator is one only where he can do something about it', async () => {
    const asked = async (conversion: Partial<StoredConversion>): Promise<number> => {
      const { app } = world({ last: async () => stored({ byUserId: userId(8), ...conversion }) }, { responsibleId: 99 })
      await app.request(path, { headers: app.bearer({ userId: 1, isAdmin: true, accessToken: adminToken }) })
      return app.asked.length
    }
    expect([await asked({ status: 'running', failures: 0 }), await asked({ status: 'undone' }), await asked({ status: 'done' }), await asked({ status: 'held' })]).toEqual([0, 0, 1, 1])
  })

  it('refuses what is not possible in this state', async () => {
    const { app } = world({ last: async () => stored({ status: 'done' }) })
    for (const way of ['retry', 'take-back']) expect((await problem(await send(app, `${path}/${way}`))).type).toBe('/problems/conversion-not-here')
    expect((await problem(await send(world().app, `${path}/undo`))).type).toBe('/problems/conversion-not-here')
  })

  it('is hidden with the lead', async () => {
    const { app } = world()
    for (const id of ['0', 'x', '99999999999']) expect((await get(app, `/api/leads/${id}/conversion`)).status).toBe(404)
    expect((await app.request(path)).status).toBe(401)
  })
})
