import { afterEach, describe, expect, it } from 'vitest'
import { AddressRefused, createDoorman, isAllowedAddress, NotConnected } from '../../server/portal/address.ts'
import { type Peer, startPeer } from './peer.ts'

const strict = createDoorman({ allowLocal: false, userAgent: 'Leadrail/0.0.0' })
const local = createDoorman({ allowLocal: true, userAgent: 'Leadrail/0.0.0' })
const peers: Peer[] = []
afterEach(() => Promise.all(peers.splice(0).map(peer => peer.close())))

describe('addresses a request may go to', () => {
  it.each(['https://firma.bitrix24.ru/rest/', 'https://crm.example.com:8443/rest/', 'https://93.184.215.14/rest/'])('are public ones: %s', (url) => {
    expect(strict.admit(url).protocol).toBe('https:')
  })

  it.each([
    'http://firma.bitrix24.ru/rest/', 'https://user:password@firma.bitrix24.ru/rest/', 'https://localhost/rest/', 'https://portal/rest/', 'ftp://firma.bitrix24.ru/', 'no address',
    'https://127.0.0.1/rest/', 'https://10.1.2.3/rest/', 'https://172.16.0.1/rest/', 'https://192.168.1.1/rest/', 'https://169.254.169.254/latest/', 'https://100.64.0.1/rest/', 'https://0.0.0.0/rest/',
    'https://[::1]/rest/', 'https://[fe80::1]/rest/', 'https://[fd00::1]/rest/', 'https://[::ffff:127.0.0.1]/rest/', 'https://[::ffff:10.0.0.1]/rest/', 'https://[64:ff9b::a00:1]/rest/',
    'https://2130706433/rest/', 'https://0x7f.1/rest/', 'https://0177.0.0.1/rest/',
  ])('are never these: %s', (url) => {
    expect(() => strict.admit(url)).toThrow(AddressRefused)
  })

  it('may be loopback over http where local portals are allowed, but nothing else that is private', () => {
    expect(local.admit('http://127.0.0.2:4000/rest/').host).toBe('127.0.0.2:4000')
    expect(() => local.admit('http://192.168.1.1/rest/')).toThrow(AddressRefused)
    expect(() => local.admit('http://firma.bitrix24.ru/rest/')).toThrow(AddressRefused)
  })

  it('are judged as the address they stand for', () => {
    expect(isAllowedAddress('::ffff:8.8.8.8', false)).toBe(true)
    expect(isAllowedAddress('::ffff:127.0.0.1', false)).toBe(false)
    expect(isAllowedAddress('not an address', true)).toBe(false)
  })

  it.each([
    ['loopback', [{ address: '127.0.0.1', family: 4 }]],
    ['a private network among public addresses', [{ address: '93.184.215.14', family: 4 }, { address: '10.0.0.1', family: 4 }]],
    ['mapped loopback', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    ['the address of cloud metadata', [{ address: '169.254.169.254', family: 4 }]],
  ])('are tested inside the connection, after the name was resolved: %s', async (_, addresses) => {
    let asked = 0
    const doorman = createDoorman({ allowLocal: false, userAgent: 'Leadrail/0.0.0', resolve: (hostname, __, callback) => {
      asked += 1
      callback(null, hostname === 'portal.example.com' ? addresses : [])
    } })
    await expect(doorman.send({ url: 'https://portal.example.com/rest/', httpMethod: 'POST', body: '{}', timeoutMs: 2000 })).rejects.toBeInstanceOf(AddressRefused)
    expect(asked).toBe(1)
  })

  it('are connected to as they were tested, without a second look-up', async () => {
    const peer = await startPeer()
    peers.push(peer)
    let asked = 0
    const doorman = createDoorman({ allowLocal: true, userAgent: 'Leadrail/0.0.0', resolve: (_, __, callback) => {
      asked += 1
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
    } })
    await expect(doorman.send({ url: peer.endpoint.replace('127.0.0.1', 'localhost'), httpMethod: 'GET', timeoutMs: 2000 })).resolves.toMatchObject({ status: 200 })
    expect(asked).toBe(1)
  })

  it('that nobody answers at are told apart from lost answers', async () => {
    const doorman = createDoorman({ allowLocal: true, userAgent: 'Leadrail/0.0.0' })
    const peer = await startPeer()
    await peer.close()
    await expect(doorman.send({ url: peer.endpoint, httpMethod: 'POST', body: '{}', timeoutMs: 2000 })).rejects.toBeInstanceOf(NotConnected)
  })

  it('do not follow redirects by themselves', async () => {
    const peer = await startPeer((_, response) => response.writeHead(302, { location: 'http://127.0.0.9/' }).end())
    peers.push(peer)
    await expect(local.send({ url: peer.endpoint, httpMethod: 'POST', body: '{}', timeoutMs: 2000 })).resolves.toEqual({ status: 302, location: 'http://127.0.0.9/', text: '' })
  })
})
