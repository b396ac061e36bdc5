/** The pages that Bitrix24 opens in a frame: `/install`, `/app`, `/placements/lead-tab`. A slider of the application opens `/app` with its own options (sdk/bx24-js-sdk/additional-functions/bx24-open-application.md). */
import type { Context } from 'hono'
import type { PageBoot } from '../contract/page.ts'
import type { Language, SessionAnswer } from '../contract/session.ts'
import type { Log } from '../log.ts'
import { readForm } from './body.ts'
import type { PagePost } from '../portal/page.ts'
import type { BuiltPages } from './built-pages.ts'
import type { EventKeys } from './event-keys.ts'
import type { Claim, Proof, Proved, Tenant, Tenants, Work } from './ports.ts'
import { answerProblemPage, problemOf, Refused, requestLanguage } from './problem.ts'
import { refusalOfProof } from './prove.ts'
import { languageOf, type Refusal } from './words.ts'

export interface PageDeps<P extends Proof> {
  readonly parsePage: (form: ReadonlyMap<string, string>, query: URLSearchParams) => PagePost | null
  readonly prove: (claim: Claim) => Promise<Proved<P>>
  readonly openSession: (proof: P, accessToken: string, language: Language) => Promise<SessionAnswer>
  readonly tenants: Tenants<P>
  readonly keys: EventKeys
  readonly work: Work
  readonly pages: BuiltPages
  readonly log: Log
}

export type PageName = PageBoot['page']

/** Answers the POST by which a page opens. Nothing is stored or shown before the opening user is proved. */
export const createPageOpener = <P extends Proof>(deps: PageDeps<P>) => async (c: Context, page: PageName): Promise<Response> => {
  let claimed: PagePost | null = null
  try {
    claimed = deps.parsePage(await readForm(c.req.raw), new URL(c.req.url).searchParams)
    if (claimed === null) throw new Refused('malformed')
    const proved = await deps.prove(claimed.claim)
    if (!proved.ok) throw new Refused(refusalOfProof[proved.why], proved.why === 'unavailable' ? { retryAfterSeconds: 30 } : {})
    return await openPage(c, page, claimed, proved.proof)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    deps.log.warn({ page, memberId: claimed?.claim.memberId ?? null, refusal: error.refusal }, 'page.refused')
    const language = claimed === null ? requestLanguage(c) : languageOf(claimed.lang)
    return answerProblemPage(c, error.refusal, language, error.more, claimed === null ? undefined : claimedOrigin(claimed.claim))
  }

  async function openPage(c: Context, page: PageName, { claim, lang, placement, options }: PagePost, proof: P): Promise<Response> {
    const language = languageOf(lang)
    const before = await deps.tenants.find(proof.memberId)
    const refusal = proof.user.isAdmin ? null : refusalFor(page, before)
    if (proof.user.isAdmin) await welcome(page, before, proof, claim)
    else if (before !== null && before.status !== 'uninstalled' && before.domain !== proof.domain) await deps.tenants.follow(proof)
    const boot: PageBoot = {
      page: page === 'app' && options['view'] === 'conversion' ? 'conversion' : page,
      lang: language,
      session: refusal === 'portal-unknown' ? null : await deps.openSession(proof, claim.accessToken, language),
      portal: { domain: proof.domain, memberId: proof.memberId },
      placement,
      options: { ...options },
      problem: refusal === null ? null : problemOf(refusal, language),
    }
    deps.log.info({ page, memberId: proof.memberId, userId: proof.user.id, isAdmin: proof.user.isAdmin, refusal }, 'page.opened')
    const origin = new URL(proof.clientEndpoint).origin
    c.header('content-security-policy', pagePolicy(origin))
    return c.html(deps.pages.render(boot), (boot.problem?.status ?? 200) as 200)
  }

  async function welcome(page: PageName, before: Tenant | null, proof: P, claim: Claim): Promise<void> {
    await deps.tenants.admit(proof, claim)
    deps.keys.forget(proof.memberId)
    // The installer page sets everything up itself; a portal found again by another door is set up behind the page.
    if (page !== 'install' && before?.status !== 'active') await deps.work.installLater(proof.memberId)
  }
}

const refusalFor = (page: PageName, tenant: Tenant | null): Refusal | null => {
  if (tenant === null || tenant.status === 'uninstalled') return 'portal-unknown'
  if (page === 'install') return 'administrators-only'
  return tenant.status === 'suspended' ? 'portal-suspended' : null
}

const pagePolicy = (portalOrigin: string): string => [
  'default-src \'none\'',
  'script-src \'self\'',
  'style-src \'self\' \'unsafe-inline\'',
  `img-src 'self' data: ${portalOrigin}`,
  'font-src \'self\'',
  `connect-src 'self' ${portalOrigin}`,
  'base-uri \'none\'',
  'form-action \'none\'',
  `frame-ancestors ${portalOrigin}`,
].join('; ')

/** Where a refusal may be read: it shows nothing of anybody, so the claimed address will do if it is one. */
const claimedOrigin = ({ protocol, domain }: Claim): string =>
  /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/.test(domain) ? `${protocol}://${domain}` : '\'none\''
