/** The POST by which Bitrix24 opens a page of ours in a frame (settings/oauth/simple-way.md). */
import { type Claim, readDomain, readMemberId, readScope, readSeconds, readToken } from './claim.ts'

export interface PagePost {
  readonly claim: Claim
  /** Language of the opening user's interface, e.g. `ru`. */
  readonly lang: string
  /** `DEFAULT` for the main page. */
  readonly placement: string
  /** PLACEMENT_OPTIONS, flat; they come from the browser and prove nothing. */
  readonly options: Readonly<Record<string, string>>
}

/** Null when it is not such a POST. `form` is the body, `query` the address's. */
export const parsePagePost = (form: ReadonlyMap<string, string>, query: URLSearchParams): PagePost | null => {
  const memberId = readMemberId(form.get('member_id'))
  const domain = readDomain(query.get('DOMAIN') ?? form.get('DOMAIN'))
  const accessToken = readToken(form.get('AUTH_ID'))
  if (memberId === null || domain === null || accessToken === null) return null
  const lang = (query.get('LANG') ?? form.get('LANG') ?? '').toLowerCase()
  const placement = form.get('PLACEMENT') ?? ''
  return {
    claim: {
      memberId,
      domain,
      protocol: (query.get('PROTOCOL') ?? form.get('PROTOCOL')) === '0' ? 'http' : 'https',
      accessToken,
      refreshToken: readToken(form.get('REFRESH_ID')),
      expiresInSeconds: readSeconds(form.get('AUTH_EXPIRES')),
      applicationToken: readToken(form.get('APPLICATION_TOKEN')),
      serverEndpoint: (form.get('SERVER_ENDPOINT') ?? '').slice(0, 300) || null,
      scope: readScope(form.get('APPLICATION_SCOPE')),
    },
    lang: /^[a-z]{2}$/.test(lang) ? lang : 'en',
    placement: /^[A-Z0-9_]{1,60}$/.test(placement) ? placement : 'DEFAULT',
    options: readOptions(form.get('PLACEMENT_OPTIONS')),
  }
}

/** JSON text; only flat texts and numbers under plain names are kept. */
const readOptions = (text: string | undefined): Record<string, string> => {
  const options: Record<string, string> = Object.create(null) as Record<string, string>
  if (text === undefined || text.length > 16_000) return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  for (const [name, option] of Object.entries(value).slice(0, 50)) {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(name) || name === 'constructor') continue
    if (typeof option === 'string' ? option.length <= 2000 : typeof option === 'number') options[name] = String(option)
  }
  return { ...options }
}
