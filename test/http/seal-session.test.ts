import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSessionSeal, type Session } from '../../server/http/seal-session.ts'

const session: Session = {
  memberId: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', domain: 'romashka.bitrix24.ru', userId: 7, name: 'Михаил', isAdmin: false, timeZone: 'Europe/Moscow',
  language: 'ru', accessToken: 'manager-access-token-0001', expiresAt: 2_000,
}

describe('a session token', () => {
  const key = randomBytes(32)
  const seal = openSessionSeal([key])

  it('gives back what was sealed, until it is over', () => {
    const token = seal.seal(session)
    expect(seal.open(token, 1_999)).toEqual(session)
    expect(seal.open(token, 2_000)).toBeNull()
  })

  it('shows nothing of what is inside', () => {
    const body = Buffer.from(seal.seal(session).split('.')[2] ?? '', 'base64url').toString('latin1')
    for (const text of ['manager-access-token', 'romashka', 'memberId']) expect(body).not.toContain(text)
  })

  it('stays readable after the key was rotated, and no longer than the old key is kept', () => {
    const next = randomBytes(32)
    const token = seal.seal(session)
    expect(openSessionSeal([next, key]).open(token, 0)).toEqual(session)
    expect(openSessionSeal([next]).open(token, 0)).toBeNull()
    expect(openSessionSeal([next, key]).seal(session).split('.')[1]).toBe(openSessionSeal([next]).seal(session).split('.')[1])
  })

  it('is worth nothing once a single bit has changed', () => {
    const token = seal.seal(session)
    const [head, id, text = ''] = token.split('.')
    const body = Buffer.from(text, 'base64url')
    fc.assert(fc.property(fc.nat(body.length * 8 - 1), (bit) => {
      const bent = Buffer.from(body)
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(seal.open(`${head}.${id}.${bent.toString('base64url')}`, 0)).toBeNull()
    }))
  })

  it('is never made of rubbish', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), text => seal.open(text, 0) === null))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), bytes => seal.open(`lr1.${seal.seal(session).split('.')[1]}.${Buffer.from(bytes).toString('base64url')}`, 0) === null))
    expect(seal.open(`lr1.${'A'.repeat(10_000)}`, 0)).toBeNull()
  })
})
