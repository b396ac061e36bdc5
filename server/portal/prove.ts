/**
 * Who is really there? Page posts, sessions and install events are unsigned (settings/oauth/simple-way.md), so each claim
 * (member_id, domain, token) is proved before anything is believed, stored or shown.
 *
 * The danger: somebody with a genuine token of his own portal (or of an ordinary employee of the victim) claims a foreign
 * member_id, or an address of his own that answers `profile` as he likes. So neither the portal's answer nor the claimed
 * address proves the tenant; only the authorisation server does, in this order:
 *
 * 1. app.info on an allow-listed authorisation server with the token. A dead token, or one of another application, ends
 *    here. Its answer names member_id and client_endpoint of the portal the token was given out for: the claimed member_id
 *    must be that one, and from here on the portal's address is that one.
 * 2. Should the answer carry no member_id (the docs do not describe it; Bitrix24's own b24pysdk and starter kit read it):
 *    a) a portal known to us is asked at its STORED address, which was proved when it was stored. A token that works there
 *       belongs to it, whatever domain was claimed;
 *    b) an unknown portal, or one whose address changed: the claim's renewal token is exchanged at the authorisation
 *       server, whose answer carries member_id and client_endpoint (settings/oauth/auto-renewal.md). This uses up the
 *       user's pair, so the proof carries the new one and it must be stored instead of the claimed one;
 *    c) otherwise the claim is refused.
 *    An answer without client_id is let through as well: the documented answer (app-info.md) has none. Its CODE is no
 *    proof of the application, for nothing tells us our own. Ways b and the renewal need a token of this application,
 *    as the authorisation server exchanges only its own; way a takes the portal's word for the person alone.
 * 3. profile, app.info and scope on the portal at that address, with the token: the user (the same id that the
 *    authorisation server named), his right to administer, the installation.
 *
 * The claimed domain must be the host that answered. A renamed portal is followed only where its old, proved address
 * redirects to the claimed one and the authorisation server names that one too. Every address, proved or not, goes through the doorman (public hosts, https).
 */
import pRetry from 'p-retry'
import { AddressRefused, type Doorman } from './address.ts'
import type { AuthServer, TokenFacts } from './auth-server.ts'
import { commandsOf, readBatch } from './batch.ts'
import type { Budget } from './budget.ts'
import { type Claim, readDomain, readMemberId, readToken } from './claim.ts'
import { PortalError } from './error.ts'
import { followMove } from './move.ts'
import type { Log, PortalConfig, PortalRow, PortalStore, TokenPair, TokenRow, WallClock } from './ports.ts'
import type { Tokens } from './tokens.ts'
import { isRecord, type Patience, type Transport } from './transport.ts'

export interface Proof {
  readonly memberId: string
  readonly domain: string
  readonly clientEndpoint: string
  readonly serverEndpoint: string
  readonly user: { readonly id: number; readonly name: string; readonly isAdmin: boolean; readonly timeZone: string }
  /** installFinish has been called. */
  readonly installed: boolean
  readonly languageId: string
  readonly licenseFamily: string | null
  readonly version: number | null
  /** F, D, T, P, L, S; trusted, other than the post's own. */
  readonly appStatus: string
  readonly scope: readonly string[]
  /** The pair that took the place of the claimed one, when proving has used that up. */
  readonly renewed: TokenPair | null
}

export type Proved =
  | { readonly ok: true; readonly proof: Proof }
  /** `detail` is a constant for the log. */
  | { readonly ok: false; readonly why: 'refused' | 'address' | 'denied' | 'unavailable'; readonly detail: string }

export type Prove = (claim: Claim) => Promise<Proved>

interface ProverDeps {
  readonly config: PortalConfig
  readonly authServer: AuthServer
  readonly doorman: Doorman
  readonly transport: Transport
  readonly store: Pick<PortalStore, 'findPortal' | 'movePortal'>
  readonly tokens: Pick<Tokens, 'endpointOf'>
  readonly budget: Budget
  readonly log: Log
  /** For tests. */
  readonly patience?: Patience
}

class Unproved extends Error {
  override readonly name = 'Unproved'
  readonly why: 'refused' | 'address' | 'denied' | 'unavailable'
  readonly detail: string

  constructor(why: Unproved['why'], detail: string) {
    super(detail)
    this.why = why
    this.detail = detail
  }
}

