/**
 * Where this server may send a request, and the request itself.
 * Addresses come from page posts and redirects, so every connection is checked where it is made: the resolved address
 * is tested inside the socket's own look-up (a second look-up could answer otherwise), literals before it.
 * node:https carries it, because the built-in fetch takes no look-up; it also never follows a redirect by itself.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** The connection was never made: nothing can have happened on the other side. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected'
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'
}

export interface RawAnswer {
  readonly status: number
  readonly location: string | null
  readonly text: string
  /** Of a file. */
  readonly bytes?: Buffer
  /** `Content-Disposition` of a file. */
  readonly disposition?: string | null
}

export interface RawRequest {
  readonly url: string
  readonly httpMethod: 'GET' | 'POST'
  readonly body?: string
  readonly timeoutMs: number
  /** A fresh connection: a kept-alive one may be closed under a write, whose outcome would then be unknown. */
  readonly fresh?: boolean
  /** A file of whatever kind is wanted, at most so many bytes, on behalf of that page (general-principles.md). */
  readonly file?: { readonly referer: string; readonly mostBytes: number }
}

export interface Doorman {
  /** Throws AddressRefused unless the URL may be called: https, a public host, no user info. Resolves nothing. */
  admit(url: string): URL
  /** Sends one request; rejects with AddressRefused, NotConnected or the socket's error. */
  send(request: RawRequest): Promise<RawAnswer>
  close(): void
}

const answerLimit = 64 * 1024 * 1024

/** All addresses of a name. */
export type Resolve = (hostname: string, options: { readonly all: true; readonly family?: number }, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void

export interface DoormanOptions {
  readonly allowLocal: boolean
  /** Name/version, as the docs ask (settings/how-to-call-rest-api/general-principles.md). */
  readonly userAgent: string
  /** The system's own if not given. */
  readonly resolve?: Resolve
}

export const createDoorman = ({ allowLocal, userAgent, resolve = dnsLookup }: DoormanOptions): Doorman => {
  const lookup = guardedLookup(allowLocal, resolve)
  const agents = {
    'http:': { kept: new http.Agent({ keepAlive: true, maxSockets: 32 }), fresh: new http.Agent({ keepAlive: false }) },
    'https:': { kept: new https.Agent({ keepAlive: true, maxSockets: 32 }), fresh: new https.Agent({ keepAlive: false }) },
  }
  const admit = (text: string) => admitUrl(text, allowLocal)

  return {
    admit,
    send: async ({ url, httpMethod, body, timeoutMs, fresh = false, file }) => {
      const target = admit(url)
      const protocol = target.protocol === 'http:' ? 'http:' : 'https:'
      const headers: Record<string, string> = { 'user-agent': userAgent, accept: 'application/json' }
      if (body !== undefined) headers['content-type'] = 'application/json'
      if (file !== undefined) Object.assign(headers, { 'accept': '*/*', 'accept-language': 'en-US,en;q=0.9', 'referer': file.referer })
      return exchange(protocol === 'http:' ? http : https, target, {
        method: httpMethod,
        headers,
        lookup,
        agent: agents[protocol][fresh ? 'fresh' : 'kept'],
        signal: AbortSignal.timeout(timeoutMs),
      }, body, file?.mostBytes ?? null)
    },
    close: () => {
      for (const { kept, fresh } of Object.values(agents)) {
        kept.destroy()
        fresh.destroy()
      }
    },
  }
}

const exchange = (module: typeof http | typeof https, url: URL, options: http.RequestOptions, body: string | undefined, mostBytes: number | null) =>
  new Promise<RawAnswer>((resolve, reject) => {
    let connected = false
    const request = module.request(url, options, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > (mostBytes ?? answerLimit)) request.destroy(mostBytes === null ? new Error('the answer is too large') : new FileTooLarge())
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => {
        if (!response.complete) reject(new Error('the answer broke off'))
        else {
          const [bytes, heads] = [Buffer.concat(chunks), { status: response.statusCode ?? 0, location: response.headers.location ?? null }]
          resolve(mostBytes === null ? { ...heads, text: bytes.toString('utf8') } : { ...heads, text: '', bytes, disposition: response.headers['content-disposition'] ?? null })
        }
      })
    })
    request.on('socket', (socket) => {
      if (!socket.connecting) connected = true
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => { connected = true })
    })
    request.on('error', (error) => {
      if (error instanceof AddressRefused) reject(error)
      else reject(connected ? error : new NotConnected('no connection', { cause: error }))
    })
    request.end(body)
  })

const admitUrl = (text: string, allowLocal: boolean): URL => {
  if (!URL.canParse(text)) throw new AddressRefused('not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new AddressRefused('user info in the URL')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowedAddress(host, allowLocal)) throw new AddressRefused('address out of bounds')
  const local = allowLocal && (host === 'localhost' || (isIP(host) !== 0 && isLoopback(host)))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) throw new AddressRefused('https required')
  if (isIP(host) === 0 && !local && !/^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/i.test(host))
    throw new AddressRefused('not a public host name')
  return url
}

/** Public unicast only; loopback as well where local portals are allowed. Mapped IPv4 is judged as IPv4. */
export const isAllowedAddress = (address: string, allowLocal: boolean): boolean => {
  if (!ipaddr.isValid(address)) return false
  const range = ipaddr.process(address).range()
  return range === 'unicast' || (allowLocal && range === 'loopback')
}

const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'

const guardedLookup = (allowLocal: boolean, resolve: Resolve): LookupFunction => (hostname, options, callback) => {
  resolve(hostname, { all: true, ...(typeof options.family === 'number' ? { family: options.family } : {}) }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const first = addresses[0]
    // One bad address among good ones is refused too: nobody has a reason to publish both.
    if (first === undefined || addresses.some(({ address }) => !isAllowedAddress(address, allowLocal)))
      return callback(new AddressRefused('the host resolves to an address out of bounds'), '', 0)
    if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}
