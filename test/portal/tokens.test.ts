import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PortalAccess } from '../../server/portal/access.ts'
import { leadId } from '../../server/domain/lead.ts'
import type { TokenRow } from '../../server/portal/ports.ts'
import { createUnstoredTokens } from '../../server/portal/unstored-tokens.ts'
import { json, startPeer } from './peer.ts'
import { memoryLocks, type Room, startRoom } from './room.ts'

let room: Room
beforeEach(async () => {
  room = await startRoom()
  room.portal.act.createLead({ title: 'Столешница' })
})
afterEach(() => room.close())

const look = (access: PortalAccess = room.access) => access.readSights(room.portal.memberId, [leadId(1)], [])
const refreshes = () => room.fakes.authRequests.filter(({ kind }) => kind === 'refresh')
const stored = (userId = 1) => room.store.tokens.get(`${room.portal.memberId}/${userId}`)

describe('an expired token', () => {
  it('is renewed once and the request repeated; the new pair is stored before it is used', async () => {
    const before = stored()
    room.portal.expireTokens()
    await look()
    expect(refreshes()).toHaveLength(1)
    expect(room.store.saved).toHaveLength(1)
    expect(stored()?.accessToken).not.toBe(before?.accessToken)
    expect(room.store.portals.get(room.portal.memberId)?.domain).toBe(room.portal.domain)
    await look()
    expect(refreshes()).toHaveLength(1)
  })

  it('is renewed once by two processes with many requests at the same moment', async () => {
    const other = room.process()
    room.portal.expireTokens()
    await Promise.all([look(), look(other), look(), look(other), look(other)])
    expect(refreshes()).toHaveLength(1)
    expect(refreshes().filter(({ error }) => error !== null)).toEqual([])
  })

  it('is renewed without a wasted request when it is known to be over', async () => {
    const row = stored()
    if (row !== undefined) room.store.tokens.set(`${row.memberId}/1`, { ...row, expiresAt: Temporal.Now.instant().subtract({ minutes: 1 }) })
    room.portal.expireTokens()
    await look()
    expect(room.portal.requests.map(({ error }) => error)).toEqual([null])
    expect(refreshes()).toHaveLength(1)
  })

  it('of a person who is looking is not renewed for him, and nobody is given up for it', async () => {
    const portal = await room.access.asUser(room.portal.memberId, 'a-token-nobody-knows')
    await expect(portal.call('profile', {}, { kind: 'read' })).rejects.toMatchObject({ code: 'auth-lost' })
    expect(refreshes()).toEqual([])
    expect(room.store.lost.size).toBe(0)
  })
})

describe('an administrator whose tokens are dead', () => {
  it('gives way to the next one', async () => {
    const second = room.portal.act.addUser({ name: 'Борис', lastName: 'Лугов', isAdmin: true })
    room.admit(room.portal, second.id)
    room.portal.tokens.revoke(room.portal.memberId, 1)
    await look()
    expect([...room.store.lost.keys()]).toEqual([`${room.portal.memberId}/1`])
    expect(room.store.lost.get(`${room.portal.memberId}/1`)).toBe('invalid_grant')
    expect(room.portal.requests.at(-1)).toMatchObject({ userId: second.id, error: null })
  })

  it('gives way when he may no longer use the application, and when he was dismissed', async () => {
    const second = room.portal.act.addUser({ name: 'Борис', lastName: 'Лугов', isAdmin: true })
    const third = room.portal.act.addUser({ name: 'Вера', lastName: 'Холмова', isAdmin: true })
    room.admit(room.portal, second.id)
    room.admit(room.portal, third.id)
    const first = room.portal.state.users.get(1)
    if (first !== undefined) first.hasAppAccess = false
    room.portal.act.dismissUser(second.id)
    room.portal.expireTokens()
    await look()
    expect(room.store.lost.size).toBe(2)
    expect(room.portal.requests.at(-1)).toMatchObject({ userId: third.id, error: null })
  })

  it('who was the last one leaves the portal without authorisation', async () => {
    room.portal.tokens.revoke(room.portal.memberId)
    await expect(look()).rejects.toMatchObject({ code: 'auth-lost' })
    await expect(look()).rejects.toMatchObject({ code: 'auth-lost' })
    // The second attempt asked nobody.
    expect(refreshes()).toHaveLength(1)
  })

  it('comes back when he opens the application again', async () => {
    room.portal.tokens.revoke(room.portal.memberId)
    await expect(look()).rejects.toMatchObject({ code: 'auth-lost' })
    const { accessToken, refreshToken } = room.portal.tokensFor(1)
    const row = stored()
    if (row !== undefined) await room.store.saveToken({ ...row, accessToken, refreshToken })
    await expect(look()).resolves.toHaveLength(1)
  })
})

