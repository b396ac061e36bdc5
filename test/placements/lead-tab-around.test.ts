import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import type { ReceiptView } from '../../server/contract/receipt.ts'
import { actionsView, duplicateView, leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { announced, button, openTab, playActs, server } from './open-tab.ts'

const receipt = (over: Partial<ReceiptView>): ReceiptView => ({
  about: 'deadline', title: 'Срок', at: '2026-11-20T14:45:00Z', rule: 'deadline', because: 'Есть телефон.', version: 3, inputs: [{ name: 'Канал', value: 'Сайт' }], pieces: [], rejected: [], changes: [], ...over,
})
/** The server tells these receipts; counts how often it is asked. */
const playWhy = (...receipts: ReceiptView[]) => {
  const asked = { times: 0 }
  server.use(http.get('*/api/leads/42/why', () => {
    asked.times += 1
    return HttpResponse.json({ leadId: 42, now: leadView().now, timeZone: 'Europe/Moscow', receipts })
  }))
  return asked
}
const openWhy = async (tab: Element, about: string): Promise<HTMLDetailsElement> => {
  const details = tab.querySelector<HTMLDetailsElement>(`[data-why="${about}"]`)
  if (details === null) throw new Error(`no receipt about ${about}`)
  details.open = true
  details.dispatchEvent(new Event('toggle'))
  await settled()
  return details
}

describe('why things are as they are', () => {
  const all = [
    receipt({ changes: ['С понедельника по норме было бы 4 часа.'] }),
    receipt({ about: 'responsible', rule: 'distribution-in-turn', because: 'Выбрана по очереди.', rejected: [{ rule: 'absent', why: 'Глеб Орлов в отпуске.' }] }),
    receipt({ about: 'gate', rule: 'gate', because: 'Нужно отправить письмо.' }),
  ]

  it('is asked for when somebody wants to know, once for all', async () => {
    const asked = playWhy(...all)
    const { tab } = await openTab(leadView({ gateNeeds: ['отправить письмо'] }))
    expect(asked.times).toBe(0)
    expect((await openWhy(tab, 'deadline')).textContent).toContain('С понедельника по норме было бы 4 часа.')
    const responsible = (await openWhy(tab, 'responsible')).textContent ?? ''
    expect(responsible).toContain('Глеб Орлов в отпуске.')
    expect(responsible).toContain('Решено по версии регламента 3,')
    expect((await openWhy(tab, 'gate')).textContent).toContain('Нужно отправить письмо.')
    expect(asked.times).toBe(1)
    expect(await accessFaults(tab)).toEqual([])
  })

  it('is asked for again when the lead has changed since', async () => {
    const asked = playWhy(...all)
    const { tab } = await openTab(leadView())
    await openWhy(tab, 'deadline')
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(leadView({ journal: [{ ...leadView().journal[0]!, id: 'new' }] }))))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    await openWhy(tab, 'deadline')
    expect(asked.times).toBe(2)
  })

  it('says what is wrong when it cannot be told, and tries again', async () => {
    server.use(http.get('*/api/leads/42/why', () => refuse(403, { title: 'Нет доступа к этому лиду', detail: '' })))
    const { tab } = await openTab(leadView())
    const details = await openWhy(tab, 'responsible')
    expect(details.textContent).toContain('Нет доступа к этому лиду')
    playWhy(...all)
    details.querySelector('button')?.click()
    await settled()
    expect(details.textContent).toContain('Глеб Орлов в отпуске.')
  })
})

describe('a lead that was sent back', () => {
  it('says when and why (S0-30)', async () => {
    const { tab } = await openTab(leadView({ sentBack: { at: '2026-11-23T06:40:00Z', because: 'Сначала отправьте письмо.' } }))
    expect(tab.querySelector('[data-sent-back]')?.textContent).toMatch(/Лид вернули на этот шаг:.*09:40.*Сначала отправьте письмо\./s)
    expect(await accessFaults(tab)).toEqual([])
  })
})

