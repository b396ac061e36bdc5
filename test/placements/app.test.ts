import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createApi } from '../../client/api/api.ts'
import OverviewPage from '../../placements/app/OverviewPage.vue'
import type { Overview } from '../../server/contract/overview.ts'
import { accessFaults, mountPage, playFrame, settled } from '../client/mount-page.ts'
import { boot, playServer } from '../client/server-double.ts'

const server = playServer()

const overview = (over: Partial<Overview> = {}): Overview => ({
  regulation: { name: 'Столешницы на заказ', version: 3 },
  portal: { domain: 'portal.example.com', status: 'active', reason: null, timeZone: 'Europe/Moscow' },
  now: '2026-11-23T06:52:00Z',
  clockSpeed: 1,
  watches: { active: 27, overdue: 1, more: false },
  incidents: [{ id: 'i1', about: 'not-finished', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:01Z', deliveredAt: '2026-11-23T06:00:02Z', resolvedAt: null, systemDelay: false, leadId: 42, leadTitle: 'Кухня', person: 'Анна Петрова' }],
  leads: [
    { id: 44, title: 'Без срока', responsible: null, step: null, dueAt: null, overdue: false },
    { id: 43, title: 'Барная стойка', responsible: 'Павел Дёмин', step: 'Взят в работу', dueAt: '2026-11-23T07:30:00Z', overdue: false },
    { id: 42, title: 'Кухня', responsible: 'Анна Петрова', step: 'Взят в работу', dueAt: '2026-11-23T06:00:00Z', overdue: true },
  ],
  journal: [{ id: '1', at: '2026-11-23T06:00:02Z', text: 'Ответственный уведомлён.', kind: 'notify', rule: 'deadline-missed', by: 'leadrail', leadId: 42 }],
  ...over,
})

/** The page on a server that shows what `shown` gives, told whether the set-up has been run. */
const openPage = async (shown: (isSetUp: boolean) => Overview, isAdmin = true, oldLeads = 0) => {
  const runs: string[] = []
  const taken: string[] = []
  const report = { ok: true, lang: 'ru', done: [], checks: [] }
  server.use(
    http.get('*/api/overview', () => HttpResponse.json(shown(runs.length > 0))),
    http.get('*/api/takeover', () => HttpResponse.json({ state: 'open', leads: oldLeads })),
    http.post('*/api/takeover', () => { taken.push('taken'); return HttpResponse.json({ state: 'under-way', leads: null }, { status: 202 }) }),
    http.get('*/api/install', () => HttpResponse.json(report)),
    http.post('*/api/install', () => { runs.push('set up'); return HttpResponse.json(report) }),
  )
  const frame = playFrame()
  const api = createApi({ boot: boot({ page: 'app' }), accessToken: frame.accessToken, pauseMs: 1 })
  const page = mountPage(OverviewPage, { api, frame, isAdmin, first: api.overview() }, 'ru', frame)
  await settled()
  return { page, frame, runs, taken }
}

describe('the main page', () => {
  it('shows the regulation at work, the numbers, and who is late first', async () => {
    const { page, frame } = await openPage(() => overview())
    expect(frame.setTitle).toHaveBeenCalledWith('Leadrail: лиды по регламенту')
    expect(page.querySelector('h1')?.textContent).toBe('Столешницы на заказ')
    expect(page.textContent).toContain('Версия 3')
    expect([...page.querySelectorAll('tbody tr')].map(row => row.querySelector('button')?.textContent)).toEqual(['Кухня', 'Барная стойка', 'Без срока'])
    expect(page.querySelector('tbody tr')?.textContent).toContain('Просрочено на 52 мин')
    expect(page.textContent).toContain('Нет результата в срок')
    expect(page.textContent).toContain('Ответственный уведомлён.')
    expect(await accessFaults(page)).toEqual([])
  })

  it('says that a new term runs after a missed one, and that there may be more leads than were counted', async () => {
    const lead = { id: 45, title: 'Подоконники', responsible: 'Анна Петрова', step: 'Взят в работу', dueAt: '2026-11-23T09:30:00Z', overdue: true }
    const { page } = await openPage(() => overview({ leads: [lead], watches: { active: 12, overdue: 1, more: true } }), false)
    expect(page.querySelector('tbody tr')?.textContent).toContain('Срок пропущен, идёт новый')
    expect([...page.querySelectorAll('dd')].map(each => each.textContent)).toEqual(['12+', '1+'])
    expect(await accessFaults(page)).toEqual([])
  })

  it('opens a lead inside the portal', async () => {
    const { page, frame } = await openPage(() => overview())
    page.querySelector<HTMLButtonElement>('tbody button')?.click()
    expect(frame.openPath).toHaveBeenCalledWith('/crm/lead/details/42/')
  })

  it('has a sentence for an empty portal', async () => {
    const { page } = await openPage(() => overview({ leads: [], incidents: [], journal: [], watches: { active: 0, overdue: 0, more: false } }))
    for (const words of ['Сейчас ни один лид не стоит на шаге регламента.', 'Пропусков и замечаний не было.', 'Решений пока нет.']) expect(page.textContent).toContain(words)
    expect(await accessFaults(page)).toEqual([])
  })

  it('finishes an unfinished installation for an administrator and shows what is then there', async () => {
    const { page, frame, runs } = await openPage(isSetUp => (isSetUp ? overview() : overview({ regulation: null, leads: [], incidents: [], journal: [] })))
    await settled()
    expect(runs).toEqual(['set up'])
    expect(frame.finishInstall).toHaveBeenCalled()
    expect(page.querySelector('h1')?.textContent).toBe('Столешницы на заказ')
  })

  it('takes the leads that were open before the installation under control when an administrator wants it, and says what that means', async () => {
    const { page, taken } = await openPage(() => overview(), true, 312)
    expect(page.textContent).toContain('Лиды, открытые до установки: 312')
    expect(page.textContent).toContain('ответственные не меняются')
    expect(page.textContent).toContain('не раньше чем через рабочий день')
    expect(await accessFaults(page)).toEqual([])
    const button = [...page.querySelectorAll('button')].find(each => each.textContent.trim() === 'Взять под контроль')
    expect(taken).toEqual([])
    button?.click()
    await settled()
    expect(taken).toEqual(['taken'])
    expect(page.textContent).toContain('Задачи появятся постепенно')
    expect(page.textContent).not.toContain('Взять под контроль')
  })

  it('does not speak of them where there are none, or to anybody but administrators', async () => {
    for (const [isAdmin, count] of [[true, 0], [false, 312]] as const) {
      const { page } = await openPage(() => overview(), isAdmin, count)
      expect(page.textContent).not.toContain('до установки')
    }
  })

  it('tells everybody else to ask an administrator when the portal is cut off, and why', async () => {
    const { page, runs } = await openPage(() => overview({ portal: { ...overview().portal, status: 'suspended', reason: 'Подписка закончилась.' } }), false)
    expect(page.textContent).toContain('Связь с порталом приостановлена')
    expect(page.textContent).toContain('Подписка закончилась.')
    expect(page.textContent).toContain('Попросите администратора портала')
    expect(runs).toEqual([])
    expect(await accessFaults(page)).toEqual([])
  })
})
