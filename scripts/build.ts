/** `npm run build`: the pages into `dist/pages`, then the server into one file, `dist/server.mjs`. */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { isStarted, root } from './run.ts'

const at = (...parts: string[]) => join(root, ...parts)
const stamp = at('dist', 'pages', '.built')

/** Builds the pages. `only: 'stale'` does nothing when they are newer than everything they are made of. */
export const buildPages = async (options: { only?: 'stale' } = {}): Promise<void> => {
  if (options.only === 'stale' && !pagesAreStale()) return
  await build({ configFile: at('vite.config.ts'), logLevel: 'error' })
  writeFileSync(stamp, '')
}

/** Bundles the server: it starts in half the time of its sources. PGlite stays outside, for its files lie beside it. */
export const buildServer = async (): Promise<void> => {
  rmSync(at('dist', 'server.mjs'), { force: true })
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: { ssr: at('server', 'main.ts'), outDir: at('dist'), emptyOutDir: false, target: 'node22', minify: false, rollupOptions: { output: { entryFileNames: 'server.mjs', codeSplitting: false } } },
    ssr: { noExternal: true, external: ['@electric-sql/pglite', 'pg-native'], target: 'node' },
  })
}

const pagesAreStale = (): boolean => {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  const sources = ['client', 'placements', 'server/contract'].flatMap(folder =>
    readdirSync(at(folder), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !entry.parentPath.includes('node_modules')).map(entry => join(entry.parentPath, entry.name)))
  return [...sources, at('vite.config.ts'), at('package-lock.json')].some(file => statSync(file).mtimeMs > built)
}

if (isStarted(import.meta.url)) {
  await buildPages()
  await buildServer()
  console.log('Built dist/pages and dist/server.mjs. Start it with: npm start')
}
