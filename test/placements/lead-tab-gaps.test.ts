import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import type { GapsView } from '../../server/contract/conversion.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { cardView, leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { button, field, openTab, server } from './open-tab.ts'

const past = (resolvedAt: string | null = null): LeadView => leadView({
  status: 'closed', outcome: 'Лид сконвертирован.', stage: { id: 'CONVERTED', name: 'Качественный лид', semantic: 'success' }, step: null, deadline: null, card: { ...cardView(), missing: ['BUDGET'] },
  incidents: [{ id: 'p1', about: 'converted-past', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:02Z', deliveredAt: null, resolvedAt, acknowledgedAt: null, systemDelay: false }],
})
const phone = { kind: 'remove-phone', from: 'company', id: 4, phone: '+7 900 000-00-01', title: 'ООО «Ромашка»' } as const
const links: GapsView['links'] = [{ kind: 'deal', id: 51, title: 'Столешница', url: '/crm/deal/details/51/' }, { kind: 'company', id: 4, title: 'ООО «Ромашка»', url: '/crm/company/details/4/' }]
const view: GapsView = { hasDeal: true, links, gaps: [
  { text: 'Нет ответа «Бюджет».', repair: { kind: 'answer', question: 'BUDGET' }, otherwise: [] },
  { text: 'Телефон записан дважды.', repair: phone, otherwise: [{ kind: 'open', url: '/crm/contact/details/3/' }] },
] }
const bare: GapsView = { hasDeal: false, links: [], gaps: [{ text: 'Сделки нет.', repair: { kind: 'convert' }, otherwise: [{ kind: 'reopen', stage: 'Квалифицирован' }] }] }
const playGaps = (gaps: GapsView = view) => server.use(http.get('*/api/leads/42/conversion/gaps', () => HttpResponse.json(gaps)))

describe('a lead that was converted past the application (S3-29)', () => {
  it('lists what is left, each with a way to mend it', async () => {
    playGaps()
    const { tab, frame } = await openTab(past())
    expect([...tab.querySelectorAll('[data-left] > li > p')].map(each => each.textContent)).toEqual(['Нет ответа «Бюджет».', 'Телефон записан дважды.'])
    expect(tab.textContent).toContain('Лид сконвертирован в самом Битрикс24')
    expect(tab.textContent).not.toContain('остаются для просмотра')
    expect([...tab.querySelectorAll('h2')].map(each => each.textContent)).toContain('Замечания')
    expect(tab.textContent).not.toMatch(/Пропуски|Ещё не закрыт/)
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Ответить').click()
    expect(document.activeElement).toBe(field(tab, 'BUDGET'))
    button(tab, 'Открыть').click()
    expect(frame.openPath).toHaveBeenCalledWith('/crm/contact/details/3/')
    const [deal] = tab.querySelectorAll<HTMLAnchorElement>('[data-links] a')
    expect([...tab.querySelectorAll('[data-links] li')].map(each => each.textContent)).toEqual(['Сделка: Столешница', 'Компания: ООО «Ромашка»'])
    deal?.click()
    expect(frame.openPath).toHaveBeenLastCalledWith('/crm/deal/details/51/')
  })

  it('of which no deal was made is said to be so, and gets its deal, or goes back to work', async () => {
    playGaps(bare)
    const { tab, frame } = await openTab(past())
    expect(tab.textContent).toContain('Лид переведён в успех без сделки')
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Создать сделку').click()
    button(tab, 'Создать сделку').click()
    await settled(1)
    expect(frame.openConversion).toHaveBeenCalledTimes(1)
    const sent: unknown[] = []
    server.use(
      http.post('*/api/leads/42/conversion/gaps/repair', async ({ request }) => { sent.push(await request.json()); return HttpResponse.json({ gaps: [], hasDeal: null, links: [] }) }),
      http.get('*/api/leads/42', () => HttpResponse.json(leadView())),
    )
    expect(tab.textContent).toContain('верните его на стадию «Квалифицирован»')
    button(tab, 'Вернуть в работу').click()
    await settled()
    expect(sent).toEqual([{ kind: 'reopen' }])
    expect(tab.querySelector('[data-gaps]')).toBeNull()
  })

  it('that went back before the rules have looked at it is said to be back, and is asked about again when it is put on success once more', async () => {
    playGaps(bare)
    const { tab } = await openTab(past())
    server.use(http.post('*/api/leads/42/conversion/gaps/repair', () => HttpResponse.json({ gaps: [], hasDeal: null, links: [], back: 'Квалифицирован' })))
    playGaps({ gaps: [], hasDeal: null, links: [], back: 'Квалифицирован' })
    button(tab, 'Вернуть в работу').click()
    await settled()
    expect(tab.querySelector('[data-gaps]')?.textContent).toContain('Он на стадии «Квалифицирован», исправлять нечего.')
    expect(tab.textContent).toContain('Лид больше не на стадии успеха')
    expect(tab.textContent).not.toContain('Всё на месте')
    expect(await accessFaults(tab)).toEqual([])
    playGaps(bare)
    server.use(http.get('*/api/leads/42', () => HttpResponse.json({ ...past(), now: '2026-11-23T06:20:00Z' })))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(tab.textContent).toContain('Лид переведён в успех без сделки')
  })

  it('keeps its links when the last answer was given before one’s eyes', async () => {
    playGaps({ ...view, gaps: view.gaps.slice(0, 1) })
    const { tab } = await openTab(past())
    server.use(http.get('*/api/leads/42', () => HttpResponse.json({ ...past('2026-11-23T07:00:00Z'), card: { ...cardView(), missing: [], editable: false } })))
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(tab.querySelector('[data-gaps]')?.textContent).toContain('Всё на месте')
    expect(tab.querySelectorAll('[data-links] a')).toHaveLength(2)
  })

  it('takes a phone out of one place in one click, once', async () => {
    playGaps()
    const { tab } = await openTab(past())
    const sent: unknown[] = []
    server.use(http.post('*/api/leads/42/conversion/gaps/repair', async ({ request }) => { sent.push(await request.json()); return HttpResponse.json({ gaps: [], hasDeal: true, links }) }))
    const remove = button(tab, 'Убрать +7 900 000-00-01 (ООО «Ромашка»)')
    remove.click()
    remove.click()
    await settled()
    expect(sent).toEqual([{ kind: 'remove-phone', from: 'company', id: 4, phone: '+7 900 000-00-01' }])
    expect(tab.textContent).toContain('Всё на месте')
  })

  it('says why it cannot be told or mended', async () => {
    server.use(http.get('*/api/leads/42/conversion/gaps', () => refuse(403, { title: 'Нет доступа к этому лиду', detail: '' })))
    const { tab } = await openTab(past())
    expect(tab.querySelector('[data-gaps]')?.textContent).toContain('Нет доступа к этому лиду')
    playGaps()
    button(tab.querySelector('[data-gaps]')!, 'Повторить').click()
    await settled()
    expect(tab.querySelectorAll('[data-left] > li')).toHaveLength(2)
    server.use(http.post('*/api/leads/42/conversion/gaps/repair', () => refuse(409, { title: 'Портал не принял изменение', detail: 'Недостаточно прав.' })))
    button(tab, 'Убрать +7 900 000-00-01 (ООО «Ромашка»)').click()
    await settled()
    expect(tab.querySelector('[data-gaps] [role=alert]')?.textContent).toContain('Недостаточно прав.')
    expect(tab.querySelectorAll('[data-left] > li')).toHaveLength(2)
  })

  it('is asked about only while something is left', async () => {
    const { tab } = await openTab(past('2026-11-23T07:00:00Z'))
    expect(tab.querySelector('[data-gaps]')).toBeNull()
  })
})
