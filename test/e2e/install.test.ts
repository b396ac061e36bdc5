import { describe, expect, it } from 'vitest'
import { expectGoodState } from './state.ts'
import { administrator, appFrame, bindingsOf, eventually, fitter, pressInstall, taskOf, useWorld, wordsOf } from './support.ts'

describe('the installer (issue 2, part 3)', () => {
  const world = useWorld({ installed: false })
  const openInstaller = async () => {
    const page = await world.it.asUser(administrator)
    await page.goto(`${world.it.portal.baseUrl}/marketplace/app/${world.it.portal.app.code}/`)
    return { page, frame: await appFrame(page) }
  }

  it('explains, in the portal\'s language, what is missing in simple CRM mode, and leaves nothing half done', async () => {
    const { portal } = world.it
    portal.state.crmMode = 2
    const page = await world.it.asUser(administrator)
    const frame = await appFrame(await pressInstall(world.it, page))
    await frame.getByText('Портал ещё не готов').first().waitFor()
    const words = await wordsOf(frame)
    expect(words).toContain('Установка Leadrail')
    expect(words).toContain('Включён простой режим CRM')
    expect(words).toContain('Приложению даны нужные права')
    expect(words, 'what was not tried has not failed').not.toContain('Портал не принял подписку')
    await expectGoodState(frame, 'install-not-ready')
    expect(bindingsOf(world.it)).toEqual({ placements: {}, events: {} })
    expect([...portal.state.userFields.values()]).toEqual([])
    expect(portal.app.installed).toBe(false)

    portal.settings.language = 'en'
    const english = await openInstaller()
    await english.frame.getByText('CRM is in simple mode').waitFor()
    expect((await wordsOf(english.frame)).replace('Отдел продаж', '')).not.toMatch(/[а-яё]/i)
    portal.settings.language = 'ru'
  })

  it('tells an ordinary employee that an administrator is needed', async () => {
    const answer = await world.it.portal.openPage('DEFAULT', fitter)
    expect(await answer.text()).toMatch(/администратор/)
    const page = await world.it.asUser(fitter)
    await page.goto(`${world.it.portal.baseUrl}/marketplace/app/${world.it.portal.app.code}/`)
    await page.getByText('Обратитесь к администратору портала').waitFor()
    expect(world.it.portal.app.installed).toBe(false)
  })

  it('sets everything up as soon as the portal is mended, and the portal shows Leadrail', async () => {
    const { portal } = world.it
    const { page, frame } = await openInstaller()
    await frame.getByText('Портал ещё не готов').first().waitFor()
    portal.state.crmMode = 1
    await frame.getByRole('button', { name: 'Проверить ещё раз' }).click()
    await frame.getByRole('button', { name: 'Начать работу' }).waitFor()
    const words = await wordsOf(frame)
    for (const line of ['Что настроено', 'Вкладка «Регламент» в карточке лида', 'Пункт «Leadrail» в левом меню', 'Регламент опубликован, версия 1']) expect(words).toContain(line)
    expect(portal.app.installed, 'nobody has pressed yet').toBe(false)
    await expectGoodState(frame, 'install-done')
    await page.keyboard.press('Enter')
    const main = await eventually('the main page', async () => {
      const shown = await appFrame(page)
      return (await shown.locator('h1').innerText()) === 'Столешницы на заказ' && shown
    }, 60_000)
    expect(portal.app.installed).toBe(true)
    expect(bindingsOf(world.it).placements['CRM_LEAD_DETAIL_TAB']).toBe(1)
    expect(Object.values(bindingsOf(world.it).events).every(count => count === 1)).toBe(true)
    await expectGoodState(main, 'overview-first')
  })

  it('makes nothing twice when it runs again, and finishes by itself what was left unfinished', async () => {
    const { portal } = world.it
    const [bindings, fields] = [bindingsOf(world.it), portal.state.userFields.size]
    portal.app.installed = false
    const { page } = await openInstaller()
    await eventually('the installation is finished again', () => portal.app.installed, 60_000)
    await page.getByRole('link', { name: 'Leadrail' }).first().waitFor()
    expect(bindingsOf(world.it)).toEqual(bindings)
    expect(portal.state.userFields.size).toBe(fields)
  })
})

describe('an installation by hand on PostgreSQL (issue 2, parts 3 and 4)', () => {
  const world = useWorld({ installed: false, database: 'postgres', leads: true })

  it('begins in the market, shows its checks, and then serves the leads that were there', async () => {
    const { portal } = world.it
    const page = await world.it.asUser(administrator)
    const slider = await pressInstall(world.it, page)
    const frame = await appFrame(slider)
    await frame.getByText('CRM работает с лидами').waitFor()
    await frame.getByRole('button', { name: 'Начать работу' }).click()
    await eventually('the installation is finished', () => portal.app.installed, 60_000)
    const main = await eventually('the main page', async () => {
      const shown = await appFrame(slider)
      return (await shown.locator('h1').innerText()) === 'Столешницы на заказ' && shown
    })
    await main.getByText('Лиды в работе').first().waitFor()
    const waiting = [...portal.state.leads.values()].filter(lead => lead['originId'] === 'weekend-kitchen')
    for (const lead of waiting) await eventually('a task for the lead of the weekend', () => taskOf(world.it, lead.id), 30_000)
    expect(waiting).toHaveLength(1)

    await page.goto(`${portal.baseUrl}/crm/lead/kanban/`)
    await page.getByRole('navigation', { name: 'Разделы портала' }).getByRole('link', { name: 'Leadrail' }).first().waitFor()
  })
})
