import { describe, expect, it } from 'vitest'
import { createSealer, SealError } from '../../server/store/seal.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

describe('a sealed secret', () => {
  it('opens for whom it was sealed, and says nothing to others', () => {
    const sealer = createSealer([key(1)])
    const sealed = sealer.seal('токен-123', 'firma/1')
    expect(sealed).not.toContain('123')
    expect(sealer.open(sealed, 'firma/1')).toBe('токен-123')
    expect(() => sealer.open(sealed, 'firma/2')).toThrow(SealError)
    expect(sealer.seal('токен-123', 'firma/1')).not.toBe(sealed)
  })

  it('does not open when a bit of it was changed', () => {
    const sealer = createSealer([key(1)])
    const sealed = sealer.seal('secret', 'firma/1')
    const parts = sealed.split('.')
    for (const place of [1, 2, 3, 4]) {
      const changed = parts.map((part, index) => index === place ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part).join('.')
      expect(() => sealer.open(changed, 'firma/1'), changed).toThrow(SealError)
    }
    expect(() => sealer.open(parts.map((part, index) => index === 3 ? part.slice(0, 6) : part).join('.'), 'firma/1')).toThrow(SealError)
    expect(() => sealer.open('', 'firma/1')).toThrow(SealError)
  })

  it('outlives a change of keys', () => {
    const sealed = createSealer([key(1)]).seal('secret', 'firma/1')
    const rotated = createSealer([key(2), key(1)])
    expect(rotated.open(sealed, 'firma/1')).toBe('secret')
    expect(rotated.isStale(sealed)).toBe(true)
    expect(rotated.isStale(rotated.seal('secret', 'firma/1'))).toBe(false)
    expect(() => createSealer([key(2)]).open(sealed, 'firma/1')).toThrow(SealError)
  })

  it('needs keys of 32 bytes', () => {
    expect(() => createSealer([])).toThrow(SealError)
    expect(() => createSealer([new Uint8Array(16)])).toThrow(SealError)
  })
})
