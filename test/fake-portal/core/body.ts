import type { IncomingMessage } from 'node:http'
import qs from 'qs'

export type Params = Record<string, unknown>

const parseOptions = { depth: 20, parameterLimit: 100_000, arrayLimit: 5_000, allowPrototypes: false, allowSparse: false } as const

/** `a[b][0]=1&a[b][1]=2` as PHP reads it. */
export const parsePhpQuery = (text: string): Params => qs.parse(text, parseOptions)

export const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export const isRecord = (value: unknown): value is Params => typeof value === 'object' && value !== null && !Array.isArray(value)

const parseMultipart = (text: string, contentType: string): Params => {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) return {}
  const pairs = text.split(`--${boundary}`).flatMap(part => {
    const name = /name="([^"]*)"/.exec(part)?.[1]
    const start = part.indexOf('\r\n\r\n')
    return name === undefined || start < 0 ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(part.slice(start + 4).replace(/\r\n$/, ''))}`]
  })
  return parsePhpQuery(pairs.join('&'))
}

/**
 * Parameters of a request: query string and body together, the body wins. JSON, urlencoded and multipart bodies are read
 * (settings/how-to-call-rest-api/general-principles.md). A body that is a JSON array is kept as numbered keys.
 */
export const requestParams = (query: string, body: string, contentType: string): Params => {
  const fromQuery = parsePhpQuery(query)
  if (body === '') return fromQuery
  if (contentType.includes('application/json')) {
    let parsed: unknown
    try {
      parsed = JSON.parse(body)
    } catch {
      return fromQuery
    }
    if (Array.isArray(parsed)) return { ...fromQuery, ...Object.fromEntries(parsed.map((value, index) => [String(index), value])) }
    return isRecord(parsed) ? { ...fromQuery, ...parsed } : fromQuery
  }
  return { ...fromQuery, ...(contentType.includes('multipart/form-data') ? parseMultipart(body, contentType) : parsePhpQuery(body)) }
}
