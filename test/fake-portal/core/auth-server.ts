import type { IncomingMessage, ServerResponse } from 'node:http'
import { appInfo } from '../methods/app.ts'
import { isoAt } from '../world/time.ts'
import { readBody, requestParams } from './body.ts'
import type { PortalCore } from './portal-core.ts'
import { methodOfPath } from './rest.ts'
import type { Tokens } from './tokens.ts'

/** Every request the authorisation server got; secrets are not kept. */
export interface AuthRequestLogEntry {
  at: number
  kind: 'refresh' | 'app.info' | 'other'
  status: number
  error: string | null
  memberId: string | null
}

export interface AuthServerDeps {
  tokens: Tokens
  portalOf(memberId: string): PortalCore | null
  host(): string
  now(): number
  requests: AuthRequestLogEntry[]
  /** Answers 500 this many more times. */
  failures: { left: number }
}

interface Reply { status: number; body: Record<string, unknown>; memberId: string | null }

const refuse = (status: number, error: string, description: string, memberId: string | null = null): Reply => ({ status,
  body: { error, error_description: description }, memberId })

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** settings/oauth/auto-renewal.md and error-codes.md; HTTP statuses of errors are assumed (the pages name only 200). */
const renew = (deps: AuthServerDeps, params: Record<string, unknown>): Reply => {
  const refreshToken = text(params['refresh_token'])
  if (params['grant_type'] !== 'refresh_token' || refreshToken === '') return refuse(400, 'invalid_request', 'Bad request')
  const owner = deps.tokens.peek(refreshToken)
  const portal = owner === null ? null : deps.portalOf(owner.memberId)
  if (owner === null || portal === null) return refuse(400, 'invalid_grant', 'Invalid grant')
  const { app, memberId } = portal
  if (!app.present || params['client_id'] !== app.clientId || params['client_secret'] !== app.clientSecret) return refuse(401, 'invalid_client', 'Invalid client',
    memberId)
  if (portal.settings.paymentRequired) return refuse(403, 'PAYMENT_REQUIRED', 'Payment required', memberId)
  if (portal.state.users.get(owner.userId)?.active !== true) return refuse(400, 'invalid_grant', 'Invalid grant', memberId)
  if (deps.tokens.spend(refreshToken) === null) return refuse(400, 'invalid_grant', 'Invalid grant', memberId)
  const pair = deps.tokens.issue(owner)
  return {
    status: 200, memberId,
    body: {
      access_token: pair.accessToken, client_endpoint: portal.clientEndpoint, domain: deps.host(), expires: pair.expires, expires_in: pair.expiresIn,
      member_id: memberId, refresh_token: pair.refreshToken, scope: app.scope.join(','), server_endpoint: portal.serverEndpoint, status: app.status,
      user_id: owner.userId,
    },
  }
}

/** settings/oauth/simple-way.md: the trusted status of the application; the body is that of api-reference/common/system/app-info.md. */
const trustedAppInfo = (deps: AuthServerDeps, params: Record<string, unknown>): Reply => {
  const owner = deps.tokens.check(text(params['auth']))
  if (owner === null) return refuse(401, 'NO_AUTH_FOUND', 'Wrong authorization data')
  if (owner === 'expired') return refuse(401, 'expired_token', 'The access token provided has expired.')
  const portal = deps.portalOf(owner.memberId)
  if (portal === null || !portal.app.present) return refuse(401, 'NO_AUTH_FOUND', 'Wrong authorization data')
  const at = deps.now() / 1000
  const date = isoAt(deps.now(), 'UTC')
  return { status: 200, memberId: owner.memberId, body: { result: appInfo(portal),
    time: { start: at, finish: at, duration: 0, processing: 0, date_start: date, date_finish: date, operating: 0 } } }
}

/** Answers `/oauth/token/` (GET and form POST) and `/rest/app.info` of the authorisation server. */
export const answerAuthServer = async (deps: AuthServerDeps, path: string, query: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const params = requestParams(query, await readBody(request), request.headers['content-type'] ?? '')
  const kind = /^\/+oauth\/+token\/?$/.test(path) ? 'refresh' : methodOfPath(path) === 'app.info' ? 'app.info' : 'other'
  let reply: Reply
  if (deps.failures.left > 0) {
    deps.failures.left -= 1
    reply = refuse(500, 'INTERNAL_SERVER_ERROR', 'Internal server error')
  } else if (kind === 'refresh') reply = renew(deps, params)
  else if (kind === 'app.info') reply = trustedAppInfo(deps, params)
  else reply = refuse(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!')
  const error = reply.body['error']
  deps.requests.push({ at: deps.now(), kind, status: reply.status, error: typeof error === 'string' ? error : null, memberId: reply.memberId })
  response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(reply.body))
}
