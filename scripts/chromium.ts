/** Chromium for the browser tests. */
import { existsSync } from 'node:fs'
import { run } from './run.ts'

const places = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Path of a Chromium, or null when there is none on this machine. Throws when CHROMIUM_PATH leads nowhere. */
export const findChromium = (): string | null => {
  const wished = process.env['CHROMIUM_PATH']
  if (wished === undefined || wished === '') return places.find(place => existsSync(place)) ?? null
  if (!existsSync(wished)) throw new Error(`CHROMIUM_PATH is ${wished}, and there is nothing`)
  return wished
}

/** As `findChromium`, but installs it where that can be done without asking: as root on Debian. Throws one sentence on what to do. */
export const ensureChromium = async (): Promise<string> => {
  const found = findChromium()
  if (found !== null) return found
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log('The browser tests need Chromium: installing it with apt-get.')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], env)
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], env)
  }
  const installed = findChromium()
  if (installed !== null) return installed
  throw new Error('The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.')
}
