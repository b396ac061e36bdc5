/** One portal to talk to: single calls and batches under one budget, with the right token, repeated only where that is safe. */
import { batchLimit, type Call, commandsOf, type Outcome, readBatch } from './batch.ts'
import type { Budget } from './budget.ts'
import { asPortalError, PortalError, type PortalErrorCode, retell } from './error.ts'
import { maskForLog, requestForLog } from './masking.ts'
import { followMove } from './move.ts'
import type { PortalRow, PortalStore, RestLog, WallClock } from './ports.ts'
import type { Bearer, Tokens } from './tokens.ts'
import { type Answer, type Kind, type Params, type Patience, type PortalFile, type Transport, withRepeats } from './transport.ts'

export type { Call, Outcome } from './batch.ts'

export interface Manner {
  readonly kind: Kind
}

export interface Portal {
  readonly memberId: string
  /** Host of the portal now, for links. */
  readonly domain: string
  /** `https://…` of the portal, without a slash at the end. */
  readonly origin: string
  /** Rejects with PortalError. */
  call(method: string, params: Params, manner: Manner): Promise<Answer>
  /** One outcome per call, in the same order; never rejects for what the portal does or refuses. */
  callAll(calls: readonly Call[], manner: Manner): Promise<readonly Outcome[]>
  /** The file behind a signed link of this portal (`urlMachine`). Rejects with PortalError. */
  fetchFile(url: string): Promise<PortalFile>
}

export interface OpenOptions {
  /** A person is waiting. */
  readonly urgent?: boolean
  /** Asked while a request has to wait: does a person wait for this work by now? */
  readonly wanted?: (() => Promise<boolean>) | undefined
  /** Once it is aborted nothing more is sent: what is under way is waited for, the rest fails with `unavailable`. */
  readonly held?: AbortSignal | undefined
}

export interface Portals {
  /** With the stored tokens of the administrators. Rejects with `app-uninstalled` for a portal nobody knows. */
  open(memberId: string, options?: OpenOptions): Promise<Portal>
  /** With the token of the person who is looking: his rights, no renewal. */
  asUser(memberId: string, accessToken: string, options?: Pick<OpenOptions, 'held'>): Promise<Portal>
}

export interface PortalsDeps {
  readonly store: PortalStore
  readonly tokens: Tokens
  readonly transport: Transport
  readonly budget: Budget
  readonly restLog: RestLog
  readonly clock: WallClock
  readonly patience?: Patience
}

/** Writes go in batches that take about `targetMs` at most: the portal cuts a request off at 60 s (limits.md). */
const writeSizes = { start: 20, least: 5, targetMs: 15_000 }

/** The method of links to files of CRM items (object-fields.md, `urlMachine`). */
const fileMethod = 'crm.controller.item.getFile'
/** They are sent back in one request, a third larger. */
const mostFileBytes = 20 * 1024 * 1024

export const createPortals = (deps: PortalsDeps): Portals => {
  const sizes = new Map<string, number>()
  const knownPortal = async (memberId: string): Promise<PortalRow> => {
    const row = await deps.store.findPortal(memberId)
    if (row === null || row.status === 'uninstalled') throw new PortalError({ code: 'app-uninstalled', method: 'portal' })
    return row
  }
  return {
    open: async (memberId, { urgent = false, wanted, held } = {}) => {
      const row = await knownPortal(memberId)
      let bearer = await deps.tokens.bearerOf(memberId)
      return createPortal(deps, sizes, row, { urgent, wanted, held }, {
        current: () => bearer,
        afterRefusal: async (refused, error) => {
          // Somebody else may have renewed meanwhile; then `renewed` answers with that pair at once.
          if (error.bitrixCode.toUpperCase() === 'USER_ACCESS_ERROR') {
            await deps.tokens.lose(memberId, refused, error.bitrixCode)
            bearer = await deps.tokens.bearerOf(memberId)
          } else bearer = await deps.tokens.renewed(memberId, refused)
          return bearer
        },
        afterSecondRefusal: async (refused, error) => {
          await deps.tokens.lose(memberId, refused, error.bitrixCode)
          bearer = await deps.tokens.bearerOf(memberId)
          return bearer
        },
      })
    },
    asUser: async (memberId, accessToken, { held } = {}) =>
      createPortal(deps, sizes, await knownPortal(memberId), { urgent: true, wanted: undefined, held }, {
        current: () => ({ userId: 0, accessToken }),
        afterRefusal: (_, error) => Promise.reject(error),
        afterSecondRefusal: (_, error) => Promise.reject(error),
      }),
  }
}

interface Credentials {
  current(): Bearer
  afterRefusal(refused: Bearer, error: PortalError): Promise<Bearer>
  /** A renewed token was refused as well: this person is not welcome any more. */
  afterSecondRefusal(refused: Bearer, error: PortalError): Promise<Bearer>
}

