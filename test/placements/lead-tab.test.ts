import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { cardView, leadView, question } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse, sessionHandler } from '../client/server-double.ts'
import { button, choice, drawTab, field, kept, leave, openTab, server, stateOf, type } from './open-tab.ts'

describe('the lead tab', () => {
  it('says where the lead stands, what leads on, who answers for it, until when and why', async () => {
    const { tab } = await openTab(leadView())
    for (const words of ['Взят в работу', 'связаться с клиентом и указать результат.', 'Анна Петрова', 'Выбрана по очереди среди троих.', 'Осталось 22 мин', 'Почему такой срок', '30 минут рабочего времени', 'В 10:15 будет записан пропуск.', 'Позвоните клиенту.'])
      expect(tab.textContent).toContain(words)
    expect(tab.querySelector('time[datetime="2026-11-23T07:15:00Z"]')?.getAttribute('title')).toMatch(/понедельник, 23 ноября 2026 г\..*10:15 GMT\+3/)
  })

  it('speaks English where the user does', async () => {
    const { tab } = await openTab(leadView(), undefined, 'en')
    expect(tab.textContent).toContain('Why this deadline')
    expect(tab.textContent).toContain('22 min')
    expect(tab.textContent).not.toContain('Почему')
  })

  it('shows each question with its words for the talk and its weight in words', async () => {
    const { tab } = await openTab(leadView())
    const place = tab.querySelector('#card-SIZE')?.textContent ?? ''
    expect(place).toContain('«Расскажите: Размеры?»')
    expect(place).toContain('обязательно')
    expect(tab.querySelector('#card-WISHES')?.textContent).toContain('важно')
    expect(tab.querySelector('#card-BRAND')?.textContent).toContain('желательно')
  })

  it('keeps the order of the talk in the order of its fields', async () => {
    const { tab } = await openTab(leadView())
    expect([...tab.querySelectorAll('[id^=card-]')].map(each => each.id.slice(5)))
      .toEqual(['PLACE', 'MATERIAL', 'SIZE', 'BRAND', 'MEASURE', 'WISHES', 'PROJECT', 'BUDGET', 'WHEN', 'ADDRESS', 'PHONE', 'MAIL', 'NAME', '_comment', '_result'])
  })

  it('shows the newest decisions and the others on demand', async () => {
    const { tab } = await openTab(leadView())
    expect(tab.textContent).not.toContain('Решение 6.')
    button(tab, 'Показать ещё 2 записи').click()
    await settled(1)
    expect(tab.textContent).toContain('Решение 7.')
  })

  it('opens the task inside the portal', async () => {
    const { tab, frame } = await openTab(leadView())
    button(tab, 'Открыть задачу').click()
    expect(frame.openPath).toHaveBeenCalledWith('/company/personal/user/7/tasks/task/view/318/')
  })
})

