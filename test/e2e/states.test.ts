import { beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { installOn } from '../../scripts/install-on.ts'
import type { CrmItem } from '../fake-portal/rows.ts'
import { expectGoodState } from './state.ts'
import { administrator, appFrame, eventually, headOfSales, messagesTo, minute, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

const act = (frame: Frame, key: string) => frame.locator(`[data-act="${key}"]`)
const form = (frame: Frame) => frame.locator('[data-now] form')

describe('what the lead tab can show besides its main work (issue 4)', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => { await installOn(world.it.portal, world.it.app.url, administrator, 'digital') })

  let clients = 0
  const newLead = async (draft: Record<string, unknown> = {}): Promise<{ lead: CrmItem; managerId: number }> => {
    clients += 1
    const lead = world.it.portal.act.createLead({ title: 'Продвижение сайта', name: 'Нина', lastName: `Перова-${clients}`, companyTitle: `ООО «Ромашка ${clients}»`, phone: `+7 900 000-61-${String(clients).padStart(2, '0')}`, sourceId: 'WEBFORM', ...draft })
    await eventually(`lead ${lead.id} in work`, () => lead.stageId === 'IN_PROCESS' && (lead.assignedById ?? 0) > 0)
    return { lead, managerId: lead.assignedById ?? 0 }
  }
  const openAs = async (userId: number, leadId: number) => openLeadTab(world.it, await world.it.asUser(userId), leadId)

  it('shows the outline of its parts while the lead is still being read', async () => {
    const { lead, managerId } = await newLead()
    const page = await world.it.asUser(managerId)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => { release = resolve })
    await page.route('**/api/leads/*', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`${world.it.portal.baseUrl}/crm/lead/details/${lead.id}/`)
    await page.getByRole('link', { name: 'Регламент', exact: true }).click()
    const frame = await (await page.waitForSelector('iframe.app-frame')).contentFrame()
    if (frame === null) throw new Error('no frame')
    await frame.getByRole('status').filter({ hasText: 'Загру' }).first().waitFor()
    await expectGoodState(frame, 'tab-loading')
    release()
    await frame.waitForSelector('h1:not([data-loading])')
  })

  it('calls back at the minute that the client has asked for, and reminds of it (S2-11)', async () => {
    const { lead, managerId } = await newLead()
    const frame = await openAs(managerId, lead.id)
    await act(frame, 'call-back').click()
    await form(frame).locator('input[type="datetime-local"]').fill('2026-11-24T11:40')
    await expectGoodState(frame, 'tab-call-back')
    await form(frame).locator('button[type="submit"]').click()
    await frame.locator('[data-note="done"]').filter({ hasText: '11:40' }).waitFor()
  })

  it('takes down a talk by a mobile phone, and not without what was agreed (S3-17)', async () => {
    const { lead, managerId } = await newLead()
    const frame = await openAs(managerId, lead.id)
    await act(frame, 'call-declared').click()
    await form(frame).locator('button[type="submit"]').click()
    await form(frame).getByRole('alert').waitFor()
    await expectGoodState(frame, 'tab-mobile-call')
    await form(frame).getByRole('textbox').fill('Пришлёт бриф до пятницы.')
    await form(frame).locator('button[type="submit"]').click()
    await frame.locator('[data-note="done"]').waitFor()
  })

  it('moves the deadline within its limits, with a reason (S0-23)', async () => {
    const { lead, managerId } = await newLead()
    const frame = await openAs(managerId, lead.id)
    await act(frame, 'move-deadline').click()
    await expectGoodState(frame, 'tab-move-deadline')
    await form(frame).locator('input[type="datetime-local"]').fill('2026-11-24T10:00')
    await form(frame).getByRole('textbox').last().fill('Клиент попросил после планёрки.')
    await form(frame).locator('button[type="submit"]').click()
    await untilItSays(frame, /вт, 24 нояб\.?,? 10:00|до вт 24 ноября, 10:00/)
  })

  it('explains who was chosen and why, what the deadline rests on, and what has happened', async () => {
    const { lead, managerId } = await newLead()
    const frame = await openAs(managerId, lead.id)
    await frame.getByText('Почему такой срок').click()
    await frame.getByText('Почему этот ответственный').click()
    await frame.getByText('Норма').first().waitFor()
    await eventually('the receipt of the choice', async () => (await wordsOf(frame)).includes('Если ответственного выберет человек'))
    await expectGoodState(frame, 'tab-receipts')
  })

  it('finds the client’s other lead, and remembers that it is another client (S2-20)', async () => {
    const first = await newLead({ lastName: 'Дважды' })
    const { lead } = await newLead({ lastName: 'Дважды', phone: String((first.lead['fm'] as { value: string }[])[0]?.value) })
    const frame = await openAs(headOfSales, lead.id)
    await untilItSays(frame, 'Дважды')
    await frame.locator('[data-duplicate]').getByRole('button', { name: 'Это другой клиент' }).first().waitFor()
    await expectGoodState(frame, 'tab-duplicates')
    await frame.locator('[data-duplicate]').getByRole('button', { name: 'Это другой клиент' }).first().click()
    await frame.locator('[data-note="done"]').waitFor()
  })

  it('lets the head acknowledge the miss of a lead', async () => {
    world.expectComplaint(/status of 401/)
    const { lead, managerId } = await newLead()
    world.it.jump(16 * minute)
    await eventually('the miss', () => messagesTo(world.it, managerId).find(text => text.includes('срок пропущен')))
    const frame = await openAs(headOfSales, lead.id)
    await untilItSays(frame, 'Нет первого контакта в срок')
    await expectGoodState(frame, 'tab-head-missed')
    await frame.getByRole('button', { name: /^Принять к сведению/ }).first().click()
    await untilItSays(frame, /Принято? к сведению/)
  })

  it('says that Leadrail cannot be reached, and tries again', async () => {
    world.expectComplaint(/ERR_FAILED|Failed to load/)
    const { lead, managerId } = await newLead()
    const page = await world.it.asUser(managerId)
    await page.route('**/api/leads/*', route => route.abort())
    const frame = await openLeadTab(world.it, page, lead.id)
    await frame.getByRole('button', { name: 'Повторить' }).waitFor()
    await expectGoodState(frame, 'tab-unreachable')
    await page.unroute('**/api/leads/*')
    await frame.getByRole('button', { name: 'Повторить' }).click()
    await frame.locator('h1').filter({ hasText: 'Взят в работу' }).waitFor()
  })
})

