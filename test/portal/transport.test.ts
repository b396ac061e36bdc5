import { afterEach, describe, expect, it } from 'vitest'
import { createDoorman } from '../../server/portal/address.ts'
import type { PortalError } from '../../server/portal/error.ts'
import { createTransport, type Kind, withRepeats } from '../../server/portal/transport.ts'
import { type Answering, json, type Peer, startPeer } from './peer.ts'

const peers: Peer[] = []
const doorman = createDoorman({ allowLocal: true, userAgent: 'Leadrail/0.0.0' })
const transport = createTransport(doorman)

const peerThat = async (how: Answering): Promise<Peer> => {
  const peer = await startPeer(how)
  peers.push(peer)
  return peer
}

const send = (peer: Peer, kind: Kind = 'read', timeoutMs = 5000) =>
  transport.send({ endpoint: peer.endpoint, method: 'crm.item.update', params: { id: 7 }, accessToken: 'token-of-somebody', kind, timeoutMs })

const failureOf = (answer: Promise<unknown>): Promise<PortalError> => answer.then(() => {
  throw new Error('it was expected to fail')
}, (error: PortalError) => error)

afterEach(() => Promise.all(peers.splice(0).map(peer => peer.close())))

describe('a request to a portal', () => {
  it('is a JSON post that carries the token in its body and names the program', async () => {
    const peer = await peerThat((_, response) => json(response, 200, { result: { ok: 1 }, next: 50, total: 120 }, { operating: 3.5, operating_reset_at: 1_700_000_000 }))
    const answer = await send(peer)
    expect(peer.asked[0]).toMatchObject({ method: 'POST', path: '/rest/crm.item.update', body: { id: 7, auth: 'token-of-somebody' } })
    expect(peer.asked[0]?.headers['user-agent']).toBe('Leadrail/0.0.0')
    expect(peer.asked[0]?.headers['content-type']).toBe('application/json')
    expect(answer).toMatchObject({ result: { ok: 1 }, next: 50, total: 120, time: { operating: 3.5 } })
    expect(answer.time.operatingResetAt?.epochMilliseconds).toBe(1_700_000_000_000)
  })

  it('keeps the portal\'s own message when the error code is empty', async () => {
    const peer = await peerThat((_, response) => json(response, 400, { error: '', error_description: 'Не заполнено обязательное поле' }))
    expect(await failureOf(send(peer))).toMatchObject({ code: 'invalid', bitrixCode: '', bitrixMessage: 'Не заполнено обязательное поле', status: 400 })
  })

  it('reads error codes that are numbers', async () => {
    const peer = await peerThat((_, response) => json(response, 400, { error: 0, error_description: 'wrong task id' }))
    expect(await failureOf(send(peer))).toMatchObject({ code: 'invalid', bitrixCode: '0' })
  })

  it('takes an answer with HTTP 200 and an error in it for the error it is', async () => {
    const peer = await peerThat((_, response) => json(response, 200, { error: 'ERROR_PLACEMENT_MAX_COUNT', error_description: 'Max count' }))
    expect(await failureOf(send(peer))).toMatchObject({ code: 'invalid', bitrixCode: 'ERROR_PLACEMENT_MAX_COUNT' })
  })

  it('takes an empty error with HTTP 200 for an error, not for a success', async () => {
    const peer = await peerThat((_, response) => json(response, 200, { error: '', error_description: 'Access denied.' }))
    expect(await failureOf(send(peer))).toMatchObject({ code: 'invalid', bitrixMessage: 'Access denied.' })
  })

  it.each([
    [503, 'QUERY_LIMIT_EXCEEDED', 'rate-limited'], [503, 'OVERLOAD_LIMIT', 'overloaded'], [401, 'expired_token', 'expired-token'], [401, 'NO_AUTH_FOUND', 'auth-lost'],
    [403, 'user_access_error', 'auth-lost'], [403, 'insufficient_scope', 'access-denied'], [400, 'NOT_FOUND', 'not-found'], [500, 'PORTAL_DELETED', 'portal-deleted'],
    [404, 'ERROR_METHOD_NOT_FOUND', 'invalid'], [403, 'ACCESS_DENIED', 'access-denied'], [418, 'SOMETHING_NEW', 'invalid'],
  ])('answers %i %s with what to do: %s', async (status, error, code) => {
    const peer = await peerThat((_, response) => json(response, status, { error, error_description: 'words' }))
    expect(await failureOf(send(peer, 'write'))).toMatchObject({ code, status })
  })

  it('tells when a method that has used up its time may be called again', async () => {
    const peer = await peerThat((_, response) => json(response, 429, { error: 'OPERATION_TIME_LIMIT', error_description: '' }, { operating_reset_at: 1_800_000_000 }))
    const failure = await failureOf(send(peer))
    expect(failure.code).toBe('method-blocked')
    expect(failure.retryAt?.epochMilliseconds).toBe(1_800_000_000_000)
  })

  it('takes a refused batch for the portal\'s plan, because anybody may call it', async () => {
    const peer = await peerThat((_, response) => json(response, 403, { error: 'ACCESS_DENIED', error_description: 'REST API is available only on commercial plans' }))
    const failure = await failureOf(transport.send({ endpoint: peer.endpoint, method: 'batch', params: {}, accessToken: 'token-of-somebody', kind: 'read' }))
    expect(failure.code).toBe('payment-required')
  })
})

