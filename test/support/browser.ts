/** Chromium for tests: people at their browsers, what their consoles complain of, and what every page of ours owes them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core'

export interface Window {
  readonly width?: number
  readonly height?: number
  /** Frames of other sites may keep data in it; many browsers forbid that. */
  readonly keeps?: boolean
}

export interface TestBrowser {
  /** A person's own browser window: nothing is shared with the others. */
  open(cookies: readonly { readonly name: string; readonly value: string; readonly url: string }[], window?: Window): Promise<Page>
  /** Errors and warnings of all consoles and uncaught errors, each with its address, since the last call; empties the list. */
  takeComplaints(): string[]
  /** Closes the windows, not the browser. */
  closeWindows(): Promise<void>
  close(): Promise<void>
}

const switches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const openBrowser = async (executablePath = process.env['CHROMIUM_PATH']): Promise<TestBrowser> => {
  if (executablePath === undefined) throw new Error('CHROMIUM_PATH is not set: start these tests with vitest, which finds a Chromium')
  const browser: Browser = await chromium.launch({ executablePath, headless: true, args: switches })
  let complaints: string[] = []
  const listen = (page: Page): void => {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.location().url}: ${message.text()}`)
    })
    page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`))
  }
  const folders: string[] = []
  const contexts: BrowserContext[] = []
  return {
    open: async (cookies, { width = 1280, height = 900, keeps = false } = {}) => {
      const settings = { viewport: { width, height }, locale: 'ru-RU', timezoneId: 'Europe/Moscow', reducedMotion: 'reduce' as const }
      const folder = keeps ? newProfile() : null
      if (folder !== null) folders.push(folder)
      const context = folder === null ? await browser.newContext(settings) : await chromium.launchPersistentContext(folder, { executablePath, headless: true, args: switches, ...settings })
      contexts.push(context)
      await context.addCookies([...cookies])
      context.on('page', listen)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      return page
    },
    takeComplaints: () => {
      const taken = complaints
      complaints = []
      return taken
    },
    closeWindows: async () => {
      // A window that does not close goes with the browser.
      for (const context of contexts.splice(0)) await Promise.race([context.close(), new Promise(resolve => setTimeout(resolve, 20_000).unref())])
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    },
    close: () => browser.close(),
  }
}

/** A private window never lets frames of other sites keep anything, so this one has a profile. */
const newProfile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-browser-'))
  mkdirSync(join(folder, 'Default'))
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }))
  return folder
}

interface AxeRun { violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong in a frame (WCAG 2.2 A and AA, best practices, or these rules alone), one line per element; empty when nothing is. */
export const accessibilityFaults = async (frame: Frame, rules?: readonly string[]): Promise<string[]> => {
  await frame.evaluate(axeSource)
  const found = await frame.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: { run(place: Document, options: object): Promise<AxeRun> } }
    return axe.run(document, { runOnly })
  }, rules === undefined ? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] : { type: 'rule', values: [...rules] })
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}

/** Elements that stick out of a frame sideways when it is so many pixels wide; the frame has its old width afterwards. */
export const stickingOut = async (frame: Frame, width: number): Promise<string[]> => {
  const element = await frame.frameElement()
  await element.evaluate((iframe, pixels) => { (iframe as unknown as HTMLElement).style.setProperty('width', `${pixels}px`); (iframe as unknown as HTMLElement).style.setProperty('max-width', 'none') }, width)
  const out = await frame.evaluate(async (pixels) => {
    while (innerWidth !== pixels) await new Promise(done => setTimeout(done, 10))
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > root.clientWidth + 1)
    return [`${root.scrollWidth} instead of ${root.clientWidth}`, ...wide.slice(0, 5).map(each => each.outerHTML.slice(0, 120))]
  }, width)
  await element.evaluate((iframe) => { (iframe as unknown as HTMLElement).style.removeProperty('width'); (iframe as unknown as HTMLElement).style.removeProperty('max-width') })
  return out
}