describe('access for everybody', () => {
  const incident = { id: 'i1', about: 'no-first-contact', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:02Z', deliveredAt: null, resolvedAt: null, systemDelay: true } as const
  const states: Readonly<Record<string, LeadView>> = {
    'a running deadline': leadView(),
    'a missed deadline with its incidents': leadView({ deadline: { ...leadView().deadline!, overdue: true, movedFrom: '2026-11-23T06:00:00Z' }, incidents: [incident, { ...incident, id: 'i2', resolvedAt: '2026-11-23T06:30:00Z' }] }),
    'missing answers': leadView({ card: cardView({ result: { title: 'Результат', value: 'qualified' } }) }),
    'a refusal': leadView({ card: cardView({ result: { title: 'Результат', value: 'not-qualified' } }) }),
    'a closed lead': leadView({ status: 'closed', outcome: 'Лид признан качественным.', deadline: null, card: cardView({ editable: false }) }),
    'an unseen lead': leadView({ status: 'unseen', step: null, deadline: null, card: null, journal: [] }),
    'a step without a card': leadView({ card: null }),
  }
  it.each(Object.entries(states))('axe finds no fault in %s', async (_name, view) => {
    const { tab } = await openTab(view)
    expect(await accessFaults(tab)).toEqual([])
  })

  it('axe finds no fault in a refused answer and a failed save', async () => {
    const { tab } = await openTab(leadView(), answers => refuse(422, answers.answers?.PHONE === undefined ? {} : { fields: [{ field: 'PHONE', message: 'Номер неполный.' }] }))
    type(field(tab, 'PHONE'), '123'); leave(field(tab, 'PHONE'))
    await settled()
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await settled()
    expect(await accessFaults(tab)).toEqual([])
  })

  it('every control has a name that says its question', async () => {
    const { tab } = await openTab(leadView())
    const named = (code: string) => tab.querySelector(`#${field(tab, code).id}`)?.closest('[id^=card-]')?.querySelector(`label[for="${field(tab, code).id}"]`)?.textContent ?? ''
    expect(named('BUDGET')).toContain('Бюджет')
    expect(named('BRAND')).toContain('Производитель')
    expect(tab.querySelector('#card-PLACE [role=radiogroup]')?.getAttribute('aria-labelledby')).toBeTruthy()
  })
})

describe('filling the card', () => {
  it('saves an answer when its field is left, says so, and tells the host card to read again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 20 })
    const { tab, frame, saves } = await openTab(leadView())
    type(field(tab, 'NAME'), 'Мария')
    expect(saves).toEqual([])
    expect(stateOf(tab, 'NAME')).toBe('')
    leave(field(tab, 'NAME'))
    await vi.waitFor(() => expect(stateOf(tab, 'NAME')).toBe('Сохранено'))
    expect(saves).toEqual([{ answers: { NAME: 'Мария' } }])
    expect(tab.querySelector('[role=status][aria-live=polite]')?.textContent).toBe('Все ответы сохранены в лиде.')
    await vi.advanceTimersByTimeAsync(3000)
    expect(frame.reloadHost).toHaveBeenCalledTimes(1)
    vi.useRealTimers()
  })

  it('sends each kind of answer as the server speaks of it', async () => {
    const { tab, saves } = await openTab(leadView())
    choice(tab, 'Ванная').click(); await settled()
    choice(tab, 'Камень').click(); await settled()
    choice(tab, 'Нет').click(); await settled()
    type(field(tab, 'BUDGET'), '180 000,50'); leave(field(tab, 'BUDGET')); await settled()
    type(field(tab, 'WHEN'), '2026-12-20'); leave(field(tab, 'WHEN')); await settled()
    type(field(tab, 'BRAND'), 'c'); leave(field(tab, 'BRAND')); await settled()
    choice(tab, 'Качественный, сделка возможна').click(); await settled()
    expect(tab.querySelector('#card-_result')?.textContent).toContain('Сохранится вместе со следующим шагом.')
    choice(tab, 'Назначить замер').click(); await settled()
    expect(saves).toEqual([
      { answers: { PLACE: 'bath' } }, { answers: { MATERIAL: ['stone'] } }, { answers: { MEASURE: 'no' } }, { answers: { BUDGET: 180000.5 } },
      { answers: { WHEN: '2026-12-20' } }, { answers: { BRAND: 'c' } }, { result: 'qualified', nextStep: 'measure' },
    ])
  })

  it('Enter saves and reloads nothing', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'NAME'), 'Мария')
    const submit = new Event('submit', { bubbles: true, cancelable: true })
    tab.querySelector('form')?.dispatchEvent(submit)
    await settled()
    expect(submit.defaultPrevented).toBe(true)
    expect(saves).toEqual([{ answers: { NAME: 'Мария' } }])
  })

  it('takes «не знает / отказался» as the answer and empties the field', async () => {
    const { tab, saves } = await openTab(leadView({ card: cardView({ groups: [{ id: 'one', title: 'Одна', questions: [question('SIZE', 'Размеры', { kind: 'number', value: 3.2 })] }] }) }))
    expect(field(tab, 'SIZE').value).toBe('3,2')
    const unknown = tab.querySelector<HTMLInputElement>('#card-SIZE input[type=checkbox]')
    unknown?.click()
    await settled()
    expect(saves).toEqual([{ answers: { SIZE: null }, unknownAdd: ['SIZE'] }])
  })

  it('does not send what is no number, and says what is wanted', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'SIZE'), 'метра три'); leave(field(tab, 'SIZE'))
    await settled()
    expect(saves).toEqual([])
    expect(field(tab, 'SIZE').value).toBe('метра три')
    expect(tab.querySelector('#card-SIZE')?.textContent).toContain('Нужно число')
    expect(field(tab, 'SIZE').getAttribute('aria-invalid')).toBe('true')
  })

  it('asks which number is meant where a point may be either', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'BUDGET'), '12.500'); leave(field(tab, 'BUDGET'))
    await settled()
    expect(saves).toEqual([])
    expect(tab.querySelector('#card-BUDGET')?.textContent).toContain('«12.500» можно прочитать по-разному')
  })

  it('takes a choice back by the keyboard, and the focus stays at the question', async () => {
    const place = question('PLACE', 'Место', { kind: 'list', options: [{ code: 'kitchen', title: 'Кухня' }], value: 'kitchen' })
    const { tab, saves } = await openTab(leadView({ card: cardView({ groups: [{ id: 'one', title: 'Одна', questions: [place, question('MEASURE', 'Замер', { kind: 'yesno' })] }] }) }))
    expect(tab.querySelectorAll('#card-MEASURE button')).toHaveLength(0)
    const clear = [...tab.querySelectorAll<HTMLButtonElement>('#card-PLACE button')].find(each => each.textContent === 'очистить')
    clear?.focus()
    expect(document.activeElement).toBe(clear)
    clear?.click()
    await settled()
    expect(saves).toEqual([{ answers: { PLACE: null }, unknownRemove: ['PLACE'] }])
    expect(document.activeElement).toBe(tab.querySelector('#card-PLACE input[type=radio]'))
    expect(await accessFaults(tab)).toEqual([])
  })

  it('asks for the next step of a qualified lead, and for the reason of the other', async () => {
    const { tab } = await openTab(leadView(), answers => leadView({ card: cardView({ result: { title: 'Результат', value: answers.result ?? null } }) }))
    choice(tab, 'Качественный, сделка возможна').click()
    await settled()
    expect(tab.querySelector('#card-_nextStep')).not.toBeNull()
    choice(tab, 'Некачественный, работать дальше нецелесообразно').click()
    await settled()
    expect(tab.querySelector('#card-_nextStep')).toBeNull()
    expect(tab.querySelector('#card-_reason')).not.toBeNull()
  })
})