describe('an answer that never came, or came broken', () => {
  const broken: readonly [string, Answering][] = [
    ['a page of a proxy', (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')],
    ['a page with HTTP 200', (_, response) => response.writeHead(200).end('<html>please log in</html>')],
    ['nothing', (_, response) => response.writeHead(200).end()],
    ['half an answer', (_, response) => response.writeHead(200, { 'content-length': '100' }).end('{"result":', () => response.socket?.destroy())],
    ['a torn connection', (_, response) => void response.socket?.resetAndDestroy()],
    ['an internal error', (_, response) => json(response, 500, { error: 'INTERNAL_SERVER_ERROR', error_description: '' })],
    ['a JSON text without result or error', (_, response) => response.writeHead(200).end('{"time":{}}')],
  ]

  it.each(broken)('is unavailable for a read: %s', async (_, how) => {
    expect((await failureOf(send(await peerThat(how)))).code).toBe('unavailable')
  })

  it.each(broken)('has an unknown outcome for a write: %s', async (_, how) => {
    expect((await failureOf(send(await peerThat(how), 'write'))).code).toBe('unknown-outcome')
  })

  it('is told after the time-out', async () => {
    const peer = await peerThat(() => undefined)
    expect((await failureOf(send(peer, 'write', 80))).code).toBe('unknown-outcome')
    expect((await failureOf(send(peer, 'read', 80))).code).toBe('unavailable')
  })

  it('is known not to have happened when there was no connection', async () => {
    const peer = await peerThat(() => undefined)
    await peer.close()
    expect((await failureOf(send(peer, 'write'))).code).toBe('unavailable')
  })
})

describe('a file', () => {
  it.each([
    [404, 'not-found'], [401, 'access-denied'], [403, 'access-denied'], [301, 'invalid'], [302, 'invalid'], [304, 'invalid'], [204, 'invalid'], [400, 'invalid'], [410, 'invalid'], [413, 'invalid'], [418, 'invalid'],
    [408, 'unavailable'], [429, 'unavailable'], [500, 'unavailable'], [502, 'unavailable'], [503, 'unavailable'],
  ])('whose link is answered with %i is %s', async (status, code) => {
    const peer = await peerThat((_, response) => response.writeHead(status, { location: 'https://example.com/' }).end())
    expect(await failureOf(transport.fetchFile(`${peer.endpoint}plan.pdf`, { method: 'file', mostBytes: 100 }))).toMatchObject({ code, status })
    expect(peer.asked).toHaveLength(1)
  })

  it('whose answer breaks off may come another time', async () => {
    const peer = await peerThat((_, response) => response.socket?.destroy())
    expect(await failureOf(transport.fetchFile(`${peer.endpoint}plan.pdf`, { method: 'file', mostBytes: 100 }))).toMatchObject({ code: 'unavailable', status: 0 })
  })
})

describe('a renamed portal', () => {
  it('is followed to its new address with the post and its body', async () => {
    const renamed = await peerThat((_, response) => json(response, 200, { result: 'here' }))
    const old = await peerThat((asked, response) => response.writeHead(302, { location: `http://${renamed.host}${asked.path}` }).end())
    const answer = await send(old, 'write')
    expect(answer).toMatchObject({ result: 'here', endpoint: renamed.endpoint })
    expect(renamed.asked[0]).toMatchObject({ method: 'POST', body: { id: 7, auth: 'token-of-somebody' } })
  })

  it('is followed once only', async () => {
    const loop: Peer = await peerThat((asked, response) => response.writeHead(302, { location: `http://${asked.headers.host ?? ''}${asked.path}` }).end())
    expect((await failureOf(send(loop))).code).toBe('unavailable')
    expect(loop.asked).toHaveLength(2)
  })

  it('is not found behind a redirect to a page, which gets no token', async () => {
    const page = await peerThat((_, response) => response.writeHead(200).end('<html>'))
    const old = await peerThat((_, response) => response.writeHead(302, { location: `http://${page.host}/login/` }).end())
    expect((await failureOf(send(old))).code).toBe('unavailable')
    expect(page.asked).toHaveLength(0)
  })

  it('never leads to a private address', async () => {
    const old = await peerThat((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/rest/crm.item.update' }).end())
    expect((await failureOf(send(old))).code).toBe('unexpected')
  })
})

describe('repeats', () => {
  const patience = { attempts: 4, delayMs: 1 }
  const attempts = async (kind: Kind, how: Answering) => {
    const peer = await peerThat(how)
    await withRepeats(patience, () => send(peer, kind)).catch(() => undefined)
    return peer.asked.length
  }

  it('repeat a read that got no answer', async () => {
    expect(await attempts('read', (_, response, count) => (count < 3 ? void response.writeHead(502).end() : json(response, 200, { result: 1 })))).toBe(3)
  })

  it('never repeat a write that got no answer: it may have happened', async () => {
    expect(await attempts('write', (_, response) => void response.socket?.resetAndDestroy())).toBe(1)
  })

  it('repeat a write that was refused for rate before it was done', async () => {
    expect(await attempts('write', (_, response, count) => json(response, count < 3 ? 503 : 200, count < 3 ? { error: 'QUERY_LIMIT_EXCEEDED' } : { result: 1 }))).toBe(3)
  })

  it.each(['OVERLOAD_LIMIT', 'NOT_FOUND', 'expired_token'])('leave %s to whoever knows better', async (error) => {
    expect(await attempts('read', (_, response) => json(response, error === 'OVERLOAD_LIMIT' ? 503 : 400, { error }))).toBe(1)
  })
})
