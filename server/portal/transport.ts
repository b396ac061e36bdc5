/** One request to a portal: envelope, time-out, the redirect of a renamed portal, and an answer or a PortalError. */
import pRetry from 'p-retry'
import { Temporal } from 'temporal-polyfill'
import { AddressRefused, type Doorman, FileTooLarge, NotConnected, type RawAnswer } from './address.ts'
import { errorOfAnswer, PortalError } from './error.ts'

export type Kind = 'read' | 'write'
export type Params = Readonly<Record<string, unknown>>

export interface Request {
  /** REST root, ends with `/rest/`. */
  readonly endpoint: string
  readonly method: string
  readonly params: Params
  readonly accessToken: string
  readonly kind: Kind
  readonly timeoutMs?: number
  /** Asked before the token is sent to the address a redirect names; rejects with PortalError to refuse it. */
  readonly confirmMove?: (endpoint: string) => Promise<void>
}

/** `time` of an answer (limits.md): seconds of the method in the sliding ten minutes, and when some are forgotten. */
export interface AnswerTime {
  readonly operating: number
  readonly operatingResetAt: Temporal.Instant | null
}

export interface Answer {
  readonly result: unknown
  readonly next: number | null
  readonly total: number | null
  readonly time: AnswerTime
  /** Where the portal answered; differs from the request's endpoint after a rename. */
  readonly endpoint: string
}

export interface Transport {
  /** Rejects with PortalError only. Never repeats by itself, but follows one redirect of a renamed portal. */
  send(request: Request): Promise<Answer>
  /** A signed link of the portal (`urlMachine`). Rejects with PortalError; with `unavailable` for what is passing, with `invalid` for a file that is larger, and for any other answer. */
  fetchFile(url: string, options: { readonly method: string; readonly mostBytes: number }): Promise<PortalFile>
}

export interface PortalFile {
  readonly name: string
  readonly bytes: Buffer
}

/** The portal may work 60 s on one request (limits.md); a batch gets a little more than that. */
const batchTimeoutMs = 65_000
const singleTimeoutMs = 35_000

export const createTransport = (doorman: Doorman): Transport => ({
  send: async (request) => {
    const first = await exchange(doorman, request, request.endpoint)
    if (!isRedirect(first)) return readAnswer(request, request.endpoint, first)
    const moved = endpointAfterMove(request, first)
    await request.confirmMove?.(moved)
    const second = await exchange(doorman, request, moved)
    if (isRedirect(second)) throw failure(request, 'unavailable', second.status)
    return readAnswer(request, moved, second)
  },
  fetchFile: async (url, { method, mostBytes }) => {
    const fail = (code: PortalError['code'], status: number, cause?: unknown) => new PortalError({ code, method, status, cause })
    const raw = await doorman.send({ url, httpMethod: 'GET', timeoutMs: singleTimeoutMs, file: { referer: `${new URL(url).origin}/`, mostBytes } }).catch((cause: unknown) => {
      throw cause instanceof FileTooLarge ? fail('invalid', 0, cause) : fail(cause instanceof AddressRefused ? 'unexpected' : 'unavailable', 0, cause)
    })
    if (raw.status !== 200 || raw.bytes === undefined) throw fail(codeOfFile(raw.status), raw.status)
    return { name: nameOf(raw.disposition ?? ''), bytes: raw.bytes }
  },
})

/** What is not passing is never asked for again: a link that leads elsewhere, say, which is not followed. */
const codeOfFile = (status: number): PortalError['code'] => {
  if (status === 404) return 'not-found'
  if (status === 401 || status === 403) return 'access-denied'
  return status >= 500 || status === 408 || status === 429 ? 'unavailable' : 'invalid'
}

/** RFC 6266: the extended form first. */
const nameOf = (disposition: string): string => {
  const extended = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition)?.[1]
  const plain = /filename="?([^";]+)"?/.exec(disposition)?.[1]
  try {
    return (extended === undefined ? plain : decodeURIComponent(extended))?.trim() || 'file'
  } catch (error) {
    if (error instanceof URIError) return plain ?? 'file'
    throw error
  }
}

