import pRetry from 'p-retry'
import type { ActInput } from '../../server/contract/act.ts'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { ConversionChoices, ConversionState, ConversionView, GapRepair, GapsView, LastConversion, UndoView } from '../../server/contract/conversion.ts'
import type { InstallReport } from '../../server/contract/install.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import type { Overview } from '../../server/contract/overview.ts'
import type { PageBoot } from '../../server/contract/page.ts'
import type { WhyView } from '../../server/contract/receipt.ts'
import type { SessionAnswer, SessionRequest } from '../../server/contract/session.ts'
import type { Takeover } from '../../server/contract/takeover.ts'
import { isConversionState, isConversionView, isGapsView, isInstallReport, isLastConversion, isLeadView, isOverview, isProblem, isSessionAnswer, isTakeover, isUndoView, isWhyView } from './answers.ts'
import { ApiError, asApiError, isPassing } from './api-error.ts'

/** Our own server, as the pages speak to it. Every refusal is an ApiError. */
export interface Api {
  /** Who opened the page; null until he could be proved. */
  readonly session: () => SessionAnswer | null
  /** `calm`: nobody waits for this look, and an answer of the last minutes will do while many pages are open. */
  readonly lead: (leadId: number, signal?: AbortSignal, calm?: boolean) => Promise<LeadView>
  /** Writes the answers that are present and gives the lead as it is then. Never repeated by itself. */
  readonly saveCard: (leadId: number, answers: CardAnswersInput) => Promise<LeadView>
  /** What a person does with the lead besides its card; gives the lead as it is then. Never repeated by itself. */
  readonly act: (leadId: number, act: ActInput) => Promise<LeadView>
  /** The receipts of what holds for the lead now. */
  readonly why: (leadId: number) => Promise<WhyView>
  /** Binds a client that is known already to the lead. Never repeated by itself. */
  readonly attach: (leadId: number, client: FoundClient) => Promise<LeadView>
  /** What a conversion past the application has left open. */
  readonly gaps: (leadId: number) => Promise<GapsView>
  /** Repairs one of them; harmless when it is repaired already. */
  readonly repairGap: (leadId: number, repair: PostedRepair) => Promise<GapsView>
  readonly overview: (signal?: AbortSignal, calm?: boolean) => Promise<Overview>
  /** The leads that were open before the installation; for administrators. */
  readonly takeover: () => Promise<Takeover>
  readonly takeOver: () => Promise<Takeover>
  readonly checkInstall: () => Promise<InstallReport>
  readonly runInstall: () => Promise<InstallReport>
  readonly conversion: ConversionApi
}

/** The conversion of a lead. What begins or changes one is never repeated by itself. */
export interface ConversionApi {
  /** What would be done with these choices; changes nothing. */
  readonly plan: (leadId: number, choices: ConversionChoices, signal?: AbortSignal) => Promise<ConversionView>
  /** `seen`: the plan that the person saw. Refused with `/problems/plan-changed` and `/problems/conversion-lacks`. */
  readonly begin: (leadId: number, choices: ConversionChoices, seen: string) => Promise<ConversionState>
  /** The present or last one. */
  readonly last: (leadId: number, signal?: AbortSignal) => Promise<LastConversion>
  readonly retry: (leadId: number) => Promise<ConversionState>
  readonly takeBack: (leadId: number) => Promise<ConversionState>
  /** What undoing would remove, and what it would leave; changes nothing. */
  readonly undoOutlook: (leadId: number) => Promise<UndoView>
  readonly undo: (leadId: number) => Promise<ConversionState>
}

/** A phone that stands in two places is taken out of one; a lead without a deal goes back to work. */
export type PostedRepair = Extract<GapRepair, { readonly kind: 'remove-phone' | 'reopen' }>

/** A contact or company of the portal. */
export interface FoundClient {
  readonly kind: 'contact' | 'company'
  readonly id: number
}

interface Setting {
  readonly boot: Pick<PageBoot, 'session' | 'portal' | 'lang'>
  /** A fresh access token of the opening user, from the portal around the page. */
  readonly accessToken: () => Promise<string>
  readonly timeoutMs?: number
  /** First pause before a repeated GET. */
  readonly pauseMs?: number
}

interface Wish<T> {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly is: (value: unknown) => value is T
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly calm?: boolean
  readonly timeoutMs?: number
}

/** Set-up of a whole portal takes this long at most. */
const installTimeoutMs = 120_000
/** A conversion is read from and written to several objects of a portal that may be slow. */
const conversionTimeoutMs = 45_000
/** So old may the answer to a calm look be; the server's own bound is lower while few pages are open. */
const calmSeconds = 300
/** Browsers refuse a longer body in a request that may outlive its page. */
const keepaliveBytes = 30_000

const conversionPath = (leadId: number, part: '' | '/plan' | '/retry' | '/take-back' | '/undo' = ''): string => `/api/leads/${leadId}/conversion${part}`