describe('obligatory answers that are missing (S4-16)', () => {
  it('are named, counted, and lead to their field', async () => {
    const { tab } = await openTab(leadView({ card: cardView({ result: { title: 'Результат', value: 'qualified' } }) }))
    expect(tab.textContent).toContain('не хватает 6 обязательных ответов')
    const named = [...tab.querySelectorAll('ul button')].map(each => each.textContent)
    expect(named).toEqual(['Место применения', 'Материал', 'Размеры', 'Бюджет', 'Желаемый срок', 'Комментарий'])
    button(tab, 'Бюджет').click()
    expect(document.activeElement).toBe(field(tab, 'BUDGET'))
  })

  it('leave the list as soon as they are typed', async () => {
    const { tab } = await openTab(leadView())
    expect(tab.textContent).toContain('Осталось 6 обязательных вопросов')
    type(field(tab, 'BUDGET'), '5')
    await settled(1)
    expect(tab.textContent).toContain('Осталось 5 обязательных вопросов')
  })
})

describe('an answer the portal refuses', () => {
  it('is told at its field, and does not hold back the others', async () => {
    const view = leadView()
    const { tab, saves } = await openTab(view, answers => (answers.answers?.PHONE === undefined ? view : refuse(422, { fields: [{ field: 'answers.PHONE', message: 'Номер неполный: не хватает цифр.' }] })))
    type(field(tab, 'PHONE'), '12')
    type(field(tab, 'NAME'), 'Мария')
    leave(field(tab, 'NAME'))
    await settled()
    expect(saves).toEqual([{ answers: { PHONE: '12', NAME: 'Мария' } }, { answers: { NAME: 'Мария' } }])
    expect(stateOf(tab, 'NAME')).toBe('Сохранено')
    expect(tab.querySelector('#card-PHONE')?.textContent).toContain('Номер неполный: не хватает цифр.')
    expect(field(tab, 'PHONE').value).toBe('12')
    expect(tab.textContent).toContain('Исправьте отмеченные ответы.')
  })

  it('stays in the field with the portal’s own words when the portal takes nothing', async () => {
    let broken = true
    const view = leadView()
    const { tab } = await openTab(view, () => (broken ? refuse(502) : view))
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await settled()
    expect(stateOf(tab, 'NAME')).toBe('Не удалось сохранить')
    expect(tab.textContent).toContain('Не удалось сохранить 1 ответ.')
    expect(tab.textContent).toContain('Битрикс24 временно недоступен.')
    expect(kept()).toContain('Мария')
    broken = false
    button(tab, 'Повторить').click()
    await settled()
    expect(stateOf(tab, 'NAME')).toBe('Сохранено')
    expect(kept()).toBe('')
  })
})

