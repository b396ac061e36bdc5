/** `node scripts/screenshots.ts`: makes the pictures of the documentation from the demo company, into `docs/images`. */
import { createServer, type AddressInfo } from 'node:net'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { createLog } from '../server/log.ts'
import { startLeadrail } from '../server/main.ts'
import { startFakePortals } from '../test/fake-portal/fake-portals.ts'
import { createPages } from '../test/fake-portal/pages/handler.ts'
import { createFastClock, demoStart } from '../test/fake-portal/scenario/clock.ts'
import { createDemoPortal } from '../test/fake-portal/scenario/demo-portal.ts'
import { playScenario } from '../test/fake-portal/scenario/play.ts'
import { openBrowser } from '../test/support/browser.ts'
import { buildPages } from './build.ts'
import { ensureChromium } from './chromium.ts'
import { root } from './run.ts'

const folder = join(root, 'docs', 'images')
const [administrator, headOfSales] = [1, 3]
/** How long the demo company works before its pictures are taken, and how much faster than real time. */
const [workingHours, speed] = [2.5, 120]
const largestBytes = 200_000

const freePort = (): Promise<number> => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => resolve(port))
  })
})

const until = async <T>(what: string, look: () => T | undefined | false | null): Promise<T> => {
  for (let tries = 0; tries < 600; tries += 1) {
    const seen = look()
    if (seen !== undefined && seen !== false && seen !== null) return seen
    await pause(100)
  }
  throw new Error(`waited in vain: ${what}`)
}

mkdirSync(folder, { recursive: true })
await buildPages({ only: 'stale' })
const clock = createFastClock({ start: demoStart, speed: 1 })
const port = await freePort()
const appUrl = `http://127.0.0.1:${port}`
const portals = await startFakePortals({ clock, appUrl, pages: createPages({ clock }) })
const portal = await createDemoPortal(portals)
portal.app.urls = { app: `${appUrl}/app`, install: `${appUrl}/install`, events: `${appUrl}/events` }
const app = await startLeadrail({
  config: {
    port, appUrl, databaseUrl: null, dataDir: 'memory://', secretKeys: [new Uint8Array(32).fill(7)], clientId: portals.app.clientId,
    clientSecret: portals.app.clientSecret, authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'error',
  },
  log: createLog({ level: 'error' }),
  clock: { now: () => Temporal.Instant.fromEpochMilliseconds(clock.now()), speed: () => clock.speed() },
})
const browser = await openBrowser(await ensureChromium())
const openAs = async (userId: number, path: string, width: number, height: number) => {
  const page = await browser.open([{ name: 'portal_user', value: String(userId), url: portal.baseUrl }], { width, height })
  await page.goto(`${portal.baseUrl}${path}`)
  return page
}
type Page = Awaited<ReturnType<typeof openAs>>
/** The upper part of the page, `height` pixels of it. */
const shoot = async (page: Page, name: string, height = page.viewportSize()?.height ?? 0): Promise<void> => {
  const path = join(folder, name)
  // A plain background packs into a tenth of a gradient's bytes.
  await page.addStyleTag({ content: 'body.portal { background: #1a4f85 !important }' })
  await pause(500)
  await page.screenshot({ path, clip: { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height } })
  const { size } = statSync(path)
  console.log(`${name}: ${Math.round(size / 1000)} kB`)
  if (size <= largestBytes) return
  console.error(`${name} is larger than ${largestBytes} bytes: cut it lower`)
  process.exitCode = 1
}

// The installer would leave as soon as it is done: it is held while its picture is taken.
const installer = await openAs(administrator, '/marketplace/', 1280, 900)
let release = (): void => {}
const held = new Promise<void>((resolve) => { release = resolve })
await installer.route('**/emulator/frame/install-finish', async (route) => {
  await held
  await route.continue()
})
await installer.getByRole('button', { name: 'Установить' }).click()
await installer.frameLocator('.slider iframe').frameLocator('iframe.app-frame').getByText('Что настроено').waitFor({ timeout: 60_000 })
await shoot(installer, 'install.png')
release()
await installer.frameLocator('.slider iframe').frameLocator('iframe.app-frame').getByRole('button', { name: 'Начать работу' }).click()
await until('the installation', () => portal.app.installed)

clock.setSpeed(speed)
const scenario = playScenario({ portal, clock, seed: 4 })
await until('a morning of work', () => clock.now() > demoStart + 15 * 60_000)
while (clock.now() < demoStart + workingHours * 3_600_000) await pause(200)
clock.setSpeed(1)
scenario.stop()
await pause(3_000)

await shoot(await openAs(headOfSales, '/crm/lead/kanban/', 1280, 720), 'kanban.png')
const overview = await openAs(headOfSales, `/marketplace/app/${portal.app.code}/`, 1280, 860)
await overview.frameLocator('iframe.app-frame').getByText('Лиды в работе').waitFor()
await shoot(overview, 'overview.png')

const lead = portal.act.createLead({ title: 'Столешница и стеновая панель', name: 'Алла', lastName: 'Дубравина', phone: '+7 900 000-21-01', sourceId: 'WEBFORM', comments: 'Кухня угловая, 2,4 × 1,8 м. Нужен замер.' })
await until('the step of the lead', () => lead.stageId === 'IN_PROCESS')
const tab = portal.state.placements.findIndex(({ placement }) => placement === 'CRM_LEAD_DETAIL_TAB')
const path = `/crm/lead/details/${lead.id}/?tab=app-${tab}&IFRAME=Y`
const manager = lead.assignedById ?? headOfSales
const wide = await openAs(manager, path, 1280, 1400)
const frame = wide.frameLocator('iframe.app-frame')
await frame.getByText('Почему такой срок').click()
await frame.getByLabel('Кухня').check()
await frame.getByLabel('Размеры изделия').fill('2400 × 1800 × 600 мм, угловая')
await frame.getByLabel('Кварцевый агломерат').check()
await frame.locator('[data-save="saved"]').waitFor()
await wide.evaluate(() => scrollTo(0, 0))
await shoot(wide, 'lead-tab.png', 900)
const narrow = await openAs(manager, path, 700, 1000)
await narrow.frameLocator('iframe.app-frame').getByText('Почему такой срок').waitFor()
await shoot(narrow, 'lead-tab-narrow.png')

await browser.closeWindows()
await browser.close()
await app.stop()
await portals.close()