const exchange = async (doorman: Doorman, request: Request, endpoint: string): Promise<RawAnswer> => {
  const { method, params, accessToken, kind } = request
  try {
    return await doorman.send({
      url: `${endpoint}${method}`,
      httpMethod: 'POST',
      body: JSON.stringify({ ...params, auth: accessToken }),
      timeoutMs: request.timeoutMs ?? (method === 'batch' ? batchTimeoutMs : singleTimeoutMs),
      fresh: kind === 'write',
    })
  } catch (cause) {
    if (cause instanceof AddressRefused) throw failure(request, 'unexpected', 0, cause)
    throw failure(request, kind === 'read' || cause instanceof NotConnected ? 'unavailable' : 'unknown-outcome', 0, cause)
  }
}

const failure = ({ method }: Request, code: PortalError['code'], status: number, cause?: unknown) =>
  new PortalError({ code, method, status, cause })

const isRedirect = ({ status, location }: RawAnswer) => status >= 300 && status < 400 && location !== null

/** `settings/how-to-call-rest-api/change-domen.md`: the old host answers 302 with the new address in Location. */
const endpointAfterMove = (request: Request, { location, status }: RawAnswer): string => {
  const url = location !== null && URL.canParse(location, request.endpoint) ? new URL(location, request.endpoint) : null
  const root = url?.pathname.lastIndexOf('/rest/') ?? -1
  // A redirect that leads elsewhere (a log-in page, a closed portal) is not a rename.
  if (url === null || root < 0) throw failure(request, 'unavailable', status)
  return `${url.origin}${url.pathname.slice(0, root)}/rest/`
}

const readAnswer = (request: Request, endpoint: string, raw: RawAnswer): Answer => {
  const body = parseObject(raw.text)
  const time = readTime(body?.['time'])
  if (body === null) throw failure(request, brokenCode(request.kind), raw.status)
  if (Object.hasOwn(body, 'error') || raw.status < 200 || raw.status >= 300) {
    throw errorOfAnswer({
      method: request.method,
      kind: request.kind,
      status: raw.status,
      error: body['error'],
      description: body['error_description'],
      retryAt: time.operatingResetAt,
    })
  }
  if (!Object.hasOwn(body, 'result')) throw failure(request, brokenCode(request.kind), raw.status)
  return { result: body['result'], next: integer(body['next']), total: integer(body['total']), time, endpoint }
}

/** HTML, an empty body, half a body: a proxy's page or a crash in the middle of the work. */
const brokenCode = (kind: Kind) => (kind === 'read' ? 'unavailable' : 'unknown-outcome')

const parseObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const integer = (value: unknown): number | null => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

/** `operating_reset_at` is unix seconds; one page shows ISO text (crm-activity-list.md). */
export const readTime = (value: unknown): AnswerTime => {
  if (!isRecord(value)) return { operating: 0, operatingResetAt: null }
  const operating = typeof value['operating'] === 'number' ? value['operating'] : 0
  return { operating, operatingResetAt: readMoment(value['operating_reset_at']) }
}

const readMoment = (value: unknown): Temporal.Instant | null => {
  if (typeof value === 'number' && value > 0 && value < 1e11) return Temporal.Instant.fromEpochMilliseconds(Math.round(value * 1000))
  if (typeof value !== 'string') return null
  try {
    return Temporal.Instant.from(value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

export interface Patience {
  /** Attempts in all. */
  readonly attempts: number
  /** First delay; doubles, with some noise. */
  readonly delayMs: number
}

/**
 * Repeats what is safe to repeat. Reads: no answer, 5xx, 503 for rate. Writes: only what was certainly not done
 * (refused for rate, or never connected). A write without an answer is `unknown-outcome` and goes up at once.
 * Nothing is repeated once `held` is aborted.
 */
export const withRepeats = async <T>(patience: Patience, attempt: () => Promise<T>, held?: AbortSignal): Promise<T> =>
  pRetry(attempt, {
    retries: patience.attempts - 1,
    minTimeout: patience.delayMs,
    maxTimeout: patience.delayMs * 8,
    factor: 2,
    randomize: true,
    // `rate-limited` without a status is our own budget's word: it has waited long enough.
    shouldRetry: ({ error }) => held?.aborted !== true && error instanceof PortalError && (error.code === 'unavailable' || (error.code === 'rate-limited' && error.status !== 0)),
  })