describe('the authorisation server', () => {
  it('that asks for payment stops the portal and loses nobody', async () => {
    room.portal.expireTokens()
    room.portal.settings.paymentRequired = true
    await expect(look()).rejects.toMatchObject({ code: 'payment-required', bitrixCode: 'PAYMENT_REQUIRED' })
    expect(room.store.lost.size).toBe(0)
    room.portal.settings.paymentRequired = false
    await expect(look()).resolves.toHaveLength(1)
  })

  it.each(['invalid_client', 'wrong_client', 'some_new_error'])('that refuses us ourselves (%s) pauses the work, says so, and loses nobody', async (error) => {
    const peer = await startPeer((_, response) => json(response, 401, { error, error_description: 'Invalid client' }))
    Object.assign(room.config, { authServers: [`http://${peer.host}`] })
    const access = room.process()
    const row = stored()
    if (row !== undefined) room.store.tokens.set(`${row.memberId}/1`, { ...row, serverEndpoint: peer.endpoint })
    room.portal.expireTokens()
    await expect(look(access)).rejects.toMatchObject({ code: 'unavailable', bitrixCode: error })
    await peer.close()
    expect(room.store.lost.size).toBe(0)
    expect(room.logged.join('')).toContain('portal.renewal-refused')
  })

  it('that is ill for a moment is asked again', async () => {
    room.portal.expireTokens()
    room.fakes.failAuthServer(1)
    await expect(look()).resolves.toHaveLength(1)
    expect(refreshes()).toHaveLength(2)
  })

  it('that is ill is asked once for all who wait for the same renewal', async () => {
    room.portal.expireTokens()
    room.fakes.failAuthServer(100)
    const looks = await Promise.allSettled([look(), look(), look(), look(), look()])
    expect(looks.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'))
    expect(refreshes()).toHaveLength(3)
  })

  it('that is not on our list is never asked, whatever the row says', async () => {
    const row = stored()
    if (row !== undefined) room.store.tokens.set(`${row.memberId}/1`, { ...row, serverEndpoint: `http://${room.portal.domain}/rest/` })
    room.portal.expireTokens()
    await expect(look()).rejects.toMatchObject({ code: 'unexpected' })
    expect(refreshes()).toEqual([])
  })
})

/** Pairs that wait for a store which is away for the portals in `breaks`. */
const unstored = (storedLate?: (memberId: string) => void) => {
  const breaks = new Set(['m1', 'm2', 'm3'])
  const saved = new Set<string>()
  const tries: string[] = []
  const quiet = () => undefined
  const store = {
    findToken: () => Promise.resolve(null),
    saveToken: ({ memberId }: TokenRow) => {
      tries.push(memberId)
      if (breaks.has(memberId)) return Promise.reject(new Error('the database is away'))
      saved.add(memberId)
      return Promise.resolve()
    },
  }
  const tokens = createUnstoredTokens({ store, locks: memoryLocks(), log: { info: quiet, warn: quiet, error: quiet }, firstPauseMs: 20, ...(storedLate === undefined ? {} : { storedLate }) })
  const pair = (portal: number): TokenRow => ({ memberId: `m${portal}`, userId: 1, accessToken: `new-${portal}`, refreshToken: 'r', expiresAt: Temporal.Now.instant(), serverEndpoint: 'https://oauth.example.com/rest/' })
  return { tokens, pair, breaks, saved, tries }
}

describe('a renewed pair that the store does not take', () => {
  const breakStore = () => vi.spyOn(room.store, 'saveToken').mockRejectedValue(new Error('the database is away'))

  it('is used from memory, and stored when the store answers again', async () => {
    const broken = breakStore()
    const before = stored()
    room.portal.expireTokens()
    await expect(look()).resolves.toHaveLength(1)
    await expect(look()).resolves.toHaveLength(1)
    expect(refreshes()).toHaveLength(1)
    expect(stored()).toEqual(before)
    expect(room.logged.join('')).toContain('portal.token-unstored')
    // What takes its place while it waits is renewed from it, not from the dead one.
    room.portal.expireTokens()
    await expect(look()).resolves.toHaveLength(1)
    expect(refreshes().map(({ error }) => error)).toEqual([null, null])
    broken.mockRestore()
    await vi.waitFor(() => expect(room.logged.join('')).toContain('portal.token-stored-late'), { timeout: 6_000 })
    const after = stored()
    expect(room.portal.tokens.check(after?.accessToken ?? '')).toMatchObject({ userId: 1 })
    await expect(look(room.process())).resolves.toHaveLength(1)
    expect(refreshes()).toHaveLength(2)
  })

  it('is stored before a graceful stop, so that the next process has it', async () => {
    const broken = breakStore()
    const one = room.process()
    room.portal.expireTokens()
    await look(one)
    broken.mockRestore()
    await one.close()
    await expect(look(room.process())).resolves.toHaveLength(1)
    expect(refreshes()).toHaveLength(1)
    expect(room.store.lost.size).toBe(0)
  })

  it('is told of when it is stored late: its portal may have been suspended meanwhile', async () => {
    const told: string[] = []
    const { tokens, pair, breaks } = unstored(memberId => void told.push(memberId))
    await tokens.store(pair(1), 'stale-1')
    expect(told).toEqual([])
    breaks.clear()
    await vi.waitFor(() => expect(told).toEqual(['m1']), { timeout: 2_000 })
  })

  it('does not keep the pairs of others from being stored', async () => {
    const { tokens, pair, breaks, saved } = unstored()
    await Promise.all([1, 2, 3].map(portal => tokens.store(pair(portal), `stale-${portal}`)))
    breaks.delete('m2')
    breaks.delete('m3')
    await vi.waitFor(() => expect([...saved]).toEqual(['m2', 'm3']), { timeout: 2_000 })
    await tokens.close()
  })

  it('is tried again within seconds, however long the store has been away', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { tokens, pair, tries } = unstored()
    const kept = tokens.store(pair(1), 'stale-1')
    await vi.advanceTimersByTimeAsync(600_000)
    await kept
    const before = tries.length
    await vi.advanceTimersByTimeAsync(5_100)
    expect(tries.length).toBeGreaterThan(before)
  })

  it('does not take the place of a newer one', async () => {
    const broken = breakStore()
    room.portal.expireTokens()
    await look()
    broken.mockRestore()
    const { accessToken, refreshToken } = room.portal.tokensFor(1)
    const row = stored()
    if (row !== undefined) await room.store.saveToken({ ...row, accessToken, refreshToken })
    await new Promise(resolve => setTimeout(resolve, 1_400))
    expect(stored()?.accessToken).toBe(accessToken)
    await expect(look()).resolves.toHaveLength(1)
    expect(refreshes()).toHaveLength(1)
  })

  it('is given up like any other when the portal does not accept its person', async () => {
    breakStore()
    room.portal.expireTokens()
    await look()
    room.portal.tokens.revoke(room.portal.memberId, 1)
    await expect(look()).rejects.toMatchObject({ code: 'auth-lost' })
    expect(room.store.lost.size).toBe(1)
  })
})

describe('tokens', () => {
  it('never reach a log, whatever happens to them', async () => {
    const before = stored()
    room.portal.expireTokens()
    await look()
    room.portal.tokens.revoke(room.portal.memberId)
    await look().catch(() => undefined)
    const text = JSON.stringify(room.requests) + room.logged.join('')
    for (const secret of [before?.accessToken, before?.refreshToken, stored()?.accessToken, stored()?.refreshToken, room.config.clientSecret]) expect(text).not.toContain(secret)
    expect(room.logged.join('')).toContain('portal.token-renewed')
  })

  it('that lie unused are renewed before they die, and no others', async () => {
    await room.access.keepAlive(room.portal.memberId)
    expect(refreshes()).toEqual([])
    const row = stored()
    if (row !== undefined) room.store.tokens.set(`${row.memberId}/1`, { ...row, expiresAt: Temporal.Now.instant().subtract({ hours: 24 * 40 }) })
    await room.access.keepAlive(room.portal.memberId)
    expect(refreshes()).toHaveLength(1)
  })
})
