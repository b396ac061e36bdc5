import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDoorman } from '../../server/portal/address.ts'
import type { AuthServer, TokenFacts } from '../../server/portal/auth-server.ts'
import { createAuthServer } from '../../server/portal/auth-server.ts'
import { createBudget } from '../../server/portal/budget.ts'
import type { Claim } from '../../server/portal/claim.ts'
import { createProver, type Prove, tokensOfProof } from '../../server/portal/prove.ts'
import { createTransport } from '../../server/portal/transport.ts'
import type { FakePortal } from '../fake-portal/fake-portals.ts'
import { json, type Peer, startPeer } from './peer.ts'
import { createMemoryBudgetStore, generousBudget, type Room, type RoomOptions, startRoom } from './room.ts'

let room: Room
let prove: Prove
const peers: Peer[] = []

beforeEach(async () => {
  room = await startRoom()
  prove = room.access.prove
})
afterEach(async () => {
  await room.close()
  await Promise.all(peers.splice(0).map(peer => peer.close()))
})

const claimOf = (portal: FakePortal, userId = 1, change: Partial<Claim> = {}): Claim => {
  const { accessToken, refreshToken } = portal.tokensFor(userId)
  return {
    memberId: portal.memberId, domain: portal.domain, protocol: 'http', accessToken, refreshToken, expiresInSeconds: 3600,
    applicationToken: portal.app.applicationToken, serverEndpoint: portal.serverEndpoint, scope: [], ...change,
  }
}

const forget = () => room.store.portals.clear()
const refreshes = () => room.fakes.authRequests.filter(({ kind }) => kind === 'refresh')

/** An authorisation server that names the portal of a token, as Bitrix24's own b24pysdk and starter kit read it. */
const naming = (change: (facts: TokenFacts) => Partial<TokenFacts> = () => ({})): Prove => {
  const clock = { now: () => Temporal.Now.instant() }
  const doorman = createDoorman({ allowLocal: true, userAgent: 'Leadrail/0.0.0' })
  const plain = createAuthServer({ config: room.config, doorman, clock })
  const authServer: AuthServer = { ...plain, tokenFacts: async (endpoint, token) => {
    const facts = await plain.tokenFacts(endpoint, token)
    const owner = room.portal.tokens.check(token)
    const portal = owner === null || owner === 'expired' ? null : room.fakes.get(owner.memberId)
    const named = { ...facts, clientId: room.config.clientId, memberId: portal?.memberId ?? null, clientEndpoint: portal?.clientEndpoint ?? null, userId: owner !== null && owner !== 'expired' ? owner.userId : null }
    return { ...named, ...change(named) }
  } }
  return createProver({ config: room.config, authServer, doorman, transport: createTransport(doorman), store: room.store, tokens: { endpointOf: () => Promise.reject(new Error('nothing moves here')) }, budget: createBudget({ store: generousBudget, clock }), log: { info: () => undefined, warn: () => undefined, error: () => undefined } })
}

describe('an opened page of a known portal', () => {
  it('is proved at the authorisation server and on the portal, without using up the renewal token', async () => {
    const proved = await prove(claimOf(room.portal))
    expect(proved).toMatchObject({ ok: true, proof: {
      memberId: room.portal.memberId, domain: room.portal.domain, clientEndpoint: room.portal.clientEndpoint, serverEndpoint: room.portal.serverEndpoint,
      user: { id: 1, name: 'Анна Ветрова', isAdmin: true, timeZone: 'Europe/Moscow' }, installed: true, languageId: 'ru', licenseFamily: 'std', appStatus: 'F', renewed: null,
    } })
    expect(refreshes()).toEqual([])
  })

  it('tells an ordinary person from an administrator', async () => {
    const person = room.portal.act.addUser({ name: 'Павел', lastName: 'Рощин' })
    expect(await prove(claimOf(room.portal, person.id))).toMatchObject({ ok: true, proof: { user: { id: person.id, isAdmin: false } } })
  })

  it('needs no renewal token: a session has none', async () => {
    expect(await prove(claimOf(room.portal, 1, { refreshToken: null, serverEndpoint: null }))).toMatchObject({ ok: true })
  })
})

