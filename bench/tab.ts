/** The lead tab in Chromium, opened through the portal's own card with an empty cache. */
import { mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { gzipSync } from 'node:zlib'
import { buildPages } from '../scripts/build.ts'
import { ensureChromium } from '../scripts/chromium.ts'
import { root } from '../scripts/run.ts'
import { openBrowser, type TestBrowser } from '../test/support/browser.ts'
import { pause, startEmulated, waitFor, type Emulated } from './emulated.ts'
import { figure, measure, rounded } from './figures.ts'

const times = 7
/** Answers of text that the card of the demo company asks for, one after the other. */
const savings = 10

interface Opening {
  /** Milliseconds since the frame began to load. */
  readonly painted: number
  readonly usable: number
  readonly scripts: readonly string[]
  /** Requests that reached the portal, until nothing was asked any more. */
  readonly requests: number
  /** Requests of the page to Leadrail until the first answer could be given. */
  readonly ours: number
}
interface Saving { readonly whole: number; readonly own: number }

const quietMs = 1_000

const settled = async ({ portal }: Emulated): Promise<number> => {
  for (;;) {
    const before = portal.traffic.requests
    await pause(quietMs)
    if (portal.traffic.requests === before) return before
  }
}

/** A lead that nobody has opened yet, in a window without a cache. */
const openTab = async (world: Emulated, browser: TestBrowser, { id: leadId, managerId }: { readonly id: number; readonly managerId: number }): Promise<{ opening: Opening; frame: Frame }> => {
  const { portal } = world
  const before = await settled(world)
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
  await frame.waitForSelector('h1:not([data-loading])')
  const usable = await frame.waitForFunction(() => (document.querySelector('[id^="card-"] input, [id^="card-"] textarea, [id^="card-"] button') === null ? 0 : performance.now()))
  const painted = await frame.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
  const ours = await frame.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.startsWith('/api/')).length)
  return { opening: { painted, usable: await usable.jsonValue(), scripts: [...new Set(scripts)], requests: await settled(world) - before, ours }, frame }
}

/** Types answers into the card's first field of text; each is saved when the field is left. */
const saveAnswers = async ({ portal, now }: Emulated, frame: Frame, managerId: number): Promise<Saving[]> => {
  const field = frame.locator('[id^="card-"] input[type="text"]').first()
  const measured: Saving[] = []
  for (let turn = 1; turn <= savings; turn += 1) {
    await frame.evaluate(() => { performance.clearResourceTimings() })
    const from = now()
    await field.fill(`Ответ ${turn}`)
    await field.press('Tab')
    const saved = await frame.waitForFunction(() => {
      const entry = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/card')) as PerformanceResourceTiming | undefined
      return entry === undefined || entry.responseEnd === 0 ? 0 : entry.responseEnd - entry.startTime
    })
    const whole = Number(await saved.jsonValue())
    const atPortal = portal.requests.filter(({ at, userId }) => at >= from && userId === managerId).reduce((sum, { ms }) => sum + ms, 0)
    measured.push({ whole, own: whole - atPortal })
    await pause(quietMs)
  }
  return measured
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

await measure(async () => {
  await buildPages({ only: 'stale' })
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-bench-'))
  const world = await startEmulated({ databaseUrl: null, dataDir: join(folder, 'data') })
  const browser = await openBrowser(await ensureChromium())
  try {
    const leads = Array.from({ length: times }, (_, index) => world.portal.act.createLead({ title: 'Столешница на кухню', phone: `+7900000000${index}`, sourceId: 'WEB' }))
    await waitFor('the tasks of all leads', 60, () => world.portal.state.tasks.size >= times && leads.every(({ stageId }) => stageId === 'IN_PROCESS'))
    const openings: Opening[] = []
    let answered: Saving[] = []
    for (const [index, { id, assignedById }] of leads.entries()) {
      const managerId = assignedById ?? 0
      const { opening, frame } = await openTab(world, browser, { id, managerId })
      openings.push(opening)
      if (index === times - 1) answered = await saveAnswers(world, frame, managerId)
      await browser.closeWindows()
    }
    const scripts = openings.at(-1)?.scripts ?? []
    const bytes = scripts.map(name => gzipSync(readFileSync(join(root, 'dist/pages', name))).byteLength).reduce((sum, size) => sum + size, 0)
    return {
      title: 'Lead tab',
      how: `${times} leads that nobody has looked at yet, each opened from its card of the emulated portal in Chromium with an empty cache; the median, counted from the moment at which the frame begins to load. Usable: the card's first answer can be given. Saving: ${savings} answers, from the request of the page to the end of its answer; own time is without what the portal took. Requests to the portal are counted from the opening until nothing is asked any more. Leadrail, emulator and browser share the machine.`,
      figures: [
        figure('first paint', rounded(median(openings.map(({ painted }) => painted))), 'ms'),
        figure('usable', rounded(median(openings.map(({ usable }) => usable))), 'ms', { most: 1000 }),
        figure('requests of the page to Leadrail until then, at most', Math.max(...openings.map(({ ours }) => ours)), 'requests', { most: 1 }),
        figure('requests to the portal for an opening', median(openings.map(({ requests }) => requests)), 'requests', { most: 3 }),
        figure('an answer saved', rounded(median(answered.map(({ whole }) => whole))), 'ms'),
        figure('an answer saved: own time', rounded(median(answered.map(({ own }) => own))), 'ms', { most: 300 }),
        figure('an answer saved: own time at most', rounded(Math.max(...answered.map(({ own }) => own))), 'ms', { most: 300 }),
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
