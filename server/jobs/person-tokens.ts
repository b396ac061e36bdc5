/** Access tokens of those whose conversions this process carries out: in memory only, each until its conversion is over. */
import { Temporal } from 'temporal-polyfill'

export interface PersonTokens {
  keep(key: string, accessToken: string): void
  /** Null when there is none, or it has expired. */
  of(key: string): string | null
  drop(key: string): void
}

/** A portal's access token is valid for an hour: `settings/oauth/index.md`. */
const validMs = 3_600_000
/** More conversions than that are not under way in one process at once; the oldest give way. */
const most = 1_000

export const openPersonTokens = (nowMs: () => number = () => Temporal.Now.instant().epochMilliseconds): PersonTokens => {
  const kept = new Map<string, { readonly accessToken: string; readonly until: number }>()
  return {
    keep: (key, accessToken) => {
      kept.delete(key)
      for (const [old, { until }] of kept) if (until <= nowMs() || kept.size >= most) kept.delete(old)
      kept.set(key, { accessToken, until: nowMs() + validMs })
    },
    of: (key) => {
      const found = kept.get(key)
      return found !== undefined && found.until > nowMs() ? found.accessToken : null
    },
    drop: (key) => { kept.delete(key) },
  }
}
