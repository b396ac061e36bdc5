import { http, HttpResponse } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { actionsView, cardView, leadView, question } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse, sessionHandler } from '../client/server-double.ts'
import { actButton, announced, button, callBack, field, form, labelled, leave, offered, openTab, playActs, server, submit, type } from './open-tab.ts'

const line = (id: string, text: string): LeadView['journal'][number] => ({ id, at: '2026-11-23T06:52:01Z', text, kind: 'set-clock', rule: 'attempt-failed', by: 'leadrail' })
const press = (at: Element | null | undefined, key: string) => at?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

describe('what is to be done now', () => {
  it('is said with its reason, and only what is offered can be pressed', async () => {
    const { tab } = await openTab(offered({ notReached: { count: 1, limit: 4, nextAt: null } }, { next: { text: 'Позвоните клиенту: +7 900 000-00-01.', because: 'Срок – пн, 10:15.' } }))
    expect(tab.querySelector('[data-next]')?.textContent).toBe('Позвоните клиенту: +7 900 000-00-01.')
    expect(tab.textContent).toContain('Срок – пн, 10:15.')
    expect([...tab.querySelectorAll('[data-act]')].map(each => each.textContent.trim())).toEqual(['Не дозвонился: попытка 2 из 4'])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('shows a form that opens below the window, and again when the frame has grown with it', async () => {
    const { tab } = await openTab(offered({ callBack, wrongNumber: { phones: ['+7 900 000-00-01'] } }))
    const shown = vi.spyOn(Element.prototype, 'scrollIntoView')
    onTestFinished(() => shown.mockRestore())
    const seen = () => shown.mock.contexts.map(each => (each instanceof Element ? each.tagName : ''))
    actButton(tab, 'call-back').click(); await settled(1)
    expect([seen(), shown.mock.calls]).toEqual([['FORM', 'BUTTON'], [[{ block: 'nearest' }], [{ block: 'nearest' }]]])
    expect(form(tab)?.contains(document.activeElement)).toBe(true)
    window.dispatchEvent(new Event('resize'))
    window.dispatchEvent(new Event('resize'))
    expect(seen()).toEqual(['FORM', 'BUTTON', 'FORM', 'BUTTON'])
  })

  it('breaks neither a phone number nor «e-mail» at the end of a line', async () => {
    const { tab } = await openTab(offered({}, { next: { text: 'Позвоните: +7 900 000-00-01, 12 минут.', because: 'Срок.' }, emailNeeded: 'Узнайте e-mail клиента.' }))
    const kept = [...tab.querySelectorAll('[data-next] .whitespace-nowrap, [data-email-needed] p .whitespace-nowrap')].map(each => each.textContent)
    expect(kept).toEqual(['+7 900 000-00-01', 'e-mail'])
    expect(tab.querySelector('[data-next]')?.textContent).toBe('Позвоните: +7 900 000-00-01, 12 минут.')
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

  it('is read by the server before the answers typed meanwhile, so that its view hides none of them', async () => {
    const named = (over: Parameters<typeof actionsView>[0], value: string | null) => offered(over, { card: cardView({ groups: [{ id: 'g', title: 'Клиент', questions: [question('NAME', 'Имя', { required: false, value })] }] }) })
    const { tab } = await openTab(named({ take: {} }, null))
    const act = Promise.withResolvers<LeadView>()
    let isTaken = false
    playActs(async () => { const view = await act.promise; isTaken = true; return view })
    server.use(http.patch('*/api/leads/42/card', () => HttpResponse.json(named(isTaken ? {} : { take: {} }, 'Мария'))))
    actButton(tab, 'take').click(); await settled()
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME')); await settled()
    act.resolve(named({}, null)); await settled()
    expect(field(tab, 'NAME').value).toBe('Мария')
    expect(tab.querySelector('[data-act=take]')).toBeNull()
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

describe('what became of an act', () => {
  const told = (id: string, done: string, kind: string, rule = 'attempt-failed'): LeadView['journal'][number] =>
    ({ id, at: '2026-11-23T06:52:01Z', text: `${done} Дозвониться не удалось.`, done, because: 'Дозвониться не удалось.', kind, rule, by: 'leadrail' })
  const note = (tab: Element) => [...tab.querySelectorAll('[data-now] [data-note] > p')].map(each => each.textContent)
  const before = offered({ notReached: { count: 3, limit: 4, nextAt: null } }, { journal: [] })

  it('tells a reason once, and nothing that stands beside it', async () => {
    const { tab } = await openTab(before)
    playActs(() => offered({ notReached: { count: 2, limit: 4, nextAt: null } }, { journal: [told('2', 'Задача изменена, новый срок — 11:12.', 'change-follow-up'), told('1', 'Срок — 11:12.', 'set-clock')] }))
    actButton(tab, 'not-reached').click(); await settled()
    expect(note(tab)).toEqual(['Задача изменена, новый срок — 11:12. Дозвониться не удалось.'])
    playActs(() => offered({ notReached: { count: 4, limit: 4, nextAt: null } }, { journal: [told('3', 'Отправлено сообщение.', 'notify', 'attempts-spent')] }))
    actButton(tab, 'not-reached').click(); await settled()
    expect(note(tab)).toEqual([])
    expect(tab.querySelector('[data-attempts-spent]')).not.toBeNull()
  })

  it('is gone when the lead is closed by something else', async () => {
    const { tab } = await openTab(before)
    playActs(() => before)
    actButton(tab, 'not-reached').click(); await settled()
    expect(tab.querySelector('[data-note=done]')).not.toBeNull()
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(leadView({ status: 'closed', outcome: 'Не квалифицирован', deadline: null, actions: actionsView() }))))
    document.dispatchEvent(new Event('visibilitychange')); await settled()
    expect(tab.textContent).toContain('Не квалифицирован')
    expect(tab.querySelector('[data-note=done]')).toBeNull()
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

const look = async (view: LeadView) => {
  server.use(http.get('*/api/leads/42', () => HttpResponse.json(view)))
  document.dispatchEvent(new Event('visibilitychange'))
  await settled()
}
const declared = { declareCall: { commentRequired: true } }
const summary = 'О чём договорились (обязательно)'
/** The summary of a call is typed, and not sent. */
const typeCall = async (tab: Element) => {
  actButton(tab, 'call-declared').click(); await settled(1)
  type(labelled(tab, summary), 'Ждёт расчёт до среды.'); await settled(1)
}
const seenForms = (tab: Element) => [...tab.querySelectorAll<HTMLElement>('[data-form]')].filter(each => each.style.display !== 'none').map(each => each.dataset['form'])

describe('a form whose act is not offered any more', () => {
  it('closes by itself when nothing was typed, and leaves the focus in its panel', async () => {
    const { tab } = await openTab(offered({ callBack }))
    actButton(tab, 'call-back').click()
    await settled(1)
    await look(offered({}))
    expect(form(tab)).toBeNull()
    await look(offered({ callBack }))
    expect(form(tab)).toBeNull()
    expect(document.activeElement).toBe(tab.querySelector('[data-now]'))
    leave(field(tab, 'NAME'))
  })

  it.each([
    ['other', 'Отправить это сейчас нельзя: лид изменился.', offered({})],
    ['handed over', 'Ответственный теперь Глеб Орлов, отправить это отсюда нельзя.', leadView({ responsible: { id: 9, name: 'Глеб Орлов' } })],
    ['moved', 'Лид теперь на шаге «Оффер», отправить это сейчас нельзя.', leadView({ step: { ...leadView().step!, id: 'offer', name: 'Оффер' } })],
    ['closed', 'Лид закрыт, отправить это сейчас нельзя.', leadView({ status: 'closed', outcome: 'Не квалифицирован', deadline: null, step: null })],
  ] as const)('stays with what was typed, and says why it cannot be sent: %s (S3-17)', async (_why, words, now) => {
    const { tab } = await openTab(offered(declared))
    const acts = playActs(() => leadView())
    await typeCall(tab)
    labelled(tab, summary).focus()
    await look(now)
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toBe(`${words} Введённое осталось здесь: скопируйте нужное и закройте форму.`)
    expect([labelled(tab, summary).value, document.activeElement]).toEqual(['Ждёт расчёт до среды.', labelled(tab, summary)])
    expect(button(tab, 'Записать разговор').disabled).toBe(true)
    submit(form(tab)); await settled()
    expect(acts).toEqual([])
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Закрыть').click(); await settled(1)
    expect(form(tab)).toBeNull()
  })

  it('can be sent again when the act is offered again', async () => {
    const { tab } = await openTab(offered(declared))
    const acts = playActs(() => offered({}))
    await typeCall(tab)
    button(tab, 'Записать разговор').focus()
    await look(offered({}))
    expect(document.activeElement).toBe(labelled(tab, summary))
    await look(offered(declared))
    expect(form(tab)?.querySelector('[role=alert]')).toBeNull()
    submit(form(tab)); await settled()
    expect(acts).toEqual([{ kind: 'call-declared', comment: 'Ждёт расчёт до среды.' }])
    expect(form(tab)).toBeNull()
  })
})

describe('what was typed in the form of an act', () => {
  it('stays while another form is open, and is there when its own is opened again', async () => {
    const { tab } = await openTab(offered({ ...declared, callBack }))
    await typeCall(tab)
    actButton(tab, 'call-back').click(); await settled(1)
    expect(seenForms(tab)).toEqual(['call-back'])
    actButton(tab, 'call-declared').click(); await settled(1)
    expect(seenForms(tab)).toEqual(['call-declared'])
    expect([labelled(tab, summary).value, document.activeElement]).toEqual(['Ждёт расчёт до среды.', labelled(tab, summary)])
    actButton(tab, 'call-declared').click(); await settled(1)
    expect([seenForms(tab), document.activeElement]).toEqual([[], actButton(tab, 'call-declared')])
    await look(offered({ callBack }))
    expect(seenForms(tab)).toEqual(['call-declared'])
  })

  it('is forgotten when it is closed by hand, or sent', async () => {
    const { tab } = await openTab(offered(declared))
    playActs(() => offered(declared))
    await typeCall(tab)
    button(tab, 'Отмена').click(); await settled(1)
    actButton(tab, 'call-declared').click(); await settled(1)
    expect(labelled(tab, summary).value).toBe('')
    type(labelled(tab, summary), 'Перезвонит.'); submit(form(tab)); await settled()
    actButton(tab, 'call-declared').click(); await settled(1)
    expect(labelled(tab, summary).value).toBe('')
  })

  it('sent with the last offer of its act is not called unsent', async () => {
    const { tab } = await openTab(offered(declared))
    playActs(() => offered({}))
    await typeCall(tab)
    const heard: string[] = []
    const watcher = new MutationObserver(() => { heard.push(tab.querySelector('[data-withdrawn]')?.textContent ?? '') })
    watcher.observe(tab, { childList: true, subtree: true })
    onTestFinished(() => watcher.disconnect())
    submit(form(tab)); await settled()
    expect(form(tab)).toBeNull()
    expect(heard.filter(words => words !== '')).toEqual([])
    expect(heard.length).toBeGreaterThan(0)
  })
})