describe('an opened page of an unknown portal', () => {
  it('is proved by exchanging its renewal token, and the new pair takes the place of the old one', async () => {
    forget()
    const claim = claimOf(room.portal)
    const proved = await prove(claim)
    expect(proved).toMatchObject({ ok: true, proof: { memberId: room.portal.memberId, user: { id: 1 } } })
    expect(refreshes()).toHaveLength(1)
    const tokens = proved.ok ? tokensOfProof(proved.proof, claim, { now: () => Temporal.Now.instant() }) : null
    expect(tokens).toMatchObject({ memberId: room.portal.memberId, userId: 1 })
    expect(tokens?.refreshToken).not.toBe(claim.refreshToken)
    expect(room.portal.tokens.check(tokens?.accessToken ?? '')).toMatchObject({ userId: 1 })
  })

  it('is refused without a renewal token, for then nothing proves its member_id', async () => {
    forget()
    expect(await prove(claimOf(room.portal, 1, { refreshToken: null }))).toMatchObject({ ok: false, why: 'refused' })
  })
})

describe('an authorisation server that names the portal of a token', () => {
  it('proves unknown portals at once, without using up the renewal token', async () => {
    forget()
    expect(await naming()(claimOf(room.portal))).toMatchObject({ ok: true, proof: { memberId: room.portal.memberId, renewed: null } })
    expect(refreshes()).toEqual([])
  })

  it('convicts a foreign member_id', async () => {
    const other = await room.fakes.create()
    room.admit(other)
    expect(await naming()(claimOf(room.portal, 1, { memberId: other.memberId }))).toMatchObject({ ok: false, why: 'refused', detail: 'token of another portal' })
    expect(await naming()(claimOf(room.portal, 1, { memberId: other.memberId, domain: other.domain }))).toMatchObject({ ok: false, why: 'refused' })
  })

  it('convicts a token of another application', async () => {
    expect(await naming(() => ({ clientId: 'app.somebody.else' }))(claimOf(room.portal))).toMatchObject({ ok: false, why: 'refused', detail: 'token of another application' })
  })

  it('convicts a portal that shows another user than the token\'s', async () => {
    expect(await naming(() => ({ userId: 77 }))(claimOf(room.portal))).toMatchObject({ ok: false, why: 'refused', detail: 'token of another user' })
  })
})

