/** Chance without memory: the same seed and words always give the same number from 0 up to 1 (FNV-1a, then one round of mixing). */
export const chance = (seed: number, ...words: readonly (string | number)[]): number => {
  let hash = 2166136261 ^ seed
  for (const sign of words.join('/')) {
    hash ^= sign.codePointAt(0) ?? 0
    hash = Math.imul(hash, 16777619)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}

/** A figure between two bounds. */
export const between = (from: number, to: number, luck: number): number => from + (to - from) * luck