/** Never rejects for what a claim or another server does; a broken store does reject. */
export const createProver = (deps: ProverDeps): Prove => async (claim) => {
  try {
    return { ok: true, proof: await prove(deps, claim) }
  } catch (error) {
    const { why, detail } = refusalOf(error)
    deps.log.warn({ memberId: readMemberId(claim.memberId) ?? 'malformed', why, detail }, 'portal.claim-refused')
    return { ok: false, why, detail }
  }
}

const prove = async (deps: ProverDeps, claim: Claim): Promise<Proof> => {
  const memberId = readMemberId(claim.memberId)
  const domain = readDomain(claim.domain)
  const accessToken = readToken(claim.accessToken)
  if (memberId === null || domain === null || accessToken === null) throw new Unproved('refused', 'malformed claim')
  deps.doorman.admit(`${claim.protocol}://${domain}/rest/`)
  const known = await deps.store.findPortal(memberId)
  const { facts, serverEndpoint } = await askAuthServer(deps, claim, known, accessToken)
  if (facts.clientId !== null && facts.clientId !== deps.config.clientId) throw new Unproved('refused', 'token of another application')
  const ground = await findGround(deps, claim, known, facts, serverEndpoint)
  if (ground.memberId !== memberId) throw new Unproved('refused', 'token of another portal')

  const seen = await lookAtPortal(deps, { memberId, licenseFamily: known?.licenseFamily ?? null, endpoint: ground.endpoint, accessToken: ground.renewed?.accessToken ?? accessToken })
  if (new URL(seen.endpoint).host !== domain) throw new Unproved('refused', 'not the address of this portal')
  if (ground.userId !== null && ground.userId !== seen.user.id) throw new Unproved('refused', 'token of another user')
  return {
    memberId,
    domain,
    clientEndpoint: seen.endpoint,
    serverEndpoint,
    user: seen.user,
    installed: seen.installed,
    languageId: seen.languageId,
    licenseFamily: seen.licenseFamily,
    version: seen.version,
    appStatus: facts.appStatus ?? seen.appStatus,
    scope: seen.scope,
    renewed: ground.renewed,
  }
}