describe('a lead that came in the evening, when nobody was at work', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => {
    const { portal, app } = world.it
    for (const user of portal.state.users.values()) portal.act.closeDay(user.id)
    await installOn(portal, app.url, administrator, 'digital')
  })

  it('is offered to the people of its pool, who take it with one click (S3-13)', async () => {
    const { portal } = world.it
    portal.state.crmRights.push({ userId: 4, entityTypeId: 1, read: 'all', change: 'all' })
    const lead = portal.act.createLead({ title: 'Ночной лид', name: 'Зоя', phone: '+7 900 000-62-01', sourceId: 'WEBFORM' })
    const frame = await openLeadTab(world.it, await world.it.asUser(4), lead.id)
    await untilItSays(frame, 'Взять в работу')
    await expectGoodState(frame, 'tab-take')
    await act(frame, 'take').click()
    await eventually('the lead is his', () => lead.assignedById === 4)
  })
})

describe('Leadrail in English', () => {
  const world = useWorld({ language: 'en' })

  it('says nothing of its own in Russian, in the tab and on the main page', async () => {
    const { lead, managerId } = await world.it.newLead()
    const frame = await openLeadTabIn(world.it, managerId, lead.id)
    await act(frame, 'call').waitFor()
    await expectGoodState(frame, 'tab-english')
    const labels = await frame.locator('h2, button:not([id^="card-"] *), summary').allInnerTexts()
    expect(labels.filter(text => /[а-яё]/i.test(text) && !/“/.test(text))).toEqual([])
  })

  const openLeadTabIn = async (it: typeof world.it, userId: number, leadId: number): Promise<Frame> => {
    const page = await it.asUser(userId)
    await page.goto(`${it.portal.baseUrl}/crm/lead/details/${leadId}/`)
    await page.locator('[data-placement="CRM_LEAD_DETAIL_TAB"], a:has-text("Регламент"), a:has-text("Regulation")').first().click()
    return appFrame(page)
  }
})
