import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { User } from '../rows.ts'
import { isoAt } from '../world/time.ts'
import { readCommands, runBatch, type Outcome } from './batch.ts'
import { readBody, requestParams, type Params } from './body.ts'
import type { CallContext, Methods } from './method.ts'
import type { RequestFault } from './faults.ts'
import { namedParams, strictProblems } from './params.ts'
import type { PortalCore } from './portal-core.ts'
import { RestError } from './rest-error.ts'
import { countRequest, remember } from './traffic.ts'

/** `/rest/method`, `/rest//method` and `/rest/method.json` (settings/how-to-call-rest-api/general-principles.md); case does not matter (assumed). */
export const methodOfPath = (path: string): string | null => {
  const match = /^\/+rest\/+([A-Za-z0-9._]+?)(?:\.json)?\/?$/.exec(path)
  return match?.[1]?.toLowerCase() ?? null
}

const secondsOf = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1_000_000

const timeBlock = (portal: PortalCore, startedAt: number, tookMs: number): Record<string, unknown> => ({
  start: secondsOf(startedAt), finish: secondsOf(startedAt + tookMs), duration: secondsOf(tookMs), processing: secondsOf(tookMs),
  date_start: isoAt(startedAt, portal.timeZone), date_finish: isoAt(startedAt + tookMs, portal.timeZone),
})

const authorised = (portal: PortalCore, token: unknown): User => {
  const { settings, state, app } = portal
  if (settings.deleted) throw new RestError('PORTAL_DELETED', 'Portal was deleted', 500)
  if (settings.overloaded) throw new RestError('OVERLOAD_LIMIT', 'REST API is blocked due to overload', 503)
  const owner = typeof token === 'string' && app.present ? portal.tokens.check(token) : null
  if (owner === null || (owner !== 'expired' && owner.memberId !== portal.memberId)) throw new RestError('NO_AUTH_FOUND', 'Wrong authorization data', 401)
  if (owner === 'expired') throw new RestError('expired_token', 'The access token provided has expired.', 401)
  if (!settings.restAvailable) throw new RestError('ACCESS_DENIED', 'REST API is available only on commercial plans', 403)
  const user = state.users.get(owner.userId)
  if (user === undefined || !user.active) throw new RestError('INVALID_CREDENTIALS', 'Invalid request credentials', 403)
  if (!user.hasAppAccess) throw new RestError('user_access_error', 'The user does not have access to the application.', 403)
  return user
}

/** One call, alone or inside a batch; what goes wrong is part of the outcome. */
const callOne = (portal: PortalCore, methods: Methods, user: User, name: string, raw: Params): Outcome => {
  const startedAt = portal.now()
  const begun = performance.now()
  const strictFail = (message: string): void => {
    if (!portal.settings.strict) return
    portal.strictFailures.push(`${name}: ${message}`)
    throw new RestError('FAKE_PORTAL_STRICT', `${name}: ${message}`, 400)
  }
  try {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) {
      if (portal.settings.strict) portal.strictFailures.push(`${name}: unknown method`)
      throw new RestError('ERROR_METHOD_NOT_FOUND', 'Method not found!', 404)
    }
    if (!method.scope.includes('basic') && !method.scope.some(scope => portal.app.scope.includes(scope))) throw new RestError('insufficient_scope',
      'The request requires higher privileges than provided by the access token', 403)
    if (!portal.operating.admit(name)) throw new RestError('OPERATION_TIME_LIMIT', 'Method is blocked due to operation time limit.', 429)
    const params = namedParams(method, raw)
    for (const problem of strictProblems(method, params)) strictFail(problem)
    if (method.adminOnly === true && !user.isAdmin) throw new RestError('ACCESS_DENIED', 'Access denied!', 403)
    const planned = portal.faults.takeAnswer(name)
    if (planned !== null && 'error' in planned) throw new RestError(planned.error, planned.description, planned.status)
    const connector = raw['auth_connector']
    const context: CallContext = {
      portal, world: portal, state: portal.state, user, isAdmin: user.isAdmin, strictFail,
      cause: typeof connector === 'string' ? { userId: user.id, connector } : { userId: user.id },
    }
    const answer = planned ?? method.handle(params, context)
    const booked = portal.operating.book(name)
    return { ...answer, time: { ...timeBlock(portal, startedAt, performance.now() - begun), operating_reset_at: booked.operatingResetAt,
      operating: booked.operating } }
  } catch (error) {
    if (error instanceof RestError) return { error }
    return { error: new RestError('INTERNAL_SERVER_ERROR', `Internal server error: ${error instanceof Error ? error.message : 'unknown'}`, 500) }
  }
}

