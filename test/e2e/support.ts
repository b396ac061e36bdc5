/** The whole program as people meet it: an emulated portal, Leadrail on it, and their browsers. */
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { createServer, type AddressInfo } from 'node:net'
import { Temporal } from 'temporal-polyfill'
import type { Frame, Page } from 'playwright-core'
import type { Config } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { startLeadrail, type Leadrail } from '../../server/main.ts'
import { installOn } from '../../scripts/install-on.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../fake-portal/fake-portals.ts'
import { createPages } from '../fake-portal/pages/handler.ts'
import type { CrmItem } from '../fake-portal/rows.ts'
import { createFastClock, demoStart } from '../fake-portal/scenario/clock.ts'
import { furnishDemo } from '../fake-portal/scenario/demo-portal.ts'
import { openBrowser, type TestBrowser, type Window } from '../support/browser.ts'
import { newPostgresUrl, type DatabaseKind } from '../support/database.ts'

export const administrator = 1
export const headOfSales = 3
/** A person who sells nothing and sees no leads. */
export const fitter = 10
export const minute = 60_000

export interface WorldOptions {
  readonly database?: DatabaseKind
  /** Emulated milliseconds per real one. */
  readonly speed?: number
  /** Put Leadrail on the portal before the first test. */
  readonly installed?: boolean
  /** Keep the twelve leads of the demo company. */
  readonly leads?: boolean
  readonly language?: 'ru' | 'en'
}

export interface World {
  readonly portals: FakePortals
  readonly portal: FakePortal
  readonly app: Leadrail
  readonly browser: TestBrowser
  now(): number
  /** Lets so many milliseconds pass at once, for the portal and for Leadrail. */
  jump(milliseconds: number): void
  asUser(userId: number, window?: Window): Promise<Page>
  /** A lead as a site form makes it; resolves when Leadrail has put it on its first step with a task. */
  newLead(draft?: Record<string, unknown>): Promise<Served>
  close(): Promise<void>
}

export interface Served { readonly lead: CrmItem; readonly managerId: number; readonly taskId: number }

const freePort = (): Promise<number> => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => resolve(port))
  })
})

export const startWorld = async ({ database = 'pglite', speed = 1, installed = true, leads = false, language = 'ru' }: WorldOptions = {}): Promise<World> => {
  const fast = createFastClock({ start: demoStart, speed })
  let jumped = 0
  const clock = { ...fast, now: () => fast.now() + jumped }
  const port = await freePort()
  const appUrl = `http://127.0.0.1:${port}`
  const portals = await startFakePortals({ clock, appUrl, strict: true, pages: createPages({ clock }) })
  const portal = await portals.create({ timeZone: 'Europe/Moscow', language, app: { present: false, installed: false } })
  furnishDemo(portal)
  if (!leads) for (const { id } of [...portal.state.leads.values()]) portal.act.deleteLead(id)
  portal.app.urls = { app: `${appUrl}/app`, install: `${appUrl}/install`, events: `${appUrl}/events` }
  const config: Config = {
    port, appUrl, databaseUrl: database === 'postgres' ? await newPostgresUrl() : null, dataDir: 'memory://',
    secretKeys: [new Uint8Array(32).fill(7)], clientId: portals.app.clientId, clientSecret: portals.app.clientSecret,
    authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'error',
  }
  const app = await startLeadrail({
    config, log: createLog({ level: config.logLevel }), host: '127.0.0.1',
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(clock.now()), speed: () => clock.speed() },
  })
  const browser = await openBrowser()
  if (installed) await installOn(portal, app.url, administrator)

  // Two leads of one phone would be one client's, and go to one responsible.
  let clients = 0
  const world: World = {
    portals, portal, app, browser,
    now: clock.now,
    jump: (milliseconds) => { jumped += milliseconds },
    asUser: (userId, window) => browser.open([{ name: 'portal_user', value: String(userId), url: portal.baseUrl }], window),
    newLead: async (draft = {}) => served(world, portal.act.createLead({ title: 'Столешница на кухню', name: 'Нина', lastName: 'Перова', phone: `+7 900 000-4${String(clients += 1).padStart(3, '0').replace(/^(.)/, '$1-')}`, sourceId: 'WEBFORM', ...draft })),
    close: async () => {
      await browser.closeWindows()
      await browser.close()
      await app.stop()
      await portals.close()
    },
  }
  return world
}

/** A world for all tests of a file. Every test ends with quiet consoles, and with nothing asked of the portal that a real one would swallow. */
export const useWorld = (options: WorldOptions = {}): { readonly it: World; expectComplaint(pattern: RegExp): void } => {
  let world: World | null = null
  let expected: RegExp[] = []
  beforeAll(async () => { world = await startWorld(options) })
  afterAll(() => world?.close())
  afterEach(async () => {
    await world?.browser.closeWindows()
    const complaints = world?.browser.takeComplaints() ?? []
    const patterns = expected
    expected = []
    expect(complaints.filter(complaint => !patterns.some(pattern => pattern.test(complaint)))).toEqual([])
    expect(world?.portal.strictFailures ?? []).toEqual([])
  })
  return {
    get it() {
      if (world === null) throw new Error('the world has not begun')
      return world
    },
    expectComplaint: (pattern) => { expected.push(pattern) },
  }
}

