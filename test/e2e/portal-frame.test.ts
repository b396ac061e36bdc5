import { createServer, type Server } from 'node:http'
import qs from 'qs'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Frame, Page } from 'playwright-core'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../fake-portal/fake-portals.ts'
import { createPages } from '../fake-portal/pages/handler.ts'
import type { CrmItem } from '../fake-portal/rows.ts'

/** An application of a few lines that speaks the frame's protocol as it is documented; what it hears stands in its list. */
const appPage = (posted: Record<string, unknown>): string => `<!doctype html><html lang="ru"><meta charset="utf-8"><title>app</title>
<p id="place">${String(posted['PLACEMENT'])}</p><p id="options">${String(posted['PLACEMENT_OPTIONS'] ?? '').replace(/"/g, '&quot;')}</p><ul id="heard"></ul>
<script>
const [domain, , sid] = window.name.split('|')
let last = 0
window.send = (command, params) => parent.postMessage([command, JSON.stringify(params), command + ++last, sid].join(':'), 'http://' + domain)
addEventListener('message', (event) => {
  const line = document.createElement('li')
  line.textContent = event.data
  document.getElementById('heard').append(line)
})
</script></html>`

let portals: FakePortals
let portal: FakePortal
let app: Server
let browser: TestBrowser
let lead: CrmItem

beforeAll(async () => {
  app = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => response.writeHead(200, { 'content-type': 'text/html' }).end(appPage(qs.parse(body) as Record<string, unknown>)))
  })
  await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
  const address = app.address()
  const appUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  portals = await startFakePortals({ appUrl, pages: createPages() })
  portal = await portals.create()
  portal.state.placements.push({ placement: 'CRM_LEAD_DETAIL_TAB', handler: `${appUrl}/tab`, userId: 0, title: 'Вкладка', description: '', groupName: '', langAll: {}, options: {} })
  lead = portal.act.createLead({ title: 'Лид', phone: '+79000000095' })
  browser = await openBrowser()
})
afterEach(() => browser.closeWindows())
afterAll(async () => {
  await browser.close()
  await portals.close()
  app.closeAllConnections()
  await new Promise(resolve => app.close(resolve))
})

/** The frame of the application whose place it is, once it can speak. */
const frameOf = async (page: Page, placement: string): Promise<Frame> => {
  await expect.poll(async () => {
    for (const frame of page.frames()) if (await frame.locator('#place').textContent({ timeout: 200 }).catch(() => null) === placement) return true
    return false
  }, { timeout: 20_000 }).toBe(true)
  for (const frame of page.frames()) if (await frame.locator('#place').textContent({ timeout: 200 }).catch(() => null) === placement) return frame
  throw new Error(placement)
}

const openTab = async (): Promise<{ page: Page; tab: Frame; send: (frame: Frame, command: string, params?: unknown) => Promise<void>; heard: (frame: Frame) => Promise<string[]> }> => {
  const page = await browser.open([{ name: 'portal_user', value: '1', url: portal.baseUrl }])
  await page.goto(`${portal.baseUrl}/crm/lead/details/${lead.id}/?tab=app-0`)
  return {
    page, tab: await frameOf(page, 'CRM_LEAD_DETAIL_TAB'),
    send: (frame, command, params = {}) => frame.evaluate(([name, given]) => { (globalThis as unknown as { send: (name: unknown, given: unknown) => void }).send(name, given) }, [command, params] as const),
    heard: frame => frame.locator('#heard li').allTextContents(),
  }
}

it('opens the application in a slider with the parameters, and tells the opener when it was closed from inside', async () => {
  const { page, tab, send, heard } = await openTab()
  await send(tab, 'openApplication', { leadId: 5, view: 'convert', bx24_width: 900 })
  const opened = await frameOf(page, 'DEFAULT')
  expect(JSON.parse(await opened.locator('#options').textContent() ?? '')).toEqual({ leadId: 5, view: 'convert', bx24_width: 900 })
  expect(await heard(tab)).toEqual([])
  await send(opened, 'closeApplication')
  await expect.poll(() => heard(tab)).toEqual(['openApplication1:null'])
  expect(await page.locator('.slider').count()).toBe(0)
})

it('opens pages of the portal by path, and refuses other addresses', async () => {
  const { page, tab, send, heard } = await openTab()
  const deal = portal.act.createDeal({ title: 'Проект' })
  await send(tab, 'openPath', { path: `/crm/type/0/details/0/../../../../../crm/deal/details/${deal.id}/?IFRAME=Y` })
  await expect.poll(() => page.frameLocator('.slider iframe').locator('h1').textContent()).toBe('Проект')
  await page.keyboard.press('Escape')
  await expect.poll(() => heard(tab)).toEqual(['openPath1:{"result":"close"}'])
  await send(tab, 'openPath', { path: '/bitrix/admin/' })
  await expect.poll(async () => (await heard(tab))[1]).toBe('openPath2:{"result":"error","errorCode":"PATH_NOT_AVAILABLE"}')
})

it('dials a number in a dialogue and records how the call ended', async () => {
  const { page, tab, send, heard } = await openTab()
  await send(tab, 'imPhoneTo', { phone: '+79000000095', params: { source: 'card' } })
  await page.locator('#call').waitFor()
  expect(await page.locator('#call').textContent()).toContain('+79000000095')
  expect(await heard(tab)).toEqual(['imPhoneTo1:true'])
  expect(portal.state.diallings.at(-1)).toMatchObject({ phone: '+79000000095', leadId: lead.id, params: { source: 'card' } })
  await page.getByRole('button', { name: 'Занято' }).click()
  await expect.poll(() => portal.state.calls.at(-1)?.failedCode).toBe('486')
  await expect.poll(() => page.locator('#call').count()).toBe(0)
})

it('refreshes the card around the frame, and leaves the frame alone', async () => {
  const { page, tab, send } = await openTab()
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true })) // nothing else refreshes it now
  portal.act.updateLead(lead.id, { title: 'Переименован' })
  await send(tab, 'reloadData')
  await page.locator('h1', { hasText: 'Переименован' }).waitFor()
  await send(tab, 'getInterface')
  await expect.poll(() => tab.locator('#heard li').last().textContent()).toContain('reloadData')
})
