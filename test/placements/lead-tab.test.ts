import { http, HttpResponse } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { cardView, leadView, question } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { button, drawTab, field, leave, openTab, server, type } from './open-tab.ts'

describe('the lead tab', () => {
  it('says where the lead stands, what leads on, who answers for it, until when and why', async () => {
    const { tab } = await openTab(leadView())
    for (const words of ['Взят в работу', 'связаться с клиентом и указать результат.', 'Анна Петрова', 'Выбрана по очереди среди троих.', 'Осталось 22 мин', 'Почему такой срок', '30 минут рабочего времени', 'Leadrail запишет пропуск в 10:15.', 'Позвоните клиенту.'])
      expect(tab.textContent).toContain(words)
    expect(tab.querySelector('time[datetime="2026-11-23T07:15:00Z"]')?.getAttribute('title')).toMatch(/понедельник, 23 ноября 2026 г\..*10:15 GMT\+3/)
  })

  it('speaks English where the user does', async () => {
    const { tab } = await openTab(leadView(), undefined, 'en')
    expect(tab.textContent).toContain('Why this deadline')
    expect(tab.textContent).toContain('22 min')
    expect(tab.textContent).not.toContain('Почему')
  })

  it('comes on a phone to what is due and what to do now before anything that only explains the step', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
    onTestFinished(() => { vi.unstubAllGlobals() })
    const { tab } = await openTab(leadView({ gateNeeds: ['связаться с клиентом'], contact: { phones: [{ value: '8 900 000-00-01', e164: '+79000000001', extension: null, verdict: 'ok', problem: null }], emails: [] }, next: { text: 'Позвоните клиенту.', because: 'Срок.' } }))
    const places = ['.deadline', '[data-next]', '[data-phone]', '[data-gate]', '[data-why=responsible]', '#card-PLACE'].map(each => tab.querySelector(each))
    expect(places).not.toContain(null)
    for (const [place, before] of places.slice(1).entries()) expect((places[place]?.compareDocumentPosition(before!) ?? 0) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
  })

  it('tells the reason of the choice of the responsible only where it is asked for', async () => {
    const { tab } = await openTab(leadView({ responsibleBecause: 'Выбрана по очереди среди троих.' }))
    const told = [...tab.querySelectorAll('p')].filter(each => each.textContent.includes('по очереди среди троих'))
    expect(told).toHaveLength(1)
    expect(told[0]?.closest('details')?.open).toBe(false)
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

  it('tells sums of a closed card with their currency, where it is known', async () => {
    const sums = [question('BUDGET', 'Бюджет', { kind: 'money', value: 1_450_000, currency: 'RUB' }), question('PART', 'Аванс', { kind: 'money', value: 90.5 })]
    const { tab } = await openTab(leadView({ status: 'closed', outcome: 'Лид квалифицирован', deadline: null, card: cardView({ editable: false, groups: [{ id: 'g', title: 'Клиент', questions: sums }] }) }))
    expect([...tab.querySelectorAll('dd')].slice(0, 2).map(each => each.textContent.replaceAll(/\s/g, ' '))).toEqual(['1 450 000 ₽', '90,5'])
  })

  it('begins at its top again when the step is over, but not under the hands of somebody who types', async () => {
    const closed = leadView({ status: 'closed', outcome: 'Лид квалифицирован', step: null, deadline: null, card: cardView({ editable: false }) })
    const lookAnew = async () => {
      server.use(http.get('*/api/leads/42', () => HttpResponse.json(closed)))
      document.dispatchEvent(new Event('visibilitychange'))
      await settled()
    }
    const { frame } = await openTab(leadView())
    expect(frame.scrollToTop).not.toHaveBeenCalled()
    await lookAnew()
    expect(frame.scrollToTop).toHaveBeenCalledTimes(1)
    const typing = await openTab(leadView())
    type(field(typing.tab, 'NAME'), 'Мария')
    await lookAnew()
    expect(typing.frame.scrollToTop).not.toHaveBeenCalled()
  })

  it('keeps the advice for a situation behind its title until it is asked for (S0-25)', async () => {
    const { tab } = await openTab(leadView({ isTest: true, step: { ...leadView().step!, situations: [{ title: 'Не берёт трубку', advice: 'Отметьте «не дозвонился».' }, { title: 'Дорого', advice: 'Расскажите о рассрочке.' }] } }))
    expect(tab.textContent).not.toContain('Отметьте «не дозвонился».')
    button(tab, 'Не берёт трубку').click()
    await settled(1)
    expect(tab.querySelector('[data-advice]')?.textContent).toBe('Отметьте «не дозвонился».')
    expect(button(tab, 'Не берёт трубку').getAttribute('aria-expanded')).toBe('true')
    button(tab, 'Дорого').click()
    await settled(1)
    expect(tab.querySelector('[data-advice]')?.textContent).toBe('Расскажите о рассрочке.')
    expect(button(tab, 'Не берёт трубку').getAttribute('aria-expanded')).toBe('false')
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Дорого').click()
    await settled(1)
    expect(tab.querySelector('[data-advice]')).toBeNull()
    expect(tab.querySelector('[data-test-lead]')?.textContent).toBe('тестовый')
  })

  it('folds long guidance, and shows all of it on demand', async () => {
    const { tab } = await openTab(leadView({ step: { ...leadView().step!, guidance: 'Позвоните клиенту и представьтесь. '.repeat(20) } }))
    const folded = () => tab.querySelector('[id$=-guidance]')?.classList.contains('line-clamp-6')
    expect(folded()).toBe(true)
    button(tab, 'Показать полностью').click()
    await settled(1)
    expect(folded()).toBe(false)
    expect(button(tab, 'Свернуть').getAttribute('aria-expanded')).toBe('true')
    const short = await openTab(leadView())
    expect(short.tab.textContent).not.toContain('Показать полностью')
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
    'missing answers': leadView({ card: cardView({ result: { ...cardView().result, value: 'qualified' } }) }),
    'a refusal': leadView({ card: cardView({ result: { ...cardView().result, value: 'not-qualified' } }) }),
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