/** Waits until `look` answers something and gives it; ends with the test's own words when it never does. What people did before may have used up the portal's limit: the work behind it waits for its turn. */
export const eventually = <T>(what: string, look: () => T | null | undefined | false | Promise<T | null | undefined | false>, timeout = 45_000): Promise<T> =>
  vi.waitFor(async () => {
    const seen = await look()
    if (seen === null || seen === undefined || seen === false) throw new Error(`still waiting: ${what}`)
    return seen
  }, { timeout, interval: 60 })

export const taskOf = ({ portal }: World, leadId: number) => [...portal.state.tasks.values()].findLast(task => task.ufCrmTask.includes(`L_${leadId}`))

/** Messages of Leadrail to a person, oldest first. */
export const messagesTo = ({ portal }: World, userId: number): string[] => portal.state.notifications.filter(note => note.userId === userId).map(note => note.message)

const served = async (world: World, lead: CrmItem): Promise<Served> => {
  const taskId = await eventually(`a task for lead ${lead.id}`, () => taskOf(world, lead.id)?.id)
  await eventually(`lead ${lead.id} on its step`, () => lead.stageId === 'IN_PROCESS')
  return { lead, managerId: lead.assignedById ?? 0, taskId }
}

/** Leadrail's frame on a page of the portal, once it has drawn something that has a heading. */
export const appFrame = async (place: Page | Frame): Promise<Frame> => {
  const frame = await frameOf(place, 'iframe.app-frame')
  await frame.waitForSelector('h1:not([data-loading])')
  return frame
}

/** The page of the portal in the slider over a page. */
export const sliderOf = (page: Page): Promise<Frame> => frameOf(page, '.slider iframe')

const frameOf = async (place: Page | Frame, selector: string): Promise<Frame> => {
  const frame = await (await place.waitForSelector(selector)).contentFrame()
  if (frame === null) throw new Error(`the frame has gone: ${selector}`)
  return frame
}

/** Presses «Установить» in the market; answers with the slider that the installer opens in. */
export const pressInstall = async ({ portal }: World, page: Page): Promise<Frame> => {
  await page.goto(`${portal.baseUrl}/marketplace/`)
  await page.getByRole('button', { name: 'Установить' }).click()
  return sliderOf(page)
}

/** How many bindings each placement and each event has on the portal. */
export const bindingsOf = ({ portal: { state } }: World): { placements: Record<string, number>; events: Record<string, number> } => {
  const count = (names: readonly string[]) => names.reduce<Record<string, number>>((sum, name) => ({ ...sum, [name]: (sum[name] ?? 0) + 1 }), {})
  return { placements: count(state.placements.map(({ placement }) => placement)), events: count(state.eventHandlers.map(({ event }) => event)) }
}

/** Opens the tab of a lead as a person does: the card, then «Регламент». */
export const openLeadTab = async ({ portal }: World, page: Page, leadId: number): Promise<Frame> => {
  await page.goto(`${portal.baseUrl}/crm/lead/details/${leadId}/`)
  await page.getByRole('link', { name: 'Регламент', exact: true }).click()
  return appFrame(page)
}

/** The page around a frame makes it as tall as its content, a moment later: a click meanwhile would land beside what it is meant for. */
export const atRest = (frame: Frame): Promise<void> => frame.evaluate(async () => {
  for (let tall = -1, same = 0; same < 3; await new Promise(done => setTimeout(done, 100))) {
    same = tall === innerHeight ? same + 1 : 0
    tall = innerHeight
  }
})

/** What the tab does by itself when its window is seen again: it looks at the lead anew. */
export const lookAgain = (frame: Frame): Promise<boolean> => frame.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

/** Waits until the frame says `text`; the lead is looked at anew once a second, for every look costs the portal a request. */
export const untilItSays = async (frame: Frame, text: string | RegExp): Promise<string> => {
  let lookAt = 0
  return eventually(`the frame says ${String(text)}`, async () => {
    const words = await wordsOf(frame)
    if (typeof text === 'string' ? words.includes(text) : text.test(words)) return words
    if (performance.now() >= lookAt) {
      lookAt = performance.now() + 1_000
      await lookAgain(frame)
    }
    return null
  })
}

/** All that is written in a frame, with ordinary spaces only. */
export const wordsOf = async (frame: Frame): Promise<string> => (await frame.locator('body').innerText()).replace(/[\u00a0\u202f]/g, ' ')
