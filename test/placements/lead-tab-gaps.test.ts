import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import type { GapsView } from '../../server/contract/conversion.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { cardView, leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { button, field, openTab, server } from './open-tab.ts'

const past = (resolvedAt: string | null = null): LeadView => leadView({
  status: 'closed', outcome: 'Лид сконвертирован.', step: null, deadline: null, card: cardView(),
  incidents: [{ id: 'p1', about: 'converted-past', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:02Z', deliveredAt: null, resolvedAt, acknowledgedAt: null, systemDelay: false }],
})
const phone = { kind: 'remove-phone', from: 'company', id: 4, phone: '+7 900 000-00-01', title: 'ООО «Ромашка»' } as const
const view: GapsView = { gaps: [
  { text: 'Нет ответа «Бюджет».', repair: { kind: 'answer', question: 'BUDGET' }, otherwise: [] },
  { text: 'Телефон записан дважды.', repair: phone, otherwise: [{ kind: 'open', url: '/crm/contact/details/3/' }] },
  { text: 'Сделки нет.', repair: { kind: 'convert' }, otherwise: [] },
] }
const playGaps = (gaps: GapsView = view) => server.use(http.get('*/api/leads/42/conversion/gaps', () => HttpResponse.json(gaps)))

describe('a lead that was converted past the application (S3-29)', () => {
  it('lists what is left, each with a way to mend it', async () => {
    playGaps()
    const { tab, frame } = await openTab(past())
    expect([...tab.querySelectorAll('[data-gaps] li > p')].map(each => each.textContent)).toEqual(['Нет ответа «Бюджет».', 'Телефон записан дважды.', 'Сделки нет.'])
    expect(await accessFaults(tab)).toEqual([])
    button(tab, 'Ответить').click()
    expect(document.activeElement).toBe(field(tab, 'BUDGET'))
    button(tab, 'Открыть').click()
    expect(frame.openPath).toHaveBeenCalledWith('/crm/contact/details/3/')
    button(tab, 'Сконвертировать через Leadrail').click()
    button(tab, 'Сконвертировать через Leadrail').click()
    await settled(1)
    expect(frame.openConversion).toHaveBeenCalledTimes(1)
  })

  it('takes a phone out of one place in one click, once', async () => {
    playGaps()
    const { tab } = await openTab(past())
    const sent: unknown[] = []
    server.use(http.post('*/api/leads/42/conversion/gaps/repair', async ({ request }) => { sent.push(await request.json()); return HttpResponse.json({ gaps: [] }) }))
    const remove = button(tab, 'Убрать +7 900 000-00-01 (ООО «Ромашка»)')
    remove.click()
    remove.click()
    await settled()
    expect(sent).toEqual([{ kind: 'remove-phone', from: 'company', id: 4, phone: '+7 900 000-00-01' }])
    expect(tab.textContent).toContain('Всё исправлено.')
  })

  it('says why it cannot be told or mended', async () => {
    server.use(http.get('*/api/leads/42/conversion/gaps', () => refuse(403, { title: 'Нет доступа к этому лиду', detail: '' })))
    const { tab } = await openTab(past())
    expect(tab.querySelector('[data-gaps]')?.textContent).toContain('Нет доступа к этому лиду')
    playGaps()
    button(tab.querySelector('[data-gaps]')!, 'Повторить').click()
    await settled()
    expect(tab.querySelectorAll('[data-gaps] li')).toHaveLength(3)
    server.use(http.post('*/api/leads/42/conversion/gaps/repair', () => refuse(409, { title: 'Портал не принял изменение', detail: 'Недостаточно прав.' })))
    button(tab, 'Убрать +7 900 000-00-01 (ООО «Ромашка»)').click()
    await settled()
    expect(tab.querySelector('[data-gaps] [role=alert]')?.textContent).toContain('Недостаточно прав.')
    expect(tab.querySelectorAll('[data-gaps] li')).toHaveLength(3)
  })

  it('is asked about only while something is left', async () => {
    const { tab } = await openTab(past('2026-11-23T07:00:00Z'))
    expect(tab.querySelector('[data-gaps]')).toBeNull()
  })
})