const envelope = ({ error, ...answer }: Outcome): { status: number; body: Record<string, unknown> } => {
  if (error !== undefined) return { status: error.status, body: { error: error.code, error_description: error.message } }
  const { result, next, total, time } = answer
  return { status: 200, body: { result: result ?? null, ...(next === undefined ? {} : { next }), ...(total === undefined ? {} : { total }), time } }
}

/** Pages of applications call REST from the browser, so any origin may read the answer (assumed: the pages do not name the headers). */
export const openToBrowsers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-max-age': '600' } as const

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...openToBrowsers })
  response.end(JSON.stringify(body))
}

/** Answers one REST request: limits, token, faults, the method or the batch, and its line in the log. */
export const answerRest = async (portal: PortalCore, methods: Methods, name: string, query: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method === 'OPTIONS') {
    response.writeHead(204, openToBrowsers).end()
    return
  }
  const begun = performance.now()
  const params = requestParams(query, await readBody(request), request.headers['content-type'] ?? '')
  const startedAt = portal.now()
  const commands = name === 'batch' ? readCommands(params['cmd']) : []
  const named = [name, ...commands.map(command => command.method)]
  let userId: number | null = null
  const log = (status: number, error: string | null): void => {
    const entry = { at: startedAt, method: name, batchCommands: commands.map(command => command.method), status, error, ms: Math.round(performance.now() - begun),
      userId }
    remember(portal.requests, entry)
    countRequest(portal.traffic, entry)
  }
  const suffer = (how: RequestFault['how'] | null): boolean => {
    if (how === null) return false
    log(typeof how === 'string' ? 0 : how, null)
    if (how === 'silence') return true
    if (how === 'reset') request.socket.destroy()
    else response.writeHead(how, { 'content-type': 'text/html' }).end(`<html><body><h1>${how}</h1></body></html>`)
    return true
  }
  if (portal.faults.slowMs > 0) await sleep(portal.faults.slowMs)
  if (suffer(portal.faults.take(named, 'before'))) return
  let answer: { status: number; body: Record<string, unknown> }
  try {
    if (!portal.bucket.admit(request.socket.remoteAddress ?? '')) throw new RestError('QUERY_LIMIT_EXCEEDED', 'Too many requests', 503)
    const user = authorised(portal, params['auth'])
    userId = user.id
    if (name === 'batch') {
      if (portal.settings.strict) for (const key of Object.keys(params)) if (!['cmd', 'halt',
        'auth'].includes(key)) portal.strictFailures.push(`batch: unknown parameter ${key}`)
      const halt = ['1', 'true', 'Y'].includes(String(params['halt'] ?? ''))
      const result = runBatch(commands, halt, (method, inner) => callOne(portal, methods, user, method, inner))
      answer = { status: 200, body: { result, time: timeBlock(portal, startedAt, performance.now() - begun) } }
    } else {
      answer = envelope(callOne(portal, methods, user, name, params))
    }
  } catch (error) {
    if (!(error instanceof RestError)) throw error
    answer = envelope({ error })
  }
  if (suffer(portal.faults.take(named, 'after'))) return
  const code = answer.body['error']
  log(answer.status, typeof code === 'string' ? code : null)
  sendJson(response, answer.status, answer.body)
}
