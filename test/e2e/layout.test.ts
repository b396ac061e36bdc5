import { beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { installOn } from '../../scripts/install-on.ts'
import type { CrmItem } from '../fake-portal/rows.ts'
import { stickingOut } from '../support/browser.ts'
import { expectGoodState } from './state.ts'
import { administrator, eventually, headOfSales, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

/** The frame as wide as on a phone, whatever the portal's page around it has. */
const asPhone = async (frame: Frame): Promise<void> => {
  const element = await frame.frameElement()
  await element.evaluate((iframe) => { (iframe as unknown as HTMLElement).style.width = '360px' })
  await frame.waitForFunction(() => innerWidth === 360)
}
const topOf = (frame: Frame, selector: string): Promise<number> => frame.locator(selector).first().evaluate(place => place.getBoundingClientRect().top - document.documentElement.getBoundingClientRect().top)

describe('the lead tab on every screen', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => { await installOn(world.it.portal, world.it.app.url, administrator, 'digital') })

  const newLead = async (draft: Record<string, unknown> = {}): Promise<CrmItem> => {
    const lead = world.it.portal.act.createLead({ title: 'Продвижение сайта', name: 'Нина', lastName: 'Перова', phone: '+7 900 000-57-01', sourceId: 'WEBFORM', ...draft })
    await eventually(`lead ${lead.id} in work`, () => lead.stageId === 'IN_PROCESS' && (lead.assignedById ?? 0) > 0)
    return lead
  }
  const openAs = async (userId: number, leadId: number) => {
    const page = await world.it.asUser(userId)
    return { page, frame: await openLeadTab(world.it, page, leadId) }
  }

  it('begins on a phone with the deadline and what to do now', async () => {
    const lead = await newLead()
    const { page, frame } = await openAs(lead.assignedById ?? 0, lead.id)
    await page.setViewportSize({ width: 480, height: 900 })
    await asPhone(frame)
    await frame.locator('[data-next]').waitFor()
    expect(await topOf(frame, '.deadline')).toBeLessThan(260)
    expect(await topOf(frame, '[data-next]')).toBeLessThan(620)
    expect(await topOf(frame, '[data-why=responsible]')).toBeGreaterThan(await topOf(frame, '[data-next]'))
  })

  it('lets nothing stick out or be cut off, however long names are and however many phones there are', async () => {
    const long = 'Общество-с-ограниченной-ответственностью '.repeat(5).trim()
    const lead = await newLead({ title: long, lastName: 'Константинопольская-Преображенская'.repeat(3), companyTitle: long, phone: '+7 900 000-58-00' })
    for (let place = 1; place < 12; place += 1) lead.fm.push({ typeId: 'PHONE', valueType: 'WORK', value: `+7 900 000-58-${String(place).padStart(2, '0')}`, id: 9_000 + place })
    lead.fm.push({ typeId: 'EMAIL', valueType: 'WORK', value: `${'ochen-dlinnyj-adres'.repeat(3)}@example.com`, id: 9_100 })
    const { frame } = await openAs(lead.assignedById ?? 0, lead.id)
    await frame.locator('[data-phone]').nth(11).waitFor()
    for (const width of [1280, 700, 360, 320]) expect(await stickingOut(frame, width), `at ${width} px`).toEqual([])
    const cut = await frame.evaluate(() => [...document.querySelectorAll('h1, h2, h3, .ui-btn span')].filter(place => place.scrollWidth > place.clientWidth + 1 && getComputedStyle(place).overflow === 'hidden').map(place => place.textContent))
    expect(cut).toEqual([])
  })

  it('is dark for whoever has chosen that, and stays so at the next opening', async () => {
    const lead = await newLead()
    const { frame } = await openAs(lead.assignedById ?? 0, lead.id)
    const look = () => frame.evaluate(() => document.documentElement.className)
    expect(await look()).toBe('light')
    await frame.getByRole('button', { name: 'Тёмное оформление' }).click()
    expect(await look()).toBe('dark')
    for (const summary of await frame.locator('summary').all()) await summary.click()
    await expectGoodState(frame, 'tab-dark')
    const again = await openAs(lead.assignedById ?? 0, lead.id)
    await again.frame.locator('html.dark').waitFor()
    await again.frame.getByRole('button', { name: 'Светлое оформление' }).click()
    await again.frame.locator('html.light').waitFor()
  })

  it('shows a head whom to hand the lead to and what becomes of the deadline, and the journal says who has decided', async () => {
    const lead = await newLead()
    const before = lead.assignedById
    const { frame } = await openAs(headOfSales, lead.id)
    await frame.locator('[data-act="reassign"]').click()
    const form = frame.locator('[data-now] form')
    expect(await form.locator('legend').first().innerText()).toBe('Кому по регламенту дают такие лиды')
    const best = form.locator('fieldset').first().locator('label').first()
    const name = (await best.innerText()).split('\n')[0] ?? ''
    expect(await best.innerText()).toMatch(/на работе · \d+ лид/)
    await best.click()
    const told = (await form.locator('[data-term]').innerText()).replace('Срок пересчитается: до ', '').replace('Срок останется: до ', '').replace(/\.$/, '')
    await expectGoodState(frame, 'tab-head-chooses')
    await form.getByRole('button', { name: 'Передать' }).click()
    await untilItSays(frame, `Новый ответственный: ${name}.`)
    expect(lead.assignedById).not.toBe(before)
    const words = await wordsOf(frame)
    expect(words).toMatch(/Лид передан: .*Светлова/)
    expect(words).toContain(`до ${told}`)
  })
})
