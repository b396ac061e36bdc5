/** Reads request bodies within bounds. */
import { Refused } from './problem.ts'

export const eventBytes = 64 * 1024
export const pageBytes = 64 * 1024
export const apiBytes = 256 * 1024
const maxDepth = 8
/** A regulation of a hundred questions with their words, and conditions within conditions. */
export const regulationBounds = { bytes: 2 * 1024 * 1024, depth: 32 } as const
const maxFormFields = 200

/** The body as text. Refuses one that is longer than `limit` bytes without reading it to its end. */
export const readText = async (request: Request, limit: number): Promise<string> => {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    if (!(Number(declared) <= limit)) throw new Refused('too-large')
    return request.text()
  }
  if (request.body === null) return ''
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.byteLength
    if (size > limit) {
      await reader.cancel()
      throw new Refused('too-large')
    }
    pieces.push(piece.value)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** A flat form; of a name that comes twice the first counts. The map has no prototype to be poisoned. */
export const readForm = async (request: Request): Promise<ReadonlyMap<string, string>> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) throw new Refused('not-a-form')
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(await readText(request, pageBytes))) {
    if (form.size >= maxFormFields) throw new Refused('malformed')
    if (!form.has(name)) form.set(name, value)
  }
  return form
}

/** A JSON body, still unknown. Refuses what is nested deeper than any honest request. */
export const readJson = async (request: Request, { bytes, depth }: { readonly bytes: number; readonly depth: number } = { bytes: apiBytes, depth: maxDepth }): Promise<unknown> => {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\b/.test(type)) throw new Refused('not-json')
  const text = await readText(request, bytes)
  if (depthOf(text) > depth) throw new Refused('malformed')
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('malformed')
  }
}

/** Deepest nesting of a JSON text, counted without recursion and without parsing. */
const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (sign === '\\' && quoted) at += 1
    else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === '{' || sign === '[')) deepest = Math.max(deepest, ++depth)
    else if (!quoted && (sign === '}' || sign === ']')) depth -= 1
  }
  return deepest
}