const createPortal = (deps: PortalsDeps, sizes: Map<string, number>, row: PortalRow, { urgent, wanted, held }: { urgent: boolean; wanted: OpenOptions['wanted']; held: AbortSignal | undefined }, credentials: Credentials): Portal => {
  const { memberId, licenseFamily } = row
  const patience = deps.patience ?? { attempts: 4, delayMs: 700 }
  let { clientEndpoint: endpoint, domain } = row

  const sendOnce = async (bearer: Bearer, method: string, params: Params, kind: Kind, calls: readonly Call[]): Promise<Answer> => {
    const inner = calls.map(call => call.method)
    stopIfLost(method)
    await deps.budget.admit(memberId, { methods: inner, licenseFamily, urgent, wanted })
    // The wait for the budget may be long.
    stopIfLost(method)
    const at = deps.clock.now()
    const startedMs = performance.now()
    const note = (status: number, error: string | null, response: unknown) => {
      deps.restLog.write({ memberId, method, at, durationMs: Math.round(performance.now() - startedMs), status, error, request: requestForLog(method, params, calls), response })
    }
    try {
      const answer = await deps.transport.send({ endpoint, method, params, accessToken: bearer.accessToken, kind, confirmMove })
      note(200, null, maskForLog(answer.result, 2))
      if (method !== 'batch') deps.budget.note(memberId, method, answer.time)
      return answer
    } catch (error) {
      const known = asPortalError(error, method)
      note(known.status, known.bitrixCode || known.code, null)
      if (known.code === 'rate-limited' && known.status !== 0) await deps.budget.noteRefused(memberId, licenseFamily)
      throw known
    }
  }

  const stopIfLost = (method: string) => {
    if (held?.aborted === true) throw new PortalError({ code: 'unavailable', method, bitrixMessage: 'stopped: the lock of this work is lost', cause: held.reason })
  }

  const confirmMove = async (moved: string) => {
    ({ domain, clientEndpoint: endpoint } = await followMove(deps, memberId, moved))
  }

  const send = async (method: string, params: Params, kind: Kind, calls: readonly Call[]): Promise<Answer> => {
    const refusals = new Set<number>()
    for (;;) {
      const bearer = credentials.current()
      try {
        return await withRepeats(patience, () => sendOnce(bearer, method, params, kind, calls), held)
      } catch (error) {
        const known = asPortalError(error, method)
        if (known.code !== 'expired-token' && known.code !== 'auth-lost') throw known
        const again = refusals.has(bearer.userId)
        // A portal that calls a brand-new token expired is ill; that is no reason to lose the token.
        if (again && known.code === 'expired-token') throw retell(known, method, 'unavailable')
        await (again ? credentials.afterSecondRefusal(bearer, known) : credentials.afterRefusal(bearer, known))
        refusals.add(bearer.userId)
      }
    }
  }

  const sendChunk = async (calls: readonly Call[], kind: Kind): Promise<readonly Outcome[]> => {
    const [only] = calls
    if (calls.length === 1 && only !== undefined) {
      const answer = await send(only.method, only.params ?? {}, kind, calls)
      return [{ ok: true, result: answer.result, next: answer.next, total: answer.total }]
    }
    const answer = await send('batch', { halt: 0, cmd: commandsOf(calls) }, kind, calls)
    const { outcomes, times } = readBatch(calls, kind, answer.result, method => deps.budget.resetOf(memberId, method))
    for (const { method, time } of times) deps.budget.note(memberId, method, time)
    if (outcomes.some(outcome => !outcome.ok && outcome.error.code === 'rate-limited')) await deps.budget.noteRefused(memberId, licenseFamily)
    return outcomes
  }

  /** Commands refused inside a batch before they were done (rate, expired token), and unanswered reads: once more. */
  const sendAndAskAgain = async (calls: readonly Call[], kind: Kind): Promise<readonly Outcome[]> => {
    const outcomes = [...await sendChunk(calls, kind)]
    const again = outcomes.flatMap((outcome, index) => (!outcome.ok && isWorthAsking(outcome.error, kind) ? [index] : []))
    if (again.length === 0) return outcomes
    try {
      const refused = outcomes.find(outcome => !outcome.ok && outcome.error.code === 'expired-token')
      if (refused?.ok === false) await credentials.afterRefusal(credentials.current(), refused.error)
      const second = await sendChunk(again.flatMap(index => calls[index] ?? []), kind)
      again.forEach((index, place) => {
        const outcome = second[place]
        if (outcome !== undefined) outcomes[index] = outcome
      })
    } catch (error) {
      // The other commands of this batch are done; only these keep their failure.
      const known = asPortalError(error, 'batch')
      for (const index of again) outcomes[index] = { ok: false, error: retell(known, calls[index]?.method ?? 'batch', codeOfEach(known, kind, again.length)) }
    }
    return outcomes
  }

  const adapt = (kind: Kind, size: number, full: boolean, tookMs: number) => {
    if (kind === 'read') return
    if (tookMs > writeSizes.targetMs) sizes.set(memberId, Math.max(writeSizes.least, Math.floor(size / 2)))
    else if (full && tookMs < writeSizes.targetMs / 3) sizes.set(memberId, Math.min(batchLimit, Math.ceil(size * 1.5)))
  }

  const sendAll = async (calls: readonly Call[], kind: Kind): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = []
    let stopped: PortalError | null = null
    while (outcomes.length < calls.length) {
      const size = kind === 'read' ? batchLimit : sizes.get(memberId) ?? writeSizes.start
      const chunk = calls.slice(outcomes.length, outcomes.length + size)
      if (stopped !== null) {
        const reason: PortalError = stopped
        outcomes.push(...chunk.map(({ method }): Outcome => ({ ok: false, error: retell(reason, method, reason.code === 'unknown-outcome' ? 'unavailable' : reason.code) })))
        continue
      }
      const startedMs = performance.now()
      try {
        outcomes.push(...await sendAndAskAgain(chunk, kind))
      } catch (error) {
        const known = asPortalError(error, 'batch')
        const code = codeOfEach(known, kind, chunk.length)
        outcomes.push(...chunk.map(({ method }): Outcome => ({ ok: false, error: retell(known, method, code) })))
        // A single command that was refused says nothing of the next ones; a failed batch does.
        if (chunk.length > 1 || concernsEverything(known)) stopped = retell(known, known.method, code)
      }
      adapt(kind, size, chunk.length === size, performance.now() - startedMs)
    }
    return outcomes
  }

  /** It counts as a request like any other; its link is a token and is not logged. */
  const fetchFile = async (url: string): Promise<PortalFile> => {
    const target = URL.canParse(url, endpoint) ? new URL(url, endpoint) : null
    if (target?.origin !== new URL(endpoint).origin) throw new PortalError({ code: 'unexpected', method: fileMethod, bitrixMessage: 'a link that is not the portal\'s' })
    return withRepeats(patience, async () => {
      stopIfLost(fileMethod)
      await deps.budget.admit(memberId, { methods: [fileMethod], licenseFamily, urgent, wanted })
      const at = deps.clock.now()
      const startedMs = performance.now()
      const note = (status: number, error: string | null) =>
        { deps.restLog.write({ memberId, method: fileMethod, at, durationMs: Math.round(performance.now() - startedMs), status, error, request: null, response: null }) }
      try {
        const file = await deps.transport.fetchFile(target.href, { method: fileMethod, mostBytes: mostFileBytes })
        note(200, null)
        return file
      } catch (error) {
        const known = asPortalError(error, fileMethod)
        note(known.status, known.code)
        throw known
      }
    }, held)
  }

  return {
    memberId,
    fetchFile,
    get domain() { return domain },
    get origin() { return new URL(endpoint).origin },
    call: async (method, params, { kind }) => {
      const retryAt = deps.budget.blockedUntil(memberId, method, urgent)
      if (retryAt !== null) throw new PortalError({ code: 'method-blocked', method, retryAt })
      return send(method, params, kind, [{ method, params }])
    },
    callAll: async (calls, { kind }) => {
      const blocked = new Map([...new Set(calls.map(({ method }) => method))].map(method => [method, deps.budget.blockedUntil(memberId, method, urgent)]))
      const open = calls.filter(({ method }) => (blocked.get(method) ?? null) === null)
      const answered = (await sendAll(open, kind)).values()
      return calls.map(({ method }): Outcome => {
        const retryAt = blocked.get(method) ?? null
        if (retryAt !== null) return { ok: false, error: new PortalError({ code: 'method-blocked', method, retryAt }) }
        return answered.next().value ?? { ok: false, error: new PortalError({ code: 'unexpected', method }) }
      })
    },
  }
}

const isWorthAsking = ({ code }: PortalError, kind: Kind) =>
  code === 'rate-limited' || code === 'expired-token' || (kind === 'read' && code === 'unavailable')

/** The refusal of a whole batch of writes is no answer to any of its commands: nothing was done, and a repeat may do it. */
const codeOfEach = ({ code }: PortalError, kind: Kind, count: number): PortalErrorCode =>
  (kind === 'write' && count > 1 && (code === 'access-denied' || code === 'invalid' || code === 'not-found') ? 'unavailable' : code)

const concernsEverything = ({ code }: PortalError) =>
  code !== 'not-found' && code !== 'invalid' && code !== 'access-denied' && code !== 'method-blocked'
