/** `node scripts/pictures.ts`: plays the browser tests and keeps a picture of every state that they come to, in `docs/images/states`. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildPages } from './build.ts'
import { ensureChromium } from './chromium.ts'
import { binOf, root, runNode } from './run.ts'

const folder = join(root, 'docs', 'images', 'states')
const chromium = await ensureChromium()
await buildPages({ only: 'stale' })
rmSync(folder, { recursive: true, force: true })
process.exitCode = await runNode(binOf('vitest'), ['run', '--project', 'e2e'], { CHROMIUM_PATH: chromium, E2E_PICTURES: folder })
