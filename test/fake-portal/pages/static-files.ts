import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

const types: Readonly<Record<string, string>> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/** Sends a file of `static/`; names with anything but letters, digits, dashes and one dot are not looked up. */
export const sendStatic = async (path: string, response: ServerResponse): Promise<boolean> => {
  const name = /^\/emulator\/static\/([a-z0-9-]+\.(css|js))$/.exec(path)
  if (name === null) return false
  const text = await readFile(new URL(`./static/${name[1]}`, import.meta.url)).catch(() => null)
  if (text === null) return false
  response.writeHead(200, { 'content-type': types[name[2] ?? ''] ?? 'text/plain', 'cache-control': 'no-cache' }).end(text)
  return true
}
