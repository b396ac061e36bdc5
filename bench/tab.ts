/** The lead tab in Chromium, opened through the portal's own card with an empty cache. */
import { mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildPages } from '../scripts/build.ts'
import { ensureChromium } from '../scripts/chromium.ts'
import { root } from '../scripts/run.ts'
import { openBrowser, type TestBrowser } from '../test/support/browser.ts'
import { startEmulated, waitFor, type Emulated } from './emulated.ts'
import { figure, measure, rounded } from './figures.ts'

const times = 7

interface Opening { readonly painted: number; readonly usable: number; readonly scripts: readonly string[] }

/** Milliseconds since the frame began to load. */
const openTab = async ({ portal }: Emulated, browser: TestBrowser, leadId: number, managerId: number): Promise<Opening> => {
  const page = await browser.open([{ name: 'portal_user', value: String(managerId), url: portal.baseUrl }])
  const scripts: string[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/assets/') && pathname.endsWith('.js')) scripts.push(pathname.slice('/assets/'.length))
  })
  await page.goto(`${portal.baseUrl}/crm/lead/details/${leadId}/`)
  await page.getByRole('link', { name: 'Регламент', exact: true }).click()
  const frame = await (await page.waitForSelector('iframe.app-frame')).contentFrame()
  if (frame === null) throw new Error('the frame has gone')
  await frame.waitForSelector('h1')
  const usable = await frame.waitForFunction(() => (document.querySelector('[id^="card-"] input, [id^="card-"] textarea, [id^="card-"] button') === null ? 0 : performance.now()))
  const painted = await frame.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
  const opening = { painted, usable: await usable.jsonValue(), scripts: [...new Set(scripts)] }
  await browser.closeWindows()
  return opening
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

await measure(async () => {
  await buildPages({ only: 'stale' })
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-bench-'))
  const world = await startEmulated({ databaseUrl: null, dataDir: join(folder, 'data') })
  const browser = await openBrowser(await ensureChromium())
  try {
    const lead = world.portal.act.createLead({ title: 'Столешница на кухню', phone: '+79000000001', sourceId: 'WEB' })
    await waitFor('the lead\'s task', 60, () => world.portal.state.tasks.size > 0 && lead.stageId === 'IN_PROCESS')
    const openings: Opening[] = []
    for (let time = 0; time < times; time += 1) openings.push(await openTab(world, browser, lead.id, lead.assignedById ?? 0))
    const scripts = openings.at(-1)?.scripts ?? []
    const bytes = scripts.map(name => gzipSync(readFileSync(join(root, 'dist/pages', name))).byteLength).reduce((sum, size) => sum + size, 0)
    return {
      title: 'Lead tab',
      how: `Opened ${times} times from the lead card of the emulated portal in Chromium with an empty cache; the median, counted from the moment at which the frame begins to load. Usable: the card's first answer can be given. Leadrail, emulator and browser share the machine.`,
      figures: [
        figure('first paint', rounded(median(openings.map(({ painted }) => painted))), 'ms'),
        figure('usable', rounded(median(openings.map(({ usable }) => usable))), 'ms'),
        figure('JavaScript of the page, gzipped', rounded(bytes / 1000, 1), 'kB', { most: 300 }),
        figure('script files', scripts.length, 'files'),
      ],
    }
  } finally {
    await browser.close()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
