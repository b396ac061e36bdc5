/** `npm test`: every check there is. Ends with 0 only when all of them held. */
import { check } from './check.ts'
import { ensureChromium } from './chromium.ts'
import { buildPages } from './build.ts'
import { binOf, isStarted, runNode } from './run.ts'

const test = async (): Promise<number> => {
  const chromium = await ensureChromium()
  await buildPages({ only: 'stale' })
  const checked = await check()
  const tested = await runNode(binOf('vitest'), ['run'], { CHROMIUM_PATH: chromium })
  console.log(verdicts({ 'lint and types': checked, 'tests': tested }))
  return checked === 0 && tested === 0 ? 0 : 1
}

/** What became of each part, once more at the very end: a part's own words are thousands of lines above. */
const verdicts = (codes: Readonly<Record<string, number>>): string =>
  Object.entries(codes).map(([part, code]) => `${part}: ${code === 0 ? 'passed' : 'failed, see above'}`).join('\n')

if (isStarted(import.meta.url)) {
  process.exitCode = await test().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })
}