describe('a forged claim', () => {
  it.each([true, false])('with a genuine token of its own portal and a foreign member_id is refused (victim known: %s)', async (known) => {
    const attacker = await room.fakes.create()
    if (!known) forget()
    const claim = claimOf(attacker, 1, { memberId: room.portal.memberId })
    expect(await prove(claim)).toMatchObject({ ok: false, why: 'refused' })
    expect(await prove({ ...claim, domain: room.portal.domain })).toMatchObject({ ok: false, why: 'refused' })
    expect(await prove({ ...claim, refreshToken: null })).toMatchObject({ ok: false, why: 'refused' })
  })

  it('cannot put a portal on an address of the forger, even with a token of an employee of the victim', async () => {
    const evil = await startPeer((_, response) => json(response, 200, { result: { result: { c0: { ID: '1', ADMIN: true, NAME: 'Зло' }, c1: { INSTALLED: true }, c2: [] }, result_error: [] } }))
    peers.push(evil)
    const person = room.portal.act.addUser({ name: 'Павел', lastName: 'Рощин' })
    const claim = claimOf(room.portal, person.id, { domain: evil.host })
    expect(await prove(claim)).toMatchObject({ ok: false, why: 'refused' })
    expect(await prove({ ...claimOf(room.portal, person.id, { domain: evil.host }), refreshToken: null })).toMatchObject({ ok: false, why: 'refused' })
    expect(await naming()(claimOf(room.portal, person.id, { domain: evil.host }))).toMatchObject({ ok: false, why: 'refused' })
    expect(evil.asked).toEqual([])
  })

  it('that names an authorisation server of its own never gets our secret', async () => {
    const evil = await startPeer()
    peers.push(evil)
    forget()
    expect(await prove(claimOf(room.portal, 1, { serverEndpoint: evil.endpoint }))).toMatchObject({ ok: false, why: 'refused', detail: 'foreign authorisation server' })
    expect(await prove(claimOf(room.portal, 1, { serverEndpoint: `${room.portal.serverEndpoint}@${evil.host}/` }))).not.toMatchObject({ why: 'unavailable' })
    expect(evil.asked).toEqual([])
  })

  it.each(['10.0.0.1', '169.254.169.254', '192.168.0.10:8080', '[::1]', 'firma.bitrix24.ru'])('never makes us call %s over http', async (domain) => {
    const proved = await prove(claimOf(room.portal, 1, { domain }))
    expect(proved.ok).toBe(false)
    if (domain !== '[::1]') expect(proved).toMatchObject({ why: 'address' })
    expect(room.fakes.authRequests).toEqual([])
  })

  it.each([
    ['a member_id with other signs', { memberId: '__proto__' }], ['an empty token', { accessToken: '' }], ['a token with a line end', { accessToken: 'abcdefgh\r\nx: y' }],
    ['a domain with a path', { domain: '127.0.0.2/evil' }], ['a domain with a user', { domain: 'x@127.0.0.2' }],
  ])('that is malformed asks nobody: %s', async (_, change) => {
    expect(await prove(claimOf(room.portal, 1, change))).toMatchObject({ ok: false, why: 'refused' })
    expect(room.fakes.authRequests).toEqual([])
  })

  it('with a dead token is refused', async () => {
    expect(await prove(claimOf(room.portal, 1, { accessToken: 'made-up-token-0000' }))).toMatchObject({ ok: false, why: 'refused' })
    const claim = claimOf(room.portal)
    room.portal.expireTokens()
    expect(await prove(claim)).toMatchObject({ ok: false, why: 'refused' })
  })

  it('leaves its secrets out of the log', async () => {
    const claim = claimOf(room.portal, 1, { memberId: 'f'.repeat(32) })
    await prove(claim)
    const text = room.logged.join('')
    expect(text).toContain('portal.claim-refused')
    expect(text).not.toContain(claim.accessToken)
    expect(text).not.toContain(claim.refreshToken)
    await prove({ ...claim, memberId: claim.accessToken + '!' })
    expect(room.logged.join('')).not.toContain(claim.accessToken)
  })
})

describe('a renamed portal', () => {
  it('is followed when the page of its new address comes with a renewal token', async () => {
    const domain = await room.portal.rename()
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: true, proof: { domain, clientEndpoint: `http://${domain}/rest/` } })
  })

  it('is followed even when its old address is dead, but then a renewal token is needed', async () => {
    const known = room.store.portals.get(room.portal.memberId)
    if (known !== undefined) room.store.portals.set(known.memberId, { ...known, domain: '127.0.0.1:9', clientEndpoint: 'http://127.0.0.1:9/rest/' })
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: true, proof: { domain: room.portal.domain } })
    expect(await prove(claimOf(room.portal, 1, { refreshToken: null }))).toMatchObject({ ok: false, why: 'unavailable' })
  })

  it('is followed by a session too, because its old proved address leads to the new one', async () => {
    const domain = await room.portal.rename()
    expect(await prove(claimOf(room.portal, 1, { refreshToken: null }))).toMatchObject({ ok: true, proof: { domain } })
    expect(refreshes()).toHaveLength(1)
    expect(room.store.portals.get(room.portal.memberId)).toMatchObject({ domain, clientEndpoint: `http://${domain}/rest/` })
    expect(await prove(claimOf(room.portal, 1, { refreshToken: null }))).toMatchObject({ ok: true })
    expect(refreshes()).toHaveLength(1)
  })

  it('is not followed to an address that the authorisation server does not name: the stranger there gets no token', async () => {
    const evil = await startPeer((_, response) => json(response, 200, { result: { result: { c0: { ID: '1', ADMIN: true, NAME: 'Зло' }, c1: { INSTALLED: true }, c2: [] }, result_error: [] } }))
    const old = await startPeer((asked, response) => void response.writeHead(302, { location: `http://${evil.host}${asked.path}` }).end())
    peers.push(evil, old)
    const known = room.store.portals.get(room.portal.memberId)
    if (known !== undefined) room.store.portals.set(known.memberId, { ...known, domain: old.host, clientEndpoint: old.endpoint })
    expect(await prove(claimOf(room.portal, 1, { domain: evil.host, refreshToken: null }))).toMatchObject({ ok: false, why: 'unavailable' })
    expect(evil.asked).toEqual([])
    expect(room.store.portals.get(room.portal.memberId)).toMatchObject({ domain: old.host })
  })
})