export const createApi = ({ boot, accessToken, timeoutMs = 15_000, pauseMs = 400 }: Setting): Api => {
  let session = boot.session
  let renewal: Promise<void> | null = null

  /** One renewal for all requests that were refused together. */
  const renew = (): Promise<void> => {
    renewal ??= openSession().finally(() => { renewal = null })
    return renewal
  }

  const openSession = async (): Promise<void> => {
    const token = await accessToken().catch((cause: unknown) => { throw new ApiError('session', null, { cause }) })
    const body: SessionRequest = { domain: boot.portal.domain, memberId: boot.portal.memberId, accessToken: token, lang: boot.lang }
    const answer = await send({ method: 'POST', path: '/api/session', is: isSessionAnswer, body }, null, timeoutMs)
    if (answer === 'unauthorized') throw new ApiError('session')
    session = answer.value
  }

  const ask = async <T>(wish: Wish<T>): Promise<T> => {
    const limit = wish.timeoutMs ?? timeoutMs
    if (session === null) await renew()
    const first = await send(wish, session?.token ?? null, limit)
    if (first !== 'unauthorized') return first.value
    await renew()
    const second = await send(wish, session?.token ?? null, limit)
    if (second === 'unauthorized') throw new ApiError('session')
    return second.value
  }

  const repeated = <T>(asked: () => Promise<T>): Promise<T> =>
    pRetry(asked, {
      retries: 2,
      minTimeout: pauseMs,
      factor: 3,
      shouldRetry: ({ error }) => isPassing(asApiError(error)),
    })
  const get = <T>(wish: Omit<Wish<T>, 'method'>): Promise<T> => repeated(() => ask({ ...wish, method: 'GET' }))

  return {
    session: () => session,
    lead: (leadId, signal, calm = false) => get({ path: `/api/leads/${leadId}`, is: isLeadView, signal, calm }),
    saveCard: (leadId, answers) => ask({ method: 'PATCH', path: `/api/leads/${leadId}/card`, is: isLeadView, body: answers }),
    act: (leadId, act) => ask({ method: 'POST', path: `/api/leads/${leadId}/acts`, is: isLeadView, body: act }),
    why: leadId => get({ path: `/api/leads/${leadId}/why`, is: isWhyView }),
    attach: (leadId, client) => ask({ method: 'POST', path: `/api/leads/${leadId}/clients`, is: isLeadView, body: client }),
    gaps: leadId => get({ path: `${conversionPath(leadId)}/gaps`, is: isGapsView }),
    repairGap: (leadId, repair) => ask({
      method: 'POST', path: `${conversionPath(leadId)}/gaps/repair`, is: isGapsView,
      body: repair.kind === 'reopen' ? { kind: repair.kind } : { kind: repair.kind, from: repair.from, id: repair.id, phone: repair.phone },
    }),
    overview: (signal, calm = false) => get({ path: '/api/overview', is: isOverview, signal, calm }),
    takeover: () => get({ path: '/api/takeover', is: isTakeover }),
    takeOver: () => ask({ method: 'POST', path: '/api/takeover', is: isTakeover }),
    checkInstall: () => get({ path: '/api/install', is: isInstallReport }),
    runInstall: () => ask({ method: 'POST', path: '/api/install', is: isInstallReport, timeoutMs: installTimeoutMs }),
    conversion: {
      plan: (leadId, choices, signal) => repeated(() => ask({ method: 'POST', path: conversionPath(leadId, '/plan'), is: isConversionView, body: { choices }, signal, timeoutMs: conversionTimeoutMs })),
      begin: (leadId, choices, seen) => ask({ method: 'POST', path: conversionPath(leadId), is: isConversionState, body: { choices, seen }, timeoutMs: conversionTimeoutMs }),
      last: (leadId, signal) => get({ path: conversionPath(leadId), is: isLastConversion, signal }),
      retry: leadId => ask({ method: 'POST', path: conversionPath(leadId, '/retry'), is: isConversionState, timeoutMs: conversionTimeoutMs }),
      takeBack: leadId => ask({ method: 'POST', path: conversionPath(leadId, '/take-back'), is: isConversionState, timeoutMs: conversionTimeoutMs }),
      undoOutlook: leadId => get({ path: conversionPath(leadId, '/undo'), is: isUndoView, timeoutMs: conversionTimeoutMs }),
      undo: leadId => ask({ method: 'POST', path: conversionPath(leadId, '/undo'), is: isConversionState, timeoutMs: conversionTimeoutMs }),
    },
  }
}

/** One request and its answer; `unauthorized` is left to the caller, every other refusal is thrown as an ApiError. */
const send = async <T>(wish: Wish<T>, token: string | null, timeoutMs: number): Promise<{ readonly value: T } | 'unauthorized'> => {
  const controller = new AbortController()
  let ended: 'timeout' | 'aborted' = 'aborted'
  const timer = setTimeout(() => { ended = 'timeout'; controller.abort() }, timeoutMs)
  const abort = () => controller.abort()
  if (wish.signal?.aborted) abort()
  wish.signal?.addEventListener('abort', abort, { once: true })
  try {
    const text = wish.body === undefined ? null : JSON.stringify(wish.body)
    const response = await fetch(wish.path, {
      method: wish.method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(text === null ? {} : { 'content-type': 'application/json' }),
        ...(wish.calm === true ? { 'cache-control': `max-age=${calmSeconds}` } : {}),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(text === null ? {} : { body: text }),
      keepalive: wish.method === 'PATCH' && (text?.length ?? 0) < keepaliveBytes,
      signal: controller.signal,
      cache: 'no-store',
    })
    if (response.status === 401) return 'unauthorized'
    const answer = await readJson(response)
    if (!response.ok) throw refusal(response.status, answer)
    if (!wish.is(answer)) throw new ApiError('unexpected')
    return { value: answer }
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError(controller.signal.aborted ? ended : 'offline', null, { cause: error })
  } finally {
    clearTimeout(timer)
    wish.signal?.removeEventListener('abort', abort)
  }
}

const readJson = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const refusal = (status: number, answer: unknown): ApiError => {
  const problem = isProblem(answer) ? answer : null
  return new ApiError(status >= 500 || status === 429 ? 'server' : problem === null ? 'unexpected' : 'refused', problem)
}
