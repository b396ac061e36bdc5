/** A state that a page of ours can be in: what every one of them owes its people, and its picture for the documentation. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityFaults, stickingOut } from '../support/browser.ts'
import { atRest } from './support.ts'

/** Where the pictures go (`node scripts/pictures.ts`); without it none are made. */
const pictures = process.env['E2E_PICTURES']
const widths = [1280, 700, 360]
const [wide, narrow] = [1280, 360]
const tallest = 1_900
/** Small enough for a few dozen of them, and still to be read. */
const shrunk = 0.7

/** Usable by everybody, in both looks, and at every width that a portal or a phone gives it. `name` is that of its picture in `docs/states.md`. */
export const expectGoodState = async (frame: Frame, name: string): Promise<void> => {
  expect(await accessibilityFaults(frame), name).toEqual([])
  expect(await inTheOtherLook(frame, () => accessibilityFaults(frame, ['color-contrast'])), `${name} in the other look`).toEqual([])
  for (const width of widths) expect(await stickingOut(frame, width), `${name} at ${width} px`).toEqual([])
  if (pictures !== undefined) await picture(frame, name, pictures)
  // Back at its own width the page takes its two columns again: a click meanwhile would get lost.
  await atRest(frame)
}

const inTheOtherLook = async <T>(frame: Frame, look: () => Promise<T>): Promise<T> => {
  // Colours that are still on their way are neither look's.
  const turn = (isStill: boolean) => frame.evaluate((still) => {
    const sheet = new CSSStyleSheet()
    if (still) sheet.replaceSync('*, *::before, *::after { transition: none !important }')
    document.adoptedStyleSheets = [sheet]
    for (const name of ['light', 'dark']) document.documentElement.classList.toggle(name)
  }, isStill)
  await turn(true)
  try {
    return await look()
  } finally {
    await turn(false)
  }
}

const picture = async (frame: Frame, name: string, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const page = frame.page()
  const size = page.viewportSize()
  const element = await frame.frameElement()
  const screen = await page.context().newCDPSession(page)
  for (const width of [wide, narrow]) {
    await page.setViewportSize({ width: width + 400, height: tallest })
    await element.evaluate((iframe, pixels) => { (iframe as unknown as HTMLElement).style.setProperty('width', `${pixels}px`) }, width)
    await frame.waitForTimeout(600)
    await page.evaluate(() => { scrollTo(0, 0) })
    const box = await element.boundingBox()
    const bottom = await frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().bottom))
    if (box === null) throw new Error(`${name}: the frame is not to be seen`)
    const clip = { x: box.x, y: box.y, width: box.width, height: Math.min(box.height, bottom, tallest), scale: shrunk }
    const { data } = await screen.send('Page.captureScreenshot', { format: 'webp', quality: 60, captureBeyondViewport: true, clip })
    writeFileSync(join(folder, width === wide ? `${name}.webp` : `${name}-${width}.webp`), Buffer.from(data, 'base64'))
  }
  await element.evaluate((iframe) => { (iframe as unknown as HTMLElement).style.removeProperty('width') })
  if (size !== null) await page.setViewportSize(size)
  await screen.detach()
}
