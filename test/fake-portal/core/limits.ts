/** Limits of one portal (limits.md). */
export interface LimitOptions {
  rate: { on: boolean; leakPerSecond: number; block: number }
  operating: {
    on: boolean
    /** Seconds in ten minutes; the cloud's own value is not published, 480 is the example of the page. */
    limitSeconds: number
    /** Simulated seconds of one call by method in lower case; `*` for all others. */
    costSeconds: Record<string, number>
  }
}

export const documentedLimits = (enterprise = false): LimitOptions => ({
  rate: enterprise ? { on: true, leakPerSecond: 5, block: 250 } : { on: true, leakPerSecond: 2, block: 50 },
  operating: { on: true, limitSeconds: 480, costSeconds: { '*': 0.02 } },
})

/** The leaky bucket in real time, one per calling address: blocked while the counter is above the threshold. A refused request does not fill it further (assumed). */
export const createBucket = (limits: LimitOptions, realNow: () => number) => {
  const levels = new Map<string, { level: number; at: number }>()
  return {
    /** True when the request may pass. */
    admit: (address: string): boolean => {
      const { on, leakPerSecond, block } = limits.rate
      if (!on) return true
      const at = realNow()
      const known = levels.get(address) ?? { level: 0, at }
      const level = Math.max(0, known.level - ((at - known.at) / 1000) * leakPerSecond)
      if (level > block) {
        levels.set(address, { level, at })
        return false
      }
      levels.set(address, { level: level + 1, at })
      return true
    },
    level: (address: string): number => levels.get(address)?.level ?? 0,
  }
}

interface Basket { minute: number; firstAt: number; seconds: number }

/** Operating time per method in ten one-minute baskets, by the emulator's clock. */
export const createOperating = (limits: LimitOptions, now: () => number) => {
  const baskets = new Map<string, Basket[]>()
  const current = (method: string): Basket[] => {
    const kept = (baskets.get(method) ?? []).filter(basket => basket.firstAt + 600_000 > now())
    baskets.set(method, kept)
    return kept
  }
  const total = (method: string): number => current(method).reduce((sum, basket) => sum + basket.seconds, 0)
  return {
    /** False when earlier calls have used more than the limit; tested before the call. */
    admit: (method: string): boolean => !limits.operating.on || total(method) <= limits.operating.limitSeconds,
    /** Books one call; answers what its `time` block shows. */
    book: (method: string, extraSeconds = 0): { operating: number; operatingResetAt: number } => {
      const cost = limits.operating.costSeconds[method] ?? limits.operating.costSeconds['*'] ?? 0
      const rows = current(method)
      const minute = Math.floor(now() / 60_000)
      const last = rows.at(-1)
      if (last !== undefined && last.minute === minute) last.seconds += cost + extraSeconds
      else rows.push({ minute, firstAt: now(), seconds: cost + extraSeconds })
      return { operating: total(method), operatingResetAt: Math.floor(((rows[0]?.firstAt ?? now()) + 600_000) / 1000) }
    },
    total,
  }
}
