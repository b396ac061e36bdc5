/**
 * The two questions to the authorisation server: a new pair of tokens, and whose a token is.
 * Only allow-listed servers are ever asked: whoever could name the server would receive our client_secret.
 */
import type { Temporal } from 'temporal-polyfill'
import { AddressRefused, type Doorman, type RawAnswer } from './address.ts'
import { errorOfAnswer, PortalError } from './error.ts'
import type { PortalConfig, TokenPair, WallClock } from './ports.ts'
import { isRecord } from './transport.ts'

/** Answer to a refresh (settings/oauth/auto-renewal.md). Its `domain` is the authorisation server's own and is not read. */
export interface Renewal extends TokenPair {
  readonly memberId: string
  readonly userId: number
  /** The portal's REST root as the authorisation server knows it. */
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  readonly scope: readonly string[]
  readonly appStatus: string
}

/**
 * Answer of app.info on the authorisation server. The page api-reference/common/system/app-info.md shows the portal's
 * answer only; that of the authorisation server has other fields, as Bitrix24's own b24pysdk and starter kit read them:
 * client_id, user_id, install { installed, status, member_id, client_endpoint, … }. Null where a field is missing.
 */
export interface TokenFacts {
  readonly clientId: string | null
  readonly userId: number | null
  readonly memberId: string | null
  readonly clientEndpoint: string | null
  readonly appStatus: string | null
}

export interface AuthServer {
  /** The allow-listed REST root for a `SERVER_ENDPOINT` somebody sent; null when it is not one of ours. */
  endpointFor(serverEndpoint: string): string | null
  /** All of them, for a claim that names none. */
  readonly endpoints: readonly string[]
  /** Rejects with PortalError: `auth-lost`, `payment-required`, `unavailable`, … */
  renew(serverEndpoint: string, refreshToken: string): Promise<Renewal>
  tokenFacts(serverEndpoint: string, accessToken: string): Promise<TokenFacts>
}

const timeoutMs = 15_000

export const createAuthServer = ({ config, doorman, clock }: { config: PortalConfig; doorman: Doorman; clock: WallClock }): AuthServer => {
  const origins = config.authServers.map(text => new URL(text.includes('://') ? text : `https://${text}`).origin)
  const endpointFor = (serverEndpoint: string) => {
    if (!URL.canParse(serverEndpoint)) return null
    const url = new URL(serverEndpoint)
    return url.username === '' && url.password === '' && origins.includes(url.origin) ? `${url.origin}/rest/` : null
  }
  const allowed = (serverEndpoint: string, method: string) => {
    const endpoint = endpointFor(serverEndpoint)
    if (endpoint === null) throw new PortalError({ code: 'unexpected', method, bitrixMessage: 'foreign authorisation server' })
    return endpoint
  }
  const ask = async (method: string, send: () => Promise<RawAnswer>): Promise<Record<string, unknown>> => {
    let raw: RawAnswer
    try {
      raw = await send()
    } catch (cause) {
      throw new PortalError({ code: cause instanceof AddressRefused ? 'unexpected' : 'unavailable', method, cause })
    }
    const body = parse(raw.text)
    if (body !== null && Object.hasOwn(body, 'error'))
      throw errorOfAnswer({ method, kind: 'read', status: raw.status, error: body['error'], description: body['error_description'] })
    if (body === null || raw.status !== 200) throw new PortalError({ code: 'unavailable', method, status: raw.status })
    return body
  }

  return {
    endpointFor,
    endpoints: origins.map(origin => `${origin}/rest/`),
    renew: async (serverEndpoint, refreshToken) => {
      const endpoint = allowed(serverEndpoint, 'oauth/token')
      const url = new URL('/oauth/token/', endpoint)
      url.search = new URLSearchParams({ grant_type: 'refresh_token', client_id: config.clientId, client_secret: config.clientSecret, refresh_token: refreshToken }).toString()
      const body = await ask('oauth/token', () => doorman.send({ url: url.href, httpMethod: 'GET', timeoutMs }))
      return readRenewal(body, endpoint, clock.now())
    },
    tokenFacts: async (serverEndpoint, accessToken) => {
      const endpoint = allowed(serverEndpoint, 'app.info')
      const body = await ask('app.info', () => doorman.send({ url: `${endpoint}app.info`, httpMethod: 'POST', body: JSON.stringify({ auth: accessToken }), timeoutMs }))
      const result = isRecord(body['result']) ? body['result'] : {}
      const install = isRecord(result['install']) ? result['install'] : {}
      return {
        clientId: text(result['client_id']),
        userId: id(result['user_id']),
        memberId: text(install['member_id']),
        clientEndpoint: text(install['client_endpoint']),
        appStatus: text(install['status']) ?? text(result['STATUS']),
      }
    },
  }
}

const readRenewal = (body: Record<string, unknown>, serverEndpoint: string, now: Temporal.Instant): Renewal => {
  const accessToken = text(body['access_token'])
  const refreshToken = text(body['refresh_token'])
  const memberId = text(body['member_id'])
  const clientEndpoint = text(body['client_endpoint'])
  const userId = id(body['user_id'])
  if (accessToken === null || refreshToken === null || memberId === null || clientEndpoint === null || userId === null)
    throw new PortalError({ code: 'unexpected', method: 'oauth/token', status: 200 })
  const expiresIn = id(body['expires_in']) ?? 3600
  return {
    accessToken,
    refreshToken,
    memberId,
    userId,
    clientEndpoint: clientEndpoint.endsWith('/') ? clientEndpoint : `${clientEndpoint}/`,
    serverEndpoint,
    expiresAt: now.add({ seconds: Math.min(expiresIn, 86_400) }),
    scope: (text(body['scope']) ?? '').split(/[\s,]+/).filter(Boolean),
    appStatus: text(body['status']) ?? '',
  }
}

const parse = (source: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(source)
    return isRecord(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const id = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}
