import { http, HttpResponse } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { cardView, leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse, sessionHandler } from '../client/server-double.ts'
import { button, field, kept, leave, openTab, server, stateOf, type } from './open-tab.ts'

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
    expect(tab.textContent).toContain('Введённое не пропадёт')
    broken = false
    button(tab, 'Повторить').click()
    await settled()
    expect(stateOf(tab, 'NAME')).toBe('Сохранено')
    expect(kept()).toBe('')
  })
})

describe('a browser that forbids storage', () => {
  it('is not said to keep what was typed', async () => {
    vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => { throw new DOMException('denied', 'SecurityError') })
    onTestFinished(() => { vi.restoreAllMocks() })
    const { tab } = await openTab(leadView(), () => refuse(502))
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await settled()
    expect(tab.textContent).not.toContain('Введённое не пропадёт')
    expect(tab.textContent).toContain('Не закрывайте и не обновляйте вкладку')
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
