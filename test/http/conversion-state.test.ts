import { describe, expect, it } from 'vitest'
import { LastConversion, UndoView } from '../../server/contract/conversion.ts'
import { stepsOf } from '../../server/domain/conversion/steps.ts'
import { thinPlan, thinResult, thinStep } from '../../server/domain/conversion/thin.ts'
import type { Touch } from '../../server/domain/conversion/undo.ts'
import { stageId, userId } from '../../server/domain/lead.ts'
import { PortalError } from '../../server/portal/error.ts'
import { tellWords } from '../../server/domain/sentences/conversion.ts'
import type { StoredConversion, StoredStep } from '../../server/store/conversions.ts'
import { client, facts, innOfOrganisation, phone, plan } from '../domain/conversion/support.ts'
import { adminToken, createTestApp, usualMemory } from './support.ts'
import { lead } from './values.ts'
import { get, makes, path, planOf, problem, send, stateFor, stepRow, stored, unusedConversions, world } from './conversion-world.ts'

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

  it('offers the undoing to whoever has converted, within its days only', async () => {
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
    const links = [{ undo: { key: 'deal', kind: 'restore', object: 'deal', id: 5, fields: {}, means: [], companyId: null, contactIds: [102] }, outlook: { outcome: 'kept', why: 'touched', words: null, by: [{ what: 'used-by', object: 'contact' }] } }] as const
    const changed = { key: 'deal', kind: 'change', object: 'deal', id: 5, fields: {}, means: [], companyId: null, contactIds: [{ of: 'contact' }] } as const
    const linked = world({ last: async () => stored({ steps: [stepRow(changed)] }), outlook: async () => links })
    expect(UndoView.parse(await (await get(linked.app, `${path}/undo`)).json()).kept).toMatchObject([{ title: 'Изменения в сделке', why: 'Контакт, к которому это относится, остаётся.' }])
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
    expect((await stateFor({ steps: [tasks({ result: { refused: ['89000000071', '100'] } })] })).checklist[0]).toBe('Не перенесено: Задачи. 89000000071 Битрикс24 отказал и не объяснил почему (100).')
  })

  it('lets the one who waits for a silent portal take back what was made', async () => {
    const running = { status: 'running', endedAt: null, failures: 1 } as const
    expect(await stateFor(running)).toMatchObject({ mayTakeBack: true, mayRetry: false, sentence: 'Конвертация идёт. Портал не отвечает, попытка повторится.' })
    expect(await stateFor({ ...running, failures: 0 })).toMatchObject({ mayTakeBack: false, sentence: 'Конвертация идёт.' })
    expect(await stateFor({ status: 'held', endedAt: null })).toMatchObject({ mayTakeBack: true, mayRetry: true })
    expect(await stateFor({ ...running, byUserId: userId(8) }, {}, { responsibleId: 99 })).toMatchObject({ mayTakeBack: false })
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

  it('is settled by whoever works on the lead now, and undone by who has begun it only as long as he does', async () => {
    const others = { byUserId: userId(8) }
    const settled: string[] = []
    const change = (what: string) => async () => { settled.push(what); return stored({ ...others, status: 'running' }) }
    const { app } = world({ last: async () => stored({ ...others, status: 'held', endedAt: null }), retry: change('retry'), takeBack: change('take-back') })
    expect(await stateFor({ ...others, status: 'held', endedAt: null })).toMatchObject({ mayRetry: true, mayTakeBack: true })
    for (const way of ['retry', 'take-back']) expect((await send(app, `${path}/${way}`)).status).toBe(202)
    expect(settled).toEqual(['retry', 'take-back'])
    expect(await stateFor({ status: 'held', endedAt: null }, {}, { responsibleId: 99 })).toMatchObject({ mayRetry: false, mayTakeBack: false, undo: null })
    expect(await stateFor({}, {}, { responsibleId: 99 })).toMatchObject({ undo: null })
    const former = world({ last: async () => stored(), undo: change('undo'), retry: change('retry') }, { responsibleId: 99 })
    for (const way of ['undo', 'retry']) expect((await problem(await send(former.app, `${path}/${way}`))).type).toBe('/problems/not-your-lead')
    expect(settled).toHaveLength(2)
  })

  it('asks whether an administrator is one when he does something, not when he looks', async () => {
    const played = world({ last: async () => stored({ byUserId: userId(8) }), undo: async () => stored({ status: 'undoing' }) }, { responsibleId: 99 })
    const asked = async (session: Parameters<typeof played.app.bearer>[0]) => {
      const headers = { 'content-type': 'application/json', ...played.app.bearer({ isAdmin: true, ...session }) }
      const before = played.app.asked.length
      const looked = await played.app.request(path, { headers })
      const seen = played.app.asked.length
      const undone = await played.app.request(`${path}/undo`, { method: 'POST', headers, body: '{}' })
      return [looked.status, seen - before, undone.status, played.app.asked.length - seen]
    }
    expect(await asked({ userId: 1, accessToken: adminToken })).toEqual([200, 0, 202, 1])
    expect(await asked({ userId: 7 })).toEqual([200, 0, 403, 1])
  })

  it('tells the application’s own trouble at the look before undoing as the application’s', async () => {
    const { app } = world({ last: async () => stored(), outlook: async () => { throw new PortalError({ code: 'auth-lost', method: 'batch' }) } })
    expect((await problem(await get(app, `${path}/undo`))).type).toBe('/problems/portal-suspended')
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

describe('when nothing can be undone any more', () => {
  const given = {
    inn: innOfOrganisation, clients: [client('company', 4, { title: 'ООО «Кедр»', by: ['bound'], fields: { utmSource: 'old' } })],
    lead: { companyId: 4, means: [phone('+7 900 000-00-77'), phone('+7 900 000-00-78')], fields: { companyTitle: 'ООО «Кедр»', utmSource: 'new' } },
  }
  const whole = plan(given, { means: { 'phone +7 900 000-00-78': 'none' } })
  const rows = stepsOf(whole, facts(given), tellWords('ru')).map((step, place) => stepRow(step, { place, result: { id: 100 + place, before: { a: 1 }, ...(step.key === 'deal' ? { refused: ['comments'] } : {}) } }))
  const thinned = rows.map(row => ({ ...row, step: thinStep(row.step), result: row.result === null ? null : thinResult(row.result) }))
  const stateOf = async (change: Partial<StoredConversion>) => LastConversion.parse(await (await get(world({ last: async () => stored({ undoUntil: '2026-03-10T08:00:00Z', ...change }) }).app, path)).json()).conversion

  it('tells the same of what was made and of what to look at, but for values of the client that were left out', async () => {
    const before = await stateOf({ plan: whole, steps: rows })
    const after = await stateOf({ plan: thinPlan(whole), steps: thinned })
    expect(before?.checklist.filter(line => line.includes('900 000-00-78'))).toHaveLength(1)
    expect(before?.checklist.some(line => line.includes('Не перенесено'))).toBe(true)
    expect(after).toEqual({ ...before, checklist: before?.checklist.filter(line => !line.includes('900 000-00-78')) })
    expect(after?.links.length).toBeGreaterThan(2)
  })
})
