import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { actionsView, leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse, sessionHandler } from '../client/server-double.ts'
import { actButton, announced, button, choice, field, labelled, leave, openTab, playActs, server, submit, type } from './open-tab.ts'

const line = (id: string, text: string): LeadView['journal'][number] => ({ id, at: '2026-11-23T06:52:01Z', text, kind: 'set-clock', rule: 'attempt-failed', by: 'leadrail' })
const offered = (over: Parameters<typeof actionsView>[0], more: Partial<LeadView> = {}) => leadView({ actions: actionsView(over), ...more })
const callBack = { proposals: ['2026-11-23T08:00:00Z', '2026-11-24T06:00:00Z'], remindMinutes: 15 }
const form = (tab: Element) => tab.querySelector('[data-now] form')
const press = (at: Element | null | undefined, key: string) => at?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

describe('what is to be done now', () => {
  it('is said with its reason, and only what is offered can be pressed', async () => {
    const { tab } = await openTab(offered({ notReached: { count: 1, limit: 4, nextAt: null } }, { next: { text: 'Позвоните клиенту: +7 900 000-00-01.', because: 'Срок – пн, 10:15.' } }))
    expect(tab.querySelector('[data-next]')?.textContent).toBe('Позвоните клиенту: +7 900 000-00-01.')
    expect(tab.textContent).toContain('Срок – пн, 10:15.')
    expect([...tab.querySelectorAll('[data-act]')].map(each => each.textContent.trim())).toEqual(['Не дозвонился: попытка 2 из 4'])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('begins with the call, to the first phone that is not called wrong', async () => {
    const phone = (value: string, e164: string | null) => ({ value, e164, extension: null, verdict: 'ok' as const, problem: null })
    const { tab, frame } = await openTab(offered({ notReached: { count: 0, limit: null, nextAt: null }, wrongNumber: { phones: ['8 900 000-00-02', '8 900 000-00-03'] } }, { contact: { phones: [phone('8 900 000-00-01', '+79000000001'), phone('8 900 000-00-02', '+79000000002'), phone('8 900 000-00-03', '+79000000003')], emails: [] } }))
    const call = tab.querySelector<HTMLButtonElement>('[data-act]')
    expect(call?.textContent.trim()).toBe('Позвонить: 8 900 000-00-02')
    call?.click()
    await settled(1)
    expect(frame.call).toHaveBeenCalledWith('+79000000002')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('is left out where an older server does not speak of it, and of a closed lead', async () => {
    expect((await openTab(leadView())).tab.querySelector('[data-now]')).toBeNull()
    expect((await openTab(offered({}, { status: 'closed', deadline: null }))).tab.querySelector('[data-now]')).toBeNull()
  })

  it('warns of the e-mail that the next step needs, and leads to its question (S0-22)', async () => {
    const { tab } = await openTab(leadView({ emailNeeded: 'Узнайте e-mail клиента: без него не завершить шаг «Оффер».' }))
    expect(tab.querySelector('[data-email-needed]')?.textContent).toContain('Узнайте e-mail')
    button(tab, 'Перейти к e-mail').click()
    expect(document.activeElement).toBe(field(tab, 'MAIL'))
  })
})

describe('an act in one click', () => {
  it('is sent once however often it is pressed; the answer is what is shown, and the host card reads again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 20 })
    const { tab, frame } = await openTab(offered({ notReached: { count: 1, limit: 4, nextAt: null } }))
    const answered = Promise.withResolvers<LeadView>()
    const acts = playActs(() => answered.promise)
    for (let clicks = 0; clicks < 3; clicks += 1) actButton(tab, 'not-reached').click()
    await vi.waitFor(() => expect(acts).toHaveLength(1))
    actButton(tab, 'not-reached').click()
    answered.resolve(offered({ notReached: { count: 2, limit: 4, nextAt: '2026-11-23T08:00:00Z' }, callBack }, { journal: [line('new', 'Не дозвонились: попытка 2 из 4.'), ...leadView().journal] }))
    await vi.waitFor(() => expect(tab.querySelector('[data-note=done]')).not.toBeNull())
    expect(acts).toEqual([{ kind: 'not-reached' }])
    const note = tab.querySelector('[data-note=done]')?.textContent ?? ''
    for (const words of ['Записано: дозвониться не удалось.', 'Не дозвонились: попытка 2 из 4.', 'Следующий звонок — пн 23 ноября, 11:00.']) expect(note).toContain(words)
    expect(note).not.toContain('Решение 1.')
    expect(announced(tab)).toContain('Записано: дозвониться не удалось.')
    expect(actButton(tab, 'not-reached').textContent).toContain('попытка 3 из 4')
    await vi.advanceTimersByTimeAsync(3000)
    expect(frame.reloadHost).toHaveBeenCalledTimes(1)
    vi.useRealTimers()
    button(tab, 'Выбрать другое время').click()
    await settled(1)
    expect(form(tab)?.textContent).toContain('Когда перезвонить')
  })

  it('waits for what was typed before it', async () => {
    const { tab, saves } = await openTab(offered({ take: {} }))
    const order: string[] = []
    server.use(http.patch('*/api/leads/42/card', async () => { await new Promise(done => setTimeout(done, 20)); order.push('answers'); return HttpResponse.json(offered({ take: {} })) }))
    playActs(() => { order.push('act'); return leadView() })
    type(field(tab, 'NAME'), 'Мария')
    actButton(tab, 'take').click()
    await settled(10)
    expect(order).toEqual(['answers', 'act'])
    expect(saves).toEqual([])
  })

  it('refused says why, and nothing is lost of the page', async () => {
    const { tab } = await openTab(offered({ take: {} }))
    playActs(() => refuse(409, { title: 'Этот лид взять нельзя', detail: 'Его уже взял Глеб Орлов.' }))
    actButton(tab, 'take').focus()
    actButton(tab, 'take').click()
    await settled()
    expect(tab.querySelector('[data-note=refused]')?.textContent).toMatch(/Этот лид взять нельзя.*Его уже взял Глеб Орлов\./s)
    expect(tab.querySelector('[data-note=refused]')?.textContent).not.toContain('Возможно, действие всё же записалось')
    expect(announced(tab)).toContain('Этот лид взять нельзя')
    expect(document.activeElement).toBe(actButton(tab, 'take'))
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Скрыть').click()
    await settled(1)
    expect(tab.querySelector('[data-note]')).toBeNull()
  })

  it('whose answer was lost is not repeated; the lead is looked at, and the person is told', async () => {
    const { tab } = await openTab(offered({ notReached: { count: 1, limit: 4, nextAt: null } }))
    const acts = playActs(() => refuse(503, { title: 'Портал сейчас перегружен', detail: 'Повторите через минуту.' }))
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(offered({ notReached: { count: 2, limit: 4, nextAt: null } }))))
    actButton(tab, 'not-reached').click()
    await settled()
    expect(acts).toHaveLength(1)
    expect(tab.querySelector('[data-note=refused]')?.textContent).toContain('Возможно, действие всё же записалось')
    expect(actButton(tab, 'not-reached').textContent).toContain('попытка 3 из 4')
  })

  it('is sent again, once, with a session that had to be renewed', async () => {
    const asked = { times: 0 }
    const { tab } = await openTab(offered({ take: {} }))
    const tokens: (string | null)[] = []
    server.use(sessionHandler('second-token', asked), http.post('*/api/leads/42/acts', ({ request }) => {
      tokens.push(request.headers.get('authorization'))
      return tokens.length === 1 ? refuse(401) : HttpResponse.json(leadView())
    }))
    actButton(tab, 'take').click()
    await settled()
    expect(tokens).toEqual(['Bearer first-token', 'Bearer second-token'])
    expect(tab.querySelector('[data-note=done]')?.textContent).toContain('Вы взяли лид в работу.')
  })
})

describe('an act that something is said for', () => {
  it('opens a form below; Esc closes it, and the focus is back at its button', async () => {
    const { tab } = await openTab(offered({ callBack }))
    actButton(tab, 'call-back').click()
    await settled(1)
    expect(actButton(tab, 'call-back').getAttribute('aria-expanded')).toBe('true')
    expect(form(tab)?.contains(document.activeElement)).toBe(true)
    expect(form(tab)?.textContent).toContain('Напоминание придёт за 15 минут.')
    expect(await accessFaults(tab)).toEqual([])
    press(document.activeElement, 'Escape')
    await settled(1)
    expect(form(tab)).toBeNull()
    expect(document.activeElement).toBe(actButton(tab, 'call-back'))
  })

  it('«перезвонить» takes a proposed moment in one click, or another to the minute', async () => {
    const { tab } = await openTab(offered({ callBack }))
    const acts = playActs(() => offered({ callBack }))
    actButton(tab, 'call-back').click()
    await settled(1)
    button(tab, 'вт 24 ноября, 09:00').click()
    await settled()
    expect(form(tab)).toBeNull()
    expect(document.activeElement).toBe(actButton(tab, 'call-back'))
    actButton(tab, 'call-back').click()
    await settled(1)
    type(labelled(tab, 'Другое время'), '2026-11-25T10:07')
    submit(form(tab))
    await settled()
    expect(acts).toEqual([{ kind: 'call-back', until: '2026-11-24T06:00:00Z' }, { kind: 'call-back', until: '2026-11-25T07:07:00.000Z' }])
    expect(tab.querySelector('[data-note=done]')?.textContent).toContain('Записано: перезвонить ср 25 ноября, 10:07.')
  })

  it('does not send a moment that is over, and says so', async () => {
    const { tab } = await openTab(offered({ callBack }))
    const acts = playActs(() => leadView())
    actButton(tab, 'call-back').click()
    await settled(1)
    type(labelled(tab, 'Другое время'), '2026-11-23T09:00')
    submit(form(tab))
    await settled()
    expect(acts).toEqual([])
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toBe('Укажите время в будущем.')
  })

  it('stays open with what was typed when it is refused (S3-17)', async () => {
    const { tab } = await openTab(offered({ declareCall: { commentRequired: true } }))
    const acts = playActs(() => refuse(500, { title: 'Сервер не ответил', detail: 'Повторите.' }))
    actButton(tab, 'call-declared').click()
    await settled(1)
    submit(form(tab))
    await settled(1)
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toBe('Запишите, о чём договорились.')
    expect(acts).toEqual([])
    type(labelled(tab, 'О чём договорились (обязательно)'), 'Ждёт расчёт до среды.')
    form(tab)?.querySelector('textarea')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))
    await settled()
    expect(acts).toEqual([{ kind: 'call-declared', comment: 'Ждёт расчёт до среды.' }])
    expect(labelled(tab, 'О чём договорились (обязательно)').value).toBe('Ждёт расчёт до среды.')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('«ждать» shows its limit and does not go beyond it (S3-24)', async () => {
    const { tab } = await openTab(offered({ wait: { latest: '2026-12-03', daysLeft: 10 } }))
    const acts = playActs(() => offered({ stopWaiting: {} }, { deadline: null, waiting: { since: '2026-11-23T06:52:00Z', until: '2026-12-01T06:00:00Z' } }))
    actButton(tab, 'wait').click()
    await settled(1)
    expect(form(tab)?.textContent).toContain('Не дольше чем до чт 3 декабря: осталось 10 дней ожидания.')
    const alert = () => form(tab)?.querySelector('[role=alert]')?.textContent
    type(labelled(tab, 'День'), '2026-11-20')
    button(tab, 'Ждать').focus()
    submit(form(tab)); await settled(1)
    expect([alert(), document.activeElement]).toEqual(['Укажите день позже сегодняшнего.', labelled(tab, 'День')])
    type(labelled(tab, 'День'), '2026-12-01')
    submit(form(tab)); await settled(1)
    expect([alert(), document.activeElement]).toEqual(['Напишите, чего ждём.', labelled(tab, 'Чего ждём (обязательно)')])
    expect([...form(tab)?.querySelectorAll('[aria-invalid=true]') ?? []]).toEqual([document.activeElement])
    type(labelled(tab, 'Чего ждём (обязательно)'), 'Клиент в отпуске.')
    type(labelled(tab, 'День'), '2026-12-04')
    submit(form(tab)); await settled(1)
    expect(alert()).toBe('Так долго ждать нельзя: не дольше чем до чт 3 декабря.')
    type(labelled(tab, 'День'), '2026-12-01')
    submit(form(tab)); await settled()
    expect(acts).toEqual([{ kind: 'wait', until: '2026-12-01T06:00:00.000Z', comment: 'Клиент в отпуске.' }])
    expect(tab.querySelector('[data-note=done]')?.textContent).toContain('Ждём до вт 1 декабря, 09:00.')
    expect(actButton(tab, 'stop-waiting').textContent).toContain('Закончить ожидание')
  })

  it('of a deadline shows how often and how far it may be moved (S0-23)', async () => {
    const { tab } = await openTab(offered({ moveDeadline: { made: 1, most: 2, latest: '2026-11-24T15:00:00Z' } }))
    const acts = playActs(() => leadView())
    actButton(tab, 'move-deadline').click()
    await settled(1)
    expect(form(tab)?.textContent).toContain('Сделано переносов: 1 из 2. Не позже вт 24 ноября, 18:00.')
    type(labelled(tab, 'Дата и время'), '2026-11-24T18:30')
    submit(form(tab)); await settled(1)
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toContain('не позже вт 24 ноября, 18:00')
    type(labelled(tab, 'Дата и время'), '2026-11-24T18:00')
    type(labelled(tab, 'Почему'), 'Клиент попросил.')
    submit(form(tab)); await settled()
    expect(acts).toEqual([{ kind: 'move-deadline', until: '2026-11-24T15:00:00.000Z', comment: 'Клиент попросил.' }])
  })
})

describe('a wrong number', () => {
  it('is asked about by name where there is one phone, and a choice where there are several', async () => {
    const one = await openTab(offered({ wrongNumber: { phones: ['+7 900 000-00-01'] } }))
    const acts = playActs(() => leadView())
    actButton(one.tab, 'wrong-number').click()
    await settled()
    expect(form(one.tab)?.textContent).toContain('Номер +7 900 000-00-01 неверный?')
    expect(document.activeElement?.textContent.trim()).toBe('Отметить неверным')
    expect(await accessFaults(one.tab)).toEqual([])
    press(document.activeElement, 'Escape'); await settled(1)
    expect([form(one.tab), document.activeElement]).toEqual([null, actButton(one.tab, 'wrong-number')])
    expect(acts).toEqual([])
    actButton(one.tab, 'wrong-number').click(); await settled(1)
    submit(form(one.tab)); await settled()
    const two = await openTab(offered({ wrongNumber: { phones: ['+7 900 000-00-01', '+7 900 000-00-02'] } }))
    const more = playActs(() => leadView())
    actButton(two.tab, 'wrong-number').click()
    await settled(1)
    expect(more).toEqual([])
    button(two.tab, '+7 900 000-00-02').click()
    await settled()
    expect(acts).toEqual([{ kind: 'wrong-number', phone: '+7 900 000-00-01' }])
    expect(more).toEqual([{ kind: 'wrong-number', phone: '+7 900 000-00-02' }])
  })
})

describe('a number marked wrong', () => {
  const phone = { value: '+7 900 000-00-01', e164: '+79000000001', extension: null, verdict: 'ok' as const, problem: null }
  const marked = (more: Partial<LeadView> = {}) => offered({ callBack, rightNumber: { phones: [phone.value] } }, { contact: { phones: [{ ...phone, isWrong: true }], emails: [] }, ...more })

  it('may be taken back at once, where it was told', async () => {
    const { tab } = await openTab(offered({ callBack, wrongNumber: { phones: [phone.value] } }, { contact: { phones: [phone], emails: [] } }))
    const acts = playActs(() => marked())
    actButton(tab, 'wrong-number').click(); await settled(1)
    submit(form(tab)); await settled()
    tab.querySelector<HTMLButtonElement>('[data-now] [data-note] p button')?.click(); await settled()
    expect(acts).toEqual([{ kind: 'wrong-number', phone: phone.value }, { kind: 'right-number', phone: phone.value }])
  })

  it('is neither called nor hidden, and is right again in one click', async () => {
    const { tab } = await openTab(marked())
    const shown = tab.querySelector('[data-phone]')
    expect(shown?.textContent).toContain('Отмечен как неверный.')
    expect([...shown?.querySelectorAll('button') ?? []].map(each => each.getAttribute('aria-label'))).toEqual(['Номер верный: +7 900 000-00-01'])
    expect(tab.querySelector('[data-act=call]')).toBeNull()
    expect(tab.querySelector('[data-no-phone]')?.textContent).toContain('Звонить некуда')
    expect(await accessFaults(tab)).toEqual([])
    const acts = playActs(() => offered({ callBack, notReached: { count: 0, limit: 4, nextAt: null } }, { contact: { phones: [phone], emails: [] } }))
    button(tab, 'Номер верный').click(); await settled()
    expect(acts).toEqual([{ kind: 'right-number', phone: phone.value }])
    expect(tab.querySelector('#lead-contact [data-note=done]')?.textContent).toContain('номер +7 900 000-00-01 верный')
    expect(tab.querySelector('[data-no-phone]')).toBeNull()
  })
})

describe('attempts that are used up', () => {
  it('propose the refusal, whose reason is still to be chosen (S2-11)', async () => {
    const { tab, saves } = await openTab(offered({ notReached: { count: 4, limit: 4, nextAt: null } }))
    expect(tab.querySelector('[data-attempts-spent]')?.textContent).toContain('Дозвониться не удалось 4 раза.')
    button(tab, 'Оформить отказ').click()
    await settled()
    expect(tab.querySelector('#card-_reason')?.contains(document.activeElement)).toBe(true)
    expect(saves).toEqual([])
  })
})

describe('a head of sales', () => {
  it('hands the lead over and allows a move (S4-19)', async () => {
    const { tab } = await openTab(offered({ reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] }, allowMove: { stage: 'Согласие', missing: ['Бюджет', 'отправить письмо'] } }))
    const acts = playActs(() => offered({ reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] } }))
    actButton(tab, 'allow-move').click()
    await settled()
    expect(form(tab)?.textContent).toContain('Разрешить переход на «Согласие»')
    expect(form(tab)?.textContent).toContain('хотя не выполнено: Бюджет; отправить письмо.')
    expect(acts).toEqual([])
    submit(form(tab)); await settled()
    actButton(tab, 'reassign').click()
    await settled(1)
    submit(form(tab)); await settled(1)
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toBe('Выберите, кому передать.')
    choice(tab, 'Глеб Орлов').click()
    submit(form(tab)); await settled()
    expect(acts).toEqual([{ kind: 'allow-move' }, { kind: 'reassign', userId: 9 }])
  })

  const actions = { notReached: { count: 0, limit: 4, nextAt: null }, callBack, reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] }, allowMove: { stage: 'Согласие' }, acknowledge: ['i1'] }
  const keys = (tab: Element) => [...tab.querySelectorAll('[data-now] [data-act]')].map(each => each.getAttribute('data-act'))

  it('who works on the lead himself sees what the manager sees, and his own', async () => {
    expect(keys((await openTab(offered(actions))).tab)).toEqual(['not-reached', 'call-back', 'reassign', 'allow-move'])
  })

  it('sees his own actions first, and those of the manager when he asks for them (S4-19)', async () => {
    const { tab } = await openTab(offered(actions, { responsible: { id: 9, name: 'Глеб Орлов' }, next: { text: 'Позвоните клиенту.', because: 'Срок.' } }))
    expect(keys(tab)).toEqual(['acknowledge', 'reassign', 'allow-move'])
    expect(tab.querySelector('[data-now]')?.textContent).toContain('Для ответственного: Глеб Орлов')
    button(tab, 'Действия менеджера').click(); await settled(1)
    expect(keys(tab)).toEqual(['acknowledge', 'reassign', 'allow-move', 'not-reached', 'call-back'])
    expect(await accessFaults(tab)).toEqual([])
    const acts = playActs(() => offered(actions))
    actButton(tab, 'acknowledge').click(); await settled()
    expect(acts).toEqual([{ kind: 'acknowledge', incidentId: 'i1' }])
  })

  const dueAt = '2026-11-23T07:15:00Z'
  const gleb = { id: 9, name: 'Глеб Орлов', isOfPool: true, open: 2, presence: 'at-work' as const, dueAt: '2026-11-23T07:15:40Z' }
  const nina = { id: 10, name: 'Нина Белова', isOfPool: false, open: 0, presence: 'absent' as const, dueAt: '2026-11-23T09:00:00Z' }

  it('sees who is best asked: what he has to do, whether he is there, and what becomes of the deadline', async () => {
    const { tab } = await openTab(offered({ reassign: { people: [gleb, nina], dueAt } }))
    actButton(tab, 'reassign').click()
    await settled(1)
    expect([...form(tab)?.querySelectorAll('legend') ?? []].map(each => each.textContent)).toEqual(['Кому по регламенту дают такие лиды', 'Остальные сотрудники'])
    expect(form(tab)?.querySelector('input[type=search]')).toBeNull()
    expect(form(tab)?.querySelector('[data-term]')).toBeNull()
    choice(tab, 'Глеб Орловсейчас на работе, в работе 2 лида').click(); await settled(1)
    expect(form(tab)?.querySelector('[data-term]')?.textContent).toBe('Срок останется: до пн 23 ноября, 10:15.')
    choice(tab, 'Нина Беловаотсутствует, в работе 0 лидов').click(); await settled(1)
    expect(form(tab)?.querySelector('[data-term]')?.textContent).toBe('Срок пересчитается: до пн 23 ноября, 12:00.')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('finds somebody among more than eight people by typing', async () => {
    const many = Array.from({ length: 12 }, (_, place) => ({ id: 20 + place, name: `Сотрудник ${place}` }))
    const { tab } = await openTab(offered({ reassign: { people: [...many, { id: 9, name: 'Глеб Орлов' }] } }))
    actButton(tab, 'reassign').click()
    await settled(1)
    expect(form(tab)?.querySelectorAll('input[type=radio]')).toHaveLength(8)
    expect(form(tab)?.textContent).toContain('И ещё 5 сотрудников: найдите по имени.')
    type(labelled(tab, 'Найти по имени'), 'орлов')
    await settled(1)
    expect([...form(tab)?.querySelectorAll('fieldset label') ?? []].map(each => each.textContent.trim())).toEqual(['Глеб Орлов'])
    type(labelled(tab, 'Найти по имени'), 'нет такого')
    await settled(1)
    expect(form(tab)?.textContent).toContain('Никого с таким именем нет.')
    expect(await accessFaults(tab)).toEqual([])
  })
})

describe('a form whose act is not offered any more', () => {
  it('closes by itself, e.g. when somebody else has done it', async () => {
    const { tab } = await openTab(offered({ callBack }))
    actButton(tab, 'call-back').click()
    await settled(1)
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(offered({}))))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(form(tab)).toBeNull()
    leave(field(tab, 'NAME'))
  })
})
