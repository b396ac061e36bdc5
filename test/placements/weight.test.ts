// @vitest-environment node
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { beforeAll, describe, expect, it, vi } from 'vitest'

/** Bounds in bytes of gzipped JavaScript; the whole lead tab may weigh 300 KB. */
const atFirst = 160_000
const inAll = 300_000

type Chunk = Rollup.OutputChunk
let chunks: ReadonlyMap<string, Chunk>
let html: ReadonlyMap<string, string>

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const built = await build({ configFile: 'vite.config.ts', logLevel: 'silent', build: { write: false } })
  const output = (Array.isArray(built) ? built : [built as Rollup.RollupOutput]).flatMap(each => each.output)
  chunks = new Map(output.filter(each => each.type === 'chunk').map(each => [each.fileName, each]))
  html = new Map(output.filter(each => each.type === 'asset' && each.fileName.endsWith('.html')).map(each => [each.fileName, String((each as Rollup.OutputAsset).source)]))
}, 60_000)

const entry = (page: string): Chunk => {
  const found = [...chunks.values()].find(chunk => chunk.isEntry && chunk.name === page)
  if (found === undefined) throw new Error(`no page ${page}`)
  return found
}
const reach = (from: Chunk, lazily: boolean, seen = new Set<Chunk>()): ReadonlySet<Chunk> => {
  if (seen.has(from)) return seen
  seen.add(from)
  for (const name of [...from.imports, ...(lazily ? from.dynamicImports : [])]) {
    const next = chunks.get(name)
    if (next !== undefined) reach(next, lazily, seen)
  }
  return seen
}
const weight = (parts: Iterable<Chunk>): number => [...parts].reduce((sum, chunk) => sum + gzipSync(chunk.code).byteLength, 0)
const modules = (parts: Iterable<Chunk>): string => [...parts].flatMap(chunk => chunk.moduleIds).join('\n')

describe.each(['lead-tab', 'conversion', 'install', 'app'])('the page %s', (page) => {
  it('weighs no more than it may, at first and in all', () => {
    expect(weight(reach(entry(page), false))).toBeLessThan(atFirst)
    expect(weight(reach(entry(page), true))).toBeLessThan(inAll)
  })

  it('does not wait for the portal’s client before it is drawn', () => {
    expect(modules(reach(entry(page), false))).not.toContain('b24jssdk')
    expect(modules(reach(entry(page), true))).toContain('b24jssdk')
  })

  it('carries no schemas and each library once', () => {
    const all = modules(reach(entry(page), true))
    expect(all).not.toMatch(/node_modules\/zod\//)
    for (const library of ['luxon', 'axios', 'vue-i18n', '@vue/runtime-core'])
      expect(new Set([...all.matchAll(new RegExp(`^(.*node_modules/${library})/`, 'gm'))].map(found => found[1])).size, library).toBeLessThanOrEqual(1)
  })

  it('asks no other host for anything', () => {
    const text = html.get(`${page}/index.html`) ?? ''
    expect(text).toContain(`/assets/${entry(page).fileName}`)
    expect([...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(found => found[1]).filter(address => !address?.startsWith('/assets/'))).toEqual([])
  })
})