describe('an answer that somebody else has changed', () => {
  const named = (value: string) => leadView({ card: cardView({ comment: { title: 'Комментарий', required: true, value } }) })
  /** The tab with a comment typed offline, after the page has looked again and found a colleague's. */
  const openConflict = async () => {
    const opened = await openTab(named('Ждёт образцы.'))
    server.use(http.patch('*/api/leads/42/card', () => HttpResponse.error()))
    type(field(opened.tab, '_comment'), 'Ждёт расчёт.'); leave(field(opened.tab, '_comment'))
    await settled()
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(named('Перезвонить в пятницу.'))))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    return opened
  }

  it('stands beside the lead’s own, with a choice', async () => {
    const { tab } = await openConflict()
    expect(field(tab, '_comment').value).toBe('Ждёт расчёт.')
    const note = tab.querySelector('#card-_comment [data-conflict]')
    expect(note?.textContent).toContain('В лиде сейчас: Перезвонить в пятницу.')
    expect(tab.textContent).not.toContain('Не удалось сохранить')
    expect(await accessFaults(tab)).toEqual([])
    note?.querySelectorAll('button')[1]?.click()
    await settled()
    expect(field(tab, '_comment').value).toBe('Перезвонить в пятницу.')
    expect(tab.querySelector('[data-conflict]')).toBeNull()
    expect(kept()).toBe('')
  })

  it('is saved over it when the person keeps his own', async () => {
    const { tab } = await openConflict()
    const sent: unknown[] = []
    server.use(http.patch('*/api/leads/42/card', async ({ request }) => { sent.push(await request.json()); return HttpResponse.json(named('Ждёт расчёт.')) }))
    tab.querySelector<HTMLButtonElement>('#card-_comment [data-conflict] button')?.click()
    await settled()
    expect(sent).toEqual([{ comment: 'Ждёт расчёт.' }])
    expect(tab.textContent).toContain('Все ответы сохранены в лиде.')
  })
})

describe('a lead that is closed while somebody types', () => {
  it.each([
    ['with its card', leadView({ status: 'closed', outcome: 'Закрыт руководителем.', deadline: null, card: cardView({ editable: false }) })],
    ['without its card', leadView({ status: 'closed', outcome: 'Закрыт руководителем.', deadline: null, card: null })],
  ])('%s keeps the field, its focus and its text until they are put away', async (_name, closed) => {
    const { tab, saves } = await openTab(leadView())
    const name = field(tab, 'NAME')
    name.focus()
    type(name, 'Мария, звонить после шести')
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(closed)))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(field(tab, 'NAME')).toBe(name)
    expect(document.activeElement).toBe(name)
    expect(name.value).toBe('Мария, звонить после шести')
    expect(tab.textContent).toContain('Карточка закрыта, а часть ответов не сохранена')
    expect([...tab.querySelectorAll('button')].map(each => each.textContent.trim())).not.toContain('Сохранить')
    expect(await accessFaults(tab)).toEqual([])
    leave(name)
    await settled()
    expect(saves).toEqual([])
    expect(kept()).toContain('после шести')
    button(tab, 'Убрать несохранённое').click()
    await settled()
    expect(tab.querySelector('form')).toBeNull()
    expect(kept()).toBe('')
  })
})

describe('a failure that somebody between us and the page tells', () => {
  it.each([502, 429, 500])('with status %i is not said to be recorded by us', async (status) => {
    const { tab } = await openTab(leadView(), () => new HttpResponse(null, { status }))
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await settled()
    expect(tab.textContent).toContain('Сервер не смог ответить.')
    expect(tab.textContent).not.toContain('записали')
  })
})

describe('a session that ends', () => {
  it('is renewed through the portal, once, and the answer is saved', async () => {
    const asked = { times: 0 }
    const { tab, frame } = await openTab(leadView())
    server.use(
      sessionHandler('second-token', asked),
      http.patch('*/api/leads/42/card', ({ request }) => (request.headers.get('authorization') === 'Bearer second-token' ? HttpResponse.json(leadView()) : refuse(401))),
    )
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await settled()
    expect(stateOf(tab, 'NAME')).toBe('Сохранено')
    expect(frame.accessToken).toHaveBeenCalledTimes(1)
    expect(asked.times).toBe(1)
  })

  it('that cannot be renewed keeps what was typed, and the next opening saves it', async () => {
    const first = await openTab(leadView())
    first.frame.accessToken.mockRejectedValue(new Error('not inside a portal'))
    server.use(http.patch('*/api/leads/42/card', () => refuse(401)))
    type(field(first.tab, 'NAME'), 'Мария'); leave(field(first.tab, 'NAME'))
    await settled()
    expect(first.tab.textContent).toContain('Сеанс закончился.')
    expect(field(first.tab, 'NAME').value).toBe('Мария')
    server.resetHandlers()
    const second = await openTab(leadView())
    expect(second.saves).toEqual([{ answers: { NAME: 'Мария' } }])
    expect(kept()).toBe('')
  })
})

describe('a lead that cannot be shown', () => {
  it('says why in the server’s words, without fault for a screen reader, and tries again on demand', async () => {
    server.use(http.get('*/api/leads/42', () => refuse(403, { title: 'Нет доступа к этому лиду', detail: 'Попросите администратора дать права.' })))
    const { tab } = await drawTab()
    expect(tab.textContent).toContain('Нет доступа к этому лиду')
    expect(await accessFaults(tab)).toEqual([])
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(leadView())))
    button(tab, 'Повторить').click()
    await settled()
    expect(tab.querySelector('h1')?.textContent).toBe('Взят в работу')
  })
})