describe('a proof that cannot be had', () => {
  it('now is told apart from a refusal', async () => {
    room.fakes.failAuthServer(1)
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: false, why: 'unavailable' })
    room.portal.faults.failBefore('profile', 502)
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: false, why: 'unavailable' })
  })

  it('because the portal denies the application says so', async () => {
    room.portal.settings.restAvailable = false
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: false, why: 'denied' })
    room.portal.settings.restAvailable = true
    const person = room.portal.act.addUser({ name: 'Павел', lastName: 'Рощин', hasAppAccess: false })
    expect(await prove(claimOf(room.portal, person.id))).toMatchObject({ ok: false, why: 'denied' })
  })
})

describe('a portal that takes no more requests for the moment', () => {
  const reopen = async (options: RoomOptions) => {
    await room.close()
    room = await startRoom(options)
    prove = room.access.prove
  }
  const limited = () => room.portal.requests.filter(({ error }) => error === 'QUERY_LIMIT_EXCEEDED').length

  it.each([true, false])('is asked again until it answers, and its bucket is known to be full (portal known: %s)', async (known) => {
    const filled: string[] = []
    await reopen({ patience: { attempts: 8, delayMs: 60 }, budgetStore: { ...generousBudget, fill: async memberId => void filled.push(memberId) } })
    Object.assign(room.portal.limits.rate, { block: 0, leakPerSecond: 4 })
    if (!known) forget()
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: true })
    expect(limited()).toBe(0)
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: true })
    expect(limited()).toBeGreaterThan(0)
    expect(new Set(filled)).toEqual(new Set([room.portal.memberId]))
  })

  it('for good is told apart from a refusal', async () => {
    await reopen({ patience: { attempts: 3, delayMs: 1 } })
    Object.assign(room.portal.limits.rate, { block: -1, leakPerSecond: 0 })
    expect(await prove(claimOf(room.portal))).toEqual({ ok: false, why: 'unavailable', detail: 'batch rate-limited' })
    expect(limited()).toBe(3)
  })

  it('is not asked in vain while its budget is known to be used up', async () => {
    const asked: unknown[] = []
    await reopen({ budgetStore: { take: async (memberId, { reserve }) => {
      asked.push([memberId, reserve])
      return 60_000
    } } })
    expect(await prove(claimOf(room.portal))).toMatchObject({ ok: false, why: 'unavailable' })
    expect(room.portal.requests).toEqual([])
    // As a person who waits: nothing is kept back from him.
    expect(asked).toEqual([[room.portal.memberId, 0]])
  })

  it('counts each look, so that the background makes room for it', async () => {
    const store = createMemoryBudgetStore(() => 0)
    await reopen({ budgetStore: store })
    for (let looks = 0; looks < 3; looks += 1) await prove(claimOf(room.portal))
    let left = 0
    while (await store.take(room.portal.memberId, { rate: 2, burst: 10, reserve: 0 }) === 0) left += 1
    expect(left).toBe(7)
  })
})