describe('the client’s phones and addresses', () => {
  const contact: NonNullable<LeadView['contact']> = {
    phones: [
      { value: '8 900 000-00-01 доб. 5', e164: '+79000000001', extension: '5', verdict: 'ok', problem: null },
      { value: '123', e164: null, extension: null, verdict: 'too-short', problem: 'Номер слишком короткий.' },
    ],
    emails: [
      { value: 'Maria@Example.com', address: 'maria@example.com', verdict: 'ok', problem: null },
      { value: 'maria@', address: null, verdict: 'bad-domain', problem: 'После «@» нет имени сайта.' },
    ],
  }
  it('say what is wrong with them; a good one is called and written to in one click', async () => {
    const { tab, frame } = await openTab(leadView({ contact }))
    const [good, bad] = [...tab.querySelectorAll('[data-phone]')]
    expect(good?.textContent).toContain('доб. 5')
    expect(bad?.textContent).toContain('Номер слишком короткий.')
    expect(bad?.querySelector('button')).toBeNull()
    good?.querySelector('button')?.click()
    await settled(1)
    expect(frame.call).toHaveBeenCalledWith('+79000000001')
    const [mail, wrong] = [...tab.querySelectorAll('[data-email]')]
    expect(mail?.querySelector('a')?.getAttribute('href')).toBe('mailto:maria@example.com')
    expect(wrong?.querySelector('a')).toBeNull()
    expect(wrong?.textContent).toContain('нет имени сайта')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('say that there is none', async () => {
    const { tab } = await openTab(leadView({ contact: { phones: [], emails: [] } }))
    expect(tab.textContent).toContain('Телефона нет.')
  })
})

describe('who may be the same client (S1-D7)', () => {
  const found = [duplicateView(), duplicateView({ kind: 'lead', id: 7, title: 'Столешница', because: 'Похожее название', isHint: true, responsible: null, attachable: false, url: '/crm/lead/details/7/' })]

  it('is shown with the reason, opened, attached, or called somebody else', async () => {
    const { tab, frame } = await openTab(leadView({ duplicates: found }))
    const [contact, lead] = [...tab.querySelectorAll('[data-duplicate]')]
    expect(contact?.textContent).toMatch(/Контакт.*Мария Соколова.*Тот же телефон.*ответственный Глеб Орлов/s)
    expect(lead?.textContent).toContain('Совпадает только название')
    expect(lead?.textContent).not.toContain('Привязать')
    expect(await accessFaults(tab)).toEqual([])
    contact?.querySelector('button')?.click()
    expect(frame.openPath).toHaveBeenCalledWith('/crm/contact/details/15/')
    const acts = playActs(() => leadView({ duplicates: [found[1]!] }))
    const attached: unknown[] = []
    server.use(http.post('*/api/leads/42/clients', async ({ request }) => { attached.push(await request.json()); return HttpResponse.json(leadView({ duplicates: [found[1]!] })) }))
    button(contact!, 'Привязать').click()
    button(contact!, 'Привязать').click()
    await settled()
    expect(attached).toEqual([{ kind: 'contact', id: 15 }])
    expect(announced(tab)).toBe('Клиент привязан к лиду.')
    button(tab.querySelector('[data-duplicate="lead 7"]')!, 'Это другой клиент').click()
    await settled()
    expect(acts).toEqual([{ kind: 'not-duplicate', of: { kind: 'lead', id: 7 } }])
  })

  it('that is the last one leaves what became of it', async () => {
    const { tab } = await openTab(leadView({ duplicates: [duplicateView()] }))
    playActs(() => leadView({ duplicates: [] }))
    button(tab, 'Это другой клиент').click()
    await settled()
    expect(tab.querySelector('[data-note=done]')?.textContent).toContain('Запомнили: это другой клиент.')
  })
})

describe('a miss', () => {
  const incident = { id: 'i1', about: 'no-first-contact', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:02Z', deliveredAt: null, resolvedAt: null, acknowledgedAt: null, systemDelay: false } as const
  it('is taken note of by whom it is offered to, once (S4-20)', async () => {
    const { tab } = await openTab(leadView({ incidents: [incident], actions: actionsView({ acknowledge: ['i1'] }) }))
    const acts = playActs(() => leadView({ incidents: [{ ...incident, acknowledgedAt: '2026-11-23T06:53:00Z' }], actions: actionsView() }))
    button(tab, 'Принять к сведению').click()
    button(tab, 'Принять к сведению').click()
    await settled()
    expect(acts).toEqual([{ kind: 'acknowledge', incidentId: 'i1' }])
    expect(tab.textContent).toMatch(/Принято к сведению пн 23 ноября, 09:53/)
    expect(await accessFaults(tab)).toEqual([])
  })

  it('taken note of by the late manager goes up all the same, and he is told so (S4-20)', async () => {
    const { tab } = await openTab(leadView({ incidents: [incident], actions: actionsView({ acknowledge: ['i1'] }) }))
    playActs(() => leadView({ incidents: [incident], actions: actionsView(), nextTold: { name: 'Марина Светлова', at: '2026-11-23T12:18:00Z' } }))
    button(tab, 'Принять к сведению').click()
    await settled()
    expect(tab.querySelector('[data-note=done]')?.textContent).toContain('О пропуске всё равно узнает Марина Светлова: пн 23 ноября, 15:18.')
    expect(tab.textContent).not.toContain('Принять к сведению')
  })

  it('is only shown to others', async () => {
    const { tab } = await openTab(leadView({ incidents: [incident] }))
    expect(tab.textContent).not.toContain('Принять к сведению')
  })
})

describe('the journal', () => {
  const lines = (count: number, over: Partial<LeadView['journal'][number]> = {}): LeadView['journal'] => Array.from({ length: count }, (_, place) => ({ ...leadView().journal[0]!, id: `${over.kind ?? 'a'}${place}`, text: `Решение ${place + 1}.`, kind: 'assign', ...over }))

  it('shows the ten newest and the others on demand; reading goes on at the first of them', async () => {
    const { tab } = await openTab(leadView({ journal: lines(12) }))
    expect(tab.textContent).toContain('Решение 10.')
    expect(tab.textContent).not.toContain('Решение 11.')
    button(tab, 'Показать ещё 2 записи').click()
    await settled(1)
    expect(tab.textContent).toContain('Решение 12.')
    expect(document.activeElement?.tagName).toBe('LI')
    expect(document.activeElement?.textContent).toContain('Решение 11.')
  })

  it('is sorted by what the lines tell', async () => {
    const { tab } = await openTab(leadView({ journal: [...lines(1, { kind: 'notify', text: 'Сообщили Анне.' }), ...lines(1, { kind: 'open-incident', text: 'Срок пропущен.' }), ...lines(1, { kind: 'note', rule: 'attempt-failed', text: 'Не дозвонились.' }), ...lines(1)] }))
    const shown = () => [...tab.querySelectorAll('ol > li > p:last-child')].map(each => each.textContent)
    for (const [sort, text] of [['Сообщения', 'Сообщили Анне.'], ['Пропуски', 'Срок пропущен.'], ['Контакты', 'Не дозвонились.'], ['Решения', 'Решение 1.']] as const) {
      button(tab, sort).click()
      await settled(1)
      expect(shown()).toEqual([text])
      expect(button(tab, sort).getAttribute('aria-pressed')).toBe('true')
    }
    button(tab, 'Главное').click()
    await settled(1)
    expect(shown()).toHaveLength(4)
    expect(await accessFaults(tab)).toEqual([])
  })

  const entry = (id: string, at: string, done: string, because: string, over: Partial<LeadView['journal'][number]> = {}): LeadView['journal'][number] =>
    ({ id, at, text: `${done} ${because}`.trim(), done, because, kind: 'assign', rule: 'step-begins', by: 'leadrail', ...over })
  const texts = (tab: Element) => [...tab.querySelectorAll('ol > li > p:last-child')].map(each => each.textContent)

  it('tells a reason once for all that was done for it in one minute', async () => {
    const { tab } = await openTab(leadView({ journal: [
      entry('5', '2026-11-23T06:05:10Z', 'Задача закрыта.', 'Начинается шаг «В работе».'),
      entry('4', '2026-11-23T06:04:43Z', 'Поставлена задача.', 'Начинается шаг «В работе».'),
      entry('3', '2026-11-23T06:04:42Z', '', 'Карточка открыта: Анна.'),
      entry('2', '2026-11-23T06:04:41Z', 'Поставлена задача.', 'Начинается шаг «В работе».'),
      entry('1', '2026-11-23T06:04:40Z', 'Лид переведён на следующую стадию.', 'Начинается шаг «В работе».'),
    ] }))
    expect(texts(tab)).toEqual(['Задача закрыта. Начинается шаг «В работе».', 'Лид переведён на следующую стадию. Поставлена задача. Начинается шаг «В работе».', 'Карточка открыта: Анна.'])
  })

  it('tells a new deadline once when its task has it too', async () => {
    const { tab } = await openTab(leadView({ journal: [
      entry('2', '2026-11-23T06:04:41Z', 'Задача изменена, новый срок — 11:12.', 'Дозвониться не удалось.', { kind: 'change-follow-up' }),
      entry('1', '2026-11-23T06:04:40Z', 'Срок — 11:12.', 'Дозвониться не удалось.', { kind: 'set-clock' }),
    ] }))
    expect(texts(tab)).toEqual(['Задача изменена, новый срок — 11:12. Дозвониться не удалось.'])
  })

  it('keeps bookkeeping behind «Всё», but not what the portal has refused', async () => {
    const { tab } = await openTab(leadView({ journal: [
      entry('3', '2026-11-23T06:06:00Z', 'Новый комментарий.', 'Начат шаг.', { quiet: true, outcome: 'failed', outcomeDetail: 'Нет прав' }),
      entry('2', '2026-11-23T06:05:00Z', '', 'Карточка открыта: Анна.', { quiet: true }),
      entry('1', '2026-11-23T06:04:00Z', '', 'Лид передан: Анна.'),
    ] }))
    expect(texts(tab)).toEqual(['Портал этого не принял: Нет прав', 'Лид передан: Анна.'])
    button(tab, 'Всё').click()
    await settled(1)
    expect(texts(tab)).toEqual(['Портал этого не принял: Нет прав', 'Карточка открыта: Анна.', 'Лид передан: Анна.'])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('comes page by page when it is long', async () => {
    const { tab } = await openTab(leadView({ journal: lines(50) }))
    button(tab, 'Показать ещё 20 записей').click()
    await settled(1)
    expect(texts(tab)).toHaveLength(30)
    button(tab, 'Показать ещё 20 записей').click()
    await settled(1)
    expect(texts(tab)).toHaveLength(50)
    expect(tab.textContent).not.toContain('Показать ещё')
  })

  it('offers no choice of one sort, and tells what the portal refused', async () => {
    const { tab } = await openTab(leadView({ journal: lines(2, { outcome: 'failed', outcomeDetail: 'Недостаточно прав' }) }))
    expect(tab.textContent).not.toContain('Сообщения')
    expect(tab.textContent).toContain('Портал этого не принял: Недостаточно прав')
  })
})
