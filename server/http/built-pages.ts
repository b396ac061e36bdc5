/** The pages and assets made by `npm run build`, held in memory. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { pageBootElementId, type PageBoot } from '../contract/page.ts'

export interface Asset {
  readonly type: string
  readonly etag: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer> | null
  readonly brotli: Uint8Array<ArrayBuffer> | null
}

export interface BuiltPages {
  /** The page with its beginning put in. */
  render(boot: PageBoot): string
  asset(name: string): Asset | null
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.woff2': 'font/woff2', '.json': 'application/json', '.ico': 'image/x-icon', '.webp': 'image/webp',
}

/** Reads `dist/pages`. Throws one sentence on what to do when the pages are not built. */
export const readBuiltPages = (folder: string): BuiltPages => {
  const html = Object.fromEntries((['app', 'conversion', 'install', 'lead-tab'] as const).map((page) => {
    const file = join(folder, page, 'index.html')
    if (!existsSync(file)) throw new Error(`The pages are not built (${file} is missing): run \`npm run build\`.`)
    return [page, readFileSync(file, 'utf8')]
  }))
  const assets = new Map<string, Asset>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    assets.set(relative(folder, file).split(sep).join('/'), assetOf(new Uint8Array(readFileSync(file)), type))
  }
  return {
    render: boot => withBoot(html[boot.page] ?? '', boot),
    asset: name => assets.get(name) ?? null,
  }
}

const assetOf = (plain: Uint8Array<ArrayBuffer>, type: string): Asset => {
  const compressible = !/^(image\/(png|webp)|font)/.test(type) && plain.byteLength > 1024
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: compressible ? new Uint8Array(gzipSync(plain, { level: 6 })) : null,
    brotli: compressible ? new Uint8Array(brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })) : null,
  }
}

/** Puts the boot data before `</head>`; `<` is escaped, so no text of the portal can end the element. */
export const withBoot = (html: string, boot: PageBoot): string => {
  const json = JSON.stringify(boot).replace(/[<>&\u2028\u2029]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const element = `<script type="application/json" id="${pageBootElementId}">${json}</script>`
  const at = html.indexOf('</head>')
  const withElement = at < 0 ? element + html : html.slice(0, at) + element + html.slice(at)
  return withElement.replace(/<html(?:\s+lang="[^"]*")?/, `<html lang="${boot.lang}"`)
}
