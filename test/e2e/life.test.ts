import { describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { administrator, appFrame, bindingsOf, eventually, openLeadTab, pressInstall, useWorld } from './support.ts'

describe('the life of the application on a portal (issue 2, part 3)', () => {
  const world = useWorld()
  const openMarket = async () => {
    const page = await world.it.asUser(administrator)
    await page.goto(`${world.it.portal.baseUrl}/marketplace/`)
    return page
  }
  /** Tables that still hold something of the portal, with how many rows. */
  const remains = async (): Promise<string[]> => {
    const { portal, app: { database: { db } } } = world.it
    const found: string[] = []
    for (const { schema = 'public', name } of await db.introspection.getTables()) {
      // Ended jobs of the queue hold the portal's id alone; they go by themselves within minutes.
      if (schema === 'pgboss') continue
      const { rows } = await sql<{ rows: string }>`select count(*) as rows from ${sql.table(`${schema}.${name}`)} as row where row::text like ${`%${portal.memberId}%`}`.execute(db)
      if (Number(rows[0]?.rows) > 0) found.push(`${name}: ${rows[0]?.rows}`)
    }
    return found
  }

  it('goes on when the portal is renamed', async () => {
    await world.it.portal.rename()
    const { lead, managerId } = await world.it.newLead({ title: 'После переименования' })
    const frame = await openLeadTab(world.it, await world.it.asUser(managerId), lead.id)
    expect(await frame.locator('h1').innerText()).toBe('Взят в работу')
  })

  it('sets up everything again, and once, after an update from the market', async () => {
    const before = bindingsOf(world.it)
    const page = await openMarket()
    await page.getByRole('button', { name: 'Обновить до версии 2' }).click()
    await page.getByText('версия 2').waitFor()
    await eventually('all bindings are back', () => JSON.stringify(sorted(bindingsOf(world.it))) === JSON.stringify(sorted(before)), 30_000)
    const { lead, managerId } = await world.it.newLead({ title: 'После обновления' })
    const frame = await openLeadTab(world.it, await world.it.asUser(managerId), lead.id)
    expect(await frame.locator('h1').innerText()).toBe('Взят в работу')
  })

  it('leaves nothing behind when it is removed with its data', async () => {
    expect((await remains()).length).toBeGreaterThan(5)
    const page = await openMarket()
    await page.getByText('Удалить', { exact: true }).click()
    await page.getByLabel('Удалить настройки и данные').check()
    await page.getByRole('button', { name: 'Удалить приложение' }).click()
    await page.getByText('не установлено').waitFor()
    await eventually('the database holds nothing of the portal', async () => {
      const left = await remains()
      if (left.length > 0) throw new Error(`left: ${left.join(', ')}`)
      return true
    }, 20_000)
  })

  it('is installed again as if it had never been there', async () => {
    const page = await world.it.asUser(administrator)
    const slider = await pressInstall(world.it, page)
    const installer = await appFrame(slider)
    await installer.getByRole('button', { name: 'Начать работу' }).click()
    await eventually('the installation is finished', () => world.it.portal.app.installed, 60_000)
    expect(bindingsOf(world.it).placements['CRM_LEAD_DETAIL_TAB']).toBe(1)
    const { lead, managerId } = await world.it.newLead({ title: 'После новой установки' })
    const frame = await openLeadTab(world.it, await world.it.asUser(managerId), lead.id)
    expect(await frame.locator('h1').innerText()).toBe('Взят в работу')
  })
})

const sorted = ({ placements, events }: ReturnType<typeof bindingsOf>) => [placements, events].map(counts => Object.entries(counts).sort())
