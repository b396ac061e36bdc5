/** Runs once before the browser tests: a Chromium, and the built pages. */
import { buildPages } from '../../scripts/build.ts'
import { ensureChromium } from '../../scripts/chromium.ts'

export default async function setup(): Promise<void> {
  process.env['CHROMIUM_PATH'] = await ensureChromium()
  await buildPages({ only: 'stale' })
}
