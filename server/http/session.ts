/** `POST /api/session`, and the proof that every other API request carries. */
import type { Context } from 'hono'
import { SessionRequest, type Language, type SessionAnswer } from '../contract/session.ts'
import { readJson } from './body.ts'
import { parseAs } from './malformed.ts'
import type { Claim, Memory, Proof, Proved, Tenants } from './ports.ts'
import { answerProblem, Refused, requestLanguage } from './problem.ts'
import { refusalOfProof } from './prove.ts'
import { toRefused } from './portal-refusal.ts'
import { sessionMinutes, type Session, type SessionSeal } from './seal-session.ts'
import { languageOf } from './words.ts'
import { zoneOf } from './zone.ts'

export interface SessionDeps<P extends Proof> {
  readonly prove: (claim: Claim) => Promise<Proved<P>>
  readonly tenants: Tenants<P>
  readonly memory: Pick<Memory, 'names'>
  readonly seal: SessionSeal
  /** Epoch milliseconds of real time: sessions live by it even where the demo's clock runs faster. */
  readonly realNow: () => number
  /** https, but for local portals where config allows them. */
  readonly protocolOf: (domain: string) => 'http' | 'https'
}

export interface Sessions {
  /** The session of a user who has just been proved by `accessToken`. */
  open(proof: Proof, accessToken: string, language: Language): Promise<SessionAnswer>
  /** `POST /api/session`. */
  create(c: Context): Promise<Response>
  /** Answers with JSON for whoever's session the request carries; refusals are told in his language. */
  answer(c: Context, work: (session: Session) => Promise<unknown>, status?: 200 | 202): Promise<Response>
  /** Asks the portal again: rights may have changed since the session was opened. Throws `Refused`. */
  requireAdministrator(session: Session): Promise<void>
}

export const createSessions = <P extends Proof>(deps: SessionDeps<P>): Sessions => {
  const open: Sessions['open'] = async (proof, accessToken, language) => {
    const expiresAt = deps.realNow() + sessionMinutes * 60_000
    const { memberId, domain, user } = proof
    const timeZone = await zoneOf(user.timeZone, async () => (await deps.memory.names(memberId)).timeZone)
    const token = deps.seal.seal({ memberId, domain, userId: user.id, name: user.name, isAdmin: user.isAdmin, timeZone, language, accessToken: proof.renewed?.accessToken ?? accessToken, expiresAt })
    return { token, expiresAt: new Date(expiresAt).toISOString(), user: { id: user.id, name: user.name, isAdmin: user.isAdmin, timeZone } }
  }

  return {
    open,

    async create(c) {
      const { domain, memberId, accessToken, lang } = parseAs(SessionRequest, await readJson(c.req.raw), requestLanguage(c))
      const proof = await proveAgain({ domain, memberId, accessToken })
      const tenant = await deps.tenants.find(memberId)
      if (tenant === null || tenant.status === 'uninstalled') throw new Refused('portal-unknown')
      return c.json(await open(proof, accessToken, lang === undefined ? requestLanguage(c) : languageOf(lang)))
    },

    async answer(c, work, status = 200) {
      const session = await whose(c)
      try {
        return c.json(await work(session) as object, status)
      } catch (error) {
        const refused = error instanceof Refused ? error : toRefused(error)
        if (refused === null) throw error
        return answerProblem(c, refused.refusal, session.language, refused.more)
      }
    },

    async requireAdministrator(session) {
      if (!session.isAdmin) throw new Refused('administrators-only')
      const proof = await proveAgain(session)
      if (!proof.user.isAdmin || proof.user.id !== session.userId) throw new Refused('administrators-only')
    },
  }

  async function whose(c: Context): Promise<Session> {
    const [, token] = /^Bearer ([\w.~+/=-]+)$/.exec(c.req.header('authorization') ?? '') ?? []
    if (token === undefined) throw new Refused('session-missing')
    const session = deps.seal.open(token, deps.realNow())
    if (session === null) throw new Refused('session-expired')
    const tenant = await deps.tenants.find(session.memberId)
    if (tenant === null || tenant.status === 'uninstalled') throw new Refused('portal-disconnected')
    return session
  }

  async function proveAgain({ domain, memberId, accessToken }: Pick<Claim, 'domain' | 'memberId' | 'accessToken'>): Promise<P> {
    const proved = await deps.prove({
      domain, memberId, accessToken, protocol: deps.protocolOf(domain),
      refreshToken: null, expiresInSeconds: 0, applicationToken: null, serverEndpoint: null, scope: [],
    })
    if (!proved.ok) throw new Refused(refusalOfProof[proved.why], proved.why === 'unavailable' ? { retryAfterSeconds: 30 } : {})
    return proved.proof
  }
}
