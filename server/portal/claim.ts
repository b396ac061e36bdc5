/** What somebody claims to be when a page opens or an installation is reported: nothing of it is believed before the proof. */
export interface Claim {
  readonly memberId: string
  /** Host, with a port where it has one. */
  readonly domain: string
  readonly protocol: 'http' | 'https'
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly expiresInSeconds: number
  readonly applicationToken: string | null
  /** REST root of the authorisation server, as claimed. */
  readonly serverEndpoint: string | null
  /** Granted scopes, as the portal names them. */
  readonly scope: readonly string[]
}

const memberIdShape = /^[A-Za-z0-9]{8,64}$/
const domainShape = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/
/** Tokens are opaque; these are the bounds within which one is looked at at all. */
const tokenShape = /^[A-Za-z0-9._~+/=-]{8,512}$/

/** Lower-cases the host; null for what cannot be a host. */
export const readDomain = (text: string | null | undefined): string | null => {
  const domain = (text ?? '').trim().toLowerCase()
  return domainShape.test(domain) && !domain.includes('..') ? domain : null
}

export const readMemberId = (text: string | null | undefined): string | null => (memberIdShape.test(text ?? '') ? text ?? null : null)

export const readToken = (text: string | null | undefined): string | null => (tokenShape.test(text ?? '') ? text ?? null : null)

/** Scopes are divided by commas in most places and by spaces in ONAPPUPDATE (api-reference/common/events/on-app-update.md). */
export const readScope = (text: string | null | undefined): readonly string[] => (text ?? '').slice(0, 2000).split(/[\s,]+/).filter(part => /^[\w.]+$/.test(part))

/** Seconds of an access token; an hour when nothing sensible is said (settings/oauth/auto-renewal.md). */
export const readSeconds = (text: string | null | undefined): number => {
  const seconds = Number(text)
  return Number.isInteger(seconds) && seconds > 0 && seconds <= 86_400 ? seconds : 3600
}

/**
 * What the `auth` of a posted event or robot claims (api-reference/events/index.md); null when it names no usable token or no host. Their
 * `domain` may be that of the authorisation server: the endpoint names the portal itself.
 */
export const readPostedClaim = (form: URLSearchParams, memberId: string, given: Pick<Claim, 'applicationToken' | 'refreshToken'>): Claim | null => {
  const accessToken = readToken(form.get('auth[access_token]'))
  const endpoint = form.get('auth[client_endpoint]') ?? ''
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  const domain = readDomain(url?.host ?? form.get('auth[domain]'))
  if (accessToken === null || domain === null) return null
  return {
    memberId, domain, protocol: url?.protocol === 'http:' ? 'http' : 'https', accessToken, refreshToken: given.refreshToken,
    expiresInSeconds: readSeconds(form.get('auth[expires_in]')), applicationToken: given.applicationToken,
    serverEndpoint: (form.get('auth[server_endpoint]') ?? '').slice(0, 300) || null, scope: readScope(form.get('auth[scope]')),
  }
}
