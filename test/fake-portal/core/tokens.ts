import type { Random } from './random.ts'

/** What a token stands for. */
export interface TokenOwner {
  memberId: string
  clientId: string
  userId: number
}

export interface TokenPair {
  accessToken: string
  refreshToken: string
  /** Unix seconds. */
  expires: number
  expiresIn: number
}

interface Access { owner: TokenOwner; expiresAt: number }
interface Refresh { owner: TokenOwner; expiresAt: number; used: boolean }

const accessSeconds = 3600
const refreshSeconds = 180 * 86_400

/** All tokens the authorisation server has given out, of all portals (settings/oauth/auto-renewal.md for the lifetimes). */
export const createTokens = (random: Random, now: () => number) => {
  const access = new Map<string, Access>()
  const refresh = new Map<string, Refresh>()
  const forEvents = new Map<string, { token: string; expiresAt: number }>()
  const newAccess = (owner: TokenOwner): { accessToken: string; expiresAt: number } => {
    const accessToken = random.text(32)
    const expiresAt = now() + accessSeconds * 1000
    access.set(accessToken, { owner, expiresAt })
    return { accessToken, expiresAt }
  }
  return {
    issue: (owner: TokenOwner): TokenPair => {
      const { accessToken, expiresAt } = newAccess(owner)
      const refreshToken = random.text(32)
      refresh.set(refreshToken, { owner, expiresAt: now() + refreshSeconds * 1000, used: false })
      return { accessToken, refreshToken, expires: Math.floor(expiresAt / 1000), expiresIn: accessSeconds }
    },
    /** An access token without renewal, as ordinary events carry it; the same one for half an hour. */
    forEvent: (owner: TokenOwner): string => {
      const key = `${owner.memberId}/${owner.userId}`
      const known = forEvents.get(key)
      if (known !== undefined && known.expiresAt - now() > accessSeconds * 500 && access.has(known.token)) return known.token
      const { accessToken, expiresAt } = newAccess(owner)
      forEvents.set(key, { token: accessToken, expiresAt })
      return accessToken
    },
    /** Whose token it is, `expired`, or null for one that was never given out (or died with an uninstall). */
    check: (accessToken: string): TokenOwner | 'expired' | null => {
      const known = access.get(accessToken)
      if (known === undefined) return null
      return known.expiresAt > now() ? known.owner : 'expired'
    },
    /** Takes a refresh token, once. Null: unknown, used before, or too old. */
    spend: (refreshToken: string): TokenOwner | null => {
      const known = refresh.get(refreshToken)
      if (known === undefined || known.used || known.expiresAt <= now()) return null
      known.used = true
      return known.owner
    },
    /** Whose renewal token it is, without taking it. */
    peek: (refreshToken: string): TokenOwner | null => refresh.get(refreshToken)?.owner ?? null,
    /** All access tokens of a portal are too old from now on; renewal still works. */
    expire: (memberId: string): void => {
      for (const token of access.values()) if (token.owner.memberId === memberId) token.expiresAt = Math.min(token.expiresAt, now())
      for (const key of forEvents.keys()) if (key.startsWith(`${memberId}/`)) forEvents.delete(key)
    },
    /** Everything given out, as plain data, and back: an emulator that is started again keeps its tokens. */
    dump: (): TokenDump => ({ access: [...access], refresh: [...refresh] }),
    load: (dump: TokenDump): void => {
      for (const [token, row] of dump.access) access.set(token, row)
      for (const [token, row] of dump.refresh) refresh.set(token, row)
    },
    /** The application was removed: every token of the portal is unknown from now on. */
    revoke: (memberId: string, userId?: number): void => {
      const mine = (owner: TokenOwner) => owner.memberId === memberId && (userId === undefined || owner.userId === userId)
      for (const [token, { owner }] of access) if (mine(owner)) access.delete(token)
      for (const [token, { owner }] of refresh) if (mine(owner)) refresh.delete(token)
    },
  }
}

export interface TokenDump {
  access: [string, Access][]
  refresh: [string, Refresh][]
}

export type Tokens = ReturnType<typeof createTokens>