/** Only allow-listed servers; a claim that names none asks the stored one, or each in turn (the two regions know only their own tokens). */
const askAuthServer = async ({ authServer }: ProverDeps, claim: Claim, known: PortalRow | null, accessToken: string) => {
  const named = claim.serverEndpoint ?? known?.serverEndpoint ?? null
  const endpoints = named === null ? authServer.endpoints : [authServer.endpointFor(named)]
  let refusal: unknown = new Unproved('refused', 'foreign authorisation server')
  for (const serverEndpoint of endpoints) {
    if (serverEndpoint === null) break
    try {
      return { serverEndpoint, facts: await authServer.tokenFacts(serverEndpoint, accessToken) }
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

interface Ground {
  readonly memberId: string
  readonly endpoint: string
  readonly userId: number | null
  readonly renewed: TokenPair | null
}

const findGround = async ({ authServer }: ProverDeps, claim: Claim, known: PortalRow | null, facts: TokenFacts, serverEndpoint: string): Promise<Ground> => {
  if (facts.memberId !== null && facts.clientEndpoint !== null)
    return { memberId: facts.memberId, endpoint: rooted(facts.clientEndpoint), userId: facts.userId, renewed: null }
  if (known !== null && known.status !== 'uninstalled' && (known.domain === readDomain(claim.domain) || claim.refreshToken === null))
    return { memberId: known.memberId, endpoint: known.clientEndpoint, userId: facts.userId, renewed: null }
  if (claim.refreshToken === null) throw new Unproved('refused', 'nothing proves this portal')
  const renewal = await authServer.renew(serverEndpoint, claim.refreshToken)
  return { memberId: renewal.memberId, endpoint: renewal.clientEndpoint, userId: renewal.userId, renewed: renewal }
}

const rooted = (endpoint: string) => (endpoint.endsWith('/') ? endpoint : `${endpoint}/`)

const looks = [{ method: 'profile' }, { method: 'app.info' }, { method: 'scope' }] as const

/** A person waits for his page: refusals for rate are waited out for about so long. */
const patienceMs = 8_000
const lookTimeoutMs = 20_000

interface Looked {
  /** Proved, or the stored one: its budget is the one that this look is counted against. */
  readonly memberId: string
  readonly licenseFamily: string | null
  readonly endpoint: string
  readonly accessToken: string
}

/** A request refused for its rate has had no effect, so it is repeated, after growing pauses and not for ever. */
const askPatiently = (deps: ProverDeps, looked: Looked) => {
  const until = performance.now() + patienceMs
  const { attempts, delayMs } = deps.patience ?? { attempts: 7, delayMs: 300 }
  return pRetry(() => askPortal(deps, looked, Math.max(0, until - performance.now())), {
    retries: attempts - 1,
    minTimeout: delayMs,
    factor: 1.8,
    maxTimeout: delayMs * 8,
    maxRetryTime: patienceMs,
    // Without a status it is our own budget's word, and that has waited already.
    shouldRetry: ({ error }) => error instanceof PortalError && error.code === 'rate-limited' && error.status !== 0,
  })
}

const askPortal = async (deps: ProverDeps, { memberId, licenseFamily, endpoint, accessToken }: Looked, leftMs: number) => {
  const { budget, transport } = deps
  await budget.admit(memberId, { methods: looks.map(({ method }) => method), licenseFamily, urgent: true, patienceMs: leftMs })
  try {
    const answer = await transport.send({
      endpoint, method: 'batch', params: { halt: 0, cmd: commandsOf(looks) }, accessToken, kind: 'read', timeoutMs: lookTimeoutMs,
      confirmMove: async moved => void await followMove(deps, memberId, moved),
    })
    const { outcomes, times } = readBatch(looks, 'read', answer.result, method => budget.resetOf(memberId, method))
    for (const { method, time } of times) budget.note(memberId, method, time)
    const [profile, info, scope] = outcomes
    if (profile?.ok !== true) throw profile?.error ?? new Unproved('unavailable', 'no profile')
    return { endpoint: answer.endpoint, profile, info, scope }
  } catch (error) {
    if (error instanceof PortalError && error.code === 'rate-limited' && error.status !== 0) await budget.noteRefused(memberId, licenseFamily)
    throw error
  }
}

const lookAtPortal = async (deps: ProverDeps, looked: Looked) => {
  const { endpoint, profile, info, scope } = await askPatiently(deps, looked)
  // An inactive user's profile is empty (api-reference/common/users/profile.md).
  const user = isRecord(profile.result) ? profile.result : {}
  const id = Number(user['ID'])
  if (!Number.isSafeInteger(id) || id <= 0) throw new Unproved('refused', 'inactive user')
  const app = info?.ok === true && isRecord(info.result) ? info.result : {}
  return {
    endpoint,
    user: { id, name: nameOf(user), isAdmin: user['ADMIN'] === true, timeZone: text(user['TIME_ZONE']) },
    installed: app['INSTALLED'] === true,
    languageId: text(app['LANGUAGE_ID']),
    licenseFamily: text(app['LICENSE_FAMILY']) || null,
    version: typeof app['VERSION'] === 'number' ? app['VERSION'] : null,
    appStatus: text(app['STATUS']),
    scope: scope?.ok === true && Array.isArray(scope.result) ? scope.result.filter(item => typeof item === 'string') : [],
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

const nameOf = (user: Record<string, unknown>) => [text(user['NAME']), text(user['LAST_NAME'])].filter(Boolean).join(' ')

const refusalOf = (error: unknown): { why: Unproved['why']; detail: string } => {
  if (error instanceof Unproved) return error
  if (error instanceof AddressRefused) return { why: 'address', detail: error.message }
  if (!(error instanceof PortalError)) throw error
  if (error.cause instanceof AddressRefused) return { why: 'address', detail: error.cause.message }
  const detail = `${error.method} ${error.code}`
  switch (error.code) {
    case 'unavailable': case 'rate-limited': case 'unknown-outcome': case 'overloaded': case 'method-blocked': return { why: 'unavailable', detail }
    case 'payment-required': case 'access-denied': case 'portal-deleted': return { why: 'denied', detail }
    case 'auth-lost': return { why: error.bitrixCode.toUpperCase() === 'USER_ACCESS_ERROR' ? 'denied' : 'refused', detail }
    default: return { why: 'refused', detail }
  }
}

/** The tokens to store for a proved user: the renewed pair where proving has used up the claimed one. Null without a renewal token. */
export const tokensOfProof = (proof: Proof, claim: Claim, clock: WallClock): TokenRow | null => {
  const { memberId, serverEndpoint, user } = proof
  if (proof.renewed !== null) return { memberId, userId: user.id, serverEndpoint, ...pairOf(proof.renewed) }
  if (claim.refreshToken === null) return null
  return { memberId, userId: user.id, serverEndpoint, accessToken: claim.accessToken, refreshToken: claim.refreshToken, expiresAt: clock.now().add({ seconds: claim.expiresInSeconds }) }
}

const pairOf = ({ accessToken, refreshToken, expiresAt }: TokenPair): TokenPair => ({ accessToken, refreshToken, expiresAt })
