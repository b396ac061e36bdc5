/** Deterministic numbers from a seed: the same seed gives the same faults and the same tokens. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** Lower-case letters and digits. */
  text(length: number): string
  hex(length: number): string
}

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const draw = (letters: string, length: number): string => Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join('')
  return { next, text: length => draw('abcdefghijklmnopqrstuvwxyz0123456789', length), hex: length => draw('0123456789abcdef', length) }
}
